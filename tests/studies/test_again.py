from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from epoca.errors import OptionError, TableError
from epoca.fitting import Fitting
from epoca.model import Model
from epoca.studies.again import fitting_again, fitting_continued, problem_again
from epoca.tables.samples import sample
from tests.made import trained

HASTY = {"hidden": (4,), "members": 2, "epochs": 6, "learning_rate": 0.02}


def run(fitting: Fitting) -> Model:
    for _epoch in fitting:
        pass
    return fitting.model()


@pytest.mark.parametrize(("name", "target"), [("moons", "label"), ("diabetes", "progression"), ("penguins", "species")])
def test_a_training_done_again_is_the_same_bit_by_bit(name: str, target: str) -> None:
    table = sample(name)
    model, _ = trained(table, target, **HASTY)
    again = run(fitting_again(model, problem_again(model, table)))
    np.testing.assert_array_equal(again.parameters, model.parameters)
    np.testing.assert_array_equal(again.history.members("held_out_loss"), model.history.members("held_out_loss"))


def test_a_share_of_the_rows_leaves_the_held_out_ones_as_they_are() -> None:
    table = sample("moons", rows=200)
    model, problem = trained(table, "label", **HASTY)
    half = fitting_again(model, problem, share=0.5)
    full = fitting_again(model, problem)
    assert all(map(np.array_equal, half.material.held_out, full.material.held_out))
    found, own = half.training.history.groups, model.history.groups
    assert found is not None
    assert own is not None
    assert all(map(np.array_equal, found, own))


def test_a_training_goes_on_as_if_it_had_never_stopped() -> None:
    table = sample("moons", rows=200)
    model, problem = trained(table, "label", **HASTY)
    longer, _ = trained(table, "label", **{**HASTY, "epochs": 12})
    continued = run(fitting_continued(model, problem, epochs=12))
    np.testing.assert_array_equal(continued.history.members("held_out_loss"), longer.history.members("held_out_loss"))


def test_other_rows_are_refused() -> None:
    model, _ = trained(sample("moons", rows=200), "label", **HASTY)
    other = problem_again(model, sample("moons", rows=200, seed=1))
    with pytest.raises(OptionError, match="These are not the rows that were learned from"):
        fitting_again(model, other)
    with pytest.raises(TableError, match='There is no column "label"'):
        problem_again(model, sample("penguins"))


def test_a_training_that_cannot_go_on_is_told_in_a_sentence() -> None:
    model, problem = trained(sample("moons", rows=200), "label", **HASTY)
    with pytest.raises(OptionError, match="trained for 6 epochs already; name a limit above that, not 6"):
        fitting_continued(model, problem, epochs=6)
    with pytest.raises(OptionError, match="The state of the model's training was not kept"):
        fitting_continued(replace(model, checkpoint=None), problem, epochs=9)

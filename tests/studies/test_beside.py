from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from epoca.errors import OptionError
from epoca.messages import in_step
from epoca.studies.beside import fitting_beside, groups_of, matters_of, rows_of, run
from epoca.tables.samples import sample
from epoca.training.history import History
from tests.made import trained

HASTY: dict[str, Any] = {"hidden": (4,), "members": 4, "learning_rate": 0.02}


def test_fewer_rows_are_given_as_many_updates() -> None:
    model, problem = trained(sample("moons", rows=400), "label", epochs=6, batch_size=30, **HASTY)
    assert model.is_open_ended
    half = fitting_beside(model, problem, share=0.5)
    assert rows_of(half, share=0.5) == 120
    assert half.limit == 12  # of 4 updates, where the model had 6 of 8
    assert half.settings.stopping == "refined(64)"


def test_nothing_but_curves_is_wanted_and_no_clock_decides() -> None:
    model, problem = trained(sample("moons", rows=200), "label", epochs=6, seconds=100.0, refit=True, **HASTY)
    settings = fitting_beside(model, problem).settings
    assert (settings.refit, settings.seconds, settings.epochs) == (False, None, 6)
    model, problem = trained(sample("moons", rows=200), "label", stopping="deadline(0.05)", **HASTY)
    assert fitting_beside(model, problem).settings.stopping == f"limit({len(model.history)})"


def test_what_matters_is_a_twentieth_of_what_was_learned() -> None:
    model, _ = trained(sample("moons", rows=200), "label", **HASTY)
    found = model.verdict.evidence
    assert found is not None
    assert matters_of(model) == pytest.approx(0.05 * found.learned.value)


def test_a_model_with_nothing_to_compare_is_told_in_a_sentence() -> None:
    model, _ = trained(sample("moons", rows=60), "label", epochs=2, early_stopping=False, **HASTY)
    with pytest.raises(OptionError, match="held no rows out, so nothing can be held against it"):
        groups_of(model)
    with pytest.raises(OptionError, match="No epoch of the model's training was recorded"):
        groups_of(replace(model, history=History()))


def test_other_held_out_rows_are_told_in_a_sentence() -> None:
    model, problem = trained(sample("moons", rows=60), "label", epochs=2, **HASTY)
    with pytest.raises(OptionError, match="with the same weights and held out alike"):
        fitting_beside(model, replace(problem, weights=np.linspace(1, 2, 60)))
    with pytest.raises(OptionError, match="with the same weights and held out alike"):
        fitting_beside(model, replace(problem, validation=problem))


def test_half_a_training_tells_nothing() -> None:
    model, problem = trained(sample("moons", rows=60), "label", epochs=2, **HASTY)
    fitting = fitting_beside(model, problem)
    with pytest.raises(KeyboardInterrupt):
        run(fitting, lambda _epoch: fitting.interrupt())


def test_a_figure_goes_in_step_with_its_error() -> None:
    assert in_step(0.41234, 0.00058) == (0.41234, 0.00058)
    assert in_step(1234.0, 321.0) == (1230.0, 320.0)
    assert in_step(0.123456, 0.0) == (0.12, 0.0)

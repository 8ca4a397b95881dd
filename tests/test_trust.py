"""What cannot be told from guessing is not predicted."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from epoca.locales import Language
from epoca.model import Model
from epoca.tables.samples import sample
from epoca.tables.table import Table
from epoca.telling import never_predicted, outcome_of
from epoca.trust import drawn_to_guessing
from tests.made import trained

NOTHING = (
    "The held-out rows do not show that this is better than guessing, so guessing is what it predicts: the shares of "
    "the classes, or the mean."
)


def noise(*, n: int = 300, classes: int = 3) -> Table:
    """A target that the columns know nothing of; without classes a number."""
    rng = np.random.default_rng(0)
    columns: dict[str, Any] = {f"x{place}": rng.normal(size=n) for place in range(4)}
    target = rng.normal(50, 9, n) if classes == 0 else np.array(["a", "b", "c"])[rng.integers(0, classes, n)]
    return Table(name="noise", arrow=pa.table({**columns, "y": target}))


@pytest.mark.parametrize("refit", [False, True])
@pytest.mark.parametrize("classes", [2, 3])
def test_where_there_is_nothing_to_learn_the_shares_of_the_classes_are_predicted(classes: int, refit: bool) -> None:
    table = noise(classes=classes)
    model, problem = trained(table, "y", test_size=0.0, members=4, refit=refit)
    shares = np.bincount(problem.targets.astype(int)) / table.n_rows
    assert_allclose(model.predict_proba(table), np.tile(shares, (table.n_rows, 1)), atol=1e-6)
    assert str(outcome_of(model)[-1]) == NOTHING
    assert model.scores["held_out"].log_loss == pytest.approx(model.scores["guessing"].log_loss, abs=1e-6)
    assert model.scores["held_out"].log_loss_corrected is None
    assert never_predicted(model) is None


def test_of_numbers_the_mean_is_predicted() -> None:
    table = noise(classes=0)
    model, problem = trained(table, "y", test_size=0.0, members=4)
    assert_allclose(model.predict(table), problem.targets.mean(), rtol=1e-6)
    assert str(outcome_of(model)[-1]) == NOTHING


def test_what_was_learned_beyond_doubt_is_predicted_as_it_was_learned() -> None:
    model, _ = trained(sample("moons", rows=300), "label", members=4, epochs=30)
    assert model.data["trust"] == 1
    assert model.checkpoint is not None
    assert_array_equal(model.parameters, model.checkpoint.best_parameters)


def test_a_neuron_shows_what_it_learned_even_if_that_is_nothing() -> None:
    model, _ = trained(noise(classes=2), "y", model="neuron", members=4)
    assert model.data["trust"] == 1


def test_in_doubt_scores_are_drawn_part_of_the_way() -> None:
    model, _ = trained(sample("penguins"), "species", hidden=(8,), members=1, epochs=5)
    guess = np.log([0.5, 0.3, 0.2])
    drawn = drawn_to_guessing(model.parameters, shape=model.form.shape, guess=guess, trusted=0.25)
    table = sample("penguins")
    before, after = (np.log(found.predict_proba(table)) for found in (model, replace(model, parameters=drawn)))
    wanted = 0.25 * before + 0.75 * guess
    assert_allclose(after, wanted - np.log(np.exp(wanted).sum(axis=1, keepdims=True)), atol=1e-5)


def test_how_far_is_told_in_both_languages() -> None:
    model, _ = trained(sample("moons", rows=100), "label", members=2, epochs=3)
    doubted = replace(model, data={**model.data, "trust": 0.7})
    told = outcome_of(doubted)[-1]
    assert str(told).endswith("so its predictions are drawn towards guessing by 30%.")
    assert Language("pt_BR").say(told).endswith("suas previsões são puxadas 30% na direção do palpite.")
    assert _is_sure(model)


def _is_sure(model: Model) -> bool:
    return not any(
        "guessing" in str(message) for message in outcome_of(replace(model, data={**model.data, "trust": 1}))
    )

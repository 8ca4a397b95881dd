from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from epoca.errors import OptionError
from epoca.locales import Language
from epoca.model import Model
from epoca.problem import Problem
from epoca.studies.again import problem_again
from epoca.studies.doctor import doctor, trial_fitting, trial_kind, trial_kinds, trial_of
from epoca.studies.trial import Conclusion, TrialKind
from epoca.tables.samples import sample
from epoca.tables.table import Table
from epoca.training.history import Epoch
from epoca.training.stop import Stop, StopReason
from epoca.training.verdict_kind import VerdictKind
from tests.made import PLAIN, mislabelled_moons, trained

MOONS: dict[str, Any] = {"members": 4, "learning_rate": 0.02, **PLAIN}


@pytest.fixture(scope="module")
def small() -> tuple[Model, Problem]:
    return trained(sample("moons", rows=300), "label", hidden=(2,), **MOONS)


@pytest.fixture(scope="module")
def strong() -> tuple[Model, Problem]:
    return trained(
        mislabelled_moons()[0],
        "label",
        hidden=(64, 64),
        members=5,
        learning_rate=0.03,
        **{**PLAIN, "stopping": "patience(100)"},
    )


@pytest.fixture(scope="module")
def short() -> tuple[Model, Problem]:
    return trained(sample("moons", rows=300), "label", hidden=(16,), epochs=8, members=4, learning_rate=0.005)


def test_twice_the_neurons_confirm_that_two_are_too_few(small: tuple[Model, Problem]) -> None:
    model, problem = small
    assert model.verdict.kind is VerdictKind.TOO_SMALL
    seen: list[Epoch] = []
    found = doctor(model, problem, on_epoch=seen.append)
    assert (found.kind, found.conclusion) == (TrialKind.WIDTH, Conclusion.CONFIRMED)
    assert found.change < -2 * found.change_error < 0
    assert found.change == pytest.approx(found.after - found.before, abs=1e-6)
    assert found.best_epoch_before == model.best_epoch
    assert found.best_epoch_after is not None
    assert found.best_epoch_after <= len(seen)
    assert str(found.sentence).startswith("Twice the neurons (4): the held-out loss is lower by ")
    assert str(found.sentence).endswith("Capacity is the limit.")
    assert str(found.heading) == "Confirmed: Underfitted: the model is too small."


def test_twice_the_neurons_refute_that_two_are_enough() -> None:
    """A ring around another, whose curves with two neurons alone look well."""
    model, problem = trained(sample("circles", rows=600), "label", hidden=(2,), **MOONS)
    clues = {**model.data["clues"], "shared_error": 0.0}
    fooled = replace(model, data={**model.data, "clues": clues})
    assert fooled.verdict.kind is VerdictKind.WELL_FITTED
    found = doctor(fooled, problem)
    assert (found.kind, found.conclusion) == (TrialKind.WIDTH, Conclusion.REFUTED)
    assert str(found.heading) == "Refuted: Well fitted."


def test_a_network_wide_enough_is_confirmed() -> None:
    model, problem = trained(sample("moons", rows=300), "label", hidden=(32,), **MOONS)
    assert model.verdict.kind is VerdictKind.WELL_FITTED
    found = doctor(model, problem)
    assert (found.kind, found.conclusion) == (TrialKind.WIDTH, Conclusion.CONFIRMED)
    assert "Capacity is not the limit." in str(found.sentence)


def test_more_epochs_confirm_that_there_were_too_few(short: tuple[Model, Problem]) -> None:
    model, problem = short
    assert model.verdict.kind is VerdictKind.TOO_SHORT
    found = doctor(model, problem)
    assert (found.kind, found.conclusion) == (TrialKind.EPOCHS, Conclusion.CONFIRMED)
    assert found.best_epoch_after is not None
    assert found.best_epoch_after > 8
    assert 0 < found.seconds < 60
    assert str(found.subject) == "16 epochs instead of 8"


def test_epochs_without_a_better_one_are_the_same_loss(small: tuple[Model, Problem]) -> None:
    found = doctor(*small, kind="epochs")
    assert (found.change, found.change_error, found.best_epoch_after) == (0, 0, found.best_epoch_before)
    assert "the held-out loss stays at " in str(found.sentence)


def test_weight_decay_confirms_that_the_late_epochs_overfit(strong: tuple[Model, Problem]) -> None:
    model, problem = strong
    assert model.verdict.kind is VerdictKind.STRONGLY_OVERFITTED
    found = doctor(model, problem)
    assert (found.kind, found.conclusion) == (TrialKind.DECAY, Conclusion.CONFIRMED)
    assert found.rise_change < -2 * found.rise_change_error
    assert str(found.subject) == "Weight decay of 1 instead of 0"
    assert "Its rise after the ideal epoch is smaller by " in str(found.sentence)


def test_rows_that_fell_short_are_found_by_half_of_them() -> None:
    found = doctor(*trained(sample("diabetes"), "progression", **PLAIN), kind="rows")
    assert found.change > 2 * found.change_error > 0
    assert "The loss falls with the number of rows." in str(found.sentence)


def test_columns_without_meaning_are_no_matter_of_rows() -> None:
    rng = np.random.default_rng(0)
    table = Table(name="lots", arrow=pa.table({"x": rng.normal(size=600), "y": rng.integers(0, 2, 600)}))
    model, problem = trained(table, "y", hidden=(4,), **MOONS)
    assert model.verdict.kind is VerdictKind.NOTHING_LEARNED
    found = doctor(model, problem)
    assert found.kind is TrialKind.ROWS
    assert found.conclusion is not Conclusion.REFUTED


def test_a_column_that_gives_the_answer_away_is_left_out() -> None:
    moons = sample("moons", rows=300)
    table = Table(name="leak", arrow=moons.arrow.append_column("result", moons.arrow["label"]))
    model, problem = trained(table, "label", hidden=(2,), **MOONS)
    assert model.verdict.kind is VerdictKind.LEAKING
    found = doctor(model, problem)
    assert (found.kind, found.conclusion) == (TrialKind.COLUMN, Conclusion.CONFIRMED)
    assert str(found.subject) == 'Without the column "result"'
    assert TrialKind.COLUMN in trial_kinds(model)
    with pytest.raises(OptionError, match="No single column gives the answer away"):
        trial_fitting(*trained(moons, "label", hidden=(2,), epochs=2, members=2), kind=TrialKind.COLUMN)


def test_of_two_columns_that_leak_one_may_be_left_out_and_gone() -> None:
    moons = sample("moons", rows=300)
    arrow = moons.arrow.append_column("result", moons.arrow["label"]).append_column("outcome", moons.arrow["label"])
    model, _ = trained(Table(name="leak", arrow=arrow), "label", hidden=(2,), leave_out=("result",), **MOONS)
    problem = problem_again(model, Table(name="leak", arrow=arrow.drop_columns(["result"])))
    found = doctor(model, problem)
    assert (found.kind, found.conclusion) == (TrialKind.COLUMN, Conclusion.CONFIRMED)
    assert str(found.subject) == 'Without the column "outcome"'


def test_too_few_rows_cannot_tell_and_say_how_many_would() -> None:
    model, problem = trained(sample("moons", rows=30, noise=0.4), "label", hidden=(4,), **MOONS)
    assert model.verdict.kind is VerdictKind.TOO_FEW_ROWS
    found = doctor(model, problem)
    assert (found.kind, found.conclusion) == (TrialKind.ROWS, Conclusion.CANNOT_TELL)
    assert found.rows_wanted is not None
    assert found.rows_wanted > 24
    assert "That is too uncertain to tell. About " in str(found.sentence)


def test_what_is_told_of_a_rise_is_neither_confirmed_nor_refuted() -> None:
    """Where the rise alone is in doubt, the trial looks at the rise."""
    model, problem = trained(sample("moons", rows=150, noise=0.35), "label", hidden=(16,), **MOONS)
    assert str(model.verdict.headline) == "Too little to tell whether it overfits after the ideal epoch."
    found = doctor(model, problem)
    assert (found.kind, found.conclusion, found.rows_wanted) == (TrialKind.DECAY, Conclusion.CANNOT_TELL, None)


def test_weight_decay_that_keeps_it_from_learning_tells_nothing() -> None:
    model, problem = trained(sample("moons", rows=200), "label", hidden=(16,), weight_decay=3.0, **MOONS)
    found = doctor(model, problem, kind="decay")
    assert found.change > 2 * found.change_error > 0
    assert (found.conclusion, found.rows_wanted) == (Conclusion.CANNOT_TELL, None)
    assert "So much of it keeps the network from learning" in str(found.sentence)
    assert "try a weight decay in between" in str(found.advice)


def test_a_neuron_is_given_a_hidden_layer_and_has_no_weight_decay() -> None:
    model, problem = trained(sample("moons", rows=200), "label", model="neuron", members=2, epochs=40)
    assert trial_kinds(model) == (TrialKind.WIDTH, TrialKind.ROWS, TrialKind.EPOCHS)
    found = doctor(model, problem, kind="width")
    assert str(found.subject) == "A hidden layer of 16 neurons"
    with pytest.raises(OptionError, match="Weight decay is of networks only"):
        doctor(model, problem, kind="decay")


def test_a_perceptron_counts_otherwise() -> None:
    model, problem = trained(sample("moons", rows=100), "label", model="perceptron", members=2, epochs=4)
    assert trial_kinds(model) == (TrialKind.ROWS, TrialKind.EPOCHS)
    with pytest.raises(OptionError, match="A perceptron counts mistakes"):
        doctor(model, problem, kind="width")


def test_a_verdict_that_no_training_can_refute_is_told_in_a_sentence(short: tuple[Model, Problem]) -> None:
    diverged = replace(short[0], stop=Stop(StopReason.DIVERGED, {"epoch": 8, "rate": 1.0}))
    with pytest.raises(OptionError, match=r"^No further training can refute this verdict\. The training diverged\."):
        trial_kind(diverged)


def test_a_trial_that_learns_nothing_tells_nothing(short: tuple[Model, Problem]) -> None:
    model, problem = short
    wild = replace(model, settings={**model.settings, "learning_rate": 1e30})
    fitting = trial_fitting(wild, problem, kind=TrialKind.WIDTH)
    for _epoch in fitting.training:
        pass
    found = trial_of(model, fitting, kind=TrialKind.WIDTH)
    assert found.conclusion is Conclusion.CANNOT_TELL
    assert math.isnan(found.after)
    assert "no epoch ended with a finite held-out loss" in str(found.sentence)
    assert found.to_json()["after"] is None


def test_other_rows_are_refused(small: tuple[Model, Problem], short: tuple[Model, Problem]) -> None:
    with pytest.raises(OptionError, match="These are not the rows that were learned from"):
        doctor(small[0], trained(sample("moons", rows=300, seed=1), "label", epochs=1)[1])
    with pytest.raises(OptionError, match="The state of the model's training was not kept"):
        doctor(replace(short[0], checkpoint=None), short[1])


def test_a_trial_is_plain_values_and_speaks_both_languages(strong: tuple[Model, Problem]) -> None:
    found = doctor(*strong)
    plain = json.loads(json.dumps(found.to_json(), allow_nan=False))
    assert (plain["kind"], plain["verdict"], plain["conclusion"]) == ("decay", "strongly overfitted", "confirmed")
    assert plain["sentence"] == str(found.sentence)
    said = Language("pt_BR").say(found.sentence)
    assert said.startswith("Decaimento de pesos de 1 em vez de 0: a perda de validação fica ")
    assert "Sua subida depois da época ideal fica menor em 0," in said

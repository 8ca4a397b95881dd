from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from epoca.fitting import Fitting
from epoca.problem import Problem
from epoca.settings import Settings
from epoca.tables.samples import sample
from epoca.tables.table import Table
from epoca.training.evidence import Clues, Evidence, Figure
from epoca.training.forecast import Forecast
from epoca.training.stop import StopReason
from epoca.training.verdict import HEADLINES, Verdict, verdict
from epoca.training.verdict_kind import VerdictKind
from tests.made import PLAIN

K = VerdictKind
CLUES = Clues(rows=500, held_out_rows=500)
GOOD = Evidence(
    epochs=50,
    best=34,
    loss=0.3,
    guessing=0.7,
    training=0.25,
    learned=Figure(0.4, 0.03),
    beyond_neuron=Figure(0.1, 0.01),
    gap=Figure(0.05, 0.02),
    rise=Figure(0.01, 0.008),
    late=0.2,
    is_thrown=False,
    is_open=False,
    forecast=None,
    shared_error=Figure(0.0, 0.03),
    clues=CLUES,
)
FALLING = Forecast(slope=-0.004, slope_error=0.001, epochs=100, gain=0.1, gain_error=0.02)


def said(**changes: Any) -> Verdict:
    return verdict(replace(GOOD, **changes), stop=StopReason.PATIENCE)


def clues(**changes: Any) -> dict[str, Any]:
    return {"clues": replace(CLUES, **changes)}


SITUATIONS: list[tuple[dict[str, Any], VerdictKind, str]] = [
    (
        {},
        K.WELL_FITTED,
        "by 0.01 ± 0.008, which is not beyond chance. The training loss is 0.25, the gap 0.05",
    ),
    ({"rise": Figure(0.0, 0.0)}, K.WELL_FITTED, "No epoch after the ideal one was trained."),
    ({"rise": Figure(0.012, 0.002)}, K.WELL_FITTED, "3% of what was learned"),
    ({"rise": Figure(0.05, 0.02)}, K.MILDLY_OVERFITTED, "lies higher by 0.05 ± 0.02, 12% of what was learned"),
    ({"rise": Figure(0.15, 0.02)}, K.STRONGLY_OVERFITTED, "while that of the training loss lies lower by 0.05."),
    # A large gap alone is no diagnosis.
    ({"gap": Figure(0.28, 0.02), "training": 0.02, "late": 0.01}, K.WELL_FITTED, "the gap 0.28"),
    (
        {"beyond_neuron": Figure(0.01, 0.01)},
        K.WELL_FITTED,
        "is higher by 0.01 ± 0.01, which is not beyond chance: it may",
    ),
    ({"beyond_neuron": Figure(-0.1, 0.01)}, K.WELL_FITTED, "A single neuron does better, by 0.1 ± 0.01."),
    ({}, K.WELL_FITTED, "The hidden layers lower the held-out loss by 0.1 ± 0.01 against a single neuron."),
    # A rise that may matter and may be chance.
    ({"rise": Figure(0.03, 0.02)}, K.TOO_FEW_ROWS, "500 rows were held out."),
    ({"rise": Figure(0.01, 0.06)}, K.TOO_FEW_ROWS, "lies higher by 0.01 ± 0.06, which is not beyond chance."),
    ({"rise": Figure(0.01, 0.011)}, K.TOO_FEW_ROWS, ""),
    ({"rise": Figure(0.01, 0.009)}, K.WELL_FITTED, ""),
    ({"learned": Figure(0.1, 0.04)}, K.TOO_FEW_ROWS, "below guessing by 0.1 ± 0.04"),
    # How much was learned is uncertain, but not that a strong share of it was lost.
    ({"learned": Figure(0.1, 0.04), "rise": Figure(0.06, 0.02)}, K.STRONGLY_OVERFITTED, "60% of what was learned"),
    ({"learned": Figure(0.1, 0.04), "rise": Figure(0.04, 0.01)}, K.TOO_FEW_ROWS, ""),
    ({"learned": Figure(0.1, 0.06), "rise": Figure(0.3, 0.1)}, K.TOO_FEW_ROWS, ""),
    (clues(rows=24, held_out_rows=24), K.TOO_FEW_ROWS, "24 rows were held out."),
    (clues(held_out_rows=24), K.HELD_OUT_TOO_SMALL, "24 rows were held out."),
    ({"learned": Figure(0.1, 0.04), **clues(held_out_rows=100)}, K.HELD_OUT_TOO_SMALL, "100 rows were held out."),
    (clues(held_out_rows=100), K.WELL_FITTED, ""),
    ({"learned": Figure(-0.01, 0.01)}, K.NOTHING_LEARNED, "above guessing by 0.01 ± 0.01"),
    ({"learned": Figure(-0.05, 0.01), **clues(held_out_rows=100)}, K.NOTHING_LEARNED, ""),
    (
        {"learned": Figure(-0.01, 0.01), "beyond_neuron": Figure(-0.1, 0.01)},
        K.NOTHING_LEARNED,
        "A single neuron does better, by 0.1 ± 0.01.",
    ),
    ({"learned": Figure(0.0, 0.1)}, K.TOO_FEW_ROWS, ""),
    # Little, but certain, is something.
    ({"learned": Figure(0.02, 0.002), "rise": Figure(0.0, 0.0)}, K.WELL_FITTED, "by 0.02 ± 0.002"),
    ({"is_open": True, "forecast": FALLING}, K.TOO_SHORT, "by epoch 100 it may be lower by 0.1 ± 0.02"),
    ({"is_open": True, "epochs": 3, "best": 3}, K.TOO_SHORT, "The last of 3 epochs was the best"),
    ({"is_open": True, "epochs": 3, "best": 2}, K.WELL_FITTED, ""),
    ({"is_open": True, "forecast": replace(FALLING, gain=0.01)}, K.WELL_FITTED, ""),
    ({"is_open": True, "forecast": replace(FALLING, slope_error=0.003), "best": 50}, K.WELL_FITTED, ""),
    # A single member knows no standard error.
    ({"is_open": True, "forecast": replace(FALLING, slope_error=np.inf)}, K.WELL_FITTED, ""),
    (
        {"is_open": True, "forecast": replace(FALLING, slope_error=np.inf), "best": 50},
        K.TOO_SHORT,
        "It was still falling by 0.004 an epoch",
    ),
    (
        {"shared_error": Figure(0.2, 0.03), "gap": Figure(0.01, 0.02)},
        K.TOO_SMALL,
        "like those on their neighbours (correlation 0.2 ± 0.03)",
    ),
    # What a line cannot learn at all is not nothing.
    (
        {"shared_error": Figure(0.2, 0.03), "gap": Figure(0.0, 0.02), "learned": Figure(0.0, 0.01)},
        K.TOO_SMALL,
        "so there is more to learn.",
    ),
    ({"shared_error": Figure(0.2, 0.03), "gap": Figure(0.06, 0.02)}, K.WELL_FITTED, ""),
    (
        {"shared_error": Figure(0.2, 0.03), "gap": Figure(0.0, 0.02), "is_open": True, "epochs": 3, "best": 2},
        K.WELL_FITTED,
        "",
    ),
    ({"shared_error": Figure(0.2, 0.1), "gap": Figure(0.01, 0.02)}, K.WELL_FITTED, ""),
    ({"shared_error": Figure(0.02, 0.001), "gap": Figure(0.01, 0.02)}, K.WELL_FITTED, ""),
    ({"is_thrown": True, "late": 9.0}, K.DIVERGED, "the training loss was 9, above the 0.7 of guessing"),
    (
        {"is_thrown": True, "loss": 4.0, "learned": Figure(-3.3, 0.3)},
        K.DIVERGED,
        "Even at its best the held-out loss was 4, far above the 0.7 of guessing.",
    ),
    # What still falls is not lost.
    ({"is_thrown": True, "is_open": True, "forecast": FALLING}, K.TOO_SHORT, ""),
    (clues(unlike="age"), K.UNLIKE, 'They differ beyond chance in "age".'),
    (clues(leak="paid"), K.LEAKING, 'The column "paid" alone says what the target is, in every row.'),
    (
        clues(copies=0.3, copies_gain=0.4, copies_gain_error=0.05),
        K.LEAKING,
        "30% of the held-out rows stand among the rows learned from too, and the loss of these is lower by 0.4 ± 0.05.",
    ),
    (clues(copies=0.3, copies_gain=0.4, copies_gain_error=0.2), K.WELL_FITTED, ""),
    # Then there are no others to hold them against.
    (clues(copies=0.97), K.LEAKING, "97% of the held-out rows stand among the rows learned from too."),
    (clues(copies=0.01, copies_gain=0.4, copies_gain_error=0.05), K.WELL_FITTED, ""),
]


@pytest.mark.parametrize(("changes", "kind", "reason"), SITUATIONS)
def test_a_situation_with_a_known_answer(changes: dict[str, Any], kind: VerdictKind, reason: str) -> None:
    found = said(**changes)
    assert found.kind is kind
    assert reason in str(found)
    assert str(found).startswith(str(found.headline))
    assert str(found).endswith(str(found.advice))


def test_what_is_certain_is_not_denied_with_the_rest() -> None:
    whether = "Too little to tell whether it overfits after the ideal epoch."
    assert str(said(rise=Figure(0.03, 0.02)).headline) == whether
    assert str(said(rise=Figure(0.03, 0.02)).advice).startswith("Nothing is lost: ")
    for changes in ({"learned": Figure(0.1, 0.04)}, clues(rows=24, held_out_rows=24)):
        assert said(**changes).headline == HEADLINES[K.TOO_FEW_ROWS]
        assert "Collect more rows" in str(said(**changes).advice)


def test_a_neuron_that_does_better_is_advised() -> None:
    assert "Train a single neuron instead" in str(said(beyond_neuron=Figure(-0.1, 0.01)).advice)
    assert "Keep it." in str(said(beyond_neuron=Figure(-0.01, 0.01)).advice)


def test_each_leak_has_its_own_remedy() -> None:
    assert "--leave-out" in str(said(**clues(leak="paid")).advice)
    assert "--groups" in str(said(**clues(copies=0.97)).advice)


def test_an_open_end_is_not_kept_without_a_word() -> None:
    found = said(is_open=True, forecast=replace(FALLING, gain=0.01))
    assert "What more epochs may bring is little" in str(found.advice)
    assert str(found.headline) == "Well fitted so far."


def test_little_is_promised_by_a_forecast_alone() -> None:
    for ahead in (None, replace(FALLING, gain=0.3, slope_error=0.004)):
        found = said(is_open=True, forecast=ahead, best=3, epochs=5)
        assert str(found.advice) == "Train on to see what more epochs bring (--continue, fit_more)."


def test_copies_are_called_by_their_name() -> None:
    assert str(said(**clues(copies=0.97)).headline).startswith("The scores are too good: ")


def test_a_network_that_a_neuron_still_beats_is_not_too_small() -> None:
    shared = {"shared_error": Figure(0.2, 0.03), "gap": Figure(0.01, 0.02)}
    beaten = {**shared, "beyond_neuron": Figure(-0.1, 0.01)}
    assert said(**beaten, is_open=True, forecast=replace(FALLING, gain=0.01)).kind is K.WELL_FITTED
    assert said(**beaten).kind is K.TOO_SMALL  # as one hidden neuron is


def test_a_few_random_rows_do_not_diverge_while_the_training_loss_falls() -> None:
    few = {"is_thrown": True, "late": 0.3, **clues(rows=16, held_out_rows=16)}
    assert said(**few).kind is K.TOO_FEW_ROWS
    assert said(**{**few, "late": 2.0}).kind is K.DIVERGED


def test_a_training_loss_that_rose_too_is_not_said_to_have_fallen() -> None:
    assert "and that of the training loss by 0.05." in str(said(rise=Figure(0.05, 0.02), late=0.3))


def test_every_kind_is_reached() -> None:
    assert {kind for _, kind, _ in SITUATIONS} | {K.NOTHING_HELD_OUT} == set(K) == set(HEADLINES)


def test_without_held_out_rows_there_is_no_verdict() -> None:
    found = verdict(None, stop=StopReason.LIMIT)
    assert found.kind is K.NOTHING_HELD_OUT
    assert "cannot tell fit from overfit" in str(found)


def test_a_divergence_outweighs_everything() -> None:
    found = verdict(None, stop=StopReason.DIVERGED)
    assert found.kind is K.DIVERGED
    assert "grew beyond bounds" in str(found)


def test_a_perceptron_is_no_worse_for_zigzagging() -> None:
    rng = np.random.default_rng(0)
    places = rng.normal(size=(300, 2))
    rare = (places[:, 0] + 2 * rng.normal(size=300) > 3).astype(float)  # guessing is nearly always right
    assert fit(places, rare, model="perceptron", epochs=20, members=4).kind is not K.DIVERGED


# --- Real fits, a kind each -------------------------------------------------------------------------------------------


def fit(
    places: Any,
    targets: Any,
    validation: tuple[Any, Any] | None = None,
    more: dict[str, Any] | None = None,
    **asked: Any,
) -> Verdict:
    settings = Settings(**{"test_size": 0.0, "hidden": (32,), "learning_rate": 0.01, **PLAIN, **asked})
    problem = Problem.of_table(table(places, targets, **(more or {})), target="y", settings=settings)
    if validation is not None:
        given = table(*validation)
        held_out = Problem(table=given, target=problem.target, targets=problem.target.codes(given))
        problem = replace(problem, validation=held_out)
    fitting = Fitting(problem, settings=settings)
    for _epoch in fitting:
        pass
    return fitting.model().verdict


def table(places: Any, targets: Any, **more: Any) -> Table:
    columns = {f"x{number}": column for number, column in enumerate(places.T)}
    return Table(name="t", arrow=pa.table({**columns, **more, "y": [f"c{code:.0f}" for code in targets]}))


def curved(n: int, *, noise: float = 0.3, columns: int = 2, seed: int = 0) -> tuple[Any, Any]:
    """Points within a circle or outside."""
    rng = np.random.default_rng(seed)
    places = rng.normal(size=(n, columns))
    return places, (np.hypot(*places[:, :2].T) + noise * rng.normal(size=n) > 1.18).astype(float)


def test_well_fitted() -> None:
    assert fit(*curved(1000, noise=0.1), hidden=(16,)).kind is K.WELL_FITTED


def test_trained_too_short() -> None:
    assert fit(*curved(400, noise=0.1), epochs=6, learning_rate=0.001).kind is K.TOO_SHORT
    assert fit(*curved(400, noise=0.1), epochs=2, learning_rate=0.001).kind is K.TOO_SHORT


@pytest.mark.parametrize("name", ["circles", "xor"])
def test_a_single_neuron_is_too_small_for_what_no_line_parts(name: str) -> None:
    points = sample(name, rows=400).arrow
    places = np.column_stack([points["x1"].to_numpy(), points["x2"].to_numpy()])
    assert fit(places, points["label"].to_numpy(), model="neuron").kind is K.TOO_SMALL
    assert fit(places, points["label"].to_numpy(), epochs=100).kind is K.WELL_FITTED


def test_mildly_overfitted() -> None:
    assert fit(*curved(600, noise=0.4, columns=6), hidden=(64, 64), learning_rate=0.003).kind is K.MILDLY_OVERFITTED


def test_strongly_overfitted() -> None:
    assert fit(*curved(400, noise=0.6, columns=8), hidden=(64, 64)).kind is K.STRONGLY_OVERFITTED


def test_too_few_rows() -> None:
    assert fit(*curved(36, noise=0.6)).kind is K.TOO_FEW_ROWS


def test_held_out_part_too_small() -> None:
    assert fit(*curved(400), validation=curved(10, seed=1)).kind is K.HELD_OUT_TOO_SMALL


def test_diverged() -> None:
    found = fit(*curved(400), learning_rate=30.0)
    assert found.kind is K.DIVERGED
    assert "it rose as well as fell" in str(found)


def test_held_out_rows_unlike() -> None:
    places, targets = curved(200, seed=1)
    assert fit(*curved(400), validation=(places, targets)).kind not in {K.UNLIKE, K.LEAKING}
    assert fit(*curved(400), validation=(places + np.array([2, 0]), targets)).kind is K.UNLIKE
    rare = targets == 0
    keep = rare | (np.arange(200) % 8 == 0)
    assert fit(*curved(400), validation=(places[keep], targets[keep])).kind is K.UNLIKE


def test_leaking() -> None:
    places, targets = curved(200, noise=0.6)
    told = fit(places, targets, more={"paid": ["yes" if code else "no" for code in targets]}, epochs=20)
    assert told.kind is K.LEAKING
    assert '"paid"' in str(told)
    places, targets = curved(300, noise=1.0, columns=6)
    copied = fit(np.vstack([places, places]), np.concatenate([targets, targets]), hidden=(64, 64), epochs=60)
    assert copied.kind is K.LEAKING
    assert "100% of the held-out rows" not in str(copied)


def test_nothing_learned() -> None:
    places, targets = curved(300)
    assert fit(places, np.random.default_rng(0).permutation(targets)).kind is K.NOTHING_LEARNED


def test_nothing_held_out() -> None:
    assert fit(*curved(60), early_stopping=False, epochs=5).kind is K.NOTHING_HELD_OUT

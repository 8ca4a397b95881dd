from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from epoca import MLPClassifier
from epoca.fitting import Fitting
from epoca.locales import Language
from epoca.problem import Problem
from epoca.settings import Settings
from epoca.studies.race import ROWS, Race
from epoca.tables.samples import sample
from epoca.tables.table import Table
from tests.made import labelled, planes

SMALL: dict[str, Any] = {"hidden": (32,), "seed": 0}


def board(rows: int = 600) -> tuple[np.ndarray, np.ndarray]:
    """Two classes by the fields of a chessboard."""
    inputs = np.random.default_rng(0).uniform(size=(rows, 2))
    return inputs, np.floor(4 * inputs).sum(axis=1).astype(int) % 2


def race_of(table: Table, **settings: Any) -> Race:
    chosen = Settings(**settings)
    return Race(Problem.of_table(table, target="y", settings=chosen), settings=chosen)


def sample_of_moons() -> Table:
    moons = sample("moons", rows=200)
    return replace(moons, arrow=moons.arrow.rename_columns(["x1", "x2", "y"]))


def decided(race: Race) -> Settings:
    race.run()
    return race.settings


def test_smooth_numbers_stay_whole_and_corners_are_cut() -> None:
    race = race_of(labelled(*planes(1200)), **SMALL)
    assert decided(race) == Settings(**SMALL, pieces=0)
    assert race.note is not None
    said = Language("en").say(race.note)
    assert said.startswith("Numbers are not cut into pieces: four networks without predicted 960 training rows, which")
    race = race_of(labelled(*board()), **SMALL)
    assert decided(race) == Settings(**SMALL)
    assert race.note is None


def test_estimators_let_networks_race() -> None:
    classifier = MLPClassifier((32,), random_state=0, max_epochs=20, members=2)
    smooth = classifier.fit(*planes(1200))
    assert (smooth.pieces_, smooth.learning_rate_, smooth.model_.form.sizes[0]) == (0, 0.002, 10)
    corners = classifier.fit(*board())
    assert (corners.pieces_, corners.learning_rate_) == (16, 0.001)


def test_numbers_are_predicted_without_a_race() -> None:
    inputs, _codes = planes(400)
    table = Table(name="made", arrow=pa.table({"x": inputs[:, 0], "y": np.sin(inputs[:, 0])}))
    race = race_of(table, **SMALL)
    assert (race.racers, decided(race)) == ((), Settings(**SMALL))


@pytest.mark.parametrize(
    "settings",
    [
        {"pieces": 16},
        {"pieces": 0},
        {"seconds": 60.0},
        {"early_stopping": False},
        {"scaling": False},
        {"hidden": ()},
        {"model": "neuron"},
    ],
    ids=str,
)
def test_there_is_no_race_where_nothing_is_to_be_chosen(settings: dict[str, Any]) -> None:
    race = race_of(labelled(*board()), **settings)
    assert race.racers == ()
    assert decided(race) == Settings(**settings)
    assert race.note is None


def test_there_is_no_race_without_numbers() -> None:
    inputs, targets = board()
    texts = Table(name="texts", arrow=pa.table({"x": (inputs[:, 0] > 0.5).astype(str), "y": targets.astype(str)}))
    assert race_of(texts, **SMALL).racers == ()


def test_rows_of_the_test_have_no_part_in_it() -> None:
    inputs, targets = board(9 * ROWS)
    targets[:] = 0
    targets[::600] = 1
    settings = Settings(**SMALL, class_weight="balanced")
    problem = Problem.of_table(labelled(inputs, targets), target="y", settings=settings)
    train, test = problem.split(settings)
    for racer in Race(problem, settings=settings).racers:
        assert racer.train_rows.size == ROWS
        assert np.isin(racer.train_rows, train).all()
        assert not np.isin(racer.train_rows, test).any()
        assert np.isclose(targets[racer.train_rows].mean(), targets.mean(), atol=1e-3)  # a rare class has its share
        assert racer.test_rows.size == 0


def test_a_class_that_is_not_among_its_rows_does_no_harm() -> None:
    inputs, targets = planes(5 * ROWS)
    targets[:2] = 3
    race = race_of(labelled(inputs, targets), **SMALL, epochs=1, class_weight="balanced", test_size=0.0)
    assert 3 not in race.racers[0].problem.targets[race.racers[0].train_rows]
    race.run()


def test_groups_stay_together() -> None:
    inputs, targets = board(2 * ROWS)
    table = labelled(inputs, targets)
    table = replace(table, arrow=table.arrow.append_column("who", pa.array(np.arange(2 * ROWS) // 10)))
    race = race_of(table, **SMALL, groups="who", test_size=0.0)
    racer = race.racers[0]
    taken = racer.problem.groups[racer.train_rows]
    assert (np.bincount(taken)[np.unique(taken)] == 10).all()
    held_out = [set(taken[rows]) for rows in racer.material.held_out]
    assert not set.intersection(*held_out[:2])


def test_an_interrupt_ends_it() -> None:
    race = race_of(sample_of_moons(), **SMALL)
    race.racers[1].interrupt()
    with pytest.raises(KeyboardInterrupt):
        race.run()


def test_networks_that_diverge_decide_nothing() -> None:
    settings = {**SMALL, "learning_rate": 1e30}
    with np.errstate(all="ignore"):
        assert decided(race_of(sample_of_moons(), **settings)) == Settings(**settings)


def test_a_program_that_trains_without_a_race_cuts_numbers() -> None:
    settings = Settings(**SMALL)
    fitting = Fitting(Problem.of_table(sample_of_moons(), target="y", settings=settings), settings=settings)
    assert fitting.settings.pieces == 16


def test_codes_of_categories_are_cut_though_the_racers_see_few_rows_of_each() -> None:
    rng = np.random.default_rng(1)
    codes, numbers = rng.integers(0, 128, 7000), rng.normal(size=(7000, 3))
    effects = np.random.default_rng(7).normal(0, 2, 128)
    targets = (rng.random(7000) < 1 / (1 + np.exp(-effects[codes] - numbers[:, 0]))).astype(int)
    race = race_of(labelled(np.column_stack([numbers, codes]), targets), seed=0)
    race.run()
    assert race.note is None
    assert race.columns is not None
    assert "x3, piece 127 of 127" in race.columns.output_names

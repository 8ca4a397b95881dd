"""Which two columns the map shows where nobody has chosen."""

from __future__ import annotations

from contextlib import closing

import numpy as np
import pyarrow as pa
import pytest

from epoca.fitting import Fitting
from epoca.lab.axes import mappable, telling_axes
from epoca.problem import Problem
from epoca.settings import Settings
from epoca.tables.columns import Columns
from epoca.tables.table import Table

N = 300


def axes_of(columns: dict[str, object], *, test_size: float = 0.2) -> tuple[str, str]:
    settings = Settings(hidden=(2,), members=1, test_size=test_size, pieces=0)
    problem = Problem.of_table(Table(name="t", arrow=pa.table(columns)), target="y", settings=settings)
    with closing(Fitting(problem, settings=settings)) as fitting:
        return telling_axes(fitting)


@pytest.fixture
def noise() -> np.ndarray:
    return np.random.default_rng(0).normal(size=(N, 5))


@pytest.mark.parametrize("kind", ["number", "two classes", "three classes"])
def test_they_are_the_two_that_say_most_of_the_target(noise: np.ndarray, kind: str) -> None:
    told = noise[:, 1] + noise[:, 3] + 0.1 * noise[:, 4]
    cuts = {"number": None, "two classes": [0.0], "three classes": [-0.7, 0.7]}[kind]
    y = told if cuts is None else np.array(["a", "b", "c"])[np.digitize(told, cuts)]
    columns = {f"x{place}": noise[:, place] for place in range(4)}
    assert axes_of({**columns, "y": y}) == ("x1", "x3")


def test_of_two_that_say_the_same_only_one_is_taken(noise: np.ndarray) -> None:
    first = noise[:, 0]
    columns = {"x": first, "twice": 2 * first + 1, "other": noise[:, 1], "nothing": noise[:, 2]}
    assert axes_of({**columns, "y": first + 0.5 * noise[:, 1]}) in {("x", "other"), ("twice", "other")}


def test_numbers_come_before_texts_where_there_are_few(noise: np.ndarray) -> None:
    texts = np.array(["p", "q", "r"])[np.arange(N) % 3]
    assert axes_of({"text": texts, "x": noise[:, 0], "y": noise[:, 1]}) == ("x", "text")


def test_test_rows_have_no_say(noise: np.ndarray) -> None:
    """What only test rows show is not seen."""
    settings = Settings(hidden=(2,), members=1, test_size=0.5, pieces=0)
    columns = {f"x{place}": noise[:, place].copy() for place in range(4)}
    y = noise[:, 1] + noise[:, 3]
    problem = Problem.of_table(Table(name="t", arrow=pa.table({**columns, "y": y})), target="y", settings=settings)
    with closing(Fitting(problem, settings=settings)) as fitting:
        test_rows = fitting.test_rows
    columns["x0"][test_rows] = 100 * y[test_rows]
    assert axes_of({**columns, "y": y}, test_size=0.5) == ("x1", "x3")


def test_a_column_that_only_says_whether_it_is_there_has_no_axis(noise: np.ndarray) -> None:
    stamped = ["stamped" if place % 3 else None for place in range(N)]
    columns = {"stamp": stamped, "a": noise[:, 0], "b": noise[:, 1], "y": noise[:, 2]}
    found = Columns.fit(Table(name="t", arrow=pa.table(columns)), target="y", rows=np.arange(N))
    assert "stamp" in [column.name for column in found.used]
    assert mappable(found) == ["a", "b"]

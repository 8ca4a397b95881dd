from __future__ import annotations

import json

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from epoca.tables.columns import MAX_PIECES, Columns
from epoca.tables.encodings.number import NumberEncoding
from epoca.tables.table import Table

FINITE = st.floats(allow_nan=False, allow_infinity=False)


def pieces(numbers: list[float], *, of: list[float], most: int) -> np.ndarray:
    encoding = NumberEncoding.fit(np.array(of), scaling=True, pieces=most)
    out = np.zeros((len(numbers), len(encoding.outputs("x"))))
    encoding.write_numbers(np.array(numbers), out)
    return out[:, 1 + encoding.flag :]


def test_a_piece_is_nothing_below_it_a_half_above_it_and_rises_evenly_within() -> None:
    assert pieces([-9, 0, 1, 2, 3, 4, 99], of=[0, 1, 2, 3, 4], most=2).tolist() == [
        [0, 0],
        [0, 0],
        [0.25, 0],
        [0.5, 0],
        [0.5, 0.25],
        [0.5, 0.5],
        [0.5, 0.5],
    ]


def test_few_different_values_have_an_edge_each() -> None:
    encoding = NumberEncoding.fit(np.array([5.0, 1, 1, 1, 1, 1, 2, 5, 2]), scaling=True, pieces=16)
    assert encoding.edges == (1, 2, 5)


def test_whole_numbers_that_may_be_codes_have_an_edge_each() -> None:
    codes = np.arange(30.0) * 7
    assert NumberEncoding.fit(np.repeat(codes, 40), scaling=True, pieces=16).edges == tuple(codes)
    assert NumberEncoding.fit(codes, scaling=True, pieces=16, weights=np.full(30, 40.0)).edges == tuple(codes)
    assert len(NumberEncoding.fit(np.repeat(codes, 39), scaling=True, pieces=16).edges) == 17
    assert len(NumberEncoding.fit(np.repeat(codes + 0.5, 40), scaling=True, pieces=16).edges) == 17
    assert len(NumberEncoding.fit(np.repeat(np.arange(129.0), 40), scaling=True, pieces=16).edges) == 17


def test_many_values_are_cut_at_their_quantiles() -> None:
    encoding = NumberEncoding.fit(np.arange(101.0) ** 2, scaling=True, pieces=4)
    assert encoding.edges == (0, 25**2, 50**2, 75**2, 100**2)


def test_a_weight_counts_as_so_many_rows() -> None:
    numbers, weights = np.array([1.0, 2, 3, 4, 5, 6]), np.array([1.0, 4, 1, 2, 1, 1])
    repeated = np.repeat(numbers, weights.astype(int))
    weighed = NumberEncoding.fit(numbers, scaling=True, pieces=3, weights=weights)
    assert weighed.edges == NumberEncoding.fit(repeated, scaling=True, pieces=3).edges


def test_a_missing_number_stands_where_the_median_does() -> None:
    found = pieces([np.nan, 3], of=[1, 2, 3, 4, 5, np.nan], most=4)
    assert found[0].tolist() == found[1].tolist()


@given(st.lists(FINITE, min_size=2, max_size=40), st.integers(0, 16))
def test_any_numbers_become_finite_pieces_that_are_read_back_alike(numbers: list[float], most: int) -> None:
    encoding = NumberEncoding.fit(np.array(numbers), scaling=True, pieces=most)
    assert len(encoding.edges) <= most + 1
    out = np.zeros((len(numbers), len(encoding.outputs("x"))))
    encoding.write_numbers(np.array(numbers), out)
    assert np.isfinite(out).all()
    assert ((out[:, 1:] >= 0) & (out[:, 1:] <= 0.5)).all()
    assert NumberEncoding.from_json(json.loads(json.dumps(encoding.to_json()))) == encoding


@pytest.mark.parametrize("edges", [[1.0], [2.0, 1.0], [1.0, 1.0, 2.0], ["a", "b"]])
def test_edges_that_do_not_ascend_are_refused(edges: list[object]) -> None:
    with pytest.raises((ValueError, TypeError)):
        NumberEncoding.from_json({"centre": 0.0, "unit": 1.0, "flag": False, "edges": edges})


def test_a_wide_table_has_fewer_pieces_a_column() -> None:
    rng = np.random.default_rng(0)
    arrow = pa.table({f"x{i}": rng.normal(size=30) for i in range(100)} | {"y": rng.normal(size=30)})
    wide = Columns.fit(Table(name="t.csv", arrow=arrow), target="y", rows=np.arange(30), pieces=16)
    assert wide.n_outputs == 100 + 100 * (MAX_PIECES // 100)
    assert "cut into 5 pieces" in str(wide.accounts[0].note)


def test_of_a_wide_table_those_of_most_pieces_give_them_up() -> None:
    rng = np.random.default_rng(0)
    few = {f"a{i}": rng.choice([0.1, 0.2, 0.4], 30) for i in range(60)}
    arrow = pa.table({**few, **{f"x{i}": rng.normal(size=30) for i in range(40)}, "y": rng.normal(size=30)})
    wide = Columns.fit(Table(name="t.csv", arrow=arrow), target="y", rows=np.arange(30), pieces=16)
    assert [account.outputs for account in wide.accounts[:100]] == [1 + 2] * 60 + [1 + (MAX_PIECES - 120) // 40] * 40


def test_row_numbers_are_cut_where_nothing_else_is_there() -> None:
    arrow = pa.table({"x": list(range(40)), "y": list(range(40))})
    columns = Columns.fit(Table(name="t.csv", arrow=arrow), target="y", rows=np.arange(40), pieces=4)
    assert columns.n_outputs == 5


def test_unscaled_numbers_have_none() -> None:
    assert NumberEncoding.fit(np.arange(9.0), scaling=False, pieces=4).edges == ()


def test_dates_are_cut_as_well() -> None:
    arrow = pa.table({"day": [f"2024-01-{day:02}" for day in range(1, 29)], "y": list(range(28))})
    columns = Columns.fit(Table(name="t.csv", arrow=arrow), target="y", rows=np.arange(28), pieces=4)
    assert [name for name in columns.output_names if "piece" in name] == [f"day, piece {i} of 4" for i in range(1, 5)]


def test_columns_uncut_are_those_that_nothing_was_cut_of() -> None:
    days = [f"2024-{1 + day // 28:02}-{1 + day % 28:02}" for day in range(300)]
    table = pa.table(
        {"day": days, "x": np.arange(300) % 7, "z": [None, *np.arange(299) / 3], "t": ["a", "b", "c"] * 100}
    )
    cut, uncut = (
        Columns.fit(Table(name="made", arrow=table), target="t", rows=np.arange(300), pieces=pieces)
        for pieces in (16, 0)
    )
    assert cut.n_pieces > 32
    assert cut.of_at_most(0).to_json() == uncut.to_json()
    assert uncut.n_pieces == 0

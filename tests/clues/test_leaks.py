from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from scipy import sparse

from epoca.clues.leaks import FEWEST_ROWS, leaking_column
from epoca.tables.columns import Columns
from epoca.tables.sparse import SparseColumns, SparseTable
from epoca.tables.table import Table


def looked_for(columns: dict[str, Any], targets: Any, *, of_numbers: bool) -> str | None:
    table = Table(name="t", arrow=pa.table({**columns, "y": targets}))
    encoder = Columns.fit(table, target="y", rows=np.arange(len(targets)))
    matrix = encoder.encode(table, dtype=np.float32)
    return leaking_column(encoder, matrix, np.asarray(targets, np.float64), of_numbers=of_numbers)


def drawn(seed: int) -> tuple[dict[str, Any], Any, bool, np.random.Generator]:
    """Columns that tell something of a target, but never all, as real ones do."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(60, 1500))
    place = rng.normal(size=n)
    is_number = seed % 4 == 3
    classes = 2 + seed % 4
    noisy = place + 0.2 * rng.normal(size=n)
    targets = noisy if is_number else np.digitize(noisy, np.linspace(-1, 1, classes - 1)).astype(float)
    columns = {
        "measured": place,
        "rounded": np.round(place),
        "town": rng.choice(["Olinda", "Recife", "Natal", "Belém"], n).tolist(),
        "number": np.arange(n),
        "group": np.digitize(place, [-0.5, 0.5]).astype(str).tolist(),
        "constant": np.ones(n),
    }
    return columns, targets, is_number, rng


def told(targets: Any, is_number: bool, rng: np.random.Generator) -> Any:
    """The target under another name."""
    if is_number:
        return np.exp(targets) if rng.random() < 0.5 else -3 * targets
    codes = targets.astype(int)
    names = rng.permutation(["open", "paid", "late", "lost", "sold", "new"])
    return names[codes].tolist() if rng.random() < 0.5 else 10.0 * rng.permutation(6)[codes]


@pytest.mark.parametrize("seed", range(20))
def test_a_column_that_is_the_target_is_found_and_no_other(seed: int) -> None:
    columns, targets, is_number, rng = drawn(seed)
    assert looked_for(columns, targets, of_numbers=is_number) is None
    columns["outcome"] = told(targets, is_number, rng)
    assert looked_for(columns, targets, of_numbers=is_number) == "outcome"


def test_a_rare_class_is_no_excuse() -> None:
    rare = np.zeros(3000)
    rare[-12:] = 1  # not among the first rows, which clear most columns
    assert looked_for({"flag": rare * 4}, rare, of_numbers=False) == "flag"


def test_what_may_be_chance_is_no_leak() -> None:
    rare = np.zeros(30)
    rare[:2] = 1
    pairs = (np.arange(30) // 2).astype(str).tolist()
    assert looked_for({"pair": pairs}, rare, of_numbers=False) is None
    half = np.arange(FEWEST_ROWS) % 2
    assert looked_for({"twin": half}, half, of_numbers=False) == "twin"
    few = half[:-1]
    assert looked_for({"twin": few}, few, of_numbers=False) is None


def test_numbers_of_few_values_or_out_of_order_once_are_no_leak() -> None:
    numbers = np.linspace(0, 1, 100)
    once = numbers.copy()
    once[[40, 41]] = once[[41, 40]]
    assert looked_for({"a": once}, numbers, of_numbers=True) is None
    assert looked_for({"a": np.round(5 * numbers)}, np.round(5 * numbers), of_numbers=True) is None
    ties = np.round(50 * numbers)
    assert looked_for({"a": ties}, numbers, of_numbers=True) is None  # equal values, unequal numbers
    assert looked_for({"a": ties**3}, ties, of_numbers=True) == "a"


def test_sparse_columns_are_not_looked_at() -> None:
    codes = (np.arange(40) % 2).astype(np.float64)
    table = SparseTable.of(sparse.csr_array(codes[:, np.newaxis]), name="t")
    encoder = SparseColumns.fit(table, rows=np.arange(40), scaling=False)
    assert leaking_column(encoder, table.matrix, codes, of_numbers=False) is None


@pytest.mark.parametrize("of_numbers", [False, True])
def test_copies_are_no_leak_of_any_column(of_numbers: bool) -> None:
    rng = np.random.default_rng(0)
    targets = np.repeat(rng.normal(size=100) if of_numbers else rng.integers(0, 2, 100).astype(float), 4)
    columns: dict[str, Any] = {name: np.repeat(rng.normal(size=100), 4) for name in "abc"}
    assert looked_for(columns, targets, of_numbers=of_numbers) is None
    assert looked_for({**columns, "told": 10 - 5 * targets}, targets, of_numbers=of_numbers) == "told"


def test_few_different_rows_hide_no_leak() -> None:
    rng = np.random.default_rng(0)
    rare = (rng.random(3000) < 0.065).astype(float)
    columns = {"x": rng.integers(0, 30, 3000).astype(float), "refunded": 1 - rare}
    assert looked_for(columns, rare, of_numbers=False) == "refunded"

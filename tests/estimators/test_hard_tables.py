"""Tables on which networks commonly fail: the defaults predict them no worse than guessing, and most of them well."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from sklearn.metrics import log_loss

from epoca import MLPClassifier

Labelled = tuple[pd.DataFrame, NDArray[Any]]


def drawn(rng: np.random.Generator, scores: NDArray[np.float64]) -> NDArray[np.int64]:
    return (rng.random(scores.size) < 1 / (1 + np.exp(-scores))).astype(np.int64)


def wide(n: int, rng: np.random.Generator) -> Labelled:
    """Far more columns than rows, two of which tell something."""
    X = rng.normal(size=(n, 600))
    return pd.DataFrame(X).add_prefix("x"), drawn(rng, 4 * (X[:, 0] + X[:, 1]))


def blind(n: int, rng: np.random.Generator) -> Labelled:
    """Columns that tell nothing."""
    return pd.DataFrame(rng.normal(size=(n, 12))).add_prefix("x"), rng.integers(0, 4, n)


def unbalanced(n: int, rng: np.random.Generator) -> Labelled:
    """One row in fifty is of the rare class."""
    X = rng.normal(size=(n, 4))
    return pd.DataFrame(X).add_prefix("x"), drawn(rng, 2.5 * X[:, 0] - 6)


def of_categories(n: int, rng: np.random.Generator) -> Labelled:
    """Four columns of categories, of which each has an effect of its own."""
    codes = rng.integers(0, 12, (n, 4))
    effects = np.random.default_rng(7).normal(0, 1.5, (4, 12))
    frame = pd.DataFrame({f"x{i}": np.array([f"c{code}" for code in codes[:, i]]) for i in range(4)})
    return frame, drawn(rng, effects[range(4), codes].sum(axis=1))


def of_codes(n: int, rng: np.random.Generator) -> Labelled:
    """The same as whole numbers."""
    frame, y = of_categories(n, rng)
    return frame.apply(lambda column: column.str[1:].astype(int)), y


def heavy_tailed(n: int, rng: np.random.Generator) -> Labelled:
    """Numbers over thirty powers of ten, by whose sign and size the classes go."""
    X = rng.standard_cauchy((n, 3)) ** 5
    return pd.DataFrame(X).add_prefix("x"), drawn(rng, 2 * np.sign(X[:, 0]) + np.log10(np.abs(X[:, 1]) + 1e-9))


def excess(make: Callable[[int, np.random.Generator], Labelled], rows: int) -> float:
    """The log-loss on fresh rows in parts of that of guessing."""
    rng = np.random.default_rng(0)
    X, y = make(rows + 3000, rng)
    probabilities = MLPClassifier().fit(X[:rows], y[:rows]).predict_proba(X[rows:])
    classes = np.unique(y)
    shares = np.array([(y[:rows] == label).mean() for label in classes])
    guessing = log_loss(y[rows:], np.tile(shares, (3000, 1)), labels=classes)
    return float(log_loss(y[rows:], probabilities, labels=classes) / guessing)


@pytest.mark.parametrize(
    ("make", "rows", "most"),
    [
        (wide, 80, 1.001),
        (wide, 250, 0.85),
        (blind, 40, 1.001),
        (blind, 1000, 1.001),
        (unbalanced, 400, 0.85),
        (unbalanced, 2000, 0.75),
        (of_categories, 120, 0.95),
        (of_categories, 2000, 0.7),
        (of_codes, 2000, 0.75),
        (heavy_tailed, 30, 1.001),
        (heavy_tailed, 1000, 0.6),
    ],
)
def test_a_hard_table_is_predicted_no_worse_than_by_guessing(make: Any, rows: int, most: float) -> None:
    assert excess(make, rows) <= most

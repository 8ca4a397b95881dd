"""The two columns that tell a model most, of those that a map can show."""

from __future__ import annotations

import numpy as np

from epoca.model import Model
from epoca.report.measured import Measured
from epoca.scores import Score
from epoca.tables.columns import Column, Columns
from epoca.tables.encodings.category import CategoryEncoding
from epoca.tables.encodings.date import DateEncoding
from epoca.tables.encodings.number import NumberEncoding
from epoca.tables.encodings.yes_no import TwoNumbersEncoding, TwoTextsEncoding
from epoca.types import Matrix, Numbers, Rows

_MOST_ROWS, _MOST_COLUMNS = 1000, 20
_FEWEST_ROWS, _FARTHEST = 100, 0.01
_MOST_CATEGORIES = 8
"""More do not fit beside an axis."""


def two_telling_columns(model: Model, measured: Measured) -> tuple[str, str] | None:
    """The two columns whose shuffling makes the model's predictions worst (Breiman 2001, "Random forests").

    They are of numbers or dates if there are two such, for a plane shows how boundaries run; else also categories.

    Parameters
    ----------
    model : Model
        That predicts.
    measured : Measured
        Rows, of which a thousand at most are looked at.

    Returns
    -------
    tuple of str or None
        The more telling one first; None where fewer than two columns can be mapped.
    """
    if not isinstance(model.columns, Columns) or not isinstance(measured.matrix, np.ndarray):
        return None
    places = _places(model.columns)
    candidates = _candidates(model.columns)
    if len(candidates) < 2:
        return None
    rng = np.random.default_rng(0)
    n = len(measured.matrix)
    rows = rng.choice(n, min(n, _MOST_ROWS), replace=False)
    matrix, targets = measured.matrix[rows], measured.targets[rows]
    weights = _first_weights(model)
    candidates.sort(key=lambda name: -float(weights[places[name]].sum()))  # so that of very many a few need be tried
    shuffled = rng.permutation(len(matrix))
    losses = {}
    for name in candidates[:_MOST_COLUMNS]:
        changed: Matrix = matrix.copy()
        changed[:, places[name]] = matrix[shuffled][:, places[name]]
        losses[name] = _loss(model.judged(model.outputs(changed), targets))
    ranked = sorted(losses, key=lambda name: -losses[name])
    return ranked[0], ranked[1]


def rows_near(model: Model, measured: Measured, columns: tuple[str, str]) -> Rows | None:
    """The rows that are not among the farthest hundredth at either end of two columns, for a map of them.

    A few rows far out, as of incomes, would press all others into a corner. None where there are too few rows to leave
    any out, or the columns are no quantities.
    """
    assert isinstance(model.columns, Columns)
    assert isinstance(measured.matrix, np.ndarray)
    if len(measured.matrix) < _FEWEST_ROWS or not {*columns} <= {*_quantities(model.columns)}:
        return None
    places = _places(model.columns)
    values = measured.matrix[:, [places[name][0] for name in columns]]  # encoded, they are in the same order
    low, high = np.quantile(values, (_FARTHEST, 1 - _FARTHEST), axis=0, method="nearest")
    return np.flatnonzero(((values >= low) & (values <= high)).all(axis=1))


def _places(columns: Columns) -> dict[str, Rows]:
    """The encoded columns that each column became."""
    found, first = {}, 0
    for column in columns.used:
        outputs = len(column.encoding.outputs(column.name))
        found[column.name] = np.arange(first, first + outputs)
        first += outputs
    return found


def _first_weights(model: Model) -> Numbers:
    """(d,): the size of all weights that lead from an encoded column into the first layer."""
    weights, _biases = model.layers[0]
    return np.asarray(np.abs(weights).sum(axis=(0, 2)), np.float64)


def _candidates(columns: Columns) -> list[str]:
    quantities = _quantities(columns)
    if len(quantities) > 1:
        return quantities
    return [column.name for column in columns.used if _is_quantity(column) or _is_of_few_categories(column)]


def _quantities(columns: Columns) -> list[str]:
    return [column.name for column in columns.used if _is_quantity(column)]


def _is_quantity(column: Column) -> bool:
    return isinstance(column.encoding, NumberEncoding | DateEncoding)


def _is_of_few_categories(column: Column) -> bool:
    match column.encoding:
        case TwoNumbersEncoding() | TwoTextsEncoding():
            return True
        case CategoryEncoding(categories=categories):
            return len(categories) <= _MOST_CATEGORIES
        case _:
            return False


def _loss(score: Score) -> float:
    if score.rmse is not None:
        return score.rmse
    if score.log_loss is not None:
        return score.log_loss
    assert score.accuracy is not None
    return -score.accuracy

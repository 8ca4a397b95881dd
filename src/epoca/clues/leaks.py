"""Columns that alone say what is to be predicted."""

from __future__ import annotations

import numpy as np

from epoca.tables.columns import Columns
from epoca.tables.encoder import Encoder
from epoca.types import Codes, Matrix, Numbers, Rectangle, SparseMatrix

FEWEST_ROWS = 20
"""Of fewer rows it may well be chance."""

_FIRST_LOOK = 512


def leaking_column(encoder: Encoder, matrix: Rectangle, targets: Numbers, *, of_numbers: bool) -> str | None:
    """The name of a column each of whose values stands for one class, or whose order is that of the numbers.

    Such a column is most often the target under another name, or known only afterwards. Of classes, nearly all rows must
    share their value with others, so that it means something.

    Parameters
    ----------
    encoder : Columns or SparseColumns
        What every column became; sparse columns are not looked at.
    matrix : ndarray, (n, d)
        Encoded training rows.
    targets : ndarray of float64, (n,)
        Their codes or numbers.
    of_numbers : bool
        Whether the target is a number.

    Returns
    -------
    str or None

    Examples
    --------
    >>> codes = np.arange(40) % 2
    >>> columns = Columns.as_they_are(["x", "paid"])
    >>> leaking_column(columns, np.column_stack([np.sin(np.arange(40)), 5 - codes]), codes, of_numbers=False)
    'paid'
    """
    if isinstance(matrix, SparseMatrix) or not isinstance(encoder, Columns) or len(targets) < FEWEST_ROWS:
        return None
    tells = _orders if of_numbers else _names_classes
    end = 0
    for column in encoder.used:
        first, end = end, end + len(column.encoding.outputs(column.name))
        for rows in (slice(_FIRST_LOOK), slice(None)):  # most columns are cleared by a few rows
            if not tells(matrix[rows, first:end], targets[rows]):
                break
        else:
            return column.name
    return None


def _names_classes(values: Matrix, codes: Numbers) -> bool:
    """Whether each value stands for one class, and nearly every row shares its value."""
    value = _numbered(values)
    counts = np.bincount(value)
    if counts.size < 2 or counts[counts > 1].sum() < 0.9 * value.size:
        return False
    pairs = np.unique(value + counts.size * codes.astype(np.int64))
    return bool(pairs.size == counts.size)


def _orders(values: Matrix, numbers: Numbers) -> bool:
    """Whether the values are in the order of the numbers, or in the reverse one, equal ones standing for equal ones."""
    value = values[:, 0]
    order = np.lexsort((numbers, value))
    steps, apart = np.diff(numbers[order]), np.diff(value[order]) > 0
    if len(np.unique(value)) < FEWEST_ROWS or steps[~apart].any():
        return False
    return bool((steps[apart] > 0).all() or (steps[apart] < 0).all())


def _numbered(values: Matrix) -> Codes:
    """(n,): the number of each row's value among the different ones."""
    if values.shape[1] == 1:
        return np.unique(values[:, 0], return_inverse=True)[1]
    return np.unique(values, axis=0, return_inverse=True)[1].reshape(-1)

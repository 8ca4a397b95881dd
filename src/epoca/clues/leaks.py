"""Columns that alone say what is to be predicted."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from epoca.clues.copies import can_be_copies
from epoca.known_rows import row_hashes
from epoca.tables.columns import Columns
from epoca.tables.encoder import Encoder
from epoca.types import Codes, Matrix, Numbers, Rectangle, Rows, SparseMatrix

FEWEST_ROWS = 20
"""Of fewer rows it may well be chance."""

CERTAIN = 1e-3
"""Chance, over all columns together, of finding a column that says nothing."""

_FIRST_LOOK = 512
"""Rows, or pairs of rows, that clear most columns."""


def leaking_column(encoder: Encoder, matrix: Rectangle, targets: Numbers, *, of_numbers: bool) -> str | None:
    """The name of a column each of whose values stands for one class, or whose order is that of the numbers.

    Such a column is most often the target under another name, or known only afterwards. Of classes, nearly all rows
    must share their value with others, and that all rows of a value are of one class must not be chance: drawn by lot,
    m rows are of one class with the probability Σ p_c^m, c over the classes and their shares p_c. Copies of a row count
    once: in them any column names the class.

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
    used = encoder.used
    chance = CERTAIN / max(len(used), 1)
    edges = np.cumsum([0, *(len(column.encoding.outputs(column.name)) for column in used)])
    codes = targets.astype(np.int64)
    cleared = np.zeros(edges.size - 1, bool) if of_numbers else _are_mixed(matrix, codes, edges[:-1])

    def leaks(place: int, rows: Rows | slice) -> bool:
        values = matrix[rows, edges[place] : edges[place + 1]]
        return _orders(values[:, 0], targets[rows]) if of_numbers else _names_classes(values, codes[rows], chance)

    suspects = [place for place in np.flatnonzero(~cleared).tolist() if leaks(place, slice(None))]
    if not suspects:
        return None
    _hashes, different, counts = np.unique(row_hashes(matrix, targets), return_index=True, return_counts=True)
    if not can_be_copies(matrix, targets, counts):
        return used[suspects[0]].name
    return next((used[place].name for place in suspects if leaks(place, different)), None)


def _are_mixed(matrix: Matrix, codes: Codes, firsts: Rows) -> NDArray[np.bool_]:
    """(columns,): whether any two rows of different classes, of a few that are looked at, share a column's value.

    `firsts` are the places at which each column begins.
    """
    one = np.linspace(0, codes.size - 1, _FIRST_LOOK).astype(np.int64)
    other = np.random.default_rng(0).permutation(one)  # a table may be sorted
    differ = codes[one] != codes[other]
    alike = np.logical_and.reduceat(matrix[one[differ]] == matrix[other[differ]], firsts, axis=1)
    return np.asarray(alike.any(axis=0))


def _names_classes(values: Matrix, codes: Codes, chance: float) -> bool:
    """Whether each value stands for one class, nearly every row shares its value, and that is no mere chance."""
    if not _is_of_one_class(_numbered(values[:_FIRST_LOOK]), codes[:_FIRST_LOOK]):
        return False
    value = _numbered(values)
    counts = np.bincount(value)
    if not _is_of_one_class(value, codes) or counts[counts > 1].sum() < 0.9 * value.size:
        return False
    shares = np.unique(codes, return_counts=True)[1] / codes.size
    by_lot = np.logaddexp.reduce(np.outer(np.log(shares), counts), axis=0)
    return bool(by_lot.sum() < np.log(chance))


def _is_of_one_class(value: Codes, codes: Codes) -> bool:
    """Whether the rows of each value are."""
    first = np.zeros(value.max() + 1, np.int64)
    first[value] = codes
    return bool((first[value] == codes).all())


def _orders(value: NDArray[np.floating], numbers: Numbers) -> bool:
    """Whether the values are in the order of the numbers, or in the reverse one, equal ones standing for equal ones."""
    if not _is_in_order(value[:_FIRST_LOOK], numbers[:_FIRST_LOOK]):
        return False
    return np.unique(value).size >= FEWEST_ROWS and _is_in_order(value, numbers)


def _is_in_order(value: NDArray[np.floating], numbers: Numbers) -> bool:
    order = np.lexsort((numbers, value))
    steps, apart = np.diff(numbers[order]), np.diff(value[order]) > 0
    return not steps[~apart].any() and bool((steps[apart] > 0).all() or (steps[apart] < 0).all())


def _numbered(values: Matrix) -> Codes:
    """(n,): the number of each row's value among the different ones."""
    found = values[:, 0] if values.shape[1] == 1 else row_hashes(values, np.zeros(len(values)))
    return np.asarray(np.unique(found, return_inverse=True)[1], np.int64)

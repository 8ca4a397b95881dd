"""Held-out rows that stand among the training rows too."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from epoca.known_rows import row_hashes
from epoca.types import Codes, Numbers, Rectangle, Rows, SparseMatrix

BEYOND_CHANCE = 10
"""Pairs of equal rows must be so many times as frequent as if the columns met by chance, or they are no copies."""

_LOOK = 1000
"""Rows by which it is found how often values meet."""

AGREE = 0.8
"""Copies have the same target. Rows of a table with few different ones meet by chance, and their targets need not."""


def copied_rows(matrix: Rectangle, targets: Numbers, held_out: Sequence[Rows]) -> NDArray[np.bool_]:
    """Which rows, when they are held out, stand among the rows learned from as well, target included.

    Rows may be equal by chance, as rows to come will be too. Then none is a copy. So it is where equal rows are little
    more frequent than by columns that meet by chance, as in a table of a few yes-or-no columns; or where rows that are
    equal in all columns agree in their targets little more often than any rows do, measured as by Cohen's kappa (Cohen
    1960).

    Parameters
    ----------
    matrix : ndarray or SparseMatrix, (n, d)
        Encoded rows, those learned from and those held out.
    targets : ndarray, (n,)
        Codes or numbers.
    held_out : sequence of ndarray of int64
        The rows that each member holds out.

    Returns
    -------
    ndarray of bool, (n,)
        False also for rows that are never held out.

    Examples
    --------
    >>> matrix = np.outer([*range(30), 0], [1.0, 0.5, 2.0])
    >>> copied_rows(matrix, np.arange(31) % 2, [np.array([0, 1])])[:3]
    array([ True, False, False])
    """
    number = _numbered(row_hashes(matrix, targets))
    counts = np.bincount(number)
    found = np.zeros(number.size, bool)
    if not can_be_copies(matrix, targets, counts) or _agreement(matrix, targets, counts[number]) < AGREE:
        return found
    for rows in held_out:
        inside = np.bincount(number[rows], minlength=counts.size)
        found[rows] = counts[number[rows]] > inside[number[rows]]
    return found


def can_be_copies(matrix: Rectangle, targets: Numbers, counts: Codes) -> bool:
    """Whether equal rows are more frequent than columns and target that meet by chance would make them.

    Parameters
    ----------
    matrix : ndarray or SparseMatrix, (n, d)
        Encoded rows.
    targets : ndarray, (n,)
        Codes or numbers.
    counts : ndarray of int64
        How often each different row stands there, target included.

    Returns
    -------
    bool
    """
    if counts.max() == 1:
        return False
    if isinstance(matrix, SparseMatrix):
        return True
    n = targets.size
    equal = float((counts * (counts - 1.0)).sum()) / (n * (n - 1.0))
    some = np.linspace(0, n - 1, min(n, _LOOK)).astype(np.int64)
    by_chance = 1.0
    for values in (targets[some], *matrix[some].T):
        shares = np.unique(values, return_counts=True)[1] / some.size
        by_chance *= float((shares**2).sum())
    return equal > BEYOND_CHANCE * by_chance


def _agreement(matrix: Rectangle, targets: Numbers, equal: Codes) -> float:
    """How far rows that meet others in all columns agree with these in their target beyond chance, 1 for always.

    `equal` are the rows that are equal to each in all columns and the target, itself among them.
    """
    number = _numbered(row_hashes(matrix, np.zeros(targets.size)))
    met = np.bincount(number)[number]
    meets = met > 1
    agree = float(((equal[meets] - 1) / (met[meets] - 1)).mean())
    shares = np.bincount(_numbered(targets)) / targets.size
    by_chance = float((shares**2).sum())
    return (agree - by_chance) / (1 - by_chance) if by_chance < 1 else 0.0


def _numbered(values: NDArray[np.generic]) -> Codes:
    """(n,): the number of each value among the different ones."""
    return np.asarray(np.unique(values, return_inverse=True)[1], np.int64)

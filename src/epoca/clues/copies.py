"""Held-out rows that stand among the training rows too."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from epoca.known_rows import row_hashes
from epoca.types import Codes, Numbers, Rectangle, Rows, SparseMatrix

FEW = 20
"""Fewer different rows than these are a table of all there is, such as that of an "and": equal rows are no copies."""

MOST_TIMES = 10
"""Rows that stand more often on average are a table of few different ones, not copies."""

MOSTLY = 0.8
"""Where more of the rows are copies, the rest are too few to show what is owed to them."""

AGREE = 0.8
"""Copies have the same target. Rows of a table with few different ones meet by chance, and their targets need not."""


def copied_rows(matrix: Rectangle, targets: Numbers, held_out: Sequence[Rows]) -> NDArray[np.bool_]:
    """Which rows, when they are held out, stand among the rows learned from as well, target included.

    Of fewer than `FEW` different rows none is a copy. Nor where rows that are equal in all columns agree in their
    targets little more often than any rows do: then they are equal by chance, as rows to come will be too. It is
    measured as by Cohen's kappa (Cohen 1960).

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
    >>> matrix = np.array([*range(30), 0.0])[:, np.newaxis]
    >>> copied_rows(matrix, np.arange(31) % 2, [np.array([0, 1])])[:3]
    array([ True, False, False])
    """
    number = _numbered(row_hashes(matrix, targets))
    counts = np.bincount(number)
    found = np.zeros(number.size, bool)
    if counts.max() == 1 or counts.size < FEW or _agreement(matrix, targets, counts[number]) < AGREE:
        return found
    for rows in held_out:
        inside = np.bincount(number[rows], minlength=counts.size)
        found[rows] = counts[number[rows]] > inside[number[rows]]
    seen = np.concatenate(held_out) if len(held_out) else np.zeros(0, np.int64)
    if found[seen].mean() > MOSTLY and not can_be_copies(matrix, np.unique(number, return_index=True)[1]):
        found[:] = False
    return found


def can_be_copies(matrix: Rectangle, different: Rows) -> bool:
    """Whether equal rows cannot have met by chance: some column nearly tells the different rows, no few, apart.

    Of tables of a few yes-or-no columns all rows come back, with copies or without.
    """
    if isinstance(matrix, SparseMatrix) or different.size < max(FEW, len(matrix) / MOST_TIMES):
        return False
    return any(np.unique(column).size > different.size / 2 for column in matrix[different].T)


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

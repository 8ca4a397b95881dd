"""Held-out rows that stand among the training rows too."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from epoca.known_rows import row_hashes
from epoca.types import Numbers, Rectangle, Rows


def copied_rows(matrix: Rectangle, targets: Numbers, held_out: Sequence[Rows]) -> NDArray[np.bool_]:
    """Which rows, when they are held out, stand among the rows learned from as well, target included.

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
    >>> copied_rows(np.array([[1.0], [2.0], [1.0]]), np.zeros(3), [np.array([0])])
    array([ True, False, False])
    """
    number = np.unique(row_hashes(matrix, targets), return_inverse=True)[1]
    counts = np.bincount(number)
    found = np.zeros(number.size, bool)
    for rows in held_out:
        inside = np.bincount(number[rows], minlength=counts.size)
        found[rows] = counts[number[rows]] > inside[number[rows]]
    return found

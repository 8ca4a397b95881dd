"""Whether held-out rows are like those learned from."""

from __future__ import annotations

import math

import numpy as np

from epoca.types import Matrix

CERTAIN = 1e-4
"""Chance, over all columns together, of finding rows unlike that are not."""

LEAST_DISTANCE = 0.15
"""Smaller differences of distribution do not matter, however certain."""


def unlike_column(learned: Matrix, held_out: Matrix) -> int | None:
    """The column in which held-out rows are most unlike those learned from, if that is beyond chance.

    By the two-sample test of Kolmogorov and Smirnov, the chance shared out over the columns (Bonferroni).

    Parameters
    ----------
    learned, held_out : ndarray, (n, d) and (m, d)
        Encoded rows, perhaps with the target as a further column.

    Returns
    -------
    int or None
        The column's index.

    Examples
    --------
    >>> rows = np.random.default_rng(0).normal(size=(300, 2))
    >>> unlike_column(rows[:200], rows[200:]), unlike_column(rows[:200], rows[200:] + [0.0, 1.0])
    (None, 1)
    """
    n, m = len(learned), len(held_out)
    if min(n, m) == 0:
        return None
    distances = np.array([_distance(one, other) for one, other in zip(learned.T, held_out.T, strict=True)])
    # The asymptotic tail of the distance's distribution, 2 exp(-2 D² nm / (n + m)), solved for D.
    bound = math.sqrt(math.log(2 * distances.size / CERTAIN) * (n + m) / (2 * n * m))
    worst = int(distances.argmax())
    return worst if distances[worst] > max(bound, LEAST_DISTANCE) else None


def _distance(one: Matrix, other: Matrix) -> float:
    """The largest difference of two samples' distribution functions."""
    both = np.concatenate([one, other])
    below_one = np.searchsorted(np.sort(one), both, side="right") / one.size
    below_other = np.searchsorted(np.sort(other), both, side="right") / other.size
    return float(np.abs(below_one - below_other).max())

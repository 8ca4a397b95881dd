"""What the errors of neighbouring rows have in common: structure that was not learned, or noise that was."""

from __future__ import annotations

import numpy as np

from epoca.types import Matrix, Numbers

MOST_ROWS = 1500
"""Of more rows a random sample is looked at."""

NEIGHBOURS = 5
SHUFFLES = 40


def shared_error(matrix: Matrix, errors: Numbers, *, seed: int) -> tuple[float, float]:
    """The correlation of held-out rows' errors with those of their nearest neighbours, and its standard error by chance.

    Where the probabilities are right, the errors that are left are noise, and neighbours' noise has nothing in common.
    Where a network is too small or stopped too early, it errs alike on neighbouring rows: the correlation is above 0.
    Where it has learned noise, a row's own label drew the predictions of its neighbours its way: the correlation is below
    0. As a test of fit this is Moran's I (Moran 1950) over the nearest neighbours.

    Parameters
    ----------
    matrix : ndarray, (n, d)
        Encoded rows.
    errors : ndarray of float64, (n, c)
        What happened, as 0 and 1 for each class or as a number, less what was predicted by members that held it out.
    seed : int
        Of the sample, and of the orders by which chance is measured.

    Returns
    -------
    correlation, error : float
        0 and infinity where there are too few rows.

    Examples
    --------
    >>> x = np.linspace(0, 6, 300)[:, np.newaxis]
    >>> correlation, error = shared_error(x, np.sin(x), seed=0)
    >>> bool(correlation > 0.9), bool(error < 0.1)
    (True, True)
    """
    generator = np.random.default_rng((seed, 4))
    chosen = generator.permutation(len(errors))[:MOST_ROWS]
    if chosen.size <= 2 * NEIGHBOURS:
        return 0.0, np.inf
    rows = np.asarray(matrix[chosen], np.float32)
    own = errors[chosen] - errors[chosen].mean(axis=0)
    size = float((own**2).sum())
    if size == 0:
        return 0.0, np.inf
    beside = _nearest(rows)

    def correlation(left: Numbers) -> float:
        return float((left * left[beside].mean(axis=1)).sum() / size)

    by_chance = [correlation(own[generator.permutation(chosen.size)]) for _ in range(SHUFFLES)]
    return correlation(own), float(np.std(by_chance, ddof=1))


def _nearest(rows: Matrix) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    """(n, NEIGHBOURS): the nearest other rows of each."""
    squares = np.einsum("ij,ij->i", rows, rows)
    found = np.empty((len(rows), NEIGHBOURS), np.int64)
    for first in range(0, len(rows), 512):
        block = slice(first, first + 512)
        distances = squares - 2 * rows[block] @ rows.T
        distances[np.arange(len(distances)), np.arange(first, first + len(distances))] = np.inf
        found[block] = np.argpartition(distances, NEIGHBOURS, axis=1)[:, :NEIGHBOURS]
    return found

"""What the errors of neighbouring rows have in common: structure that was not learned, or noise that was."""

from __future__ import annotations

import math

import numpy as np

from epoca.learners.feedforward import HEADS, Shape, evaluate
from epoca.types import Matrix, Numbers, Rows

MOST_ROWS = 1000
"""Of more rows a random sample is looked at: distances of all pairs cost the square."""

NEIGHBOURS = 5


def shared_error(matrix: Matrix, errors: Numbers, *, seed: int) -> tuple[float, float]:
    """The correlation of held-out rows' errors with those of their nearest neighbours, and its standard error.

    Where the probabilities are right, the errors that are left are noise, and neighbours' noise has nothing in common.
    Where a network is too small or stopped too early, it errs alike on neighbouring rows: the correlation is above 0.
    Where it has learned noise, a row's own label drew the predictions of its neighbours its way: the correlation is
    below 0. As a test of fit this is Moran's I (Moran 1950) over the nearest neighbours. The standard error is that of
    a sum of products of independent errors, each of its own size, since rows near a border of classes have larger ones.

    Parameters
    ----------
    matrix : ndarray, (n, d)
        Encoded rows.
    errors : ndarray of float64, (n, c)
        What happened, as 0 and 1 for each class or as a number, less what was predicted by members that held it out.
    seed : int
        Of the sample.

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
    chosen = np.arange(len(errors))
    if chosen.size > MOST_ROWS:
        chosen = np.random.default_rng((seed, 4)).permutation(chosen)[:MOST_ROWS]
    if chosen.size <= 2 * NEIGHBOURS:
        return 0.0, np.inf
    own = errors[chosen] - errors[chosen].mean(axis=0)
    size = float((own**2).sum())
    if size == 0:
        return 0.0, np.inf
    beside = _nearest(matrix[chosen])
    products = np.einsum("ic,ijc->ij", own, own[beside])
    one_of_two = (beside[beside] == np.arange(chosen.size)[:, np.newaxis, np.newaxis]).any(axis=2)
    squares = products**2 * np.where(one_of_two, 2, 1)  # a pair that counts twice has twice the deviation
    scale = NEIGHBOURS * size
    return float(products.sum()) / scale, math.sqrt(squares.sum()) / scale


def _nearest(rows: Matrix) -> Rows:
    """(n, NEIGHBOURS): the nearest other rows of each.

    Of a layer whose weights are the rows, and whose biases half their squares below 0, the score of each row is the
    higher the nearer it is. NumPy's own product would leave a thread of BLAS turning on a core for 30 ms.
    """
    n, d = rows.shape
    layer = np.concatenate([rows.T.ravel(), -0.5 * np.einsum("ij,ij->i", rows, rows)])
    nearness, nothing, own = np.empty((n, n), rows.dtype), np.zeros(n, rows.dtype), np.arange(n)
    evaluate(layer, Shape(np.array([d, n]), 0, HEADS["identity"]), rows, nothing, nothing, own, np.empty(n), nearness)
    nearness[own, own] = -np.inf
    found = np.empty((n, NEIGHBOURS), np.int64)
    for nth in range(NEIGHBOURS):  # a few maxima take a sixth of the time of a partition
        found[:, nth] = nearest = nearness.argmax(axis=1)
        nearness[own, nearest] = -np.inf
    return found

"""What a population predicts: the mean of its members' probabilities, votes or numbers."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from epoca.cores import n_cores
from epoca.learners.feedforward import BLOCK, HEADS, Shape, add_predictions
from epoca.types import Matrix, Parameters

_BLOCKS_A_THREAD = 16


def predictions(parameters: Parameters, shape: Shape, matrix: Matrix) -> NDArray[np.float64]:
    """The mean of the members' predictions, computed in float64.

    A row's prediction is the same bit by bit whatever rows stand beside it and however many threads compute.

    Parameters
    ----------
    parameters : ndarray, (k, P)
        The members.
    shape : Shape
        Of each of them.
    matrix : ndarray, (n, d)
        Encoded rows.

    Returns
    -------
    ndarray of float64, (n, c)
        Probabilities of c classes; a perceptron's share of votes; of numbers (n, 1).

    Examples
    --------
    >>> shape = Shape(np.array([2, 1]), 0, HEADS["logistic"])
    >>> predictions(np.array([[1.0, -1.0, 0.0]]), shape, np.array([[3.0, 3.0]], np.float32))
    array([[0.5, 0.5]])
    """
    outputs = int(shape.sizes[-1])
    columns = outputs if outputs > 1 or shape.head == HEADS["identity"] else 2
    out = np.zeros((matrix.shape[0], columns))
    members = np.ascontiguousarray(parameters, np.float64)

    def work(first: int, last: int) -> None:
        for member in members:
            add_predictions(member, shape, matrix[first:last], out[first:last])
        out[first:last] /= len(members)

    step = BLOCK * _BLOCKS_A_THREAD
    if matrix.shape[0] <= step:
        work(0, matrix.shape[0])
        return out
    with ThreadPoolExecutor(n_cores(), "epoca-predict") as threads:
        list(threads.map(lambda first: work(first, first + step), range(0, matrix.shape[0], step)))
    return out

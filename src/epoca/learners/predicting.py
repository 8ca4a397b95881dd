"""What a population predicts: the mean of its members' probabilities, sums or numbers."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from epoca.cores import n_cores
from epoca.learners.feedforward import BLOCK, HEADS, Shape, add_predictions
from epoca.types import Parameters, Rectangle, Rows, SparseMatrix

_BLOCKS_A_THREAD = 16


def predictions(
    parameters: Parameters, shape: Shape, matrix: Rectangle, rows: Rows | None = None
) -> NDArray[np.float64]:
    """The mean of the members' predictions, computed in float64.

    A row's prediction is the same bit by bit whatever rows stand beside it and however many threads compute.

    Parameters
    ----------
    parameters : ndarray, (k, P)
        The members.
    shape : Shape
        Of each of them.
    matrix : ndarray or SparseMatrix, (n, d)
        Encoded rows.
    rows : ndarray of int64, (m,), optional
        Those to predict; all by default.

    Returns
    -------
    ndarray of float64, (m, c)
        Probabilities of c classes; of perceptrons their sums, (m, 1) for two classes; of numbers (m, 1).

    Examples
    --------
    >>> shape = Shape(np.array([2, 1]), 0, HEADS["logistic"])
    >>> predictions(np.array([[1.0, -1.0, 0.0]]), shape, np.array([[3.0, 3.0]], np.float32))
    array([[0.5, 0.5]])
    """
    outputs = int(shape.sizes[-1])
    columns = 2 if shape.head == HEADS["logistic"] else outputs
    rows = np.arange(matrix.n_rows if isinstance(matrix, SparseMatrix) else matrix.shape[0]) if rows is None else rows
    out = np.zeros((rows.size, columns))
    members = np.ascontiguousarray(parameters, np.float64)

    def work(first: int, last: int) -> None:
        for member in members:
            add_predictions(member, shape, matrix, rows[first:last], out[first:last])
        out[first:last] /= len(members)

    step = BLOCK * _BLOCKS_A_THREAD
    if rows.size <= step:
        work(0, rows.size)
        return out
    with ThreadPoolExecutor(n_cores(), "epoca-predict") as threads:
        list(threads.map(lambda first: work(first, first + step), range(0, rows.size, step)))
    return out

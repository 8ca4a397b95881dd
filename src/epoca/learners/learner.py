"""What every learner is: how it starts, and how it learns for one epoch."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, Protocol, final

import numpy as np
from numpy.typing import NDArray

from epoca.learners.feedforward import Shape
from epoca.learners.randomness import shuffle
from epoca.types import Codes, Numbers, Parameters, Rectangle, Rows, SparseMatrix

Signals = NDArray[np.int64]
"""(1,): anything but 0 asks a running epoch to end soon."""


class Examples(NamedTuple):
    """The rows to learn from, all three of one dtype.

    The weights are 1 on the mean: a row of weight 2 counts as much as two of weight 1.
    """

    matrix: Rectangle
    """(n, d), C-contiguous, or sparse."""
    targets: Parameters
    """(n,): codes, or standardised numbers."""
    weights: Parameters
    """(n,)."""


def examples(
    matrix: Rectangle,
    targets: Codes | Numbers,
    *,
    dtype: type[np.floating],
    row_weights: Numbers | None = None,
    class_weights: Numbers | None = None,
) -> Examples:
    """Rows to learn from, every row counting as much as its weight times that of its class.

    Parameters
    ----------
    matrix : ndarray or SparseMatrix, (n, d)
        Encoded rows.
    targets : ndarray, (n,)
        Codes, or standardised numbers.
    dtype : type
        The learner's.
    row_weights : ndarray of float64, (n,), optional
        At least 0, not all 0.
    class_weights : ndarray of float64, (c,), optional
        By code.

    Returns
    -------
    tuple
        The three arrays, as `Examples`.

    Examples
    --------
    >>> examples(np.ones((3, 1)), np.array([0, 0, 1]), dtype=np.float32, class_weights=np.array([1.0, 4.0])).weights
    array([0.5, 0.5, 2. ], dtype=float32)
    """
    weights = np.ones(targets.size) if row_weights is None else row_weights
    if class_weights is not None:
        weights = weights * class_weights[targets.astype(np.int64)]
    if isinstance(matrix, SparseMatrix):
        matrix = matrix._replace(values=matrix.values.astype(dtype, copy=False))
    else:
        matrix = np.ascontiguousarray(matrix, dtype)
    return Examples(matrix, np.asarray(targets, dtype), np.asarray(weights / weights.mean(), dtype))


@final
@dataclass(kw_only=True)
class State:
    """One member in training: one flat buffer, a generator, the order of its rows.

    Parameters
    ----------
    buffer : ndarray
        Parameters, then the optimizer's moments, then the gains of a network's inputs; copying it copies the member.
    n_parameters : int
        P.
    order : ndarray of int64, (m,)
        The member's rows as last shuffled.
    random : ndarray of uint64, (1,)
        State of the member's generator.
    steps : int
        Updates made.
    ahead : int
        Where `order` is a part of an epoch's, the row that comes next; else -1.
    begun : float
        What a neuron already knows of the sum of that row, or NaN.
    """

    buffer: Parameters
    n_parameters: int
    order: Rows
    random: NDArray[np.uint64]
    steps: int = 0
    ahead: int = -1
    begun: float = math.nan

    @property
    def parameters(self) -> Parameters:
        """(P,): weights and biases, a view."""
        return self.buffer[: self.n_parameters]

    @property
    def moments(self) -> Parameters:
        """(2 or 0, P): the optimizer's memory, a view."""
        return self.buffer[self.n_parameters : 3 * self.n_parameters].reshape(-1, self.n_parameters)

    @property
    def gains(self) -> Parameters:
        """(3, inputs): what multiplies the weights of each input, and the memory of it; (3, 0) for none; a view."""
        return self.buffer[3 * self.n_parameters :].reshape(3, -1)

    def set(self, index: int | list[int], value: float | list[float]) -> None:
        """Change weights by hand."""
        self.parameters[index] = value
        self.begun = math.nan

    def copy(self) -> State:
        """The member as it is now, its rows left out: what there is to keep."""
        return replace(self, buffer=self.buffer.copy(), random=self.random.copy(), order=np.empty(0, np.int64))

    def shuffle(self, rows: Rows) -> None:
        """Put the member's rows, given in any fixed order, in a new random one that hangs on `random` alone."""
        self.order[:] = rows
        shuffle(self.order, self.random)


class Learner(Protocol):
    """What learns: perceptron, neuron, network."""

    @property
    def shape(self) -> Shape:
        """What kernels must know of its form."""

    @property
    def dtype(self) -> type[np.floating]:
        """Of its parameters, and of the examples it learns from."""

    @property
    def batch_size(self) -> int:
        """Rows of one update."""

    def init(self, *, rows: Rows, seed: tuple[int, ...]) -> State:
        """A member at its start, about to learn from these rows."""

    def epoch(self, state: State, examples: Examples, *, learning_rate: float, signals: Signals) -> float:
        """One pass over the member's rows in their order; returns the norm of the gradient."""

    def norm_of(self, parts: Sequence[tuple[int, float]]) -> float:
        """The norm of the gradient over an epoch made in parts, of each of which rows and norm are given."""

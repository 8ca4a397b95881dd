"""The neuron: a weighted sum and a bias turned into probabilities, learning row after row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import numpy as np

from epoca.learners.feedforward import HEADS, Shape
from epoca.learners.learner import Examples, Signals, State
from epoca.learners.online import learned_online, norm_of_parts, online_start
from epoca.types import Parameters, Rows


@final
@dataclass(frozen=True, kw_only=True)
class Neuron:
    """A logistic neuron for two classes, a softmax neuron for more, a linear one for numbers.

    Learns by w ← w + α(y − ŷ)x, b ← b + α(y − ŷ), one row at a time (Widrow and Hoff 1960; for the logistic neuron it
    is gradient descent on the cross-entropy: Bishop 2006, section 4.3.2).

    Parameters
    ----------
    sizes : tuple of int
        Inputs and outputs: 1 output for two classes or a number, c for c classes.
    head : {"logistic", "softmax", "identity"}
        Two classes; several; a number.
    dtype : type
        numpy.float32 or numpy.float64.
    start : ndarray, (P,), optional
        Weights (inputs × outputs, row by row) and biases to start from; without it, or where it is NaN, weights are
        drawn from N(0, 1/√inputs) and biases are 0.
    """

    sizes: tuple[int, int]
    head: str
    dtype: type[np.floating] = np.float32
    start: Parameters | None = None

    @property
    def shape(self) -> Shape:
        """What kernels must know of its form."""
        return Shape(np.array(self.sizes), 0, HEADS[self.head])

    @property
    def batch_size(self) -> int:
        """One row an update."""
        return 1

    def init(self, *, rows: Rows, seed: tuple[int, ...]) -> State:
        """A member at its start.

        Parameters
        ----------
        rows : ndarray of int64, (m,)
            The rows it is going to learn from.
        seed : tuple of int
            Of its weights and its shuffling.

        Returns
        -------
        State
        """
        return online_start(self.sizes, dtype=self.dtype, start=self.start, rows=rows, seed=seed)

    def epoch(self, state: State, examples: Examples, *, learning_rate: float, signals: Signals) -> float:
        """One pass over the member's rows in their order.

        Parameters
        ----------
        state : State
            The member, improved in place.
        examples : Examples
            Of the neuron's dtype.
        learning_rate : float
            α.
        signals : ndarray of int64, (1,)
            Anything but 0 ends the epoch soon.

        Returns
        -------
        float
            Root mean square of the rows' gradient norms.
        """
        return learned_online(state, examples, self.shape, learning_rate=learning_rate, signals=signals)

    def norm_of(self, parts: Sequence[tuple[int, float]]) -> float:
        """The norm over an epoch made in parts, (rows, norm) each: the root of the rows' mean square."""
        return norm_of_parts(parts)

"""The perceptron: a weighted sum and a step, learning from its mistakes alone."""

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
class Perceptron:
    """Two classes by one step, c classes by the largest of c sums.

    A row called wrongly moves the weights of its class by αx and those of the class it was called by −αx; a row called
    rightly moves nothing (Rosenblatt 1958, "The perceptron"; for c classes Duda, Hart, Stork 2001, section 5.12.1).

    Parameters
    ----------
    sizes : tuple of int
        Inputs and outputs: 1 output for two classes, c for c classes.
    dtype : type
        numpy.float32 or numpy.float64.
    start : ndarray, (P,), optional
        Weights (inputs × outputs, row by row) and biases to start from; without it, or where it is NaN, weights are
        drawn from N(0, 1/√inputs) and biases are 0.
    """

    sizes: tuple[int, int]
    dtype: type[np.floating] = np.float32
    start: Parameters | None = None

    @property
    def shape(self) -> Shape:
        """What kernels must know of its form."""
        return Shape(np.array(self.sizes), 0, HEADS["step"])

    @property
    def batch_size(self) -> int:
        """One row an update."""
        return 1

    def init(self, *, rows: Rows, seed: tuple[int, ...]) -> State:
        """A member at its start, see `Neuron.init`."""
        return online_start(self.sizes, dtype=self.dtype, start=self.start, rows=rows, seed=seed)

    def epoch(self, state: State, examples: Examples, *, learning_rate: float, signals: Signals) -> float:
        """One pass over the member's rows in their order, see `Neuron.epoch`."""
        return learned_online(state, examples, self.shape, learning_rate=learning_rate, signals=signals)

    def norm_of(self, parts: Sequence[tuple[int, float]]) -> float:
        """The norm over an epoch made in parts, (rows, norm) each: the root of the rows' mean square."""
        return norm_of_parts(parts)

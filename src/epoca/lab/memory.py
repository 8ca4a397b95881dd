"""Where a run stood after each of its epochs, in a bounded space."""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import numpy as np
from numpy.typing import NDArray

from epoca.learners.learner import State
from epoca.training.history import History
from epoca.training.loop import Checkpoint
from epoca.types import Numbers, Parameters

NEWEST, FEWEST = 4, 12
"""So many of the newest epochs are kept whatever becomes of the older ones, since one step back is what is asked for
most; and so many in all, however large."""

AGAIN = 8
"""So many of those that were computed again are kept, since who looks back looks at an epoch and its neighbours."""


@final
@dataclass(frozen=True, kw_only=True)
class Moment:
    """Where a training stood after an epoch; the arrays of all members side by side, for small ones cost room too.

    Parameters
    ----------
    epoch : int
        How many epochs were finished.
    buffers : ndarray, (k, size)
        Of the members' states.
    random : ndarray of uint64, (k,)
        Of their generators.
    steps : tuple of int
        Updates made by each.
    best_parameters : ndarray, (k, P)
        See `Training`.
    least : ndarray of float64, (k,)
        See `Checkpoint`.
    """

    epoch: int
    buffers: Parameters
    random: NDArray[np.uint64]
    steps: tuple[int, ...]
    best_parameters: Parameters
    least: Numbers

    @classmethod
    def of(cls, checkpoint: Checkpoint) -> Moment:
        """The moment of a checkpoint."""
        return cls(
            epoch=len(checkpoint.history),
            buffers=np.array([state.buffer for state in checkpoint.states]),
            random=np.array([state.random[0] for state in checkpoint.states]),
            steps=tuple(state.steps for state in checkpoint.states),
            best_parameters=checkpoint.best_parameters,
            least=checkpoint.least,
        )

    @property
    def n_bytes(self) -> int:
        """About how much room it takes."""
        return self.buffers.nbytes + self.random.nbytes + self.best_parameters.nbytes + self.least.nbytes + 1000

    def parameters(self) -> Parameters:
        """(k, P): the members as they were; a view."""
        return self.buffers[:, : self.best_parameters.shape[1]]

    def checkpoint(self, history: History) -> Checkpoint:
        """From where to go on, with the history of a training that came by here."""
        n_parameters = self.best_parameters.shape[1]
        states = [
            State(
                buffer=buffer,
                n_parameters=n_parameters,
                order=np.empty(0, np.int64),
                random=self.random[place : place + 1],
                steps=self.steps[place],
            )
            for place, buffer in enumerate(self.buffers)
        ]
        before = history.copy(until=self.epoch)
        return Checkpoint(states=states, history=before, best_parameters=self.best_parameters, least=self.least)


@final
class Memory:
    """The moments of a run by epoch: every one while there is room, then every second, every fourth and so on.

    Beside them the last that were computed again.

    Parameters
    ----------
    room : int
        Bytes.
    """

    def __init__(self, *, room: int) -> None:
        self._room = room
        self._stride = 1
        self._moments: list[Moment] = []
        self._again: deque[Moment] = deque(maxlen=AGAIN)
        self._used = 0

    @property
    def moments(self) -> Sequence[Moment]:
        """Those that are kept, by ascending epochs."""
        return self._moments

    def keep(self, moment: Moment) -> None:
        """Add the newest moment."""
        self._moments.append(moment)
        self._used += moment.n_bytes
        if len(self._moments) > NEWEST:
            self._forget_unless(len(self._moments) - NEWEST - 1)
        while self._used > self._room and len(self._moments) > FEWEST:
            self._stride *= 2
            for place in reversed(range(len(self._moments) - NEWEST)):
                self._forget_unless(place)

    def keep_again(self, moment: Moment) -> None:
        """Add a moment that was computed again; the one that has been here longest goes."""
        self._again.append(moment)

    def before(self, epoch: int) -> Moment:
        """The moment of an epoch, or the nearest before it."""
        kept = self._moments[bisect_right(self._moments, epoch, key=lambda moment: moment.epoch) - 1]
        again = [moment for moment in self._again if moment.epoch <= epoch]
        return max([kept, *again], key=lambda moment: moment.epoch)

    def forget_after(self, epoch: int) -> None:
        """Keep nothing of later epochs."""
        self._moments = [moment for moment in self._moments if moment.epoch <= epoch]
        self._used = sum(moment.n_bytes for moment in self._moments)
        self._again = deque((moment for moment in self._again if moment.epoch <= epoch), maxlen=AGAIN)

    def _forget_unless(self, place: int) -> None:
        """Leave a moment out whose epoch is no multiple of the stride."""
        if self._moments[place].epoch % self._stride:
            self._used -= self._moments.pop(place).n_bytes

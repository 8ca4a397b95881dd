"""How the learning rate goes on from epoch to epoch."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol, final


class Schedule(Protocol):
    """A learning rate for every epoch."""

    def __call__(self, epoch: int) -> float:
        """The learning rate of an epoch, counted from 1."""


@final
@dataclass(frozen=True)
class Constant:
    """The same rate in every epoch.

    Parameters
    ----------
    rate : float
        The learning rate.
    """

    rate: float

    def __call__(self, epoch: int) -> float:
        """The rate, whatever the epoch."""
        del epoch
        return self.rate


@final
@dataclass(frozen=True)
class Cosine:
    """From the full rate down to nearly 0 along half a cosine (Loshchilov and Hutter 2017, "SGDR").

    Parameters
    ----------
    rate : float
        The learning rate of the first epoch.
    epochs : int
        The number of epochs over which it falls.

    Examples
    --------
    >>> [round(Cosine(0.1, 4)(epoch), 4) for epoch in (1, 2, 3, 4)]
    [0.1, 0.0854, 0.05, 0.0146]
    """

    rate: float
    epochs: int

    def __call__(self, epoch: int) -> float:
        """The rate of an epoch."""
        gone = min((epoch - 1) / self.epochs, 1)
        return self.rate * 0.5 * (1 + math.cos(math.pi * gone))

"""Where a curve that still falls is going."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np

from epoca.messages import Message
from epoca.training.history import History
from epoca.training.paired import HELD_OUT
from epoca.types import Numbers

POWERS = np.linspace(0.1, 3.0, 30)
"""The exponents that are tried."""

FEWEST_EPOCHS = 6
"""Fewer do not show how a curve bends."""


@final
@dataclass(frozen=True, kw_only=True)
class Forecast:
    """What training on is expected to bring.

    Parameters
    ----------
    slope, slope_error : float
        By how much the held-out loss changed an epoch over the last epochs; negative where it fell.
    epochs : int
        Twice as many as were trained.
    gain, gain_error : float
        By how much lower the mean held-out loss is expected to be then, and its standard error over the members;
        infinite with a single one.
    """

    slope: float
    slope_error: float
    epochs: int
    gain: float
    gain_error: float

    @property
    def sentence(self) -> Message:
        """What is expected, in words."""
        return Message(
            "It was still falling by {slope} an epoch; by epoch {epochs} it may be lower by {gain} ± {error}.",
            slope=float(f"{-self.slope:.2g}"),
            epochs=self.epochs,
            gain=float(f"{self.gain:.2g}"),
            error=float(f"{self.gain_error:.2g}"),
        )


def forecast(history: History, *, window: int, curve: str = HELD_OUT) -> Forecast | None:
    """Fit a + b·t^(-c) to every member's curve and read it at twice the epochs.

    Loss falls along such power laws in training as in data (Domhan, Springenberg, Hutter 2015, "Speeding up automatic
    hyperparameter optimization", fits this one among others). The first quarter of the epochs, the steep start, is
    left out. A member's c is that of least squares, its b at least 0.

    Parameters
    ----------
    history : History
        Of a training.
    window : int
        How many of the last epochs the slope is measured over.
    curve : str
        A field of `Findings`.

    Returns
    -------
    Forecast or None
        None where there are too few epochs, or losses that are no numbers.

    Examples
    --------
    >>> epochs = np.arange(1, 41)[:, np.newaxis]
    >>> found = forecast(History.of_curves(held_out_loss=0.3 + np.array([0.5, 0.6]) / epochs), window=10)
    >>> round(found.gain, 4), round(0.55 / 40 - 0.55 / 80, 4)
    (0.0069, 0.0069)
    """
    losses = history.members(curve)
    n = len(losses)
    if n < FEWEST_EPOCHS or not np.isfinite(losses[n // 4 :]).all():
        return None
    slopes = _slopes(losses[-max(min(window, n), 2) :])
    gains = _gains(losses[n // 4 :], np.arange(n // 4 + 1.0, n + 1), later=2 * n)
    return Forecast(
        slope=float(slopes.mean()),
        slope_error=_error(slopes),
        epochs=2 * n,
        gain=float(gains.mean()),
        gain_error=_error(gains),
    )


def _slopes(losses: Numbers) -> Numbers:
    """(k,): the slope of each member's losses, by least squares."""
    times = np.arange(len(losses)) - (len(losses) - 1) / 2
    found: Numbers = times @ losses / (times @ times)
    return found


def _gains(losses: Numbers, times: Numbers, *, later: int) -> Numbers:
    """(k,): how much lower each member's fitted curve is at a later time."""
    least = np.full(losses.shape[1], np.inf)
    gains = np.zeros(losses.shape[1])
    for power in POWERS:
        shape = times**-power
        centred = shape - shape.mean()
        b = np.maximum(centred @ losses / (centred @ centred), 0.0)
        left = losses - losses.mean(axis=0) - np.outer(centred, b)
        squares = (left**2).sum(axis=0)
        is_better = squares < least
        least[is_better] = squares[is_better]
        gains[is_better] = (b * (times[-1] ** -power - later**-power))[is_better]
    return gains


def _error(values: Numbers) -> float:
    return float(values.std(ddof=1) / np.sqrt(values.size)) if values.size > 1 else np.inf

"""Where a curve that still falls is going."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import final

import numpy as np

from epoca.learners.population import HELD_OUT
from epoca.messages import Message, in_step
from epoca.training.history import History
from epoca.types import Numbers

RATES = np.geomspace(0.3, 30, 30)
"""The rates of decay that are tried: how many times e-fold over all epochs so far."""

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
        By how much lower the mean held-out loss is expected to be then, and its standard error; infinite with a single
        member.
    """

    slope: float
    slope_error: float
    epochs: int
    gain: float
    gain_error: float

    @property
    def sentence(self) -> Message:
        """What is expected, in words."""
        gain = Message("{gain}", gain=float(f"{self.gain:.2g}"))
        if math.isfinite(self.gain_error):
            gained, error = in_step(self.gain, self.gain_error)
            gain = Message("{gain} ± {error}", gain=gained, error=error)
        if self.slope >= 0:
            return Message(
                "It was no longer falling at the end; by epoch {epochs} it may be lower by {gain}.",
                epochs=self.epochs,
                gain=gain,
            )
        return Message(
            "It was still falling by {slope} an epoch; by epoch {epochs} it may be lower by {gain}.",
            slope=float(f"{-self.slope:.2g}"),
            epochs=self.epochs,
            gain=gain,
        )


def forecast(history: History, *, window: int, curve: str = HELD_OUT) -> Forecast | None:
    """Fit a + b·exp(-r·t) to every member's curve and read it at twice the epochs.

    The first half of the epochs, the steep start, is left out; a member's r is that of least squares, its b at least 0.
    The error holds, beside the scatter of the members, by how much the same forecast would have missed when half of the
    epochs were trained: that a curve is about to turn it cannot see. Of the families of curves in use (Domhan,
    Springenberg, Hutter 2015, "Speeding up automatic hyperparameter optimization") this one promised less that did not
    come than power laws (``benchmarks/LOG.md``).

    Parameters
    ----------
    history : History
        Of a training.
    window : int
        How many of the last epochs the slope is measured over, at most half of all.
    curve : str
        A field of `Findings`.

    Returns
    -------
    Forecast or None
        None where there are too few epochs, or losses that are no numbers.

    Examples
    --------
    >>> epochs = np.arange(1, 41)[:, np.newaxis]
    >>> losses = 0.3 + np.array([0.5, 0.6]) * np.exp(-epochs / 20)
    >>> found = forecast(History.of_curves(held_out_loss=losses), window=10)
    >>> round(found.gain, 3), round(float(0.55 * (np.exp(-2) - np.exp(-4))), 3)
    (0.064, 0.064)
    """
    losses = history.members(curve)
    n = len(losses)
    if n < FEWEST_EPOCHS or not np.isfinite(losses[n // 4 :]).all():
        return None
    slopes = _slopes(losses[-max(min(window, n // 2), 2) :])
    gains = _gains(losses)
    gain = float(np.clip(gains, 0, losses[-1]).mean())  # no loss falls below 0
    return Forecast(
        slope=float(slopes.mean()),
        slope_error=_error(slopes),
        epochs=2 * n,
        gain=gain,
        gain_error=math.hypot(_error(gains), _missed(losses, gain)),
    )


def _slopes(losses: Numbers) -> Numbers:
    """(k,): the slope of each member's losses, by least squares."""
    times = np.arange(len(losses)) - (len(losses) - 1) / 2
    found: Numbers = times @ losses / (times @ times)
    return found


def _gains(losses: Numbers) -> Numbers:
    """(k,): how much lower each member's fitted curve is at twice the epochs of its losses, (n, k)."""
    n = len(losses)
    late, times = losses[n // 2 :], np.arange(n // 2 + 1, n + 1) / n
    least = np.full(losses.shape[1], np.inf)
    gains = np.zeros(losses.shape[1])
    for rate in RATES:
        shape = np.exp(-rate * times)
        centred = shape - shape.mean()
        b = np.maximum(centred @ late / (centred @ centred), 0.0)
        left = late - late.mean(axis=0) - np.outer(centred, b)
        squares = (left**2).sum(axis=0)
        is_better = squares < least
        least[is_better] = squares[is_better]
        gains[is_better] = (b * (math.exp(-rate) - math.exp(-2 * rate)))[is_better]
    return gains


def _missed(losses: Numbers, gain: float) -> float:
    """By how much the forecast missed today's loss at half of the epochs; all of the gain where that is not known."""
    half = len(losses) // 2
    if half < FEWEST_EPOCHS:
        return gain
    mean = losses.mean(axis=1)
    before = mean[half - max(1, half // 20) : half].mean()
    return float(abs(_gains(losses[:half]).mean() - (before - mean[-max(1, half // 10) :].mean())))


def _error(values: Numbers) -> float:
    return float(values.std(ddof=1) / np.sqrt(values.size)) if values.size > 1 else np.inf

"""The numbers that a verdict on a fit rests on."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple, Self, final

import numpy as np

from epoca.learners.population import Groups
from epoca.training.forecast import Forecast, forecast
from epoca.training.history import History
from epoca.training.ideal_epoch import ideal_epoch
from epoca.training.paired import paired_mean
from epoca.training.stop import StopReason
from epoca.types import Numbers

WINDOW = 16
"""Epochs after the best that must have shown no better one, where the rule that stopped says nothing of it."""

_OPEN_ENDS = {
    StopReason.LIMIT,
    StopReason.DEADLINE,
    StopReason.INTERRUPTED,
    StopReason.CALLBACK,
    StopReason.LEFT,
}
_LAST = 5

FAR_ABOVE = 1.25
"""A training loss so many times that of guessing has not merely stayed near it."""

OFTEN = 0.2
"""One that rises in so many of the epochs does not come down slowly from a bad start."""


class Figure(NamedTuple):
    """A number and its standard error."""

    value: float
    error: float

    @property
    def is_above(self) -> bool:
        """Whether it lies above 0 by two standard errors."""
        return self.value > 2 * self.error

    @property
    def is_below(self) -> bool:
        """Whether it lies below 0 by two standard errors."""
        return self.value < -2 * self.error


@final
@dataclass(frozen=True, kw_only=True)
class Clues:
    """What the rows themselves tell; each None or 0 where nothing was found or looked for.

    Parameters
    ----------
    rows : int
        Rows learned from.
    held_out_rows : int
        Different rows that were held out.
    leak : str or None
        A column that alone says what the target is.
    copies : float
        Share of the held-out rows that stand among the rows learned from.
    copies_gain, copies_gain_error : float
        By how much lower the held-out loss of these is than that of the others.
    unlike : str or None
        A column, or the target, in which held-out rows are unlike those learned from.
    shared_error, shared_error_error : float
        Correlation of held-out rows' errors with their neighbours', see `epoca.clues.neighbours`.
    """

    rows: int = 0
    held_out_rows: int = 0
    leak: str | None = None
    copies: float = 0.0
    copies_gain: float = 0.0
    copies_gain_error: float = 0.0
    unlike: str | None = None
    shared_error: float = 0.0
    shared_error_error: float = 0.0

    def to_json(self) -> dict[str, Any]:
        """As plain values."""
        return asdict(self)

    @classmethod
    def from_json(cls, entry: Mapping[str, Any]) -> Self:
        """What `to_json` described; TypeError or ValueError for anything else."""
        found = cls(**entry)
        for name, value in asdict(found).items():
            if not isinstance(value, str | None if name in {"leak", "unlike"} else int | float):
                raise TypeError(name)
        return found


@final
@dataclass(frozen=True, kw_only=True)
class Evidence:
    """The numbers that a verdict rests on, all of the members' mean and of losses in evaluation mode.

    Parameters
    ----------
    epochs, best : int
        Trained, and the ideal one.
    loss, guessing, training : float
        Least mean held-out loss; that of always guessing the shares of the classes or the mean; the training loss at
        the ideal epoch.
    learned : Figure
        By how much the least held-out loss is below guessing, row by row.
    beyond_neuron : Figure or None
        By how much it is below that of a logistic neuron trained beside.
    gap : Figure
        Held-out less training loss at the ideal epoch.
    rise : Figure
        How far the held-out loss of the last epochs lies above the least, row by row.
    late : float
        The training loss over the last epochs.
    is_thrown : bool
        Whether the training was thrown about: either its loss, that of held-out rows too, ended far above guessing and
        had risen in many epochs; or the held-out loss was far above guessing even at its best, where small steps start
        near guessing. Never of a perceptron, whose mistakes come and go at any learning rate.
    is_open : bool
        Whether the training ended before enough epochs showed that no better one was to come.
    forecast : Forecast or None
        What more epochs are expected to bring.
    shared_error : Figure
        Correlation of held-out rows' errors with their neighbours'.
    clues : Clues
        What the rows tell.
    """

    epochs: int
    best: int
    loss: float
    guessing: float
    training: float
    learned: Figure
    beyond_neuron: Figure | None
    gap: Figure
    rise: Figure
    late: float
    is_thrown: bool
    is_open: bool
    forecast: Forecast | None
    shared_error: Figure
    clues: Clues

    @property
    def fall(self) -> float:
        """How far the training loss of the last epochs lies below that at the ideal epoch."""
        return self.training - self.late


def is_open_ended(history: History, *, best: int, stop: StopReason, window: int) -> bool:
    """Whether a training ended before `window` epochs after the best had shown no better one."""
    return stop in _OPEN_ENDS and len(history) - best < window


def evidence(
    history: History,
    *,
    stop: StopReason,
    baselines: Mapping[str, Numbers],
    clues: Clues,
    window: int = WINDOW,
    curve: str = "held_out_loss",
) -> Evidence | None:
    """Gather what the curves say.

    Parameters
    ----------
    history : History
        Of a whole training.
    stop : StopReason
        Why it ended.
    baselines : mapping of str to ndarray, (k, g)
        Loss of every group of held-out rows by "guessing" and, of the first members, by a "neuron".
    clues : Clues
        What the rows tell.
    window : int
        Epochs after the best that must have shown no better one.
    curve : str
        The field of `Findings` by which the ideal epoch is chosen.

    Returns
    -------
    Evidence or None
        None where nothing was held out.
    """
    best = ideal_epoch(history.curve(curve))
    if best is None or history.groups is None or "guessing" not in baselines:
        return None
    groups, at_best = history.groups, history.losses_at(best)
    late = range(max(best, len(history) - _LAST) + 1, len(history) + 1)
    rises = [history.losses_at(epoch) - at_best for epoch in late]
    training = history.curve("training_loss")
    is_open = is_open_ended(history, best=best, stop=stop, window=window)
    held_out_error = paired_mean(at_best, groups)[1]
    neuron = baselines.get("neuron")
    guessing = _mean(baselines["guessing"], groups).value
    learned = learned_beyond_guessing(history, baselines["guessing"], best=best)
    late_training = float(training[late.start - 1 :].mean()) if rises else float(training[best - 1])
    return Evidence(
        epochs=len(history),
        best=best,
        loss=float(history.curve(curve)[best - 1]),
        guessing=guessing,
        training=float(training[best - 1]),
        learned=learned,
        beyond_neuron=None if neuron is None else _beyond(neuron, at_best, groups),
        gap=Figure(
            float(history.curve(curve)[best - 1] - training[best - 1]),
            math.hypot(held_out_error, _training_error(history, best)),
        ),
        rise=_mean(np.mean(rises, axis=0), groups) if rises else Figure(0.0, 0.0),
        late=late_training,
        is_thrown=_is_thrown(history, learned, guessing),
        is_open=is_open,
        forecast=forecast(history, window=window, curve=curve) if is_open else None,
        shared_error=Figure(clues.shared_error, clues.shared_error_error),
        clues=clues,
    )


def learned_beyond_guessing(history: History, guessing: Numbers, *, best: int) -> Figure:
    """By how much the held-out loss of the ideal epoch is below that of guessing, row by row.

    Parameters
    ----------
    history : History
        Of a training, with groups.
    guessing : ndarray of float64, (k, g)
        The loss of guessing in every group of held-out rows.
    best : int
        The ideal epoch.
    """
    assert history.groups is not None
    return _mean(guessing - history.losses_at(best), history.groups)


def _is_thrown(history: History, learned: Figure, guessing: float) -> bool:
    losses, accuracies = history.curve("training_loss"), history.curve("training_accuracy")
    with np.errstate(invalid="ignore"):  # of numbers that diverged the two are infinite, to either side
        if np.allclose(losses + accuracies, 1):  # a perceptron's
            return False
    if learned.is_below and -learned.value > (FAR_ABOVE - 1) * guessing:
        return True
    at_end = min(losses[-_LAST:].mean(), history.curve("held_out_loss")[-_LAST:].mean())
    ups = np.mean([epoch.rose for epoch in history])
    return bool(at_end > FAR_ABOVE * guessing and ups > OFTEN)


def _beyond(neuron: Numbers, losses: Numbers, groups: Groups) -> Figure:
    """By how much losses lie below a neuron's, of the first members, beside which one was trained."""
    k = len(neuron)
    return _mean(neuron - losses[:k], groups.of_members(slice(k)))


def _mean(losses: Numbers, groups: Groups) -> Figure:
    return Figure(*paired_mean(losses, groups))


def _training_error(history: History, epoch: int) -> float:
    """Of the mean over the members; their samples are taken for independent."""
    errors = history[epoch - 1].findings.training_loss_error
    return float(np.sqrt((np.nan_to_num(errors) ** 2).sum())) / errors.size

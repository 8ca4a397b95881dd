"""What more rows are worth, and whether more rows or more epochs are what a model lacks."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from epoca.errors import TrainingError
from epoca.fitting import Fitting
from epoca.learners.population import Groups
from epoca.locales import Language
from epoca.messages import Message, in_step
from epoca.model import Model
from epoca.problem import Problem
from epoca.studies.beside import fitting_beside, groups_of, matters_of, rows_of, run
from epoca.training.forecast import Forecast
from epoca.training.history import Epoch, History
from epoca.training.ideal_epoch import ideal_epoch
from epoca.training.paired import paired_mean
from epoca.types import Numbers

SHARES = (0.125, 0.25, 0.5)
"""Of the rows; those of a smaller share are among those of a larger one. All rows are the model's own training."""


_NEARLY = 0.25
"""A power this near to another is called the same."""


@final
class Lack(StrEnum):
    """What a model lacks."""

    ROWS = "rows"
    EPOCHS = "epochs"
    NEITHER = "neither"
    CANNOT_TELL = "cannot tell"
    """Whether rows; epochs it does not lack."""


_ANSWERS = {
    Lack.ROWS: Message("More rows rather than more epochs."),
    Lack.EPOCHS: Message("More epochs rather than more rows."),
    Lack.NEITHER: Message("Neither more rows nor more epochs will bring much; other columns may."),
    Lack.CANNOT_TELL: Message("Whether more rows would help, these cannot tell."),
}


@final
@dataclass(frozen=True, kw_only=True)
class RowsCurve:
    """A training on a share of the rows.

    Parameters
    ----------
    share : float
        Of the rows that a member does not hold out.
    rows : int
        That a member learns from, on average.
    losses : ndarray of float64, (epochs,)
        Mean held-out loss by epoch.
    best_epoch : int
        The ideal one.
    updates : int
        That a member has made by then.
    loss, loss_error : float
        The held-out loss there, and its standard error over the groups of held-out rows.
    change, change_error : float or None
        By how much it lies above that of the next smaller share, row by row; None of the smallest.
    """

    share: float
    rows: int
    losses: NDArray[np.float64]
    best_epoch: int
    updates: int
    loss: float
    loss_error: float
    change: float | None = None
    change_error: float | None = None

    def to_json(self) -> dict[str, Any]:
        """As plain values."""
        names = ("share", "rows", "best_epoch", "updates", "loss", "loss_error", "change", "change_error")
        return {
            **{name: _plain(getattr(self, name)) for name in names},
            "losses": [_plain(x) for x in self.losses.tolist()],
        }


@final
@dataclass(frozen=True, kw_only=True)
class RowsStudy:
    """Trainings on growing shares of the rows, all held against the same held-out rows.

    Parameters
    ----------
    curves : tuple of RowsCurve
        The fewest rows first; the last is the model's own training.
    next_gain, next_gain_error : float
        By how much lower the held-out loss is expected to be with twice the rows.
    matters : float
        The least difference of losses that is worth a word.
    is_open : bool
        Whether the training ended before a better epoch could be ruled out.
    forecast : Forecast or None
        What more epochs are expected to bring, if that is so.
    """

    curves: tuple[RowsCurve, ...]
    next_gain: float
    next_gain_error: float
    matters: float
    is_open: bool
    forecast: Forecast | None

    @property
    def lack(self) -> Lack:
        """Which of the two is expected to bring more.

        Rows count where the last doubling of them lowered the loss by two standard errors, epochs where they are
        expected to by one, as the verdict asks for.
        """
        last, ahead = self.curves[-1], self.forecast
        assert last.change is not None
        assert last.change_error is not None
        rows = self.next_gain if -last.change > 2 * last.change_error else 0.0
        epochs = ahead.gain if ahead is not None and ahead.gain > ahead.gain_error else 0.0
        if max(rows, epochs) <= 0:
            return Lack.NEITHER if -last.change + 2 * last.change_error < self.matters else Lack.CANNOT_TELL
        return Lack.ROWS if rows > epochs else Lack.EPOCHS

    @property
    def epochs_power(self) -> float:
        """The power of the rows by which the ideal epoch goes: 0 for as many passes, -1 for as many updates."""
        rows = np.log([curve.rows for curve in self.curves])
        epochs = np.log([curve.best_epoch for curve in self.curves])
        return float(np.polyfit(rows, epochs, 1)[0]) if np.ptp(rows) > 0 else math.nan

    @property
    def sentence(self) -> Message:
        """More rows or more epochs, why, and how the ideal epoch moves."""
        told = _ANSWERS[self.lack]
        for part in (self._of_rows(), self._of_epochs(), self._of_ideal_epoch()):
            told = Message("{told} {part}", told=told, part=part)
        return told

    def __str__(self) -> str:
        return Language.of_environment().say(self.sentence)

    def to_json(self) -> dict[str, Any]:
        """Everything as plain values; what is no number becomes None."""
        ahead = self.forecast
        return {
            "curves": [curve.to_json() for curve in self.curves],
            "next_gain": _plain(self.next_gain),
            "next_gain_error": _plain(self.next_gain_error),
            "matters": self.matters,
            "is_open": self.is_open,
            "epochs_gain": None if ahead is None else _plain(ahead.gain),
            "epochs_gain_error": None if ahead is None else _plain(ahead.gain_error),
            "epochs_power": _plain(self.epochs_power),
            "lack": str(self.lack),
            "sentence": str(self.sentence),
        }

    def _of_rows(self) -> Message:
        fewer, all_rows = self.curves[-2:]
        assert all_rows.change is not None
        assert all_rows.change_error is not None
        change, error = in_step(abs(all_rows.change), all_rows.change_error)
        values: dict[str, float] = {"fewer": fewer.rows, "rows": all_rows.rows, "change": change, "error": error}
        if abs(all_rows.change) <= 2 * all_rows.change_error:
            return Message(
                "From {fewer} to {rows} rows the held-out loss changed by {change} ± {error}, which is not beyond "
                "chance.",
                **{**values, "change": math.copysign(change, all_rows.change)},
            )
        if all_rows.change > 0:
            return Message("From {fewer} to {rows} rows the held-out loss rose by {change} ± {error}.", **values)
        after, after_error = in_step(self.next_gain, self.next_gain_error)
        return Message(
            "From {fewer} to {rows} rows the held-out loss fell by {change} ± {error}; with twice the rows again it "
            "may fall by {next} ± {next_error}.",
            **values,
            next=after,
            next_error=after_error,
        )

    def _of_epochs(self) -> Message:
        if self.forecast is not None:
            return self.forecast.sentence
        if self.is_open:
            return Message("The training was too short to say what more epochs would bring.")
        last = self.curves[-1]
        return Message(
            "More epochs brought nothing: of {epochs} trained, {best} is the ideal one.",
            epochs=len(last.losses),
            best=last.best_epoch,
        )

    def _of_ideal_epoch(self) -> Message:
        first, last = self.curves[0], self.curves[-1]
        values = {"fewer": first.rows, "rows": last.rows, "first": first.best_epoch, "last": last.best_epoch}
        values |= {"first_updates": first.updates, "last_updates": last.updates}
        told = Message(
            "From {fewer} to {rows} rows the ideal epoch goes from {first} to {last}, in updates from {first_updates} "
            "to {last_updates}.",
            **values,
        )
        if any(curve.best_epoch == len(curve.losses) for curve in self.curves):
            still = Message("Some of these trainings ended while still falling.")
            return Message("{told} {part}", told=told, part=still)
        if abs(self.epochs_power) < _NEARLY:
            stays = Message("It is rather the number of passes that stays.")
            return Message("{told} {part}", told=told, part=stays)
        if abs(self.epochs_power + 1) < _NEARLY:
            stays = Message("It is rather the number of updates that stays.")
            return Message("{told} {part}", told=told, part=stays)
        return told


def rows_study(
    model: Model,
    problem: Problem,
    *,
    on_epoch: Callable[[Epoch], object] | None = None,
) -> RowsStudy:
    """Train on growing shares of the rows, and say what more of them are worth.

    Loss falls with the rows along a power law, a + b·n^(-c) (Cortes, Jackel, Solla, Vapnik, Denker 1993, "Learning
    curves: asymptotic values and rate of convergence"; Hestness and others 2017, "Deep learning scaling is predictable,
    empirically"), so that each doubling of n lowers it by 2^(-c) times what the one before did. What one more doubling
    brings is read off the last two: the curve through the last three points. To fit it to all of them would lean on the
    smallest shares, where the law does not hold yet. The ratio of the two is kept between 0 and 1, and is 1 where the
    doubling before the last brought nothing. The error is that of the groups of held-out rows, carried through the
    ratio.

    Parameters
    ----------
    model : Model
        Whose own training is the curve of all rows.
    problem : Problem
        What it was trained on, see `epoca.studies.again.problem_again`.
    on_epoch : callable, optional
        Given every finished epoch.

    Returns
    -------
    RowsStudy

    Raises
    ------
    OptionError
        If nothing was held out, or these are not the rows of then.
    TrainingError
        If a training ended without a finite loss.
    KeyboardInterrupt
        By Ctrl-C.

    Examples
    --------
    >>> from epoca.settings import Settings
    >>> from epoca.tables.samples import sample
    >>> settings = Settings(epochs=30, hidden=(8,), members=2, learning_rate=0.02)
    >>> problem = Problem.of_table(sample("moons", rows=160), target="label", settings=settings)
    >>> fitting = Fitting(problem, settings=settings)
    >>> for _epoch in fitting:
    ...     pass
    >>> found = rows_study(fitting.model(), problem)
    >>> [curve.rows for curve in found.curves]
    [8, 16, 32, 64]
    """
    fittings = {}
    for share in SHARES:
        fittings[share] = fitting_beside(model, problem, share=share)
        run(fittings[share], on_epoch)
    return study_of(model, fittings)


def study_of(model: Model, fittings: Mapping[float, Fitting]) -> RowsStudy:
    """What trainings on shares of the rows found.

    Parameters
    ----------
    model : Model
        Whose own training is the curve of all rows.
    fittings : mapping of float to Fitting
        By share, one for each of `SHARES`: from `fitting_beside`, run to their ends.

    Returns
    -------
    RowsStudy
    """
    groups = groups_of(model)
    curves: list[RowsCurve] = []
    at_best: list[Numbers] = []
    for share, rows, history in _trainings(model, fittings):
        best = ideal_epoch(history.curve(model.watches))
        if best is None:
            raise TrainingError("With {rows} rows no epoch ended with a finite held-out loss.", rows=rows)
        at_best.append(history.losses_at(best))
        loss, error = paired_mean(at_best[-1], groups)
        change = paired_mean(at_best[-1] - at_best[-2], groups) if curves else (None, None)
        curves.append(
            RowsCurve(
                share=share,
                rows=rows,
                losses=history.curve(model.watches),
                best_epoch=best,
                updates=best * math.ceil(rows / int(model.settings["batch_size"])),
                loss=loss,
                loss_error=error,
                change=change[0],
                change_error=change[1],
            )
        )
    gain, error = _next_gain(at_best[-3:], groups)
    gain = min(gain, curves[-1].loss)  # no loss falls below 0
    return RowsStudy(
        curves=tuple(curves),
        next_gain=gain,
        next_gain_error=error,
        matters=matters_of(model),
        is_open=model.is_open_ended,
        forecast=model.forecast,
    )


def _trainings(model: Model, fittings: Mapping[float, Fitting]) -> Iterator[tuple[float, int, History]]:
    """Share, rows of a member and history of every training, the model's own at last."""
    for share, fitting in fittings.items():
        yield share, rows_of(fitting, share=share), fitting.training.history
    yield 1.0, rows_of(next(iter(fittings.values()))), model.history


def _next_gain(losses: Sequence[Numbers], groups: Groups) -> tuple[float, float]:
    """What one more doubling is expected to bring after the last two, from the losses, (k, g), of three sizes."""
    quarter, half, whole = losses
    before, last = quarter - half, half - whole
    earlier, gain = paired_mean(before, groups)[0], max(paired_mean(last, groups)[0], 0.0)
    if 0 < gain < earlier:
        ratio = gain / earlier
        differential = 2 * ratio * last - ratio**2 * before  # of last² / before
        return ratio * gain, paired_mean(differential, groups)[1]
    return gain, paired_mean(last, groups)[1]


def _plain(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else value

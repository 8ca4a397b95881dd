"""A live line on a training: how far it is, how fast, and how long it will take at least."""

from __future__ import annotations

import time
from typing import final

import numpy as np
from rich.console import Console
from rich.progress import BarColumn, SpinnerColumn, TextColumn
from rich.progress import Progress as Bar

from epoca.fitting import Fitting
from epoca.locales import Language
from epoca.messages import Message
from epoca.training.history import Epoch
from epoca.training.ideal_epoch import ideal_epoch
from epoca.training.rules import Patience, Refined

_SECONDS_BETWEEN_LINES = 5.0

_WIDE = 110
"""Columns from which on the bar of patience has room beside the words."""


@final
class Progress:
    """A live line on a terminal or in a notebook; elsewhere a line every few seconds.

    Parameters
    ----------
    fitting : Fitting
        What is in training.
    is_wanted : bool
        Whether to print anything.
    console : Console, optional
        Where to.
    language : Language, optional
        By default that of the environment.
    """

    def __init__(
        self,
        fitting: Fitting,
        *,
        is_wanted: bool,
        console: Console | None = None,
        language: Language | None = None,
    ) -> None:
        self._fitting = fitting
        self._is_wanted = is_wanted
        self._console = console or Console(highlight=False)
        self._language = language or Language.of_environment()
        self._spoke = time.perf_counter()
        self._is_live = is_wanted and (self._console.is_terminal or self._console.is_jupyter)
        patience = TextColumn(self._language.translate("patience {task.completed}/{task.total}"))
        self._bar = Bar(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            *([BarColumn(bar_width=16), patience] if self._console.width >= _WIDE else []),
            console=self._console,
            transient=True,
            disable=not self._is_live,
        )
        rule = fitting.settings.rule
        self._patience = rule.epochs if isinstance(rule, Patience | Refined) else fitting.limit
        self._task = self._bar.add_task("", total=self._patience)

    def __enter__(self) -> Progress:
        self._bar.start()
        return self

    def __exit__(self, *_error: object) -> None:
        if self._is_live:  # else rich before version 15 says an empty line
            self._bar.stop()

    def show(self, epoch: Epoch) -> None:
        """Tell of a finished epoch."""
        if not self._is_wanted:
            return
        history = self._fitting.training.history
        best = ideal_epoch(history.curve(history.watches)) or epoch.number
        waited = 0 if self._fitting.is_refitting else epoch.number - best
        said = self._language.say(self._sentence(epoch, waited))
        self._bar.update(self._task, description=said, completed=waited)
        now = time.perf_counter()
        if not self._is_live and now - self._spoke > _SECONDS_BETWEEN_LINES:
            self._spoke = now
            self._console.print(said, soft_wrap=True)

    def _sentence(self, epoch: Epoch, waited: int) -> Message:
        found, fitting = epoch.findings, self._fitting
        left = fitting.limit - epoch.number
        if fitting.settings.early_stopping and not (fitting.is_refitting or fitting.is_continued):
            # If nothing improves from now on.
            left = max(min(left, self._patience - waited), 0)
        values = {
            "epoch": epoch.number,
            "training": float(found.training_loss.mean()),
            "rate": int(epoch.rows_per_second),
            "left": round(left * epoch.seconds / epoch.number),
        }
        if fitting.is_refitting:
            return Message(
                "new members, epoch {epoch} of {epochs}  loss {training}  {rate} rows/s  {left} s left",
                epochs=fitting.limit,
                **values,
            )
        if np.isnan(found.held_out_loss).all():
            return Message("epoch {epoch}  loss {training}  {rate} rows/s  {left} s left", **values)
        return Message(
            "epoch {epoch}  loss {training}, held out {held_out}  {rate} rows/s  {left} s left or more",
            held_out=float(getattr(found, fitting.training.history.watches).mean()),
            **values,
        )

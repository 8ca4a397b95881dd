"""What figures are made of, out of what is brought: a model, a history with its ideal epoch, a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias, final

import numpy as np

from epoca.errors import OptionError
from epoca.learners.population import HELD_OUT
from epoca.model import Model
from epoca.tables.reading import read_table
from epoca.tables.table import Table
from epoca.training.history import History
from epoca.training.ideal_epoch import ideal_epoch, ideal_epoch_range
from epoca.types import Rows

Fitted: TypeAlias = Any
"""A `Model`, or a fitted estimator, whose ``model_`` is one."""

MOST_POINTS = 2000
"""Points drawn; more slow a page down and hide each other."""


def model_of(fitted: Fitted) -> Model:
    """The model of what was fitted; OptionError if there is none."""
    model = getattr(fitted, "model_", fitted)
    if not isinstance(model, Model):
        raise OptionError(
            "A model or a fitted estimator is expected, not {kind}; call fit first, or load a model file.",
            kind=type(fitted).__name__,
        )
    return model


def table_of(table: Any) -> Table:
    """The table of what was brought: a table of epoca's, a frame, a mapping or a file."""
    return table if isinstance(table, Table) else read_table(table)


@final
@dataclass(frozen=True, kw_only=True)
class Course:
    """A training's history and its ideal epoch.

    Parameters
    ----------
    history : History
        At least one epoch.
    best : int or None
        The ideal epoch.
    as_good : tuple of int or None
        The first and the last of those as good.
    watches : str
        The curve by which it was chosen, a field of `Findings`.
    is_open_ended : bool
        Whether training ended too early to believe that no later epoch is better.
    guessing_loss : float or None
        The loss of guessing, where it is known.
    """

    history: History
    best: int | None
    as_good: tuple[int, int] | None
    watches: str = HELD_OUT
    is_open_ended: bool = False
    guessing_loss: float | None = None

    @classmethod
    def of(cls, brought: History | Fitted) -> Course:
        """The course of a history or of what was fitted; OptionError if no epoch was recorded."""
        if isinstance(brought, History):
            best = ideal_epoch(brought.curve(HELD_OUT))
            course = cls(history=brought, best=best, as_good=ideal_epoch_range(brought))
        else:
            model = model_of(brought)
            course = cls(
                history=model.history,
                best=model.best_epoch,
                as_good=model.best_epoch_range,
                watches=model.watches,
                is_open_ended=model.is_open_ended,
                guessing_loss=model.guessing_loss,
            )
        if not len(course.history):
            raise OptionError("No epoch was recorded, so there are no curves to draw; train the network with epoca.")
        return course


def some_rows(n: int) -> Rows:
    """Which of n rows are drawn: all, or as many as can be, chosen evenly by chance but alike every time."""
    if n <= MOST_POINTS:
        return np.arange(n)
    return np.sort(np.random.default_rng(0).choice(n, MOST_POINTS, replace=False))

"""Whether numbers are better cut into pieces: networks with and without race on rows that they hold out."""

from __future__ import annotations

from dataclasses import replace
from typing import final

from epoca.fitting import Fitting
from epoca.messages import Message
from epoca.problem import Problem
from epoca.settings import Settings
from epoca.studies.beside import run
from epoca.tables.columns import Columns
from epoca.tables.encoder import Encoder
from epoca.tables.splitting import MAX_TEST_SIZE, train_test_split
from epoca.training.paired import paired_mean
from epoca.types import Codes, Rows

ROWS = 2000
"""So many training rows tell enough."""

_MEMBERS = 4
_RULE = "refined(8)"
_MARGIN = 0.5
"""By so many standard errors those without pieces must be better. All set by measurement (``benchmarks/LOG.md``)."""


@final
class Race:
    """A race of networks that see numbers cut into pieces against networks that see them as they are.

    Pieces let a network bend at any number, which most tables want; where curves are smooth, they are so many more
    inputs to overfit by. So four networks of either kind learn from the same three quarters of up to 2000 training
    rows, until eight epochs were in vain, and are held against each other by the mean cross-entropy, in nats, of the
    rows that they held out. Rows set aside for the test have no part in it. Of numbers to predict there is no race,
    since nothing was found to be won. To settle what is best by few rows is an idea of Maron and Moore, "Hoeffding
    Races" (NeurIPS 1993).

    Parameters
    ----------
    problem : Problem
        All n rows.
    settings : Settings
        How to train.

    Attributes
    ----------
    settings : Settings
        With which to train: those given, until the race was run.
    columns : Columns or SparseColumns or None
        The encoding to train with; None where it is still to be found.
    note : Message or None
        What was decided, if it is not what is usual.
    racers : tuple of Fitting
        Those with pieces and those without; empty where there is nothing to choose: something was chosen already, a
        number is predicted, no rows are held out, the time is short, or no column is cut.

    Raises
    ------
    TableError, OptionError
        As `Fitting` does.

    Examples
    --------
    >>> from epoca.tables.samples import sample
    >>> settings = Settings(hidden=(32,))
    >>> problem = Problem.of_table(sample("moons", rows=200), target="label", settings=settings)
    >>> race = Race(problem, settings=settings)
    >>> race.run()
    >>> race.columns.output_names[:2]
    ['x1', 'x1, piece 1 of 16']
    """

    def __init__(self, problem: Problem, *, settings: Settings) -> None:
        self.settings = settings
        self.columns: Encoder | None = None
        self.racers: tuple[Fitting, ...] = ()
        self.note: Message | None = None
        if problem.strata is None or not settings.may_race(is_regression=False):
            return
        train, _test = problem.split(settings)
        resolved = settings.resolved(train.size, is_regression=False)
        self.columns = cut = problem.encoder(train, settings=resolved)
        if not isinstance(cut, Columns) or cut.n_pieces == 0:
            return
        alike = replace(settings, members=_MEMBERS, repeats=1, epochs=None, stopping=_RULE, refit=False)
        rows = _some(problem.strata, problem.groups, train, seed=settings.seed)
        self.racers = tuple(
            Fitting(problem, settings=replace(alike, pieces=pieces), columns=columns, rows=rows)
            for pieces, columns in ((resolved.pieces, cut), (0, cut.of_at_most(0)))
        )

    def run(self) -> None:
        """Let them race; those without pieces win if they predict held-out rows better by half a standard error.

        Raises
        ------
        KeyboardInterrupt
            By Ctrl-C.
        """
        if not self.racers:
            return
        for racer in self.racers:
            run(racer)
        cut, whole = (racer.training for racer in self.racers)
        if cut.best_epoch is None or whole.best_epoch is None or cut.history.groups is None:
            return
        gains = cut.history.losses_at(cut.best_epoch) - whole.history.losses_at(whole.best_epoch)
        gain, error = paired_mean(gains, cut.history.groups)
        if gain <= _MARGIN * error:
            return
        self.settings = replace(self.settings, pieces=0)
        self.columns = self.racers[1].columns
        self.note = Message(
            "Numbers are not cut into pieces: four networks without predicted {rows} training rows, which they held "
            "out, better than four with (loss lower by {gain} ± {error}).",
            rows=int(self.racers[1].train_rows.size),
            gain=gain,
            error=error,
        )


def _some(strata: Codes, groups: Codes | None, train: Rows, *, seed: int) -> Rows:
    """Of the training rows, at most about `ROWS`, of every class its share."""
    if train.size * MAX_TEST_SIZE <= ROWS:
        return train
    _others, chosen = train_test_split(
        strata[train],
        n_rows=train.size,
        test_size=ROWS / train.size,
        seed=seed,
        groups=None if groups is None else groups[train],
    )
    return train[chosen]

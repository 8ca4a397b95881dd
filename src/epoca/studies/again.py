"""A training done again, or gone on with, from a model and the table it was trained on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from epoca.errors import OptionError
from epoca.fitting import Fitting
from epoca.model import Model
from epoca.problem import Problem
from epoca.settings import Settings
from epoca.tables.table import Table
from epoca.training.history import Epoch


def problem_again(model: Model, table: Table) -> Problem:
    """The problem that a model was trained on.

    Parameters
    ----------
    model : Model
        Says what its target is, and which columns of groups and times there were.
    table : Table
        The same as then.

    Returns
    -------
    Problem

    Raises
    ------
    TableError
        If a column is missing or holds something else than before.
    """
    settings = replace(Settings.of(model.settings), task=model.target.task)
    problem = Problem.of_table(table, target=model.target.column, settings=settings)
    of_numbers = model.target.task == "regression"
    targets = model.target.numbers(table) if of_numbers else model.target.codes(table)
    return replace(problem, target=model.target if not of_numbers else problem.target, targets=targets)


def fitting_again(model: Model, problem: Problem, *, share: float = 1.0, **changes: Any) -> Fitting:
    """The training of a model from its start, perhaps with other settings; the same rows are held out in turn.

    Parameters
    ----------
    model : Model
        Says how it was trained.
    problem : Problem
        The same rows as then.
    share : float
        Of the rows that a member does not hold out, how many it learns from.
    **changes
        Settings that are to be others, see `Settings`.

    Returns
    -------
    Fitting
        With the columns of the model.

    Raises
    ------
    OptionError
        If these are not the rows that the model has learned from, or a setting makes no sense.
    """
    settings = replace(Settings.of(model.settings), **changes)
    fitting = Fitting(problem, settings=settings, columns=model.columns, share=share)
    return _of_same_rows(fitting, model)


def fitting_continued(
    model: Model,
    problem: Problem,
    *,
    epochs: int,
    seconds: float | None = None,
    callbacks: Sequence[Callable[[Epoch], Any]] = (),
    threads: int | None = None,
) -> Fitting:
    """The training of a model from where it ended, as if it had never stopped.

    Parameters
    ----------
    model : Model
        Says how it was trained, and where it stood.
    problem : Problem
        The same rows as then.
    epochs : int
        Limit, counted from the first epoch on. No other rule but divergence, and the time if it is given, ends it.
    seconds : float, optional
        Time that going on may take.
    callbacks, threads
        As of `Fitting` and `Settings`.

    Returns
    -------
    Fitting

    Raises
    ------
    OptionError
        If these are not the rows that the model has learned from, the limit is reached already, or the state of its
        training was not kept.
    """
    before = model.checkpoint
    if before is None:
        raise OptionError("The state of the model's training was not kept, so it cannot go on; train it anew.")
    trained = len(model.history)
    if epochs <= trained:
        raise OptionError(
            "The model was trained for {trained} epochs already; name a limit above that, not {epochs}.",
            trained=trained,
            epochs=epochs,
        )
    until = None if seconds is None else seconds + model.history[-1].seconds
    settings = replace(Settings.of(model.settings), epochs=epochs, seconds=until, threads=threads)
    problem = replace(problem, target=model.target)
    fitting = Fitting(problem, settings=settings, callbacks=callbacks, columns=model.columns, checkpoint=before)
    return _of_same_rows(fitting, model)


def _of_same_rows(fitting: Fitting, model: Model) -> Fitting:
    if fitting.fingerprint != model.data.get("fingerprint"):
        raise OptionError(
            "These are not the rows that were learned from, in the same order, with the same weights and held out "
            "alike; give what the model was trained on."
        )
    return fitting

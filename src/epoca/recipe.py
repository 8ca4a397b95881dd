"""A model's recipe: the command and the program that train it again."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

from epoca.settings import Settings

OPTIONS = {
    "model": "--model",
    "task": "--task",
    "hidden": "--hidden",
    "activation": "--activation",
    "members": "--members",
    "repeats": "--repeats",
    "epochs": "--epochs",
    "stopping": "--stop",
    "seconds": "--seconds",
    "learning_rate": "--learning-rate",
    "batch_size": "--batch-size",
    "weight_decay": "--weight-decay",
    "dropout": "--dropout",
    "gains": "--no-gains",
    "pieces": "--pieces",
    "early_stopping": "--no-early-stopping",
    "refit": "--refit",
    "shuffle": "--no-shuffle",
    "scaling": "--no-scaling",
    "seed": "--seed",
    "test_size": "--test-size",
    "groups": "--groups",
    "time": "--time",
    "leave_out": "--leave-out",
}
"""Of ``epoca fit``; those of yes or no stand for the value that is not the default."""

_DECIDING = ("model", "early_stopping", "hidden", "scaling", "optimizer")
"""Settings on which the defaults of others hang."""

_PYTHON = """\
{first}from epoca.fitting import Fitting
from epoca.model_file import save
from epoca.problem import Problem
from epoca.settings import Settings
{reading}

settings = Settings({settings})
problem = Problem.of_table({table}, target={target!r}, settings=settings)
fitting = Fitting(problem, settings=settings)
for epoch in fitting:
    pass
{going_on}save(fitting.model(), {file!r})
"""

_GOING_ON = """\
for limit in {limits!r}:
    settings = replace(settings, epochs=limit)
    fitting = Fitting(problem, settings=settings, columns=fitting.columns, checkpoint=fitting.training.checkpoint)
    for epoch in fitting:
        pass
"""


def unlike_default(used: Settings, *, n_rows: int, is_regression: bool) -> dict[str, Any]:
    """The settings that must be said, for they are not what they would be by default.

    Parameters
    ----------
    used : Settings
        Resolved.
    n_rows : int
        Training rows.
    is_regression : bool
        Whether a number is predicted.
    """
    deciding = {name: getattr(used, name) for name in _DECIDING}
    usual = Settings(**deciding)
    default = replace(usual, pieces=used.pieces).resolved(n_rows, is_regression=is_regression)
    may_race = usual.may_race(is_regression=is_regression)
    pieces = None if may_race else usual.resolved(n_rows, is_regression=is_regression).pieces
    default = replace(default, pieces=pieces)
    of_no_account = {"threads"} | (set() if used.early_stopping else {"stopping"})
    of_no_account |= set() if used.model == "network" else {"hidden"}
    names = [field.name for field in fields(Settings) if field.name not in of_no_account]
    return {
        name: getattr(used, name)
        for name in names
        if getattr(used, name) != getattr(Settings() if name in _DECIDING else default, name)
    }


def command_of(table: str, *, target: str, changed: Mapping[str, Any]) -> str:
    """``epoca fit`` with every option that is not its default."""
    return shlex.join(["epoca", "fit", _no_option(table), "--target", target, *_words(changed)])


def command_on(table: str, *, model: str, epochs: int) -> str:
    """``epoca fit`` that goes on with a model."""
    return shlex.join(["epoca", "fit", _no_option(table), "--continue", model, "--epochs", str(epochs)])


def python_of(
    table: str,
    *,
    target: str,
    changed: Mapping[str, Any],
    file: str,
    sample: Mapping[str, Any] | None = None,
    limits: Sequence[int] = (),
) -> str:
    """A program that trains the model.

    Parameters
    ----------
    table, target : str
        File and column.
    changed : mapping
        The settings that are not the default.
    file : str
        Where it keeps the model.
    sample : mapping, optional
        Arguments of the sample that the table is, in place of a file.
    limits : sequence of int
        Up to which epochs it goes on after its end, one after the other.
    """
    settings = ", ".join(f"{name}={value!r}" for name, value in changed.items())
    reading, reader = "from epoca.tables.reading import read_table", "read_table"
    given = ", ".join([repr(table), *(f"{name}={value!r}" for name, value in (sample or {}).items())])
    if sample is not None:
        reading, reader = "from epoca.tables.samples import sample", "sample"
    return _PYTHON.format(
        first="from dataclasses import replace\n\n" if limits else "",
        reading=reading,
        settings=settings,
        table=f"{reader}({given})",
        target=target,
        going_on=_GOING_ON.format(limits=list(limits)) if limits else "",
        file=file,
    )


def _no_option(file: str) -> str:
    """A file that no command takes for an option."""
    return f"./{file}" if file.startswith("-") else file


def _words(changed: Mapping[str, Any]) -> Iterator[str]:
    for name, value in changed.items():
        if name == "leave_out":
            yield from (word for column in value for word in (OPTIONS[name], column))
            continue
        yield OPTIONS[name]
        if isinstance(value, tuple):
            yield ",".join(map(str, value))
        elif not isinstance(value, bool):
            yield str(value)

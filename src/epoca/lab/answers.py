"""Answers to what a page asks, see ``docs/lab.md``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from typing import Any

import numpy as np

import epoca
from epoca.errors import OptionError
from epoca.lab.pins import MOST_RUNS, NO_SUCH_RUN, Pins
from epoca.lab.questions import likelihood_of, probabilities_of, row_table, speech_of, trace_of
from epoca.lab.reading import whole
from epoca.lab.stage import Stage
from epoca.messages import Message
from epoca.tables.table import Table

Arguments = Mapping[str, Any]


def answer(stage: Stage, pins: Pins, what: str, arguments: Arguments) -> dict[str, Any]:
    """The answer to a question.

    Raises
    ------
    OptionError
        If there is no such question, or no answer to it.
    """
    questions: dict[str, Callable[[], dict[str, Any]]] = {
        "row": lambda: _row(stage, arguments),
        "speech": lambda: {"speech": _speech(stage), "row": None if stage.lesson is None else stage.lesson.row},
        "likelihood": lambda: _likelihood(stage, pins, arguments),
        "map": lambda: {"map": pins.map_of(whole(arguments, "run", NO_SUCH_RUN, n=MOST_RUNS))},
        "record": lambda: record(stage),
    }
    if what not in questions:
        raise OptionError('The lab cannot answer "{what}".', what=what[:40])
    return questions[what]()


def record(stage: Stage) -> dict[str, Any]:
    """The session as plain values, from which `Record` plays it again."""
    run = stage.training
    return {
        "epoca": epoca.__version__,
        "choices": {**stage.choices.to_json(), "learning_rate": run.settings.learning_rate},
        "edits": [asdict(edit) for edit in stage.edits],
        "events": [asdict(event) for event in run.events],
        "fingerprint": run.fitting.fingerprint,
        "epoch": run.epoch,
        "step": run.step,
    }


def _row(stage: Stage, arguments: Arguments) -> dict[str, Any]:
    """Every number on the way of a row of the table, or of one that is made up."""
    values = arguments.get("values")
    if isinstance(values, Mapping):
        held = [] if stage.view is None else stage.view.plane.held
        asked = {**{column.name: _plain(value) for column, value in held}, **values}
        return _traced(stage, row_table(asked, stage.columns), None, {"row": None})
    run = stage.training
    row = whole(arguments, "row", Message("There is no row {value}; there are {n}."), n=stage.n_rows)
    table = run.problem.table
    assert isinstance(table, Table)
    one = replace(table, arrow=table.arrow.slice(row, 1), line_of=None)
    told = {
        "row": row,
        "line": table.line(row),
        "cells": {name: _plain(one.arrow[name][0].as_py()) for name in one.column_names},
    }
    return _traced(stage, one, float(run.fitting.material.learned(run.problem.targets[row : row + 1])[0]), told)


def _traced(stage: Stage, row: Table, target: float | None, told: dict[str, Any]) -> dict[str, Any]:
    say = stage.language.say
    names = [name if isinstance(name, str) else say(name) for name in stage.columns.outputs]
    trace = trace_of(stage.subject, stage.columns, stage.shown().one, row, target)
    predicted = None
    if stage.subject.target.task == "regression":
        predicted = float(stage.subject.target.restored(np.array(trace["outputs"]))[0])
    return {**told, "names": names, "trace": trace, "predicted": predicted}


def _speech(stage: Stage) -> dict[str, Any] | None:
    if stage.lesson is None or stage.run is None:
        return None
    return speech_of(stage.run, stage.view, stage.lesson, stage.language)


def _likelihood(stage: Stage, pins: Pins, arguments: Arguments) -> dict[str, Any]:
    """Beside that of a run set aside, if one is named and it is of the same rows."""
    if stage.view is None or not stage.view.rows.size:
        raise OptionError("There are no rows here whose likelihood could be told.")
    run, is_alone = stage.training, arguments.get("run") is None
    given = probabilities_of(run, stage.view, stage.shown_members())
    other = None if is_alone else pins.beside(stage.view, whole(arguments, "run", NO_SUCH_RUN, n=MOST_RUNS))
    return {**likelihood_of(given, stage.view, other), "is_held_out": run.settings.early_stopping}


def _plain(value: Any) -> Any:
    """A cell as JSON has it."""
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)

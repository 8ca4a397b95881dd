"""The tables that a session can learn from: samples, points changed by hand, tables brought to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PureWindowsPath
from typing import Any, Literal, final

import numpy as np
import pyarrow as pa

from epoca.errors import OptionError
from epoca.lab.choices import Choices
from epoca.lab.reading import number, whole
from epoca.messages import Message
from epoca.tables.samples import SAMPLES, sample, suits, target_of
from epoca.tables.table import Table

FEW, SPREAD = 40, 0.1
"""Rows that are drawn at least, so that some can be held out, and their scatter, so that no point hides another."""

MOST_POINTS = 4000
"""Rows up to which points can be added by hand."""


@final
@dataclass(frozen=True, kw_only=True)
class Brought:
    """A table brought to the lab.

    Parameters
    ----------
    table : Table
        The rows.
    target : str
        The column to predict, or "" where nobody has said.
    """

    table: Table
    target: str = ""


@final
@dataclass(frozen=True, kw_only=True)
class Edit:
    """A point changed by hand.

    Parameters
    ----------
    what : {"add", "move", "remove"}
        What was done.
    row : int
        To which; rows are counted as they stood then.
    x, y : float
        Where it is now.
    code : int
        The class of one that was added.
    """

    what: Literal["add", "move", "remove"]
    row: int = -1
    x: float = 0.0
    y: float = 0.0
    code: int = 0


def without_folder(file: str) -> str:
    """A file's name, whatever system wrote it."""
    return PureWindowsPath(file).name


def edit_of(what: Literal["add", "move", "remove"], arguments: Mapping[str, Any], *, n: int, classes: int) -> Edit:
    """What is to be done to a point.

    Parameters
    ----------
    what : {"add", "move", "remove"}
        The kind.
    arguments : mapping
        As they came: the row, the place, the class.
    n, classes : int
        How many points and classes there are.

    Raises
    ------
    OptionError
        If there is no such point or class, or the place is none.
    """
    edit = Edit(what=what)
    if what == "add":
        code = whole(arguments, "code", Message("There is no class {value}; there are {n}."), n=classes)
        edit = replace(edit, code=code)
    else:
        row = whole(arguments, "row", Message("There is no point {value}; there are {n}."), n=n)
        edit = replace(edit, row=row)
    if what == "remove":
        return edit
    refusal = Message("A point needs two numbers as its place.")
    return replace(edit, x=number(arguments, "x", refusal), y=number(arguments, "y", refusal))


def can_edit(choices: Choices) -> bool:
    """Whether points can be changed by hand: those that are drawn in the plane."""
    return choices.table in SAMPLES and suits(choices.table) is not None


def sample_arguments(choices: Choices) -> dict[str, Any]:
    """The arguments of `sample` beside the name, without those that do not apply."""
    asked = {"rows": choices.rows, "noise": choices.noise, "classes": choices.classes, "seed": choices.data_seed}
    return {name: value for name, value in asked.items() if value is not None}


def suited(choices: Choices, changes: Mapping[str, Any]) -> Choices:
    """Choices for another table, whatever is said with it left as it was said.

    Raises
    ------
    OptionError
        If the table is no sample; what suits a table that was brought its `Brought` says.
    """
    said = {*changes}
    drawn = suits(choices.table)
    rows, noise = (None, None) if drawn is None else (max(drawn[0], FEW), drawn[1] or SPREAD)
    found: dict[str, Any] = {
        "rows": rows,
        "noise": noise,
        "classes": 3 if choices.table == "blobs" else None,
        "target": target_of(choices.table),
        # Of points in the plane the numbers that one sees are those that are learned from.
        "scaling": drawn is None,
    }
    return choices.changed({name: value for name, value in found.items() if name not in said})


def table_of(choices: Choices, brought: Mapping[str, Brought], edits: Sequence[Edit]) -> Table:
    """The table that choices name, with the edits made.

    Parameters
    ----------
    choices : Choices
        Name the table, and how a sample is drawn.
    brought : mapping of str to Brought
        The tables there are beside the samples, by id.
    edits : sequence of Edit
        Points of a sample changed by hand, in order.

    Raises
    ------
    OptionError
        If there is no such table.
    """
    if choices.table in brought:
        return brought[choices.table].table
    if choices.table not in SAMPLES:
        raise OptionError(
            'There is no table "{name}" here; bring the file again, or choose a sample.', name=choices.table[:40]
        )
    table = sample(choices.table, **sample_arguments(choices))
    return edited(table, edits) if edits else table


def edited(table: Table, edits: Sequence[Edit]) -> Table:
    """Drawn points, some of them changed.

    Raises
    ------
    OptionError
        If a point is not there, or there are too many.
    """
    places = [table.arrow[name].to_numpy().copy() for name in ("x1", "x2", "label")]
    x, y, labels = (values.tolist() for values in places)
    for edit in edits:
        if edit.what == "add":
            if len(x) >= MOST_POINTS:
                raise OptionError("There are {n} points already; remove some first.", n=len(x))
            x.append(edit.x)
            y.append(edit.y)
            labels.append(edit.code)
            continue
        if not 0 <= edit.row < len(x):
            raise OptionError("There is no point {row}; there are {n}.", row=edit.row, n=len(x))
        if edit.what == "move":
            x[edit.row], y[edit.row] = edit.x, edit.y
        else:
            del x[edit.row], y[edit.row], labels[edit.row]
    arrow = pa.table({"x1": np.array(x, float), "x2": np.array(y, float), "label": np.array(labels, np.int64)})
    return Table(name=f"{table.name}-edited", arrow=arrow)

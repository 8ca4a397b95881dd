"""How often the test rows of a model were scored: whoever chooses by them knows less each time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from epoca.errors import FileError, ModelFileError
from epoca.known_rows import KnownRows
from epoca.messages import Message
from epoca.model import Model
from epoca.model_file import load, save
from epoca.telling import times_scored
from epoca.types import Numbers, Rectangle

_FEW = 0.1
"""Share of the test rows that may stand in a table by chance, beside those that are equal to some learned from."""


def counted(model: Model, files: Iterable[Path]) -> Model:
    """A model just trained, with the times that its test rows were scored by models which it follows.

    Parameters
    ----------
    model : Model
        Whose test rows have been scored once.
    files : iterable of Path
        Model files, of which those count that had the same test rows.
    """
    own, times = model.data.get("test_rows"), 0
    for file in files:
        try:
            before = load(file).data if own is not None and file.is_file() else {}
        except ModelFileError:  # it is going to be replaced
            continue
        if own is not None and before.get("test_rows") == own:
            times = max(times, int(before.get("test_scored", 0)))
    return replace(model, data={**model.data, "test_scored": times + 1}) if own is not None else model


def scored_again(model: Model, file: Path, matrix: Rectangle, targets: Numbers) -> list[Message]:
    """Count it in the model's file if rows that are scored are its test rows; gives what is to be said of it.

    Parameters
    ----------
    model : Model
        That scores.
    file : Path
        Where it lies.
    matrix : ndarray or SparseMatrix, (n, d)
        The rows, encoded by the model.
    targets : ndarray, (n,)
        Codes or standardised numbers.
    """
    test_rows = KnownRows.from_json(str(model.data.get("test_rows", "")))
    by_chance = float(model.data.get("known_by_chance", 0))
    if test_rows.seen_in(matrix, targets) <= _FEW + by_chance:
        return []
    model = replace(model, data={**model.data, "test_scored": int(model.data.get("test_scored", 0)) + 1})
    said = times_scored(model)
    notes = [] if said is None else [said]
    try:
        save(model, file)
    except FileError as error:  # what was found is none the worse for it
        notes.append(Message("This time could not be counted. {error}", error=error.message))
    return notes

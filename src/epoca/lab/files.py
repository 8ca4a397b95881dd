"""The files that a page can save."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from epoca.errors import OptionError
from epoca.lab.pins import Pins
from epoca.lab.sources import without_folder
from epoca.lab.stage import Stage
from epoca.lab.telling import model_of
from epoca.model_file import as_bytes, name_beside
from epoca.tables.writing import as_csv


class File(NamedTuple):
    """A file to save.

    Parameters
    ----------
    name : str
        Under which.
    content : bytes
        What is in it.
    media_type : str
        As HTTP calls what it is.
    """

    name: str
    content: bytes
    media_type: str


def file_of(stage: Stage, pins: Pins, kind: str) -> File:
    """The model, the table or the runs set aside, as a file.

    Parameters
    ----------
    stage : Stage
        Its model and table.
    pins : Pins
        The runs set aside.
    kind : str
        "model", "table" or "runs".

    Raises
    ------
    OptionError
        If there is none of that kind yet.
    """
    name = name_beside(without_folder(stage.file))
    if kind == "model":
        model = model_of(stage.training) if stage.opened is None else stage.opened.model
        if model is None:
            raise OptionError("There is no model to save yet; train for an epoch first.")
        return File(name, as_bytes(model), "application/octet-stream")
    if kind == "table":
        return File(f"{Path(name).stem}.csv", as_csv(stage.table), "text/csv")
    if kind == "runs":
        return File("runs.csv", pins.as_csv(stage.language), "text/csv")
    raise OptionError('The lab cannot save "{kind}".', kind=kind[:40])

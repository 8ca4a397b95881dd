"""How to train the same model again."""

from __future__ import annotations

import json
import platform
from pathlib import Path
from typing import Any

import numpy as np

import epoca
from epoca.messages import Message
from epoca.recipe import OPTIONS, command_of, python_of, unlike_default
from epoca.report.markup import Section, code, pairs, paragraph
from epoca.report.subject import Subject
from epoca.settings import Settings
from epoca.training.stop import StopReason

_ENDED_FROM_OUTSIDE = {StopReason.INTERRUPTED, StopReason.CALLBACK, StopReason.LEFT, StopReason.DEADLINE}


def reproducing(subject: Subject) -> Section:
    """The command, the same in Python, and what must be alike for the numbers to be alike."""
    model, say = subject.model, subject.say
    title = say(Message("How to train it again"))
    if not model.history:
        return Section(id="again", title=title, body=paragraph(say(model.stop.sentence)) + _versions(subject))
    is_regression = model.target.task == "regression"
    rows = int(model.data["rows"]["train"])
    changed = unlike_default(Settings.of(model.settings), n_rows=rows, is_regression=is_regression)
    table, target = subject.table_name or "table.csv", model.target.column
    body = ""
    if changed.keys() <= OPTIONS.keys():
        command = command_of(table, target=target, changed=changed)
        body += paragraph(say(Message("On the command line:"))) + code(command, name=say(Message("Command")))
        body += paragraph(say(Message("The same in Python:")))
    else:
        body += paragraph(say(Message("In Python, for the command line has no option for some of the settings:")))
    file = "model.safetensors" if subject.file is None else subject.file.name
    program = python_of(table, target=target, changed=changed, file=file)
    body += code(program, name=say(Message("Program")))
    told = [Message("With the same table, versions and kind of processor every number comes out alike.")]
    if model.stop.reason in _ENDED_FROM_OUTSIDE:
        told.append(Message("This training was ended from outside, so the same words may train longer or shorter."))
    return Section(id="again", title=title, body=body + paragraph(say(*told)) + _versions(subject))


def _versions(subject: Subject) -> str:
    """By which versions the model was written, or, without its file, those of this process."""
    say, model = subject.say, subject.model
    header = {} if subject.file is None else _header(subject.file)
    versions = header.get("versions") or {
        "epoca": epoca.__version__,
        "numpy": np.__version__,
        "python": platform.python_version(),
    }
    entries = [(name, str(version)) for name, version in versions.items()]
    if "seed" in model.settings:
        entries.append((say(Message("seed")), str(model.settings["seed"])))
    if model.data.get("fingerprint"):
        entries.append((say(Message("SHA-256 of the rows learned from")), str(model.data["fingerprint"])))
    if header.get("sha256"):
        entries.append((say(Message("SHA-256 of the model's numbers")), str(header["sha256"])))
    return pairs(entries, kind="exact")


def _header(file: Path) -> dict[str, Any]:
    """What a model file, which was loaded before, says of itself."""
    from safetensors import safe_open

    with safe_open(file, "numpy") as opened:
        return dict(json.loads(opened.metadata()["epoca"]))

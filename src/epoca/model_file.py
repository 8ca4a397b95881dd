"""A model as one ``.safetensors`` file: its arrays as tensors, and everything else as JSON in its header.

Nothing in such a file is ever executed, no path in it is ever opened, and there is no other reader to fall back on.
"""

from __future__ import annotations

import hashlib
import json
import platform
from pathlib import Path
from typing import Any

import numpy as np

import epoca
from epoca.errors import ModelFileError
from epoca.files import write_whole
from epoca.known_rows import KnownRows
from epoca.learner_of import learner_of
from epoca.learners.activations import ACTIVATIONS
from epoca.learners.feedforward import HEADS, n_parameters
from epoca.learners.network import Network
from epoca.learners.population import HELD_OUT
from epoca.messages import Message
from epoca.model import Form, Model
from epoca.scores import Score
from epoca.settings import Settings
from epoca.tables.encoder import Encoder, encoder_from_json
from epoca.tables.target import Target
from epoca.tensors import (
    Tensors,
    are_of_a_model,
    baselines_of,
    checkpoint_of,
    history_of,
    history_of_old,
    tensors_of,
)
from epoca.training.carrying import Carrying
from epoca.training.evidence import Clues
from epoca.training.history import History
from epoca.training.loop import Checkpoint
from epoca.training.stop import Stop
from epoca.types import Numbers

FORMAT = 4
"""Raised whenever an older epoca could not read the new files rightly."""


def name_beside(table: str) -> str:
    """Under which name the model of a table's file is kept, unless somebody says otherwise.

    Examples
    --------
    >>> name_beside("churn.2024.csv.gz")
    'churn.2024.safetensors'
    """
    return Path(table.removesuffix(".gz").removesuffix(".zst")).stem + ".safetensors"


def save(model: Model, path: str | Path) -> None:
    """Write a model to one file, so that at every moment the old file or the new one is there, whole.

    Parameters
    ----------
    model : Model
        What to keep.
    path : str or Path
        Where; ``.safetensors`` is the usual ending.

    Raises
    ------
    FileError
        If the file cannot be written.
    """
    write_whole(Path(path), as_bytes(model))


def as_bytes(model: Model) -> bytes:
    """What a model's file holds."""
    from safetensors.numpy import save as packed

    tensors = tensors_of(model)
    header = {
        "format": FORMAT,
        "versions": {"epoca": epoca.__version__, "numpy": np.__version__, "python": platform.python_version()},
        "sha256": _digest(tensors),
        "form": {"sizes": model.form.sizes, "activation": model.form.activation, "head": model.form.head},
        "columns": model.columns.to_json(),
        "target": model.target.to_json(),
        "settings": dict(model.settings),
        "best_epoch": model.best_epoch,
        "stop": model.stop.to_json(),
        "scores": {name: score.to_json() for name, score in model.scores.items()},
        "data": dict(model.data),
        "history": model.history.to_json(),
    }
    text = json.dumps(header, allow_nan=False, ensure_ascii=False)
    content: bytes = packed(tensors, {"epoca": text})
    return content


def load(path: str | Path) -> Model:
    """Read a model.

    Parameters
    ----------
    path : str or Path
        A file that `save` wrote.

    Returns
    -------
    Model
        Predicts the same bits as the one that was saved.

    Raises
    ------
    ModelFileError
        If there is no such file, or it is foreign, damaged, or of a newer format.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load as read

    content = _content(Path(path))
    header = _header(content, str(path))
    try:
        tensors = read(content)
    except (SafetensorError, ValueError, KeyError) as error:
        raise _damaged(path, str(error)) from error
    if not are_of_a_model(tensors):
        raise _damaged(path, Message("its tensors are not those of a model"))
    found = _digest(tensors)
    if found != header.get("sha256"):
        written = str(header.get("sha256"))
        raise _damaged(
            path, Message("the SHA-256 of its numbers is {found}, not {written}", found=found, written=written)
        )
    try:
        return _model(header, tensors)
    except (TypeError, ValueError, AttributeError, ArithmeticError, LookupError) as error:
        raise _damaged(path, f"{type(error).__name__}: {error}") from error


def _damaged(path: str | Path, what: str | Message) -> ModelFileError:
    return ModelFileError("{file} is damaged: {what}. Take an earlier copy, or train again.", file=str(path), what=what)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise ModelFileError("There is no file {file}; train a model first, with epoca fit.", file=str(path)) from None
    except IsADirectoryError:
        raise ModelFileError("{file} is a folder, not a model file.", file=str(path)) from None
    except OSError as error:
        raise ModelFileError("{file} cannot be read: {reason}.", file=str(path), reason=str(error.strerror)) from error


def _header(content: bytes, file: str) -> dict[str, Any]:
    foreign = ModelFileError("{file} is no model file of epoca; models are made by epoca fit.", file=file)
    size = int.from_bytes(content[:8], "little")
    try:
        metadata = json.loads(content[8 : 8 + size])["__metadata__"]
        header = json.loads(metadata["epoca"])
        version = header["format"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise foreign from None
    if not isinstance(version, int):
        raise foreign
    if version > FORMAT:
        raise ModelFileError(
            "{file} has format {found}, written by epoca {version}; this is epoca {own}, which reads formats up to "
            "{format}. Install a newer epoca.",
            file=file,
            found=version,
            version=str(dict(header.get("versions", {})).get("epoca")),
            own=epoca.__version__,
            format=FORMAT,
        )
    return dict(header)


def _model(header: dict[str, Any], tensors: Tensors) -> Model:
    parameters = tensors["parameters"]
    form = Form(
        sizes=tuple(int(size) for size in header["form"]["sizes"]),
        activation=header["form"]["activation"],
        head=header["form"]["head"],
    )
    columns = encoder_from_json(header["columns"])
    target = Target.from_json(header["target"])
    outputs = 1 if target.task == "regression" or len(target.labels) == 2 else len(target.labels)
    fits = (
        form.activation in ACTIVATIONS
        and form.head in HEADS
        and len(form.sizes) >= 2
        and min(form.sizes) >= 1
        and form.sizes[0] == columns.n_outputs
        and form.sizes[-1] == outputs
        and (form.head == "identity") == (target.task == "regression")
        and parameters.shape[0] >= 1
        and parameters.shape[1] == n_parameters(form.sizes)
        and bool(np.isfinite(parameters).all())
    )
    if not fits:
        raise ValueError("weights, columns and target do not fit together")
    is_old = header["format"] == 1
    settings, data = dict(header["settings"]), dict(header["data"])
    if header["format"] < 4:
        settings = {"pieces": 0, "gains": False, **settings}
    knows_refined = header["format"] >= 4 and header["history"]
    curve = Settings.of(settings).rule.watches if knows_refined else HELD_OUT
    history = history_of_old(header["history"]) if is_old else history_of(header["history"], tensors, curve=curve)
    model = Model(
        columns=columns,
        target=target,
        form=form,
        parameters=parameters,
        settings=settings,
        history=history,
        stop=Stop.from_json(header["stop"]),
        scores={str(name): Score.from_json(entry) for name, entry in header["scores"].items()},
        data={**data, "refitted": None} if is_old else data,
        baselines=_old_baselines(data, history) if is_old else baselines_of(tensors, history),
        checkpoint=_checkpoint(tensors, history, form, settings, columns, target),
    )
    _refuse_nonsense(model)
    return model


def _checkpoint(
    tensors: Tensors, history: History, form: Form, settings: dict[str, Any], columns: Encoder, target: Target
) -> Checkpoint | None:
    """Where the training stood; a learner of these settings must have members of this form."""
    if "state.buffers" not in tensors:
        return None
    how = Settings.of(settings).resolved(0, is_regression=target.task == "regression")
    learner = learner_of(how, columns=columns, target=target)
    assert how.members is not None
    if Form.of(learner.shape) != form:
        raise ValueError("settings")
    parameters = tensors["parameters"]
    p = parameters.shape[1]
    sizes = {learner.state_size} if isinstance(learner, Network) else {p, 3 * p}  # once neurons had room for moments
    members = how.members * how.repeats
    return checkpoint_of(tensors, history, parameters, members=members, sizes=sizes, dtype=learner.dtype)


def _old_baselines(data: dict[str, Any], history: History) -> dict[str, Numbers]:
    k = 0 if history.groups is None else len(history.groups.folds)
    return {"guessing": np.full((k, 1), float(data["guessing_loss"]))} if k else {}


def _refuse_nonsense(model: Model) -> None:
    """Raise a ValueError, TypeError or KeyError if anything is not what it should be that is only looked at later."""
    data = model.data
    Clues.from_json(data.get("clues", {}))
    Settings.of(model.settings)
    for name in ("known_rows", "test_rows"):
        KnownRows.from_json(data.get(name, ""))
    for value in (data.get("test_scored", 1), *dict(data["rows"]).values()):
        if not isinstance(value, int) or value < 0:
            raise ValueError(value)
    float(data.get("known_by_chance", 0))
    float(model.trust)
    if data.get("refitted") is not None:
        str(Carrying.from_json(data["refitted"]).sentence)
    if model.history:
        str(model.verdict)
        str(model.forecast)


def _digest(tensors: Tensors) -> str:
    digest = hashlib.sha256()
    for name in sorted(tensors):
        digest.update(np.ascontiguousarray(tensors[name]).tobytes())
    return digest.hexdigest()

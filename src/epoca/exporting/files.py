"""Models written for other programs."""

from __future__ import annotations

import io
import warnings
from pathlib import Path
from typing import Literal

from epoca.errors import OptionError
from epoca.files import write_whole
from epoca.model import Model


def export(model: Model, path: Path, *, to: Literal["onnx", "torch"]) -> None:
    """Write a model as a file that other programs read.

    Parameters
    ----------
    model : Model
        What to write.
    path : Path
        Where.
    to : {"onnx", "torch"}
        An ONNX graph that takes raw columns (``.onnx``), or an exported PyTorch program that takes encoded rows
        (``.pt2``, read by ``torch.export.load``).

    Raises
    ------
    OptionError
        If the package that is needed is not installed.
    FileError
        If the file cannot be written.
    """
    write_whole(path, _as_onnx(model) if to == "onnx" else _as_torch(model))


def _as_onnx(model: Model) -> bytes:
    require("onnx")
    from epoca.exporting.onnx_graph import onnx_model

    return bytes(onnx_model(model).SerializeToString())


def _as_torch(model: Model) -> bytes:
    require("torch")
    import torch

    from epoca.exporting.torch_module import TorchModel

    rows = torch.zeros(2, model.columns.n_outputs)
    place = io.BytesIO()
    with warnings.catch_warnings():  # torch's own about its own
        warnings.simplefilter("ignore")
        program = torch.export.export(
            TorchModel(model), (rows,), dynamic_shapes=({0: torch.export.Dim("rows", min=1)},)
        )
        torch.export.save(program, place)
    return place.getvalue()


def require(package: Literal["onnx", "torch"]) -> None:
    """Raise an OptionError if a package is not installed that only exporting needs."""
    from importlib.util import find_spec

    if find_spec(package) is None:
        raise OptionError(
            "This needs the package {package}; install it with pip install 'epoca[{package}]'.", package=package
        )

"""``epoca export``: a model for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from epoca.commands.screen import _


def export(
    model: Annotated[Path, typer.Argument(help=_("Model file."))],
    *,
    to: Annotated[
        Literal["onnx", "torch"],
        typer.Option(help=_("ONNX, which takes the raw columns, or PyTorch, which takes encoded rows.")),
    ] = "onnx",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help=_("File to write. By default beside the model."))
    ] = None,
) -> None:
    """Write a model for other programs, as ONNX or PyTorch."""
    from epoca.commands import screen
    from epoca.exporting.files import export as write
    from epoca.messages import Message
    from epoca.model_file import load

    place = output or model.with_suffix(".onnx" if to == "onnx" else ".pt2")
    write(load(model), place, to=to)
    screen.tell(Message("Written: {file}", file=str(place)))

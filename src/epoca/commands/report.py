"""``epoca report``: everything about a model on one page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from epoca.commands.screen import _


def report(
    model: Annotated[Path, typer.Argument(help=_("Model file."))],
    table: Annotated[
        Path | None,
        typer.Argument(
            help=_("Table with the target, to look at predictions with; best the one that the model was trained on.")
        ),
    ] = None,
    *,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help=_("HTML file. By default the model's name."))
    ] = None,
    encoding: Annotated[str | None, typer.Option(help=_("Character encoding of a CSV file."))] = None,
) -> None:
    """Write everything about a model on one page, to look at, print or send."""
    from epoca.commands import screen
    from epoca.files import refuse_unwritable, write_whole
    from epoca.messages import Message
    from epoca.model_file import load
    from epoca.report import report as page_of
    from epoca.tables.reading import read_table

    place = output or Path(model.stem + ".html")
    refuse_unwritable(place)
    found = load(model)
    rows = None if table is None else read_table(table, encoding=encoding)
    page = page_of(found, rows, file=model, language=screen.language)
    write_whole(place, page.encode("utf-8", "replace"))
    screen.tell(Message("Report: {file}", file=str(place)), style="bold")

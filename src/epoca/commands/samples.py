"""``epoca samples``: the built-in tables."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from epoca.commands.screen import _


def samples(
    name: Annotated[str | None, typer.Argument(help=_("Which table; all are listed without it."))] = None,
    *,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help=_("CSV or .parquet file. By default the screen."))
    ] = None,
    rows: Annotated[int | None, typer.Option(help=_("Number of rows."))] = None,
    noise: Annotated[float | None, typer.Option(help=_("Scatter of the points."))] = None,
    classes: Annotated[int | None, typer.Option(help=_("Clouds of blobs, 2 to 6. By default 3."))] = None,
    seed: Annotated[int, typer.Option(help=_("Of everything random."))] = 0,
) -> None:
    """List the built-in sample tables, or write one to a file."""
    from epoca.commands import screen
    from epoca.messages import Message
    from epoca.tables.samples import SAMPLES, sample, target_of
    from epoca.tables.writing import write_table

    if name is None:
        grid = screen.grid(_("name"), _("target"), _("what it holds"))
        for known, description in SAMPLES.items():
            grid.add_row(known, target_of(known), screen.language.say(description))
        screen.out.print(grid)
        return
    table = sample(name, rows=rows, noise=noise, classes=classes, seed=seed)
    write_table(table, output)
    if output is None:
        return
    screen.tell(
        Message(
            "{rows} rows written: {file}. Next: epoca fit {file} --target {target}",
            rows=table.n_rows,
            file=str(output),
            target=target_of(name),
        )
    )

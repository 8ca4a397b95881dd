"""``epoca memorised``: the rows that the late epochs of a training learned by heart."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from epoca.commands.screen import _

if TYPE_CHECKING:
    from rich.table import Table as Grid

    from epoca.studies.memorised import Memorised, MemorisedRow


def memorised(
    model: Annotated[Path, typer.Argument(help=_("Model file."))],
    table: Annotated[Path, typer.Argument(help=_("The table that the model was trained on."))],
    *,
    most: Annotated[int, typer.Option(min=1, help=_("How many rows to show."))] = 10,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help=_("CSV or .parquet file for all of these rows."))
    ] = None,
    encoding: Annotated[str | None, typer.Option(help=_("Character encoding of a CSV file."))] = None,
    as_json: Annotated[bool, typer.Option("--json", help=_("Print one JSON object instead."))] = False,
) -> None:
    """Show the rows that the late epochs learned by heart."""
    from epoca.commands import screen
    from epoca.files import refuse_unwritable
    from epoca.messages import Message
    from epoca.model_file import load
    from epoca.studies.again import problem_again
    from epoca.studies.memorised import memorised as by_heart
    from epoca.studies.memorised import memorised_table
    from epoca.tables.reading import read_table
    from epoca.tables.writing import write_table

    if output is not None:
        refuse_unwritable(output)
    learned, brought = load(model), read_table(table, encoding=encoding)
    found = by_heart(learned, problem_again(learned, brought))
    if output is not None:
        write_table(memorised_table(found, brought), output)
    if as_json:
        print(json.dumps({"model_file": str(model), **found.to_json(most=most)}))
        return
    _tell(found, most=most)
    if output is not None:
        screen.tell(Message("{rows} rows written: {file}", rows=len(found.rows), file=str(output)))


def _tell(found: Memorised, *, most: int) -> None:
    from epoca.commands import screen

    screen.tell(found.sentence, style="bold")
    if not found.rows or found.may_be_chance:
        return
    screen.out.print()
    screen.out.print(_rows_grid(found.rows[:most]))
    if found.by_class:
        screen.heading(_("Class by class"))
        grid = screen.grid(_("label"), _("rows"), _("by heart"), _("share"), numbers=(1, 2, 3))
        for one in found.by_class:
            numbers = (screen.language.number(one.rows), screen.language.number(one.memorised))
            grid.add_row(str(one.label), *numbers, screen.language.percent(one.share))
        screen.out.print(grid)


def _rows_grid(rows: tuple[MemorisedRow, ...]) -> Grid:
    """Each row's place, labels and losses, and what else it holds as far as the screen has room for it."""
    from rich.text import Text

    from epoca.commands import screen
    from epoca.telling import in_words

    has_lines = rows[0].line is not None
    headings = (_("line") if has_lines else _("row"), _("label"), _("predicted"))
    losses = (_("training loss"), _("at the end"), _("held-out loss"), _("at the end"))
    narrow = [heading.replace(" ", "\n") for heading in (*headings, *losses)]  # else 80 columns are too few
    grid = screen.grid(*narrow, _("columns"), numbers=(0, 3, 4, 5, 6))
    for row in rows:
        figures = (row.training_loss, row.training_loss_last, row.held_out_loss, row.held_out_loss_last)
        held = ", ".join(f"{name}={in_words(value, screen.language)}" for name, value in row.values.items())
        grid.add_row(
            str(row.line if row.line is not None else row.row + 1),
            Text(in_words(row.label, screen.language)),
            Text(in_words(row.predicted, screen.language)),
            *(screen.language.number(float(f"{figure:.3g}")) for figure in figures),
            Text(held, style="dim", overflow="ellipsis", no_wrap=True),
        )
    return grid

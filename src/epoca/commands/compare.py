"""``epoca compare``: which of several models is better on a table whose target is known."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from epoca.commands.screen import _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.table import Table as Grid

    from epoca.comparing import Comparison


def compare(
    models_and_table: Annotated[
        list[Path], typer.Argument(metavar="MODEL MODEL... TABLE", help=_("Model files, and at last the table."))
    ],
    *,
    encoding: Annotated[str | None, typer.Option(help=_("Character encoding of a CSV file."))] = None,
    as_json: Annotated[bool, typer.Option("--json", help=_("Print one JSON object instead."))] = False,
) -> None:
    """Say which of several models is better on a table."""
    import numpy as np

    from epoca.comparing import comparison
    from epoca.errors import OptionError
    from epoca.known_rows import known_rows_note
    from epoca.model_file import load
    from epoca.tables.reading import read_table
    from epoca.test_rows import scored_again

    *places, place = models_and_table
    if not places:
        raise OptionError("Name at least one model file before the table.")
    models = {str(file): load(file) for file in places}
    table = read_table(place, encoding=encoding)
    guesses, notes = {}, []
    for name, model in models.items():
        model.refuse_without_probabilities()
        codes, matrix = model.target.codes(table), model.encoded(table)
        probabilities = model.outputs(matrix)
        guesses[name] = probabilities[np.arange(codes.size), codes], probabilities.argmax(axis=1) == codes
        note = known_rows_note(name, model.data, matrix, codes.astype(np.float64))
        notes += [] if note is None else [note]
        notes += scored_again(model, Path(name), matrix, codes.astype(np.float64))
    found = comparison(guesses, codes, notes=notes)
    if as_json:
        print(json.dumps({"table": str(place), **found.to_json()}))
        return
    _tell(found)


def _tell(found: Comparison) -> None:
    from epoca.commands import screen
    from epoca.telling import comparison_table

    screen.tell(found.heading, style="bold")
    for table in _side_by_side(comparison_table(found, screen.language), width=screen.out.width):
        screen.out.print(table)
        screen.out.print()
    for difference in found.differences:
        screen.tell(difference.sentence, style="bold green" if difference.is_certain else "yellow")
    for note in found.notes:
        screen.tell(note, style="yellow")


def _side_by_side(table: list[list[str]], *, width: int) -> Iterator[Grid]:
    """As many models beside each other as the screen has room for, then the next; long names are broken, no figure."""
    from rich.text import Text

    from epoca.commands import screen

    titles, *models = zip(*table, strict=True)
    gap = 3
    widest = max(len(figure) for _name, *figures in models for figure in figures)
    at_once = max((width - max(map(len, titles))) // (gap + widest), 1)
    for first in range(0, len(models), at_once):
        beside = models[first : first + at_once]
        part = screen.grid()
        part.add_column(no_wrap=True)
        for name, *_figures in beside:
            part.add_column(Text(name), justify="right", overflow="fold", min_width=widest)
        for line in zip(titles[1:], *(figures for _name, *figures in beside), strict=True):
            part.add_row(*line)
        yield part

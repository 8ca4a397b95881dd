"""``epoca replay``: which epoch every stopping rule would have chosen."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from epoca.commands.screen import _

if TYPE_CHECKING:
    from epoca.training.replay import Replay


def replay(
    model: Annotated[Path, typer.Argument(help=_("Model file."))],
    *,
    rule: Annotated[
        list[str] | None,
        typer.Option(
            help=_(
                'Stopping rule to replay, such as "patience(16)" or "gl(5)"; once for each. By default the usual ones.'
            )
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help=_("Print one JSON object instead."))] = False,
) -> None:
    """Show which epoch every stopping rule would have chosen in the training of a model."""
    from epoca.model_file import load
    from epoca.training.replay import RULES
    from epoca.training.replay import replay as replayed

    found = replayed(load(model).history, rule or RULES)
    if as_json:
        print(json.dumps({"model_file": str(model), **found.to_json()}))
        return
    _tell(found)


def _tell(found: Replay) -> None:
    from rich.text import Text

    from epoca.commands import screen

    screen.tell(found.heading, style="bold")
    headings, *lines = found.table(screen.language)
    narrow = [heading.replace(" ", "\n") for heading in headings]  # else 80 columns are too few
    grid = screen.grid(*narrow, numbers=range(1, len(headings)))
    grid.padding = (0, 2, 0, 0)
    grid.columns[0].min_width = max(len(word) for rule, *_numbers in lines for word in rule.split())
    for line, (rule, *numbers) in zip(found.lines, lines, strict=True):
        grid.add_row(Text(rule), *numbers, style="yellow" if line.missed_descent else "")
    screen.out.print(grid)
    for note in found.notes:
        screen.tell(note, style="yellow")

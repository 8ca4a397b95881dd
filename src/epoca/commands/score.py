"""``epoca score``: how well a model predicts a table whose target is known."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from epoca.commands.screen import _


def score(
    model: Annotated[Path, typer.Argument(help=_("Model file."))],
    table: Annotated[Path, typer.Argument(help=_("CSV (also .gz, .zst), Parquet or Arrow file."))],
    *,
    encoding: Annotated[str | None, typer.Option(help=_("Character encoding of a CSV file."))] = None,
    as_json: Annotated[bool, typer.Option("--json", help=_("Print one JSON object instead."))] = False,
) -> None:
    """Measure how well a model predicts a table whose target is known."""
    from epoca.commands import screen
    from epoca.known_rows import known_rows_note
    from epoca.messages import Message
    from epoca.model_file import load
    from epoca.tables.reading import read_table
    from epoca.test_rows import scored_again

    found = load(model)
    rows = read_table(table, encoding=encoding)
    figures, notes = found.score(rows), []
    matrix, targets = found.encoded(rows), found.learned_targets(rows)
    learned = known_rows_note(str(model), found.data, matrix, targets)
    notes += [] if learned is None else [learned]
    notes += scored_again(found, model, matrix, targets)
    if as_json:
        print(json.dumps({"model_file": str(model), "table": str(table), **figures.to_json()}))
        return
    screen.tell(Message("{model} on {table}:", model=str(model), table=str(table)), style="bold")
    screen.out.print(screen.scores_grid({"table": figures}))
    for note in notes:
        screen.tell(note, style="yellow")

"""``epoca show``: what a model file holds."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from epoca.commands.screen import _


def show(model: Annotated[Path, typer.Argument(help=_("Model file."))]) -> None:
    """Show a model: its columns, settings, curve and ideal epoch."""
    from epoca.commands import screen
    from epoca.commands.account import tell_outcome
    from epoca.commands.curve import curve
    from epoca.messages import Message
    from epoca.model_file import load
    from epoca.telling import in_words, learner_name, never_predicted

    found = load(model)
    what = Message(
        '{model}: {members} × {learner}, predicts "{target}"',
        model=str(model),
        members=len(found.parameters),
        learner=learner_name(str(found.settings["model"]), found.form.sizes),
        target=found.target.column,
    )
    rows = int(found.data["rows"]["train"])
    learned = Message("{what}; trained on {train} rows of {table}.", what=what, train=rows, table=found.data["name"])
    screen.tell(learned if found.history else Message("{what}; trained elsewhere.", what=what), style="bold")
    screen.columns(found.columns.accounts, rows=rows)
    screen.heading(_("Settings"))
    grid = screen.grid(_("setting"), _("value"))
    for name, value in found.settings.items():
        if value is not None:
            grid.add_row(name, in_words(value, screen.language))
    screen.out.print(grid)
    if found.history:
        screen.heading(_("Curve"))
        screen.out.print(curve(found.history, best=found.best_epoch))
    screen.out.print()
    tell_outcome(found)
    if found.scores:
        screen.heading(_("Scores"))
        screen.out.print(screen.scores_grid(found.scores))
        missed = never_predicted(found)
        if missed is not None:
            screen.out.print()
            screen.tell(missed, style="yellow")

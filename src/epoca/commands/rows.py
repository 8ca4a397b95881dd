"""``epoca rows``: what more rows are worth, and whether it is rows or epochs that a model lacks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from epoca.commands.screen import _

if TYPE_CHECKING:
    from epoca.studies.rows import RowsStudy


def rows(
    model: Annotated[Path, typer.Argument(help=_("Model file."))],
    table: Annotated[Path, typer.Argument(help=_("The table that the model was trained on."))],
    *,
    encoding: Annotated[str | None, typer.Option(help=_("Character encoding of a CSV file."))] = None,
    as_json: Annotated[bool, typer.Option("--json", help=_("Print one JSON object instead."))] = False,
) -> None:
    """Say whether more rows or more epochs would help a model."""
    from epoca.commands.account import Account
    from epoca.model_file import load
    from epoca.studies.again import problem_again
    from epoca.studies.beside import fitting_beside
    from epoca.studies.rows import SHARES, study_of
    from epoca.tables.reading import read_table
    from epoca.training.stop import StopReason

    found = load(model)
    problem = problem_again(found, read_table(table, encoding=encoding))
    account = Account(is_quiet=as_json)
    fittings = {}
    for share in SHARES:
        fittings[share] = fitting_beside(found, problem, share=share)
        account.train(fittings[share], members_alone=True)
        if fittings[share].training.stop.reason is StopReason.INTERRUPTED:  # half a training tells nothing
            raise typer.Exit(130)
    study = study_of(found, fittings)
    if as_json:
        print(json.dumps({"model_file": str(model), **study.to_json()}))
        return
    _tell(study)


def _tell(study: RowsStudy) -> None:
    from epoca.commands import screen
    from epoca.messages import Message
    from epoca.telling import with_error

    language = screen.language
    headings = (_("share"), _("rows"), _("ideal epoch"), _("updates"), _("held-out loss"), _("change"))
    narrow = [heading.replace(" ", "\n") for heading in headings]  # else 80 columns are too few
    grid = screen.grid(*narrow, numbers=range(len(headings)))
    for curve in study.curves:
        grid.add_row(
            language.percent(curve.share),
            language.number(curve.rows),
            language.number(curve.best_epoch),
            language.number(curve.updates),
            with_error(curve.loss, curve.loss_error, language),
            with_error(curve.change, curve.change_error, language),
        )
    screen.tell(Message("Shares are of the rows that a member learns from on average, those it holds out left aside."))
    screen.out.print()
    screen.out.print(grid)
    screen.out.print()
    screen.tell(study.sentence)

"""``epoca doctor``: the one further training that could refute the verdict on a model."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from epoca.commands.screen import _

if TYPE_CHECKING:
    from epoca.commands.account import Account
    from epoca.model import Model
    from epoca.problem import Problem
    from epoca.studies.trial import Trial, TrialKind


def doctor(
    model: Annotated[Path, typer.Argument(help=_("Model file."))],
    table: Annotated[Path, typer.Argument(help=_("The table that the model was trained on."))],
    *,
    trial: Annotated[
        Literal["width", "rows", "decay", "epochs", "all"] | None,
        typer.Option(
            help=_(
                "What to try: twice the neurons, half of the rows, ten times the weight decay, twice the epochs, or "
                "all. By default what could refute the verdict."
            )
        ),
    ] = None,
    encoding: Annotated[str | None, typer.Option(help=_("Character encoding of a CSV file."))] = None,
    as_json: Annotated[bool, typer.Option("--json", help=_("Print one JSON object instead."))] = False,
) -> None:
    """Say what one cheap extra training says of a model's verdict."""
    from epoca.commands import screen
    from epoca.commands.account import Account
    from epoca.model_file import load
    from epoca.studies.again import problem_again
    from epoca.studies.beside import groups_of
    from epoca.studies.doctor import trial_kind, trial_kinds
    from epoca.studies.trial import TrialKind
    from epoca.tables.reading import read_table

    found = load(model)
    groups_of(found)  # refuses a model with which nothing can be compared
    one = trial_kind(found) if trial is None else TrialKind(trial) if trial != "all" else None
    kinds = trial_kinds(found) if one is None else (one,)
    problem = problem_again(found, read_table(table, encoding=encoding))
    account = Account(is_quiet=as_json)
    if not as_json:
        for sentence in (found.verdict.headline, *found.verdict.reasons):
            screen.tell(sentence)
    trials = []
    for kind in kinds:
        trials.append(_tried(found, problem, kind, account))
        if not as_json:
            _tell(trials[-1])
    if as_json:
        print(json.dumps({"model_file": str(model), "trials": [one.to_json() for one in trials]}))


def _tried(model: Model, problem: Problem, kind: TrialKind, account: Account) -> Trial:
    from epoca.studies.doctor import trial_fitting, trial_of
    from epoca.training.stop import StopReason

    fitting = trial_fitting(model, problem, kind=kind)
    account.train(fitting, members_alone=True)
    if fitting.training.stop.reason is StopReason.INTERRUPTED:  # half a training tells nothing
        raise typer.Exit(130)
    return trial_of(model, fitting, kind=kind)


def _tell(found: Trial) -> None:
    from epoca.commands import screen
    from epoca.studies.trial import Conclusion

    style = {Conclusion.CONFIRMED: "bold green", Conclusion.REFUTED: "bold red"}.get(found.conclusion, "bold yellow")
    screen.out.print()
    screen.tell(found.heading, style=style)
    screen.tell(found.sentence)
    screen.tell(found.advice)

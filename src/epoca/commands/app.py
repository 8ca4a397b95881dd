"""The verbs put together."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

import epoca
from epoca.commands.fit import fit
from epoca.commands.predict import predict
from epoca.commands.samples import samples
from epoca.commands.score import score
from epoca.commands.screen import _, complain, language
from epoca.commands.show import show
from epoca.errors import EpocaError
from epoca.locales.typer_words import speak_through_gettext

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"epoca {epoca.__version__}")
        raise typer.Exit


@app.callback(
    help=_("Train neural networks on tables, and learn how many epochs are ideal."),
    epilog=_("To begin: epoca samples penguins -o penguins.csv, then epoca fit penguins.csv --target species"),
)
def _epoca(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help=_("Show the version and exit."))
    ] = False,
) -> None:
    del version


app.command(help=_("Train on a table and keep the model."))(fit)
app.command(help=_("Predict the target of every row of a table."))(predict)
app.command(help=_("Measure how well a model predicts a table whose target is known."))(score)
app.command(help=_("Show a model: its columns, settings, curve and ideal epoch."))(show)
app.command(help=_("List the built-in sample tables, or write one to a file."))(samples)


def run() -> None:
    """Run the command line of this process."""
    try:
        with speak_through_gettext(language):
            app()
    except EpocaError as error:
        complain(error)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)

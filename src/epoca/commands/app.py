"""The verbs put together."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

import epoca
from epoca.commands.compare import compare
from epoca.commands.doctor import doctor
from epoca.commands.export import export
from epoca.commands.fit import fit
from epoca.commands.lab import lab
from epoca.commands.memorised import memorised
from epoca.commands.predict import predict
from epoca.commands.replay import replay
from epoca.commands.report import report
from epoca.commands.rows import rows
from epoca.commands.samples import samples
from epoca.commands.score import score
from epoca.commands.screen import _, complain, complain_of_usage, language
from epoca.commands.show import show
from epoca.errors import EpocaError
from epoca.locales.typer_words import retell


class _Retold:
    """Help in the user's language where typer has only English."""

    def get_usage(self, ctx: Any) -> str:
        return retell(super().get_usage(ctx), language)  # type: ignore[misc]

    def get_help_option(self, ctx: Any) -> Any:
        option = super().get_help_option(ctx)  # type: ignore[misc]
        if option is not None and option.help:
            option.help = retell(option.help, language)
        return option


class _Group(_Retold, TyperGroup):
    pass


class _Command(_Retold, TyperCommand):
    pass


app = typer.Typer(cls=_Group, add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)


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


app.command(cls=_Command, help=_("Train on a table and keep the model."))(fit)
app.command(cls=_Command, help=_("Predict the target of every row of a table."))(predict)
app.command(cls=_Command, help=_("Measure how well a model predicts a table whose target is known."))(score)
app.command(cls=_Command, help=_("Say which of several models is better on a table."))(compare)
app.command(cls=_Command, help=_("Show a model: its columns, settings, curve and ideal epoch."))(show)
app.command(cls=_Command, help=_("Show which epoch every stopping rule would have chosen in the training of a model."))(
    replay
)
app.command(cls=_Command, help=_("Say what one cheap extra training says of a model's verdict."))(doctor)
app.command(cls=_Command, help=_("Say whether more rows or more epochs would help a model."))(rows)
app.command(cls=_Command, help=_("Show the rows that the late epochs learned by heart."))(memorised)
app.command(cls=_Command, help=_("Open a page on which one sees a network learn, on a sample or on one's own table."))(
    lab
)
app.command(cls=_Command, help=_("Write all that is known of a model as one HTML page."))(report)
app.command(cls=_Command, help=_("Write a model for other programs, as ONNX or PyTorch."))(export)
app.command(cls=_Command, help=_("List the built-in sample tables, or write one to a file."))(samples)


def run() -> int:
    """Run the command line of this process; returns the exit code."""
    try:
        return app(standalone_mode=False) or 0
    except EpocaError as error:
        complain(error)
        return 2
    except typer.TyperException as error:
        if error.format_message():  # none where the help was printed instead
            complain_of_usage(retell(error.format_message(), language))
        return 2
    except typer.Abort:
        return 130

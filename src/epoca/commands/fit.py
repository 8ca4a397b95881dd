"""``epoca fit``: a table in, a model out, and an honest account of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Literal

import typer

from epoca.commands.screen import _
from epoca.errors import OptionError

_TRAINING = _("Training")
_SPLIT = _("Rows")
_OUTPUT = _("Output")


def fit(
    table: Annotated[Path, typer.Argument(help=_("CSV (also .gz, .zst), Parquet or Arrow file."))],
    *,
    target: Annotated[str, typer.Option("--target", "-t", help=_("The column to predict."))],
    model: Annotated[
        Literal["network", "neuron", "perceptron"], typer.Option(help=_("What learns."), rich_help_panel=_TRAINING)
    ] = "network",
    task: Annotated[
        Literal["auto", "classification", "regression"],
        typer.Option(help=_("What the target is: classes or a number."), rich_help_panel=_TRAINING),
    ] = "auto",
    hidden: Annotated[
        str, typer.Option(help=_("Neurons of each hidden layer."), rich_help_panel=_TRAINING)
    ] = "128,128",
    activation: Annotated[
        Literal["relu", "tanh", "logistic", "silu"],
        typer.Option(help=_("Activation of the hidden neurons."), rich_help_panel=_TRAINING),
    ] = "relu",
    members: Annotated[
        int | None,
        typer.Option(help=_("Learners trained side by side. By default 8."), rich_help_panel=_TRAINING),
    ] = None,
    epochs: Annotated[
        int | None,
        typer.Option(
            help=_("Limit of epochs. By default 1000, without early stopping 100."), rich_help_panel=_TRAINING
        ),
    ] = None,
    stop: Annotated[
        str,
        typer.Option(
            help=_("Rule of early stopping: how many epochs without improvement of the held-out loss are borne."),
            rich_help_panel=_TRAINING,
        ),
    ] = "patience(16)",
    seconds: Annotated[
        float | None, typer.Option(help=_("Time that the training may take."), rich_help_panel=_TRAINING)
    ] = None,
    learning_rate: Annotated[
        float | None,
        typer.Option(help=_("By default 0.001; for neuron and perceptron 0.01."), rich_help_panel=_TRAINING),
    ] = None,
    batch_size: Annotated[
        int | None,
        typer.Option(help=_("Rows of one update. By default 64; 256 from 30,000 rows on."), rich_help_panel=_TRAINING),
    ] = None,
    weight_decay: Annotated[
        float,
        typer.Option(help=_("By how much each step shrinks the weights."), rich_help_panel=_TRAINING),
    ] = 0.0,
    dropout: Annotated[
        float, typer.Option(help=_("Share of hidden neurons silenced in each step."), rich_help_panel=_TRAINING)
    ] = 0.0,
    early_stopping: Annotated[
        bool,
        typer.Option(
            help=_("Hold out a fold for each member and keep its best epoch, or learn from all rows to the end."),
            rich_help_panel=_TRAINING,
        ),
    ] = True,
    refit: Annotated[
        bool,
        typer.Option(
            "--refit",
            help=_("Then train new members on all training rows for the ideal number of epochs."),
            rich_help_panel=_TRAINING,
        ),
    ] = False,
    shuffle: Annotated[
        bool, typer.Option(help=_("Give every epoch an order of its own."), rich_help_panel=_TRAINING)
    ] = True,
    scaling: Annotated[bool, typer.Option(help=_("Scale the columns."), rich_help_panel=_TRAINING)] = True,
    seed: Annotated[int, typer.Option(help=_("Of everything random."), rich_help_panel=_TRAINING)] = 0,
    test_size: Annotated[
        float, typer.Option(help=_("Share of the rows set aside for the test."), rich_help_panel=_SPLIT)
    ] = 0.2,
    groups: Annotated[
        str | None,
        typer.Option(help=_("Column whose equal values are never split between parts."), rich_help_panel=_SPLIT),
    ] = None,
    time: Annotated[
        str | None, typer.Option(help=_("Column by whose order the latest rows are the test."), rich_help_panel=_SPLIT)
    ] = None,
    encoding: Annotated[
        str | None, typer.Option(help=_("Character encoding of a CSV file."), rich_help_panel=_SPLIT)
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help=_("Model file. By default the table's name."), rich_help_panel=_OUTPUT),
    ] = None,
    lines: Annotated[
        Path | None,
        typer.Option(
            help=_("File for the line of every hundredth of the epochs (two-column tables)."), rich_help_panel=_OUTPUT
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help=_("Print one JSON object instead."), rich_help_panel=_OUTPUT)
    ] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help=_("Print nothing but errors."), rich_help_panel=_OUTPUT)
    ] = False,
) -> None:
    """Train on a table and keep the model."""
    from epoca.commands.account import Account, as_object
    from epoca.commands.lines import LineRecorder
    from epoca.files import refuse_unwritable
    from epoca.fitting import Fitting
    from epoca.model_file import save
    from epoca.problem import Problem
    from epoca.settings import Settings
    from epoca.tables.reading import read_table
    from epoca.training.stop import StopReason

    settings = Settings(
        model=model,
        task=task,
        hidden=_widths(hidden),
        activation=activation,
        members=members,
        epochs=epochs,
        stopping=stop,
        seconds=seconds,
        learning_rate=learning_rate,
        batch_size=batch_size,
        weight_decay=weight_decay,
        dropout=dropout,
        early_stopping=early_stopping,
        refit=refit,
        shuffle=shuffle,
        scaling=scaling,
        seed=seed,
        test_size=test_size,
        groups=groups,
        time=time,
    )
    place = output or _place_beside(table)
    for file in (place, lines):
        if file is not None:
            refuse_unwritable(file)
    account = Account(is_quiet=quiet or as_json)
    problem = Problem.of_table(read_table(table, encoding=encoding), target=target, settings=settings)
    fitting = Fitting(problem, settings=settings)
    recorder = LineRecorder(fitting) if lines else None
    account.begin(fitting)
    account.train(fitting, recorder)
    found = fitting.model()
    save(found, place)
    if recorder and lines:
        recorder.write(lines)
    if as_json:
        print(json.dumps(as_object(found, place)))
    account.end(found, place)
    if found.stop.reason == StopReason.INTERRUPTED:
        raise typer.Exit(130)


def _place_beside(table: Path) -> Path:
    name = table.name.removesuffix(".gz").removesuffix(".zst")
    return Path(Path(name).stem + ".safetensors")


def _widths(text: str) -> tuple[int, ...]:
    try:
        return tuple(int(part) for part in text.split(",") if part.strip())
    except ValueError:
        raise OptionError(
            'The hidden layers must be whole numbers with commas between them, like 128,128, not "{text}".', text=text
        ) from None

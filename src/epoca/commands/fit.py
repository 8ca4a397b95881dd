"""``epoca fit``: a table in, a model out, and an honest account of it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from epoca.commands.screen import _
from epoca.errors import OptionError

if TYPE_CHECKING:
    from epoca.fitting import Fitting
    from epoca.settings import Settings
    from epoca.tables.table import Table

_TRAINING = _("Training")
_SPLIT = _("Rows")
_OUTPUT = _("Output")


def fit(
    table: Annotated[Path, typer.Argument(help=_("CSV (also .gz, .zst), Parquet or Arrow file."))],
    *,
    target: Annotated[str | None, typer.Option("--target", "-t", help=_("The column to predict."))] = None,
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
    repeats: Annotated[
        int,
        typer.Option(help=_("How often each share of rows is held out, by other seeds."), rich_help_panel=_TRAINING),
    ] = 1,
    epochs: Annotated[
        int | None,
        typer.Option(
            help=_("Limit of epochs. By default 1000, without early stopping 100."), rich_help_panel=_TRAINING
        ),
    ] = None,
    stop: Annotated[
        str | None,
        typer.Option(
            help=_(
                "Rule of early stopping: patience(16), patience(16, growth=0.5), refined(32), gl(5), pq(0.75), up(3), "
                "one_se(1), limit(100) or deadline(60). By default refined(32) of classes (16 from 20,000 rows on), "
                "patience(32) of numbers; of neuron and perceptron patience(16)."
            ),
            rich_help_panel=_TRAINING,
        ),
    ] = None,
    seconds: Annotated[
        float | None, typer.Option(help=_("Time that the training may take."), rich_help_panel=_TRAINING)
    ] = None,
    learning_rate: Annotated[
        float | None,
        typer.Option(
            help=_("By default 0.001, or 0.002 for classes by uncut numbers; for neuron and perceptron 0.01."),
            rich_help_panel=_TRAINING,
        ),
    ] = None,
    batch_size: Annotated[
        int | None,
        typer.Option(
            help=_("Rows of one update. By default a fiftieth of the rows, from 16 to 256."), rich_help_panel=_TRAINING
        ),
    ] = None,
    weight_decay: Annotated[
        float,
        typer.Option(help=_("By how much each step shrinks the weights."), rich_help_panel=_TRAINING),
    ] = 0.0,
    dropout: Annotated[
        float | None,
        typer.Option(
            help=_(
                "Share of hidden neurons silenced in each step. By default 0.1; 0 where a layer is narrower than 32."
            ),
            rich_help_panel=_TRAINING,
        ),
    ] = None,
    gains: Annotated[
        bool,
        typer.Option(
            help=_("Let columns that tell little weigh little, by a gain of each that learns fast."),
            rich_help_panel=_TRAINING,
        ),
    ] = True,
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
    go_on: Annotated[
        Path | None,
        typer.Option(
            "--continue",
            metavar="MODEL",
            help=_("Go on with a model's training on the same table, up to --epochs; by default to twice as many."),
            rich_help_panel=_TRAINING,
        ),
    ] = None,
    shuffle: Annotated[
        bool, typer.Option(help=_("Give every epoch an order of its own."), rich_help_panel=_TRAINING)
    ] = True,
    scaling: Annotated[bool, typer.Option(help=_("Scale the columns."), rich_help_panel=_TRAINING)] = True,
    pieces: Annotated[
        int | None,
        typer.Option(
            help=_(
                "Pieces that the range of every number is cut into besides, for curves with corners. By default 16, or "
                "0 where networks without predict classes better in a short race."
            ),
            rich_help_panel=_TRAINING,
        ),
    ] = None,
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
    leave_out: Annotated[
        list[str] | None,
        typer.Option(
            metavar="COLUMN",
            help=_("Column not to learn from; may be given several times."),
            rich_help_panel=_SPLIT,
        ),
    ] = None,
    encoding: Annotated[
        str | None, typer.Option(help=_("Character encoding of a CSV file."), rich_help_panel=_SPLIT)
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help=_("Model file. By default the table's name, or the model gone on with."),
            rich_help_panel=_OUTPUT,
        ),
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
    from epoca.commands.account import Account, as_object, orderly_interrupt
    from epoca.commands.lines import LineRecorder
    from epoca.files import refuse_unwritable
    from epoca.fitting import Fitting
    from epoca.model_file import name_beside, save
    from epoca.problem import Problem
    from epoca.settings import Settings
    from epoca.studies.race import Race
    from epoca.tables.reading import read_table
    from epoca.test_rows import counted

    if stop is not None and not early_stopping:
        raise OptionError("Without early stopping no rule ends the training; leave out --stop or --no-early-stopping.")
    settings = Settings(
        model=model,
        task=task,
        hidden=_widths(hidden),
        activation=activation,
        members=members,
        repeats=repeats,
        epochs=epochs,
        stopping=stop,
        seconds=seconds,
        learning_rate=learning_rate,
        batch_size=batch_size,
        weight_decay=weight_decay,
        dropout=dropout,
        gains=gains,
        pieces=pieces,
        early_stopping=early_stopping,
        refit=refit,
        shuffle=shuffle,
        scaling=scaling,
        seed=seed,
        test_size=test_size,
        groups=groups,
        time=time,
        leave_out=tuple(leave_out or ()),
    )
    place = output or go_on or Path(name_beside(table.name))
    for file in (place, lines):
        if file is not None:
            refuse_unwritable(file)
    account = Account(is_quiet=quiet or as_json)
    rows = read_table(table, encoding=encoding)
    decided = None
    if go_on is not None:
        fitting = _continued(go_on, rows, target=target, settings=settings)
    elif target is not None:
        problem = Problem.of_table(rows, target=target, settings=settings)
        race = Race(problem, settings=settings)
        try:
            account.run(race)
        except KeyboardInterrupt:
            account.tell_of_nothing()
            raise typer.Exit(130) from None
        fitting = Fitting(problem, settings=race.settings, columns=race.columns)
        decided = race.note
    else:
        raise OptionError("Name the column to predict: --target COLUMN.")
    recorder = LineRecorder(fitting) if lines else None
    account.begin(fitting, decided)
    with orderly_interrupt(fitting):  # what has been learned is scored and kept, too
        account.train(fitting, recorder)
        if fitting.is_interrupted and not fitting.training.kept.any():
            account.tell_of_nothing()
            raise typer.Exit(130)
        found = counted(fitting.model(), [place, *([] if go_on is None else [go_on])])
        save(found, place)
    if recorder and lines:
        recorder.write(lines)
    if as_json:
        print(json.dumps(as_object(found, place)))
    account.end(found, place)
    if fitting.is_interrupted:
        raise typer.Exit(130)


def _continued(place: Path, table: Table, *, target: str | None, settings: Settings) -> Fitting:
    """The training of the model in a file, gone on with."""
    from epoca.model_file import load
    from epoca.settings import Settings
    from epoca.studies.again import fitting_continued, problem_again

    model = load(place)
    free = replace(Settings(), epochs=settings.epochs, seconds=settings.seconds)
    if free != settings or target not in {None, model.target.column}:
        raise OptionError(
            "With --continue everything but --epochs and --seconds is as {model} has it; leave the other options out.",
            model=str(place),
        )
    return fitting_continued(
        model,
        problem_again(model, table),
        epochs=settings.epochs or 2 * len(model.history),
        seconds=settings.seconds,
    )


def _widths(text: str) -> tuple[int, ...]:
    try:
        return tuple(int(part) for part in text.split(",") if part.strip())
    except ValueError:
        raise OptionError(
            'The hidden layers must be whole numbers with commas between them, like 128,128, not "{text}".', text=text
        ) from None

"""What stands before a page: a run or an opened model, the slice through it, the epoch that is looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, final

import numpy as np

from epoca.errors import EpocaError, OptionError
from epoca.lab.choices import Choices
from epoca.lab.frame import MOST_CLASSES, Shown, Subject
from epoca.lab.opened import Opened
from epoca.lab.questions import Lesson
from epoca.lab.run import Run
from epoca.lab.sources import Brought, Edit, suited, table_of
from epoca.lab.view import View
from epoca.locales import Language
from epoca.messages import Message
from epoca.model import Model
from epoca.problem import Problem
from epoca.settings import Settings
from epoca.tables.columns import Columns
from epoca.tables.samples import SAMPLES
from epoca.tables.table import Table
from epoca.types import Parameters


@final
class Stage:
    """What stands before a page.

    Parameters
    ----------
    choices : Choices
        With which it begins.
    brought : mapping of str to Brought
        Tables that may be learned from, by id.
    model : Model, optional
        What is looked at in place of a run.

    Attributes
    ----------
    choices : Choices
        As they are now.
    brought : dict of str to Brought
        The tables there are now.
    edits : list of Edit
        Points changed by hand.
    run : Run or None
        The training; None where nothing can be trained, or a model was opened.
    problem : Message or None
        Why nothing can be trained.
    opened : Opened or None
        The model that was opened.
    view : View or None
        The slice that the map shows; None of fewer than two inputs.
    viewed : int, "kept" or None
        The past epoch that is looked at, the weights that are kept, or what is newest.
    model : Model or None
        What was trained up to the last time it was told, or what was opened.
    lesson : Lesson or None
        The row that was learned from last, alone.
    serial : int
        Number of the run.
    """

    def __init__(self, choices: Choices, *, brought: Mapping[str, Brought], model: Model | None = None) -> None:
        self.choices = choices
        self.brought = dict(brought)
        self.edits: list[Edit] = []
        self.run: Run | None = None
        self.problem: Message | None = None
        self.opened = None if model is None else Opened(model)
        self.view: View | None = None
        self.viewed: int | str | None = None
        self.model = model
        self.lesson: Lesson | None = None
        self.serial = 0

    # --- What it is ---------------------------------------------------------------------------------------------------

    @property
    def language(self) -> Language:
        """In which the page speaks."""
        return Language(self.choices.language)

    @property
    def subject(self) -> Subject:
        """What is looked at.

        Raises
        ------
        OptionError
            If there is nothing.
        """
        return self.opened or self.training

    @property
    def training(self) -> Run:
        """The run.

        Raises
        ------
        OptionError
            If there is none.
        """
        if self.opened is not None:
            raise OptionError("This model was trained elsewhere; choose a table to train here.")
        if self.run is None:
            raise OptionError("Nothing can be trained yet: choose a table and the column to predict.")
        return self.run

    @property
    def columns(self) -> Columns:
        """How a table becomes inputs."""
        columns = self.training.fitting.columns if self.opened is None else self.opened.model.columns
        assert isinstance(columns, Columns)  # models of sparse matrices are refused before
        return columns

    @property
    def table(self) -> Table:
        """The table that is chosen.

        Raises
        ------
        OptionError
            If there is none of that name.
        """
        return table_of(self.choices, self.brought, self.edits)

    @property
    def file(self) -> str:
        """The table's file, as the user knows it; of a sample, as it is saved."""
        name = self.choices.table
        if self.opened is not None:
            return str(self.opened.model.data.get("name", "")) or "table"
        if name in self.brought:
            return self.brought[name].table.name
        return f"{name}-edited.csv" if self.edits else f"{name}.csv"

    @property
    def table_columns(self) -> list[str]:
        """Names of the columns of which one may be the target; none where there is no such table."""
        if self.opened is not None:
            return [self.opened.target.column]
        if self.run is not None:
            table = self.run.problem.table
            assert isinstance(table, Table)  # a lab's tables are dense
            return table.column_names
        try:
            return self.table.column_names
        except OptionError:
            return []

    @property
    def n_rows(self) -> int:
        """Rows of the table that is learned from."""
        return 0 if self.run is None else int(self.run.problem.targets.size)

    @property
    def is_at_start(self) -> bool:
        """Whether nothing was learned or done yet."""
        run = self.run
        return run is not None and run.epoch == 0 and run.step == 0 and not run.events

    @property
    def is_at_end(self) -> bool:
        """Whether the run has ended, and none of its epochs before is looked at."""
        run = self.run
        return run is not None and run.has_ended and not (isinstance(self.viewed, int) and self.viewed < run.epoch)

    def frozen(self) -> list[int]:
        """The weights of the member that is looked at that are held at the epoch that is looked at."""
        if self.run is None:
            return []
        return self.run.frozen(self.choices.member, at=self.viewed if isinstance(self.viewed, int) else None)

    def shown(self) -> Shown:
        """The weights that are drawn."""
        epoch, parameters = self._viewed_parameters()
        member = min(self.choices.member, len(parameters) - 1)
        return Shown(epoch=epoch, parameters=parameters, member=member, of_all=self.choices.map_of == "all")

    def shown_members(self) -> dict[int, Parameters]:
        """(P,) each, by number: the members of the run whose predictions the map shows."""
        shown, kept = self.shown(), np.flatnonzero(self.training.training.kept)
        numbers = kept if len(kept) == len(shown.parameters) else np.arange(len(shown.parameters))
        places = range(len(numbers)) if shown.of_all else [shown.member]
        return {int(numbers[place]): shown.parameters[place] for place in places}

    def _viewed_parameters(self) -> tuple[int | str, Parameters]:
        if self.opened is not None:
            epoch = "kept" if self.viewed is None else self.viewed
            return epoch, self.opened.parameters_at(epoch)
        run = self.training
        if self.viewed is None:
            return run.epoch, run.training.parameters
        if isinstance(self.viewed, int):
            return self.viewed, run.parameters_at(self.viewed)
        is_told = self.model is not None and len(self.model.history) == run.epoch
        return "kept", self.model.parameters if self.model is not None and is_told else run.training.best_parameters

    # --- What becomes of it -------------------------------------------------------------------------------------------

    def chosen(self, changes: Mapping[str, Any]) -> Choices:
        """The choices after changes, what suits another table and is not said among them.

        Raises
        ------
        OptionError
            If one of them cannot be chosen.
        """
        before, changed = self.choices, self.choices.changed(changes)
        columns_of_old: dict[str, Any] = {"left_out": (), "axes": (), "held": {}}
        if changed.table != before.table:
            changed = replace(changed, **{name: none for name, none in columns_of_old.items() if name not in changes})
        if changed.table != before.table and changed.table in SAMPLES:
            changed = suited(changed, changes)
        elif changed.table != before.table:
            table_of(changed, self.brought, ())  # which refuses one that is not there
            target, scaling = changes.get("target", self.brought[changed.table].target), changes.get("scaling", True)
            changed = replace(changed, target=target, rows=None, noise=None, classes=None, scaling=scaling)
        is_other = any(getattr(changed, name) != getattr(before, name) for name in ("target", "left_out"))
        if is_other and not {*changes} & {"axes", "held"}:
            changed = replace(changed, axes=(), held={})
        changed.settings()  # refuses a rule that is none
        return changed

    def begin(self) -> None:
        """A new run of the choices as they are, from its start, or the model that was opened; or a problem."""
        self._end()
        self.serial += 1
        self.problem = self.view = self.viewed = self.lesson = None
        self.model = None if self.opened is None else self.opened.model
        try:
            if self.opened is not None:
                self._follow(self.opened)
            else:
                self.run = self.new_run(self.choices, self.edits)
            self.look()
        except EpocaError as error:
            self._end()
            self.problem = error.message

    def new_run(self, choices: Choices, edits: Sequence[Edit]) -> Run:
        """A run at its start, which is not shown.

        Raises
        ------
        EpocaError
            If nothing can be trained.
        """
        if not choices.target:
            raise OptionError("Choose the column to predict.")
        table, settings = table_of(choices, self.brought, edits), choices.settings()
        return Run(Problem.of_table(table, target=choices.target, settings=settings), settings=settings)

    def _end(self) -> None:
        if self.run is not None:
            self.run.close()
            self.run = None

    def _follow(self, opened: Opened) -> None:
        """Let the choices be those with which a model was trained."""
        used = Settings.of(opened.model.settings)
        self.viewed = "kept"
        self.choices = replace(
            self.choices,
            table="model",
            target=opened.target.column,
            model=used.model,
            hidden=used.hidden,
            activation=used.activation,
            members=len(opened.model.parameters),
            member=0,
            epochs=max(len(opened.history), 1),
        )

    def look(self) -> None:
        """Find the slice that the map shows.

        Raises
        ------
        OptionError
            If there is none of these axes, or at these values, or more classes than a map can tell apart.
        """
        target = self.subject.target
        if len(target.labels) > MOST_CLASSES:
            raise OptionError(
                'The lab shows up to {most} classes, and "{column}" has {n}; choose another column to predict, or '
                "train with epoca fit.",
                most=MOST_CLASSES,
                column=target.column,
                n=len(target.labels),
            )
        axes, held = self.choices.axes, self.choices.held
        if self.opened is not None:
            self.view = View.of_model(self.opened.model, axes=axes, held=held)
        else:
            self.view = View.of_fitting(self.training.fitting, axes=axes, held=held)

    def from_here(self) -> Run:
        """The run, gone back to the epoch that is looked at."""
        run = self.training
        if isinstance(self.viewed, int):
            run.rewind(self.viewed)
            self.serial += 1
            self.choices = replace(self.choices, learning_rate=run.learning_rate)
        self.viewed = None
        return run

"""The rows on which a report looks at a model, and which rows these are."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import PureWindowsPath
from typing import final

import numpy as np

from epoca.errors import EpocaError
from epoca.fitting import Fitting
from epoca.known_rows import known_rows_note
from epoca.messages import Message
from epoca.model import Model
from epoca.plots.voice import Voice
from epoca.problem import Problem
from epoca.scores import Score
from epoca.studies.again import fitting_again, problem_again
from epoca.tables.arrays import arrow_integers
from epoca.tables.table import Table
from epoca.types import Codes, Numbers, Rectangle, Rows


@final
@dataclass(frozen=True, kw_only=True)
class Measured:
    """Rows whose target is known, to look at a model with.

    Parameters
    ----------
    table : Table
        The rows.
    matrix : ndarray or SparseMatrix, (n, d)
        The same, encoded.
    targets : ndarray, (n,)
        Codes, or numbers in the target's unit.
    told : tuple of Message
        Which rows they are, and what is to be said against them.
    notes : tuple of Message
        What reading the table had to decide.
    problem : Problem or None
        What the model was trained on, if the table that was brought is the one.
    """

    table: Table
    matrix: Rectangle
    targets: Codes | Numbers
    told: tuple[Message, ...]
    notes: tuple[Message, ...]
    problem: Problem | None

    @classmethod
    def of(cls, model: Model, table: Table, voice: Voice) -> Measured:
        """The test rows, if the table is the one that the model was trained on, or else all rows.

        Raises
        ------
        TableError
            If a column or the target is missing or holds something else than before, or a label was never seen.
        """
        fitting = _training_of(model, table)
        name = PureWindowsPath(table.name).name
        rows = np.arange(table.n_rows)
        if fitting is None:
            told = [Message("Measured on the {n} rows of {table}.", n=rows.size, table=name)]
        elif fitting.test_rows.size:
            rows = fitting.test_rows
            told = [
                Message(
                    "Measured on the {n} test rows of {table}, found again by the seed; they were used for no choice.",
                    n=rows.size,
                    table=name,
                )
            ]
        else:
            told = [
                Message(
                    "Measured on all {n} rows of {table}, which the model has learned from, for no test rows were set "
                    "aside: on new rows its figures would be worse.",
                    n=rows.size,
                    table=name,
                )
            ]
        brought = table if rows.size == table.n_rows else some_rows(table, rows)
        of_numbers = model.target.task == "regression"
        targets = model.target.numbers(brought) if of_numbers else model.target.codes(brought)
        matrix = model.encoded(brought)
        if fitting is None:
            note = known_rows_note(voice.say(Message("the model")), model.data, matrix, model.learned_targets(brought))
            told += [] if note is None else [note]
        return cls(
            table=brought,
            matrix=matrix,
            targets=targets,
            told=tuple(told),
            notes=table.notes,
            problem=None if fitting is None else fitting.problem,
        )

    def score(self, model: Model) -> Score:
        """How well the model predicts these rows."""
        return model.judged(model.outputs(self.matrix), self.targets)


def some_rows(table: Table, rows: Rows) -> Table:
    """Some rows of a table, which still know their lines."""
    line_of = table.line_of
    found = None if line_of is None else lambda row: line_of(int(rows[row]))
    return replace(table, arrow=table.arrow.take(arrow_integers(rows)), line_of=found)


def _training_of(model: Model, table: Table) -> Fitting | None:
    """The training of the model on this table, not yet begun; None if it was trained on another."""
    try:
        return fitting_again(model, problem_again(model, table))
    except EpocaError:  # other columns, other rows: then it is just a table
        return None

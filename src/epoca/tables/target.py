"""The column to predict: classes as codes, or numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, final

import numpy as np
from numpy.typing import NDArray

from epoca.errors import TableError
from epoca.messages import Message
from epoca.tables.cells import Cells
from epoca.tables.encodings import untrusted
from epoca.tables.labels import Label, as_numbers, code_of, in_order, label_from_json, labels_of, notes_on, spellings
from epoca.tables.names import require_columns
from epoca.tables.table import Table
from epoca.tables.values import listed, quoted
from epoca.types import Codes, Numbers, Rows, Task

LARGEST = 1e306
"""Numbers as large have differences that are no numbers."""

MAX_CLASSES = 50
"""Different numbers beyond which a target is taken for a quantity unless it is said to be a class."""


@final
@dataclass(frozen=True, kw_only=True)
class Target:
    """The column to predict and what was learned about it; made by `fit`.

    Parameters
    ----------
    column : str
        Its name.
    task : "classification" or "regression"
        What it asks for.
    labels : tuple
        The c classes: exact texts from tables of text, else whole numbers, numbers or truth values; in numeric order
        if all are numbers, else in the alphabet's. The class of code k is ``labels[k]``. Empty for a regression.
    mean, scale : float
        Mean and standard deviation of a regression's rows, of all at first; 0 and 1 for a classification.
    notes : tuple of Message
        What the user should know about the labels; not kept in files.

    Examples
    --------
    >>> import pyarrow as pa
    >>> table = Table(name="pets", arrow=pa.table({"pet": ["dog", "cat", "dog", "cat"]}))
    >>> target = Target.fit(table, column="pet")
    >>> target.labels, target.codes(table).tolist()
    (('cat', 'dog'), [1, 0, 1, 0])
    """

    column: str
    task: Task
    labels: tuple[Label, ...] = ()
    mean: float = 0.0
    scale: float = 1.0
    notes: tuple[Message, ...] = field(default=(), compare=False)

    @classmethod
    def fit(
        cls,
        table: Table,
        *,
        column: str,
        task: Literal["auto", "classification", "regression"] = "auto",
    ) -> Target:
        """Find out what is to be predicted.

        Parameters
        ----------
        table : Table
            The table, in all of whose rows the target is looked at.
        column : str
            The target's name.
        task : "auto", "classification" or "regression"
            "auto" means classification, but regression for numbers of which there are many or which have fractions;
            a note then says so.

        Returns
        -------
        Target
            With at least two classes of at least two rows each, or numbers that differ.

        Raises
        ------
        TableError
            If the column is not there, values are missing, or they cannot be learned.
        """
        require_columns(table, [column])
        if task == "regression":
            return _fit_numbers(table, column)
        distinct, codes = labels_of(Cells(table, column))
        _refuse_missing(table, column, codes < 0)
        if task == "auto":
            note = _quantity_note(table, column, distinct)
            if note is not None:
                return replace(_fit_numbers(table, column), notes=(note,))
            _refuse_dates(table, column, distinct)
        _refuse_unlearnable(table, column, distinct, codes)
        labels = tuple(in_order(distinct, table.decimal))
        return cls(column=column, task="classification", labels=labels, notes=notes_on(column, labels))

    def codes(self, table: Table, rows: Rows | None = None) -> Codes:
        """Each row's class as a number.

        Parameters
        ----------
        table : Table
            A table with the target; its labels may be typed otherwise, as long as they are spelled alike.
        rows : ndarray of int64, shape (m,), optional
            The rows; all where None.

        Returns
        -------
        ndarray of int64, shape (m,)
            Values 0 … c-1.

        Raises
        ------
        TableError
            If the column or a value is missing, or a label was not there when the target was fitted.
        """
        require_columns(table, [self.column])
        cells = Cells(table, self.column, rows)
        distinct, found = labels_of(cells)
        _refuse_missing(table, self.column, found < 0, rows)
        spelled = {spelling: code for code, label in enumerate(self.labels) for spelling in spellings(label)}
        known = np.array([code_of(label, spelled) for label in distinct], dtype=np.int64)
        codes = known[found]
        if (codes < 0).any():
            cell = int((codes < 0).argmax())
            raise TableError(
                "{label} is not among the labels that were learned: {labels}.",
                **cells.place(cell),
                label=quoted(str(distinct[found[cell]])),
                labels=listed([str(label) for label in self.labels]),
            )
        return codes

    def numbers(self, table: Table, rows: Rows | None = None) -> Numbers:
        """Each row's number, as the table has it.

        Parameters
        ----------
        table : Table
            A table with the target.
        rows : ndarray of int64, shape (m,), optional
            The rows; all where None.

        Returns
        -------
        ndarray of float64, shape (m,)
            Finite numbers.

        Raises
        ------
        TableError
            If the column or a value is missing, or a value is no finite number or beyond `LARGEST`.
        """
        require_columns(table, [self.column])
        cells = Cells(table, self.column, rows)
        numbers = cells.numbers()
        _refuse_missing(table, self.column, np.isnan(numbers), rows)
        cells.refuse_from(LARGEST, numbers)
        return numbers

    def scaled_to(self, numbers: Numbers, weights: Numbers | None = None) -> Target:
        """The target of a regression with the mean and scale of some rows.

        Parameters
        ----------
        numbers : ndarray of float64, shape (m,)
            Of the training rows.
        weights : ndarray of float64, shape (m,), optional
            How much each row counts.

        Returns
        -------
        Target
        """
        mean, scale = _mean_and_scale(numbers, weights)
        return replace(self, mean=mean, scale=scale)

    def standardised(self, numbers: Numbers) -> Numbers:
        """The numbers minus `mean`, divided by `scale`: what a network learns."""
        # Halves, whose difference cannot overflow.
        return (numbers * 0.5 - self.mean * 0.5) / (self.scale * 0.5)

    def restored(self, standardised: Numbers) -> Numbers:
        """Inverse of `standardised`: what a network says, in the target's own unit."""
        return standardised * self.scale + self.mean

    def to_json(self) -> dict[str, object]:
        """The fields but the notes, as plain JSON values."""
        return {
            "column": self.column,
            "task": self.task,
            "labels": list(self.labels),
            "mean": self.mean,
            "scale": self.scale,
        }

    @classmethod
    def from_json(cls, data: object) -> Target:
        """The target that `to_json` wrote.

        Raises
        ------
        ValueError, KeyError, TypeError
            If `data` is anything else.
        """
        fields = untrusted.mapping(data)
        labels = tuple(label_from_json(label) for label in untrusted.items(fields["labels"]))
        task: Task = "regression" if fields["task"] == "regression" else "classification"
        if fields["task"] != task:
            raise ValueError("an unknown task")
        if len(set(labels)) != len(labels) or (task == "regression") != (labels == ()) or len(labels) == 1:
            raise ValueError("labels that do not fit the task")
        mean, scale = untrusted.finite(fields["mean"]), untrusted.finite(fields["scale"])
        if scale <= 0:
            raise ValueError("a scale is positive")
        return cls(column=untrusted.typed(fields["column"], str), task=task, labels=labels, mean=mean, scale=scale)


def _fit_numbers(table: Table, column: str) -> Target:
    target = Target(column=column, task="regression")
    numbers = target.numbers(table)
    if len(numbers) == 0:
        raise TableError("There are no rows to learn from.", file=table.name)
    if numbers.min() == numbers.max():
        raise TableError(
            "All rows have the same value, {value}; there is nothing to learn. Add rows of other values, or predict "
            "another column.",
            file=table.name,
            column=column,
            value=float(numbers[0]),
        )
    return target.scaled_to(numbers)


def _mean_and_scale(numbers: Numbers, weights: Numbers | None) -> tuple[float, float]:
    """Mean and standard deviation (1 where that is 0), computed near 1 so that no square leaves the range."""
    exponent = math.frexp(float(np.abs(numbers).max()))[1]
    near_one = np.ldexp(numbers, -exponent)
    centre = np.average(near_one, weights=weights)
    spread = math.sqrt(np.average((near_one - centre) ** 2, weights=weights))
    mean, scale = (math.ldexp(float(moment), exponent) for moment in (centre, spread))
    return mean, max(scale, np.finfo(np.float64).tiny) if scale > 0 else 1.0


def _refuse_missing(table: Table, column: str, missing: NDArray[np.bool_], rows: Rows | None = None) -> None:
    if missing.any():
        cells = Cells(table, column, rows)
        cell = int(missing.argmax())
        raise TableError(
            "The target is missing in {n} of {rows} rows, the first of them row {row}; fill it in or remove the rows.",
            **cells.place(cell),
            n=int(missing.sum()),
            rows=len(missing),
            row=1 + (cell if rows is None else int(rows[cell])),
        )


def _quantity_note(table: Table, column: str, distinct: Sequence[Label]) -> Message | None:
    """Why the labels are a quantity instead of classes; None if they are classes."""
    numbers = as_numbers(distinct, table.decimal)
    if numbers is None:
        return None
    if len(distinct) > MAX_CLASSES:
        return Message(
            'The target "{column}" has {n} different numbers, so the number itself is predicted; say --task '
            "classification if they are classes.",
            column=column,
            n=len(distinct),
        )
    fractions = np.flatnonzero(numbers != np.floor(numbers))
    if len(fractions):
        return Message(
            'The target "{column}" holds numbers with fractions such as {value}, so the number itself is predicted; '
            "say --task classification if they are classes.",
            column=column,
            value=str(distinct[int(fractions[0])]),
        )
    return None


def _refuse_dates(table: Table, column: str, distinct: Sequence[Label]) -> None:
    """Raise a TableError if the labels are more dates than there are classes in a classification."""
    if len(distinct) > MAX_CLASSES and Cells(table, column).date_form() is not None:
        raise TableError(
            "The target holds {n} different dates or times, too many to be classes; turn them into numbers, such as "
            "days since the first, and predict these with --task regression, or say --task classification if they are "
            "classes.",
            file=table.name,
            column=column,
            n=len(distinct),
        )


def _refuse_unlearnable(table: Table, column: str, distinct: Sequence[Label], codes: Codes) -> None:
    """Raise a TableError unless there are two classes of finite labels, with two rows each."""
    if len(codes) == 0:
        raise TableError("There are no rows to learn from.", file=table.name)
    for code, label in enumerate(distinct):
        if isinstance(label, float) and not math.isfinite(label):
            raise TableError(
                "{value} is infinite or too large; correct it, or leave the cell empty if the value is missing.",
                **Cells(table, column).place(int((codes == code).argmax())),
                value=quoted(str(label)),
            )
    if len(distinct) == 1:
        raise single_class_error(distinct[0], len(codes), file=table.name, column=column)
    single = np.flatnonzero(np.bincount(codes, minlength=len(distinct)) == 1)
    if len(single):
        raise TableError(
            "{n} of the {classes} classes have a single row, too few to learn from and to check with; the first is "
            "{label}. Add rows of such a class, give it the label of another, or remove its row.",
            **Cells(table, column).place(int((codes == single[0]).argmax())),
            n=len(single),
            classes=len(distinct),
            label=quoted(str(distinct[int(single[0])])),
        )


def single_class_error(label: object, n: int, *, file: str, column: str | None = None) -> TableError:
    """What is said where all n rows have the same label."""
    return TableError(
        "All rows ({n}) have the same label, {label}; a classifier needs rows of two classes or more. Add such rows, "
        "or predict another column.",
        file=file,
        column=column,
        n=n,
        label=quoted(str(label)),
    )

"""The cells of one column: as texts, numbers or dates, and where a value that is none of these stands."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TypedDict, final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from epoca.errors import TableError
from epoca.tables.arrays import arrow_integers, arrow_texts, floats_of, integers_of, one_array
from epoca.tables.dates import TICKS_PER_SECOND, DateForm, form_of, is_time, parse_dates, seconds_of, ticks
from epoca.tables.table import Table
from epoca.tables.values import cast_numbers, clean, is_number, is_text, parse_numbers, quoted
from epoca.types import Numbers, Rows

_TRUTH = arrow_texts(["true", "false"])


class Place(TypedDict):
    """Where an error stands, as the keyword arguments of `TableError`."""

    file: str
    line: int | None
    column: str


@final
@dataclass(frozen=True)
class Texts:
    """A column's cells as texts, each distinct one kept once.

    Parameters
    ----------
    codes : ndarray of int64, shape (m,)
        Each cell's index into `distinct`; -1 where it is missing.
    distinct : pyarrow.Array of text, length k
        The different texts, in order of appearance, blanks around them removed.
    """

    codes: NDArray[np.int64]
    distinct: pa.Array

    @property
    def counts(self) -> NDArray[np.int64]:
        """(k,): how many cells hold each text."""
        return np.bincount(self.codes[self.codes >= 0], minlength=len(self.distinct)).astype(np.int64)


@final
@dataclass(frozen=True, eq=False)
class Cells:
    """The cells of one column of a table, in chosen rows.

    Parameters
    ----------
    table : Table
        The table; it has the column.
    name : str
        The column's name.
    rows : ndarray of int64, shape (m,), optional
        The rows, in the order in which they are wanted; all rows where None.

    Examples
    --------
    >>> table = Table(name="t", arrow=pa.table({"age": ["31", " 4.5", "NA"]}))
    >>> Cells(table, "age").numbers()
    array([31. ,  4.5,  nan])
    """

    table: Table
    name: str
    rows: Rows | None = None

    @cached_property
    def arrow(self) -> pa.ChunkedArray:
        """The cells as they were brought, dictionaries resolved."""
        cells = self.table.arrow.column(self.name)
        if self.rows is not None:
            cells = cells.take(arrow_integers(self.rows))
        return cells.cast(cells.type.value_type) if pa.types.is_dictionary(cells.type) else cells

    @cached_property
    def type(self) -> pa.DataType:
        """The Arrow type of the cells, dictionaries resolved."""
        return self.arrow.type

    @property
    def is_dictionary(self) -> bool:
        """Whether the column was declared to hold categories."""
        return bool(pa.types.is_dictionary(self.table.arrow.schema.field(self.name).type))

    @property
    def is_text(self) -> bool:
        """Whether the cells are text."""
        return is_text(self.type)

    @property
    def is_truth(self) -> bool:
        """Whether the cells are truth values."""
        return bool(pa.types.is_boolean(self.type))

    @property
    def is_time(self) -> bool:
        """Whether the cells are typed as dates or times."""
        return is_time(self.type)

    @property
    def is_number(self) -> bool:
        """Whether the cells are typed as numbers; truth values are not."""
        is_real = pa.types.is_integer(self.type) or pa.types.is_floating(self.type) or pa.types.is_decimal(self.type)
        return bool(is_real or pa.types.is_duration(self.type))

    @property
    def kind(self) -> str:
        """As what the column was brought, in a word of `epoca.tables.columns.Column`."""
        if self.is_truth:
            return "truth"
        if self.is_time:
            return "date"
        return "number" if self.is_number else "text"

    @cached_property
    def cleaned(self) -> pa.ChunkedArray:
        """Text cells without the blanks around them, null where they are spelled as missing."""
        return clean(self.arrow)

    def place(self, cell: int | None = None) -> Place:
        """Where the cell stands, for a `TableError`; the column alone where `cell` is None."""
        row = None if cell is None else cell if self.rows is None else int(self.rows[cell])
        return Place(file=self.table.name, line=None if row is None else self.table.line(row), column=self.name)

    def texts(self) -> Texts:
        """The cells as texts; "True" and "TRUE" become "true", as typed truth values do.

        Returns
        -------
        Texts
            m codes and k distinct texts.

        Raises
        ------
        TableError
            If the cells hold lists, bytes or another type that is no text.
        """
        if not (self.is_text or self.is_truth or self.is_number or self.is_time or pa.types.is_null(self.type)):
            raise TableError(
                "Values of the type {type} cannot be used; turn them into numbers, texts or dates, "
                "or leave the column out.",
                **self.place(),
                type=self.type,
            )
        encoded = one_array(self.arrow.cast(pa.large_string())).dictionary_encode()
        spelled = clean(encoded.dictionary)
        is_truth = pc.is_in(pc.utf8_lower(spelled), value_set=_TRUTH)
        distinct = pc.if_else(is_truth, pc.utf8_lower(spelled), spelled).dictionary_encode()
        merged = np.append(integers_of(distinct.indices), np.int64(-1))
        return Texts(merged[integers_of(encoded.indices)], distinct.dictionary)

    def numbers(self) -> Numbers:
        """The cells as numbers.

        Returns
        -------
        ndarray of float64, shape (m,)
            NaN where missing.

        Raises
        ------
        TableError
            If a value is no number, or no finite one.
        """
        numbers = self.numbers_or_none()
        if numbers is not None:
            return numbers
        if not self.is_text:
            raise TableError(
                "Numbers are expected here, but the column holds values of the type {type}.",
                **self.place(),
                type=self.type,
            )
        cell = _first_unreadable(self.cleaned, self._parsed)
        raise TableError(
            "{value} is no number; correct it, or leave the cell empty if the value is missing.",
            **self.place(cell),
            value=quoted(self.cleaned[cell].as_py()),
        )

    def numbers_or_none(self) -> Numbers | None:
        """The cells as numbers (float64, NaN where missing), or None if some value is no number.

        Raises
        ------
        TableError
            If all are numbers and one of them is infinite.
        """
        numbers = self._numbers()
        if numbers is not None:
            self.refuse_from(math.inf, numbers)
        return numbers

    def count_numbers(self) -> tuple[int, int]:
        """How many text cells read as numbers, and how many are not missing."""
        present = len(self.cleaned) - self.cleaned.null_count
        return int(pc.sum(is_number(self.cleaned, self.table.decimal)).as_py() or 0), present

    def first_non_number(self) -> int:
        """The first text cell that neither is missing nor reads as a number; there must be one."""
        return _first_unreadable(self.cleaned, self._parsed)

    def date_form(self) -> DateForm | None:
        """How the dates are written; None if the cells are not all dates, or day and month cannot be told apart."""
        if self.is_time:
            return DateForm.ISO
        return form_of(self.cleaned) if self.is_text else None

    def seconds(self, form: DateForm) -> Numbers:
        """The cells as seconds since 1970 began (for times of day: since midnight).

        Parameters
        ----------
        form : DateForm
            How dates are written where they are text.

        Returns
        -------
        ndarray of float64, shape (m,)
            NaN where missing.

        Raises
        ------
        TableError
            If a value is no date of this form.
        """
        if pa.types.is_null(self.type):
            return np.full(len(self.arrow), np.nan)
        if self.is_time:
            return seconds_of(self.arrow)
        if not self.is_text:
            raise TableError(
                "Dates or times are expected here, but the column holds values of the type {type}.",
                **self.place(),
                type=self.type,
            )
        dates = parse_dates(self.cleaned, form)
        if dates is not None:
            return dates
        cell = _first_unreadable(self.cleaned, lambda part: parse_dates(part, form))
        raise TableError(
            "{value} is no date of the form that this column had when it was learned; "
            "correct it, or leave the cell empty if the value is missing.",
            **self.place(cell),
            value=quoted(self.cleaned[cell].as_py()),
        )

    def _parsed(self, texts: pa.ChunkedArray) -> Numbers | None:
        return parse_numbers(texts, self.table.decimal)

    def _numbers(self) -> Numbers | None:
        if self.is_text:
            # Clean text first as it is: most columns of numbers need no second look.
            numbers = None if self.table.decimal == "," else cast_numbers(self.arrow)
            return self._parsed(self.cleaned) if numbers is None else numbers
        if pa.types.is_duration(self.type):
            return ticks(self.arrow) / TICKS_PER_SECOND[self.type.unit]
        if self.is_number or self.is_truth or pa.types.is_null(self.type):
            return floats_of(self.arrow)
        return None

    def refuse_from(self, limit: float, numbers: Numbers) -> None:
        """Raise a TableError if one of the cells' numbers is as large as `limit`, or as small as its negative."""
        too_large = np.abs(numbers) >= limit
        if too_large.any():
            cell = int(too_large.argmax())
            raise TableError(
                "{value} is infinite or too large; correct it, or leave the cell empty if the value is missing.",
                **self.place(cell),
                value=quoted(str(self.arrow[cell].as_py())),
            )


def _first_unreadable(texts: pa.ChunkedArray, read: Callable[[pa.ChunkedArray], Numbers | None]) -> int:
    """Index of the first text that `read`, which takes all or nothing, does not take; found by halving."""
    start, stop = 0, len(texts)
    while stop - start > 1:
        middle = (start + stop) // 2
        if read(texts.slice(start, middle - start)) is None:
            stop = middle
        else:
            start = middle
    return start

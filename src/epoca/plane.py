"""Two columns of a table as a plane: where their values stand on its axes, and the rows at all of its places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import final
from zlib import crc32

import numpy as np
import pyarrow as pa

from epoca.errors import OptionError
from epoca.tables.arrays import arrow_integers
from epoca.tables.cells import Cells
from epoca.tables.columns import Column, Columns
from epoca.tables.encoder import Encoder
from epoca.tables.encodings.category import CategoryEncoding, known_texts
from epoca.tables.encodings.date import DateEncoding
from epoca.tables.encodings.number import NumberEncoding
from epoca.tables.encodings.words import WordsEncoding
from epoca.tables.encodings.yes_no import TwoNumbersEncoding, TwoTextsEncoding
from epoca.tables.names import require_columns
from epoca.tables.table import Table
from epoca.tables.values import listed
from epoca.types import Numbers

PRESENT = "–"
"""Some value of a column of which only counts whether one is missing."""


@final
@dataclass(frozen=True, kw_only=True)
class Axis:
    """A column along an axis.

    Parameters
    ----------
    column : Column
        Which.
    values : pyarrow.Array
        The cells along it.
    places : ndarray of float64
        Where they stand: numbers at themselves, dates at their milliseconds, categories at 0, 1, …
    """

    column: Column
    values: pa.Array
    places: Numbers

    @property
    def categories(self) -> tuple[str, ...] | None:
        """The texts along it, if it is one of texts."""
        return texts_of(self.column)

    @property
    def is_date(self) -> bool:
        """Whether it is one of dates."""
        return isinstance(self.column.encoding, DateEncoding)

    def places_of(self, table: Table) -> Numbers:
        """Where a table's cells stand; NaN where a value is missing or no category of the axis."""
        cells = Cells(table, self.column.name)
        if self.categories is None:
            return _numbers(self.column, cells)
        found = known_texts(cells, self.categories).astype(float)
        # Equal texts would hide each other.
        aside = np.random.default_rng(crc32(self.column.name.encode())).uniform(-0.3, 0.3, found.size)
        return np.where(found < 0, np.nan, found + aside)


@final
@dataclass(frozen=True, kw_only=True)
class Plane:
    """Two axes, and what the other columns are held at.

    Parameters
    ----------
    across, up : Axis
        The columns.
    held : sequence of pair of Column and value
        The other columns, each with its one value.
    """

    across: Axis
    up: Axis
    held: Sequence[tuple[Column, object]]

    @classmethod
    def of(
        cls,
        encoder: Encoder,
        *,
        columns: tuple[str, str] | None,
        table: Table | None,
        steps: int,
        held: Mapping[str, object] | None = None,
    ) -> Plane:
        """The plane of two columns that a model uses, as far as a table reaches, or else most of the training rows.

        Parameters
        ----------
        encoder : Columns or SparseColumns
            Of the model.
        columns : tuple of str or None
            The two; None where the model uses no others.
        table : Table or None
            Says how far the axes reach.
        steps : int
            Places along an axis of numbers.
        held : mapping, optional
            At what other columns are held, by name; those that are left out are at their usual value.

        Raises
        ------
        OptionError
            If the columns are none of the model's, or nothing tells how far they reach.
        """
        across, up, *others = _chosen(encoder, columns)
        if table is not None:
            require_columns(table, [across.name, up.name])
        at = {} if held is None else held
        values = [(column, at[column.name] if column.name in at else usual(column, table)) for column in others]
        return cls(across=_axis(across, table, steps), up=_axis(up, table, steps), held=values)

    def rows(self, n: int | None = None) -> Table:
        """A row for every place, line by line, from the lowest to the highest; or for the first n of them."""
        n_across, n_up = len(self.across.values), len(self.up.values)
        n = n_across * n_up if n is None else n
        cells = {
            self.across.column.name: self.across.values.take(arrow_integers(np.arange(n) % n_across)),
            self.up.column.name: self.up.values.take(arrow_integers(np.arange(n) // n_across)),
            **{column.name: pa.repeat(pa.scalar(value), n) for column, value in self.held},
        }
        return Table(name="plane", arrow=pa.table(cells))


def table_columns(encoder: Encoder) -> Columns:
    """The columns that a model was trained on.

    Raises
    ------
    OptionError
        If they are those of a sparse matrix, which cannot be mapped.
    """
    if not isinstance(encoder, Columns):
        raise OptionError(
            "The model was trained on a sparse matrix, whose columns cannot be mapped; train it on a table."
        )
    return encoder


def _chosen(encoder: Encoder, columns: tuple[str, str] | None) -> list[Column]:
    """The two columns of the plane, then the others."""
    used = {column.name: column for column in table_columns(encoder).used}
    names = tuple(used) if columns is None else tuple(columns)
    if columns is None and len(names) != 2:
        raise OptionError(
            'The model uses {n} columns, and a map has two; name them, as in columns=("{one}", "{other}").',
            n=len(names),
            one=names[0],
            other=names[-1],
        )
    if len(names) != 2 or names[0] == names[1] or not {*names} <= {*used}:
        raise OptionError(
            "A map needs two different columns that the model uses, not {given}; it uses {used}.",
            given=listed([str(name) for name in names]) or "–",
            used=listed([*used]),
        )
    return [used[names[0]], used[names[1]], *(column for name, column in used.items() if name not in names)]


def _axis(column: Column, table: Table | None, steps: int) -> Axis:
    texts = texts_of(column)
    if texts is not None:
        return Axis(column=column, values=pa.array(texts), places=np.arange(len(texts), dtype=float))
    if not isinstance(column.encoding, NumberEncoding | TwoNumbersEncoding | DateEncoding):
        raise OptionError(
            'The column "{column}" only tells whether a value is missing, which cannot be mapped; name another.',
            column=column.name,
        )
    low, high = reach(column, table)
    places = np.linspace(low, high, steps)
    if isinstance(column.encoding, DateEncoding):
        return Axis(column=column, values=pa.array(places.round().astype("datetime64[ms]")), places=places)
    return Axis(column=column, values=pa.array(places), places=places)


def is_reach_known(column: Column) -> bool:
    """Whether the model itself knows how far an axis of that column goes."""
    number = column.encoding
    return not isinstance(number, NumberEncoding) or number.unit is not None or number.spread is not None


def reach(column: Column, table: Table | None) -> tuple[float, float]:
    """How far an axis of numbers goes."""
    low, high = span(column, table)
    is_known = table is not None or isinstance(column.encoding, TwoNumbersEncoding)
    room = (0.05 * (high - low) or 1.0) if is_known else 0.0
    return low - room, high + room


def span(column: Column, table: Table | None) -> tuple[float, float]:
    """Between which numbers a column lies: those of a table, or about those that the model was trained on."""
    if table is not None:
        numbers = _numbers(column, Cells(table, column.name))
        if np.isfinite(numbers).any():
            return float(np.nanmin(numbers)), float(np.nanmax(numbers))
    if isinstance(column.encoding, TwoNumbersEncoding):
        return column.encoding.low, column.encoding.high
    is_date = isinstance(column.encoding, DateEncoding)
    number = column.encoding.time if isinstance(column.encoding, DateEncoding) else column.encoding
    assert isinstance(number, NumberEncoding)
    unit = number.spread if number.unit is None else number.unit
    if unit is None:
        raise OptionError(
            'The model takes "{column}" unscaled and so does not know how far it reaches; give the table too.',
            column=column.name,
        )
    # From the median as far to either side as the whiskers of a box plot.
    middle, reach = number.centre, 3 * unit or 1.0
    scale = 1000 if is_date else 1
    return (middle - reach) * scale, (middle + reach) * scale


def _numbers(column: Column, cells: Cells) -> Numbers:
    if isinstance(column.encoding, DateEncoding):
        return cells.seconds(column.encoding.form) * 1000
    return cells.numbers()


def texts_of(column: Column) -> tuple[str, ...] | None:
    """The texts that a column of texts is known to hold; None of other columns."""
    match column.encoding:
        case CategoryEncoding(categories=known) | WordsEncoding(words=known):
            return known
        case TwoTextsEncoding(low=low, high=high):
            return low, high
        case _:
            return None


def usual(column: Column, table: Table | None) -> object:
    """The median or the most frequent value: of the training rows, or, where the model does not know, of the table."""
    encoding = column.encoding
    match encoding:
        case NumberEncoding():
            return encoding.centre
        case DateEncoding():
            return np.datetime64(round(encoding.time.centre), "s")
        case CategoryEncoding(categories=known) | WordsEncoding(words=known):
            return known[0]
        case TwoNumbersEncoding() | TwoTextsEncoding():
            if table is None or column.name not in table.column_names:
                return encoding.low
            found = _most_frequent(Cells(table, column.name))
            return encoding.low if found is None else found
        case _:
            return PRESENT


def _most_frequent(cells: Cells) -> float | str | None:
    """Of a column of two values, leaving missing ones out; None where all are missing."""
    numbers = cells.numbers_or_none()
    if numbers is not None:
        present = np.sort(numbers[~np.isnan(numbers)])
        return float(present[present.size // 2]) if present.size else None
    texts = cells.texts()
    return str(texts.distinct[int(texts.counts.argmax())]) if len(texts.distinct) else None

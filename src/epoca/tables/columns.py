"""What every column of a table is and how it becomes numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import accumulate
from typing import TypeVar, final

import numpy as np

from epoca.cores import n_cores
from epoca.errors import OptionError, TableError
from epoca.messages import Message
from epoca.tables.cells import Cells
from epoca.tables.encodings import untrusted
from epoca.tables.encodings.catalogue import encoding_from_json, encoding_to_json
from epoca.tables.encodings.choosing import choose_encoding
from epoca.tables.encodings.date import DateEncoding
from epoca.tables.encodings.encoding import ColumnKind, Encoding
from epoca.tables.encodings.left_out import LeftOut, Reason
from epoca.tables.encodings.number import NumberEncoding
from epoca.tables.names import require_columns
from epoca.tables.table import Table
from epoca.types import Matrix, Numbers, Rows

MANY_ROWS = 20_000
"""Rows from which on columns are worked at side by side; with fewer, threads cost more than they save."""

MAX_PIECES = 512
"""Into how many pieces the numbers of all columns are cut together at most, so that a wide table stays small enough."""

_Job = TypeVar("_Job")
_Result = TypeVar("_Result")

__all__ = ["Column", "ColumnAccount", "ColumnKind", "Columns"]


@final
@dataclass(frozen=True, kw_only=True)
class ColumnAccount:
    """What became of one column.

    Parameters
    ----------
    name : str
        The column.
    kind : ColumnKind
        What it holds.
    outputs : int
        How many encoded columns it became; 0 where it was left out.
    missing : int
        How many of its values are missing in the training rows.
    note : Message
        A sentence on what becomes of it, or why it was left out.
    """

    name: str
    kind: ColumnKind
    outputs: int
    missing: int
    note: Message


@final
@dataclass(frozen=True)
class Column:
    """One column of the table.

    Parameters
    ----------
    name : str
        The column.
    encoding : Encoding
        What becomes of it.
    missing : int
        How many of its values are missing in the training rows.
    type : str
        As what it was brought: "text", "truth", "number" or "date".
    """

    name: str
    encoding: Encoding
    missing: int
    type: str

    @property
    def account(self) -> ColumnAccount:
        """What became of it."""
        outputs = self.encoding.outputs(self.name)
        note = self.encoding.note()
        if self.missing and len(outputs) > 1:  # one of them is the flag
            note = Message("{note} Missing ones become 0 and set a flag.", note=note)
        kind = self.encoding.kind
        return ColumnAccount(name=self.name, kind=kind, outputs=len(outputs), missing=self.missing, note=note)


@final
@dataclass(frozen=True)
class Columns:
    """How a table's columns become an encoded matrix; made by `fit`, which looks at the training rows only.

    Examples
    --------
    >>> import pyarrow as pa
    >>> pets = pa.table({"kg": ["3", "", "30", "25"], "fur": ["y", "n", "y", "y"], "pet": ["cat", "cat", "dog", "dog"]})
    >>> table = Table(name="pets", arrow=pets)
    >>> columns = Columns.fit(table, target="pet", rows=np.arange(4))
    >>> columns.output_names
    ['kg', 'kg missing', 'fur=y']
    >>> columns.encode(table).round(2)
    array([[-0.79,  0.  ,  1.  ],
           [ 0.  ,  1.  , -1.  ],
           [ 0.18,  0.  ,  1.  ],
           [ 0.  ,  0.  ,  1.  ]], dtype=float32)
    """

    _columns: tuple[Column, ...]

    @classmethod
    def fit(
        cls,
        table: Table,
        *,
        target: str,
        rows: Rows,
        leave_out: Sequence[str] = (),
        scaling: bool = True,
        pieces: int = 0,
        weights: Numbers | None = None,
    ) -> Columns:
        """Find out what every column is and how it becomes numbers.

        Parameters
        ----------
        table : Table
            The table.
        target : str
            The column to predict, which is not encoded; the table need not have it.
        rows : ndarray of int64, shape (m,)
            The training rows; the others are not looked at.
        leave_out : sequence of str
            Columns not to learn from.
        scaling : bool
            Whether numbers are scaled robustly and clipped smoothly (Holzmüller et al., "Better by Default", 2024);
            False leaves them as they are, for learners that are to see the user's own numbers.
        pieces : int
            Into how many the range of each number is cut besides, see `NumberEncoding`; fewer where very many columns
            are numbers.
        weights : ndarray of float64, shape (m,), optional
            How much each training row counts in the scale of numbers: as much as so many equal rows.

        Returns
        -------
        Columns
            With at least one output.

        Raises
        ------
        TableError
            If a column's name occurs twice, a column cannot be used as it is, or none is left to learn from.
        OptionError
            If a column to be left out is not in the table.
        """
        require_columns(table, [name for name in table.column_names if name != target])
        for name in leave_out:
            if name not in table.column_names:
                raise OptionError('The column "{name}" is to be left out but is not in the table.', name=name)
        asked = {*leave_out}
        choose = partial(choose_encoding, scaling=scaling, pieces=pieces, weights=weights)

        def fitted(name: str) -> Column:
            cells = Cells(table, name, rows)
            if name in asked:
                return Column(name, LeftOut(reason=Reason.ASKED), 0, cells.kind)
            return Column(name, *choose(cells), cells.kind)

        names = [name for name in table.column_names if name != target]
        columns = cls(tuple(_side_by_side(fitted, names, len(rows))))
        if columns.n_outputs == 0:
            columns = columns._with_row_numbers(table, rows, choose)
        columns = columns.of_at_most(MAX_PIECES)
        if columns.n_outputs == 0:
            raise columns._nothing_left(table)
        return columns

    def _with_row_numbers(self, table: Table, rows: Rows, choose: Callable[..., tuple[Encoding, int]]) -> Columns:
        """The columns, with whole numbers that number the rows: where nothing else is, they are to be learned from."""

        def refitted(column: Column) -> Column:
            if not (isinstance(column.encoding, LeftOut) and column.encoding.reason is Reason.ROW_NUMBERS):
                return column
            cells = Cells(table, column.name, rows)
            return Column(column.name, *choose(cells, row_numbers=True), column.type)

        return Columns(tuple(map(refitted, self._columns)))

    def of_at_most(self, pieces: int) -> Columns:
        """The columns with fewer pieces, which those of the most give up.

        Parameters
        ----------
        pieces : int
            So many in all at most; by 0 nothing is cut.

        Returns
        -------
        Columns
        """
        cut = self._cut
        counts = np.array([encoding.n_pieces for encoding in cut.values()], np.int64)
        if counts.sum() <= pieces:
            return self
        most = max(cap for cap in range(counts.max()) if np.minimum(counts, cap).sum() <= pieces)
        fewer = {name: encoding.of_fewer_pieces(most) for name, encoding in cut.items()}
        return Columns(
            tuple(replace(column, encoding=fewer.get(column.name, column.encoding)) for column in self._columns)
        )

    def _nothing_left(self, table: Table) -> TableError:
        if not self._columns:
            return TableError("There is no column besides the target to learn from.", file=table.name)
        return TableError(
            'No column is left to learn from; of "{name}" this is said: {note}',
            file=table.name,
            name=self._columns[0].name,
            note=self._columns[0].encoding.note(),
        )

    @classmethod
    def as_they_are(cls, names: Sequence[str]) -> Columns:
        """Numbers that are learned from unchanged, one column each."""
        encoding = NumberEncoding(centre=0.0, unit=None, flag=False)
        return cls(tuple(Column(name, encoding, 0, "number") for name in names))

    @property
    def used(self) -> list[Column]:
        """The columns that are learned from, in the order of their outputs."""
        return [column for column in self._columns if column.encoding.outputs(column.name)]

    @property
    def names(self) -> list[str]:
        """The table's columns but the target, those left out among them."""
        return [column.name for column in self._columns]

    @cached_property
    def outputs(self) -> list[str | Message]:
        """Names of the d encoded columns; messages where they hold words of ours."""
        return [output for column in self._columns for output in column.encoding.outputs(column.name)]

    @property
    def output_names(self) -> list[str]:
        """The same in English, such as "island=Biscoe" or "bill_length_mm missing"."""
        return [str(output) for output in self.outputs]

    @property
    def n_outputs(self) -> int:
        """d, the number of encoded columns."""
        return len(self.outputs)

    @property
    def n_pieces(self) -> int:
        """Into how many pieces numbers are cut, all together."""
        return sum(encoding.n_pieces for encoding in self._cut.values())

    @property
    def _cut(self) -> dict[str, NumberEncoding | DateEncoding]:
        """The encodings that may have pieces, by column."""
        return {
            column.name: column.encoding
            for column in self._columns
            if isinstance(column.encoding, NumberEncoding | DateEncoding)
        }

    @cached_property
    def accounts(self) -> tuple[ColumnAccount, ...]:
        """What became of every column but the target."""
        return tuple(column.account for column in self._columns)

    def encode(
        self, table: Table, *, rows: Rows | None = None, dtype: type[np.float32] | type[np.float64] = np.float32
    ) -> Matrix:
        """Turn a table's rows into numbers; what becomes of a row does not depend on the others.

        Parameters
        ----------
        table : Table
            A table with the fitted columns, found by name; their order and further columns make no difference.
        rows : ndarray of int64, shape (m,), optional
            The rows to encode; all where None.
        dtype : type
            numpy.float32, or numpy.float64; everything is computed in float64 and cast at the end.

        Returns
        -------
        ndarray of dtype, shape (m, d)
            C-contiguous and finite.

        Raises
        ------
        TableError
            If a column is missing or occurs twice, or a value is not of the kind that was learned.
        """
        used = self.used
        require_columns(table, [column.name for column in used])
        shape = (table.n_rows if rows is None else len(rows), self.n_outputs)
        out: Matrix = np.zeros(shape, np.float64) if dtype is np.float64 else np.zeros(shape, np.float32)

        def write(job: tuple[Column, int]) -> None:
            column, end = job
            first = end - len(column.encoding.outputs(column.name))
            column.encoding.write(Cells(table, column.name, rows), out[:, first:end])

        ends = accumulate(len(column.encoding.outputs(column.name)) for column in used)
        _side_by_side(write, list(zip(used, ends, strict=True)), len(out))
        return out

    def to_json(self) -> dict[str, object]:
        """Everything that was fitted, as plain JSON values; what `from_json` makes of it encodes bit by bit alike."""
        return {
            "columns": [
                {
                    "name": column.name,
                    "type": column.type,
                    "missing": column.missing,
                    "encoding": encoding_to_json(column.encoding),
                }
                for column in self._columns
            ]
        }

    @classmethod
    def from_json(cls, data: object) -> Columns:
        """The columns that `to_json` wrote.

        Raises
        ------
        ValueError, KeyError, TypeError
            If `data` is anything else.
        """
        entries = [untrusted.mapping(entry) for entry in untrusted.items(untrusted.mapping(data)["columns"])]
        names = untrusted.texts([entry["name"] for entry in entries])
        columns = cls(
            tuple(
                Column(
                    name,
                    encoding_from_json(entry["encoding"]),
                    untrusted.count(entry["missing"]),
                    untrusted.typed(entry.get("type", "text"), str),
                )
                for name, entry in zip(names, entries, strict=True)
            )
        )
        if columns.n_outputs == 0:
            raise ValueError("no column has an output")
        return columns


def _side_by_side(work: Callable[[_Job], _Result], jobs: Sequence[_Job], n_rows: int) -> list[_Result]:
    """Results in order, several long jobs at a time: Arrow and NumPy let go of the interpreter while they compute."""
    if n_rows < MANY_ROWS:
        return [work(job) for job in jobs]
    with ThreadPoolExecutor(n_cores()) as pool:
        return list(pool.map(work, jobs))

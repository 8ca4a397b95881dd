"""Tables of which most cells are 0, kept and encoded without writing these down."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from epoca.errors import TableError
from epoca.messages import Message
from epoca.tables.cells import Cells
from epoca.tables.columns import ColumnAccount, ColumnKind
from epoca.tables.encodings import untrusted
from epoca.tables.names import require_columns
from epoca.tables.table import Table
from epoca.types import Numbers, Rows, SparseMatrix


@final
@dataclass(frozen=True, kw_only=True)
class SparseTable:
    """A table of numbers, nearly all of them 0.

    Parameters
    ----------
    name : str
        As messages name it.
    matrix : SparseMatrix
        The columns x0, x1, …; finite float64, each place at most once.
    """

    name: str
    matrix: SparseMatrix

    @classmethod
    def of(cls, rows: Any, *, name: str) -> SparseTable:
        """A table of a SciPy sparse matrix or array of any format.

        Parameters
        ----------
        rows : scipy.sparse matrix or array, (n, d)
            Finite numbers.
        name : str
            As messages name it.
        """
        compressed = rows.tocsr(copy=True)
        compressed.sum_duplicates()
        return cls(
            name=name,
            matrix=SparseMatrix(
                compressed.data.astype(np.float64),
                compressed.indices.astype(np.int64),
                compressed.indptr.astype(np.int64),
                int(compressed.shape[1]),
            ),
        )

    @classmethod
    def of_columns(cls, table: Table, names: Sequence[str]) -> SparseTable:
        """The named columns of a table as a sparse one.

        Raises
        ------
        TableError
            If a column is missing, or holds a missing value or anything but numbers.
        """
        require_columns(table, names)
        values: list[Numbers] = []
        rows: list[Rows] = []
        for name in names:
            cells = Cells(table, name)
            numbers = cells.numbers()
            missing = np.isnan(numbers)
            if missing.any():
                raise TableError(
                    "The value is missing, but the model was learned from a sparse matrix, whose cells are all "
                    "numbers; fill it in, with 0 perhaps.",
                    **cells.place(int(missing.argmax())),
                )
            rows.append(np.flatnonzero(numbers))
            values.append(numbers[rows[-1]])
        columns = np.repeat(np.arange(len(names)), [len(found) for found in rows])
        row = np.concatenate(rows)
        order = np.argsort(row, kind="stable")
        starts = np.searchsorted(row[order], np.arange(table.n_rows + 1))
        return cls(
            name=table.name, matrix=SparseMatrix(np.concatenate(values)[order], columns[order], starts, len(names))
        )

    @property
    def n_rows(self) -> int:
        """Number of rows."""
        return self.matrix.n_rows

    @property
    def column_names(self) -> list[str]:
        """Names that the columns are given: x0, x1, …."""
        return [f"x{place}" for place in range(self.matrix.width)]

    @property
    def notes(self) -> tuple[Message, ...]:
        """Nothing."""
        return ()


@final
@dataclass(frozen=True)
class SparseColumns:
    """How a sparse table becomes a matrix: every number is divided by the largest size in its column, so 0 stays 0.

    Parameters
    ----------
    units : ndarray of float64, (d,)
        By what each column is divided.

    Examples
    --------
    >>> import scipy.sparse
    >>> table = SparseTable.of(scipy.sparse.csr_array([[0.0, 4.0], [-2.0, 0.0]]), name="X")
    >>> SparseColumns.fit(table, rows=np.arange(2)).encode(table).values
    array([ 1., -1.], dtype=float32)
    """

    units: Numbers

    @classmethod
    def fit(cls, table: SparseTable, *, rows: Rows, scaling: bool = True) -> SparseColumns:
        """Find out how large the numbers of every column are.

        Parameters
        ----------
        table : SparseTable
            The table.
        rows : ndarray of int64, (m,)
            The training rows; the others are not looked at.
        scaling : bool
            Whether to divide; else numbers stay as they are.

        Returns
        -------
        SparseColumns

        Raises
        ------
        TableError
            If all numbers of these rows are 0.
        """
        matrix = taken(table.matrix, rows)
        if not matrix.values.any():
            raise TableError("All numbers are 0; there is nothing to learn from.", file=table.name)
        units = np.zeros(matrix.width)
        np.maximum.at(units, matrix.columns, np.abs(matrix.values))
        return cls(np.where(units > 0, units, 1.0) if scaling else np.ones_like(units))

    @property
    def names(self) -> list[str]:
        """Names of the columns."""
        return self.output_names

    @cached_property
    def output_names(self) -> list[str]:
        """Names of the d encoded columns."""
        return [f"x{place}" for place in range(self.n_outputs)]

    @property
    def outputs(self) -> Sequence[str | Message]:
        """The same, as `Columns.outputs`."""
        return self.output_names

    @property
    def n_outputs(self) -> int:
        """d, the number of columns."""
        return self.units.size

    @property
    def accounts(self) -> tuple[ColumnAccount, ...]:
        """What became of the columns, all in one."""
        is_scaled = bool((self.units != 1).any())
        scaled = Message("Numbers, nearly all 0; the largest of each column becomes 1 in size.")
        note = scaled if is_scaled else Message("Numbers, nearly all 0, used as they are.")
        return (
            ColumnAccount(
                name=f"x0 … x{self.n_outputs - 1}", kind=ColumnKind.NUMBER, outputs=self.n_outputs, missing=0, note=note
            ),
        )

    def encode(
        self,
        table: Table | SparseTable,
        *,
        rows: Rows | None = None,
        dtype: type[np.float32] | type[np.float64] = np.float32,
    ) -> SparseMatrix:
        """Scale a table's rows.

        Parameters
        ----------
        table : SparseTable or Table
            Of as many columns as were fitted; of a table those of their names are taken.
        rows : ndarray of int64, (m,), optional
            The rows to encode; all where None.
        dtype : type
            numpy.float32, or numpy.float64.

        Returns
        -------
        SparseMatrix, (m, d)

        Raises
        ------
        TableError
            If there is another number of columns, or a column of a table is missing or holds anything but numbers.
        """
        if isinstance(table, Table):
            table = SparseTable.of_columns(table, self.names)
        if table.matrix.width != self.n_outputs:
            raise TableError(
                "There are {found} columns where {expected} were learned from.",
                file=table.name,
                found=table.matrix.width,
                expected=self.n_outputs,
            )
        matrix = table.matrix if rows is None else taken(table.matrix, rows)
        scaled: Any = (matrix.values / self.units[matrix.columns]).astype(dtype)
        return SparseMatrix(scaled, matrix.columns, matrix.starts, matrix.width)

    def to_json(self) -> dict[str, object]:
        """Everything that was fitted, as plain JSON values."""
        return {"units": base64.b64encode(self.units.astype("<f8").tobytes()).decode()}

    @classmethod
    def from_json(cls, data: object) -> SparseColumns:
        """The columns that `to_json` wrote.

        Raises
        ------
        ValueError, KeyError, TypeError
            If `data` is anything else.
        """
        text = untrusted.typed(untrusted.mapping(data)["units"], str)
        units = np.frombuffer(base64.b64decode(text, validate=True), "<f8").astype(np.float64)
        if units.size == 0 or not (np.isfinite(units) & (units > 0)).all():
            raise ValueError("units are positive")
        return cls(units)


def stacked(matrices: list[SparseMatrix]) -> SparseMatrix:
    """Rows under rows."""
    ends = np.cumsum([0, *(matrix.values.size for matrix in matrices)])
    starts = [matrix.starts[:-1] + end for matrix, end in zip(matrices, ends, strict=False)]
    return SparseMatrix(
        np.concatenate([matrix.values for matrix in matrices]),
        np.concatenate([matrix.columns for matrix in matrices]),
        np.concatenate([*starts, ends[-1:]]),
        matrices[0].width,
    )


def as_dense(matrix: SparseMatrix) -> NDArray[np.float64]:
    """The same with its zeros written down, (n, d)."""
    out = np.zeros((matrix.n_rows, matrix.width))
    out[np.repeat(np.arange(matrix.n_rows), np.diff(matrix.starts)), matrix.columns] = matrix.values
    return out


def taken(matrix: SparseMatrix, rows: Rows) -> SparseMatrix:
    """Some rows, in their order."""
    lengths = np.diff(matrix.starts)[rows]
    starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    places = np.arange(starts[-1]) + np.repeat(matrix.starts[rows] - starts[:-1], lengths)
    return SparseMatrix(matrix.values[places], matrix.columns[places], starts, matrix.width)

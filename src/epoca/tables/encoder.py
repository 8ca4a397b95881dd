"""How a table of either form becomes a matrix."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np

from epoca.tables.columns import Columns
from epoca.tables.encodings import untrusted
from epoca.tables.sparse import SparseColumns, SparseTable, stacked
from epoca.tables.table import Table
from epoca.types import Matrix, Numbers, Rectangle, Rows, SparseMatrix

AnyTable: TypeAlias = Table | SparseTable
Encoder: TypeAlias = Columns | SparseColumns


def fitted(
    table: AnyTable,
    *,
    target: str,
    rows: Rows,
    leave_out: Sequence[str],
    scaling: bool,
    pieces: int,
    weights: Numbers | None,
) -> Encoder:
    """How a table becomes a matrix, by its training rows; arguments as of `Columns.fit`."""
    if isinstance(table, SparseTable):
        return SparseColumns.fit(table, rows=rows, scaling=scaling)
    return Columns.fit(
        table, target=target, rows=rows, leave_out=leave_out, scaling=scaling, pieces=pieces, weights=weights
    )


def encoded(encoder: Encoder, table: AnyTable, *, dtype: type[np.floating], rows: Rows | None = None) -> Rectangle:
    """Rows of a table as numbers; arguments as of `Columns.encode`."""
    kind: type[np.float32] | type[np.float64] = np.float64 if dtype is np.float64 else np.float32
    if isinstance(encoder, SparseColumns):
        return encoder.encode(table, rows=rows, dtype=kind)
    assert isinstance(table, Table)  # faces turn sparse rows for dense columns into a table
    return encoder.encode(table, rows=rows, dtype=kind)


def together(matrices: Sequence[Rectangle]) -> Rectangle:
    """Rows under rows, of one form."""
    if len(matrices) == 1:
        return matrices[0]
    sparse = [matrix for matrix in matrices if isinstance(matrix, SparseMatrix)]
    if sparse:
        return stacked(sparse)
    dense: Matrix = np.concatenate([matrix for matrix in matrices if not isinstance(matrix, SparseMatrix)])
    return dense


def head(matrix: Rectangle, n_rows: int) -> Rectangle:
    """The first rows, sharing memory."""
    if isinstance(matrix, SparseMatrix):
        return matrix._replace(starts=matrix.starts[: n_rows + 1])
    return matrix[:n_rows]


def content(matrix: Rectangle) -> bytes:
    """Every bit that matters."""
    if isinstance(matrix, SparseMatrix):
        return b"".join(part.tobytes() for part in matrix[:3])
    return matrix.tobytes()


def encoder_from_json(data: object) -> Encoder:
    """The encoder whose `to_json` wrote this; ValueError, KeyError or TypeError for anything else."""
    return SparseColumns.from_json(data) if "units" in untrusted.mapping(data) else Columns.from_json(data)

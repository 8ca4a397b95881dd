"""A table in: from a file, a data frame, or an array."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from epoca.errors import OptionError, TableError
from epoca.tables.csv_text import read_csv
from epoca.tables.sources import first_bytes
from epoca.tables.table import Table

LARGEST_BINARY = 64 << 30
"""Bytes that a Parquet file may become in memory, eight for every value."""


def read_table(source: Any, *, name: str | None = None, encoding: str | None = None) -> Table:
    """Bring in a table.

    Parameters
    ----------
    source : path, data frame, array or mapping
        A CSV file (plain, gzip or zstd), Parquet, Arrow or Feather file, told apart by their content; a frame of
        pandas, polars, pyarrow or any other library with the Arrow stream interface; a two-dimensional NumPy array,
        whose columns become x0, x1, …; or a mapping of column names to values.
    name : str, optional
        As messages call it; by default the path, or "table".
    encoding : str, optional
        Character encoding of a CSV file, where it is not UTF-8 and has no byte order mark.

    Returns
    -------
    Table

    Raises
    ------
    TableError
        If it is no table that can be used; the sentence says where and why.
    OptionError
        If the source is none of these, or there is no such encoding.

    Examples
    --------
    >>> read_table({"a": [1, 2], "b": ["x", "y"]}).column_names
    ['a', 'b']
    """
    if isinstance(source, str | os.PathLike):
        return _of_file(os.fspath(source), encoding)
    called = name or "table"
    return Table(name=called, arrow=_usable(_of_memory(source, called), called))


def _of_file(path: str, encoding: str | None) -> Table:
    start = first_bytes(path)
    if start.startswith(b"PAR1"):
        return Table(name=path, arrow=_usable(_parquet(path), path))
    if start.startswith((b"ARROW1", b"FEA1", b"\xff\xff\xff\xff")):
        return Table(name=path, arrow=_usable(_arrow_file(path, start), path))
    if Path(path).suffix.lower() in {".parquet", ".arrow", ".feather"}:
        raise TableError(
            "The file is named as {ending}, but is none; was it cut short?", file=path, ending=Path(path).suffix
        )
    return read_csv(path, encoding=encoding)


def _parquet(path: str) -> pa.Table:
    import pyarrow.parquet

    try:
        with pyarrow.parquet.ParquetFile(path, page_checksum_verification=True) as file:
            size = file.metadata.num_rows * file.metadata.num_columns * 8
            if size > LARGEST_BINARY:
                raise TableError(
                    "The table would take {size} bytes of memory, more than {limit}; split it.",
                    file=path,
                    size=size,
                    limit=LARGEST_BINARY,
                )
            return file.read()
    except (pa.ArrowException, OSError) as error:
        raise _damaged(path) from error


def _arrow_file(path: str, start: bytes) -> pa.Table:
    import pyarrow.feather

    try:
        if start.startswith(b"\xff\xff\xff\xff"):
            with pa.ipc.open_stream(path) as stream:
                return stream.read_all()
        return pyarrow.feather.read_table(path, memory_map=False)
    except (pa.ArrowException, OSError) as error:
        raise _damaged(path) from error


def _damaged(path: str) -> TableError:
    return TableError("The file is damaged or cut short; fetch or make it anew.", file=path)


def _of_memory(source: Any, name: str) -> pa.Table:
    try:
        if isinstance(source, pa.Table):
            return source
        if isinstance(source, pa.RecordBatch):
            return pa.Table.from_batches([source])
        if isinstance(source, np.ndarray):
            return _of_array(source, name)
        if isinstance(source, dict):
            return pa.table(source)
        if type(source).__module__.split(".")[0] == "pandas":
            return pa.Table.from_pandas(source, preserve_index=False)
        if hasattr(source, "__arrow_c_stream__"):
            return pa.table(source)
    except (pa.ArrowException, TypeError, ValueError) as error:
        if isinstance(error, TableError):
            raise
        reason = " ".join(str(part) for part in error.args)
        raise TableError(
            "The values cannot be read as columns of one kind each: {reason}.", file=name, reason=reason.rstrip(".")
        ) from error
    raise OptionError(
        "A table is a path, a data frame, a two-dimensional array or a mapping of columns, not a {kind}.",
        kind=type(source).__name__,
    )


def _of_array(array: np.ndarray[Any, Any], name: str) -> pa.Table:
    if array.ndim != 2:
        raise TableError(
            "An array needs two dimensions, rows and columns; this one has {dimensions}.",
            file=name,
            dimensions=array.ndim,
        )
    columns = [column.tolist() if column.dtype == object else np.ascontiguousarray(column) for column in array.T]
    return pa.table({f"x{place}": pa.array(column) for place, column in enumerate(columns)})


def _usable(arrow: pa.Table, name: str) -> pa.Table:
    doubled = [column for column, times in Counter(arrow.column_names).items() if times > 1]
    if doubled:
        raise TableError(
            "This column name stands more than once; give each column its own.", file=name, column=doubled[0]
        )
    if arrow.num_columns < 2:
        raise TableError("There is only one column; a table needs at least one besides the target.", file=name)
    if arrow.num_rows == 0:
        raise TableError("There is no row; a table needs rows to learn from.", file=name)
    columns = [_plain(arrow.column(place), column, name) for place, column in enumerate(arrow.column_names)]
    return pa.table(columns, names=arrow.column_names)


def _plain(column: pa.ChunkedArray, column_name: str, table: str) -> pa.ChunkedArray:
    kind = column.type
    if pa.types.is_dictionary(kind):
        return _plain(column.cast(kind.value_type), column_name, table)
    if pa.types.is_decimal(kind) or pa.types.is_float16(kind):
        return column.cast(pa.float64())
    if pa.types.is_duration(kind):
        return column.cast(pa.int64())
    is_known = (
        pa.types.is_string(kind)
        or pa.types.is_large_string(kind)
        or pa.types.is_string_view(kind)
        or pa.types.is_integer(kind)
        or pa.types.is_floating(kind)
        or pa.types.is_boolean(kind)
        or pa.types.is_temporal(kind)
        or pa.types.is_null(kind)
    )
    if not is_known:
        raise TableError(
            "Values of the type {kind} cannot be learned from; leave the column out, or split it into plain ones.",
            file=table,
            column=column_name,
            kind=str(kind),
        )
    return column

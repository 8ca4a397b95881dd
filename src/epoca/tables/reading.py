"""A table in: from a file, a data frame, or an array."""

from __future__ import annotations

import os
import re
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from epoca.errors import OptionError, TableError
from epoca.tables.arrays import arrow_floats
from epoca.tables.csv_text import read_csv
from epoca.tables.sources import first_bytes, lasting
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
        whose columns become x0, x1, …; or a mapping of column names to values. Categories become plain values,
        decimals float64, and the index of a pandas frame is left out.
    name : str, optional
        As the table and messages about its content call it; by default the path, or "table".
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
        path = os.fspath(source)
        return _of_file(path, name or path, encoding)
    table = read_columns(source, name=name or "table")
    _refuse_too_little(table.arrow, table.name)
    return table


def read_columns(source: Any, *, name: str) -> Table:
    """Bring in columns from memory, of which there may be but one, and that may be of no rows.

    Parameters
    ----------
    source : data frame, array or mapping
        As for `read_table`.
    name : str
        As messages call it.

    Returns
    -------
    Table

    Raises
    ------
    TableError, OptionError
        As for `read_table`.

    Examples
    --------
    >>> import numpy as np
    >>> read_columns(np.zeros((2, 1)), name="X").column_names
    ['x0']
    """
    return Table(name=name, arrow=_usable(_of_memory(source, name), name))


def _of_file(path: str, name: str, encoding: str | None) -> Table:
    path = lasting(path)
    start = first_bytes(path)
    if start.startswith(b"PAR1"):
        return Table(name=name, arrow=_refuse_too_little(_usable(_parquet(path, name), name), name))
    if start.startswith((b"ARROW1", b"FEA1", b"\xff\xff\xff\xff")):
        return Table(name=name, arrow=_refuse_too_little(_usable(_arrow_file(path, name, start), name), name))
    if Path(path).suffix.lower() in {".parquet", ".arrow", ".feather", ".ipc"}:
        raise TableError(
            "The file is named as {ending}, but is none; was it cut short?", file=name, ending=Path(path).suffix
        )
    return read_csv(path, name=name, encoding=encoding)


def _parquet(path: str, name: str) -> pa.Table:
    import pyarrow.parquet

    try:
        with pyarrow.parquet.ParquetFile(path, page_checksum_verification=True) as file:
            size = file.metadata.num_rows * file.metadata.num_columns * 8
            if size > LARGEST_BINARY:
                raise TableError(
                    "The table would take {size} bytes of memory, more than {limit}; split it.",
                    file=name,
                    size=size,
                    limit=LARGEST_BINARY,
                )
            return file.read()
    except (pa.ArrowException, OSError) as error:
        raise _damaged(name) from error


def _arrow_file(path: str, name: str, start: bytes) -> pa.Table:
    import pyarrow.feather

    try:
        if start.startswith(b"\xff\xff\xff\xff"):
            with pa.ipc.open_stream(path) as stream:
                table = stream.read_all()
        else:
            table = pyarrow.feather.read_table(path, memory_map=False)
        for chunk in (chunk for column in table.columns for chunk in column.chunks):
            validate(chunk)
    except (pa.ArrowException, OSError) as error:
        raise _damaged(name) from error
    return table


def validate(array: pa.Array) -> None:
    """Make sure that an array of a file points at nothing but its own values, which Arrow believes of it.

    Raises
    ------
    ArrowInvalid
        If it does not.
    """
    array.validate(full=True)
    if pa.types.is_dictionary(array.type):
        validate(array.dictionary)
    elif pa.types.is_string_view(array.type):
        # A cast looks where missing values point, too.
        every = [None, *array.buffers()[1:]]
        pa.Array.from_buffers(array.type, len(array), every, offset=array.offset).validate(full=True)


def _damaged(name: str) -> TableError:
    return TableError("The file is damaged or cut short; fetch or make it anew.", file=name)


def _of_memory(source: Any, name: str) -> pa.Table:
    if isinstance(source, pa.Table):
        return source
    if isinstance(source, np.ndarray):
        return _of_columns(_columns_of_array(source, name), name)
    if isinstance(source, Mapping):
        return _of_columns(list(source.items()), name)
    if _is_pandas(source):
        return _of_columns([(column, values.array) for column, values in source.items()], name)
    stream = _stream(source)
    if stream is None:
        raise OptionError(
            "A table is a path, a data frame, a two-dimensional array or a mapping of columns, not a {kind}.",
            kind=type(source).__name__,
        )
    try:
        return stream.read_all()
    except pa.ArrowException as error:
        raise _unreadable(error, name) from error


def _is_pandas(source: Any) -> bool:
    """Whether it is a pandas frame, whose Arrow stream would carry the index as a column."""
    pandas = sys.modules.get("pandas")
    return pandas is not None and isinstance(source, pandas.DataFrame)


def _stream(source: Any) -> pa.RecordBatchReader | None:
    """The source's Arrow stream; None if it has none, or a stream of single values as a series has."""
    if isinstance(source, pa.RecordBatch):
        return pa.RecordBatchReader.from_batches(source.schema, [source])
    if not hasattr(source, "__arrow_c_stream__"):
        return None
    try:
        return pa.RecordBatchReader.from_stream(source)
    except pa.ArrowInvalid:
        return None


def _columns_of_array(array: np.ndarray[Any, Any], name: str) -> list[tuple[str, Any]]:
    if array.ndim != 2:
        raise TableError(
            "An array needs two dimensions, rows and columns; this one has {dimensions}.",
            file=name,
            dimensions=array.ndim,
        )
    plain = array if isinstance(array, np.ma.MaskedArray) else np.ascontiguousarray(np.asarray(array).T).T
    return [(f"x{place}", plain[:, place]) for place in range(plain.shape[1])]


def _of_columns(columns: list[tuple[Any, Any]], name: str) -> pa.Table:
    """Columns put together; one that is not of one kind, or not as long as the first, is named."""
    arrays: list[pa.Array | pa.ChunkedArray] = []
    for column, values in columns:
        try:
            arrays.append(_arrow_values(values))
        except (pa.ArrowException, TypeError, ValueError, OverflowError) as error:
            raise _unreadable(error, name, str(column)) from error
        if len(arrays[-1]) != len(arrays[0]):
            raise TableError(
                "The column has {found} values, the first column {expected}; make them equally many.",
                file=name,
                column=str(column),
                found=len(arrays[-1]),
                expected=len(arrays[0]),
            )
    return pa.table(arrays, names=[str(column) for column, _ in columns])


def _arrow_values(values: Any) -> pa.Array | pa.ChunkedArray:
    """One column's values; None, NaN and masked ones become null."""
    if isinstance(values, pa.Array | pa.ChunkedArray):
        return values
    if not isinstance(values, np.ndarray):
        return pa.array(values, from_pandas=True)
    mask = np.ma.getmaskarray(values) if isinstance(values, np.ma.MaskedArray) else None
    plain = np.asarray(values)
    if plain.dtype == object:
        return pa.array(plain.tolist(), from_pandas=True, mask=mask)
    if plain.dtype.kind == "f" and mask is None and plain.dtype.itemsize != 4:  # NaN counts as missing everywhere
        return arrow_floats(plain.astype(np.float64))
    if plain.dtype.kind == "f" and plain.dtype.itemsize > 8:
        plain = plain.astype(np.float64)
    elif not plain.dtype.isnative:
        plain = plain.astype(plain.dtype.newbyteorder("="))
    return pa.array(plain, from_pandas=True, mask=mask)


def _unreadable(error: Exception, name: str, column: str | None = None) -> TableError:
    return TableError(
        "The values cannot be read as columns of one kind each: {reason}. Make them all numbers, or all texts.",
        file=name,
        column=column,
        reason=" ".join(str(error).split()).rstrip("."),
    )


def _usable(arrow: pa.Table, name: str) -> pa.Table:
    """The table with columns of plain types, without the nameless index that pandas saves beside its columns."""
    arrow = arrow.select([place for place, column in enumerate(arrow.column_names) if not _is_index(column)])
    doubled = [column for column, times in Counter(arrow.column_names).items() if times > 1]
    if doubled:
        raise TableError(
            "This column name stands more than once; give each column its own.", file=name, column=doubled[0]
        )
    columns = [_plain(arrow.column(place), column, name) for place, column in enumerate(arrow.column_names)]
    return pa.table(columns, names=arrow.column_names)


def _refuse_too_little(arrow: pa.Table, name: str) -> pa.Table:
    if arrow.num_columns < 2:
        raise TableError("There is only one column; a table needs at least one besides the target.", file=name)
    if arrow.num_rows == 0:
        raise TableError("There is no row; a table needs rows to learn from.", file=name)
    return arrow


def _is_index(column_name: str) -> bool:
    return re.fullmatch(r"__index_level_\d+__", column_name) is not None


def refuse_unknown(kind: pa.DataType, *, column: str, table: str) -> None:
    """Refuse a column of values that are neither numbers, texts, dates nor yes and no.

    Raises
    ------
    TableError
        If it is of such a type.
    """
    if pa.types.is_dictionary(kind):
        refuse_unknown(kind.value_type, column=column, table=table)
        return
    is_known = (
        pa.types.is_string(kind)
        or pa.types.is_large_string(kind)
        or pa.types.is_string_view(kind)
        or pa.types.is_integer(kind)
        or pa.types.is_floating(kind)
        or pa.types.is_decimal(kind)
        or pa.types.is_boolean(kind)
        or (pa.types.is_temporal(kind) and not pa.types.is_interval(kind))
        or pa.types.is_null(kind)
    )
    if not is_known:
        raise TableError(
            "Values of the type {kind} cannot be learned from; leave the column out, or split it into plain ones.",
            file=table,
            column=column,
            kind=str(kind),
        )


def _plain(column: pa.ChunkedArray, column_name: str, table: str) -> pa.ChunkedArray:
    kind = column.type
    refuse_unknown(kind, column=column_name, table=table)
    if pa.types.is_dictionary(kind):
        return _plain(_decoded(column), column_name, table)
    if pa.types.is_string_view(kind):  # which pyarrow cannot take rows of
        return column.cast(pa.large_string())
    if pa.types.is_decimal(kind) or pa.types.is_float16(kind):
        return column.cast(pa.float64())
    if pa.types.is_duration(kind):
        return column.cast(pa.int64())
    return column


def _decoded(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Plain values instead of codes and a dictionary."""
    kind = pa.large_string() if pa.types.is_string_view(column.type.value_type) else column.type.value_type
    chunks = [
        pa.DictionaryArray.from_arrays(chunk.indices, chunk.dictionary.cast(kind)).dictionary_decode()
        for chunk in column.chunks
    ]
    return pa.chunked_array(chunks, kind)

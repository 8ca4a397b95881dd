"""A table out: as CSV or Parquet."""

from __future__ import annotations

import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from epoca.files import write_whole
from epoca.tables.arrays import arrow_texts
from epoca.tables.table import Table
from epoca.tables.values import cast_numbers, is_number, is_text

_FORMULA_BEGINNINGS = ["=", "+", "-", "@", "\t", "\r"]


def write_table(table: Table, place: Path | None) -> None:
    """Write a table as Parquet if the place ends so, else as CSV.

    Parameters
    ----------
    table : Table
        What to write.
    place : Path or None
        The file, which is replaced as a whole; None is standard output.

    Raises
    ------
    FileError
        If it cannot be written.
    """
    if place is None:
        sys.stdout.buffer.write(as_csv(table))
    else:
        write_whole(place, as_parquet(table) if place.suffix == ".parquet" else as_csv(table))


def as_csv(table: Table) -> bytes:
    """A table as CSV, UTF-8, a header line first, with its own delimiter and decimal mark; text in quotes if need be.

    Text that a spreadsheet would take for a formula gets an apostrophe in front; numbers, also those that are text,
    stay numbers.

    Parameters
    ----------
    table : Table
        What to write.

    Returns
    -------
    bytes

    Examples
    --------
    >>> rows = pa.table({"a": ["=1+1", "-1", "b"], "c": [0.5, 1.5, -2.0]})
    >>> print(as_csv(Table(name="t", arrow=rows)).decode().split())
    ['a,c', "'=1+1,0.5", '-1,1.5', 'b,-2']
    >>> print(as_csv(Table(name="t", arrow=rows, delimiter=";", decimal=",")).decode().split())
    ['a;c', "'=1+1;0,5", '-1;1,5', 'b;-2']
    """
    columns = [_as_written(column, table.decimal) for column in table.arrow.columns]
    written = pa.table(columns, names=table.column_names)
    try:
        return _csv(written, table.delimiter, quoting="none")
    except pa.ArrowInvalid:  # some text holds a delimiter, a quote or a line end; pyarrow then quotes all text
        return _csv(written, table.delimiter, quoting="needed")


def as_parquet(table: Table) -> bytes:
    """A table as Parquet, with checksums, so that damage is noticed when it is read."""
    import pyarrow.parquet

    sink = pa.BufferOutputStream()
    pyarrow.parquet.write_table(table.arrow, sink, write_page_checksum=True)
    return bytes(sink.getvalue())


def _as_written(column: pa.ChunkedArray, decimal: str) -> pa.ChunkedArray:
    if is_text(column.type):
        return _without_formulas(column)
    if decimal != "." and pa.types.is_floating(column.type):
        return pc.replace_substring(column.cast(pa.string()), ".", decimal)
    return column


def _csv(table: pa.Table, delimiter: str, *, quoting: str) -> bytes:
    import pyarrow.csv

    sink = pa.BufferOutputStream()
    options = pyarrow.csv.WriteOptions(delimiter=delimiter, quoting_style=quoting, quoting_header=quoting)
    pyarrow.csv.write_csv(table, sink, options)
    return bytes(sink.getvalue())


def _without_formulas(texts: pa.ChunkedArray) -> pa.ChunkedArray:
    first = pc.utf8_slice_codeunits(texts, 0, 1).cast(pa.large_string())
    begins_like_one = pc.is_in(first, value_set=arrow_texts(_FORMULA_BEGINNINGS))
    suspects = texts.filter(begins_like_one)
    if len(suspects) == 0 or cast_numbers(suspects) is not None:
        return texts
    is_harmless = pc.or_(is_number(texts, "."), is_number(texts, ","))
    return pc.if_else(pc.and_not(begins_like_one, is_harmless), pc.binary_join_element_wise("'", texts, ""), texts)

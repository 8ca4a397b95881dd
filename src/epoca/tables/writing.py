"""Tables out: as CSV or Parquet."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from epoca.tables.arrays import arrow_texts
from epoca.tables.values import cast_numbers, is_number, is_text

_FORMULA_BEGINNINGS = ["=", "+", "-", "@", "\t", "\r"]


def as_csv(table: pa.Table) -> bytes:
    """A table as CSV, UTF-8, a header line first; text in quotes where it needs them.

    Text that a spreadsheet would take for a formula gets an apostrophe in front; numbers, also those that are text,
    stay numbers.

    Examples
    --------
    >>> print(as_csv(pa.table({"a": ["=1+1", "-1", "b"]})).decode().split())
    ['a', "'=1+1", '-1', 'b']
    """
    harmless = [_without_formulas(column) if is_text(column.type) else column for column in table.columns]
    table = pa.table(harmless, names=table.column_names)
    try:
        return _written(table, quoting="none")
    except pa.ArrowInvalid:  # some text holds a comma, a quote or a line end; pyarrow then quotes all text
        return _written(table, quoting="needed")


def _written(table: pa.Table, *, quoting: str) -> bytes:
    import pyarrow.csv

    sink = pa.BufferOutputStream()
    options = pyarrow.csv.WriteOptions(quoting_style=quoting, quoting_header=quoting)
    pyarrow.csv.write_csv(table, sink, options)
    return bytes(sink.getvalue())


def as_parquet(table: pa.Table) -> bytes:
    """A table as Parquet, with checksums, so that damage is noticed when it is read."""
    import pyarrow.parquet

    sink = pa.BufferOutputStream()
    pyarrow.parquet.write_table(table, sink, write_page_checksum=True)
    return bytes(sink.getvalue())


def _without_formulas(texts: pa.ChunkedArray) -> pa.ChunkedArray:
    first = pc.utf8_slice_codeunits(texts, 0, 1).cast(pa.large_string())
    begins_like_one = pc.is_in(first, value_set=arrow_texts(_FORMULA_BEGINNINGS))
    suspects = texts.filter(begins_like_one)
    if len(suspects) == 0 or cast_numbers(suspects) is not None:
        return texts
    is_harmless = pc.or_(is_number(texts, "."), is_number(texts, ","))
    return pc.if_else(pc.and_not(begins_like_one, is_harmless), pc.binary_join_element_wise("'", texts, ""), texts)

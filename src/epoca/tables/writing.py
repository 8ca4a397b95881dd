"""Tables out: as CSV or Parquet."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from epoca.tables.values import NUMBER_PATTERN, is_text

_FORMULA_PATTERN = "^[=+@\t\r-]"


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
    looks_like_one = pc.and_not(
        pc.match_substring_regex(texts, _FORMULA_PATTERN),
        pc.match_substring_regex(texts, NUMBER_PATTERN.replace(r"\.", "[.,]")),
    )
    return pc.if_else(looks_like_one, pc.binary_join_element_wise("'", texts, ""), texts)

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
    >>> print(as_csv(pa.table({"a": ["=1+1", "-1", "b"]})).decode())
    "a"
    '=1+1
    -1
    b
    <BLANKLINE>
    """
    import pyarrow.csv

    harmless = [_without_formulas(column) if is_text(column.type) else column for column in table.columns]
    table = pa.table(harmless, names=table.column_names)
    sink = pa.BufferOutputStream()
    pyarrow.csv.write_csv(table, sink, pyarrow.csv.WriteOptions(quoting_style="needed"))
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

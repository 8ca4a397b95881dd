"""CSV as people have it: which delimiter, which decimal mark, where a record stands, and what is wrong with it."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from functools import partial
from itertools import islice
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from epoca.errors import TableError
from epoca.messages import Message
from epoca.tables.arrays import owned
from epoca.tables.encoded_text import text_of
from epoca.tables.sources import content_of
from epoca.tables.table import Table
from epoca.tables.values import decimal_marks, quoted

DELIMITERS = (",", ";", "\t", "|")
"""What may stand between two fields."""

_BLOCK = 1 << 20
_LARGEST_BLOCK = (1 << 31) - 1
_SAMPLE_RECORDS = 200
_SAMPLE_ROWS = 10_000
_OTHER_DELIMITER = re.compile(r"[:^~]|\s+")
_DELIMITER_NAMES = {
    ",": Message("comma"),
    ";": Message("semicolon"),
    "\t": Message("tab"),
    "|": Message("vertical bar"),
}


class Record(NamedTuple):
    """Where one record stands and how many fields it has."""

    line: int
    """Physical line, counted from 1, on which it starts."""
    fields: int
    begin: int
    """Its position in the text."""
    end: int
    """Position behind it in the text."""
    is_open: bool = False
    """Whether a quote in it is never closed."""
    is_torn: bool = False
    """Whether a quoted field in it runs over lines and has text behind its closing quote: that quote is another's."""


def read_csv(path: str, *, name: str, encoding: str | None) -> Table:
    """A CSV file as a table of text; an empty field without quotes becomes null.

    Parameters
    ----------
    path : str
        The file, plain or compressed.
    name : str
        As the table and messages about its text call it.
    encoding : str, optional
        Its character encoding; by default UTF-8, UTF-16 or UTF-32 by its byte order mark, else UTF-8, else Latin-1.

    Returns
    -------
    Table

    Raises
    ------
    TableError
        If it is no table; the sentence names file and line.
    OptionError
        If there is no such encoding.
    """
    text = text_of(content_of(path, file=name), file=name, encoding=encoding)
    if not text.content.strip():
        raise TableError("The file is empty; a table has a line of column names and a line for every row.", file=name)
    delimiter = _delimiter(text.content)
    header = next(records(text.content, delimiter))
    if header.is_open:
        raise _unclosed(header, name)
    names = _names(text.content[header.begin : header.end], delimiter, file=name, line=header.line)
    arrow = _parsed(text.content, names, delimiter, header, name)
    if arrow.num_rows == 0:
        raise TableError("There is no row below the column names; a table needs rows to learn from.", file=name)
    is_plain = text.content.rstrip(b"\n").count(b"\n") == arrow.num_rows and header.line == 1
    if not is_plain and not _is_well_quoted(text.content, delimiter):
        _refuse_malformed(text.content, len(names), delimiter, name)
    line_of = (lambda row: row + 2) if is_plain else partial(_line_of, path, encoding, delimiter)
    decimal = _decimal(arrow, delimiter)
    return Table(name=name, arrow=arrow, delimiter=delimiter, decimal=decimal, line_of=line_of, notes=text.notes)


def records(content: bytes, delimiter: str) -> Iterator[Record]:
    r"""Every record that is not blank, its header included; quotes count where a field begins with one.

    Examples
    --------
    >>> [(record.line, record.fields) for record in records(b'a,b\n\n"1\n2",3\n', ",")]
    [(1, 2), (3, 2)]
    """
    split, quote = delimiter.encode(), b'"'
    closing = re.compile(rb'(?:[^"]|"")*+"(?!")')
    position, line = 0, 0
    begin, start, fields, is_open, is_torn = 0, 0, 0, False, False
    while position < len(content):
        end = content.find(b"\n", position)
        end = len(content) if end < 0 else end
        line += 1
        if not is_open:
            begin, start, fields, is_torn = position, line, 1, False
            if content.find(quote, position, end) < 0:  # nearly every line of nearly every file
                found = content.count(split, position, end)
                if found or content[position:end].strip():
                    yield Record(line, found + 1, begin, min(end + 1, len(content)))
                position = end + 1
                continue
        place = position
        while place <= end:
            if is_open or content[place : place + 1] == quote:
                closed = closing.match(content, place if is_open else place + 1, end)
                is_open = closed is None
                if closed is None:
                    break
                place = closed.end()
                is_torn |= line > start and place < end and content[place : place + 1] != split
            found = content.find(split, place, end)
            if found < 0:
                break
            fields += 1
            place = found + 1
        if not is_open:
            yield Record(start, fields, begin, min(end + 1, len(content)), is_torn=is_torn)
        position = end + 1
    if is_open:
        yield Record(start, fields, begin, len(content), is_open=True)


def _delimiter(content: bytes) -> str:
    """The delimiter by which most records have as many fields as the first one."""

    def rank(delimiter: str) -> tuple[bool, float, int]:
        counts = [record.fields for record in islice(records(content, delimiter), _SAMPLE_RECORDS)]
        return counts[0] > 1, counts.count(counts[0]) / len(counts), counts[0]

    return max(DELIMITERS, key=rank)


def _names(header: bytes, delimiter: str, *, file: str, line: int) -> tuple[str, ...]:
    try:
        fields = next(csv.reader(io.StringIO(header.decode(), newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise TableError("The file cannot be read as CSV: {reason}.", file=file, line=line, reason=error) from error
    names = [field.strip() or f"column {place}" for place, field in enumerate(fields, 1)]
    if len(names) == 1:
        other = _OTHER_DELIMITER.search(names[0])
        if other is not None:
            raise TableError(
                "There is only one column, whose name holds {mark}; separate fields by a comma, semicolon, tab or "
                "vertical bar instead.",
                file=file,
                line=line,
                mark=quoted(other[0]),
            )
        raise TableError(
            "There is only one column; a table needs at least one besides the target. Separate fields by a comma, "
            "semicolon, tab or vertical bar.",
            file=file,
            line=line,
        )
    doubled = next((name for name, times in Counter(names).items() if times > 1), None)
    if doubled is not None:
        first = names.index(doubled)
        raise TableError(
            "Columns {first} and {second} have the same name; give each column its own.",
            file=file,
            line=line,
            column=doubled,
            first=first + 1,
            second=names.index(doubled, first + 1) + 1,
        )
    return tuple(names)


def _parsed(content: bytes, names: tuple[str, ...], delimiter: str, header: Record, file: str) -> pa.Table:
    quotes = content.count(b'"', header.end)
    if quotes % 2 and not _is_well_quoted(content, delimiter):
        _refuse_malformed(content, len(names), delimiter, file)
    try:
        return _table(memoryview(content)[header.end :], names, delimiter=delimiter, has_quotes=quotes > 0)
    except pa.ArrowInvalid as error:
        if header.end >= len(content) or not content[header.end :].strip():
            return pa.table({name: pa.array([], pa.string()) for name in names})
        _refuse_malformed(content, len(names), delimiter, file)
        raise TableError("The file cannot be read as CSV: {reason}.", file=file, reason=str(error)) from error


def _table(content: memoryview, names: tuple[str, ...], *, delimiter: str, has_quotes: bool) -> pa.Table:
    buffer, block, has_odd_rows = owned(content), _BLOCK, False
    while True:
        try:
            return pyarrow.csv.read_csv(
                buffer,
                # A thread that holds a function of Python's when the interpreter ends aborts the process.
                read_options=pyarrow.csv.ReadOptions(
                    column_names=names, block_size=block, use_threads=not has_odd_rows
                ),
                parse_options=pyarrow.csv.ParseOptions(
                    delimiter=delimiter,
                    newlines_in_values=has_quotes,
                    invalid_row_handler=_skip_blank if has_odd_rows else None,
                ),
                convert_options=pyarrow.csv.ConvertOptions(
                    column_types=dict.fromkeys(names, pa.string()),
                    null_values=[""],
                    strings_can_be_null=True,
                    quoted_strings_can_be_null=False,
                ),
            )
        except pa.ArrowInvalid as error:
            is_long_record = "straddling" in str(error)  # one that does not fit into a block
            if is_long_record and block < min(len(content), _LARGEST_BLOCK):
                block = min(16 * block, _LARGEST_BLOCK)
            elif has_odd_rows:
                raise
            else:
                has_odd_rows = True


def _skip_blank(row: pyarrow.csv.InvalidRow) -> str:
    """What to do with a line of blanks: nothing, as with an empty one."""
    return "error" if row.text.strip() else "skip"


def _is_well_quoted(content: bytes, delimiter: str) -> bool:
    """Whether every quote that begins a field is closed where the field ends; pyarrow takes any next quote for it."""
    if b'"' not in content:
        return True
    split = re.escape(delimiter.encode())
    field = rb'(?:"[^"]*+(?:""[^"]*+)*+"|(?!")[^%b\n]*+)' % split
    return re.fullmatch(rb"(?:%b(?:%b|\n|\Z))*+" % (field, split), content) is not None


def _refuse_malformed(content: bytes, expected: int, delimiter: str, file: str) -> None:
    for record in records(content, delimiter):
        if record.is_open:
            raise _unclosed(record, file)
        if record.is_torn:
            raise TableError(
                "A quoted field that begins in this record runs over lines, and text stands behind its closing quote; "
                "close it where it ends, or double a quote that is meant.",
                file=file,
                line=record.line,
            )
        if record.fields != expected:
            raise TableError(
                "{found} fields where the column names are {expected}, separated by a {delimiter}; put a field that "
                "holds the separator in quotes.",
                file=file,
                line=record.line,
                found=record.fields,
                expected=expected,
                delimiter=_DELIMITER_NAMES[delimiter],
            )


def _unclosed(record: Record, file: str) -> TableError:
    return TableError(
        "A quote that is opened on this line is never closed; close it, or double a quote that is meant.",
        file=file,
        line=record.line,
    )


def _line_of(path: str, encoding: str | None, delimiter: str, row: int) -> int:
    content = text_of(content_of(path, file=path), file=path, encoding=encoding).content
    return next(islice(records(content, delimiter), row + 1, None)).line


def _decimal(arrow: pa.Table, delimiter: str) -> str:
    """The decimal mark: a comma only where numbers have commas and none has a point."""
    certain, possible = set(), set()
    for column in arrow.slice(0, _SAMPLE_ROWS).columns:
        in_column = decimal_marks(pc.utf8_trim_whitespace(column))
        certain |= in_column[0]
        possible |= in_column[1]
    commas = certain if delimiter == "," else possible  # who separates fields by commas rarely has them in numbers
    return "," if "," in commas and "." not in certain else "."

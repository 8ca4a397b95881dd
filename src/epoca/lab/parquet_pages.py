"""What the footer and the pages of a Parquet file say that they become in memory; no page is unpacked.

A footer may say less than its pages, before each of which stands a header of its own. Both are structs of Parquet's
parquet.thrift in Thrift's compact protocol; the numbers of fields are those found there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa

_YES, _NO, _BYTE, _I16, _I32, _I64, _DOUBLE, _BINARY, _LIST, _STRUCT = 1, 2, 3, 4, 5, 6, 7, 8, 9, 12
"""Kinds of values."""

_WIDTHS = {_YES: 0, _NO: 0, _BYTE: 1, _DOUBLE: 8}
"""Bytes of those that are always as long."""

_BITS = {_I16: 16, _I32: 32, _I64: 64}
"""Of whole numbers."""

_MOST_FIELDS = 100


class Chunk(NamedTuple):
    """A column's part of a group of rows: how many values and bytes it says that it has, and where its pages lie."""

    column: int
    values: int
    size: int
    start: int
    length: int


def chunks_of(footer: Any) -> list[Chunk]:
    """The chunks of a file.

    Parameters
    ----------
    footer : pyarrow.parquet.FileMetaData
        Written and read again, since pyarrow ends the process where it tells of a damaged chunk.

    Raises
    ------
    ArrowException, OSError, LookupError, RecursionError
        If the footer is damaged.
    """
    sink = pa.BufferOutputStream()
    footer.write_metadata_file(sink)
    told, _end = _struct(memoryview(sink.getvalue()).cast("B"), len(b"PAR1"))
    chunks = [_chunk(place, of[3]) for group in told[4] for place, of in enumerate(group[1])]
    if any(min(chunk) < 0 for chunk in chunks):
        raise pa.ArrowInvalid("less than nothing")
    return chunks


def _chunk(column: int, told: dict[int, Any]) -> Chunk:
    start = min(told[9], told.get(11) or told[9])  # there may be a page with a dictionary
    return Chunk(column=column, values=told[5], size=told[6], start=start, length=told[7])


def page_sizes(file: Path, chunks: Iterable[Chunk]) -> Iterator[int]:
    """The bytes that each page of a file becomes; what is raised is as of `chunks_of`."""
    with pa.memory_map(str(file)) as source:
        data = memoryview(source.read_buffer()).cast("B")
        for chunk in chunks:
            place = chunk.start
            while place < chunk.start + chunk.length:
                header, place = _struct(data, place)
                size, length = header[2], header[3]
                if not (isinstance(size, int) and isinstance(length, int) and min(size, length) >= 0):
                    raise pa.ArrowInvalid("no such page")
                yield size
                place += length


def _struct(data: memoryview, place: int) -> tuple[dict[int, Any], int]:
    """The values of a struct by field, texts and what else is no whole number left out, and where it ends."""
    found: dict[int, Any] = {}
    field = 0
    while kind := data[place] & 15:
        step = data[place] >> 4
        place += 1
        if step:
            field += step
        else:
            field, place = _value(data, place, _I16)
        # Whoever reads the page may take one field for another if it is larger, or there twice.
        if not 0 < field < _MOST_FIELDS or field in found:
            raise pa.ArrowInvalid("no such field")
        found[field], place = _value(data, place, kind)
    return found, place + 1


def _value(data: memoryview, place: int, kind: int) -> tuple[Any, int]:
    """A value, and where it ends."""
    if kind == _STRUCT:
        return _struct(data, place)
    if kind == _LIST:
        return _list(data, place)
    if kind in _WIDTHS:
        return None, place + _WIDTHS[kind]
    number, place = _varint(data, place)
    if kind == _BINARY:
        return None, place + number
    if kind not in _BITS or number >> _BITS[kind]:
        raise pa.ArrowInvalid("no such number")
    return number >> 1 ^ -(number & 1), place


def _list(data: memoryview, place: int) -> tuple[list[Any], int]:
    n, kind = data[place] >> 4, data[place] & 15
    place += 1
    if n == 15:
        n, place = _varint(data, place)
    values = []
    for _time in range(n):
        value, place = _value(data, place, _BYTE if kind in {_YES, _NO} else kind)
        values.append(value)
    return values, place


def _varint(data: memoryview, place: int) -> tuple[int, int]:
    """A number of seven bits a byte, and where it ends."""
    number, shift = 0, 0
    while data[place] & 128:
        number |= (data[place] & 127) << shift
        place, shift = place + 1, shift + 7
    return number | data[place] << shift, place + 1

"""What the messages of an Arrow file say that they become in memory, read without decoding any of them.

A compressed buffer begins with the length that it had before, see "Serialization and Interprocess Communication" in the
columnar format of Apache Arrow. Where buffers lie is told by tables of FlatBuffers, of which this reads what it needs;
the numbers of their fields are those of Arrow's Message.fbs and File.fbs.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, final

import pyarrow as pa

_TAIL = struct.Struct("<i6s")
"""The length of the footer, which stands before it, and the magic word."""

_BLOCK = "<qi4xq"
"""Of a footer: where a message begins, how long it is without its body, and how long its body is."""

_V5 = 4
"""The version of messages since Arrow 1.0."""


class Declared(NamedTuple):
    """What a message becomes: rows of every column, 0 of a dictionary, and bytes."""

    rows: int
    size: int


def declared_by_file(file: Path) -> Iterator[Declared]:
    """What becomes of the messages to which the footer of a file points, as often as it does.

    Raises
    ------
    ArrowException, OSError, EOFError, struct.error
        If the file is damaged.
    """
    with pa.memory_map(str(file)) as source:
        length, _magic = _TAIL.unpack(source.read_at(_TAIL.size, source.size() - _TAIL.size))
        footer = _Table.root(source.read_at(length, source.size() - _TAIL.size - length))
        for start, size, _body in [*footer.structs(2, _BLOCK), *footer.structs(3, _BLOCK)]:
            source.seek(start)
            message = pa.ipc.read_message(source)
            if source.tell() != start + size + message.body.size:  # another reader would find another message
                raise pa.ArrowInvalid("a block of another length")
            yield _declared(message)


def declared_by_stream(file: Path) -> Iterator[Declared]:
    """What becomes of the messages of a stream; it raises what `declared_by_file` does."""
    with pa.memory_map(str(file)) as source:
        for message in pa.ipc.MessageReader.open_stream(source):
            if message.type != "schema":
                yield _declared(message)


def _declared(message: pa.Message) -> Declared:
    told = _Table.root(bytes(message.metadata))
    batch = told.table(2)
    if message.type == "dictionary":
        batch = batch.table(1)
    # Arrow 0.17 named the compression beside the message.
    is_compressed = batch.has(3) or (told.number(0, "<h") < _V5 and told.has(4))
    size = 0
    for start, length in batch.structs(2, "<qq"):
        before = struct.unpack("<q", message.body[start : start + 8]) if is_compressed and length else (0,)
        size += max(length, *before)
    rows = 0 if message.type == "dictionary" else batch.number(0, "<q")
    if rows < 0:
        raise pa.ArrowInvalid("less than no rows")
    return Declared(rows, max(size, message.body.size))


@final
class _Table:
    """A table of FlatBuffers, whose fields are numbered; where it is none, `struct.error` is raised."""

    def __init__(self, data: bytes, place: int) -> None:
        self._data = data
        self._place = place

    @classmethod
    def root(cls, data: bytes) -> _Table:
        """The table in which all others are."""
        return cls(data, struct.unpack_from("<I", data)[0])

    def has(self, field: int) -> bool:
        """Whether a field is given."""
        return self._of(field) is not None

    def number(self, field: int, form: str) -> int:
        """A number, by its form in `struct`; 0 where none is given."""
        place = self._of(field)
        return 0 if place is None else self._at(place, form)

    def table(self, field: int) -> _Table:
        """A table, which must be given."""
        return _Table(self._data, self._pointed(field))

    def structs(self, field: int, form: str) -> list[tuple[int, ...]]:
        """Tuples of numbers; none where none are given."""
        if not self.has(field):
            return []
        place = self._pointed(field)
        end = place + 4 + self._at(place, "<I") * struct.calcsize(form)
        return list(struct.iter_unpack(form, self._data[place + 4 : end]))

    def _pointed(self, field: int) -> int:
        place = self._of(field)
        if place is None:
            raise struct.error("a field is missing")
        return place + self._at(place, "<I")

    def _of(self, field: int) -> int | None:
        """Where a field stands."""
        offsets = self._place - self._at(self._place, "<i")
        entry = 4 + 2 * field
        offset = self._at(offsets + entry, "<H") if entry < self._at(offsets, "<H") else 0
        return self._place + offset if offset else None

    def _at(self, place: int, form: str) -> int:
        number: int = struct.unpack_from(form, self._data, place)[0]
        return number

"""The bytes of a file, decompressed, and what they are by their first few."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path

import pyarrow as pa

from epoca.errors import TableError
from epoca.messages import Message

LARGEST = 8 << 30
"""Bytes of text that a compressed file may hold: a few kilobytes can be made to hold any number."""

_CHUNK = 1 << 22
_COMPRESSIONS = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd"}

_FOREIGN = {
    b"PK\x03\x04": Message("a ZIP archive or an Excel workbook"),
    b"\xd0\xcf\x11\xe0": Message("an old Excel workbook"),
    b"%PDF": Message("a PDF document"),
    b"\x89PNG": Message("a picture"),
    b"\xff\xd8\xff": Message("a picture"),
    b"GIF8": Message("a picture"),
    b"SQLite format 3": Message("a database"),
    b"\x80\x03": Message("a Python pickle"),
    b"\x80\x04": Message("a Python pickle"),
    b"\x80\x05": Message("a Python pickle"),
    b"BZh": Message("a bzip2 archive"),
    b"\xfd7zXZ": Message("an xz archive"),
    b"7z\xbc\xaf": Message("a 7-Zip archive"),
    b"ustar": Message("a tar archive"),
}


def first_bytes(path: str) -> bytes:
    """The first bytes of a file, as they lie on disk.

    Raises
    ------
    TableError
        If there is no such file, or it cannot be read.
    """
    place = Path(path)
    try:
        with place.open("rb") as file:
            return file.read(16)
    except FileNotFoundError:
        raise _no_such_file(path) from None
    except IsADirectoryError:
        raise TableError("This is a folder; name a file in it.", file=path) from None
    except OSError as error:
        raise TableError("The file cannot be read: {reason}.", file=path, reason=str(error.strerror)) from error


def content_of(path: str) -> bytes:
    """A file's text as bytes, decompressed if it is gzip or zstd.

    Raises
    ------
    TableError
        If the file cannot be read, is damaged, too large, or plainly something else than text.
    """
    start = first_bytes(path)
    compression = next((name for magic, name in _COMPRESSIONS.items() if start.startswith(magic)), None)
    content = Path(path).read_bytes() if compression is None else _decompressed(path, compression)
    _refuse_foreign(content[:512], path)
    return content


def _decompressed(path: str, compression: str) -> bytes:
    parts, size = [], 0
    try:
        with pa.input_stream(path, compression=compression) as stream:
            while part := stream.read(_CHUNK):
                parts.append(part)
                size += len(part)
                if size > LARGEST:
                    raise TableError(
                        "The compressed file holds more than {limit} bytes; split it into smaller ones.",
                        file=path,
                        limit=LARGEST,
                    )
    except OSError as error:
        raise TableError("The compressed file is damaged or cut short; fetch or make it anew.", file=path) from error
    return b"".join(parts)


def _refuse_foreign(start: bytes, path: str) -> None:
    what = next((what for magic, what in _FOREIGN.items() if start.startswith(magic)), None)
    if what is None and start.lstrip()[:9].lower().startswith((b"<!doctype", b"<html", b"<?xml")):
        what = Message("a web page or XML")
    if what is None and start.lstrip()[:1] in {b"{", b"["}:
        what = Message("JSON")
    if what is not None:
        raise TableError(
            "This is {what}, not a table of text; save it as CSV or Parquet and use that.", file=path, what=what
        )


def _no_such_file(path: str) -> TableError:
    place = Path(path)
    beside = [entry.name for entry in place.parent.iterdir()] if place.parent.is_dir() else []
    near = get_close_matches(place.name, beside, n=1)
    if near:
        suggestion = str(place.with_name(near[0]))
        return TableError('There is no such file; did you mean "{near}"?', file=path, near=suggestion)
    return TableError("There is no such file.", file=path)

"""The bytes of a file, decompressed, and what they are by their first few."""

from __future__ import annotations

import atexit
import codecs
import re
import shutil
import stat
import tempfile
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
    rb"PK\x03\x04|PK\x05\x06": Message("a ZIP archive or an Excel workbook"),
    rb"\xd0\xcf\x11\xe0": Message("an old Excel workbook"),
    rb"%PDF": Message("a PDF document"),
    rb"\x89PNG|\xff\xd8\xff|GIF8[79]a": Message("a picture"),
    rb"SQLite format 3": Message("a database"),
    rb"\x80[\x02-\x05]": Message("a Python pickle"),
    rb"BZh[1-9]1AY&SY": Message("a bzip2 archive"),
    rb"\xfd7zXZ": Message("an xz archive"),
    rb"7z\xbc\xaf": Message("a 7-Zip archive"),
    rb"(?s:.{257})ustar": Message("a tar archive"),
    rb"\s*<(?i:!doctype|!--|\?xml|(?:html|head|body|table)[\s>])": Message("a web page or XML"),
    rb"\s*(?:\{\s*[\"}]|\[\s*[\[{\"\]\d-])": Message("JSON"),
}
"""What a file is if its beginning, behind a byte order mark, matches."""


def lasting(path: str) -> str:
    """The path; of a pipe, which can be read only once, that of a copy that is removed when the process ends.

    Parameters
    ----------
    path : str
        A file or pipe.

    Returns
    -------
    str
        A path that can be read again and again.

    Raises
    ------
    TableError
        If there is no such file, it cannot be read, or it is a device.
    """
    try:
        mode = Path(path).stat().st_mode
        is_device = stat.S_ISCHR(mode) or stat.S_ISBLK(mode)
        if not (is_device or stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
            return _copy(path)
    except FileNotFoundError:
        raise _no_such_file(path) from None
    except (OSError, ValueError) as error:
        raise _cannot_be_read(path, error) from error
    if is_device:  # a terminal would be waited for, and /dev/zero has no end
        raise TableError("This is a device; name a file, or send a table through a pipe.", file=path)
    return path


def _copy(path: str) -> str:
    descriptor, copy = tempfile.mkstemp(prefix="epoca-")
    atexit.register(Path(copy).unlink, missing_ok=True)
    with Path(path).open("rb") as source, open(descriptor, "wb") as place:
        shutil.copyfileobj(source, place, _CHUNK)
    return copy


def first_bytes(path: str) -> bytes:
    """The first bytes of a file, as they lie on disk.

    Raises
    ------
    TableError
        If it cannot be read.
    """
    try:
        with Path(path).open("rb") as file:
            return file.read(16)
    except IsADirectoryError:
        raise TableError("This is a folder; name a file in it.", file=path) from None
    except OSError as error:
        raise _cannot_be_read(path, error) from error


def _cannot_be_read(path: str, error: OSError | ValueError) -> TableError:
    reason = error.strerror if isinstance(error, OSError) else error
    return TableError("The file cannot be read: {reason}.", file=path, reason=str(reason))


def content_of(path: str, *, file: str) -> bytes:
    """A file's text as bytes, decompressed if it is gzip or zstd; messages about its content call it `file`.

    Raises
    ------
    TableError
        If the file cannot be read, is damaged, too large, or plainly something else than text.
    """
    start = first_bytes(path)
    compression = next((name for magic, name in _COMPRESSIONS.items() if start.startswith(magic)), None)
    content = Path(path).read_bytes() if compression is None else _decompressed(path, compression, file)
    _refuse_foreign(content[:512], file)
    return content


def _decompressed(path: str, compression: str, name: str) -> bytes:
    parts, size = [], 0
    try:
        with pa.input_stream(path, compression=compression) as stream:
            while part := stream.read(_CHUNK):
                parts.append(part)
                size += len(part)
                if size > LARGEST:
                    raise TableError(
                        "The compressed file holds more than {limit} bytes; split it into smaller ones.",
                        file=name,
                        limit=LARGEST,
                    )
    except OSError as error:
        raise TableError("The compressed file is damaged or cut short; fetch or make it anew.", file=name) from error
    return b"".join(parts)


def _refuse_foreign(start: bytes, name: str) -> None:
    text = start.removeprefix(codecs.BOM_UTF8)
    what = next((what for beginning, what in _FOREIGN.items() if re.match(beginning, text)), None)
    if what is not None:
        raise TableError(
            "This is {what}, not a table of text; save it as CSV or Parquet and use that.", file=name, what=what
        )


def _no_such_file(path: str) -> TableError:
    place = Path(path)
    beside = [entry.name for entry in place.parent.iterdir()] if place.parent.is_dir() else []
    near = get_close_matches(place.name, beside, n=1)
    if near:
        suggestion = str(place.with_name(near[0]))
        return TableError('There is no such file; did you mean "{near}"?', file=path, near=suggestion)
    return TableError("There is no such file.", file=path)

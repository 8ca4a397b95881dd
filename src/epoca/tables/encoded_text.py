"""Bytes become UTF-8, whatever they were."""

from __future__ import annotations

import codecs
from typing import NamedTuple

from epoca.errors import OptionError, TableError
from epoca.messages import Message

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

_UNKNOWN_IN_CP1252 = frozenset(b"\x81\x8d\x8f\x90\x9d")


class Text(NamedTuple):
    """A file's text."""

    content: bytes
    """UTF-8 without a byte order mark; every line ends in a line feed, the last one perhaps in nothing."""
    notes: tuple[Message, ...]
    """What had to be guessed."""


def text_of(content: bytes, *, file: str, encoding: str | None) -> Text:
    """The text that some bytes are.

    Parameters
    ----------
    content : bytes
        As they lie in the file.
    file : str
        Its name, for messages.
    encoding : str, optional
        Their character encoding; by default told by a byte order mark, else UTF-8, else Latin-1 (Windows-1252 where its
        additional characters occur).

    Returns
    -------
    Text

    Raises
    ------
    TableError
        If they are no text, or not in the encoding named.
    OptionError
        If there is no such encoding.
    """
    notes: tuple[Message, ...] = ()
    mark, marked = next(((mark, name) for mark, name in _MARKS if content.startswith(mark)), (b"", None))
    content = content[len(mark) :]
    if encoding is not None or marked not in {None, "utf-8"}:
        content = _decoded(content, str(marked) if encoding is None else encoding, file).encode()
    elif not _is_utf8(content):
        _refuse_binary(content, file)
        additional = {byte for byte in set(content) if 0x80 <= byte < 0xA0}
        found = "cp1252" if additional and not additional & _UNKNOWN_IN_CP1252 else "latin-1"
        content = _decoded(content, found, file).encode()
        notes = (
            Message(
                "{file} is not UTF-8 and was read as {encoding}; if letters look wrong, name its encoding: --encoding.",
                file=file,
                encoding=found,
            ),
        )
    _refuse_binary(content, file)
    if b"\r" in content:
        content = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return Text(content.removesuffix(b"\x1a"), notes)


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def _decoded(content: bytes, encoding: str, file: str) -> str:
    try:
        codecs.lookup(encoding)
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        ends_before = max(content.count(end, 0, error.start) for end in (b"\n", b"\r"))
        raise TableError(
            "Byte {byte} is not {encoding}; name the file's own encoding: --encoding.",
            file=file,
            line=ends_before + 1,
            byte=f"0x{content[error.start]:02x}",
            encoding=encoding,
        ) from None
    except (LookupError, ValueError):  # no such name, one with a zero character, or a codec that decodes nothing
        raise OptionError(
            'There is no encoding "{encoding}"; common ones are utf-8, latin-1, cp1252 and utf-16.', encoding=encoding
        ) from None


def _refuse_binary(content: bytes, file: str) -> None:
    place = content.find(b"\0")
    if place >= 0:
        raise TableError(
            "This is no text: a zero byte stands in it; save the table as CSV or Parquet and use that.",
            file=file,
            line=content.count(b"\n", 0, place) + 1,
        )

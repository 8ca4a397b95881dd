"""All encodings by the name under which a file keeps them."""

from __future__ import annotations

from collections.abc import Callable

from epoca.tables.encodings import untrusted
from epoca.tables.encodings.category import CategoryEncoding
from epoca.tables.encodings.date import DateEncoding
from epoca.tables.encodings.encoding import Encoding
from epoca.tables.encodings.left_out import LeftOut
from epoca.tables.encodings.number import NumberEncoding
from epoca.tables.encodings.presence import PresenceEncoding
from epoca.tables.encodings.words import WordsEncoding
from epoca.tables.encodings.yes_no import TwoNumbersEncoding, TwoTextsEncoding

_READERS: dict[str, Callable[[object], Encoding]] = {
    "number": NumberEncoding.from_json,
    "category": CategoryEncoding.from_json,
    "words": WordsEncoding.from_json,
    "two texts": TwoTextsEncoding.from_json,
    "two numbers": TwoNumbersEncoding.from_json,
    "presence": PresenceEncoding.from_json,
    "date": DateEncoding.from_json,
    "left out": LeftOut.from_json,
}
_NAMES: dict[type, str] = {
    NumberEncoding: "number",
    CategoryEncoding: "category",
    WordsEncoding: "words",
    TwoTextsEncoding: "two texts",
    TwoNumbersEncoding: "two numbers",
    PresenceEncoding: "presence",
    DateEncoding: "date",
    LeftOut: "left out",
}


def encoding_to_json(encoding: Encoding) -> dict[str, object]:
    """An encoding's name and fields as plain JSON values."""
    return {"name": _NAMES[type(encoding)], "fields": encoding.to_json()}


def encoding_from_json(data: object) -> Encoding:
    """The encoding that `encoding_to_json` wrote; ValueError, KeyError or TypeError for anything else."""
    named = untrusted.mapping(data)
    return _READERS[untrusted.typed(named["name"], str)](named["fields"])

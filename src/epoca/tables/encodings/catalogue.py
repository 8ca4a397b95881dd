"""All encodings by the name under which a file keeps them."""

from __future__ import annotations

from epoca.tables.encodings import untrusted
from epoca.tables.encodings.category import CategoryEncoding
from epoca.tables.encodings.date import DateEncoding
from epoca.tables.encodings.encoding import Encoding
from epoca.tables.encodings.left_out import LeftOut
from epoca.tables.encodings.number import NumberEncoding
from epoca.tables.encodings.presence import PresenceEncoding
from epoca.tables.encodings.yes_no import TwoNumbersEncoding, TwoTextsEncoding

_CLASSES = {
    "number": NumberEncoding,
    "category": CategoryEncoding,
    "two texts": TwoTextsEncoding,
    "two numbers": TwoNumbersEncoding,
    "presence": PresenceEncoding,
    "date": DateEncoding,
    "left out": LeftOut,
}
_NAMES = {kind: name for name, kind in _CLASSES.items()}


def encoding_to_json(encoding: Encoding) -> dict[str, object]:
    """An encoding's name and fields as plain JSON values."""
    return {"name": _NAMES[type(encoding)], "fields": encoding.to_json()}


def encoding_from_json(data: object) -> Encoding:
    """The encoding that `encoding_to_json` wrote; ValueError, KeyError or TypeError for anything else."""
    named = untrusted.mapping(data)
    return _CLASSES[untrusted.typed(named["name"], str)].from_json(named["fields"])

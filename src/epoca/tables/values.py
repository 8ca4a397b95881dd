"""Text that stands for a number or for nothing: how cells of text are read, for columns and target alike."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from epoca.tables.arrays import arrow_texts, floats_of
from epoca.types import Numbers

MISSING_SPELLINGS = (
    *("", "?", "NA", "N/A", "n/a", "#N/A", "#NA", "<NA>", "NaN", "nan", "NAN", "-nan", "-NaN", "NaT"),
    *("null", "NULL", "Null", "None"),
)
"""Texts that stand for a missing value, surrounding blanks apart; "none" is absent: it is a common category."""

_NULL = pa.nulls(1, pa.large_string())[0]
_MISSING = arrow_texts(MISSING_SPELLINGS)

_OTHER_MARK = {".": ",", ",": "."}
"""What separates thousands, by decimal mark."""


def clean(texts: pa.ChunkedArray | pa.Array) -> pa.ChunkedArray | pa.Array:
    """Texts without the blanks around them, null where they are spelled as missing."""
    trimmed = pc.utf8_trim_whitespace(texts.cast(pa.large_string()))
    is_missing = pc.is_in(trimmed, value_set=_MISSING)
    return pc.if_else(is_missing, _NULL, trimmed)


def parse_numbers(texts: pa.ChunkedArray | pa.Array, decimal: str) -> Numbers | None:
    """Cleaned texts, with or without thousands marks, as float64, NaN where null; None if one of them is no number.

    Examples
    --------
    >>> parse_numbers(pa.array(["1,5", None, "-2"]), ",")
    array([ 1.5,  nan, -2. ])
    >>> parse_numbers(pa.array(["1,234.5", "1,000,000"]), ".")
    array([   1234.5, 1000000. ])
    >>> parse_numbers(pa.array(["1,5"]), ".") is None
    True
    """
    if len(texts) and not _may_be_number(texts[0].as_py()):
        return None
    texts = _without_thousands_marks(texts, decimal)
    if decimal == ",":
        if pc.any(pc.match_substring(texts, ".")).as_py():
            return None
        texts = pc.replace_substring(texts, ",", ".")
    return cast_numbers(pc.replace_substring_regex(texts, r"^\+([0-9.])", r"\1"))


def _without_thousands_marks(texts: pa.ChunkedArray | pa.Array, decimal: str) -> pa.ChunkedArray | pa.Array:
    mark = _OTHER_MARK[decimal]
    if not pc.any(pc.match_substring(texts, mark)).as_py():
        return texts
    pattern = rf"^[+-]?{_grouped(mark)}([{decimal}][0-9]*)?([eE][+-]?[0-9]+)?$"
    is_grouped = pc.match_substring_regex(texts, pattern)
    return pc.if_else(is_grouped, pc.replace_substring(texts, mark, ""), texts)


def _grouped(mark: str, *, at_least: int = 1) -> str:
    """The pattern of a whole number with a mark, or several, before every three digits."""
    return rf"[1-9][0-9]{{0,2}}([{mark}][0-9]{{3}}){{{at_least},}}"


def is_text(kind: pa.DataType) -> bool:
    """Whether an Arrow type is text."""
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def is_number(texts: pa.ChunkedArray | pa.Array, decimal: str) -> pa.ChunkedArray | pa.Array:
    """Truth values: which cleaned texts read as finite numbers; null where the text is null."""
    whole = rf"([0-9]+|{_grouped(_OTHER_MARK[decimal])})"
    pattern = rf"^[+-]?({whole}[{decimal}]?[0-9]*|[{decimal}][0-9]+)([eE][+-]?[0-9]+)?$"
    return pc.match_substring_regex(texts, pattern)


def decimal_marks(texts: pa.ChunkedArray) -> tuple[set[str], set[str]]:
    """Marks that are certainly decimal in some of the texts, and marks that may be: "1,234" may mean 1234."""

    def match(pattern: str) -> pa.ChunkedArray:
        return pc.match_substring_regex(texts, rf"^[+-]?{pattern}$")

    certain, possible = set(), set()
    for mark, other in _OTHER_MARK.items():
        is_fraction = match(rf"([0-9]*|{_grouped(other)})[{mark}][0-9]+([eE][+-]?[0-9]+)?")
        is_doubtful = match(_grouped(mark))
        if pc.any(pc.or_(is_fraction, match(_grouped(other, at_least=2)))).as_py():
            possible.add(mark)
        if pc.any(pc.and_not(is_fraction, is_doubtful)).as_py():
            certain.add(mark)
    return certain, possible


def _may_be_number(text: str | None) -> bool:
    """Whether it is worth trying; a conversion that fails costs far more than this look at the first text."""
    return text is None or text[:1] in "+-.0123456789" or text[:1] in "iInN"


def quoted(value: str) -> str:
    """A value as messages show it: in quotes, control characters spelled out, no longer than a glance.

    Examples
    --------
    >>> print(quoted("oops"))
    'oops'
    """
    return repr(value if len(value) <= 60 else value[:59] + "…")


def listed(names: Sequence[str], limit: int = 20) -> str:
    """Names in quotes with commas between them, the first `limit` of them.

    Examples
    --------
    >>> print(listed(["a", "b", "c"], limit=2))
    "a", "b", …
    """
    return ", ".join([f'"{name}"' for name in names[:limit]] + ["…"] * (len(names) > limit))


def cast_numbers(texts: pa.ChunkedArray | pa.Array) -> Numbers | None:
    """Texts as float64, NaN where null, exactly as Arrow reads them; None if one of them is no number."""
    if len(texts) and not _may_be_number(texts[0].as_py()):
        return None
    try:
        return floats_of(texts.cast(pa.float64()))
    except pa.ArrowInvalid:
        return None

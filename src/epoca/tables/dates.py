"""Dates and times as seconds, whether they are typed or written as text."""

from __future__ import annotations

from enum import StrEnum

import pyarrow as pa
import pyarrow.compute as pc

from epoca.tables.arrays import arrow_texts, floats_of, one_array
from epoca.types import Numbers

ISO_PATTERN = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}"
WRITTEN_PATTERN = r"^(?P<first>[0-9]{1,2})[./-](?P<second>[0-9]{1,2})[./-](?P<year>[0-9]{4})(?P<time>(?:[ T].*)?)$"
TICKS_PER_SECOND = {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}


class DateForm(StrEnum):
    """How a column's dates are written; ISO stands for typed dates too."""

    ISO = "iso"
    DAY_FIRST = "day first"
    MONTH_FIRST = "month first"


def is_time(kind: pa.DataType) -> bool:
    """Whether an Arrow type is a date, a point in time or a time of day."""
    return bool(pa.types.is_date(kind) or pa.types.is_timestamp(kind) or pa.types.is_time(kind))


def ticks(cells: pa.ChunkedArray) -> Numbers:
    """Typed times or durations as the whole numbers that stand for them, NaN where null."""
    width = pa.int32() if cells.type.bit_width == 32 else pa.int64()
    return floats_of(cells.cast(width))


def seconds_of(cells: pa.ChunkedArray) -> Numbers:
    """Typed dates and times as seconds since 1970 began (times of day: since midnight), NaN where null."""
    if pa.types.is_date(cells.type):
        cells = cells.cast(pa.timestamp("s"))
    return ticks(cells) / TICKS_PER_SECOND[cells.type.unit]


def form_of(texts: pa.ChunkedArray) -> DateForm | None:
    """How cleaned texts write dates; None if they are not all dates, or day and month cannot be told apart."""
    present = texts.drop_null()
    if len(present) == 0 or not present[0].as_py()[0].isdigit():
        return None
    if pc.all(pc.match_substring_regex(present, ISO_PATTERN)).as_py():
        forms = [DateForm.ISO]
    else:
        forms = _written_forms(present)
    return forms[0] if len(forms) == 1 and parse_dates(present, forms[0]) is not None else None


def parse_dates(texts: pa.ChunkedArray, form: DateForm) -> Numbers | None:
    """Cleaned texts as seconds since 1970 began, NaN where null; None if one of them is no date of this form.

    Examples
    --------
    >>> parse_dates(pa.chunked_array([["2/1/1970", None]]), DateForm.DAY_FIRST)
    array([86400.,    nan])
    """
    if form is not DateForm.ISO:
        parts = one_array(pc.extract_regex(texts, WRITTEN_PATTERN))
        if parts.null_count > texts.null_count:
            return None
        texts = _as_iso(parts, form)
    for zone in (None, "UTC"):
        try:
            return seconds_of(texts.cast(pa.timestamp("us", zone)))
        except pa.ArrowInvalid:
            continue
    return None


def _written_forms(texts: pa.ChunkedArray) -> list[DateForm]:
    """The forms that dates such as 31/12/2020 can have; two where day and month cannot be told apart."""
    parts = one_array(pc.extract_regex(texts, WRITTEN_PATTERN))
    if parts.null_count:
        return []
    first = pc.max(parts.field("first").cast(pa.int64())).as_py()
    second = pc.max(parts.field("second").cast(pa.int64())).as_py()
    return [
        form
        for form, day, month in ((DateForm.DAY_FIRST, first, second), (DateForm.MONTH_FIRST, second, first))
        if day <= 31 and month <= 12
    ]


def _as_iso(parts: pa.StructArray, form: DateForm) -> pa.Array:
    """Dates taken apart by `WRITTEN_PATTERN`, put together as ISO writes them."""
    # flatten, unlike field, carries the nulls of the whole over to its parts.
    first, second, year, time = parts.flatten()[:4]
    day, month = (first, second) if form is DateForm.DAY_FIRST else (second, first)
    month, day = (pc.utf8_lpad(part, 2, "0") for part in (month, day))
    hyphen, nothing = arrow_texts(["-", ""]).cast(year.type)
    return pc.binary_join_element_wise(pc.binary_join_element_wise(year, month, day, hyphen), time, nothing)

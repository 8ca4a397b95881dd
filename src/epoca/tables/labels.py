"""Labels: a target's classes as its table has them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from epoca.errors import TableError
from epoca.messages import Message
from epoca.tables.arrays import arrow_floats, arrow_texts, floats_of, integers_of, one_array
from epoca.tables.cells import Cells
from epoca.tables.encodings import untrusted
from epoca.tables.values import MISSING_SPELLINGS, clean, parse_numbers, quoted
from epoca.types import Codes, Numbers

Label: TypeAlias = str | int | float | bool
"""A class as its table has it."""

_EMPTY = arrow_texts([""])


def labels_of(cells: Cells) -> tuple[list[Label], Codes]:
    """The different labels in order of appearance, and each cell's index among them, -1 where missing."""
    encoded = one_array(_labelled(cells)).dictionary_encode()
    distinct = encoded.dictionary
    is_missing = _is_missing(distinct, cells.table.decimal)
    kept = integers_of(is_missing) == 0
    position = np.append(np.where(kept, np.cumsum(kept) - 1, -1), -1).astype(np.int64)
    return distinct.filter(pc.invert(is_missing)).to_pylist(), position[integers_of(encoded.indices)]


def _labelled(cells: Cells) -> pa.ChunkedArray | pa.Array:
    """The cells with a type whose values can be labels."""
    kind = cells.type
    if pa.types.is_integer(kind) or cells.is_truth:
        return cells.arrow
    if pa.types.is_floating(kind):
        return arrow_floats(floats_of(cells.arrow) + 0.0)  # so that -0.0 is 0.0
    if cells.is_text or cells.is_number or cells.is_time or pa.types.is_null(kind):
        return cells.arrow.cast(pa.large_string())
    raise TableError(
        "Values of the type {type} cannot be a target; turn them into texts or numbers.", **cells.place(), type=kind
    )


def _is_missing(distinct: pa.Array, decimal: str) -> pa.Array:
    """Which labels stand for a missing value.

    A class may well be called "NA" or "None": such a spelling is missing only where all other labels are numbers.
    """
    if pa.types.is_floating(distinct.type):
        return pc.is_nan(distinct)
    if not pa.types.is_large_string(distinct.type):
        return pc.is_null(distinct)
    cleaned = clean(distinct)
    if cleaned.null_count < len(cleaned) and parse_numbers(cleaned, decimal) is not None:
        return pc.is_null(cleaned)
    return pc.is_in(pc.utf8_trim_whitespace(distinct), value_set=_EMPTY)


def as_numbers(labels: Sequence[Label], decimal: str) -> Numbers | None:
    """The labels as float64; None if they are not all numbers."""
    if all(isinstance(label, str) for label in labels):
        cleaned = clean(arrow_texts([str(label) for label in labels]))
        return None if cleaned.null_count else parse_numbers(cleaned, decimal)
    return None if any(isinstance(label, bool) for label in labels) else np.array(labels, dtype=np.float64)


def in_order(labels: Sequence[Label], decimal: str) -> list[Label]:
    """The labels in numeric order if all are numbers, else in the alphabet's."""
    if not all(isinstance(label, str) for label in labels):
        return sorted(labels)
    numbers = as_numbers(labels, decimal)
    ranks: Sequence[float] = [0.0] * len(labels) if numbers is None else numbers.tolist()
    return [label for _, label in sorted(zip(ranks, labels, strict=True))]


def notes_on(column: str, labels: Sequence[Label]) -> tuple[Message, ...]:
    """What the user should know about labels that may not be meant as they are."""
    texts = [label for label in labels if isinstance(label, str)]
    first: dict[str, str] = {}
    twins = [(first[key], text) for text in texts if first.setdefault(key := text.strip().casefold(), text) != text]
    return tuple(
        Message(
            'The target "{column}" has the labels {one} and {other}, which are taken for different classes.',
            column=column,
            one=quoted(one),
            other=quoted(other),
        )
        for one, other in twins
    ) + tuple(
        Message("The target's label {label} is taken for a class, not for a missing value.", label=quoted(text))
        for text in texts
        if text.strip() in MISSING_SPELLINGS
    )


def spellings(label: Label) -> tuple[Label, ...]:
    """The label itself and as texts, so that a table of text and a typed one understand each other."""
    whole = (str(int(label)),) if isinstance(label, float) and label.is_integer() else ()
    return (label, str(label), *whole)


def code_of(label: Label, spelled: Mapping[Label, int]) -> int:
    """The code of a label that may be typed otherwise than those learned; -1 if it was not learned."""
    return next((spelled[spelling] for spelling in spellings(label) if spelling in spelled), -1)


def label_from_json(value: object) -> Label:
    """A label out of JSON that may have been tampered with."""
    if isinstance(value, str | bool | int):
        return value
    return untrusted.finite(value)

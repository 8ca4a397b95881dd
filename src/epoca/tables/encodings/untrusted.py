"""Reading values of a known type out of JSON that may have been tampered with; ValueError, KeyError or TypeError."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TypeVar

T = TypeVar("T")


def typed(value: object, kind: type[T]) -> T:
    """The value itself if it is of the type; True is no int."""
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise TypeError(f"{kind.__name__} expected, {type(value).__name__} found")
    return value


def mapping(value: object) -> Mapping[str, object]:
    """A JSON object."""
    return typed(value, dict)


def items(value: object) -> list[object]:
    """A JSON array."""
    return typed(value, list)


def texts(value: object) -> tuple[str, ...]:
    """A JSON array of different texts."""
    found = tuple(typed(item, str) for item in items(value))
    if len(set(found)) != len(found):
        raise ValueError("a text stands twice where different ones are expected")
    return found


def finite(value: object) -> float:
    """A finite number, as a float."""
    if isinstance(value, int) and abs(typed(value, int)) <= 2**53:
        return float(value)
    number = typed(value, float)
    if not math.isfinite(number):
        raise ValueError("a finite number is expected")
    return number


def count(value: object) -> int:
    """A whole number that is not negative and not beyond what any table holds."""
    number = typed(value, int)
    if not 0 <= number < 2**63:
        raise ValueError("a count is expected")
    return number

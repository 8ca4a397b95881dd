"""Numbers that come with what a page asks for, read with care."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeGuard

from epoca.errors import OptionError
from epoca.messages import Message


def whole(arguments: Mapping[str, Any], name: str, refusal: Message, *, n: int, least: int = 0) -> int:
    """A whole number from the least up to, but not including, n.

    Parameters
    ----------
    arguments : mapping
        As they came.
    name : str
        Of the one to read.
    refusal : Message
        Whose template, of {value} and {n}, is what is said otherwise.
    n, least : int
        Its bounds.

    Raises
    ------
    OptionError
        If it is none.
    """
    value = arguments.get(name)
    if not is_whole(value) or not least <= value < n:
        raise OptionError(refusal.template, value=shown(value), n=n)
    return value


def number(arguments: Mapping[str, Any], name: str, refusal: Message) -> float:
    """A number between a million below 0 and a million above; else the refusal is raised."""
    value = arguments.get(name)
    if not is_number(value) or not abs(value) < 1e6:
        raise OptionError(refusal.template)
    return float(value)


def is_whole(value: object) -> TypeGuard[int]:
    """Whether it is a whole number, which to Python a truth value is, too."""
    return isinstance(value, int) and not isinstance(value, bool)


def is_number(value: object) -> TypeGuard[float]:
    """Whether it is a number, whole or not."""
    return is_whole(value) or isinstance(value, float)


def shown(value: object) -> str:
    """A value as the page sent it, cut short."""
    text = repr(value)
    return text if len(text) <= 40 else text[:39] + "…"

"""Rules as people write them: a name and its numbers."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from epoca.errors import OptionError
from epoca.messages import Message
from epoca.training.rules.deadline import Deadline
from epoca.training.rules.generalization_loss import GeneralizationLoss
from epoca.training.rules.limit import Limit
from epoca.training.rules.one_standard_error import OneStandardError
from epoca.training.rules.patience import Patience
from epoca.training.rules.progress_quotient import ProgressQuotient
from epoca.training.rules.refined import Refined
from epoca.training.rules.rising import Rising
from epoca.training.rules.rule import EarlyStopping


class _Kind(NamedTuple):
    """A kind of number: how it is said, written, read, and which ones are allowed."""

    said: Message
    written: re.Pattern[str]
    read: Callable[[str], float]
    is_allowed: Callable[[float], bool]


_DECIMAL = re.compile(r"(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_WHOLE = _Kind(
    Message("a whole number from 1 to {largest}", largest=999_999_999),
    re.compile(r"[0-9]{1,9}"),
    int,
    lambda number: number >= 1,
)
_ABOVE_0 = _Kind(Message("a number above 0"), _DECIMAL, float, lambda number: 0 < number < math.inf)
_FROM_0 = _Kind(Message("0 or a number above it"), _DECIMAL, float, math.isfinite)

_RULES: Mapping[str, tuple[Callable[..., EarlyStopping], Mapping[str, _Kind]]] = {
    "patience": (Patience, {"epochs": _WHOLE, "growth": _FROM_0}),
    "refined": (Refined, {"epochs": _WHOLE}),
    "gl": (GeneralizationLoss, {"percent": _ABOVE_0}),
    "pq": (ProgressQuotient, {"quotient": _ABOVE_0}),
    "up": (Rising, {"strips": _WHOLE}),
    "one_se": (OneStandardError, {"errors": _ABOVE_0}),
    "limit": (Limit, {"epochs": _WHOLE}),
    "deadline": (Deadline, {"seconds": _ABOVE_0}),
}
"""By name: the rule and its numbers, of which only the first must be given; it is given without its name."""

_EXAMPLES: tuple[EarlyStopping, ...] = (
    Patience(16),
    Patience(16, growth=0.5),
    Refined(16),
    GeneralizationLoss(5),
    ProgressQuotient(0.75),
    Rising(3),
    OneStandardError(1),
    Limit(100),
    Deadline(60),
)

_FORM = re.compile(r"\s*([a-z_]+)\s*\(\s*([^(),=]*?)\s*((?:,[^(),]*)?)\)\s*")
_FURTHER = re.compile(r",\s*([a-z_]+)\s*=\s*([^(),=]*?)\s*")


def rule_of(text: str) -> EarlyStopping:
    """The stopping rule that a text stands for.

    Parameters
    ----------
    text : str
        "patience(16)", "patience(16, growth=0.5)", "refined(16)", "gl(5)", "pq(0.75)", "up(3)", "one_se(1)",
        "limit(100)" or "deadline(60)" (seconds), or with other numbers.

    Returns
    -------
    Patience, Refined, GeneralizationLoss, ProgressQuotient, Rising, OneStandardError, Limit or Deadline

    Raises
    ------
    OptionError
        If it is anything else.

    Examples
    --------
    >>> rule_of("patience(16)")
    Patience(epochs=16, growth=0.0)
    >>> rule_of(" gl( 5 ) ")
    GeneralizationLoss(percent=5.0)
    """
    found = _FORM.fullmatch(text) if isinstance(text, str) else None
    if found is None or found[1] not in _RULES:
        raise _unknown(text)
    rule, kinds = _RULES[found[1]]
    first, *others = kinds
    given = {first: found[2]}
    if found[3]:
        further = _FURTHER.fullmatch(found[3])
        if further is None or further[1] not in others:
            raise _unknown(text)
        given[further[1]] = further[2]
    numbers: dict[str, Any] = {name: _number(given[name], name, kinds[name], text) for name in given}
    return rule(**numbers)


def _number(written: str, name: str, kind: _Kind, text: str) -> float:
    number = kind.read(written) if kind.written.fullmatch(written) else math.nan
    if not kind.is_allowed(number):
        raise OptionError(
            'In the stopping rule "{text}", {name} must be {kind}, not "{number}".',
            text=text,
            name=name,
            kind=kind.said,
            number=written,
        )
    return number


def _unknown(text: object) -> OptionError:
    forms = ", ".join(f'"{rule}"' for rule in _EXAMPLES)
    return OptionError('A stopping rule is written like {forms}, not "{text}".', forms=forms, text=str(text))

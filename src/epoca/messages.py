"""A sentence for a person, kept as data until a face says it in the person's language.

The rooms below the faces know no language: they hand up a `Message`, an English template with the values that go
into it. English is what ``str(message)`` gives; `epoca.locales` says the same message in another language.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import final


@final
@dataclass(frozen=True, init=False)
class Message:
    """An English template and the values that fill its ``{names}``.

    Parameters
    ----------
    template : str
        English text in `str.format` syntax; also the key of its translations.
    **values
        What the names stand for. An int is written with thousands separators, a float with four significant
        digits, another message in the language of the whole, anything else by `str`.

    Examples
    --------
    >>> str(Message("{n} rows in {file}", n=1234, file="a.csv"))
    '1,234 rows in a.csv'
    """

    template: str
    values: Mapping[str, object]

    def __init__(self, template: str, /, **values: object) -> None:
        object.__setattr__(self, "template", template)
        object.__setattr__(self, "values", values)

    def say(self, translate: Callable[[str], str], number: Callable[[float], str]) -> str:
        """The sentence, each template passed through `translate` and each int and float through `number`."""

        def written(value: object) -> str:
            if isinstance(value, Message):
                return value.say(translate, number)
            if isinstance(value, int | float) and not isinstance(value, bool):
                return number(value)
            return str(value)

        filled = {name: written(value) for name, value in self.values.items()}
        return translate(self.template).format(**filled)

    def __str__(self) -> str:
        return self.say(str, english_number)

    def __hash__(self) -> int:
        return hash(str(self))


def english_number(value: float) -> str:
    """An int with thousands separators, a float with four significant digits.

    Examples
    --------
    >>> english_number(12000), english_number(0.123456), english_number(975000.0)
    ('12,000', '0.1235', '975,000')
    """
    if isinstance(value, int):
        return f"{value:,}"
    rounded = f"{value:.4g}"
    return f"{float(rounded):,.0f}" if 1e4 <= abs(float(rounded)) < 1e12 else rounded


def in_step(value: float, error: float) -> tuple[float, float]:
    """A figure and its standard error, both rounded to the error's second digit.

    Examples
    --------
    >>> in_step(-0.0041239, 0.00612)
    (-0.0041, 0.0061)
    """
    if not 0 < error < math.inf:
        return float(f"{value:.2g}"), error
    decimals = 1 - math.floor(math.log10(error))
    return round(value, decimals) + 0.0, round(error, decimals)  # of -0.0 that makes 0.0

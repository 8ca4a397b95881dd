"""The languages that epoca speaks: English, in which its sources are written, and Brazilian Portuguese."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal, TypeAlias, final

from epoca.errors import OptionError
from epoca.messages import Message, english_number

Code: TypeAlias = Literal["en", "pt_BR"]

_SWAPPED_MARKS = str.maketrans(",.", ".,")


@final
@dataclass(frozen=True)
class Language:
    """A language, which says messages and writes numbers.

    Parameters
    ----------
    code : {"en", "pt_BR"}
        Which of the two.

    Examples
    --------
    >>> Language("pt_BR").number(1234), Language("en").number(1234)
    ('1.234', '1,234')
    """

    code: Code

    @classmethod
    def of_environment(cls, environ: Mapping[str, str] = os.environ) -> Language:
        """The language that a process is asked to speak.

        EPOCA_LANG decides, else the first of LC_ALL, LC_MESSAGES and LANG that is set: Portuguese of any country is
        Brazilian Portuguese, anything else English. An EPOCA_LANG that is neither is refused.

        Examples
        --------
        >>> Language.of_environment({"LANG": "pt_BR.UTF-8"})
        Language(code='pt_BR')
        """
        asked = environ.get("EPOCA_LANG")
        if asked:
            code = _code(asked)
            if code is None:
                raise OptionError('EPOCA_LANG must be "en" or "pt_BR", not "{value}".', value=asked)
            return cls(code)
        for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
            if environ.get(variable):
                return cls(_code(environ[variable]) or "en")
        return cls("en")

    def translate(self, text: str) -> str:
        """An English template or text of the sources in this language; unchanged where its catalog lacks it.

        Examples
        --------
        >>> Language("pt_BR").translate("{file}, line {line}")
        '{file}, linha {line}'
        """
        return text if self.code == "en" else _catalog(self.code).get(text, text)

    def say(self, message: Message) -> str:
        """A message as a sentence of this language.

        Examples
        --------
        >>> Language("pt_BR").say(Message("{file}, line {line}", file="a.csv", line=1000))
        'a.csv, linha 1.000'
        """
        return message.say(self.translate, self.number)

    def number(self, value: float) -> str:
        """An int with thousands separators, a float with four significant digits.

        Examples
        --------
        >>> Language("pt_BR").number(0.123456)
        '0,1235'
        """
        return self._marks(english_number(value))

    def with_error(self, value: float, error: float) -> str:
        """A number and its standard error, both to the error's second digit unless that takes a dozen digits.

        Parameters
        ----------
        value, error : float
            Of the same unit.

        Returns
        -------
        str
            With the marks of this language.

        Examples
        --------
        >>> Language("en").with_error(0.412345, 0.00058), Language("en").with_error(12345.6, 321.0)
        ('0.41235 ± 0.00058', '12,346 ± 321')
        >>> Language("en").with_error(2.5e-12, 3.456e-13), Language("en").with_error(1.099, 4e-17)
        ('2.5e-12 ± 3.5e-13', '1.099 ± 0')
        """
        if error < 1e-12 * abs(value):  # nothing but rounding
            error = 0.0
        decimals = max(1 - math.floor(math.log10(error)), 0) if 0 < error < math.inf else 10
        if decimals > 9 or max(abs(value), error) >= 1e12:
            return f"{self.number(value)} ± {self.number(float(f'{error:.2g}'))}"
        return self._marks(f"{value:,.{decimals}f} ± {error:,.{decimals}f}")

    def percent(self, share: float, *, decimals: int = 1) -> str:
        """A share of 1 in per cent.

        Examples
        --------
        >>> Language("pt_BR").percent(0.9537)
        '95,4%'
        """
        return self._marks(f"{share:.{decimals}%}")

    def _marks(self, english: str) -> str:
        return english if self.code == "en" else english.translate(_SWAPPED_MARKS)


def _code(locale: str) -> Code | None:
    language = re.split("[-_.@]", locale)[0].lower()
    codes: dict[str, Code] = {"en": "en", "pt": "pt_BR"}
    return codes.get(language)


@cache
def _catalog(code: str) -> Mapping[str, str]:
    """The translations of a language by their English; its catalog is read when the first of them is wanted."""
    from babel.messages.pofile import read_po

    path = resources.files("epoca.locales").joinpath(code, "LC_MESSAGES", "epoca.po")
    with path.open("rb") as file:
        return {entry.id: entry.string for entry in read_po(file) if entry.id and entry.string}

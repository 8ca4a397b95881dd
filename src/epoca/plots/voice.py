"""How figures speak: in a language, with true minus signs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from epoca.locales import Language
from epoca.messages import Message


@final
@dataclass(frozen=True)
class Voice:
    """A language with the typography of figures.

    Parameters
    ----------
    language : Language
        In which to speak.

    Examples
    --------
    >>> Voice(Language("pt_BR")).number(-0.5)
    '−0,5'
    """

    language: Language

    @classmethod
    def of(cls, language: Language | None) -> Voice:
        """The voice of a language; of the environment's where None."""
        return cls(language or Language.of_environment())

    def say(self, *messages: Message) -> str:
        """Messages as sentences, one after the other."""
        return " ".join(self.language.say(message) for message in messages)

    def name(self, name: str | Message) -> str:
        """A name, which may hold words of ours."""
        return name if isinstance(name, str) else self.language.say(name)

    def number(self, value: float) -> str:
        """A number; a dash for none."""
        return "–" if value != value else self.language.number(value).replace("-", "−")

    def with_error(self, value: float, error: float) -> str:
        """A number and its standard error."""
        return self.language.with_error(value, error).replace("-", "−")

    def percent(self, share: float) -> str:
        """A share of 1 in per cent; a dash for none."""
        return "–" if share != share else self.language.percent(share)

"""What the page says, and its translations."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

from epoca.locales import Language

_SAID = re.compile(r"""\bsay\(\s*("(?:[^"\\\n]|\\.)*")""")
"""A call of the page's `say` with its text, as every file of the page writes it; a test holds that against a lexer."""


@cache
def said_by_page() -> tuple[str, ...]:
    """The English of everything that the page's scripts say, sorted."""
    folder = resources.files("epoca.lab").joinpath("page")
    texts = [file.read_text("utf-8") for file in folder.iterdir() if file.name.endswith(".js")]
    return tuple(sorted({_plain(match[1]) for text in texts for match in _SAID.finditer(text)}))


def words_of_page(language: Language) -> dict[str, str]:
    """The translations of what the page says, by their English; none into English.

    Examples
    --------
    >>> words_of_page(Language("pt_BR"))["Play"]
    'Treinar'
    """
    if language.code == "en":
        return {}
    return {text: language.translate(text) for text in said_by_page()}


def _plain(literal: str) -> str:
    """What a literal of JavaScript, in double quotes, stands for."""
    import json

    text: str = json.loads(literal)
    return text

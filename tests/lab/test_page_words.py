"""What the page says is found by the lab, with a pattern, and by scripts/messages, with a lexer: the same sentences."""

from __future__ import annotations

import json
import runpy
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.jslexer import Token, tokenize

from epoca.lab.page_words import said_by_page, words_of_page
from epoca.locales import Language
from tests.lab.asking import raw
from tests.lab.probing import At

MESSAGES = runpy.run_path(str(Path(__file__).parents[2] / "scripts" / "messages.py"))
SCRIPTS = sorted((Path(MESSAGES["SOURCES"]) / "lab" / "page").glob("*.js"))
CALLS = [(file.name, *call) for file in SCRIPTS for call in MESSAGES["said"](file.read_text("utf-8"))]


def arguments(script: str) -> Iterator[Token]:
    """The first token of the first argument of each call of `say`."""
    tokens = [token for token in tokenize(script) if "comment" not in token.type]
    for before, token, bracket, argument in zip([None, *tokens], tokens, tokens[1:], tokens[2:], strict=False):
        is_told = before is not None and before.value == "function"
        if token.value == "say" and bracket.value == "(" and not is_told:
            yield argument


def test_the_page_says_what_a_lexer_finds_in_its_scripts() -> None:
    assert len(CALLS) > 200
    assert list(said_by_page()) == sorted({text for _file, _line, text in CALLS})


@pytest.mark.parametrize("file", SCRIPTS, ids=lambda file: file.name)
def test_every_sentence_is_a_plain_literal_in_double_quotes(file: Path) -> None:
    script = file.read_text("utf-8")
    found = list(arguments(script))
    assert [token for token in found if token.type != "string" or token.value[0] != '"'] == []
    assert [call for call in CALLS if call[0] == file.name and call[2] is None] == []


def test_every_sentence_is_translated() -> None:
    portuguese = {entry.id: entry.string for entry in MESSAGES["catalog"]() if entry.id}
    assert [text for text in said_by_page() if not portuguese.get(text)] == []


def test_words_of_both_languages(lab: At) -> None:
    portuguese = json.loads(lab.ask(raw("GET /words/pt_BR.json HTTP/1.1")).body)
    assert portuguese == words_of_page(Language("pt_BR"))
    assert set(portuguese) == set(said_by_page())
    assert json.loads(lab.ask(raw("GET /words/en.json HTTP/1.1")).body) == {}
    assert lab.ask(raw("GET /words/fr.json HTTP/1.1")).status == 404

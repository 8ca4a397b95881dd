from __future__ import annotations

import gettext
import runpy
import string
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from epoca.errors import OptionError, TableError
from epoca.locales import Code, Language
from epoca.locales.typer_words import WORDS, retell, speak_through_gettext
from epoca.messages import Message

MESSAGES = runpy.run_path(str(Path(__file__).parents[1] / "scripts" / "messages.py"))
CALLS = list(MESSAGES["calls"]())
ENTRIES: list[Any] = [entry for entry in MESSAGES["catalog"]() if entry.id]

PORTUGUESE = Language("pt_BR")
ENGLISH = Language("en")

SAME_IN_BOTH = {"{file}", "{text}", "{n} classes", "{sizes}", "{members} × {layers}", "perceptron {sizes}", "JSON"}
SAME_IN_BOTH |= {
    "classes",
    "perceptron",
    "dropout {dropout}",
    "Perceptron",
    "Dropout",
    "Ideal",
    "XOR",
    "Diabetes",
    "Classes",
}
SAME_IN_BOTH |= {"{gain}", "{gain} ± {error}", "{told} {ahead}", "{told} {carried}", "{told} {part}"}
"""Entries that Portuguese says as English does."""


def placeholders(text: str) -> list[tuple[str, str, str]]:
    parts = string.Formatter().parse(text)
    return sorted((name, conversion or "", form or "") for _, name, form, conversion in parts if name is not None)


# --- The catalog ------------------------------------------------------------------------------------------------------


def test_every_message_can_be_read_off_the_sources() -> None:
    assert [f"{call.file}:{call.line}" for call in CALLS if call.text is None] == []


def test_messages_are_read_off_the_scripts_of_the_page_wherever_they_stand() -> None:
    script = """
        import { say } from "./words.js"; // say("of a comment")
        export function say(template) { return template; }
        const one = say("one, " + 'in {n} parts', { n: say("two") });
        const more = `${one} ${[1].map((n) => { return say("three"); })} say("of a text")`;
        const unreadable = say(one) + say(`${one}`) + say("a" + one);
    """
    found = [text for _, text in MESSAGES["said"](script)]
    assert found == ["one, in {n} parts", "two", "three", None, None, None]


def test_every_message_is_in_the_catalog() -> None:
    known = {entry.id for entry in ENTRIES}
    assert [call for call in CALLS if call.text is not None and call.text not in known] == []


def test_the_catalog_has_no_obsolete_entries() -> None:
    used = {call.text for call in CALLS}
    assert [entry.id for entry in ENTRIES if entry.id not in used] == []


def test_every_message_is_translated() -> None:
    assert [entry.id for entry in ENTRIES if not entry.string or entry.fuzzy] == []


def test_translations_have_the_placeholders_of_the_english() -> None:
    translated = [entry for entry in ENTRIES if entry.string]
    assert [entry.id for entry in translated if placeholders(entry.id) != placeholders(entry.string)] == []


def test_translations_differ_from_the_english() -> None:
    assert [entry.id for entry in ENTRIES if entry.id == entry.string and entry.id not in SAME_IN_BOTH] == []


def test_translations_end_as_the_english_does() -> None:
    ends = tuple(".:!? ")
    translated = [entry for entry in ENTRIES if entry.string]
    assert [e.id for e in translated if (e.id[-1] in ends or e.string[-1] in ends) and e.id[-1] != e.string[-1]] == []


def test_english_needs_no_catalog() -> None:
    program = (
        "import sys; from epoca.locales import Language; assert Language('en').translate('{file}') == '{file}'; "
        "assert 'babel' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


# --- The language of the environment ----------------------------------------------------------------------------------


@pytest.mark.parametrize("value", ["pt", "pt_BR", "pt-BR", "pt_PT.UTF-8", "PT_br", "pt@euro"])
@pytest.mark.parametrize("variable", ["EPOCA_LANG", "LC_ALL", "LC_MESSAGES", "LANG"])
def test_portuguese_of_any_country_is_brazilian(variable: str, value: str) -> None:
    assert Language.of_environment({variable: value}) == PORTUGUESE


@pytest.mark.parametrize("value", ["en_US.UTF-8", "C", "C.UTF-8", "POSIX", "de_DE", "ptx"])
def test_any_other_locale_is_english(value: str) -> None:
    assert Language.of_environment({"LANG": value}) == ENGLISH


@pytest.mark.parametrize(
    ("environ", "code"),
    [
        ({}, "en"),
        ({"LANG": "pt_BR", "LC_MESSAGES": "en_US"}, "en"),
        ({"LC_MESSAGES": "en_US", "LC_ALL": "pt_BR"}, "pt_BR"),
        ({"LC_ALL": "", "LANG": "pt_BR"}, "pt_BR"),
        ({"LC_ALL": "pt_BR", "EPOCA_LANG": "en"}, "en"),
        ({"LC_ALL": "pt_BR", "EPOCA_LANG": ""}, "pt_BR"),
    ],
)
def test_the_first_variable_that_is_set_decides(environ: dict[str, str], code: Code) -> None:
    assert Language.of_environment(environ) == Language(code)


def test_an_unknown_epoca_lang_is_refused() -> None:
    with pytest.raises(OptionError, match=r'^EPOCA_LANG must be "en" or "pt_BR", not "fr"\.$'):
        Language.of_environment({"EPOCA_LANG": "fr"})


# --- What it says -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "english", "portuguese"),
    [
        (1234567, "1,234,567", "1.234.567"),
        (0.123456, "0.1235", "0,1235"),
        (-2, "-2", "-2"),
        (1e-9, "1e-09", "1e-09"),
        (-1234567.0, "-1,235,000", "-1.235.000"),
        (2021.5, "2022", "2022"),
        (9999.9, "10,000", "10.000"),
        (3e15, "3e+15", "3e+15"),
    ],
)
def test_numbers_have_the_same_digits_and_their_own_marks(value: float, english: str, portuguese: str) -> None:
    assert ENGLISH.number(value) == english
    assert PORTUGUESE.number(value) == portuguese


def test_percent_has_the_decimals_asked_for() -> None:
    assert ENGLISH.percent(0.98765) == "98.8%"
    assert PORTUGUESE.percent(12.5, decimals=2) == "1250,00%"


def test_an_error_is_said_with_its_place() -> None:
    error = TableError("numbers are expected here.", file="a.csv", line=1234, column="idade")
    assert PORTUGUESE.say(error.message) == 'a.csv, linha 1234, coluna "idade": numbers are expected here.'


def test_numbers_within_a_message_are_written_in_its_language() -> None:
    message = Message("The limit of {epochs} epochs was reached.", epochs=1500)
    assert PORTUGUESE.say(message) == "O limite de 1.500 épocas foi atingido."
    assert ENGLISH.say(message) == "The limit of 1,500 epochs was reached."


def test_an_unknown_text_stays_english() -> None:
    assert PORTUGUESE.translate("Nobody says this.") == "Nobody says this."


# --- Typer's words ----------------------------------------------------------------------------------------------------


def test_gettext_is_as_it_was_afterwards() -> None:
    before = gettext.gettext
    with speak_through_gettext(PORTUGUESE):
        assert gettext.gettext is not before
    assert gettext.gettext is before


@pytest.mark.parametrize(
    ("english", "portuguese"),
    [
        ("Usage: epoca fit [OPTIONS] TABLE", "Uso: epoca fit [OPÇÕES] TABLE"),
        ("No such option: --tarset (Possible options: --target)", "Não existe a opção --tarset (parecidas: --target)"),
        ("No such command 'fot'. Did you mean 'fit'?", "Não existe o comando 'fot'. Você quis dizer 'fit'?"),
        ("Invalid value for 'table': path 'a.csv' does not exist.", "Valor inválido para 'table': 'a.csv' não existe."),
        ("Invalid value for '--n': Nobody says this.", "Valor inválido para '--n': Nobody says this."),
        ("Nobody says {this}.", "Nobody says {this}."),
    ],
)
def test_finished_sentences_are_retold(english: str, portuguese: str) -> None:
    assert retell(english, PORTUGUESE) == portuguese
    assert retell(english, ENGLISH) == english


COMMAND_LINE = """
from epoca.locales import Language
from epoca.locales.typer_words import retell, speak_through_gettext

portuguese = Language("pt_BR")
with speak_through_gettext(portuguese):
    import typer
    import typer.rich_utils

app = typer.Typer()

@app.command()
def fit(target: str = typer.Option(...), members: int = typer.Option(8)) -> None: ...

@app.command()
def show() -> None: ...

for arguments in (["fit"], ["fit", "--target", "y", "--members", "x"], ["fit", "--target"], ["nothing"]):
    try:
        app(arguments, standalone_mode=False)
    except typer.TyperException as error:
        print(retell(error.format_message(), portuguese))
app(["fit", "--help"])
"""


def test_typer_speaks_portuguese_where_it_is_asked_to() -> None:
    command = [sys.executable, "-X", "utf8", "-c", COMMAND_LINE]
    said = subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout
    assert said.splitlines()[:4] == [
        "Falta a opção '--target'.",
        "Valor inválido para '--members': é preciso um número inteiro",
        "A opção '--target' precisa de um valor.",
        "Não existe o comando 'nothing'.",
    ]
    assert "─ Opções ─" in said
    assert "[padrão: 8]" in said
    assert "[obrigatório]" in said


def test_typer_has_no_word_for_gettext_that_is_not_known_here() -> None:
    import typer.rich_utils

    asked = {text for _, text in MESSAGES["marked"](Path(typer.rich_utils.__file__), {"_"})}
    assert asked <= set(WORDS)

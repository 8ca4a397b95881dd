"""What typer itself says on the command line, in the language of the process.

Typer asks gettext for some of its words when it is imported, and writes the rest in English. The former are spoken
through gettext, the latter retold when they are finished. What is not known here stays English.
"""

from __future__ import annotations

import gettext
import re
from collections.abc import Iterator
from contextlib import contextmanager

from epoca.locales import Language
from epoca.messages import Message


def _(text: str) -> str:
    """Mark a text for the catalog."""
    return text


WORDS = (
    _("Arguments"),
    _("Options"),
    _("Commands"),
    _("Error"),
    _("Aborted."),
    _("Aborted!"),
    _("(deprecated) "),
    _("[default: {}]"),
    _("[env var: {}]"),
    _("[required]"),
    _("Try [blue]'{command_path} {help_option}'[/] for help."),
    _("Missing command."),
    _("No such command {name!r}."),
)
"""What typer asks gettext for."""

SENTENCES = (
    _("Usage: {command} [OPTIONS] {rest}"),
    _("Usage: {rest}"),
    _("Show this message and exit."),
    _("Missing argument {name}."),
    _("Missing option {name}."),
    _("No such option: {name} (Possible options: {near})"),
    _("No such option: {name}"),
    _("{sentence} Did you mean {near}?"),
    _("No such command {name}."),
    _("Got unexpected extra argument(s) ({arguments})"),
    _("Option {name} requires an argument."),
    _("Option {name} does not take a value."),
    _("Invalid value for {name}: {reason}"),
    _("Value error, {reason}"),
    _("{value} is not one of {choices}."),
    _("path {path} does not exist."),
    _("path {path} is a file."),
    _("path {path} is a directory."),
    _("path {path} is not readable."),
    _("path {path} is not writable."),
    _("Input should be a valid integer, unable to parse string as an integer"),
    _("Input should be a valid number, unable to parse string as a number"),
    _("Input should be greater than or equal to {number}"),
    _("Input should be less than or equal to {number}"),
    _("Input should be greater than {number}"),
    _("Input should be less than {number}"),
)
"""What typer says in English only; of two that fit, the first counts."""

_NESTED = {"reason", "sentence"}
"""Names of SENTENCES that stand for a sentence in its turn."""


@contextmanager
def speak_through_gettext(language: Language) -> Iterator[None]:
    """While this lasts, modules that are imported take their words from epoca's catalog.

    Typer's modules keep the function that they find in `gettext` when they are first imported, some of them not before
    the first help text or error. So this goes around all that a command-line process does, that import included.

    Parameters
    ----------
    language : Language
        What to speak.

    Examples
    --------
    >>> with speak_through_gettext(Language("pt_BR")):
    ...     gettext.gettext("Options")
    'Opções'
    """
    original = gettext.gettext
    gettext.gettext = lambda message: language.translate(message)
    try:
        yield
    finally:
        gettext.gettext = original


def retell(sentence: str, language: Language) -> str:
    """A finished English sentence of typer in another language; unchanged if it is none of `SENTENCES`.

    Parameters
    ----------
    sentence : str
        What typer wants to say: a usage line, a help text, the message of an error.
    language : Language
        What to speak.

    Returns
    -------
    str
        The same, retold.

    Examples
    --------
    >>> retell("Missing option '--target'.", Language("pt_BR"))
    "Falta a opção '--target'."
    """
    return language.say(_understood(sentence))


def _understood(sentence: str) -> Message:
    for template in SENTENCES:
        found = re.fullmatch(re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+)", re.escape(template)), sentence, re.DOTALL)
        if found:
            named = found.groupdict().items()
            return Message(template, **{name: _understood(text) if name in _NESTED else text for name, text in named})
    return Message("{text}", text=sentence)

"""Rewrites the catalogs of messages from the sources: see scripts/messages."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from babel.messages.catalog import Catalog
from babel.messages.jslexer import Token, tokenize, unquote_string
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ROOT / "src" / "epoca"
CATALOG = SOURCES / "locales" / "pt_BR" / "LC_MESSAGES" / "epoca.po"
HEADER = """\
# Brazilian Portuguese. Written anew by scripts/messages, which keeps the translations. No "Language:" stands here,
# for it would make Babel load its locales, which costs more than all the rest of reading.
msgid ""
msgstr ""
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""

PASSING_ON = {"errors.py", "messages.py", "locales"}
"""What hands on the messages of others and so may hold them in something else than a literal."""


class Call(NamedTuple):
    """A call with a message as its first argument: of `Message`, an error of epoca, the mark ``_``, a page's `say`."""

    file: str
    line: int
    text: str | None
    """The message; None where it is neither a literal nor a constant of its module."""


def calls() -> Iterator[Call]:
    """Every call that holds a message, file by file from top to bottom."""
    names = {"Message", "_", *_errors()}
    for path in sorted(SOURCES.rglob("*.py")):
        file = path.relative_to(SOURCES)
        for line, text in marked(path, names):
            if text is not None or file.parts[0] not in PASSING_ON:
                yield Call(file.as_posix(), line, text)
    for path in sorted(SOURCES.rglob("*.js")):
        for line, text in said(path.read_text("utf-8")):
            yield Call(path.relative_to(SOURCES).as_posix(), line, text)


def said(script: str, *, first_line: int = 1) -> Iterator[tuple[int, str | None]]:
    r"""Line and text of each call of ``say`` in a script, those within template strings included.

    Examples
    --------
    >>> list(said('say("one " + "text", {n: say(word)})\nconst text = `${say("two")}`;'))
    [(1, 'one text'), (1, None), (2, 'two')]
    """
    tokens = [token for token in tokenize(script, lineno=first_line) if "comment" not in token.type]
    for place, token in enumerate(tokens):
        if token.type == "template_string":
            for line, inner in _inserted(token):
                yield from said(inner, first_line=line)
        elif _values(tokens[place : place + 2]) == ["say", "("] and _values(tokens[place - 1 : place]) != ["function"]:
            yield token.lineno, _literal(tokens[place + 2 :])


def _values(tokens: list[Token]) -> list[str]:
    return [token.value for token in tokens]


def _literal(tokens: list[Token]) -> str | None:
    """The text that an argument stands for: literals with plus signs between; None for anything else."""
    parts = []
    for place, token in enumerate(tokens):
        if place % 2 == 0 and token.type == "string":
            parts.append(unquote_string(token.value))
        elif place % 2 == 1 and token.value in {",", ")"}:
            return "".join(parts)
        elif place % 2 == 0 or token.value != "+":
            return None
    return None


def _inserted(template: Token) -> Iterator[tuple[int, str]]:
    """Line and script of each ``${...}`` of a template string; what is in the braces may have braces."""
    text, position = template.value, 0
    while (begin := text.find("${", position)) >= 0:
        depth, position = 1, begin + 2
        while depth and position < len(text):
            depth += {"{": 1, "}": -1}.get(text[position], 0)
            position += 1
        yield template.lineno + text.count("\n", 0, begin), text[begin + 2 : position - 1]


def marked(path: Path, names: set[str]) -> list[tuple[int, str | None]]:
    """Line and text of each call of the names in a file, the text being None where it cannot be read off.

    The ``template`` of another message counts as none of them, for it stands where that message is made.
    """
    module = ast.parse(path.read_text("utf-8"))
    constants = _constants(module)
    found = [node for node in ast.walk(module) if isinstance(node, ast.Call) and _name(node.func) in names]
    found = [node for node in found if not (node.args and _is_template(node.args[0]))]
    found.sort(key=lambda node: (node.lineno, node.col_offset))
    return [(node.lineno, _text(node.args[0], constants) if node.args else None) for node in found]


def _errors() -> list[str]:
    module = ast.parse((SOURCES / "errors.py").read_text("utf-8"))
    return [node.name for node in module.body if isinstance(node, ast.ClassDef)]


def _constants(module: ast.Module) -> dict[str, str]:
    return {
        node.targets[0].id: node.value.value
        for node in module.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    }


def _name(function: ast.expr) -> str | None:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else None


def _is_template(argument: ast.expr) -> bool:
    return isinstance(argument, ast.Attribute) and argument.attr == "template"


def _text(argument: ast.expr, constants: dict[str, str]) -> str | None:
    if isinstance(argument, ast.Name):
        return constants.get(argument.id)
    return argument.value if isinstance(argument, ast.Constant) and isinstance(argument.value, str) else None


def catalog() -> Catalog:
    """The catalog as it lies in the repository."""
    with CATALOG.open("rb") as file:
        return read_po(file)


def rewrite() -> None:
    """Bring the catalog up to date: new messages without translation, no obsolete ones, sorted by file."""
    old, new = catalog(), Catalog()
    for call in calls():
        if call.text is not None:
            known = old.get(call.text)
            new.add(call.text, known.string if known else "", locations=[(call.file, None)])
    with CATALOG.open("wb") as file:
        file.write(HEADER.encode())
        write_po(file, new, width=120, omit_header=True, sort_by_file=True, include_lineno=False)


if __name__ == "__main__":
    rewrite()
    missing = sum(not entry.string for entry in catalog() if entry.id)
    print(f"{CATALOG.relative_to(ROOT)}: {missing} messages to translate")

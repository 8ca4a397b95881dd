"""Rewrites the catalogs of messages from the sources: see scripts/messages."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from babel.messages.catalog import Catalog
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
    """A call whose first argument is a message: of `Message`, of one of epoca's errors, or of the mark ``_``."""

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

"""Pages that several tests read."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import ClassVar

import pytest

from epoca.locales import Language
from epoca.model import Model
from epoca.report import report
from epoca.tables.samples import sample

ENGLISH, PORTUGUESE = Language("en"), Language("pt_BR")


class Page(HTMLParser):
    """A page taken apart, with whatever in it is no good HTML."""

    VOID: ClassVar = {"meta", "link", "br", "img", "input", "hr"}
    BLOCKS: ClassVar = {"p", "div", "ul", "ol", "dl", "table", "section", "figure", "details", "pre", "h1", "h2", "h3"}

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.faults: list[str] = []
        self.scripts: list[tuple[dict[str, str], str]] = []
        self.headings: list[tuple[int, str]] = []
        self.words = ""
        self._open: list[str] = []
        self.feed(html)
        self.close()
        self.faults += [f"<{tag}> is never closed" for tag in self._open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.tags.append((tag, attributes))
        if len(attributes) != len(attrs):
            self.faults.append(f"<{tag}> has an attribute twice")
        if tag in self.BLOCKS and "p" in self._open:
            self.faults.append(f"<{tag}> within <p>")
        if tag == "script":
            self.scripts.append((attributes, ""))
        if tag in {"h1", "h2", "h3"}:
            self.headings.append((int(tag[1]), ""))
        if tag not in self.VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self.faults.append(f"</{tag}> closes something else")

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] == "script":
            attributes, before = self.scripts[-1]
            self.scripts[-1] = attributes, before + data
        elif "style" not in self._open:
            self.words += data
            if self._open and self._open[-1] in {"h1", "h2", "h3"}:
                level, before = self.headings[-1]
                self.headings[-1] = level, before + data

    def of(self, tag: str) -> list[dict[str, str]]:
        """The attributes of every element of this name."""
        return [attributes for name, attributes in self.tags if name == tag]

    @property
    def text(self) -> str:
        """What is to be read, every space a single one."""
        return " ".join(self.words.split())

    @property
    def plots(self) -> list[str]:
        """The ids of the drawings."""
        return [attributes["id"] for _tag, attributes in self.tags if attributes.get("class") == "plot"]


@pytest.fixture(scope="session")
def page_html(penguins_model: Model) -> str:
    return report(penguins_model, sample("penguins"), language=ENGLISH)


@pytest.fixture(scope="session")
def page(page_html: str) -> Page:
    return Page(page_html)

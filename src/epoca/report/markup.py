"""Pieces of HTML; every word that goes into one is escaped here and nowhere else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import final

_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Characters that turn the direction of the text after them, beyond the name that holds them."""

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_LONG = 30
"""Letters of a cell from which on its column must not become too narrow to read."""

_WIDE = 8
"""Columns beyond which a table must be squeezed to fit on paper."""

_NUMBER = re.compile(r"[+−-]?\d|–?$")


@final
@dataclass(frozen=True, kw_only=True)
class Section:
    """A part of the page under a heading of its own.

    Parameters
    ----------
    id : str
        By which links find it.
    title : str
        Its heading, not yet escaped.
    body : str
        HTML.
    """

    id: str
    title: str
    body: str

    def __str__(self) -> str:
        heading = f"{self.id}-heading"
        return (
            f'<section id="{self.id}" aria-labelledby="{heading}">'
            f'<h2 id="{heading}">{text(self.title)}</h2>{self.body}</section>'
        )


def text(words: object) -> str:
    """Words as they may stand in HTML and its attributes.

    Names come from tables and files of anybody: they must be no markup, and must not turn what stands after them.

    Examples
    --------
    >>> text('<b "a">'), text("a\u202eb")
    ('&lt;b &quot;a&quot;&gt;', 'a\ufffdb')
    """
    return escape(_CONTROL.sub("\ufffd", _TURNING.sub("\ufffd", str(words))))


def paragraph(words: str, *, kind: str = "") -> str:
    """A paragraph; nothing if there are no words."""
    if not words:
        return ""
    return f'<p class="{kind}">{text(words)}</p>' if kind else f"<p>{text(words)}</p>"


def bullets(lines: Iterable[str]) -> str:
    """A list; nothing if it is empty."""
    items = "".join(f"<li>{text(line)}</li>" for line in lines)
    return f"<ul>{items}</ul>" if items else ""


def pairs(entries: Iterable[tuple[str, str]], *, kind: str) -> str:
    """Terms, and what is said of each."""
    items = "".join(f"<div><dt>{text(term)}</dt><dd>{text(said)}</dd></div>" for term, said in entries)
    return f'<dl class="{kind}">{items}</dl>'


def table(headings: Sequence[str], lines: Iterable[Sequence[str]], *, name: str) -> str:
    """A table that can be scrolled where it is too wide; columns of numbers are set flush right.

    Parameters
    ----------
    headings : sequence of str
        Of the columns.
    lines : iterable of sequence of str
        The first cell of each names its line.
    name : str
        What it is a table of, for those who hear it.
    """
    rows = [list(line) for line in lines]
    columns: list[Sequence[str]] = list(zip(*rows, strict=True)) if rows else [[""]] * len(headings)
    kinds = [_kind(cells, names=place == 0) for place, cells in enumerate(columns)]
    head = "".join(
        f'<th scope="col"{kind}>{text(heading)}</th>' if heading else "<td></td>"
        for heading, kind in zip(headings, kinds, strict=True)
    )
    body = "".join(
        f'<tr><th scope="row"{kinds[0]}>{text(first)}</th>'
        + "".join(f"<td{kind}>{text(cell)}</td>" for cell, kind in zip(cells, kinds[1:], strict=True))
        + "</tr>"
        for first, *cells in rows
    )
    width = "scroll wide" if len(headings) > _WIDE else "scroll"
    return (
        f'<div class="{width}" role="region" tabindex="0" aria-label="{text(name)}"><table>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _kind(cells: Sequence[str], *, names: bool) -> str:
    if not names and all(_NUMBER.match(cell) for cell in cells):
        return ' class="n"'
    return ' class="long"' if max(map(len, cells)) > _LONG else ""


def folded(title: str, body: str, *, on_paper: bool = True, is_open: bool = False) -> str:
    """What is shown when asked for, and on paper always if it is not said anywhere else."""
    kind = ' class="paper"' if on_paper else ""
    return f"<details{kind}{' open' if is_open else ''}><summary>{text(title)}</summary>{body}</details>"


def code(lines: str, *, name: str) -> str:
    """Text to be copied as it is."""
    return f'<pre role="region" tabindex="0" aria-label="{text(name)}"><code>{text(lines)}</code></pre>'

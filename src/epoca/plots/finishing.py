"""What all figures get at last: a title, and what they say in words."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from html import escape
from typing import Any, final

import numpy as np
import plotly.graph_objects as go

from epoca.plots import theme
from epoca.plots.voice import Voice

_LINE = 100
"""Letters of a line below the title; plotly breaks none by itself."""

_MOST_LINES = 20


@final
@dataclass(frozen=True, kw_only=True)
class Reading:
    """What a figure says in words; figures carry it in ``layout.meta``.

    Parameters
    ----------
    title : str
        What the figure is of.
    finding : str
        What it shows, in a sentence.
    caption : str
        How to read the figure.
    alt : str
        What is to be seen in it.
    headings : tuple of str
        Of the columns of its numbers.
    lines : tuple of tuple of str
        Its numbers.
    """

    title: str
    finding: str
    caption: str
    alt: str
    headings: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]

    @classmethod
    def of(cls, figure: go.Figure) -> Reading:
        """What one of epoca's figures says.

        Parameters
        ----------
        figure : plotly.graph_objects.Figure
            Made by a function of `epoca.plots`.

        Returns
        -------
        Reading
        """
        meta: dict[str, Any] = figure.layout.meta
        return cls(
            title=meta["title"],
            finding=meta["finding"],
            caption=meta["caption"],
            alt=meta["alt"],
            headings=tuple(meta["headings"]),
            lines=tuple(tuple(line) for line in meta["lines"]),
        )


def finished(
    figure: go.Figure,
    voice: Voice,
    *,
    title: str,
    finding: str,
    caption: str,
    headings: Sequence[str],
    lines: Iterable[Sequence[str]],
    height: int = 460,
    has_legend: bool = True,
) -> go.Figure:
    """The figure with its title, what it shows in a sentence below that, and the look and the words of all figures."""
    reading = Reading(
        title=title,
        finding=finding,
        caption=caption,
        alt=" ".join(filter(None, [title if title.endswith("?") else f"{title}.", finding])),
        headings=tuple(headings),
        lines=tuple(tuple(line) for line in lines),
    )
    broken = textwrap.wrap(finding, _LINE)
    figure.update_layout(theme.layout(voice.language))
    figure.update_layout(
        meta=asdict(reading),
        height=height,
        showlegend=has_legend,
        margin={"l": 64, "r": 24, "t": 62 + 17 * len(broken), "b": 92 if has_legend else 56},
        title={
            "text": f"<b>{escape(title, quote=False)}</b>",
            "font": {"size": 16},
            "subtitle": {"text": "<br>".join(escape(line, quote=False) for line in broken), "font": {"size": 13}},
            "x": 0,
            "xref": "paper",
            "xanchor": "left",
            "y": 1,
            "yref": "container",
            "yanchor": "top",
            "pad": {"t": 14},
        },
    )
    return figure


def some_epochs(epochs: int, *, also: int | None = None) -> list[int]:
    """Epochs spread over all, as many as a table of numbers has lines at most, and one more.

    Examples
    --------
    >>> some_epochs(4)
    [1, 2, 3, 4]
    >>> some_epochs(1000, also=7)[:4]
    [1, 7, 54, 106]
    """
    spread = np.linspace(1, epochs, min(epochs, _MOST_LINES)).round().astype(int).tolist()
    return sorted({*spread} | ({also} if also else set()))

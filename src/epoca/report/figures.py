"""Figures as the page holds them: drawn by a script from JSON, and in words for those who do not see them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, final

import plotly.graph_objects as go

from epoca.messages import Message
from epoca.plots import Reading
from epoca.report.markup import folded, table, text
from epoca.report.subject import Subject

_ABOVE = 16
"""Room above a figure, whose title stands on the page."""


@final
@dataclass(frozen=True, kw_only=True)
class Narrow:
    """What is otherwise about a figure on a telephone.

    Parameters
    ----------
    layout : mapping of str to object
        By names such as "xaxis2.domain".
    traces : mapping of int to mapping
        Attributes, by the place of the trace.
    """

    layout: Mapping[str, Any] = field(default_factory=dict)
    traces: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)


def figure(
    subject: Subject,
    drawn: go.Figure,
    *,
    name: str,
    narrow: Narrow | None = None,
    above: int = _ABOVE,
    shows_numbers: bool = False,
) -> str:
    """A figure with its title, its finding, how to read it, and its numbers as a table.

    Parameters
    ----------
    subject : Subject
        Says in which language.
    drawn : plotly.graph_objects.Figure
        Made by a function of `epoca.plots`.
    name : str
        By which it is found on the page.
    narrow : Narrow, optional
        What is otherwise on a telephone.
    above : int
        Pixels left above the drawing.
    shows_numbers : bool
        Whether the table is unfolded.
    """
    reading = Reading.of(drawn)
    content = drawn.to_dict()
    layout = content["layout"]
    del layout["title"], layout["meta"]
    layout["height"] += above - layout["margin"]["t"]
    layout["margin"]["t"] = above
    narrow = narrow or Narrow()
    entry = go.Figure(content).to_plotly_json()
    packed = as_json({**entry, "narrow": {"layout": narrow.layout, "traces": narrow.traces}})
    numbers = table(reading.headings, reading.lines, name=reading.title)
    title = subject.say(Message("The numbers of this figure"))
    return (
        f'<figure id="{name}" aria-labelledby="{name}-title"><h3 id="{name}-title">{text(reading.title)}</h3>'
        f'<p class="finding">{text(reading.finding)}</p>'
        f'<div class="plot" id="{name}-plot" role="img" aria-label="{text(reading.alt)}"></div>'
        f'<script type="application/json" id="{name}-plot-data">{packed}</script>'
        f"<figcaption>{text(reading.caption)}</figcaption>"
        f"{folded(title, numbers, on_paper=shows_numbers, is_open=shows_numbers)}</figure>"
    )


def as_json(value: object) -> str:
    r"""JSON that may stand in a script of a page: nothing in it can end the script.

    Examples
    --------
    >>> print(as_json("</script>"))
    "\u003c/script>"
    """
    from plotly.utils import PlotlyJSONEncoder

    return json.dumps(value, cls=PlotlyJSONEncoder, separators=(",", ":")).replace("<", "\\u003c")

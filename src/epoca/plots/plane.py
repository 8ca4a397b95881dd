"""How the plane of two columns is told of and drawn by plotly."""

from __future__ import annotations

from typing import Any

from epoca.messages import Message
from epoca.plane import PRESENT, Axis, Plane
from epoca.plots import theme
from epoca.plots.voice import Voice

STEPS = 200
"""Places along an axis of numbers; a figure has but a few dots for each."""

_MOST_HELD = 5
"""Columns of which it is said at what they are held."""


def axis_of(axis: Axis) -> dict[str, Any]:
    """Plotly's axis."""
    settings: dict[str, Any] = {"title": theme.label(axis.column.name), "showgrid": False}
    if axis.categories is not None:
        ticks = [theme.label(text) for text in axis.categories]
        settings |= {"tickvals": list(range(len(ticks))), "ticktext": ticks, "range": [-0.5, len(ticks) - 0.5]}
    else:
        settings |= {"range": [axis.places[0], axis.places[-1]]}
        settings |= {"type": "date"} if axis.is_date else {}
    return theme.axis(**settings)


def told_of(plane: Plane, voice: Voice) -> str:
    """What the other columns are held at, in a sentence."""
    if not plane.held:
        return ""
    said = ", ".join(f"{column.name}\u00a0=\u00a0{_said(value, voice)}" for column, value in plane.held[:_MOST_HELD])
    beyond = len(plane.held) - _MOST_HELD
    if beyond <= 0:
        return voice.say(Message("Other columns, held at their usual values: {values}.", values=said))
    return voice.say(
        Message("Other columns, held at their usual values: {values} and {n} more columns.", values=said, n=beyond)
    )


def _said(value: object, voice: Voice) -> str:
    if value == PRESENT:
        return voice.say(Message("not missing"))
    return voice.number(value) if isinstance(value, float) else str(value).replace("T00:00:00", "")

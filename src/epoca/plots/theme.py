"""How figures look: colours, marks, and what changes between light and dark pages."""

from __future__ import annotations

from html import escape
from typing import Any, Literal

from epoca.locales import Language

TRAINING, HELD_OUT, IDEAL = "#2a7fb8", "#c2620e", "#2e8b57"
"""Colours: of a curve that is learned from, of one that is not, and of the ideal epoch."""

REFINED = "#8c6bb1"
"""Of the held-out loss without what overconfidence adds to it."""

QUIET = "#8a8a8a"
"""A grey that can be read on white and on black."""

CLASSES = (
    *("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00"),
    *(QUIET, "#aa4466", "#999933", "#6655cc"),
)
"""The first six are told apart by the colour-blind too (Okabe and Ito 2008); none is lost on a white or black page."""

SYMBOLS = ("circle", "diamond", "square", "triangle-up", "cross", "x", "star", "triangle-down")
"""One a class beside its colour."""

OUTLINE: dict[str, Any] = {"color": "rgba(255,255,255,0.85)", "width": 1}
"""Around points, so that they stand out of what lies behind them."""

CONFIG: dict[str, Any] = {"displaylogo": False, "responsive": True, "displayModeBar": False}
"""For ``figure.show(config=CONFIG)`` and ``figure.to_html(config=CONFIG)``: nothing but the figure."""

TEXT = 13
"""Size of all letters but those of titles."""

_LETTERS = "system-ui, sans-serif"
_INK = {"light": "#222222", "dark": "#e6e6e6"}
_PAPER = {"light": "#ffffff", "dark": "#222222"}
_GRID = "rgba(138,138,138,0.22)"
_LONGEST = 28


def relayout(page: Literal["light", "dark"]) -> dict[str, Any]:
    """What changes of a figure when its page becomes light or dark.

    Parameters
    ----------
    page : {"light", "dark"}
        What it stands on.

    Returns
    -------
    dict
        For ``Plotly.relayout`` in JavaScript, or for ``figure.update_layout``.

    Examples
    --------
    >>> relayout("dark")["font.color"]
    '#e6e6e6'
    """
    return {
        "font.color": _INK[page],
        "hoverlabel.font.color": _INK[page],
        "hoverlabel.bgcolor": _PAPER[page],
    }


def layout(language: Language) -> dict[str, Any]:
    """The layout that all figures share, for a light page."""
    return {
        "template": "none",
        "autosize": True,
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": _LETTERS, "size": TEXT, "color": _INK["light"]},
        "hoverlabel": {
            "font": {"family": _LETTERS, "color": _INK["light"]},
            "bgcolor": _PAPER["light"],
            "bordercolor": QUIET,
            "align": "left",
        },
        "separators": ".," if language.code == "en" else ",.",
        "legend": {
            "orientation": "h",
            "bgcolor": "rgba(0,0,0,0)",
            "x": 0,
            "xref": "paper",
            "y": 0,
            "yref": "container",
            "yanchor": "bottom",
            "traceorder": "normal",
        },
    }


def axis(title: str = "", **settings: Any) -> dict[str, Any]:
    """An axis with quiet lines."""
    return {
        "title": {"text": title, "font": {"size": TEXT}, "standoff": 8},
        "gridcolor": _GRID,
        "linecolor": QUIET,
        "showline": True,
        "zeroline": False,
        "ticks": "outside",
        "ticklen": 4,
        "tickcolor": QUIET,
        "automargin": True,
        **settings,
    }


def class_marker(code: int, *, size: int = 8) -> dict[str, Any]:
    """Colour and symbol of a class; no two of the first 40 have both alike."""
    return {
        "color": class_colour(code),
        "symbol": SYMBOLS[code % len(SYMBOLS)],
        "size": size,
        "line": OUTLINE,
    }


def class_colour(code: int) -> str:
    """Colour of a class."""
    return CLASSES[code % len(CLASSES)]


def faded(colour: str, opacity: float) -> str:
    """A colour such as "#2a7fb8" with the page shining through.

    Examples
    --------
    >>> faded("#2a7fb8", 0.2)
    'rgba(42,127,184,0.2)'
    """
    red, green, blue = bytes.fromhex(colour[1:])
    return f"rgba({red},{green},{blue},{opacity:.3g})"


def label(text: object, *, longest: int = _LONGEST) -> str:
    """A name from the user's table as plotly draws it: no longer than a glance, and no markup.

    Examples
    --------
    >>> label("<b>")
    '&lt;b&gt;'
    """
    plain = str(text)
    return escape(plain if len(plain) <= longest else plain[: longest - 1] + "…", quote=False)

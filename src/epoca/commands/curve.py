"""The model complexity graph as text: training and held-out loss by epoch."""

from __future__ import annotations

import numpy as np
from rich.text import Text

from epoca.commands.screen import _, language, name_of_watched
from epoca.training.history import History
from epoca.types import Numbers

_WIDTH, _HEIGHT = 64, 14
_TRAINING, _HELD_OUT, _HIGHER = "·", "•", "↑"


def curve(history: History, *, best: int | None) -> Text:
    """Both curves over the epochs, the ideal epoch marked below the axis."""
    training, held_out = history.curve("training_loss"), history.curve(history.watches)
    seen = np.concatenate([training, held_out])
    seen = seen[np.isfinite(seen)]
    # A first epoch far above the rest would press the others flat.
    low, high = float(seen.min()), float(min(seen.max(), np.quantile(seen, 0.9) * 1.5))
    high = high if high > low else low + 1
    cells = [[" "] * _WIDTH for _row in range(_HEIGHT)]
    for values, mark in ((training, _TRAINING), (held_out, _HELD_OUT)):
        _draw(cells, values, mark, low, high)
    text = Text()
    for height, line in enumerate(cells):
        value = high - (high - low) * height / (_HEIGHT - 1)
        label = language.number(float(f"{value:.3g}")) if height % 4 == 0 or height == _HEIGHT - 1 else ""
        text.append(f"{label:>9} ┤", style="dim")
        for cell in line:
            text.append(cell, style={_TRAINING: "cyan", _HELD_OUT: "yellow", _HIGHER: "dim"}.get(cell, ""))
        text.append("\n")
    text.append(" " * 10 + "└" + "─" * _WIDTH + "\n", style="dim")
    if best is not None:
        column = _column(best - 1, len(history))
        text.append(" " * (11 + column) + "▲\n", style="green")
    end = language.number(len(history))
    text.append(" " * 11 + "1" + end.rjust(_WIDTH - 1) + "\n", style="dim")
    text.append(" " * 11)
    text.append(f"{_TRAINING} {_('training loss')}  ", style="cyan")
    text.append(f"{_HELD_OUT} {name_of_watched(history)}  ", style="yellow")
    if _HIGHER in cells[0]:
        text.append(f"{_HIGHER} {_('higher')}  ", style="dim")
    if best is not None:
        text.append(f"▲ {_('ideal epoch')}: {language.number(best)}", style="green")
    return text


def _column(index: int, epochs: int) -> int:
    return round(index * (_WIDTH - 1) / max(epochs - 1, 1))


def _draw(cells: list[list[str]], values: Numbers, mark: str, low: float, high: float) -> None:
    # Every column of the screen shows the curve at its epoch, between two epochs along a straight line.
    places = np.linspace(0, len(values) - 1, _WIDTH)
    for column, value in enumerate(np.interp(places, np.arange(len(values)), values)):
        if value > high:
            cells[0][column] = _HIGHER
        elif np.isfinite(value):
            cells[round((high - value) / (high - low) * (_HEIGHT - 1))][column] = mark

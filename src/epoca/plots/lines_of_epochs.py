"""The decision line of a neuron or perceptron on its way through the epochs."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from epoca.errors import OptionError
from epoca.locales import Language
from epoca.messages import Message
from epoca.plots import theme
from epoca.plots.finishing import finished, some_epochs
from epoca.plots.unwrapping import some_rows, table_of
from epoca.plots.voice import Voice
from epoca.tables.cells import Cells
from epoca.tables.labels import in_order, labels_of
from epoca.tables.names import require_columns
from epoca.types import Numbers

_MOST_LINES = 100


def lines_of_epochs(
    lines: Sequence[tuple[int, float, float]],
    *,
    table: Any = None,
    columns: tuple[str, str] = ("x1", "x2"),
    target: str = "label",
    language: Language | None = None,
) -> go.Figure:
    """The lines x2 = slope · x1 + intercept at which a learner of two columns wavered, the later the stronger.

    Parameters
    ----------
    lines : sequence of (int, float, float)
        Epoch, slope and intercept; the last is the final line.
    table : Table, data frame, mapping or file, optional
        Its rows are drawn as points, with the colour of their label.
    columns : tuple of str
        The two columns, the one across first.
    target : str
        The table's column of labels.
    language : Language, optional
        In which the figure speaks; by default the environment's.

    Returns
    -------
    plotly.graph_objects.Figure

    Raises
    ------
    OptionError
        If there is no line.
    TableError
        If the table has not these columns, or they hold no numbers.

    Examples
    --------
    >>> figure = lines_of_epochs([(1, -0.2, 0.3), (2, -0.9, 0.8)], language=Language("en"))
    >>> [trace.name for trace in figure.data]
    ['epoch 1', 'epoch 2: the final line']
    """
    voice = Voice.of(language)
    drawn = _drawn(lines)
    points = list(_points(table, columns, target))
    low, high = _reach([trace.x for trace in points], around=np.array([-1.0, 1.0]))
    for_all = np.array([[slope * low + intercept, slope * high + intercept] for _epoch, slope, intercept in drawn])
    figure = go.Figure(
        [
            _line(line, x=np.array([low, high]), y=ends, part=(place + 1) / len(drawn), voice=voice)
            for place, (line, ends) in enumerate(zip(drawn, for_all, strict=True))
        ]
    )
    figure.data[-1].update(
        name=voice.say(Message("epoch {epoch}: the final line", epoch=drawn[-1][0])), showlegend=True, opacity=1
    )
    figure.data[-1].line.width = 3.5
    figure.add_traces(points)
    figure.update_xaxes(theme.axis(title=theme.label(columns[0]), range=[low, high]))
    up = list(_reach([trace.y for trace in points], around=for_all[-1]))
    figure.update_yaxes(theme.axis(title=theme.label(columns[1]), range=up))
    return finished(
        figure,
        voice,
        title=voice.say(Message("The line through the epochs")),
        finding=voice.say(
            Message(
                "After epoch {epoch}: {up} = {slope} × {across} + {intercept}.",
                epoch=drawn[-1][0],
                up=columns[1],
                across=columns[0],
                slope=voice.number(drawn[-1][1]),
                intercept=voice.number(drawn[-1][2]),
            )
        ),
        caption=voice.say(
            Message("A line for every epoch noted, the later the stronger; the boldest is the final one.")
        ),
        headings=[voice.say(heading) for heading in (Message("epoch"), Message("slope"), Message("intercept"))],
        lines=_told(drawn, voice),
        height=500,
    )


def _drawn(lines: Sequence[tuple[int, float, float]]) -> list[tuple[int, float, float]]:
    """The lines that can be drawn, of many a hundred."""
    finite = [line for line in lines if math.isfinite(line[1]) and math.isfinite(line[2])]
    if not finite:
        raise OptionError("There is no line to draw; note epoch, slope and intercept while the learner learns.")
    chosen = np.linspace(0, len(finite) - 1, min(len(finite), _MOST_LINES)).round().astype(int)
    return [finite[place] for place in chosen]


def _line(line: tuple[int, float, float], *, x: Numbers, y: Numbers, part: float, voice: Voice) -> go.Scatter:
    return go.Scatter(
        x=x,
        y=y,
        mode="lines",
        name=voice.say(Message("epoch {epoch}", epoch=line[0])),
        line={"color": theme.IDEAL, "width": 1.2},
        opacity=0.12 + 0.5 * part**2,
        hoverinfo="name",
        showlegend=False,
    )


def _points(table: Any, columns: tuple[str, str], target: str) -> Iterator[go.Scatter]:
    """The rows of a table, class by class."""
    if table is None:
        return
    brought = table_of(table)
    require_columns(brought, [*columns, target])
    x, y = (Cells(brought, name).numbers() for name in columns)
    labels, codes = labels_of(Cells(brought, target))
    is_drawn = np.isin(np.arange(codes.size), some_rows(codes.size))
    for code, label in enumerate(in_order(labels, brought.decimal)):
        here = is_drawn & (codes == labels.index(label))
        yield go.Scatter(
            x=x[here],
            y=y[here],
            mode="markers",
            name=theme.label(label),
            marker=theme.class_marker(code),
            hovertemplate="%{x}, %{y}",
        )


def _reach(seen: Sequence[Numbers], *, around: Numbers) -> tuple[float, float]:
    """How far an axis goes: as far as what is seen, or else as far as `around`, with some room."""
    numbers = np.concatenate(seen) if seen else around
    numbers = numbers[np.isfinite(numbers)]
    low, high = float(numbers.min()), float(numbers.max())
    room = 0.05 * (high - low) or 1.0
    return low - room, high + room


def _told(lines: Sequence[tuple[int, float, float]], voice: Voice) -> Iterator[list[str]]:
    for place in some_epochs(len(lines)):
        epoch, slope, intercept = lines[place - 1]
        yield [voice.number(epoch), voice.number(slope), voice.number(intercept)]

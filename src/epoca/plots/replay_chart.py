"""What every stopping rule would have done on one and the same training."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from epoca.locales import Language
from epoca.messages import Message
from epoca.plots import theme
from epoca.plots.finishing import finished
from epoca.plots.learning_curves import epoch_range, ideal_epoch_told, mark_ideal_epoch, range_of
from epoca.plots.unwrapping import Course
from epoca.plots.voice import Voice
from epoca.training.replay import Replay, ReplayLine


def replay_chart(replay: Replay, *, language: Language | None = None) -> go.Figure:
    """The held-out curve, and below it for every rule the epoch it would have chosen and where it would have stopped.

    Parameters
    ----------
    replay : Replay
        What `epoca.training.replay.replay` found.
    language : Language, optional
        In which the figure speaks; by default the environment's.

    Returns
    -------
    plotly.graph_objects.Figure

    Raises
    ------
    OptionError
        If no epoch was recorded.

    Examples
    --------
    >>> from epoca.training.history import History
    >>> from epoca.training.replay import replay
    >>> losses = np.array([[0.9, 0.8], [0.5, 0.6], [0.6, 0.7], [0.4, 0.5]])
    >>> found = replay(History.of_curves(held_out_loss=losses), ["patience(1)", "patience(2)"])
    >>> replay_chart(found, language=Language("en")).layout.yaxis2.ticktext
    ('patience(1)', 'patience(2)')
    """
    voice, course = Voice.of(language), Course.of(replay.history)
    rules, epochs = replay.lines, len(course.history)
    figure = make_subplots(
        2, 1, shared_xaxes=True, vertical_spacing=0.04, row_heights=[260, 40 + 26 * len(rules)], specs=[[{}], [{}]]
    )
    figure.add_trace(_curve(course, voice), row=1, col=1)
    for trace in _rules(rules, course, voice):
        figure.add_trace(trace, row=2, col=1)
    mark_ideal_epoch(figure, course, voice)
    figure.update_xaxes(theme.axis(range=epoch_range(epochs)))
    figure.update_yaxes(theme.axis())
    ticks = {"tickvals": list(range(len(rules))), "ticktext": [theme.label(line.rule) for line in rules]}
    figure.update_layout(
        xaxis2_title_text=voice.say(Message("epoch")),
        yaxis={
            "range": range_of([course.history.curve("held_out_loss")]),
            "title": {"text": voice.say(Message("held-out loss"))},
        },
        yaxis2={"range": [len(rules) - 0.4, -0.6], "title": {"text": voice.say(Message("stopping rule"))}, **ticks},
    )
    headings, *lines = replay.table(voice.language)
    finished(
        figure,
        voice,
        title=voice.say(Message("What every stopping rule would have done")),
        finding=ideal_epoch_told(course, voice),
        caption=voice.say(
            Message(
                "Above: mean held-out loss. Below, for every rule: the epoch it would have chosen, by how much its "
                "loss is above the least, and where it would have stopped; a line to the end means never."
            )
        ),
        headings=headings,
        lines=lines,
        height=420 + 26 * len(rules),
    )
    figure.update_layout(margin_r=130)
    return figure


def _curve(course: Course, voice: Voice) -> go.Scatter:
    curve = course.history.curve("held_out_loss")
    return go.Scatter(
        x=np.arange(1, len(curve) + 1),
        y=curve,
        mode="lines",
        name=voice.say(Message("held-out loss")),
        line={"color": theme.HELD_OUT, "width": 2},
        hovertemplate="%{x}: %{y:.4~g}<extra></extra>",
    )


def _rules(rules: Sequence[ReplayLine], course: Course, voice: Voice) -> Iterator[go.Scatter]:
    """A line from the first epoch to the last of every rule, and on it what it would have chosen."""
    end = len(course.history)
    x, y = [], []
    for place, line in enumerate(rules):
        x += [1, line.stopped or end, None]
        y += [place, place, None]
    quiet = {"color": theme.QUIET, "width": 1.5}
    yield go.Scatter(x=x, y=y, mode="lines", line=quiet, hoverinfo="skip", showlegend=False)
    stopped = [(line.stopped, place) for place, line in enumerate(rules) if line.stopped is not None]
    yield go.Scatter(
        x=[epoch for epoch, _place in stopped],
        y=[place for _epoch, place in stopped],
        mode="markers",
        name=voice.say(Message("would have stopped")),
        marker={"symbol": "line-ns-open", "size": 13, "color": theme.QUIET, "line": {"width": 2.5}},
        hovertemplate="%{x}",
    )
    chosen = [(line.chosen, place, line) for place, line in enumerate(rules) if line.chosen is not None]
    yield go.Scatter(
        x=[epoch for epoch, _place, _line in chosen],
        y=[place for _epoch, place, _line in chosen],
        mode="markers",
        name=voice.say(Message("would have chosen")),
        marker={"size": 10, "color": theme.HELD_OUT},
        text=[_above(line, voice) for _epoch, _place, line in chosen],
        hovertemplate="%{x}: %{text}",
    )
    yield go.Scatter(
        x=[epoch_range(end)[1]] * len(chosen),
        y=[place for _epoch, place, _line in chosen],
        mode="text",
        text=[_above(line, voice) for _epoch, _place, line in chosen],
        textposition="middle right",
        textfont={"size": 12},
        cliponaxis=False,
        hoverinfo="skip",
        showlegend=False,
    )


def _above(line: ReplayLine, voice: Voice) -> str:
    if 0 < line.difference_error < math.inf:
        return "+" + voice.with_error(line.difference, line.difference_error)
    return "+" + voice.number(line.difference) if line.difference else voice.number(0)

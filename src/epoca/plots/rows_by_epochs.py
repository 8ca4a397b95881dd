"""What more rows and more epochs are worth: held-out loss by epoch for growing shares of the rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from epoca.errors import OptionError
from epoca.locales import Language
from epoca.messages import Message
from epoca.plots import theme
from epoca.plots.finishing import finished
from epoca.plots.learning_curves import epoch_range, range_of
from epoca.plots.voice import Voice
from epoca.types import Numbers

_HEADINGS = (Message("share of the rows"), Message("rows"), Message("ideal epoch"), Message("held-out loss"))


class RowsCurve(Protocol):
    """A training on a share of the rows."""

    @property
    def share(self) -> float:
        """Of all rows."""

    @property
    def rows(self) -> int:
        """Learned from."""

    @property
    def losses(self) -> Numbers:
        """(epochs,): the mean held-out loss by epoch."""

    @property
    def best_epoch(self) -> int:
        """The ideal epoch."""

    @property
    def loss(self) -> float:
        """The held-out loss there."""

    @property
    def loss_error(self) -> float:
        """Its standard error."""


class RowsStudy(Protocol):
    """Trainings on growing shares of the rows."""

    @property
    def curves(self) -> Sequence[RowsCurve]:
        """The fewest rows first."""


def rows_by_epochs(study: RowsStudy, *, language: Language | None = None) -> go.Figure:
    """Held-out loss by epoch for every share of the rows, and beside it the least loss by the number of rows.

    Parameters
    ----------
    study : RowsStudy
        Trainings on growing shares of the rows.
    language : Language, optional
        In which the figure speaks; by default the environment's.

    Returns
    -------
    plotly.graph_objects.Figure

    Raises
    ------
    OptionError
        If there is no training in it.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> half = SimpleNamespace(share=0.5, rows=50, losses=np.array([0.9, 0.7]), best_epoch=2, loss=0.7, loss_error=0.1)
    >>> whole = SimpleNamespace(share=1, rows=100, losses=np.array([0.8, 0.5]), best_epoch=2, loss=0.5, loss_error=0.1)
    >>> rows_by_epochs(SimpleNamespace(curves=[half, whole]), language=Language("en")).layout.title.subtitle.text
    'With all 100 rows epoch 2 is ideal, at a held-out loss of 0.50 ± 0.10.'
    """
    voice, curves = Voice.of(language), sorted(study.curves, key=lambda curve: curve.rows)
    if not curves:
        raise OptionError("There is no curve to draw; study at least one share of the rows.")
    figure = make_subplots(1, 2, column_widths=[0.6, 0.4], horizontal_spacing=0.12)
    for place, curve in enumerate(curves):
        for trace in _by_epoch(curve, (place + 1) / len(curves), voice):
            figure.add_trace(trace, row=1, col=1)
    figure.add_trace(_by_rows(curves, voice), row=1, col=2)
    figure.update_xaxes(theme.axis())
    longest = max(len(curve.losses) for curve in curves)
    figure.update_yaxes(theme.axis(title=voice.say(Message("held-out loss"))))
    ticks = {"tickvals": [curve.rows for curve in curves], "ticktext": [voice.number(curve.rows) for curve in curves]}
    figure.update_layout(
        xaxis={"title": {"text": voice.say(Message("epoch"))}, "range": epoch_range(longest)},
        xaxis2={"title": {"text": voice.say(Message("rows learned from"))}, "type": "log", **ticks},
        yaxis_range=range_of([curve.losses for curve in curves]),
    )
    last = curves[-1]
    return finished(
        figure,
        voice,
        title=voice.say(Message("What more rows and more epochs are worth")),
        finding=voice.say(
            Message(
                "With all {rows} rows epoch {best} is ideal, at a held-out loss of {loss}.",
                rows=last.rows,
                best=last.best_epoch,
                loss=voice.with_error(last.loss, last.loss_error),
            )
        ),
        caption=voice.say(
            Message(
                "Left: mean held-out loss by epoch for growing shares of the rows, the ideal epochs marked. Right: the "
                "least loss by the number of rows, with its standard error."
            )
        ),
        headings=[voice.say(heading) for heading in _HEADINGS],
        lines=[
            [
                voice.percent(curve.share),
                voice.number(curve.rows),
                voice.number(curve.best_epoch),
                voice.with_error(curve.loss, curve.loss_error),
            ]
            for curve in curves
        ],
    )


def _by_epoch(curve: RowsCurve, part: float, voice: Voice) -> Iterator[go.Scatter]:
    """The curve, the stronger the more rows, and its ideal epoch."""
    said = {"share": voice.language.percent(curve.share, decimals=0), "rows": curve.rows}
    name = voice.say(Message("{share} ({rows} rows)", **said))
    yield go.Scatter(
        x=np.arange(1, len(curve.losses) + 1),
        y=curve.losses,
        mode="lines",
        name=name,
        line={"color": theme.faded(theme.HELD_OUT, 0.25 + 0.75 * part), "width": 1 + 1.5 * part},
        hovertemplate="%{x}: %{y:.4~g}",
    )
    yield go.Scatter(
        x=[curve.best_epoch],
        y=[curve.losses[curve.best_epoch - 1]],
        mode="markers",
        name=voice.say(Message("ideal epoch")),
        marker={"color": theme.IDEAL, "size": 9, "symbol": "diamond"},
        showlegend=part == 1,
        hovertemplate="%{x}: %{y:.4~g}<extra></extra>",
    )


def _by_rows(curves: Sequence[RowsCurve], voice: Voice) -> go.Scatter:
    return go.Scatter(
        x=[curve.rows for curve in curves],
        y=[curve.loss for curve in curves],
        mode="lines+markers",
        line={"color": theme.IDEAL, "width": 2},
        marker={"size": 9, "symbol": "diamond"},
        error_y={"array": [curve.loss_error for curve in curves], "thickness": 1.2, "width": 4},
        text=[voice.with_error(curve.loss, curve.loss_error) for curve in curves],
        hovertemplate="%{text}<extra></extra>",
        showlegend=False,
    )

"""Whether probabilities mean what they say: predicted probability against observed share."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.subplots import make_subplots

from epoca.locales import Language
from epoca.messages import Message
from epoca.model import Model
from epoca.plots import theme
from epoca.plots.finishing import finished
from epoca.plots.unwrapping import Fitted, model_of, table_of
from epoca.plots.voice import Voice
from epoca.tables.table import Table
from epoca.types import Numbers

_BINS, _BARS = 10, 20
_Z = 1.959964
"""The standard normal distribution has 95 % between minus and plus this."""


def reliability_curve(fitted: Fitted, table: Any, *, language: Language | None = None) -> go.Figure:
    """How often what was said to be so probable happened.

    Of two classes it is the probability of the second that is judged, of more that of the class predicted. Bins hold
    about as many rows each, and bars reach over 95 % intervals (Wilson 1927).

    Parameters
    ----------
    fitted : Model or fitted estimator
        A classifier that gives probabilities.
    table : Table, data frame, mapping or file
        With the columns and the target; rows that were not learned from.
    language : Language, optional
        In which the figure speaks; by default the environment's.

    Returns
    -------
    plotly.graph_objects.Figure

    Raises
    ------
    OptionError
        If there is no model, it is a perceptron or predicts a number.
    TableError
        If a column is missing or holds something else than before, or a label was never seen.

    Examples
    --------
    >>> from epoca import MLPClassifier
    >>> from epoca.tables.samples import sample
    >>> moons = sample("moons", rows=200).arrow.to_pandas()
    >>> network = MLPClassifier((8,), members=2, max_epochs=5).fit(moons[["x1", "x2"]], moons["label"])
    >>> reliability_curve(network, moons, language=Language("en")).layout.xaxis2.title.text
    'predicted probability of 1'
    """
    voice, model = Voice.of(language), model_of(fitted)
    probability, happened, about = _judged(model, table_of(table), voice)
    bins = _binned(probability, happened)
    figure = make_subplots(2, 1, shared_xaxes=True, row_heights=[0.78, 0.22], vertical_spacing=0.05)
    figure.add_trace(_diagonal(voice), row=1, col=1)
    figure.add_trace(_curve(bins, voice), row=1, col=1)
    figure.add_trace(_histogram(probability), row=2, col=1)
    figure.update_xaxes(theme.axis(range=[-0.02, 1.02], tickformat=".0%"))
    figure.update_yaxes(theme.axis())
    observed = voice.say(Message("observed share"))
    figure.update_layout(
        xaxis2_title_text=about,
        yaxis={"range": [-0.02, 1.02], "tickformat": ".0%", "title": {"text": observed}},
        yaxis2={"title": {"text": voice.say(Message("rows"))}, "nticks": 4},
        bargap=0.05,
    )
    error = float(np.average(np.abs(bins.said - bins.share), weights=bins.rows))
    return finished(
        figure,
        voice,
        title=voice.say(Message("Do probabilities mean what they say?")),
        finding=voice.say(
            Message(
                "Expected calibration error: {error}, of {rows} rows in {bins} bins.",
                error=voice.percent(error),
                bins=bins.rows.size,
                rows=probability.size,
            )
        ),
        caption=voice.say(
            Message(
                "Each point is a bin of rows: how often it happened, with its 95% interval, against how probable it "
                "was said to be. On the diagonal probabilities mean what they say. Below: how many rows had which "
                "probability."
            )
        ),
        headings=[about, observed, voice.say(Message("95% interval")), voice.say(Message("rows"))],
        lines=[
            [
                voice.percent(said),
                voice.percent(share),
                f"{voice.percent(low)} – {voice.percent(high)}",
                voice.number(int(rows)),
            ]
            for said, share, low, high, rows in zip(*(column.tolist() for column in bins), strict=True)
        ],
        height=540,
    )


class _Bins(NamedTuple):
    """(bins,) each: mean probability, observed share, its interval, rows."""

    said: Numbers
    share: Numbers
    low: Numbers
    high: Numbers
    rows: NDArray[np.int64]


def _judged(model: Model, table: Table, voice: Voice) -> tuple[Numbers, NDArray[np.bool_], str]:
    """A probability a row, whether it happened, and of what it is."""
    probabilities, codes = model.predict_proba(table), model.target.codes(table)
    if probabilities.shape[1] == 2:
        about = Message("predicted probability of {label}", label=theme.label(model.target.labels[1]))
        return probabilities[:, 1], codes == 1, voice.say(about)
    about = Message("probability of the class predicted")
    return probabilities.max(axis=1), codes == probabilities.argmax(axis=1), voice.say(about)


def _binned(probability: Numbers, happened: NDArray[np.bool_]) -> _Bins:
    edges = np.unique(np.quantile(probability, np.linspace(0, 1, _BINS + 1)[1:-1]))
    place = np.searchsorted(edges, probability)
    rows = np.bincount(place)
    filled = rows > 0
    said = np.bincount(place, probability)[filled] / rows[filled]
    share = np.bincount(place, happened)[filled] / rows[filled]
    return _Bins(said, share, *wilson(share, rows[filled]), rows[filled])


def wilson(share: Numbers, rows: NDArray[np.int64]) -> tuple[Numbers, Numbers]:
    """The 95 % interval of shares seen in so many rows (Wilson 1927).

    Examples
    --------
    >>> low, high = wilson(np.array([0.5]), np.array([100]))
    >>> low.round(4), high.round(4)
    (array([0.4038]), array([0.5962]))
    """
    square = _Z**2
    middle = (share + square / (2 * rows)) / (1 + square / rows)
    reach = _Z / (1 + square / rows) * np.sqrt(share * (1 - share) / rows + square / (4 * rows**2))
    return np.maximum(middle - reach, 0), np.minimum(middle + reach, 1)


def _diagonal(voice: Voice) -> go.Scatter:
    return go.Scatter(
        x=[0, 1],
        y=[0, 1],
        mode="lines",
        name=voice.say(Message("as said")),
        line={"color": theme.QUIET, "width": 1.5, "dash": "dot"},
        hoverinfo="skip",
    )


def _curve(bins: _Bins, voice: Voice) -> go.Scatter:
    return go.Scatter(
        x=bins.said,
        y=bins.share,
        mode="lines+markers",
        name=voice.say(Message("as observed")),
        line={"color": theme.TRAINING, "width": 2},
        marker={"size": 8},
        error_y={
            "array": bins.high - bins.share,
            "arrayminus": bins.share - bins.low,
            "color": theme.TRAINING,
            "thickness": 1.2,
            "width": 4,
        },
        customdata=[voice.say(Message("{n} rows", n=int(rows))) for rows in bins.rows],
        hovertemplate="%{x:.1%} → %{y:.1%}<br>%{customdata}<extra></extra>",
    )


def _histogram(probability: Numbers) -> go.Bar:
    counts, edges = np.histogram(probability, _BARS, (0, 1))
    return go.Bar(
        x=(edges[:-1] + edges[1:]) / 2,
        y=counts,
        width=1 / _BARS,
        marker={"color": theme.faded(theme.QUIET, 0.6)},
        showlegend=False,
        hovertemplate="%{x:.1%}: %{y}<extra></extra>",
    )

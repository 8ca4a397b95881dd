"""What happened against what was predicted, counted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from epoca.errors import OptionError
from epoca.locales import Language
from epoca.messages import Message
from epoca.plots import theme
from epoca.plots.finishing import finished
from epoca.plots.unwrapping import Fitted, model_of, table_of
from epoca.plots.voice import Voice

_MOST_WITH_SHARES, _MOST_WITH_COUNTS = 8, 20
"""Classes up to which cells have room for a share, and for a count."""


def confusion_matrix(fitted: Fitted, table: Any, *, language: Language | None = None) -> go.Figure:
    """How many rows of every class were predicted to be of which.

    Parameters
    ----------
    fitted : Model or fitted estimator
        A classifier.
    table : Table, data frame, mapping or file
        With the columns and the target.
    language : Language, optional
        In which the figure speaks; by default the environment's.

    Returns
    -------
    plotly.graph_objects.Figure

    Raises
    ------
    OptionError
        If there is no model, or it predicts a number.
    TableError
        If a column is missing or holds something else than before, or a label was never seen.

    Examples
    --------
    >>> from epoca import Perceptron
    >>> table = {"x": [0.0, 1.0, 5.0, 6.0], "y": ["low", "low", "high", "high"]}
    >>> import pandas as pd
    >>> frame = pd.DataFrame(table)
    >>> perceptron = Perceptron(early_stopping=False).fit(frame[["x"]], frame["y"])
    >>> confusion_matrix(perceptron, frame, language=Language("en")).layout.title.subtitle.text
    '4 of 4 rows are predicted rightly (100.0%).'
    """
    voice, model = Voice.of(language), model_of(fitted)
    if model.target.task == "regression":
        raise OptionError("The model predicts a number, and a confusion matrix counts classes; give a classifier.")
    brought = table_of(table)
    actual, predicted = model.target.codes(brought), model.codes(model.outputs(model.encoded(brought)))
    labels = [str(label) for label in model.target.labels]
    counts = np.zeros((len(labels), len(labels)), int)
    np.add.at(counts, (actual, predicted), 1)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    right = int(np.trace(counts))
    figure = go.Figure([_cells(counts, shares, labels, voice), _texts(counts, shares, voice)])
    ticks = {
        "tickvals": list(range(len(labels))),
        "ticktext": [theme.label(label) for label in labels],
        "showgrid": False,
        "showline": False,
        "ticklabelstandoff": 6,
        "ticks": "",
    }
    figure.update_xaxes(theme.axis(title=voice.say(Message("predicted")), **ticks))
    figure.update_yaxes(theme.axis(title=voice.say(Message("what happened")), autorange="reversed", **ticks))
    return finished(
        figure,
        voice,
        title=voice.say(Message("What happened and what was predicted")),
        finding=voice.say(
            Message(
                "{right} of {rows} rows are predicted rightly ({share}).",
                right=right,
                rows=actual.size,
                share=voice.percent(right / actual.size),
            )
        ),
        caption=voice.say(
            Message(
                "Each line is what happened, each column what was predicted; the stronger the colour, the larger the "
                "share of the line. Blue: predicted rightly; orange: mistaken."
            )
        ),
        headings=["", *labels],
        lines=[[label, *map(voice.number, line)] for label, line in zip(labels, counts.tolist(), strict=True)],
        height=min(260 + 60 * len(labels), 800),
        has_legend=False,
    )


def _cells(counts: NDArray[np.int64], shares: NDArray[np.float64], labels: list[str], voice: Voice) -> go.Heatmap:
    """The cells in two colours: what is right from 0 to 1, what is mistaken from 0 to -1; roots show the few too."""
    signs = 2 * np.eye(len(labels)) - 1
    words = [list(line) for line in _hovers(counts, shares, labels, voice)]
    return go.Heatmap(
        z=signs * np.sqrt(shares),
        zmin=-1,
        zmax=1,
        colorscale=[
            (0, theme.faded(theme.HELD_OUT, 0.75)),
            (0.499, theme.faded(theme.HELD_OUT, 0)),
            (0.5, theme.faded(theme.QUIET, 0.06)),
            (0.501, theme.faded(theme.TRAINING, 0)),
            (1, theme.faded(theme.TRAINING, 0.75)),
        ],
        xgap=2,
        ygap=2,
        showscale=False,
        text=words,
        hovertemplate="%{text}<extra></extra>",
    )


def _hovers(
    counts: NDArray[np.int64], shares: NDArray[np.float64], labels: list[str], voice: Voice
) -> Iterator[Iterator[str]]:
    names = [theme.label(label) for label in labels]
    for actual, (numbers, parts) in enumerate(zip(counts.tolist(), shares.tolist(), strict=True)):
        yield (
            f"{names[actual]} → {names[predicted]}: {voice.number(number)} ({voice.percent(part)})"
            for predicted, (number, part) in enumerate(zip(numbers, parts, strict=True))
        )


def _texts(counts: NDArray[np.int64], shares: NDArray[np.float64], voice: Voice) -> go.Scatter:
    """What stands in the cells, as points of text, which take the colour of the page's ink."""
    classes = len(counts)
    up, across = np.indices(counts.shape)
    words = [
        f"<b>{voice.number(int(number))}</b>" + (f"<br>{voice.percent(share)}" if classes <= _MOST_WITH_SHARES else "")
        if number
        else ""
        for number, share in zip(counts.ravel(), shares.ravel(), strict=True)
    ]
    return go.Scatter(
        x=across.ravel(),
        y=up.ravel(),
        mode="text",
        text=words if classes <= _MOST_WITH_COUNTS else [""] * len(words),
        hoverinfo="skip",
    )

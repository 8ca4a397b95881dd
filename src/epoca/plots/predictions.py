"""Numbers that were predicted against those that happened."""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go

from epoca.errors import OptionError
from epoca.locales import Language
from epoca.messages import Message
from epoca.plots import theme
from epoca.plots.finishing import finished
from epoca.plots.unwrapping import MOST_POINTS, Fitted, model_of, some_rows, table_of
from epoca.plots.voice import Voice
from epoca.scores import score_numbers
from epoca.tables.table import Table
from epoca.types import Numbers

_TOLD = 10
"""Rows in its numbers, those farthest off."""


def predictions(fitted: Fitted, table: Any, *, language: Language | None = None) -> go.Figure:
    """The number predicted against the number that happened, for every row.

    Parameters
    ----------
    fitted : Model or fitted estimator
        That predicts a number.
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
        If there is no model, or it predicts classes.
    TableError
        If a column is missing or holds something else than before.

    Examples
    --------
    >>> from epoca import MLPRegressor
    >>> from epoca.tables.samples import sample
    >>> frame = sample("diabetes", rows=80).arrow.to_pandas()
    >>> X, y = frame.drop(columns="progression"), frame["progression"]
    >>> network = MLPRegressor((8,), members=2, max_epochs=3).fit(X, y)
    >>> predictions(network, frame, language=Language("en")).layout.xaxis.title.text
    'predicted progression'
    """
    voice, model = Voice.of(language), model_of(fitted)
    if model.target.task != "regression":
        raise OptionError("The model predicts classes; their confusion matrix shows which were predicted rightly.")
    brought = table_of(table)
    actual = model.target.numbers(brought)
    predicted = model.target.restored(model.outputs(model.encoded(brought))[:, 0])
    name = theme.label(model.target.column)
    low, high = float(min(actual.min(), predicted.min())), float(max(actual.max(), predicted.max()))
    room = 0.04 * (high - low) or 1.0
    reach = [low - room, high + room]
    figure = go.Figure([_diagonal(reach, voice), _points(brought, predicted, actual, voice)])
    titles = Message("predicted {name}", name=name), Message("{name} that happened", name=name)
    figure.update_xaxes(theme.axis(title=voice.say(titles[0]), range=reach))
    figure.update_yaxes(theme.axis(title=voice.say(titles[1]), range=reach))
    farthest = np.argsort(-np.abs(predicted - actual), kind="stable")[:_TOLD].tolist()
    return finished(
        figure,
        voice,
        title=voice.say(Message("What was predicted and what happened")),
        finding=_finding(predicted, actual, voice),
        caption=_caption(brought, voice),
        headings=[voice.say(heading) for heading in _HEADINGS],
        lines=[
            [
                voice.number(_number(brought, row)),
                voice.number(float(predicted[row])),
                voice.number(float(actual[row])),
                voice.number(float(predicted[row] - actual[row])),
            ]
            for row in farthest
        ],
        height=520,
    )


_HEADINGS = (Message("row"), Message("predicted"), Message("what happened"), Message("difference"))


def _diagonal(reach: list[float], voice: Voice) -> go.Scatter:
    return go.Scatter(
        x=reach,
        y=reach,
        mode="lines",
        name=voice.say(Message("predicted exactly")),
        line={"color": theme.QUIET, "width": 1.5, "dash": "dot"},
        hoverinfo="skip",
    )


def _points(table: Table, predicted: Numbers, actual: Numbers, voice: Voice) -> go.Scatter:
    rows = some_rows(actual.size)
    return go.Scatter(
        x=predicted[rows],
        y=actual[rows],
        mode="markers",
        name=voice.say(Message("a row")),
        marker={"color": theme.TRAINING, "size": 7, "opacity": 0.7, "line": theme.OUTLINE},
        text=[voice.say(Message("row {number}", number=_number(table, row))) for row in rows.tolist()],
        hovertemplate="%{text}: %{x:.4~g} → %{y:.4~g}<extra></extra>",
    )


def _number(table: Table, row: int) -> int:
    """By which number a row is known: its line in a file, or its place from 1 on."""
    line = table.line(row)
    return row + 1 if line is None else line


def _finding(predicted: Numbers, actual: Numbers, voice: Voice) -> str:
    score = score_numbers(predicted, actual)
    assert score.rmse is not None
    rmse = voice.number(score.rmse) if score.rmse_error is None else voice.with_error(score.rmse, score.rmse_error)
    if score.r2 is None:
        return voice.say(Message("RMSE {rmse}, on {rows} rows.", rmse=rmse, rows=actual.size))
    r2 = voice.number(score.r2) if score.r2_error is None else voice.with_error(score.r2, score.r2_error)
    return voice.say(Message("RMSE {rmse}, R² {r2}, on {rows} rows.", rmse=rmse, r2=r2, rows=actual.size))


def _caption(table: Table, voice: Voice) -> str:
    told = [
        Message("Each point is a row; on the dotted line the prediction is exact, above it too low, below it too high.")
    ]
    if table.n_rows > MOST_POINTS:
        drawn = some_rows(table.n_rows).size
        told.append(Message("Points: {drawn} of {rows} rows, chosen at random.", drawn=drawn, rows=table.n_rows))
    told.append(Message("The numbers are those of the rows farthest off."))
    return voice.say(*told)

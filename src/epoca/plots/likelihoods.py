"""The likelihood of two models, row by row: which rows make the difference."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, final

import numpy as np
import plotly.graph_objects as go

from epoca.locales import Language
from epoca.messages import Message
from epoca.model import Model
from epoca.plots import theme
from epoca.plots.finishing import finished
from epoca.plots.unwrapping import MOST_POINTS, Fitted, model_of, some_rows, table_of
from epoca.plots.voice import Voice
from epoca.tables.table import Table
from epoca.types import Codes, Numbers, Rows

_NAMED, _TOLD = 5, 10
"""Rows named in the figure and in its numbers, those that make the most difference."""


def likelihoods(
    one: Fitted, other: Fitted, table: Any, *, names: tuple[str, str] = ("A", "B"), language: Language | None = None
) -> go.Figure:
    """The probability that each of two models gave to what happened, for every row.

    Parameters
    ----------
    one, other : Model or fitted estimator
        Classifiers that give probabilities.
    table : Table, data frame, mapping or file
        With the columns and the target; rows that neither has learned from.
    names : tuple of str
        Of the two.
    language : Language, optional
        In which the figure speaks; by default the environment's.

    Returns
    -------
    plotly.graph_objects.Figure

    Raises
    ------
    OptionError
        If one is no model, is a perceptron or predicts a number.
    TableError
        If a column is missing or holds something else than before, or a label was never seen.

    Examples
    --------
    >>> from epoca import MLPClassifier, Neuron
    >>> from epoca.tables.samples import sample
    >>> moons = sample("moons", rows=100).arrow.to_pandas()
    >>> X, y = moons[["x1", "x2"]], moons["label"]
    >>> network, neuron = MLPClassifier((8,), members=2, max_epochs=3).fit(X, y), Neuron(members=2).fit(X, y)
    >>> figure = likelihoods(neuron, network, moons, names=("neuron", "network"), language=Language("en"))
    >>> figure.layout.yaxis.title.text
    'log-probability under network'
    """
    voice, brought = Voice.of(language), table_of(table)
    models = model_of(one), model_of(other)
    found = _Rows(
        table=brought,
        codes=models[0].target.codes(brought),
        across=_logarithms(models[0], brought),
        up=_logarithms(models[1], brought),
    )
    low = min(found.across.min(), found.up.min())
    reach = [1.05 * low - 0.02, 0.05 * -low + 0.02]
    figure = go.Figure([_diagonal(reach, voice), *_points(found, models[0], voice)])
    _name_rows(figure, found, voice)
    titles = [voice.say(Message("log-probability under {name}", name=theme.label(name))) for name in names]
    figure.update_xaxes(theme.axis(title=titles[0], range=reach))
    figure.update_yaxes(theme.axis(title=titles[1], range=reach))
    return finished(
        figure,
        voice,
        title=voice.say(Message("The likelihood of two models, row by row")),
        finding=_finding(found, names, voice),
        caption=voice.say(
            Message(
                "Each point is a row: the logarithm of the probability that either model gave to what happened. Above "
                'the diagonal "{other}" gave more, below it "{one}"; rows far from it make the difference.',
                one=names[0],
                other=names[1],
            )
        ),
        headings=[voice.say(Message("row")), voice.say(Message("what happened")), *names],
        lines=[
            [
                voice.number(found.number(row)),
                str(models[0].target.labels[found.codes[row]]),
                voice.number(float(found.across[row])),
                voice.number(float(found.up[row])),
            ]
            for row in found.telling[:_TOLD].tolist()
        ],
        height=520,
    )


@final
@dataclass(frozen=True, kw_only=True)
class _Rows:
    """What happened in the rows of a table, and the log-probability that two models gave to it."""

    table: Table
    codes: Codes
    across: Numbers
    up: Numbers

    @property
    def telling(self) -> Rows:
        """The rows, those that make the most difference first."""
        return np.argsort(-np.abs(self.up - self.across), kind="stable")

    @property
    def drawn(self) -> Rows:
        """The rows that are drawn: of many the most telling half of what is drawn, and others by chance."""
        if self.codes.size <= MOST_POINTS:
            return np.arange(self.codes.size)
        return np.union1d(self.telling[: MOST_POINTS // 2], some_rows(self.codes.size)[::2])

    def number(self, row: int) -> int:
        """By which number a row is known: its line in a file, or its place from 1 on."""
        line = self.table.line(row)
        return row + 1 if line is None else line


def _logarithms(model: Model, table: Table) -> Numbers:
    """(n,): the logarithm of the probability of what happened."""
    probabilities, codes = model.predict_proba(table), model.target.codes(table)
    happened = probabilities[np.arange(codes.size), codes]
    return np.asarray(np.log(np.maximum(happened, np.finfo(np.float64).tiny)))


def _diagonal(reach: list[float], voice: Voice) -> go.Scatter:
    return go.Scatter(
        x=reach,
        y=reach,
        mode="lines",
        name=voice.say(Message("as probable under both")),
        line={"color": theme.QUIET, "width": 1.5, "dash": "dot"},
        hoverinfo="skip",
    )


def _points(found: _Rows, model: Model, voice: Voice) -> Iterator[go.Scatter]:
    for code, label in enumerate(model.target.labels):
        rows = found.drawn[found.codes[found.drawn] == code]
        yield go.Scatter(
            x=found.across[rows],
            y=found.up[rows],
            mode="markers",
            name=theme.label(label),
            marker={**theme.class_marker(code, size=7), "opacity": 0.8},
            customdata=np.column_stack([np.exp(found.across[rows]), np.exp(found.up[rows])]),
            text=[voice.say(Message("row {number}", number=found.number(row))) for row in rows.tolist()],
            hovertemplate="%{text}: %{customdata[0]:.3~g} → %{customdata[1]:.3~g}",
        )


def _name_rows(figure: go.Figure, found: _Rows, voice: Voice) -> None:
    """Name the rows that make the most difference, on the side of the point away from the diagonal."""
    for row in found.telling[:_NAMED].tolist():
        above = found.up[row] > found.across[row]
        figure.add_annotation(
            x=found.across[row],
            y=found.up[row],
            text=voice.say(Message("row {number}", number=found.number(row))),
            font={"size": 11},
            showarrow=False,
            xanchor="right" if above else "left",
            xshift=-7 if above else 7,
        )


def _finding(found: _Rows, names: tuple[str, str], voice: Voice) -> str:
    totals = found.across.sum(), found.up.sum()
    return voice.say(
        Message(
            'Log-likelihood: "{one}" {first}, "{other}" {second}; "{other}" gives what happened the larger probability '
            "in {n} of {rows} rows.",
            one=names[0],
            other=names[1],
            first=voice.number(float(totals[0])),
            second=voice.number(float(totals[1])),
            n=int((found.up > found.across).sum()),
            rows=found.codes.size,
        )
    )

"""A member as a graph: neurons, and between them the weights by sign and size."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, final

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from epoca.errors import OptionError
from epoca.locales import Language
from epoca.messages import Message
from epoca.model import Model
from epoca.plots import theme
from epoca.plots.finishing import finished
from epoca.plots.unwrapping import Fitted, model_of
from epoca.plots.voice import Voice
from epoca.types import Rows

_MOST_NEURONS = 16
_HEADINGS = (Message("layer"), Message("neurons"), Message("smallest weight"), Message("largest weight"))
_MOST_NUMBERED = 12
"""Weights up to which their numbers stand beside the lines."""

_LEVELS = 6
"""Widths that the edges of one colour come in."""

_GOLDEN = 0.382
"""Where along an edge its number can be asked for; at a round part of the way the edges cross each other."""


@final
@dataclass(frozen=True, kw_only=True)
class _Layer:
    """A layer of neurons, or the inputs.

    Parameters
    ----------
    title : str
        What it is.
    size : int
        All its neurons.
    drawn : ndarray of int64
        Those drawn.
    names : list of str
        Of those drawn.
    """

    title: str
    size: int
    drawn: Rows
    names: list[str]

    @property
    def heights(self) -> NDArray[np.float64]:
        """Where those drawn stand, around 0."""
        return (len(self.drawn) - 1) / 2 - np.arange(len(self.drawn), dtype=float)


def network_graph(fitted: Fitted, *, member: int = 0, language: Language | None = None) -> go.Figure:
    """The neurons of a member and the weights between them.

    Blue weights are positive, orange ones negative; the wider a line, the larger the weight. Of a wide layer only the
    neurons with the largest weights are drawn.

    Parameters
    ----------
    fitted : Model or fitted estimator
        What was trained.
    member : int
        Which of its members, from 0 on.
    language : Language, optional
        In which the figure speaks; by default the environment's.

    Returns
    -------
    plotly.graph_objects.Figure

    Raises
    ------
    OptionError
        If there is no model or no such member.

    Examples
    --------
    >>> from epoca import Neuron
    >>> neuron = Neuron(max_epochs=1, early_stopping=False).fit([[0.0, 1.0], [1.0, 0.0]], ["a", "b"])
    >>> figure = network_graph(neuron, language=Language("en"))
    >>> [trace.text for trace in figure.data[-2:]]
    [('x0', 'x1'), ('b',)]
    """
    voice, model = Voice.of(language), model_of(fitted)
    members = len(model.parameters)
    if not 0 <= member < members:
        raise OptionError("member must lie from 0 to {last}, not at {value}.", last=members - 1, value=member)
    weights = [(matrix[member].astype(float), bias[member].astype(float)) for matrix, bias in model.layers]
    layers = _layers(model, [matrix for matrix, _bias in weights], voice)
    figure = go.Figure(
        [*_edges(layers, [w for w, _b in weights], voice), *_nodes(layers, [b for _w, b in weights], voice)]
    )
    for place, layer in enumerate(layers):
        _write_around(figure, place, layer, voice)
    tallest = max(len(layer.drawn) for layer in layers)
    figure.update_xaxes(visible=False, range=[-0.15, len(layers) - 0.85])
    figure.update_yaxes(visible=False, range=[-tallest / 2 - 0.9, tallest / 2 + 0.9])
    finished(
        figure,
        voice,
        title=voice.say(Message("The network")),
        finding=voice.say(
            Message(
                "Member {member} of {members}: layers of {sizes} neurons, {parameters} weights and biases.",
                member=member + 1,
                members=members,
                sizes=" → ".join(voice.number(size) for size in model.form.sizes),
                parameters=model.parameters.shape[1],
            )
        ),
        caption=_caption(layers, voice),
        headings=[voice.say(heading) for heading in _HEADINGS],
        lines=_lines(layers, [matrix for matrix, _bias in weights], voice),
        height=200 + 26 * max(tallest, 6),
    )
    longest = [max((len(name) for name in layer.names), default=0) for layer in (layers[0], layers[-1])]
    figure.update_layout(margin={"l": 20 + 7 * longest[0], "r": 20 + 7 * longest[1]}, hovermode="closest")
    return figure


def _layers(model: Model, weights: list[NDArray[np.float64]], voice: Voice) -> list[_Layer]:
    sizes, last = model.form.sizes, len(model.form.sizes) - 1
    strengths = [np.zeros(size) for size in sizes]
    for place, matrix in enumerate(weights):
        strengths[place] += np.abs(matrix).sum(axis=1)
        strengths[place + 1] += np.abs(matrix).sum(axis=0)
    layers = []
    for place, (size, strength) in enumerate(zip(sizes, strengths, strict=True)):
        fits = size <= _MOST_NEURONS
        drawn = np.arange(size) if fits else np.sort(np.argsort(-strength, kind="stable")[: _MOST_NEURONS - 1])
        if place == 0:
            title, inputs = Message("inputs"), model.columns.outputs
            names = [voice.name(inputs[neuron]) for neuron in drawn]
        elif place == last:
            title, names = Message("outputs"), [_outputs(model)[neuron] for neuron in drawn]
        else:
            title = Message("hidden layer {number}", number=place)
            names = [voice.say(Message("neuron {number}", number=int(neuron) + 1)) for neuron in drawn]
        layers.append(
            _Layer(title=voice.say(title), size=size, drawn=drawn, names=[theme.label(name) for name in names])
        )
    return layers


def _outputs(model: Model) -> list[str]:
    """What the last neurons stand for: of two classes one neuron speaks for the second."""
    if model.target.task == "regression":
        return [model.target.column]
    labels = [str(label) for label in model.target.labels]
    return labels[-1:] if model.form.sizes[-1] == 1 else labels


def _edges(layers: list[_Layer], weights: list[NDArray[np.float64]], voice: Voice) -> Iterator[go.Scatter]:
    """The lines, those of one colour and width together, and on each an unseen point that tells its number."""
    starts, ends, values, words = [], [], [], []
    for place, ((left, right), matrix) in enumerate(zip(pairwise(layers), weights, strict=True)):
        for i, source in enumerate(left.drawn):
            for j, end in enumerate(right.drawn):
                starts.append((place, left.heights[i]))
                ends.append((place + 1, right.heights[j]))
                values.append(matrix[source, end])
                words.append(f"{left.names[i]} → {right.names[j]}: {voice.number(float(values[-1]))}")
    start, end, value = np.array(starts, float), np.array(ends, float), np.array(values, float)
    size = np.abs(value) / (np.abs(value).max() or 1.0)
    level = np.minimum((size * _LEVELS).astype(int), _LEVELS - 1)
    for sign, colour, name in (
        (1, theme.TRAINING, Message("positive weight")),
        (-1, theme.HELD_OUT, Message("negative weight")),
    ):
        for step in range(_LEVELS):
            here = (level == step) & (np.where(value < 0, -1, 1) == sign)
            yield _lines_between(start[here], end[here], colour, step).update(
                name=voice.say(name), showlegend=step == _LEVELS - 1
            )
    points = start + _GOLDEN * (end - start)
    yield go.Scatter(
        x=points[:, 0],
        y=points[:, 1],
        mode="markers+text" if value.size <= _MOST_NUMBERED else "markers",
        text=[voice.number(float(number)) for number in values] if value.size <= _MOST_NUMBERED else None,
        textposition="top center",
        marker={"size": 9, "opacity": 0},
        hovertext=words,
        hoverinfo="text",
        showlegend=False,
    )


def _lines_between(start: NDArray[np.float64], end: NDArray[np.float64], colour: str, step: int) -> go.Scatter:
    gaps = np.full(len(start), np.nan)
    x, y = (np.column_stack([start[:, axis], end[:, axis], gaps]).ravel() for axis in (0, 1))
    part = (step + 0.5) / _LEVELS
    return go.Scatter(
        x=x if len(start) else [None],
        y=y if len(start) else [None],
        mode="lines",
        line={"color": theme.faded(colour, 0.18 + 0.72 * part), "width": 0.4 + 4.6 * part},
        hoverinfo="skip",
        legendgroup=colour,
    )


def _nodes(layers: list[_Layer], biases: list[NDArray[np.float64]], voice: Voice) -> Iterator[go.Scatter]:
    last = len(layers) - 1
    for place, layer in enumerate(layers):
        words = list(layer.names)
        if place:
            told = [voice.number(float(biases[place - 1][neuron])) for neuron in layer.drawn]
            bias = voice.say(Message("bias"))
            words = [f"{name}: {bias} {value}" for name, value in zip(layer.names, told, strict=True)]
        yield go.Scatter(
            x=np.full(len(layer.drawn), place),
            y=layer.heights,
            mode="markers+text" if place in (0, last) else "markers",
            text=layer.names,
            textposition="middle left" if place == 0 else "middle right",
            cliponaxis=False,
            marker={"size": 15, "color": theme.QUIET, "line": {"color": "rgba(255,255,255,0.9)", "width": 1.5}},
            hovertext=words,
            hoverinfo="text",
            showlegend=False,
        )


def _write_around(figure: go.Figure, place: int, layer: _Layer, voice: Voice) -> None:
    """What the layer is above it, and below how many of its neurons are not drawn."""
    text: dict[str, Any] = {"x": place, "showarrow": False, "font": {"size": 12}}
    figure.add_annotation(text=layer.title, y=layer.heights[0] + 0.55, yanchor="bottom", **text)
    beyond = layer.size - len(layer.drawn)
    if beyond:
        more = voice.say(Message("+{n} more", n=beyond))
        figure.add_annotation(text=more, y=layer.heights[-1] - 0.5, yanchor="top", **text)


def _caption(layers: list[_Layer], voice: Voice) -> str:
    told = [Message("Every line is a weight: blue ones are positive, orange ones negative; the wider, the larger.")]
    if any(layer.size > len(layer.drawn) for layer in layers):
        told.append(
            Message("Of wide layers only the {n} neurons with the largest weights are drawn.", n=_MOST_NEURONS - 1)
        )
    return voice.say(*told)


def _lines(layers: list[_Layer], weights: list[NDArray[np.float64]], voice: Voice) -> Iterator[list[str]]:
    yield [layers[0].title, voice.number(layers[0].size), "", ""]
    for layer, matrix in zip(layers[1:], weights, strict=True):
        extremes = (voice.number(float(matrix.min())), voice.number(float(matrix.max())))
        yield [layer.title, voice.number(layer.size), *extremes]

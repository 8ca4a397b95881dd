"""Neurons and weights."""

from __future__ import annotations

import numpy as np
import pytest

from epoca.errors import OptionError
from epoca.model import Model
from epoca.plots import Reading, network_graph
from epoca.settings import Settings
from epoca.tables.samples import sample
from tests.plots.conftest import ENGLISH, PORTUGUESE, trained


def test_every_weight_is_a_line_of_the_colour_of_its_sign(neuron: Model) -> None:
    figure = network_graph(neuron, member=1, language=ENGLISH)
    weights, _bias = neuron.layers[0]
    for name, sign in (("positive weight", 1), ("negative weight", -1)):
        lines = [trace for trace in figure.data if trace.name == name and trace.mode == "lines"]
        drawn = sum(np.isnan(np.array(trace.y, float)).sum() for trace in lines if len(trace.y) > 1)
        assert drawn == (np.sign(weights[1]) == sign).sum()
    (unseen,) = (trace for trace in figure.data if trace.marker.opacity == 0)
    said = f"x1 → 1: {weights[1, 0, 0]:.4g}".replace("-", "−")
    assert unseen.hovertext[0] == said
    assert unseen.text[0] == said.split(": ")[1]


def test_larger_weights_have_wider_lines(network: Model) -> None:
    figure = network_graph(network, language=ENGLISH)
    widths = [trace.line.width for trace in figure.data if trace.name == "positive weight"]
    assert widths == sorted(widths)
    assert len(set(widths)) == 6


def test_inputs_outputs_and_layers_are_named(penguins_model: Model) -> None:
    figure = network_graph(penguins_model, language=ENGLISH)
    named = [trace for trace in figure.data if trace.mode == "markers+text"]
    assert list(named[0].text) == penguins_model.columns.output_names
    assert list(named[1].text) == ["Adelie", "Chinstrap", "Gentoo"]
    assert [title.text for title in figure.layout.annotations] == ["inputs", "hidden layer 1", "outputs"]
    assert figure.layout.title.subtitle.text.startswith("Member 1 of 3: layers of 13 → 8 → 3 neurons, 139 weights")
    assert network_graph(penguins_model, language=PORTUGUESE).layout.xaxis.visible is False


def test_wide_layers_show_their_strongest_neurons() -> None:
    digits = trained(sample("digits", rows=200), "digit", Settings(hidden=(40,), members=2, epochs=1))
    figure = network_graph(digits, language=ENGLISH)
    texts = [title.text for title in figure.layout.annotations]
    assert "+25 more" in texts
    hidden = next(trace for trace in figure.data if trace.mode == "markers" and trace.marker.opacity is None)
    strength = np.abs(digits.layers[0][0][0]).sum(axis=0) + np.abs(digits.layers[1][0][0]).sum(axis=1)
    assert list(hidden.text) == [f"neuron {place + 1}" for place in sorted(np.argsort(-strength)[:15])]
    reading = Reading.of(figure)
    assert "Of wide layers only the 15 neurons" in reading.caption
    assert reading.lines[1][:2] == ("hidden layer 1", "40")


def test_a_number_to_predict_is_the_output(regressor: Model) -> None:
    figure = network_graph(regressor, language=ENGLISH)
    assert list(figure.data[-1].text) == ["progression"]


def test_a_member_that_is_not_there_is_refused(network: Model) -> None:
    with pytest.raises(OptionError, match=r"^member must lie from 0 to 2, not at 3\.$"):
        network_graph(network, member=3)

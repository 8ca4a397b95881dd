"""How all figures look, and what they say in words."""

from __future__ import annotations

import inspect
import json

import numpy as np
import pytest

from epoca import plots
from epoca.plots import CONFIG, Reading, learning_curves, relayout
from epoca.plots.theme import class_marker, label
from epoca.training.history import History
from tests.plots.conftest import ENGLISH

HISTORY = History.of_curves(held_out_loss=np.array([[0.9, 0.8], [0.4, 0.5]]))


def test_light_and_dark_pages_have_their_ink_and_nothing_else_changes() -> None:
    figure = learning_curves(HISTORY, language=ENGLISH)
    before = figure.to_dict()["layout"]
    assert before["paper_bgcolor"] == before["plot_bgcolor"] == "rgba(0,0,0,0)"
    figure.update_layout(relayout("dark"))
    assert figure.layout.font.color == "#e6e6e6"
    figure.update_layout(relayout("light"))
    assert figure.to_dict()["layout"] == before
    assert json.dumps([relayout("dark"), CONFIG])


def test_no_two_classes_look_alike() -> None:
    looks = {(class_marker(code)["color"], class_marker(code)["symbol"]) for code in range(40)}
    assert len(looks) == 40


def test_names_are_no_markup_and_no_longer_than_a_glance() -> None:
    assert label("<b>&") == "&lt;b&gt;&amp;"
    assert label("x" * 100) == "x" * 27 + "…"


def test_what_a_figure_says_survives_json() -> None:
    import plotly.io

    figure = learning_curves(HISTORY, language=ENGLISH)
    again = plotly.io.from_json(figure.to_json())
    assert Reading.of(again) == Reading.of(figure)


@pytest.mark.parametrize("name", [name for name in plots.__all__ if name.islower()])
def test_every_public_function_says_what_it_takes_gives_and_raises(name: str) -> None:
    function = getattr(plots, name)
    text = inspect.getdoc(function) or ""
    for heading in ("Parameters\n------", "Returns\n------", "Examples\n------"):
        assert heading in text
    documented = inspect.signature(function).parameters
    assert all(parameter in text for parameter in documented)

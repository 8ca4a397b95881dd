"""The line through the epochs."""

from __future__ import annotations

import math

import numpy as np
import pytest

from epoca.errors import OptionError, TableError
from epoca.plots import Reading, lines_of_epochs
from epoca.tables.table import Table
from tests.plots.conftest import ENGLISH, PORTUGUESE

LINES = [(epoch, -epoch / 300, 0.5) for epoch in range(1, 301)]


def test_later_lines_are_stronger_and_the_final_one_is_bold() -> None:
    figure = lines_of_epochs(LINES, language=ENGLISH)
    assert len(figure.data) == 100
    opacities = [trace.opacity for trace in figure.data]
    assert opacities == sorted(opacities)
    final = figure.data[-1]
    assert (final.name, final.line.width, final.opacity) == ("epoch 300: the final line", 3.5, 1)
    np.testing.assert_allclose(final.y, 0.5 - final.x)
    assert figure.layout.title.subtitle.text == "After epoch 300: x2 = −1 × x1 + 0.5."
    assert Reading.of(figure).lines[-1] == ("300", "−1", "0.5")


def test_points_have_the_marks_of_their_labels(moons: Table) -> None:
    figure = lines_of_epochs(LINES[:3], table=moons, columns=("x2", "x1"), target="label", language=PORTUGUESE)
    frame = moons.arrow.to_pandas()
    for trace, label in zip(figure.data[3:], (0, 1), strict=True):
        assert trace.name == str(label)
        np.testing.assert_array_equal(trace.x, frame.x2[frame.label == label])
    low, high = figure.layout.yaxis.range
    assert low < frame.x1.min() < frame.x1.max() < high
    assert figure.layout.xaxis.title.text == "x2"


def test_lines_that_stand_upright_are_left_out() -> None:
    assert len(lines_of_epochs([(1, math.inf, 1.0), *LINES[:2]]).data) == 2
    with pytest.raises(
        OptionError, match=r"^There is no line to draw; note epoch, slope and intercept while the learner"
    ):
        lines_of_epochs([(1, math.nan, 1.0)])
    with pytest.raises(TableError, match='There is no column "label"'):
        lines_of_epochs(LINES, table={"x1": [1.0], "x2": [2.0]})

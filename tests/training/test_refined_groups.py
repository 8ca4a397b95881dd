"""Where epochs are chosen by the refined loss, groups of rows tell of that loss too."""

from __future__ import annotations

import numpy as np
import pytest

from epoca.fitting import Fitting
from epoca.model import Model
from epoca.problem import Problem
from epoca.settings import Settings
from epoca.tables.samples import sample


@pytest.fixture(scope="module", params=["moons", "penguins"])
def model(request: pytest.FixtureRequest) -> Model:
    target = {"moons": "label", "penguins": "species"}[request.param]
    settings = Settings(hidden=(16,), members=3, epochs=25, learning_rate=0.02, stopping="refined(9)")
    fitting = Fitting(Problem.of_table(sample(request.param), target=target, settings=settings), settings=settings)
    for _epoch in fitting:
        pass
    return fitting.model()


def test_the_groups_mean_is_the_refined_loss(model: Model) -> None:
    groups = model.history.groups
    assert groups is not None
    shares = groups.weights / groups.weights.sum(axis=1, keepdims=True)
    means = (model.history.group_losses() * shares).sum(axis=2)
    # The last step of Newton's method is that of a parabola, see `refine`.
    assert means == pytest.approx(model.history.members("refined_loss"), rel=1e-2, abs=1e-5)


def test_the_verdict_speaks_of_the_refined_loss(model: Model) -> None:
    found = model.verdict.evidence
    assert found is not None
    assert found.loss == model.history.curve("refined_loss")[found.best - 1]
    assert found.learned.value == pytest.approx(found.guessing - found.loss, abs=1e-4)


def test_the_score_of_held_out_rows_is_corrected(model: Model) -> None:
    score = model.scores["held_out"]
    assert score.log_loss is not None
    assert score.log_loss_corrected is not None
    assert score.log_loss <= score.log_loss_corrected
    assert np.isfinite(score.log_loss_corrected)

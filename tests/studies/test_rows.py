from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from epoca.errors import OptionError, TrainingError
from epoca.learners.population import Groups
from epoca.locales import Language
from epoca.model import Model
from epoca.plots import rows_by_epochs
from epoca.problem import Problem
from epoca.settings import Settings
from epoca.studies.rows import Lack, RowsStudy, _next_gain, rows_study
from epoca.tables.samples import sample
from epoca.training.forecast import Forecast
from epoca.training.history import History
from tests.made import PLAIN, trained


@pytest.fixture(scope="module")
def diabetes() -> tuple[Model, RowsStudy]:
    model, problem = trained(sample("diabetes"), "progression", **PLAIN)
    return model, rows_study(model, problem)


def test_more_rows_lower_the_loss(diabetes: tuple[Model, RowsStudy]) -> None:
    model, found = diabetes
    assert [curve.share for curve in found.curves] == [0.125, 0.25, 0.5, 1.0]
    assert [curve.rows for curve in found.curves] == [39, 78, 155, 310]
    losses = [curve.loss for curve in found.curves]
    assert losses == sorted(losses, reverse=True)
    assert found.lack is Lack.ROWS
    assert str(found).startswith("More rows rather than more epochs. From 155 to 310 rows the held-out loss fell by ")
    last = found.curves[-1]
    np.testing.assert_array_equal(last.losses, model.history.curve("held_out_loss"))
    assert (last.best_epoch, last.loss) == (model.best_epoch, pytest.approx(last.losses[last.best_epoch - 1]))
    assert last.updates == last.best_epoch * 5  # batches of 64 rows
    assert last.change == pytest.approx(last.loss - found.curves[-2].loss)
    assert last.change_error is not None
    assert 0 < last.change_error < last.loss_error  # the same rows are compared
    assert 0 < found.next_gain < -last.change


def test_one_more_doubling_is_read_off_a_power_law() -> None:
    sizes = np.array([100, 200, 400, 800])
    losses = 0.3 + 2 * sizes**-0.7
    groups = Groups(np.ones((1, 5)), np.zeros(1, np.int64))
    found, _ = _next_gain([np.full((1, 5), loss) for loss in losses[:3]], groups)
    assert found == pytest.approx(losses[2] - losses[3])


def test_its_error_is_that_of_the_groups_carried_through_the_ratio() -> None:
    rng = np.random.default_rng(0)
    groups = Groups(np.ones((4, 60)), np.arange(4))
    draws = [
        [level + spread * rng.normal(size=(4, 60)) for level, spread in ((0.9, 0.1), (0.6, 0.1), (0.45, 0.1))]
        for _ in range(300)
    ]
    found = np.array([_next_gain(losses, groups) for losses in draws])
    assert found[:, 0].mean() == pytest.approx(0.075, rel=0.05)
    assert found[:, 1].mean() == pytest.approx(found[:, 0].std(), rel=0.15)


def test_a_doubling_that_brings_nothing_promises_nothing() -> None:
    groups = Groups(np.ones((1, 4)), np.zeros(1, np.int64))
    flat = [np.array([[0.5, 0.6, 0.4, 0.5]]), np.array([[0.4, 0.5, 0.5, 0.4]]), np.array([[0.5, 0.5, 0.5, 0.4]])]
    gain, error = _next_gain(flat, groups)
    assert gain == 0
    assert error > 0


def curves(found: RowsStudy, **changes: Any) -> RowsStudy:
    last = replace(found.curves[-1], **changes)
    return replace(found, curves=(*found.curves[:-1], last))


def test_the_answer_follows_from_the_figures(diabetes: tuple[Model, RowsStudy]) -> None:
    found = diabetes[1]
    ahead = Forecast(slope=-0.01, slope_error=0.001, epochs=200, gain=0.2, gain_error=0.05)
    assert replace(found, is_open=True, forecast=ahead).lack is Lack.EPOCHS
    assert "by epoch 200 it may be lower by 0.2 ± 0.05" in str(replace(found, is_open=True, forecast=ahead))
    unsure = replace(ahead, gain=0.01)
    assert replace(found, is_open=True, forecast=unsure).lack is Lack.ROWS
    level = curves(found, change=0.0, change_error=0.001)
    assert level.lack is Lack.NEITHER
    assert str(level).startswith("Neither more rows nor more epochs will bring much")
    vague = curves(found, change=-0.01, change_error=0.02)
    assert vague.lack is Lack.CANNOT_TELL
    assert "changed by -0.01 ± 0.02, which is not beyond chance" in str(vague)
    worse = curves(found, change=0.05, change_error=0.01)
    assert "the held-out loss rose by 0.05 ± 0.01." in str(worse)
    assert "The training was too short" in str(replace(found, is_open=True))


def test_it_says_whether_passes_or_updates_stay(diabetes: tuple[Model, RowsStudy]) -> None:
    found = diabetes[1]
    passes = replace(found, curves=tuple(replace(curve, best_epoch=20) for curve in found.curves))
    assert passes.epochs_power == pytest.approx(0)
    assert str(passes).endswith("It is rather the number of passes that stays.")
    updates = replace(found, curves=tuple(replace(curve, best_epoch=9300 // curve.rows) for curve in found.curves))
    assert updates.epochs_power == pytest.approx(-1, abs=0.01)
    assert str(updates).endswith("It is rather the number of updates that stays.")
    neither = replace(found, curves=tuple(replace(curve, best_epoch=curve.rows) for curve in found.curves))
    assert "rather the number" not in str(neither)


def test_it_is_plain_values_a_figure_and_speaks_both_languages(diabetes: tuple[Model, RowsStudy]) -> None:
    found = diabetes[1]
    plain = json.loads(json.dumps(found.to_json(), allow_nan=False))
    assert [curve["rows"] for curve in plain["curves"]] == [39, 78, 155, 310]
    assert plain["curves"][0]["change"] is None
    assert (plain["lack"], plain["sentence"]) == ("rows", str(found))
    assert len(rows_by_epochs(found).data) == 9
    assert (
        Language("pt_BR").say(found.sentence).startswith("Mais linhas, e não mais épocas. De 155 a 310 linhas a perda")
    )


def test_what_cannot_be_studied_is_told_in_a_sentence(penguins_model: Model) -> None:
    problem = Problem.of_table(sample("penguins"), target="species", settings=Settings())
    with pytest.raises(OptionError, match="No epoch of the model's training was recorded"):
        rows_study(replace(penguins_model, history=History()), problem)
    wild = replace(penguins_model, settings={**penguins_model.settings, "learning_rate": 1e30})
    with pytest.raises(TrainingError, match="With 23 rows no epoch ended with a finite held-out loss"):
        rows_study(wild, problem)

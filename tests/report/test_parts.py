"""What the page says of models of every kind."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from epoca.errors import OptionError, TableError
from epoca.model import Model
from epoca.model_file import save
from epoca.plots import Reading, predictions
from epoca.plots.voice import Voice
from epoca.report import report
from epoca.report.measured import Measured
from epoca.report.telling_columns import rows_near, two_telling_columns
from epoca.settings import Settings
from epoca.tables.samples import sample
from epoca.tables.table import Table
from epoca.telling import outcome_of
from epoca.training.history import History
from tests.plots.conftest import trained
from tests.report.conftest import ENGLISH, Page

VOICE = Voice(ENGLISH)


@pytest.fixture(scope="module")
def moons() -> Table:
    return sample("moons", rows=200)


def test_the_first_screen_answers_at_once(page: Page, penguins_model: Model) -> None:
    first = page.text.split("What the data was")[-2]  # the last but one: the first names it in the contents
    assert "species" in first
    assert str(penguins_model.verdict.headline) in first
    assert f"{penguins_model.best_epoch}" in first
    assert "69 test rows, used for no choice" in first
    assert "275 learned from; 69 set aside for the test" in first


def test_every_part_has_its_say(page: Page, penguins_model: Model) -> None:
    assert all(str(sentence) in page.text for sentence in outcome_of(penguins_model))
    assert all(str(reason) in page.text for reason in penguins_model.verdict.reasons)
    assert "Measured on the 69 test rows of" in page.text
    assert "patience(16)" in page.text
    assert "The likelihood against guessing" in page.text
    assert "What the late epochs learned by heart" in page.text
    assert "The test rows have been scored once" in page.text
    assert penguins_model.data["fingerprint"] in page.text
    for account in penguins_model.columns.accounts:
        assert account.name in page.text
    for score in penguins_model.scores.values():
        assert ENGLISH.number(score.rows) in page.text


def test_test_rows_that_were_scored_often_are_told(penguins_model: Model) -> None:
    often = replace(penguins_model, data={**penguins_model.data, "test_scored": 3})
    assert "have now been scored 3 times" in Page(report(often, language=ENGLISH)).text


def test_of_another_table_all_rows_are_measured_and_the_known_ones_told(penguins_model: Model) -> None:
    penguins = sample("penguins")
    some = replace(penguins, arrow=penguins.arrow.slice(0, 100))
    measured = Measured.of(penguins_model, some, VOICE)
    assert measured.problem is None
    assert measured.table.n_rows == 100
    first, second = map(str, measured.told)
    assert first.startswith("Measured on the 100 rows of")
    assert "% of these rows are rows that the model has learned from" in second
    page = Page(report(penguins_model, some, language=ENGLISH))
    assert page.faults == []
    assert "can only be told with the table that the model was trained on" in page.text


def test_the_test_rows_are_found_again(penguins_model: Model) -> None:
    measured = Measured.of(penguins_model, sample("penguins"), VOICE)
    assert measured.problem is not None
    assert measured.score(penguins_model) == penguins_model.scores["test"]


def test_without_test_rows_it_says_that_they_were_learned_from(moons: Table) -> None:
    model = trained(moons, "label", Settings(hidden=(4,), members=2, epochs=4, test_size=0))
    page = Page(report(model, moons, language=ENGLISH))
    assert "which the model has learned from, for no test rows were set aside" in page.text
    assert "Score on held-out rows" in page.text
    assert "No test rows were set aside" in page.text


def test_a_table_without_the_target_is_refused(penguins_model: Model) -> None:
    penguins = sample("penguins")
    with pytest.raises(TableError, match="species"):
        report(penguins_model, replace(penguins, arrow=penguins.arrow.drop_columns(["species"])))
    with pytest.raises(OptionError, match="A model or a fitted estimator is expected"):
        report(3)


@pytest.mark.parametrize(
    ("settings", "said", "unsaid"),
    [
        (
            Settings(model="perceptron", members=1, epochs=3, early_stopping=False),
            "A perceptron gives labels without probabilities",
            "Do probabilities mean what they say?",
        ),
        (Settings(model="neuron", members=2, epochs=5), "Do probabilities mean what they say?", "hidden layer 1"),
        (
            Settings(hidden=(4,), members=2, epochs=3, early_stopping=False),
            "No stopping rule can be replayed, for there is no held-out loss",
            "What every stopping rule would have done",
        ),
    ],
)
def test_of_every_learner_what_there_is_to_say(moons: Table, settings: Settings, said: str, unsaid: str) -> None:
    page = Page(report(trained(moons, "label", settings), moons, language=ENGLISH))
    assert page.faults == []
    assert said in page.text
    assert unsaid not in page.text


def test_of_a_regression_predictions_stand_against_what_happened() -> None:
    table = sample("diabetes")
    model = trained(table, "progression", Settings(hidden=(4,), members=2, epochs=3))
    page = Page(report(model, table, language=ENGLISH))
    assert page.faults == []
    assert "What was predicted and what happened" in page.text
    assert "predictions-plot" in page.plots
    assert "map-plot" in page.plots
    assert "confusion-plot" not in page.plots
    assert "RMSE" in page.text


def test_without_a_history_there_is_no_course(penguins_model: Model) -> None:
    settings = {"model": "network", "hidden": [8], "members": 3, "seed": 0, "scaling": False}
    data = {"name": "torch", "rows": {"train": 0, "test": 0}}
    bare = replace(
        penguins_model, history=History(), settings=settings, data=data, scores={}, baselines={}, checkpoint=None
    )
    page = Page(report(bare, sample("penguins"), language=ENGLISH))
    assert page.faults == []
    assert "What the late epochs learned by heart" not in page.text
    assert "The verdict" not in page.text
    assert "Score on the table" in page.text
    assert "confusion-plot" in page.plots
    assert Page(report(bare, language=ENGLISH)).faults == []


def test_an_estimator_is_a_model_too(moons: Table) -> None:
    from epoca import MLPClassifier

    X, y = moons.arrow.drop_columns(["label"]), moons.arrow["label"].to_pylist()
    page = Page(report(MLPClassifier((4,), members=2, max_epochs=3).fit(X, y), language=ENGLISH))
    assert page.faults == []
    assert "map-plot" not in page.plots


# --- The two most telling columns -------------------------------------------------------------------------------------


def _three_columns(n: int = 300) -> Table:
    rng = np.random.default_rng(0)
    a, b, noise = rng.normal(size=(3, n))
    a[0] = 1000.0
    cells: dict[str, Any] = {"noise": noise, "a": a, "b": b, "label": np.where(a + b > 0, "up", "down")}
    return Table(name="three.csv", arrow=pa.table(cells))


def test_the_columns_that_tell_most_are_mapped() -> None:
    table = _three_columns()
    model = trained(table, "label", Settings(hidden=(8,), members=2, epochs=30, learning_rate=0.01))
    measured = Measured.of(model, table, VOICE)
    columns = two_telling_columns(model, measured)
    assert columns is not None
    assert {*columns} == {"a", "b"}
    everything = replace(measured, table=table, matrix=model.encoded(table), targets=model.target.codes(table))
    near = rows_near(model, everything, columns)
    assert near is not None
    assert 0 not in near
    assert 280 < near.size < 300


def test_a_single_column_makes_no_map() -> None:
    table = Table(name="one", arrow=_three_columns().arrow.select(["a", "label"]))
    model = trained(table, "label", Settings(hidden=(4,), members=2, epochs=3))
    assert two_telling_columns(model, Measured.of(model, table, VOICE)) is None


# --- How to train it again --------------------------------------------------------------------------------------------


def test_a_setting_without_an_option_is_said_in_python(moons: Table) -> None:
    model = trained(moons, "label", Settings(hidden=(4,), members=2, epochs=3, clip=1.0))
    text = Page(report(model, language=ENGLISH)).text
    assert "epoca fit" not in text
    assert "clip=1.0" in text


def test_the_folder_of_the_table_is_nobody_elses_business(penguins_model: Model) -> None:
    named = replace(penguins_model, data={**penguins_model.data, "name": "/home/somebody/penguins.csv"})
    text = Page(report(named, language=ENGLISH)).text
    assert "epoca fit penguins.csv" in text
    assert "somebody" not in text


def test_the_file_tells_its_versions_and_its_sum(penguins_model: Model, tmp_path: Path) -> None:
    from epoca.model_file import _header

    place = tmp_path / "m.safetensors"
    save(penguins_model, place)
    header = _header(place.read_bytes(), "m")
    text = Page(report(penguins_model, file=place, language=ENGLISH)).text
    assert header["sha256"] in text
    assert header["versions"]["numpy"] in text


# --- Predictions ------------------------------------------------------------------------------------------------------


def test_predictions_tell_the_error_and_the_rows_farthest_off() -> None:
    table = sample("diabetes")
    model = trained(table, "progression", Settings(hidden=(4,), members=2, epochs=3))
    reading = Reading.of(predictions(model, table, language=ENGLISH))
    score = model.score(table)
    assert score.rmse is not None
    assert score.rmse_error is not None
    assert reading.finding.startswith(f"RMSE {ENGLISH.with_error(score.rmse, score.rmse_error)}, R² ")
    off = np.abs(np.asarray(model.predict(table), float) - model.target.numbers(table))
    assert ENGLISH.number(float(off.max())) in reading.lines[0][3]


def test_predictions_are_of_numbers(penguins_model: Model) -> None:
    with pytest.raises(OptionError, match=r"^The model predicts classes; their confusion matrix shows which were"):
        predictions(penguins_model, sample("penguins"))

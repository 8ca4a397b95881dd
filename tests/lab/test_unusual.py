"""What a page sees where one does things in an unusual order."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest

from epoca.errors import OptionError
from epoca.lab.session import Session
from epoca.lab.sources import Brought
from epoca.learners.predicting import predictions
from epoca.tables.samples import sample
from tests.lab.made import drawn, session, settle, to_the_end

STEP = {"of": "epoch"}
ENDED = "^This training has ended; look at one of its epochs"


def weights(of: Session) -> list[float]:
    return list(np.array(drawn(of)[0]["weights"][0], float))


def at_epoch(epoch: int, **changes: Any) -> Session:
    of = session(**changes)
    for _epoch in range(epoch):
        of.do("step", STEP)
    settle(of)
    return of


# --- The end ----------------------------------------------------------------------------------------------------------


def test_a_run_that_is_watched_at_its_ideal_epoch_ends_all_the_same() -> None:
    of = at_epoch(3)
    of.do("view", {"epoch": "kept"})
    to_the_end(of)
    assert of.board["viewed"] == "kept"
    assert of.board["verdict"] is not None


def test_the_same_end_seen_again_is_no_other_look_at_the_test_rows() -> None:
    of = to_the_end(session())
    for epoch in (0, 5):
        of.do("view", {"epoch": epoch})
        to_the_end(of)
    assert of.board["scores"]["note"] == ""
    of.do("restart", {})
    to_the_end(of)
    assert of.board["scores"]["note"].startswith("The test rows were looked at 2 times")


def test_another_rate_at_the_end_begins_anew() -> None:
    of = to_the_end(session())
    of.change({"learning_rate": 0.03})
    assert (of.board["epoch"], of.board["learning_rate"]) == (0, 0.03)


def test_the_rate_that_a_verdict_suggests_is_tried() -> None:
    of = session(table="diabetes", model="neuron", stopping="", epochs=40, learning_rate=0.01)
    for _epoch in range(5):
        of.do("step", STEP)
    of.change({"learning_rate": 10.0})
    to_the_end(of)
    assert of.board["verdict"]["kind"] == "diverged"
    of.do("experiment", {})
    assert of.board["learning_rate"] == 1.0
    assert len(of.board["runs"]) == 1
    assert of.board["status"] == "playing"


def test_what_is_refused_at_the_end_changes_nothing_that_is_seen() -> None:
    of = to_the_end(session())
    seen = weights(of)
    with pytest.raises(OptionError, match=ENDED):
        of.do("set_weight", {"index": 0, "value": 1.0})
    assert weights(of) == seen
    assert of.board["viewed"] == "kept" == drawn(of)[0]["shown"]


# --- The past ---------------------------------------------------------------------------------------------------------


def test_what_is_frozen_is_that_of_the_epoch_looked_at() -> None:
    of = at_epoch(4)
    of.do("freeze", {"index": 0, "is_frozen": True})
    of.do("step", STEP)
    assert of.board["frozen"] == [0]
    of.do("view", {"epoch": 2})
    assert of.board["frozen"] == []
    of.do("freeze", {"index": 1, "is_frozen": True})
    assert (of.board["epoch"], of.board["frozen"]) == (2, [1])


def test_an_edit_at_the_ideal_epoch_is_one_of_the_newest_weights_and_so_is_its_undoing() -> None:
    of = at_epoch(9, learning_rate=0.3, stopping="")
    before = weights(of)
    of.do("view", {"epoch": "kept"})
    of.do("set_weight", {"index": 0, "value": 0.25})
    assert weights(of) == [0.25, *before[1:]]
    of.do("undo", {})
    assert weights(of) == before


def test_what_was_set_later_is_not_undone_in_the_past() -> None:
    of = at_epoch(2)
    then = weights(of)
    for _epoch in range(4):
        of.do("step", STEP)
    of.do("set_weight", {"index": 1, "value": 0.5})
    of.do("view", {"epoch": 2})
    assert of.board["edits"] == 0
    with pytest.raises(OptionError, match=r"^There is no weight to put back\.$"):
        of.do("undo", {})
    assert of.board["epoch"] == 6
    of.do("set_weight", {"index": 0, "value": 0.5})
    of.do("undo", {})
    assert weights(of) == then
    assert of.board["edits"] == 0


# --- Records ----------------------------------------------------------------------------------------------------------


def test_a_record_that_is_refused_leaves_the_run_as_it_is() -> None:
    of = at_epoch(3)
    of.do("set_weight", {"index": 0, "value": 0.5})
    record = of.ask("record", {})
    for broken, sentence in (
        ({"fingerprint": "0" * 64}, "^The record was made on another table"),
        ({"choices": {**record["choices"], "stopping": "never"}}, "never"),
        ({"events": [{**record["events"][0], "index": 10**6}]}, "^This is no record"),
        ({"events": [{**record["events"][0], "what": "go on", "value": -5}]}, "^This is no record"),
    ):
        with pytest.raises(OptionError, match=sentence):
            of.do("replay", {"record": {**copy.deepcopy(record), **broken}})
        assert of.board["epoch"] == 3
        assert of.board["edits"] == 1


def test_a_record_finds_its_table_by_its_rows() -> None:
    iris = {name: Brought(table=sample("iris"), target="species") for name in ("t1", "t2")}
    of = session(brought={"t1": iris["t1"]}, table="t1")
    to_the_end(of)
    record = of.ask("record", {})
    other = session(brought={"t0": Brought(table=sample("penguins"), target="species"), "t2": iris["t2"]})
    other.do("replay", {"record": record})
    while other.turn(0.05) is not None:
        pass
    assert other.board["table"] == "t2"
    assert other.board["verdict"] == of.board["verdict"]


def test_a_turn_that_fails_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    of = session()
    of.do("play", {})
    monkeypatch.setattr(type(of._stage.run), "work", lambda _run, _seconds: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        of.turn(0.01)
    assert of.board["status"] == "failed"
    assert of.board["problem_sentence"].startswith("Something went wrong here; begin anew.")
    monkeypatch.undo()
    of.do("restart", {})
    assert of.board["status"] == "paused"


# --- Tables and models ------------------------------------------------------------------------------------------------


def test_columns_left_out_are_those_of_their_table() -> None:
    of = session(brought={"t1": Brought(table=sample("penguins"), target="species")}, table="iris")
    of.change({"left_out": ["sepal width (cm)"]})
    of.change({"table": "t1"})
    assert of.board["left_out"] == []
    assert of.board["problem_sentence"] == ""


def test_the_model_of_points_that_are_not_scaled_can_be_looked_at() -> None:
    model = to_the_end(session())._stage.model
    assert model is not None
    of = session(opened=model)
    assert of.board["problem_sentence"] == ""
    assert [axis["name"] for axis in of.board["axes_of"]] == ["x1", "x2"]
    assert of.board["ideal"]["best"] == model.best_epoch


@pytest.mark.parametrize("changes", [{"seed": 1}, {"learning_rate": 0.1}, {"hidden": [5]}])
def test_a_model_that_was_opened_is_not_trained_anew(changes: dict[str, Any]) -> None:
    of = session(opened=to_the_end(session())._stage.model)
    for _time in range(2):
        with pytest.raises(OptionError, match=r"^This model was trained elsewhere; choose a table to train here\.$"):
            of.change(changes)
    assert of.board["status"] == "ended"
    of.change({"table": "moons"})
    assert of.board["status"] == "playing"


# --- Rows -------------------------------------------------------------------------------------------------------------


def test_the_likelihood_is_told_of_rows_that_are_not_of_the_test_and_were_held_out() -> None:
    of = at_epoch(3)
    run, points = of._stage.training, of.board["points"]
    told = of.ask("likelihood", {})
    part = dict(zip(points["rows"], points["part"], strict=True))
    assert told["is_held_out"]
    assert {part[row] for row in told["rows"]} == {"train"}
    assert len(told["rows"]) == len(run.fitting.train_rows)
    held_out = run.history[-1].findings.held_out_loss.mean()
    assert told["mean"] == pytest.approx(held_out, rel=0.2)
    of.change({"early_stopping": False})
    of.do("step", STEP)
    assert not of.ask("likelihood", {})["is_held_out"]


def test_runs_of_other_test_rows_are_held_against_each_other_on_the_rows_of_both() -> None:
    of = to_the_end(session())
    mine = set(of.ask("likelihood", {})["rows"])
    of.do("pin", {})
    of.change({"seed": 5})
    to_the_end(of)
    others = set(of.ask("likelihood", {})["rows"])
    both = of.ask("likelihood", {"run": 1})
    assert set(both["rows"]) == mine & others != mine
    assert len(both["probabilities"]) == len(both["other"]["probabilities"]) == len(both["rows"])


def test_settings_of_runs_set_aside_are_told_in_the_language_of_the_page() -> None:
    of = to_the_end(session())
    of.do("pin", {})
    of.change({"language": "pt_BR"})
    assert "semente 0" in of.board["runs"][0]["settings"]


def test_of_numbers_a_row_tells_what_is_predicted_in_the_unit_of_the_target() -> None:
    of = at_epoch(3, table="diabetes", model="neuron", members=1)
    run = of._stage.training
    told = of.ask("row", {"row": 7})
    outputs = predictions(run.training.parameters, run.form.shape, of._stage.view.points)  # type: ignore[union-attr]
    assert told["predicted"] == pytest.approx(float(run.target.restored(outputs[7])[0]), rel=1e-4)
    assert at_epoch(1).ask("row", {"row": 7})["predicted"] is None


def test_a_training_without_any_finite_loss_says_that_it_diverged() -> None:
    of = to_the_end(session(table="diabetes", model="neuron", scaling=False, learning_rate=0.1, stopping=""))
    assert of.board["verdict"]["headline"] == "The training diverged."
    assert "no epoch ended with a finite loss" in of.board["verdict"]["reasons"][0]
    assert of.board["scores"] is None


def test_a_column_is_held_between_its_least_and_its_greatest_value() -> None:
    of = session(table="iris")
    slider = next(slider for slider in of.board["sliders"] if slider["kind"] == "number")
    values = sample("iris").arrow[slider["name"]].to_pylist()
    assert (slider["low"], slider["high"]) == (min(values), max(values))


def test_a_record_tells_what_was_done_in_its_order() -> None:
    of = at_epoch(1)
    of.do("set_weight", {"index": 0, "value": 0.5})
    of.do("step", STEP)
    of.do("set_weight", {"index": 0, "value": 0.25})
    record = of.ask("record", {})
    with pytest.raises(OptionError, match=r"^This is no record"):
        of.do("replay", {"record": {**record, "events": record["events"][::-1]}})
    of.do("replay", {"record": record})

"""What a page sees of its session, and what it can do with it."""

from __future__ import annotations

import json
import math
import shlex
import time
from base64 import b64encode
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from numpy.testing import assert_array_equal

from epoca import formulas
from epoca.errors import OptionError
from epoca.lab.session import Session
from epoca.lab.sources import Brought
from epoca.lab.telling import experiment_of
from epoca.model import Model
from epoca.model_file import load
from epoca.tables.reading import read_table
from epoca.tables.samples import SAMPLES, sample, target_of
from epoca.tables.table import Table
from epoca.training.stop import StopReason
from tests.conftest import Epoca
from tests.lab.made import drawn, session, settle, to_the_end


@pytest.fixture(scope="module")
def ended() -> Session:
    return to_the_end(session())


def state(of: Session) -> dict[str, Any]:
    return of.board.since(0)[0]


# --- The same numbers everywhere --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"model": "neuron"},
        {"model": "perceptron", "data_seed": 3},
        {"table": "penguins", "stopping": "", "epochs": 6, "dropout": 0.1, "batch_size": 32},
        {"table": "blobs", "classes": 4, "noise": 0.5, "rows": 90, "weight_decay": 0.1, "seed": 5},
        {"table": "diabetes", "left_out": ["age"], "test_size": 0.3, "activation": "relu"},
        {"early_stopping": False, "members": 1, "shuffle": False},
    ],
    ids=["network", "neuron", "perceptron", "penguins", "blobs", "diabetes", "textbook"],
)
def test_the_command_and_the_program_shown_give_the_same_digits(
    changes: dict[str, Any], epoca: Epoca, monkeypatch: Any
) -> None:
    table = changes.get("table", "moons")
    small = {**({"epochs": 6} if table == "diabetes" else {}), **changes}
    of = to_the_end(session(**small))
    recipe = of.board["recipe"]
    assert recipe["sentence"] == "These give the same model, digit for digit."
    (epoca.folder / "lab.safetensors").write_bytes(of.file("model")[1])
    own = load(epoca.folder / "lab.safetensors")
    for command in recipe["command"].splitlines():
        if command.startswith("epoca samples") and not {"rows", "noise"} & {*SAMPLES}:
            ran = epoca(*shlex.split(command)[1:])
            assert ran.returncode == 0, ran.stderr
    ran = epoca(*shlex.split(recipe["command"].splitlines()[-1])[1:])
    assert ran.returncode == 0, ran.stderr
    place = epoca.folder / f"{table}.safetensors"
    by_command = load(place)
    place.unlink()
    monkeypatch.chdir(epoca.folder)
    exec(recipe["python"], {})
    for model in (by_command, load(place)):
        assert_array_equal(model.parameters, own.parameters)
        for curve in ("training_loss", "held_out_loss", "held_out_accuracy"):
            assert_array_equal(model.history.members(curve), own.history.members(curve))
        assert model.scores == own.scores
        assert model.stop == own.stop
    header, _planes = drawn(of)
    shown = [np.nan if value is None else value for value in header["curves"]["training"]]
    assert_array_equal(shown, own.history.curve("training_loss"))
    best = own.best_epoch
    assert (of.board["ideal"] or {"best": None})["best"] == best


def test_a_run_gone_on_with_is_that_of_two_commands_and_of_the_program(epoca: Epoca, monkeypatch: Any) -> None:
    of = to_the_end(session())
    of.do("go_on", {"epochs": 9})
    while of.turn(0.05) is not None:
        pass
    (epoca.folder / "lab.safetensors").write_bytes(of.file("model")[1])
    for command in of.board["recipe"]["command"].splitlines():
        assert epoca(*shlex.split(command)[1:]).returncode == 0
    own, by_command = load(epoca.folder / "lab.safetensors"), load(epoca.folder / "moons.safetensors")
    assert len(own.history) == of.board["epoch"]
    monkeypatch.chdir(epoca.folder)
    exec(of.board["recipe"]["python"], {})
    for other in (by_command, load(epoca.folder / "moons.safetensors")):
        assert_array_equal(own.history.members("held_out_loss"), other.history.members("held_out_loss"))
        assert_array_equal(own.parameters, other.parameters)


def test_the_model_saved_predicts(ended: Session, epoca: Epoca) -> None:
    name, content, _type = ended.file("model")
    (epoca.folder / name).write_bytes(content)
    (epoca.folder / "moons.csv").write_bytes(ended.file("table")[1])
    predicted = epoca("predict", name, "moons.csv", "--proba")
    assert predicted.returncode == 0, predicted.stderr
    assert len(predicted.stdout.splitlines()) == 81


# --- What is drawn ----------------------------------------------------------------------------------------------------


def test_the_map_shows_what_the_model_predicts(ended: Session) -> None:
    from epoca.lab.view import View

    header, planes = drawn(ended)
    assert header["map"] == {"width": 100, "height": 100, "low": None, "high": None}
    codes = np.frombuffer(planes[:10_000], np.uint8)
    sureness = np.frombuffer(planes[10_000:20_000], np.uint8)
    stage = ended._stage
    assert isinstance(stage.view, View)
    probabilities = stage.training.model().predict_proba(stage.view.plane.rows())
    shade = (2 * probabilities.max(axis=1) - 1) * 255
    assert_array_equal(codes[shade > 0.01], probabilities.argmax(axis=1)[shade > 0.01])
    assert np.abs(sureness - shade).max() < 0.51
    assert header["neurons"] == {"size": 34, "counts": [3]}
    assert len(planes) == 20_000 + 3 * 34 * 34 + 2 * 80


def test_a_neurons_map_is_its_activation(ended: Session) -> None:
    header, planes = drawn(ended)
    weights, bias = np.array(header["weights"][0]).reshape(2, 3), np.array(header["biases"][0])
    across, up = (np.linspace(axis["low"], axis["high"], 100) for axis in ended.board["axes_of"])
    size = header["neurons"]["size"]
    places = np.linspace(0, 99, size).round().astype(int)
    first = np.frombuffer(planes[20_000 : 20_000 + size * size], np.uint8).reshape(size, size)
    for row, column in ((0, 0), (5, 30), (33, 2)):
        activation = np.tanh(np.array([across[places[column]], up[places[row]]]) @ weights + bias)[0]
        assert abs(int(first[row, column]) - round(128 + 127 * activation)) <= 1


def test_only_new_entries_of_the_curves_are_sent(ended: Session) -> None:
    n = ended.board["epoch"]
    assert len(drawn(ended)[0]["curves"]["held_out"]) == n
    header, _planes = drawn(ended, have=n - 2)
    assert header["first"] == n - 2
    assert len(header["curves"]["held_out"]) == len(header["curves"]["low"]) == 2
    content, _number = ended.frame(have=3, serial=-1)  # of a run that is gone
    assert json.loads(content[4 : content.index(b"}", 4) + 1].decode().split(', "shown"')[0] + "}")["epoch"] == n


def test_the_line_of_a_neuron_is_where_its_sum_is_zero() -> None:
    of = to_the_end(session(model="neuron"))
    header, _planes = drawn(of)
    a, b, c = header["line"]
    w, bias = np.array(header["weights"][0]), header["biases"][0][0]
    x, y = 0.7, -(a * 0.7 + c) / b
    assert abs(w @ [x, y] + bias) < 1e-9
    epochs = [line[0] for line in header["lines"]]
    assert epochs == sorted(epochs)
    assert epochs[0] == 0
    of.change({"scaling": True})  # through which a line is bent
    assert drawn(of)[0]["line"] is None


def test_a_map_of_more_than_two_inputs_is_a_named_slice() -> None:
    of = session(table="iris")
    sliders = {slider["name"]: slider for slider in of.board["sliders"]}
    assert len(sliders) == 2
    name = "sepal length (cm)"
    slider = sliders[name]
    assert slider["low"] < slider["value"] < slider["high"]
    before = drawn(of)[1]
    of.change({"held": {name: 5.1}})
    assert next(slider for slider in of.board["sliders"] if slider["name"] == name)["value"] == 5.1
    assert drawn(of)[1] != before
    of.change({"axes": [name, "petal width (cm)"]})
    assert [axis["name"] for axis in of.board["axes_of"]] == [name, "petal width (cm)"]
    with pytest.raises(OptionError, match="A map needs two different columns that the model uses"):
        of.change({"axes": [name, name]})
    with pytest.raises(OptionError, match='The map cannot hold "petal length'):
        of.change({"held": {"petal length (cm)": "long"}})
    assert of.board["axes"] == [name, "petal width (cm)"]


@pytest.mark.parametrize("name", SAMPLES)
def test_every_sample_can_be_learned(name: str) -> None:
    of = session(table=name)
    assert of.board["problem_sentence"] == ""
    assert of.board["target"] == target_of(name)
    of.do("step", {"of": "epoch"})
    settle(of)
    header, _planes = drawn(of)
    assert header["epoch"] == 1
    assert header["losses"]["held_out"] is not None


# --- Going to and fro -------------------------------------------------------------------------------------------------


def test_steps_of_a_batch_and_of_an_epoch() -> None:
    of = session()
    of.do("step", {"of": "batch"})
    assert (of.board["epoch"], of.board["step"], of.board["steps"]) == (0, 1, 3)
    of.do("step", {"of": "epoch"})
    assert (of.board["epoch"], of.board["step"]) == (1, 0)
    with pytest.raises(OptionError, match=r"^This network learns from 16 rows at once; choose batches of 1"):
        of.do("step", {"of": "sample"})
    with pytest.raises(OptionError, match=r'^A step is one of "sample", "batch" or "epoch", not 3\.$'):
        of.do("step", {"of": 3})


def test_the_past_is_seen_again_and_played_again(ended: Session) -> None:
    seen = {}
    of = session()
    for epoch in range(4):
        seen[epoch] = drawn(of)[1]
        of.do("step", {"of": "epoch"})
    of.do("view", {"epoch": 2})
    assert (of.board["viewed"], drawn(of)[1], drawn(of)[0]["shown"]) == (2, seen[2], 2)
    of.do("back", {})
    assert drawn(of)[1] == seen[1]
    of.do("step", {"of": "epoch"})
    assert of.board["viewed"] == 2
    assert of.board["epoch"] == 4
    to_the_end(of)
    assert drawn(of)[1] == drawn(ended)[1]


def test_at_its_end_the_weights_kept_are_looked_at(ended: Session) -> None:
    assert ended.board["viewed"] == "kept"
    assert drawn(ended)[0]["shown"] == "kept"
    with pytest.raises(OptionError, match=r"^This training has ended; go on past its end, or begin anew\.$"):
        ended.do("play", {})
    with pytest.raises(OptionError, match=r"^There is no epoch 99 to look at\.$"):
        ended.do("view", {"epoch": 99})


def test_a_change_in_the_past_begins_another_future() -> None:
    of = to_the_end(session())
    before = drawn(of)[0]["curves"]["training"]
    of.do("view", {"epoch": 3})
    of.change({"learning_rate": 0.5})
    assert (of.board["epoch"], of.board["status"]) == (3, "paused")
    to_the_end(of)
    after = drawn(of)[0]["curves"]["training"]
    assert after[:3] == before[:3]
    assert after[3] != before[3]
    assert of.board["recipe"]["sentence"].startswith("While it learned, weights or the learning rate were changed")


def test_the_learning_rate_at_the_start_is_a_setting_like_any_other() -> None:
    of = session(learning_rate=0.3)
    to_the_end(of)
    assert "--learning-rate 0.3" in of.board["recipe"]["command"]


def test_same_start_and_new_start() -> None:
    of = session()
    of.do("step", {"of": "epoch"})
    first = drawn(of)[1]
    of.do("restart", {})
    assert of.board["epoch"] == 0
    of.do("step", {"of": "epoch"})
    assert drawn(of)[1] == first
    of.do("reseed", {})
    of.do("pause", {})
    assert of.board["seed"] == 1
    of.do("restart", {})
    of.do("step", {"of": "epoch"})
    assert drawn(of)[1] != first


# --- By hand ----------------------------------------------------------------------------------------------------------


def test_a_weight_is_set_frozen_and_put_back() -> None:
    of = session()
    before = drawn(of)[0]["weights"][0][2]
    of.do("set_weight", {"index": 2, "value": 1.25})
    assert drawn(of)[0]["weights"][0][2] == 1.25
    of.do("freeze", {"index": 2, "is_frozen": True})
    of.do("step", {"of": "epoch"})
    assert drawn(of)[0]["weights"][0][2] == 1.25
    settle(of)
    assert (of.board["frozen"], of.board["edits"]) == ([2], 1)
    of.do("freeze", {"index": 2, "is_frozen": False})
    of.do("undo", {})
    assert drawn(of)[0]["weights"][0][2] == before
    with pytest.raises(OptionError, match=r"^There is no weight to put back\.$"):
        of.do("undo", {})
    with pytest.raises(OptionError, match=r"^There is no weight 99; there are 13\.$"):
        of.do("set_weight", {"index": 99, "value": 1})
    with pytest.raises(OptionError, match=r"^A weight must be a number between -1,000,000 and 1,000,000\.$"):
        of.do("set_weight", {"index": 1, "value": "NaN"})


def test_points_are_added_moved_and_removed() -> None:
    of = session()
    of.do("add_point", {"x": 0.5, "y": 0.25, "code": 1})
    points = of.board["points"]
    assert (points["x"][-1], points["y"][-1], points["target"][-1]) == (0.5, 0.25, 1)
    of.do("move_point", {"row": 80, "x": -0.5, "y": 0})
    assert of.board["points"]["x"][-1] == -0.5
    of.do("remove_point", {"row": 0})
    assert of.board["points"]["x"][-1] == -0.5
    assert len(of.board["points"]["x"]) == 80
    name, content, _type = of.file("table")
    assert name == "moons-edited.csv"
    to_the_end(of)
    assert of.file("model").name == "moons-edited.safetensors"
    assert content.decode().splitlines()[-1] == "-0.5,0,1"
    assert of.board["recipe"]["sentence"] == "Points were changed by hand; save the table first."
    with pytest.raises(OptionError, match=r"^There is no point 80; there are 80\.$"):
        of.do("remove_point", {"row": 80})
    with pytest.raises(OptionError, match=r"^There is no class 2; there are 2\.$"):
        of.do("add_point", {"x": 0, "y": 0, "code": 2})
    with pytest.raises(OptionError, match=r"^A point needs two numbers as its place\.$"):
        of.do("add_point", {"x": 0, "code": 1})
    of.change({"table": "iris"})
    with pytest.raises(OptionError, match=r"^Only points that were drawn can be changed by hand"):
        of.do("add_point", {"x": 0, "y": 0, "code": 1})


def test_a_record_is_played_again_to_the_last_bit() -> None:
    of = session(model="neuron", data_seed=2)
    of.do("add_point", {"x": 0.5, "y": 0.25, "code": 1})
    for _time in range(3):
        of.do("step", {"of": "sample"})
    of.do("set_weight", {"index": 0, "value": -0.5})
    of.do("freeze", {"index": 1, "is_frozen": True})
    of.do("step", {"of": "epoch"})
    of.change({"learning_rate": 0.2})
    of.do("step", {"of": "epoch"})
    of.do("step", {"of": "sample"})
    record = json.loads(json.dumps(of.ask("record", {})))
    other = session()
    other.do("replay", {"record": record})
    while other.turn(0.001) is not None:
        pass
    assert other.board["status"] == "paused"
    assert drawn(other)[1] == drawn(of)[1]
    assert drawn(other)[0]["curves"] == drawn(of)[0]["curves"]
    assert drawn(other)[0]["weights"] == drawn(of)[0]["weights"]
    assert other.board["step"] == 1
    assert other.board["learning_rate"] == 0.2
    other.do("view", {"epoch": 0})
    other.do("set_weight", {"index": 0, "value": 0})
    assert other.board["learning_rate"] == 0.02


@pytest.mark.parametrize("broken", [None, 3, {}, {"choices": {}}, {"epoch": "x"}, {"events": [{"what": "go"}]}])
def test_what_is_no_record_is_refused(broken: Any) -> None:
    of = session()
    record = of.ask("record", {})
    given = {**record, **broken} if isinstance(broken, dict) and broken and "choices" not in broken else broken
    with pytest.raises(OptionError, match=r"^This is no record of a session of epoca's lab"):
        of.do("replay", {"record": given})


def test_a_record_of_another_table_is_refused() -> None:
    of = session()
    record = {**of.ask("record", {}), "fingerprint": "0" * 64}
    with pytest.raises(OptionError, match=r"^The record was made on another table; bring that first\.$"):
        of.do("replay", {"record": record})
    assert of.board["status"] == "paused"


# --- The point speaks (ideas 3 and 12) --------------------------------------------------------------------------------


@pytest.mark.parametrize("model", ["perceptron", "neuron"])
def test_the_point_says_what_its_rule_does(model: str) -> None:
    of = session(model=model, learning_rate=0.5, noise=0.4)
    heard = set()
    for _time in range(60):
        weights = drawn(of)[0]
        before = np.array([*weights["weights"][0], weights["biases"][0][0]])
        of.do("step", {"of": "sample"})
        speech = of.ask("speech", {})["speech"]
        if speech is None:
            continue  # the end of the epoch of a member with fewer rows
        cells = of.ask("row", {"row": speech["row"]})["cells"]
        x, label = np.array([cells["x1"], cells["x2"]]), cells["label"]
        z = float(before[:2] @ x + before[2])
        assert speech["z"] == pytest.approx(z)
        is_right = (z >= 0) == label
        if model == "perceptron":
            expected = "fine" if is_right else "closer"
            after = formulas.perceptron_update(before[:2], before[2], x, label, learning_rate=0.5)
            error = label - float(z >= 0)
        else:
            expected = "away" if is_right else "closer"
            after = formulas.neuron_update(before[:2], before[2], x, label, learning_rate=0.5)
            error = label - formulas.sigmoid(z)
        assert speech["says"] == expected
        assert speech["error"] == pytest.approx(error)
        np.testing.assert_allclose(speech["after"], [*after[0], after[1]], rtol=1e-12)
        if speech["arrow"] is None:
            assert expected == "fine"
        else:
            assert speech["arrow"]["length"] == pytest.approx(abs(error))
            direction = np.array([speech["arrow"]["dx"], speech["arrow"]["dy"]])
            # Along the arrow the line comes closer to a point that asks for it, and goes away from one that does not.
            a, b, c = speech["line"]["before"]
            distance = (a * x[0] + b * x[1] + c) / np.hypot(a, b)
            toward = direction @ np.array([a, b]) * np.sign(distance)
            assert (toward > 0) == (expected == "closer")
        heard.add(speech["text"])
    assert heard == (
        {"I am fine.", "Come closer!"} if model == "perceptron" else {"Move away from me!", "Come closer!"}
    )


# --- Numbers of a row, and of all -------------------------------------------------------------------------------------


def test_a_row_is_told_number_by_number(ended: Session) -> None:
    told = ended.ask("row", {"row": 7})
    trace = told["trace"]
    assert told["names"] == ["x1", "x2"]
    assert told["cells"]["x1"] == trace["inputs"][0]
    sums = np.array(trace["inputs"]) @ np.array(trace["weights"][0]) + trace["biases"][0]
    np.testing.assert_allclose(trace["sums"][0], sums)
    np.testing.assert_allclose(trace["activations"][0], np.tanh(sums))
    assert trace["loss"] == pytest.approx(-np.log(trace["outputs"][int(trace["target"])]))
    step, weight = 1e-6, trace["weights"][0][1][2]
    moved = [list(row) for row in trace["weights"][0]]
    moved[1][2] = weight + step
    hidden = np.tanh(np.array(trace["inputs"]) @ np.array(moved) + trace["biases"][0])
    z = hidden @ np.array(trace["weights"][1])[:, 0] + trace["biases"][1][0]
    loss = -np.log(formulas.sigmoid(z if trace["target"] else -z))
    assert (loss - trace["loss"]) / step == pytest.approx(trace["gradient"][0]["weights"][1][2], abs=1e-4)
    made_up = ended.ask("row", {"values": {"x1": 0.5, "x2": 0.1}})
    assert made_up["trace"]["inputs"] == [0.5, 0.1]
    assert made_up["trace"]["loss"] is None
    with pytest.raises(OptionError, match=r"^There is no row 80; there are 80\.$"):
        ended.ask("row", {"row": 80})
    with pytest.raises(OptionError, match=r'^A value of "x1" must be a number or a text\.$'):
        ended.ask("row", {"values": {"x1": []}})


def test_the_likelihood_is_the_product_of_what_was_given_to_what_happened(ended: Session) -> None:
    told = ended.ask("likelihood", {})
    given = np.array(told["probabilities"])
    assert told["product"] == pytest.approx(np.prod(given))
    assert told["sum"] == pytest.approx(-np.log(given).sum())
    assert told["worst"] == int(given.argmin())
    assert "other" not in told
    of = to_the_end(session())
    of.do("pin", {})
    of.change({"model": "neuron"})
    to_the_end(of)
    assert "other" not in of.ask("likelihood", {})
    beside = of.ask("likelihood", {"run": 1})
    assert beside["other"]["sum"] == pytest.approx(told["sum"])
    of.change({"model": "neuron", "data_seed": 1})  # other points, as many of each class
    assert "other" not in of.ask("likelihood", {"run": 1})
    of.change({"model": "perceptron"})
    with pytest.raises(OptionError, match=r"^A perceptron and a model of numbers give no probabilities"):
        of.ask("likelihood", {})


def test_the_plain_product_underflows_where_it_does() -> None:
    of = session(rows=2000)
    told = of.ask("likelihood", {})
    assert told["product"] is None
    assert math.prod(told["probabilities"][: told["underflow"]]) == 0
    assert math.prod(told["probabilities"][: told["underflow"] - 1]) > 0
    assert told["sum"] == pytest.approx(2000 * np.log(2), rel=0.5)


# --- Where it stands --------------------------------------------------------------------------------------------------


def test_between_epochs_and_after_a_change_by_hand_the_losses_are_those_of_the_weights_there_are() -> None:
    of = session(members=1, early_stopping=False, test_size=0.0, epochs=30)
    of.do("restart", {})
    settle(of)
    for events in ([], [("step", {"of": "batch"})], [("step", {}), ("set_weight", {"index": 0, "value": 9.0})]):
        for verb, arguments in events:
            of.do(verb, arguments)
        settle(of)
        told = of.ask("likelihood", {})
        assert of.board["now"]["training"] == pytest.approx(told["mean"], rel=1e-5)
        assert of.board["now"]["held_out"] is None
    of.do("step", {})
    settle(of)
    assert of.board["now"] is None
    assert of.board["epoch"] == 2


def test_the_ideal_epoch_so_far_is_told_at_every_speed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("epoca.lab.player.TELLING", 0.0)
    of = session(speed=100, epochs=40, stopping="")
    of.do("restart", {})
    of.do("play", {})
    told = set()
    while (wait := of.turn(0.005)) is not None:
        time.sleep(wait)
        told.add((of.board["ideal"] or {"best": 0})["best"])
    assert len(told) > 5


def test_where_guessing_is_what_the_model_predicts_the_page_shows_it_and_says_so() -> None:
    made = sample("moons", rows=300, noise=1.0)
    noise = np.random.default_rng(1)
    arrow = made.arrow.set_column(2, "y", pa.array(noise.integers(0, 2, 300).astype(str)))
    brought = {"t1": Brought(table=Table(name="noise.csv", arrow=arrow), target="y")}
    of = session(brought=brought)
    of.change({"table": "t1", "target": "y"})
    to_the_end(of)
    assert "guessing is what it predicts" in " ".join(of.board["verdict"]["reasons"])
    held_out = of._stage.training.model().scores["held_out"]
    counts = np.array(of.board["confusion"]["counts"])
    assert np.trace(counts) / counts.sum() == pytest.approx(held_out.accuracy)
    assert len(set(np.frombuffer(drawn(of)[1][10_000:20_000], np.uint8))) == 1
    of.do("view", {"epoch": 3})
    assert len(set(np.frombuffer(drawn(of)[1][10_000:20_000], np.uint8))) > 1


# --- The verdict, and runs beside each other --------------------------------------------------------------------------


def test_the_verdict_suggests_an_experiment_and_makes_it() -> None:
    of = to_the_end(session(model="neuron", epochs=60, rows=400))
    verdict = of.board["verdict"]
    assert verdict["experiment"]["changes"] == {"model": "network", "hidden": [4]}
    of.do("experiment", {})
    assert of.board["model"] == "network"
    assert len(of.board["runs"]) == 1
    assert of.board["status"] == "playing"


def test_options_of_the_command_are_not_named_on_a_page() -> None:
    of = to_the_end(session(epochs=200))
    assert of.board["ideal"]["told"][-1].endswith("More patience waits for a later improvement.")
    of = to_the_end(session(epochs=6))
    assert of.board["verdict"]["advice"] == "Train on for more epochs."
    of.change({"language": "pt_BR"})
    assert of.board["verdict"]["advice"] == "Continue o treino por mais épocas."


def test_an_experiment_follows_from_every_verdict(penguins_model: Model) -> None:
    from dataclasses import replace

    of = session(learning_rate=10.0, model="network", activation="relu", epochs=200, stopping="")
    assert of.board["verdict"] is None
    diverged = replace(penguins_model, stop=replace(penguins_model.stop, reason=StopReason.DIVERGED))
    found = experiment_of(diverged, of._stage.choices)
    assert found is not None
    assert found[1] == {"learning_rate": 1.0}
    with pytest.raises(OptionError, match=r"^There is no experiment to try now\.$"):
        of.do("experiment", {})


def test_runs_are_set_aside_and_written_as_a_table() -> None:
    of = session()
    with pytest.raises(OptionError, match=r"^There is nothing to set aside yet; train for an epoch first\.$"):
        of.do("pin", {})
    to_the_end(of)
    of.do("pin", {})
    of.change({"hidden": [2]})
    to_the_end(of)
    of.do("pin", {})
    first, second = of.board["runs"]
    assert first["settings"] != second["settings"]
    assert len(first["curve"]["held_out"]) == first["epochs"]
    assert first["held_out"] == min(first["curve"]["held_out"])
    assert len(of.file("runs")[1].splitlines()) == 3
    assert of.ask("map", {"run": second["id"]})["map"]["code"] == b64encode(drawn(of)[1][:10_000]).decode()
    of.do("unpin", {"run": first["id"]})
    assert of.board["runs"] == [second]
    with pytest.raises(OptionError, match=r"^There is no run 1 set aside\.$"):
        of.ask("map", {"run": first["id"]})


def test_what_a_run_on_one_column_sets_aside_has_no_map() -> None:
    of = to_the_end(session(left_out=["x2"]))
    of.do("pin", {})
    assert of.ask("map", {"run": 1}) == {"map": None}


def test_test_rows_are_scored_at_the_end_only_and_counted() -> None:
    of = session()
    of.do("step", {"of": "epoch"})
    settle(of)
    told = {line[0] for line in of.board["scores"]["lines"]}
    assert {"training", "held out"} <= told
    assert not {"test", "guessing"} & told  # guessing is scored on the test rows
    to_the_end(of)
    assert "test" in [line[0] for line in of.board["scores"]["lines"]]
    assert of.board["scores"]["note"] == ""
    of.do("restart", {})
    to_the_end(of)
    assert of.board["scores"]["note"].startswith("The test rows were looked at 2 times in this session")


def test_the_confusion_matrix_counts_held_out_rows(ended: Session) -> None:
    counts = np.array(ended.board["confusion"]["counts"])
    assert counts.sum() == 64
    accuracy = next(line for line in ended.board["scores"]["lines"] if line[0] == "held out")[3]
    assert accuracy.startswith(f"{100 * np.trace(counts) / 64:.1f}%")


def test_what_is_said_changes_its_language(ended: Session) -> None:
    english = ended.board["verdict"]["headline"]
    ended.change({"language": "pt_BR"})
    assert ended.board["verdict"]["headline"] != english
    assert ended.board["status"] == "ended"
    with pytest.raises(OptionError):
        ended.do("play", {})
    ended.change({"language": "en"})
    assert ended.board["verdict"]["headline"] == english


# --- Tables of one's own ----------------------------------------------------------------------------------------------


def brought(tmp_path: Path, text: str, *, target: str = "") -> Brought:
    place = tmp_path / "notas.csv"
    place.write_bytes(text.encode("latin-1"))
    return Brought(table=read_table(place), target=target)


def test_a_table_as_a_brazilian_spreadsheet_writes_it(tmp_path: Path) -> None:
    cities, answers = ("Rio", "São", "São"), ("não", "sim")
    lines = [f"{i % 7},5;{cities[i % 3]};{i % 2};{answers[i % 7 > 2]}" for i in range(90)]
    of = session(brought={"t1": brought(tmp_path, "\n".join(["nota;cidade;sexo;passou", *lines]))})
    of.change({"table": "t1", "target": "passou"})
    assert of.board["problem_sentence"] == ""
    assert of.board["labels"] == ["não", "sim"]
    kinds = {column["name"]: column["kind"] for column in of.board["columns"]}
    assert kinds == {"passou": "classes", "nota": "number", "cidade": "yes/no", "sexo": "yes/no"}
    across = of.board["axes_of"][0]
    assert (across["name"], across["kind"]) == ("nota", "number")
    assert (across["low"], across["high"]) == pytest.approx((0.2, 6.8))
    of.change({"axes": ["cidade", "nota"]})
    assert of.board["axes_of"][0]["texts"] == ["Rio", "São"]
    to_the_end(of)
    assert of.board["ideal"]["best"] > 0


def test_without_a_usable_target_it_says_what_is_wrong(tmp_path: Path) -> None:
    of = session(brought={"t1": brought(tmp_path, "a;b\n" + "1;x\n" * 30)})
    of.change({"table": "t1"})
    assert (of.board["status"], of.board["problem_sentence"]) == ("failed", "Choose the column to predict.")
    assert of.board["table_columns"] == ["a", "b"]
    of.change({"language": "pt_BR"})
    assert of.board["problem_sentence"] == "Escolha a coluna a prever."
    of.change({"language": "en", "target": "b"})
    assert of.board["status"] == "failed"
    assert 'column "b"' in of.board["problem_sentence"]
    with pytest.raises(OptionError, match=r"^Nothing can be trained yet: choose a table and the column to predict\.$"):
        of.do("play", {})
    of.change({"language": "pt_BR"})
    of.change({"table": "moons"})
    assert of.board["problem_sentence"] == ""
    with pytest.raises(OptionError, match=r'^There is no table "t9" here; bring the file again, or choose a sample\.$'):
        of.change({"table": "t9"})


def test_more_classes_than_a_map_can_tell_apart_are_refused() -> None:
    arrow = pa.table({"x1": np.arange(900.0), "x2": np.arange(900.0) % 7, "y": [f"c{i % 300}" for i in range(900)]})
    of = session(brought={"t1": Brought(table=Table(name="many.csv", arrow=arrow), target="y")})
    of.change({"table": "t1"})
    assert of.board["problem_sentence"] == (
        'The lab shows up to 256 classes, and "y" has 300; choose another column to predict, or train with epoca fit.'
    )
    of.change({"table": "moons"})
    assert of.board["problem_sentence"] == ""


def test_a_table_opened_by_its_path_is_shown_without_its_folder(tmp_path: Path) -> None:
    rows = "\n".join(f"{i % 9},{i % 5},{'ab'[i % 9 > 4]}" for i in range(90))
    file = tmp_path / "my grades.2024.csv"
    file.write_text(f"x,z,y\n{rows}\n")
    of = session(brought={"t0": Brought(table=read_table(file), target="y")}, table="t0", target="y", epochs=5)
    assert of.board["tables"] == [{"id": "t0", "name": "my grades.2024.csv"}]
    to_the_end(of)
    of.do("go_on", {"epochs": 2})
    to_the_end(of)
    command = shlex.split(of.board["recipe"]["command"])
    assert command[2] == str(file)  # where it lies, so that the command finds it
    assert command[command.index("--continue") + 1] == "my grades.2024.safetensors"
    assert of.file("model").name == "my grades.2024.safetensors"
    assert of.file("table").name == "my grades.2024.csv"
    of.do("pin", {})
    assert of.board["runs"][0]["table"] == "my grades.2024.csv"


# --- A model file -----------------------------------------------------------------------------------------------------


def test_a_model_file_is_looked_at(penguins_model: Model) -> None:
    of = session(opened=penguins_model)
    assert (of.board["table"], of.board["status"], of.board["viewed"]) == ("model", "ended", "kept")
    assert of.board["ideal"]["best"] == penguins_model.best_epoch
    header, planes = drawn(of)
    assert len(header["curves"]["held_out"]) == 8
    assert header["points"] == {"n": 0}
    assert len(planes) == 20_000 + 8 * 34 * 34
    told = of.ask("row", {"values": {"bill_length_mm": 39.1, "island": "Torgersen"}})
    assert sum(told["trace"]["outputs"]) == pytest.approx(1)
    of.do("view", {"epoch": 8})
    with pytest.raises(OptionError, match=r"^A model file holds the weights that were kept and those of its last"):
        of.do("view", {"epoch": 3})
    with pytest.raises(OptionError, match=r"^This model was trained elsewhere; choose a table to train here\.$"):
        of.do("play", {})
    assert of.file("model")[1]
    of.change({"table": "moons"})
    assert of.board["problem_sentence"] == ""


# --- Refusals ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"colour": 1}, 'There is nothing called "colour" to choose in the lab.'),
        ({"rows": 3}, "Points must be a whole number from 4 to 2,000, not 3."),
        ({"rows": True}, "Points must be a whole number from 4 to 2,000, not True."),
        ({"noise": "much"}, "Noise must be a number from 0 to 1, not 'much'."),
        ({"learning_rate": 0}, "Learning rate must be a number above 0 and at most 10, not 0."),
        ({"learning_rate": float("nan")}, "Learning rate must be a number above 0 and at most 10, not nan."),
        ({"model": "forest"}, "model must be one of perceptron, neuron, network, not 'forest'."),
        ({"hidden": [4] * 7}, "A network has at most 6 hidden layers here, given as a list of their neurons"),
        ({"hidden": [0]}, "Neurons must be a whole number from 1 to 128, not 0."),
        ({"scaling": 1}, "scaling must be true or false, not 1."),
        ({"target": 5}, "target must be a text, not 5."),
        ({"axes": "x1"}, "axes must be a list of texts, not 'x1'."),
        ({"held": [1]}, "held must give columns their values, not [1]."),
        ({"held": {"x1": None}}, "held must give columns their values, not None."),
        ({"stopping": "soon"}, "A stopping rule is written like"),
        ({"speed": 7}, "speed must be one of 1, 5, 20, 100, 0, not 7."),
    ],
)
def test_a_choice_that_cannot_be_is_refused_whole(changes: dict[str, Any], sentence: str) -> None:
    of = session()
    before = state(of)
    with pytest.raises(OptionError) as refused:
        of.change({"seed": 9, **changes})
    assert sentence in str(refused.value)
    assert state(of) == before


def test_verbs_questions_and_files_that_there_are_not() -> None:
    of = session()
    with pytest.raises(OptionError, match=r'^The lab cannot do "dance"\.$'):
        of.do("dance", {})
    with pytest.raises(OptionError, match=r'^The lab cannot answer "why"\.$'):
        of.ask("why", {})
    with pytest.raises(OptionError, match=r'^The lab cannot save "soul"\.$'):
        of.file("soul")
    with pytest.raises(OptionError, match=r"^There is no model to save yet; train for an epoch first\.$"):
        of.file("model")
    with pytest.raises(OptionError, match=r"^This training has not ended; let it play on\.$"):
        of.do("go_on", {})
    to_the_end(of)
    with pytest.raises(OptionError, match=r"^It can go on for 1 to 10,000 epochs, not for 0\.$"):
        of.do("go_on", {"epochs": 0})


def test_a_table_brought_and_gone_again(tmp_path: Path) -> None:
    of = session()
    for number in range(5):
        of.bring(f"t{number + 1}", Brought(table=sample("iris")), most=3)
    assert [table["id"] for table in of.board["tables"]] == ["t3", "t4", "t5"]

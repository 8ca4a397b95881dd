from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from epoca.commands.replay import replay
from epoca.errors import OptionError
from epoca.model import Model
from epoca.model_file import save
from epoca.training.history import History
from epoca.training.replay import RULES
from tests.conftest import Epoca


@pytest.fixture
def model_file(epoca: Epoca, penguins_model: Model) -> Path:
    place = epoca.folder / "m.epoca"
    save(penguins_model, place)
    return place


def test_it_prints_a_line_for_each_of_the_usual_rules(epoca: Epoca, model_file: Path) -> None:
    ended = epoca("replay", model_file.name)
    assert (ended.returncode, ended.stderr) == (0, "")
    head, _, _, titles, *lines = ended.stdout.splitlines()
    assert head.startswith("8 epochs recorded; the held-out loss was least in epoch ")
    assert titles.split() == ["rule", "after", "chooses", "loss", "least", "saved", "in"]
    assert [line.split("  ")[0] for line in lines[: len(RULES)]] == list(RULES)
    assert "The record ends with epoch 8" in ended.stdout


def test_it_replays_the_rules_asked_for_and_prints_json(epoca: Epoca, model_file: Path) -> None:
    ended = epoca("replay", model_file.name, "--rule", "limit(3)", "--rule", "patience(100)", "--json")
    found = json.loads(ended.stdout)
    assert found["model_file"] == "m.epoca"
    assert found["epochs"] == 8
    assert [(line["rule"], line["stopped"]) for line in found["rules"]] == [("limit(3)", 3), ("patience(100)", None)]


def test_it_speaks_portuguese(epoca: Epoca, model_file: Path) -> None:
    assert "8 épocas registradas" in epoca("replay", model_file.name, lang="pt_BR").stdout


def test_it_refuses_what_is_no_rule_and_no_model(epoca: Epoca, model_file: Path) -> None:
    sentence = epoca.refuses("replay", model_file.name, "--rule", "soon")
    assert sentence.startswith('A stopping rule is written like "patience(16)"')
    assert "gone" in epoca.refuses("replay", "gone.epoca")


def test_a_model_without_a_record_is_told_in_a_sentence(epoca: Epoca, penguins_model: Model) -> None:
    place = epoca.folder / "elsewhere.epoca"
    save(replace(penguins_model, history=History(), baselines={}), place)
    with pytest.raises(OptionError, match="for no epoch of the training was recorded"):
        replay(place)


def test_a_model_that_held_nothing_out_is_told_in_a_sentence(epoca: Epoca) -> None:
    assert epoca("samples", "moons", "-o", "t.csv").returncode == 0
    fitted = epoca("fit", "t.csv", "--target", "label", "--no-early-stopping", "--epochs", "2", "--hidden", "4")
    assert fitted.returncode == 0, fitted.stderr
    place = next(file for file in epoca.folder.iterdir() if file.suffix != ".csv")
    assert "for there is no held-out loss" in epoca.refuses("replay", place.name)

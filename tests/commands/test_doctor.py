from __future__ import annotations

import json

import pytest
import typer

from epoca.commands.account import Account
from epoca.commands.doctor import doctor
from epoca.fitting import Fitting
from tests.conftest import Epoca
from tests.made import PLAIN_OPTIONS as PLAIN

SMALL = ("--hidden", "2", "--members", "4", "--learning-rate", "0.02", *PLAIN, "-q")


@pytest.fixture
def moons(epoca: Epoca) -> Epoca:
    """A folder with moons.csv and a model of two neurons that was trained on it, moons.safetensors."""
    assert epoca("samples", "moons", "-o", "moons.csv").returncode == 0
    fitted = epoca("fit", "moons.csv", "--target", "label", *SMALL)
    assert fitted.returncode == 0, fitted.stderr
    return epoca


def test_it_tries_what_could_refute_the_verdict(moons: Epoca) -> None:
    ended = moons("doctor", "moons.safetensors", "moons.csv")
    assert (ended.returncode, ended.stderr) == (0, "")
    lines = ended.stdout.splitlines()
    assert lines[0] == "Underfitted: the model is too small."
    assert "Confirmed: Underfitted: the model is too small." in lines
    assert any(line.startswith("Twice the neurons (4): the held-out loss is lower by ") for line in lines)
    assert lines[-1] == "Train the wider one, then ask again whether still more neurons help."


def test_it_tries_everything_and_prints_json(moons: Epoca) -> None:
    ended = moons("doctor", "moons.safetensors", "moons.csv", "--trial", "all", "--json")
    found = json.loads(ended.stdout)
    assert found["model_file"] == "moons.safetensors"
    assert [trial["kind"] for trial in found["trials"]] == ["width", "rows", "decay", "epochs"]
    one = moons("doctor", "moons.safetensors", "moons.csv", "--trial", "rows", "--json")
    again = json.loads(one.stdout)["trials"][0]
    assert {**again, "seconds": 0} == {**found["trials"][1], "seconds": 0}


def test_it_speaks_portuguese(moons: Epoca) -> None:
    assert "O dobro de neurônios (4): a perda" in moons("doctor", "moons.safetensors", "moons.csv", lang="pt_BR").stdout


def test_it_refuses_other_rows_and_models_that_held_nothing_out(moons: Epoca) -> None:
    assert moons("samples", "moons", "--rows", "50", "-o", "other.csv").returncode == 0
    assert "These are not the rows" in moons.refuses("doctor", "moons.safetensors", "other.csv")
    fitted = moons("fit", "moons.csv", "-t", "label", *SMALL, "--no-early-stopping", "--epochs", "2", "-o", "all.st")
    assert fitted.returncode == 0, fitted.stderr
    assert "held no rows out" in moons.refuses("doctor", "all.st", "moons.csv")
    assert "weight" in moons("doctor", "--help").stdout


def test_half_a_training_tells_nothing(moons: Epoca, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_account: Account, fitting: Fitting, *, members_alone: bool) -> None:
        assert members_alone
        for _epoch in fitting:
            fitting.interrupt()

    monkeypatch.setattr(Account, "train", interrupted)
    before = sorted(moons.folder.iterdir())
    with pytest.raises(typer.Exit) as ended:
        doctor(moons.folder / "moons.safetensors", moons.folder / "moons.csv")
    assert ended.value.exit_code == 130
    assert sorted(moons.folder.iterdir()) == before

from __future__ import annotations

import json

import pytest
import typer

from epoca.commands.account import Account
from epoca.commands.rows import rows
from epoca.fitting import Fitting
from tests.conftest import Epoca
from tests.made import PLAIN_OPTIONS


@pytest.fixture
def diabetes(epoca: Epoca) -> Epoca:
    """A folder with d.csv and a model that was trained on it, d.safetensors."""
    assert epoca("samples", "diabetes", "-o", "d.csv").returncode == 0
    fitted = epoca("fit", "d.csv", "--target", "progression", *PLAIN_OPTIONS, "-q")
    assert fitted.returncode == 0, fitted.stderr
    return epoca


def test_it_shows_a_line_for_every_share_and_the_answer(diabetes: Epoca) -> None:
    ended = diabetes("rows", "d.safetensors", "d.csv")
    assert (ended.returncode, ended.stderr) == (0, "")
    lines = [line.split() for line in ended.stdout.splitlines()]
    shares = [words[:2] for words in lines if words and words[0].endswith("%")]
    assert shares == [["12.5%", "39"], ["25.0%", "78"], ["50.0%", "155"], ["100.0%", "310"]]
    assert "More rows rather than more epochs. From 155 to 310 rows the held-out loss fell by " in ended.stdout
    assert "Mais linhas, e não mais épocas." in diabetes("rows", "d.safetensors", "d.csv", lang="pt_BR").stdout


def test_it_prints_json(diabetes: Epoca) -> None:
    found = json.loads(diabetes("rows", "d.safetensors", "d.csv", "--json").stdout)
    assert (found["model_file"], found["lack"]) == ("d.safetensors", "rows")
    assert [curve["share"] for curve in found["curves"]] == [0.125, 0.25, 0.5, 1.0]


def test_it_refuses_other_rows(diabetes: Epoca) -> None:
    assert diabetes("samples", "diabetes", "--rows", "90", "-o", "other.csv").returncode == 0
    assert "These are not the rows" in diabetes.refuses("rows", "d.safetensors", "other.csv")
    assert "no file gone.st" in diabetes.refuses("rows", "gone.st", "d.csv")


def test_half_a_training_tells_nothing(diabetes: Epoca, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_account: Account, fitting: Fitting, *, members_alone: bool) -> None:
        assert members_alone
        for _epoch in fitting:
            fitting.interrupt()

    monkeypatch.setattr(Account, "train", interrupted)
    with pytest.raises(typer.Exit) as ended:
        rows(diabetes.folder / "d.safetensors", diabetes.folder / "d.csv")
    assert ended.value.exit_code == 130

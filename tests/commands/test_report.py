from __future__ import annotations

from pathlib import Path

import pytest

from epoca.commands.report import report
from epoca.errors import FileError
from epoca.model import Model
from epoca.model_file import save
from tests.conftest import Epoca
from tests.report.conftest import Page


@pytest.fixture
def model_file(epoca: Epoca, penguins_model: Model) -> Path:
    place = epoca.folder / "m.safetensors"
    save(penguins_model, place)
    return place


def test_it_writes_a_page_beside_and_says_where(epoca: Epoca, model_file: Path) -> None:
    ended = epoca("report", model_file.name)
    assert (ended.returncode, ended.stderr, ended.stdout) == (0, "", "Report: m.html\n")
    page = Page((epoca.folder / "m.html").read_text("utf-8"))
    assert page.faults == []
    assert "What it predicts" not in page.text


def test_with_the_table_it_looks_at_predictions_in_portuguese(epoca: Epoca, model_file: Path) -> None:
    assert epoca("samples", "penguins", "-o", "penguins.csv").returncode == 0
    ended = epoca("report", model_file.name, "penguins.csv", "-o", "page.html", lang="pt_BR")
    assert ended.returncode == 0, ended.stderr
    page = Page((epoca.folder / "page.html").read_text("utf-8"))
    assert page.of("html") == [{"lang": "pt-BR"}]
    assert "confusion-plot" in page.plots


def test_it_refuses_before_the_work(model_file: Path, tmp_path: Path) -> None:
    with pytest.raises(FileError, match="its folder does not exist"):
        report(model_file, output=tmp_path / "nowhere" / "page.html")


def test_it_refuses_what_is_no_model_and_what_has_no_target(epoca: Epoca, model_file: Path) -> None:
    assert "gone" in epoca.refuses("report", "gone.safetensors")
    assert epoca("samples", "moons", "-o", "moons.csv").returncode == 0
    assert 'column "species"' in epoca.refuses("report", model_file.name, "moons.csv")

from __future__ import annotations

import csv
import json

import pytest

from epoca.tables.writing import as_csv
from tests.conftest import Epoca
from tests.made import mislabelled_moons

SHAPE = ("--hidden", "64,64", "--members", "5", "--pieces", "16")
LATE = (*SHAPE, "--learning-rate", "0.03", "--stop", "patience(100)", "-q")


@pytest.fixture
def moons(epoca: Epoca) -> Epoca:
    """A folder with moons.csv, some of whose labels are wrong, and a model that was trained on it for long."""
    (epoca.folder / "moons.csv").write_bytes(as_csv(mislabelled_moons()[0]))
    fitted = epoca("fit", "moons.csv", "--target", "label", *LATE)
    assert fitted.returncode == 0, fitted.stderr
    return epoca


def test_it_shows_the_rows_and_their_classes(moons: Epoca) -> None:
    ended = moons("memorised", "moons.safetensors", "moons.csv", "--most", "3")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.startswith("The epochs after the ideal one learned ")
    lines = (moons.folder / "moons.csv").read_text().splitlines()
    shown = [line.split() for line in ended.stdout.splitlines() if " x1=" in line]
    assert len(shown) == 3
    for line, label, predicted, *_losses in shown:
        assert lines[int(line) - 1].endswith(label)
        assert label != predicted
    assert "Class by class" in ended.stdout
    told = moons("memorised", "moons.safetensors", "moons.csv", lang="pt_BR").stdout
    assert told.startswith("As épocas depois da ideal decoraram ")


def test_it_writes_all_of_them(moons: Epoca) -> None:
    ended = moons("memorised", "moons.safetensors", "moons.csv", "-o", "rows.csv", "--json", "--most", "2")
    found = json.loads(ended.stdout)
    with (moons.folder / "rows.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == found["memorised"] > len(found["rows"]) == 2
    assert [row["line"] for row in rows[:2]] == [str(row["line"]) for row in found["rows"]]
    assert [row["label"] for row in rows[:2]] == [row["label"] for row in found["rows"]]
    parquet = moons("memorised", "moons.safetensors", "moons.csv", "-o", "rows.parquet")
    assert f"{len(rows)} rows written: rows.parquet" in parquet.stdout


def test_it_refuses_other_rows_and_files_that_cannot_be_written(moons: Epoca) -> None:
    assert "folder does not exist" in moons.refuses("memorised", "moons.safetensors", "moons.csv", "-o", "none/r.csv")
    (moons.folder / "other.csv").write_text("x1,x2,label\n" + "0,1,a\n1,0,b\n" * 40)
    assert "These are not the rows" in moons.refuses("memorised", "moons.safetensors", "other.csv")

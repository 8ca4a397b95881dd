from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from epoca.errors import OptionError
from epoca.tables.samples import SAMPLES, sample, target_of

DRAWN = ["and", "or", "xor", "blobs", "moons", "circles", "spirals"]
MEASURED = {
    "iris": (150, 5, 3),
    "penguins": (344, 7, 3),
    "wine": (178, 14, 3),
    "breast_cancer": (569, 31, 2),
    "digits": (1797, 65, 10),
}


@pytest.mark.parametrize("name", SAMPLES)
def test_every_sample_has_its_target_and_its_name(name: str) -> None:
    table = sample(name)
    assert target_of(name) in table.column_names
    assert table.name == name


@pytest.mark.parametrize("name", DRAWN)
def test_points_have_two_inputs_and_labels_that_take_turns(name: str) -> None:
    table = sample(name, rows=240)
    assert table.column_names == ["x1", "x2", "label"]
    counts = np.bincount(table.arrow["label"].to_numpy())
    assert counts.sum() == 240
    assert counts.min() >= 60


@pytest.mark.parametrize("name", ["xor", "blobs", "moons", "circles", "spirals"])
def test_the_same_seed_gives_the_same_points_and_another_gives_others(name: str) -> None:
    assert sample(name, seed=1).arrow.equals(sample(name, seed=1).arrow)
    assert not sample(name, seed=1).arrow.equals(sample(name, seed=2).arrow)


@pytest.mark.parametrize(("name", "labels"), [("and", [0, 0, 0, 1]), ("or", [0, 1, 1, 1])])
def test_logical_tables_are_their_four_corners(name: str, labels: list[int]) -> None:
    assert sample(name).arrow.to_pydict() == {"x1": [0, 0, 1, 1], "x2": [0, 1, 0, 1], "label": labels}


def test_logical_tables_repeat_their_corners() -> None:
    assert sample("or", rows=6).arrow["label"].to_pylist() == [0, 1, 1, 1, 0, 1]


def test_noise_is_the_deviation_from_the_corners() -> None:
    x1 = sample("and", rows=4000, noise=0.3).arrow["x1"].to_numpy()
    assert (x1 - np.arange(4000) % 4 // 2).std() == pytest.approx(0.3, rel=0.05)


def test_circles_without_noise_lie_on_two_rings() -> None:
    table = sample("circles", noise=0).arrow
    radius = np.hypot(table["x1"].to_numpy(), table["x2"].to_numpy())
    np.testing.assert_allclose(radius, np.where(table["label"].to_numpy() == 0, 1, 0.5))


@pytest.mark.parametrize("name", MEASURED)
def test_measured_tables_are_whole(name: str) -> None:
    n, width, n_classes = MEASURED[name]
    table = sample(name)
    assert (table.n_rows, len(table.column_names)) == (n, width)
    assert len(table.arrow[target_of(name)].unique()) == n_classes


def test_diabetes_has_a_number_to_predict() -> None:
    assert sample("diabetes").arrow["progression"].to_pylist()[:3] == [151, 75, 141]


def test_labels_of_measured_tables_are_words() -> None:
    assert sample("iris").arrow["species"].unique().to_pylist() == ["setosa", "versicolor", "virginica"]


def test_penguins_are_text_with_empty_cells() -> None:
    table = sample("penguins")
    assert {str(field.type) for field in table.arrow.schema} == {"string"}
    assert table.arrow["sex"].to_pylist().count("") == 11


def test_penguins_are_those_of_the_examples() -> None:
    root = Path(__file__).parents[2]
    shipped = root / "src/epoca/tables/data/penguins.csv"
    assert shipped.read_bytes() == (root / "examples/penguins.csv").read_bytes()


def test_rows_of_a_measured_table_are_chosen_without_repetition() -> None:
    chosen = sample("wine", rows=178, seed=3)
    assert chosen.arrow.equals(sample("wine").arrow)
    assert sample("wine", rows=20, seed=3).n_rows == 20


def test_unknown_name_is_told_its_neighbours() -> None:
    with pytest.raises(OptionError, match=r'^There is no sample table "moon"\. Near it: moons\.$'):
        sample("moon")


def test_unknown_name_without_neighbours_is_told_them_all() -> None:
    with pytest.raises(OptionError, match=r'^There is no sample table "zzz"\. There are: and, or, xor, .*diabetes\.$'):
        target_of("zzz")


def test_a_table_needs_a_row() -> None:
    with pytest.raises(OptionError, match=r"^A sample table must have at least 1 row, not 0\.$"):
        sample("moons", rows=0)


@pytest.mark.parametrize("noise", [-1.0, float("nan"), float("inf")])
def test_noise_cannot_be_negative_or_endless(noise: float) -> None:
    with pytest.raises(OptionError, match=rf"^Noise must be 0 or a positive number, not {noise:.4g}\.$"):
        sample("moons", noise=noise)


def test_measurements_take_no_noise() -> None:
    with pytest.raises(OptionError, match=r'^The table "iris" holds measurements, to which no noise is added\.$'):
        sample("iris", noise=0.1)


def test_a_measured_table_has_no_more_rows_than_it_has() -> None:
    match = r'^The table "iris" has 150 rows, fewer than the 151 that were asked for\.$'
    with pytest.raises(OptionError, match=match):
        sample("iris", rows=151)

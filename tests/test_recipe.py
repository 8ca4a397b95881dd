"""The command and the program that train a model again."""

from __future__ import annotations

import inspect
import shlex
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from epoca.commands.fit import fit
from epoca.model import Model
from epoca.model_file import load
from epoca.recipe import OPTIONS, command_of, command_on, python_of, unlike_default
from epoca.settings import Settings
from epoca.tables.samples import sample
from tests.made import PLAIN
from tests.plots.conftest import trained


def changed_of(model: Model) -> dict[str, Any]:
    is_regression = model.target.task == "regression"
    rows = int(model.data["rows"]["train"])
    return unlike_default(Settings.of(model.settings), n_rows=rows, is_regression=is_regression)


def words_of(model: Model) -> str:
    return command_of("table.csv", target=model.target.column, changed=changed_of(model))


def test_its_options_are_those_of_the_command() -> None:
    known = inspect.signature(fit).parameters
    names = {name.removeprefix("--").removeprefix("no-").replace("-", "_") for name in OPTIONS.values()}
    assert names <= {*known}


def test_the_command_holds_what_is_not_the_default(penguins_model: Model) -> None:
    changed = changed_of(penguins_model)
    plain = {name: value for name, value in PLAIN.items() if name != "dropout"}  # of so few neurons none is silenced
    assert changed == {"hidden": (8,), "members": 3, "epochs": 8, **plain}
    assert shlex.split(command_of("penguins.csv", target="species", changed=changed))[-15:] == [
        *("--target", "species", "--hidden", "8", "--members", "3", "--epochs", "8"),
        *("--stop", "patience(16)", "--batch-size", "64", "--no-gains", "--pieces", "0"),
    ]


def test_the_words_of_every_setting_can_be_said() -> None:
    settings = Settings(hidden=(4, 4), members=2, epochs=2, shuffle=False, scaling=False, seed=3, dropout=0.1)
    model = trained(sample("moons", rows=60), "label", settings)
    words = words_of(model)
    assert words.endswith(
        "--target label --hidden 4,4 --members 2 --epochs 2 --dropout 0.1 --seed 3 --no-scaling --no-shuffle"
    )


def test_gains_and_pieces_are_said() -> None:
    settings = Settings(hidden=(4,), members=2, epochs=2, gains=False, pieces=4)
    model = trained(sample("moons", rows=60), "label", settings)
    words = words_of(model)
    assert words.endswith("--hidden 4 --members 2 --epochs 2 --no-gains --pieces 4")


def test_the_pieces_are_said_where_a_race_would_decide_on_them() -> None:
    settings = Settings(hidden=(4,), members=2, epochs=2)
    model = trained(sample("moons", rows=60), "label", settings)
    assert changed_of(model) == {"hidden": (4,), "members": 2, "epochs": 2, "pieces": 16}
    uncut = trained(sample("moons", rows=60), "label", replace(settings, pieces=0))
    assert changed_of(uncut) == {"hidden": (4,), "members": 2, "epochs": 2, "pieces": 0}
    numbers = trained(sample("diabetes"), "progression", settings)
    assert changed_of(numbers) == {"hidden": (4,), "members": 2, "epochs": 2}


def test_columns_left_out_are_named_one_by_one_and_no_rule_where_none_stops() -> None:
    settings = Settings(
        hidden=(4,), epochs=2, early_stopping=False, stopping="gl(5)", leave_out=("bill_length_mm", "sex")
    )
    model = trained(sample("penguins"), "species", settings)
    words = words_of(model)
    assert words.endswith("--hidden 4 --epochs 2 --leave-out bill_length_mm --leave-out sex --no-early-stopping")


def test_a_table_that_is_called_as_an_option_would_be_is_still_one() -> None:
    first = command_of("-odd.csv", target="-y", changed={})
    assert first == "epoca fit ./-odd.csv --target -y"
    assert command_on("-odd.csv", model="-odd.safetensors", epochs=3).startswith("epoca fit ./-odd.csv --continue ")
    assert command_on("odd-.csv", model="odd-.safetensors", epochs=3).startswith("epoca fit odd-.csv --continue ")


def test_the_program_trains_the_same_model(penguins_model: Model, tmp_path: Path, monkeypatch: Any) -> None:
    from epoca.tables.writing import as_csv

    monkeypatch.chdir(tmp_path)
    Path("penguins.csv").write_bytes(as_csv(sample("penguins")))
    changed = changed_of(penguins_model)
    for arguments in ({"table": "penguins.csv"}, {"table": "penguins", "sample": {"seed": 0}}):
        program = python_of(target="species", changed=changed, file="again.safetensors", **arguments)  # type: ignore[arg-type]
        exec(program, {})
        np.testing.assert_array_equal(load("again.safetensors").parameters, penguins_model.parameters)
        Path("again.safetensors").unlink()

"""Tables whose truth is known, and models trained on them."""

from __future__ import annotations

import threading
import time
from collections.abc import Collection
from typing import Any

import numpy as np
import pyarrow as pa

from epoca.fitting import Fitting
from epoca.model import Model
from epoca.problem import Problem
from epoca.settings import Settings
from epoca.tables.samples import sample
from epoca.tables.table import Table

PLAIN: dict[str, Any] = {"stopping": "patience(16)", "batch_size": 64, "dropout": 0.0, "gains": False, "pieces": 0}
"""Settings of a network that sees numbers as they are and has nothing but weights."""

PLAIN_OPTIONS = ("--batch-size", "64", "--dropout", "0", "--no-gains", "--pieces", "0")
"""The same on the command line, but for the rule."""


def threads_left(name: str = "", *, besides: Collection[threading.Thread] = ()) -> list[str]:
    """Threads whose name begins so that stay there, though they were let go."""
    end = time.monotonic() + 10
    while True:
        left = [thread for thread in threading.enumerate() if thread.name.startswith(name) and thread not in besides]
        if not left or time.monotonic() > end:
            return [thread.name for thread in left]
        time.sleep(0.001)


def trained(table: Table, target: str, **settings: Any) -> tuple[Model, Problem]:
    """A model and what it was trained on."""
    chosen = Settings(**settings)
    problem = Problem.of_table(table, target=target, settings=chosen)
    fitting = Fitting(problem, settings=chosen)
    for _epoch in fitting:
        pass
    return fitting.model(), problem


def mislabelled_moons() -> tuple[Table, set[int]]:
    """400 points of two half moons, "a" and "b", and the 33 rows whose label is the other one."""
    moons = sample("moons", rows=400, noise=0.1, seed=1)
    codes = np.array(moons.arrow["label"].to_pylist())
    wrong = np.random.default_rng(101).permutation(codes.size)[:33]
    codes[wrong] = 1 - codes[wrong]
    labels = pa.array(np.array(["a", "b"])[codes].tolist())
    return Table(name="moons", arrow=moons.arrow.set_column(2, "label", labels)), set(wrong.tolist())


def labelled(inputs: np.ndarray, codes: np.ndarray) -> Table:
    """A table of numbers x0, x1, … and the label y of every row, "class 0", "class 1", …"""
    columns = {f"x{place}": column for place, column in enumerate(inputs.T)}
    return Table(name="made", arrow=pa.table({**columns, "y": [f"class {code}" for code in codes]}))


def planes(rows: int) -> tuple[np.ndarray, np.ndarray]:
    """Ten columns, and three classes parted by planes that lie across them."""
    rng = np.random.default_rng(0)
    inputs = rng.normal(size=(rows, 10))
    return inputs, (inputs @ rng.normal(size=(10, 3))).argmax(axis=1)

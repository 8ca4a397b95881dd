"""Whatever a page does, in whatever order: it is done or refused in a sentence, and the page knows what holds."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import numpy as np
import pyarrow as pa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from epoca.errors import EpocaError
from epoca.lab.session import Session
from epoca.lab.sources import Brought
from epoca.tables.table import Table
from tests.lab.made import drawn, session

Act = tuple[str, dict[str, Any]]


def brought() -> dict[str, Brought]:
    """A table of all kinds of columns, one of numbers to predict and one of huge numbers."""
    chance, n = np.random.default_rng(0), 48
    days = pa.array(np.datetime64("2020-01-01") + np.arange(n))
    gaps = [None if i % 7 else 1.0 * i for i in range(n)]
    kinds = {"a": chance.normal(size=n), "b": ["u", "v", "w"] * 16, "d": days, "m": gaps, "y": ["ä", "b", "c"] * 16}
    numbers = {"a": chance.normal(size=n), "b": chance.normal(size=n) * 1e5, "y": chance.normal(size=n) * 1e6}
    huge = {"a": chance.normal(size=n) * 1e307, "b": chance.normal(size=n), "y": [0, 1] * 24}
    tables = (("t1", kinds), ("t2", numbers), ("t3", huge))
    return {name: Brought(table=Table(name=f"{name}.csv", arrow=pa.table(of)), target="y") for name, of in tables}


def do(what: str, /, **arguments: st.SearchStrategy[Any]) -> st.SearchStrategy[Act]:
    return st.tuples(st.just(what), st.fixed_dictionaries(arguments))


COLUMNS = st.sampled_from(["a", "b", "d", "x1", "x2", "island"])
EPOCHS = st.one_of(st.none(), st.just("kept"), st.integers(0, 14))
PLACES, ROWS = st.floats(-1, 2), st.integers(0, 60)

CHANGES: dict[str, st.SearchStrategy[Any]] = {
    "table": st.sampled_from(["moons", "xor", "blobs", "iris", "penguins", "diabetes", "t1", "t2", "t3"]),
    "target": st.sampled_from(["y", "label", "species", ""]),
    "left_out": st.lists(COLUMNS, max_size=1),
    "axes": st.lists(COLUMNS, min_size=2, max_size=2),
    "held": st.dictionaries(COLUMNS, st.sampled_from([0.0, 1e300, "u"]), max_size=1),
    "model": st.sampled_from(["perceptron", "neuron", "network"]),
    "hidden": st.sampled_from([[], [2], [3, 2]]),
    "members": st.sampled_from([1, 3]),
    "member": st.integers(0, 3),
    "map_of": st.sampled_from(["all", "member"]),
    "learning_rate": st.sampled_from([0.01, 1.0, 10.0]),
    "batch_size": st.sampled_from([1, 16, 1024]),
    "early_stopping": st.booleans(),
    "stopping": st.sampled_from(["", "patience(2)", "never"]),
    "epochs": st.sampled_from([1, 3, 12]),
    "test_size": st.sampled_from([0, 0.2, 0.9]),
    "scaling": st.booleans(),
    "seed": st.integers(0, 3),
    "language": st.sampled_from(["en", "pt_BR"]),
}

ACTS = st.one_of(
    st.tuples(
        st.just("change"), st.lists(st.sampled_from([*CHANGES]), min_size=1, max_size=2, unique=True).flatmap(
            lambda names: st.fixed_dictionaries({name: CHANGES[name] for name in names})
        ),
    ),
    do("step", of=st.sampled_from(["sample", "batch", "epoch"])),
    do("view", epoch=EPOCHS),
    do("view", epoch=st.just("kept")),
    do("set_weight", index=st.integers(0, 4), value=st.sampled_from([0, -3.5, 9e5])),
    do("freeze", index=st.integers(0, 2), is_frozen=st.booleans()),
    do("add_point", x=PLACES, y=PLACES, code=st.integers(0, 2)),
    do("move_point", row=ROWS, x=PLACES, y=PLACES),
    do("remove_point", row=ROWS),
    do("go_on", epochs=st.sampled_from([1, 5])),
    do("unpin", run=st.integers(0, 3)),
    *(do(what) for what in ("play", "pause", "back", "restart", "reseed", "experiment", "undo", "pin", "learn", "end")),
    do("ask", what=st.sampled_from(["row", "speech", "likelihood", "map"]), row=ROWS, run=st.one_of(st.none(), ROWS)),
    do("file", kind=st.sampled_from(["model", "table", "runs"])),
    *(do(what) for what in ("keep record", "replay record")),
)  # fmt: skip


def carry_out(of: Session, act: Act, kept: dict[str, Any]) -> None:
    what, arguments = act
    others: dict[str, Callable[[], object]] = {
        "change": lambda: of.change(arguments),
        "learn": lambda: of.turn(0.002),
        "end": lambda: play_out(of),
        "ask": lambda: of.ask(arguments["what"], arguments),
        "file": lambda: of.file(arguments["kind"]),
        "keep record": lambda: kept.update(record=json.loads(json.dumps(of.ask("record", {})))),
        "replay record": lambda: of.do("replay", kept),
    }
    others.get(what, lambda: of.do(what, arguments))()


def play_out(of: Session) -> None:
    """Play to the end, which comes."""
    of.do("play", {})
    for _turn in range(2000):
        if of.turn(0.01) is None:
            return
    raise AssertionError("it never ends")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(ACTS, min_size=10, max_size=40))
def test_in_any_order_all_is_done_or_refused_and_the_page_knows_what_holds(acts: list[Act]) -> None:
    of, kept = session(brought=brought()), {"record": {}}
    for _epoch in range(3):
        of.do("step", {"of": "epoch"})
    for act in acts:
        with suppress(EpocaError):
            carry_out(of, act, kept)
        of.turn(0.0)
        state = json.loads(json.dumps(of.board.since(0)[0], allow_nan=False))
        assert {name: state[name] for name in of._stage.choices.to_json()} == json.loads(
            json.dumps(of._stage.choices.to_json())
        )
        assert state["viewed"] == of._stage.viewed
        if state["status"] != "failed":
            header, _planes = drawn(of)
            assert header["epoch"] == state["epoch"]
    of.close()

"""A crowd at the lab's door: 50 sessions at once, each with a table of its own, and what any is given of another's."""

from __future__ import annotations

import json
import math
import statistics
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple, cast

import numpy as np
from websockets.sync.client import ClientConnection

sys.path.insert(0, str(Path(__file__).parents[1]))  # the requests are those of the tests

from tests.lab.asking import raw, upload
from tests.lab.probing import At

import epoca
from epoca.estimators.mlp_classifier import MLPClassifier
from epoca.fitting import Fitting
from epoca.learners.predicting import predictions
from epoca.problem import Problem
from epoca.settings import Settings
from epoca.tables.reading import read_table
from lab import memory

SESSIONS, EPOCHS = 50, 20

PATIENCE = 60.0
"""Seconds without a word after which a session has failed."""


class Own(NamedTuple):
    """What a session brings; its names, labels, cells, seed and number of rows are those of no other."""

    name: str
    seed: int
    columns: list[str]
    """The last is the target."""
    labels: list[str]
    rows: list[list[str]]

    @property
    def content(self) -> bytes:
        """As CSV."""
        return "".join(",".join(line) + "\n" for line in [self.columns, *self.rows]).encode()


def own(number: int) -> Own:
    """Three classes by two numbers and a text, and a row more than the session before has."""
    random, mark = np.random.default_rng(number), f"s{number:02}"
    classes = random.integers(0, 3, 200 + number)
    places = random.normal(size=(classes.size, 2)) + np.array([[0, 0], [2, 0], [0, 2]])[classes]
    labels, texts = [f"{mark}_{end}" for end in "abc"], random.integers(0, 4, classes.size)
    return Own(
        name=f"{mark}.csv",
        seed=number,
        columns=[f"{mark}_{end}" for end in ("length", "width", "colour", "kind")],
        labels=labels,
        rows=[
            [f"{x:.6f}", f"{y:.6f}", f"{mark}_colour{text}", labels[code]]
            for (x, y), text, code in zip(places, texts, classes, strict=True)
        ],
    )


class RefusedError(Exception):
    """The lab did not do what a page of its own asked for."""


def asked(at: At, request: bytes) -> bytes:
    """What is answered by HTTP."""
    answer = at.ask(request)
    if answer.status != 200:
        raise RefusedError(f"answered {answer.status}: {answer.body[:200]!r}")
    return answer.body


class Page:
    """A page that asks for one thing after the other, and keeps the state it is told."""

    def __init__(self, tab: ClientConnection) -> None:
        self.tab = tab
        self.state: dict[str, Any] = {}

    def hear(self) -> dict[str, Any]:
        message = cast(dict[str, Any], json.loads(self.tab.recv(timeout=PATIENCE)))
        self.state |= message.get("state", {})
        if message["type"] == "refused":
            raise RefusedError(message["sentence"])
        if self.state["status"] == "failed":
            raise RefusedError(self.state["problem_sentence"])
        return message

    def answered(self, **message: Any) -> dict[str, Any]:
        self.tab.send(json.dumps({**message, "id": 1}))
        while (found := self.hear()).get("id") != 1:
            pass
        return found

    def learn(self, **choices: Any) -> None:
        """To the end."""
        self.answered(type="change", changes={"epochs": EPOCHS, "stopping": "", "speed": 0, **choices})
        # Until the state tells of the table, an end is that of the run before.
        while (self.state["table"], self.state["status"]) != (choices["table"], "ended"):
            self.hear()


class Visit(NamedTuple):
    """What a session brought, was told and was given."""

    own: Own
    state: dict[str, Any]
    answer: dict[str, Any]
    """To the question about the last row."""
    saved: MLPClassifier
    """What its model file holds."""
    seconds: float
    """From the upload's first byte to the answer."""


def visit(at: At, tab: ClientConnection, own: Own, *, start: threading.Barrier) -> Visit:
    """Bring a table when all others do, learn from it, have its last row predicted, and save the model."""
    page = Page(tab)
    try:
        session = page.hear()["session"]
    finally:
        start.wait()  # nobody waits for those who were not let in
    began = time.perf_counter()
    brought = json.loads(asked(at, upload(own.content, name=own.name, session=session)))
    page.learn(table=brought["id"], target=own.columns[-1], seed=own.seed)
    answer = page.answered(type="ask", what="row", row=len(own.rows) - 1)["answer"]
    seconds = time.perf_counter() - began
    content = asked(at, raw(f"GET /files/{session}/model HTTP/1.1"))
    with TemporaryDirectory() as folder:
        file = Path(folder) / "model.safetensors"
        file.write_bytes(content)
        saved = cast(MLPClassifier, epoca.load(file))
    return Visit(own, page.state, answer, saved, seconds)


def alone(own: Own, settings: Settings) -> Fitting:
    """The same training where there is nobody else."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / own.name
        file.write_bytes(own.content)
        problem = Problem.of_table(read_table(file), target=own.columns[-1], settings=settings)
    fitting = Fitting(problem, settings=settings)
    for _epoch in fitting:
        pass
    return fitting


def prediction(fitting: Fitting, row: int) -> list[float]:
    """What the first member, at its best epoch, says of a row."""
    matrix = fitting.material.encoded(fitting.problem.table, np.array([row]))
    first = fitting.training.best_parameters[:1]
    return cast(list[float], predictions(first, fitting.learner.shape, matrix)[0].tolist())


def strange(visit: Visit) -> list[str]:
    """What a session was told or given that is not its own."""
    own, state, answer, model = visit.own, visit.state, visit.answer, visit.saved.model_
    fitting = alone(own, replace(Settings.of(model.settings), seed=own.seed))
    last = len(own.rows) - 1
    # The lab encodes the row in float64, members are shown float32: the last digits differ.
    distance = math.dist(answer["trace"]["outputs"], prediction(fitting, last))
    pairs: dict[str, tuple[Any, Any]] = {
        "tables": ([table["name"] for table in state["tables"]], [own.name]),
        "columns": (state["table_columns"], own.columns),
        "labels": (state["labels"], own.labels),
        "number of rows": (len(state["points"]["rows"]), len(own.rows)),
        "row asked for": (answer["row"], last),
        "cells of the row": (answer["cells"], dict(zip(own.columns, own.rows[-1], strict=True))),
        "distance of the prediction": (round(distance, 4), 0.0),
        "table of the file": (model.data["name"], own.name),
        "columns of the file": ([*visit.saved.feature_names_in_, model.target.column], own.columns),
        "labels of the file": (visit.saved.classes_.tolist(), own.labels),
        "number of rows of the file": (sum(model.data["rows"].values()), len(own.rows)),
        "seed of the file": (model.settings["seed"], own.seed),
        "weights of the file": (model.parameters.tolist(), fitting.model().parameters.tolist()),
    }
    return [f"{own.name}, {what}: {str(found)[:100]}" for what, (found, wanted) in pairs.items() if found != wanted]


class Crowd(NamedTuple):
    """What became of all of them."""

    errors: list[str]
    crossed: list[str]
    """What was told or given to a session and is not its own."""
    seconds: list[float]
    """In order; those of a session that failed have no end."""
    megabytes: float
    """That the process grew by, for each session."""

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    @property
    def p95(self) -> float:
        return self.seconds[math.ceil(0.95 * len(self.seconds)) - 1]


def crowd(at: At) -> Crowd:
    """All at once, after one that has the process load what all of them need."""
    with at.tab() as tab:
        visit(at, tab, own(SESSIONS), start=threading.Barrier(1))
    before, start = memory(at), threading.Barrier(SESSIONS)
    with ExitStack() as stack, ThreadPoolExecutor(SESSIONS) as pool:
        tabs = [stack.enter_context(at.tab()) for _session in range(SESSIONS)]
        futures = [pool.submit(visit, at, tab, own(number), start=start) for number, tab in enumerate(tabs)]
        failures = [future.exception() for future in futures]
        each = (memory(at) - before) / SESSIONS
    ended = [future.result() for future, failure in zip(futures, failures, strict=True) if failure is None]
    errors = [f"session {number}: {failure!r}" for number, failure in enumerate(failures) if failure is not None]
    return Crowd(
        errors=errors + [line.strip() for line in at.errors if "Traceback" in line],
        crossed=[what for visit in ended for what in strange(visit)],
        seconds=sorted([visit.seconds for visit in ended] + [math.inf] * (SESSIONS - len(ended))),
        megabytes=each,
    )

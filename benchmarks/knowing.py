"""What it costs to know the ideal epoch, its range and the verdict: ``python benchmarks/knowing.py [FILE]``.

For each table the members are trained twice over the same number of epochs, by turns:

- plainly: epochs, training and held-out loss of each, the best weights, and the scores of training, held-out and test
  rows; no more than early stopping needs, its members shared out among the threads as epoca does it;
- as `epoca.fitting.Fitting` does it: the losses of groups of rows, refined losses, the neuron beside, the clues of the
  rows, the correction of the minimum, range, spread, forecast, verdict.

A second table tells the memory of a long record: 1,000 epochs of 8 members.
"""

from __future__ import annotations

import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np

from epoca.fitting import Fitting
from epoca.judging import out_of_fold
from epoca.learners.feedforward import evaluate
from epoca.learners.population import Member, Population
from epoca.learners.preparing import prepare
from epoca.model import Model
from epoca.problem import Problem
from epoca.settings import Settings
from epoca.tables.reading import read_table
from epoca.tables.samples import sample
from epoca.tables.table import Table

SHARED = Path(__file__).parents[2] / "shared" / "data"
TABLES = {
    "penguins": "species",
    "german_credit": "class",
    "churn": "churn",
    "splice": "Class",
    "phoneme": "Class",
    "satimage": "class",
    "magic": "class",
    "adult": "income",
    "mpg": "mpg",
}
SMALL = Settings(hidden=(64, 32))
TURNS = 5


def table_of(name: str) -> Table | None:
    """One of the shared tables, where they lie beside the project; penguins are built in."""
    if name == "penguins":
        return sample("penguins")
    found = sorted(SHARED.glob(f"{name}.csv*"))
    return read_table(found[0]) if found else None


def plainly(fitting: Fitting, model: Model, epochs: int) -> None:
    """The members of a fitting from their start, for so many epochs, and their scores."""
    material, learner = fitting.material, fitting.learner
    settings = fitting.settings
    population = Population(learner, material.examples, folds=material.held_out, seed=settings.seed)
    signals = np.zeros(1, np.int64)
    rate = settings.learning_rate
    assert rate is not None
    outputs = int(learner.shape.sizes[-1])
    members = population.members
    best = population.parameters
    least = np.full(len(members), np.inf)

    def learn(_place: int, member: Member) -> tuple[float, float]:
        member.state.shuffle(member.rows)
        learner.epoch(member.state, material.examples, learning_rate=rate, signals=signals)
        losses = []
        for rows in (member.sample, member.held_out):
            room = np.empty(rows.size), np.empty((0, outputs), learner.dtype)
            losses.append(evaluate(member.state.parameters, learner.shape, *material.examples, rows, *room)[0])
        return losses[0], losses[1]

    curves = []
    for _epoch in range(epochs):
        curves.append(population.side_by_side(learn))
        for number, (_, held_out) in enumerate(curves[-1]):
            if held_out < least[number]:
                best[number], least[number] = members[number].state.parameters, held_out
        np.mean(curves[-1], axis=0)  # by which patience counts
    population.close()
    model.outputs(material.matrix)
    out_of_fold(model, best, material, material.held_out)
    model.outputs(material.encoded(fitting.problem.table, fitting.test_rows))


def knowingly(problem: Problem, settings: Settings) -> Model:
    """A model with all that is known of it."""
    fitting = Fitting(problem, settings=settings)
    for _epoch in fitting:
        pass
    model = fitting.model()
    str(model.verdict)
    assert model.best_epoch_range is not None
    str(model.best_epoch_spread)
    return model


def seconds(work: Callable[[], object]) -> float:
    """How long it takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def line(name: str, table: Table, target: str, settings: Settings) -> str:
    """One row of the table."""
    problem = Problem.of_table(table, target=target, settings=settings)
    fitting = Fitting(problem, settings=settings)
    prepare(fitting.learner)
    model = knowingly(problem, settings)
    epochs = len(model.history)
    plain, known = [], []
    for _turn in range(TURNS):
        plain.append(seconds(lambda: plainly(fitting, model, epochs)))
        known.append(
            seconds(lambda: knowingly(problem, settings)) - seconds(lambda: Fitting(problem, settings=settings))
        )
    ratio = statistics.median(b / a for a, b in zip(plain, known, strict=True))
    layers = "→".join(str(size) for size in model.form.sizes)
    return (
        f"| {name} | {table.n_rows:,} | {layers} | {epochs} | {statistics.median(plain):.3f} s | "
        f"{statistics.median(known):.3f} s | {ratio - 1:+.0%} |"
    )


def memory_of_a_record() -> str:
    """What 1,000 epochs of 8 members leave in memory, as traced."""
    settings = Settings(hidden=(8,), epochs=1000, stopping="patience(1000)")
    problem = Problem.of_table(sample("moons", rows=2000), target="label", settings=settings)
    fitting = Fitting(problem, settings=settings)
    prepare(fitting.learner)
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    for _epoch in fitting.members_alone():
        pass
    after = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    epochs, size = len(fitting.training.history), (after - before) / 1e6
    return f"Recorded: {epochs} epochs of 8 members: {size:.1f} MB (asked: under 50)."


def main() -> None:
    """Measure, print, and write the table if a file is named."""
    lines = [
        f"# What knowing costs, {date.today().isoformat()}",
        "",
        "Seconds of the plain training of the same members over the same epochs, and of everything that is known in",
        f"the end; medians of {TURNS}, by turns in one process. Asked: at most 25 % more.",
        "",
        "| table | rows | network | epochs | plain | with all that is known | more |",
        "|---|---|---|---|---|---|---|",
    ]
    print("\n".join(lines))
    for name, target in TABLES.items():
        table = table_of(name)
        if table is None:
            print(f"{name}: left out, since {SHARED} is not there")
            continue
        for settings in (Settings(), SMALL):
            lines.append(line(name, table, target, settings))
            print(lines[-1], flush=True)
    lines += ["", memory_of_a_record()]
    print(lines[-1])
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

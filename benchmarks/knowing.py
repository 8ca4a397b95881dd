"""What it costs to know the ideal epoch, its range and the verdict: ``python benchmarks/knowing.py [FILE]``.

For each table the same members are trained over the same epochs, by turns in one process:

- bare: passes, training and held-out loss of each epoch, every member's best weights; no history, no rule;
- plain: by epoca's loop, with its history and stopping rule, knowing losses and accuracies only;
- with all that is known: as `epoca.fitting.Fitting` does it: the losses of groups of rows, refined losses, the neuron
  beside, the clues of the rows, the correction of the minimum, range, spread, forecast, verdict.

All end with the scores of training, held-out and test rows. A line at the end tells the memory of a long record: 1,000
epochs of 8 members.
"""

from __future__ import annotations

import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import cast, final

import numpy as np
from numba import njit

from epoca.fitting import Fitting
from epoca.judging import out_of_fold
from epoca.learners.feedforward import evaluate
from epoca.learners.population import CURVES, Findings, Member, Population
from epoca.learners.preparing import prepare
from epoca.model import Model
from epoca.problem import Problem
from epoca.settings import Settings
from epoca.tables.reading import read_table
from epoca.tables.samples import sample
from epoca.tables.table import Table
from epoca.training.loop import Training
from epoca.training.rules import Divergence, Limit, Solved
from epoca.training.schedules import Constant
from epoca.types import Parameters

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
USUAL = Settings(stopping="patience(32)")  # which a plain loop can follow too
SMALL = replace(USUAL, hidden=(64, 32))
TURNS = 9


def table_of(name: str) -> Table | None:
    """One of the shared tables, where they lie beside the project; penguins are built in."""
    if name == "penguins":
        return sample("penguins")
    found = sorted(SHARED.glob(f"{name}.csv*"))
    return read_table(found[0]) if found else None


@njit(nogil=True, error_model="numpy")
def measure_plainly(parameters, shape, matrix, targets, weights, sample, held_out, losses, none, found):  # type: ignore[no-untyped-def]
    """Losses and accuracies of a member, in one call as epoca measures them."""
    found[0], found[1] = evaluate(parameters, shape, matrix, targets, weights, sample, losses, none)
    found[2], found[3] = evaluate(parameters, shape, matrix, targets, weights, held_out, losses, none)


@final
class PlainPopulation:
    """Stands in for the population of a fitting in the loop; measures losses and accuracies, and nothing else."""

    def __init__(self, fitting: Fitting) -> None:
        material, settings = fitting.material, fitting.settings
        self._learner, self._examples = fitting.learner, material.examples
        self._population = Population(self._learner, self._examples, folds=material.held_out, seed=settings.seed)
        self._signals = np.zeros(1, np.int64)
        self._none = np.empty((0, int(self._learner.shape.sizes[-1])), self._learner.dtype)
        self.members, self.groups = self._population.members, self._population.groups
        self.parameters_of, self.close = self._population.parameters_of, self._population.close

    @property
    def parameters(self) -> Parameters:
        """(k, P): a copy of every member."""
        return self._population.parameters

    def epoch(self, *, learning_rate: float, shuffle: bool = True) -> Findings:
        """A pass over the rows and what there is to see."""
        del shuffle
        curves = np.full((len(self.members), len(CURVES)), np.nan)

        def learn(place: int, member: Member) -> None:
            found, state, learner = curves[place], member.state, self._learner
            state.shuffle(member.rows)
            found[0] = learner.epoch(state, self._examples, learning_rate=learning_rate, signals=self._signals)
            losses = np.empty(max(member.sample.size, member.held_out.size))
            rows = member.sample, member.held_out
            measure_plainly(state.parameters, learner.shape, *self._examples, *rows, losses, self._none, found[1:])

        self._population.side_by_side(learn)
        return Findings._make([*curves.T, np.empty((len(self.members), 0), np.float32)])


def barely(fitting: Fitting, population: PlainPopulation, model: Model) -> None:
    """The members from their start, for as many epochs as the model's, and their scores."""
    rate = fitting.settings.learning_rate
    assert rate is not None
    best, least = population.parameters, np.full(len(population.members), np.inf)
    for _epoch in range(len(model.history)):
        losses = population.epoch(learning_rate=rate).held_out_loss
        for place in np.flatnonzero(losses < least).tolist():
            best[place], least[place] = population.members[place].state.parameters, losses[place]
    population.close()
    scores(fitting, model, best)


def plainly(fitting: Fitting, population: PlainPopulation, model: Model) -> None:
    """The members from their start until the stopping rule ends it, and their scores."""
    settings = fitting.settings
    assert settings.learning_rate is not None
    assert settings.epochs is not None
    training = Training(
        cast("Population", population),
        rules=[Divergence(), Solved(), settings.rule, Limit(settings.epochs)],
        schedule=Constant(settings.learning_rate),
    )
    for _epoch in training:
        pass
    assert len(training.history) == len(model.history)
    scores(fitting, model, training.best_parameters)


def scores(fitting: Fitting, model: Model, best: Parameters) -> None:
    """What the members predict of all rows."""
    material = fitting.material
    model.outputs(material.matrix)
    out_of_fold(model, best, material, material.held_out)
    model.outputs(material.encoded(fitting.problem.table, fitting.test_rows))


def knowingly(fitting: Fitting) -> Model:
    """A model with all that is known of it."""
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
    model = knowingly(fitting)
    plainly(fitting, PlainPopulation(fitting), model)  # compiles what measures plainly
    turns = []
    for _turn in range(TURNS):
        fittings = [Fitting(problem, settings=settings) for _way in range(3)]  # each has a population at its start
        populations = [PlainPopulation(each) for each in fittings[:2]]
        bare = seconds(partial(barely, fittings[0], populations[0], model))
        plain = seconds(partial(plainly, fittings[1], populations[1], model))
        turns.append((bare, plain, seconds(partial(knowingly, fittings[2]))))
    bares, plains, knowns = zip(*turns, strict=True)
    more = [statistics.median(b / a - 1 for a, b in zip(each, knowns, strict=True)) for each in (plains, bares)]
    layers = "→".join(str(size) for size in model.form.sizes)
    times = " | ".join(f"{statistics.median(each):.3f} s" for each in (bares, plains, knowns))
    return (
        f"| {name} | {table.n_rows:,} | {layers} | {len(model.history)} | {times} | {more[0]:+.0%} | {more[1]:+.0%} |"
    )


def memory_of_a_record() -> str:
    """What 1,000 epochs of 8 members leave in memory, as traced."""
    settings = Settings(hidden=(8,), epochs=1000, stopping="patience(1000)")
    problem = Problem.of_table(sample("moons", rows=2000), target="label", settings=settings)
    fitting = Fitting(problem, settings=settings)
    prepare(fitting.learner)
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    for _epoch in fitting.training:
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
        "Seconds of training the same members over the same epochs: bare, by epoca's plain loop, and with all that is",
        f"known in the end; medians of {TURNS}, by turns in one process. Asked: at most 25 % more than plain.",
        "",
        "| table | rows | network | epochs | bare | plain | with all that is known | more than plain | than bare |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    print("\n".join(lines))
    for name, target in TABLES.items():
        table = table_of(name)
        if table is None:
            print(f"{name}: left out, since {SHARED} is not there")
            continue
        for settings in (USUAL, SMALL):
            lines.append(line(name, table, target, settings))
            print(lines[-1], flush=True)
    lines += ["", memory_of_a_record()]
    print(lines[-1])
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

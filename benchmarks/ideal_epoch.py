"""The ideal epoch, its range, the corrected score and the forecast beside the truth, which fresh rows tell.

``python benchmarks/ideal_epoch.py [FILE] [--runs N] [--seed S]`` trains on small simulated tables and after every epoch
measures every member on 100,000 fresh rows of the same source; it prints a table, or writes it to FILE.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal, NamedTuple, TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

import epoca
from epoca.cores import n_cores
from epoca.fitting import Fitting
from epoca.learners.feedforward import evaluate
from epoca.problem import Problem
from epoca.settings import Settings
from epoca.tables.table import Table
from epoca.training.forecast import FEWEST_EPOCHS, forecast
from epoca.training.history import History
from epoca.training.ideal_epoch import ideal_epoch, ideal_epoch_range
from epoca.training.optimism import optimism
from epoca.training.rules import Patience
from epoca.types import Numbers

FRESH = 100_000
MOST_EPOCHS = 400
AS_GOOD = 0.005
"""So far above the least true loss, as a share of it, an epoch is as good as the best."""
LONG, DEFAULT = 40, 16
"""Epochs of patience; the default's training is the beginning of the long one, which has the same seed."""

Floats: TypeAlias = NDArray[np.float64]
Drawn: TypeAlias = tuple[Floats, NDArray[np.float64] | NDArray[np.int64]]
World: TypeAlias = Callable[[np.random.Generator, int], Drawn]
"""Draws so many rows: columns and target."""


# --- Where rows come from ---------------------------------------------------------------------------------------------


def moons(rng: np.random.Generator) -> World:
    """Two half moons, some of their labels turned round."""
    noise, flipped = rng.uniform(0.1, 0.4), rng.uniform(0, 0.2)

    def draw(rows: np.random.Generator, n: int) -> Drawn:
        labels, angle = rows.integers(0, 2, n), rows.uniform(0, np.pi, n)
        upper = np.column_stack([np.cos(angle), np.sin(angle)])
        places = np.where(labels[:, np.newaxis] == 0, upper, [1, 0.5] - upper)
        return places + rows.normal(0, noise, places.shape), labels ^ (rows.uniform(size=n) < flipped)

    return draw


def rings(rng: np.random.Generator) -> World:
    """Rings of two or three classes around one another, with columns of noise beside."""
    classes, noise, flipped = rng.integers(2, 4), rng.uniform(0.05, 0.3), rng.uniform(0, 0.15)
    idle = int(rng.integers(0, 4))

    def draw(rows: np.random.Generator, n: int) -> Drawn:
        labels, angle = rows.integers(0, classes, n), rows.uniform(0, 2 * np.pi, n)
        places = (1.0 + labels)[:, np.newaxis] * np.column_stack([np.cos(angle), np.sin(angle)])
        places = np.column_stack([places + rows.normal(0, noise, places.shape), rows.normal(size=(n, idle))])
        return places, np.where(rows.uniform(size=n) < flipped, rows.integers(0, classes, n), labels)

    return draw


def mixture(rng: np.random.Generator) -> World:
    """Clouds of two to five classes, two clouds each, that reach into each other."""
    classes, d = int(rng.integers(2, 6)), int(rng.integers(2, 11))
    centres = rng.normal(0, rng.uniform(0.6, 1.5), (classes, 2, d))
    axes = rng.normal(size=(classes, 2, d, d)) / np.sqrt(d)

    def draw(rows: np.random.Generator, n: int) -> Drawn:
        labels, cloud = rows.integers(0, classes, n), rows.integers(0, 2, n)
        around = np.einsum("nd,nde->ne", rows.normal(size=(n, d)), axes[labels, cloud])
        return centres[labels, cloud] + around, labels

    return draw


def network_of(rng: np.random.Generator, *, inputs: int, outputs: int) -> Callable[[Floats], Floats]:
    """A random network of one hidden layer, its scores of variance about 1."""
    hidden = int(rng.integers(4, 21))
    first, bias = rng.normal(0, 1.5 / np.sqrt(inputs), (inputs, hidden)), rng.normal(0, 0.5, hidden)
    last = rng.normal(0, 1.5 / np.sqrt(hidden), (hidden, outputs))
    return lambda columns: np.tanh(columns @ first + bias) @ last


def teacher(rng: np.random.Generator) -> World:
    """Labels drawn with the probabilities that a random network gives."""
    d, classes, strength = int(rng.integers(4, 13)), int(rng.integers(2, 5)), rng.uniform(1, 4)
    network = network_of(rng, inputs=d, outputs=classes)

    def draw(rows: np.random.Generator, n: int) -> Drawn:
        columns = rows.normal(size=(n, d))
        chances = strength * network(columns) + rows.gumbel(size=(n, classes))
        return columns, chances.argmax(axis=1)

    return draw


def effects_of(rng: np.random.Generator, *, at_work: int) -> Callable[[Floats], Floats]:
    """A sum of bent effects of single columns and of products of two, of variance about 1."""
    slopes, bends, waves = rng.normal(size=(3, at_work)) / np.sqrt(2 * at_work)
    pairs = rng.permutation(at_work)[: at_work // 2 * 2].reshape(-1, 2)
    crossed = rng.normal(size=len(pairs)) / np.sqrt(2 * len(pairs))

    def effects(columns: Floats) -> Floats:
        alone = columns @ slopes + (columns**2 - 1) @ bends / np.sqrt(2) + np.sin(2 * columns) @ waves
        total: Floats = alone + (columns[:, pairs[:, 0]] * columns[:, pairs[:, 1]]) @ crossed
        return total

    return effects


def effects(rng: np.random.Generator) -> World:
    """Two classes by additive and crossed effects of some of 10 to 20 columns; the others are pure noise."""
    d, at_work, strength = int(rng.integers(10, 21)), int(rng.integers(4, 9)), rng.uniform(1, 4)
    score = effects_of(rng, at_work=at_work)

    def draw(rows: np.random.Generator, n: int) -> Drawn:
        columns = rows.normal(size=(n, d))
        return columns, (strength * score(columns[:, :at_work]) > rows.logistic(size=n)).astype(np.int64)

    return draw


def regression_effects(rng: np.random.Generator) -> World:
    """A number by such effects, and noise."""
    d, at_work, noise = int(rng.integers(10, 21)), int(rng.integers(4, 9)), rng.uniform(0.3, 1.5)
    score = effects_of(rng, at_work=at_work)

    def draw(rows: np.random.Generator, n: int) -> Drawn:
        columns = rows.normal(size=(n, d))
        return columns, score(columns[:, :at_work]) + rows.normal(0, noise, n)

    return draw


def regression_teacher(rng: np.random.Generator) -> World:
    """The number a random network gives, and heavy-tailed noise."""
    d, noise = int(rng.integers(2, 9)), rng.uniform(0.1, 0.8)
    network = network_of(rng, inputs=d, outputs=1)

    def draw(rows: np.random.Generator, n: int) -> Drawn:
        columns = rows.normal(size=(n, d))
        return columns, network(columns)[:, 0] + noise * rows.standard_t(4, n)

    return draw


SOURCES: dict[str, Callable[[np.random.Generator], World]] = {
    "moons, labels flipped": moons,
    "rings": rings,
    "clouds of 2-5 classes": mixture,
    "a network's labels": teacher,
    "effects, noise columns": effects,
    "regression by effects": regression_effects,
    "regression by a network": regression_teacher,
}


# --- One run ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Run:
    """A training and the truth about it: every member's loss on fresh rows after every epoch, (epochs, k)."""

    source: str
    history: History
    truth: Numbers

    @property
    def least(self) -> float:
        """The least true loss over the epochs."""
        return float(self.truth.mean(axis=1).min())

    def before(self, epochs: int) -> Run:
        """The first epochs alone."""
        history = History(list(self.history)[:epochs], groups=self.history.groups)
        return Run(source=self.source, history=history, truth=self.truth[:epochs])

    def with_patience(self, epochs: int) -> Run:
        """What would have been trained with so little patience."""
        rule, history = Patience(epochs), History(groups=self.history.groups)
        for epoch in self.history:
            history.append(epoch)
            if rule(history) is not None:
                break
        return self.before(len(history))


def run(number: int, *, seed: int) -> Run:
    """A training on a table of random size by a network of random size."""
    rng = np.random.default_rng((seed, number))
    source = list(SOURCES)[number % len(SOURCES)]
    world = SOURCES[source](rng)
    task: Literal["classification", "regression"] = "regression" if "regression" in source else "classification"
    widths: tuple[tuple[int, ...], ...] = ((16,), (32,), (64,), (16, 16), (32, 32))
    settings = Settings(
        task=task,
        hidden=widths[rng.integers(len(widths))],
        learning_rate=float(10 ** rng.uniform(-3, -2)),
        batch_size=32,
        epochs=MOST_EPOCHS,
        stopping=f"patience({LONG})",
        test_size=0.0,
        seed=number,
    )
    n = round(150 * 20 ** rng.uniform())
    table = table_of(*world(rng, n))
    fitting = Fitting(Problem.of_table(table, target="y", settings=settings), settings=settings)
    fresh = table_of(*world(rng, FRESH))
    truth = np.array(list(true_losses(fitting, fresh)))
    return Run(source=source, history=fitting.training.history, truth=truth)


def table_of(columns: Floats, target: NDArray[np.float64] | NDArray[np.int64]) -> Table:
    """Columns x0, x1 … and the target y."""
    named: dict[str, NDArray[np.float64] | NDArray[np.int64]] = {f"x{i}": one for i, one in enumerate(columns.T)}
    return Table(name="simulated", arrow=pa.table({**named, "y": target}))


def true_losses(fitting: Fitting, fresh: Table) -> Iterator[Numbers]:
    """(k,) after every epoch of the training."""
    material, target, learner = fitting.material, fitting.target, fitting.learner
    matrix = material.encoded(fresh)
    found = target.numbers(fresh) if target.task == "regression" else target.codes(fresh)
    targets = material.learned(found).astype(learner.dtype)
    weights, rows = np.ones(FRESH, learner.dtype), np.arange(FRESH)

    def loss(parameters: NDArray[np.float32] | NDArray[np.float64]) -> float:
        losses, no_scores = np.empty(FRESH), np.empty((0, learner.shape.sizes[-1]), learner.dtype)
        mean, _ = evaluate(parameters, learner.shape, matrix, targets, weights, rows, losses, no_scores)
        return float(mean)

    with ThreadPoolExecutor(n_cores()) as threads:
        for _epoch in fitting.training:
            yield np.array(list(threads.map(loss, fitting.training.parameters)))


# --- What a run tells -------------------------------------------------------------------------------------------------


class Figures(NamedTuple):
    """What is measured of one run; losses in percent of the least true one, NaN where there is nothing to measure."""

    covered: float
    width: float
    worst: float
    covered_by_default: float
    width_by_default: float
    epoch_alone: float
    true_width: float
    joint: float
    member_alone: float
    bias: float
    corrected_bias: float
    chosen_bias: float
    corrected_chosen_bias: float
    gain: float
    true_gain: float
    z: float
    within_2: float


def figures_of(one: Run, *, seed: int) -> Figures:
    """All figures of one run."""
    covered, width, worst = range_of(one)
    covered_by_default, width_by_default, _ = range_of(one.with_patience(DEFAULT))
    mean = one.truth.mean(axis=1)
    joint = ideal_epoch(one.history.members("held_out_loss"))
    assert joint is not None
    good = np.flatnonzero(mean <= (1 + AS_GOOD) * one.least)
    return Figures(
        covered,
        width,
        worst,
        covered_by_default,
        width_by_default,
        float(joint - 1 in good),
        (good[-1] + 1) / (good[0] + 1),
        *epochs_of(one, joint),
        *biases_of(one, seed=seed),
        *forecast_of(one, joint),
    )


def range_of(one: Run) -> tuple[float, float, float]:
    """Whether the range covers an epoch as good as the best, its width, and how much worse its worst epoch is."""
    found = ideal_epoch_range(one.history)
    assert found is not None
    first, last = found
    within = one.truth.mean(axis=1)[first - 1 : last]
    covered = within.min() <= (1 + AS_GOOD) * one.least
    return float(covered), last / first, 100 * (within.max() / one.least - 1)


def epochs_of(one: Run, joint: int) -> tuple[float, float]:
    """The true loss at the joint epoch less that at the members' own: of all members, and of each alone."""
    own = one.history.members("held_out_loss").argmin(axis=0)
    mean = one.truth.mean(axis=1)
    at_joint = mean[joint - 1]
    alone = one.truth[own, np.arange(own.size)].mean()
    return 100 * float(at_joint - mean[own].mean()) / one.least, 100 * float(at_joint - alone) / one.least


def biases_of(one: Run, *, seed: int) -> tuple[float, float, float, float]:
    """The members' least held-out losses less their true ones at those epochs, before and after the correction.

    Then both less the same difference at the members' truly best epochs, in whose choice the held-out rows had no say,
    so that its mean is 0: this takes out how hard these rows happen to be.
    """
    losses, members = one.history.members("held_out_loss"), np.arange(one.truth.shape[1])
    above = losses - one.truth
    bias = float(above[losses.argmin(axis=0), members].mean())
    by_chance = float(above[one.truth.argmin(axis=0), members].mean())
    added = optimism(one.history, seed=seed)
    found = 100 / one.least * np.array([bias, bias + added, bias - by_chance, bias - by_chance + added])
    return float(found[0]), float(found[1]), float(found[2]), float(found[3])


def forecast_of(one: Run, best: int) -> tuple[float, float, float, float]:
    """Gain foretold at half of the best epoch, what it was, by how many errors they differ, and if by fewer than 2."""
    cut = best // 2
    if cut < FEWEST_EPOCHS:
        return (np.nan,) * 4
    found = forecast(one.before(cut).history, window=DEFAULT)
    assert found is not None
    mean = one.truth.mean(axis=1)
    true_gain = float(mean[cut - 1] - mean[2 * cut - 1])
    z = (found.gain - true_gain) / found.gain_error
    return 100 * found.gain / one.least, 100 * true_gain / one.least, z, float(abs(z) < 2)


# --- The table --------------------------------------------------------------------------------------------------------


class Line(NamedTuple):
    """A figure of the table: its name, what is asked, the field of `Figures`, and how it is put together."""

    name: str
    asked: str
    field: str
    kind: Literal["share", "median", "mean"]


LINES = [
    Line("range covers an epoch within 0.5 % of the truly best, %", "at least 90", "covered", "share"),
    Line("its width, last / first epoch, median", "–", "width", "median"),
    Line("true loss of its worst epoch above the least, %, median", "–", "worst", "median"),
    Line("with the default, patience(16): the range covers, %", "at least 90", "covered_by_default", "share"),
    Line("its width, median", "–", "width_by_default", "median"),
    Line("the ideal epoch alone is within 0.5 %, %", "–", "epoch_alone", "share"),
    Line("width of all epochs truly within 0.5 %, median", "–", "true_width", "median"),
    Line("true loss at the joint epoch less at single splits' epochs, %", "below 0", "joint", "mean"),
    Line("the same, each member alone at its own epoch, %", "–", "member_alone", "mean"),
    Line("least held-out loss less the true one, %", "–", "bias", "mean"),
    Line("the same, corrected, %", "near 0, rather above", "corrected_bias", "mean"),
    Line("of the bias, what choosing the epoch brought, %", "–", "chosen_bias", "mean"),
    Line("the same, corrected, %", "near 0, rather above", "corrected_chosen_bias", "mean"),
    Line("gain foretold from half of the best epoch, %", "–", "gain", "mean"),
    Line("what it truly was, %", "–", "true_gain", "mean"),
    Line("their difference in standard errors", "near 0", "z", "mean"),
    Line("within 2 of them, %", "95", "within_2", "share"),
]


def put_together(values: Floats, kind: str) -> str:
    """A cell: a share or mean with its standard error, or a median."""
    values = values[np.isfinite(values)]
    n = values.size
    if n < 2:
        return "–"
    if kind == "median":
        return f"{np.median(values):.2f}"
    if kind == "share":
        share = values.mean()
        return f"{100 * share:.1f} ± {100 * np.sqrt(share * (1 - share) / n):.1f}"
    return f"{values.mean():.2f} ± {values.std(ddof=1) / np.sqrt(n):.2f}"


def cells(measured: Sequence[Figures], line: Line) -> str:
    """A cell of some runs."""
    return put_together(np.array([getattr(one, line.field) for one in measured]), line.kind)


def report(runs: Sequence[tuple[str, Figures]], *, seconds: float) -> str:
    """The table as Markdown."""
    parts = {"all": [one for _, one in runs]}
    for source in SOURCES:
        parts[source] = [one for name, one in runs if name == source]
    head = ["figure", "asked", *(f"{name} ({len(part)})" for name, part in parts.items())]
    rows = [[line.name, line.asked, *(cells(part, line) for part in parts.values())] for line in LINES]
    return "\n".join(
        [
            "# The ideal epoch beside the truth",
            "",
            f"{date.today()}, epoca {epoca.__version__}, {len(runs)} runs in {seconds / 60:.0f} minutes. Each run is a",
            "table of 150 to 3,000 rows from a source that is drawn anew, and 8 members of one or two",
            f"layers of 16 to 64 neurons, trained with patience({LONG}) for at most {MOST_EPOCHS} epochs. The truth",
            f"is the members' mean loss on {FRESH:,} fresh rows, measured after every epoch. Losses are in percent",
            "of the least true one; ± is a standard error; the number of runs stands in brackets.",
            "",
            f"| {' | '.join(head)} |",
            "|---" * len(head) + "|",
            *(f"| {' | '.join(row)} |" for row in rows),
            "",
        ]
    )


def main() -> None:
    """Measure and print, or write to the file that is named."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("file", nargs="?", type=Path)
    asked.add_argument("--runs", type=int, default=200)
    asked.add_argument("--seed", type=int, default=0)
    options = asked.parse_args()
    began = time.perf_counter()
    runs = []
    for number in range(options.runs):
        one = run(number, seed=options.seed)
        found = figures_of(one, seed=number)
        runs.append((one.source, found))
        print(
            f"{number + 1}/{options.runs} {one.source}: {len(one.history)} epochs, covered {found.covered:.0f}, width",
            f"{found.width:.2f} (true {found.true_width:.2f}), {time.perf_counter() - began:.0f} s",
            flush=True,
        )
    text = report(runs, seconds=time.perf_counter() - began)
    if options.file is None:
        print(text)
    else:
        options.file.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()

"""How often the verdict on a fit is right where the truth is known: ``python benchmarks/verdicts.py [FILE]``.

Each case is a small table drawn from a source that can be drawn from again: lines, networks or waves in a few of its
columns, 2 to 5 classes or a number, noise, further columns without meaning. It is fitted as a user would fit it, and
the verdict is held against the truth. The truth is known by construction, and 20,000 fresh rows of the same source
must bear it out; "true loss" is the members' mean loss on these, "learned" how far its least lies below guessing.

- trained too short: trained on, the same members' true loss falls by more than a tenth of what there is to learn;
- capacity too small: a network four times as wide (of a neuron: one with a hidden layer) has a true loss lower by more
  than a tenth of what there is to learn, and the true loss did not rise;
- well fitted, mildly, strongly overfitted: the true loss over the last five epochs lies above its least by less than
  5%, 5 to 25%, more than 25% of what was learned; cases within a fifth of a border are left out, as are well fitted
  ones that a network four times as wide beats by more than 5%. Some of the well fitted are ended by a limit soon after
  or before their best epoch, where more epochs lower the true loss by less than 4% of what was learned;
- too few rows: 20 to 40 noisy rows; of six tables drawn anew at most four have the same true kind of fit;
- held-out part too small: 4 to 40 given rows; with other such rows the same curves would be called something else than
  what is true in more than a quarter of the draws;
- diverged: a learning rate far too large leaves the true loss at the last epoch above guessing by half and more;
- held-out rows unlike: a column of the given held-out rows is shifted, or their classes have other shares;
- leaking: a column stands for the target under another name, as a number or in words; or rows are copied, and the
  held-out loss lies below the true one by more than a tenth of what was learned;
- nothing learned: the target is drawn by lot.

A candidate that the fresh rows do not bear out is replaced by the next one of its seed: cases are chosen without
looking at the verdict. Thresholds were set on seeds 1 to 4; the table is of seed 5, looked at only when they stood.
"""

from __future__ import annotations

import argparse
import math
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

import epoca
from epoca.errors import TableError
from epoca.fitting import Fitting
from epoca.learners.feedforward import evaluate
from epoca.learners.learner import examples
from epoca.problem import Problem
from epoca.settings import Settings
from epoca.tables.table import Table
from epoca.training.verdict_kind import VerdictKind
from epoca.types import Numbers

FRESH, PROBE = 20_000, 1_000
CASES = 42
ATTEMPTS = 60
LOOKS = {round(1.4**power) for power in range(24)}
"""Epochs at which the best one is looked for, on `PROBE` of the fresh rows."""

MILD, STRONG = 0.05, 0.25
"""Borders of the true share lost again between well fitted, mildly and strongly overfitted."""

BAND = 0.2
"""Cases within this share of a border are left out."""

Floats = NDArray[np.float64]
Random = np.random.Generator
K = VerdictKind
UNTOLD = {K.TOO_FEW_ROWS, K.HELD_OUT_TOO_SMALL}


# --- Where rows come from ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Source:
    """Columns drawn from a normal distribution, and a target that depends on the first few of them."""

    columns: int
    classes: int
    """0 for a number."""
    sharpness: float
    """Of classes the scores' standard deviation; of a number that in units of the noise's."""
    scores: Callable[[Floats], Floats]

    def draw(self, rng: Random, n: int) -> tuple[Floats, Floats]:
        """Rows and their codes or numbers."""
        places = rng.normal(size=(n, self.columns))
        scores = self.sharpness * self.scores(places)
        if self.classes == 0:
            return places, scores[:, 0] + rng.normal(size=n)
        lots = rng.gumbel(size=(n, self.classes))
        return places, (scores + lots).argmax(axis=1).astype(np.float64)


def source(rng: Random, *, shapes: str, sharpness: tuple[float, float], columns: tuple[int, int] = (2, 16)) -> Source:
    """One drawn at random; `shapes` are initials of line, network, waves."""
    d = int(rng.integers(columns[0], columns[1] + 1))
    classes = int(rng.choice([0, 2, 2, 3, 5]))
    shape = str(rng.choice(list(shapes)))
    useful = min(d, int(rng.integers(2, 4 if shape == "w" else 7)))
    outputs = max(classes, 1)
    if shape == "w":
        rates, shifts = rng.uniform(1.5, 3, (useful, outputs)), rng.uniform(0, 6, (useful, outputs))
        scores = _waves(rates, shifts)
    elif shape == "n":
        scores = _network(rng.normal(size=(useful, 12)) * 2 / np.sqrt(useful), rng.normal(size=(12, outputs)))
    else:
        scores = _network(None, rng.normal(size=(useful, outputs)))
    probe = scores(rng.normal(size=(2000, d)))
    mean, scale = probe.mean(axis=0), probe.std(axis=0)
    sharp = float(np.exp(rng.uniform(*np.log(sharpness))))
    return Source(d, classes, sharp, lambda places: (scores(places) - mean) / scale)


def _waves(rates: Floats, shifts: Floats) -> Callable[[Floats], Floats]:
    used = len(rates)
    return lambda places: np.prod(np.sin(places[:, :used, np.newaxis] * rates + shifts), axis=1)


def _network(first: Floats | None, last: Floats) -> Callable[[Floats], Floats]:
    if first is None:
        return lambda places: places[:, : len(last)] @ last
    return lambda places: np.tanh(places[:, : len(first)] @ first) @ last


def table_of(places: Floats, targets: Floats, classes: int, **more: Any) -> Table:
    """As a user would bring it."""
    columns: dict[str, Any] = {f"x{number}": column for number, column in enumerate(places.T)}
    y = targets if classes == 0 else [f"class {code:.0f}" for code in targets]
    return Table(name="case", arrow=pa.table({**columns, **more, "y": y}))


# --- Fits, and what is true of them -----------------------------------------------------------------------------------


class Fit(NamedTuple):
    """A training, and every member at some epochs."""

    fitting: Fitting
    states: dict[int, NDArray[np.floating]]

    @property
    def epochs(self) -> int:
        return max(self.states)

    @property
    def late(self) -> list[int]:
        """Three of the last five epochs."""
        return sorted({max(self.epochs - back, 1) for back in (0, 2, 4)})


def fitted(table: Table, settings: Settings, validation: Table | None = None) -> Fit:
    """Train."""
    settings = replace(settings, test_size=0.0, threads=1)
    problem = Problem.of_table(table, target="y", settings=settings)
    if validation is not None:
        target = problem.target
        targets = target.numbers(validation) if target.task == "regression" else target.codes(validation)
        problem = replace(problem, validation=Problem(table=validation, target=target, targets=targets))
    fitting = Fitting(problem, settings=settings)
    states = {}
    for epoch in fitting:
        states[epoch.number] = fitting.parameters
        if epoch.number - 5 not in LOOKS:
            states.pop(epoch.number - 5, None)
    return Fit(fitting, states)


class Truth(NamedTuple):
    """Losses on fresh rows."""

    guessing: float
    least: float
    """The members' mean loss at their best epoch."""
    last: float
    """The same over the last five epochs."""

    @property
    def learned(self) -> float:
        """How far the least lies below guessing."""
        return self.guessing - self.least

    def kind(self, *, band: float = 0.0) -> VerdictKind | None:
        """What it shows on the whole; None so near to a border, in parts of it."""
        if self.learned < 0.02 * self.guessing:
            return K.NOTHING_LEARNED
        rise = (self.last - self.least) / self.learned
        if min(abs(rise - border) / border for border in (MILD, STRONG)) < band:
            return None
        return K.WELL_FITTED if rise < MILD else K.MILDLY_OVERFITTED if rise < STRONG else K.STRONGLY_OVERFITTED


class Fresh:
    """Fresh rows on which every epoch of a fit can be judged."""

    def __init__(self, fit: Fit, fresh: Table) -> None:
        fitting, target = fit.fitting, fit.fitting.target
        targets = target.numbers(fresh) if target.task == "regression" else target.codes(fresh)
        learned = fitting.material.learned(targets)
        self._shown = examples(fitting.material.encoded(fresh), learned, dtype=fitting.learner.dtype)
        self._fit = fit
        self._shape = fitting.learner.shape
        self.guessing = _guessing_losses(fitting, learned)

    def losses(self, epoch: int, rows: int) -> Floats:
        """The members' mean loss of each of the first rows."""
        chosen, members = np.arange(min(rows, self.guessing.size)), self._fit.states[epoch]
        nothing = np.empty((0, int(self._shape.sizes[-1])), members.dtype)
        found, losses = np.zeros(chosen.size), np.empty(chosen.size)
        for member in members:
            evaluate(member, self._shape, *self._shown, chosen, losses, nothing)
            found += losses / len(members)
        return found

    def curves(self) -> Floats:
        """(looks, PROBE): losses at epochs all along the training, the last three of them late."""
        late = self._fit.late
        return np.array([self.losses(look, PROBE) for look in (*sorted(set(self._fit.states) - set(late)), *late)])

    def truth(self, rows: int = FRESH) -> Truth:
        """What is true of the fit."""
        best = min(self._fit.states, key=lambda look: self.losses(look, PROBE).mean())
        last = np.mean([self.losses(epoch, rows).mean() for epoch in self._fit.late])
        least = self.losses(best, rows).mean()
        return Truth(float(self.guessing[:rows].mean()), float(min(least, last)), float(last))


def truth_of(fit: Fit, fresh: Table, rows: int = FRESH) -> Truth:
    """Measured on fresh rows."""
    return Fresh(fit, fresh).truth(rows)


def _guessing_losses(fitting: Fitting, targets: Numbers) -> Floats:
    """Of always guessing what the training rows show on the whole."""
    if fitting.material.is_regression:
        return np.asarray(0.5 * targets**2)
    known = fitting.material.targets.astype(int)
    shares = np.bincount(known, minlength=len(fitting.target.labels)) / known.size
    return np.asarray(-np.log(shares[targets.astype(int)]))


# --- Cases ------------------------------------------------------------------------------------------------------------


class Case(NamedTuple):
    """A fit and its size, in words."""

    fit: Fit
    about: str


Draw = Callable[[Random], Case | None]


def rows_between(rng: Random, least: int, most: int) -> int:
    """A number of rows, as likely to be in any octave."""
    return round(float(np.exp(rng.uniform(np.log(least), np.log(most)))))


def network(rng: Random, *sizes: tuple[int, ...], **more: Any) -> Settings:
    """Settings with one of these networks, some seed, and ReLU or tanh."""
    hidden = sizes[int(rng.integers(len(sizes)))]
    return Settings(hidden=hidden, seed=int(rng.integers(1000)), activation=str(rng.choice(["relu", "tanh"])), **more)


def drawn(rng: Random, origin: Source, n: int) -> tuple[Table, Table]:
    """A table, and fresh rows."""
    return table_of(*origin.draw(rng, n), origin.classes), table_of(*origin.draw(rng, FRESH), origin.classes)


def case(fit: Fit, origin: Source, n: int, note: str = "") -> Case:
    """With its size in words."""
    settings = fit.fitting.settings
    what = f"{origin.classes} classes" if origin.classes else "a number"
    told = f"{n} rows, {origin.columns} columns, {what}, sharpness {origin.sharpness:.2g}, hidden {settings.hidden}"
    return Case(fit, f"{told} {note}".strip())


def too_short(rng: Random) -> Case | None:
    origin = source(rng, shapes="nwl", sharpness=(2, 8))
    n = rows_between(rng, 60, 1500)
    table, fresh = drawn(rng, origin, n)
    rate = float(rng.choice([0.001, 0.0005]))
    settings = network(rng, (16,), (32,), (64, 32), (64,), epochs=250, learning_rate=rate)
    whole = fitted(table, settings)
    limit = round(whole.epochs * float(rng.uniform(0.04, 0.35)))
    if limit < 3:
        return None
    short = fitted(table, replace(settings, epochs=limit))
    ahead, now = truth_of(whole, fresh), truth_of(short, fresh)
    if now.least - ahead.least < 0.1 * ahead.learned or ahead.learned < 0.1 * ahead.guessing:
        return None
    return case(short, origin, n, f"{limit} epochs of {whole.epochs}")


def too_small(rng: Random) -> Case | None:
    origin = source(rng, shapes="nww", sharpness=(3, 10), columns=(2, 8))
    n = rows_between(rng, 250, 4000)
    table, fresh = drawn(rng, origin, n)
    settings = network(rng, (), (1,), (2,), (3,), epochs=300, learning_rate=0.01)
    if not settings.hidden:
        settings = replace(settings, model="neuron", members=8)
    small = fitted(table, settings)
    wide = tuple(4 * width for width in settings.hidden) or (16,)
    large = fitted(table, replace(settings, model="network", hidden=wide, members=8))
    own, other = truth_of(small, fresh), truth_of(large, fresh)
    gain, rise = own.least - other.least, own.last - own.least
    if gain < 0.1 * other.learned or rise > 0.04 * max(own.learned, gain) or other.learned < 0.1 * other.guessing:
        return None
    if small.fitting.training.stop.reason == "limit":
        return None
    return case(small, origin, n)


class Recipe(NamedTuple):
    """Which tables and networks often give a kind of fit."""

    shapes: str
    sharpness: tuple[float, float]
    columns: tuple[int, int]
    rows: tuple[int, int]
    networks: tuple[tuple[int, ...], ...]
    patience: tuple[int, ...] = (16,)


RECIPES = {
    K.WELL_FITTED: Recipe("lnw", (2, 8), (2, 10), (100, 4000), ((8,), (16,), (32, 16))),
    K.MILDLY_OVERFITTED: Recipe("ln", (1, 4), (4, 20), (100, 4000), ((64,), (64, 32), (64, 64), (128, 64))),
    K.STRONGLY_OVERFITTED: Recipe("ln", (0.8, 3), (4, 20), (60, 3000), ((64,), (64, 64), (128, 64)), (16, 30, 30)),
}


def fit_of(kind: VerdictKind) -> Draw:
    """Well fitted or overfitted."""
    recipe = RECIPES[kind]

    def draw(rng: Random) -> Case | None:
        origin = source(rng, shapes=recipe.shapes, sharpness=recipe.sharpness, columns=recipe.columns)
        n = rows_between(rng, *recipe.rows)
        rate, patience = float(rng.choice([0.001, 0.003])), rng.choice(recipe.patience)
        settings = network(rng, *recipe.networks, learning_rate=rate, stopping=f"patience({patience})")
        table, fresh = drawn(rng, origin, n)
        fit: Fit | None = fitted(table, settings)
        assert fit is not None
        if truth_of(fit, fresh, PROBE).kind() is not kind:  # a first look
            return None
        truth = truth_of(fit, fresh)
        if truth.kind(band=BAND) is not kind or truth.learned < 0.1 * truth.guessing:
            return None
        if kind is K.WELL_FITTED:
            if _is_beaten(truth, table, fresh, settings):
                return None
            if rng.random() < 0.3:
                fit = _cut(fit, truth, table, fresh, float(rng.uniform(0.6, 1)))
        return fit and case(fit, origin, n, f"true rise {(truth.last - truth.least) / truth.learned:.0%}")

    return draw


def _is_beaten(truth: Truth, table: Table, fresh: Table, settings: Settings) -> bool:
    """Whether a network four times as wide learns more by a twentieth."""
    wide = fitted(table, replace(settings, hidden=tuple(4 * width for width in settings.hidden)))
    return truth.least - truth_of(wide, fresh).least > 0.05 * truth.learned


def _cut(fit: Fit, whole: Truth, table: Table, fresh: Table, share: float) -> Fit | None:
    """The same training ended by a limit, with few epochs after its best; None where more would have helped."""
    cut = fitted(table, replace(fit.fitting.settings, epochs=math.ceil(fit.epochs * share)))
    return cut if truth_of(cut, fresh).least - whole.least < MILD * (1 - BAND) * whole.learned else None


def too_few(rng: Random) -> Case | None:
    origin = source(rng, shapes="lnw", sharpness=(0.7, 2.5))
    n = int(rng.integers(20, 41))
    settings = network(rng, (16,), (32,), (64, 64))
    fresh = table_of(*origin.draw(rng, PROBE), origin.classes)
    kinds = []
    for _draw in range(6):
        fit = fitted(table_of(*origin.draw(rng, n), origin.classes), settings)
        if len(fit.fitting.target.labels) < origin.classes:
            return None
        kinds.append(truth_of(fit, fresh).kind())
    return case(fit, origin, n) if Counter(kinds).most_common(1)[0][1] <= 4 else None


def held_out_too_small(rng: Random) -> Case | None:
    origin = source(rng, shapes="lnw", sharpness=(1, 4))
    n, m = rows_between(rng, 200, 2000), int(rng.integers(4, 41))
    table, fresh = drawn(rng, origin, n)
    given = table_of(*origin.draw(rng, m), origin.classes)
    fit = fitted(table, network(rng, (16,), (32,), (64, 64)), given)
    known = Fresh(fit, fresh)
    curves, truth = known.curves(), known.truth().kind()
    named = []
    for _draw in range(200):
        rows = rng.integers(PROBE, size=m)
        seen = curves[:, rows].mean(axis=1)
        named.append(Truth(float(known.guessing[rows].mean()), float(seen.min()), float(seen[-3:].mean())).kind())
    return case(fit, origin, n, f"{m} held out") if named.count(truth) <= 0.75 * len(named) else None


def diverged(rng: Random) -> Case | None:
    origin = source(rng, shapes="lnw", sharpness=(1, 6))
    n = rows_between(rng, 60, 3000)
    optimizer = str(rng.choice(["adam", "sgd"]))
    rate = float(np.exp(rng.uniform(*np.log((1, 100) if optimizer == "adam" else (3, 300)))))
    table, fresh = drawn(rng, origin, n)
    fit = fitted(table, network(rng, (16,), (64, 32), (128, 128), optimizer=optimizer, learning_rate=rate))
    if not fit.fitting.training.kept.any():  # no model to be judged; training says why
        return None
    known = Fresh(fit, fresh)
    last = known.losses(fit.epochs, FRESH).mean()
    if np.isfinite(last) and last < 1.5 * known.guessing.mean():
        return None
    return case(fit, origin, n, f"{optimizer} at {rate:.2g}")


def unlike(rng: Random) -> Case | None:
    origin = source(rng, shapes="lnw", sharpness=(1.5, 6))
    n, m = rows_between(rng, 150, 3000), rows_between(rng, 80, 1000)
    table = table_of(*origin.draw(rng, n), origin.classes)
    if origin.classes and rng.random() < 0.5:
        places, targets = origin.draw(rng, 12 * m)
        common = targets == 0
        keep = np.concatenate([np.flatnonzero(common)[: m - m // 12], np.flatnonzero(~common)[: m // 12]])
        places, targets, note = places[keep], targets[keep], "class 0 nearly alone"
    else:
        places, targets = origin.draw(rng, m)
        places[:, int(rng.integers(origin.columns))] += float(rng.uniform(1, 3))
        note = "a column shifted"
    given = table_of(places, targets, origin.classes)
    return case(fitted(table, network(rng, (16,), (64, 32)), given), origin, n, f"{len(places)} held out, {note}")


def leaking(rng: Random) -> Case | None:
    return (_copies if rng.random() < 0.5 else _told)(rng)


def _told(rng: Random) -> Case | None:
    origin = source(rng, shapes="lnw", sharpness=(1, 4))
    n = rows_between(rng, 60, 3000)
    places, targets = origin.draw(rng, n)
    if origin.classes == 0:
        other: Any = np.arcsinh(targets) if rng.random() < 0.5 else 7 - 3 * targets
    elif rng.random() < 0.5:
        other = rng.permutation(origin.classes)[targets.astype(int)] * 10.0
    else:
        names = np.array(["paid", "open", "late", "sold", "lost"])
        other = list(names[targets.astype(int)])
    table = table_of(places, targets, origin.classes, outcome=other)
    return case(fitted(table, network(rng, (16,), (64, 32), epochs=60)), origin, n, "the target again")


def _copies(rng: Random) -> Case | None:
    origin = source(rng, shapes="lnw", sharpness=(1, 3), columns=(4, 16))
    n = rows_between(rng, 100, 1500)
    places, targets = origin.draw(rng, n)
    again = rng.permutation(n)[: round(n * float(rng.uniform(0.3, 0.8)))]
    table = table_of(np.vstack([places, places[again]]), np.concatenate([targets, targets[again]]), origin.classes)
    fresh = table_of(*origin.draw(rng, FRESH), origin.classes)
    fit = fitted(table, network(rng, (64, 32), (128, 64), epochs=150, learning_rate=0.003))
    truth = truth_of(fit, fresh)
    seen = fit.fitting.training.history.curve("held_out_loss")
    if truth.last - seen[-1] < 0.1 * abs(truth.learned) or seen.argmin() < seen.size / 3:
        return None
    return case(fit, origin, n, f"{again.size} copied")


def noise(rng: Random) -> Case | None:
    origin = source(rng, shapes="lnw", sharpness=(1, 6))
    n = rows_between(rng, 60, 4000)
    places, targets = origin.draw(rng, n)
    table = table_of(places, rng.permutation(targets), origin.classes)
    settings = network(rng, (8,), (32,), (64, 32), (128, 128))
    return case(fitted(table, settings), origin, n)


KINDS: dict[VerdictKind, Draw] = {
    K.TOO_SHORT: too_short,
    K.TOO_SMALL: too_small,
    K.WELL_FITTED: fit_of(K.WELL_FITTED),
    K.MILDLY_OVERFITTED: fit_of(K.MILDLY_OVERFITTED),
    K.STRONGLY_OVERFITTED: fit_of(K.STRONGLY_OVERFITTED),
    K.TOO_FEW_ROWS: too_few,
    K.HELD_OUT_TOO_SMALL: held_out_too_small,
    K.DIVERGED: diverged,
    K.UNLIKE: unlike,
    K.LEAKING: leaking,
    K.NOTHING_LEARNED: noise,
}


# --- The table --------------------------------------------------------------------------------------------------------


class Result(NamedTuple):
    """What was said of one case."""

    truth: VerdictKind
    said: VerdictKind
    about: str

    @property
    def is_right(self) -> bool:
        return self.said is self.truth

    @property
    def is_untold(self) -> bool:
        return not self.is_right and self.said in UNTOLD


def judged(job: tuple[int, VerdictKind, int]) -> Result | None:
    """The first case of this number that the fresh rows bear out, and the verdict on it."""
    seed, kind, number = job
    for attempt in range(ATTEMPTS):
        try:
            found = KINDS[kind](np.random.default_rng((seed, list(KINDS).index(kind), number, attempt)))
        except TableError:  # a class of a single row, which is refused
            continue
        if found is not None:
            return Result(kind, found.fit.fitting.model().verdict.kind, found.about)
    return None


def results(seed: int, cases: int) -> list[Result]:
    """Of all cases, two processes at work."""
    jobs = [(seed, kind, number) for number in range(cases) for kind in KINDS]
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        return [found for found in pool.map(judged, jobs) if found is not None]


def shares(found: list[Result]) -> list[str]:
    """Right, too little to tell, wrong."""
    right, untold = sum(one.is_right for one in found), sum(one.is_untold for one in found)
    return [f"{count / len(found):.0%}" for count in (right, untold, len(found) - right - untold)]


def matrix(found: list[Result]) -> list[str]:
    """Truth × verdict."""
    kinds = list(KINDS)
    lines = [
        f"| truth | {' | '.join(str(number) for number in range(1, len(kinds) + 1))} | right | too little | wrong |",
        "|---|" + "---:|" * (len(kinds) + 3),
    ]
    for number, kind in enumerate(kinds, 1):
        own = [one for one in found if one.truth is kind]
        said = Counter(one.said for one in own)
        lines.append(
            f"| {number} {kind} | {' | '.join(str(said[k] or '') for k in kinds)} | {' | '.join(shares(own))} |"
        )
    return lines


def report(found: list[Result], *, seed: int, seconds: float) -> str:
    """The table in Markdown."""
    right, untold, wrong = shares(found)
    head = (
        f"{date.today()}, epoca {epoca.__version__}, {len(found)} cases of seed {seed}, {seconds:.0f} s on two cores."
    )
    mistakes = [one for one in found if not (one.is_right or one.is_untold)]
    return "\n".join(
        [
            "# Verdicts where the truth is known",
            "",
            head,
            "How cases are made and their truth is known stands in verdicts.py. Lines: what is true; columns: what",
            'was said, by the same numbers. "Too little" is too little to tell, where that is not the truth.',
            "",
            *matrix(found),
            "",
            f"**In all: {right} right, {untold} too little to tell, {wrong} wrong.**",
            "",
            "The wrong ones:",
            "",
            *(f"- {one.truth}, said to be {one.said}: {one.about}" for one in mistakes),
            "",
        ]
    )


def main() -> None:
    """Judge and print, and write to the file that is named."""
    parser = argparse.ArgumentParser(description="How often the verdict on a fit is right.")
    parser.add_argument("file", nargs="?", type=Path)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--cases", type=int, default=CASES, help="of each kind")
    asked = parser.parse_args()
    began = time.perf_counter()
    found = results(asked.seed, asked.cases)
    text = report(found, seed=asked.seed, seconds=time.perf_counter() - began)
    print(text)
    if asked.file is not None:
        asked.file.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()

"""From a problem to a model: split, encode, train, score."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, replace
from typing import Any, final

import numpy as np

from epoca.errors import OptionError, TrainingError
from epoca.judging import clues_of, corrected, guessed, out_of_fold, targets_of, unpredicted
from epoca.known_rows import KnownRows, row_hashes
from epoca.learner_of import BASELINE_RATES, Start, baseline_of, learner_of
from epoca.learners.population import Population
from epoca.material import NOTHING, Material
from epoca.model import Form, Model
from epoca.problem import Problem
from epoca.settings import Settings
from epoca.tables.encoder import Encoder
from epoca.training.carrying import CHECKED_MEMBERS, CHECKED_SHARE, Carrying, carrying_of
from epoca.training.history import Epoch
from epoca.training.ideal_epoch import ideal_epoch
from epoca.training.loop import Checkpoint, Training
from epoca.training.rules import Callbacks, Deadline, Divergence, EarlyStopping, Limit, Rule, Solved
from epoca.training.schedules import Constant, Cosine
from epoca.training.stop import StopReason
from epoca.trust import drawn_to_guessing, trust
from epoca.types import Numbers, Parameters, Rows

_CUT_SHORT = {StopReason.INTERRUPTED, StopReason.DEADLINE, StopReason.DIVERGED}
_BASELINE_MEMBERS = 4


@final
class Fitting:
    """A model in the making: an iterator of epochs, after which `model` gives the model.

    Parameters
    ----------
    problem : Problem
        All rows, test rows included.
    settings : Settings
        How to train.
    callbacks : sequence of callable
        Each is given every finished epoch; one that returns True ends the training.
    start : pair of ndarray, optional
        Weights, (outputs, inputs), and biases, (outputs,), from which a neuron or perceptron starts; or None.
    columns : Columns or SparseColumns, optional
        How to encode the table; found out from the training rows by default.
    checkpoint : Checkpoint, optional
        Where an earlier training stood; it goes on from there up to the limit of epochs, whatever the stopping rule.
    share : float
        Of the rows that a member does not hold out, how many it learns from.
    rows : ndarray of int64, optional
        The rows to train on; by default all that the settings do not set aside for the test.

    Attributes
    ----------
    problem : Problem
        As given.
    target : Target
        What is predicted; of a regression with the scale of the training rows.
    columns : Columns or SparseColumns
        What every column became.
    settings : Settings
        With every value that depended on something filled in.
    learner : Learner
        What each member is.
    train_rows, test_rows : ndarray of int64
        Rows of the table.
    training : Training
        The loop.
    limit : int
        The epoch at which the loop that is running ends at the latest.

    Raises
    ------
    TableError
        If the table cannot be learned from.
    OptionError
        If a setting does not fit the table.

    Examples
    --------
    >>> from epoca.tables.samples import sample
    >>> settings = Settings(epochs=3, hidden=(4,), members=2)
    >>> problem = Problem.of_table(sample("moons", rows=60), target="label", settings=settings)
    >>> fitting = Fitting(problem, settings=settings)
    >>> [epoch.number for epoch in fitting]
    [1, 2, 3]
    >>> fitting.model().best_epoch
    3
    """

    def __init__(
        self,
        problem: Problem,
        *,
        settings: Settings,
        callbacks: Sequence[Callable[[Epoch], Any]] = (),
        start: Start | None = None,
        columns: Encoder | None = None,
        checkpoint: Checkpoint | None = None,
        share: float = 1.0,
        rows: Rows | None = None,
    ) -> None:
        self.problem = problem
        is_regression = problem.target.task == "regression"
        self.train_rows, self.test_rows = problem.split(settings) if rows is None else (rows, NOTHING)
        self.settings = settings = settings.resolved(self.train_rows.size, is_regression=is_regression)
        self.target = problem.target
        if is_regression and checkpoint is None:
            weights = None if problem.weights is None else problem.weights[self.train_rows]
            self.target = self.target.scaled_to(problem.targets[self.train_rows].astype(np.float64), weights)
        self.columns = columns or problem.encoder(self.train_rows, settings=settings)
        self.learner = learner_of(settings, columns=self.columns, target=self.target, start=start)
        self.material = Material(
            problem,
            settings=settings,
            columns=self.columns,
            target=self.target,
            rows=self.train_rows,
            dtype=self.learner.dtype,
        )
        self._rule = settings.rule
        if self._rule.watches == "refined_loss" and (is_regression or settings.model == "perceptron"):
            raise OptionError(
                'The rule "{rule}" needs probabilities of classes, which this model does not give; use "patience(16)".',
                rule=settings.stopping,
            )
        self._population = Population(
            self.learner,
            self.material.examples,
            folds=self.material.held_out,
            seed=settings.seed,
            threads=settings.threads,
            share=share,
            together=self.material.together,
            watches=self._rule.watches,
        )
        told: list[Rule] = [Callbacks(callbacks)] if callbacks else []
        rules = _rules(settings, self._rule, goes_on=checkpoint is not None)
        self.training = self._loop(self._population, [*rules, *told], checkpoint)
        assert settings.epochs is not None
        self.limit = settings.epochs
        self._current = self.training
        self._began = time.perf_counter()
        self._is_refitting = self._is_interrupted = False
        self._is_continued = checkpoint is not None
        self._beside: Population | None = None
        self._baselines: dict[str, Numbers] = {}
        self._refitted: Parameters | None = None
        self._carrying: Carrying | None = None

    def __iter__(self) -> Iterator[Epoch]:
        self._began = time.perf_counter()
        with closing(self._population):
            yield from self.training.epochs()
            self._is_interrupted |= self.training.stop.reason is StopReason.INTERRUPTED
            if self.settings.early_stopping and self.training.stop.reason not in _CUT_SHORT:
                self._look_aside()
        if self.settings.refit and self.training.best_epoch is not None and not self._is_interrupted:
            yield from self._refit()

    def interrupt(self) -> None:
        """End the training soon, also within an epoch; may be called from a signal handler or another thread."""
        self._is_interrupted = True
        self._current.interrupt()
        if self._beside is not None:
            self._beside.halt()

    def close(self) -> None:
        """Let its threads go, of a training that is left before its end."""
        self._population.close()

    @property
    def is_interrupted(self) -> bool:
        """Whether anybody asked to end it."""
        return self._is_interrupted

    @property
    def is_continued(self) -> bool:
        """Whether it goes on from where an earlier training stood, up to its limit."""
        return self._is_continued

    @property
    def is_refitting(self) -> bool:
        """Whether it is new members that learn, for as many epochs as were ideal."""
        return self._is_refitting

    @property
    def parameters(self) -> Parameters:
        """(k, P): every member as it is now."""
        return self._current.parameters

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the rows, encoded, with targets and weights, and of who holds out which."""
        return self.material.fingerprint

    def model(self) -> Model:
        """The model at the best epochs so far, scored.

        Raises
        ------
        TrainingError
            If no epoch ended with a finite loss.
        """
        kept = self.training.kept
        if not kept.any():
            raise TrainingError(
                "Nothing was learned, no epoch ended with a finite loss. {reason} Let an epoch end, or use a smaller "
                "learning rate; the default one suits most tables.",
                reason=self.training.stop.sentence,
            )
        material = self.material
        baselines = self._baselines | self._guessing()
        trusted = self._trusted(baselines)
        members = self._drawn(self.training.best_parameters[kept], trusted)
        data: dict[str, Any] = {
            "name": self.problem.table.name,
            "rows": {"train": int(self.train_rows.size), "test": int(self.test_rows.size)},
            "fingerprint": material.fingerprint,
            "known_rows": KnownRows.of(material.matrix, material.targets).to_json(),
            "refitted": None if self._refitted is None or self._carrying is None else self._carrying.to_json(),
            "trust": trusted,
        }
        model = Model(
            columns=self.columns,
            target=self.target,
            form=Form.of(self.learner.shape),
            parameters=members if self._refitted is None else self._drawn(self._refitted, trusted),
            settings=asdict(self.settings),
            history=self.training.history,
            stop=self.training.stop,
            scores={},
            data=data,
            baselines=baselines,
            checkpoint=self.training.checkpoint,
        )
        return self._judged(model, members)

    def _guessing(self) -> dict[str, Numbers]:
        if not self.settings.early_stopping:
            return {}
        return {"guessing": self._population.group_means(self.material.guessing_losses())}

    def _trusted(self, baselines: Mapping[str, Numbers]) -> float:
        """How far the members' predictions are to be trusted; a neuron shows what it has learned, be it nothing."""
        if "guessing" not in baselines or self.settings.model != "network":
            return 1.0
        return trust(self.training.history, baselines["guessing"])

    def _drawn(self, parameters: Parameters, trusted: float) -> Parameters:
        guess = self.material.guessing_scores()
        return drawn_to_guessing(parameters, shape=self.learner.shape, guess=guess, trusted=trusted)

    def _loop(self, population: Population, rules: Sequence[Rule], checkpoint: Checkpoint | None = None) -> Training:
        rate, epochs = self.settings.learning_rate, self.settings.epochs
        assert rate is not None
        assert epochs is not None
        return Training(
            population,
            rules=rules,
            schedule=Cosine(rate, epochs) if self.settings.schedule == "cosine" else Constant(rate),
            shuffle=self.settings.shuffle,
            watches=self._rule.watches,
            checkpoint=checkpoint,
        )

    def _look_aside(self) -> None:
        """What a neuron does on the rows that the first of the members held out."""
        n = self.material.n_rows
        learner = baseline_of(self.settings, columns=self.columns, target=self.target, n_rows=n)
        if learner is None:
            return
        self._beside = population = self._population.beside(learner, members=_BASELINE_MEMBERS)
        try:
            found = [] if self._is_interrupted else population.epochs(learning_rates=BASELINE_RATES)
        except KeyboardInterrupt:
            self.interrupt()
            return
        watched = self._rule.watches
        best = ideal_epoch(np.array([getattr(findings, watched).mean() for findings in found]))
        if best is not None and not self._is_interrupted:
            self._baselines["neuron"] = found[best - 1].held_out_groups.astype(np.float64)

    def _refit(self) -> Iterator[Epoch]:
        """Train as many members again on all training rows, for as long as the folds say."""
        on_fewer = self._on_fewer_rows()
        if on_fewer.stop.reason in _CUT_SHORT:
            return
        self._carrying = carrying_of(
            self.training.history,
            on_fewer,
            watches=self._rule.watches,
            ratio=self._population.members[0].rows.size / self.material.n_rows,
        )
        k = len(self.material.held_out)
        population = Population(
            self.learner,
            self.material.training_examples,
            folds=[NOTHING] * k,
            seed=self.settings.seed,
            threads=self.settings.threads,
            first=k,
        )
        epochs = self._carrying.epochs
        again = self._loop(population, [Divergence(), Limit(epochs), *self._time_left()])
        self.limit, self._is_refitting = epochs, True
        self._set_current(again)
        yield from again
        if again.stop.reason is StopReason.LIMIT and again.kept.all():
            self._refitted = again.best_parameters

    def _on_fewer_rows(self) -> Training:
        """Some of the members again on a part of their rows."""
        k = min(CHECKED_MEMBERS, len(self.material.held_out))
        population = Population(
            self.learner,
            self.material.examples,
            folds=self.material.held_out[:k],
            seed=self.settings.seed,
            threads=self.settings.threads,
            share=CHECKED_SHARE,
            together=self.material.together,
            watches=self._rule.watches,
        )
        rules = _rules(replace(self.settings, seconds=None), self._rule)
        return self._ended(self._loop(population, [*rules, *self._time_left()]))

    def _time_left(self) -> list[Rule]:
        """A deadline for what is trained beside and after, if there is one for all."""
        if self.settings.seconds is None:
            return []
        return [Deadline(max(self.settings.seconds - (time.perf_counter() - self._began), 0.0))]

    def _set_current(self, training: Training) -> None:
        self._current = training
        if self._is_interrupted:  # meanwhile
            training.interrupt()

    def _ended(self, aside: Training) -> Training:
        """A training beside the one that is asked for, run to its end or to an interrupt."""
        self._set_current(aside)
        for _epoch in aside:
            pass
        self._current = self.training
        self._is_interrupted |= aside.stop.reason is StopReason.INTERRUPTED
        return aside

    def _judged(self, model: Model, members: Parameters) -> Model:
        """The model with its scores and what the rows tell."""
        material, problem = self.material, self.problem
        targets = targets_of(problem, self.train_rows)
        outputs = model.outputs(material.matrix)
        actual = targets[: material.n_rows]
        scores = {"train": model.judged(outputs, actual)}
        data = dict(model.data)
        if self.settings.early_stopping:
            kept = self.training.kept
            held_out = [rows for rows, is_kept in zip(material.held_out, kept, strict=True) if is_kept]
            found, rows = out_of_fold(model, members, material, held_out)
            actual = targets[rows]
            scores["held_out"] = corrected(model.judged(found, actual), model)
            data["never_predicted"] = unpredicted(model, found, actual)
            is_given = problem.validation is not None
            data["clues"] = clues_of(model, material, found, rows, is_given=is_given, seed=self.settings.seed).to_json()
        if self.test_rows.size:
            matrix = material.encoded(problem.table, self.test_rows)
            actual = problem.targets[self.test_rows]
            scores["test"] = model.judged(model.outputs(matrix), actual)
            hashes = row_hashes(matrix, material.learned(actual))
            data["known_by_chance"] = KnownRows.from_json(data["known_rows"]).share_of(hashes)
            data["test_rows"] = KnownRows.of_hashes(hashes).to_json()
            data["test_scored"] = 1
        scores["guessing"] = guessed(model, material, actual)  # on the rows scored last
        return replace(model, scores=scores, data=data)


def _rules(settings: Settings, stopping: EarlyStopping, *, goes_on: bool = False) -> list[Rule]:
    assert settings.epochs is not None
    rules: list[Rule] = [Divergence()]
    if settings.early_stopping and not goes_on:
        rules += [Solved(), stopping]
    rules.append(Limit(settings.epochs))
    if settings.seconds is not None:
        rules.append(Deadline(settings.seconds))
    return rules

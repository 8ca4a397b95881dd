from __future__ import annotations

import itertools
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from epoca.learners.learner import Examples, Learner
from epoca.learners.network import Network
from epoca.learners.neuron import Neuron
from epoca.learners.perceptron import Perceptron
from epoca.learners.population import Findings, Population
from epoca.training.history import History
from epoca.training.loop import Training
from epoca.training.rules import Divergence, Limit, Patience, Rule
from epoca.training.schedules import Constant, Cosine, Schedule
from epoca.training.stop import Stop, StopReason
from epoca.types import Parameters
from tests.made import threads_left

NOTHING = np.array([], np.int64)


def examples(n: int = 120, *, d: int = 3, dtype: type[np.floating] = np.float32) -> Examples:
    rng = np.random.default_rng(6)
    labels = rng.integers(0, 2, n)
    matrix = rng.normal(size=(n, d)) + labels[:, None] * 0.7
    return Examples(matrix.astype(dtype), labels.astype(dtype), np.ones(n, dtype))


def training(
    *rules: Rule,
    learner: Learner | None = None,
    n: int = 120,
    k: int = 3,
    held_out: bool = True,
    schedule: Schedule | None = None,
) -> Training:
    learner = learner or Network(sizes=(3, 8, 1), head="logistic", batch_size=16)
    folds = [np.arange(first, n, k) if held_out else NOTHING for first in range(k)]
    shown = examples(n, d=int(learner.shape.sizes[0]), dtype=learner.dtype)
    population = Population(learner, shown, folds=folds, seed=4)
    return Training(population, rules=rules, schedule=schedule or Constant(0.01))


class Scripted:
    """Stands in for a population: its losses are written down beforehand, its parameters are the epoch's number."""

    groups = None

    def __init__(self, held_out: list[list[float]], training_loss: list[list[float]] | None = None) -> None:
        self.members = Population(
            Neuron(sizes=(1, 1), head="logistic"),
            examples(4, d=1),
            folds=[np.array([0]) if np.isfinite(loss) else NOTHING for loss in held_out[0]],
            seed=0,
        ).members
        self.states = [member.state for member in self.members]
        self.parameters: Parameters = np.zeros((len(held_out[0]), 2), np.float32)
        self._held_out = np.array(held_out)
        self._training = np.array(training_loss or np.ones_like(self._held_out))

    def epoch(self, *, learning_rate: float, shuffle: bool) -> Findings:
        del learning_rate, shuffle
        number = int(self.parameters[0, 0])
        self.parameters = np.full_like(self.parameters, number + 1)
        one = History.of_curves(
            held_out_loss=self._held_out[number : number + 1], training_loss=self._training[number : number + 1]
        )
        return one[0].findings

    def parameters_of(self, members: list[int], *, sharpness: None) -> Parameters:
        del sharpness
        return self.parameters[members]

    def halt(self) -> None: ...

    def close(self) -> None: ...


def scripted(held_out: list[list[float]], training_loss: list[list[float]] | None = None, *rules: Rule) -> Training:
    population: object = Scripted(held_out, training_loss)
    run = Training(population, rules=[*rules, Limit(len(held_out))], schedule=Constant(0.1))
    for _epoch in run:
        pass
    return run


# --- What is recorded -------------------------------------------------------------------------------------------------


def test_every_epoch_is_given_out_and_recorded() -> None:
    run = training(Limit(5))
    given = list(run)
    assert [epoch.number for epoch in given] == [1, 2, 3, 4, 5]
    assert list(run.history) == given
    assert run.stop == Stop(StopReason.LIMIT, {"epochs": 5})


def test_seconds_go_on_and_rows_are_counted() -> None:
    run = training(Limit(4))
    began = time.perf_counter()
    epochs = list(run)
    passed = time.perf_counter() - began
    seconds = [epoch.seconds for epoch in epochs]
    assert 0 < seconds[0] <= seconds[-1] <= passed
    assert seconds == sorted(seconds)
    assert all(3 * 80 / epoch.rows_per_second <= passed for epoch in epochs)


def test_only_the_time_in_which_it_learns_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    now = itertools.count()
    monkeypatch.setattr(time, "perf_counter", lambda: float(next(now)))
    run = training(Limit(2))
    for _epoch in run.epochs():
        run.advance(2)
        for _second in range(100):  # a pause
            next(now)
        run.advance(2)
    once, parts = run.history
    assert (once.rows_per_second, parts.rows_per_second) == (3 * 80, 3 * 80 / 3)
    assert parts.seconds < 10


def test_each_epoch_has_the_rate_of_the_schedule() -> None:
    run = training(Limit(4), schedule=Cosine(0.1, 4))
    assert [epoch.learning_rate for epoch in run] == [Cosine(0.1, 4)(number) for number in (1, 2, 3, 4)]


def test_an_epoch_is_marked_whose_training_loss_rose() -> None:
    losses = [[3.0, 3.0], [2.0, 3.0], [2.0, 3.1], [2.0, 3.1], [np.nan, 2.0], [1.0, 1.0]]
    run = scripted([[1.0, 1.0]] * 6, losses)
    assert [epoch.rose for epoch in run.history] == [False, False, True, False, False, False]


def test_shuffling_can_be_left_out() -> None:
    learned = []
    for _ in range(2):
        population = Population(Neuron(sizes=(3, 1), head="logistic"), examples(), folds=[NOTHING], seed=4)
        run = Training(population, rules=[Limit(2)], schedule=Constant(0.01), shuffle=False)
        list(run)
        assert_array_equal(population.members[0].state.order, np.arange(120))
        learned.append(run.parameters)
    assert_array_equal(*learned)


# --- The best ---------------------------------------------------------------------------------------------------------


def test_each_members_best_is_that_of_its_own_best_epoch() -> None:
    run = training(Limit(40), learner=Network(sizes=(3, 32, 1), head="logistic", batch_size=8), k=4)
    seen = np.array([run.parameters for _epoch in run])
    best = run.history.members("held_out_loss").argmin(axis=0)
    assert len(set(best.tolist())) > 1
    assert_array_equal(run.best_parameters, seen[best, np.arange(4)])
    assert run.kept.all()


def test_of_equal_losses_the_first_is_the_best() -> None:
    assert_array_equal(scripted([[3.0], [2.0], [2.0], [4.0]]).best_parameters, [[2, 2]])


def test_where_nothing_is_held_out_the_last_epoch_is_the_best() -> None:
    run = training(Limit(5), held_out=False)
    list(run)
    assert_array_equal(run.best_parameters, run.parameters)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_held_out_loss_that_is_no_number_is_never_the_best(bad: float) -> None:
    assert_array_equal(scripted([[2.0], [1.0], [bad], [3.0]]).best_parameters, [[2, 2]])


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_training_loss_that_is_no_number_is_never_the_best(bad: float) -> None:
    assert_array_equal(scripted([[2.0], [1.0]], [[1.0], [bad]]).best_parameters, [[1, 1]])
    assert_array_equal(scripted([[np.nan], [np.nan]], [[1.0], [bad]]).best_parameters, [[1, 1]])


def test_without_a_finite_epoch_the_start_is_kept_and_said_not_to_be_a_best() -> None:
    run = scripted([[np.inf, 1.0]], [[np.inf, 1.0]])
    assert_array_equal(run.best_parameters, [[0, 0], [1, 1]])
    assert_array_equal(run.kept, [False, True])


def test_the_epoch_that_diverged_is_not_kept() -> None:
    run = scripted([[np.nan]] * 3, [[1.0], [2.0], [1e6]], Divergence())
    assert run.stop.reason == StopReason.DIVERGED
    assert_array_equal(run.best_parameters, [[2, 2]])


def test_patience_ends_a_training_so_many_epochs_after_its_best() -> None:
    run = training(Patience(3), Limit(60), learner=Network(sizes=(3, 32, 1), head="logistic", batch_size=8))
    list(run)
    assert run.stop.reason == StopReason.PATIENCE
    assert run.history.curve("held_out_loss").argmin() + 1 == run.stop.values["best"] == len(run.history) - 3


LEARNERS = {
    "adam": Network(sizes=(3, 16, 1), head="logistic", batch_size=16),
    "sgd": Network(sizes=(3, 16, 1), head="identity", batch_size=16, optimizer="sgd"),
    "softmax": Network(sizes=(3, 16, 8, 2), head="softmax", batch_size=16, optimizer="sgd"),
    "neuron": Neuron(sizes=(3, 1), head="logistic", dtype=np.float64),
    "linear neuron": Neuron(sizes=(3, 1), head="identity"),
    "perceptron": Perceptron(sizes=(3, 2)),
}


@pytest.mark.parametrize("learner", LEARNERS.values(), ids=LEARNERS)
@pytest.mark.parametrize("held_out", [True, False])
def test_no_learning_rate_leaves_anything_but_numbers_behind(learner: Learner, held_out: bool) -> None:
    for power in (*range(-8, 4), 6, 30):
        run = training(Divergence(), Limit(6), learner=learner, held_out=held_out, schedule=Constant(10.0**power))
        list(run)
        assert np.isfinite(run.best_parameters).all()
        assert run.stop.reason in {StopReason.LIMIT, StopReason.DIVERGED}


def test_a_rate_far_too_high_is_called_divergence() -> None:
    run = training(Divergence(), Limit(50), learner=LEARNERS["sgd"], schedule=Constant(100.0))
    list(run)
    assert run.stop.reason == StopReason.DIVERGED
    assert run.stop.values["rate"] == 100.0


# --- Rules ------------------------------------------------------------------------------------------------------------


def test_of_two_rules_that_stop_at_once_the_first_is_named() -> None:
    run = scripted([[1.0], [2.0]], None, Patience(1), Limit(2))
    assert run.stop.reason == StopReason.PATIENCE


def test_a_rule_sees_the_history_up_to_its_epoch() -> None:
    lengths: list[int] = []

    def rule(history: History) -> Stop | None:
        lengths.append(len(history))
        return None

    list(training(rule, Limit(3)))
    assert lengths == [1, 2, 3]


# --- Being interrupted ------------------------------------------------------------------------------------------------


def test_leaving_the_loop_keeps_what_was_learned() -> None:
    before, run = threading.enumerate(), training(Limit(50))
    for epoch in run:
        if epoch.number == 3:
            break
    assert run.stop.reason == StopReason.LEFT
    assert len(run.history) == 3
    assert run.kept.all()
    assert threads_left(besides=before) == []


def test_an_error_of_whoever_loops_is_not_swallowed() -> None:
    run = training(Limit(50))

    def loop() -> None:
        for _epoch in run:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        loop()
    assert run.kept.all()


def test_interrupting_between_epochs_ends_the_training() -> None:
    run = training(Limit(50))
    for epoch in run:
        if epoch.number == 2:
            run.interrupt()
    assert run.stop.reason == StopReason.INTERRUPTED
    assert len(run.history) == 2


def test_an_interrupt_while_the_rules_are_asked_is_not_lost() -> None:
    def rule(history: History) -> Stop | None:
        if len(history) == 2:
            run.interrupt()
        return None

    run = training(rule, Limit(50))
    list(run)
    assert run.stop.reason == StopReason.INTERRUPTED
    assert len(run.history) == 2


def long_training(n: int) -> Training:
    """Epochs of a fraction of a second for 24,000 rows, of seconds for 150,000."""
    return training(Limit(50), learner=Network(sizes=(20, 512, 512, 1), head="logistic"), n=n, k=2)


@pytest.fixture
def heard() -> Iterator[None]:
    """Ctrl-C as at a prompt: what a shell starts in the background, the tests too, would not hear it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def ctrl_c() -> None:
    if hasattr(signal, "pthread_kill"):
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
    else:
        os.kill(os.getpid(), signal.SIGINT)


@pytest.mark.usefixtures("heard")
@pytest.mark.parametrize("how", ["interrupt from another thread", "Ctrl-C"])
def test_an_interrupt_within_the_first_epoch_ends_it_at_once(how: str) -> None:
    before, run = threading.enumerate(), long_training(150_000)
    start = run.parameters
    act: Callable[[], None] = ctrl_c if how == "Ctrl-C" else run.interrupt
    timer = threading.Timer(0.15, act)
    timer.start()
    epochs = list(run)
    timer.join()
    assert epochs == []
    whole = run._population.members[0].state.order.size // 64
    assert all(member.state.steps < whole for member in run._population.members)
    assert run.stop.reason == StopReason.INTERRUPTED
    assert len(run.history) == 0
    assert not run.kept.any()
    assert_array_equal(run.best_parameters, start)
    assert threads_left(besides=before) == []


@pytest.mark.usefixtures("heard")
@pytest.mark.parametrize("how", ["interrupt from another thread", "Ctrl-C"])
def test_an_interrupt_within_a_later_epoch_keeps_the_one_before(how: str) -> None:
    run = long_training(24_000)
    act: Callable[[], None] = ctrl_c if how == "Ctrl-C" else run.interrupt
    timer = threading.Timer(0.1, act)
    for _epoch in run:
        learned = run.parameters
        timer.start()
    timer.join()
    assert run.stop.reason == StopReason.INTERRUPTED
    assert len(run.history) == 1
    assert_array_equal(run.best_parameters, learned)
    assert not np.array_equal(run.parameters, learned)
    assert_array_equal(np.array([state.parameters for state in run.checkpoint.states]), learned)


# --- Within an epoch --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("learner", [LEARNERS["adam"], LEARNERS["neuron"]], ids=["network", "neuron"])
def test_a_checkpoint_from_within_an_epoch_is_gone_on_with_from_where_that_began(learner: Learner) -> None:
    whole = training(Limit(5), learner=learner)
    list(whole)
    left = training(Limit(3), learner=learner)
    list(left)
    left.advance(2)
    within = left.checkpoint
    left.advance(1)
    gone_on = training(Limit(5), learner=learner)
    gone_on.restore(within)
    list(gone_on)
    assert_array_equal(gone_on.history.members("held_out_loss"), whole.history.members("held_out_loss"))
    assert_array_equal(gone_on.parameters, whole.parameters)


def test_to_ask_for_losses_within_an_epoch_changes_nothing() -> None:
    asked, silent = training(Limit(2)), training(Limit(2))
    for run in (asked, silent):
        for _epoch in run.epochs():
            for _step in range(3):
                run.advance(1)
                if run is asked:
                    run.findings()
                    _ = run.checkpoint
    assert_array_equal(asked.history.members("held_out_loss"), silent.history.members("held_out_loss"))
    assert_array_equal(asked.parameters, silent.parameters)

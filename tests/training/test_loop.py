from __future__ import annotations

import threading

import numpy as np
import pytest

from epoca.learners.learner import Examples
from epoca.learners.network import Network
from epoca.learners.population import Population
from epoca.training.history import Epoch, History
from epoca.training.loop import Training
from epoca.training.rules import Divergence, Limit, Patience, Rule
from epoca.training.schedules import Constant, Cosine
from epoca.training.stop import StopReason


def _training(*rules: Rule, rate: float = 0.05, rows: int = 90, hold_out: bool = True) -> Training:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(rows, 3)).astype(np.float32)
    examples = Examples(x, (x[:, 0] > 0).astype(np.float32), np.ones(rows, np.float32))
    folds = np.array_split(np.arange(rows), 3) if hold_out else [np.empty(0, np.int64)]
    network = Network(sizes=(3, 8, 1), head="logistic", batch_size=8)
    return Training(Population(network, examples, folds=folds, seed=0), rules=rules, schedule=Constant(rate))


def test_epochs_come_one_by_one_until_a_rule_ends_them() -> None:
    training = _training(Limit(4))
    assert [epoch.number for epoch in training] == [1, 2, 3, 4]
    assert training.stop.reason is StopReason.LIMIT
    assert len(training.history) == 4


def test_every_epoch_tells_what_is_promised() -> None:
    training = _training(Limit(3))
    for epoch in training:
        assert epoch.findings.training_loss.shape == (3,)
        assert np.isfinite(epoch.findings).all()
        assert epoch.rows_per_second > 0
        assert epoch.learning_rate == 0.05
    assert [epoch.seconds for epoch in training.history] == sorted(epoch.seconds for epoch in training.history)


def test_the_best_state_of_each_member_is_that_of_its_own_best_epoch() -> None:
    training = _training(Limit(30), rate=0.3)
    states = [training.parameters for _epoch in training]
    best = training.history.members("held_out_loss").argmin(axis=0)
    for member, epoch in enumerate(best):
        assert np.array_equal(training.best_parameters[member], states[epoch][member])


def test_where_nothing_is_held_out_the_last_epoch_counts() -> None:
    training = _training(Limit(5), hold_out=False)
    for _epoch in training:
        pass
    assert np.array_equal(training.best_parameters, training.parameters)
    assert np.isnan(training.history.curve("held_out_loss")).all()


def test_leaving_the_loop_is_an_end_like_another() -> None:
    training = _training(Limit(100))
    for epoch in training:
        if epoch.number == 2:
            break
    assert training.stop.reason is StopReason.LEFT
    assert training.kept.all()


def test_an_interrupt_from_another_thread_ends_it_soon() -> None:
    training = _training(Limit(10**6))
    threading.Timer(0.2, training.interrupt).start()
    for _epoch in training:
        pass
    assert training.stop.reason is StopReason.INTERRUPTED
    assert training.kept.all()
    assert np.isfinite(training.best_parameters).all()


def test_ctrl_c_within_an_epoch_keeps_the_best(monkeypatch: pytest.MonkeyPatch) -> None:
    training = _training(Limit(10**6))
    own = Population.epoch

    def interrupted(self: Population, **options: bool) -> object:
        if len(training.history) == 3:
            raise KeyboardInterrupt
        return own(self, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(Population, "epoch", interrupted)
    assert len(list(training)) == 3
    assert training.stop.reason is StopReason.INTERRUPTED


@pytest.mark.parametrize("rate", [1e-8, 1e-3, 1.0, 1e3, 1e6, 1e30])
def test_no_learning_rate_makes_what_is_kept_infinite(rate: float) -> None:
    training = _training(Divergence(), Limit(20), rate=rate)
    for _epoch in training:
        pass
    assert np.isfinite(training.best_parameters).all()
    if rate > 1e5:
        assert training.stop.reason is StopReason.DIVERGED
        assert "learning rate" in str(training.stop.sentence)


def test_a_rise_of_the_training_loss_is_marked() -> None:
    training = _training(Limit(60), rate=0.5)
    for _epoch in training:
        pass
    curve = training.history.curve("training_loss")
    assert [epoch.rose for epoch in training.history][1:] == list(np.diff(curve) > 0)
    assert any(epoch.rose for epoch in training.history)


def test_patience_stops_the_whole_and_leaves_the_best() -> None:
    training = _training(Patience(5), Limit(500), rate=0.3)
    for _epoch in training:
        pass
    assert training.stop.reason is StopReason.PATIENCE
    assert len(training.history) - training.history.curve("held_out_loss").argmin() - 1 == 5


def test_the_schedule_is_followed_and_recorded() -> None:
    training = _training(Limit(3))
    training = Training(training._population, rules=[Limit(3)], schedule=Cosine(0.1, 3))
    assert [epoch.learning_rate for epoch in training] == pytest.approx([0.1, 0.075, 0.025])


def test_a_history_comes_back_from_json() -> None:
    training = _training(Limit(3), hold_out=False)
    for _epoch in training:
        pass
    back = History.from_json(training.history.to_json())
    assert len(back) == 3
    for name in ("training_loss", "held_out_loss", "gradient_norm"):
        assert np.array_equal(back.curve(name), training.history.curve(name), equal_nan=True)
    assert [epoch.seconds for epoch in back] == [epoch.seconds for epoch in training.history]
    assert isinstance(back[0], Epoch)

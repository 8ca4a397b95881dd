"""Runs: whatever way one gets to an epoch, it is the same epoch."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from epoca.errors import OptionError
from epoca.fitting import Fitting
from epoca.lab.course import Course, Event
from epoca.lab.run import Run
from epoca.problem import Problem
from epoca.settings import Settings
from epoca.tables.samples import sample
from epoca.training.stop import StopReason
from epoca.types import Numbers, Parameters

SETTINGS = Settings(
    hidden=(3,), members=3, epochs=12, stopping="patience(4)", pieces=0, learning_rate=0.02, batch_size=16, threads=1
)
LONG = replace(SETTINGS, epochs=40, stopping="limit(40)")
LINEAR = Settings(model="neuron", members=2, epochs=12, stopping="patience(4)", threads=1)


def problem(settings: Settings = SETTINGS) -> Problem:
    return Problem.of_table(sample("moons", rows=80), target="label", settings=settings)


def run(settings: Settings = SETTINGS, *, room: int = 10**6) -> Run:
    return Run(problem(settings), settings=settings, room=room)


def losses(of: Run) -> Numbers:
    return np.array([of.history.members("training_loss"), of.history.members("held_out_loss")])


def to_the_end(of: Run) -> Run:
    while not of.has_ended:
        of.finish_epoch()
    return of


@pytest.fixture(scope="module")
def plain() -> Run:
    return to_the_end(run())


@pytest.mark.parametrize("settings", [SETTINGS, LINEAR], ids=["network", "neuron"])
def test_a_run_is_the_training_of_the_command_line(settings: Settings) -> None:
    fitting = Fitting(problem(settings), settings=settings)
    for _epoch in fitting:
        pass
    stepped = run(settings)
    while not stepped.has_ended:
        stepped.advance(1)
    assert_array_equal(losses(stepped)[1], fitting.training.history.members("held_out_loss"))
    assert_array_equal(stepped.model().parameters, fitting.model().parameters)
    assert stepped.training.stop == fitting.training.stop
    assert stepped.model().scores == fitting.model().scores


def test_work_ends_no_more_than_an_epoch(plain: Run) -> None:
    worked = run()
    worked.work(0)
    assert (worked.epoch, worked.step) == (0, 1)
    worked.work(1)
    assert (worked.epoch, worked.step) == (1, 0)
    assert worked.epochs_per_second > 0
    assert_array_equal(losses(worked), losses(plain)[:, :1])


def with_its_past(of: Run) -> list[Parameters]:
    """Let it come to its end; gives the members after each epoch but the last."""
    seen = []
    while not of.has_ended:
        seen.append(of.training.parameters)
        of.finish_epoch()
    return seen


@pytest.fixture
def repeated(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The epochs that are made again."""
    epochs: list[int] = []
    repeat = Course.repeat

    def noted(course: Course, events: Iterable[Event]) -> bool:
        is_finished = repeat(course, events)
        epochs.append(course.epoch)
        return is_finished

    monkeypatch.setattr(Course, "repeat", noted)
    return epochs


@pytest.mark.parametrize("room", [10**6, 1])
def test_every_past_epoch_is_there_again(room: int) -> None:
    forgetful = run(LONG, room=room)
    seen = with_its_past(forgetful)
    for epoch in (*range(0, 40, 3), *range(39, 0, -2), 7, 23, 8):
        assert_array_equal(forgetful.parameters_at(epoch), seen[epoch])


def test_what_was_looked_at_once_is_not_made_again(repeated: list[int]) -> None:
    forgetful = to_the_end(run(LONG, room=1))
    kept = [epoch for epoch, _members in forgetful.moments(range(41))]
    assert kept == [0, 8, 16, 24, 32, 37, 38, 39, 40]
    for epoch in (14, 14, 11, 14, 15, 12, 16):
        forgetful.parameters_at(epoch)
    assert repeated == [9, 10, 11, 12, 13, 14, 15]


def test_what_is_made_again_trains_nothing_to_compare_with(monkeypatch: pytest.MonkeyPatch) -> None:
    forgetful = to_the_end(run(LONG, room=1))
    monkeypatch.setattr(Fitting, "_look_aside", pytest.fail)
    forgetful.parameters_at(13)


def test_an_interrupt_reaches_what_is_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    forgetful = to_the_end(run(LONG, room=1))
    repeat = Course.repeat

    def interrupted(course: Course, events: Iterable[Event]) -> bool:
        forgetful.interrupt()
        is_finished = repeat(course, events)
        assert not is_finished
        return is_finished

    monkeypatch.setattr(Course, "repeat", interrupted)
    with pytest.raises(OptionError, match="interrupted"):
        forgetful.parameters_at(13)
    with pytest.raises(OptionError, match="interrupted"):
        forgetful.parameters_at(5)
    assert forgetful.parameters_at(16).shape == forgetful.training.parameters.shape


def test_of_a_long_run_little_is_kept_and_all_can_be_told() -> None:
    settings = Settings(hidden=(2,), members=2, epochs=60, stopping="limit(60)", pieces=0, batch_size=16, threads=1)
    long = run(settings, room=20_000)
    seen = with_its_past(long)
    assert len(long.moments(range(61))) < 40
    for epoch in (0, 1, 17, 43, 59):
        assert_array_equal(long.parameters_at(epoch), seen[epoch])


@given(st.integers(0, 11), st.integers(0, 3))
def test_back_and_on_again_is_the_same_run(epoch: int, steps: int) -> None:
    once = to_the_end(run())
    again = to_the_end(run())
    again.rewind(min(epoch, again.epoch))
    assert again.epoch == min(epoch, once.epoch)
    assert again.step == 0
    again.advance(steps)
    to_the_end(again)
    assert_array_equal(losses(again), losses(once))
    assert again.training.stop == once.training.stop
    assert_array_equal(again.model().parameters, once.model().parameters)


def test_a_model_saved_within_an_epoch_is_gone_on_with_from_where_that_began(plain: Run) -> None:
    within = run()
    within.finish_epoch()
    within.finish_epoch()
    within.advance(2)
    checkpoint = within.model().checkpoint
    assert checkpoint is not None
    settings = replace(SETTINGS, epochs=plain.epoch)
    fitting = Fitting(within.problem, settings=settings, columns=within.fitting.columns, checkpoint=checkpoint)
    assert [epoch.number for epoch in fitting] == list(range(3, plain.epoch + 1))
    assert_array_equal(fitting.training.history.members("held_out_loss"), losses(plain)[1])


def test_a_model_saved_between_epochs_has_the_weights_changed_by_hand() -> None:
    edited = run()
    edited.finish_epoch()
    edited.do(Event(epoch=0, step=0, what="weight", member=1, index=4, value=2.5))
    for steps in (0, 1):
        edited.advance(steps)
        checkpoint = edited.model().checkpoint
        assert checkpoint is not None
        assert checkpoint.states[1].parameters[4] == 2.5


def test_losses_within_an_epoch_are_told_and_change_nothing(plain: Run) -> None:
    asked = run()
    while asked.epoch < 3:
        asked.advance(1)
        told = asked.losses_now()
        assert (told is None) == (asked.step == 0)
    assert_array_equal(losses(asked), losses(plain)[:, :3])


def test_it_goes_on_past_its_end() -> None:
    going = to_the_end(run())
    ended = going.epoch
    going.do(Event(epoch=0, step=0, what="go on", value=ended + 20))
    to_the_end(going)
    assert going.epoch == ended + 20
    assert going.training.stop.reason is StopReason.LIMIT
    going.rewind(ended + 5)
    to_the_end(going)
    assert going.epoch == ended + 20
    going.rewind(3)  # before it ended, so it ends where it did
    to_the_end(going)
    assert going.epoch == ended


def told_again(first: Run, *, room: int = 10**6) -> Run:
    """A new run to which the same is done at the same times."""
    second = run(first.settings, room=room)
    for event in first.events:
        while second.epoch < event.epoch and not second.has_ended:
            second.finish_epoch()
        second.advance(event.step - second.step)
        second.do(event)
    while second.epoch < first.epoch and not second.has_ended:
        second.finish_epoch()
    return second


@pytest.mark.parametrize("back", [-2, 0, 1])
def test_gone_back_to_about_where_it_was_gone_on_with_it_is_told_as_it_is(back: int) -> None:
    going = to_the_end(run())
    ended = going.epoch
    going.do(Event(epoch=0, step=0, what="go on", value=ended + 4))
    to_the_end(going)
    going.rewind(ended + back)
    going.do(Event(epoch=0, step=0, what="weight", member=1, index=4, value=2.5))
    to_the_end(going)
    again = told_again(going)
    assert_array_equal(losses(again), losses(going))
    assert again.has_ended
    assert back < 0 or going.epoch == ended + 4


@pytest.mark.parametrize("room", [10**6, 1])
def test_what_is_done_by_hand_is_part_of_its_past(room: int) -> None:
    edited = run(LONG, room=room)
    edited.finish_epoch()
    edited.advance(2)
    edited.do(Event(epoch=0, step=0, what="rate", value=0.1))
    edited.do(Event(epoch=0, step=0, what="weight", member=1, index=4, value=2.5))
    edited.do(Event(epoch=0, step=0, what="freeze", member=1, index=4))
    edited.finish_epoch()
    edited.finish_epoch()
    assert edited.training.parameters[1, 4] == 2.5
    assert edited.frozen(1) == [4]
    third = edited.training.parameters
    edited.do(Event(epoch=0, step=0, what="thaw", member=1, index=4))
    assert edited.frozen(1) == []
    to_the_end(edited)
    assert edited.training.parameters[1, 4] != 2.5
    assert_array_equal(losses(told_again(edited)), losses(edited))
    assert_array_equal(edited.parameters_at(3), third)
    before = losses(edited)
    edited.rewind(5)
    to_the_end(edited)
    assert_array_equal(losses(edited), before)


def test_what_was_frozen_can_be_told_of_the_past() -> None:
    held = run()
    held.finish_epoch()
    held.do(Event(epoch=0, step=0, what="freeze", member=1, index=4))
    held.advance(1)
    held.do(Event(epoch=0, step=0, what="freeze", member=1, index=2))
    held.finish_epoch()
    held.do(Event(epoch=0, step=0, what="thaw", member=1, index=4))
    held.finish_epoch()
    assert [held.frozen(1, at=epoch) for epoch in range(4)] == [[], [], [2, 4], [2]]
    assert held.frozen(1) == [2]
    assert held.frozen(0, at=2) == []


def test_to_let_go_what_is_not_held_does_nothing(plain: Run) -> None:
    free = run()
    free.do(Event(epoch=0, step=0, what="thaw", member=1, index=4))
    assert_array_equal(losses(to_the_end(free)), losses(plain))


def test_what_could_not_be_done_was_not_done() -> None:
    refusing = run()
    with pytest.raises(IndexError):
        refusing.do(Event(epoch=0, step=0, what="weight", member=0, index=10**6))
    assert refusing.events == []


def test_a_frozen_weight_alone_stays() -> None:
    held, free = run(), run()
    held.do(Event(epoch=0, step=0, what="freeze", member=0, index=0))
    held.finish_epoch()
    free.finish_epoch()
    assert held.training.parameters[0, 0] == held.parameters_at(0)[0, 0]
    assert free.training.parameters[0, 0] != held.training.parameters[0, 0]
    assert_array_equal(held.training.parameters[1:], free.training.parameters[1:])

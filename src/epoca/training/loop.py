"""The one training loop: an iterator of finished epochs."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import NamedTuple, final

import numpy as np
from numpy.typing import NDArray

from epoca.learners.learner import State
from epoca.learners.population import REFINED, Findings, Member, Population
from epoca.training.history import Epoch, History
from epoca.training.ideal_epoch import ideal_epoch
from epoca.training.rules import Rule
from epoca.training.schedules import Schedule
from epoca.training.stop import Stop, StopReason
from epoca.types import Numbers, Parameters, Rows

_LEFT = Stop(StopReason.LEFT)


@final
@dataclass(frozen=True, kw_only=True)
class Checkpoint:
    """Where a training stands: all that is needed to go on as if it had never paused.

    Parameters
    ----------
    states : sequence of State
        Of every member: weights, the optimizer's memory, its generator.
    history : History
        Every finished epoch.
    best_parameters : ndarray, (k, P)
        See `Training`.
    least : ndarray of float64, (k,)
        By what each member's best state was chosen.
    """

    states: Sequence[State]
    history: History
    best_parameters: Parameters
    least: Numbers

    @classmethod
    def of(cls, parameters: Parameters, history: History) -> Checkpoint:
        """The nearest there is to a checkpoint of members of which only the weights, (k, P), are known."""
        k, size = parameters.shape
        nothing: Rows = np.empty(0, np.int64)
        states = [
            State(buffer=weights, n_parameters=size, order=nothing, random=np.array([number], np.uint64))
            for number, weights in enumerate(parameters)
        ]
        return cls(states=states, history=history, best_parameters=parameters, least=np.full(k, np.inf))


class _Before(NamedTuple):
    """Of a training before the epoch under way."""

    states: list[State]
    """Of every member."""
    seconds: float
    """That it had taken."""


@final
class Training:
    """Epoch after epoch until a rule, Ctrl-C, or whoever loops ends it; the best state so far is always there.

    Parameters
    ----------
    population : Population
        What is trained.
    rules : sequence of Rule
        Asked after every epoch, in this order.
    schedule : Schedule
        The learning rate of each epoch.
    shuffle : bool
        Whether every member puts its rows in a new order before each epoch.
    watches : str
        The curve, a field of `Findings`, by which every member's best epoch is chosen.
    checkpoint : Checkpoint, optional
        Where an earlier training stood, from which to go on.

    Attributes
    ----------
    schedule : Schedule
        As given; another may take its place between two epochs.
    history : History
        Every finished epoch.
    stop : Stop
        Why it ended; while it goes on, that it was left.
    best_parameters : ndarray, (k, P)
        Every member at the epoch of its own least loss of the curve that is watched; where nothing is held out, at the
        last epoch with finite losses. An epoch that diverged does not count.
    """

    def __init__(
        self,
        population: Population,
        *,
        rules: Sequence[Rule],
        schedule: Schedule,
        shuffle: bool = True,
        watches: str = "held_out_loss",
        checkpoint: Checkpoint | None = None,
    ) -> None:
        self.history = History(groups=population.groups)
        self.stop = _LEFT
        self.best_parameters: Parameters = population.parameters
        self._least = np.full(len(population.members), np.inf)
        self._population = population
        self._rules = rules
        self.schedule = schedule
        self._shuffle = shuffle
        self._watches = watches
        self._holds_out = np.array([member.held_out.size > 0 for member in population.members])
        self._rows = sum(member.state.order.size for member in population.members)
        self._before: _Before | None = None
        self._seconds = 0.0
        if checkpoint is not None:
            self.restore(checkpoint)

    def restore(self, checkpoint: Checkpoint) -> None:
        """Go back to where it, or another training of the same form, stood; it can be gone on with from there."""
        before = checkpoint.history
        sharpness = before[-1].findings.sharpness if len(before) else np.ones(len(self._population.members))
        self._population.restore(checkpoint.states, sharpness=sharpness)
        self.history = before.regrouped(self._population.groups)
        self.best_parameters = checkpoint.best_parameters.copy()
        self._least = checkpoint.least.copy()
        self._before = None
        self._seconds = before[-1].seconds if len(before) else 0.0
        self.stop = _LEFT

    def __iter__(self) -> Iterator[Epoch]:
        with closing(self._population):
            yield from self.epochs()

    def epochs(self) -> Iterator[Epoch]:
        """As iterating it, after which the population keeps its threads for more."""
        try:
            while self.stop is _LEFT:
                start = time.perf_counter()
                epoch = self._epoch(len(self.history) + 1, start)
                if self.stop is not _LEFT:  # interrupted within the epoch, which therefore does not count
                    break
                self._before = None
                self.history.append(epoch)
                stop = next((stop for rule in self._rules if (stop := rule(self.history))), None)
                if stop is None or stop.reason is not StopReason.DIVERGED:
                    self._keep_best(epoch)
                if stop is not None and self.stop is _LEFT:  # an interrupt meanwhile is not forgotten
                    self.stop = stop
                self._seconds += time.perf_counter() - start
                yield epoch
        except KeyboardInterrupt:
            self.interrupt()

    def advance(self, steps: int) -> bool:
        """Make so many steps of the next epoch, which is finished where it is asked for; gives whether any are left."""
        start = time.perf_counter()
        if steps > 0:
            self._begin()
        rate = self.schedule(len(self.history) + 1)
        are_left = self._population.advance(steps=steps, learning_rate=rate, shuffle=self._shuffle)
        self._seconds += time.perf_counter() - start
        return are_left

    def interrupt(self) -> None:
        """End the training soon, also within an epoch; may be called from a signal handler or another thread.

        Once it has ended, why it did stays as it is.
        """
        if self.stop is _LEFT:
            self.stop = Stop(StopReason.INTERRUPTED)
        self._population.halt()

    @property
    def best_epoch(self) -> int | None:
        """The ideal epoch so far, by the curve that is watched; None where nothing is held out."""
        return ideal_epoch(self.history.curve(self._watches))

    @property
    def checkpoint(self) -> Checkpoint:
        """Where it stands now; within an epoch, where that began, for no part of one can be gone on with."""
        return Checkpoint(
            states=self._states() if self._before is None else self._before.states,
            history=self.history.copy(),
            best_parameters=self.best_parameters.copy(),
            least=self._least.copy(),
        )

    @property
    def parameters(self) -> Parameters:
        """(k, P): every member as it is now."""
        return self._population.parameters

    def findings(self) -> Findings:
        """What every member is worth as it is now, within an epoch too, which goes on as if nobody had asked."""
        return self._population.findings()

    @property
    def members(self) -> Sequence[Member]:
        """What learns, still in use."""
        return self._population.members

    @property
    def kept(self) -> NDArray[np.bool_]:
        """(k,): whether a member has a best state, which it has from its first epoch with finite losses on."""
        kept: NDArray[np.bool_] = np.isfinite(self._least)
        return kept

    def _states(self) -> list[State]:
        return [state.copy() for state in self._population.states]

    def _begin(self) -> _Before:
        """Where the epoch under way began; remembered from now on if it begins now."""
        if self._before is None:
            self._before = _Before(self._states(), self._seconds)
        return self._before

    def _epoch(self, number: int, start: float) -> Epoch:
        rate, before = self.schedule(number), self._begin()
        findings = self._population.epoch(learning_rate=rate, shuffle=self._shuffle)
        seconds = self._seconds + time.perf_counter() - start
        rose = number > 1 and findings.training_loss.mean() > self.history.last("training_loss")
        return Epoch(
            number=number,
            findings=findings,
            learning_rate=rate,
            rows_per_second=self._rows / (seconds - before.seconds),
            seconds=seconds,
            rose=bool(rose),
        )

    def _keep_best(self, epoch: Epoch) -> None:
        found = epoch.findings
        loss = np.where(self._holds_out, getattr(found, self._watches), -epoch.number)
        # What is not a number is not less than anything.
        better = np.flatnonzero(np.isfinite(found.training_loss) & (loss < self._least))
        if not better.size:
            return
        # Where the loss that is watched is that of sharpened scores, these are kept.
        sharpness = np.where(self._holds_out, found.sharpness, 1.0)[better] if self._watches == REFINED else None
        parameters = self._population.parameters_of(better.tolist(), sharpness=sharpness)
        finite = np.isfinite(parameters).all(axis=1)
        if not finite.all():
            better, parameters = better[finite], parameters[finite]
        self.best_parameters[better] = parameters
        self._least[better] = loss[better]

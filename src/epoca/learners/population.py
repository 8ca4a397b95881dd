"""A population: k members of one learner side by side, each holding out its own fold of the rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from typing import NamedTuple, final

import numpy as np

from epoca.cores import n_cores
from epoca.learners.feedforward import evaluate
from epoca.learners.learner import Examples, Learner, Signals, State
from epoca.types import Numbers, Parameters, Rows


class Findings(NamedTuple):
    """What one epoch showed of each member; every field is (k,) float64, measured at the end of the epoch."""

    gradient_norm: Numbers
    """Of the epoch's steps."""
    training_loss: Numbers
    """Over a fixed sample of the member's training rows, as many as it holds out."""
    training_accuracy: Numbers
    """Over the same sample: share of right labels; of numbers 1 - mean squared error, in units of their variance."""
    held_out_loss: Numbers
    """Over the rows the member holds out; NaN where it holds out none, infinite where it is no number."""
    held_out_accuracy: Numbers
    """Over the same rows."""


@final
@dataclass(kw_only=True)
class Member:
    """One of the k learners: its state, the rows it learns from, those it holds out, those it is measured on."""

    state: State
    rows: Rows
    held_out: Rows
    sample: Rows


@final
class Population:
    """k members of one learner.

    The same seed gives the same members bit by bit, whatever the number of threads: each member has its own generator
    and is computed by one thread.

    Parameters
    ----------
    learner : Learner
        What each member is.
    examples : Examples
        All rows that may be learned from.
    folds : sequence of ndarray of int64
        The rows each member holds out; an empty array for none. One member per fold.
    seed : int
        Of weights, orders and dropout.
    threads : int, optional
        Members at work at a time; all cores by default.
    first : int
        The first member's number, on which its randomness depends beside the seed.
    """

    def __init__(
        self,
        learner: Learner,
        examples: Examples,
        *,
        folds: Sequence[Rows],
        seed: int,
        threads: int | None = None,
        first: int = 0,
    ) -> None:
        self.learner = learner
        self.examples = examples
        everything = np.arange(examples.targets.size)
        self.members = [
            _member(learner, np.setdiff1d(everything, held_out, assume_unique=True), held_out, seed=(seed, number))
            for number, held_out in enumerate(folds, first)
        ]
        self._signals: Signals = np.zeros(1, np.int64)
        self._threads = ThreadPoolExecutor(min(len(folds), threads or n_cores()), "epoca-member")

    @property
    def parameters(self) -> Parameters:
        """(k, P): a copy of every member's weights and biases as they are now."""
        return np.array([member.state.parameters for member in self.members], self.learner.dtype)

    @property
    def states(self) -> list[State]:
        """Of every member, still in use."""
        return [member.state for member in self.members]

    def restore(self, states: Sequence[State]) -> None:
        """Put every member where another of its form stood; the rows it learns from stay its own.

        Parameters
        ----------
        states : sequence of State
            One a member.
        """
        for member, state in zip(self.members, states, strict=True):
            member.state = replace(state.copy(), order=member.state.order)

    def epoch(self, *, learning_rate: float, shuffle: bool = True) -> Findings:
        """Let every member pass once over its rows, and measure it.

        Parameters
        ----------
        learning_rate : float
            Of every step of this epoch.
        shuffle : bool
            Whether each member puts its rows in a new order first.

        Returns
        -------
        Findings

        Raises
        ------
        KeyboardInterrupt
            By Ctrl-C, when every member has come to rest.
        """

        def learn_and_measure(member: Member) -> tuple[float, ...]:
            if shuffle:
                member.state.shuffle(member.rows)
            length = self.learner.epoch(member.state, self.examples, learning_rate=learning_rate, signals=self._signals)
            return length, *self._measured(member, member.sample), *self._measured(member, member.held_out)

        return Findings(*np.array(self._side_by_side(learn_and_measure)).T)

    def halt(self) -> None:
        """Ask a running epoch to end soon, for good; what it then returns is unfinished."""
        self._signals[0] = 1

    def close(self) -> None:
        """Let the threads go."""
        self._threads.shutdown()

    def _measured(self, member: Member, rows: Rows) -> tuple[float, float]:
        if rows.size == 0 or self._signals[0] != 0:  # nobody looks at what an interrupted epoch found
            return np.nan, np.nan
        loss, accuracy = evaluate(member.state.parameters, self.learner.shape, *self.examples, rows)
        return np.inf if np.isnan(loss) else loss, accuracy

    def _side_by_side(self, work: Callable[[Member], tuple[float, ...]]) -> list[tuple[float, ...]]:
        jobs: list[Future[tuple[float, ...]]] = []
        try:
            jobs.extend(self._threads.submit(work, member) for member in self.members)
            # By turns, since some libraries' signal handlers (polars' is one) let no wait be interrupted.
            while wait(jobs, timeout=0.1).not_done:
                pass
        except KeyboardInterrupt:
            self.halt()
            wait(jobs)
            raise
        return [job.result() for job in jobs]


def _member(learner: Learner, rows: Rows, held_out: Rows, *, seed: tuple[int, int]) -> Member:
    state = learner.init(rows=rows, seed=seed)
    size = held_out.size or rows.size
    chosen = np.random.default_rng((*seed, 1)).permutation(rows)[:size]
    return Member(state=state, rows=rows, held_out=held_out, sample=np.sort(chosen))

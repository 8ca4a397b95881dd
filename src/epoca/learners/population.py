"""A population: k members of one learner side by side, each holding out its own fold of the rows."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, wait
from copy import copy
from dataclasses import dataclass, field, replace
from typing import NamedTuple, final

import numpy as np
from numpy.typing import NDArray

from epoca.cores import Threads, n_cores
from epoca.learners.feedforward import multiply_scores
from epoca.learners.learner import Examples, Learner, Signals, State
from epoca.learners.measuring import measure
from epoca.types import Numbers, Parameters, Rows

GROUPS = 64
"""Into how many groups a member's held-out rows are dealt at most: so few that a thousand epochs of them take a few
megabytes, and enough to know the standard error of a difference between two epochs to a tenth."""


HELD_OUT, REFINED = "held_out_loss", "refined_loss"
"""The curves, fields of `Findings`, by which epochs may be chosen."""


class Groups(NamedTuple):
    """How the held-out rows of every member were dealt into groups, which stay the same in all epochs.

    Dealt by lot, groups are as good as single rows for the standard error of a mean, and take less room.
    """

    weights: Numbers
    """(k, g): what the rows of each group weigh together, 0 of a group that a member does not have."""
    folds: Rows
    """(k,): members of equal number hold out the same rows, in the same groups."""
    curve: str = HELD_OUT
    """Which losses of theirs are recorded: those of this field of `Findings`."""

    def are(self, others: Groups) -> bool:
        """Whether these are the same rows in the same groups, and the same losses of theirs."""
        is_alike = np.array_equal(self.weights, others.weights) and np.array_equal(self.folds, others.folds)
        return is_alike and self.curve == others.curve

    def of_members(self, members: slice | Rows) -> Groups:
        """Those of some of the members, by their places."""
        return self._replace(weights=self.weights[members], folds=self.folds[members])


class Findings(NamedTuple):
    """What one epoch showed of each member; (k,) float64 but for the groups, measured at the end of the epoch."""

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
    training_loss_error: Numbers
    """Standard error of the training loss over the rows of its sample; NaN of a single row."""
    refined_loss: Numbers
    """Held-out cross-entropy at the best sharpness, see `epoca.learners.refining`; NaN where there is none."""
    sharpness: Numbers
    """By what the scores were multiplied for it."""
    held_out_groups: NDArray[np.float32]
    """(k, g): mean loss of each of the `Groups` of held-out rows, at the best sharpness if it is the refined loss that
    is recorded; 0 where a member has no such group."""


CURVES = Findings._fields[:-1]
"""The fields that hold one number of each member."""


@final
@dataclass(kw_only=True)
class Member:
    """One of the k learners: its state, the rows it learns from, those it holds out, those it is measured on.

    `dealt` says in which group each of the held-out rows is, `sample_shares` and `group_shares` what part of the weight
    of the sample, or of its group, each row has. Of an epoch under way `parts` holds the rows and the gradient norm of
    each stretch that was learned from.
    """

    state: State
    rows: Rows
    held_out: Rows
    sample: Rows
    dealt: Rows
    sample_shares: Numbers
    group_shares: Numbers
    sharpness: float = 1.0
    parts: list[tuple[int, float]] = field(default_factory=list)

    @property
    def passed(self) -> int:
        """How many rows of the epoch under way were learned from."""
        return sum(rows for rows, _norm in self.parts)


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
    share : float
        Of the rows that a member does not hold out, how many it learns from; those of a smaller share are among those
        of a larger one.
    together : ndarray of int64, (n,), optional
        Rows of equal number come into one group, being no independent witnesses.
    watches : str
        The curve, a field of `Findings`, by which epochs will be chosen.

    Attributes
    ----------
    groups : Groups
        How the held-out rows of every member were dealt.
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
        share: float = 1.0,
        together: Rows | None = None,
        watches: str = HELD_OUT,
    ) -> None:
        self.learner = learner
        self.examples = examples
        everything = np.arange(examples.targets.size)
        self.members: list[Member] = []
        for number, held_out in enumerate(folds, first):
            others = np.setdiff1d(everything, held_out, assume_unique=True)
            rows = _some(others, share, seed)
            dealt = _dealt(held_out if together is None else together[held_out], seed)
            self.members.append(_member(learner, examples, rows, held_out, dealt, seed=(seed, number)))
        self.groups = _groups(self.members, examples.weights, watches)
        self._signals: Signals = np.zeros(1, np.int64)
        self._seed, self._first = seed, first
        self._threads = Threads(min(len(folds), threads or n_cores()), name="epoca-member")

    @property
    def parameters(self) -> Parameters:
        """(k, P): a copy of every member's weights and biases as they are now."""
        return self.parameters_of(range(len(self.members)))

    def parameters_of(self, members: Iterable[int], *, sharpness: Numbers | None = None) -> Parameters:
        """(m, P): a copy of some members as they are now, by their places; the scores of each times its sharpness."""
        copied = np.array([self.members[place].state.parameters for place in members], self.learner.dtype)
        if sharpness is not None:
            multiply_scores(copied, self.learner.shape, sharpness[:, np.newaxis])
        return copied

    def beside(self, learner: Learner, *, members: int) -> Population:
        """So many members of another learner, each at its start, on the rows and by the threads of the first of these.

        Parameters
        ----------
        learner : Learner
            Of the same dtype.
        members : int
            Or as many as there are.
        """
        other = copy(self)
        other.learner = learner
        other.members = [
            replace(member, state=learner.init(rows=member.rows, seed=(self._seed, number)), sharpness=1.0, parts=[])
            for number, member in enumerate(self.members[:members], self._first)
        ]
        other.groups = self.groups.of_members(slice(members))
        other._signals = np.zeros(1, np.int64)
        return other

    @property
    def states(self) -> list[State]:
        """Of every member, still in use."""
        return [member.state for member in self.members]

    def restore(self, states: Sequence[State], *, sharpness: Numbers | None = None) -> None:
        """Put every member where another of its form stood; the rows it learns from stay its own.

        What a state lacks, such as the optimizer's memory, is as at the start.

        Parameters
        ----------
        states : sequence of State
            One a member.
        sharpness : ndarray of float64, (k,), optional
            As last found.
        """
        for number, (member, state) in enumerate(zip(self.members, states, strict=True)):
            buffer, known = member.state.buffer, state.buffer[: member.state.buffer.size]
            buffer[: known.size] = known
            member.state = replace(member.state, random=state.random.copy(), steps=state.steps, begun=math.nan)
            member.parts.clear()
            if sharpness is not None:
                member.sharpness = _usable(sharpness[number])

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
        return self.epochs(learning_rates=[learning_rate], shuffle=shuffle)[0]

    def epochs(self, *, learning_rates: Sequence[float], shuffle: bool = True) -> list[Findings]:
        """As `epoch`, one for each learning rate, no member waiting for the others in between."""
        n, k, g = len(learning_rates), *self.groups.weights.shape
        curves, means = np.full((n, k, len(CURVES)), np.nan), np.zeros((n, k, g), np.float32)

        def learn_and_measure(place: int, member: Member) -> None:
            for epoch, rate in enumerate(learning_rates):
                found = curves[epoch, place]
                self._learn(member, member.rows.size, learning_rate=rate, shuffle=shuffle)
                if self._signals[0] != 0:  # nobody looks at what an interrupted epoch found
                    return
                found[0] = self.learner.norm_of(member.parts)
                member.parts.clear()
                self._measure(member, found[1:], means[epoch, place])

        self.side_by_side(learn_and_measure)
        return [Findings._make([*found.T, groups]) for found, groups in zip(curves, means, strict=True)]

    def findings(self) -> Findings:
        """What the members are worth as they stand, which changes nothing; of a gradient nothing is known."""
        k, g = self.groups.weights.shape
        curves, means = np.full((k, len(CURVES)), np.nan), np.zeros((k, g), np.float32)
        before = [member.sharpness for member in self.members]  # where the next search for it begins
        self.side_by_side(lambda place, member: self._measure(member, curves[place, 1:], means[place]))
        for member, sharpness in zip(self.members, before, strict=True):
            member.sharpness = sharpness
        return Findings._make([*curves.T, means])

    def advance(self, *, steps: int, learning_rate: float, shuffle: bool = True) -> bool:
        """Let every member make so many of an epoch's steps, or all that are left; `epoch` then makes the rest of them.

        The members become the same bit by bit as if the epoch had been made at once.

        Parameters
        ----------
        steps : int
            Updates of each member.
        learning_rate, shuffle
            As of `epoch`.

        Returns
        -------
        bool
            Whether any are left.
        """
        rows = steps * self.learner.batch_size
        self.side_by_side(
            lambda _place, member: self._learn(member, rows, learning_rate=learning_rate, shuffle=shuffle)
        )
        return any(member.passed < member.rows.size for member in self.members)

    def _learn(self, member: Member, rows: int, *, learning_rate: float, shuffle: bool) -> None:
        """From so many of the rows that are left of the epoch under way, or of a new one."""
        passed, state = member.passed, member.state
        if shuffle and passed == 0 and rows > 0:
            state.shuffle(member.rows)
        order, end = state.order, passed + rows
        state.order, state.ahead = order[passed:end], int(order[end]) if end < order.size else -1
        if state.order.size:
            norm = self.learner.epoch(state, self.examples, learning_rate=learning_rate, signals=self._signals)
            member.parts.append((state.order.size, norm))
        state.order, state.ahead = order, -1

    def side_by_side(self, work: Callable[[int, Member], None]) -> None:
        """Do some work on every member, given its place; each thread takes one after the other from those left."""
        left = enumerate(self.members)

        def some() -> None:
            for place, member in left:
                work(place, member)

        jobs: list[Future[None]] = []
        try:
            jobs = self._threads.all_do(some)
            # By turns, since some libraries' signal handlers (polars' is one) let no wait be interrupted.
            while wait(jobs, timeout=0.1).not_done:
                pass
        except KeyboardInterrupt:
            self.halt()
            wait(jobs)
            raise
        for job in jobs:
            job.result()

    def group_means(self, losses: Numbers) -> Numbers:
        """The mean loss of every group of held-out rows, of losses known row by row.

        Parameters
        ----------
        losses : ndarray of float64, (n,)
            Of all examples.

        Returns
        -------
        ndarray of float64, (k, g)
        """
        return np.array([self._group_means(member, losses[member.held_out]) for member in self.members])

    def halt(self) -> None:
        """Ask a running epoch to end soon, for good; what it then returns is unfinished."""
        self._signals[0] = 1

    def close(self) -> None:
        """Let the threads go until there is more to do; those of populations beside are the same."""
        self._threads.close()

    def _measure(self, member: Member, found: Numbers, means: NDArray[np.float32]) -> None:
        measure(
            member.state.parameters,
            self.learner.shape,
            *self.examples,
            member.sample,
            member.sample_shares,
            member.held_out,
            member.group_shares,
            member.dealt,
            member.sharpness,
            self.groups.curve == REFINED,
            found,
            means,
        )
        member.sharpness = _usable(found[-1])

    def _group_means(self, member: Member, losses: Numbers) -> Numbers:
        g = self.groups.weights.shape[1]
        return np.asarray(np.bincount(member.dealt, losses * member.group_shares, minlength=g), np.float64)


def _member(
    learner: Learner, examples: Examples, rows: Rows, held_out: Rows, dealt: Rows, *, seed: tuple[int, int]
) -> Member:
    size = held_out.size or rows.size
    sample = np.sort(np.random.default_rng((*seed, 1)).permutation(rows)[:size])
    weights = examples.weights.astype(np.float64)
    return Member(
        state=learner.init(rows=rows, seed=seed),
        rows=rows,
        held_out=held_out,
        sample=sample,
        dealt=dealt,
        sample_shares=_shares(weights[sample], np.zeros(sample.size, np.int64)),
        group_shares=_shares(weights[held_out], dealt),
    )


def _shares(weights: Numbers, groups: Rows) -> Numbers:
    """What part of the weight of its group each row has; 0 where a group weighs nothing."""
    whole = np.bincount(groups, weights)[groups]
    return np.divide(weights, whole, out=np.zeros_like(weights), where=whole > 0)


def _some(rows: Rows, share: float, seed: int) -> Rows:
    if share == 1:
        return rows
    size = max(math.ceil(share * rows.size), 1)
    return np.sort(np.random.default_rng((seed, 2)).permutation(rows)[:size])


def _dealt(witnesses: Rows, seed: int) -> Rows:
    """Into which group each held-out row comes; rows of one witness come into the same."""
    distinct, place = np.unique(witnesses, return_inverse=True)
    group = np.arange(distinct.size) % GROUPS
    return np.random.default_rng((seed, 3)).permutation(group)[place]


def _groups(members: Sequence[Member], weights: Parameters, curve: str) -> Groups:
    g = max(int(member.dealt.max()) + 1 if member.dealt.size else 0 for member in members)
    weighed = [np.bincount(member.dealt, weights[member.held_out], minlength=g) for member in members]
    folds: dict[bytes, int] = {}
    numbers = [folds.setdefault(member.held_out.tobytes(), len(folds)) for member in members]
    return Groups(np.array(weighed, np.float64).reshape(len(members), g), np.array(numbers, np.int64), curve)


def _usable(sharpness: float) -> float:
    """A sharpness from which Newton's method can go on."""
    return float(sharpness) if 1e-3 < sharpness < 1e3 else 1.0

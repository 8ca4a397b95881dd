"""What the late epochs of a training learned by heart."""

from __future__ import annotations

import math
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from typing import Any, NamedTuple, final

import numpy as np
from numpy.typing import NDArray

from epoca.cores import n_cores
from epoca.errors import OptionError
from epoca.fitting import Fitting
from epoca.judging import out_of_fold
from epoca.learners.feedforward import evaluate
from epoca.locales import Language
from epoca.material import Material
from epoca.messages import Message
from epoca.model import Model
from epoca.problem import Problem
from epoca.studies.beside import fitting_beside, groups_of
from epoca.tables.labels import Label
from epoca.tables.table import Table
from epoca.training.loop import Checkpoint
from epoca.types import Numbers, Parameters, Rows

MATTERS = 0.1
"""A loss moves by so much of that of guessing, or it is not counted: below it nearly all rows' losses move a little."""


@final
@dataclass(frozen=True, kw_only=True)
class MemorisedRow:
    """A row that the late epochs learned by heart.

    Parameters
    ----------
    row : int
        Of the table, counted from 0.
    line : int or None
        Of the file, where there is one.
    label, predicted : label or float
        What stands in the table, and what the members that held the row out predicted at their ideal epochs.
    training_loss, training_loss_last : float
        Of the members that learned from it, at their ideal epochs and at the last one.
    held_out_loss, held_out_loss_last : float
        Of the members that held it out.
    values : mapping of str to object
        What else the row holds.
    """

    row: int
    line: int | None
    label: Label
    predicted: Label
    training_loss: float
    training_loss_last: float
    held_out_loss: float
    held_out_loss_last: float
    values: Mapping[str, object]

    @property
    def by_heart(self) -> float:
        """By how much having learned from it came to matter: the fall of the one loss and the rise of the other."""
        return self.training_loss - self.training_loss_last + self.held_out_loss_last - self.held_out_loss

    def to_json(self) -> dict[str, Any]:
        """As plain values; what JSON has no word for becomes text."""
        values = {name: _plain(value) for name, value in self.values.items()}
        return {**asdict(self), "by_heart": self.by_heart, "values": values}


@final
@dataclass(frozen=True, kw_only=True)
class ClassShare:
    """How much of a class was learned by heart.

    Parameters
    ----------
    label : label
        Of the class.
    rows, memorised : int
        Its rows, and how many of them were.
    """

    label: Label
    rows: int
    memorised: int

    @property
    def share(self) -> float:
        """Of its rows."""
        return self.memorised / self.rows if self.rows else 0.0


@final
@dataclass(frozen=True, kw_only=True)
class Memorised:
    """What the late epochs of a training learned by heart.

    Parameters
    ----------
    n_rows : int
        Rows that some members learned from and others held out.
    rows : tuple of MemorisedRow
        Those learned by heart, the clearest first.
    by_chance : float
        The share of rows that would be, if the fall of the training loss and the rise of the held-out loss had nothing
        to do with each other.
    matters : float
        By how much both must have moved.
    is_at_end : bool
        Whether the ideal epoch is the last one, so that there are no late epochs.
    by_class : tuple of ClassShare
        Class by class; empty of a regression.
    """

    n_rows: int
    rows: tuple[MemorisedRow, ...]
    by_chance: float
    matters: float
    is_at_end: bool
    by_class: tuple[ClassShare, ...]

    @property
    def share(self) -> float:
        """Of the rows that were learned by heart."""
        return len(self.rows) / self.n_rows

    @property
    def share_error(self) -> float:
        """Its standard error, rows being drawn by lot."""
        return math.sqrt(self.share * (1 - self.share) / self.n_rows)

    @property
    def may_be_chance(self) -> bool:
        """Whether as many might have been found had nothing been learned by heart, within a standard error."""
        return self.share - self.share_error <= self.by_chance

    @property
    def striking(self) -> ClassShare | None:
        """The class with most of these rows, if it has more of them than two standard deviations of chance allow."""
        if not self.by_class or not self.rows:
            return None
        most = max(self.by_class, key=lambda one: one.memorised)
        part = most.rows / self.n_rows
        chance = part * len(self.rows)
        return most if most.memorised - chance > 2 * math.sqrt(chance * (1 - part)) else None

    @property
    def sentence(self) -> Message:
        """How many rows these are, and where to look first."""
        if self.is_at_end:
            return Message("The ideal epoch is the last one, so no later epoch could learn anything by heart.")
        if not self.rows:
            return Message("The epochs after the ideal one learned no row by heart.")
        told = Message(
            "The epochs after the ideal one learned {n} of {rows} rows by heart ({percent}% ± {error}%; by chance "
            "{chance}%): where members learned from them their loss fell, where members held them out it rose.",
            n=len(self.rows),
            rows=self.n_rows,
            percent=_percent(self.share),
            error=_percent(self.share_error),
            chance=_percent(self.by_chance),
        )
        if self.may_be_chance:
            return Message("{told} {part}", told=told, part=Message("That may be chance."))
        return Message("{told} {part}", told=told, part=self._advice())

    def __str__(self) -> str:
        return Language.of_environment().say(self.sentence)

    def to_json(self, *, most: int | None = None) -> dict[str, Any]:
        """Everything as plain values, the rows up to `most` of them."""
        return {
            "n_rows": self.n_rows,
            "memorised": len(self.rows),
            "share": self.share,
            "share_error": self.share_error,
            "by_chance": self.by_chance,
            "matters": self.matters,
            "by_class": [{**asdict(one), "share": one.share} for one in self.by_class],
            "rows": [row.to_json() for row in self.rows[:most]],
            "sentence": str(self.sentence),
        }

    def _advice(self) -> Message:
        found = self.striking
        if not self.by_class:
            return Message(
                "Look at their numbers first: they may be wrong, or something may be missing that tells them."
            )
        if found is None:
            return Message(
                "Look at their labels first: they may be wrong, or something may be missing that tells them."
            )
        return Message(
            '{n} of them carry the label "{label}", which {percent}% of all rows carry: look at these labels first.',
            n=found.memorised,
            label=found.label,
            percent=_percent(found.rows / self.n_rows),
        )


class _Losses(NamedTuple):
    """(m,) each: the four losses of the rows that were both learned from and held out."""

    training: Numbers
    training_last: Numbers
    held_out: Numbers
    held_out_last: Numbers


def memorised(model: Model, problem: Problem) -> Memorised:
    """Find the rows that were learned by heart between the ideal epoch and the last.

    A row is memorised as far as a model does better on it for having learned from it than without (Feldman and Zhang
    2020, "What neural networks memorize and why", who train again with rows left out). The members do that as they are:
    most learned from a row and one or a few held it out. Followed from the members' ideal epochs to the last one, a row
    counts as learned by heart if its training loss fell and its held-out loss rose, both by more than `MATTERS` of the
    loss of guessing: what the late epochs learned of it holds for it alone, and spoils the guess of those who have not
    seen it. Rows are ranked by the sum of the two, by which the gap between learned from and held out has grown: that
    of Feldman and Zhang, in units of the loss. Where wrong labels are planted among points, this finds more of them
    than the smaller of the two does.

    Parameters
    ----------
    model : Model
        With the state of its training.
    problem : Problem
        What it was trained on, see `epoca.studies.again.problem_again`.

    Returns
    -------
    Memorised

    Raises
    ------
    OptionError
        If no training row was held out, these are not the rows of then, or the state was not kept.

    Examples
    --------
    >>> from epoca.settings import Settings
    >>> from epoca.tables.samples import sample
    >>> settings = Settings(hidden=(64,), members=4, learning_rate=0.03, stopping="patience(60)")
    >>> problem = Problem.of_table(sample("moons", rows=100, noise=0.4), target="label", settings=settings)
    >>> fitting = Fitting(problem, settings=settings)
    >>> for _epoch in fitting:
    ...     pass
    >>> found = memorised(fitting.model(), problem)
    >>> found.n_rows, found.rows[0].label != found.rows[0].predicted
    (80, True)
    """
    groups_of(model)
    before = model.checkpoint
    if before is None:
        raise OptionError(
            "The state of the model's training was not kept, so its last epoch is unknown; train it anew."
        )
    fitting = fitting_beside(model, problem)
    material = fitting.material
    if any((rows >= material.n_rows).any() for rows in material.held_out):
        raise OptionError(
            "All members held out the same given rows, so no row was both learned from and held out; train without "
            "these."
        )
    best, last, held_out = _members(before, material)
    seen, losses = _losses(model, material, best, last, held_out)
    guessing = model.guessing_loss
    assert guessing is not None  # as rows were held out
    falls, rises = losses.training - losses.training_last, losses.held_out_last - losses.held_out
    has_fallen, has_risen = falls > MATTERS * guessing, rises > MATTERS * guessing
    found = np.flatnonzero(has_fallen & has_risen)
    found = found[np.argsort(-(falls + rises)[found], kind="stable")]
    outputs, _ = out_of_fold(model, best, material, held_out)
    return Memorised(
        n_rows=seen.size,
        rows=_rows(model, fitting, seen[found], _Losses(*(part[found] for part in losses)), outputs[found]),
        by_chance=float(has_fallen.mean() * has_risen.mean()),
        matters=MATTERS * guessing,
        is_at_end=bool((best == last).all()),
        by_class=_by_class(model, material, seen, found),
    )


def memorised_table(found: Memorised, table: Table) -> Table:
    """The rows learned by heart, the clearest first, with what was found of them on the right.

    Parameters
    ----------
    found : Memorised
        What was found.
    table : Table
        In which.

    Returns
    -------
    Table
    """
    import pyarrow as pa

    from epoca.tables.arrays import arrow_integers

    rows = table.arrow.take(arrow_integers(np.array([row.row for row in found.rows], np.int64)))
    names = (
        "line",
        "predicted",
        "training_loss",
        "training_loss_last",
        "held_out_loss",
        "held_out_loss_last",
        "by_heart",
    )
    for name in names:
        column = pa.array([getattr(row, name) for row in found.rows])
        while name in rows.column_names:
            name += "_new"
        rows = rows.append_column(name, column)
    return replace(table, arrow=rows, line_of=None)


def _members(before: Checkpoint, material: Material) -> tuple[Parameters, Parameters, list[Rows]]:
    """The members that learned something, at their ideal epochs and at the last one, and the rows each held out."""
    best, last = before.best_parameters, np.array([state.parameters for state in before.states])
    usable = np.isfinite(before.least) & np.isfinite(best).all(axis=1) & np.isfinite(last).all(axis=1)
    if not usable.any():
        raise OptionError(
            "No member's last epoch ended with finite weights, so it cannot be held against the ideal one."
        )
    return (
        best[usable],
        last[usable],
        [rows for rows, is_usable in zip(material.held_out, usable, strict=True) if is_usable],
    )


def _losses(
    model: Model, material: Material, best: Parameters, last: Parameters, held_out: list[Rows]
) -> tuple[Rows, _Losses]:
    """Of the rows that were both learned from and held out: their places, and their losses."""
    n = material.n_rows
    is_held_out = np.zeros((len(held_out), n), bool)
    for member, rows in enumerate(held_out):
        is_held_out[member, rows] = True
    seen = np.flatnonzero(is_held_out.any(axis=0) & ~is_held_out.all(axis=0))
    if not seen.size:
        raise OptionError("No row was both learned from and held out, since a single member learned; train several.")
    means = []
    for members in (best, last):
        losses = _by_row(model, material, members)[:, seen]
        means += [losses.mean(axis=0, where=~is_held_out[:, seen]), losses.mean(axis=0, where=is_held_out[:, seen])]
    return seen, _Losses(training=means[0], held_out=means[1], training_last=means[2], held_out_last=means[3])


def _by_row(model: Model, material: Material, members: Parameters) -> Numbers:
    """(k, n): every member's loss of every training row."""
    losses = np.empty((len(members), material.n_rows))
    rows, none = np.arange(material.n_rows), np.empty((0, model.form.sizes[-1]), members.dtype)

    def work(member: int) -> None:
        evaluate(members[member], model.form.shape, *material.examples, rows, losses[member], none)

    with ThreadPoolExecutor(n_cores(), "epoca-evaluate") as threads:
        list(threads.map(work, range(len(members))))
    return losses


def _rows(
    model: Model, fitting: Fitting, places: Rows, losses: _Losses, outputs: NDArray[np.float64]
) -> tuple[MemorisedRow, ...]:
    """What stands at these places of the training rows."""
    from epoca.tables.arrays import arrow_integers

    table, targets = fitting.problem.table, fitting.problem.targets
    rows = fitting.train_rows[places]
    of_numbers = model.target.task == "regression"
    held = table.arrow.take(arrow_integers(rows)).to_pylist() if isinstance(table, Table) else [{} for _ in rows]
    return tuple(
        MemorisedRow(
            row=int(row),
            line=table.line(int(row)) if isinstance(table, Table) else None,
            label=float(targets[row]) if of_numbers else model.target.labels[int(targets[row])],
            predicted=float(answer) if of_numbers else answer,
            training_loss=float(losses.training[place]),
            training_loss_last=float(losses.training_last[place]),
            held_out_loss=float(losses.held_out[place]),
            held_out_loss_last=float(losses.held_out_last[place]),
            values={name: value for name, value in held[place].items() if name != model.target.column},
        )
        for place, (row, answer) in enumerate(zip(rows, model.answers(outputs), strict=True))
    )


def _by_class(model: Model, material: Material, seen: Rows, found: Rows) -> tuple[ClassShare, ...]:
    if material.is_regression:
        return ()
    codes, classes = material.targets[seen].astype(np.int64), len(model.target.labels)
    rows, learned = np.bincount(codes, minlength=classes), np.bincount(codes[found], minlength=classes)
    return tuple(
        ClassShare(label=label, rows=int(n), memorised=int(m))
        for label, n, m in zip(model.target.labels, rows, learned, strict=True)
    )


def _percent(share: float) -> float:
    return float(f"{100 * share:.2g}")


def _plain(value: object) -> object:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if value is None or isinstance(value, str | int) else str(value)

"""The record of a training: one entry an epoch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, final

import numpy as np
from numpy.typing import NDArray

from epoca.learners.population import CURVES, HELD_OUT, Findings, Groups
from epoca.types import Numbers, Rows

if TYPE_CHECKING:
    from epoca.training.replay import Replay


@final
@dataclass(frozen=True, kw_only=True)
class Epoch:
    """One finished epoch.

    Parameters
    ----------
    number : int
        Counted from 1.
    findings : Findings
        Losses, accuracies and gradient norms, per member.
    learning_rate : float
        Of its steps.
    rows_per_second : float
        Rows learned from, by all members together.
    seconds : float
        That the training took up to its end, without those in which it was left to wait.
    rose : bool
        Whether the members' mean training loss is above that of the epoch before.
    """

    number: int
    findings: Findings
    learning_rate: float
    rows_per_second: float
    seconds: float
    rose: bool


@final
class History:
    """All finished epochs of a training, and their curves.

    Parameters
    ----------
    epochs : sequence of Epoch
        From the first on.
    groups : Groups, optional
        How the held-out rows were dealt; by default every member's are one group.

    Attributes
    ----------
    groups : Groups or None
        As given.

    Examples
    --------
    >>> history = History.of_curves(held_out_loss=np.array([[0.9, 0.7], [0.5, 0.3]]))
    >>> history.curve("held_out_loss")
    array([0.8, 0.4])
    """

    def __init__(self, epochs: Sequence[Epoch] = (), *, groups: Groups | None = None) -> None:
        self.groups = groups
        self._epochs: list[Epoch] = []
        self._means = np.empty((len(CURVES), 64))  # kept, since rules ask for curves after every epoch
        for epoch in epochs:
            self.append(epoch)

    @classmethod
    def of_curves(cls, *, held_out_loss: Numbers, training_loss: Numbers | None = None) -> History:
        """A history of which only the losses are known, of a training that went on elsewhere; an epoch took a second.

        Parameters
        ----------
        held_out_loss, training_loss : ndarray of float64, (epochs, k)
            By epoch and member.
        """
        nothing = np.full(held_out_loss.shape[1], np.nan)
        learned = np.full_like(held_out_loss, np.nan, np.float64) if training_loss is None else training_loss
        known = zip(np.asarray(learned, np.float64), np.asarray(held_out_loss, np.float64), strict=True)
        history = cls()
        for number, (training, held_out) in enumerate(known, 1):
            findings = Findings(
                gradient_norm=np.ones_like(nothing),
                training_loss=training,
                training_accuracy=nothing,
                held_out_loss=held_out,
                held_out_accuracy=nothing,
                training_loss_error=nothing,
                refined_loss=nothing,
                sharpness=nothing,
                held_out_groups=held_out[:, np.newaxis].astype(np.float32),
            )
            rose = number > 1 and training.mean() > history[-1].findings.training_loss.mean()
            history.append(
                Epoch(
                    number=number,
                    findings=findings,
                    learning_rate=np.nan,
                    rows_per_second=np.nan,
                    seconds=float(number),
                    rose=bool(rose),
                )
            )
        return history

    @property
    def watches(self) -> str:
        """The field of `Findings` by which epochs are chosen."""
        return HELD_OUT if self.groups is None else self.groups.curve

    @property
    def is_refined(self) -> bool:
        """Whether that is the refined loss."""
        return self.watches != HELD_OUT

    def __len__(self) -> int:
        return len(self._epochs)

    def __iter__(self) -> Iterator[Epoch]:
        return iter(self._epochs)

    def __getitem__(self, index: int) -> Epoch:
        return self._epochs[index]

    def append(self, epoch: Epoch) -> None:
        """Add the next epoch."""
        n, room = len(self._epochs), self._means.shape[1]
        if n == room:
            self._means = np.concatenate([self._means, np.empty_like(self._means)], axis=1)
        self._means[:, n] = np.array(epoch.findings[: len(CURVES)]).mean(axis=1)
        self._epochs.append(epoch)

    def copy(self, *, until: int | None = None) -> History:
        """The same epochs, or the first so many of them, to which others are added without touching these."""
        copied = History(groups=self.groups)
        copied._epochs, copied._means = self._epochs[:until], self._means.copy()
        return copied

    def members(self, name: str) -> Numbers:
        """One of the fields of `Findings` by epoch and member, (epochs, k)."""
        return np.array([getattr(epoch.findings, name) for epoch in self._epochs])

    def curve(self, name: str) -> Numbers:
        """The mean over the members of one of the fields of `Findings`, (epochs,)."""
        return self._means[CURVES.index(name), : len(self)].copy()

    def last(self, name: str) -> float:
        """The last value of a curve."""
        return float(self._means[CURVES.index(name), : len(self)][-1])

    def group_losses(self) -> NDArray[np.float32]:
        """The mean held-out loss of every group of rows, (epochs, k, g)."""
        return np.array([epoch.findings.held_out_groups for epoch in self._epochs], np.float32)

    def losses_at(self, epoch: int) -> Numbers:
        """The mean held-out loss of every group of rows, (k, g), after an epoch, counted from 1."""
        return self[epoch - 1].findings.held_out_groups.astype(np.float64)

    def of_members(self, members: Rows) -> History:
        """The history of some of the members, by their places."""
        parts = None if self.groups is None else self.groups.of_members(members)
        epochs = [
            replace(
                epoch, findings=Findings(**{name: part[members] for name, part in epoch.findings._asdict().items()})
            )
            for epoch in self._epochs
        ]
        return History(epochs, groups=parts)

    def regrouped(self, groups: Groups) -> History:
        """The same epochs, to be gone on with; what held-out rows said is forgotten if they are others now, or none."""
        form = groups.weights.shape
        known = self.groups is not None and self.groups.are(groups)
        if known or not self._epochs:
            same = self.copy()
            same.groups = groups
            return same
        unknown, nothing = np.full(form, np.nan, np.float32), np.full(form[0], np.nan)
        forgotten = ("held_out_loss", "held_out_accuracy", "refined_loss", "sharpness") if form[1] == 0 else ()
        epochs = [
            replace(
                epoch, findings=epoch.findings._replace(held_out_groups=unknown, **dict.fromkeys(forgotten, nothing))
            )
            for epoch in self._epochs
        ]
        return History(epochs, groups=groups)

    def replay(self) -> Replay:
        """What every stopping rule would have chosen, see `epoca.training.replay`."""
        from epoca.training.replay import replay

        return replay(self)

    def to_json(self) -> list[dict[str, Any]]:
        """The epochs as plain values, their groups left out; what is not a number becomes None."""
        return [
            {
                **{field.name: getattr(epoch, field.name) for field in fields(Epoch) if field.name != "findings"},
                **{name: plain(getattr(epoch.findings, name)) for name in CURVES},
            }
            for epoch in self._epochs
        ]

    @classmethod
    def from_json(cls, entries: list[dict[str, Any]], *, group_losses: NDArray[np.float32], groups: Groups) -> History:
        """The history that `to_json` described, with its groups.

        Raises
        ------
        KeyError, TypeError, ValueError
            If `entries` is anything else, or the groups do not fit it.
        """
        found = [_epoch(entry, means) for entry, means in zip(entries, group_losses, strict=True)]
        form = groups.weights.shape
        if groups.folds.shape != form[:1] or any(epoch.findings.held_out_groups.shape != form for epoch in found):
            raise ValueError("groups")
        return cls(found, groups=groups)


def _epoch(entry: dict[str, Any], means: NDArray[np.float32]) -> Epoch:
    curves = {name: np.array(entry[name], np.float64) for name in CURVES}
    findings = Findings(**curves, held_out_groups=means)
    return Epoch(
        number=int(entry["number"]),
        findings=findings,
        learning_rate=float(entry["learning_rate"]),
        rows_per_second=float(entry["rows_per_second"]),
        seconds=float(entry["seconds"]),
        rose=bool(entry["rose"]),
    )


def plain(values: Numbers) -> list[float | None]:
    """Numbers, (n,), as JSON has them; what is not finite becomes None."""
    return [float(value) if np.isfinite(value) else None for value in values]

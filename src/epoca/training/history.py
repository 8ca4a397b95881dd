"""The record of a training: one entry an epoch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any, final

import numpy as np

from epoca.learners.population import Findings
from epoca.types import Numbers


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
        Since the training began.
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

    Examples
    --------
    >>> import numpy as np
    >>> one = np.ones(2)
    >>> entry = Epoch(number=1, findings=Findings(one, one, one, 3 * one, one), learning_rate=0.1,
    ...               rows_per_second=1e6, seconds=0.5, rose=False)
    >>> History([entry]).curve("held_out_loss")
    array([3.])
    """

    def __init__(self, epochs: Sequence[Epoch] = ()) -> None:
        self._epochs: list[Epoch] = []
        self._means: dict[str, list[float]] = {name: [] for name in Findings._fields}
        for epoch in epochs:
            self.append(epoch)

    def __len__(self) -> int:
        return len(self._epochs)

    def __iter__(self) -> Iterator[Epoch]:
        return iter(self._epochs)

    def __getitem__(self, index: int) -> Epoch:
        return self._epochs[index]

    def append(self, epoch: Epoch) -> None:
        """Add the next epoch."""
        self._epochs.append(epoch)
        for name, means in self._means.items():  # kept, since rules ask for curves after every epoch
            means.append(float(getattr(epoch.findings, name).mean()))

    def members(self, name: str) -> Numbers:
        """One of the fields of `Findings` by epoch and member, (epochs, k)."""
        return np.array([getattr(epoch.findings, name) for epoch in self._epochs])

    def curve(self, name: str) -> Numbers:
        """The mean over the members of one of the fields of `Findings`, (epochs,)."""
        return np.array(self._means[name])

    def to_json(self) -> list[dict[str, Any]]:
        """The epochs as plain values; what is not a number becomes None."""
        return [
            {
                **{field.name: getattr(epoch, field.name) for field in fields(Epoch) if field.name != "findings"},
                **{name: _plain(values) for name, values in epoch.findings._asdict().items()},
            }
            for epoch in self._epochs
        ]

    @classmethod
    def from_json(cls, entries: list[dict[str, Any]]) -> History:
        """The history that `to_json` described.

        Raises
        ------
        KeyError, TypeError, ValueError
            If `entries` is anything else.
        """
        return cls([_epoch(entry) for entry in entries])


def _epoch(entry: dict[str, Any]) -> Epoch:
    findings = Findings(*(np.array(entry[name], np.float64) for name in Findings._fields))
    return Epoch(
        number=int(entry["number"]),
        findings=findings,
        learning_rate=float(entry["learning_rate"]),
        rows_per_second=float(entry["rows_per_second"]),
        seconds=float(entry["seconds"]),
        rose=bool(entry["rose"]),
    )


def _plain(values: Numbers) -> list[float | None]:
    return [float(value) if np.isfinite(value) else None for value in values]

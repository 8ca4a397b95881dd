"""How many epochs a network on all rows needs, when the folds had fewer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, Self, final

import numpy as np

from epoca.messages import Message, in_step
from epoca.training.history import History
from epoca.training.ideal_epoch import ideal_epoch
from epoca.training.loop import Training
from epoca.training.paired import paired_rise

CHECKED_MEMBERS = 4
CHECKED_SHARE = 0.5
"""How many of the members learn once more, and from which share of their rows, to see which rule carries over."""


@final
@dataclass(frozen=True, kw_only=True)
class Carrying:
    """The number of epochs for members that learn from all rows, and how well its rule did inside the folds.

    Parameters
    ----------
    rule : "passes" or "updates"
        As many passes over the rows as were ideal on the folds, or as many updates: the more rows, the fewer passes.
    epochs : int
        What it gives on all rows.
    checked : int
        The ideal epoch of some members on half of their rows; 0 where it could not be found.
    missed, missed_error : float
        By how much the held-out loss on the whole of their rows at the epoch that the rule gives lies above the least.
    otherwise, otherwise_error : float
        The same, of the rule that was not taken.
    """

    rule: Literal["passes", "updates"]
    epochs: int
    checked: int
    missed: float
    missed_error: float
    otherwise: float
    otherwise_error: float

    def to_json(self) -> dict[str, Any]:
        """As plain values."""
        return asdict(self)

    @classmethod
    def from_json(cls, entry: Mapping[str, Any]) -> Self:
        """What `to_json` described; TypeError for anything else."""
        return cls(**entry)

    @property
    def sentence(self) -> Message:
        """What was done, and how sure it is."""
        missed, error = in_step(self.missed, self.missed_error)
        otherwise, other_error = in_step(self.otherwise, self.otherwise_error)
        values = {"epochs": self.epochs, "missed": missed, "error": error}
        values |= {"otherwise": otherwise, "other_error": other_error}
        if self.rule == "passes":
            return Message(
                "New members learned from all training rows for {epochs} epochs, as many passes as were ideal before. "
                "Tried out from half of the rows to the whole, this rule missed the least held-out loss by {missed} ± "
                "{error}; as many updates instead would have missed it by {otherwise} ± {other_error}.",
                **values,
            )
        return Message(
            "New members learned from all training rows for {epochs} epochs, as many updates as were ideal before. "
            "Tried out from half of the rows to the whole, this rule missed the least held-out loss by {missed} ± "
            "{error}; as many passes instead would have missed it by {otherwise} ± {other_error}.",
            **values,
        )


def carrying_of(history: History, on_fewer: Training, *, watches: str, ratio: float) -> Carrying:
    """Choose between as many passes and as many updates by what each would have missed inside the folds.

    No rule is known to be the better one (Goodfellow, Bengio, Courville 2016, "Deep Learning", section 7.8), so it is
    tried: some members learn from half of their rows; the ideal epoch found there is carried over by either rule to the
    whole of their rows, whose curve is known.

    Parameters
    ----------
    history : History
        Of all members on their rows.
    on_fewer : Training
        Of the first of them on `CHECKED_SHARE` of their rows, ended.
    watches : str
        The curve whose least is sought.
    ratio : float
        Rows of a member, as a share of all training rows.

    Returns
    -------
    Carrying
    """
    best = ideal_epoch(history.curve(watches))
    assert best is not None
    k = on_fewer.history.members(watches).shape[1]
    whole = history.of_members(np.arange(k))
    found = ideal_epoch(on_fewer.history.curve(watches)) or 0
    least = ideal_epoch(whole.curve(watches))
    candidates = {"passes": found, "updates": max(1, round(found * CHECKED_SHARE))}
    missed = {  # beyond the end of the record nothing is known but its end
        name: paired_rise(whole, epoch=min(max(epoch, 1), len(whole)), since=least or best)
        for name, epoch in candidates.items()
    }
    carried = {"passes": best, "updates": max(1, round(best * ratio))}
    rule: Literal["passes", "updates"] = "passes" if missed["passes"][0] <= missed["updates"][0] else "updates"
    other = "updates" if rule == "passes" else "passes"
    return Carrying(
        rule=rule,
        epochs=carried[rule],
        checked=found,
        missed=missed[rule][0],
        missed_error=missed[rule][1],
        otherwise=missed[other][0],
        otherwise_error=missed[other][1],
    )

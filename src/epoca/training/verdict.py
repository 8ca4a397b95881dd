"""What the curves say about the fit, as far as they say anything."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import final

import numpy as np

from epoca.messages import Message
from epoca.training.history import History
from epoca.training.ideal_epoch import ideal_epoch
from epoca.training.stop import StopReason
from epoca.types import Numbers


@final
class VerdictKind(StrEnum):
    """What can be said."""

    NOTHING_HELD_OUT = "nothing held out"
    NOTHING_LEARNED = "nothing learned"
    TOO_SHORT = "trained too short"
    OVERFITS_LATER = "overfits after the ideal epoch"
    SETTLED = "settled"


@final
@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What can be said, with its evidence and the next step.

    Parameters
    ----------
    kind : VerdictKind
        In a word.
    evidence : Message
        The numbers behind it.
    advice : Message
        What to do next.
    """

    kind: VerdictKind
    evidence: Message
    advice: Message


def verdict(history: History, *, stop: StopReason, guessing_loss: float) -> Verdict:
    """A first reading of the curves.

    Parameters
    ----------
    history : History
        Of a whole training.
    stop : StopReason
        Why it ended.
    guessing_loss : float
        The loss of always predicting the shares of the classes, or the mean.

    Returns
    -------
    Verdict
    """
    held_out = history.curve("held_out_loss")
    best = ideal_epoch(held_out)
    if best is None:
        return Verdict(
            kind=VerdictKind.NOTHING_HELD_OUT,
            evidence=Message("No rows were held out, so the curves cannot tell fit from overfit."),
            advice=Message("Train with early stopping to find out."),
        )
    least, last = float(held_out[best - 1]), float(held_out[-1])
    if least >= guessing_loss:
        return Verdict(
            kind=VerdictKind.NOTHING_LEARNED,
            evidence=Message(
                "The held-out loss, {least} at best, is no better than guessing, {guessing}.",
                least=least,
                guessing=guessing_loss,
            ),
            advice=Message("Other columns or more rows are needed, or a smaller learning rate."),
        )
    if stop in {StopReason.LIMIT, StopReason.DEADLINE, StopReason.INTERRUPTED} and best == len(history):
        return Verdict(
            kind=VerdictKind.TOO_SHORT,
            evidence=Message("The held-out loss was still falling in the last epoch, {last}.", last=len(history)),
            advice=Message("Allow more epochs."),
        )
    learned = 1 - least / guessing_loss
    rise = last / least - 1
    training = history.curve("training_loss")
    if _rises_beyond_chance(history.members("held_out_loss"), best) and training[-1] < training[best - 1]:
        return Verdict(
            kind=VerdictKind.OVERFITS_LATER,
            evidence=Message(
                "At the ideal epoch the held-out loss is {learned}% below guessing; up to the last epoch it rose by "
                "{rise}% while the training loss fell on.",
                learned=round(100 * learned),
                rise=float(f"{100 * rise:.2g}"),
            ),
            advice=Message("The weights kept are those of before the rise; weight decay or dropout may delay it."),
        )
    return Verdict(
        kind=VerdictKind.SETTLED,
        evidence=Message(
            "At the ideal epoch the held-out loss is {learned}% below guessing; after it no rise beyond chance shows.",
            learned=round(100 * learned),
        ),
        advice=Message("Try a larger network, or more patience."),
    )


def _rises_beyond_chance(held_out: Numbers, best: int) -> bool:
    """Whether the members' losses rose, from the best epoch to the last, by two standard errors of their mean rise."""
    rises = held_out[-1] - held_out[best - 1]
    error = rises.std(ddof=1) / np.sqrt(rises.size) if rises.size > 1 else 0.0
    return bool(rises.mean() > 2 * error)

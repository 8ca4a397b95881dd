"""Why a training ended: data, not an exception."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, final

from epoca.messages import Message


@final
class StopReason(StrEnum):
    """The ways in which a training ends."""

    PATIENCE = "patience"
    REFINED = "refined"
    GENERALIZATION_LOSS = "generalization_loss"
    PROGRESS = "progress"
    STANDSTILL = "standstill"
    RISING = "rising"
    ONE_STANDARD_ERROR = "one_standard_error"
    LIMIT = "limit"
    DEADLINE = "deadline"
    SOLVED = "solved"
    DIVERGED = "diverged"
    INTERRUPTED = "interrupted"
    CALLBACK = "callback"
    LEFT = "left"
    ELSEWHERE = "elsewhere"


_SENTENCES = {
    StopReason.PATIENCE: Message("The held-out loss has not improved for {epochs} epochs, since epoch {best}."),
    StopReason.REFINED: Message(
        "The refined loss, which is the held-out loss without overconfidence, has not improved for {epochs} epochs, "
        "since epoch {best}."
    ),
    StopReason.GENERALIZATION_LOSS: Message(
        "In epoch {epoch} the held-out loss was more than {percent}% above its least, {least} in epoch {best}."
    ),
    StopReason.PROGRESS: Message(
        "In epoch {epoch} the rise of the held-out loss since epoch {best}, in per cent, was more than {quotient} "
        "times the progress of training, {progress} per thousand."
    ),
    StopReason.STANDSTILL: Message(
        "In the {strip} epochs up to epoch {epoch} the training loss stood still; the held-out loss was least in epoch "
        "{best}."
    ),
    StopReason.RISING: Message(
        "Looked at every {strip} epochs, the held-out loss rose {strips} times in a row; it was least in epoch {best}."
    ),
    StopReason.ONE_STANDARD_ERROR: Message(
        "In each of the last {epochs} epochs the held-out loss was above its least, that of epoch {best}, by more than "
        "{errors} times the standard error of the difference."
    ),
    StopReason.LIMIT: Message("The limit of {epochs} epochs was reached."),
    StopReason.DEADLINE: Message("The time allowed, {seconds} s, was over."),
    StopReason.SOLVED: Message("No row was called wrongly in epoch {epoch}, so nothing was left to learn."),
    StopReason.DIVERGED: Message(
        "Training diverged in epoch {epoch}: at a learning rate of {rate} the loss grew beyond bounds."
    ),
    StopReason.INTERRUPTED: Message("The training was interrupted."),
    StopReason.CALLBACK: Message("A callback asked to stop after epoch {epoch}."),
    StopReason.LEFT: Message("The training was left before a rule ended it."),
    StopReason.ELSEWHERE: Message("The network was trained elsewhere."),
}

_REMEDIES = {
    StopReason.PATIENCE: Message('More patience waits for a later improvement (--stop "patience(N)", stopping).'),
    StopReason.REFINED: Message('More patience waits for a later improvement (--stop "refined(N)", stopping).'),
    StopReason.GENERALIZATION_LOSS: Message("A larger percentage waits for a second descent of the loss."),
    StopReason.PROGRESS: Message("A larger quotient waits for a second descent of the loss."),
    StopReason.STANDSTILL: Message("If it had hardly begun to learn, use a larger learning rate."),
    StopReason.RISING: Message("A larger number of rises waits for a second descent of the loss."),
    StopReason.ONE_STANDARD_ERROR: Message("More standard errors wait for a second descent of the loss."),
    StopReason.LIMIT: Message("If the loss was still falling, allow more epochs."),
    StopReason.DEADLINE: Message("If the loss was still falling, allow more time."),
    StopReason.SOLVED: Message("Whether that holds for other rows, the held-out and test rows tell."),
    StopReason.DIVERGED: Message("The best state before that was kept; use a learning rate ten times smaller."),
    StopReason.INTERRUPTED: Message("The best state so far was kept; go on from there (--continue, fit_more)."),
    StopReason.CALLBACK: Message("The best state so far was kept; train on for more epochs."),
    StopReason.LEFT: Message("The best state so far was kept; go on with the loop for more epochs."),
    StopReason.ELSEWHERE: Message("How it learned is not known here; what it predicts can be judged."),
}


@final
@dataclass(frozen=True)
class Stop:
    """A training's end.

    Parameters
    ----------
    reason : StopReason
        Which of the ways.
    values : mapping of str to number
        The numbers in its sentence.

    Examples
    --------
    >>> stop = Stop(StopReason.LIMIT, {"epochs": 100})
    >>> print(stop.sentence, stop.remedy)
    The limit of 100 epochs was reached. If the loss was still falling, allow more epochs.
    """

    reason: StopReason
    values: Mapping[str, float] = field(default_factory=dict)

    @property
    def sentence(self) -> Message:
        """What happened, with its numbers."""
        return Message(_SENTENCES[self.reason].template, **self.values)

    @property
    def remedy(self) -> Message:
        """What to do if something else was wanted."""
        return _REMEDIES[self.reason]

    def to_json(self) -> dict[str, Any]:
        """The stop as plain values."""
        return {"reason": str(self.reason), **self.values}

    @classmethod
    def from_json(cls, entry: dict[str, Any]) -> Stop:
        """The stop that `to_json` described.

        Raises
        ------
        KeyError, TypeError, ValueError
            If `entry` is anything else.
        """
        values = {name: value for name, value in entry.items() if name != "reason"}
        if not all(isinstance(value, int | float) for value in values.values()):
            raise ValueError(entry)
        stop = cls(StopReason(entry["reason"]), values)
        str(stop.sentence)
        return stop

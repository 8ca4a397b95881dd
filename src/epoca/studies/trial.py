"""A further training held against a model's own: what it can be, what it found, what that means."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, final

from epoca.locales import Language
from epoca.messages import Message, in_step
from epoca.training.verdict_kind import VerdictKind


@final
class TrialKind(StrEnum):
    """What the further training does otherwise."""

    WIDTH = "width"
    """Twice the neurons in every hidden layer; a model without one gets one of `FIRST_HIDDEN`."""
    ROWS = "rows"
    """Half of the rows."""
    DECAY = "decay"
    """Ten times the weight decay, or `FIRST_DECAY`; nothing else that keeps a network in bounds is touched."""
    EPOCHS = "epochs"
    """Twice the epochs, gone on with where the training ended."""
    COLUMN = "column"
    """Without the column that alone says what the target is."""


@final
class Conclusion(StrEnum):
    """What a trial means for the verdict."""

    CONFIRMED = "confirmed"
    REFUTED = "refuted"
    CANNOT_TELL = "cannot tell"
    """The figures are too uncertain, or this trial has no bearing on this verdict."""


class Outcome(StrEnum):
    """What a trial found, whatever the verdict."""

    MATTERS = "matters"
    CHANGES_NOTHING = "changes nothing"
    SPOILT = "spoilt"
    """The network learned so much less that the rest tells nothing."""
    UNCLEAR = "unclear"


_K, _V = TrialKind, VerdictKind
_OVERFITTED = {_V.MILDLY_OVERFITTED, _V.STRONGLY_OVERFITTED}

TRIALS = {
    _V.TOO_SHORT: _K.EPOCHS,
    _V.TOO_SMALL: _K.WIDTH,
    _V.WELL_FITTED: _K.WIDTH,
    _V.MILDLY_OVERFITTED: _K.DECAY,
    _V.STRONGLY_OVERFITTED: _K.DECAY,
    _V.TOO_FEW_ROWS: _K.ROWS,
    _V.HELD_OUT_TOO_SMALL: _K.ROWS,
    _V.NOTHING_LEARNED: _K.ROWS,
    _V.LEAKING: _K.COLUMN,
}
"""Which trial could refute which verdict; none can refute the others."""

SAY_THAT_IT_MATTERS = {
    _K.WIDTH: {_V.TOO_SMALL},
    _K.ROWS: {_V.TOO_FEW_ROWS, _V.HELD_OUT_TOO_SMALL, *_OVERFITTED},
    _K.DECAY: _OVERFITTED,
    _K.EPOCHS: {_V.TOO_SHORT},
    _K.COLUMN: {_V.LEAKING},
}
"""The verdicts by which what the trial changes must matter."""

SAY_THAT_IT_CHANGES_NOTHING = {
    _K.WIDTH: {_V.WELL_FITTED, _V.NOTHING_LEARNED},
    _K.ROWS: {_V.NOTHING_LEARNED},
    _K.DECAY: {_V.WELL_FITTED, _V.TOO_SMALL},
    _K.EPOCHS: {_V.WELL_FITTED, _V.NOTHING_LEARNED, _V.TOO_SMALL, *_OVERFITTED},
    _K.COLUMN: set[VerdictKind](),
}
"""The verdicts by which it must not; on the rest the trial has no bearing."""

MEANINGS = {
    (_K.WIDTH, Outcome.MATTERS): Message("Capacity is the limit."),
    (_K.WIDTH, Outcome.CHANGES_NOTHING): Message("Capacity is not the limit."),
    (_K.ROWS, Outcome.MATTERS): Message("The loss falls with the number of rows."),
    (_K.ROWS, Outcome.CHANGES_NOTHING): Message("Half of the rows do as well."),
    (_K.DECAY, Outcome.MATTERS): Message("It had more freedom than these rows can hold in check."),
    (_K.DECAY, Outcome.CHANGES_NOTHING): Message("Its freedom does no harm that this would mend."),
    (_K.DECAY, Outcome.SPOILT): Message("So much of it keeps the network from learning, which tells nothing else."),
    (_K.DECAY, Outcome.UNCLEAR): Message("Whether that is worth it is too uncertain to tell."),
    (_K.EPOCHS, Outcome.MATTERS): Message("It was trained too short."),
    (_K.EPOCHS, Outcome.CHANGES_NOTHING): Message("It was trained long enough."),
    (_K.COLUMN, Outcome.MATTERS): Message("What the model knows it has from this column."),
    (_K.COLUMN, Outcome.CHANGES_NOTHING): Message("The other columns tell as much."),
}
UNCLEAR = Message("That is too uncertain to tell.")

ADVICE = {
    (_K.WIDTH, Outcome.MATTERS): Message("Train the wider one, then ask again whether still more neurons help."),
    (_K.WIDTH, Outcome.CHANGES_NOTHING): Message("Keep the width; more rows or other columns are what may help."),
    (_K.ROWS, Outcome.MATTERS): Message("Collect more rows; epoca rows tells what they may bring."),
    (_K.ROWS, Outcome.CHANGES_NOTHING): Message("More rows of this kind will bring little; look for other columns."),
    (_K.DECAY, Outcome.MATTERS): Message("Train with this weight decay (--weight-decay, weight_decay)."),
    (_K.DECAY, Outcome.CHANGES_NOTHING): Message(
        "Keep the weights of the ideal epoch; more weight decay brings nothing."
    ),
    (_K.DECAY, Outcome.SPOILT): Message("Keep the weights of the ideal epoch, or try a weight decay in between."),
    (_K.EPOCHS, Outcome.MATTERS): Message("Train on for that many epochs (--continue, fit_more)."),
    (_K.EPOCHS, Outcome.CHANGES_NOTHING): Message("Keep the weights of the ideal epoch; more epochs bring nothing."),
    (_K.COLUMN, Outcome.MATTERS): Message("Leave the column out, unless it is known before the target is."),
    (_K.COLUMN, Outcome.CHANGES_NOTHING): Message(
        "Look among the other columns, too, for what is not known before the target is."
    ),
}


@final
@dataclass(frozen=True, kw_only=True)
class Trial:
    """A further training, held against the model's own.

    Losses are mean held-out losses at the ideal epoch of each training, of the very same rows; a standard error is that
    of the difference, row by row. As both ideal epochs were chosen by these rows, both losses are a little too low.

    Parameters
    ----------
    kind : TrialKind
        What it did otherwise.
    verdict : VerdictKind
        What was said of the model.
    conclusion : Conclusion
        What the trial means for that.
    before, after : float
        The loss of the model, and that of the trial; NaN if no epoch of the trial ended with a finite one.
    change, change_error : float
        By how much the trial's lies above the model's, and its standard error.
    matters : float
        The least change that is worth a word.
    rise_change, rise_change_error : float
        By how much more the trial's loss rose from its ideal epoch to its last ones than the model's did.
    best_epoch_before, best_epoch_after : int or None
        The ideal epochs.
    rows_wanted : int or None
        About how many training rows would tell, where these cannot; None if they can, or nothing is known of it.
    seconds : float
        That the trial took.
    headline : Message
        What was said of the model, in a sentence.
    subject : Message
        What it did, in a few words.
    meaning : Message
        What its figures say.
    advice : Message
        What to do next.
    """

    kind: TrialKind
    verdict: VerdictKind
    conclusion: Conclusion
    before: float
    after: float
    change: float
    change_error: float
    matters: float
    rise_change: float
    rise_change_error: float
    best_epoch_before: int
    best_epoch_after: int | None
    rows_wanted: int | None
    seconds: float
    headline: Message
    subject: Message
    meaning: Message
    advice: Message

    @property
    def heading(self) -> Message:
        """The verdict, and what became of it."""
        if self.conclusion is Conclusion.CANNOT_TELL:
            return Message("Neither confirmed nor refuted: {verdict}", verdict=self.headline)
        if self.conclusion is Conclusion.CONFIRMED:
            return Message("Confirmed: {verdict}", verdict=self.headline)
        return Message("Refuted: {verdict}", verdict=self.headline)

    @property
    def sentence(self) -> Message:
        """What the trial found."""
        told = Message("{told} {part}", told=self._found(), part=self.meaning)
        if self.rows_wanted is None:
            return told
        wanted = Message("About {rows} training rows would tell.", rows=self.rows_wanted)
        return Message("{told} {part}", told=told, part=wanted)

    def __str__(self) -> str:
        return " ".join(map(Language.of_environment().say, (self.heading, self.sentence, self.advice)))

    def to_json(self) -> dict[str, Any]:
        """Everything as plain values; what is no number becomes None."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        values |= {"heading": self.heading, "sentence": self.sentence}
        return {name: _plain(value) for name, value in values.items()}

    def _found(self) -> Message:
        if self.best_epoch_after is None:
            return Message("{trial}: no epoch ended with a finite held-out loss.", trial=self.subject)
        if self.change == 0:
            return Message(
                "{trial}: the held-out loss stays at {before}, that of epoch {best}.",
                trial=self.subject,
                before=self.before,
                best=self.best_epoch_before,
            )
        change, error = in_step(abs(self.change), self.change_error)
        values = {"trial": self.subject, "change": change, "error": error, "before": self.before, "after": self.after}
        if self.change < 0:
            told = Message(
                "{trial}: the held-out loss is lower by {change} ± {error} ({after} instead of {before}).", **values
            )
        else:
            told = Message(
                "{trial}: the held-out loss is higher by {change} ± {error} ({after} instead of {before}).", **values
            )
        return (
            told
            if self.kind is not _K.DECAY or self.rise_change == 0
            else Message("{told} {part}", told=told, part=self._rise())
        )

    def _rise(self) -> Message:
        change, error = in_step(abs(self.rise_change), self.rise_change_error)
        if self.rise_change < 0:
            return Message(
                "Its rise after the ideal epoch is smaller by {change} ± {error}.", change=change, error=error
            )
        return Message("Its rise after the ideal epoch is larger by {change} ± {error}.", change=change, error=error)


def _plain(value: object) -> object:
    if isinstance(value, Message):
        return str(value)
    return None if isinstance(value, float) and not math.isfinite(value) else value

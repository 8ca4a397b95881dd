"""Is this model under- or overfitted? The verdict, its reasons and the next step, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from epoca.messages import Message, in_step
from epoca.training.evidence import Evidence, Figure
from epoca.training.stop import StopReason
from epoca.training.verdict_kind import (
    MOSTLY_COPIES,
    VerdictKind,
    kind_of,
    lacks_the_rise_alone,
    may_have_risen,
    promises_more_than_little,
    rise_share,
)

HEADLINES = {
    VerdictKind.NOTHING_HELD_OUT: Message("No verdict: no rows were held out."),
    VerdictKind.DIVERGED: Message("The training diverged."),
    VerdictKind.LEAKING: Message("Too good to be true: the held-out rows give the answer away."),
    VerdictKind.UNLIKE: Message("The held-out rows are unlike those learned from."),
    VerdictKind.HELD_OUT_TOO_SMALL: Message("Too little to tell: too few rows are held out."),
    VerdictKind.TOO_FEW_ROWS: Message("Too little to tell: there are too few rows."),
    VerdictKind.TOO_SHORT: Message("Underfitted: trained too short."),
    VerdictKind.NOTHING_LEARNED: Message("Nothing was learned that holds for other rows."),
    VerdictKind.TOO_SMALL: Message("Underfitted: the model is too small."),
    VerdictKind.WELL_FITTED: Message("Well fitted."),
    VerdictKind.MILDLY_OVERFITTED: Message("Mildly overfitted after the ideal epoch."),
    VerdictKind.STRONGLY_OVERFITTED: Message("Strongly overfitted after the ideal epoch."),
}

_ADVICE = {
    VerdictKind.NOTHING_HELD_OUT: Message("Train with early stopping to find out."),
    VerdictKind.DIVERGED: Message("Use a learning rate ten times smaller."),
    VerdictKind.LEAKING: Message("Leave out the column, unless it is known before the target is (--leave-out)."),
    VerdictKind.UNLIKE: Message("Hold out rows by lot, or find out what changed between the two."),
    VerdictKind.HELD_OUT_TOO_SMALL: Message("Hold out more rows, or let every member hold out a fold."),
    VerdictKind.TOO_FEW_ROWS: Message("Collect more rows; until then, of two models that do as well take the smaller."),
    VerdictKind.TOO_SHORT: Message("Train on for more epochs (--continue, fit_more)."),
    VerdictKind.NOTHING_LEARNED: Message("Other columns or more rows are needed; more epochs or neurons do not help."),
    VerdictKind.TOO_SMALL: Message("Try twice the neurons, or one more hidden layer."),
    VerdictKind.WELL_FITTED: Message("Keep it. More rows or better columns are what may still help."),
    VerdictKind.MILDLY_OVERFITTED: Message(
        "The weights kept are those of before the rise; more weight decay or dropout may lower the loss a little."
    ),
    VerdictKind.STRONGLY_OVERFITTED: Message(
        "The weights kept are those of before the rise; try more weight decay, dropout, fewer neurons, or more rows."
    ),
}


@final
@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What can be said of a fit.

    Parameters
    ----------
    kind : VerdictKind
        In a word.
    reasons : tuple of Message
        The evidence in words, the most telling first.
    evidence : Evidence or None
        The numbers; None where nothing was held out.
    """

    kind: VerdictKind
    reasons: tuple[Message, ...]
    evidence: Evidence | None

    @property
    def headline(self) -> Message:
        """The verdict in a sentence."""
        found = self.evidence
        if self.lacks_the_rise_alone:
            return Message("Too little to tell whether it overfits after the ideal epoch.")
        if found is not None and self.kind is VerdictKind.LEAKING and found.clues.leak is None:
            return Message("The scores are too good: held-out rows are copies of rows learned from.")
        if found is not None and found.is_open and self.kind is VerdictKind.WELL_FITTED:
            return Message("Well fitted so far.")
        return HEADLINES[self.kind]

    @property
    def lacks_the_rise_alone(self) -> bool:
        """Whether too little can be told only of a rise, and something was certainly learned."""
        return self.evidence is not None and lacks_the_rise_alone(self.kind, self.evidence)

    @property
    def prefers_a_neuron(self) -> bool:
        """Whether a single neuron does better, so that this model is not the one to use."""
        return self.evidence is not None and _prefers_a_neuron(self.kind, self.evidence)

    @property
    def advice(self) -> Message:
        """What to do next."""
        found = self.evidence
        return _ADVICE[self.kind] if found is None else _advice(self.kind, found)

    def __str__(self) -> str:
        from epoca.locales import Language  # of whoever prints it

        say = Language.of_environment().say
        return " ".join(map(say, (self.headline, *self.reasons, self.advice)))


def verdict(found: Evidence | None, *, stop: StopReason) -> Verdict:
    """Judge a fit, see `epoca.training.verdict_kind.kind_of`, and say why.

    Parameters
    ----------
    found : Evidence or None
        What the curves say.
    stop : StopReason
        Why the training ended.

    Returns
    -------
    Verdict
    """
    kind = kind_of(found, stop=stop)
    return Verdict(kind=kind, reasons=tuple(_reasons(kind, found, stop)), evidence=found)


def _advice(kind: VerdictKind, found: Evidence) -> Message:
    if found.is_open and kind is VerdictKind.WELL_FITTED:
        if found.forecast is None or promises_more_than_little(found, found.forecast):
            return Message("Train on to see what more epochs bring (--continue, fit_more).")
        return Message(
            "What more epochs may bring is little beside what was learned; where it counts, train on (--continue, "
            "fit_more)."
        )
    if _prefers_a_neuron(kind, found):
        return Message("Train a single neuron instead (--model neuron), which does better.")
    if lacks_the_rise_alone(kind, found):
        return Message(
            "Nothing is lost: the weights kept are those of before any rise. {advice}",
            advice=_ADVICE[kind] if kind is VerdictKind.HELD_OUT_TOO_SMALL else Message("More rows would tell."),
        )
    if kind is VerdictKind.LEAKING and found.clues.leak is None:
        return Message("Of copied rows keep one, or name a column that keeps them together (--groups, groups).")
    return _ADVICE[kind]


def _prefers_a_neuron(kind: VerdictKind, found: Evidence) -> bool:
    beyond = found.beyond_neuron
    return beyond is not None and beyond.is_below and kind in {*_A_NEURON_MAY_DO, VerdictKind.NOTHING_LEARNED}


def _reasons(kind: VerdictKind, found: Evidence | None, stop: StopReason) -> list[Message]:
    if stop is StopReason.DIVERGED:
        return [Message("The loss grew beyond bounds; the best state before that was kept.")]
    if found is None:
        return [Message("The curves cannot tell fit from overfit.")]
    learned = _learned(found)
    told = {
        VerdictKind.DIVERGED: lambda: [_thrown(found)],
        VerdictKind.LEAKING: lambda: [_leak(found), learned, _rise(found), _gap(found)],
        VerdictKind.UNLIKE: lambda: [_unlike(found), learned, _rise(found), _gap(found)],
        VerdictKind.TOO_SHORT: lambda: [_ahead(found), learned],
        VerdictKind.TOO_SMALL: lambda: [_shared(found), _gap(found), learned],
        VerdictKind.HELD_OUT_TOO_SMALL: lambda: _uncertain(found),
        VerdictKind.TOO_FEW_ROWS: lambda: _uncertain(found),
        VerdictKind.NOTHING_LEARNED: lambda: [learned],
    }.get(kind, lambda: [learned, _rise(found), _gap(found)])()
    beyond = found.beyond_neuron
    is_weighed = kind in {*_A_NEURON_MAY_DO, VerdictKind.TOO_SMALL} or _prefers_a_neuron(kind, found)
    if beyond is not None and is_weighed:
        told.append(_neuron(beyond))
    return told


_A_NEURON_MAY_DO = {
    VerdictKind.HELD_OUT_TOO_SMALL,
    VerdictKind.TOO_FEW_ROWS,
    VerdictKind.WELL_FITTED,
    VerdictKind.MILDLY_OVERFITTED,
    VerdictKind.STRONGLY_OVERFITTED,
}


def _thrown(found: Evidence) -> Message:
    if found.learned.is_below and found.loss > found.late:
        return Message(
            "Even at its best the held-out loss was {loss}, far above the {guessing} of guessing.",
            loss=_short(found.loss),
            guessing=_short(found.guessing),
        )
    return Message(
        "At the end the training loss was {loss}, above the {guessing} of guessing, and it rose as well as fell.",
        loss=_short(found.late),
        guessing=_short(found.guessing),
    )


def _ahead(found: Evidence) -> Message:
    if found.forecast is None:
        return Message(
            "The last of {epochs} epochs was the best; so few do not show where it ends.", epochs=found.epochs
        )
    return found.forecast.sentence


def _shared(found: Evidence) -> Message:
    return Message(
        "Errors on held-out rows are like those on their neighbours (correlation {shared} ± {error}), so there is more "
        "to learn.",
        **_values(found.shared_error, "shared"),
    )


def _uncertain(found: Evidence) -> list[Message]:
    told = [Message("{rows} rows were held out.", rows=found.clues.held_out_rows), _learned(found)]
    if found.learned.is_above and may_have_risen(found):
        told.append(_rise(found))
    return told


def _leak(found: Evidence) -> Message:
    if found.clues.leak is not None:
        return Message('The column "{column}" alone says what the target is, in every row.', column=found.clues.leak)
    percent = round(100 * found.clues.copies)
    if found.clues.copies > MOSTLY_COPIES:
        return Message("{percent}% of the held-out rows stand among the rows learned from too.", percent=percent)
    return Message(
        "{percent}% of the held-out rows stand among the rows learned from too, and the loss of these is lower by "
        "{gain} ± {error}.",
        percent=percent,
        gain=_short(found.clues.copies_gain),
        error=_short(found.clues.copies_gain_error),
    )


def _unlike(found: Evidence) -> Message:
    return Message('They differ beyond chance in "{column}".', column=found.clues.unlike)


def _learned(found: Evidence) -> Message:
    if found.learned.value < 0:
        return Message(
            "At the ideal epoch the held-out loss is {loss}, above guessing by {more} ± {error}.",
            loss=found.loss,
            **_values(_turned(found.learned), "more"),
        )
    return Message(
        "At the ideal epoch the held-out loss is {loss}, below guessing by {learned} ± {error}.",
        loss=found.loss,
        **_values(found.learned, "learned"),
    )


def _rise(found: Evidence) -> Message:
    if found.rise.error == 0 and found.rise.value == 0:
        return Message("No epoch after the ideal one was trained.")
    if found.rise.value < 0:
        return Message(
            "Over the last epochs its mean lies lower by {fall} ± {error}.", **_values(_turned(found.rise), "fall")
        )
    if not found.rise.is_above:
        return Message(
            "Over the last epochs its mean lies higher by {rise} ± {error}, which is not beyond chance.",
            **_values(found.rise, "rise"),
        )
    values = {**_values(found.rise, "rise"), "percent": _short(100 * rise_share(found))}
    if found.fall < 0:
        return Message(
            "Over the last epochs its mean lies higher by {rise} ± {error}, {percent}% of what was learned, and that "
            "of the training loss by {climb}.",
            climb=_short(-found.fall),
            **values,
        )
    return Message(
        "Over the last epochs its mean lies higher by {rise} ± {error}, {percent}% of what was learned, while that of "
        "the training loss lies lower by {fall}.",
        fall=_short(found.fall),
        **values,
    )


def _gap(found: Evidence) -> Message:
    return Message(
        "The training loss is {training}, the gap {gap} ± {error}.",
        training=found.training,
        **_values(found.gap, "gap"),
    )


def _neuron(beyond: Figure) -> Message:
    if beyond.is_above:
        return Message(
            "The hidden layers lower the held-out loss by {gain} ± {error} against a single neuron.",
            **_values(beyond, "gain"),
        )
    if beyond.is_below:
        return Message("A single neuron does better, by {gain} ± {error}.", **_values(_turned(beyond), "gain"))
    if beyond.value < 0:
        return Message(
            "The held-out loss of a single neuron is lower by {gain} ± {error}, which is not beyond chance: it may do "
            "as well.",
            **_values(_turned(beyond), "gain"),
        )
    return Message(
        "The held-out loss of a single neuron is higher by {gain} ± {error}, which is not beyond chance: it may do as "
        "well.",
        **_values(beyond, "gain"),
    )


def _turned(figure: Figure) -> Figure:
    return Figure(-figure.value, figure.error)


def _values(figure: Figure, name: str) -> dict[str, float]:
    value, error = in_step(*figure)
    return {name: value, "error": error}


def _short(value: float) -> float:
    return float(f"{value:.2g}")

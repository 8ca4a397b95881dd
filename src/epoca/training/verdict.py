"""Is this model under- or overfitted? What the evidence says, with its reasons and the next step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import final

from epoca.messages import Message
from epoca.training.evidence import Evidence
from epoca.training.stop import StopReason

IMPRECISE = 0.12
"""A standard error of what was learned beyond this share of the loss of guessing is too large to tell anything."""

NOTHING = 0.1
"""Whoever learned less than this share of the loss of guessing, within two standard errors, learned nothing."""

MILD, STRONG = 0.05, 0.25
"""Shares of what was learned that a rise must take back to be called mild or strong overfitting."""

SMALL_GAP = 0.3
"""A gap below this share of what was learned leaves no room for a network that learns more of its rows by heart."""

ALIKE = 0.04
"""Neighbours' errors that correlate by less have nothing in common that matters."""

COPIED = 0.05
"""Share of what was learned that must be owed to copies among the held-out rows to be called a leak."""


@final
class VerdictKind(StrEnum):
    """What can be said."""

    NOTHING_HELD_OUT = "nothing held out"
    DIVERGED = "diverged"
    LEAKING = "leaking"
    UNLIKE = "held-out rows unlike"
    HELD_OUT_TOO_SMALL = "held-out part too small"
    TOO_FEW_ROWS = "too few rows"
    TOO_SHORT = "trained too short"
    NOTHING_LEARNED = "nothing learned"
    TOO_SMALL = "capacity too small"
    WELL_FITTED = "well fitted"
    MILDLY_OVERFITTED = "mildly overfitted"
    STRONGLY_OVERFITTED = "strongly overfitted"


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
    VerdictKind.LEAKING: Message(
        "Leave out what is not known before the target is; of copied rows keep one, or keep them together with groups."
    ),
    VerdictKind.UNLIKE: Message("Hold out rows by lot, or find out what changed between the two."),
    VerdictKind.HELD_OUT_TOO_SMALL: Message("Hold out more rows, or let every member hold out a fold."),
    VerdictKind.TOO_FEW_ROWS: Message("Collect more rows; until then a neuron is the safer model."),
    VerdictKind.TOO_SHORT: Message("Train on for more epochs (--continue, fit_more)."),
    VerdictKind.NOTHING_LEARNED: Message("Other columns are needed; more epochs or neurons will not help."),
    VerdictKind.TOO_SMALL: Message("Try twice the neurons, or one more hidden layer."),
    VerdictKind.WELL_FITTED: Message("Keep it. More rows or better columns are what may still help."),
    VerdictKind.MILDLY_OVERFITTED: Message(
        "The weights kept are those of before the rise; weight decay or dropout may lower the loss a little."
    ),
    VerdictKind.STRONGLY_OVERFITTED: Message(
        "The weights kept are those of before the rise; try weight decay, dropout, fewer neurons, or more rows."
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
        return HEADLINES[self.kind]

    @property
    def advice(self) -> Message:
        """What to do next."""
        return _ADVICE[self.kind]

    def __str__(self) -> str:
        return " ".join(map(str, (self.headline, *self.reasons, self.advice)))


def verdict(found: Evidence | None, *, stop: StopReason) -> Verdict:
    """Judge a fit: first whether the rows can be trusted, then whether they can tell, then what they tell.

    The size of the gap between training and held-out loss alone decides nothing: good networks have one. What decides is
    whether the held-out loss fell, was still falling, or rose again beyond chance, and whether held-out rows' errors have
    anything in common with their neighbours' that a larger network could learn.

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
    if stop is StopReason.DIVERGED:
        reason = Message("The loss grew beyond bounds; the best state before that was kept.")
        return Verdict(kind=VerdictKind.DIVERGED, reasons=(reason,), evidence=found)
    if found is None:
        reason = Message("The curves cannot tell fit from overfit.")
        return Verdict(kind=VerdictKind.NOTHING_HELD_OUT, reasons=(reason,), evidence=None)
    kind = next(kind for kind, applies in _TESTS.items() if applies(found))
    return Verdict(kind=kind, reasons=tuple(_reasons(kind, found)), evidence=found)


def _leaks(found: Evidence) -> bool:
    clues = found.clues
    is_certain = clues.copies_gain > 3 * clues.copies_gain_error
    return clues.leak is not None or (is_certain and clues.copies * clues.copies_gain > COPIED * found.learned.value)


def _is_imprecise(found: Evidence) -> bool:
    return found.learned.error > IMPRECISE * found.guessing


def _holds_out_too_little(found: Evidence) -> bool:
    return _is_imprecise(found) and found.clues.held_out_rows < found.clues.rows / 3


def _is_too_short(found: Evidence) -> bool:
    ahead = found.forecast
    if not found.is_open or ahead is None:
        return False
    matters = ahead.gain > 0.01 * found.guessing or ahead.gain > MILD * max(found.learned.value, 0.0)
    falls = -ahead.slope > 2 * ahead.slope_error or found.best == found.epochs
    return matters and falls and ahead.gain > ahead.gain_error


def _learned_nothing(found: Evidence) -> bool:
    return found.learned.value + 2 * found.learned.error < NOTHING * found.guessing or found.learned.value <= 0


def _is_uncertain(found: Evidence) -> bool:
    return _is_imprecise(found) or not found.learned.is_above


def _rise_share(found: Evidence) -> float:
    """What a rise beyond chance takes back of what was learned."""
    return found.rise.value / found.learned.value if found.rise.is_above and found.fall > 0 else 0.0


def _is_too_small(found: Evidence) -> bool:
    shared = found.shared_error
    has_structure = shared.value > ALIKE and shared.value > 4 * shared.error
    gap = max(found.gap.value, 0.0)
    return has_structure and gap < SMALL_GAP * found.learned.value and _rise_share(found) < MILD


_TESTS: dict[VerdictKind, Callable[[Evidence], bool]] = {
    VerdictKind.LEAKING: _leaks,
    VerdictKind.UNLIKE: lambda found: found.clues.unlike is not None,
    VerdictKind.TOO_SHORT: _is_too_short,
    VerdictKind.HELD_OUT_TOO_SMALL: _holds_out_too_little,
    VerdictKind.NOTHING_LEARNED: _learned_nothing,
    VerdictKind.TOO_FEW_ROWS: _is_uncertain,
    VerdictKind.STRONGLY_OVERFITTED: lambda found: _rise_share(found) >= STRONG,
    VerdictKind.MILDLY_OVERFITTED: lambda found: _rise_share(found) >= MILD,
    VerdictKind.TOO_SMALL: _is_too_small,
    VerdictKind.WELL_FITTED: lambda _found: True,
}
"""Asked in this order; the first that applies is the verdict."""


def _reasons(kind: VerdictKind, found: Evidence) -> list[Message]:
    learned, told = _learned(found), []
    if kind is VerdictKind.LEAKING:
        told = [_leak(found)]
    elif kind is VerdictKind.UNLIKE:
        told = [Message('They differ beyond chance in "{column}".', column=found.clues.unlike)]
    elif kind is VerdictKind.TOO_SHORT:
        assert found.forecast is not None
        told = [found.forecast.sentence, learned]
    elif kind is VerdictKind.TOO_SMALL:
        told = [
            Message(
                "Errors on held-out rows are like those on their neighbours (correlation {shared} ± {error}), so there is "
                "more to learn.",
                **_values(found.shared_error, "shared"),
            ),
            _gap(found),
            learned,
        ]
    elif kind in {VerdictKind.HELD_OUT_TOO_SMALL, VerdictKind.TOO_FEW_ROWS}:
        told = [Message("{rows} rows were held out.", rows=found.clues.held_out_rows), learned]
    elif kind is VerdictKind.NOTHING_LEARNED:
        told = [learned]
    else:
        told = [learned, _rise(found), _gap(found)]
    neuron = found.beyond_neuron
    if neuron is not None and kind not in {VerdictKind.LEAKING, VerdictKind.UNLIKE, VerdictKind.NOTHING_LEARNED}:
        told.append(_neuron(found))
    return told


def _leak(found: Evidence) -> Message:
    if found.clues.leak is not None:
        return Message('The column "{column}" alone says what the target is, in every row.', column=found.clues.leak)
    return Message(
        "{percent}% of the held-out rows stand among the rows learned from too, and the loss of these is lower by {gain} "
        "± {error}.",
        percent=round(100 * found.clues.copies),
        gain=found.clues.copies_gain,
        error=_short(found.clues.copies_gain_error),
    )


def _learned(found: Evidence) -> Message:
    return Message(
        "At the ideal epoch the held-out loss is {loss}, below guessing by {learned} ± {error}.",
        loss=found.loss,
        **_values(found.learned, "learned"),
    )


def _rise(found: Evidence) -> Message:
    if found.rise.error == 0 and found.rise.value == 0:
        return Message("No epoch after the ideal one was trained.")
    if not found.rise.is_above:
        return Message(
            "Up to the last epoch it rose by {rise} ± {error}, which is not beyond chance.",
            **_values(found.rise, "rise"),
        )
    return Message(
        "Up to the last epoch it rose by {rise} ± {error}, {percent}% of what was learned, while the training loss fell by "
        "{fall}.",
        percent=round(100 * _rise_share(found)),
        fall=_short(found.fall),
        **_values(found.rise, "rise"),
    )


def _gap(found: Evidence) -> Message:
    return Message(
        "The training loss is {training}, the gap {gap} ± {error}.",
        training=found.training,
        **_values(found.gap, "gap"),
    )


def _neuron(found: Evidence) -> Message:
    assert found.beyond_neuron is not None
    values = _values(found.beyond_neuron, "gain")
    if found.beyond_neuron.is_above:
        return Message("The hidden layers lower it by {gain} ± {error} against a single neuron.", **values)
    return Message("Against a single neuron the hidden layers bring {gain} ± {error}: a line may do as well.", **values)


def _values(figure: tuple[float, float], name: str) -> dict[str, float]:
    return {name: _short(figure[0]), "error": _short(figure[1])}


def _short(value: float) -> float:
    return float(f"{value:.2g}")

"""Is this model under- or overfitted? What the evidence says, with its reasons and the next step."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import final

from epoca.messages import Message
from epoca.training.evidence import Evidence, Figure
from epoca.training.stop import StopReason

FEWEST_ROWS = 50
"""Standard errors from fewer are themselves too uncertain: losses are skewed, and rare large ones are missed. Cochran
(1977, "Sampling Techniques", 2.15) asks for 25 times the squared skewness, which of losses is 1 to 2."""

UNSURE = 1 / 3
"""Where the standard error of what was learned is a larger share of it, no share of it can be told either."""

NOTHING = 0.1
"""What was learned counts as nothing if it may be 0 and is certainly less than this share of the loss of guessing."""

MILD, STRONG = 0.05, 0.25
"""Shares of what was learned that a rise must take back to be called mild or strong overfitting."""

LITTLE = 0.01
"""A gain below this share of the loss of guessing is not worth more epochs."""

SMALL_GAP = 0.1
"""A network that is too small errs as much at the rows it learned from: where more than this share of the held-out loss
is gap, it is rows that lack, and not neurons."""

ALIKE = 0.04
"""Neighbours' errors that correlate by less have nothing in common that matters."""

COPIED = 0.05
"""Share of what was learned that must be owed to copies among the held-out rows to be called a leak."""

MOSTLY_COPIES = 0.8
"""Where so many held-out rows are copies, the rest are too few to show what is owed to them."""


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
        "Leave out what is not known before the target is (--leave-out); of copied rows keep one, or name a column "
        "that keeps them together (--groups, groups)."
    ),
    VerdictKind.UNLIKE: Message("Hold out rows by lot, or find out what changed between the two."),
    VerdictKind.HELD_OUT_TOO_SMALL: Message("Hold out more rows, or let every member hold out a fold."),
    VerdictKind.TOO_FEW_ROWS: Message("Collect more rows; until then, of two models that do as well take the smaller."),
    VerdictKind.TOO_SHORT: Message("Train on for more epochs (--continue, fit_more)."),
    VerdictKind.NOTHING_LEARNED: Message("Other columns are needed; more epochs or neurons will not help."),
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
        if self._lacks_the_rise_alone:
            return Message("Too little to tell whether it overfits after the ideal epoch.")
        return Message("Well fitted so far.") if self._may_go_on else HEADLINES[self.kind]

    @property
    def advice(self) -> Message:
        """What to do next."""
        found = self.evidence
        beyond = None if found is None else found.beyond_neuron
        if beyond is not None and beyond.is_below and self.kind in _A_NEURON_MAY_DO:
            return Message("Train a single neuron instead (--model neuron, Neuron), which does better.")
        if self._lacks_the_rise_alone:
            return Message("Nothing is lost: the weights kept are those of before any rise. More rows would tell.")
        if self._may_go_on:
            return Message(
                "What more epochs may bring is little beside what was learned; where it counts, train on (--continue, "
                "fit_more)."
            )
        return _ADVICE[self.kind]

    @property
    def _may_go_on(self) -> bool:
        """Whether it is well fitted, but might be a little better after more epochs."""
        return self.kind is VerdictKind.WELL_FITTED and self.evidence is not None and self.evidence.is_open

    @property
    def _lacks_the_rise_alone(self) -> bool:
        """Whether something was certainly learned, and only a rise afterwards is too uncertain."""
        found = self.evidence
        if self.kind not in {VerdictKind.TOO_FEW_ROWS, VerdictKind.HELD_OUT_TOO_SMALL} or found is None:
            return False
        return found.clues.held_out_rows >= FEWEST_ROWS and found.learned.error <= UNSURE * found.learned.value

    def __str__(self) -> str:
        from epoca.locales import Language  # of whoever prints it

        say = Language.of_environment().say
        return " ".join(map(say, (self.headline, *self.reasons, self.advice)))


def verdict(found: Evidence | None, *, stop: StopReason) -> Verdict:
    """Judge a fit: first whether the rows can be trusted, then whether they can tell, then what they tell.

    The size of the gap between training and held-out loss alone decides nothing: good networks have one. What decides
    is whether the held-out loss fell, was still falling, or rose again beyond chance, and whether held-out rows' errors
    have anything in common with their neighbours' that a larger network could learn. "Beyond chance" is two standard
    errors.

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
    if clues.leak is not None or clues.copies > MOSTLY_COPIES:
        return True
    is_certain = clues.copies_gain > 3 * clues.copies_gain_error
    return is_certain and clues.copies * clues.copies_gain > COPIED * found.learned.value


def _is_too_short(found: Evidence) -> bool:
    """Whether the held-out loss was falling beyond chance at the end, and what is expected of more epochs matters."""
    if not found.is_open:
        return False
    ahead, is_last = found.forecast, found.best == found.epochs
    if ahead is None:  # too few epochs to see where they lead
        return is_last
    in_all = max(found.learned.value, 0.0) + ahead.gain
    matters = ahead.gain > max(MILD * in_all, LITTLE * found.guessing)
    falls = -ahead.slope > 2 * ahead.slope_error if math.isfinite(ahead.slope_error) else is_last
    return matters and falls


def _is_too_small(found: Evidence) -> bool:
    """Whether neighbours' errors are alike beyond chance, and the network errs as much at the rows it learned from.

    Not asked of a handful of epochs, after which any network still errs alike.
    """
    shared = found.shared_error
    has_structure = shared.value > ALIKE and shared.value > 3 * shared.error
    is_flat = found.rise.value < MILD * found.loss
    has_ended = not found.is_open or found.forecast is not None
    return has_structure and is_flat and has_ended and found.gap.value < SMALL_GAP * found.loss


def _learned_nothing(found: Evidence) -> bool:
    learned = found.learned
    if found.clues.held_out_rows < FEWEST_ROWS:
        return False
    return not learned.is_above and learned.value + 2 * learned.error < NOTHING * found.guessing


def _cannot_tell(found: Evidence) -> bool:
    """Whether it is uncertain that anything was learned, or how much of it was lost again."""
    learned = found.learned
    is_unsure = learned.error > UNSURE * learned.value and not _has_lost_much(found)
    return found.clues.held_out_rows < FEWEST_ROWS or is_unsure or _may_have_risen(found)


def _has_lost_much(found: Evidence) -> bool:
    """Whether something was learned, and a strong share even of the most it may have been was lost again."""
    most = found.learned.value + 2 * found.learned.error
    return found.learned.is_above and found.rise.is_above and found.rise.value > STRONG * most


def _may_have_risen(found: Evidence) -> bool:
    """Whether a rise can neither be claimed nor ruled out: it looks mild, or may well be half as much again."""
    rise, mild = found.rise, MILD * found.learned.value
    return not rise.is_above and (rise.value > mild or rise.value + 2 * rise.error > 1.5 * mild)


def _holds_out_too_little(found: Evidence) -> bool:
    """Whether that is so because only a small part of the rows is held out."""
    clues = found.clues
    return clues.held_out_rows < clues.rows / 3 and _cannot_tell(found) and not _learned_nothing(found)


def _rise_share(found: Evidence) -> float:
    """What a rise beyond chance takes back of what was learned."""
    return found.rise.value / found.learned.value if found.rise.is_above and found.learned.value > 0 else 0.0


_TESTS: dict[VerdictKind, Callable[[Evidence], bool]] = {
    VerdictKind.LEAKING: _leaks,
    VerdictKind.UNLIKE: lambda found: found.clues.unlike is not None,
    VerdictKind.TOO_SHORT: _is_too_short,
    VerdictKind.DIVERGED: lambda found: found.is_thrown,
    VerdictKind.TOO_SMALL: _is_too_small,
    VerdictKind.HELD_OUT_TOO_SMALL: _holds_out_too_little,
    VerdictKind.NOTHING_LEARNED: _learned_nothing,
    VerdictKind.TOO_FEW_ROWS: _cannot_tell,
    VerdictKind.STRONGLY_OVERFITTED: lambda found: _rise_share(found) >= STRONG,
    VerdictKind.MILDLY_OVERFITTED: lambda found: _rise_share(found) >= MILD,
    VerdictKind.WELL_FITTED: lambda _found: True,
}
"""Asked in this order; the first that applies is the verdict."""


def _reasons(kind: VerdictKind, found: Evidence) -> list[Message]:
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
    if beyond is not None and kind in _WEIGHED_AGAINST_A_NEURON:
        told.append(_neuron(beyond))
    elif beyond is not None and kind is VerdictKind.NOTHING_LEARNED and beyond.is_below:
        told.append(_neuron(beyond))  # then it is this network that learned nothing, and not the columns that lack
    return told


_A_NEURON_MAY_DO = {
    VerdictKind.HELD_OUT_TOO_SMALL,
    VerdictKind.TOO_FEW_ROWS,
    VerdictKind.WELL_FITTED,
    VerdictKind.MILDLY_OVERFITTED,
    VerdictKind.STRONGLY_OVERFITTED,
}
_WEIGHED_AGAINST_A_NEURON = {*_A_NEURON_MAY_DO, VerdictKind.TOO_SMALL}


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
    if found.learned.is_above and _may_have_risen(found):
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
            more=_short(-found.learned.value),
            error=_short(found.learned.error),
        )
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
            "Over the last epochs its mean lies higher by {rise} ± {error}, which is not beyond chance.",
            **_values(found.rise, "rise"),
        )
    values = {**_values(found.rise, "rise"), "percent": _short(100 * _rise_share(found))}
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
        return Message(
            "A single neuron does better, by {gain} ± {error}.", gain=_short(-beyond.value), error=_short(beyond.error)
        )
    return Message(
        "The held-out loss of a single neuron differs by {gain} ± {error}, which is not beyond chance: a line may do "
        "as well.",
        gain=_short(abs(beyond.value)),
        error=_short(beyond.error),
    )


def _values(figure: tuple[float, float], name: str) -> dict[str, float]:
    return {name: _short(figure[0]), "error": _short(figure[1])}


def _short(value: float) -> float:
    return float(f"{value:.2g}")

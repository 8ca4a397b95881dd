"""Which verdict the evidence of a fit calls for."""

from __future__ import annotations

import math
from collections.abc import Callable
from enum import StrEnum
from typing import final

from epoca.training.evidence import Evidence
from epoca.training.forecast import Forecast
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
"""Where more held-out rows are copies, the rest are too few to show what is owed to them."""


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


def kind_of(found: Evidence | None, *, stop: StopReason) -> VerdictKind:
    """Judge: first whether the rows can be trusted, then whether they can tell, then what they tell.

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
    VerdictKind
    """
    if stop is StopReason.DIVERGED:
        return VerdictKind.DIVERGED
    if found is None:
        return VerdictKind.NOTHING_HELD_OUT
    return next(kind for kind, applies in _TESTS.items() if applies(found))


def lacks_the_rise_alone(kind: VerdictKind, found: Evidence) -> bool:
    """Whether too little can be told only of a rise, and something was certainly learned."""
    if kind not in {VerdictKind.TOO_FEW_ROWS, VerdictKind.HELD_OUT_TOO_SMALL}:
        return False
    return found.clues.held_out_rows >= FEWEST_ROWS and found.learned.error <= UNSURE * found.learned.value


def promises_more_than_little(found: Evidence, ahead: Forecast) -> bool:
    """Whether the gain that a forecast promises matters beside what there is to learn and the loss of guessing."""
    in_all = max(found.learned.value, 0.0) + ahead.gain
    return ahead.gain > max(MILD * in_all, LITTLE * found.guessing)


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
    falls = -ahead.slope > 2 * ahead.slope_error if math.isfinite(ahead.slope_error) else is_last
    return falls and promises_more_than_little(found, ahead)


def _is_thrown(found: Evidence) -> bool:
    """Whether it was thrown about; a few held-out rows alone do not show that, where the training loss fell."""
    is_learning = found.clues.held_out_rows < FEWEST_ROWS and found.late < found.guessing
    return found.is_thrown and not is_learning


def _is_too_small(found: Evidence) -> bool:
    """Whether neighbours' errors are alike beyond chance, and the network errs as much at the rows it learned from.

    Not asked of a handful of epochs, after which any network still errs alike, nor of a training with an open end by
    which a single neuron does better.
    """
    shared = found.shared_error
    has_structure = shared.value > ALIKE and shared.value > 3 * shared.error
    is_flat = found.rise.value < MILD * found.loss
    is_beaten = found.beyond_neuron is not None and found.beyond_neuron.is_below
    has_ended = not found.is_open or (found.forecast is not None and not is_beaten)
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
    return found.clues.held_out_rows < FEWEST_ROWS or is_unsure or may_have_risen(found)


def _has_lost_much(found: Evidence) -> bool:
    """Whether something was learned, and a strong share even of the most it may have been was lost again."""
    most = found.learned.value + 2 * found.learned.error
    return found.learned.is_above and found.rise.is_above and found.rise.value > STRONG * most


def may_have_risen(found: Evidence) -> bool:
    """Whether a rise can neither be claimed nor ruled out: it looks mild, or may well be half as much again."""
    rise, mild = found.rise, MILD * found.learned.value
    return not rise.is_above and (rise.value > mild or rise.value + 2 * rise.error > 1.5 * mild)


def _holds_out_too_little(found: Evidence) -> bool:
    """Whether that is so because only a small part of the rows is held out."""
    clues = found.clues
    return clues.held_out_rows < clues.rows / 3 and _cannot_tell(found) and not _learned_nothing(found)


def rise_share(found: Evidence) -> float:
    """What a rise beyond chance takes back of what was learned."""
    return found.rise.value / found.learned.value if found.rise.is_above and found.learned.value > 0 else 0.0


_TESTS: dict[VerdictKind, Callable[[Evidence], bool]] = {
    VerdictKind.LEAKING: _leaks,
    VerdictKind.UNLIKE: lambda found: found.clues.unlike is not None,
    VerdictKind.TOO_SHORT: _is_too_short,
    VerdictKind.DIVERGED: _is_thrown,
    VerdictKind.TOO_SMALL: _is_too_small,
    VerdictKind.HELD_OUT_TOO_SMALL: _holds_out_too_little,
    VerdictKind.NOTHING_LEARNED: _learned_nothing,
    VerdictKind.TOO_FEW_ROWS: _cannot_tell,
    VerdictKind.STRONGLY_OVERFITTED: lambda found: rise_share(found) >= STRONG,
    VerdictKind.MILDLY_OVERFITTED: lambda found: rise_share(found) >= MILD,
    VerdictKind.WELL_FITTED: lambda _found: True,
}
"""Asked in this order; the first that applies is the verdict."""

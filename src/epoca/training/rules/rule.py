"""What a stopping rule is, and what early stopping asks of one."""

from __future__ import annotations

from typing import ClassVar, Protocol

from epoca.training.history import History
from epoca.training.ideal_epoch import ideal_epoch
from epoca.training.stop import Stop


class Rule(Protocol):
    """A stopping rule."""

    def __call__(self, history: History) -> Stop | None:
        """Look at the history after an epoch: a `Stop`, or None to go on."""


class EarlyStopping(Rule, Protocol):
    """A stopping rule that also says which epoch it would keep.

    Its text form, ``str(rule)``, is what `rule_of` reads.
    """

    watches: ClassVar[str]
    """The field of `Findings` of which less is better; each member's best state is chosen by it."""

    def choice(self, history: History, /) -> int | None:
        """The epoch to keep, counted from 1; None where nothing was held out."""


def epoch_of_least(rule: EarlyStopping, history: History, /) -> int | None:
    """The choice of most rules: where the members' mean of what the rule watches is least."""
    return ideal_epoch(history.curve(rule.watches))


def digits(number: float) -> str:
    """A number in the fewest digits from which it is read again.

    Examples
    --------
    >>> digits(5.0), digits(0.75), digits(1e30)
    ('5', '0.75', '1e+30')
    """
    return repr(float(number)).removesuffix(".0")

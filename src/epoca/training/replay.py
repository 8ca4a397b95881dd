"""Replay: which epoch every stopping rule would have chosen, on the curves of one training."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, final

from epoca.errors import OptionError
from epoca.learners.population import HELD_OUT
from epoca.messages import Message
from epoca.training.history import History
from epoca.training.ideal_epoch import ideal_epoch
from epoca.training.paired import paired_rise
from epoca.training.rules import EarlyStopping, rule_of

if TYPE_CHECKING:
    from epoca.locales import Language

RULES = (
    "patience(5)",
    "patience(16)",
    "patience(50)",
    "patience(16, growth=0.5)",
    "refined(16)",
    "gl(2)",
    "gl(5)",
    "pq(0.75)",
    "up(3)",
    "one_se(1)",
)
"""Those that are replayed unless others are asked for."""


@final
@dataclass(frozen=True, kw_only=True)
class ReplayLine:
    """What one stopping rule would have done.

    Parameters
    ----------
    rule : str
        Its text.
    stopped : int or None
        The epoch after which it would have stopped; None where it would have gone on after the last one recorded.
    chosen : int or None
        The epoch that it would have kept; None where it found nothing to go by.
    loss : float
        The held-out loss of that epoch, whatever the rule looked at.
    difference, difference_error : float
        By how much that is above the least loss recorded, and the standard error of this difference.
    seconds_saved : float
        Between its stop and the end of the record.
    missed_descent : int or None
        The epoch of the least loss after its stop, if that is below all before by more than the standard error of the
        difference: a second descent that the rule did not wait for.
    """

    rule: str
    stopped: int | None
    chosen: int | None
    loss: float
    difference: float
    difference_error: float
    seconds_saved: float
    missed_descent: int | None


@final
@dataclass(frozen=True, kw_only=True)
class Replay:
    """What several stopping rules would have done on the curves of one training.

    All losses are of the very rows by which the rules chose, so that they compare the rules with each other and not
    with other trainings.

    Parameters
    ----------
    history : History
        The training.
    best : int
        The ideal epoch of all that was recorded.
    lines : tuple of ReplayLine
        One a rule, in the order asked for.
    """

    history: History
    best: int
    lines: tuple[ReplayLine, ...]

    @property
    def heading(self) -> Message:
        """What was recorded, and what could be reached at best."""
        return Message(
            "{epochs} epochs recorded; the held-out loss was least in epoch {best}: {loss}.",
            epochs=len(self.history),
            best=self.best,
            loss=float(self.history.curve(HELD_OUT)[self.best - 1]),
        )

    @property
    def notes(self) -> tuple[Message, ...]:
        """What the record cannot tell."""
        blind = [line.rule for line in self.lines if line.stopped is None and line.chosen is None]
        endless = [line.rule for line in self.lines if line.stopped is None and line.chosen is not None]
        elsewhere = [line.rule for line in self.lines if line.chosen and rule_of(line.rule).watches != HELD_OUT]
        notes = []
        if endless:
            notes.append(
                Message(
                    "The record ends with epoch {epochs}, where these rules would have gone on: {rules}. A curve that "
                    "ends where one rule stopped cannot tell what a more patient rule would have found; to know, train "
                    "with a more patient one.",
                    epochs=len(self.history),
                    rules=", ".join(endless),
                )
            )
        if blind:
            notes.append(Message("Nothing that these rules go by was recorded: {rules}.", rules=", ".join(blind)))
        if elsewhere:
            notes.append(
                Message(
                    "These rules choose by the refined loss, in which overconfidence does not count, but are shown "
                    "with the plain one: {rules}.",
                    rules=", ".join(elsewhere),
                )
            )
        return tuple(notes)

    def table(self, language: Language) -> list[list[str]]:
        """The lines in words, under a line of headings; the rule stands first, the rest are numbers.

        Parameters
        ----------
        language : Language
            To say it in.
        """
        headings = [
            Message("rule"),
            Message("stops after"),
            Message("chooses"),
            Message("held-out loss"),
            Message("above the least"),
            Message("seconds saved"),
            Message("lower later in"),
        ]
        return [list(map(language.say, headings)), *(_words(line, language) for line in self.lines)]

    def to_json(self) -> dict[str, Any]:
        """Everything but the history as plain values; what is not a number becomes None."""
        return {
            "epochs": len(self.history),
            "best_epoch": self.best,
            "rules": [{name: _plain(value) for name, value in asdict(line).items()} for line in self.lines],
            "notes": [str(note) for note in self.notes],
        }

    def __str__(self) -> str:
        from epoca.locales import Language

        language = Language.of_environment()
        table = self.table(language)
        widths = [max(map(len, column)) for column in zip(*table, strict=True)]
        lines = [
            "  ".join(
                [f"{rule:<{widths[0]}}", *(f"{text:>{width}}" for text, width in zip(texts, widths[1:], strict=True))]
            ).rstrip()
            for rule, *texts in table
        ]
        return "\n".join([language.say(self.heading), *lines, *map(language.say, self.notes)])


def replay(history: History, rules: Sequence[str] = RULES) -> Replay:
    """Ask stopping rules, epoch by epoch, when each would have ended a training that is over.

    Parameters
    ----------
    history : History
        The training.
    rules : sequence of str
        As `epoca.training.rules.rule_of` reads them.

    Returns
    -------
    Replay

    Raises
    ------
    OptionError
        If nothing was recorded or held out, or a text stands for no rule.

    Examples
    --------
    >>> import numpy as np
    >>> losses = [0.9, 0.6, 0.5, 0.6, 0.6, 0.4, 0.5]  # falls again after epoch 5
    >>> history = History.of_curves(held_out_loss=np.array([[loss, loss**2] for loss in losses]))
    >>> found = replay(history, ["patience(2)", "patience(3)"])
    >>> print(found)  # doctest: +ELLIPSIS
    7 epochs recorded; the held-out loss was least in epoch 6: 0.28.
    rule         stops after  chooses  held-out loss  above the least  seconds saved  lower later in
    patience(2)            5        3          0.375  0.0950 ± 0.0050              2               6
    patience(3)            –        6           0.28                0              0               –
    The record ends with epoch 7, where these rules would have gone on: patience(3). A curve that ends ...
    """
    if not len(history):
        raise OptionError("No stopping rule can be replayed, for no epoch of the training was recorded.")
    best = ideal_epoch(history.curve(HELD_OUT))
    if best is None:
        raise OptionError("No stopping rule can be replayed, for there is no held-out loss; train with early stopping.")
    asked = [rule_of(text) for text in rules]
    stops: list[int | None] = [None] * len(asked)
    choices: list[int | None] = [None] * len(asked)
    growing = History(groups=history.groups)
    for epoch in history:
        growing.append(epoch)
        for place, rule in enumerate(asked):
            if stops[place] is None and rule(growing) is not None:
                stops[place], choices[place] = len(growing), rule.choice(growing)
    found = [
        _line(history, rule, best=best, stopped=stopped, chosen=rule.choice(history) if stopped is None else chosen)
        for rule, stopped, chosen in zip(asked, stops, choices, strict=True)
    ]
    return Replay(history=history, best=best, lines=tuple(found))


def _line(history: History, rule: EarlyStopping, *, best: int, stopped: int | None, chosen: int | None) -> ReplayLine:
    held_out = history.curve(HELD_OUT)
    loss = math.nan if chosen is None else float(held_out[chosen - 1])
    return ReplayLine(
        rule=str(rule),
        stopped=stopped,
        chosen=chosen,
        loss=loss,
        difference=loss - float(held_out[best - 1]),
        difference_error=math.nan if chosen is None else paired_rise(history, epoch=chosen, since=best)[1],
        seconds_saved=0.0 if stopped is None else history[-1].seconds - history[stopped - 1].seconds,
        missed_descent=None if stopped is None else _missed_descent(history, stopped),
    )


def _missed_descent(history: History, stopped: int) -> int | None:
    """The epoch of least held-out loss after a stop, if it is below the least before beyond chance."""
    held_out = history.curve(HELD_OUT)
    before, after = ideal_epoch(held_out[:stopped]), ideal_epoch(held_out[stopped:])
    if before is None or after is None:
        return None
    rise, error = paired_rise(history, epoch=before, since=stopped + after)
    return stopped + after if rise > error else None


def _words(line: ReplayLine, language: Language) -> list[str]:
    def number(value: float | None) -> str:
        return "–" if value is None or not math.isfinite(value) else language.number(value)

    has_error = math.isfinite(line.difference) and 0 < line.difference_error < math.inf
    return [
        line.rule,
        number(line.stopped),
        number(line.chosen),
        number(line.loss),
        language.with_error(line.difference, line.difference_error) if has_error else number(line.difference),
        number(float(f"{line.seconds_saved:.3g}")),
        number(line.missed_descent),
    ]


def _plain(value: object) -> object:
    return None if isinstance(value, float) and not math.isfinite(value) else value

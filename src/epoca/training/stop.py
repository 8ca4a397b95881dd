"""Why a training ended: data, not an exception."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import final

from epoca.messages import Message


@final
class StopReason(StrEnum):
    """The ways in which a training ends."""

    PATIENCE = "patience"
    LIMIT = "limit"
    DEADLINE = "deadline"
    SOLVED = "solved"
    DIVERGED = "diverged"
    INTERRUPTED = "interrupted"
    LEFT = "left"


@final
@dataclass(frozen=True, kw_only=True)
class Stop:
    """A training's end.

    Parameters
    ----------
    reason : StopReason
        Which of the ways.
    sentence : Message
        What happened, with its numbers.
    remedy : Message
        What to do if something else was wanted.
    """

    reason: StopReason
    sentence: Message
    remedy: Message

"""What a report is about, and the voice that tells it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PureWindowsPath
from typing import final

from epoca.messages import Message
from epoca.model import Model
from epoca.plots.voice import Voice
from epoca.report.measured import Measured


@final
@dataclass(frozen=True, kw_only=True)
class Subject:
    """What a report is about.

    Parameters
    ----------
    model : Model
        That was trained.
    voice : Voice
        In which to tell it.
    measured : Measured or None
        Rows that were brought to look at the model with.
    file : Path or None
        Where the model lies.
    """

    model: Model
    voice: Voice
    measured: Measured | None = None
    file: Path | None = None

    def say(self, *messages: Message) -> str:
        """Messages as sentences, one after the other."""
        return self.voice.say(*messages)

    @property
    def is_regression(self) -> bool:
        """Whether a number is predicted."""
        return self.model.target.task == "regression"

    @property
    def table_name(self) -> str | None:
        """The file that was learned from, without its folder, which is nobody else's business; None for no file."""
        name = PureWindowsPath(str(self.model.data.get("name", ""))).name  # which knows the marks of all systems
        return name if "." in name else None

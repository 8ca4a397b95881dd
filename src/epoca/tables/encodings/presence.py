"""Columns with a single value: what they tell is whether there is one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import pyarrow.compute as pc

from epoca.messages import Message
from epoca.tables.arrays import integers_of
from epoca.tables.cells import Cells
from epoca.tables.encodings.encoding import ColumnKind, missing_name
from epoca.types import Matrix


@final
@dataclass(frozen=True)
class PresenceEncoding:
    """A missing value becomes 1, any other 0.

    Examples
    --------
    >>> [str(name) for name in PresenceEncoding().outputs("died_on")]
    ['died_on missing']
    """

    @property
    def kind(self) -> ColumnKind:
        """A yes or no."""
        return ColumnKind.YES_NO

    def outputs(self, column: str) -> list[str | Message]:
        """Whether the value is missing."""
        return [missing_name(column)]

    def write(self, cells: Cells, out: Matrix) -> None:
        """Write the ones."""
        present = cells.cleaned if cells.is_text else cells.arrow
        out[:, 0] = integers_of(pc.is_null(present, nan_is_null=True))

    def note(self) -> Message:
        """What the column tells."""
        return Message("All values are the same; whether one is missing becomes 1 or 0.")

    def to_json(self) -> dict[str, object]:
        """No fields."""
        return {}

    @classmethod
    def from_json(cls, data: object) -> PresenceEncoding:
        """Inverse of `to_json`."""
        del data
        return cls()

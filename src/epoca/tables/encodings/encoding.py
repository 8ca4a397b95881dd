"""What every way to encode a column has in common."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol

from epoca.messages import Message
from epoca.tables.cells import Cells
from epoca.types import Matrix


class ColumnKind(StrEnum):
    """What a column holds, as far as learning is concerned."""

    NUMBER = "number"
    CATEGORY = "category"
    YES_NO = "yes/no"
    DATE = "date"
    CONSTANT = "constant"
    IDENTIFIER = "identifier"
    TEXT = "text"
    LEFT_OUT = "left out"


class Encoding(Protocol):
    """How one column becomes numbers; everything it knows was fitted on the training rows."""

    @property
    def kind(self) -> ColumnKind:
        """What the column holds."""

    def outputs(self, column: str) -> list[str | Message]:
        """Names of the encoded columns that `column` becomes; messages where they hold words of ours."""

    def write(self, cells: Cells, out: Matrix) -> None:
        """Write the m cells into `out`, (m, number of outputs), which comes filled with zeros."""

    def note(self) -> Message:
        """What becomes of the column, for its user."""

    def to_json(self) -> dict[str, object]:
        """The encoding as plain JSON values; the class's `from_json` makes the same encoding of them."""


def missing_name(column: str) -> Message:
    """The name of an encoded column that says where a value is missing."""
    return Message("{column} missing", column=column)

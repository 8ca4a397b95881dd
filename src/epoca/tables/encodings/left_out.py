"""Columns from which nothing is learned, and why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import final

from epoca.messages import Message
from epoca.tables.cells import Cells
from epoca.tables.encodings import untrusted
from epoca.tables.encodings.encoding import ColumnKind
from epoca.types import Matrix


class Reason(StrEnum):
    """Why a column is left out."""

    ASKED = "asked"
    ALL_MISSING = "all missing"
    ONE_VALUE = "one value"
    ROW_NUMBERS = "row numbers"
    NUMBERED = "numbered"
    LONG_NUMBERS = "long numbers"
    ALL_DIFFERENT = "all different"
    TOO_VARIED = "too varied"


@final
@dataclass(frozen=True, kw_only=True)
class LeftOut:
    """A column that becomes nothing.

    Parameters
    ----------
    reason : Reason
        Why.
    distinct : int
        How many different texts stand in the training rows, where that is the reason.

    Examples
    --------
    >>> print(LeftOut(reason=Reason.TOO_VARIED, distinct=305).note())
    Left out: 305 different texts are too many to be categories.
    """

    reason: Reason
    distinct: int = 0

    @property
    def kind(self) -> ColumnKind:
        """What the column holds, given the reason."""
        return _KINDS[self.reason]

    def outputs(self, column: str) -> list[str | Message]:
        """None."""
        del column
        return []

    def write(self, cells: Cells, out: Matrix) -> None:
        """Write nothing."""
        del cells, out

    def note(self) -> Message:
        """The reason as a sentence."""
        match self.reason:
            case Reason.ASKED:
                return Message("Left out, as asked.")
            case Reason.ALL_MISSING:
                return Message("Left out: all values are missing.")
            case Reason.ONE_VALUE:
                return Message("Left out: all values are the same.")
            case Reason.ROW_NUMBERS:
                return Message("Left out: the values number the rows.")
            case Reason.NUMBERED:
                return Message("Left out: by its name the column identifies rows, and all values differ.")
            case Reason.LONG_NUMBERS:
                return Message("Left out: whole numbers beyond 9,007,199,254,740,992 are taken for identifiers.")
            case Reason.ALL_DIFFERENT:
                return Message("Left out: {n} different texts identify the rows.", n=self.distinct)
            case Reason.TOO_VARIED:
                return Message("Left out: {n} different texts are too many to be categories.", n=self.distinct)

    def to_json(self) -> dict[str, object]:
        """The fields as JSON values."""
        return {"reason": self.reason.value, "distinct": self.distinct}

    @classmethod
    def from_json(cls, data: object) -> LeftOut:
        """Inverse of `to_json`; ValueError, KeyError or TypeError for anything else."""
        fields = untrusted.mapping(data)
        return cls(reason=Reason(untrusted.typed(fields["reason"], str)), distinct=untrusted.count(fields["distinct"]))


_KINDS = {
    Reason.ASKED: ColumnKind.LEFT_OUT,
    Reason.ALL_MISSING: ColumnKind.CONSTANT,
    Reason.ONE_VALUE: ColumnKind.CONSTANT,
    Reason.ROW_NUMBERS: ColumnKind.IDENTIFIER,
    Reason.NUMBERED: ColumnKind.IDENTIFIER,
    Reason.LONG_NUMBERS: ColumnKind.IDENTIFIER,
    Reason.ALL_DIFFERENT: ColumnKind.IDENTIFIER,
    Reason.TOO_VARIED: ColumnKind.TEXT,
}

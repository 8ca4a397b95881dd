"""Columns of two values: one output, -1 or +1."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np

from epoca.messages import Message
from epoca.tables.cells import Cells
from epoca.tables.encodings import untrusted
from epoca.tables.encodings.category import known_texts
from epoca.tables.encodings.encoding import ColumnKind, missing_name
from epoca.types import Matrix


@final
@dataclass(frozen=True, kw_only=True)
class TwoTextsEncoding:
    """Of two texts one becomes -1, the other +1; a missing or never seen one becomes 0.

    Parameters
    ----------
    low, high : str
        What becomes -1 and what becomes +1, in the order of the alphabet.
    flag : bool
        Whether there is a second output, 1 where the value is missing and 0 elsewhere.

    Examples
    --------
    >>> [str(name) for name in TwoTextsEncoding(low="no", high="yes", flag=True).outputs("smoker")]
    ['smoker=yes', 'smoker missing']
    """

    low: str
    high: str
    flag: bool

    @property
    def kind(self) -> ColumnKind:
        """A yes or no."""
        return ColumnKind.YES_NO

    def outputs(self, column: str) -> list[str | Message]:
        """The text that becomes +1, and whether the value is missing."""
        return [f"{column}={self.high}"] + [missing_name(column)] * self.flag

    def write(self, cells: Cells, out: Matrix) -> None:
        """Write -1, 0 or +1, and whether the value is missing.

        Raises
        ------
        TableError
            If the column holds numbers where texts were learned.
        """
        position = known_texts(cells, (self.low, self.high))
        out[:, 0] = np.array([-1, 1, 0, 0])[position]  # positions -2 and -1 stand for missing and unknown
        if self.flag:
            out[:, 1] = position == -2

    def note(self) -> Message:
        """What becomes of the two texts."""
        return Message('"{low}" becomes -1, "{high}" becomes +1.', low=self.low, high=self.high)

    def to_json(self) -> dict[str, object]:
        """The fields as JSON values."""
        return {"low": self.low, "high": self.high, "flag": self.flag}

    @classmethod
    def from_json(cls, data: object) -> TwoTextsEncoding:
        """Inverse of `to_json`; ValueError, KeyError or TypeError for anything else."""
        fields = untrusted.mapping(data)
        low, high = untrusted.texts([fields["low"], fields["high"]])
        return cls(low=low, high=high, flag=untrusted.typed(fields["flag"], bool))


@final
@dataclass(frozen=True, kw_only=True)
class TwoNumbersEncoding:
    """Of two numbers the lower becomes -1, the higher +1, and a missing one 0.

    A number never seen is placed on the straight line between the two; beyond them the line is level.

    Parameters
    ----------
    low, high : float
        What becomes -1 and what becomes +1.
    flag : bool
        Whether there is a second output, 1 where the number is missing and 0 elsewhere.
    """

    low: float
    high: float
    flag: bool

    @property
    def kind(self) -> ColumnKind:
        """A yes or no."""
        return ColumnKind.YES_NO

    def outputs(self, column: str) -> list[str | Message]:
        """The column, and whether it is missing."""
        return [column] + [missing_name(column)] * self.flag

    def write(self, cells: Cells, out: Matrix) -> None:
        """Write -1, +1 or what lies between, and whether the number is missing.

        Raises
        ------
        TableError
            If a value is no finite number.
        """
        numbers = cells.numbers()
        missing = np.isnan(numbers)
        # Halves, whose difference cannot overflow; np.interp alone is not exact where the two are very close.
        line = np.interp(numbers * 0.5, [self.low * 0.5, self.high * 0.5], [-1.0, 1.0])
        np.clip(line, -1, 1, out=line)
        line[numbers <= self.low] = -1
        line[numbers >= self.high] = 1
        out[:, 0] = np.where(missing, 0, line)
        if self.flag:
            out[:, 1] = missing

    def note(self) -> Message:
        """What becomes of the two numbers."""
        return Message("{low} becomes -1, {high} becomes +1.", low=self.low, high=self.high)

    def to_json(self) -> dict[str, object]:
        """The fields as JSON values."""
        return {"low": self.low, "high": self.high, "flag": self.flag}

    @classmethod
    def from_json(cls, data: object) -> TwoNumbersEncoding:
        """Inverse of `to_json`; ValueError, KeyError or TypeError for anything else."""
        fields = untrusted.mapping(data)
        low, high = untrusted.finite(fields["low"]), untrusted.finite(fields["high"])
        if low >= high:
            raise ValueError("the lower number is not below the higher one")
        return cls(low=low, high=high, flag=untrusted.typed(fields["flag"], bool))

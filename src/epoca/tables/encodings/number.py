"""Numbers, scaled by their middle half and smoothly clipped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np

from epoca.errors import TableError
from epoca.messages import Message
from epoca.tables.cells import Cells
from epoca.tables.encodings import untrusted
from epoca.tables.encodings.encoding import ColumnKind, missing_name
from epoca.types import Matrix, Numbers

FAR = 1e8
"""Beyond this many units, f(z) = z / sqrt(1 + (z/3)²) is 3 to the last digit; z² must not overflow."""


@final
@dataclass(frozen=True, kw_only=True)
class NumberEncoding:
    """A number x becomes f(s (x - median)) with f(z) = z / sqrt(1 + (z/3)²), which lies between -3 and 3.

    s is 1 / (q75 - q25), or 2 / (max - min) where the quartiles coincide. A missing number becomes the median, that
    is 0; whether it was missing is a second output if any was among the training rows. Robust scaling and smooth
    clipping follow Holzmüller et al., "Better by Default" (NeurIPS 2024), section 3.

    Parameters
    ----------
    centre : float
        The median of the training rows.
    unit : float or None
        Half of 1 / s, since halved numbers can be subtracted from each other without overflow; 0 gives 0 throughout.
        None leaves the numbers as they are.
    flag : bool
        Whether there is a second output, 1 where the number is missing and 0 elsewhere.

    Examples
    --------
    >>> NumberEncoding.fit(np.array([1.0, 2.0, 3.0, 4.0, 5.0]), scaling=True)
    NumberEncoding(centre=3.0, unit=1.0, flag=False)
    """

    centre: float
    unit: float | None
    flag: bool

    @classmethod
    def fit(cls, numbers: Numbers, *, scaling: bool, weights: Numbers | None = None) -> NumberEncoding:
        """Fit to the training rows' numbers, NaN where missing, at least one of them not; a weight counts as rows."""
        present = ~np.isnan(numbers)
        halves = numbers[present] * 0.5
        q25, median, q75 = _quartiles(halves, None if weights is None else weights[present])
        unit = q75 - q25
        if unit == 0:
            unit = float(halves.max()) / 2 - float(halves.min()) / 2
        return cls(centre=2 * median, unit=unit if scaling else None, flag=len(halves) < len(numbers))

    @property
    def kind(self) -> ColumnKind:
        """A number."""
        return ColumnKind.NUMBER

    def outputs(self, column: str) -> list[str | Message]:
        """The column, and whether it is missing."""
        return [column, missing_name(column)] if self.flag else [column]

    def write(self, cells: Cells, out: Matrix) -> None:
        """Write the scaled numbers and whether they are missing.

        Raises
        ------
        TableError
            If a value is no finite number, or too large to be written unscaled.
        """
        numbers = cells.numbers()
        if self.unit is None:
            _refuse_beyond(float(np.finfo(out.dtype).max), numbers, cells)
        self.write_numbers(numbers, out)

    def write_numbers(self, numbers: Numbers, out: Matrix) -> None:
        """Write numbers, NaN where missing, into `out`, (m, 1 or 2)."""
        missing = np.isnan(numbers)
        present = np.where(missing, self.centre, numbers) if missing.any() else numbers
        out[:, 0] = present if self.unit is None else self._scaled(present, self.unit)
        if self.flag:
            out[:, 1] = missing

    def _scaled(self, numbers: Numbers, unit: float) -> Numbers:
        distance = numbers * 0.5 - self.centre * 0.5
        if unit == 0:
            return np.zeros_like(distance)
        with np.errstate(over="ignore"):
            z = distance / unit
        np.clip(z, -FAR, FAR, out=z)
        return np.asarray(z / np.sqrt(1 + (z / 3) ** 2))

    def note(self) -> Message:
        """Where the scale has its zero."""
        if self.unit is None:
            return Message("Numbers, used as they are.")
        return Message("Numbers, scaled; the median {median} becomes 0.", median=self.centre)

    def to_json(self) -> dict[str, object]:
        """The fields as JSON values."""
        return {"centre": self.centre, "unit": self.unit, "flag": self.flag}

    @classmethod
    def from_json(cls, data: object) -> NumberEncoding:
        """Inverse of `to_json`; ValueError, KeyError or TypeError for anything else."""
        fields = untrusted.mapping(data)
        unit = None if fields["unit"] is None else untrusted.finite(fields["unit"])
        if unit is not None and unit < 0:
            raise ValueError("a unit is not negative")
        return cls(centre=untrusted.finite(fields["centre"]), unit=unit, flag=untrusted.typed(fields["flag"], bool))


def _quartiles(numbers: Numbers, weights: Numbers | None) -> list[float]:
    """Where the distribution function passes 1/4, 1/2 and 3/4; between two numbers where it is level there."""
    if weights is None:
        ordered = np.sort(numbers)
        cumulated = np.arange(1.0, len(numbers) + 1)
    else:
        order = np.argsort(numbers, kind="stable")
        ordered = numbers[order]
        cumulated = np.cumsum(weights[order])
    wanted = cumulated[-1] * np.array([0.25, 0.5, 0.75])
    below = ordered[cumulated.searchsorted(wanted, side="left")]
    above = ordered[np.minimum(cumulated.searchsorted(wanted, side="right"), len(ordered) - 1)]
    return [float(quartile) for quartile in below / 2 + above / 2]


def _refuse_beyond(largest: float, numbers: Numbers, cells: Cells) -> None:
    beyond = np.abs(numbers) > largest
    if beyond.any():
        cell = int(beyond.argmax())
        raise TableError(
            "{value} is too large to be used unscaled; give the column in other units, or let it be scaled.",
            **cells.place(cell),
            value=float(numbers[cell]),
        )

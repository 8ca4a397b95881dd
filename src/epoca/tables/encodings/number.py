"""Numbers, scaled by their middle half and smoothly clipped, and as positions in pieces of their range."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import final

import numpy as np

from epoca.errors import TableError
from epoca.messages import Message
from epoca.tables.cells import Cells
from epoca.tables.encodings import untrusted
from epoca.tables.encodings.encoding import ColumnKind, missing_name
from epoca.types import Matrix, Numbers

MAX_CODES, ROWS_OF_A_CODE = 128, 40
"""Whole numbers of so few values, in so many rows each on the average, may be codes of categories; or counts, of which
0 is another thing than 1."""

FAR = 1e8
"""Beyond this many units, f(z) = z / sqrt(1 + (z/3)²) is 3 to the last digit; z² must not overflow."""


@final
@dataclass(frozen=True, kw_only=True)
class NumberEncoding:
    """A number x becomes f(s (x - median)) with f(z) = z / sqrt(1 + (z/3)²), which lies between -3 and 3.

    s is 1 / (q75 - q25), or 2 / (max - min) where the quartiles coincide. A missing number becomes the median, that
    is 0; whether it was missing is a second output if any was among the training rows. Robust scaling and smooth
    clipping follow Holzmüller et al., "Better by Default" (NeurIPS 2024), section 3.

    Behind these may stand the pieces between `edges`: the output of each is 0 below it, 1/2 above it, and rises evenly
    within it, so that a weighted sum is any curve with corners at the edges (piecewise-linear encoding: Gorishniy,
    Rubachev, Babenko, "On Embeddings for Numerical Features", NeurIPS 2022). A missing number has the median's pieces.

    Parameters
    ----------
    centre : float
        The median of the training rows.
    unit : float or None
        Half of 1 / s, since halved numbers can be subtracted from each other without overflow; 0 gives 0 throughout.
        None leaves the numbers as they are.
    flag : bool
        Whether there is a second output, 1 where the number is missing and 0 elsewhere.
    edges : tuple of float
        Ascending; where the pieces begin and end. None by default.
    spread : float or None
        What the unit would be of numbers that are left as they are, which tells how far they reach; None where that is
        not known, or there is a unit.

    Examples
    --------
    >>> NumberEncoding.fit(np.array([1.0, 2.0, 3.0, 4.0, 5.0]), scaling=True, pieces=2)
    NumberEncoding(centre=3.0, unit=1.0, flag=False, edges=(1.0, 3.0, 5.0), spread=None)
    """

    centre: float
    unit: float | None
    flag: bool
    edges: tuple[float, ...] = ()
    spread: float | None = None

    @classmethod
    def fit(cls, numbers: Numbers, *, scaling: bool, pieces: int = 0, weights: Numbers | None = None) -> NumberEncoding:
        """Fit to the training rows' numbers.

        Parameters
        ----------
        numbers : ndarray of float64, (m,)
            NaN where missing, at least one of them not.
        scaling : bool
            Whether they are scaled; pieces are made only of numbers that are.
        pieces : int
            How many at most. They lie between quantiles, or between all different values where these are so few. Whole
            numbers of up to 128 values with 40 rows each on the average have one between every two of them, however
            many were asked for, since each may stand for something of its own; 0 or 1 makes none.
        weights : ndarray of float64, (m,), optional
            A weight counts as so many rows.
        """
        present = ~np.isnan(numbers)
        halves = numbers[present] * 0.5
        counts = None if weights is None else weights[present]
        q25, median, q75 = _quantiles(halves, np.array([0.25, 0.5, 0.75]), counts)
        unit = q75 - q25
        if unit == 0:
            unit = float(halves.max()) / 2 - float(halves.min()) / 2
        edges = _edges(halves, pieces, counts) if scaling else ()
        return cls(
            centre=2 * median,
            unit=unit if scaling else None,
            flag=len(halves) < len(numbers),
            edges=edges,
            spread=None if scaling else unit,
        )

    @property
    def n_pieces(self) -> int:
        """How many pieces it has."""
        return max(len(self.edges) - 1, 0)

    def of_fewer_pieces(self, pieces: int) -> NumberEncoding:
        """The same with so many pieces at most, some of the edges being left out."""
        if self.n_pieces <= pieces:
            return self
        if pieces < 2:
            return replace(self, edges=())
        kept = np.linspace(0, len(self.edges) - 1, pieces + 1).round().astype(np.int64)
        return replace(self, edges=tuple(self.edges[place] for place in kept))

    @property
    def kind(self) -> ColumnKind:
        """A number."""
        return ColumnKind.NUMBER

    def outputs(self, column: str) -> list[str | Message]:
        """The column, whether it is missing, and its pieces."""
        n = self.n_pieces
        pieces = [Message("{column}, piece {piece} of {n}", column=column, piece=i, n=n) for i in range(1, n + 1)]
        return [column, *([missing_name(column)] if self.flag else []), *pieces]

    def write(self, cells: Cells, out: Matrix) -> None:
        """Write the scaled numbers, whether they are missing, and where they stand in the pieces.

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
        """Write numbers, NaN where missing, into `out`, (m, outputs)."""
        missing = np.isnan(numbers)
        present = np.where(missing, self.centre, numbers) if missing.any() else numbers
        out[:, 0] = present if self.unit is None else self._scaled(present, self.unit)
        if self.flag:
            out[:, 1] = missing
        halves = np.array(self.edges) * 0.5
        for place, (low, high) in enumerate(itertools.pairwise(halves), 1 + self.flag):
            with np.errstate(over="ignore"):
                position = (present * 0.5 - low) / (high - low)
            out[:, place] = np.clip(position, 0, 1) * 0.5

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
        scaled = Message("Numbers, scaled; the median {median} becomes 0.", median=self.centre)
        if not self.edges:
            return scaled
        return Message("{scaled} Also cut into {n} pieces.", scaled=scaled, n=self.n_pieces)

    def to_json(self) -> dict[str, object]:
        """The fields as JSON values."""
        return {
            "centre": self.centre,
            "unit": self.unit,
            "flag": self.flag,
            "edges": list(self.edges),
            "spread": self.spread,
        }

    @classmethod
    def from_json(cls, data: object) -> NumberEncoding:
        """Inverse of `to_json`; ValueError, KeyError or TypeError for anything else."""
        fields = untrusted.mapping(data)
        unit, spread = _unit(fields["unit"]), _unit(fields.get("spread"))
        edges = tuple(untrusted.finite(edge) for edge in untrusted.items(fields.get("edges", [])))
        if len(edges) == 1 or any(not low * 0.5 < high * 0.5 for low, high in itertools.pairwise(edges)):
            raise ValueError("edges ascend")
        return cls(
            centre=untrusted.finite(fields["centre"]),
            unit=unit,
            flag=untrusted.typed(fields["flag"], bool),
            edges=edges,
            spread=spread,
        )


def _unit(data: object) -> float | None:
    unit = None if data is None else untrusted.finite(data)
    if unit is not None and unit < 0:
        raise ValueError("a unit is not negative")
    return unit


def _edges(halves: Numbers, pieces: int, weights: Numbers | None) -> tuple[float, ...]:
    """Where pieces begin and end, of halved numbers; none if there would be one piece."""
    if pieces < 2:
        return ()
    distinct = np.unique(halves)
    is_whole = bool((2 * distinct == np.floor(2 * distinct)).all())
    rows = len(halves) if weights is None else float(weights.sum())
    may_be_codes = is_whole and len(distinct) <= min(MAX_CODES, rows / ROWS_OF_A_CODE)
    if len(distinct) > pieces + 1 and not may_be_codes:
        distinct = np.unique(_quantiles(halves, np.linspace(0, 1, pieces + 1), weights))
    return tuple(float(2 * edge) for edge in distinct) if len(distinct) > 2 else ()


def _quantiles(numbers: Numbers, shares: Numbers, weights: Numbers | None) -> list[float]:
    """Where the distribution function passes these shares; between two numbers where it is level there."""
    if weights is None:
        ordered = np.sort(numbers)
        cumulated = np.arange(1.0, len(numbers) + 1)
    else:
        order = np.argsort(numbers, kind="stable")
        ordered = numbers[order]
        cumulated = np.cumsum(weights[order])
    wanted = cumulated[-1] * shares
    below = ordered[cumulated.searchsorted(wanted, side="left")]
    above = ordered[np.minimum(cumulated.searchsorted(wanted, side="right"), len(ordered) - 1)]
    return [float(quantile) for quantile in below / 2 + above / 2]


def _refuse_beyond(largest: float, numbers: Numbers, cells: Cells) -> None:
    beyond = np.abs(numbers) > largest
    if beyond.any():
        cell = int(beyond.argmax())
        raise TableError(
            "{value} is too large to be used unscaled; give the column in other units, or let it be scaled.",
            **cells.place(cell),
            value=float(numbers[cell]),
        )

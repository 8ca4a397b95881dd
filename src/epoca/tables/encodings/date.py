"""Dates and times: how late, and where in the day, the week and the year."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import reduce
from typing import final

import numpy as np

from epoca.messages import Message
from epoca.tables.cells import Cells
from epoca.tables.dates import DateForm
from epoca.tables.encodings import untrusted
from epoca.tables.encodings.encoding import ColumnKind
from epoca.tables.encodings.number import NumberEncoding
from epoca.types import Matrix, Numbers

CYCLES = {"day": 86_400, "week": 7 * 86_400, "year": 31_556_952}
"""Seconds of each cycle; a year is the calendar's mean year of 365.2425 days."""

_WAVES = {
    "day": (Message("{column} day sin"), Message("{column} day cos")),
    "week": (Message("{column} week sin"), Message("{column} week cos")),
    "year": (Message("{column} year sin"), Message("{column} year cos")),
}
_PLACES = {"day": Message("in the day"), "week": Message("in the week"), "year": Message("in the year")}


@final
@dataclass(frozen=True, kw_only=True)
class DateEncoding:
    """A date becomes a number, its seconds since 1970, and two for each cycle in which the training rows differ.

    The two are the sine and the cosine of the date's place in the day, week or year; both are 0 where it is missing.

    Parameters
    ----------
    form : DateForm
        How dates are written where they are text.
    time : NumberEncoding
        What the seconds become.
    cycles : tuple of str
        Some of "day", "week" and "year": those that the training rows go through twice or more.

    Examples
    --------
    >>> time = NumberEncoding(centre=0.0, unit=1.0, flag=False)
    >>> encoding = DateEncoding(form=DateForm.ISO, time=time, cycles=("week",))
    >>> [str(name) for name in encoding.outputs("sold")]
    ['sold', 'sold week sin', 'sold week cos']
    """

    form: DateForm
    time: NumberEncoding
    cycles: tuple[str, ...]

    @classmethod
    def fit(
        cls, seconds: Numbers, *, form: DateForm, scaling: bool, pieces: int = 0, weights: Numbers | None = None
    ) -> DateEncoding:
        """Fit to the training rows' seconds since 1970, NaN where missing, at least one of them not."""
        present = seconds[~np.isnan(seconds)]
        cycles = tuple(name for name, period in CYCLES.items() if _goes_through(present, period))
        time = NumberEncoding.fit(seconds, scaling=scaling, pieces=pieces, weights=weights)
        return cls(form=form, time=time, cycles=cycles)

    @property
    def n_pieces(self) -> int:
        """Into how many pieces the time is cut."""
        return self.time.n_pieces

    def of_fewer_pieces(self, pieces: int) -> DateEncoding:
        """The same with the time in so many pieces at most."""
        return replace(self, time=self.time.of_fewer_pieces(pieces))

    @property
    def kind(self) -> ColumnKind:
        """A date."""
        return ColumnKind.DATE

    def outputs(self, column: str) -> list[str | Message]:
        """The time, whether it is missing, its pieces, and the cycles."""
        waves = [Message(wave.template, column=column) for cycle in self.cycles for wave in _WAVES[cycle]]
        return [*self.time.outputs(column), *waves]

    def write(self, cells: Cells, out: Matrix) -> None:
        """Write the scaled seconds and the cycles.

        Raises
        ------
        TableError
            If a value is no date of the fitted form.
        """
        seconds = cells.seconds(self.form)
        self.time.write_numbers(seconds, out)
        first = len(self.time.outputs(""))
        for place, cycle in enumerate(self.cycles):
            angle = 2 * np.pi * _phase(seconds, CYCLES[cycle])
            out[:, first + 2 * place] = np.nan_to_num(np.sin(angle))
            out[:, first + 2 * place + 1] = np.nan_to_num(np.cos(angle))

    def note(self) -> Message:
        """That the seconds count, and the place in which cycles."""
        if not self.cycles:
            return Message("Dates or times, as seconds.")
        places = (_PLACES[cycle] for cycle in self.cycles)
        several = reduce(lambda one, another: Message("{one} and {another}", one=one, another=another), places)
        return Message("Dates or times, as seconds and by their place {places}.", places=several)

    def to_json(self) -> dict[str, object]:
        """The fields as JSON values."""
        return {"form": self.form.value, "time": self.time.to_json(), "cycles": list(self.cycles)}

    @classmethod
    def from_json(cls, data: object) -> DateEncoding:
        """Inverse of `to_json`; ValueError, KeyError or TypeError for anything else."""
        fields = untrusted.mapping(data)
        cycles = untrusted.texts(fields["cycles"])
        if not set(cycles) <= set(CYCLES):
            raise ValueError("an unknown cycle")
        form = DateForm(untrusted.typed(fields["form"], str))
        return cls(form=form, time=NumberEncoding.from_json(fields["time"]), cycles=cycles)


def _phase(seconds: Numbers, period: int) -> Numbers:
    return np.mod(seconds, period) / period


def _goes_through(seconds: Numbers, period: int) -> bool:
    """Whether the times span the period twice and stand at different places in it."""
    phases = _phase(seconds, period)
    return bool(seconds.max() - seconds.min() >= 2 * period and phases.max() > phases.min())

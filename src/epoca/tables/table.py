"""What the user brings: named columns of equal length, and where they came from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import final

import pyarrow as pa

from epoca.messages import Message


@final
@dataclass(frozen=True, kw_only=True)
class Table:
    """A table as it was brought, nothing converted yet.

    Parameters
    ----------
    name : str
        As messages name it: the file's path as the user gave it, or "table" for a frame in memory.
    arrow : pyarrow.Table
        The columns. A CSV file's columns are all text (``pa.string()``), so that nothing is lost: labels keep their
        exact spelling. Numbers and dates in them are found by `epoca.tables.columns`.
    delimiter : str
        What stands between two fields where the table is written as CSV: what stood there when it was read.
    decimal : str
        The decimal mark of numbers that are written as text, "." or ",".
    line_of : callable, optional
        Gives the physical line, counted from 1, on which the record of a row starts; None where there are no lines.
    notes : tuple of Message
        What reading had to decide and the user should know (an encoding that was guessed, say).
    """

    name: str
    arrow: pa.Table
    delimiter: str = ","
    decimal: str = "."
    line_of: Callable[[int], int] | None = None
    notes: tuple[Message, ...] = ()

    @property
    def n_rows(self) -> int:
        """Number of rows."""
        return int(self.arrow.num_rows)

    @property
    def column_names(self) -> list[str]:
        """The columns' names in their order."""
        return list(self.arrow.column_names)

    def line(self, row: int) -> int | None:
        """The physical line on which a row's record starts; None for a table without lines."""
        return None if self.line_of is None else self.line_of(row)

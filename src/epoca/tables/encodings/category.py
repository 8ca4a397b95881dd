"""Categories, one output each (one-hot)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from epoca.errors import TableError
from epoca.messages import Message
from epoca.tables.arrays import arrow_integers, arrow_texts, integers_of
from epoca.tables.cells import Cells, Texts
from epoca.tables.encodings import untrusted
from epoca.tables.encodings.encoding import ColumnKind, missing_name
from epoca.tables.values import clean, is_number, quoted
from epoca.types import Matrix

MAX_CATEGORIES = 256
"""Categories that have an output of their own; further ones share the output "other"."""

MIN_ROWS = 2
"""Training rows in which a category must stand to have an output of its own."""


@final
@dataclass(frozen=True, kw_only=True)
class CategoryEncoding:
    """A category becomes a 1 in the output of its own and a 0 in those of the others.

    A category without an output of its own, also one never seen, is "other", or all zeros where there is no "other".

    Parameters
    ----------
    categories : tuple of str
        The categories that have an output, the most frequent in the training rows first, then by name.
    other : bool
        Whether the rarer categories of the training rows share an output.
    missing : bool
        Whether missing values, seen in the training rows, have an output; all zeros where not.

    Examples
    --------
    >>> encoding = CategoryEncoding(categories=("red", "blue"), other=True, missing=False)
    >>> [str(name) for name in encoding.outputs("colour")]
    ['colour=red', 'colour=blue', 'colour=other']
    """

    categories: tuple[str, ...]
    other: bool
    missing: bool

    @classmethod
    def fit(cls, texts: Texts) -> CategoryEncoding:
        """Fit to the training rows' texts; `categories` is empty if none of them is frequent enough."""
        ranked = frequent(texts.distinct, texts.counts, texts.counts >= MIN_ROWS, most=MAX_CATEGORIES)
        return cls(categories=ranked, other=len(ranked) < len(texts.distinct), missing=bool((texts.codes < 0).any()))

    @property
    def kind(self) -> ColumnKind:
        """A category."""
        return ColumnKind.CATEGORY

    def outputs(self, column: str) -> list[str | Message]:
        """The categories, "other", and whether the value is missing."""
        shared = [Message("{column}=other", column=column)] * self.other + [missing_name(column)] * self.missing
        return [*(f"{column}={category}" for category in self.categories), *shared]

    def write(self, cells: Cells, out: Matrix) -> None:
        """Write the ones.

        Raises
        ------
        TableError
            If the column holds numbers where texts were learned.
        """
        position = self._positions(cells)
        rows = np.flatnonzero(position >= 0)
        out[rows, position[rows]] = 1

    def _positions(self, cells: Cells) -> NDArray[np.int64]:
        """(m,): the output that is 1; -1 for none."""
        known = len(self.categories)
        position = known_texts(cells, self.categories)
        position[position == -1] = known if self.other else -1
        position[position == -2] = known + self.other if self.missing else -1
        return position

    def note(self) -> Message:
        """How many categories have an output of their own."""
        if self.other:
            return Message("{n} categories with an input each, the rarer ones share one.", n=len(self.categories))
        return Message("{n} categories with an input each.", n=len(self.categories))

    def to_json(self) -> dict[str, object]:
        """The fields as JSON values."""
        return {"categories": list(self.categories), "other": self.other, "missing": self.missing}

    @classmethod
    def from_json(cls, data: object) -> CategoryEncoding:
        """Inverse of `to_json`; ValueError, KeyError or TypeError for anything else."""
        fields = untrusted.mapping(data)
        return cls(
            categories=untrusted.texts(fields["categories"]),
            other=untrusted.typed(fields["other"], bool),
            missing=untrusted.typed(fields["missing"], bool),
        )


def frequent(texts: pa.Array, counts: NDArray[np.int64], is_enough: NDArray[np.bool_], *, most: int) -> tuple[str, ...]:
    """Those of different texts that have an output of their own, the most frequent first, then by name.

    Parameters
    ----------
    texts : pyarrow.Array of text, length k
        The different texts.
    counts : ndarray of int64, (k,)
        In how many rows each stands.
    is_enough : ndarray of bool, (k,)
        Whether it may have one.
    most : int
        How many have one at most.
    """
    enough = np.flatnonzero(is_enough)
    if len(enough) > most:
        least = np.partition(counts[enough], -most)[-most]
        enough = enough[counts[enough] >= least]
    names = texts.take(arrow_integers(enough)).to_pylist()
    ranked = sorted(zip(-counts[enough], names, strict=True))
    return tuple(name for _, name in ranked[:most])


def known_texts(cells: Cells, known: Sequence[str]) -> NDArray[np.int64]:
    """Each cell's index among the known texts.

    Returns
    -------
    ndarray of int64, shape (m,)
        -1 for a text that is not known, -2 where missing.

    Raises
    ------
    TableError
        If the column is typed as numbers and no known text is one.
    """
    learned = arrow_texts(known)
    if cells.is_number and not pc.any(is_number(clean(learned), ".")).as_py():
        raise TableError(
            "The column holds numbers, but texts such as {text} were learned.",
            **cells.place(),
            text=quoted(known[0]),
        )
    texts = cells.texts()
    found = integers_of(pc.index_in(texts.distinct, value_set=learned))
    return np.append(found, np.int64(-2))[texts.codes]

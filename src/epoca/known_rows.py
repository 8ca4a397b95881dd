"""Rows that a model has learned from, recognised later by a small sketch of them."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from epoca.messages import Message
from epoca.types import Numbers, Rectangle, SparseMatrix

MOST = 4096
"""Hashes kept; of so many rows each is known, of more a random sample."""

_CHANCE = 0.1
"""By so much the share of rows that are equal to some that were learned from may exceed that among the test rows."""

_FACTOR = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(32)


@final
@dataclass(frozen=True)
class KnownRows:
    """The smallest hashes of the rows learned from (a bottom-k sketch: Cohen and Kaplan 2007).

    A row is its encoded columns and its target; equal ones are the same row.

    Parameters
    ----------
    hashes : ndarray of uint64, (up to `MOST`,)
        Ascending, each once.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> matrix, targets = rng.normal(size=(1000, 3)), rng.integers(0, 2, 1000)
    >>> KnownRows.of(matrix[:600], targets[:600]).share(matrix[500:], targets[500:])
    0.2
    """

    hashes: NDArray[np.uint64]

    @classmethod
    def of(cls, matrix: Rectangle, targets: Numbers) -> KnownRows:
        """The sketch of some rows.

        Parameters
        ----------
        matrix : ndarray or SparseMatrix, (n, d)
            Encoded columns.
        targets : ndarray, (n,)
            Codes or numbers.
        """
        return cls.of_hashes(row_hashes(matrix, targets))

    @classmethod
    def of_hashes(cls, hashes: NDArray[np.uint64]) -> KnownRows:
        """The sketch of rows of which the hashes are known, (n,)."""
        return cls(_smallest(hashes))

    def __or__(self, other: KnownRows) -> KnownRows:
        """The sketch of both together."""
        return KnownRows(np.union1d(self.hashes, other.hashes)[:MOST])

    def share(self, matrix: Rectangle, targets: Numbers) -> float:
        """The share of some rows that were learned from, estimated from those that the sketch can tell."""
        return self.share_of(row_hashes(matrix, targets))

    def share_of(self, found: NDArray[np.uint64]) -> float:
        """As `share`, of rows of which the hashes are known, (n,)."""
        if self.hashes.size == MOST:
            found = found[found <= self.hashes[-1]]
        return float(np.isin(found, self.hashes).mean()) if found.size else 0.0

    def seen_in(self, matrix: Rectangle, targets: Numbers) -> float:
        """The share of the known rows that stand among some rows."""
        return float(np.isin(self.hashes, row_hashes(matrix, targets)).mean()) if self.hashes.size else 0.0

    def to_json(self) -> str:
        """The hashes as text."""
        return base64.b64encode(self.hashes.astype("<u8").tobytes()).decode()

    @classmethod
    def from_json(cls, text: str) -> KnownRows:
        """The sketch that `to_json` wrote.

        Raises
        ------
        ValueError, TypeError
            If `text` is anything else.
        """
        return cls(np.frombuffer(base64.b64decode(text, validate=True), "<u8").astype(np.uint64))


def known_rows_note(name: str, data: Mapping[str, Any], matrix: Rectangle, targets: Numbers) -> Message | None:
    """A word on rows that a model has learned from, if there are any among these.

    Parameters
    ----------
    name : str
        The model's.
    data : mapping
        Of the model.
    matrix : ndarray or SparseMatrix, (n, d)
        The rows, encoded by the model.
    targets : ndarray, (n,)
        Codes or standardised numbers.
    """
    share = KnownRows.from_json(data.get("known_rows", "")).share(matrix, targets)
    by_chance = float(data.get("known_by_chance", 0))
    if share == 0 or (by_chance > 0 and share <= by_chance + _CHANCE):
        return None
    return Message(
        "{percent}% of these rows are rows that {name} has learned from; on new ones its figures would be worse.",
        percent=float(f"{100 * share:.3g}"),
        name=name,
    )


def _smallest(hashes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The `MOST` smallest of them, each once."""
    several = 4 * MOST
    if hashes.size > several:  # to sort all takes long
        candidates = np.unique(np.partition(hashes, several)[:several])
        if candidates.size > MOST:  # else so many rows are equal that smaller ones may have been missed
            return candidates[:MOST]
    return np.unique(hashes)[:MOST]


def row_hashes(matrix: Rectangle, targets: Numbers) -> NDArray[np.uint64]:
    """(n,): a hash of each row, by multiplying and folding column after column; of sparse rows value after value."""
    found: NDArray[np.uint64] = np.asarray(targets, np.float64).view(np.uint64) * _FACTOR
    if isinstance(matrix, SparseMatrix):
        folded = _folded(_bits(matrix.values).astype(np.uint64) ^ _folded(matrix.columns.astype(np.uint64)))
        sums = np.concatenate([[np.uint64(0)], np.cumsum(folded, dtype=np.uint64)])  # beyond 2**64 they wrap around
        return _folded(found ^ (sums[matrix.starts[1:]] - sums[matrix.starts[:-1]]))
    for column in _bits(np.ascontiguousarray(matrix)).T:
        found = _folded(found ^ column.astype(np.uint64))
    return found


def _bits(numbers: NDArray[np.floating]) -> NDArray[np.unsignedinteger]:
    return numbers.view(np.uint32 if numbers.dtype.itemsize == 4 else np.uint64)


def _folded(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    product: NDArray[np.uint64] = numbers * _FACTOR
    product ^= product >> _SHIFT
    return product

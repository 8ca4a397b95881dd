"""Which two columns the map shows where nobody has chosen."""

from __future__ import annotations

from itertools import accumulate

import numpy as np

from epoca.fitting import Fitting
from epoca.tables.columns import Column, ColumnKind, Columns
from epoca.tables.encodings.presence import PresenceEncoding
from epoca.types import Matrix, Numbers

ROWS = 5000
"""So many training rows are looked at, at most."""


def mappable(columns: Columns) -> list[str]:
    """The columns of which the map can have an axis, those of numbers first."""
    shown = [column for column in columns.used if not isinstance(column.encoding, PresenceEncoding)]
    return [column.name for column in sorted(shown, key=lambda column: not _is_number(column))]


def telling_axes(fitting: Fitting) -> tuple[str, str]:
    """The two columns of numbers that say most of the target; of fewer than three the first mappable ones.

    Most is what a least-squares plane over the two explains of the variance of the target, or of the classes'
    indicators together. Test rows are not looked at.

    Parameters
    ----------
    fitting : Fitting
        A training of a table with two or more mappable columns.
    """
    columns = fitting.columns
    assert isinstance(columns, Columns)  # a lab's tables are dense
    ends = accumulate(len(column.encoding.outputs(column.name)) for column in columns.used)
    firsts = [end - len(column.encoding.outputs(column.name)) for column, end in zip(columns.used, ends, strict=True)]
    numbers = [(column.name, first) for column, first in zip(columns.used, firsts, strict=True) if _is_number(column)]
    if len(numbers) < 3:
        across, up, *_ = mappable(columns)
        return across, up
    matrix, targets = fitting.material.matrix, fitting.material.targets
    assert isinstance(matrix, np.ndarray)
    every = -(-len(targets) // ROWS)
    seen = _standardised(matrix[::every, [first for _name, first in numbers]].astype(np.float64))
    aims = targets[::every, np.newaxis]
    if fitting.target.task == "classification":
        aims = (aims == np.arange(len(fitting.target.labels))).astype(np.float64)
    left, right = _best_pair(seen, aims - aims.mean(axis=0))
    return numbers[left][0], numbers[right][0]


def _best_pair(seen: Matrix, aims: Numbers) -> tuple[int, int]:
    """The two of the columns, (n, d), by which a plane explains most of the aims, (n, k)."""
    n = len(seen)
    together = np.clip(seen.T @ seen / n, -0.99, 0.99)  # of two that are one, the second explains nothing more
    told = seen.T @ aims / n
    explained = told @ told.T
    alone = np.diag(explained)
    both = (alone[:, np.newaxis] + alone - 2 * explained * together) / (1 - together**2)
    pair = np.argmax(np.where(np.triu(np.ones_like(both), k=1) > 0, both, -np.inf))
    left, right = np.unravel_index(pair, both.shape)
    return int(left), int(right)


def _standardised(numbers: Numbers) -> Numbers:
    scale = numbers.std(axis=0)
    standardised: Numbers = (numbers - numbers.mean(axis=0)) / np.where(scale > 0, scale, 1)
    return standardised


def _is_number(column: Column) -> bool:
    return column.encoding.kind is ColumnKind.NUMBER

"""What is to be learned from: rows, their target, and what is known about each row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np

from epoca.errors import OptionError
from epoca.settings import Settings
from epoca.tables.encoder import AnyTable, Encoder, fitted
from epoca.tables.splitting import groups_of, times_of, train_test_split
from epoca.tables.table import Table
from epoca.tables.target import Target
from epoca.types import Codes, Numbers, Rows


@final
@dataclass(frozen=True, kw_only=True)
class Problem:
    """Rows to learn from.

    Parameters
    ----------
    table : Table or SparseTable
        The columns, n rows.
    target : Target
        What is to be predicted.
    targets : ndarray, (n,)
        Each row's code, or its number in the target's unit.
    apart : tuple of str
        Columns of the table that are not learned from, the target apart.
    groups : ndarray of int64, (n,), optional
        Each row's group; rows of one group are never split.
    times : ndarray of float64, (n,), optional
        Each row's time; the latest rows become the test rows.
    weights : ndarray of float64, (n,), optional
        How much each row counts: as much as so many equal rows. Above 0.
    validation : Problem, optional
        Rows that every member holds out, in place of folds; they are not learned from.
    """

    table: AnyTable
    target: Target
    targets: Codes | Numbers
    apart: tuple[str, ...] = ()
    groups: Codes | None = None
    times: Numbers | None = None
    weights: Numbers | None = None
    validation: Problem | None = None

    @classmethod
    def of_table(cls, table: Table, *, target: str, settings: Settings) -> Problem:
        """The problem of predicting one column of a table from the others.

        Parameters
        ----------
        table : Table
            With the target.
        target : str
            The column to predict.
        settings : Settings
            Name the task, the columns of groups and times, and those to leave out.

        Returns
        -------
        Problem

        Raises
        ------
        TableError
            If one of these columns is not there or cannot be used.
        OptionError
            If the target is to be left out.

        Examples
        --------
        >>> from epoca.tables.samples import sample
        >>> Problem.of_table(sample("moons", rows=5), target="label", settings=Settings()).targets
        array([0, 1, 0, 1, 0])
        """
        if target in settings.leave_out:
            raise OptionError('The column "{name}" is to be predicted; it cannot be left out.', name=target)
        fitted = Target.fit(table, column=target, task=settings.task)
        apart = dict.fromkeys((settings.groups, settings.time, *settings.leave_out))
        return cls(
            table=table,
            target=fitted,
            targets=fitted.numbers(table) if fitted.task == "regression" else fitted.codes(table),
            apart=tuple(name for name in apart if name is not None),
            groups=None if settings.groups is None else groups_of(table, column=settings.groups),
            times=None if settings.time is None else times_of(table, column=settings.time),
        )

    @property
    def strata(self) -> Codes | None:
        """(n,): the classes, by which rows are drawn in equal shares; None of numbers."""
        return None if self.target.task == "regression" else self.targets.astype(np.int64, copy=False)

    def split(self, settings: Settings) -> tuple[Rows, Rows]:
        """The rows to train on and those to test with.

        Parameters
        ----------
        settings : Settings
            Name the share of the test and the seed.

        Returns
        -------
        train, test : ndarray of int64
            Disjoint, ascending, together all n rows.

        Raises
        ------
        OptionError
            If the settings do not fit the rows.
        """
        return train_test_split(
            self.strata,
            n_rows=self.targets.size,
            test_size=settings.test_size,
            seed=settings.seed,
            groups=self.groups,
            time_order=self.times,
        )

    def encoder(self, rows: Rows, *, settings: Settings) -> Encoder:
        """How the columns become a matrix, by some of the rows.

        Parameters
        ----------
        rows : ndarray of int64, (m,)
            The training rows.
        settings : Settings
            Resolved.

        Returns
        -------
        Columns or SparseColumns

        Raises
        ------
        TableError
            If a column cannot be used as it is, or none is left to learn from.
        OptionError
            If a column to be left out is not in the table.
        """
        assert settings.pieces is not None
        return fitted(
            self.table,
            target=self.target.column,
            rows=rows,
            leave_out=self.apart,
            scaling=settings.scaling,
            pieces=settings.pieces,
            weights=None if self.weights is None else self.weights[rows],
        )

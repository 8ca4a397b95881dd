"""What is given to an estimator, checked as scikit-learn checks it, as a table and a vector."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import scipy.sparse
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, is_regressor
from sklearn.utils.validation import (
    _check_sample_weight,
    assert_all_finite,
    check_consistent_length,
    column_or_1d,
    validate_data,
)

from epoca.errors import OptionError, TableError
from epoca.tables.arrays import arrow_integers
from epoca.tables.encoder import AnyTable
from epoca.tables.reading import read_columns
from epoca.tables.sparse import SparseTable, as_dense, taken
from epoca.tables.table import Table
from epoca.tables.values import listed
from epoca.types import Codes, Numbers, Rows

_CHECKS = {"dtype": None, "ensure_all_finite": "allow-nan", "accept_sparse": "csr"}


def rows_and_targets(estimator: BaseEstimator, X: Any, y: Any, *, reset: bool) -> tuple[AnyTable, NDArray[Any]]:
    """The columns and the target of rows to learn from.

    Parameters
    ----------
    estimator : BaseEstimator
        Is going to learn; keeps the number and the names of the columns.
    X : array-like, sparse matrix or data frame, (n, columns)
        The columns.
    y : array-like, (n,)
        The target.
    reset : bool
        Whether the estimator forgets which columns it knew; else `X` must have them.

    Returns
    -------
    table : Table or SparseTable
        With columns x0, x1, … where they have no names.
    y : ndarray, (n,)
        Nothing missing in it.

    Raises
    ------
    ValueError, TypeError
        By scikit-learn's checks and `read_columns`.
    """
    if not is_frame(X):
        numeric = is_regressor(estimator)
        if reset:
            X, y = validate_data(estimator, X, y, ensure_min_samples=2, y_numeric=numeric, **_CHECKS)
        else:
            X, y = validate_data(estimator, X, y, reset=False, y_numeric=numeric, **_CHECKS)
        return _table(estimator, X), y
    if reset:
        brought = read_columns(X, name="X")
        validate_data(estimator, X, y, skip_check_array=True)
        table: AnyTable = _with_known_names(estimator, brought)
    else:
        table = rows(estimator, X)
    y = column_or_1d(y, warn=True)
    assert_all_finite(y, input_name="y")
    check_consistent_length(X, y)
    if table.n_rows < 2 and reset:
        raise TableError("1 sample is too little to learn from; at least 2 are needed.", file=table.name)
    return table, y


def rows(estimator: BaseEstimator, X: Any) -> AnyTable:
    """The columns of rows to predict, by the names that the estimator knows them by.

    Parameters
    ----------
    estimator : BaseEstimator
        Fitted.
    X : array-like, sparse matrix or data frame, (n, columns)
        With its columns, in any order where they have names.

    Returns
    -------
    Table or SparseTable

    Raises
    ------
    ValueError, TypeError
        If columns are missing or new, or by scikit-learn's checks and `read_columns`.
    """
    if not is_frame(X):
        return _table(estimator, validate_data(estimator, X, reset=False, **_CHECKS))
    table = read_columns(X, name="X")
    known = getattr(estimator, "feature_names_in_", None)
    if known is None:  # learned from an array: the same warning and count as for any other estimator
        validate_data(estimator, X, reset=False, skip_check_array=True)
        return _with_known_names(estimator, table)
    missing = [name for name in known if name not in table.column_names]
    new = [name for name in table.column_names if name not in known]
    if missing or new:
        raise TableError(
            "The columns must be those that were learned from, in any order; missing: {missing}; new: {new}.",
            file=table.name,
            missing=listed(missing) or "–",
            new=listed(new) or "–",
        )
    return table


def weights_of(sample_weight: Any, X: Any) -> Numbers | None:
    """How much each row counts, (n,); None for all alike.

    Raises
    ------
    ValueError
        If there is not one weight of at least 0 for every row, or all are 0.
    """
    if sample_weight is None:
        return None
    weights = np.asarray(_check_sample_weight(sample_weight, X, dtype=np.float64, ensure_non_negative=True))
    if not weights.any():
        raise OptionError("The sample weights are zero for all rows; at least one row must count.")
    return weights


def group_codes(groups: Any, n_rows: int) -> Codes:
    """Each row's group as a number, (n,).

    Raises
    ------
    OptionError
        If there is not one group for every row.
    """
    found = np.unique(np.asarray(groups), return_inverse=True)[1]
    if found.shape != (n_rows,):
        raise OptionError("groups has {n} values for {rows} rows; give one for each.", n=found.size, rows=n_rows)
    return np.asarray(found, np.int64)


def in_form(estimator: BaseEstimator, table: AnyTable, *, is_sparse: bool) -> AnyTable:
    """A sparse table as columns, where an estimator has learned from columns; `SparseColumns` takes both."""
    if not is_sparse and isinstance(table, SparseTable):
        return _with_known_names(estimator, read_columns(as_dense(table.matrix), name=table.name))
    return table


def chosen(table: AnyTable, places: Rows) -> AnyTable:
    """Some rows of a table."""
    if isinstance(table, SparseTable):
        return replace(table, matrix=taken(table.matrix, places))
    return replace(table, arrow=table.arrow.take(arrow_integers(places)))


def is_frame(X: Any) -> bool:
    """Whether it is a data frame of some library, with named columns."""
    return hasattr(X, "__arrow_c_stream__") or (hasattr(X, "columns") and hasattr(X, "iloc"))


def free_name(wanted: str, taken: Sequence[str]) -> str:
    """The name, with as many underscores behind it as are needed to be none of those taken."""
    while wanted in taken:
        wanted += "_"
    return wanted


def _table(estimator: BaseEstimator, X: Any) -> AnyTable:
    """Columns out of an array that was checked."""
    if not scipy.sparse.issparse(X):
        return _with_known_names(estimator, read_columns(X, name="X"))
    if np.isnan(X.data).any():
        raise TableError("A sparse matrix must not hold missing values; fill them in, or give a dense one.", file="X")
    return SparseTable.of(X, name="X")


def _with_known_names(estimator: BaseEstimator, table: Table) -> Table:
    """The columns, by their places, under the names by which the estimator knows them; x0, x1, … where by none."""
    known = getattr(estimator, "feature_names_in_", [f"x{place}" for place in range(len(table.column_names))])
    arrow: pa.Table = table.arrow.rename_columns([str(name) for name in known])
    return replace(table, arrow=arrow)

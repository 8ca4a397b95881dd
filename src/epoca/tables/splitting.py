"""Which rows are for training, which for testing, and which each member holds out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from epoca.errors import OptionError, TableError, TooFewRowsError
from epoca.tables.cells import Cells
from epoca.tables.names import require_columns
from epoca.tables.table import Table
from epoca.types import Codes, Numbers, Rows

MAX_TEST_SIZE = 0.9


def groups_of(table: Table, *, column: str) -> Codes:
    """Number the groups that a column names, so that rows which belong together are not split.

    Parameters
    ----------
    table : Table
        The table.
    column : str
        The column whose equal values form a group.

    Returns
    -------
    ndarray of int64, shape (n,)
        Each row's group, 0 … number of groups - 1.

    Raises
    ------
    TableError
        If the column is not there, or a value is missing.
    """
    require_columns(table, [column])
    cells = Cells(table, column)
    codes = cells.texts().codes
    _refuse_missing(cells, codes < 0)
    return codes


def times_of(table: Table, *, column: str) -> Numbers:
    """Read the dates, times or numbers by which the rows are ordered.

    Parameters
    ----------
    table : Table
        The table.
    column : str
        The column that says when.

    Returns
    -------
    ndarray of float64, shape (n,)
        Larger is later.

    Raises
    ------
    TableError
        If the column is not there, a value is missing, or it is neither a date nor a number.
    """
    require_columns(table, [column])
    cells = Cells(table, column)
    form = cells.date_form()
    times = cells.numbers() if form is None else cells.seconds(form)
    _refuse_missing(cells, np.isnan(times))
    return times


def train_test_split(
    codes: Codes | None,
    *,
    n_rows: int,
    test_size: float,
    seed: int,
    groups: Codes | None = None,
    time_order: Numbers | None = None,
) -> tuple[Rows, Rows]:
    """Part the rows into those to train on and those to test with.

    Parameters
    ----------
    codes : ndarray of int64, shape (n,), or None
        Each row's class; the parts are then stratified, and two rows of every class (if it has them) stay for
        training, so that of tiny tables no test rows may come. None for a regression.
    n_rows : int
        n.
    test_size : float
        The test part's share of the rows, 0 … 0.9; 0 gives an empty test part.
    seed : int
        Seed of the draw; the same seed gives the same parts.
    groups : ndarray of int64, shape (n,), optional
        Each row's group; no group is in both parts. The share and the stratification are then met as nearly as whole
        groups allow.
    time_order : ndarray of float64, shape (n,), optional
        Each row's time; the latest rows are the test part, rows of equal time in the table's order.

    Returns
    -------
    train, test : ndarray of int64
        Disjoint, ascending, together all rows.

    Raises
    ------
    OptionError
        If the test size is out of range, both groups and time order are given, or the training part would lack a class.

    Examples
    --------
    >>> train, test = train_test_split(np.array([0, 0, 0, 0, 0, 1, 1, 1, 1, 1]), n_rows=10, test_size=0.2, seed=0)
    >>> len(train), len(test)
    (8, 2)
    """
    if not 0 <= test_size <= MAX_TEST_SIZE:
        raise OptionError(
            "The test size is {value}; it must lie between 0 and {largest}.",
            value=float(test_size),
            largest=MAX_TEST_SIZE,
        )
    if groups is not None and time_order is not None:
        raise OptionError("Rows can be kept together by group or split by time, not both; choose one.")
    strata = np.zeros(n_rows, np.int64) if codes is None else codes
    n_test = min(max(round(test_size * n_rows), 1), n_rows - 1) if test_size > 0 and n_rows > 0 else 0
    if n_test == 0:
        return np.arange(n_rows), np.arange(0)
    rng = np.random.default_rng(seed)
    if time_order is not None:
        test = np.argsort(time_order, kind="stable")[n_rows - n_test :]
        _refuse_lost_classes(strata, test)
    elif groups is not None:
        test = _test_groups(strata, groups, n_test, rng)
    else:
        test = _stratified(codes, n_rows, n_test, rng)
    is_test = np.zeros(n_rows, bool)
    is_test[test] = True
    return np.flatnonzero(~is_test), np.flatnonzero(is_test)


def folds(codes: Codes | None, *, n_rows: int, n_folds: int, seed: int, groups: Codes | None = None) -> list[Rows]:
    """Deal out the rows into folds, each of which one member holds out.

    Parameters
    ----------
    codes : ndarray of int64, shape (n,), or None
        Each row's class; None for a regression.
    n_rows : int
        n.
    n_folds : int
        How many folds are wanted, at least 2. There are fewer where that many could not hold two classes each, or
        where there are fewer groups.
    seed : int
        Seed of the draw; the same seed gives the same folds.
    groups : ndarray of int64, shape (n,), optional
        Each row's group; no group is in two folds.

    Returns
    -------
    list of ndarray of int64
        Each fold's positions in 0 … n-1, ascending. Disjoint, covering and stratified; without groups the sizes differ
        by one at most. Each fold holds two classes or more, and every class of two rows or more (with groups: of two
        groups or more) also stands outside it.

    Raises
    ------
    OptionError
        If fewer than 2 or more than n folds are wanted, or even two folds could not hold two classes each.

    Examples
    --------
    >>> [len(fold) for fold in folds(None, n_rows=10, n_folds=4, seed=0)]
    [3, 3, 2, 2]
    """
    if not 2 <= n_folds <= n_rows:
        raise OptionError(
            "{n} folds are wanted of {rows} rows; there must be 2 or more, and no more than rows.",
            n=n_folds,
            rows=n_rows,
        )
    rng = np.random.default_rng(seed)
    if groups is not None:
        return _group_folds(codes, np.unique(groups, return_inverse=True)[1], n_folds, rng)
    strata = np.zeros(n_rows, np.int64) if codes is None else codes
    counts = np.bincount(strata)
    if codes is not None:
        n_folds = _possible_folds(counts, n_folds)
    # Dealt like cards, class after class: as the classes too small for every fold come last, in one sequence, each
    # fold gets a second class whenever that is possible at all.
    place_of_class = np.argsort(np.argsort(-counts, kind="stable"))
    shuffled = rng.permutation(n_rows)
    dealt = shuffled[np.argsort(place_of_class[strata[shuffled]], kind="stable")]
    return [np.sort(dealt[first::n_folds]) for first in range(n_folds)]


def _possible_folds(counts: NDArray[np.int64], n_folds: int) -> int:
    """The largest number of folds, up to `n_folds`, that can hold two classes each."""
    for k in range(n_folds, 1, -1):
        if np.minimum(counts, k).sum() >= 2 * k:
            return k
    raise _too_few_to_hold_out()


def _too_few_to_hold_out() -> TooFewRowsError:
    return TooFewRowsError(
        "There are too few rows to hold some out: two parts with two classes in each cannot be made; add rows."
    )


def _group_counts(strata: Codes, groups: Codes) -> NDArray[np.int64]:
    """(number of groups, number of classes): the rows of each group in each class."""
    shape = (int(groups.max()) + 1, int(strata.max()) + 1)
    return np.bincount(groups * shape[1] + strata, minlength=shape[0] * shape[1]).reshape(shape)


def _group_folds(codes: Codes | None, groups: Codes, n_folds: int, rng: np.random.Generator) -> list[Rows]:
    groups = np.unique(groups, return_inverse=True)[1]  # so that each has rows
    n_groups = int(groups.max()) + 1
    counts = _group_counts(np.zeros(len(groups), np.int64) if codes is None else codes, groups)
    order = rng.permutation(n_groups)
    order = order[np.argsort(-counts.sum(axis=1)[order], kind="stable")]
    for k in range(min(n_folds, n_groups), 1, -1):
        fold_of_group = _dealt_groups(counts, order, k)
        if codes is None or _is_fair(counts, fold_of_group, k):
            fold = fold_of_group[groups]
            return [np.flatnonzero(fold == held_out) for held_out in range(k)]
    if n_groups < 2:
        raise TooFewRowsError("All rows are in one group; to hold some out there must be two groups or more.")
    raise _too_few_to_hold_out()


def _dealt_groups(counts: NDArray[np.int64], order: NDArray[np.int64], k: int) -> NDArray[np.int64]:
    """Each group's fold: one group after the other goes where classes and sizes then differ least."""
    kinds = np.column_stack([counts, counts.sum(axis=1)])
    totals = np.maximum(kinds.sum(axis=0), 1).astype(np.float64)
    weighed = kinds / totals**2
    held = np.zeros((k, kinds.shape[1]))
    fold_of_group = np.empty(len(order), np.int64)
    for group in order:
        fold = int(np.argmin(held @ weighed[group]))
        fold_of_group[group] = fold
        held[fold] += kinds[group]
    return fold_of_group


def _is_fair(counts: NDArray[np.int64], fold_of_group: NDArray[np.int64], k: int) -> bool:
    """Whether each fold holds two classes, and none holds all of a class that has two groups."""
    held = np.zeros((k, counts.shape[1]), np.int64)
    np.add.at(held, fold_of_group, counts)
    widespread = (counts > 0).sum(axis=0) >= 2
    return bool(((held > 0).sum(axis=1) >= 2).all() and (held < counts.sum(axis=0))[:, widespread].all())


def _stratified(codes: Codes | None, n_rows: int, n_test: int, rng: np.random.Generator) -> Rows:
    shuffled = rng.permutation(n_rows)
    if codes is None:
        return shuffled[:n_test]
    counts = np.bincount(codes)
    quota = counts * (n_test / n_rows)
    shares = np.floor(quota).astype(np.int64)
    # Ties between remainders are broken by lot, not in favour of the first classes.
    by_remainder = np.lexsort((rng.random(len(counts)), shares - quota))
    shares[by_remainder[: n_test - shares.sum()]] += 1
    shares = np.minimum(shares, np.maximum(counts - 2, 0))
    by_class = shuffled[np.argsort(codes[shuffled], kind="stable")]
    starts = np.cumsum(counts) - counts
    return np.concatenate([by_class[start : start + share] for start, share in zip(starts, shares, strict=True)])


def _test_groups(strata: Codes, groups: Codes, n_test: int, rng: np.random.Generator) -> Rows:
    groups = np.unique(groups, return_inverse=True)[1]
    counts = _group_counts(strata, groups)
    totals = counts.sum(axis=0)
    quota = totals * (n_test / len(strata))
    order = rng.permutation(len(counts))
    held = np.zeros_like(totals)
    chosen = []
    for group in order:
        rows = counts[group]
        is_nearer = rows @ rows < 2 * rows @ (quota - held)
        if is_nearer and _leaves_all(held + rows, totals):
            chosen.append(group)
            held = held + rows
    return np.flatnonzero(np.isin(groups, chosen or [_smallest_group(counts, order)]))


def _smallest_group(counts: NDArray[np.int64], order: NDArray[np.int64]) -> int:
    """The smallest group that can be spared, where each alone is larger than the test part should be."""
    totals = counts.sum(axis=0)
    spare = [group for group in order if _leaves_all(counts[group], totals)]
    if not spare:
        raise OptionError(
            "No group can be put aside for testing without taking a whole class, or all rows, out of training; "
            "use smaller groups or no test part."
        )
    return int(min(spare, key=lambda group: counts[group].sum()))


def _leaves_all(held: NDArray[np.int64], totals: NDArray[np.int64]) -> bool:
    return bool((held[totals > 0] < totals[totals > 0]).all())


def _refuse_lost_classes(codes: Codes, test: Rows) -> None:
    totals = np.bincount(codes)
    held = np.bincount(codes[test], minlength=len(totals))
    lost = int(((totals > 0) & (held == totals)).sum())
    if lost:
        raise OptionError(
            "With the latest {rows} rows put aside for testing, {n} of the classes have no earlier row to learn from; "
            "choose a smaller test part, or split without regard to time.",
            rows=len(test),
            n=lost,
        )


def _refuse_missing(cells: Cells, missing: NDArray[np.bool_]) -> None:
    if missing.any():
        raise TableError(
            "A value is missing; rows are to be split by this column, so fill it in or remove the row.",
            **cells.place(int(missing.argmax())),
        )

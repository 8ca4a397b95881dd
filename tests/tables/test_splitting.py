from __future__ import annotations

import datetime as dt

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.model_selection import StratifiedShuffleSplit

from epoca.errors import OptionError, TableError
from epoca.tables import splitting
from epoca.tables.table import Table

Classes = st.lists(st.integers(0, 4), min_size=2, max_size=60).map(lambda codes: np.array(codes, dtype=np.int64))
Seeds = st.integers(0, 9)


def table(values: object) -> Table:
    return Table(name="t.csv", arrow=pa.table({"a": values}), line_of=lambda row: row + 2)


@given(Classes, st.floats(0, 0.9), Seeds)
def test_parts_are_disjoint_covering_ascending_and_stratified(codes: np.ndarray, test_size: float, seed: int) -> None:
    train, test = splitting.train_test_split(codes, n_rows=len(codes), test_size=test_size, seed=seed)
    assert sorted([*train, *test]) == list(range(len(codes)))
    assert train.tolist() == sorted(train)
    assert test.tolist() == sorted(test)
    counts, held = np.bincount(codes), np.bincount(codes[test], minlength=codes.max() + 1)
    n_test = min(max(round(test_size * len(codes)), 1), len(codes) - 1)
    assert (held <= np.ceil(counts * n_test / len(codes))).all()
    assert (counts - held >= np.minimum(counts, 2)).all()


def test_shares_are_those_of_scikit_learn() -> None:
    codes = np.random.default_rng(0).choice(3, size=1000, p=[0.7, 0.2, 0.1])
    _, ours = splitting.train_test_split(codes, n_rows=1000, test_size=0.2, seed=0)
    _, theirs = next(StratifiedShuffleSplit(1, test_size=0.2, random_state=0).split(codes, codes))
    assert np.abs(np.bincount(codes[ours]) - np.bincount(codes[theirs])).max() <= 1


def test_a_regression_is_split_by_lot() -> None:
    train, test = splitting.train_test_split(None, n_rows=100, test_size=0.3, seed=1)
    assert (len(train), len(test)) == (70, 30)
    assert test.tolist() != list(range(70, 100))


def test_size_0_tests_nothing() -> None:
    train, test = splitting.train_test_split(None, n_rows=5, test_size=0, seed=0)
    assert train.tolist() == [0, 1, 2, 3, 4]
    assert test.size == 0


def test_the_same_seed_gives_the_same_parts_and_another_gives_others() -> None:
    once, again, other = (
        splitting.train_test_split(None, n_rows=50, test_size=0.5, seed=seed)[1] for seed in (3, 3, 4)
    )
    assert once.tolist() == again.tolist() != other.tolist()


@pytest.mark.parametrize("test_size", [-0.1, 0.91, float("nan")])
def test_impossible_sizes_are_refused(test_size: float) -> None:
    with pytest.raises(OptionError, match=r"The test size is .*; it must lie between 0 and 0.9"):
        splitting.train_test_split(None, n_rows=5, test_size=test_size, seed=0)


def test_groups_and_time_exclude_each_other() -> None:
    order = np.arange(4)
    with pytest.raises(OptionError, match="not both; choose one"):
        splitting.train_test_split(None, n_rows=4, test_size=0.5, seed=0, groups=order, time_order=order.astype(float))


def test_the_latest_rows_are_tested() -> None:
    times = np.array([5.0, 1.0, 4.0, 2.0, 3.0])
    train, test = splitting.train_test_split(None, n_rows=5, test_size=0.4, seed=0, time_order=times)
    assert (train.tolist(), test.tolist()) == ([1, 3, 4], [0, 2])


def test_a_class_of_the_latest_rows_only_is_refused() -> None:
    with pytest.raises(OptionError, match=r"With the latest 2 rows .* 1 of the classes have no earlier row"):
        splitting.train_test_split(np.array([0, 0, 1, 1]), n_rows=4, test_size=0.5, seed=0, time_order=np.arange(4.0))


@given(Classes, Seeds, st.integers(2, 12))
def test_no_group_is_in_both_parts(codes: np.ndarray, seed: int, n_groups: int) -> None:
    groups = np.random.default_rng(seed).integers(n_groups, size=len(codes)) * 7
    try:
        train, test = splitting.train_test_split(codes, n_rows=len(codes), test_size=0.3, seed=seed, groups=groups)
    except OptionError as error:
        assert "No group can be put aside" in str(error)  # noqa: PT017
        return
    assert not set(groups[train]) & set(groups[test])
    assert sorted([*train, *test]) == list(range(len(codes)))
    assert len(test)
    assert set(codes[train]) == set(codes)


def test_many_groups_meet_size_and_strata() -> None:
    rng = np.random.default_rng(0)
    codes, groups = rng.choice(2, size=2000, p=[0.8, 0.2]), rng.integers(300, size=2000)
    _, test = splitting.train_test_split(codes, n_rows=2000, test_size=0.2, seed=0, groups=groups)
    assert abs(len(test) - 400) < 20
    assert abs(codes[test].mean() - codes.mean()) < 0.03


def test_a_single_group_cannot_be_split() -> None:
    with pytest.raises(OptionError, match="No group can be put aside for testing"):
        splitting.train_test_split(None, n_rows=4, test_size=0.5, seed=0, groups=np.zeros(4, np.int64))


@given(Classes, st.integers(2, 8), Seeds)
def test_folds_keep_their_promises(codes: np.ndarray, n_folds: int, seed: int) -> None:
    n_folds = min(n_folds, len(codes))
    try:
        held_out = splitting.folds(codes, n_rows=len(codes), n_folds=n_folds, seed=seed)
    except OptionError as error:
        assert "too few rows to hold some out" in str(error)  # noqa: PT017
        assert np.minimum(np.bincount(codes), 2).sum() < 4
        return
    _assert_fair(codes, held_out)
    assert max(map(len, held_out)) - min(map(len, held_out)) <= 1
    per_class = np.array([np.bincount(codes[fold], minlength=5) for fold in held_out])
    assert np.ptp(per_class, axis=0).max() <= 1
    possible = [k for k in range(2, n_folds + 1) if np.minimum(np.bincount(codes), k).sum() >= 2 * k]
    assert len(held_out) == max(possible)


@given(Classes, st.integers(2, 6), Seeds, st.integers(2, 15))
def test_folds_of_groups_keep_their_promises(codes: np.ndarray, n_folds: int, seed: int, n_groups: int) -> None:
    groups = np.random.default_rng(seed).integers(n_groups, size=len(codes))
    n_folds = min(n_folds, len(codes))
    try:
        held_out = splitting.folds(codes, n_rows=len(codes), n_folds=n_folds, seed=seed, groups=groups)
    except OptionError as error:
        said = "too few rows to hold some out" if len(set(groups)) > 1 else "All rows are in one group"
        assert said in str(error)  # noqa: PT017
        return
    in_groups = {code for code in set(codes.tolist()) if len(set(groups[codes == code])) >= 2}
    _assert_fair(codes, held_out, widespread=in_groups)
    assert sum(len(set(groups[fold])) for fold in held_out) == len(set(groups))


def _assert_fair(codes: np.ndarray, held_out: list[np.ndarray], widespread: set[int] | None = None) -> None:
    assert sorted(np.concatenate(held_out)) == list(range(len(codes)))
    needed = {code for code, n in enumerate(np.bincount(codes)) if n >= 2} if widespread is None else widespread
    for fold in held_out:
        assert fold.tolist() == sorted(fold)
        assert len(set(codes[fold])) >= 2
        assert needed <= set(np.delete(codes, fold))


def test_groups_are_dealt_evenly() -> None:
    rng = np.random.default_rng(0)
    codes, groups = rng.choice(2, size=2000, p=[0.8, 0.2]), rng.integers(300, size=2000)
    held_out = splitting.folds(codes, n_rows=2000, n_folds=8, seed=0, groups=groups)
    assert all(abs(len(fold) - 250) < 20 for fold in held_out)
    assert all(abs(codes[fold].mean() - codes.mean()) < 0.03 for fold in held_out)


def test_folds_of_a_regression_are_dealt_by_lot() -> None:
    held_out = splitting.folds(None, n_rows=11, n_folds=4, seed=0)
    assert [len(fold) for fold in held_out] == [3, 3, 3, 2]
    assert sorted(np.concatenate(held_out)) == list(range(11))


def test_the_same_seed_gives_the_same_folds() -> None:
    codes = np.arange(40) % 3
    once, again = (splitting.folds(codes, n_rows=40, n_folds=4, seed=7) for _ in range(2))
    assert all((one == other).all() for one, other in zip(once, again, strict=True))


@pytest.mark.parametrize("n_folds", [0, 1, 6])
def test_impossible_numbers_of_folds_are_refused(n_folds: int) -> None:
    with pytest.raises(OptionError, match=f"{n_folds} folds are wanted of 5 rows"):
        splitting.folds(None, n_rows=5, n_folds=n_folds, seed=0)


def test_a_single_group_cannot_be_dealt() -> None:
    with pytest.raises(OptionError, match="All rows are in one group"):
        splitting.folds(None, n_rows=5, n_folds=2, seed=0, groups=np.zeros(5, np.int64))


def test_groups_of_a_column() -> None:
    assert splitting.groups_of(table(["b", "a", "b "]), column="a").tolist() == [0, 1, 0]


def test_groups_of_numbers() -> None:
    assert splitting.groups_of(table([7, 3, 7]), column="a").tolist() == [0, 1, 0]


def test_a_row_without_group_is_refused() -> None:
    with pytest.raises(TableError, match=r"line 3, column .*A value is missing; rows are to be split by this column"):
        splitting.groups_of(table(["b", ""]), column="a")


@pytest.mark.parametrize(
    "values", [["2020-01-02", "2020-01-01"], ["7", "3"], [dt.date(2020, 1, 2), dt.date(2020, 1, 1)]]
)
def test_times_of_a_column(values: list[object]) -> None:
    times = splitting.times_of(table(values), column="a")
    assert times[0] > times[1]


def test_what_is_no_time_is_refused() -> None:
    with pytest.raises(TableError, match="'late' is no number"):
        splitting.times_of(table(["3", "late"]), column="a")


def test_a_row_without_time_is_refused() -> None:
    with pytest.raises(TableError, match="A value is missing; rows are to be split"):
        splitting.times_of(table(["3", None]), column="a")

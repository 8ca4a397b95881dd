from __future__ import annotations

import copy
import datetime as dt
import json
from typing import Literal

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from epoca.errors import TableError
from epoca.tables.table import Table
from epoca.tables.target import MAX_CLASSES, Target
from epoca.tables.values import MISSING_SPELLINGS


def table(values: object, decimal: str = ".") -> Table:
    return Table(name="t.csv", arrow=pa.table({"y": values}), decimal=decimal, line_of=lambda row: row + 2)


def fit(values: object, task: Literal["auto", "classification", "regression"] = "auto") -> Target:
    return Target.fit(table(values), column="y", task=task)


# Labels


@pytest.mark.parametrize(
    ("values", "labels"),
    [
        (["b", "a", "b", "a"], ("a", "b")),
        (["10", "9", "10", "9"], ("9", "10")),
        (["007", "7", "007", "7"], ("007", "7")),
        ([10, 9, 10, 9], (9, 10)),
        ([True, False, True, False], (False, True)),
        ([2.0, -0.0, 2.0, 0.0], (0.0, 2.0)),
        (pa.array(["b", "a", "b", "a"]).dictionary_encode(), ("a", "b")),
        ([dt.date(2021, 1, 1), dt.date(2020, 1, 1)] * 2, ("2020-01-01", "2021-01-01")),
    ],
)
def test_labels_are_kept_as_they_are_and_sorted(values: object, labels: tuple[object, ...]) -> None:
    target = fit(values)
    assert target.labels == labels
    assert [type(label) for label in target.labels] == [type(label) for label in labels]
    assert target.codes(table(values)).tolist() in ([1, 0, 1, 0], [0, 1, 0, 1])


def test_labels_are_sorted_as_numbers_with_a_decimal_comma() -> None:
    brought = table(["10,5", "9,5"] * 2, decimal=",")
    assert Target.fit(brought, column="y", task="classification").labels == ("9,5", "10,5")


Labels = st.text(min_size=1, max_size=5).map(lambda text: text.encode(errors="replace").decode())


@given(st.lists(Labels.filter(lambda text: text.strip() != ""), min_size=2, max_size=8, unique=True))
def test_any_text_is_a_label_and_comes_back(labels: list[str]) -> None:
    spelled = [label for label in labels if label.strip() in MISSING_SPELLINGS]
    if spelled:
        labels = [*labels, "a class", "another"]
    labels = list(dict.fromkeys(labels))
    target = fit(labels * 2, "classification")
    assert sorted(target.labels, key=str) == sorted(labels)
    assert [target.labels[code] for code in target.codes(table(labels * 2))] == labels * 2


def test_a_class_may_be_called_as_if_it_were_missing_and_that_is_said() -> None:
    target = fit(["NA", "EU"] * 2)
    assert target.labels == ("EU", "NA")
    assert [str(note) for note in target.notes] == [
        "The target's label 'NA' is taken for a class, not for a missing value."
    ]


def test_twins_are_told() -> None:
    target = fit(["yes", "Yes ", "no"] * 2)
    assert [str(note) for note in target.notes] == [
        "The target \"y\" has the labels 'Yes ' and 'yes', which are taken for different classes."
    ]


# What cannot be learned


def test_a_missing_target_column_is_named_with_what_may_be_meant() -> None:
    with pytest.raises(TableError, match=r't.csv: There is no column "z"\. The columns are "y"\.'):
        Target.fit(table(["a", "b"]), column="z")


@pytest.mark.parametrize("missing", ["", "  ", None])
def test_missing_labels_are_counted_and_the_first_is_named(missing: str | None) -> None:
    with pytest.raises(TableError, match=r"line 4, .*The target is missing in 2 of 5 rows, the first of them row 3"):
        fit(["a", "b", missing, missing, "a"])


def test_a_missing_spelling_among_numbers_is_missing() -> None:
    with pytest.raises(TableError, match="missing in 1 of 5 rows"):
        fit(["1", "2", "NA", "1", "2"])


def test_nan_among_numbers_is_missing() -> None:
    with pytest.raises(TableError, match="missing in 1 of 3 rows"):
        fit([1.0, np.nan, 2.0])


def test_a_target_without_any_value_is_refused() -> None:
    with pytest.raises(TableError, match="missing in 2 of 2 rows"):
        fit(pa.nulls(2))


@pytest.mark.parametrize("task", ["auto", "regression"])
def test_no_rows_are_refused(task: Literal["auto", "regression"]) -> None:
    with pytest.raises(TableError, match="There are no rows to learn from"):
        fit(pa.array([], pa.string()), task)


def test_a_single_class_is_refused() -> None:
    with pytest.raises(TableError, match=r"All rows \(3\) have the same label, 'a'; a classifier needs"):
        fit(["a"] * 3)


def test_a_class_of_a_single_row_is_named_with_its_line() -> None:
    with pytest.raises(TableError, match=r"line 4, .*1 of the 3 classes have a single row.*first is 'c'\. Add rows"):
        fit(["a", "b", "c", "a", "b"])


def test_many_different_numbers_suggest_a_regression() -> None:
    numbers = list(range(MAX_CLASSES + 1)) * 2
    found = fit([str(number) for number in numbers])
    assert found.task == "regression"
    assert "has 51 different numbers, so the number itself is predicted" in str(found.notes[0])
    assert len(fit(numbers, "classification").labels) == 51


@pytest.mark.parametrize("kind", [str, dt.date])
def test_many_different_dates_are_no_classes(kind: type) -> None:
    first = dt.date(2024, 1, 31)
    days = [first + dt.timedelta(days=7 * week) for week in range(MAX_CLASSES + 1)] * 2
    with pytest.raises(TableError, match=r"51 different dates or times, too many .* such as days since the first"):
        fit([str(day) if kind is str else day for day in days])


@pytest.mark.parametrize("values", [["1", "2.5"] * 2, [1.0, 2.5] * 2])
def test_fractions_suggest_a_regression(values: object) -> None:
    found = fit(values)
    assert found.task == "regression"
    assert "holds numbers with fractions such as 2.5, so the number itself is predicted" in str(found.notes[0])
    assert len(fit(values, "classification").labels) == 2


def test_an_infinite_label_is_refused() -> None:
    with pytest.raises(TableError, match=r"line 3, .*'inf' is infinite"):
        fit([1.0, np.inf] * 2, "classification")


@pytest.mark.parametrize("values", [[[1], [2]], [b"a", b"b"]])
def test_other_types_are_refused(values: object) -> None:
    with pytest.raises(TableError, match=r"Values of the type .* cannot be a target"):
        fit(values)


def test_a_text_in_a_regression_is_named_with_its_line() -> None:
    with pytest.raises(TableError, match=r"line 3, .*'cheap' is no number"):
        fit(["1", "cheap"], "regression")


def test_infinity_in_a_regression_is_named_with_its_line() -> None:
    with pytest.raises(TableError, match=r"line 3, .*'inf' is infinite"):
        fit(["1", "inf"], "regression")


def test_a_missing_number_in_a_regression_is_named_with_its_line() -> None:
    with pytest.raises(TableError, match=r"line 3, .*missing in 1 of 3 rows, the first of them row 2"):
        fit(["1", "NA", "2"], "regression")


def test_a_constant_regression_is_refused() -> None:
    with pytest.raises(TableError, match="All rows have the same value, 5; there is nothing to learn"):
        fit([5, 5], "regression")


# Another table


def test_tables_of_text_and_typed_ones_understand_each_other() -> None:
    typed, text = fit([7, 12] * 2), fit(["7", "12"] * 2)
    for values in ([12, 7], ["12", "7"], [12.0, 7.0]):
        assert typed.codes(table(values)).tolist() == [1, 0]
        assert text.codes(table(values)).tolist() == [1, 0]


def test_truth_values_are_understood_as_text() -> None:
    assert fit([True, False] * 2).codes(table(["False", "True"])).tolist() == [0, 1]


def test_a_label_never_learned_is_named_with_its_line() -> None:
    with pytest.raises(TableError, match=r"line 3, .*'c' is not among the labels that were learned: \"a\", \"b\"\."):
        fit(["a", "b"] * 2).codes(table(["a", "c"]))


def test_codes_of_rows_and_their_lines() -> None:
    target = fit(["a", "b"] * 2)
    assert target.codes(table(["a", "b", "c"]), np.array([1, 0])).tolist() == [1, 0]
    with pytest.raises(TableError, match=r"line 4, .*'c' is not among"):
        target.codes(table(["a", "b", "c"]), np.array([1, 2]))


def test_a_missing_label_in_another_table_is_named_with_its_line() -> None:
    with pytest.raises(TableError, match=r"line 4, .*missing in 1 of 2 rows, the first of them row 3"):
        fit(["a", "b"] * 2).codes(table(["a", "b", ""]), np.array([1, 2]))


# Regression


@pytest.mark.parametrize("factor", [1e-300, 1.0, 1e300])
def test_standardised_numbers_have_mean_0_and_deviation_1_in_any_unit(factor: float) -> None:
    numbers = np.random.default_rng(0).normal(3, 2, size=50) * factor
    target = fit(numbers, "regression")
    standardised = target.standardised(target.numbers(table(numbers)))
    assert abs(standardised.mean()) < 1e-9
    assert abs(standardised.std() - 1) < 1e-9
    np.testing.assert_allclose(target.restored(standardised), numbers, rtol=1e-12)


def test_a_far_offset_keeps_the_deviation() -> None:
    assert fit([1e9, 1e9 + 1, 1e9 + 2], "regression").scale == pytest.approx(np.std([0, 1, 2]))


def test_mean_and_scale_are_those_of_the_training_rows() -> None:
    target = fit(["1", "3", "1000"], "regression").scaled_to(np.array([1.0, 3.0]))
    assert (target.mean, target.scale) == (2, 1)


def test_equal_training_rows_have_scale_1() -> None:
    target = fit(["4", "4", "1000"], "regression").scaled_to(np.array([4.0, 4.0]))
    assert (target.mean, target.scale) == (4, 1)


def test_a_row_of_weight_3_counts_as_three() -> None:
    numbers = np.array([1.0, 5.0, 9.0])
    weighted = fit(["1", "2"], "regression").scaled_to(numbers, np.array([3.0, 1.0, 2.0]))
    repeated = fit(["1", "2"], "regression").scaled_to(np.repeat(numbers, [3, 1, 2]))
    assert (weighted.mean, weighted.scale) == pytest.approx((repeated.mean, repeated.scale))


# JSON


@pytest.mark.parametrize("values", [["b", "a"], [1, 0], [True, False], [2.0, 1.0]])
def test_json_keeps_labels_and_their_types(values: list[object]) -> None:
    target = fit(values * 2)
    again = Target.from_json(json.loads(json.dumps(target.to_json(), allow_nan=False)))
    assert again == target
    assert [type(label) for label in again.labels] == [type(label) for label in target.labels]


@given(st.lists(st.floats(-1e300, 1e300), min_size=2, unique=True))
def test_json_keeps_mean_and_scale(numbers: list[float]) -> None:
    target = fit(numbers, "regression")
    assert Target.from_json(json.loads(json.dumps(target.to_json(), allow_nan=False))) == target


Json = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.just(10**400), st.floats(), st.text(max_size=5)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
    max_leaves=5,
)


@given(st.sampled_from(["column", "task", "labels", "mean", "scale"]), Json)
def test_tampered_json_is_refused_or_still_a_target(key: str, foreign: object) -> None:
    tampered = copy.deepcopy(fit(["a", "b"] * 2).to_json())
    tampered[key] = foreign
    try:
        target = Target.from_json(tampered)
    except (ValueError, KeyError, TypeError):
        return
    assert isinstance(target.column, str)
    assert len(target.labels) >= 2
    assert target.scale > 0


@pytest.mark.parametrize(
    ("key", "value"),
    [("task", "ranking"), ("labels", ["a"]), ("labels", ["a", "a"]), ("labels", []), ("scale", 0.0), ("mean", 1e999)],
)
def test_a_contradiction_in_json_is_refused(key: str, value: object) -> None:
    with pytest.raises(ValueError, match=r"unknown task|fit the task|scale is positive|finite number"):
        Target.from_json({**fit(["a", "b"] * 2).to_json(), key: value})

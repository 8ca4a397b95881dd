from __future__ import annotations

import copy
import datetime as dt
import json
import subprocess
import sys

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.preprocessing import OneHotEncoder, RobustScaler

from epoca.errors import OptionError, TableError
from epoca.tables.columns import ColumnAccount, ColumnKind, Columns
from epoca.tables.encodings.category import MAX_CATEGORIES
from epoca.tables.encodings.number import NumberEncoding
from epoca.tables.table import Table


def table(**columns: object) -> Table:
    return Table(name="t.csv", arrow=pa.table(columns), line_of=lambda row: row + 2)


def fit(brought: Table, *, scaling: bool = True) -> Columns:
    return Columns.fit(brought, target="y", rows=np.arange(brought.n_rows), scaling=scaling)


def account(columns: Columns, name: str) -> ColumnAccount:
    return next(found for found in columns.accounts if found.name == name)


def encoded(values: object, *, scaling: bool = True) -> np.ndarray:
    brought = table(x=values)
    return fit(brought, scaling=scaling).encode(brought, dtype=np.float64)


def clipped(z: np.ndarray) -> np.ndarray:
    return z / np.sqrt(1 + (z / 3) ** 2)


# Numbers


@pytest.mark.parametrize("seed", range(20))
def test_a_row_of_weight_3_scales_as_three_rows_do(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(3, 30))
    numbers, weights = rng.normal(size=n).round(1), rng.integers(1, 5, n)
    weighted = NumberEncoding.fit(numbers, scaling=True, weights=weights.astype(float))
    assert weighted == NumberEncoding.fit(np.repeat(numbers, weights), scaling=True)


def test_numbers_are_scaled_as_by_scikit_learn_then_clipped() -> None:
    numbers = np.random.default_rng(0).standard_cauchy(201)  # of 4m + 1 numbers all definitions of quartiles agree
    expected = clipped(RobustScaler().fit_transform(numbers[:, None]))
    np.testing.assert_allclose(encoded([repr(x) for x in numbers.tolist()]), expected, rtol=1e-12, atol=1e-14)


def test_where_the_quartiles_coincide_the_range_scales() -> None:
    numbers = np.array([0.0] * 30 + [3.0, 4.0])
    np.testing.assert_allclose(encoded(numbers)[:, 0], clipped(numbers / 2))


@pytest.mark.parametrize("factor", [1e-300, 1e-200, 1e150, 1e300, 1e308])
def test_extreme_units_make_no_difference(factor: float) -> None:
    numbers = np.array([-1.0, -0.5, 0.25, 0.75, 1.0])
    np.testing.assert_allclose(encoded(numbers * factor), encoded(numbers), rtol=1e-9)


def test_a_far_offset_makes_no_difference() -> None:
    numbers = np.array([0.0, 1.0, 2.5, 4.0])
    np.testing.assert_allclose(encoded(numbers + 1e9), encoded(numbers), atol=1e-6)


def test_numbers_never_leave_the_clipping_range() -> None:
    columns = fit(table(x=[1e-300, 2e-300, 3e-300]))
    np.testing.assert_allclose(columns.encode(table(x=[-1e308, 1e308]))[:, 0], [-3, 3])


def test_a_missing_number_is_the_median_and_flagged() -> None:
    columns = fit(table(x=["1", "2", "?", "4", "9"]))
    assert columns.output_names == ["x", "x missing"]
    assert columns.encode(table(x=["", "3"])).tolist() == [[0, 1], [0, 0]]


def test_a_missing_number_is_the_median_where_none_was_missing_before() -> None:
    columns = fit(table(x=["1", "2", "9"]))
    assert columns.encode(table(x=[None, "2"])).tolist() == [[0], [0]]


def test_without_scaling_numbers_stay_as_they_are() -> None:
    np.testing.assert_array_equal(encoded([0, 1, 1, None], scaling=False), [[0, 0], [1, 0], [1, 0], [1, 1]])


def test_a_number_too_large_for_the_matrix_is_refused() -> None:
    columns = fit(table(x=[1.0, 2.0, 3.0]), scaling=False)
    assert columns.encode(table(x=[1e300]), dtype=np.float64)[0, 0] == 1e300
    with pytest.raises(TableError, match=r"line 3, .*1e\+300 is too large to be used unscaled"):
        columns.encode(table(x=[1.0, 1e300]))


def test_statistics_are_those_of_the_training_rows() -> None:
    brought = table(x=["1", "2", "3", "1000", "-5"])
    columns = Columns.fit(brought, target="y", rows=np.array([0, 1, 2]))
    np.testing.assert_allclose(
        columns.encode(brought)[:3], fit(table(x=["1", "2", "3"])).encode(table(x=["1", "2", "3"]))
    )


# Yes or no


def test_two_texts_become_minus_and_plus_one() -> None:
    columns = fit(table(x=["yes", "no", "yes", "NA"]))
    assert account(columns, "x").kind is ColumnKind.YES_NO
    assert columns.output_names == ["x=yes", "x missing"]
    assert columns.encode(table(x=["no", "yes", "", "maybe"])).tolist() == [[-1, 0], [1, 0], [0, 1], [0, 0]]


def test_two_numbers_become_minus_and_plus_one_and_others_lie_between() -> None:
    columns = fit(table(x=["0", "4", "4"]))
    assert columns.encode(table(x=["0", "4", "3", "9", "-1", "?"]))[:, 0].tolist() == [-1, 1, 0.5, 1, -1, 0]


@pytest.mark.parametrize("pair", [(1.0, np.nextafter(1.0, 2)), (-1.7e308, 1.7e308), (0.0, 5e-324), (0.0, 1e-310)])
def test_two_numbers_are_exact_at_any_distance(pair: tuple[float, float]) -> None:
    columns = fit(table(x=pair))
    assert columns.encode(table(x=pair))[:, 0].tolist() == [-1, 1]
    assert np.isfinite(columns.encode(table(x=[sum(pair) / 2, 1e-311, 1.0, -1.0]))).all()


def test_truth_values_of_a_frame_and_of_a_text_file_mean_the_same() -> None:
    columns = fit(table(x=[True, False, True]))
    assert columns.encode(table(x=["True", "FALSE", "true"])).tolist() == [[1], [-1], [1]]


# Categories


def test_categories_are_one_hot_as_by_scikit_learn() -> None:
    texts = np.random.default_rng(0).choice(["a", "b", "c", "d"], size=50)
    expected = OneHotEncoder(categories=[fit(table(x=texts))._columns[0].encoding.categories])  # type: ignore[attr-defined]
    np.testing.assert_array_equal(encoded(texts), expected.fit_transform(texts[:, None]).toarray())


def test_categories_come_by_frequency_then_name() -> None:
    assert fit(table(x=["b", "c", "a", "b", "c", "a", "c"])).output_names == ["x=c", "x=a", "x=b"]


def test_a_category_never_seen_is_all_zeros() -> None:
    columns = fit(table(x=["a", "b", "c"] * 2))
    assert columns.encode(table(x=["d", None])).tolist() == [[0, 0, 0], [0, 0, 0]]


def test_rare_and_new_categories_share_an_output_and_missing_ones_have_theirs() -> None:
    columns = fit(table(x=["a", "a", "b", "b", "rare", None]))
    assert columns.output_names == ["x=a", "x=b", "x=other", "x missing"]
    assert columns.encode(table(x=["rare", "new", "", "b"])).tolist() == [
        [0, 0, 1, 0],
        [0, 0, 1, 0],
        [0, 0, 0, 1],
        [0, 1, 0, 0],
    ]


def test_beyond_the_most_frequent_categories_there_is_only_other() -> None:
    texts = [f"c{number:03}" for number in range(MAX_CATEGORIES + 9) for _ in range(3 + (number == 58))]
    names = fit(table(x=texts)).output_names
    assert len(names) == MAX_CATEGORIES + 1
    assert (names[0], names[1], names[-1]) == ("x=c058", "x=c000", "x=other")


def test_declared_categories_stay_categories_though_they_read_as_numbers() -> None:
    columns = fit(table(x=pa.array(["1", "2", "3"] * 3).dictionary_encode()))
    assert account(columns, "x").kind is ColumnKind.CATEGORY
    assert columns.encode(table(x=[3, 1])).tolist() == [[0, 0, 1], [1, 0, 0]]


def test_numbers_where_texts_were_learned_are_refused() -> None:
    columns = fit(table(x=["a", "b", "c"] * 2))
    with pytest.raises(TableError, match="The column holds numbers, but texts such as 'a' were learned"):
        columns.encode(table(x=[1, 2]))


# Dates


def test_dates_are_scaled_seconds_and_places_in_week_and_year() -> None:
    days = [dt.date(2018, 1, 1) + dt.timedelta(days=5 * step) for step in range(201)]
    columns = fit(table(x=[day.isoformat() for day in days]))
    assert account(columns, "x").kind is ColumnKind.DATE
    assert columns.output_names == ["x", "x week sin", "x week cos", "x year sin", "x year cos"]
    assert (
        str(account(columns, "x").note) == "Dates or times, as seconds and by their place in the week and in the year."
    )
    matrix = columns.encode(table(x=days), dtype=np.float64)
    seconds = np.array([(day - dt.date(1970, 1, 1)).days * 86_400.0 for day in days])
    np.testing.assert_allclose(matrix[:, 0], clipped(RobustScaler().fit_transform(seconds[:, None]))[:, 0])
    np.testing.assert_allclose(matrix[0, 1:3], matrix[7, 1:3], atol=1e-9)
    np.testing.assert_allclose(np.hypot(matrix[:, 3], matrix[:, 4]), 1)


def test_a_missing_date_is_nowhere_in_a_cycle() -> None:
    columns = fit(table(x=["2020-01-01", "2020-01-08", "2020-01-16", "", "2020-02-01"]))
    assert columns.output_names == ["x", "x missing", "x week sin", "x week cos"]
    assert columns.encode(table(x=[None, "NaT"])).tolist() == [[0, 1, 0, 0]] * 2


def test_times_of_day_make_a_cycle() -> None:
    hours = [dt.datetime(2020, 1, 1) + dt.timedelta(hours=step) for step in range(60)]
    assert "x day sin" in fit(table(x=hours)).output_names


def test_what_is_no_date_later_is_refused() -> None:
    columns = fit(table(x=["31/12/2020", "1/1/2021", "5/6/2021"]))
    with pytest.raises(TableError, match="'12/31/2020' is no date of the form that this column had"):
        columns.encode(table(x=["12/31/2020"]))


# Left out


@pytest.mark.parametrize(
    ("values", "kind", "note"),
    [
        (["", "NA"] * 15, ColumnKind.CONSTANT, "all values are missing"),
        (pa.nulls(30), ColumnKind.CONSTANT, "all values are missing"),
        (["7"] * 30, ColumnKind.CONSTANT, "all values are the same"),
        (["a"] * 30, ColumnKind.CONSTANT, "all values are the same"),
        ([dt.date(2020, 1, 1)] * 30, ColumnKind.CONSTANT, "all values are the same"),
        ([f"n{number}" for number in range(30)], ColumnKind.IDENTIFIER, "30 different texts identify the rows"),
        ([f"n{number % 20}" for number in range(30)], ColumnKind.TEXT, "20 different texts are too many"),
        ([str(number) for number in range(5, 35)], ColumnKind.IDENTIFIER, "the values number the rows"),
        (list(range(30, 0, -1)), ColumnKind.IDENTIFIER, "the values number the rows"),
        ([2**60 + number**2 for number in range(30)], ColumnKind.IDENTIFIER, "are taken for identifiers"),
        ([f"{10**20 + number**2 * 10**9}" for number in range(30)], ColumnKind.IDENTIFIER, "are taken for identifiers"),
    ],
)
def test_what_is_left_out_and_why(values: object, kind: ColumnKind, note: str) -> None:
    columns = fit(table(x=values, z=np.random.default_rng(0).normal(size=30)))
    assert columns.output_names == ["z"]
    found = account(columns, "x")
    assert (found.kind, found.outputs) == (kind, 0)
    assert note in str(found.note)


@pytest.mark.parametrize(
    "name", ["id", "ID", "customer_id", "Customer ID", "PassengerId", "Unnamed: 0", "index", "rownames"]
)
def test_different_whole_numbers_named_like_identifiers_are_left_out(name: str) -> None:
    shuffled = np.random.default_rng(0).permutation(1000)[:30]
    columns = fit(table(**{name: shuffled, "z": shuffled * 0.5}))
    assert account(columns, name).kind is ColumnKind.IDENTIFIER
    assert "by its name" in str(account(columns, name).note)


@pytest.mark.parametrize("name", ["humid", "paid", "price", "Grid"])
def test_other_different_whole_numbers_are_numbers(name: str) -> None:
    assert (
        account(fit(table(**{name: np.random.default_rng(0).permutation(1000)[:30]})), name).kind is ColumnKind.NUMBER
    )


def test_row_numbers_are_recognised_by_a_part_of_the_rows() -> None:
    brought = table(x=np.arange(100) + 1, z=np.sqrt(np.arange(100)))
    columns = Columns.fit(brought, target="y", rows=np.sort(np.random.default_rng(0).permutation(100)[:60]))
    assert account(columns, "x").kind is ColumnKind.IDENTIFIER


def test_a_lone_column_of_row_numbers_is_learned_from() -> None:
    assert fit(table(x=np.arange(100))).output_names == ["x"]


def test_floats_that_all_differ_are_numbers() -> None:
    assert account(fit(table(x=np.random.default_rng(0).normal(size=100) * 1e20)), "x").kind is ColumnKind.NUMBER


def test_texts_of_which_none_is_frequent_are_left_out() -> None:
    texts = [f"n{number}" for number in range(3000)] * 3
    columns = fit(table(x=texts, z=np.sqrt(np.arange(9000))))
    assert account(columns, "x").kind is ColumnKind.TEXT


def test_a_single_value_that_is_sometimes_missing_tells_whether_it_is() -> None:
    columns = fit(table(x=["7", "", "7"], w=[1.0, np.nan, 1.0], v=["a", "?", "a"]))
    assert columns.output_names == ["x missing", "w missing", "v missing"]
    assert columns.encode(table(x=["NA", "7"], w=[None, 2.0], v=["b", None])).tolist() == [[1, 1, 0], [0, 0, 1]]


def test_columns_are_left_out_as_asked() -> None:
    brought = table(x=[1, 2, 4], z=[1, 3, 2])
    columns = Columns.fit(brought, target="y", rows=np.arange(3), leave_out=["z"])
    assert columns.output_names == ["x"]
    assert account(columns, "z").kind is ColumnKind.LEFT_OUT


def test_accounts_tell_kind_outputs_and_missing_of_every_column() -> None:
    columns = fit(table(x=["1", "", "3", "4"], c=["a", "b", "a", "b"], k=["z"] * 4, y=list("pqpq")))
    assert [(found.name, found.kind, found.outputs, found.missing) for found in columns.accounts] == [
        ("x", ColumnKind.NUMBER, 2, 1),
        ("c", ColumnKind.YES_NO, 1, 0),
        ("k", ColumnKind.CONSTANT, 0, 0),
    ]
    assert [str(found.note) for found in columns.accounts][:2] == [
        "Numbers, scaled; the median 3 becomes 0. Missing ones become 0 and set a flag.",
        '"a" becomes -1, "b" becomes +1.',
    ]


# Refusals


def test_a_text_among_numbers_is_named_with_its_line() -> None:
    texts = [str(number * 0.5) for number in range(99)]
    with pytest.raises(
        TableError, match=r't.csv, line 52, column "x": \'oops\' is no number, but 99 of .* 100 values are'
    ):
        fit(table(x=[*texts[:50], "oops", *texts[50:]]))


def test_few_numbers_among_texts_are_categories() -> None:
    assert account(fit(table(x=["1", "2", "many", "1", "2", "many"] * 5)), "x").kind is ColumnKind.CATEGORY


def test_infinity_is_named_with_its_line() -> None:
    with pytest.raises(TableError, match=r"line 3, .*'inf' is infinite or too large"):
        fit(table(x=["1", "inf", "3"]))


def test_text_where_numbers_were_learned_is_named_with_its_line() -> None:
    with pytest.raises(TableError, match=r"line 3, .*'high' is no number"):
        fit(table(x=["1", "2", "3"])).encode(table(x=["1", "high"]))


@pytest.mark.parametrize("values", [[[1], [2]], [b"a", b"b"], [{"k": 1}, {"k": 2}]])
def test_other_types_are_refused(values: object) -> None:
    with pytest.raises(TableError, match=r"Values of the type .* cannot be used"):
        fit(table(x=values))


@pytest.mark.parametrize(
    "learned", [["1", "2", "4"], ["a", "b", "a"], ["a", "b", "c"] * 2, ["2020-01-01", "2020-02-01"]]
)
@pytest.mark.parametrize("values", [[[1], [2]], [b"a", b"b"]])
def test_other_types_are_refused_later_too(learned: list[str], values: object) -> None:
    with pytest.raises(TableError, match=r'column "x": .* type (list|binary)'):
        fit(table(x=learned)).encode(table(x=values))


def test_nothing_to_learn_from_is_refused() -> None:
    with pytest.raises(TableError, match='No column is left to learn from; of "x" this is said: Left out: all values'):
        fit(table(x=["1", "1"], y=["a", "b"]))


def test_a_table_of_the_target_alone_is_refused() -> None:
    with pytest.raises(TableError, match="There is no column besides the target"):
        fit(table(y=["a", "b"]))


def test_an_unknown_column_to_leave_out_is_refused() -> None:
    with pytest.raises(OptionError, match='"w" is to be left out but is not in the table'):
        Columns.fit(table(x=[1, 2]), target="y", rows=np.arange(2), leave_out=["w"])


def test_columns_of_one_name_are_refused() -> None:
    twins = Table(name="t", arrow=pa.table([pa.array([1, 2]), pa.array([1, 2])], names=["x", "x"]))
    with pytest.raises(TableError, match='column "x": 2 columns have this name'):
        fit(twins)


def test_columns_are_found_by_name_in_any_order_among_others() -> None:
    brought = table(x=[1, 2, 4], c=["a", "b", "b"])
    columns = fit(brought)
    reordered = table(c=["a", "b", "b"], extra=[0, 0, 0], x=[1, 2, 4], y=[1, 2, 3])
    np.testing.assert_array_equal(columns.encode(reordered), columns.encode(brought))


def test_a_missing_column_is_named_with_what_may_be_meant() -> None:
    with pytest.raises(TableError, match='There is no column "length"; did you mean "lenght"'):
        fit(table(length=[1, 2, 4])).encode(table(lenght=[1], width=[2]))


def test_a_missing_column_without_likeness_is_named() -> None:
    with pytest.raises(TableError, match=r'There is no column "length"\. The columns are "q", "w"\.'):
        fit(table(length=[1, 2, 4])).encode(table(q=[1], w=[2]))


def test_several_missing_columns_are_named() -> None:
    with pytest.raises(TableError, match='The columns "a", "b" are not in the table, whose columns are "c"'):
        fit(table(a=[1, 2, 4], b=[1, 2, 4])).encode(table(c=[1]))


# Any table


Text = st.text(max_size=4).map(lambda text: text.encode(errors="replace").decode())
Finite = st.floats(allow_nan=False, allow_infinity=False)
Cell: list[st.SearchStrategy[object]] = [
    st.one_of(st.none(), Finite),
    st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1)),
    st.one_of(st.none(), Finite.map(repr)),
    st.one_of(st.none(), st.sampled_from(["a", "b ", "c", "NA", "?", "TRUE", "true", "1"])),
    st.one_of(st.none(), Text.filter(lambda text: "inf" not in text.lower())),
    st.one_of(st.none(), st.booleans()),
    st.one_of(st.none(), st.dates()),
    st.one_of(st.none(), st.datetimes(dt.datetime(1700, 1, 1), dt.datetime(2200, 1, 1)).map(dt.datetime.isoformat)),
]


@st.composite
def any_table(draw: st.DrawFn) -> Table:
    n_rows = draw(st.integers(1, 30))
    kinds = draw(st.lists(st.sampled_from(Cell), min_size=1, max_size=4))
    brought = {
        f"x{place}": pa.array(draw(st.lists(kind, min_size=n_rows, max_size=n_rows)))
        for place, kind in enumerate(kinds)
    }
    return table(**brought, lone=[float(row) ** 0.5 for row in range(n_rows)], y=["y"] * n_rows)


def fit_part(brought: Table, scaling: bool) -> Columns | None:
    try:
        return Columns.fit(brought, target="y", rows=np.arange(0, brought.n_rows, 2), scaling=scaling)
    except TableError:
        return None


@given(any_table(), st.booleans())
def test_each_row_is_encoded_by_itself_and_finite(brought: Table, scaling: bool) -> None:
    columns = fit_part(brought, scaling)
    if columns is None:
        return
    every = np.arange(brought.n_rows)
    rows = [np.array([row]) for row in every]
    try:
        matrix = columns.encode(brought, dtype=np.float64)
    except TableError:
        with pytest.raises(TableError):
            _ = [columns.encode(brought, rows=row, dtype=np.float64) for row in rows]
        return
    assert np.isfinite(matrix).all()
    assert matrix.flags.c_contiguous
    assert matrix.shape == (brought.n_rows, columns.n_outputs)
    np.testing.assert_array_equal(
        matrix, np.vstack([columns.encode(brought, rows=row, dtype=np.float64) for row in rows])
    )
    np.testing.assert_array_equal(matrix[::-1], columns.encode(brought, rows=every[::-1].copy(), dtype=np.float64))
    assert columns.encode(brought, rows=every[:0]).shape == (0, columns.n_outputs)
    if scaling:
        assert np.abs(matrix).max() <= 3
        np.testing.assert_array_equal(columns.encode(brought), matrix.astype(np.float32))


@given(any_table(), st.booleans())
def test_json_keeps_every_bit(brought: Table, scaling: bool) -> None:
    columns = fit_part(brought, scaling)
    if columns is None:
        return
    rows = np.arange(0, brought.n_rows, 2)
    again = Columns.from_json(json.loads(json.dumps(columns.to_json(), allow_nan=False)))
    assert again == columns
    assert again.accounts == columns.accounts
    expected = columns.encode(brought, rows=rows, dtype=np.float64)
    assert again.encode(brought, rows=rows, dtype=np.float64).tobytes() == expected.tobytes()


RICH = fit(
    table(
        number=["1", "", "3", "4"],
        category=["a", "b", "c", "a"],
        texts=["n", "y", "y", ""],
        numbers=[0, 1, 1, 0],
        date=["2020-01-01", "2020-02-01", "2020-03-01", "2021-01-01"],
        presence=["k", "", "k", "k"],
        constant=["k"] * 4,
    )
).to_json()
Json = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.just(10**400), st.floats(), st.text(max_size=5)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
    max_leaves=5,
)


@given(Json)
def test_foreign_json_is_refused(data: object) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        Columns.from_json(data)


@settings(max_examples=300)
@given(st.data(), Json)
def test_tampered_json_is_refused_or_still_describes_columns(data: st.DataObject, foreign: object) -> None:
    tampered = copy.deepcopy(RICH)
    node: object = tampered
    while True:
        assert isinstance(node, dict | list)
        key = data.draw(st.sampled_from(sorted(node) if isinstance(node, dict) else list(range(len(node)))))
        if not isinstance(node[key], dict | list) or not node[key] or data.draw(st.booleans()):
            node[key] = foreign
            break
        node = node[key]
    try:
        columns = Columns.from_json(tampered)
    except (ValueError, KeyError, TypeError):
        return
    assert [str(found.note) for found in columns.accounts]
    assert columns.to_json()


def test_no_output_in_json_is_refused() -> None:
    with pytest.raises(ValueError, match="no column has an output"):
        Columns.from_json({"columns": []})


def test_fitting_a_table_imports_no_heavy_library() -> None:
    script = (
        "import sys, numpy as np; from epoca.tables.columns import Columns; from epoca.tables.target import Target\n"
        "from epoca.tables.splitting import folds; from epoca.tables.arrays import arrow_texts\n"
        "from epoca.tables.table import Table; import pyarrow as pa\n"
        "names = ['x', 'c', 'd', 'y']; days = ['2020-01-01', '2020-02-01', '2020-03-01', '2020-01-02']\n"
        "cells = [arrow_texts(c) for c in (['1', '', '3', '4'], ['a', 'b', 'c', 'a'], days, ['p', 'q', 'p', 'q'])]\n"
        "table = Table(name='t', arrow=pa.Table.from_arrays(cells, names=names))\n"
        "target = Target.fit(table, column='y'); target.codes(table)\n"
        "Columns.fit(table, target='y', rows=np.arange(4)).encode(table)\n"
        "heavy = {'pandas', 'sklearn', 'numba', 'scipy', 'torch'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)

from __future__ import annotations

import datetime as dt

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from epoca.errors import TableError
from epoca.tables.arrays import arrow_integers, arrow_texts, floats_of, integers_of
from epoca.tables.cells import Cells
from epoca.tables.dates import DateForm
from epoca.tables.table import Table
from epoca.tables.values import MISSING_SPELLINGS, clean, is_number, listed, parse_numbers, quoted


def cells(values: object, decimal: str = ".") -> Cells:
    return Cells(Table(name="t.csv", arrow=pa.table({"a": values}), decimal=decimal, line_of=lambda row: row + 2), "a")


def test_numbers_in_all_usual_spellings() -> None:
    found = cells(["1", " 2.5 ", "-.5", "3.", "+4", "1e3", "-2E-2", "007"]).numbers()
    assert found.tolist() == [1, 2.5, -0.5, 3, 4, 1000, -0.02, 7]


@pytest.mark.parametrize("spelling", MISSING_SPELLINGS)
def test_missing_spellings_are_no_value(spelling: str) -> None:
    assert np.isnan(cells(["1", f" {spelling} "]).numbers()[1])


@pytest.mark.parametrize("text", ["0x10", "1_000", "١٢", "−3", "1,5", "5e", "--5", "one"])
def test_what_is_no_number_is_named_with_its_line(text: str) -> None:
    with pytest.raises(TableError, match=r't.csv, line 4, column "a": .* is no number; correct it'):
        cells(["1", "", text, "2"]).numbers()


@pytest.mark.parametrize("text", ["inf", "-Infinity", "1e400"])
def test_infinite_numbers_are_named_with_their_line(text: str) -> None:
    with pytest.raises(TableError, match=r'line 3, column "a": .* is infinite or too large'):
        cells(["1", text]).numbers()


def test_infinite_typed_numbers_are_refused() -> None:
    with pytest.raises(TableError, match="'inf' is infinite"):
        cells([1.0, np.inf]).numbers()


def test_decimal_comma() -> None:
    assert cells(["1,5", "-2", "NA"], decimal=",").numbers()[:2].tolist() == [1.5, -2]


def test_with_a_decimal_comma_a_point_makes_no_number() -> None:
    assert cells(["1.5", "2"], decimal=",").numbers_or_none() is None


@pytest.mark.parametrize(
    ("text", "decimal", "number"),
    [
        ("1,234", ".", 1234),
        ("-1,234,567.25", ".", -1234567.25),
        ("+12,345", ".", 12345),
        ("1.234,5", ",", 1234.5),
        ("1.234.567", ",", 1234567),
        ("1.234,5e-2", ",", 12.345),
    ],
)
def test_thousands_marks(text: str, decimal: str, number: float) -> None:
    assert cells(["1", text, None], decimal=decimal).numbers()[1] == number
    assert cells(["x", text, None], decimal=decimal).count_numbers() == (1, 2)


@pytest.mark.parametrize("text", ["1,23", "12,34,567", "0,123", "1234,567", "1,234.5.6", "1,234,", ",123", "1.234,567"])
def test_commas_elsewhere_make_no_number(text: str) -> None:
    assert cells(["1", text]).numbers_or_none() is None
    assert cells(["1", text]).count_numbers() == (1, 2)


@pytest.mark.parametrize(
    "values",
    [
        pa.array([1, 0, None], pa.int8()),
        pa.array([np.float16(1), np.float16(0), None], pa.float16()),
        pa.array([1, 0, None], pa.decimal128(5, 2)),
        pa.array([True, False, None]),
        pa.array([dt.timedelta(seconds=1), dt.timedelta(0), None]),
        pa.array(["1", "0", None]).dictionary_encode(),
    ],
    ids=lambda values: str(values.type),
)
def test_typed_columns_read_as_numbers(values: pa.Array) -> None:
    np.testing.assert_array_equal(cells(values).numbers(), [1, 0, np.nan])


def test_dates_are_no_numbers() -> None:
    with pytest.raises(TableError, match=r"Numbers are expected here, but .* type date32"):
        cells([dt.date(2020, 1, 1)]).numbers()


@pytest.mark.parametrize(
    ("texts", "form"),
    [
        (["2020-02-29", "1970-01-02 00:00"], DateForm.ISO),
        (["2020-02-29T12:30:01.5Z"], DateForm.ISO),
        (["31/12/2020", "1.2.2021", "", "03-04-2020"], DateForm.DAY_FIRST),
        (["12/31/2020 10:20", "1/2/2021"], DateForm.MONTH_FIRST),
        (["1/2/2020", "3/4/2020"], None),
        (["31/12/2020", "12/31/2020"], None),
        (["2021-02-29"], None),
        (["31/02/2020"], None),
        (["2020-01-01", "soon"], None),
        (["", "NA"], None),
        (["yes", "no"], None),
    ],
)
def test_how_dates_are_written(texts: list[str], form: DateForm | None) -> None:
    assert cells(texts).date_form() == form


def test_dates_become_seconds_however_written() -> None:
    expected = dt.datetime(2020, 12, 31, 10, 20, tzinfo=dt.UTC).timestamp()
    assert cells(["2020-12-31 10:20"]).seconds(DateForm.ISO)[0] == expected
    assert cells(["2020-12-31T11:20+01:00"]).seconds(DateForm.ISO)[0] == expected
    assert cells(["31/12/2020 10:20"]).seconds(DateForm.DAY_FIRST)[0] == expected
    assert cells(["12/31/2020 10:20"]).seconds(DateForm.MONTH_FIRST)[0] == expected


@pytest.mark.parametrize("kind", [pa.date32(), pa.date64(), *(pa.timestamp(unit) for unit in ("s", "ms", "us", "ns"))])
def test_typed_dates_become_seconds(kind: pa.DataType) -> None:
    day = pa.array([dt.datetime(1970, 1, 2), None], pa.timestamp("s")).cast(kind)
    np.testing.assert_array_equal(cells(day).seconds(DateForm.ISO), [86_400, np.nan])


def test_what_is_no_date_is_named_with_its_line() -> None:
    with pytest.raises(TableError, match=r"line 4, .*'someday' is no date of the form"):
        cells(["2020-01-01", "2020-01-02", "someday"]).seconds(DateForm.ISO)


def test_numbers_are_no_dates() -> None:
    with pytest.raises(TableError, match=r"Dates or times are expected here, but .* type int64"):
        cells([1, 2]).seconds(DateForm.ISO)


def test_texts_are_stripped_and_truth_values_spelled_alike() -> None:
    texts = cells([" a", "a ", "TRUE", "true", "?", None, "None"]).texts()
    assert texts.distinct.to_pylist() == ["a", "true"]
    assert texts.codes.tolist() == [0, 0, 1, 1, -1, -1, -1]
    assert texts.counts.tolist() == [2, 2]


def test_rows_are_taken_in_the_order_asked_for_and_lines_follow() -> None:
    table = Table(name="t", arrow=pa.table({"a": ["1", "x", "3"]}), line_of=lambda row: 10 + row)
    assert Cells(table, "a", np.array([2, 0])).numbers().tolist() == [3, 1]
    with pytest.raises(TableError, match="line 11"):
        Cells(table, "a", np.array([2, 1])).numbers()


@given(st.lists(st.one_of(st.text(max_size=6), st.floats(allow_nan=False, allow_infinity=False).map(repr))))
def test_the_pattern_and_the_parser_agree(texts: list[str]) -> None:
    cleaned = clean(arrow_texts([text.encode(errors="replace").decode() for text in texts]))
    one_by_one = [parse_numbers(cleaned.slice(cell, 1), ".") for cell in range(len(cleaned))]
    finite = [numbers is not None and np.isfinite(numbers[0]) for numbers in one_by_one]
    by_pattern = is_number(cleaned, ".").to_pylist()
    assert finite == [bool(matches) for matches in by_pattern]


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_survive_text_bit_for_bit(number: float) -> None:
    assert cells([repr(number)]).numbers()[0] == number


@given(st.lists(st.one_of(st.none(), st.integers(-(2**53), 2**53))), st.integers(0, 3))
def test_buffers_give_what_arrow_gives(values: list[int | None], offset: int) -> None:
    array = pa.array(values, pa.int64()).slice(offset)
    assert integers_of(array, null=-7).tolist() == [-7 if value is None else value for value in values[offset:]]
    np.testing.assert_array_equal(floats_of(array), np.array(values[offset:], dtype=np.float64))


@given(st.lists(st.text().map(lambda text: text.encode(errors="replace").decode())))
def test_texts_and_integers_reach_arrow_unchanged(texts: list[str]) -> None:
    assert arrow_texts(texts).to_pylist() == texts
    assert arrow_integers(np.arange(6)[::2]).to_pylist() == [0, 2, 4]


def test_long_values_and_lists_are_cut() -> None:
    assert quoted("x" * 100) == "'" + "x" * 59 + "…'"
    assert listed([str(number) for number in range(30)]).endswith('"19", …')

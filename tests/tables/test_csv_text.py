from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epoca.errors import TableError
from epoca.tables.csv_text import read_csv, records
from epoca.tables.table import Table


def _read(content: bytes, encoding: str | None = None) -> Table:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.csv"
        path.write_bytes(content)
        return read_csv(str(path), name="t.csv", encoding=encoding)


def _columns(content: bytes) -> dict[str, list[str | None]]:
    columns: dict[str, list[str | None]] = _read(content).arrow.to_pydict()
    return columns


# --- Fields and records -----------------------------------------------------------------------------------------------


def test_an_empty_field_is_null_and_an_empty_text_is_not() -> None:
    assert _columns(b'a,b\n,""\n') == {"a": [None], "b": [""]}


def test_lines_of_blanks_are_skipped_like_empty_ones() -> None:
    assert _columns(b"\n  \na,b\n1,2\n   \n\n3,4\n \n") == {"a": ["1", "3"], "b": ["2", "4"]}


def test_a_line_of_separators_is_a_row_without_values() -> None:
    assert _columns(b"a\tb\n1\t2\n\t\n") == {"a": ["1", None], "b": ["2", None]}


def test_a_first_name_may_be_missing_before_a_tab() -> None:
    assert _columns(b"\ta\tb\n0\t1\t2\n") == {"column 1": ["0"], "a": ["1"], "b": ["2"]}


def test_names_may_hold_quotes_separators_and_line_ends() -> None:
    assert _columns(b'"a ""x"", y","b\nc"\n1,2\n') == {'a "x", y': ["1"], "b\nc": ["2"]}


def test_a_record_may_be_longer_than_a_block() -> None:
    long = "x" * 3_000_000
    assert _columns(f"a,b\n1,2\n3,{long}\n5,6\n".encode())["b"] == ["2", long, "6"]


def test_a_quoted_field_may_be_longer_than_a_block() -> None:
    long = "x\n" * 600_000
    assert _columns(f'a,b\n1,"{long}"\n5,6\n'.encode())["b"] == [long, "6"]


def test_ten_thousand_columns() -> None:
    lines = [",".join(f"c{place}" for place in range(10_000))] + [",".join(["0"] * 10_000)] * 20
    assert _read("\n".join(lines).encode()).arrow.shape == (20, 10_000)


def test_records_that_are_torn_or_open_are_marked() -> None:
    marks = [(r.line, r.is_torn, r.is_open) for r in records(b'"a\nb",c\n1,"2\n3,"4\n5,"6', ",")]
    assert marks == [(1, False, False), (3, True, False), (5, False, True)]


# --- The separator ----------------------------------------------------------------------------------------------------


def test_one_ragged_row_does_not_change_the_separator() -> None:
    content = b"id;text\n" + b"1;a, b, c\n" * 9 + b"1;2;3\n"
    with pytest.raises(TableError, match=r"t\.csv, line 11: 3 fields where the column names are 2, .* a semicolon;"):
        _read(content)


@pytest.mark.parametrize(
    ("content", "mark"), [(b"a:b\n1:2\n", "':'"), (b"a b\n1 2\n", "' '"), (b"a^b\n1^2\n", r"'\^'")]
)
def test_a_separator_that_is_not_known_is_shown(content: bytes, mark: str) -> None:
    with pytest.raises(TableError, match=f"line 1: There is only one column, whose name holds {mark}; separate fields"):
        _read(content)


def test_a_name_of_absurd_length_is_refused() -> None:
    with pytest.raises(TableError, match=r"t\.csv, line 2: The file cannot be read as CSV: field larger than"):
        _read(b"\na," + b"x" * 200_000 + b"\n1,2\n")


# --- Quotes -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b'"a,b\n1,2\n', 1),
        (b'a,b\n1,"2\n3,4\n', 2),
        (b'a,b\n1,2\n3,"4', 3),
        (b'a,b\n"x\ny",2\n3,"4\n5,6\n', 4),
        (b'a,b\n5" x,1\n3,"4\n5,6\n', 3),
    ],
)
def test_a_quote_that_is_never_closed_is_found(content: bytes, line: int) -> None:
    with pytest.raises(TableError, match=f"line {line}: A quote that is opened on this line is never closed; close it"):
        _read(content)


@pytest.mark.parametrize(
    ("content", "line"),
    [(b'a,b\n1,"2\n3,4\n5,"6\n7,8\n', 2), (b'a,b\n1,2\n"1,2\n3,"4\n', 3), (b'a,b\n\n"x\ny" z,2\n', 3)],
)
def test_two_unclosed_quotes_do_not_swallow_the_rows_between_them(content: bytes, line: int) -> None:
    with pytest.raises(
        TableError, match=f"line {line}: A quoted field that begins in this record runs over lines, and text stands"
    ):
        _read(content)


def test_text_behind_a_closing_quote_on_the_same_line_belongs_to_the_field() -> None:
    assert _columns(b'a,b\n"x" y,2\n\n3,4\n') == {"a": ["x y", "3"], "b": ["2", "4"]}


# --- Whatever is written is read --------------------------------------------------------------------------------------

CHARACTERS = st.one_of(st.characters(exclude_categories=["Cs", "Cc"]), st.sampled_from(' ,;\t|"\n'))
CELLS = st.text(CHARACTERS, min_size=1, max_size=6)
NUMBERS_OF_LINES = st.integers(0, 2)


@given(
    st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=6),
    st.sampled_from(",;\t|"),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]),
)
def test_tables_come_back(rows: list[tuple[str, str, str]], delimiter: str, end: str, encoding: str) -> None:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=end).writerows([("one", "two", "three"), *rows])
    table = _read(out.getvalue().encode(encoding))
    assert list(zip(*table.arrow.to_pydict().values(), strict=True)) == rows


@given(st.lists(st.tuples(CELLS, CELLS, NUMBERS_OF_LINES), min_size=1, max_size=6), NUMBERS_OF_LINES)
def test_rows_know_their_line(rows: list[tuple[str, str, int]], blank: int) -> None:
    text, expected = "\n" * blank + "one,two\n", []
    for first, second, blank_lines in rows:
        expected.append(text.count("\n") + 1)
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerow([first, second])
        text += out.getvalue() + "\n" * blank_lines
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.csv"
        path.write_text(text, encoding="utf-8", newline="")
        table = read_csv(str(path), name="t.csv", encoding=None)
        assert [table.line(row) for row in range(table.n_rows)] == expected

from __future__ import annotations

import csv
import gzip
import io
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet
import pytest

from epoca.errors import OptionError, TableError
from epoca.tables import sources
from epoca.tables.reading import read_table

ROWS = [["nome", "valor"], ["São João", "1.5"], ["", "-2"], ['com "aspas", vírgula', "3"], ["duas\nlinhas", "007"]]
COLUMNS = {"nome": ["São João", None, 'com "aspas", vírgula', "duas\nlinhas"], "valor": ["1.5", "-2", "3", "007"]}


def _text(delimiter: str = ",", end: str = "\n") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=end).writerows(ROWS)
    return out.getvalue()


def _written(folder: Path, content: bytes, name: str = "t.csv") -> str:
    (folder / name).write_bytes(content)
    return str(folder / name)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "latin-1", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends_make_no_difference(tmp_path: Path, encoding: str, end: str) -> None:
    path = _written(tmp_path, _text().replace("\n", end).encode(encoding))
    assert read_table(path).arrow.to_pydict() == COLUMNS


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_are_found(tmp_path: Path, delimiter: str) -> None:
    assert read_table(_written(tmp_path, _text(delimiter).encode())).arrow.to_pydict() == COLUMNS


def test_utf_16_without_a_mark_is_refused_and_read_when_named(tmp_path: Path) -> None:
    path = _written(tmp_path, _text().encode("utf-16-le"))
    with pytest.raises(TableError, match="This is no text: a zero byte stands in it"):
        read_table(path)
    assert read_table(path, encoding="utf-16-le").arrow.to_pydict() == COLUMNS


def test_a_guessed_encoding_is_told(tmp_path: Path) -> None:
    (note,) = read_table(_written(tmp_path, _text().encode("latin-1"))).notes
    assert "is not UTF-8 and was read as latin-1" in str(note)
    assert read_table(_written(tmp_path, _text().encode())).notes == ()


def test_encodings_that_do_not_fit(tmp_path: Path) -> None:
    path = _written(tmp_path, "a,b\n1,é\n".encode("latin-1"))
    with pytest.raises(TableError, match=r"t\.csv, line 2: Byte 0xe9 is not utf-8; name the file's own encoding"):
        read_table(path, encoding="utf-8")
    with pytest.raises(OptionError, match='There is no encoding "klingon"; common ones are'):
        read_table(path, encoding="klingon")


def test_compressed_files_are_known_by_their_content(tmp_path: Path) -> None:
    zstd = pa.Codec("zstd").compress(_text().encode(), asbytes=True)
    for content in (gzip.compress(_text().encode()), zstd):
        assert read_table(_written(tmp_path, content)).arrow.to_pydict() == COLUMNS


def test_damaged_and_endless_compressed_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = gzip.compress(np.random.default_rng(0).bytes(5000).hex().encode())
    with pytest.raises(TableError, match="The compressed file is damaged or cut short"):
        read_table(_written(tmp_path, content[:2000]))
    monkeypatch.setattr(sources, "LARGEST", 1000)
    with pytest.raises(TableError, match="The compressed file holds more than 1,000 bytes; split it"):
        read_table(_written(tmp_path, content))


@pytest.mark.parametrize(
    ("text", "decimal"),
    [
        ("a;b\n1,5;2\n", ","),
        ("a;b\n1.234,56;2\n", ","),
        ("a;b\n1.5;2\n", "."),
        ("a;b\n1,5;2.5\n", "."),
        ("a;b\n1;x,y\n", "."),
        ('a,b\n"1,5",2\n', ","),
        ('a,b\n"1,234",2\n', "."),
        ('a,b\n"1,234",2.5\n', "."),
        ("a;b\n1,234;2\n", ","),
        ("a;b\n1,234;2.345\n", ","),
        ("a;b\n1,234;0.345\n", "."),
        ("a;b\n1,234,567;2\n", "."),
        ("a;b\n1.234.567;2\n", ","),
        ("a;b\n1.234.567;2.5\n", "."),
        ("a;b\n1,5E+03;2\n", ","),
        ("a\tb\n-0,25\t2\n", ","),
    ],
)
def test_the_decimal_mark_is_a_comma_only_without_doubt(tmp_path: Path, text: str, decimal: str) -> None:
    assert read_table(_written(tmp_path, text.encode())).decimal == decimal


def test_rows_know_their_line(tmp_path: Path) -> None:
    plain = read_table(_written(tmp_path, b"a,b\n1,2\n3,4\n"))
    assert [plain.line(row) for row in range(2)] == [2, 3]
    winding = read_table(_written(tmp_path, b'\na,b\n\n"1\n1",2\n\n3,4\n5,6', "w.csv"))
    assert [winding.line(row) for row in range(3)] == [4, 7, 8]
    assert read_table({"a": [1], "b": [2]}).line(0) is None


@pytest.mark.parametrize("bad", [1, 2, 4999, 9999])
def test_ragged_rows_are_named_wherever_they_stand(tmp_path: Path, bad: int) -> None:
    lines = ["a,b,c"] + ["1,2,3"] * 10_000
    lines[bad] = "1,2"
    with pytest.raises(
        TableError, match=rf"t\.csv, line {bad + 1}: 2 fields where the column names are 3, separated by a comma"
    ):
        read_table(_written(tmp_path, "\n".join(lines).encode()))


def test_an_unclosed_quote_is_named_by_the_line_that_opens_it(tmp_path: Path) -> None:
    lines = ["a,b,c"] + ["1,2,3"] * 10_000
    lines[1234] = '1,"2,3'
    with pytest.raises(TableError, match=r"line 1235: A quote that is opened on this line is never closed"):
        read_table(_written(tmp_path, "\n".join(lines).encode()))


def test_a_quote_within_a_field_is_a_quote(tmp_path: Path) -> None:
    assert read_table(_written(tmp_path, b'a,b\n5" pipe,x\n')).arrow.to_pydict() == {"a": ['5" pipe'], "b": ["x"]}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"PK\x03\x04", "This is a ZIP archive or an Excel workbook"),
        (b"\xd0\xcf\x11\xe0", "This is an old Excel workbook"),
        (b"%PDF-1.7", "This is a PDF document"),
        (b"\x89PNG\r\n", "This is a picture"),
        (b"SQLite format 3\x00", "This is a database"),
        (b"\x80\x04\x95", "This is a Python pickle"),
        (b"<!DOCTYPE html>", "This is a web page or XML"),
        (b'{"a": 1}', "This is JSON"),
        (b"", "The file is empty"),
        (b"\n \n", "The file is empty"),
        (b"a,b\n", "There is no row below the column names"),
        (b"a\n1\n", "There is only one column"),
        (b"a, a\n1,2\n", "Columns 1 and 2 have the same name"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, content: bytes, sentence: str) -> None:
    with pytest.raises(TableError, match=sentence):
        read_table(_written(tmp_path, content))


def test_columns_without_a_name_get_one(tmp_path: Path) -> None:
    assert read_table(_written(tmp_path, b",b\n0,2\n")).column_names == ["column 1", "b"]


def test_files_that_are_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _written(tmp_path, b"a,b\n1,2\n", "points.csv")
    with pytest.raises(TableError, match=r'There is no such file; did you mean ".*points\.csv"\?'):
        read_table(path.replace("points", "pionts"))
    with pytest.raises(TableError, match=r"There is no such file\.$"):
        read_table(tmp_path / "nowhere" / "x")
    with pytest.raises(TableError, match="This is a folder; name a file in it"):
        read_table(tmp_path)

    def forbidden(*_words: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", forbidden)
    with pytest.raises(TableError, match="The file cannot be read: Permission denied"):
        read_table(path)


ARROW = pa.table({"a": [1, 2, None], "b": ["x", None, "y"], "d": pa.array([1, 2, 3], pa.decimal128(5, 2))})


def test_parquet_feather_and_arrow_streams(tmp_path: Path) -> None:
    pyarrow.parquet.write_table(ARROW, tmp_path / "t.parquet")
    pyarrow.feather.write_feather(ARROW, tmp_path / "t.feather")
    with pa.ipc.new_stream(tmp_path / "t.arrow", ARROW.schema) as stream:
        stream.write_table(ARROW)
    for name in ("t.parquet", "t.feather", "t.arrow"):
        table = read_table(tmp_path / name)
        assert table.arrow["a"].to_pylist() == [1, 2, None]
        assert table.arrow["d"].type == pa.float64()


@pytest.mark.parametrize("name", ["t.parquet", "t.feather"])
def test_binary_files_cut_short(tmp_path: Path, name: str) -> None:
    pyarrow.parquet.write_table(ARROW, tmp_path / "t.parquet")
    pyarrow.feather.write_feather(ARROW, tmp_path / "t.feather")
    content = (tmp_path / name).read_bytes()
    for size in (0, 3, 20, len(content) // 2, len(content) - 1):
        with pytest.raises(TableError, match=r"damaged or cut short|is named as \.\w+, but is none"):
            read_table(_written(tmp_path, content[:size], name))


def test_a_parquet_file_larger_than_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pyarrow.parquet.write_table(ARROW, tmp_path / "t.parquet")
    monkeypatch.setattr("epoca.tables.reading.LARGEST_BINARY", 10)
    with pytest.raises(TableError, match="The table would take 72 bytes of memory, more than 10; split it"):
        read_table(tmp_path / "t.parquet")


def far_away(kind: pa.DataType) -> pa.Array:
    """Texts that point far beyond what there is; of views those that are missing."""
    if kind == pa.string():
        offsets = pa.py_buffer(np.array([0, 1 << 30, 1], np.int32))
        return pa.Array.from_buffers(kind, 2, [None, offsets, pa.py_buffer(b"x")])
    views = np.array([[1 << 30, 0, 7, 1 << 30]] * 2, np.int32)
    return pa.Array.from_buffers(kind, 2, [pa.py_buffer(b"\x00"), pa.py_buffer(views), pa.py_buffer(b"x")])


@pytest.mark.parametrize("kind", [pa.string(), pa.string_view()])
@pytest.mark.parametrize("new", [pa.ipc.new_file, pa.ipc.new_stream])
def test_an_arrow_file_that_points_beyond_itself(tmp_path: Path, new: Any, kind: pa.DataType) -> None:
    batch = pa.record_batch([far_away(kind), pa.array([1, 2])], names=["a", "b"])
    with new(str(tmp_path / "t.arrow"), batch.schema) as opened:
        opened.write_batch(batch)
    with pytest.raises(TableError, match=r"The file is damaged or cut short; fetch or make it anew\."):
        read_table(tmp_path / "t.arrow")


def test_frames_and_arrays() -> None:
    values = {"a": [1, 2], "b": ["x", "y"]}
    frame = pd.DataFrame(values, index=[7, 8])
    for source in (values, frame, frame.astype({"b": "category"}), pl.DataFrame(values), pa.table(values)):
        assert read_table(source).arrow.to_pydict() == values
    assert read_table(np.array([[1.0, 2.0]])).arrow.to_pydict() == {"x0": [1.0], "x1": [2.0]}
    assert read_table(pa.RecordBatch.from_pydict(values), name="mine").name == "mine"


def test_sources_that_are_no_table() -> None:
    with pytest.raises(OptionError, match=r"A table is a path, a data frame, a two-dimensional array .*, not a int"):
        read_table(5)
    with pytest.raises(TableError, match="An array needs two dimensions, rows and columns; this one has 1"):
        read_table(np.ones(3))
    with pytest.raises(TableError, match="The values cannot be read as columns of one kind each: "):
        read_table(pd.DataFrame({"a": [1, "x"], "b": [1, 2]}))
    with pytest.raises(TableError, match=r'column "l": Values of the type list<.*> cannot be learned from'):
        read_table({"l": [[1], [2]], "b": [1, 2]})
    with pytest.raises(TableError, match=r"There is only one column; a table needs at least one besides the target\."):
        read_table({"a": [1]})
    with pytest.raises(TableError, match=r"There is no row; a table needs rows to learn from\."):
        read_table({"a": [], "b": []})
    with pytest.raises(TableError, match='column "a": This column name stands more than once'):
        read_table(pa.table([[1], [2]], names=["a", "a"]))


def test_the_column_that_is_to_blame_is_named() -> None:
    mixed = [1, "x"]
    frame = pd.DataFrame({"good": [1, 2], "bad": mixed})
    for source in (frame, {"good": [1, 2], "bad": mixed}):
        with pytest.raises(TableError, match='table, column "bad": The values cannot be read as columns of one kind'):
            read_table(source)
    with pytest.raises(TableError, match='column "x1": The values cannot be read as columns of one kind each'):
        read_table(np.array([[1, 1], [2, "x"]], dtype=object))
    with pytest.raises(TableError, match=r'column "big": The values cannot be read .* too large'):
        read_table({"small": [1], "big": [2**70]})
    with pytest.raises(TableError, match='column "b": The column has 2 values, the first column 1; make them equally'):
        read_table({"a": [1], "b": [1, 2]})


def test_a_single_series_is_no_table() -> None:
    for series in (pd.Series([1, 2]), pl.Series([1, 2])):
        with pytest.raises(OptionError, match=r"A table is a path, .* not a Series\."):
            read_table(series)


def test_a_frame_of_another_library_that_builds_on_pandas_loses_its_index_too() -> None:
    subclass = type("Frame", (pd.DataFrame,), {"__module__": "elsewhere"})
    assert read_table(subclass({"a": [1], "b": [2]}, index=[9])).column_names == ["a", "b"]


def test_the_nameless_index_in_a_parquet_file_of_pandas_is_left_out(tmp_path: Path) -> None:
    pd.DataFrame({"a": [1], "b": [2]}, index=[9]).to_parquet(tmp_path / "t.parquet")
    assert read_table(tmp_path / "t.parquet").column_names == ["a", "b"]


def test_text_and_categories_of_polars_become_text_whose_rows_can_be_taken() -> None:
    frame = pl.DataFrame(
        {"category": ["x", None, "y"], "text": ["a", None, "b"]}, schema_overrides={"category": pl.Categorical}
    )
    taken = read_table(frame).arrow.take([2, 1])
    assert taken.to_pydict() == {"category": ["y", None], "text": ["b", None]}
    assert taken.schema.types == [pa.large_string(), pa.large_string()]


def test_missing_values_become_null_wherever_they_come_from() -> None:
    columns = {"a": [1.0, float("nan")], "b": ["x", float("nan")]}
    expected = {"a": [1.0, None], "b": ["x", None]}
    for source in (columns, pd.DataFrame(columns)):
        assert read_table(source).arrow.to_pydict() == expected
    masked = np.ma.masked_equal(np.array([[1, 2], [3, 4]]), 2)
    assert read_table(masked).arrow.to_pydict() == {"x0": [1, 3], "x1": [None, 4]}


@pytest.mark.parametrize("dtype", [np.longdouble, ">f8", "<f4", "f2", ">i4", bool])
def test_numbers_of_any_layout(dtype: str) -> None:
    array = np.array([[1, 0], [0, 1]], dtype=dtype)
    assert read_table(np.asfortranarray(array)).arrow.to_pydict() == {"x0": [1, 0], "x1": [0, 1]}


def test_a_name_goes_into_the_table_and_its_messages(tmp_path: Path) -> None:
    path = _written(tmp_path, b"a,b\n1,2\n")
    assert read_table(path).name == path
    assert read_table(path, name="mine.csv").name == "mine.csv"
    with pytest.raises(TableError, match=r"^mine\.csv, line 2: 1 fields where"):
        read_table(_written(tmp_path, b"a,b\n1\n"), name="mine.csv")


@pytest.mark.parametrize("ending", ["parquet", "arrow", "feather", "ipc"])
def test_an_ending_that_promises_too_much(tmp_path: Path, ending: str) -> None:
    with pytest.raises(TableError, match=rf"The file is named as \.{ending}, but is none; was it cut short\?"):
        read_table(_written(tmp_path, b"a,b\n1,2\n", f"t.{ending}"))


@pytest.mark.parametrize(
    "values",
    [
        pa.array([{"x": 1}]),
        pa.array([[("k", 1)]], pa.map_(pa.string(), pa.int64())),
        pa.array([b"x"]),
        pa.array([b"x"]).dictionary_encode(),
        pa.array([None], pa.month_day_nano_interval()),
    ],
)
def test_values_that_cannot_be_learned_from_are_named_with_their_type(values: pa.Array) -> None:
    with pytest.raises(
        TableError, match=r'column "bad": Values of the type .* cannot be learned from; leave the column'
    ):
        read_table(pa.table({"good": [1], "bad": values}))

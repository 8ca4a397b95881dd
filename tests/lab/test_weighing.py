"""Files that are small and would be large, and files that are not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as pq
import pytest

from epoca.errors import TableError
from epoca.lab import weighing
from epoca.lab.weighing import refuse_too_large
from tests.lab.asking import TABLE
from tests.lab.bombs import BOMBS

N = 100_000


def test_bombs_are_refused_by_their_weight(tmp_path: Path) -> None:
    for name in BOMBS.keys() - {"nested.csv.gz"}:
        file = tmp_path / name
        file.write_bytes(BOMBS[name]())
        assert file.stat().st_size < 1_500_000
        with pytest.raises(TableError, match=r"(holds more than|would take|cells, and the lab takes|list<.*> cannot)"):
            refuse_too_large(file)


def of_codes() -> pa.Table:
    text = pa.DictionaryArray.from_arrays(pa.array(np.zeros(N, np.int32)), pa.array(["x" * N]))
    return pa.table({"text": text, "y": np.arange(N)})


def of_views() -> pa.Table:
    """Many views of one text."""
    view = np.array([N, int.from_bytes(b"xxxx", "little"), 0, 0], np.int32)
    buffers = [None, pa.py_buffer(np.tile(view, N)), pa.py_buffer(b"x" * N)]
    return pa.table({"text": pa.Array.from_buffers(pa.string_view(), N, buffers), "y": np.arange(N)})


def plain() -> pa.Table:
    text = pa.array(["a", None, "long " * 20] * 10)
    columns = {
        "s": text,
        "l": text.cast(pa.large_string()),
        "v": text.cast(pa.string_view()),
        "c": text.dictionary_encode(),
    }
    return pa.table({**columns, "n": np.arange(30.0), "t": pa.array([True] * 30)}).slice(1)


def write_stream(table: pa.Table, file: Path) -> None:
    with pa.ipc.new_stream(str(file), table.schema) as stream:
        stream.write_table(table)


def write_file(table: pa.Table, file: Path) -> None:
    with pa.ipc.new_file(str(file), table.schema) as opened:
        opened.write_table(table)


@pytest.mark.parametrize("write", [write_stream, write_file])
@pytest.mark.parametrize("make", [of_codes, of_views])
def test_texts_that_stand_there_once_are_counted_as_often_as_they_are_meant(
    tmp_path: Path, make: Callable[[], pa.Table], write: Callable[[pa.Table, Path], None]
) -> None:
    write(make(), tmp_path / "table.arrow")
    with pytest.raises(TableError, match="would take 10,00"):
        refuse_too_large(tmp_path / "table.arrow")


@pytest.mark.parametrize(
    "write", [write_stream, write_file, pq.write_table, lambda table, file: file.write_bytes(TABLE)]
)
def test_tables_of_common_size_are_let_through(tmp_path: Path, write: Callable[[pa.Table, Path], None]) -> None:
    write(plain(), tmp_path / "table")
    refuse_too_large(tmp_path / "table")


@pytest.mark.filterwarnings("ignore:Feather V1")
def test_the_first_feather_format_is_weighed_too(tmp_path: Path) -> None:
    feather.write_feather(of_codes(), str(tmp_path / "table.feather"), version=1)
    with pytest.raises(TableError, match="would take 10,00"):
        refuse_too_large(tmp_path / "table.feather")


@pytest.mark.parametrize("write", [write_stream, write_file, pq.write_table])
@pytest.mark.parametrize(
    "values",
    [
        pa.array([["x"], []]),
        pa.array([{"a": 1}, None]),
        pa.array([[1, 2], [3, 4]], pa.list_(pa.int8(), 2)),
    ],
)
def test_values_within_values_are_refused_before_any_is_read(
    tmp_path: Path, write: Callable[[pa.Table, Path], None], values: pa.Array, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(weighing, "_weigh_batches", None)
    write(pa.table({"a": values, "y": [1, 2]}), tmp_path / "table")
    with pytest.raises(TableError, match=r'column "a": Values of the type .* cannot be learned from; leave the column'):
        refuse_too_large(tmp_path / "table")


@pytest.mark.parametrize("start", [b"PAR1", b"ARROW1", b"FEA1", b"\xff\xff\xff\xff", b"\x1f\x8b", b"\x28\xb5\x2f\xfd"])
def test_what_is_damaged_is_refused(tmp_path: Path, start: bytes) -> None:
    (tmp_path / "table").write_bytes(start + b"\x00" * 40)
    with pytest.raises(TableError, match=r"The file is damaged or cut short; fetch or make it anew\."):
        refuse_too_large(tmp_path / "table")


@pytest.mark.parametrize("content", [b"", TABLE])
def test_a_text_is_left_to_the_reader(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "table").write_bytes(content)
    refuse_too_large(tmp_path / "table")

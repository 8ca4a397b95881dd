"""What an Arrow file says of its size before it is read, and that nobody can make it say less."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from epoca.errors import TableError
from epoca.lab.arrow_messages import Declared, declared_by_file, declared_by_stream
from epoca.lab.weighing import refuse_too_large

COLUMNS = pa.table(
    {"n": np.zeros(5000), "t": pa.array(["x" * 20] * 5000), "c": pa.array(["a"] * 5000, pa.string_view())}
)
WRITERS = [(pa.ipc.new_file, declared_by_file), (pa.ipc.new_stream, declared_by_stream)]

Writer = Callable[..., pa.RecordBatchFileWriter]
Reader = Callable[[Path], list[Declared]]


def written(file: Path, table: pa.Table, new: Writer = pa.ipc.new_file, **options: object) -> bytes:
    with new(str(file), table.schema, options=pa.ipc.IpcWriteOptions(**options)) as opened:
        opened.write_table(table, max_chunksize=2000)
    return file.read_bytes()


@pytest.mark.parametrize("compression", [None, "lz4", "zstd"])
@pytest.mark.parametrize(("new", "read"), WRITERS)
def test_it_says_what_it_becomes_however_it_is_compressed(
    tmp_path: Path, new: Writer, read: Reader, compression: str | None
) -> None:
    size = len(written(tmp_path / "t", COLUMNS, new, compression=compression))
    found = list(read(tmp_path / "t"))
    assert [declared.rows for declared in found] == [2000, 2000, 1000]
    assert COLUMNS.nbytes <= sum(declared.size for declared in found) < COLUMNS.nbytes + 1000
    assert (size < COLUMNS.nbytes / 5) is (compression is not None)


@pytest.mark.parametrize(("new", "read"), WRITERS)
def test_dictionaries_count_as_bytes_alone(tmp_path: Path, new: Writer, read: Reader) -> None:
    codes = pa.DictionaryArray.from_arrays(pa.array(np.zeros(2000, np.int32)), pa.array(["x" * 5000]))
    written(tmp_path / "t", pa.table({"c": codes}), new, compression="zstd")
    dictionary, batch = read(tmp_path / "t")
    assert (dictionary.rows, batch.rows) == (0, 2000)
    assert 5000 < dictionary.size < 5064
    assert batch.size == 8000


@pytest.mark.parametrize("is_legacy", [False, True])
@pytest.mark.parametrize(("new", "read"), WRITERS)
def test_what_older_versions_wrote_is_understood(tmp_path: Path, new: Writer, read: Reader, is_legacy: bool) -> None:
    version = pa.ipc.MetadataVersion.V4
    written(tmp_path / "t", COLUMNS, new, metadata_version=version, use_legacy_format=is_legacy)
    assert sum(declared.rows for declared in read(tmp_path / "t")) == 5000


def blocks(content: bytes | bytearray) -> list[int]:
    """Where the footer tells of record batches."""
    (length,) = struct.unpack("<i", content[-10:-6])
    footer = len(content) - 10 - length
    starts = range(footer, len(content) - 34, 4)
    told = ((place, struct.unpack_from("<qi4xq", content, place)) for place in starts)
    return [place for place, (at, size, _body) in told if content[at : at + 4] == b"\xff" * 4 and at and size]


def test_a_footer_that_points_to_one_batch_many_times_says_so(tmp_path: Path) -> None:
    content = bytearray(written(tmp_path / "t", COLUMNS))
    first, second, third = blocks(content)
    content[second : second + 24] = content[third : third + 24] = content[first : first + 24]
    (tmp_path / "t").write_bytes(content)
    assert [declared.rows for declared in declared_by_file(tmp_path / "t")] == [2000] * 3


def test_a_block_behind_whose_message_another_would_be_read_is_refused(tmp_path: Path) -> None:
    content = bytearray(written(tmp_path / "t", COLUMNS))
    first, second, _third = blocks(content)
    start, _size, _body = struct.unpack_from("<qi4xq", content, first)
    after, size, _body = struct.unpack_from("<qi4xq", content, second)
    struct.pack_into("<i", content, first + 8, after + size - start)
    (tmp_path / "t").write_bytes(content)
    with pa.ipc.open_file(tmp_path / "t") as opened:
        assert opened.get_batch(0).num_rows == 2000
    with pytest.raises(TableError, match="The file is damaged or cut short"):
        refuse_too_large(tmp_path / "t")


def test_thousands_of_damaged_files_are_let_through_or_refused_in_words(tmp_path: Path) -> None:
    chance, file = np.random.default_rng(5), tmp_path / "t"
    wholes = [written(file, COLUMNS[:40], new, compression=how) for new, _read in WRITERS for how in (None, "zstd")]
    refused = 0
    for number in range(2500):
        content = bytearray(wholes[number % 4])
        for place in chance.integers(8, len(content), size=3):
            content[place] = chance.choice([0, 1, 127, 128, 255])
        file.write_bytes(content[: chance.integers(8, len(content))] if number % 20 == 0 else content)
        try:
            refuse_too_large(file)
        except TableError:
            refused += 1
    assert refused > 500

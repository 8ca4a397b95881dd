"""What the pages of a Parquet file say of their size, which its footer cannot make less."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from epoca.errors import TableError
from epoca.lab import weighing
from epoca.lab.parquet_pages import chunks_of, page_sizes
from epoca.lab.weighing import refuse_too_large

N = 200_000
COLUMNS = pa.table({"n": np.arange(N) % 977 / 7, "t": pa.array(["ab", None, "c" * 30, "d"] * (N // 4))})


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"compression": "zstd", "use_dictionary": False},
        {"compression": "none", "data_page_version": "2.0"},
        {"compression": "gzip", "write_page_checksum": True, "row_group_size": 30_000},
        {"data_page_size": 1000, "column_encoding": {"n": "BYTE_STREAM_SPLIT"}, "use_dictionary": ["t"]},
    ],
)
def test_it_says_what_it_becomes_however_it_is_written(tmp_path: Path, options: dict[str, Any]) -> None:
    pq.write_table(COLUMNS, tmp_path / "t", **options)
    footer = pq.read_metadata(tmp_path / "t")
    chunks = chunks_of(footer)
    assert len(chunks) == footer.num_row_groups * 2
    assert sum(chunk.values for chunk in chunks) == N * 2
    sizes, told = list(page_sizes(tmp_path / "t", chunks)), sum(chunk.size for chunk in chunks)
    assert told - 100 * len(sizes) < sum(sizes) < told  # which counts the headers, too
    refuse_too_large(tmp_path / "t")


def varint(number: int, length: int) -> bytes:
    """A number as Thrift has it, of so many bytes."""
    parts = [2 * number >> 7 * place & 127 | 128 * (place < length - 1) for place in range(length)]
    return bytes(parts)


def test_a_footer_that_says_less_than_its_pages_is_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pq.write_table(
        pa.table({"a": np.zeros(N), "y": np.zeros(N)}),
        tmp_path / "t",
        compression="zstd",
        use_dictionary=False,
        data_page_size=1 << 30,
        max_rows_per_page=N,
        write_statistics=False,
    )
    content, group = (tmp_path / "t").read_bytes(), pq.read_metadata(tmp_path / "t").row_group(0)
    footer = len(content) - 8 - int.from_bytes(content[-8:-4], "little")
    told = content[footer:]
    for number in (N, group.total_byte_size, group.column(0).total_uncompressed_size):
        length = -(-(2 * number).bit_length() // 7)
        told = told.replace(varint(number, length), varint(30, length))
    (tmp_path / "t").write_bytes(content[:footer] + told)
    assert pq.read_table(tmp_path / "t").num_rows == 30
    refuse_too_large(tmp_path / "t")
    monkeypatch.setattr(weighing, "MOST_BYTES", 16 * N - 1)
    with pytest.raises(TableError, match=r"The table would take 3,200,\d\d\d bytes of memory"):
        refuse_too_large(tmp_path / "t")


def test_thousands_of_damaged_files_are_let_through_or_refused_in_words(tmp_path: Path) -> None:
    chance, file = np.random.default_rng(5), tmp_path / "t"
    pq.write_table(COLUMNS[:40], file)
    whole = file.read_bytes()
    refused = 0
    for number in range(2500):
        content = bytearray(whole)
        for place in chance.integers(4, len(content), size=3):
            content[place] = chance.choice([0, 1, 28, 127, 128, 255])
        file.write_bytes(content[: chance.integers(4, len(content))] if number % 20 == 0 else content)
        try:
            refuse_too_large(file)
        except TableError:
            refused += 1
    assert refused > 500

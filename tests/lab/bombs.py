"""Small files that hold a lot."""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq


def gzip_bomb() -> bytes:
    """1 MB that holds 900; members one behind the other are one file."""
    return gzip.compress(b"a,b\n" + b"1,2\n" * (1 << 18), 9) * 900


def zstd_bomb() -> bytes:
    """A few KB that hold 600 MB, in frames one behind the other."""
    return bytes(pa.compress(b"a,b\n" + b"1,2\n" * (1 << 20), codec="zstd", asbytes=True)) * 150


def parquet_bomb(n_columns: int = 60) -> bytes:
    """A million rows of the same, in so many columns."""
    file = io.BytesIO()
    column = pa.chunked_array([pa.array(np.zeros(1_000_000))])
    pq.write_table(pa.table([column] * n_columns, names=[f"x{i}" for i in range(n_columns)]), file)
    return file.getvalue()


def text_bomb() -> bytes:
    """100,000 rows that all hold the same text of 100 KB."""
    file = io.BytesIO()
    text = pa.DictionaryArray.from_arrays(pa.array(np.zeros(100_000, np.int32)), pa.array(["x" * 100_000]))
    pq.write_table(pa.table({"text": text, "y": np.arange(100_000) % 2}), file, store_schema=False)
    return file.getvalue()


def arrow_bomb() -> bytes:
    """A compressed Arrow file of 60 million zeros."""
    file = io.BytesIO()
    batch = pa.record_batch({f"x{i}": np.zeros(1_000_000) for i in range(6)})
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    with pa.ipc.new_file(file, batch.schema, options=options) as writer:
        for _time in range(10):
            writer.write_batch(batch)
    return file.getvalue()


BOMBS: dict[str, Callable[[], bytes]] = {
    "bomb.csv.gz": gzip_bomb,
    "bomb.csv.zst": zstd_bomb,
    "bomb.parquet": parquet_bomb,
    "text.parquet": text_bomb,
    "bomb.arrow": arrow_bomb,
    "nested.csv.gz": lambda: gzip.compress(gzip.compress(b"0" * 100_000)),
}
"""All of them, by names that fit."""

"""Small files that hold a lot."""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable
from functools import partial

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


def text_bomb(*, is_kept_as_codes: bool) -> bytes:
    """100,000 rows that all hold the same text of 100 KB."""
    file = io.BytesIO()
    text = pa.DictionaryArray.from_arrays(pa.array(np.zeros(100_000, np.int32)), pa.array(["x" * 100_000]))
    pq.write_table(pa.table({"text": text, "y": np.arange(100_000) % 2}), file, store_schema=is_kept_as_codes)
    return file.getvalue()


def list_bomb() -> bytes:
    """20 rows, of which one is a list of 8 million times the same text."""
    file = io.BytesIO()
    texts = pa.DictionaryArray.from_arrays(pa.array(np.zeros(8_000_000, np.int32)), pa.array(["x" * 200]))
    lists = pa.ListArray.from_arrays(pa.array([0, *[8_000_000] * 20], pa.int32()), texts)
    pq.write_table(pa.table({"texts": lists, "y": np.arange(20) % 2}), file, store_schema=False)
    return file.getvalue()


def arrow_bomb(batches: int) -> bytes:
    """A compressed Arrow file of 60 million zeros in so many batches."""
    file = io.BytesIO()
    batch = pa.record_batch({f"x{i}": np.zeros(10_000_000 // batches) for i in range(6)})
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    with pa.ipc.new_file(file, batch.schema, options=options) as writer:
        for _time in range(batches):
            writer.write_batch(batch)
    return file.getvalue()


BOMBS: dict[str, Callable[[], bytes]] = {
    "bomb.csv.gz": gzip_bomb,
    "bomb.csv.zst": zstd_bomb,
    "bomb.parquet": parquet_bomb,
    "text.parquet": partial(text_bomb, is_kept_as_codes=False),
    "codes.parquet": partial(text_bomb, is_kept_as_codes=True),
    "list.parquet": list_bomb,
    "bomb.arrow": partial(arrow_bomb, 10),
    "batch.arrow": partial(arrow_bomb, 1),
    "nested.csv.gz": lambda: gzip.compress(gzip.compress(b"0" * 100_000)),
}
"""All of them, by names that fit."""

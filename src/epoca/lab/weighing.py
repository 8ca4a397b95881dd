"""How large a table becomes in memory, found out before it does: a few kilobytes can be made to hold any number."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from epoca.errors import TableError
from epoca.lab.arrow_messages import declared_by_file, declared_by_stream
from epoca.lab.parquet_pages import chunks_of, page_sizes
from epoca.messages import Message
from epoca.tables.reading import refuse_unknown, validate

MOST_CELLS = 50_000_000
"""Of a table that is brought."""

TOO_MANY_CELLS = Message("The table has {cells} cells, and the lab takes {most}; train on it with epoca fit.")

MOST_TEXT = 512 * 1024 * 1024
"""Bytes of text that a compressed table may hold: those of all cells that the lab takes, at ten each."""

MOST_BYTES = 1024 * 1024 * 1024
"""That the columns of a binary table may become: twice those of all cells, at eight each, and texts."""

_CHUNK = 1 << 20
_ROWS = 1 << 16
_DAMAGES = (pa.ArrowException, OSError, EOFError, UnicodeDecodeError, struct.error, LookupError, RecursionError)
"""What is raised where a file is cut short, or is not what it says."""

_TEXTS = (pa.string(), pa.large_string(), pa.string_view())
_COMPRESSIONS = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd"}


def refuse_too_large(file: Path) -> None:
    """Refuse a file that was made small, and would be too large to be read.

    Parameters
    ----------
    file : Path
        A table that somebody sent, of any kind.

    Raises
    ------
    TableError
        If it is larger than the lab takes, or has columns that cannot be learned from, or is damaged. Whatever else may
        be wrong with it, reading finds.
    """
    with file.open("rb") as opened:
        start = opened.read(6)
    try:
        if start.startswith(b"PAR1"):
            _weigh_parquet(file)
        elif start.startswith((b"ARROW1", b"\xff\xff\xff\xff")):
            _weigh_arrow(file, is_stream=not start.startswith(b"ARROW1"))
        elif start.startswith(b"FEA1"):
            _weigh_feather(file)
        else:
            for magic, compression in _COMPRESSIONS.items():
                if start.startswith(magic):
                    _weigh_text(file, compression)
    except _DAMAGES as error:
        raise TableError("The file is damaged or cut short; fetch or make it anew.", file=str(file)) from error


def _weigh_text(file: Path, compression: str) -> None:
    """Decompress it without keeping anything."""
    size = 0
    with pa.input_stream(str(file), compression=compression) as stream:
        while part := stream.read(_CHUNK):
            size += len(part)
            if size > MOST_TEXT:
                raise TableError(
                    "The compressed file holds more than {limit} bytes; split it into smaller ones.",
                    file=str(file),
                    limit=MOST_TEXT,
                )


def _weigh_parquet(file: Path) -> None:
    """By what its footer and its pages say of it, and by a look at its texts, of which equal ones stand there once."""
    import pyarrow.parquet

    told = pyarrow.parquet.read_metadata(file)
    schema = told.schema.to_arrow_schema()
    _refuse_unknown(file, schema)
    chunks = chunks_of(told)
    widths = [max(told.schema.column(place).length, 8) for place in range(told.num_columns)]
    fixed = sum(chunk.values * widths[chunk.column] for chunk in chunks)
    cells = sum(chunk.values for chunk in chunks)
    _refuse(file, cells=cells, size=max(fixed, sum(chunk.size for chunk in chunks)))
    _weigh(file, ((0, size) for size in page_sizes(file, chunks)))
    texts = [column.name for column in schema if _is_text(column.type)]
    if texts:
        with pyarrow.parquet.ParquetFile(file, read_dictionary=texts) as opened:
            _weigh_batches(file, opened.iter_batches(_ROWS, columns=texts))


def _weigh_arrow(file: Path, *, is_stream: bool) -> None:
    """By what it declares, and only then batch by batch, each of which is let go again."""
    with pa.ipc.open_stream(str(file)) if is_stream else pa.ipc.open_file(str(file)) as opened:
        _refuse_unknown(file, opened.schema)
        declared = declared_by_stream(file) if is_stream else declared_by_file(file)
        _weigh(file, ((message.rows * len(opened.schema), message.size) for message in declared))
        _weigh_batches(file, opened if is_stream else map(opened.get_batch, range(opened.num_record_batches)))


def _weigh_feather(file: Path) -> None:
    """Of the first version, which is never compressed."""
    import pyarrow.feather

    table = pyarrow.feather.read_table(file, memory_map=True)
    _refuse_unknown(file, table.schema)
    _weigh_batches(file, table.to_batches())


def _weigh_batches(file: Path, batches: Iterable[pa.RecordBatch]) -> None:
    _weigh(file, ((batch.num_rows * batch.num_columns, sum(map(_size, batch.columns))) for batch in batches))


def _weigh(file: Path, parts: Iterable[tuple[int, int]]) -> None:
    """Add up cells and bytes, and ask for no further part once they are too many."""
    cells, size = 0, 0
    for more_cells, more_size in parts:
        cells += more_cells
        size += more_size
        _refuse(file, cells=cells, size=size)


def _size(column: pa.Array) -> int:
    """The bytes of a column of which every value stands for itself."""
    validate(column)
    if not _is_text(column.type):
        return max(8 * len(column), int(column.nbytes))
    return 8 * len(column) + int(pc.sum(_lengths(column)).as_py() or 0)


def _lengths(texts: pa.Array) -> pa.Array:
    """Bytes of each text, be they coded or not."""
    if pa.types.is_dictionary(texts.type):
        return _lengths(texts.dictionary).take(texts.indices)
    if not pa.types.is_string_view(texts.type):
        return pc.binary_length(texts)
    # Of views, which may be many of one text, Arrow counts nothing; the first four of their 16 bytes are the length.
    views = np.frombuffer(texts.buffers()[1], np.int32)[::4][texts.offset : texts.offset + len(texts)]
    return pa.array(views, pa.int64(), mask=np.asarray(texts.is_null()))


def _is_text(kind: pa.DataType) -> bool:
    return _is_text(kind.value_type) if pa.types.is_dictionary(kind) else kind in _TEXTS


def _refuse_unknown(file: Path, schema: pa.Schema) -> None:
    for column in schema:
        refuse_unknown(column.type, column=column.name, table=str(file))


def _refuse(file: Path, *, cells: int, size: int) -> None:
    if cells > MOST_CELLS:
        raise TableError(TOO_MANY_CELLS.template, file=str(file), cells=cells, most=MOST_CELLS)
    if size > MOST_BYTES:
        raise TableError(
            "The table would take {size} bytes of memory, more than {limit}; split it.",
            file=str(file),
            size=size,
            limit=MOST_BYTES,
        )

"""Arrow arrays from and to NumPy by their buffers.

``pyarrow.array``, ``pyarrow.scalar`` and ``to_numpy`` do the same, but import pandas wherever it is installed, which
takes longer than everything else that happens before training.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from epoca.types import Numbers

_Scalar = TypeVar("_Scalar", np.float64, np.int64)
_Item = TypeVar("_Item", np.float64, np.int64, np.int8)


def one_array(cells: pa.ChunkedArray | pa.Array) -> pa.Array:
    """The chunks put together."""
    if isinstance(cells, pa.Array):
        return cells
    return pa.concat_arrays(cells.chunks) if cells.num_chunks else pa.nulls(0, cells.type)


def floats_of(cells: pa.ChunkedArray | pa.Array) -> Numbers:
    """Arrow numbers as float64, NaN where null.

    Examples
    --------
    >>> floats_of(pa.chunked_array([[1, None], [3]]))
    array([ 1., nan,  3.])
    """
    floats = cells if pa.types.is_float64(cells.type) else cells.cast(pa.float64(), safe=False)
    return _filled(floats, np.float64, np.nan)


def integers_of(cells: pa.ChunkedArray | pa.Array, null: int = -1) -> NDArray[np.int64]:
    """Arrow integers or truth values as int64, `null` where null."""
    return _filled(cells.cast(pa.int64()), np.int64, null)


def arrow_integers(integers: NDArray[np.int64]) -> pa.Array:
    """An Arrow array that shares the memory of int64 numbers."""
    return pa.Array.from_buffers(pa.int64(), len(integers), [None, pa.py_buffer(np.ascontiguousarray(integers))])


def arrow_floats(floats: Numbers) -> pa.Array:
    """An Arrow array that shares the memory of float64 numbers; NaN stays NaN."""
    return pa.Array.from_buffers(pa.float64(), len(floats), [None, pa.py_buffer(np.ascontiguousarray(floats))])


def arrow_texts(texts: Sequence[str]) -> pa.Array:
    """An Arrow array of large texts.

    Examples
    --------
    >>> arrow_texts(["no", "", "sí"]).to_pylist()
    ['no', '', 'sí']
    """
    encoded = [text.encode() for text in texts]
    ends = np.cumsum([0, *map(len, encoded)], dtype=np.int64)
    return pa.Array.from_buffers(
        pa.large_string(), len(texts), [None, pa.py_buffer(ends), pa.py_buffer(b"".join(encoded))]
    )


def owned(content: bytes | memoryview) -> pa.Buffer:
    """The bytes, copied into memory of Arrow's own.

    Its threads may still be letting go of what they read when the interpreter ends; memory of Python's they could not
    give back then, and the process would be aborted.

    Examples
    --------
    >>> owned(b"a,b").to_pybytes()
    b'a,b'
    """
    buffer = pa.allocate_buffer(len(content))
    memoryview(buffer).cast("B")[:] = content
    return buffer


def _filled(cells: pa.ChunkedArray | pa.Array, dtype: type[_Scalar], null: float) -> NDArray[_Scalar]:
    array = one_array(cells)
    values = _buffer(array, dtype)
    return np.where(_buffer(pc.is_valid(array).cast(pa.int8()), np.int8), values, null) if array.null_count else values


def _buffer(array: pa.Array, dtype: type[_Item]) -> NDArray[_Item]:
    if len(array) == 0:
        return np.empty(0, dtype)
    return np.frombuffer(array.buffers()[1], dtype, count=len(array), offset=array.offset * np.dtype(dtype).itemsize)

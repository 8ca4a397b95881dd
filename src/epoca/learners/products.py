"""Matrix products for batches, tile by tile.

Every element of a product is one sum, begun at 0 and taken in the order of its terms: a row's result is the same bit by
bit whatever rows stand beside it, and whatever machine code computes the others.
"""

from __future__ import annotations

from epoca.learners.kernels import kernel
from epoca.learners.tiles import (
    NARROW_ROWS,
    REGISTER,
    ROWS,
    VECTORS,
    multiply_narrow_tile,
    multiply_tile,
    transpose_tile,
)


@kernel()
def product(
    a,  # (m, p), or (p, m) where transposed; C-contiguous
    transposed,  # bool
    b,  # (p, n), C-contiguous
    out,  # (m, n), C-contiguous, overwritten
):
    """Write ``a @ b`` into `out`; ``a.T @ b`` where `a` comes transposed.

    Tiles at the ends reach back over their neighbours and write the same numbers once more.
    """
    m, n = out.shape
    lanes = REGISTER // out.itemsize
    if n < lanes:
        rows = NARROW_ROWS if m >= NARROW_ROWS else 1
        for i in range(0, m, rows):
            multiply_narrow_tile(a, transposed, b, out, min(i, m - rows), rows)
        return
    rows = ROWS if m >= ROWS else 1
    widest = (VECTORS if m >= ROWS else 1) * lanes
    for j in range(0, n, widest):
        width = min(widest, n - j)
        vectors = (width + lanes - 1) // lanes
        for i in range(0, m, rows):
            multiply_tile(a, transposed, b, out, min(i, m - rows), rows, j, vectors, j + width - lanes)


@kernel()
def transpose(
    a,  # (m, n), C-contiguous
    out,  # (n, m), C-contiguous, overwritten
):
    """Write ``a.T`` into `out`."""
    m, n = a.shape
    lanes = REGISTER // a.itemsize
    if min(m, n) < lanes:
        for i in range(m):
            for j in range(n):
                out[j, i] = a[i, j]
    else:
        for i in range(0, m, lanes):
            for j in range(0, n, lanes):
                transpose_tile(a, out, min(i, m - lanes), min(j, n - lanes))

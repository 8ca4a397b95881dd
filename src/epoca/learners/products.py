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
from epoca.learners.views import view


@kernel()
def product(
    a,  # (m, p), or (p, m) where transposed; C-contiguous
    transposed,  # bool
    b,  # (p, n), C-contiguous
    out,  # (m, n), C-contiguous, overwritten
):
    """Write ``a @ b`` into `out`; ``a.T @ b`` where `a` comes transposed.

    A tile at the end begins its last vector so early that it fits, and takes the last row for those that are missing:
    what is written twice is the same.
    """
    m, n = out.shape
    lanes = REGISTER // out.itemsize
    if n < lanes:
        for i in range(0, m, NARROW_ROWS):
            multiply_narrow_tile(a, transposed, b, out, i)
        return
    for j in range(0, n, VECTORS * lanes):
        width = min(VECTORS * lanes, n - j)
        vectors = (width + lanes - 1) // lanes
        for i in range(0, m, ROWS):
            multiply_tile(a, transposed, b, out, i, j, vectors, j + width - lanes)


@kernel()
def product_of_transposed(
    a,  # (p, m), C-contiguous
    b,  # (p, n), C-contiguous
    scratch,  # (m * n,) or more, overwritten
    out,  # (m, n), C-contiguous, overwritten
):
    """Write ``a.T @ b`` into `out`."""
    m, n = out.shape
    if n < REGISTER // out.itemsize <= m:  # the transposed result has rows that fill vectors
        across = view(scratch, 0, n, m)
        product(b, True, a, across)
        transpose(across, out)
    else:
        product(a, True, b, out)


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

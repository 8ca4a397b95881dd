"""Matrix products for batches: a readable kernel for small ones, BLAS for large ones.

BLAS wins on large matrices. On the small ones of a batch it depends on the processor: where OpenBLAS has kernels of its
own for them (AVX-512) it wins too; elsewhere its call costs as much as the product, and its allocator's lock keeps two
threads from working side by side. Both bounds were measured, see ``benchmarks/LOG.md``.
"""

from __future__ import annotations

import functools

import numpy as np
from threadpoolctl import ThreadpoolController

from epoca.learners.kernels import kernel

ALWAYS_OWN = 1 << 62
"""A bound that no product reaches: every row is then computed in one fixed order of operations."""

_SMALL_KERNELS = {"SkylakeX", "Cooperlake", "SapphireRapids"}


@functools.cache
def blas_controller() -> ThreadpoolController:
    """The BLAS that numba calls, with its number of threads under control."""
    import scipy.linalg.cython_blas  # noqa: F401  (loads that BLAS, so that it is found)

    return ThreadpoolController()


@functools.cache
def blas_from() -> int:
    """Multiplications from which BLAS takes over a product on this machine.

    Depends on the processor alone, so that the same machine computes the same bits.
    """
    architectures = {library.get("architecture") for library in blas_controller().info()}
    return 0 if architectures & _SMALL_KERNELS else 128**3


@kernel(fastmath={"contract"})
def own_product(
    a,  # (m, p), any order
    b,  # (p, n), C-contiguous
    out,  # (m, n), C-contiguous, overwritten
):
    """Write ``a @ b`` into `out`, each row in the same order of operations whatever the rows beside it.

    Two rows of the result and four terms of the inner sum at a time; the innermost loop runs along contiguous
    columns, so that the compiler turns it into vector instructions without reordering a sum.
    """
    m, n = out.shape
    p = b.shape[0]
    whole = p - p % 4
    for i in range(m):
        for j in range(n):
            out[i, j] = 0
    for i in range(0, m, 2):
        k = min(i + 1, m - 1)  # a last row without a neighbour is computed alone, by the same lines
        for q in range(0, whole, 4):
            a00, a01, a02, a03 = a[i, q], a[i, q + 1], a[i, q + 2], a[i, q + 3]
            if k > i:
                a10, a11, a12, a13 = a[k, q], a[k, q + 1], a[k, q + 2], a[k, q + 3]
                for j in range(n):
                    b0, b1, b2, b3 = b[q, j], b[q + 1, j], b[q + 2, j], b[q + 3, j]
                    out[i, j] += a00 * b0 + a01 * b1 + a02 * b2 + a03 * b3
                    out[k, j] += a10 * b0 + a11 * b1 + a12 * b2 + a13 * b3
            else:
                for j in range(n):
                    out[i, j] += a00 * b[q, j] + a01 * b[q + 1, j] + a02 * b[q + 2, j] + a03 * b[q + 3, j]
        for q in range(whole, p):
            for row in range(i, k + 1):
                a0 = a[row, q]
                for j in range(n):
                    out[row, j] += a0 * b[q, j]


@kernel()
def product(
    a,  # (m, p), any order
    b,  # (p, n), C-contiguous
    out,  # (m, n), C-contiguous, overwritten
    blas_from,  # multiplications from which BLAS is asked
):
    """Write ``a @ b`` into `out`."""
    if out.size * b.shape[0] >= blas_from:
        np.dot(a, b, out)
    else:
        own_product(a, b, out)


@kernel()
def product_transposed(
    a,  # (m, p), C-contiguous
    b,  # (n, p), C-contiguous
    out,  # (m, n), C-contiguous, overwritten
    scratch,  # (p * n,)
    blas_from,  # multiplications from which BLAS is asked
):
    """Write ``a @ b.T`` into `out`."""
    if out.size * b.shape[1] >= blas_from:
        np.dot(a, b.T, out)
    else:
        transposed = scratch[: b.size].reshape(b.shape[1], b.shape[0])
        for j in range(b.shape[0]):
            for q in range(b.shape[1]):
                transposed[q, j] = b[j, q]
        own_product(a, transposed, out)

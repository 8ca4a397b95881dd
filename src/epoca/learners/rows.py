"""Rows of an encoded matrix as kernels meet them: all numbers side by side, or only those that are not 0.

What differs between the two is chosen when a kernel is compiled, by the type of its matrix.
"""

from __future__ import annotations

from numba.core import types
from numba.extending import overload

from epoca.learners.prefetching import prefetch_second
from epoca.learners.products import product, product_of_transposed

_OPTIONS = {"nogil": True, "error_model": "numpy", "no_cfunc_wrapper": True}


def load(
    matrix,  # (n, d), or a SparseMatrix
    rows,  # (m,) int64
    out,  # (m, d), C-contiguous
):
    """Copy rows side by side, converting their type where it differs; sparse ones are used where they are."""


def first_sums(
    matrix,  # (n, d), or a SparseMatrix
    rows,  # (m,) int64
    loaded,  # (m, d): as `load` left it
    weights,  # (d, h)
    out,  # (m, h), overwritten
):
    """The rows times the weights of the first layer."""


def first_gradient(
    matrix,  # (n, d), or a SparseMatrix
    rows,  # (m,) int64
    loaded,  # (m, d): as `load` left it
    delta,  # (m, h)
    scratch,  # (d * h,) or more, overwritten
    out,  # (d, h), overwritten
):
    """The transposed rows times the gradients of the first layer's sums."""


def ask_for(
    matrix,  # (n, d), or a SparseMatrix
    row,
):
    """Ask memory for a row, without waiting for it."""


@overload(load, jit_options=_OPTIONS)
def _load(matrix, rows, out):
    def dense(matrix, rows, out):
        for i in range(rows.size):
            row = rows[i]  # looked up in the inner loop, it might have been overwritten, and nothing goes by vectors
            for j in range(out.shape[1]):
                out[i, j] = matrix[row, j]

    def sparse(matrix, rows, out):
        pass

    return dense if isinstance(matrix, types.Array) else sparse


@overload(first_sums, jit_options=_OPTIONS)
def _first_sums(matrix, rows, loaded, weights, out):
    def dense(matrix, rows, loaded, weights, out):
        product(loaded, False, weights, out)

    def sparse(matrix, rows, loaded, weights, out):
        for i in range(rows.size):
            for j in range(out.shape[1]):
                out[i, j] = 0
            for at in range(matrix.starts[rows[i]], matrix.starts[rows[i] + 1]):
                column, value = matrix.columns[at], matrix.values[at]
                for j in range(out.shape[1]):
                    out[i, j] += value * weights[column, j]

    return dense if isinstance(matrix, types.Array) else sparse


@overload(first_gradient, jit_options=_OPTIONS)
def _first_gradient(matrix, rows, loaded, delta, scratch, out):
    def dense(matrix, rows, loaded, delta, scratch, out):
        product_of_transposed(loaded, delta, scratch, out)

    def sparse(matrix, rows, loaded, delta, scratch, out):
        for column in range(out.shape[0]):
            for j in range(out.shape[1]):
                out[column, j] = 0
        for i in range(rows.size):
            for at in range(matrix.starts[rows[i]], matrix.starts[rows[i] + 1]):
                column, value = matrix.columns[at], matrix.values[at]
                for j in range(out.shape[1]):
                    out[column, j] += value * delta[i, j]

    return dense if isinstance(matrix, types.Array) else sparse


@overload(ask_for, jit_options=_OPTIONS)
def _ask_for(matrix, row):
    def dense(matrix, row):
        prefetch_second(matrix, row)

    def sparse(matrix, row):
        pass

    return dense if isinstance(matrix, types.Array) else sparse

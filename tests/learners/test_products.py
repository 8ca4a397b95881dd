from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from epoca.learners.products import ALWAYS_OWN, blas_from, product, product_transposed

SIZES = [(1, 1, 1), (1, 5, 3), (2, 4, 4), (3, 7, 5), (17, 33, 9), (64, 20, 64), (65, 31, 10)]
PATHS = pytest.mark.parametrize("bound", [0, ALWAYS_OWN], ids=["blas", "own"])
DTYPES = pytest.mark.parametrize("dtype", [np.float32, np.float64])


def tolerance(dtype: type[np.floating]) -> float:
    return 1e-5 if dtype is np.float32 else 1e-13


@PATHS
@DTYPES
@pytest.mark.parametrize(("m", "p", "n"), SIZES)
def test_product_is_numpys(m: int, p: int, n: int, dtype: type[np.floating], bound: int) -> None:
    rng = np.random.default_rng(1)
    a, b = rng.normal(size=(m, p)).astype(dtype), rng.normal(size=(p, n)).astype(dtype)
    out = np.full((m, n), np.nan, dtype)
    product(a, b, out, bound)
    assert_allclose(out, a.astype(float) @ b.astype(float), atol=tolerance(dtype) * p, rtol=0)


@PATHS
@DTYPES
@pytest.mark.parametrize(("m", "p", "n"), SIZES)
def test_product_takes_a_transposed_first_factor(m: int, p: int, n: int, dtype: type[np.floating], bound: int) -> None:
    rng = np.random.default_rng(2)
    a, b = rng.normal(size=(p, m)).astype(dtype), rng.normal(size=(p, n)).astype(dtype)
    out = np.full((m, n), np.nan, dtype)
    product(a.T, b, out, bound)
    assert_allclose(out, a.T.astype(float) @ b.astype(float), atol=tolerance(dtype) * p, rtol=0)


@PATHS
@DTYPES
@pytest.mark.parametrize(("m", "p", "n"), SIZES)
def test_product_transposed_is_numpys(m: int, p: int, n: int, dtype: type[np.floating], bound: int) -> None:
    rng = np.random.default_rng(3)
    a, b = rng.normal(size=(m, p)).astype(dtype), rng.normal(size=(n, p)).astype(dtype)
    out, scratch = np.full((m, n), np.nan, dtype), np.full(n * p + 3, np.nan, dtype)
    product_transposed(a, b, out, scratch, bound)
    assert_allclose(out, a.astype(float) @ b.T.astype(float), atol=tolerance(dtype) * p, rtol=0)


@settings(deadline=None, max_examples=200)
@given(m=st.integers(1, 40), p=st.integers(1, 70), n=st.integers(1, 70), seed=st.integers(0, 999), data=st.data())
def test_a_rows_product_is_the_same_whatever_rows_stand_beside_it(
    m: int, p: int, n: int, seed: int, data: st.DataObject
) -> None:
    rng = np.random.default_rng(seed)
    a, b = rng.normal(size=(m, p)), rng.normal(size=(p, n))
    rows = data.draw(st.lists(st.integers(0, m - 1), min_size=1, max_size=m))
    together, some = np.empty((m, n)), np.empty((len(rows), n))
    product(a, b, together, ALWAYS_OWN)
    product(a[rows], b, some, ALWAYS_OWN)
    assert some.tobytes() == together[rows].tobytes()


def test_where_blas_takes_over_depends_on_the_machine_alone() -> None:
    assert blas_from() == blas_from()
    assert blas_from() < ALWAYS_OWN

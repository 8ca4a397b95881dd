from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from epoca.learners.products import ALWAYS_OWN, own_product, product, product_transposed

SIZES = [(1, 1, 1), (2, 3, 4), (5, 7, 3), (64, 20, 64), (33, 130, 17), (1, 64, 128)]


@pytest.mark.parametrize("bound", [0, ALWAYS_OWN])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("m", "p", "n"), SIZES)
def test_products_are_those_of_numpy(m: int, p: int, n: int, dtype: type[np.floating], bound: int) -> None:
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(m, p)).astype(dtype), rng.normal(size=(p, n)).astype(dtype)
    tolerance = 1e-4 if dtype is np.float32 else 1e-12
    out = np.full((m, n), np.nan, dtype)
    product(a, b, out, bound)
    assert out == pytest.approx(a @ b, abs=tolerance)
    out[:] = np.nan
    product(np.ascontiguousarray(a.T).T, b, out, bound)
    assert out == pytest.approx(a @ b, abs=tolerance)
    out[:] = np.nan
    product_transposed(a, np.ascontiguousarray(b.T), out, np.empty(b.size, dtype), bound)
    assert out == pytest.approx(a @ b, abs=tolerance)


@given(st.integers(1, 9), st.integers(1, 40), st.integers(1, 20), st.integers(0, 2**32 - 1), st.integers(0, 8))
def test_a_row_has_the_same_bits_alone(m: int, p: int, n: int, seed: int, row: int) -> None:
    rng = np.random.default_rng(seed)
    a, b = rng.normal(size=(m, p)), rng.normal(size=(p, n))
    together, alone = np.empty((m, n)), np.empty((1, n))
    own_product(a, b, together)
    row %= m
    own_product(a[row : row + 1], b, alone)
    assert np.array_equal(together[row], alone[0])

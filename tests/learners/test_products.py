from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from llvmlite import binding
from numpy.testing import assert_allclose, assert_array_equal

from epoca.learners.products import product, product_of_transposed, transpose

DTYPES = pytest.mark.parametrize("dtype", [np.float32, np.float64])
OTHER_PROCESSORS = {"generic": "", "haswell": "+avx,+avx2,+fma,+bmi"}
SIZE = st.integers(1, 150)
NEVER_READ = np.nan


def alone(matrix: np.ndarray, dtype: type[np.floating]) -> np.ndarray:
    """A matrix with NaN on both sides of it in memory: to read beyond its ends would show."""
    around = np.full(matrix.size + 128, NEVER_READ, dtype)
    around[64:-64] = matrix.ravel()
    return around[64:-64].reshape(matrix.shape)


@DTYPES
@settings(deadline=None, max_examples=150)
@given(m=SIZE, p=SIZE, n=SIZE, transposed=st.booleans(), seed=st.integers(0, 999))
def test_product_is_numpys(dtype: type[np.floating], m: int, p: int, n: int, transposed: bool, seed: int) -> None:
    rng = np.random.default_rng(seed)
    a, b = rng.normal(size=(m, p)).astype(dtype), rng.normal(size=(p, n)).astype(dtype)
    out = alone(np.zeros((m, n)), dtype)
    product(alone(a.T if transposed else a, dtype), transposed, alone(b, dtype), out)
    assert_allclose(out, a.astype(float) @ b.astype(float), atol=p * 10 * np.finfo(dtype).eps, rtol=0)
    assert np.isnan(out.base[:64]).all()
    assert np.isnan(out.base[-64:]).all()


@DTYPES
@settings(deadline=None, max_examples=100)
@given(m=SIZE, p=SIZE, n=st.integers(1, 40), seed=st.integers(0, 999))
def test_the_product_of_a_transposed_is_the_same_by_way_of_its_own_transposed(
    dtype: type[np.floating], m: int, p: int, n: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    a, b = rng.normal(size=(p, m)).astype(dtype), rng.normal(size=(p, n)).astype(dtype)
    out, expected = alone(np.zeros((m, n)), dtype), np.empty((m, n), dtype)
    product_of_transposed(alone(a, dtype), alone(b, dtype), np.empty(m * n, dtype), out)
    product(a, True, b, expected)
    assert_array_equal(out, expected)
    assert np.isnan(out.base[:64]).all()
    assert np.isnan(out.base[-64:]).all()


@DTYPES
@settings(deadline=None, max_examples=100)
@given(m=SIZE, n=SIZE)
def test_transpose_is_numpys(dtype: type[np.floating], m: int, n: int) -> None:
    a, out = alone(np.arange(m * n).reshape(m, n), dtype), alone(np.zeros((n, m)), dtype)
    transpose(a, out)
    assert_array_equal(out, a.T)
    assert np.isnan(out.base[:64]).all()
    assert np.isnan(out.base[-64:]).all()


@settings(deadline=None, max_examples=200)
@given(m=st.integers(1, 40), p=st.integers(1, 70), n=st.integers(1, 70), seed=st.integers(0, 999), data=st.data())
def test_a_rows_product_is_the_same_whatever_rows_stand_beside_it(
    m: int, p: int, n: int, seed: int, data: st.DataObject
) -> None:
    rng = np.random.default_rng(seed)
    a, b = rng.normal(size=(m, p)), rng.normal(size=(p, n))
    rows = data.draw(st.lists(st.integers(0, m - 1), min_size=1, max_size=m))
    together, some = np.empty((m, n)), np.empty((len(rows), n))
    product(a, False, b, together)
    product(a[rows], False, b, some)
    assert some.tobytes() == together[rows].tobytes()


@pytest.mark.parametrize("processor", OTHER_PROCESSORS)
def test_the_same_holds_in_the_registers_of_other_processors(processor: str) -> None:
    features = OTHER_PROCESSORS[processor]
    here = binding.get_host_cpu_features()
    if not all(here.get(feature.lstrip("+")) for feature in features.split(",") if feature):
        pytest.skip(f"this processor cannot run machine code for {processor}")
    environment = os.environ | {"NUMBA_CPU_NAME": processor, "NUMBA_CPU_FEATURES": features}
    command = [sys.executable, "-m", "pytest", "-q", "-k", "not other_processors", __file__]
    finished = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stdout

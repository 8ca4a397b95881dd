"""Sparse rows are learned from as the same rows with their zeros written down."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from numpy.typing import NDArray

from epoca.learners.feedforward import evaluate
from epoca.learners.learner import Examples, Learner, examples
from epoca.learners.network import Network
from epoca.learners.neuron import Neuron
from epoca.learners.perceptron import Perceptron
from epoca.learners.predicting import predictions
from epoca.tables.sparse import SparseTable, as_dense, stacked, taken
from epoca.types import SparseMatrix

D = 30
LEARNERS: dict[str, Learner] = {
    "logistic neuron": Neuron(sizes=(D, 1), head="logistic", dtype=np.float64),
    "softmax neuron": Neuron(sizes=(D, 3), head="softmax", dtype=np.float64),
    "linear neuron": Neuron(sizes=(D, 1), head="identity", dtype=np.float64),
    "perceptron": Perceptron(sizes=(D, 1), dtype=np.float64),
    "perceptron of three": Perceptron(sizes=(D, 3), dtype=np.float64),
    "network": Network(sizes=(D, 9, 5, 3), head="softmax", batch_size=16, dropout=0.2, dtype=np.float64),
    "network of one layer": Network(sizes=(D, 1), head="logistic", batch_size=16, dtype=np.float64),
}


def sparse(dense: NDArray[np.float64]) -> SparseMatrix:
    return SparseTable.of(scipy.sparse.csr_array(dense), name="X").matrix


def both(learner: Learner, n: int = 90) -> tuple[Examples, Examples]:
    rng = np.random.default_rng(1)
    dense = rng.normal(size=(n, D)) * (rng.random((n, D)) < 0.1)
    dense[5] = 0
    classes = max(int(learner.shape.sizes[-1]), 2)
    weights = rng.uniform(0.5, 2, n)
    targets = rng.integers(0, classes, n).astype(float)
    return tuple(  # type: ignore[return-value]
        examples(form, targets, dtype=np.float64, row_weights=weights) for form in (dense, sparse(dense))
    )


@pytest.mark.parametrize("name", LEARNERS)
def test_an_epoch_is_that_of_the_dense_rows(name: str) -> None:
    learner = LEARNERS[name]
    found = []
    for shown in both(learner):
        state = learner.init(rows=np.arange(90), seed=(3,))
        for _epoch in range(3):
            state.shuffle(np.arange(90))
            length = learner.epoch(state, shown, learning_rate=0.05, signals=np.zeros(1, np.int64))
        outputs = int(learner.shape.sizes[-1])
        room = np.empty(45), np.empty((0, outputs), learner.dtype)
        loss, right = evaluate(state.parameters, learner.shape, *shown, np.arange(0, 90, 2), *room)
        members = state.parameters[np.newaxis]
        found.append([state.parameters, [length, loss, right], predictions(members, learner.shape, shown.matrix)])
    for dense_part, sparse_part in zip(*found, strict=True):
        assert_allclose(sparse_part, dense_part, rtol=1e-9, atol=1e-12)


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 8), st.integers(1, 6), st.floats(0, 1), st.integers(0, 2**32 - 1))
def test_rows_are_taken_and_put_together_as_dense_ones(n: int, d: int, share: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    dense = rng.normal(size=(n, d)) * (rng.random((n, d)) < share)
    matrix = sparse(dense)
    rows = rng.integers(0, n, rng.integers(0, 2 * n))
    assert_allclose(as_dense(taken(matrix, rows)), dense[rows])
    assert_allclose(as_dense(stacked([matrix, taken(matrix, rows), matrix])), np.vstack([dense, dense[rows], dense]))

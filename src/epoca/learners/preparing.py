"""Getting the machine code ready before the clock runs."""

from __future__ import annotations

import subprocess
import sys

import numpy as np

from epoca.learners.feedforward import HEADS, Shape, add_predictions
from epoca.learners.kernels import is_kept
from epoca.learners.learner import Examples, Learner
from epoca.learners.measuring import measure
from epoca.learners.network import Network
from epoca.learners.neuron import Neuron
from epoca.learners.online import online_epoch
from epoca.learners.predicting import predictions


def prepare(learner: Learner) -> None:
    """Compile what a learner needs, or load it where an earlier process has kept it.

    Parameters
    ----------
    learner : Learner
        Of the kind and dtype that is going to learn.
    """
    # numba compiles one kernel at a time in a process; a second process shortens the wait where there are two cores.
    predicting = f"prepare_predicting(numpy.{np.dtype(learner.dtype).name})"
    beside = None if is_kept(add_predictions) else _beside(predicting)
    small = Network(sizes=(1, 1, 1), head="identity", dtype=learner.dtype) if isinstance(learner, Network) else learner
    inputs = int(small.shape.sizes[0])
    ones = np.ones(2, learner.dtype)
    examples = Examples(np.ones((2, inputs), learner.dtype), ones, ones)
    state = small.init(rows=np.arange(2), seed=(0,))
    state.shuffle(np.arange(2))
    small.epoch(state, examples, learning_rate=0.01, signals=np.zeros(1, np.int64))
    rows, halves, found, means = state.order, np.full(2, 0.5), np.empty(7), np.empty(2, np.float32)
    measure(state.parameters, small.shape, *examples, rows, halves, rows, halves, rows, 1.0, False, found, means)
    if beside is not None:
        beside.wait()
    prepare_predicting(learner.dtype)


def prepare_every_kind() -> None:
    """Compile or load what networks, neurons and perceptrons need in their usual dtypes."""
    beside = None if is_kept(online_epoch) else _beside("prepare_neuron()")
    prepare(Network(sizes=(1, 1, 1), head="identity"))
    if beside is not None:
        beside.wait()
    prepare_neuron()


def prepare_neuron() -> None:
    """Compile or load what a neuron needs, and a perceptron, which has its kernel."""
    prepare(Neuron(sizes=(1, 1), head="logistic", dtype=np.float64))


def prepare_predicting(dtype: type[np.floating]) -> None:
    """Compile or load what predictions from a matrix of this dtype need."""
    predictions(np.zeros((1, 2), dtype), Shape(np.array([1, 1]), 0, HEADS["identity"]), np.ones((1, 1), dtype))


def _beside(work: str) -> subprocess.Popen[bytes]:
    """Another process that calls a function of this module."""
    program = f"import numpy; from epoca.learners import preparing; preparing.{work}"
    command = [sys.executable, "-P", "-c", program]  # not importing what happens to lie in the user's folder
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

"""Getting the machine code ready before the clock runs."""

from __future__ import annotations

import subprocess
import sys

import numpy as np

from epoca.learners.feedforward import HEADS, Shape, add_predictions
from epoca.learners.kernels import is_kept
from epoca.learners.learner import Examples, Learner
from epoca.learners.network import Network
from epoca.learners.population import Population
from epoca.learners.predicting import predictions


def prepare(learner: Learner) -> None:
    """Compile what a learner needs, or load it where an earlier process has kept it.

    Parameters
    ----------
    learner : Learner
        Of the kind and dtype that is going to learn.
    """
    # numba compiles one kernel at a time in a process; a second process halves the wait where there are two cores.
    beside = None if is_kept(add_predictions) else _prepare_predictions_beside()
    small = Network(sizes=(1, 1, 1), head="identity") if isinstance(learner, Network) else learner
    inputs = int(small.shape.sizes[0])
    ones = np.ones(2, learner.dtype)
    population = Population(
        small, Examples(np.ones((2, inputs), learner.dtype), ones, ones), folds=[np.array([0])], seed=0
    )
    population.epoch(learning_rate=0.01)
    population.close()
    if beside is not None:
        beside.wait()
    prepare_predictions(learner.dtype)


def prepare_predictions(dtype: type[np.floating]) -> None:
    """Compile or load what predictions from a matrix of this dtype need."""
    shape = Shape(np.array([1, 1]), 0, HEADS["identity"], 0)
    predictions(np.zeros((1, 2)), shape, np.zeros((1, 1), dtype))


def _prepare_predictions_beside() -> subprocess.Popen[bytes]:
    work = "import numpy; from epoca.learners.preparing import prepare_predictions as p; p(numpy.float32)"
    return subprocess.Popen([sys.executable, "-c", work], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

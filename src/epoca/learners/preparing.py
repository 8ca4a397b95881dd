"""Getting the machine code ready before the clock runs."""

from __future__ import annotations

import numpy as np

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
    small = Network(sizes=(1, 1, 1), head="identity") if isinstance(learner, Network) else learner
    inputs = int(small.shape.sizes[0])
    ones = np.ones(2, learner.dtype)
    examples = Examples(np.ones((2, inputs), learner.dtype), ones, ones)
    population = Population(small, examples, folds=[np.array([0])], seed=0)
    population.epoch(learning_rate=0.01)
    population.close()
    predictions(population.parameters, small.shape, examples.matrix)

"""How far predictions are to be trusted: not at all where held-out rows show nothing better than guessing."""

from __future__ import annotations

import numpy as np

from epoca.learners.feedforward import Shape, multiply_scores
from epoca.training.evidence import learned_beyond_guessing
from epoca.training.history import History
from epoca.training.ideal_epoch import ideal_epoch
from epoca.types import Numbers, Parameters


def trust(history: History, guessing: Numbers) -> float:
    """How far the members' predictions are to be trusted, from 0 to 1.

    By how much the held-out loss at the ideal epoch is below that of guessing is held against its standard error: from
    one of these on everything is trusted, from nothing on part of it. Set by measurement (``benchmarks/LOG.md``).

    Parameters
    ----------
    history : History
        Of a training.
    guessing : ndarray of float64, (k, g)
        The loss of guessing in every group of held-out rows.

    Returns
    -------
    float
        1 where too few rows were held out to tell.

    Examples
    --------
    >>> from epoca.learners.population import Groups
    >>> history = History.of_curves(held_out_loss=np.array([[0.5, 0.6, 0.6]]))
    >>> history.groups = Groups(np.ones((3, 1)), np.arange(3))
    >>> [round(trust(history, np.full((3, 1), loss)), 2) for loss in (0.55, 0.59, 0.7)]
    [0.0, 0.7, 1.0]
    """
    best = ideal_epoch(history.curve(history.watches))
    if best is None or history.groups is None:
        return 1.0
    learned = learned_beyond_guessing(history, guessing, best=best)
    if learned.error == 0:
        return float(learned.value > 0)
    return float(np.clip(learned.value / learned.error, 0, 1)) if np.isfinite(learned.error) else 1.0


def drawn_to_guessing(parameters: Parameters, *, shape: Shape, guess: Numbers, trusted: float) -> Parameters:
    """Members whose scores are drawn towards those of guessing, by what is not trusted of them.

    Parameters
    ----------
    parameters : ndarray, (k, P)
        Of the members.
    shape : Shape
        Their form.
    guess : ndarray of float64, (outputs,)
        The scores of guessing.
    trusted : float
        0 gives guessing, 1 the members as they are.

    Returns
    -------
    ndarray, (k, P)
        Of the same dtype.

    Examples
    --------
    >>> neuron = Shape(np.array([2, 1]), 0, 1)
    >>> drawn_to_guessing(np.array([[2.0, 4.0, 1.0]]), shape=neuron, guess=np.array([3.0]), trusted=0.5)
    array([[1., 2., 2.]])
    """
    if trusted == 1:
        return parameters
    drawn = parameters.copy()
    multiply_scores(drawn, shape, trusted)
    drawn[:, -guess.size :] += ((1 - trusted) * guess).astype(drawn.dtype)
    return drawn

"""How far predictions are to be trusted: not at all where held-out rows show nothing better than guessing."""

from __future__ import annotations

import numpy as np

from epoca.learners.feedforward import Shape
from epoca.training.history import History
from epoca.training.ideal_epoch import ideal_epoch
from epoca.training.paired import paired_mean
from epoca.types import Numbers, Parameters


def trust(history: History, guessing: Numbers) -> float:
    """How far the members' predictions are to be trusted, from 0 to 1.

    By how much the held-out loss at the ideal epoch is below that of guessing is held against its standard error: from
    one of these on everything is trusted, from nothing on part of it.

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
    at_best = history[best - 1].findings.held_out_groups.astype(np.float64)
    advantage, error = paired_mean(guessing - at_best, history.groups)
    if error == 0:
        return float(advantage > 0)
    return float(np.clip(advantage / error, 0, 1)) if np.isfinite(error) else 1.0


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
    """
    if trusted == 1:
        return parameters
    inputs, outputs = (int(size) for size in shape.sizes[-2:])
    drawn = parameters.copy()
    drawn[:, -(inputs + 1) * outputs :] *= trusted
    drawn[:, -outputs:] += ((1 - trusted) * guess).astype(drawn.dtype)
    return drawn

"""Histories of which the loss of every group of rows is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from epoca.learners.population import Groups
from epoca.training.history import History
from epoca.types import Numbers


def grouped(losses: Numbers, *, folds: Sequence[int], weights: Numbers | None = None) -> History:
    """The history of losses by epoch, member and group."""
    weights = np.ones(losses.shape[1:]) if weights is None else weights
    means = (losses * weights).sum(axis=2) / weights.sum(axis=1)
    epochs = [
        replace(epoch, findings=epoch.findings._replace(held_out_groups=groups))
        for epoch, groups in zip(History.of_curves(held_out_loss=means), losses, strict=True)
    ]
    return History(epochs, groups=Groups(weights, np.array(folds)))

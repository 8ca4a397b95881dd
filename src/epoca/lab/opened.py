"""A model file in the lab: what it holds of its training, to be looked at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import final

import numpy as np

from epoca.errors import OptionError
from epoca.model import Form, Model
from epoca.tables.target import Target
from epoca.training.history import History
from epoca.types import Parameters


@final
class Opened:
    """A model that was trained elsewhere.

    Parameters
    ----------
    model : Model
        As its file holds it.

    Attributes
    ----------
    model : Model
        As given.
    """

    def __init__(self, model: Model) -> None:
        self.model = model

    @property
    def form(self) -> Form:
        """Of its members."""
        return self.model.form

    @property
    def target(self) -> Target:
        """What it predicts."""
        return self.model.target

    @property
    def history(self) -> History:
        """Every epoch of its training."""
        return self.model.history

    @property
    def limit(self) -> int:
        """Its last epoch."""
        return len(self.model.history)

    def moments(self, epochs: Sequence[int]) -> list[tuple[int, Parameters]]:
        """None, for a file holds the members of two epochs only."""
        del epochs
        return []

    def parameters_at(self, epoch: int | str) -> Parameters:
        """(k, P): the members that the model keeps, or those after its last epoch.

        Raises
        ------
        OptionError
            If the file does not hold the members of that epoch.
        """
        if epoch == "kept":
            return self.model.parameters
        if epoch == len(self.model.history) and self.model.checkpoint is not None:
            return np.array([state.parameters for state in self.model.checkpoint.states])
        raise OptionError("A model file holds the weights that were kept and those of its last epoch, no others.")

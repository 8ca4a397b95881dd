"""The line of a two-column neuron or perceptron on its way: every hundredth of the epochs into a CSV file."""

from __future__ import annotations

from pathlib import Path
from typing import final

from epoca.errors import OptionError
from epoca.files import write_whole
from epoca.fitting import Fitting
from epoca.formulas import decision_line
from epoca.training.history import Epoch


@final
class LineRecorder:
    """Notes the decision line of the first member while it learns.

    Parameters
    ----------
    fitting : Fitting
        Of one neuron or perceptron with two unscaled number columns and two classes.

    Raises
    ------
    OptionError
        If there is no line in the plane of the table's columns.
    """

    def __init__(self, fitting: Fitting) -> None:
        settings = fitting.settings
        if fitting.learner.shape.sizes.tolist() != [2, 1] or fitting.target.task == "regression" or settings.scaling:
            raise OptionError(
                "--lines needs a neuron or perceptron with two classes, two columns of numbers and --no-scaling; "
                "here are {inputs} inputs.",
                inputs=int(fitting.learner.shape.sizes[0]),
            )
        self._fitting = fitting
        self._every = max(1, (settings.epochs or 100) // 100)
        self._lines: list[tuple[int, float, float]] = []

    def note(self, epoch: Epoch) -> None:
        """Note the line after an epoch, if its turn has come."""
        if epoch.number % self._every:
            return
        w1, w2, bias = (float(value) for value in self._fitting.training.parameters[0])
        if w2 != 0:  # an upright line has no slope
            self._lines.append((epoch.number, *decision_line([w1, w2], bias)))

    def write(self, path: Path) -> None:
        """Write epoch, slope and intercept of x2 = slope·x1 + intercept."""
        rows = [f"{number},{slope!r},{intercept!r}" for number, slope, intercept in self._lines]
        write_whole(path, ("\n".join(["epoch,slope,intercept", *rows]) + "\n").encode())

"""How well predictions agree with what happened, with the number of rows and the uncertainty behind each figure."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, replace
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from epoca.types import Codes, Numbers, Probabilities


@final
@dataclass(frozen=True, kw_only=True, repr=False)
class Score:
    """The scores of predictions on some rows; what does not apply is None.

    Parameters
    ----------
    rows : int
        Rows behind every figure.
    log_loss : float, optional
        Mean cross-entropy in nats; none for perceptrons, which give labels without probabilities.
    log_loss_error : float, optional
        Its standard error over the rows; none for a single row.
    log_loss_corrected : float, optional
        Of rows that chose the epochs: what it is without the luck of having been chosen, see
        `epoca.training.optimism`.
    accuracy : float, optional
        Share of right labels.
    accuracy_error : float, optional
        Its standard error over the rows, by Agresti and Coull 1998, "Approximate is better than exact".
    rmse : float, optional
        Root mean squared error, in the target's unit.
    rmse_error : float, optional
        Its standard error over the rows.
    rmse_corrected : float, optional
        As `log_loss_corrected`.
    r2 : float, optional
        Share of the target's variance that is explained.
    r2_error : float, optional
        Its standard error over the rows, by the delta method.
    mae : float, optional
        Mean absolute error, in the target's unit.
    mae_error : float, optional
        Its standard error over the rows.
    """

    rows: int
    log_loss: float | None = None
    log_loss_error: float | None = None
    log_loss_corrected: float | None = None
    accuracy: float | None = None
    accuracy_error: float | None = None
    rmse: float | None = None
    rmse_error: float | None = None
    rmse_corrected: float | None = None
    r2: float | None = None
    r2_error: float | None = None
    mae: float | None = None
    mae_error: float | None = None

    def __repr__(self) -> str:
        return f"Score({', '.join(f'{name}={value:.6g}' for name, value in self.to_json().items())})"

    def to_json(self) -> dict[str, Any]:
        """The figures that apply."""
        return {name: value for name, value in asdict(self).items() if value is not None}

    @classmethod
    def from_json(cls, entry: dict[str, Any]) -> Score:
        """The score that `to_json` described.

        Raises
        ------
        KeyError, TypeError, ValueError
            If `entry` is anything else.
        """
        figures = {name: float(value) for name, value in entry.items() if name != "rows"}
        return cls(rows=int(entry["rows"]), **figures)


def score_labels(predicted: Codes, codes: Codes) -> Score:
    """Accuracy.

    Parameters
    ----------
    predicted, codes : ndarray of int64, (n,)
        What was predicted, and what happened.

    Returns
    -------
    Score

    Examples
    --------
    >>> score_labels(np.array([0, 1, 1, 1]), np.array([0, 1, 1, 0])).accuracy
    0.75
    """
    return _score_right(predicted == codes)


def score_classes(probabilities: Probabilities, codes: Codes) -> Score:
    """Cross-entropy and accuracy.

    Parameters
    ----------
    probabilities : ndarray of float64, (n, c)
        Of each class.
    codes : ndarray of int64, (n,)
        What happened.

    Returns
    -------
    Score

    Examples
    --------
    >>> score_classes(np.array([[0.5, 0.5], [0.1, 0.9]]), np.array([0, 1])).accuracy
    1.0
    """
    return score_happened(probabilities[np.arange(codes.size), codes], probabilities.argmax(axis=1) == codes)


def score_happened(happened: Numbers, right: NDArray[np.bool_]) -> Score:
    """Cross-entropy and accuracy.

    Parameters
    ----------
    happened : ndarray of float64, (n,)
        The probability of what happened.
    right : ndarray of bool, (n,)
        Whether the label was right.

    Returns
    -------
    Score
    """
    loss = -np.log(np.maximum(happened, np.finfo(np.float64).tiny))
    return replace(_score_right(right), log_loss=float(loss.mean()), log_loss_error=_error(loss))


def score_numbers(predicted: Numbers, actual: Numbers) -> Score:
    """Root mean squared error, mean absolute error, and the share of variance explained.

    Parameters
    ----------
    predicted, actual : ndarray of float64, (n,)
        In the target's unit.

    Returns
    -------
    Score

    Examples
    --------
    >>> score_numbers(np.array([1.0, 2.0]), np.array([1.0, 4.0])).r2
    0.111...
    """
    # In units of a power of two, exact, in which squares cannot overflow.
    unit = int(np.frexp(max(np.abs(actual).max(), np.abs(predicted).max()))[1])
    predicted, actual = np.ldexp(predicted, -unit), np.ldexp(actual, -unit)
    distances = np.abs(predicted - actual)
    squares = distances**2
    around_mean = (actual - actual.mean()) ** 2
    variance = float(around_mean.mean())
    rmse = float(np.sqrt(squares.mean()))
    error = _error(squares)
    unexplained = float(squares.mean()) / variance if variance > 0 else math.inf
    has_r2 = unexplained < 1 / np.finfo(np.float32).eps  # beyond it is no number that says anything
    return Score(
        rows=actual.size,
        rmse=_in_unit(rmse, unit),
        rmse_error=_in_unit(error / (2 * rmse) if error is not None and rmse > 0 else error, unit),  # of a square root
        r2=1 - unexplained if has_r2 else None,
        r2_error=_error((squares - unexplained * around_mean) / variance) if has_r2 else None,  # of a ratio
        mae=_in_unit(float(distances.mean()), unit),
        mae_error=_in_unit(_error(distances), unit),
    )


def _in_unit(value: float | None, unit: int) -> float | None:
    return None if value is None else math.ldexp(value, unit)


def _score_right(right: NDArray[np.bool_]) -> Score:
    return Score(rows=right.size, accuracy=float(right.mean()), accuracy_error=_share_error(right))


def _share_error(right: NDArray[np.bool_]) -> float:
    # With two rows more of either kind (Agresti and Coull 1998): no share of a few rows is certain, not even 1.
    n = right.size + 4
    share = (float(right.sum()) + 2) / n
    return float(np.sqrt(share * (1 - share) / n))


def _error(values: Numbers) -> float | None:
    return float(values.std(ddof=1) / np.sqrt(values.size)) if values.size > 1 else None

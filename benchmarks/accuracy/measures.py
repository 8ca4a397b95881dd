"""What is measured of a model on test rows."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import balanced_accuracy_score, log_loss, root_mean_squared_error

BINS = 15


def measures(predicted: NDArray[np.float64], targets: NDArray[Any], trained_on: NDArray[Any]) -> dict[str, float]:
    """Scores of the test rows.

    Parameters
    ----------
    predicted : ndarray of float64
        (m, c) probabilities, or (m,) numbers.
    targets : ndarray
        (m,) codes of classes, or numbers.
    trained_on : ndarray
        The targets of the training rows, which say what guessing gives.
    """
    if predicted.ndim == 1:
        guess = np.full(targets.shape, trained_on.mean())
        return {
            "rmse": float(root_mean_squared_error(targets, predicted)),
            "guessing": float(root_mean_squared_error(targets, guess)),
        }
    labels = np.arange(predicted.shape[1])
    top = predicted.argmax(axis=1)
    shares = np.bincount(trained_on, minlength=labels.size) / trained_on.size
    return {
        "log_loss": float(log_loss(targets, predicted.astype(np.float64), labels=labels)),
        "accuracy": float((top == targets).mean()),
        "balanced_accuracy": float(balanced_accuracy_score(targets, top)),
        "calibration_error": calibration_error(predicted.max(axis=1), top == targets),
        "guessing": float(log_loss(targets, np.tile(shares, (targets.size, 1)), labels=labels)),
    }


def calibration_error(confidence: NDArray[np.float64], is_right: NDArray[np.bool_]) -> float:
    """The expected calibration error: the mean gap between confidence and accuracy over 15 bins of equal width.

    Guo et al. 2017, "On Calibration of Modern Neural Networks".
    """
    bins = np.minimum((confidence * BINS).astype(np.int64), BINS - 1)
    gaps = np.bincount(bins, confidence - is_right, minlength=BINS)
    return float(np.abs(gaps).sum() / confidence.size)

"""Refined loss: the cross-entropy that is left when overconfidence has been taken out.

A network's probabilities grow too sure before its ranking of the classes gets worse. One number, the sharpness b by
which all scores are multiplied, undoes that; the loss at the best b tells how much the scores know, whatever their
scale (Berta, Holzmüller, Jordan, Bach 2025, "Rethinking early stopping: refine, then calibrate").
"""

from __future__ import annotations

import math

from epoca.learners.activations import sigmoid
from epoca.learners.feedforward import top_class
from epoca.learners.kernels import kernel

PRIOR = 16.0
"""By how much a prior of log b, normal around 0 with a standard deviation of 1/4, adds to the curvature: folds of few
rows say little of b, and one whose labels are all right would have it grow without end."""

STEPS = 12
"""More than Newton's method takes from one epoch's sharpness to the next."""


@kernel(kept=True)
def refine(
    scores,  # (m, outputs): of the rows
    targets,  # (n,): codes
    weights,  # (n,): how much each row counts
    rows,  # (m,) int64: the rows
    sharpness,  # float: where to begin
):
    """The sharpness b of least mean loss, and that loss, by Newton's method in log b.

    A prior keeps b near 1 where the rows say little of it.

    Returns
    -------
    loss, sharpness : float64
    """
    m = rows.size
    log_b = math.log(sharpness)
    loss = 0.0
    for _ in range(STEPS):
        b = math.exp(log_b)
        loss, slope, bend, total = 0.0, 0.0, 0.0, 0.0
        for i in range(m):
            target = targets[rows[i]]
            weight = float(weights[rows[i]])
            if scores.shape[1] == 1:
                z = float(scores[i, 0]) if target == 0 else -float(scores[i, 0])
                p = sigmoid(b * z)
                row_loss = max(b * z, 0.0) + math.log1p(math.exp(-abs(b * z)))
                row_slope, row_bend = z * p, z * z * p * (1 - p)
            else:
                largest = float(scores[i, top_class(scores, i)])
                own = float(scores[i, int(target)]) - largest
                mass, first, second = 0.0, 0.0, 0.0
                for j in range(scores.shape[1]):
                    z = float(scores[i, j]) - largest
                    e = math.exp(b * z)
                    mass += e
                    first += z * e
                    second += z * z * e
                mean = first / mass
                row_loss = math.log(mass) - b * own
                row_slope, row_bend = mean - own, second / mass - mean * mean
            loss += weight * row_loss
            slope += weight * row_slope
            bend += weight * row_bend
            total += weight
        loss /= total
        first_derivative, second_derivative = b * slope / total, b * b * bend / total + b * slope / total
        uphill = first_derivative + PRIOR * log_b / m
        curvature = b * b * bend / total + max(first_derivative, 0.0) + PRIOR / m
        step = max(-1.0, min(1.0, -uphill / curvature))
        log_b += step
        if not math.isfinite(log_b):
            break
        if abs(step) < 0.03:  # the rest of the way down is that of a parabola
            return loss + step * (first_derivative + step * second_derivative / 2), math.exp(log_b)
    return loss, math.exp(log_b)

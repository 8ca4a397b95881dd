"""What a member shows at the end of an epoch, in one call: on small tables the Python between shorter ones counts."""

from __future__ import annotations

import math

import numpy as np

from epoca.learners.feedforward import evaluate, judge
from epoca.learners.kernels import kernel
from epoca.learners.refining import refine


@kernel(kept=True)
def measure(
    parameters,  # (P,)
    shape,  # Shape
    matrix,  # (n, d), or a SparseMatrix
    targets,  # (n,): codes or numbers
    weights,  # (n,): how much each row counts
    sample,  # (m,) int64: some of the rows that were learned from, no more than are held out, if any are
    sample_shares,  # (m,) float64: what part of the sample's weight each has
    held_out,  # (h,) int64: rows that were not
    group_shares,  # (h,) float64: what part of its group's weight each has
    dealt,  # (h,) int64: the group of each
    sharpness,  # float: from which to look for the best one
    is_refined,  # whether the losses of the groups are those at the best sharpness
    found,  # (7,) float64: becomes what `epoca.learners.population.Findings` has of one member, see below
    means,  # (g,) float32: becomes the mean loss of each group; 0 of one that the member does not have
):
    """The losses and accuracies of one member over its sample and its held-out rows.

    Found are training loss and accuracy, held-out loss and accuracy, the training loss's standard error, refined loss
    and sharpness; what there is none of stays as it was.
    """
    outputs = shape.sizes[-1]
    losses = np.empty(max(sample.size, held_out.size))
    scores = np.empty((held_out.size, outputs), parameters.dtype)
    loss, accuracy = evaluate(parameters, shape, matrix, targets, weights, sample, losses, scores)
    found[0], found[1] = _or_infinite(loss), accuracy
    if sample.size > 1 and math.isfinite(loss):
        spread = 0.0
        for i in range(sample.size):
            spread += (sample_shares[i] * (losses[i] - loss)) ** 2
        found[4] = math.sqrt(sample.size / (sample.size - 1) * spread)
    if held_out.size == 0:
        return
    loss, accuracy = evaluate(parameters, shape, matrix, targets, weights, held_out, losses, scores)
    found[2], found[3] = _or_infinite(loss), accuracy
    if shape.head < 2 and math.isfinite(loss):
        found[5], found[6] = refine(scores, targets, weights, held_out, sharpness)
        if is_refined:
            for i in range(held_out.size):
                for j in range(outputs):
                    scores[i, j] *= found[6]
                losses[i], _right = judge(scores, i, targets[held_out[i]], shape.head)
    sums = np.zeros(means.size)
    for i in range(held_out.size):
        sums[dealt[i]] += group_shares[i] * losses[i]
    for group in range(means.size):
        means[group] = sums[group]


@kernel()
def _or_infinite(loss):
    return math.inf if math.isnan(loss) else loss

"""Random numbers inside kernels: one 64-bit state a member, so that no thread shares or disturbs another's.

The generator is splitmix64 (Steele, Lea, Flood 2014, "Fast splittable pseudorandom number generators").
"""

from __future__ import annotations

import numpy as np

from epoca.learners.kernels import kernel

STEP = np.uint64(0x9E3779B97F4A7C15)
"""How far the state moves from one number to the next."""

DRAWN = 64
"""Numbers drawn before they are used, so that drawing need not wait for the memory of the rows."""


@kernel()
def uint32(
    state,  # uint64
):
    """The 32 random bits of a state."""
    z = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return (z ^ (z >> np.uint64(31))) >> np.uint64(32)


@kernel(kept=True)
def shuffle(
    rows,  # (n,) int64, shuffled in place; n < 2**32
    state,  # (1,) uint64, advanced
):
    """Put the rows in a random order, every order as likely as another (Fisher and Yates 1938)."""
    partners = np.empty(DRAWN, np.uint64)
    at = state[0]
    for last in range(rows.size - 1, 0, -DRAWN):
        several = min(DRAWN, last)
        for k in range(several):
            at += STEP
            partners[k] = (uint32(at) * np.uint64(last - k + 1)) >> np.uint64(32)
        for k in range(several):
            i, j = np.uint64(last - k), partners[k]
            rows[i], rows[j] = rows[j], rows[i]
    state[0] = at


@kernel()
def drop(
    activations,  # (m, width), multiplied in place
    slope,  # (m, width), multiplied in place
    rate,  # share of neurons to drop
    state,  # (1,) uint64, advanced
):
    """Dropout: silence each neuron with probability `rate`, the others scaled up to keep the mean.

    Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov 2014, "Dropout".
    """
    number = activations.dtype.type
    kept, silenced = number(1 / (1 - rate)), number(0)
    bound = np.uint64(rate * 4294967296.0)
    at = state[0]
    for i in range(activations.shape[0]):
        for j in range(activations.shape[1]):
            at += STEP
            factor = silenced if uint32(at) < bound else kept
            activations[i, j] *= factor
            slope[i, j] *= factor
    state[0] = at

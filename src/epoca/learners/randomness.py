"""Random numbers inside kernels: one 64-bit state a member, so that no thread shares or disturbs another's.

The generator is splitmix64 (Steele, Lea, Flood 2014, "Fast splittable pseudorandom number generators").
"""

from __future__ import annotations

import numpy as np

from epoca.learners.kernels import kernel


@kernel()
def next_uint32(
    state,  # (1,) uint64, advanced
):
    """The next 32 random bits."""
    state[0] += np.uint64(0x9E3779B97F4A7C15)
    z = state[0]
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return (z ^ (z >> np.uint64(31))) >> np.uint64(32)


@kernel()
def shuffle(
    rows,  # (n,) int64, shuffled in place; n < 2**32
    state,  # (1,) uint64, advanced
):
    """Put the rows in a random order, every order as likely as another (Fisher and Yates 1938)."""
    for i in range(rows.size - 1, 0, -1):
        j = np.int64((next_uint32(state) * np.uint64(i + 1)) >> np.uint64(32))
        rows[i], rows[j] = rows[j], rows[i]


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
    kept = activations.dtype.type(1 / (1 - rate))
    bound = np.uint64(rate * 4294967296.0)
    for i in range(activations.shape[0]):
        for j in range(activations.shape[1]):
            if next_uint32(state) < bound:
                activations[i, j] = 0
                slope[i, j] = 0
            else:
                activations[i, j] *= kept
                slope[i, j] *= kept

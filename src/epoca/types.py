"""The vocabulary as types, used in every signature.

n rows, d encoded columns, c classes, k members, P parameters of one member.
"""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Matrix: TypeAlias = NDArray[np.float32] | NDArray[np.float64]
"""(n, d): the encoded columns of n rows, C-contiguous; float32, or float64 for perceptron and neuron on request."""


class SparseMatrix(NamedTuple):
    """(n, d): the encoded columns of n rows of which most are 0, row by row (CSR)."""

    values: NDArray[np.float32] | NDArray[np.float64]
    """What is not 0, one row after the other."""
    columns: NDArray[np.int64]
    """The column of each value."""
    starts: NDArray[np.int64]
    """(n + 1,): where each row's values start, and the last one's end."""
    width: int
    """d."""

    @property
    def n_rows(self) -> int:
        """How many rows there are."""
        return self.starts.size - 1


Rectangle: TypeAlias = Matrix | SparseMatrix
"""(n, d): the encoded columns of n rows, of either form."""

Codes: TypeAlias = NDArray[np.int64]
"""(n,): each row's class as a number, 0 … c-1."""

Numbers: TypeAlias = NDArray[np.float64]
"""(n,): each row's number, the target of a regression; or any vector of float64."""

Rows: TypeAlias = NDArray[np.int64]
"""(m,): indices of rows of a table or matrix."""

Parameters: TypeAlias = NDArray[np.float32] | NDArray[np.float64]
"""(P,): one member's weights and biases in one flat buffer."""

Probabilities: TypeAlias = NDArray[np.float64]
"""(n, c): each row's probability of each class; rows sum to 1."""

Task: TypeAlias = Literal["classification", "regression"]

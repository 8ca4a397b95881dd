"""The formulas of the field in plain float64 NumPy, in the order in which a course meets them.

The perceptron; probabilities (sigmoid, softmax, one-hot); errors (likelihood, cross-entropy); the neuron that
descends its gradient; networks of many layers. Nothing here is fast: these are the words of the lessons, and what the
tests hold every kernel against. n rows, d inputs, c classes; labels are 0 or 1, codes 0 … c-1; an error is one number
a row, so that its mean is the error of a table.

References
----------
Rosenblatt (1958), The perceptron: a probabilistic model for information storage and organization in the brain.
Rumelhart, Hinton, Williams (1986), Learning representations by back-propagating errors.
Goodfellow, Bengio, Courville (2016), Deep Learning; "chapter" below means one of theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Literal, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from epoca.errors import OptionError
from epoca.types import Codes, Numbers, Probabilities

Array: TypeAlias = NDArray[np.float64]
"""float64 of any shape."""

# --- The perceptron ---------------------------------------------------------------------------------------------------


def weighted_sum(weights: ArrayLike, bias: ArrayLike, inputs: ArrayLike) -> Array:
    """The score of each row: z = w·x + b.

    Parameters
    ----------
    weights : array_like, shape (d,) or (d, c)
        One weight an input; one column of them a class.
    bias : array_like, shape () or (c,)
        What is added to every row's sum.
    inputs : array_like, shape (d,) or (n, d)
        One row or n of them.

    Returns
    -------
    ndarray, shape (), (n,), (c,) or (n, c)
        The scores.

    Notes
    -----
    Rosenblatt (1958). A row vector (1 × d) times a column vector (d × 1) is the sum.

    Examples
    --------
    >>> float(weighted_sum([2, -1], 0.5, [3, 4]))
    2.5
    """
    return np.asarray(np.asarray(inputs, float) @ np.asarray(weights, float) + np.asarray(bias, float))


def step(z: ArrayLike) -> Codes:
    """1 where z ≥ 0, else 0: the label that a perceptron gives, elementwise.

    Rosenblatt (1958): the cell fires when the sum reaches its threshold.

    Examples
    --------
    >>> step([-0.1, 0, 3])
    array([0, 1, 1])
    """
    return (np.asarray(z) >= 0).astype(np.int64)


def mistakes(labels: ArrayLike, called: ArrayLike) -> int:
    """Number of rows that are called something else than they are: the discrete error.

    Examples
    --------
    >>> mistakes([0, 1, 1], [1, 1, 0])
    2
    """
    return int(np.count_nonzero(np.asarray(labels) != np.asarray(called)))


def accuracy(labels: ArrayLike, called: ArrayLike) -> float:
    """Share of the rows that are called what they are.

    Examples
    --------
    >>> accuracy([0, 1, 1, 0], [1, 1, 1, 0])
    0.75
    """
    return float(np.mean(np.asarray(labels) == np.asarray(called)))


def perceptron_update(
    weights: ArrayLike, bias: float, inputs: ArrayLike, label: int, *, learning_rate: float = 0.01
) -> tuple[Array, float]:
    """What a perceptron of two classes learns from one point.

    A point of label 1 that is called 0 adds αx to the weights and α to the bias; one of label 0 that is called 1
    subtracts them; a point that is called what it is changes nothing.

    Parameters
    ----------
    weights : array_like, shape (d,)
        Weights before.
    bias : float
        Bias before.
    inputs : array_like, shape (d,)
        The point.
    label : int
        0 or 1.
    learning_rate : float
        α.

    Returns
    -------
    weights : ndarray, shape (d,)
        Weights after.
    bias : float
        Bias after.

    Notes
    -----
    Rosenblatt (1958).

    Examples
    --------
    >>> perceptron_update([0.0, 0.0], -1.0, [2, 3], 1, learning_rate=0.5)
    (array([1. , 1.5]), -0.5)
    """
    weights, inputs = np.asarray(weights, float), np.asarray(inputs, float)
    missing = label - int(step(weighted_sum(weights, bias, inputs)))
    return weights + learning_rate * missing * inputs, bias + learning_rate * missing


def perceptron_update_classes(
    weights: ArrayLike, bias: ArrayLike, inputs: ArrayLike, code: int, *, learning_rate: float = 0.01
) -> tuple[Array, Array]:
    """What a perceptron of c classes learns from one point.

    The point is called the class with the largest score, the first of equals. When that is wrong, αx is added to the
    weights of its own class and subtracted from those of the class it was called.

    Parameters
    ----------
    weights : array_like, shape (d, c)
        Weights before, one column a class.
    bias : array_like, shape (c,)
        Biases before.
    inputs : array_like, shape (d,)
        The point.
    code : int
        Its class.
    learning_rate : float
        α.

    Returns
    -------
    weights : ndarray, shape (d, c)
        Weights after.
    bias : ndarray, shape (c,)
        Biases after.

    Notes
    -----
    Kesler's construction: Duda and Hart (1973), Pattern Classification and Scene Analysis, chapter 5.

    Examples
    --------
    >>> perceptron_update_classes([[0.0, 0.0, 0.0]], [0, 0, 0], [4], 2, learning_rate=0.5)
    (array([[-2.,  0.,  2.]]), array([-0.5,  0. ,  0.5]))
    """
    weights, bias, inputs = np.array(weights, float), np.array(bias, float), np.asarray(inputs, float)
    called = int(np.argmax(weighted_sum(weights, bias, inputs)))
    if called != code:
        weights[:, code] += learning_rate * inputs
        bias[code] += learning_rate
        weights[:, called] -= learning_rate * inputs
        bias[called] -= learning_rate
    return weights, bias


class PerceptronEpoch(NamedTuple):
    """A perceptron after a pass over all points, and the points that it then calls wrongly."""

    weights: Array
    bias: float
    mistakes: int


def perceptron_training(
    inputs: ArrayLike, labels: ArrayLike, *, weights: ArrayLike, bias: float = 0.0, learning_rate: float = 0.01
) -> Iterator[PerceptronEpoch]:
    """The perceptron algorithm: point after point in the given order, one entry an epoch, without end.

    Parameters
    ----------
    inputs : array_like, shape (n, d)
        The points.
    labels : array_like, shape (n,)
        0 or 1.
    weights : array_like, shape (d,)
        Weights to start from.
    bias : float
        Bias to start from.
    learning_rate : float
        α.

    Yields
    ------
    PerceptronEpoch
        Weights, bias and mistakes after each epoch.

    Notes
    -----
    Rosenblatt (1958). It comes to rest where a line can part the labels (Novikoff 1962) and nowhere else: Minsky and
    Papert (1969) gave XOR as the example.

    Examples
    --------
    >>> points = [[0, 0], [0, 1], [1, 0], [1, 1]]
    >>> epochs = perceptron_training(points, [0, 0, 0, 1], weights=[0, 0], learning_rate=1)
    >>> [next(epochs).mistakes for _ in range(6)]
    [3, 2, 1, 2, 0, 0]
    """
    weights, inputs, labels = np.asarray(weights, float), np.asarray(inputs, float), np.asarray(labels)
    while True:
        for point, label in zip(inputs, labels, strict=True):
            weights, bias = perceptron_update(weights, bias, point, int(label), learning_rate=learning_rate)
        yield PerceptronEpoch(weights, bias, mistakes(labels, step(weighted_sum(weights, bias, inputs))))


def decision_line(weights: ArrayLike, bias: float) -> tuple[float, float]:
    """The line w₁x₁ + w₂x₂ + b = 0, on which a unit of two inputs cannot decide, as x₂ = slope · x₁ + intercept.

    Parameters
    ----------
    weights : array_like, shape (2,)
        w₁ and w₂; w₂ must not be 0, for a vertical line has no slope.
    bias : float
        b.

    Returns
    -------
    slope : float
        −w₁/w₂.
    intercept : float
        −b/w₂.

    Examples
    --------
    >>> decision_line([1, 2], -4)
    (-0.5, 2.0)
    """
    first, second = (float(weight) for weight in np.asarray(weights, float))
    if second == 0:
        raise OptionError("A line whose second weight is 0 is vertical and has no slope.")
    return -first / second, -bias / second


# --- From scores to probabilities -------------------------------------------------------------------------------------


def sigmoid(z: ArrayLike) -> Array:
    """σ(z) = 1 / (1 + e⁻ᶻ), elementwise: a score becomes the probability of label 1.

    Chapter 3.10. For z < 0 it is computed as eᶻ / (1 + eᶻ), so that no power overflows.

    Examples
    --------
    >>> sigmoid([-1000, 0, 1000])
    array([0. , 0.5, 1. ])
    """
    z = np.asarray(z, float)
    power = np.exp(-np.abs(z))
    return np.asarray(np.where(z >= 0, 1.0, power) / (1 + power))


def softmax(scores: ArrayLike) -> Probabilities:
    """e^{z_k} / Σ e^{z_j}: the scores of c classes become probabilities.

    Parameters
    ----------
    scores : array_like, shape (..., c)
        Scores.

    Returns
    -------
    ndarray, shape (..., c)
        Probabilities; each row sums to 1.

    Notes
    -----
    Chapter 6.2.2.3. Every score is first lowered by the row's largest, which leaves the quotients as they are and
    keeps the powers from overflowing (chapter 4.1). With c = 2 it is the sigmoid of the difference.

    Examples
    --------
    >>> softmax([[1000, 1000], [0, 1000]])
    array([[0.5, 0.5],
           [0. , 1. ]])
    """
    powers = np.exp(_below_largest(scores))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


def log_softmax(scores: ArrayLike) -> Array:
    """The natural logarithm of `softmax`, finite where the probability itself would round to 0.

    Parameters
    ----------
    scores : array_like, shape (..., c)
        Scores.

    Returns
    -------
    ndarray, shape (..., c)
        Logarithms of the probabilities.

    Notes
    -----
    Chapter 6.2.2.3: log softmax(z)_k = z_k − log Σ e^{z_j}.

    Examples
    --------
    >>> log_softmax([0, 1000])
    array([-1000.,     0.])
    """
    lowered = _below_largest(scores)
    return np.asarray(lowered - np.log(np.exp(lowered).sum(axis=-1, keepdims=True)))


def _below_largest(scores: ArrayLike) -> Array:
    scores = np.asarray(scores, float)
    # Two scores may lie further apart than float64 reaches; minus infinity is then the right answer.
    with np.errstate(over="ignore"):
        return np.asarray(scores - scores.max(axis=-1, keepdims=True))


def one_hot(codes: ArrayLike, n_classes: int | None = None) -> Array:
    """Each row a single 1 among zeros: k values become k columns.

    Parameters
    ----------
    codes : array_like, shape (n,)
        Each row's value as a number, 0 … c-1.
    n_classes : int, optional
        c; by default one more than the largest code.

    Returns
    -------
    ndarray, shape (n, c)
        A single 1 a row, in the column of its code.

    Examples
    --------
    >>> one_hot([2, 0])
    array([[0., 0., 1.],
           [1., 0., 0.]])
    """
    codes = np.asarray(codes, np.int64)
    n_classes = int(codes.max()) + 1 if n_classes is None else n_classes
    outside = codes[(codes < 0) | (codes >= n_classes)]
    if outside.size:
        raise OptionError(
            "Codes must lie between 0 and {last}, but {code} is among them.", last=n_classes - 1, code=int(outside[0])
        )
    return np.asarray(np.eye(n_classes)[codes])


def call(probabilities: ArrayLike) -> Codes:
    """The labels that probabilities stand for.

    Parameters
    ----------
    probabilities : array_like, shape (n,) or (n, c)
        Of label 1, or of each class.

    Returns
    -------
    ndarray, shape (n,)
        1 where p > 0.5, else 0; or the most probable class, the first of equals.

    Examples
    --------
    >>> call([0.5, 0.7]), call([[0.2, 0.5, 0.3]])
    (array([0, 1]), array([1]))
    """
    probabilities = np.asarray(probabilities, float)
    return probabilities.argmax(axis=1) if probabilities.ndim == 2 else (probabilities > 0.5).astype(np.int64)


# --- Errors -----------------------------------------------------------------------------------------------------------


def probability_of_labels(labels: ArrayLike, probabilities: ArrayLike) -> Numbers:
    """The probability that a model gave to what happened, row by row.

    Parameters
    ----------
    labels : array_like, shape (n,)
        What happened: 0 or 1, or codes.
    probabilities : array_like, shape (n,) or (n, c)
        Of label 1, or of each class.

    Returns
    -------
    ndarray, shape (n,)
        ŷ where the label is 1, 1 − ŷ where it is 0; or the probability of the row's class.

    Examples
    --------
    >>> probability_of_labels([1, 0], [0.75, 0.75])
    array([0.75, 0.25])
    """
    labels, probabilities = np.asarray(labels, np.int64), np.asarray(probabilities, float)
    if probabilities.ndim == 2:
        return np.asarray(probabilities[np.arange(labels.size), labels])
    return np.where(labels == 1, probabilities, 1 - probabilities)


def likelihood(probabilities: ArrayLike) -> float:
    """Π p(what happened): of two models the better is the one with the larger product.

    Parameters
    ----------
    probabilities : array_like, shape (n,)
        Of what happened, see `probability_of_labels`.

    Returns
    -------
    float
        The product. A few hundred rows can make it too small for float64; then only `log_likelihood` compares.

    Notes
    -----
    Chapter 5.5.

    Examples
    --------
    >>> likelihood([0.5, 0.25])
    0.125
    """
    return float(np.prod(np.asarray(probabilities, float)))


def log_likelihood(probabilities: ArrayLike) -> float:
    """Σ ln p(what happened): compares models as `likelihood` does, for any number of rows.

    Chapter 5.5. Minus infinity where something happened to which the model gave no probability at all.

    Examples
    --------
    >>> round(log_likelihood([0.5] * 10_000), 6)
    -6931.471806
    """
    return float(_log(probabilities).sum())


def cross_entropy(labels: ArrayLike, probabilities: ArrayLike) -> Array:
    """−y ln ŷ − (1 − y) ln(1 − ŷ) of each row.

    Parameters
    ----------
    labels : array_like, shape (n,)
        y, 0 or 1; or anything between, a probability too.
    probabilities : array_like, shape (n,)
        ŷ, of label 1.

    Returns
    -------
    ndarray, shape (n,)
        In nats; infinite where something happened to which the model gave no probability at all.

    Notes
    -----
    Chapters 3.13 and 6.2.2.2.

    Examples
    --------
    >>> cross_entropy([1, 1, 0], [1, 0.5, 0.5]).round(6)
    array([0.      , 0.693147, 0.693147])
    """
    labels, probabilities = np.asarray(labels, float), np.asarray(probabilities, float)
    return _surprise(labels, _log(probabilities)) + _surprise(1 - labels, _log1p(-probabilities))


def cross_entropy_of_scores(labels: ArrayLike, scores: ArrayLike) -> Array:
    """`cross_entropy` of the sigmoid of scores, finite for every finite score.

    Parameters
    ----------
    labels : array_like, shape (n,)
        y, 0 or 1; or anything between.
    scores : array_like, shape (n,)
        z, the weighted sums.

    Returns
    -------
    ndarray, shape (n,)
        In nats.

    Notes
    -----
    Chapter 6.2.2.2: −ln σ(z) = ln(e⁰ + e⁻ᶻ), in which nothing need overflow.

    Examples
    --------
    >>> cross_entropy_of_scores([1, 0], [-1000, -1000])
    array([1000.,    0.])
    """
    labels, scores = np.asarray(labels, float), np.asarray(scores, float)
    return np.asarray(labels * np.logaddexp(0, -scores) + (1 - labels) * np.logaddexp(0, scores))


def cross_entropy_classes(targets: ArrayLike, probabilities: ArrayLike) -> Array:
    """−Σ y_k ln p_k of each row: the distance of the distribution p from the distribution y.

    Parameters
    ----------
    targets : array_like, shape (n, c)
        One-hot rows; or any probabilities.
    probabilities : array_like, shape (n, c)
        The model's.

    Returns
    -------
    ndarray, shape (n,)
        In nats.

    Notes
    -----
    Chapter 3.13.

    Examples
    --------
    >>> cross_entropy_classes([[0, 1, 0]], [[0.25, 0.5, 0.25]]).round(6)
    array([0.693147])
    """
    return np.asarray(_surprise(np.asarray(targets, float), _log(probabilities)).sum(axis=-1))


def cross_entropy_classes_of_scores(targets: ArrayLike, scores: ArrayLike) -> Array:
    """`cross_entropy_classes` of the softmax of scores, finite wherever float64 can hold it.

    Parameters
    ----------
    targets : array_like, shape (n, c)
        One-hot rows; or any probabilities.
    scores : array_like, shape (n, c)
        The weighted sums.

    Returns
    -------
    ndarray, shape (n,)
        In nats.

    Notes
    -----
    Chapter 6.2.2.3.

    Examples
    --------
    >>> cross_entropy_classes_of_scores([[1, 0, 0]], [[0, 1000, 0]])
    array([1000.])
    """
    return np.asarray(_surprise(np.asarray(targets, float), log_softmax(scores)).sum(axis=-1))


def squared_error(targets: ArrayLike, outputs: ArrayLike) -> Array:
    """½ (y − ŷ)², elementwise; half of it, so that its derivative by ŷ is ŷ − y.

    Rumelhart, Hinton, Williams (1986), equation 3.

    Examples
    --------
    >>> squared_error([3, 1], [1, 1])
    array([2., 0.])
    """
    error = np.asarray(targets, float) - np.asarray(outputs, float)
    return np.asarray(0.5 * error * error)


def _log(x: ArrayLike) -> Array:
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(np.asarray(x, float)))


def _log1p(x: ArrayLike) -> Array:
    with np.errstate(divide="ignore"):
        return np.asarray(np.log1p(np.asarray(x, float)))


def _surprise(share: Array, logarithm: Array) -> Array:
    """Minus share times logarithm, where what has no share counts nothing, even if its logarithm is infinite."""
    return np.asarray(share * np.where(share > 0, -logarithm, 0.0))


# --- The neuron -------------------------------------------------------------------------------------------------------


def cross_entropy_gradient(
    weights: ArrayLike, bias: float, inputs: ArrayLike, labels: ArrayLike
) -> tuple[Array, float]:
    """∂E/∂w = −(y − ŷ)x and ∂E/∂b = −(y − ŷ), E being a neuron's mean cross-entropy.

    Parameters
    ----------
    weights : array_like, shape (d,)
        w.
    bias : float
        b.
    inputs : array_like, shape (d,) or (n, d)
        One row or n of them.
    labels : array_like, shape () or (n,)
        y, 0 or 1.

    Returns
    -------
    by_weights : ndarray, shape (d,)
        The partial derivatives by each weight.
    by_bias : float
        That by the bias.

    Notes
    -----
    The gradient points where the error grows fastest, so a step is made against it (chapter 4.3). Far from the
    solution it is large, near it small.

    Examples
    --------
    >>> cross_entropy_gradient([0, 0], 0, [4, 2], 1)
    (array([-2., -1.]), -0.5)
    """
    rows = np.atleast_2d(np.asarray(inputs, float))
    errors = np.atleast_1d(np.asarray(labels, float)) - sigmoid(weighted_sum(weights, bias, rows))
    return -(errors @ rows) / len(rows), -float(errors.mean())


def neuron_update(
    weights: ArrayLike, bias: float, inputs: ArrayLike, label: float, *, learning_rate: float = 0.01
) -> tuple[Array, float]:
    """What a neuron learns from one point: w ← w + α(y − ŷ)x and b ← b + α(y − ŷ).

    Parameters
    ----------
    weights : array_like, shape (d,)
        Weights before.
    bias : float
        Bias before.
    inputs : array_like, shape (d,)
        The point.
    label : float
        0 or 1.
    learning_rate : float
        α.

    Returns
    -------
    weights : ndarray, shape (d,)
        Weights after.
    bias : float
        Bias after.

    Notes
    -----
    One step of gradient descent on the point's cross-entropy. It is `perceptron_update` with a probability in place of
    the label that was called, so every point is heard, a misclassified one the loudest.

    Examples
    --------
    >>> neuron_update([0.0, 0.0], 0.0, [4, 2], 1, learning_rate=0.5)
    (array([1. , 0.5]), 0.25)
    """
    weights, inputs = np.asarray(weights, float), np.asarray(inputs, float)
    missing = label - float(sigmoid(weighted_sum(weights, bias, inputs)))
    return weights + learning_rate * missing * inputs, bias + learning_rate * missing


def initial_weights(n_inputs: int, *, seed: int = 0) -> Numbers:
    """The weights a neuron starts from: normal around 0 with standard deviation 1/√d; its bias starts at 0.

    Examples
    --------
    >>> initial_weights(4, seed=1).shape
    (4,)
    """
    return np.random.default_rng(seed).normal(0, n_inputs**-0.5, n_inputs)


class NeuronEpoch(NamedTuple):
    """A neuron after a pass over all points, and how it then does on all of them."""

    weights: Array
    bias: float
    cross_entropy: float
    accuracy: float


def neuron_training(
    inputs: ArrayLike, labels: ArrayLike, *, weights: ArrayLike, bias: float = 0.0, learning_rate: float = 0.01
) -> Iterator[NeuronEpoch]:
    """The neuron's algorithm: point after point in the given order, one entry an epoch, without end.

    Parameters
    ----------
    inputs : array_like, shape (n, d)
        The points.
    labels : array_like, shape (n,)
        0 or 1.
    weights : array_like, shape (d,)
        Weights to start from, those of `initial_weights` as a rule.
    bias : float
        Bias to start from.
    learning_rate : float
        α.

    Yields
    ------
    NeuronEpoch
        Weights, bias, mean cross-entropy of all points and accuracy after each epoch.

    Notes
    -----
    Stochastic gradient descent, chapter 8.3.1, with one point a step and nothing shuffled.

    Examples
    --------
    >>> from itertools import islice
    >>> epochs = neuron_training([[0.0], [1.0]], [0, 1], weights=[0.0], learning_rate=1.0)
    >>> [round(epoch.cross_entropy, 4) for epoch in islice(epochs, 3)]
    [0.5724, 0.499, 0.438]
    """
    weights, inputs, labels = np.asarray(weights, float), np.asarray(inputs, float), np.asarray(labels)
    while True:
        for point, label in zip(inputs, labels, strict=True):
            weights, bias = neuron_update(weights, bias, point, float(label), learning_rate=learning_rate)
        scores = weighted_sum(weights, bias, inputs)
        error = float(cross_entropy_of_scores(labels, scores).mean())
        yield NeuronEpoch(weights, bias, error, accuracy(labels, call(sigmoid(scores))))


# --- Many layers ------------------------------------------------------------------------------------------------------


def relu(z: ArrayLike) -> Array:
    """max(0, z), elementwise. Chapter 6.3.1.

    Examples
    --------
    >>> relu([-2, 3])
    array([0., 3.])
    """
    return np.asarray(np.maximum(np.asarray(z, float), 0.0))


def relu_slope(z: ArrayLike) -> Array:
    """The derivative of `relu`: 1 where z > 0, else 0.

    Examples
    --------
    >>> relu_slope([-2, 0, 3])
    array([0., 0., 1.])
    """
    return (np.asarray(z, float) > 0).astype(float)


def tanh(z: ArrayLike) -> Array:
    """(eᶻ − e⁻ᶻ) / (eᶻ + e⁻ᶻ), elementwise: the sigmoid of 2z, stretched to −1 … 1. Chapter 6.3.2.

    Examples
    --------
    >>> tanh([0, 1000])
    array([0., 1.])
    """
    return np.asarray(np.tanh(np.asarray(z, float)))


def tanh_slope(z: ArrayLike) -> Array:
    """The derivative of `tanh`: 1 − tanh²z.

    Examples
    --------
    >>> tanh_slope([0, 1000])
    array([1., 0.])
    """
    return np.asarray(1 - tanh(z) ** 2)


def sigmoid_slope(z: ArrayLike) -> Array:
    """The derivative of `sigmoid`: σ(z)(1 − σ(z)), where 1 − σ(z) is σ(−z).

    Examples
    --------
    >>> sigmoid_slope([0, 1000])
    array([0.25, 0.  ])
    """
    z = np.asarray(z, float)
    return sigmoid(z) * sigmoid(-z)


def silu(z: ArrayLike) -> Array:
    """The sum times its sigmoid, z σ(z), elementwise. Elfwing, Uchibe, Doya (2018), Sigmoid-weighted linear units.

    Examples
    --------
    >>> silu([-1000, 0, 1000])
    array([  -0.,    0., 1000.])
    """
    z = np.asarray(z, float)
    return z * sigmoid(z)


def silu_slope(z: ArrayLike) -> Array:
    """The derivative of `silu`: σ(z)(1 + z(1 − σ(z))).

    Examples
    --------
    >>> silu_slope([0, 1000])
    array([0.5, 1. ])
    """
    z = np.asarray(z, float)
    return sigmoid(z) * (1 + z * sigmoid(-z))


class Activation(NamedTuple):
    """What a hidden neuron does to its sum, and the derivative of that by the sum."""

    function: Callable[[ArrayLike], Array]
    slope: Callable[[ArrayLike], Array]


ACTIVATIONS = {
    "relu": Activation(relu, relu_slope),
    "tanh": Activation(tanh, tanh_slope),
    "logistic": Activation(sigmoid, sigmoid_slope),
    "silu": Activation(silu, silu_slope),
}
"""The activations by the names that learners know them by."""

Head: TypeAlias = Literal["softmax", "logistic", "identity"]
"""What stands at the end of a network: probabilities of classes, the probability of label 1, or numbers."""


class Layer(NamedTuple):
    """The parameters of a layer, or their gradient."""

    weights: Array
    """(inputs, outputs)"""
    bias: Array
    """(outputs,)"""


class Pass(NamedTuple):
    """What feedforward leaves behind: one matrix a layer, n rows each."""

    activations: list[Array]
    """What each layer receives: the inputs, then the activations of each hidden layer."""
    sums: list[Array]
    """The weighted sums of each layer; the last are the scores."""


def feedforward(layers: Sequence[Layer], inputs: ArrayLike, *, activation: str = "relu") -> Pass:
    """Rows through a network, layer by layer: a_l = f(a_{l−1} W_l + b_l).

    Parameters
    ----------
    layers : sequence of Layer
        From inputs to outputs; weights are (inputs, outputs), so that n rows are one product.
    inputs : array_like, shape (n, d)
        The rows.
    activation : str
        f, a name of `ACTIVATIONS`; the last layer's sums are left as they are.

    Returns
    -------
    Pass
        Every sum and activation on the way.

    Notes
    -----
    Chapter 6.5.1.

    Examples
    --------
    >>> hidden = Layer(np.array([[1.0, -1.0]]), np.zeros(2))
    >>> output = Layer(np.array([[1.0], [1.0]]), np.zeros(1))
    >>> feedforward([hidden, output], [[-3], [2]]).sums[-1]
    array([[3.],
           [2.]])
    """
    activations = [np.asarray(inputs, float)]
    sums: list[Array] = []
    for layer in layers:
        sums.append(weighted_sum(layer.weights, layer.bias, activations[-1]))
        activations.append(ACTIVATIONS[activation].function(sums[-1]))
    return Pass(activations[:-1], sums)


def network_error(scores: Array, targets: ArrayLike, *, head: Head = "softmax") -> float:
    """The mean error of rows with these scores.

    Parameters
    ----------
    scores : ndarray, shape (n, c)
        What `feedforward` ends with.
    targets : array_like, shape (n,)
        Codes under "softmax", labels 0 or 1 under "logistic", numbers under "identity".
    head : {"softmax", "logistic", "identity"}
        Cross-entropy of classes, cross-entropy of two labels, or half the squared error.

    Returns
    -------
    float
        Mean over the rows.

    Examples
    --------
    >>> network_error(np.array([[3.0], [5.0]]), [1, 5], head="identity")
    1.0
    """
    if head == "softmax":
        return float(cross_entropy_classes_of_scores(one_hot(targets, scores.shape[1]), scores).mean())
    error = cross_entropy_of_scores if head == "logistic" else squared_error
    return float(error(targets, scores[:, 0]).mean())


def backpropagation(
    layers: Sequence[Layer],
    inputs: ArrayLike,
    targets: ArrayLike,
    *,
    activation: str = "relu",
    head: Head = "softmax",
) -> list[Layer]:
    """The gradient of `network_error` by every weight and bias, by the chain rule from the last layer to the first.

    Parameters
    ----------
    layers : sequence of Layer
        From inputs to outputs.
    inputs : array_like, shape (n, d)
        The rows.
    targets : array_like, shape (n,)
        See `network_error`.
    activation : str
        A name of `ACTIVATIONS`.
    head : {"softmax", "logistic", "identity"}
        See `network_error`.

    Returns
    -------
    list of Layer
        For each layer the derivatives by its weights and by its bias.

    Notes
    -----
    Rumelhart, Hinton, Williams (1986); chapter 6.5. At the end δ = ŷ − y for all three heads, and on the way back
    δ_{l−1} = (δ_l W_lᵀ) f′(z_{l−1}); a layer's gradient is aᵀδ, the mean over the rows.

    Examples
    --------
    >>> layer = Layer(np.zeros((2, 1)), np.zeros(1))
    >>> backpropagation([layer], [[4, 2]], [1], head="logistic")[0].weights.tolist()
    [[-2.0], [-1.0]]
    """
    activations, sums = feedforward(layers, inputs, activation=activation)
    delta = (_output(sums[-1], head) - _wanted(targets, sums[-1].shape[1], head)) / len(sums[-1])
    gradient: list[Layer] = []
    for number in reversed(range(len(layers))):
        gradient.insert(0, Layer(activations[number].T @ delta, delta.sum(axis=0)))
        if number > 0:
            delta = (delta @ layers[number].weights.T) * ACTIVATIONS[activation].slope(sums[number - 1])
    return gradient


def _output(scores: Array, head: Head) -> Array:
    if head == "identity":
        return scores
    return softmax(scores) if head == "softmax" else sigmoid(scores)


def _wanted(targets: ArrayLike, n_outputs: int, head: Head) -> Array:
    return one_hot(targets, n_outputs) if head == "softmax" else np.asarray(targets, float)[:, None]

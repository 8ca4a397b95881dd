from __future__ import annotations

from itertools import islice, pairwise
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.metrics import log_loss

from epoca import formulas
from epoca.errors import OptionError
from epoca.formulas import Head, Layer

Shape = tuple[int, ...]

FINITE = st.floats(allow_nan=False, allow_infinity=False)
MODERATE = st.floats(-30, 30)
CORNERS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], float)


def finite(*shape: int) -> st.SearchStrategy[np.ndarray[Shape, Any]]:
    return arrays(np.float64, shape, elements=FINITE)


def moderate(*shape: int) -> st.SearchStrategy[np.ndarray[Shape, Any]]:
    return arrays(np.float64, shape, elements=MODERATE)


def strict() -> np.errstate:
    """Every floating-point error raises, save underflow: rounding to 0 is then the right answer."""
    return np.errstate(all="raise", under="ignore")


def some_layers(*sizes: int) -> list[Layer]:
    rng = np.random.default_rng(3)
    return [Layer(rng.normal(size=(d, h)), rng.normal(size=h)) for d, h in pairwise(sizes)]


def some_rows(head: Head, *, n: int = 7, d: int = 3, c: int = 4) -> tuple[np.ndarray[Shape, Any], Any]:
    rng = np.random.default_rng(5)
    targets = {"softmax": rng.integers(0, c, n), "logistic": rng.integers(0, 2, n), "identity": rng.normal(size=n)}
    return rng.normal(size=(n, d)), targets[head]


# --- The perceptron ---------------------------------------------------------------------------------------------------


def test_weighted_sum_of_rows_and_classes_has_one_score_for_each_pair() -> None:
    scores = formulas.weighted_sum([[1, 0], [2, -1]], [10, 20], [[1, 1], [0, 3], [2, 0]])
    assert_array_equal(scores, [[13, 19], [16, 17], [12, 20]])


def test_step_fires_at_zero() -> None:
    assert_array_equal(formulas.step([-1e-300, 0.0, -0.0, 1e-300]), [0, 1, 1, 1])


@pytest.mark.parametrize(
    ("label", "bias", "weights_after", "bias_after"),
    [(1, -11, [1.2, 2.4], -10.9), (0, 0, [0.8, 1.6], -0.1), (1, 0, [1, 2], 0), (0, -11, [1, 2], -11)],
)
def test_perceptron_update_hears_only_the_misclassified(
    label: int, bias: float, weights_after: list[float], bias_after: float
) -> None:
    weights, bias = formulas.perceptron_update([1, 2], bias, [2, 4], label, learning_rate=0.1)
    assert_allclose(weights, weights_after)
    assert bias == pytest.approx(bias_after)


def test_perceptron_update_of_two_classes_moves_their_difference_twice_as_far() -> None:
    weights, bias = formulas.perceptron_update_classes(np.zeros((2, 2)), np.zeros(2), [3, -1], 1)
    single, single_bias = formulas.perceptron_update([0, 0], -1e-9, [3, -1], 1)
    assert_allclose(weights[:, 1] - weights[:, 0], 2 * single)
    assert_allclose(bias[1] - bias[0], 2 * single_bias, atol=1e-8)


def test_perceptron_update_of_classes_leaves_its_arguments_alone() -> None:
    weights, bias = np.zeros((2, 3)), np.zeros(3)
    formulas.perceptron_update_classes(weights, bias, [1, 1], 2)
    assert not weights.any()
    assert not bias.any()


def test_perceptron_update_of_classes_keeps_still_when_right() -> None:
    weights, bias = formulas.perceptron_update_classes([[1, 2]], [0, 0], [3], 1)
    assert_array_equal(weights, [[1, 2]])
    assert_array_equal(bias, [0, 0])


@pytest.mark.parametrize("labels", [[0, 0, 0, 1], [0, 1, 1, 1]], ids=["and", "or"])
def test_perceptron_learns_and_and_or(labels: list[int]) -> None:
    epochs = formulas.perceptron_training(CORNERS, labels, weights=[0, 0], learning_rate=1)
    assert [epoch.mistakes for epoch in islice(epochs, 10)][-3:] == [0, 0, 0]


def test_xor_defeats_the_perceptron() -> None:
    epochs = formulas.perceptron_training(CORNERS, [0, 1, 1, 0], weights=[0, 0], learning_rate=1)
    assert min(epoch.mistakes for epoch in islice(epochs, 200)) > 0


def test_decision_line_lies_where_the_sum_is_zero() -> None:
    slope, intercept = formulas.decision_line([3, -2], 5)
    assert formulas.weighted_sum([3, -2], 5, [1, slope + intercept]) == pytest.approx(0)


def test_decision_line_refuses_a_vertical_line() -> None:
    with pytest.raises(OptionError, match=r"^A line whose second weight is 0 is vertical and has no slope\.$"):
        formulas.decision_line([1, 0], 2)


# --- Probabilities ----------------------------------------------------------------------------------------------------


def test_sigmoid_by_hand() -> None:
    assert_allclose(formulas.sigmoid([np.log(3), -np.log(3)]), [0.75, 0.25])


@given(finite(5))
def test_sigmoid_is_a_probability_for_any_score(z: np.ndarray[Shape, Any]) -> None:
    with strict():
        p = formulas.sigmoid(z)
    assert ((p >= 0) & (p <= 1)).all()


@given(moderate(5))
def test_sigmoids_of_opposite_scores_sum_to_one(z: np.ndarray[Shape, Any]) -> None:
    assert_allclose(formulas.sigmoid(z) + formulas.sigmoid(-z), 1, rtol=1e-15)


@given(finite(4, 3))
def test_softmax_gives_probabilities_for_any_scores(scores: np.ndarray[Shape, Any]) -> None:
    with strict():
        p = formulas.softmax(scores)
    assert (p >= 0).all()
    assert_allclose(p.sum(axis=1), 1, rtol=1e-12)


@given(moderate(6, 2))
def test_softmax_of_two_classes_is_the_sigmoid_of_the_difference(scores: np.ndarray[Shape, Any]) -> None:
    assert_allclose(formulas.softmax(scores)[:, 1], formulas.sigmoid(scores[:, 1] - scores[:, 0]), rtol=1e-12)


def test_softmax_by_hand() -> None:
    assert_allclose(formulas.softmax(np.log([1, 2, 5])), [1 / 8, 2 / 8, 5 / 8])


@given(arrays(np.float64, (4, 3), elements=st.floats(-8e307, 8e307)))
def test_log_softmax_is_finite_where_the_probability_is_not(scores: np.ndarray[Shape, Any]) -> None:
    with strict():
        assert np.isfinite(formulas.log_softmax(scores)).all()


@given(finite(4, 3))
def test_log_softmax_raises_no_floating_point_error(scores: np.ndarray[Shape, Any]) -> None:
    with strict():
        assert (formulas.log_softmax(scores) <= 0).all()


@given(moderate(4, 3))
def test_log_softmax_is_the_logarithm_of_softmax(scores: np.ndarray[Shape, Any]) -> None:
    assert_allclose(formulas.log_softmax(scores), np.log(formulas.softmax(scores)), rtol=1e-9, atol=1e-12)


def test_one_hot_has_a_column_for_classes_that_do_not_occur() -> None:
    assert_array_equal(formulas.one_hot([1], 3), [[0, 1, 0]])


@pytest.mark.parametrize("code", [3, -1])
def test_one_hot_refuses_codes_outside(code: int) -> None:
    with pytest.raises(OptionError, match=rf"^Codes must lie between 0 and 2, but {code} is among them\.$"):
        formulas.one_hot([0, code], 3)


# --- Errors -----------------------------------------------------------------------------------------------------------


def test_likelihood_multiplies_what_happened() -> None:
    happened = formulas.probability_of_labels([1, 0, 1, 0], [0.6, 0.2, 0.1, 0.7])
    assert_allclose(happened, [0.6, 0.8, 0.1, 0.3])
    assert formulas.likelihood(happened) == pytest.approx(0.0144)


def test_probability_of_labels_of_classes_takes_each_rows_own_class() -> None:
    assert_array_equal(formulas.probability_of_labels([2, 0], [[0.2, 0.3, 0.5], [0.7, 0.2, 0.1]]), [0.5, 0.7])


def test_log_likelihood_still_compares_where_the_product_cannot() -> None:
    better, worse = np.full(5000, 0.4), np.full(5000, 0.3)
    assert formulas.likelihood(better) == formulas.likelihood(worse) == 0
    assert formulas.log_likelihood(better) > formulas.log_likelihood(worse)


def test_log_likelihood_of_the_impossible_is_minus_infinity() -> None:
    with strict():
        assert formulas.log_likelihood([0.5, 0]) == -np.inf


def test_cross_entropy_is_minus_the_log_likelihood() -> None:
    labels, p = [1, 0, 1, 0], [0.6, 0.2, 0.1, 0.7]
    expected = -formulas.log_likelihood(formulas.probability_of_labels(labels, p))
    assert formulas.cross_entropy(labels, p).sum() == pytest.approx(expected)


def test_cross_entropy_of_certainty_is_nothing_or_infinite() -> None:
    with strict():
        assert_array_equal(formulas.cross_entropy([1, 0, 1, 0], [1, 0, 0, 1]), [0, 0, np.inf, np.inf])


def test_cross_entropy_agrees_with_sklearn() -> None:
    labels, p = np.array([1, 0, 1, 1]), np.array([0.9, 0.2, 0.4, 0.01])
    assert formulas.cross_entropy(labels, p).mean() == pytest.approx(log_loss(labels, p))


def test_cross_entropy_of_classes_agrees_with_sklearn() -> None:
    codes = np.array([0, 2, 1, 2])
    p = formulas.softmax(np.random.default_rng(0).normal(size=(4, 3)))
    assert formulas.cross_entropy_classes(formulas.one_hot(codes), p).mean() == pytest.approx(log_loss(codes, p))


def test_cross_entropy_is_least_where_the_distributions_are_the_same() -> None:
    y = np.array([[0.2, 0.3, 0.5]])
    least = formulas.cross_entropy_classes(y, y)
    for p in ([[0.3, 0.3, 0.4]], [[0.1, 0.4, 0.5]], [[1, 0, 0]]):
        assert formulas.cross_entropy_classes(y, p) > least


@given(moderate(5), st.lists(st.sampled_from([0, 1]), min_size=5, max_size=5))
def test_cross_entropy_of_scores_is_that_of_their_sigmoids(z: np.ndarray[Shape, Any], labels: list[int]) -> None:
    expected = formulas.cross_entropy(labels, formulas.sigmoid(z))
    assert_allclose(formulas.cross_entropy_of_scores(labels, z), expected, rtol=1e-3, atol=1e-12)


@given(finite(5), st.lists(st.sampled_from([0, 1]), min_size=5, max_size=5))
def test_cross_entropy_of_scores_is_finite_for_any_score(z: np.ndarray[Shape, Any], labels: list[int]) -> None:
    with strict():
        assert np.isfinite(formulas.cross_entropy_of_scores(labels, z)).all()


@given(moderate(5, 3))
def test_cross_entropy_of_class_scores_is_that_of_their_softmax(scores: np.ndarray[Shape, Any]) -> None:
    targets = formulas.one_hot([0, 1, 2, 1, 0])
    expected = formulas.cross_entropy_classes(targets, formulas.softmax(scores))
    assert_allclose(formulas.cross_entropy_classes_of_scores(targets, scores), expected, rtol=1e-9, atol=1e-12)


@given(arrays(np.float64, (3, 3), elements=st.floats(-8e307, 8e307)))
def test_cross_entropy_of_class_scores_is_finite_wherever_float64_holds_it(scores: np.ndarray[Shape, Any]) -> None:
    with strict():
        assert np.isfinite(formulas.cross_entropy_classes_of_scores(np.eye(3), scores)).all()


def test_squared_error_is_finite_wherever_float64_holds_it() -> None:
    with strict():
        assert formulas.squared_error(1.8e154, 0) == pytest.approx(1.62e308)


# --- The neuron -------------------------------------------------------------------------------------------------------


def test_neuron_gradient_agrees_with_torch() -> None:
    rows, labels = some_rows("logistic")
    w = torch.tensor([0.3, -0.2, 0.5], dtype=torch.float64, requires_grad=True)
    b = torch.tensor(0.1, dtype=torch.float64, requires_grad=True)
    scores = torch.from_numpy(rows) @ w + b
    torch.nn.functional.binary_cross_entropy_with_logits(scores, torch.from_numpy(labels).double()).backward()  # type: ignore[no-untyped-call]
    assert w.grad is not None
    assert b.grad is not None
    by_weights, by_bias = formulas.cross_entropy_gradient([0.3, -0.2, 0.5], 0.1, rows, labels)
    assert_allclose(by_weights, w.grad, rtol=1e-12)
    assert by_bias == pytest.approx(float(b.grad), rel=1e-12)


def test_neuron_update_is_a_step_against_the_gradient() -> None:
    by_weights, by_bias = formulas.cross_entropy_gradient([0.4, -1], 0.2, [3, 5], 1)
    weights, bias = formulas.neuron_update([0.4, -1], 0.2, [3, 5], 1, learning_rate=0.5)
    assert_allclose(weights, [0.4, -1] - 0.5 * by_weights)
    assert bias == pytest.approx(0.2 - 0.5 * by_bias)


@given(finite(3), st.sampled_from([0, 1]))
def test_neuron_update_is_finite_for_any_point_it_has_a_score_for(point: np.ndarray[Shape, Any], label: int) -> None:
    with strict():
        weights, bias = formulas.neuron_update(np.zeros(3), 0.0, point, label)
    assert np.isfinite(weights).all()
    assert np.isfinite(bias)


def test_initial_weights_have_the_deviation_of_the_textbook() -> None:
    assert formulas.initial_weights(10_000).std() == pytest.approx(0.01, rel=0.05)


def test_neuron_training_parts_two_clouds() -> None:
    rng = np.random.default_rng(0)
    points = np.concatenate([rng.normal(-1, 0.4, (30, 2)), rng.normal(1, 0.4, (30, 2))])
    labels = np.repeat([0, 1], 30)
    epochs = list(islice(formulas.neuron_training(points, labels, weights=formulas.initial_weights(2)), 100))
    assert epochs[-1].accuracy == 1
    assert epochs[-1].cross_entropy < 0.1 < epochs[0].cross_entropy


def test_neuron_training_goes_point_after_point_in_the_given_order() -> None:
    epoch = next(formulas.neuron_training([[1, 0], [0, 2]], [1, 0], weights=[0, 0], learning_rate=1))
    missing = -1 / (1 + np.exp(-0.5))
    assert_allclose(epoch.weights, [0.5, 2 * missing])
    assert epoch.bias == pytest.approx(0.5 + missing)


# --- Many layers ------------------------------------------------------------------------------------------------------

TORCH_ACTIVATIONS = {
    "relu": torch.relu,
    "tanh": torch.tanh,
    "logistic": torch.sigmoid,
    "silu": torch.nn.functional.silu,
}


@pytest.mark.parametrize("name", formulas.ACTIVATIONS)
def test_activation_and_slope_agree_with_torch(name: str) -> None:
    z = np.linspace(-40, 40, 161)
    variable = torch.tensor(z, requires_grad=True)
    value = TORCH_ACTIVATIONS[name](variable)
    value.sum().backward()  # type: ignore[no-untyped-call]
    assert variable.grad is not None
    assert_allclose(formulas.ACTIVATIONS[name].function(z), value.detach(), rtol=1e-12, atol=1e-15)
    assert_allclose(formulas.ACTIVATIONS[name].slope(z), variable.grad, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("name", formulas.ACTIVATIONS)
@given(z=finite(5))
def test_activation_and_slope_are_finite_for_any_sum(name: str, z: np.ndarray[Shape, Any]) -> None:
    with strict():
        assert np.isfinite(formulas.ACTIVATIONS[name].function(z)).all()
        assert np.isfinite(formulas.ACTIVATIONS[name].slope(z)).all()


def test_feedforward_without_hidden_layers_is_the_weighted_sum() -> None:
    (layer,) = some_layers(3, 2)
    rows, _ = some_rows("softmax")
    assert_array_equal(
        formulas.feedforward([layer], rows).sums[-1], formulas.weighted_sum(layer.weights, layer.bias, rows)
    )


def test_two_layers_learn_what_one_perceptron_cannot() -> None:
    hidden = Layer(np.array([[1.0, 1.0], [1.0, 1.0]]), np.array([0.0, -1.0]))
    output = Layer(np.array([[1.0], [-2.0]]), np.array([-0.5]))
    assert_array_equal(formulas.step(formulas.feedforward([hidden, output], CORNERS).sums[-1][:, 0]), [0, 1, 1, 0])


@pytest.mark.parametrize("activation", formulas.ACTIVATIONS)
@pytest.mark.parametrize(("head", "outputs"), [("softmax", 4), ("logistic", 1), ("identity", 1)])
def test_backpropagation_agrees_with_central_differences(activation: str, head: Head, outputs: int) -> None:
    layers = some_layers(3, 5, outputs)
    rows, targets = some_rows(head)

    def error() -> float:
        return formulas.network_error(
            formulas.feedforward(layers, rows, activation=activation).sums[-1], targets, head=head
        )

    gradient = formulas.backpropagation(layers, rows, targets, activation=activation, head=head)
    for layer, slopes in zip(layers, gradient, strict=True):
        for parameters, derivative in zip(layer, slopes, strict=True):
            for index in np.ndindex(parameters.shape):
                before = parameters[index]
                parameters[index] = before + 1e-5
                above = error()
                parameters[index] = before - 1e-5
                below = error()
                parameters[index] = before
                assert derivative[index] == pytest.approx((above - below) / 2e-5, rel=1e-5, abs=1e-8)


@pytest.mark.parametrize("activation", formulas.ACTIVATIONS)
@pytest.mark.parametrize(("head", "outputs"), [("softmax", 4), ("logistic", 1), ("identity", 1)])
def test_backpropagation_agrees_with_torch(activation: str, head: Head, outputs: int) -> None:
    layers = some_layers(3, 6, 5, outputs)
    rows, targets = some_rows(head)
    variables = [[torch.tensor(array, requires_grad=True) for array in layer] for layer in layers]
    values, wanted = torch.from_numpy(rows), torch.from_numpy(targets)
    for number, (weights, bias) in enumerate(variables):
        values = values @ weights + bias
        if number < len(layers) - 1:
            values = TORCH_ACTIVATIONS[activation](values)
    functional = torch.nn.functional
    if head == "softmax":
        error = functional.cross_entropy(values, wanted)
    elif head == "logistic":
        error = functional.binary_cross_entropy_with_logits(values[:, 0], wanted.double())
    else:
        error = 0.5 * functional.mse_loss(values[:, 0], wanted)
    error.backward()  # type: ignore[no-untyped-call]

    scores = formulas.feedforward(layers, rows, activation=activation).sums[-1]
    assert formulas.network_error(scores, targets, head=head) == pytest.approx(error.item(), rel=1e-12)
    gradient = formulas.backpropagation(layers, rows, targets, activation=activation, head=head)
    for variable, slopes in zip(variables, gradient, strict=True):
        for parameters, derivative in zip(variable, slopes, strict=True):
            assert parameters.grad is not None
            assert_allclose(derivative, parameters.grad, rtol=1e-9, atol=1e-12)

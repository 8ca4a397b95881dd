from __future__ import annotations

import random
from itertools import pairwise

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal
from threadpoolctl import threadpool_info

from epoca import formulas
from epoca.formulas import Layer
from epoca.learners.learner import Examples, Learner
from epoca.learners.network import Network
from epoca.learners.neuron import Neuron
from epoca.learners.perceptron import Perceptron
from epoca.learners.population import Findings, Population
from epoca.learners.predicting import predictions
from epoca.types import Parameters, Rows

LEARNERS: dict[str, Learner] = {
    "perceptron": Perceptron(sizes=(4, 3)),
    "neuron": Neuron(sizes=(4, 3), head="softmax"),
    "network": Network(sizes=(4, 9, 3), head="softmax", batch_size=16, dropout=0.2),
    "wide network": Network(sizes=(4, 160, 150, 3), head="softmax", batch_size=128),
}
EACH_LEARNER = pytest.mark.parametrize("learner", LEARNERS.values(), ids=LEARNERS)


def blobs(n: int = 160) -> Examples:
    rng = np.random.default_rng(6)
    codes = rng.integers(0, 3, n)
    matrix = rng.normal(size=(n, 4)) + rng.normal(size=(3, 4))[codes]
    return Examples(matrix.astype(np.float32), codes.astype(np.float32), np.ones(n, np.float32))


def folds(n: int = 160, *, k: int = 8) -> list[Rows]:
    return [np.arange(first, n, k) for first in range(k)]


def grown(
    learner: Learner,
    examples: Examples,
    held_out: list[Rows],
    *,
    epochs: int = 3,
    seed: int = 1,
    threads: int | None = None,
    rate: float = 0.01,
) -> tuple[Population, list[Findings]]:
    population = Population(learner, examples, folds=held_out, seed=seed, threads=threads)
    findings = [population.epoch(learning_rate=rate) for _ in range(epochs)]
    population.close()
    return population, findings


def layers(parameters: Parameters, sizes: tuple[int, ...]) -> list[Layer]:
    """A flat buffer as layers."""
    cut, first = [], 0
    for inputs, outputs in pairwise(sizes):
        end = first + inputs * outputs
        cut.append(Layer(parameters[first:end].reshape(inputs, outputs), parameters[end : end + outputs]))
        first = end + outputs
    return cut


# --- The same seed ----------------------------------------------------------------------------------------------------


@EACH_LEARNER
def test_the_same_seed_gives_the_same_bits_whatever_the_threads(learner: Learner) -> None:
    first, first_findings = grown(learner, blobs(), folds(), threads=1)
    for threads in (1, 2, 8):
        again, findings = grown(learner, blobs(), folds(), threads=threads)
        assert again.parameters.tobytes() == first.parameters.tobytes()
        for one, other in zip(findings, first_findings, strict=True):
            for values, others in zip(one, other, strict=True):
                assert_array_equal(values, others)


def test_another_seed_gives_other_members() -> None:
    one, _ = grown(LEARNERS["network"], blobs(), folds(), seed=1)
    other, _ = grown(LEARNERS["network"], blobs(), folds(), seed=2)
    assert not (one.parameters == other.parameters).all(axis=1).any()


@EACH_LEARNER
def test_members_start_apart_and_see_their_rows_in_different_orders(learner: Learner) -> None:
    population, _ = grown(learner, blobs(), [np.array([], np.int64)] * 4, epochs=1)
    assert len({member.state.order.tobytes() for member in population.members}) == 4
    assert len({parameters.tobytes() for parameters in population.parameters}) == 4


def test_a_member_is_the_same_with_fewer_members_beside_it() -> None:
    many, _ = grown(LEARNERS["network"], blobs(), folds())
    few, _ = grown(LEARNERS["network"], blobs(), folds()[:3])
    assert_array_equal(many.parameters[:3], few.parameters)


def test_members_of_another_learner_beside_are_what_they_would_be_alone() -> None:
    population = Population(LEARNERS["network"], blobs(), folds=folds(), seed=1)
    population.epoch(learning_rate=0.01)
    before = population.parameters
    beside = population.beside(LEARNERS["neuron"], members=3)
    findings = beside.epochs(learning_rates=[0.01] * 3)
    alone, wanted = grown(LEARNERS["neuron"], blobs(), folds()[:3])
    assert_array_equal(beside.parameters, alone.parameters)
    assert_array_equal(findings[-1].held_out_loss, wanted[-1].held_out_loss)
    assert_array_equal(findings[-1].held_out_groups, wanted[-1].held_out_groups)
    assert_array_equal(population.parameters, before)
    beside.halt()
    assert np.isfinite(population.epoch(learning_rate=0.01).held_out_loss).all()
    population.close()


# --- Held-out rows ----------------------------------------------------------------------------------------------------


@EACH_LEARNER
def test_a_member_never_learns_from_the_rows_it_holds_out(learner: Learner) -> None:
    examples, held_out = blobs(), np.arange(0, 160, 8)
    clean, _ = grown(learner, examples, [held_out])
    poisoned = Examples(*(column.copy() for column in examples))
    poisoned.matrix[held_out] = np.nan
    poisoned.targets[held_out] = 2 - poisoned.targets[held_out]
    poisoned.weights[held_out] = 1e9
    sick, findings = grown(learner, poisoned, [held_out])
    assert_array_equal(sick.parameters, clean.parameters)
    assert np.isfinite([found.training_loss for found in findings]).all()


def test_a_member_learns_from_every_other_row() -> None:
    population, _ = grown(LEARNERS["network"], blobs(), folds())
    for member, held_out in zip(population.members, folds(), strict=True):
        assert_array_equal(np.sort(member.state.order), np.setdiff1d(np.arange(160), held_out))
        assert_array_equal(member.held_out, held_out)


def test_the_sample_holds_as_many_training_rows_as_are_held_out() -> None:
    population, _ = grown(LEARNERS["network"], blobs(), folds())
    for member in population.members:
        assert member.sample.size == np.unique(member.sample).size == member.held_out.size
        assert not np.isin(member.sample, member.held_out).any()


def test_where_nothing_is_held_out_the_sample_is_every_row_and_the_held_out_loss_no_number() -> None:
    population, findings = grown(LEARNERS["network"], blobs(), [np.array([], np.int64)])
    assert_array_equal(population.members[0].sample, np.arange(160))
    assert np.isnan(findings[-1].held_out_loss).all()
    assert np.isnan(findings[-1].held_out_accuracy).all()


# --- Findings ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["neuron", "network", "wide network"])
def test_findings_are_what_the_formulas_find(name: str) -> None:
    learner, examples = LEARNERS[name], blobs()
    population, findings = grown(learner, examples, folds())
    sizes = tuple(learner.shape.sizes.tolist())
    for number, (member, parameters) in enumerate(zip(population.members, population.parameters, strict=True)):
        for rows, loss, accuracy in (
            (member.sample, findings[-1].training_loss, findings[-1].training_accuracy),
            (member.held_out, findings[-1].held_out_loss, findings[-1].held_out_accuracy),
        ):
            scores = formulas.feedforward(layers(parameters, sizes), examples.matrix[rows]).sums[-1]
            codes = examples.targets[rows].astype(int)
            assert loss[number] == pytest.approx(formulas.network_error(scores, codes), rel=1e-5)
            assert accuracy[number] == formulas.accuracy(codes, formulas.call(formulas.softmax(scores)))


def test_the_loss_of_a_perceptron_is_its_share_of_mistakes() -> None:
    population, findings = grown(LEARNERS["perceptron"], blobs(), folds())
    assert_allclose(findings[-1].held_out_loss, 1 - findings[-1].held_out_accuracy)
    member, parameters = population.members[0], population.parameters[0].astype(float)
    matrix, targets, _ = blobs()
    called = (matrix[member.held_out] @ parameters[:12].reshape(4, 3) + parameters[12:]).argmax(axis=1)
    assert findings[-1].held_out_loss[0] == np.mean(called != targets[member.held_out])


def test_the_accuracy_of_a_number_is_its_share_of_variance_explained() -> None:
    rng = np.random.default_rng(3)
    matrix = rng.normal(size=(200, 4)).astype(np.float32)
    numbers = matrix @ np.float32([1, 2, 3, 4]) / np.float32(np.sqrt(30))
    examples = Examples(matrix, numbers, np.ones(200, np.float32))
    population, findings = grown(Neuron(sizes=(4, 1), head="identity"), examples, folds(200), epochs=1)
    member, parameters = population.members[0], population.parameters[0].astype(float)
    error = matrix[member.sample] @ parameters[:4] + parameters[4] - numbers[member.sample]
    assert findings[-1].training_loss[0] == pytest.approx(np.mean(error**2) / 2, rel=1e-4)
    assert findings[-1].training_accuracy[0] == pytest.approx(1 - np.mean(error**2), abs=1e-5)


def test_rows_count_by_their_weight_where_they_are_measured() -> None:
    examples = blobs()
    weights = np.random.default_rng(1).integers(0, 3, 160).astype(np.float32)
    population, findings = grown(LEARNERS["network"], examples._replace(weights=weights), folds())
    held_out = population.members[0].held_out
    scores = formulas.feedforward(layers(population.parameters[0], (4, 9, 3)), examples.matrix[held_out]).sums[-1]
    targets = formulas.one_hot(examples.targets[held_out].astype(int), 3)
    losses = formulas.cross_entropy_classes_of_scores(targets, scores)
    wanted = np.average(losses, weights=weights[held_out])
    assert findings[-1].held_out_loss[0] == pytest.approx(wanted, rel=1e-5)


def test_an_epoch_without_learning_rate_only_measures() -> None:
    start = Population(LEARNERS["neuron"], blobs(), folds=folds(), seed=1).parameters
    measured, findings = grown(LEARNERS["neuron"], blobs(), folds(), epochs=1, rate=0.0)
    assert_array_equal(measured.parameters, start)
    assert np.isfinite(findings[0].held_out_loss).all()


@EACH_LEARNER
def test_findings_between_epochs_are_those_of_the_epoch_and_change_nothing(learner: Learner) -> None:
    population, epochs = grown(learner, blobs(), folds())
    again = population.findings()
    for name in set(Findings._fields) - {"gradient_norm", "sharpness", "refined_loss"}:  # a search that begins there
        assert_allclose(getattr(again, name), getattr(epochs[-1], name), rtol=1e-6, equal_nan=True)
    population.findings()
    following = population.epoch(learning_rate=0.01)
    population.close()
    _other, undisturbed = grown(learner, blobs(), folds(), epochs=4)
    for name in Findings._fields:
        assert_array_equal(getattr(following, name), getattr(undisturbed[-1], name))


def test_without_shuffling_every_epoch_takes_the_rows_as_they_are() -> None:
    population = Population(LEARNERS["neuron"], blobs(), folds=folds(), seed=1)
    for _ in range(2):
        population.epoch(learning_rate=0.01, shuffle=False)
    population.close()
    for member in population.members:
        assert (np.diff(member.state.order) > 0).all()


def test_learning_lowers_the_held_out_loss() -> None:
    _, findings = grown(LEARNERS["network"], blobs(), folds(), epochs=20)
    assert findings[-1].held_out_loss.mean() < 0.8 * findings[0].held_out_loss.mean()


# --- Predictions ------------------------------------------------------------------------------------------------------


@EACH_LEARNER
def test_predictions_do_not_depend_on_the_rows_beside_them(learner: Learner) -> None:
    population, _ = grown(learner, blobs(), folds(), epochs=1)
    matrix = np.random.default_rng(9).normal(size=(9001, 4)).astype(np.float32)
    together = predictions(population.parameters, learner.shape, matrix)
    assert_array_equal(predictions(np.asfortranarray(population.parameters), learner.shape, matrix), together)
    for rows in (slice(4321, 4322), np.random.default_rng(2).permutation(9001), slice(1, 500)):
        assert predictions(population.parameters, learner.shape, matrix[rows]).tobytes() == together[rows].tobytes()
    if not isinstance(learner, Perceptron):  # which gives no probabilities
        assert_allclose(together.sum(axis=1), 1, rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", ["neuron", "network", "wide network"])
def test_predictions_are_the_mean_of_the_members_probabilities(name: str) -> None:
    learner, matrix = LEARNERS[name], blobs().matrix
    population, _ = grown(learner, blobs(), folds(), epochs=1)
    sizes = tuple(learner.shape.sizes.tolist())
    of_members = [
        formulas.softmax(formulas.feedforward(layers(parameters.astype(float), sizes), matrix).sums[-1])
        for parameters in population.parameters
    ]
    found = predictions(population.parameters, learner.shape, matrix)
    assert_allclose(found, np.mean(of_members, axis=0), rtol=0, atol=1e-12)


# --- The world around -------------------------------------------------------------------------------------------------


def test_the_generators_and_threads_of_others_are_left_alone() -> None:
    def world() -> tuple[object, ...]:
        numbers = np.random.get_state()  # noqa: NPY002
        threads = {library["filepath"]: library["num_threads"] for library in threadpool_info()}
        return (
            (numbers[0], numbers[1].tobytes(), *numbers[2:]),
            random.getstate(),
            torch.get_rng_state().numpy().tobytes(),
            torch.get_num_threads(),
            threads,
        )

    grown(LEARNERS["network"], blobs(), folds(), epochs=1)
    before = world()
    grown(LEARNERS["wide network"], blobs(), folds())
    assert world() == before


def test_the_examples_are_left_alone() -> None:
    examples = blobs()
    before = [column.copy() for column in examples]
    grown(LEARNERS["network"], examples, folds())
    for column, kept in zip(examples, before, strict=True):
        assert_array_equal(column, kept)


def test_parameters_are_a_copy() -> None:
    population, _ = grown(LEARNERS["neuron"], blobs(), folds(), epochs=1)
    population.parameters[:] = 0
    assert population.parameters.any()


# --- An epoch in parts ------------------------------------------------------------------------------------------------


@EACH_LEARNER
def test_an_epoch_made_step_by_step_is_the_same_bit_by_bit(learner: Learner) -> None:
    whole, found = grown(learner, blobs(), folds())
    stepped = Population(learner, blobs(), folds=folds(), seed=1)
    for number, steps in enumerate((1, 3, 10**6)):  # the last leaves only measuring to `epoch`
        for _times in range(4):
            is_left = stepped.advance(steps=steps, learning_rate=0.01)
        assert is_left == (4 * steps * learner.batch_size < 140)
        at_once, in_parts = found[number], stepped.epoch(learning_rate=0.01)
        assert_allclose(in_parts.gradient_norm, at_once.gradient_norm, rtol=1e-12)
        assert_array_equal(in_parts.training_loss, at_once.training_loss)
        assert_array_equal(in_parts.held_out_loss, at_once.held_out_loss)
    stepped.close()
    assert_array_equal(stepped.parameters, whole.parameters)


def test_a_restored_population_begins_its_epoch_anew() -> None:
    learner = LEARNERS["network"]
    population = Population(learner, blobs(), folds=folds(), seed=1)
    states = [state.copy() for state in population.states]
    population.advance(steps=2, learning_rate=0.01)
    population.restore(states)
    population.advance(steps=0, learning_rate=0.01)
    found = population.epoch(learning_rate=0.01)
    population.close()
    assert_array_equal(found.training_loss, grown(learner, blobs(), folds(), epochs=1)[1][0].training_loss)

from __future__ import annotations

import random

import numpy as np
import pytest

from epoca.learners.feedforward import evaluate
from epoca.learners.learner import Examples
from epoca.learners.network import Network
from epoca.learners.population import Population
from epoca.learners.predicting import predictions
from epoca.learners.randomness import shuffle

N = 120


def _examples(seed: int = 0) -> Examples:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(N, 6)).astype(np.float32)
    return Examples(x, (x[:, 0] * x[:, 1] > 0).astype(np.float32), np.ones(N, np.float32))


def _population(*, threads: int | None = None, seed: int = 0, examples: Examples | None = None) -> Population:
    network = Network(sizes=(6, 16, 8, 1), head="logistic", batch_size=16, dropout=0.2)
    folds = np.array_split(np.random.default_rng(1).permutation(N), 4)
    return Population(
        network, examples or _examples(), folds=[np.sort(fold) for fold in folds], seed=seed, threads=threads
    )


def _trained(population: Population, epochs: int = 3) -> np.ndarray:
    for _epoch in range(epochs):
        population.epoch(learning_rate=0.01)
    population.close()
    return population.parameters


@pytest.mark.parametrize("threads", [1, 2, 8])
def test_a_seed_gives_the_same_bits_whatever_the_threads(threads: int) -> None:
    assert np.array_equal(_trained(_population(threads=threads)), _trained(_population()))


def test_members_and_seeds_differ() -> None:
    one, other = _trained(_population()), _trained(_population(seed=1))
    assert not np.array_equal(one, other)
    assert len({member.tobytes() for member in one}) == 4


def test_a_member_learns_nothing_from_the_rows_it_holds_out() -> None:
    examples = _examples()
    population = _population(examples=examples)
    poisoned = examples.targets.copy()
    poisoned[population.members[2].held_out] = 1 - poisoned[population.members[2].held_out]
    other = _population(examples=examples._replace(targets=poisoned))
    assert np.array_equal(_trained(population)[2], _trained(other)[2])


def test_findings_are_measured_on_the_rows_they_name() -> None:
    population = _population()
    found = population.epoch(learning_rate=0.01)
    for number, member in enumerate(population.members):
        assert member.sample.size == member.held_out.size
        assert not set(member.sample) & set(member.held_out)
        assert set(member.sample) <= set(member.state.order)
        for rows, loss in ((member.sample, found.training_loss), (member.held_out, found.held_out_loss)):
            outputs = predictions(
                population.parameters[[number]], population.learner.shape, population.examples.matrix[rows]
            )
            happened = outputs[np.arange(rows.size), population.examples.targets[rows].astype(int)]
            assert loss[number] == pytest.approx(-np.log(happened).mean(), rel=1e-4)
    population.close()


def test_row_weights_count_as_repetitions_do() -> None:
    examples = _examples()
    weights = np.random.default_rng(3).integers(1, 4, N).astype(np.float32)
    network = Network(sizes=(6, 5, 1), head="logistic", batch_size=10_000, optimizer="sgd", momentum=0.0)
    repeated = np.repeat(np.arange(N), weights.astype(int))
    mean = weights.mean()

    def trained(given: Examples) -> np.ndarray:
        state = network.init(rows=np.arange(given.targets.size), seed=(0,))
        for _epoch in range(5):
            network.epoch(state, given, learning_rate=0.1, signals=np.zeros(1, np.int64))
        return state.parameters

    weighted = trained(examples._replace(weights=weights / mean))
    by_hand = trained(Examples(*(part[repeated] for part in examples)))
    assert weighted == pytest.approx(by_hand, abs=1e-5)
    rows = np.arange(N)
    loss = evaluate(weighted, network.shape, *examples._replace(weights=weights), rows)[0]
    assert loss == pytest.approx(evaluate(weighted, network.shape, *examples, repeated)[0], rel=1e-5)


def test_nothing_global_is_touched() -> None:
    import torch
    from threadpoolctl import threadpool_info

    def seen() -> tuple[object, ...]:
        threads = [(library["filepath"], library["num_threads"]) for library in threadpool_info()]
        return random.getstate(), np.random.get_state()[1].tobytes(), torch.random.get_rng_state().tolist(), threads  # type: ignore[union-attr] # noqa: NPY002

    _trained(_population(), epochs=1)  # loads what is loaded on first use
    before = seen()
    _trained(_population())
    assert seen() == before


def test_shuffles_are_fair() -> None:
    counts = np.zeros((4, 4))
    state = np.array([7], np.uint64)
    for _trial in range(4000):
        rows = np.arange(4)
        shuffle(rows, state)
        counts[rows, np.arange(4)] += 1
    assert ((counts - 1000) ** 2 / 1000).sum() < 30  # chi-square of 9 degrees of freedom, beyond 1 in 1000


def test_predictions_do_not_depend_on_the_rows_beside_them() -> None:
    population = _population()
    parameters = _trained(population, 1)
    matrix = np.random.default_rng(9).normal(size=(9001, 6)).astype(np.float32)
    together = predictions(parameters, population.learner.shape, matrix)
    assert np.array_equal(predictions(parameters, population.learner.shape, matrix[4321:4322]), together[4321:4322])
    order = np.random.default_rng(2).permutation(9001)
    assert np.array_equal(predictions(parameters, population.learner.shape, matrix[order]), together[order])
    assert together.sum(axis=1) == pytest.approx(np.ones(9001), abs=1e-12)

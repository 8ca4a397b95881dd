"""What a fitting does beside the loop: baselines, refined rules, repeats, refit, interrupts."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from epoca.errors import OptionError
from epoca.fitting import Fitting
from epoca.learners.network import Network
from epoca.learners.population import Findings, Population
from epoca.model import Model
from epoca.problem import Problem
from epoca.settings import Settings
from epoca.tables.samples import sample
from epoca.tables.table import Table
from epoca.training.carrying import Carrying
from epoca.training.stop import StopReason
from tests.made import threads_left


class Beside:
    """Members beside whose epochs are what a function makes of those of a population."""

    def __init__(self, epochs: Callable[..., list[Findings]], population: Population) -> None:
        self._epochs, self._population = epochs, population

    def epochs(self, *, learning_rates: tuple[float, ...]) -> list[Findings]:
        return self._epochs(self._population, learning_rates=learning_rates)

    def halt(self) -> None:
        self._population.halt()


def fitting_of(name: str = "moons", *, rows: int = 200, target: str = "label", **changes: object) -> Fitting:
    given: dict[str, object] = {"hidden": (8,), "members": 4, "epochs": 30, "learning_rate": 0.01, **changes}
    settings = Settings(**given)  # type: ignore[arg-type]
    return Fitting(Problem.of_table(sample(name, rows=rows), target=target, settings=settings), settings=settings)


def fitted(**changes: object) -> Model:
    fitting = fitting_of(**changes)  # type: ignore[arg-type]
    for _epoch in fitting:
        pass
    return fitting.model()


def test_guessing_and_a_neuron_are_known_on_the_very_rows_that_are_held_out() -> None:
    model = fitted(members=6)
    groups = model.history.groups
    assert groups is not None
    assert model.baselines["guessing"].shape == groups.weights.shape == (6, 27)
    assert model.baselines["neuron"].shape == (4, 27)  # of the first members
    assert model.guessing_loss == pytest.approx(np.log(2), abs=0.01)
    beyond = model.verdict.evidence
    assert beyond is not None
    assert beyond.beyond_neuron is not None
    assert 0.1 < float(model.baselines["neuron"].mean()) < np.log(2)
    assert "neuron" not in fitted(model="neuron").baselines


def test_a_refined_rule_keeps_every_member_at_its_least_refined_loss_with_its_factor() -> None:
    model = fitted(stopping="refined(8)", epochs=200)
    refined = model.history.members("refined_loss")
    assert model.watches == "refined_loss"
    assert model.best_epoch == int(refined.mean(axis=1).argmin()) + 1
    # Every row is held out by one member of equal folds, so the score is the mean of their least refined losses.
    assert_allclose(model.scores["held_out"].log_loss, refined.min(axis=0).mean(), rtol=1e-4)
    first, last = model.best_epoch_range or (0, 0)
    assert first <= model.best_epoch <= last


@pytest.mark.parametrize("other", [{"model": "perceptron"}, {"name": "moons", "target": "x1"}])
def test_a_refined_rule_needs_probabilities(other: dict[str, object]) -> None:
    with pytest.raises(OptionError, match=r'The rule "refined\(4\)" needs probabilities of classes'):
        fitting_of(stopping="refined(4)", **other)  # type: ignore[arg-type]


def test_columns_to_leave_out_are_a_list() -> None:
    with pytest.raises(OptionError, match=r'leave_out must be a list of columns, such as \["x1"\]\.'):
        fitting_of(leave_out="x1")
    assert fitting_of(leave_out=("x1",)).columns.names == ["x1", "x2"]
    assert fitting_of(leave_out=("x1",), pieces=0).columns.output_names == ["x2"]


def test_repeats_hold_out_the_same_rows_by_other_seeds() -> None:
    fitting = fitting_of(repeats=3)
    folds = fitting.material.held_out
    assert len(folds) == 12
    for member in range(4):
        assert_array_equal(folds[member], folds[member + 4])
    for _epoch in fitting:
        pass
    model = fitting.model()
    assert len(model.parameters) == 12
    assert model.history.groups is not None
    assert_array_equal(model.history.groups.folds, [0, 1, 2, 3] * 3)
    spread = model.best_epoch_spread
    assert spread is not None
    assert spread.seeds is not None


def test_new_members_learn_for_as_long_as_the_folds_say() -> None:
    fitting = fitting_of(refit=True, stopping="patience(4)", epochs=200)
    trained = [epoch.number for epoch in fitting if fitting.is_refitting]
    model = fitting.model()
    carried = Carrying.from_json(model.data["refitted"])
    assert trained == list(range(1, carried.epochs + 1))
    assert model.best_epoch is not None
    expected = {"passes": model.best_epoch, "updates": max(1, round(model.best_epoch * 3 / 4))}
    assert carried.epochs == expected[carried.rule]
    assert carried.missed <= carried.otherwise
    assert carried.missed >= 0
    assert model.checkpoint is not None
    assert not np.array_equal(model.parameters, model.checkpoint.best_parameters)


def test_an_interrupt_after_the_training_changes_nothing_of_why_it_ended() -> None:
    fitting = fitting_of(refit=True, epochs=12)
    for _epoch in fitting:
        if fitting.training.stop.reason is StopReason.LIMIT:
            fitting.interrupt()
    model = fitting.model()
    assert model.stop.reason is StopReason.LIMIT
    assert model.data["refitted"] is None
    assert model.checkpoint is not None
    assert_array_equal(model.parameters, model.checkpoint.best_parameters)


@pytest.mark.parametrize("n_epochs", [1, 12])
@pytest.mark.parametrize("refit", [False, True])
def test_whether_left_or_ended_a_training_leaves_no_thread(n_epochs: int, refit: bool) -> None:
    before, fitting = threading.enumerate(), fitting_of(refit=refit, epochs=12)
    for epoch in fitting:
        if epoch.number == n_epochs:
            break
    del epoch
    assert threads_left(besides=before) == []


def test_whoever_left_goes_on_where_they_left_and_after_the_end_there_is_no_more() -> None:
    whole, left = fitting_of(epochs=12), fitting_of(epochs=12)
    numbers = [epoch.number for epoch in whole]
    for epoch in left:
        if epoch.number == 5:
            break
    assert [epoch.number for epoch in left] == [6, 7, 8, 9, 10, 11, 12]
    assert numbers == list(range(1, 13))
    assert list(whole) == []
    one, other = whole.model(), left.model()
    assert_array_equal(one.parameters, other.parameters)
    assert_array_equal(one.baselines["neuron"], other.baselines["neuron"])


@pytest.mark.parametrize("how", ["another thread", "Ctrl-C"])
def test_an_interrupt_while_the_neuron_is_trained_leaves_the_model_without_it(
    how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fitting = fitting_of(refit=True, epochs=12)

    def epochs(population: Population, *, learning_rates: tuple[float, ...]) -> list[Findings]:
        if how == "Ctrl-C":
            raise KeyboardInterrupt
        fitting.interrupt()
        return [population.epoch(learning_rate=rate) for rate in learning_rates]

    monkeypatch.setattr(Population, "beside", lambda *_, **__: Beside(epochs, fitting._population))
    assert len(list(fitting)) == 12
    model = fitting.model()
    assert fitting.is_interrupted
    assert "neuron" not in model.baselines
    assert model.data["refitted"] is None


@pytest.mark.parametrize("seed", range(3))
def test_where_a_line_is_the_truth_the_hidden_layers_are_not_said_to_help(seed: int) -> None:
    rng = np.random.default_rng(seed)
    matrix = rng.normal(size=(2000, 10))
    numbers = matrix @ rng.normal(size=10)
    labels = np.where(numbers + rng.logistic(size=2000) > 0, "above", "below")
    columns = {f"x{place}": column for place, column in enumerate(matrix.T)}
    for target in (labels, numbers + rng.normal(size=2000)):
        settings = Settings(hidden=(64, 32), seed=seed)
        table = Table(name="line", arrow=pa.table({**columns, "y": target}))
        fitting = Fitting(Problem.of_table(table, target="y", settings=settings), settings=settings)
        for _epoch in fitting:
            pass
        found = fitting.model().verdict.evidence
        assert found is not None
        assert found.beyond_neuron is not None
        assert not found.beyond_neuron.is_above


def test_the_rows_of_a_smaller_share_are_among_those_of_a_larger_one() -> None:
    examples = fitting_of().material.examples
    learner = Network(sizes=(2, 4, 1), head="logistic")
    folds = [np.arange(0, 160, 4), np.arange(1, 160, 4)]
    shares = [Population(learner, examples, folds=folds, seed=0, share=share) for share in (0.25, 0.5, 1.0)]
    for one, other in pairwise(shares):
        for few, many in zip(one.members, other.members, strict=True):
            assert few.rows.size * 2 == many.rows.size
            assert np.isin(few.rows, many.rows).all()
            assert_array_equal(few.held_out, many.held_out)
            assert_array_equal(few.dealt, many.dealt)


def test_rows_that_belong_together_are_one_witness() -> None:
    examples = fitting_of().material.examples
    learner = Network(sizes=(2, 4, 1), head="logistic")
    together = np.arange(160) // 8
    population = Population(learner, examples, folds=[np.arange(80)], seed=0, together=together)
    [member] = population.members
    assert population.groups.weights.shape == (1, 10)
    for witness in range(10):
        assert np.unique(member.dealt[together[:80] == witness]).size == 1


@pytest.mark.parametrize(("rule", "rtol"), [("patience(16)", 1e-5), ("refined(16)", 1e-4)])
def test_the_mean_of_the_groups_is_the_held_out_loss_that_is_watched(rule: str, rtol: float) -> None:
    model = fitted(stopping=rule)
    groups = model.history.groups
    assert groups is not None
    means = (model.history.group_losses() * groups.weights).sum(axis=2) / groups.weights.sum(axis=1)
    assert_allclose(means, model.history.members(model.history.watches), rtol=rtol)


def test_a_refined_rule_and_new_members_on_all_rows_go_together() -> None:
    model = fitted(refit=True, stopping="refined(8)", epochs=200)
    assert model.data["refitted"] is not None
    assert (model.scores["train"].accuracy or 0) > 0.8


def test_a_refined_rule_does_no_harm_where_nothing_is_held_out() -> None:
    model = fitted(stopping="refined(8)", early_stopping=False)
    assert (model.scores["train"].accuracy or 0) > 0.8


def test_a_loop_that_is_left_has_its_guessing_loss() -> None:
    fitting = fitting_of()
    for epoch in fitting:
        if epoch.number == 8:
            break
    model = fitting.model()
    assert model.stop.reason is StopReason.LEFT
    assert model.guessing_loss == pytest.approx(np.log(2), abs=0.01)
    assert model.verdict.evidence is not None


def test_a_deadline_bounds_what_is_trained_after_it_too() -> None:
    fitting = fitting_of(refit=True, seconds=0.2, epochs=100_000, stopping="limit(90000)")
    for _epoch in fitting:
        pass
    model = fitting.model()
    assert model.stop.reason is StopReason.DEADLINE
    assert model.data["refitted"] is None


def test_a_training_that_is_dropped_waits_for_no_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else it waits for ever, where it is collected within the start of another."""
    fitting = fitting_of(epochs=3)
    entries = iter(fitting)
    next(entries)
    joined: list[threading.Thread] = []
    monkeypatch.setattr(threading.Thread, "join", lambda thread, _timeout=None: joined.append(thread))
    del fitting, entries
    gc.collect()
    assert joined == []

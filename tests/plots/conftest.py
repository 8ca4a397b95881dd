"""Models and tables that several figures are made of."""

from __future__ import annotations

import pytest

from epoca.fitting import Fitting
from epoca.locales import Language
from epoca.model import Model
from epoca.problem import Problem
from epoca.settings import Settings
from epoca.tables.samples import sample
from epoca.tables.table import Table

ENGLISH, PORTUGUESE = Language("en"), Language("pt_BR")


def trained(table: Table, target: str, settings: Settings) -> Model:
    fitting = Fitting(Problem.of_table(table, target=target, settings=settings), settings=settings)
    for _epoch in fitting:
        pass
    return fitting.model()


@pytest.fixture(scope="session")
def moons() -> Table:
    return sample("moons", rows=200)


@pytest.fixture(scope="session")
def network(moons: Table) -> Model:
    return trained(moons, "label", Settings(hidden=(8,), members=3, epochs=30, learning_rate=0.02))


@pytest.fixture(scope="session")
def neuron(moons: Table) -> Model:
    return trained(moons, "label", Settings(model="neuron", members=2, epochs=5))


@pytest.fixture(scope="session")
def perceptron(moons: Table) -> Model:
    return trained(moons, "label", Settings(model="perceptron", members=1, epochs=3, early_stopping=False))


@pytest.fixture(scope="session")
def regressor() -> Model:
    return trained(sample("diabetes"), "progression", Settings(hidden=(4,), members=2, epochs=3))

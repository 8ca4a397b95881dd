"""What is chosen where nothing is said."""

from __future__ import annotations

from typing import Any

import pytest

from epoca.settings import Settings


@pytest.mark.parametrize(
    ("asked", "rows", "is_regression", "wanted"),
    [
        ({}, 275, False, {"stopping": "refined(32)", "dropout": 0.1, "pieces": 16, "gains": True, "batch_size": 16}),
        ({}, 5000, False, {"stopping": "refined(32)", "batch_size": 100}),
        ({}, 20_000, False, {"stopping": "refined(16)", "batch_size": 256}),
        ({}, 20_000, True, {"stopping": "patience(32)"}),
        ({"hidden": (64, 31)}, 275, False, {"dropout": 0.0, "pieces": 16}),
        ({"hidden": ()}, 275, False, {"stopping": "patience(16)", "dropout": 0.0, "pieces": 0, "gains": False}),
        ({"model": "neuron"}, 275, False, {"stopping": "patience(16)", "pieces": 0, "gains": False, "batch_size": 1}),
        ({}, 275, False, {"learning_rate": 0.001}),
        ({"pieces": 0}, 275, False, {"learning_rate": 0.002}),
        ({"pieces": 0}, 275, True, {"learning_rate": 0.001}),
        ({"pieces": 0, "scaling": False}, 275, False, {"learning_rate": 0.001}),
        ({"hidden": ()}, 275, False, {"learning_rate": 0.001}),
        ({"model": "neuron"}, 275, False, {"learning_rate": 0.01}),
        ({"optimizer": "sgd"}, 275, False, {"gains": False, "pieces": 16}),
        ({"scaling": False}, 275, False, {"pieces": 0, "gains": True}),
        ({"pieces": 0, "dropout": 0.0, "gains": False}, 275, False, {"pieces": 0, "dropout": 0.0, "gains": False}),
        ({"stopping": "gl(5)", "batch_size": 7}, 275, False, {"stopping": "gl(5)", "batch_size": 7}),
    ],
)
def test_what_a_default_depends_on(
    asked: dict[str, Any], rows: int, is_regression: bool, wanted: dict[str, Any]
) -> None:
    found = Settings(**asked).resolved(rows, is_regression=is_regression)
    assert {name: getattr(found, name) for name in wanted} == wanted

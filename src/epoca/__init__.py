"""epoca trains neural networks on tables, shows them learning, and says how many epochs are ideal."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from epoca.estimators.comparing import compare as compare
    from epoca.estimators.files import from_torch as from_torch
    from epoca.estimators.files import load as load
    from epoca.estimators.files import save as save
    from epoca.estimators.mlp_classifier import MLPClassifier as MLPClassifier
    from epoca.estimators.mlp_regressor import MLPRegressor as MLPRegressor
    from epoca.estimators.neuron import Neuron as Neuron
    from epoca.estimators.perceptron import Perceptron as Perceptron

__version__ = "0.1.0"

_HOMES = {
    "from_torch": "epoca.estimators.files",
    "compare": "epoca.estimators.comparing",
    "load": "epoca.estimators.files",
    "save": "epoca.estimators.files",
    "MLPClassifier": "epoca.estimators.mlp_classifier",
    "MLPRegressor": "epoca.estimators.mlp_regressor",
    "Neuron": "epoca.estimators.neuron",
    "Perceptron": "epoca.estimators.perceptron",
}
"""Where the public names live; each is imported when it is first asked for."""

__all__ = ["MLPClassifier", "MLPRegressor", "Neuron", "Perceptron", "compare", "from_torch", "load", "save"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'epoca' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])

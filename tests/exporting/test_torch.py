"""Models as PyTorch modules, and networks that come from PyTorch."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.datasets import make_moons

import epoca
from epoca.errors import OptionError
from tests.conftest import Epoca
from tests.estimators.frames import every_kind, three_labels


@pytest.mark.parametrize("activation", ["relu", "tanh", "logistic", "silu"])
@pytest.mark.parametrize("classes", [2, 3])
def test_a_module_gives_the_same_probabilities(activation: Any, classes: int) -> None:
    frame = every_kind(300)
    y = three_labels(frame) if classes == 3 else frame["number"] > 0
    classifier = epoca.MLPClassifier((16, 8), activation=activation, max_epochs=10, members=3).fit(frame, y)
    module = classifier.to_torch()
    with torch.no_grad():
        found = module(torch.tensor(classifier.encode(frame))).numpy()
    assert found.dtype == np.float32
    assert_allclose(found, classifier.predict_proba(frame), rtol=0, atol=1e-5)
    assert sum(parameter.numel() for parameter in module.parameters()) == classifier.model_.parameters.size


def test_modules_of_the_other_estimators() -> None:
    frame = every_kind(300)
    y = three_labels(frame)
    neuron, perceptron = epoca.Neuron(max_epochs=10).fit(frame, y), epoca.Perceptron(max_epochs=10).fit(frame, y)
    regressor = epoca.MLPRegressor((8,), max_epochs=10).fit(frame, frame["whole"])
    with torch.no_grad():
        for estimator, wanted in (
            (neuron, neuron.predict_proba(frame)),
            (perceptron, perceptron.decision_function(frame)),
            (regressor, regressor.predict(frame)),
        ):
            rows = torch.tensor(estimator.encode(frame), dtype=torch.float32)
            assert_allclose(estimator.to_torch()(rows).numpy(), wanted, rtol=1e-5, atol=1e-5)


def test_a_network_trained_elsewhere_can_be_judged_and_kept(tmp_path: Any) -> None:
    torch.manual_seed(0)
    X, y = make_moons(300, noise=0.1, random_state=0)
    network = torch.nn.Sequential(
        torch.nn.Linear(2, 16), torch.nn.Tanh(), torch.nn.Dropout(0.1), torch.nn.Linear(16, 2), torch.nn.Softmax(dim=1)
    )
    rows, codes = torch.tensor(X, dtype=torch.float32), torch.tensor(y)
    optimizer = torch.optim.Adam(network.parameters(), lr=0.05)
    for _step in range(200):
        optimizer.zero_grad()
        torch.nn.functional.nll_loss(network(rows).log(), codes).backward()
        optimizer.step()
    network.eval()
    classifier = epoca.from_torch(network, classes=["zero", "one"])
    assert isinstance(classifier, epoca.MLPClassifier)
    wanted = network(rows).detach().numpy()[:, ::-1]  # classes come sorted: one, zero
    assert_allclose(classifier.predict_proba(X), wanted, atol=1e-6)
    named = np.array(["zero", "one"])[y]
    assert classifier.score(X, named) > 0.95
    assert classifier.stop_reason_ == "elsewhere"
    assert classifier.best_epoch_ is None
    neuron = epoca.Neuron().fit(X[:150], named[:150])
    found = epoca.compare({"torch": classifier, "neuron": neuron}, X[150:], named[150:])
    assert found.entrants[0].name == "torch"
    assert "The network was trained elsewhere" in classifier._repr_html_()
    epoca.save(classifier, tmp_path / "m.safetensors")
    assert_array_equal(epoca.load(tmp_path / "m.safetensors").predict_proba(X), classifier.predict_proba(X))
    with torch.no_grad():
        again = classifier.to_torch()(torch.tensor(classifier.encode(X))).numpy()
    assert_allclose(again, wanted, atol=1e-6)


def test_a_network_trained_elsewhere_is_shown_without_a_curve(epoca: Epoca) -> None:
    from epoca import from_torch, save

    save(from_torch(torch.nn.Sequential(torch.nn.Linear(2, 1)), classes=["no", "yes"]), epoca.folder / "m.st")
    shown = epoca("show", "m.st")
    assert shown.returncode == 0
    assert 'm.st: 1 × network 2→1, predicts "target"; trained elsewhere.' in shown.stdout
    assert "The network was trained elsewhere." in shown.stdout
    assert "Curve" not in shown.stdout


def test_one_output_is_two_classes_or_a_number() -> None:
    network = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.ReLU(), torch.nn.Linear(4, 1, bias=False))
    X = np.random.default_rng(0).normal(size=(20, 3))
    z = network(torch.tensor(X, dtype=torch.float32)).detach().numpy()[:, 0]
    assert_allclose(epoca.from_torch(network).predict(X), z, atol=1e-6)
    assert_allclose(epoca.from_torch(network, classes=[0, 1]).predict_proba(X)[:, 1], 1 / (1 + np.exp(-z)), atol=1e-6)
    turned = epoca.from_torch(network, classes=["b", "a"])
    assert turned.classes_.tolist() == ["a", "b"]
    assert_allclose(turned.predict_proba(X)[:, 0], 1 / (1 + np.exp(-z)), atol=1e-6)
    import pandas as pd

    frame = pd.DataFrame(X, columns=["r", "g", "b"])
    named = epoca.from_torch(network, columns=["r", "g", "b"])
    assert_allclose(named.predict(frame[["b", "g", "r"]]), z, atol=1e-6)
    linear = epoca.from_torch(torch.nn.Sequential(torch.nn.Linear(3, 3)), classes=[1, 2, 3])
    assert linear.predict(X).shape == (20,)


@pytest.mark.parametrize(
    ("module", "arguments", "sentence"),
    [
        (torch.nn.Linear(2, 2), {}, "A torch.nn.Sequential is expected, not a Linear"),
        (torch.nn.Sequential(torch.nn.Linear(2, 2), torch.nn.Linear(2, 1)), {}, "must be linear layers with the same"),
        (
            torch.nn.Sequential(
                *(torch.nn.Linear(2, 2), torch.nn.ReLU(), torch.nn.Linear(2, 2), torch.nn.Tanh(), torch.nn.Linear(2, 1))
            ),
            {},
            "the same activation between all of them: ReLU, Tanh, Sigmoid, SiLU",
        ),
        (torch.nn.Sequential(torch.nn.Linear(2, 3)), {}, "has 3 outputs; name its classes"),
        (
            torch.nn.Sequential(torch.nn.Linear(2, 3)),
            {"classes": [1, 2]},
            "2 classes are named for a network of 3",
        ),
        (torch.nn.Sequential(torch.nn.Linear(2, 1)), {"classes": [1]}, "name 2 different ones"),
        (
            torch.nn.Sequential(torch.nn.Linear(2, 1)),
            {"columns": ["a"]},
            "1 different columns are named for a",
        ),
        (torch.nn.Sequential(), {}, "must be linear layers"),
    ],
)
def test_what_is_no_plain_network(module: Any, arguments: dict[str, Any], sentence: str) -> None:
    with pytest.raises(OptionError, match=sentence):
        epoca.from_torch(module, **arguments)


def test_the_command_line_exports_a_program(epoca: Epoca) -> None:
    from epoca import load

    epoca("samples", "moons", "-o", "p.csv")
    epoca("fit", "p.csv", "-t", "label", "--epochs", "5", "--members", "2", "--pieces", "0", "-o", "m.safetensors")
    ended = epoca("export", "m.safetensors", "--to", "torch")
    assert ended.returncode == 0, ended.stderr
    program = torch.export.load(epoca.folder / "m.pt2").module()
    rows = np.random.default_rng(0).normal(size=(7, 2)).astype(np.float32)
    wanted = load(epoca.folder / "m.safetensors").model_.outputs(rows)
    assert_allclose(program(torch.tensor(rows)).detach().numpy(), wanted, atol=1e-5)


def test_what_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda package: None)
    classifier = epoca.MLPClassifier((4,), max_epochs=1, members=1).fit([[0.0], [1.0]] * 20, [0, 1] * 20)
    with pytest.raises(OptionError, match=r"needs the package torch; install it with pip install 'epoca\[torch\]'"):
        classifier.to_torch()
    with pytest.raises(OptionError, match=r"needs the package onnx"):
        classifier.to_onnx()

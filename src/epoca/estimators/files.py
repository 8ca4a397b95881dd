"""Estimators to files and back."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sklearn.utils.validation import check_is_fitted

from epoca import model_file
from epoca.estimators.estimator import SETTINGS, TableEstimator
from epoca.estimators.mlp_classifier import MLPClassifier
from epoca.estimators.mlp_regressor import MLPRegressor
from epoca.estimators.neuron import Neuron
from epoca.estimators.perceptron import Perceptron
from epoca.exporting.files import require
from epoca.model import Model

if TYPE_CHECKING:
    import torch


def save(model: TableEstimator, path: str | Path) -> None:
    """Write a fitted estimator to one file, the same that the command line writes and reads.

    At every moment the old file or the new one is there, whole. The file holds no code: columns, labels, weights,
    settings, history, scores, and the state of the training, so that it can go on.

    Parameters
    ----------
    model : MLPClassifier, MLPRegressor, Neuron or Perceptron
        Fitted.
    path : str or Path
        Where; ``.safetensors`` is the usual ending.

    Raises
    ------
    NotFittedError
        If it is not fitted.
    FileError
        If the file cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> neuron = Neuron(early_stopping=False).fit([[0.0], [1.0], [2.0], [3.0]], [0, 0, 1, 1])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save(neuron, f"{folder}/neuron.safetensors")
    ...     same = load(f"{folder}/neuron.safetensors")
    >>> bool((same.predict_proba([[0.5]]) == neuron.predict_proba([[0.5]])).all())
    True
    """
    check_is_fitted(model)
    model_file.save(model.model_, path)


def load(path: str | Path) -> MLPClassifier | MLPRegressor | Neuron | Perceptron:
    """Read an estimator that `save` or the command line wrote.

    Parameters
    ----------
    path : str or Path
        The model file.

    Returns
    -------
    MLPClassifier, MLPRegressor, Neuron or Perceptron
        Whichever it is, fitted; it predicts the same bits as the one that was saved. A linear neuron, which predicts a
        number, comes back as an `MLPRegressor` without hidden layers.

    Raises
    ------
    ModelFileError
        If there is no such file, or it is foreign, damaged, or of a newer format.

    Examples
    --------
    >>> import tempfile
    >>> perceptron = Perceptron(early_stopping=False).fit([[0.0], [1.0], [2.0], [3.0]], ["a", "a", "b", "b"])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save(perceptron, f"{folder}/perceptron.safetensors")
    ...     load(f"{folder}/perceptron.safetensors").classes_.tolist()
    ['a', 'b']
    """
    return estimator_of(model_file.load(path))


def estimator_of(model: Model) -> MLPClassifier | MLPRegressor | Neuron | Perceptron:
    """The fitted estimator over a model."""
    kind: Any = {
        ("network", "classification"): MLPClassifier,
        ("neuron", "classification"): Neuron,
        ("perceptron", "classification"): Perceptron,
    }.get((str(model.settings["model"]), model.target.task), MLPRegressor)
    estimator = kind(random_state=int(model.settings["seed"]))
    names = [name for name in SETTINGS if name in estimator.get_params() and SETTINGS[name] in model.settings]
    estimator.set_params(**{name: _untupled(model.settings[SETTINGS[name]]) for name in names})
    weights = model.settings.get("class_weight")
    if weights is not None:
        is_named = isinstance(weights, str)
        estimator.set_params(class_weight=weights if is_named else dict(zip(model.target.labels, weights, strict=True)))
    fitted: MLPClassifier | MLPRegressor | Neuron | Perceptron = estimator._keep(model)
    return fitted


def from_torch(
    module: torch.nn.Sequential, *, classes: Sequence[Any] | None = None, columns: Sequence[str] | None = None
) -> MLPClassifier | MLPRegressor:
    """A plain PyTorch network as a fitted estimator, to be judged, compared, looked into, saved and exported.

    Parameters
    ----------
    module : torch.nn.Sequential
        Linear layers with one kind of activation (ReLU, Tanh, Sigmoid, SiLU) between them; a Softmax or Sigmoid may end
        it. Dropout is passed over.
    classes : sequence, optional
        The labels, in the order of the outputs; of one output the label of 0 and that of 1. None for a regression.
        `classes_` has them sorted.
    columns : sequence of str, optional
        Names of the columns; by default they have none, and arrays are expected.

    Returns
    -------
    MLPClassifier or MLPRegressor
        Of one member, which takes numbers as they are.

    Raises
    ------
    OptionError
        If PyTorch is not installed, the module is anything else, or classes or columns do not fit it.

    Examples
    --------
    >>> import torch
    >>> network = torch.nn.Sequential(torch.nn.Linear(2, 4), torch.nn.Tanh(), torch.nn.Linear(4, 3))
    >>> from_torch(network, classes=["a", "b", "c"]).predict_proba([[0.0, 1.0]]).shape
    (1, 3)
    """
    require("torch")
    from epoca.exporting.torch_module import model_of

    return estimator_of(model_of(module, labels=classes, columns=columns))


def _untupled(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value

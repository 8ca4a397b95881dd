"""A model as a PyTorch module, and a PyTorch network as a model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import final

import numpy as np
import torch
from torch import Tensor, nn

from epoca.errors import OptionError
from epoca.model import Form, Model
from epoca.tables.columns import Columns
from epoca.tables.labels import Label
from epoca.tables.target import Target
from epoca.training.history import History
from epoca.training.stop import Stop, StopReason

_FUNCTIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "relu": torch.relu,
    "tanh": torch.tanh,
    "logistic": torch.sigmoid,
    "silu": nn.functional.silu,
}
_ACTIVATIONS = {nn.ReLU: "relu", nn.Tanh: "tanh", nn.Sigmoid: "logistic", nn.SiLU: "silu"}
_ASIDE = (nn.Dropout, nn.Identity)
"""Modules that do nothing to predictions."""


@final
class TorchModel(nn.Module):
    """All members of a model side by side; encoded rows in, what the members together say out.

    Shape: (n, d) to (n, c) probabilities, to (n,) numbers in the target's unit, or to a perceptron's sums, (n, 1) for
    two classes and (n, c) for more.

    Parameters
    ----------
    model : Model
        Whose weights are copied.
    """

    def __init__(self, model: Model) -> None:
        super().__init__()
        layers = [(weights, biases[:, np.newaxis]) for weights, biases in model.layers]
        self.weights = nn.ParameterList([nn.Parameter(torch.tensor(w, dtype=torch.float32)) for w, _ in layers])
        self.biases = nn.ParameterList([nn.Parameter(torch.tensor(b, dtype=torch.float32)) for _, b in layers])
        self._activation = _FUNCTIONS[model.form.activation]
        self._head = model.form.head
        self._mean, self._scale = model.target.mean, model.target.scale

    def forward(self, rows: Tensor) -> Tensor:
        """What the members together say of encoded rows, (n, d)."""
        values = rows
        for layer, (weights, biases) in enumerate(zip(self.weights, self.biases, strict=True)):
            values = values @ weights + biases  # (k, n, outputs)
            if layer < len(self.weights) - 1:
                values = self._activation(values)
        if self._head == "softmax":
            return torch.softmax(values, dim=-1).mean(dim=0)
        if self._head == "logistic":
            return torch.sigmoid(torch.cat([-values, values], dim=-1)).mean(dim=0)
        if self._head == "identity":
            return values.mean(dim=0)[:, 0] * self._scale + self._mean
        return values.mean(dim=0)


def model_of(module: nn.Sequential, *, labels: Sequence[Label] | None, columns: Sequence[str] | None) -> Model:
    """A plain PyTorch network as a model of one member.

    Parameters
    ----------
    module : torch.nn.Sequential
        Linear layers with one kind of activation between them; a Softmax or, of one output, a Sigmoid may end it.
    labels : sequence, optional
        The classes, in the order of the outputs; two for one output. None for a regression. The model has them sorted.
    columns : sequence of str, optional
        Names of the inputs; x0, x1, … by default.

    Returns
    -------
    Model
        Which takes numbers as they are and has no history.

    Raises
    ------
    OptionError
        If the module is anything else, or labels or columns do not fit it.
    """
    linear, activations = _layers(module)
    sizes = (linear[0].in_features, *(layer.out_features for layer in linear))
    outputs = sizes[-1]
    if labels is None and outputs != 1:
        raise OptionError(
            "The network has {outputs} outputs; name its classes, or give a network of one output for a number.",
            outputs=outputs,
        )
    if labels is not None and len(set(labels)) != max(outputs, 2):
        raise OptionError(
            "{n} classes are named for a network of {outputs} outputs; name {expected} different ones.",
            n=len(set(labels)),
            outputs=outputs,
            expected=max(outputs, 2),
        )
    names = [f"x{place}" for place in range(sizes[0])] if columns is None else list(columns)
    if len(set(names)) != sizes[0]:
        raise OptionError(
            "{n} different columns are named for a network of {inputs} inputs.", n=len(set(names)), inputs=sizes[0]
        )
    parts = [[layer.weight.detach().T, _bias(layer)] for layer in linear]
    if labels is not None:
        parts[-1] = [_sorted(part, labels) for part in parts[-1]]
        if len(labels) == 2:  # here one output, the score of the second class less that of the first
            sizes = (*sizes[:-1], 1)
    flat = torch.cat([part.reshape(-1) for layer in parts for part in layer]).to("cpu", torch.float32)
    head = "identity" if labels is None else "logistic" if len(labels) == 2 else "softmax"
    return Model(
        columns=Columns.as_they_are(names),
        target=Target(
            column="target",
            task="regression" if labels is None else "classification",
            labels=tuple(sorted(labels or ())),
        ),
        form=Form(sizes=sizes, activation=activations.pop() if activations else "relu", head=head),
        parameters=flat.numpy()[np.newaxis],
        settings={"model": "network", "hidden": sizes[1:-1], "members": 1, "seed": 0, "scaling": False},
        history=History(),
        stop=Stop(StopReason.ELSEWHERE),
        scores={},
        data={
            "name": "torch",
            "rows": {"train": 0, "test": 0},
            "columns_have_names": columns is not None,
        },
    )


def _layers(module: nn.Module) -> tuple[list[nn.Linear], set[str]]:
    """The linear layers and the kinds of activation between them, if it is nothing else."""
    if not isinstance(module, nn.Sequential):
        raise OptionError("A torch.nn.Sequential is expected, not a {kind}.", kind=type(module).__name__)
    parts = [part for part in module if not isinstance(part, _ASIDE)]
    ends_in_probabilities = parts and isinstance(parts[-1], nn.Softmax | nn.Sigmoid)
    body = parts[:-1] if ends_in_probabilities else parts
    linear, activations = body[::2], body[1::2]
    is_plain = len(body) % 2 == 1 and all(isinstance(layer, nn.Linear) for layer in linear)
    kinds = {_ACTIVATIONS.get(type(activation)) for activation in activations}
    if not is_plain or len(kinds) > 1 or None in kinds:
        raise OptionError(
            "The network must be linear layers with the same activation between all of them: {activations}.",
            activations=", ".join(kind.__name__ for kind in _ACTIVATIONS),
        )
    return [layer for layer in linear if isinstance(layer, nn.Linear)], {kind for kind in kinds if kind}


def _sorted(part: Tensor, labels: Sequence[Label]) -> Tensor:
    """Weights or biases of the last layer with its outputs in the order of sorted labels."""
    order = sorted(range(len(labels)), key=lambda place: labels[place])
    if part.shape[-1] == 1:  # one output speaks for the second label
        return part if order == [0, 1] else -part
    return part[..., order[1:]] - part[..., order[:1]] if len(order) == 2 else part[..., order]


def _bias(layer: nn.Linear) -> Tensor:
    return torch.zeros(layer.out_features) if layer.bias is None else layer.bias.detach()

"""What is drawn of a run at a time: the map, the neurons' maps, the weights, new entries of the curves."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, final

import numpy as np
from numpy.typing import NDArray

from epoca.formulas import ACTIVATIONS
from epoca.lab.shading import shades
from epoca.lab.view import NEURON, View
from epoca.learners.predicting import predictions
from epoca.model import Form
from epoca.tables.target import Target
from epoca.training.history import History, plain
from epoca.training.ideal_epoch import ideal_epoch
from epoca.types import Numbers, Parameters

MOST_WEIGHTS = 4000
"""More than these are not sent, for nobody can look at them."""

MOST_MAPS, FULL_LAYER, PART = 64, 16, 8
"""Maps of hidden neurons in all; layers up to so many neurons are shown whole, of wider ones so many."""

MOST_CLASSES = 256
"""As many as a byte of the map can tell apart."""

Bytes = NDArray[np.uint8]

CURVES = {
    "training": "training_loss",
    "held_out": "held_out_loss",
    "training_accuracy": "training_accuracy",
    "held_out_accuracy": "held_out_accuracy",
    "gradient": "gradient_norm",
    "refined": "refined_loss",
}
"""What the page calls the curves of a history."""


class Subject(Protocol):
    """What is drawn: a run, or what a model file holds of one."""

    @property
    def form(self) -> Form:
        """Of its members."""

    @property
    def target(self) -> Target:
        """What it predicts."""

    @property
    def history(self) -> History:
        """Every finished epoch."""

    @property
    def limit(self) -> int:
        """The epoch at which it ends at the latest."""

    def moments(self, epochs: Sequence[int]) -> list[tuple[int, Parameters]]:
        """Those of the epochs of which the members are known, (k, P)."""


@final
@dataclass(frozen=True, kw_only=True)
class Shown:
    """The weights that are drawn.

    Parameters
    ----------
    epoch : int or "kept"
        Of which epoch they are, or that they are those which the model keeps.
    parameters : ndarray, (k, P)
        All members.
    member : int
        The one that is looked at.
    of_all : bool
        Whether the map shows what all members say together, or that one alone.
    """

    epoch: int | str
    parameters: Parameters
    member: int
    of_all: bool

    @property
    def one(self) -> Parameters:
        """(P,): the member that is looked at."""
        one: Parameters = self.parameters[self.member]
        return one

    @property
    def mapped(self) -> Parameters:
        """(k or 1, P): whose predictions the map shows."""
        return self.parameters if self.of_all else self.parameters[self.member : self.member + 1]


def frame(subject: Subject, view: View | None, shown: Shown, *, have: int, told: dict[str, Any]) -> bytes:
    """One frame, as ``docs/lab.md`` tells it.

    Parameters
    ----------
    subject : Subject
        Of what.
    view : View or None
        The map's; None where there is none.
    shown : Shown
        The weights.
    have : int
        Entries of the curves that are known already.
    told : dict
        What else belongs into the header: plain values.

    Returns
    -------
    bytes
        The header and the planes.
    """
    layers = layers_of(shown.one, subject.form)
    few = shown.one.size <= MOST_WEIGHTS
    header: dict[str, Any] = {
        **told,
        "shown": shown.epoch,
        "first": have,
        "curves": curves(subject.history, have),
        "losses": losses(subject.history, shown.epoch),
        "weights": [plain(weights.ravel()) for weights, _bias in layers] if few else None,
        "biases": [plain(bias) for _weights, bias in layers] if few else None,
        "line": None,
        "lines": [],
        "map": None,
        "neurons": None,
        "points": None,
    }
    planes: list[Bytes] = []
    if view is not None:
        header["line"] = line_of(shown.one, view, subject.form)
        header["lines"] = _lines(subject, view, shown)
        codes, sureness, header["map"] = map_of(subject, view, shown.mapped)
        maps, header["neurons"] = _neurons(view, layers, subject.form.activation)
        called, probability = _points(subject, view, shown)
        header["points"] = {"n": int(view.rows.size)}
        planes = [codes, sureness, *maps, called, probability]
    text = json.dumps(header, allow_nan=False).encode()
    return b"".join([struct.pack("<I", len(text)), text, *(plane.tobytes() for plane in planes)])


def curves(history: History, have: int) -> dict[str, list[float | None]]:
    """The entries after the first so many; what is no number is None."""
    found = {name: plain(history.curve(curve)[have:]) for name, curve in CURVES.items()}
    members = [history[place].findings.held_out_loss for place in range(have, len(history))]
    found["low"] = plain(np.array([losses.min() for losses in members]))
    found["high"] = plain(np.array([losses.max() for losses in members]))
    return found


def losses(history: History, epoch: int | str) -> dict[str, float | None]:
    """The members' mean losses and accuracies after an epoch, of weights that are kept the ideal one; None for none."""
    names = ("training", "held_out", "training_accuracy", "held_out_accuracy")
    if epoch == "kept":
        epoch = ideal_epoch(history.curve(history.watches)) or len(history)
    if not isinstance(epoch, int) or epoch < 1:
        return dict.fromkeys(names)
    return {name: plain(history.curve(CURVES[name])[epoch - 1 : epoch])[0] for name in names}


def layers_of(member: Parameters, form: Form) -> list[tuple[Numbers, Numbers]]:
    """Weights, (inputs, outputs), and biases, (outputs,), of the layers of one member, (P,); copies in float64."""
    layers = form.layers(member[np.newaxis])
    return [(weights[0].astype(np.float64), biases[0].astype(np.float64)) for weights, biases in layers]


def line_of(member: Parameters, view: View, form: Form) -> list[float] | None:
    """The line at which a learner of one sum decides.

    Parameters
    ----------
    member : ndarray, (P,)
        Its weights and bias.
    view : View
        The plane.
    form : Form
        Of the learner.

    Returns
    -------
    list of float or None
        a, b, c of a·x + b·y + c = 0 in the units of the axes; None where there is no straight line.
    """
    if view.corners is None or not has_one_sum(form):
        return None
    places, inputs = view.corners
    ((weights, bias),) = layers_of(member, form)
    origin, across, up = (inputs @ weights[:, 0] + bias[0]).tolist()
    a = (across - origin) / (places[1, 0] - places[0, 0])
    b = (up - origin) / (places[2, 1] - places[0, 1])
    return [float(a), float(b), float(origin - a * places[0, 0] - b * places[0, 1])]


def has_one_sum(form: Form) -> bool:
    """Whether a learner decides between two classes by the sign of one weighted sum of its inputs."""
    return len(form.sizes) == 2 and form.sizes[1] == 1 and form.head != "identity"


def _lines(subject: Subject, view: View, shown: Shown) -> list[list[float]]:
    """The line after every hundredth of the epochs up to the one that is shown, as far as they are remembered."""
    if line_of(shown.one, view, subject.form) is None:
        return []
    every = max(1, subject.limit // 100)
    last = shown.epoch if isinstance(shown.epoch, int) else len(subject.history)
    found = []
    for epoch, parameters in subject.moments(range(0, last, every)):
        line = line_of(parameters[shown.member], view, subject.form)
        if line is not None:
            found.append([epoch, *line])
    return found


def map_of(subject: Subject, view: View, parameters: Parameters) -> tuple[Bytes, Bytes, dict[str, Any]]:
    """What members say together at every place of the map.

    Parameters
    ----------
    subject : Subject
        Of the members.
    view : View
        The plane.
    parameters : ndarray, (k, P)
        The members.

    Returns
    -------
    codes, sureness : ndarray of uint8, (width * height,)
        See the planes in ``docs/lab.md``.
    about : dict
        The size of the map, and of numbers its ends.
    """
    outputs = shades(parameters, subject.form, view.grid).astype(np.float64)
    about: dict[str, Any] = {"width": view.width, "height": view.height, "low": None, "high": None}
    target = subject.target
    if target.task == "regression":
        numbers = target.restored(outputs[:, 0])
        low, high = _reach(view.targets if view.targets.size else numbers)
        share = _byte((numbers - low) / (high - low))
        return np.zeros(len(numbers), np.uint8), share, {**about, "low": low, "high": high}
    return _codes(outputs), _sureness(outputs, subject.form), about


def _points(subject: Subject, view: View, shown: Shown) -> tuple[Bytes, Bytes]:
    """What is predicted of the rows that are drawn, and the probability given to what happened."""
    outputs = predictions(shown.mapped, subject.form.shape, view.points)
    if subject.target.task == "regression":
        return np.zeros(len(outputs), np.uint8), np.zeros(len(outputs), np.uint8)
    codes = _codes(outputs)
    if subject.form.head == "step":
        return codes, np.where(codes == view.targets, 255, 0).astype(np.uint8)
    return codes, _byte(outputs[np.arange(len(outputs)), view.targets.astype(np.int64)])


def _codes(outputs: Numbers) -> Bytes:
    if outputs.shape[1] == 1:
        return (outputs[:, 0] >= 0).astype(np.uint8)
    codes: Bytes = outputs.argmax(axis=1).astype(np.uint8)
    return codes


def _sureness(outputs: Numbers, form: Form) -> Bytes:
    """From guessing among the classes, 0, to certainty; a perceptron is always certain."""
    if form.head == "step":
        return np.full(len(outputs), 255, np.uint8)
    classes = outputs.shape[1]
    return _byte((np.asarray(outputs.max(axis=1)) * classes - 1) / (classes - 1))


def _neurons(
    view: View, layers: Sequence[tuple[Numbers, Numbers]], activation: str
) -> tuple[list[Bytes], dict[str, Any] | None]:
    """The activations of some hidden neurons of every layer."""
    if len(layers) == 1:
        return [], None
    planes: list[Bytes] = []
    counts: list[int] = []
    for activations in _hidden(view.small_grid, layers, activation):
        n = activations.shape[1]
        count = min(n if n <= FULL_LAYER else PART, MOST_MAPS - len(planes))
        counts.append(count)
        planes += [_activation(activations[:, neuron], activations, activation) for neuron in range(count)]
    return planes, {"size": NEURON, "counts": counts}


def _hidden(inputs: Numbers, layers: Sequence[tuple[Numbers, Numbers]], activation: str) -> Iterator[Numbers]:
    """What each hidden layer gives, (places, neurons)."""
    for weights, bias in layers[:-1]:
        inputs = ACTIVATIONS[activation].function(inputs @ weights + bias)
        yield inputs


def _activation(values: Numbers, layer: Numbers, name: str) -> Bytes:
    """128 is 0; what the largest of the layer is, or could be, is at the end of the range."""
    if name == "logistic":
        return _byte(values)
    most = 1.0 if name == "tanh" else float(np.abs(layer).max()) or 1.0
    shade: Bytes = np.clip(np.round(128 + 127 * values / most), 0, 255).astype(np.uint8)
    return shade


def _reach(numbers: Numbers) -> tuple[float, float]:
    low, high = float(numbers.min()), float(numbers.max())
    return (low, high) if high > low else (low, low + 1)


def _byte(share: Numbers) -> Bytes:
    """Shares from 0 to 1 as 0 to 255; what is no number as 0."""
    rounded: Bytes = np.round(np.clip(np.nan_to_num(share, nan=0.0), 0, 1) * 255).astype(np.uint8)
    return rounded

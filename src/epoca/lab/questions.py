"""What the page asks of one row or of all: the numbers on its way, what it says to the line, its likelihood."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast, final

import numpy as np
import pyarrow as pa

from epoca import formulas
from epoca.errors import OptionError
from epoca.formulas import ACTIVATIONS, Head, Layer
from epoca.lab.frame import Subject, has_one_sum, layers_of, line_of
from epoca.lab.reading import is_number
from epoca.lab.run import Run
from epoca.lab.view import View
from epoca.learners.predicting import predictions
from epoca.locales import Language
from epoca.messages import Message
from epoca.tables.columns import Columns
from epoca.tables.table import Table
from epoca.types import Numbers, Parameters


def trace_of(
    subject: Subject, columns: Columns, parameters: Parameters, row: Table, target: float | None
) -> dict[str, Any]:
    """Every number on the way of a row through one member, and back: plain values, computed in float64.

    Parameters
    ----------
    subject : Subject
        Of the member.
    columns : Columns
        Encode the row.
    parameters : ndarray, (P,)
        The member.
    row : Table
        Of one row.
    target : float or None
        Its code or its standardised number, as far as it is known.
    """
    form, head = subject.form, subject.form.head
    layers = [Layer(weights, bias) for weights, bias in layers_of(parameters, form)]
    inputs = columns.encode(row, dtype=np.float64)
    passed = formulas.feedforward(layers, inputs, activation=form.activation)
    told: dict[str, Any] = {
        "head": head,
        "activation": form.activation if len(layers) > 1 else "",
        "inputs": inputs[0].tolist(),
        "sums": [sums[0].tolist() for sums in passed.sums],
        "activations": [ACTIVATIONS[form.activation].function(sums)[0].tolist() for sums in passed.sums[:-1]],
        "weights": [layer.weights.tolist() for layer in layers],
        "biases": [layer.bias.tolist() for layer in layers],
        "outputs": _outputs(passed.sums[-1], head).tolist(),
        "target": target,
        "loss": None,
        "gradient": None,
    }
    if target is None:
        return told
    if head == "step":
        (called,) = formulas.step(passed.sums[-1][:, 0]) if form.sizes[-1] == 1 else passed.sums[-1].argmax(axis=1)
        return {**told, "loss": float(called != target)}
    end, wanted = cast(Head, head), [_as_target(target, head)]
    gradient = formulas.backpropagation(layers, inputs, wanted, activation=form.activation, head=end)
    loss = formulas.network_error(passed.sums[-1], wanted, head=end)
    return {
        **told,
        "loss": loss,
        "gradient": [{"weights": part.weights.tolist(), "bias": part.bias.tolist()} for part in gradient],
    }


def row_table(values: Mapping[str, Any], columns: Columns) -> Table:
    """One row made of values by column; those not given are missing.

    Raises
    ------
    OptionError
        If a value is neither number nor text.
    """
    cells: dict[str, pa.Array] = {}
    for column in columns.used:
        value = values.get(column.name)
        if not (value is None or isinstance(value, str) or is_number(value)):
            raise OptionError('A value of "{column}" must be a number or a text.', column=column.name)
        if column.type in {"number", "date"} and isinstance(value, int | float):
            cells[column.name] = pa.array([float(value)])
        else:
            cells[column.name] = pa.array([None if value is None else str(value)], pa.string())
    return Table(name="row", arrow=pa.table(cells))


@final
@dataclass(frozen=True, kw_only=True)
class Lesson:
    """A row that a member has learned from, alone.

    Parameters
    ----------
    row : int
        Of the table.
    inputs : ndarray of float64, (d,)
        As the member saw it.
    code : int
        What happened.
    before, after : ndarray, (P,)
        The member before and after.
    learning_rate : float
        α.
    """

    row: int
    inputs: Numbers
    code: int
    before: Parameters
    after: Parameters
    learning_rate: float


def next_lesson(run: Run, member: int) -> Lesson | None:
    """Make the next step and tell what a member learned from it; None where that is no single row.

    A step may be made from many rows at once, none of which speaks for itself; and a member that has fewer rows than
    the others has none left at the end of its epoch.
    """
    state = run.training.members[member].state
    rate, place = run.training.schedule(run.epoch + 1), run.step
    before = state.parameters.copy()
    run.advance(1)
    order = run.order_of(member)  # which the next epoch, not yet begun, has not changed
    if run.fitting.learner.batch_size > 1 or place >= order.size:
        return None
    row = int(order[place])
    return Lesson(
        row=int(run.fitting.train_rows[row]),
        inputs=np.asarray(run.fitting.material.matrix[row], np.float64),
        code=int(run.fitting.material.targets[row]),
        before=before,
        after=state.parameters.copy(),
        learning_rate=rate,
    )


def speech_of(run: Run, view: View | None, lesson: Lesson, language: Language) -> dict[str, Any] | None:
    """What a point says to the line of a perceptron or a logistic neuron, and the update with its numbers.

    Under the perceptron's rule only a misclassified point speaks: "come closer"; the others leave the line alone. Under
    the neuron's rule a misclassified one says "come closer", a well classified one "move away", each as loud as
    |y − ŷ|. The rules are those of Rosenblatt 1958, "The perceptron", and of Widrow and Hoff 1960, "Adaptive switching
    circuits"; see `epoca.formulas`.

    Parameters
    ----------
    run : Run
        Of what learned.
    view : View or None
        The plane in which the line lies; without it there is no arrow.
    lesson : Lesson
        The row, and the member before and after.
    language : Language
        In which the point speaks.

    Returns
    -------
    dict or None
        Plain values: the words, the sum z, the output ŷ, the error y − ŷ, the arrow along which the line moves, a
        direction on the axes and a length from 0 to 1, and all weights before and after; None where there is no one
        line, and of a network, which learns by another rule.
    """
    if run.fitting.settings.model == "network" or not has_one_sum(run.form):
        return None
    is_perceptron = run.form.head == "step"
    weights, bias = lesson.before[:-1].astype(np.float64), float(lesson.before[-1])
    z = float(formulas.weighted_sum(weights, bias, lesson.inputs))
    called = int(z >= 0)
    said = float(called) if is_perceptron else float(formulas.sigmoid(z))
    error = lesson.code - said
    is_right = called == lesson.code
    if is_perceptron and is_right:
        words = Message("I am fine.")
    else:
        words = Message("Move away from me!") if is_right else Message("Come closer!")
    before = None if view is None else line_of(lesson.before, view, run.form)
    after = None if view is None else line_of(lesson.after, view, run.form)
    arrow = None
    if before is not None and error != 0:
        # The line moves against the side on which the sum is to rise.
        norm = math.hypot(before[0], before[1]) or 1.0
        sign = -math.copysign(1.0, error)
        arrow = {"dx": sign * before[0] / norm, "dy": sign * before[1] / norm, "length": abs(error)}
    return {
        "row": lesson.row,
        "text": language.say(words),
        "says": "fine" if is_perceptron and is_right else "away" if is_right else "closer",
        "rule": "perceptron" if is_perceptron else "neuron",
        "arrow": arrow,
        "line": {"before": before, "after": after},
        "z": z,
        "called": called,
        "output": said,
        "happened": lesson.code,
        "error": error,
        "learning_rate": lesson.learning_rate,
        "inputs": lesson.inputs.tolist(),
        "before": lesson.before.astype(float).tolist(),
        "after": lesson.after.astype(float).tolist(),
    }


def likelihood_of(given: Numbers, view: View, other: Numbers | None) -> dict[str, Any]:
    """The probability given to what happened, row by row, and all together: their product and the sum of −ln, in nats.

    Parameters
    ----------
    given : ndarray of float64, (n,)
        See `probabilities_of`.
    view : View
        Its rows.
    other : ndarray of float64, (n,), or None
        The probabilities of another run; what both gave probabilities to is told.
    """
    is_told = np.isfinite(given) if other is None else np.isfinite(given) & np.isfinite(other)
    told = {"rows": view.rows[is_told].tolist(), **_likelihood(given[is_told])}
    return told if other is None else {**told, "other": _likelihood(other[is_told])}


def probabilities_of(run: Run, view: View, members: Mapping[int, Parameters]) -> Numbers:
    """(n,): the probability given to what happened to each of a view's n rows; NaN where none may be told.

    It is the mean of the members, (P,) each by its number, that held the row out, or, where all learn from all training
    rows, of all. None is told of test rows, for one chooses by a likelihood.

    Raises
    ------
    OptionError
        If there are no probabilities.
    """
    if run.form.head not in {"logistic", "softmax"}:
        raise OptionError("A perceptron and a model of numbers give no probabilities, and so no likelihood.")
    train_rows, held_out = run.fitting.train_rows, run.fitting.material.held_out
    total, counts = np.zeros(view.rows.size), np.zeros(view.rows.size)
    for member, parameters in members.items():
        rows = train_rows[held_out[member]] if run.settings.early_stopping else train_rows
        (judged,) = np.nonzero(np.isin(view.rows, rows))
        outputs = predictions(parameters[np.newaxis], run.form.shape, view.points, judged)
        total[judged] += outputs[np.arange(judged.size), view.targets[judged].astype(np.int64)]
        counts[judged] += 1
    return np.where(counts > 0, total / np.maximum(counts, 1), np.nan)


def _likelihood(given: Numbers) -> dict[str, Any]:
    with np.errstate(divide="ignore", under="ignore"):
        surprise = -np.log(given)
        products = np.cumprod(given)
    gone = np.flatnonzero(products == 0)
    total = float(surprise.sum())
    return {
        "probabilities": given.tolist(),
        "product": float(products[-1]) if given.size and products[-1] > 0 else None,
        "underflow": int(gone[0]) + 1 if gone.size else None,
        "sum": total if math.isfinite(total) else None,
        "mean": total / given.size if given.size and math.isfinite(total) else None,
        "worst": int(given.argmin()) if given.size else None,
    }


def _outputs(scores: Numbers, head: str) -> Numbers:
    if head == "softmax":
        return np.asarray(formulas.softmax(scores)[0])
    if head == "logistic":
        probability = float(formulas.sigmoid(scores)[0, 0])
        return np.array([1 - probability, probability])
    return np.asarray(scores[0])


def _as_target(target: float, head: str) -> float | int:
    return target if head == "identity" else int(target)

"""A model as an ONNX graph that takes raw columns: encoding, members and their mean in one file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, final

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

import epoca
from epoca.errors import OptionError
from epoca.model import Model
from epoca.tables.columns import Column, Columns
from epoca.tables.encodings.category import CategoryEncoding
from epoca.tables.encodings.date import CYCLES, DateEncoding
from epoca.tables.encodings.number import FAR, NumberEncoding
from epoca.tables.encodings.presence import PresenceEncoding
from epoca.tables.encodings.words import WordsEncoding
from epoca.tables.encodings.yes_no import TwoNumbersEncoding, TwoTextsEncoding
from epoca.tables.values import MISSING_SPELLINGS

_OPSET, _IR = 20, 9
_SPACE = r"[\s\v\x{1c}-\x{1f}\x{85}\p{Z}]"
"""What parts words, as a pattern of RE2."""

_BLANK = f"{_SPACE}*"
"""What is taken off both ends of a text."""


def onnx_model(model: Model) -> onnx.ModelProto:
    """The model as an ONNX graph.

    Parameters
    ----------
    model : Model
        Of columns of a table, or of a sparse matrix.

    Returns
    -------
    onnx.ModelProto
        An input of shape (n, 1) for every column that is used, by its name: numbers as float64, NaN where missing;
        texts as strings, empty where missing; truth values as bool, or as strings if some were missing; dates as
        seconds since 1970-01-01, float64, NaN where missing. Of a sparse matrix one input ``X`` (n, d), float64.
        Outputs ``label`` (n,) and ``probabilities`` (n, c), without the latter for a perceptron; of a regression
        ``variable`` (n, 1).
    """
    graph = _Graph()
    if isinstance(model.columns, Columns):
        encoded = graph.concatenated([graph.column(column) for column in model.columns.used])
    else:
        whole = graph.input("X", TensorProto.DOUBLE, model.columns.n_outputs)
        encoded = graph.cast(graph.node("Div", whole, graph.constant(model.columns.units)), TensorProto.FLOAT)
    _answers(graph, model, _members(graph, model, encoded))
    made = helper.make_model(
        helper.make_graph(graph.nodes, "epoca", graph.inputs, graph.outputs, graph.constants),
        opset_imports=[helper.make_opsetid("", _OPSET)],
        ir_version=_IR,
        producer_name="epoca",
        producer_version=epoca.__version__,
    )
    onnx.checker.check_model(made, full_check=True)
    return made


def _members(graph: _Graph, model: Model, values: str) -> str:
    """What the members together say, (n, outputs)."""
    for layer, (weights, biases) in enumerate(model.layers):
        product = graph.node("MatMul", values, graph.constant(weights.astype(np.float32)))  # (k, n, outputs)
        values = graph.node("Add", product, graph.constant(biases[:, np.newaxis].astype(np.float32)))
        if layer < len(model.layers) - 1:
            values = _activated(graph, model.form.activation, values)
    if model.form.head == "softmax":
        values = graph.node("Softmax", values, axis=-1)
    elif model.form.head == "logistic":
        both = graph.node("Concat", graph.node("Neg", values), values, axis=-1)
        values = graph.node("Sigmoid", both)
    return graph.node("ReduceMean", values, graph.constant(np.array([0])), keepdims=0)


def _activated(graph: _Graph, activation: str, values: str) -> str:
    if activation == "silu":
        return graph.node("Mul", values, graph.node("Sigmoid", values))
    return graph.node({"relu": "Relu", "tanh": "Tanh", "logistic": "Sigmoid"}[activation], values)


def _answers(graph: _Graph, model: Model, said: str) -> None:
    target = model.target
    if target.task == "regression":
        wide = graph.cast(said, TensorProto.DOUBLE)
        scaled = graph.node("Mul", wide, graph.constant(np.array(target.scale)))
        number = graph.node("Add", scaled, graph.constant(np.array(target.mean)))
        graph.output("variable", graph.cast(number, TensorProto.FLOAT), TensorProto.FLOAT, [None, 1])
        return
    if model.form.head == "step" and model.form.sizes[-1] == 1:
        passed = graph.node("GreaterOrEqual", said, graph.constant(np.array(0, np.float32)))
        code = graph.node("Squeeze", graph.cast(passed, TensorProto.INT64), graph.constant(np.array([1])))
    else:
        code = graph.node("ArgMax", said, axis=1, keepdims=0)
    labels = np.array(target.labels)
    kind = helper.np_dtype_to_tensor_dtype(labels.dtype) if labels.dtype.kind != "U" else TensorProto.STRING
    graph.output("label", graph.node("Gather", graph.constant(labels), code), kind, [None])
    if model.form.head != "step":
        graph.output("probabilities", said, TensorProto.FLOAT, [None, len(target.labels)])


@final
class _Graph:
    """A graph in the making; its verbs return the names of what they make."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.inputs: list[onnx.ValueInfoProto] = []
        self.outputs: list[onnx.ValueInfoProto] = []
        self.constants: list[onnx.TensorProto] = []

    def node(self, operator: str, *inputs: str, **attributes: Any) -> str:
        name = f"{operator}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, list(inputs), [name], name=name, **attributes))
        return name

    def constant(self, values: NDArray[Any]) -> str:
        name = f"constant_{len(self.constants)}"
        values = values.astype(object) if values.dtype.kind == "U" else values
        self.constants.append(numpy_helper.from_array(values, name))
        return name

    def cast(self, value: str, kind: int) -> str:
        return self.node("Cast", value, to=kind)

    def input(self, name: str, kind: int, width: int = 1) -> str:
        self.inputs.append(helper.make_tensor_value_info(name, kind, [None, width]))
        return name

    def output(self, name: str, value: str, kind: int, shape: Sequence[int | None]) -> None:
        self.nodes.append(helper.make_node("Identity", [value], [name], name=f"output_{name}"))
        self.outputs.append(helper.make_tensor_value_info(name, kind, shape))

    def concatenated(self, parts: Sequence[str]) -> str:
        return self.node("Concat", *parts, axis=1)

    def column(self, column: Column) -> str:
        """A raw column in, its encoded columns out, float32."""
        match column.encoding:
            case NumberEncoding() as encoding:
                numbers = self._numbers(column)
                parts = self._encoded(encoding, numbers)
            case DateEncoding() as encoding:
                seconds = self._numbers(column)
                parts = self._encoded(encoding.time, seconds)
                parts += [wave for cycle in encoding.cycles for wave in self._waves(seconds, CYCLES[cycle])]
            case TwoNumbersEncoding() as encoding:
                numbers = self._numbers(column)
                parts = [self._line(encoding, numbers), *self._flags(numbers, encoding.flag)]
            case TwoTextsEncoding() as encoding:
                parts = self._two_texts(encoding, column)
            case CategoryEncoding() as encoding:
                parts = self._categories(encoding, self.input(column.name, TensorProto.STRING))
            case WordsEncoding() as encoding:
                texts = self.input(column.name, TensorProto.STRING)
                parts = [self._holds(texts, word) for word in encoding.words]
                parts += [self._is(texts, MISSING_SPELLINGS)] if encoding.flag else []
            case PresenceEncoding():
                parts = [self._presence(column)]
            case _:
                raise OptionError('The column "{name}" cannot be written as ONNX.', name=column.name)
        return self.cast(parts[0] if len(parts) == 1 else self.concatenated(parts), TensorProto.FLOAT)

    def _double(self, value: float) -> str:
        return self.constant(np.array(value, np.float64))

    def _numbers(self, column: Column) -> str:
        """A column of numbers as float64."""
        return self.input(column.name, TensorProto.DOUBLE)

    def _flags(self, numbers: str, flag: bool) -> list[str]:
        return [self.cast(self.node("IsNaN", numbers), TensorProto.DOUBLE)] if flag else []

    def _encoded(self, encoding: NumberEncoding, numbers: str) -> list[str]:
        present = self.node("Where", self.node("IsNaN", numbers), self._double(encoding.centre), numbers)
        pieces = [self._pieces(encoding, present)] if encoding.edges else []
        return [self._scaled(encoding, present), *self._flags(numbers, encoding.flag), *pieces]

    def _pieces(self, encoding: NumberEncoding, present: str) -> str:
        """Where each number stands in every piece, (n, pieces)."""
        halves = np.array(encoding.edges) * 0.5
        above = self.node("Sub", self.node("Mul", present, self._double(0.5)), self.constant(halves[:-1]))
        position = self._clipped(self.node("Div", above, self.constant(np.diff(halves))), 0.0, 1.0)
        return self.node("Mul", position, self._double(0.5))

    def _scaled(self, encoding: NumberEncoding, present: str) -> str:
        if encoding.unit is None:
            return present
        half = self.node("Mul", present, self._double(0.5))
        distance = self.node("Sub", half, self._double(encoding.centre * 0.5))
        if encoding.unit == 0:
            return self.node("Mul", distance, self._double(0.0))
        z = self._clipped(self.node("Div", distance, self._double(encoding.unit)), -FAR, FAR)
        third = self.node("Div", z, self._double(3.0))
        below = self.node("Sqrt", self.node("Add", self.node("Mul", third, third), self._double(1.0)))
        return self.node("Div", z, below)

    def _clipped(self, numbers: str, low: float, high: float) -> str:
        return self.node("Clip", numbers, self._double(low), self._double(high))

    def _waves(self, seconds: str, period: int) -> list[str]:
        turns = self.node("Div", seconds, self._double(float(period)))
        phase = self.node("Sub", turns, self.node("Floor", turns))
        angle = self.node("Mul", phase, self._double(2 * np.pi))
        quarter_later = self.node("Add", angle, self._double(np.pi / 2))
        missing, nothing = self.node("IsNaN", seconds), self._double(0.0)
        return [self.node("Where", missing, nothing, self.node("Sin", at)) for at in (angle, quarter_later)]

    def _line(self, encoding: TwoNumbersEncoding, numbers: str) -> str:
        low, high = encoding.low * 0.5, encoding.high * 0.5
        above = self.node("Sub", self.node("Mul", numbers, self._double(0.5)), self._double(low))
        share = self._clipped(self.node("Div", above, self._double(high - low)), 0.0, 1.0)
        line = self.node("Sub", self.node("Add", share, share), self._double(1.0))
        return self.node("Where", self.node("IsNaN", numbers), self._double(0.0), line)

    def _two_texts(self, encoding: TwoTextsEncoding, column: Column) -> list[str]:
        if column.type == "truth" and not encoding.flag:
            one = self.cast(self.input(column.name, TensorProto.BOOL), TensorProto.DOUBLE)
            return [self.node("Sub", self.node("Add", one, one), self._double(1.0))]
        texts = self.input(column.name, TensorProto.STRING)
        line = self.node("Sub", self._is(texts, [encoding.high]), self._is(texts, [encoding.low]))
        return [line, self._is(texts, MISSING_SPELLINGS)] if encoding.flag else [line]

    def _categories(self, encoding: CategoryEncoding, texts: str) -> list[str]:
        known = [self._is(texts, [category]) for category in encoding.categories]
        missing = self._is(texts, MISSING_SPELLINGS)
        parts = [*known]
        if encoding.other:
            named = self.node("Sum", missing, *known)
            parts.append(self.node("Sub", self._double(1.0), named))
        return [*parts, missing] if encoding.missing else parts

    def _presence(self, column: Column) -> str:
        if column.type in {"number", "date"}:
            return self.cast(self.node("IsNaN", self._numbers(column)), TensorProto.DOUBLE)
        return self._is(self.input(column.name, TensorProto.STRING), MISSING_SPELLINGS)

    def _is(self, texts: str, wanted: Sequence[str]) -> str:
        """1 where a text, blanks around it apart, is one of those wanted, else 0."""
        spelled = "|".join(_spelled(text) for text in wanted)
        return self._matches(texts, f"{_BLANK}(?:{spelled}){_BLANK}")

    def _holds(self, texts: str, word: str) -> str:
        """1 where a text holds a word, else 0."""
        return self._matches(texts, f"(?s:.*{_SPACE})?{_spelled(word)}(?s:{_SPACE}.*)?")

    def _matches(self, texts: str, pattern: str) -> str:
        return self.cast(self.node("RegexFullMatch", texts, pattern=pattern), TensorProto.DOUBLE)


def _spelled(text: str) -> str:
    """A text as a pattern of RE2; of truth values in whatever case."""
    escaped = "".join(character if character.isalnum() else f"\\x{{{ord(character):x}}}" for character in text)
    return f"(?i:{escaped})" if re.fullmatch("true|false", text) else escaped

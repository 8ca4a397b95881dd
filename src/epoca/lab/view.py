"""What is looked at of a run: the slice that the map shows, and the rows that are drawn as points."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from epoca.errors import OptionError
from epoca.fitting import Fitting
from epoca.lab.axes import mappable, telling_axes
from epoca.lab.choices import Held
from epoca.model import Model
from epoca.plane import Axis, Plane, is_reach_known, span, texts_of
from epoca.tables.arrays import arrow_integers
from epoca.tables.columns import Column, ColumnKind, Columns
from epoca.tables.encodings.presence import PresenceEncoding
from epoca.tables.table import Table
from epoca.training.history import plain
from epoca.types import Matrix, Numbers, Rows

STEPS = 100
"""Places of the map along an axis of numbers."""

POINTS = 2000
"""So many rows are drawn at most."""

NEURON = 34
"""Places of a hidden neuron's map along each axis."""


@final
@dataclass(frozen=True, kw_only=True)
class View:
    """A plane through the inputs of what has learned, and some rows of its table.

    Parameters
    ----------
    columns : Columns
        How a table becomes inputs.
    dtype : type
        Of the inputs.
    plane : Plane
        The slice that the map shows.
    table : Table
        The rows that are drawn as points, n; none where only a model is known.
    rows : ndarray of int64, (n,)
        Which of the user's table they are, ascending.
    targets : ndarray of float64, (n,)
        Their codes, or their numbers as the user knows them.
    """

    columns: Columns
    dtype: type[np.floating]
    plane: Plane
    table: Table
    rows: Rows
    targets: Numbers

    @classmethod
    def of_fitting(cls, fitting: Fitting, *, axes: tuple[str, ...], held: Held) -> View | None:
        """The view of two columns of a training; None of fewer than two.

        Parameters
        ----------
        fitting : Fitting
            The training.
        axes : tuple of str
            The two columns; by default see `telling_axes`.
        held : mapping of str to float or str
            At what other columns are held, by name, in the table's units, dates in milliseconds since 1970; those left
            out at their usual value.

        Raises
        ------
        OptionError
            If the axes are none of the columns that are learned from, or a column cannot be held at that.
        """
        columns, table = fitting.columns, fitting.problem.table
        assert isinstance(columns, Columns)  # a lab's tables are dense
        assert isinstance(table, Table)
        if len(mappable(columns)) < 2:
            return None
        plane = _plane(columns, table, axes=axes or telling_axes(fitting), held=held)
        n = table.n_rows
        rows = np.arange(n) if n <= POINTS else np.sort(np.random.default_rng(0).permutation(n)[:POINTS])
        return cls(
            columns=columns,
            dtype=fitting.learner.dtype,
            plane=plane,
            table=table if n <= POINTS else Table(name=table.name, arrow=table.arrow.take(arrow_integers(rows))),
            rows=rows,
            targets=fitting.problem.targets[rows].astype(np.float64),
        )

    @classmethod
    def of_model(cls, model: Model, *, axes: tuple[str, ...], held: Held) -> View | None:
        """The view of two columns of a model of which no rows are known; arguments as of `of_fitting`.

        By default the axes are the first two columns of numbers, or else of any. None also where the model does not
        know how far its columns reach.
        """
        assert isinstance(model.columns, Columns)  # models of sparse matrices are refused before
        names = mappable(model.columns)
        if len(names) < 2 or not all(map(is_reach_known, model.columns.used)):
            return None
        plane = _plane(model.columns, None, axes=axes or (names[0], names[1]), held=held)
        return cls(
            columns=model.columns,
            dtype=model.parameters.dtype.type,
            plane=plane,
            table=plane.rows(0),
            rows=np.empty(0, np.int64),
            targets=np.empty(0),
        )

    @property
    def width(self) -> int:
        """Places across."""
        return self.plane.across.places.size

    @property
    def height(self) -> int:
        """Places up."""
        return self.plane.up.places.size

    @cached_property
    def grid(self) -> NDArray[np.float32]:
        """(width * height, d): the places of the map as inputs."""
        return self.columns.encode(self.plane.rows(), dtype=np.float32).astype(np.float32, copy=False)

    @cached_property
    def small_grid(self) -> Numbers:
        """(NEURON², d): some of the places."""
        across, up = (np.linspace(0, size - 1, NEURON).round().astype(np.int64) for size in (self.width, self.height))
        return np.ascontiguousarray(self.grid[(up[:, None] * self.width + across).ravel()], np.float64)

    @cached_property
    def points(self) -> Matrix:
        """(n, d): the rows that are drawn, as the members see them."""
        return self._encoded(self.table)

    @cached_property
    def corners(self) -> tuple[Matrix, Matrix] | None:
        """Three places of the plane and what the members see there, where that is a linear function of the place.

        The first array is (3, 2), the second (3, d). None where a column is bent on its way, or one of texts.
        """
        axes = (self.plane.across, self.plane.up)
        if any(axis.categories is not None or axis.is_date for axis in axes):
            return None
        (left, right), (low, high) = ((axis.places[0], axis.places[-1]) for axis in axes)
        bottom, side = np.arange(self.width), np.arange(self.height) * self.width
        cells = self.plane.rows().arrow.take(arrow_integers(np.concatenate([bottom, side])))
        seen = self.columns.encode(Table(name="edges", arrow=cells), dtype=np.float64)
        edges = seen[: self.width], seen[self.width :]
        if not all(np.allclose(edge, np.linspace(edge[0], edge[-1], len(edge)), rtol=1e-9) for edge in edges):
            return None
        places = np.array([[left, low], [right, low], [left, high]])
        return places, np.array([edges[0][0], edges[0][-1], edges[1][-1]], np.float64)

    def points_to_json(self, *, test_rows: Rows) -> dict[str, Any]:
        """The rows that are drawn, and which of them are set aside for the test."""
        is_test = np.isin(self.rows, test_rows)
        return {
            "rows": self.rows.tolist(),
            "x": plain(self.plane.across.places_of(self.table)),
            "y": plain(self.plane.up.places_of(self.table)),
            "target": self.targets.tolist(),
            "part": ["test" if test else "train" for test in is_test],
        }

    def axes_to_json(self) -> list[dict[str, Any]]:
        """The two axes."""
        return [_axis_to_json(axis) for axis in (self.plane.across, self.plane.up)]

    def sliders_to_json(self) -> list[dict[str, Any]]:
        """The columns that the map holds fixed."""
        return [_slider(column, value, self.table if self.rows.size else None) for column, value in self.plane.held]

    def _encoded(self, table: Table) -> Matrix:
        return self.columns.encode(table, dtype=np.float64 if self.dtype is np.float64 else np.float32)


def folds_of(fitting: Fitting, rows: Rows) -> list[int]:
    """For each of some rows of the table, the first member that holds it out; -1 for none."""
    folds = np.full(fitting.problem.targets.size, -1)
    for member, held_out in reversed(list(enumerate(fitting.material.held_out))):
        folds[fitting.train_rows[held_out]] = member
    return [int(fold) for fold in folds[rows]]


def _plane(columns: Columns, table: Table | None, *, axes: tuple[str, ...], held: Held) -> Plane:
    at = {name: _held_at(columns.used, name, value) for name, value in held.items() if name not in axes}
    return Plane.of(columns, columns=(axes[0], axes[-1]), table=table, steps=STEPS, held=at)


def _held_at(used: list[Column], name: str, value: float | str) -> object:
    column = next((column for column in used if column.name == name), None)
    if column is None:
        raise OptionError('The map cannot hold "{name}", from which nothing is learned.', name=name)
    texts = texts_of(column)
    if (texts is None) == isinstance(value, str) or (texts is not None and value not in texts):
        raise OptionError('The map cannot hold "{name}" at {value}.', name=name, value=str(value)[:40])
    is_date = column.encoding.kind is ColumnKind.DATE
    return np.datetime64(round(float(value)), "ms") if is_date and not isinstance(value, str) else value


def _axis_to_json(axis: Axis) -> dict[str, Any]:
    texts = axis.categories
    is_text = texts is not None
    return {
        "name": axis.column.name,
        "kind": "category" if is_text else "date" if axis.is_date else "number",
        "low": -0.5 if is_text else float(axis.places[0]),
        "high": len(texts) - 0.5 if texts is not None else float(axis.places[-1]),
        "texts": list(texts or ()),
    }


def _slider(column: Column, value: object, table: Table | None) -> dict[str, Any]:
    texts = texts_of(column)
    told: dict[str, Any] = {"name": column.name, "texts": list(texts or ())}
    if texts is not None:
        return {**told, "kind": "category", "low": None, "high": None, "value": value}
    if isinstance(column.encoding, PresenceEncoding):
        return {**told, "kind": "fixed", "low": None, "high": None, "value": None}
    low, high = span(column, table)
    number = value.astype("datetime64[ms]").astype(float) if isinstance(value, np.datetime64) else value
    is_date = column.encoding.kind is ColumnKind.DATE
    return {**told, "kind": "date" if is_date else "number", "low": low, "high": high, "value": number}

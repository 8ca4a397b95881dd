"""A plane on which a model has said something at every place, as traces of plotly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, final

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from epoca.model import Model
from epoca.plane import Axis, Plane
from epoca.plots import theme
from epoca.plots.unwrapping import some_rows
from epoca.tables.table import Table
from epoca.types import Codes, Numbers

_SHADES = 24
"""Steps from the palest to the strongest colour of a class."""

_HOVERED = 4
"""Every so many places along an axis of numbers can be asked what is predicted there."""


@final
@dataclass(frozen=True, kw_only=True)
class Mapped:
    """What a model said at every place of a plane.

    Parameters
    ----------
    plane : Plane
        Of m places.
    model : Model
        That was asked.
    outputs : ndarray of float64, (m, c)
        Of `Model.outputs`, in the order of ``plane.rows()``.
    """

    plane: Plane
    model: Model
    outputs: NDArray[np.float64]

    @property
    def has_probabilities(self) -> bool:
        """Whether the model says how sure it is."""
        return self.model.form.head in ("softmax", "logistic")

    @cached_property
    def codes(self) -> Codes:
        """(m,): the class predicted."""
        return self.model.codes(self.outputs)

    @cached_property
    def numbers(self) -> Numbers:
        """(m,): the number predicted, of a regression."""
        return self.model.target.restored(self.outputs[:, 0])

    def background(self) -> Iterator[go.Heatmap]:
        """The colours of the places."""
        if self.model.target.task == "regression":
            numbers = self.numbers.astype(np.float32)
            yield self._heatmap(numbers, coloraxis="coloraxis", hovertemplate="%{z:.4~g}<extra></extra>")
            return
        yield self._shades()
        yield self._words()

    def points(self, table: Table | None, *, legend: bool) -> Iterator[go.Scatter]:
        """A table's rows, those of each class apart; without a table what the legend needs."""
        n_rows = 0 if table is None else table.n_rows
        rows = some_rows(n_rows)
        x, y = (axis.places_of(table)[rows] if table else np.empty(0) for axis in (self.plane.across, self.plane.up))
        target = self.model.target
        known = table if table is not None and target.column in table.column_names else None
        if target.task == "regression" or (table and not known):
            colour = {"color": target.numbers(known)[rows], "coloraxis": "coloraxis"} if known else {}
            marker = {"color": theme.QUIET, "size": 7, "line": theme.OUTLINE, **colour}
            yield go.Scatter(x=x, y=y, mode="markers", marker=marker, showlegend=False, hovertemplate=self._where)
        if target.task == "regression":
            return
        codes = target.codes(known)[rows] if known else np.empty(0, np.int64)
        for code, name in enumerate(target.labels):
            here = np.flatnonzero(codes == code)
            yield go.Scatter(
                x=x[here] if here.size else [None],
                y=y[here] if here.size else [None],
                mode="markers",
                marker=theme.class_marker(code),
                name=theme.label(name),
                legendgroup=str(code),
                showlegend=legend,
                hovertemplate=self._where,
            )

    def _shades(self) -> go.Heatmap:
        """A number for every class and step of its sureness; few, so that the figure stays small."""
        classes = len(self.model.target.labels)
        steps = max(2, min(_SHADES, 256 // classes))
        step = np.round((self._sureness * classes - 1) / (classes - 1) * (steps - 1))
        shades = self.codes * steps + step.astype(np.int64)
        return self._heatmap(
            shades.astype(np.uint8 if classes * steps <= 256 else np.uint16),
            zmin=0,
            zmax=classes * steps - 1,
            colorscale=_scale(classes, steps),
            showscale=False,
            hoverinfo="skip",
        )

    def _words(self) -> go.Heatmap:
        """What is said where one points at the map: unseen, and coarser than the colours."""
        names = np.array([theme.label(name) for name in self.model.target.labels], object)
        sure = ": %{z:.0%}" if self.has_probabilities else ""
        return self._heatmap(
            self._sureness.astype(np.float32),
            every=_HOVERED,
            text=self._square(names[self.codes], _HOVERED),
            opacity=0,
            showscale=False,
            hovertemplate="%{text}" + sure + "<extra></extra>",
        )

    @property
    def _where(self) -> str:
        """What is said of a point: its numbers; the place of a category is written at the axis."""
        axes = {"%{x}": self.plane.across, "%{y}": self.plane.up}
        return ", ".join(number for number, axis in axes.items() if axis.categories is None)

    @property
    def _sureness(self) -> Numbers:
        """(m,): the probability of the class predicted, or 1 where there is none."""
        return np.asarray(self.outputs.max(axis=1)) if self.has_probabilities else np.ones(len(self.outputs))

    def _heatmap(self, values: NDArray[Any], *, every: int = 1, **more: Any) -> go.Heatmap:
        across, up = self.plane.across, self.plane.up
        return go.Heatmap(
            x=across.places[_steps(across, every)],
            y=up.places[_steps(up, every)],
            z=self._square(values, every),
            **more,
        )

    def _square(self, values: NDArray[Any], every: int) -> NDArray[Any]:
        across, up = self.plane.across, self.plane.up
        square = values.reshape(up.places.size, across.places.size)
        return square[_steps(up, every), _steps(across, every)]


def _steps(axis: Axis, every: int) -> slice:
    return slice(None) if axis.categories else slice(None, None, every)


def _scale(classes: int, steps: int) -> list[tuple[float, str]]:
    """A colour scale that goes through the steps of every class."""
    end = classes * steps - 1
    return [
        (shade / end, theme.faded(theme.class_colour(code), opacity))
        for code in range(classes)
        for shade, opacity in ((code * steps, 0.1), (code * steps + steps - 1, 0.55))
    ]

"""Sample tables that come with epoca: points drawn in the plane, logical tables, and small tables of measurements."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from importlib import resources
from typing import NamedTuple, TypeAlias

import numpy as np
import pyarrow as pa
from pyarrow import csv

from epoca.errors import OptionError
from epoca.messages import Message
from epoca.tables.arrays import owned
from epoca.tables.table import Table
from epoca.types import Codes, Matrix, Numbers

SAMPLES: dict[str, Message] = {
    "and": Message("Logical AND: label 1 where both inputs are 1."),
    "or": Message("Logical OR: label 1 where at least one input is 1."),
    "xor": Message("Exclusive OR: label 1 where just one input is 1; no single line parts the labels."),
    "blobs": Message("Round clouds of points, one for each class: three, or two to six."),
    "moons": Message("Two half moons that reach into each other."),
    "circles": Message("A ring of points around another."),
    "spirals": Message("Two spirals wound around each other; a task for more than one hidden layer."),
    "iris": Message("150 irises of three species, by the size of their petals and sepals."),
    "penguins": Message("344 penguins of three species, with text columns and missing values."),
    "wine": Message("178 wines from three cultivars, by chemical analysis."),
    "breast_cancer": Message("569 breast tumours, benign or malignant, by the shape of their cell nuclei."),
    "digits": Message("1,797 handwritten digits as images of 8 × 8 pixels."),
    "diabetes": Message("442 diabetes patients; a number to predict, the progression of the disease in a year."),
}
"""The names of the sample tables and what each holds."""


def sample(
    name: str, *, rows: int | None = None, noise: float | None = None, classes: int | None = None, seed: int = 0
) -> Table:
    """A sample table.

    Parameters
    ----------
    name : str
        A name of `SAMPLES`.
    rows : int, optional
        Number of rows. Points are drawn in this number; of a table of measurements that many rows are chosen at
        random. By default what suits the table, or all of it.
    noise : float, optional
        Standard deviation of what is added to each coordinate of drawn points. By default what suits the table.
    classes : int, optional
        Clouds of "blobs", 2 to 6; by default 3.
    seed : int
        Seed of everything random here.

    Returns
    -------
    Table
        Points have the columns x1, x2 and label.

    Examples
    --------
    >>> sample("xor", rows=4, noise=0).arrow.to_pydict()
    {'x1': [0.0, 0.0, 1.0, 1.0], 'x2': [0.0, 1.0, 0.0, 1.0], 'label': [0, 1, 1, 0]}
    """
    _check_name(name)
    if rows is not None and rows < 1:
        raise OptionError("A sample table must have at least 1 row, not {rows}.", rows=rows)
    if classes is not None and (name != "blobs" or not 2 <= classes <= 6):
        raise OptionError('Only "blobs" are drawn in a number of classes that can be chosen, from 2 to 6.')
    if name in _DRAWN:
        kind = _DRAWN[name] if classes is None else _DRAWN[name]._replace(draw=_blobs(classes))
        return Table(name=name, arrow=_draw(kind, rows=rows, noise=noise, seed=seed))
    if noise is not None:
        raise OptionError('The table "{name}" holds measurements, to which no noise is added.', name=name)
    return Table(name=name, arrow=_choose(_measured(name), name=name, rows=rows, seed=seed))


def suits(name: str) -> tuple[int, float] | None:
    """How many rows and how much noise suit a table of drawn points; None of one of measurements.

    Examples
    --------
    >>> suits("moons")
    (400, 0.2)
    """
    _check_name(name)
    return (_DRAWN[name].rows, _DRAWN[name].noise) if name in _DRAWN else None


def target_of(name: str) -> str:
    """The column of a sample table that is to be predicted.

    Examples
    --------
    >>> target_of("penguins")
    'species'
    """
    _check_name(name)
    return _TARGETS.get(name, "label")


def _check_name(name: str) -> None:
    if name in SAMPLES:
        return
    near = difflib.get_close_matches(name, SAMPLES)
    if near:
        raise OptionError('There is no sample table "{name}". Near it: {near}.', name=name, near=", ".join(near))
    raise OptionError('There is no sample table "{name}". There are: {all}.', name=name, all=", ".join(SAMPLES))


# --- Points drawn in the plane ----------------------------------------------------------------------------------------


class _Points(NamedTuple):
    places: Matrix
    """(n, 2)"""
    labels: Codes
    """(n,)"""


class _Drawn(NamedTuple):
    """A kind of points: where they would lie without noise, and what suits them."""

    draw: Callable[[np.random.Generator, int], _Points]
    rows: int
    noise: float


def _draw(kind: _Drawn, *, rows: int | None, noise: float | None, seed: int) -> pa.Table:
    noise = kind.noise if noise is None else noise
    if not 0 <= noise < np.inf:
        raise OptionError("Noise must be 0 or a positive number, not {noise}.", noise=noise)
    rng = np.random.default_rng(seed)
    places, labels = kind.draw(rng, kind.rows if rows is None else rows)
    places = places + rng.normal(0, noise, places.shape)
    return pa.table({"x1": places[:, 0], "x2": places[:, 1], "label": labels})


def _logic(*truth: int) -> Callable[[np.random.Generator, int], _Points]:
    """The four corners of the unit square in turn, labelled by a truth table."""

    def draw(_rng: np.random.Generator, n: int) -> _Points:
        corner = np.arange(n) % 4
        return _Points(np.column_stack([corner // 2, corner % 2]).astype(np.float64), np.array(truth)[corner])

    return draw


def _blobs(classes: int) -> Callable[[np.random.Generator, int], _Points]:
    """As many round clouds, evenly around the origin."""

    def draw(_rng: np.random.Generator, n: int) -> _Points:
        labels = np.arange(n) % classes
        return _Points(2 * _on_circle(2 * np.pi * labels / classes), labels)

    return draw


def _moons(rng: np.random.Generator, n: int) -> _Points:
    labels = np.arange(n) % 2
    upper = _on_circle(rng.uniform(0, np.pi, n))
    lower = [1, 0.5] - upper
    return _Points(np.where(labels[:, None] == 0, upper, lower), labels)


def _circles(rng: np.random.Generator, n: int) -> _Points:
    labels = np.arange(n) % 2
    radius = np.where(labels == 0, 1.0, 0.5)
    return _Points(radius[:, None] * _on_circle(rng.uniform(0, 2 * np.pi, n)), labels)


def _spirals(rng: np.random.Generator, n: int) -> _Points:
    labels = np.arange(n) % 2
    # The root spreads the points evenly along the arm, which is longer the further out it is.
    along = np.sqrt(rng.uniform(0, 1, n))
    return _Points(2 * along[:, None] * _on_circle(3 * np.pi * along + np.pi * labels), labels)


def _on_circle(angle: Numbers) -> Matrix:
    """Points of the unit circle, (n, 2)."""
    return np.column_stack([np.cos(angle), np.sin(angle)])


_DRAWN = {
    "and": _Drawn(_logic(0, 0, 0, 1), rows=4, noise=0.0),
    "or": _Drawn(_logic(0, 1, 1, 1), rows=4, noise=0.0),
    "xor": _Drawn(_logic(0, 1, 1, 0), rows=400, noise=0.15),
    "blobs": _Drawn(_blobs(3), rows=400, noise=0.7),
    "moons": _Drawn(_moons, rows=400, noise=0.2),
    "circles": _Drawn(_circles, rows=400, noise=0.1),
    "spirals": _Drawn(_spirals, rows=400, noise=0.07),
}


# --- Tables of measurements -------------------------------------------------------------------------------------------

_TARGETS = {
    "iris": "species",
    "penguins": "species",
    "wine": "cultivar",
    "breast_cancer": "diagnosis",
    "digits": "digit",
    "diabetes": "progression",
}


def _measured(name: str) -> pa.Table:
    return _penguins() if name == "penguins" else _from_sklearn(name)


def _penguins() -> pa.Table:
    data = resources.files("epoca.tables").joinpath("data/penguins.csv").read_bytes()
    header, _, _ = data.partition(b"\n")
    text = csv.ConvertOptions(column_types={column: pa.string() for column in header.decode().strip().split(",")})
    return csv.read_csv(pa.BufferReader(owned(data)), convert_options=text)


_Loader: TypeAlias = Callable[[], dict[str, np.ndarray[tuple[int, ...], np.dtype[np.float64]]]]


def _from_sklearn(name: str) -> pa.Table:
    from sklearn import datasets

    loaders: dict[str, _Loader] = {
        "iris": datasets.load_iris,
        "wine": datasets.load_wine,
        "breast_cancer": datasets.load_breast_cancer,
        "digits": datasets.load_digits,
        "diabetes": lambda: datasets.load_diabetes(scaled=False),
    }
    bunch = loaders[name]()
    target = bunch["target"]
    if target.dtype.kind == "i" and bunch["target_names"].dtype.kind == "U":
        target = bunch["target_names"][target]
    columns = dict(zip(bunch["feature_names"], bunch["data"].T, strict=True))
    return pa.table({**columns, _TARGETS[name]: target})


def _choose(table: pa.Table, *, name: str, rows: int | None, seed: int) -> pa.Table:
    if rows is None:
        return table
    if rows > table.num_rows:
        raise OptionError(
            'The table "{name}" has {n} rows, fewer than the {rows} that were asked for.',
            name=name,
            n=table.num_rows,
            rows=rows,
        )
    return table.take(np.sort(np.random.default_rng(seed).choice(table.num_rows, rows, replace=False)))

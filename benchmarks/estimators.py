"""The estimators beside scikit-learn's, in one process: ``python benchmarks/estimators.py [FILE]`` prints a table.

What is measured is the whole of ``fit`` and ``predict_proba`` as a user calls them, checks and encoding included.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
import warnings
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse
import sklearn.neural_network
from sklearn.model_selection import GridSearchCV

import epoca

RUNS = 5


def seconds(work: Callable[[], Any]) -> float:
    """Of one call."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def medians(*works: Callable[[], Any]) -> list[float]:
    """Of several calls of each, in turn, after one that does not count."""
    for work in works:
        work()
    taken = [[seconds(work) for work in works] for _run in range(RUNS)]
    return [statistics.median(column) for column in zip(*taken, strict=True)]


def numbers(n: int, d: int) -> tuple[Any, Any]:
    """Rows of a problem that no line solves."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(n, d))
    return X, (X[:, 0] * X[:, 1] + rng.normal(size=n) > 0).astype(int)


ALIKE: dict[str, Any] = {"batch_size": 200, "learning_rate": 0.001, "pieces": 0, "gains": False, "dropout": 0}
"""What makes it the same network on the same inputs as scikit-learn's."""


def ours(**arguments: Any) -> epoca.MLPClassifier:
    """One network, all rows, a fixed number of epochs, as scikit-learn trains."""
    return epoca.MLPClassifier((64, 32), **{"members": 1, "early_stopping": False, **ALIKE, **arguments})


def theirs(epochs: int) -> sklearn.neural_network.MLPClassifier:
    """The same network."""
    return sklearn.neural_network.MLPClassifier((64, 32), max_iter=epochs, n_iter_no_change=epochs, batch_size=200)


def lines() -> list[tuple[str, float, float]]:
    """What, seconds of ours, seconds of the peer."""
    found = []

    def note(what: str, one: float, peer: float) -> None:
        found.append((what, one, peer))
        print(f"{what}: {one:.4f} s against {peer:.4f} s", file=sys.stderr, flush=True)

    X, y = numbers(20_000, 20)
    note("fit, 20 000 × 20, 10 epochs", *medians(lambda: ours(max_epochs=10).fit(X, y), lambda: theirs(10).fit(X, y)))
    one, other = ours(max_epochs=2).fit(X, y), theirs(2).fit(X, y)
    note("predict_proba, one row", *medians(lambda: one.predict_proba(X[:1]), lambda: other.predict_proba(X[:1])))
    large, _ = numbers(1_000_000, 20)
    note("predict_proba, 1 M × 20", *medians(lambda: one.predict_proba(large), lambda: other.predict_proba(large)))
    wide, label = numbers(2_000, 784)
    note(
        "fit, 2 000 × 784, 10 epochs",
        *medians(lambda: ours(max_epochs=10).fit(wide, label), lambda: theirs(10).fit(wide, label)),
    )
    words = scipy.sparse.random(10_000, 5_000, 0.01, format="csr", random_state=0)
    sign = np.asarray(words[:, :2500].sum(axis=1) > words[:, 2500:].sum(axis=1)).ravel()
    note(
        "fit, sparse 10 000 × 5 000 (1 % not 0), 5 epochs",
        *medians(lambda: ours(max_epochs=5).fit(words, sign), lambda: theirs(5).fit(words, sign)),
    )
    X, y = numbers(4_000, 20)
    grid = {"weight_decay": [0.0, 0.01], "dropout": [0.0, 0.1]}

    def search(jobs: int) -> None:
        GridSearchCV(epoca.MLPClassifier((64,), max_epochs=30), grid, cv=3, n_jobs=jobs, refit=False).fit(X, y)

    note("GridSearchCV, 12 fits, 2 jobs against 1 job", *medians(lambda: search(2), lambda: search(1)))
    return found


def main() -> None:
    """Measure and print, or write to the file that is named."""
    warnings.simplefilter("ignore")
    rows = [f"| {what} | {one:.4f} | {peer:.4f} | {peer / one:.2f} |" for what, one, peer in lines()]
    text = "\n".join(
        [
            "# The estimators beside scikit-learn's",
            "",
            f"{date.today()}, {os.cpu_count()} cores, epoca {epoca.__version__}, scikit-learn {sklearn.__version__}, "
            f"numpy {np.__version__}; medians of {RUNS} runs in turn in one process, all cores for both.",
            "",
            "| what | epoca, s | peer, s | times as fast |",
            "|---|---|---|---|",
            *rows,
            "",
        ]
    )
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(text, encoding="utf-8")
    else:
        print(text)


if __name__ == "__main__":
    main()

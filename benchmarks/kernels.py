"""Every figure of speed that concerns the kernels, side by side with its peers in one run.

    python benchmarks/kernels.py [--only GROUP ...]

Prints a table and, when nothing was left out, writes it to benchmarks/kernels.md. Ours and the peer's run by turns in
one process, on one thread where the figure says so; every number is the median of the turns.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import sklearn
import torch
from sklearn.base import clone
from sklearn.linear_model import Perceptron as PeerPerceptron
from sklearn.linear_model import SGDClassifier
from sklearn.neural_network import MLPClassifier
from threadpoolctl import threadpool_limits

from epoca.learners.feedforward import HEADS, Shape, n_parameters
from epoca.learners.learner import Examples, Learner
from epoca.learners.network import Network
from epoca.learners.neuron import Neuron
from epoca.learners.perceptron import Perceptron
from epoca.learners.population import Population
from epoca.learners.predicting import predictions

HERE = Path(__file__).parent
PENGUINS = HERE.parent / "examples" / "penguins.csv"
TURNS = 15
SGEMMS = 50
# BLAS threads of a peer go on spinning for a while after its last product; idle, this core would fall asleep.
REST = 0.1
NO_SIGNAL = np.zeros(1, np.int64)


class Row(NamedTuple):
    what: str
    ours: str
    peer: str
    ratio: float
    asked: float
    smaller_is_better: bool = False

    @property
    def reached(self) -> bool:
        return self.ratio <= self.asked if self.smaller_is_better else self.ratio >= self.asked


def seconds(work: Callable[[], object]) -> float:
    rested = time.perf_counter() + REST
    while time.perf_counter() < rested:
        pass
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def repeated(work: Callable[[], object], times: int) -> Callable[[], object]:
    return lambda: [work() for _time in range(times)]


def by_turns(*works: Callable[[], object], turns: int = TURNS) -> list[float]:
    """The median seconds of each, one after the other in every turn, the first turn not counted."""
    for work in works:
        work()
    taken = [[seconds(work) for work in works] for _turn in range(turns)]
    return [statistics.median(column) for column in zip(*taken, strict=True)]


@contextmanager
def one_thread() -> Iterator[None]:
    torch.set_num_threads(1)
    with threadpool_limits(1):
        yield


def classes(rows: int, sizes: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    return rng.normal(size=(rows, sizes[0])).astype(np.float32), rng.integers(0, sizes[-1], rows)


def our_epoch(learner: Learner, x: np.ndarray, y: np.ndarray, rate: float) -> Callable[[], object]:
    examples = Examples(x, y.astype(x.dtype), np.ones(y.size, x.dtype))
    rows = np.arange(y.size)
    state = learner.init(rows=rows, seed=(0,))

    def epoch() -> None:
        state.shuffle(rows)
        learner.epoch(state, examples, learning_rate=rate, signals=NO_SIGNAL)

    return epoch


def torch_epoch(sizes: tuple[int, ...], batch: int, x: np.ndarray, y: np.ndarray) -> Callable[[], object]:
    layers: list[torch.nn.Module] = []
    for inputs, outputs in itertools.pairwise(sizes):
        layers += [torch.nn.Linear(inputs, outputs), torch.nn.ReLU()]
    network = torch.nn.Sequential(*layers[:-1])
    adam = torch.optim.Adam(network.parameters(), lr=1e-3, fused=True)
    loss = torch.nn.CrossEntropyLoss()
    given, wanted = torch.from_numpy(x), torch.from_numpy(y)

    def epoch() -> None:
        order = torch.randperm(len(y))
        for first in range(0, len(y), batch):
            rows = order[first : first + batch]
            adam.zero_grad(set_to_none=True)
            loss(network(given[rows]), wanted[rows]).backward()
            adam.step()

    return epoch


def sklearn_epoch(sizes: tuple[int, ...], batch: int, x: np.ndarray, y: np.ndarray) -> Callable[[], object]:
    peer = MLPClassifier(sizes[1:-1], batch_size=batch, alpha=0, max_iter=1, warm_start=True, random_state=0)
    return lambda: peer.fit(x, y)


def networks() -> Iterator[Row]:
    for sizes, batch, rows, epochs, asked in (
        ((20, 64, 32, 3), 64, 20_000, 5, 12.0),
        ((20, 128, 128, 3), 256, 20_000, 5, 2.5),
        ((100, 512, 512, 10), 256, 10_000, 1, 1.2),
    ):
        x, y = classes(rows, sizes)
        network = Network(sizes=sizes, head="softmax", batch_size=batch)
        with one_thread():
            works = (
                our_epoch(network, x, y, 1e-3),
                sklearn_epoch(sizes, batch, x, y),
                torch_epoch(sizes, batch, x, y),
            )
            *of_several, product = by_turns(*(repeated(work, epochs) for work in works), sgemm(batch, max(sizes)))
            ours, theirs, eager = (taken / epochs for taken in of_several)
        name = f"epoch {'→'.join(map(str, sizes))}, batch {batch}, one thread"
        yield Row(f"{name}: scikit-learn", milliseconds(ours), milliseconds(theirs), theirs / ours, asked)
        yield Row(f"{name}: PyTorch eager", milliseconds(ours), milliseconds(eager), eager / ours, asked)
        if max(sizes) == 512:
            multiplied = rows * (6 * n_parameters(sizes) - 2 * sizes[0] * sizes[1])
            rate, peak = multiplied / ours / 1e9, 2 * SGEMMS * batch * 512 * 512 / product / 1e9
            yield Row(f"{name}: share of sgemm", f"{rate:.0f} GFLOP/s", f"{peak:.0f} GFLOP/s", rate / peak, 0.75)


def sgemm(m: int, n: int) -> Callable[[], object]:
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(m, n)).astype(np.float32), rng.normal(size=(n, n)).astype(np.float32)
    out = np.empty((m, n), np.float32)

    def several() -> None:
        for _time in range(SGEMMS):
            np.dot(a, b, out)

    return several


def members() -> Iterator[Row]:
    for sizes, batch, rows, epochs in (
        ((20, 64, 32, 3), 64, 10_000, 20),
        ((20, 128, 128, 3), 256, 10_000, 5),
        ((100, 512, 512, 10), 256, 4_000, 2),
    ):
        x, y = classes(rows, sizes)
        network = Network(sizes=sizes, head="softmax", batch_size=batch)
        examples = Examples(x, y.astype(np.float32), np.ones(rows, np.float32))
        folds = np.array_split(np.arange(rows), 8)
        two, one = (Population(network, examples, folds=folds, seed=0, threads=threads) for threads in (2, 1))
        both, alone, theirs = by_turns(
            *(
                repeated(epoch, epochs)
                for epoch in (
                    partial(two.epoch, learning_rate=1e-3),
                    partial(one.epoch, learning_rate=1e-3),
                    sklearn_epoch(sizes, batch, x, y),
                )
            ),
        )
        name = f"8 members, {'→'.join(map(str, sizes))}, batch {batch}, {epochs} epochs"
        if sizes == (20, 64, 32, 3):
            yield Row(
                f"{name}, two cores: one MLPClassifier", milliseconds(both), milliseconds(theirs), theirs / both, 1.0
            )
        yield Row(f"{name}: two cores against one", milliseconds(both), milliseconds(alone), alone / both, 1.7)


def online() -> Iterator[Row]:
    rng = np.random.default_rng(0)
    n = 1_000_000
    x = rng.normal(size=(n, 20))
    y = (x @ rng.normal(size=20) + rng.normal(size=n) > 0).astype(np.int64)
    options = {"tol": None, "shuffle": True}
    pairs = (
        (
            "neuron",
            Neuron(sizes=(20, 1), head="logistic", dtype=np.float64),
            SGDClassifier(loss="log_loss", learning_rate="constant", eta0=0.01, penalty=None, **options),
            3.0,
        ),
        ("perceptron", Perceptron(sizes=(20, 1), dtype=np.float64), PeerPerceptron(**options), 4.0),
    )
    for name, learner, peer, asked in pairs:
        one, six = clone(peer).set_params(max_iter=1), clone(peer).set_params(max_iter=6)
        works = (our_epoch(learner, x, y, 0.01), lambda one=one: one.fit(x, y), lambda six=six: six.fit(x, y))
        ours, first, all_six = by_turns(*works, turns=5)
        theirs = (all_six - first) / 5  # without what a fit does before its first epoch
        yield Row(
            f"{name}, 1 M × 20 float64, shuffled: scikit-learn",
            f"{ours / n * 1e9:.0f} ns/row",
            f"{theirs / n * 1e9:.0f} ns/row",
            theirs / ours,
            asked,
        )


def inference() -> Iterator[Row]:
    sizes = (20, 64, 32, 3)
    x, y = classes(1_000_000, sizes)
    peer = MLPClassifier(sizes[1:-1], max_iter=1).fit(x[:2000].astype(np.float64), y[:2000])
    parameters = np.concatenate(
        [part.ravel() for weights, bias in zip(peer.coefs_, peer.intercepts_, strict=True) for part in (weights, bias)]
    )
    shape = Shape(np.array(sizes), 0, HEADS["softmax"])
    assert np.allclose(predictions(parameters[np.newaxis], shape, x[:100]), peer.predict_proba(x[:100]), atol=1e-5)
    x = x.astype(np.float64)
    ours, theirs = by_turns(lambda: predictions(parameters[np.newaxis], shape, x), lambda: peer.predict_proba(x))
    yield Row(
        "predict_proba, 1 M × 20, 64,32: scikit-learn", milliseconds(ours), milliseconds(theirs), theirs / ours, 3.0
    )


def start_up() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        environ = {**os.environ, "EPOCA_LANG": "en"}

        def process(*words: str, **more: str) -> Callable[[], object]:
            return lambda: subprocess.run(
                [sys.executable, *words], cwd=folder, env={**environ, **more}, check=True, stdout=subprocess.DEVNULL
            )

        fit = ("-m", "epoca", "fit", str(PENGUINS), "--target", "species")
        scikit = process("-c", "import sklearn.neural_network")
        helped, fitted, imported = by_turns(process("-m", "epoca", "--help"), process(*fit), scikit, turns=7)
        yield Row(
            "epoca --help: import sklearn.neural_network",
            second(helped),
            second(imported),
            helped / imported,
            0.5,
            True,
        )
        training = own_training_seconds(folder, fit)
        yield Row(
            f"epoca fit penguins, warm, less {training:.2f} s of training: the same import",
            second(fitted - training),
            second(imported),
            (fitted - training) / imported,
            1.5,
            True,
        )
        cold = statistics.median(
            seconds(process(*fit, NUMBA_CACHE_DIR=str(Path(folder) / f"cache{turn}"))) for turn in range(3)
        )
        yield Row(
            "first run ever: seconds more than the second", second(cold), second(fitted), cold - fitted, 8.0, True
        )


def own_training_seconds(folder: str, fit: tuple[str, ...]) -> float:
    command = [sys.executable, *fit, "--json"]
    ended = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    return float(json.loads(ended.stdout)["seconds"])


def milliseconds(value: float) -> str:
    return f"{value * 1e3:.1f} ms"


def second(value: float) -> str:
    return f"{value:.2f} s"


GROUPS = {"networks": networks, "members": members, "online": online, "inference": inference, "start-up": start_up}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="+", choices=GROUPS, help="groups to measure; all by default")
    chosen = parser.parse_args().only or list(GROUPS)
    warnings.simplefilter("ignore")  # scikit-learn's on epochs too few to converge
    lines = [
        f"# Kernels, {date.today().isoformat()}",
        "",
        f"Made by `scripts/bench`: Python {sys.version.split()[0]}, NumPy {np.__version__}, scikit-learn "
        f"{sklearn.__version__}, PyTorch {torch.__version__}, {os.cpu_count()} cores, {processor()}.",
        "Ratios above 1 mean that epoca is faster, except where the bound is an upper one.",
        "",
        "| what: peer | epoca | peer | ratio | asked | reached |",
        "|---|---|---|---|---|---|",
    ]
    print("\n".join(lines))
    for name in chosen:
        for row in GROUPS[name]():
            bound = f"{'≤' if row.smaller_is_better else '≥'} {row.asked:g}"
            reached = "yes" if row.reached else "**no**"
            lines.append(f"| {row.what} | {row.ours} | {row.peer} | {row.ratio:.2f} | {bound} | {reached} |")
            print(lines[-1], flush=True)
    if chosen == list(GROUPS):
        (HERE / "kernels.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


def processor() -> str:
    try:
        models = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    except OSError:
        return "processor unknown"
    return models[0].split(":")[1].strip() if models else "processor unknown"


if __name__ == "__main__":
    main()

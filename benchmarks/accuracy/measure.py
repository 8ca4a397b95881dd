"""Fits models on every table and split and keeps what was measured: ``python benchmarks/accuracy/measure.py MODEL …``.

One line of JSON a fit is added to ``--results``; what is there already is not measured again, so that a run can be
interrupted, and models of other environments added. `report.py` makes the table of it.

Every fit runs on exactly as many cores as ``--cores`` says. CatBoost, RealMLP and TabM come from an environment of
their own, in which this script is run too::

    python3 -m venv peers
    peers/bin/pip install torch==2.13.0
    peers/bin/pip install catboost pytabkit pandas
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
import warnings
from datetime import date
from pathlib import Path
from typing import Any


def main() -> None:
    """Measure what is asked for and not yet known."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("models", nargs="+")
    parser.add_argument("--cores", type=int, default=1, help="1 by default")
    parser.add_argument("--core", type=int, default=0, help="the first of them")
    parser.add_argument("--suite", default="main", help='"main", "keel" or "unbalanced"')
    parser.add_argument("--tables", nargs="*", help="all by default")
    parser.add_argument("--splits", type=int, nargs="*", default=range(5), help="all five by default")
    parser.add_argument("--results", type=Path, default=Path(__file__).with_name("results.jsonl"))
    parser.add_argument("--as", dest="name", help="the name under which to keep the one model")
    asked = parser.parse_args()
    os.sched_setaffinity(0, range(asked.core, asked.core + asked.cores))  # before any library counts the cores
    for library in ("OMP", "OPENBLAS", "MKL"):
        os.environ[f"{library}_NUM_THREADS"] = str(asked.cores)
    from tables import tasks

    known = set()
    if asked.results.exists():
        lines = map(json.loads, asked.results.read_text().splitlines())
        known = {(line["model"], line["table"], line["split"], line["cores"]) for line in lines}
    chosen = [task for task in tasks(asked.suite) if not asked.tables or task.name in asked.tables]
    for split in asked.splits:
        for task in chosen:
            for model in asked.models:
                key = (asked.name or model, task.name, split, asked.cores)
                if key in known:
                    continue
                found = {"model": key[0], "table": task.name, "split": split, "cores": asked.cores}
                found |= _measured(model, task, split, asked.cores)
                with asked.results.open("a") as file:
                    file.write(json.dumps(found) + "\n")
                loss = found.get("log_loss", found.get("rmse"))
                print(f"{split} {task.name:16} {key[0]:20} {loss:9.4f}  {found['fit_s']:7.2f} s", flush=True)


def _measured(name: str, task: Any, split: int, cores: int) -> dict[str, object]:
    from measures import measures
    from models import model

    warnings.simplefilter("ignore")  # of peers that have not converged
    inputs, targets = task.inputs, task.targets
    train, test = task.splits()[split]
    fit = model(name, is_regression=task.is_regression)
    began = time.perf_counter()
    predict = fit(inputs.iloc[train].reset_index(drop=True), targets[train], cores)
    fitted = time.perf_counter()
    predicted = predict(inputs.iloc[test].reset_index(drop=True))
    ended = time.perf_counter()
    scores = measures(predicted, targets[test], targets[train])
    return {
        **{measure: round(value, 6) for measure, value in scores.items()},
        "fit_s": round(fitted - began, 3),
        "predict_s": round(ended - fitted, 4),
        "date": date.today().isoformat(),
    }


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    main()

"""Makes one page of what `measure.py` found: ``python benchmarks/accuracy/report.py RESULTS… > accuracy.md``."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from tables import LEFT_OUT

NAMES = {
    "epoca": "epoca",
    "linear": "LogisticRegression",
    "mlp": "MLPClassifier",
    "mlp_early_stopping": "MLPClassifier, early stopping",
    "boosting": "HistGradientBoosting",
    "catboost": "CatBoost",
    "realmlp": "RealMLP-TD",
    "realmlp_ce": "RealMLP-TD, cross-entropy",
    "tabm": "TabM, cross-entropy",
}
ASKED = {"mlp_early_stopping": 0.67, "boosting": 0.80, "realmlp_ce": 0.80, "catboost": 1.00}
OF_NUMBERS = {"linear": "Ridge", "mlp": "MLPRegressor", "mlp_early_stopping": "MLPRegressor, early stopping"}


LEAST = 1e-4
"""Smaller losses count as this in ratios: nobody minds whether it is a hundred or a thousand times as small."""


def main() -> None:
    """Print the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("results", nargs="+", type=Path)
    parser.add_argument("--title", default="How good the predictions are")
    asked = parser.parse_args()
    lines = [json.loads(line) for path in asked.results for line in path.read_text().splitlines()]
    found = pd.DataFrame(lines)
    one_core = found[found["cores"] == 1]
    classes = one_core[one_core["log_loss"].notna()] if "log_loss" in one_core else one_core.iloc[:0]
    numbers = one_core[one_core["rmse"].notna()] if "rmse" in one_core else one_core.iloc[:0]
    print(f"# {asked.title}\n")
    print(f"By `benchmarks/accuracy/measure.py` and `report.py`, {date.today().isoformat()}.\n")
    if len(classes):
        _classes(classes)
    if len(numbers):
        print("\n## Numbers: test RMSE, mean over so many splits\n")
        _losses(numbers, "rmse", OF_NUMBERS)
    _seconds(found)


def _classes(classes: pd.DataFrame) -> None:
    print("\n## Classes: test log-loss, mean over so many splits\n")
    _losses(classes, "log_loss", {})
    common = _common(classes)
    print("\n## Against each peer, over the tables and splits measured of both\n")
    print(
        "Ratio of log-losses: geometric mean over tables of epoca's mean over splits by the peer's, and its standard "
        "error over tables, losses below 0.0001 counted as this; in brackets without the tables left out of all "
        "choices. Accuracy: mean difference, in points, and its standard error over tables.\n"
    )
    rows = []
    for peer in (name for name in NAMES if name != "epoca" and name in common):
        pair = classes.pivot_table(index=["table", "split"], columns="model", values=["log_loss", "accuracy"])
        both = pair[pair["log_loss"][["epoca", peer]].notna().all(axis=1)].groupby("table").mean()
        losses = both["log_loss"].clip(lower=LEAST)
        ratio = np.log(losses["epoca"] / losses[peer])
        gain = 100 * (both["accuracy"]["epoca"] - both["accuracy"][peer])
        inner = ratio.drop([name for name in LEFT_OUT if name in ratio])
        splits = pair["log_loss"][["epoca", peer]].dropna().groupby("table").size()
        rows.append(
            (
                NAMES[peer],
                f"≤ {ASKED[peer]:.2f}" if peer in ASKED else "–",
                f"{np.exp(ratio.mean()):.3f} ± {np.exp(ratio.mean()) * _error(ratio):.3f} ({np.exp(inner.mean()):.3f})",
                f"{(ratio < 0).sum()} of {len(ratio)}",
                f"{gain.mean():+.2f} ± {_error(gain):.2f}",
                f"{splits.min()}-{splits.max()}" if splits.min() < splits.max() else f"{splits.min()}",
            )
        )
    _table(("peer", "asked", "ratio of log-losses", "lower on", "accuracy", "splits"), rows)
    print("\n## Ranks and calibration, tables and splits that all have\n")
    whole = classes[classes["model"].isin(common)]
    per_split = whole.pivot_table(index=["table", "split"], columns="model", values="log_loss").dropna()
    ranks = per_split.groupby("table").mean().rank(axis=1)
    errors = whole.pivot_table(index=["table", "split"], columns="model", values="calibration_error").loc[
        per_split.index
    ]
    above = whole.assign(above=whole["log_loss"] > whole["guessing"]).pivot_table(
        index="table", columns="model", values="above", aggfunc="sum"
    )
    balanced = whole.pivot_table(index=["table", "split"], columns="model", values="balanced_accuracy")
    balanced = balanced.loc[per_split.index]
    ranked = [
        (
            NAMES[name],
            f"{ranks[name].mean():.2f} ± {_error(ranks[name]):.2f}",
            f"{errors[name].groupby('table').mean().mean():.4f}",
            f"{100 * balanced[name].groupby('table').mean().mean():.2f}",
            f"{int(above[name].sum())}",
        )
        for name in sorted(ranks, key=lambda name: ranks[name].mean())
    ]
    _table(("model", "mean rank", "calibration error", "balanced accuracy, %", "fits worse than guessing"), ranked)


def _losses(found: pd.DataFrame, measure: str, names: dict[str, str]) -> None:
    losses = found.pivot_table(index="table", columns="model", values=measure, aggfunc="mean")
    losses["guessing"] = found.groupby("table")["guessing"].mean()
    order = [name for name in [*NAMES, "guessing"] if name in losses]
    splits = found.groupby("model")["split"].nunique()
    titles = [f"{names.get(name, NAMES[name])} ({splits[name]})" if name in splits else name for name in order]
    digits = 4 if measure == "log_loss" else 2
    rows = []
    for table, row in losses[order].iterrows():
        best = row[order[:-1]].min()
        cells = [f"**{v:.{digits}f}**" if v == best else "" if np.isnan(v) else f"{v:.{digits}f}" for v in row]
        rows.append((f"{table}{' (left out)' if table in LEFT_OUT else ''}", *cells))
    _table(("table", *titles), rows)


def _seconds(found: pd.DataFrame) -> None:
    print("\n## Seconds, all tables together\n")
    print("Medians over splits, summed over the tables that all of that line's models have.\n")
    for cores in sorted(found["cores"].unique()):
        some = found[found["cores"] == cores]
        rows = []
        own = some[some["model"] == "epoca"].groupby("table")[["fit_s", "predict_s"]].median()
        for name in (name for name in NAMES if name in set(some["model"])):
            theirs = some[some["model"] == name].groupby("table")[["fit_s", "predict_s"]].median()
            both = theirs.index.intersection(own.index)
            fit, predict = theirs.loc[both].sum()
            own_fit, own_predict = own.loc[both].sum()
            rows.append(
                (
                    NAMES[name],
                    f"{len(both)}",
                    f"{fit:.1f}",
                    f"{own_fit / fit:.2f}",
                    f"{predict:.2f}",
                    f"{own_predict / predict:.2f}",
                )
            )
        print(f"\n{cores} core{'s' if cores > 1 else ''}\n")
        _table(("model", "tables", "fit, s", "epoca's ÷ this", "predict, s", "epoca's ÷ this"), rows)


def _common(found: pd.DataFrame) -> list[str]:
    """Models that have been measured on every table."""
    tables = found["table"].nunique()
    counts = found.groupby("model")["table"].nunique()
    return [str(name) for name in counts.index if counts[name] == tables and name in NAMES]


def _error(values: pd.Series) -> float:
    return float(values.std(ddof=1) / np.sqrt(len(values)))


def _table(titles: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    titles = list(titles)
    print("| " + " | ".join(titles) + " |")
    print("|" + "---|" * len(titles))
    for row in rows:
        print("| " + " | ".join(row) + " |")


if __name__ == "__main__":
    main()

"""How many of scikit-learn's own checks pass, beside its own estimators: ``python benchmarks/checks.py [FILE]``."""

from __future__ import annotations

import os

os.environ["SCIPY_ARRAY_API"] = "1"  # before SciPy is imported; else a check is skipped

import sys
import warnings
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import sklearn
from sklearn.linear_model import Perceptron, SGDClassifier
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.utils import estimator_checks as checks
from sklearn.utils import get_tags

import epoca

EXACT: dict[str, Any] = {"members": 1, "early_stopping": False}
OURS = [
    *(epoca.MLPClassifier(), epoca.MLPRegressor(), epoca.Neuron(), epoca.Perceptron()),
    epoca.MLPClassifier(**EXACT, dtype="float64"),
    epoca.MLPRegressor(**EXACT, dtype="float64"),
    *(epoca.Neuron(**EXACT), epoca.Perceptron(**EXACT)),
]
THEIRS = [MLPClassifier(), MLPRegressor(), SGDClassifier(), Perceptron()]

REASON = "folds, batches or single rows are drawn at random"
WEIGHTS = ("check_sample_weight_equivalence_on_dense_data", "check_sample_weight_equivalence_on_sparse_data")
KEPT_FOR_ITSELF = (checks.check_inplace_ensure_writeable, checks.check_param_validation)


def line(estimator: Any) -> str:
    """What the checks say of one estimator, as a row of the table."""
    results = checks.check_estimator(
        estimator, expected_failed_checks=dict.fromkeys(WEIGHTS, REASON), on_skip=None, on_fail=None
    )
    counted = Counter(result["status"] for result in results)
    failed = [result["check_name"] for result in results if result["status"] == "failed"]
    for check in KEPT_FOR_ITSELF:
        try:
            check(type(estimator).__name__, estimator)
        except Exception:
            failed.append(check.__name__)
    tags = get_tags(estimator)
    loosened = tags.no_validation or tags.non_deterministic or tags._skip_test
    loosened = loosened or bool(tags.classifier_tags and tags.classifier_tags.poor_score)
    room = type(estimator).__module__.split(".")[0]
    cells = (
        f"{room} {estimator!r}",
        len(results),
        counted["passed"],
        counted["failed"],
        counted["skipped"],
        counted["xfail"],
        "set" if loosened else "none",
        len(KEPT_FOR_ITSELF),
        ", ".join(failed) or "–",
    )
    return f"| {' | '.join(map(str, cells))} |"


def main() -> None:
    """Check and print, or write to the file that is named."""
    warnings.simplefilter("ignore")
    numbers = ["yielded", "passed", "failed", "skipped", "expected failures", "loosening tags", "more checks"]
    head = ["estimator", *numbers, "failed"]
    text = "\n".join(
        [
            "# scikit-learn's checks",
            "",
            f"{date.today()}, scikit-learn {sklearn.__version__}, epoca {epoca.__version__}. Expected failures:",
            f"weights against repetition, where {REASON}. More:",
            f"{' and '.join(check.__name__ for check in KEPT_FOR_ITSELF)}, which scikit-learn keeps for itself; not",
            "check_dataframe_column_names_consistency, which wants reordered columns refused: ours are found by name.",
            "",
            f"| {' | '.join(head)} |",
            "|---" * len(head) + "|",
            *map(line, OURS + THEIRS),
            "",
        ]
    )
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(text, encoding="utf-8")
    else:
        print(text)


if __name__ == "__main__":
    main()

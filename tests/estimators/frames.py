"""Rows of every kind of column, for estimators and exports."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray


def every_kind(n: int, *, seed: int = 0, with_new: bool = False) -> pd.DataFrame:
    """Numbers, texts, truth values and dates, with gaps; `with_new` adds values that are in no other frame."""
    rng = np.random.default_rng(seed)

    def gaps(values: Any) -> pd.Series:
        return pd.Series(values).where(pd.Series(rng.random(n) < 0.8))

    start = pd.Timestamp("2019-01-01")
    return pd.DataFrame(
        {
            "number": rng.normal(size=n) * 10,
            "number with gaps": gaps(rng.normal(size=n)),
            "whole": rng.integers(0, 100, n),
            "two": rng.choice([3, 7], n),
            "two with gaps": gaps(rng.choice([3.0, 7.0], n)),
            "truth": rng.random(n) < 0.5,
            "truth with gaps": gaps(rng.random(n) < 0.5).astype("boolean"),
            "yes or no": rng.choice(["yes", "no"], n),
            "yes, no or nothing": rng.choice(["ja", "nein", "", "NA"], n),
            "colour": rng.choice(["red", "blue", "green", "a+b (c)", *(["new", " red "] if with_new else [])], n),
            "colour with gaps": rng.choice(["x", "y", "z", "", "?", *(["new"] if with_new else [])], n),
            "many": rng.choice([f"c{i}" for i in range(60)], n),
            "there or not": np.where(rng.random(n) < 0.5, "only", None),
            "spelled": rng.choice(["True", "False", "TRUE"], n),
            "moment": start + pd.to_timedelta(rng.integers(0, 1000 * 86_400, n), unit="s"),
            "day with gaps": gaps(start + pd.to_timedelta(rng.integers(0, 1000, n), unit="D")),
            "constant": 1.0,
            "category": pd.Categorical(rng.choice(["low", "high", "middle"], n)),
        }
    )


def three_labels(frame: pd.DataFrame) -> NDArray[Any]:
    """Labels that hang on some of the columns of `every_kind`."""
    high = frame["number"] + frame["whole"] / 10 + 3 * (frame["colour"] == "red") > 5
    return np.where(high, "high", np.where(frame["two"] > 3, "middle", "low"))

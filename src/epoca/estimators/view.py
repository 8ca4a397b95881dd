"""What notebooks show of a fitted estimator."""

from __future__ import annotations

from epoca.model import Model


def view(model: Model, *, title: str) -> str:
    """X."""
    return title + str(model)

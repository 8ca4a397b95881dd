"""What the members are shown of a problem: encoded rows, their targets and weights, and who holds out which."""

from __future__ import annotations

import hashlib
from typing import final

import numpy as np

from epoca.errors import OptionError
from epoca.learners.learner import Examples, examples
from epoca.problem import Problem
from epoca.settings import Settings
from epoca.tables.encoder import AnyTable, Encoder, content, encoded, head, together
from epoca.tables.splitting import folds
from epoca.tables.target import Target
from epoca.types import Codes, Numbers, Rectangle, Rows

NOTHING: Rows = np.empty(0, np.int64)


@final
class Material:
    """The training rows of a problem as members see them.

    Parameters
    ----------
    problem : Problem
        All rows, test rows included.
    settings : Settings
        Resolved.
    columns : Columns or SparseColumns
        How to encode them.
    target : Target
        With the scale of the training rows.
    rows : ndarray of int64
        The training rows.
    dtype : type
        The learner's.

    Attributes
    ----------
    matrix : ndarray or SparseMatrix, (n, d)
        The training rows.
    targets : ndarray of float64, (n,)
        Their codes, or standardised numbers.
    examples : Examples
        The training rows and, behind them, those given to be held out.
    held_out : list of ndarray of int64
        The rows each member holds out, by their places among the examples.
    together : ndarray of int64 or None
        Rows of equal number are no independent witnesses.
    """

    def __init__(
        self,
        problem: Problem,
        *,
        settings: Settings,
        columns: Encoder,
        target: Target,
        rows: Rows,
        dtype: type[np.floating],
    ) -> None:
        self._settings = settings
        self._columns = columns
        self._target = target
        self._dtype = dtype
        self.n_rows = rows.size
        self.matrix = self.encoded(problem.table, rows)
        self.targets = self.learned(problem.targets[rows])
        groups = None if problem.groups is None else problem.groups[rows]
        validation = problem.validation if settings.early_stopping else None
        self.held_out = self._held_out(groups, 0 if validation is None else validation.targets.size)
        weights = None if problem.weights is None else problem.weights[rows]
        self.examples = self._examples(weights, validation)
        self.together = groups
        if groups is not None and validation is not None:
            self.together = np.concatenate([groups, groups.max() + 1 + np.arange(validation.targets.size)])

    @property
    def is_regression(self) -> bool:
        """Whether numbers are learned."""
        return self._target.task == "regression"

    @property
    def training_examples(self) -> Examples:
        """The training rows alone."""
        shown = self.examples
        return Examples(head(shown.matrix, self.n_rows), shown.targets[: self.n_rows], shown.weights[: self.n_rows])

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the rows, encoded, with targets and weights, and of who holds out which."""
        digest = hashlib.sha256(content(self.examples.matrix))
        together = NOTHING if self.together is None else self.together
        for part in (self.examples.targets, self.examples.weights, *self.held_out, together):
            digest.update(np.ascontiguousarray(part).tobytes())
        return digest.hexdigest()

    def encoded(self, table: AnyTable, rows: Rows | None = None) -> Rectangle:
        """Rows of a table as the members see them."""
        return encoded(self._columns, table, dtype=self._dtype, rows=rows)

    @property
    def class_shares(self) -> Numbers:
        """(c,): of the rows learned from, by their weights."""
        weights = self.examples.weights[: self.n_rows].astype(np.float64)
        shares = np.bincount(self.targets.astype(np.int64), weights, minlength=len(self._target.labels))
        return np.asarray(shares / shares.sum())

    def guessing_losses(self) -> Numbers:
        """(rows of the examples,): the loss of always guessing the shares of the classes, or the mean, row by row."""
        targets = self.examples.targets.astype(np.float64)
        if self.is_regression:
            return np.asarray(0.5 * targets**2)
        shares = self.class_shares
        codes = targets.astype(np.int64)
        if self._settings.model == "perceptron":  # whose loss is a mistake
            return np.asarray(codes != shares.argmax(), np.float64)
        return -self._log_shares[codes]

    def guessing_scores(self) -> Numbers:
        """(outputs,): of always guessing the shares of the classes, or the mean."""
        if self.is_regression:
            return np.zeros(1)
        scores = self._log_shares
        return scores[1:] - scores[:1] if scores.size == 2 else scores

    @property
    def _log_shares(self) -> Numbers:
        """(c,): of the classes' shares; finite."""
        return np.asarray(np.log(np.maximum(self.class_shares, np.finfo(np.float64).tiny)))

    def learned(self, targets: Codes | Numbers) -> Numbers:
        """What learners are shown of the targets."""
        numbers = targets.astype(np.float64)
        return self._target.standardised(numbers) if self.is_regression else numbers

    def _held_out(self, groups: Codes | None, n_validation: int) -> list[Rows]:
        settings, n = self._settings, self.n_rows
        assert settings.members is not None
        members = settings.members * settings.repeats
        if not settings.early_stopping:
            return [NOTHING] * members
        if n_validation:
            return [np.arange(n, n + n_validation)] * members
        parts = folds(
            None if self.is_regression else self.targets.astype(np.int64),
            n_rows=n,
            n_folds=min(max(settings.members, 2), n),
            seed=settings.seed,
            groups=groups,
        )
        return [parts[member % settings.members % len(parts)] for member in range(members)]

    def _examples(self, weights: Numbers | None, validation: Problem | None) -> Examples:
        shown = [(self.matrix, self.targets, weights)]
        if validation is not None:
            shown.append((self.encoded(validation.table), self.learned(validation.targets), validation.weights))
        mean_1 = [np.ones(targets.size) if count is None else count / count.mean() for _, targets, count in shown]
        return examples(
            together([matrix for matrix, _, _ in shown]),
            np.concatenate([targets for _, targets, _ in shown]),
            dtype=self._dtype,
            row_weights=np.concatenate(mean_1),
            class_weights=self._class_weights(mean_1[0]),
        )

    def _class_weights(self, weights: Numbers) -> Numbers | None:
        asked = self._settings.class_weight
        if asked is None or self.is_regression:
            return None
        classes = len(self._target.labels)
        if asked == "balanced":
            held = np.bincount(self.targets.astype(np.int64), weights, minlength=classes)
            held[held == 0] = np.inf  # a rare class need not be among the rows of a race
            return np.asarray(weights.sum() / (classes * held))
        if len(asked) != classes:
            raise OptionError(
                "{n} class weights are given for {classes} classes; give one for each.", n=len(asked), classes=classes
            )
        return np.array(asked, np.float64)

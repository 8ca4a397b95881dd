"""Which of several models is better: the one that gives what happened the larger probability."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, final

import numpy as np
from numpy.typing import NDArray

from epoca.locales import Language
from epoca.messages import Message
from epoca.scores import Score, score_happened
from epoca.telling import comparison_table
from epoca.types import Codes, Numbers

BASELINE = Message("the class shares of these rows")
"""Name of the guess that gives every row the shares of the classes among these very rows."""

Name: TypeAlias = str | Message
"""Of a model, or `BASELINE`."""


@final
@dataclass(frozen=True, kw_only=True)
class Entrant:
    """One of the models compared, on the same n rows as the others.

    Parameters
    ----------
    name : str or Message
        As it is called.
    score : Score
        Cross-entropy and accuracy with their standard errors.
    log_likelihood, log_likelihood_error : float
        Sum over the rows of the logarithm of the probability of what happened, and its standard error.
    likelihood : float or None
        The plain product of these probabilities; None where no float can hold it.
    """

    name: Name
    score: Score
    log_likelihood: float
    log_likelihood_error: float
    likelihood: float | None

    @property
    def bits_per_row(self) -> float:
        """Cross-entropy in bits: what it costs to be told what happened, by a code made for the model's guesses."""
        assert self.score.log_loss is not None
        return self.score.log_loss / math.log(2)

    @property
    def bits_per_row_error(self) -> float | None:
        """Its standard error; None for a single row."""
        return None if self.score.log_loss_error is None else self.score.log_loss_error / math.log(2)


@final
@dataclass(frozen=True, kw_only=True)
class Difference:
    """By how much one model beats another, row by row.

    Parameters
    ----------
    better, worse : str or Message
        Names; `better` has the larger log-likelihood.
    log_likelihood : float
        By how much larger.
    low, high : float
        95 % interval of it, by Student's t of the rows' differences.
    """

    better: Name
    worse: Name
    log_likelihood: float
    low: float
    high: float

    @property
    def is_certain(self) -> bool:
        """Whether the interval leaves 0 out."""
        return self.low > 0

    @property
    def sentence(self) -> Message:
        """Which is better, or that the rows cannot tell."""
        values = {"better": self.better, "worse": self.worse, "by": self.log_likelihood}
        values |= {"low": self.low, "high": self.high}
        if self.is_certain:
            return Message(
                "{better} is better than {worse}: its log-likelihood is larger by {by} (95% interval {low} to {high}).",
                **values,
            )
        return Message(
            "These rows cannot tell {better} from {worse}: the log-likelihoods differ by {by} (95% interval {low} to "
            "{high}).",
            **values,
        )


@final
@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Several models on the same rows.

    Parameters
    ----------
    rows : int
        n.
    entrants : tuple of Entrant
        The best first; among them `BASELINE`, which guesses by the shares of the classes in these rows.
    differences : tuple of Difference
        Between the best model and every other, and between every model and `BASELINE`.
    notes : tuple of Message
        What makes the comparison doubtful.
    """

    rows: int
    entrants: tuple[Entrant, ...]
    differences: tuple[Difference, ...]
    notes: tuple[Message, ...] = ()

    def __str__(self) -> str:
        language = Language.of_environment()
        table = comparison_table(self, language)
        widths = [max(map(len, column)) for column in zip(*table, strict=True)]
        lines = [
            "  ".join(
                [f"{title:<{widths[0]}}", *(f"{text:>{width}}" for text, width in zip(texts, widths[1:], strict=True))]
            )
            for title, *texts in table
        ]
        sentences = [self.heading, *(difference.sentence for difference in self.differences), *self.notes]
        heading, *rest = map(language.say, sentences)
        return "\n".join([heading, *lines, *rest])

    @property
    def heading(self) -> Message:
        """On how many rows."""
        return Message("Measured on {rows} rows:", rows=self.rows)

    def to_json(self) -> dict[str, Any]:
        """Everything as plain values."""
        return {
            "rows": self.rows,
            "models": [
                {
                    "name": str(entrant.name),
                    "log_likelihood": entrant.log_likelihood,
                    "log_likelihood_error": entrant.log_likelihood_error,
                    "likelihood": entrant.likelihood,
                    "bits_per_row": entrant.bits_per_row,
                    "bits_per_row_error": entrant.bits_per_row_error,
                    **entrant.score.to_json(),
                }
                for entrant in self.entrants
            ],
            "differences": [
                {
                    "better": str(difference.better),
                    "worse": str(difference.worse),
                    "log_likelihood": difference.log_likelihood,
                    "low": difference.low,
                    "high": difference.high,
                }
                for difference in self.differences
            ],
            "notes": [str(note) for note in self.notes],
        }


def comparison(
    guesses: Mapping[str, tuple[Numbers, NDArray[np.bool_]]], codes: Codes, *, notes: Sequence[Message] = ()
) -> Comparison:
    """Compare models by what they said of the same rows.

    Parameters
    ----------
    guesses : mapping of str to pair of ndarray, (n,)
        By name the probability that the model gave to what happened, and whether its label was right.
    codes : ndarray of int64, (n,)
        What happened, by which the class shares are counted.
    notes : sequence of Message
        To go with it.

    Returns
    -------
    Comparison

    Examples
    --------
    >>> sure, unsure = np.array([0.9, 0.8, 0.9, 0.7]), np.array([0.6, 0.5, 0.6, 0.5])
    >>> right = np.ones(4, bool)
    >>> print(comparison({"a": (unsure, right), "b": (sure, right)}, np.array([0, 1, 0, 1])).differences[0].sentence)
    b is better than a: its log-likelihood is larger by 1.617 (95% interval 1.27 to 1.964).
    """
    shares = np.bincount(codes) / codes.size
    logarithms: dict[Name, Numbers] = {}
    entrants: list[Entrant] = []
    guessed: dict[Name, tuple[Numbers, NDArray[np.bool_]]] = dict(guesses.items())
    guessed[BASELINE] = shares[codes], codes == shares.argmax()
    for name, (happened, right) in guessed.items():
        logarithms[name] = np.log(np.maximum(happened, np.finfo(np.float64).tiny))
        entrants.append(_entrant(name, logarithms[name], happened, right))
    entrants.sort(key=lambda entrant: -entrant.log_likelihood)
    ranked = [entrant.name for entrant in entrants]
    best = next(name for name in ranked if name is not BASELINE)
    asked = [pair for pair in itertools.combinations(ranked, 2) if best in pair or BASELINE in pair]
    differences = [_difference(one, other, logarithms[one] - logarithms[other]) for one, other in asked]
    return Comparison(rows=codes.size, entrants=tuple(entrants), differences=tuple(differences), notes=tuple(notes))


def _entrant(name: Name, logarithms: Numbers, happened: Numbers, right: NDArray[np.bool_]) -> Entrant:
    total = float(logarithms.sum())
    spread = float(logarithms.std(ddof=1)) if logarithms.size > 1 else math.nan
    product = float(np.prod(happened))
    return Entrant(
        name=name,
        score=score_happened(happened, right),
        log_likelihood=total,
        log_likelihood_error=spread * math.sqrt(logarithms.size),
        likelihood=product if product >= np.finfo(np.float64).tiny else None,
    )


def _difference(better: Name, worse: Name, differences: Numbers) -> Difference:
    from scipy.special import stdtrit

    n = differences.size
    total = float(differences.sum())
    error = float(differences.std(ddof=1)) * math.sqrt(n) if n > 1 else math.inf
    reach = float(stdtrit(n - 1, 0.975)) * error if n > 1 else math.inf
    return Difference(better=better, worse=worse, log_likelihood=total, low=total - reach, high=total + reach)

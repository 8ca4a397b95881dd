"""What is told of a model, in the same words on the screen and in notebooks."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from epoca.learners.population import HELD_OUT
from epoca.messages import Message
from epoca.tables.encodings.encoding import ColumnKind
from epoca.tables.values import listed
from epoca.training.carrying import Carrying
from epoca.training.stop import StopReason
from epoca.training.verdict_kind import VerdictKind

if TYPE_CHECKING:
    from epoca.comparing import Comparison
    from epoca.locales import Language
    from epoca.model import Model
    from epoca.scores import Score
    from epoca.tables.columns import ColumnAccount

_KINDS = {
    ColumnKind.NUMBER: Message("number"),
    ColumnKind.CATEGORY: Message("category"),
    ColumnKind.YES_NO: Message("yes/no"),
    ColumnKind.DATE: Message("date"),
    ColumnKind.CONSTANT: Message("constant"),
    ColumnKind.IDENTIFIER: Message("identifier"),
    ColumnKind.TEXT: Message("text"),
    ColumnKind.LEFT_OUT: Message("left out"),
}

_ABOUT = {
    "train": (Message("training"), Message("learned from; by all members")),
    "held_out": (
        Message("held out"),
        Message("by the members that held the row out, each at its best epoch, which these rows chose"),
    ),
    "test": (Message("test"), Message("used for no choice; by all members")),
    "guessing": (
        Message("guessing"),
        Message("always the class shares, or the mean, of the training rows; on the rows of the line above"),
    ),
    "table": (Message("table"), None),
}


def outcome_of(model: Model) -> list[Message]:
    """The ideal epoch with the spread of the members' own, and why training ended, with the remedy."""
    if not model.history:
        return [model.stop.sentence, model.stop.remedy]
    spread = model.best_epoch_spread
    told = [_ideal_epoch_of(model), spread and spread.sentence, _end_of(model), doubt_of(model)]
    return [message for message in told if message is not None]


def verdict_of(model: Model) -> tuple[Message, list[Message], Message] | None:
    """The verdict, its reasons, and what to do next; None where there was no training."""
    if not model.history:
        return None
    found = model.verdict
    return found.headline, list(found.reasons), found.advice


def _ideal_epoch_of(model: Model) -> Message:
    """The ideal epoch, with those that are as good."""
    best, as_good = model.best_epoch, model.best_epoch_range
    if best is None or as_good is None:
        return Message("Ideal epoch: unknown, since no rows were held out.")
    values = {
        "best": best,
        "members": len(model.history[0].findings.held_out_loss),
        "what": Message("held-out loss") if model.watches == HELD_OUT else Message("refined held-out loss"),
        "loss": float(model.history.curve(model.watches)[best - 1]),
        "rows": int(model.data["clues"]["held_out_rows"]) if "clues" in model.data else 0,
    }
    if model.is_open_ended:
        ahead = model.forecast
        told = Message("Ideal epoch: at least {best} (mean {what} of {members} members: {loss}).", **values)
        is_falling = ahead is not None and -ahead.slope > 2 * ahead.slope_error
        return Message("{told} {ahead}", told=told, ahead=ahead.sentence) if ahead and is_falling else told
    if as_good == (best, best):
        return Message("Ideal epoch: {best} (least mean {what} of {members} members: {loss}).", **values)
    if as_good[1] == len(model.history) > best:
        return Message(
            "Ideal epoch: {best}; anything from {first} to {last}, the last one trained, is as good on these {rows} "
            "rows (least mean {what} of {members} members: {loss}).",
            first=as_good[0],
            last=as_good[1],
            **values,
        )
    return Message(
        "Ideal epoch: {best}; anything from {first} to {last} is as good on these {rows} rows (least mean {what} of "
        "{members} members: {loss}).",
        first=as_good[0],
        last=as_good[1],
        **values,
    )


def doubt_of(model: Model) -> Message | None:
    """That predictions are drawn towards guessing, if they are."""
    if model.trust == 1:
        return None
    if model.trust == 0:
        return Message(
            "The held-out rows do not show that this is better than guessing, so guessing is what it predicts: the "
            "shares of the classes, or the mean."
        )
    return Message(
        "The held-out rows hardly show that this is better than guessing, so its predictions are drawn towards "
        "guessing by {percent}%.",
        percent=min(max(round(100 * (1 - model.trust)), 1), 99),
    )


def _end_of(model: Model) -> Message:
    """Why training ended, and what to do if something else was wanted."""
    told = Message("Stopped after {epochs} epochs. {part}", epochs=len(model.history), part=model.stop.sentence)
    if len(model.history) == 1:
        told = Message("Stopped after one epoch. {part}", part=model.stop.sentence)
    is_cut = model.stop.reason in {StopReason.LIMIT, StopReason.DEADLINE}
    if not is_cut or model.best_epoch is None or model.verdict.kind is VerdictKind.TOO_SHORT:  # else it speaks of that
        told = Message("{told} {part}", told=told, part=model.stop.remedy)
    carried = model.data.get("refitted")
    if carried is None and model.settings.get("refit"):
        return Message(
            "{told} New members on all training rows were asked for, but their training was cut short; the model is "
            "that of the members before.",
            told=told,
        )
    if carried is None:
        return told
    return Message("{told} {carried}", told=told, carried=Carrying.from_json(carried).sentence)


def learner_name(model: str, sizes: Iterable[int]) -> Message:
    """What learns, with the sizes of its layers."""
    layers = "→".join(str(size) for size in sizes)
    return {
        "neuron": Message("neuron {sizes}", sizes=layers),
        "perceptron": Message("perceptron {sizes}", sizes=layers),
    }.get(model, Message("network {sizes}", sizes=layers))


def in_words(value: object, language: Language) -> str:
    """A setting's or a cell's value."""
    if isinstance(value, bool):
        return language.say(Message("yes") if value else Message("no"))
    if isinstance(value, int | float):
        return language.number(value)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(in_words(part, language) for part in value) or "–"
    return str(value)


def columns_table(accounts: Iterable[ColumnAccount], language: Language) -> tuple[list[str], list[list[str]]]:
    """What became of every column, in words.

    Parameters
    ----------
    accounts : iterable of ColumnAccount
        Of the columns.
    language : Language
        To say it in.

    Returns
    -------
    headings : list of str
        Of five columns: name, kind, inputs, missing values, a remark.
    lines : list of list of str
        One a column.
    """
    asked = (Message("column"), Message("kind"), Message("inputs"), Message("missing"), Message("what became of it"))
    lines = [
        [
            account.name,
            language.say(_KINDS[account.kind]),
            language.number(account.outputs),
            language.number(account.missing),
            language.say(account.note),
        ]
        for account in accounts
    ]
    return [language.say(heading) for heading in asked], lines


def times_scored(model: Model) -> Message | None:
    """A word on how often the test rows were scored, from the second time on."""
    times = int(model.data.get("test_scored", 0))
    if times < 2:
        return None
    return Message(
        "The test rows have now been scored {times} times; whoever chooses by them knows less each time. Set other "
        "rows aside for the last word.",
        times=times,
    )


def never_predicted(model: Model) -> Message | None:
    """A word on the classes that no held-out row was taken for, though some are of them."""
    labels = model.data.get("never_predicted")
    if not isinstance(labels, list) or not labels or model.trust == 0:
        return None
    classes = listed([str(label) for label in labels])
    if model.form.head == "step":
        return Message("Never predicted: {classes}. Accuracy hides that.", classes=classes)
    return Message(
        "Never predicted: {classes}. Accuracy hides that; look at the probabilities instead (--proba, predict_proba).",
        classes=classes,
    )


def score_table(scores: Mapping[str, Score], language: Language) -> tuple[list[str], list[list[str]]]:
    """Every score with the rows behind it and its standard error, in words.

    Parameters
    ----------
    scores : mapping of str to Score
        By "train", "held_out", "test", "guessing" or "table".
    language : Language
        To say it in.

    Returns
    -------
    headings : list of str
        Of the columns.
    lines : list of list of str
        One a score: whose it is, rows, figures, a remark.
    """
    of_numbers = any(score.rmse is not None for score in scores.values())
    of_classes = [language.say(Message("cross-entropy")), language.say(Message("accuracy"))]
    figures = ["RMSE", "MAE", "R²"] if of_numbers else of_classes
    lines = []
    for name, (title, note) in _ABOUT.items():
        if name not in scores:
            continue
        score = scores[name]
        if of_numbers:
            told = [
                with_error(score.rmse, score.rmse_error, language),
                with_error(score.mae, score.mae_error, language),
                with_error(score.r2, score.r2_error, language),
            ]
        else:
            told = [
                with_error(score.log_loss, score.log_loss_error, language),
                share(score.accuracy, score.accuracy_error, language),
            ]
        lines.append([language.say(title), language.number(score.rows), *told, language.say(note) if note else ""])
        fairer = score.rmse_corrected if of_numbers else score.log_loss_corrected
        if fairer is not None:
            error = score.rmse_error if of_numbers else score.log_loss_error
            rest = ["–"] * (len(told) - 1)
            corrected = [
                language.say(Message("… corrected")),
                language.number(score.rows),
                with_error(fairer, error, language),
            ]
            lines.append([*corrected, *rest, language.say(Message("for the epochs having been chosen by these rows"))])
    return ["", language.say(Message("rows")), *figures, ""], lines


def comparison_table(found: Comparison, language: Language) -> list[list[str]]:
    """The figures of models compared, each with its standard error, in words.

    Parameters
    ----------
    found : Comparison
        What to tell.
    language : Language
        To say it in.

    Returns
    -------
    list of list of str
        The models' names, then a line for each figure; the first of every line says what it is.
    """
    entrants = found.entrants
    names = [
        language.say(Message("class shares")) if isinstance(entrant.name, Message) else entrant.name
        for entrant in entrants
    ]
    figures = {
        Message("log-likelihood"): [
            with_error(entrant.log_likelihood, entrant.log_likelihood_error, language) for entrant in entrants
        ],
        Message("cross-entropy"): [
            with_error(entrant.score.log_loss, entrant.score.log_loss_error, language) for entrant in entrants
        ],
        Message("bits per row"): [
            with_error(entrant.bits_per_row, entrant.bits_per_row_error, language) for entrant in entrants
        ],
        Message("accuracy"): [
            share(entrant.score.accuracy, entrant.score.accuracy_error, language) for entrant in entrants
        ],
        Message("product"): [
            "–" if entrant.likelihood is None else language.number(entrant.likelihood) for entrant in entrants
        ],
    }
    return [["", *names], *([language.say(title), *texts] for title, texts in figures.items())]


def with_error(value: float | None, error: float | None, language: Language) -> str:
    """A figure and its standard error; a dash for none."""
    if value is None:
        return "–"
    return language.number(value) if error is None else language.with_error(value, error)


def share(value: float | None, error: float | None, language: Language) -> str:
    """A share in per cent and its standard error; a dash for none."""
    if value is None or error is None:
        return "–"
    decimals = 1 if error <= 0 else max(1, math.ceil(-math.log10(100 * error)))  # as many as tell it from 0
    return f"{language.percent(value, decimals=decimals)} ± {language.percent(error, decimals=decimals)}"

"""What the model predicts, on rows whose target is known."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from epoca.comparing import comparison
from epoca.messages import Message
from epoca.plots import confusion_matrix, decision_maps, predictions, reliability_curve
from epoca.report.figures import Narrow, figure
from epoca.report.markup import Section, paragraph, table, text
from epoca.report.measured import Measured, some_rows
from epoca.report.subject import Subject
from epoca.report.telling_columns import rows_near, two_telling_columns
from epoca.telling import comparison_table, score_table

_MOST_WITH_SHARES = 4
"""Classes up to which a telephone has room for shares too."""


def on_table(subject: Subject, measured: Measured) -> Section:
    """Right and wrong, sure and unsure, and where."""
    model, say = subject.model, subject.say
    parts = [paragraph(say(*measured.told), kind="lead")]
    if measured.problem is None:
        headings, lines = score_table({"table": measured.score(model)}, subject.voice.language)
        parts.append(table(headings, lines, name=say(Message("Scores"))))
    language = subject.voice.language
    if subject.is_regression:
        drawn = predictions(model, measured.table, language=language)
        parts.append(figure(subject, drawn, name="predictions"))
    else:
        drawn = confusion_matrix(model, measured.table, language=language)
        parts.append(figure(subject, drawn, name="confusion", narrow=_counts_alone(drawn)))
        parts.append(_probabilities(subject, measured))
    parts.append(_maps(subject, measured))
    return Section(id="predictions-section", title=say(Message("What it predicts")), body="".join(parts))


def _counts_alone(drawn: go.Figure) -> Narrow:
    """Without the shares below the counts, for which the cells of many classes are too narrow on a telephone."""
    counts = [words.split("<br>")[0] for words in drawn.data[1].text]
    return Narrow(traces={1: {"text": counts}} if len(counts) > _MOST_WITH_SHARES**2 else {})


def _probabilities(subject: Subject, measured: Measured) -> str:
    model, say = subject.model, subject.say
    if model.form.head == "step":
        return paragraph(
            say(Message("A perceptron gives labels without probabilities; train a neuron or a network for these."))
        )
    drawn = reliability_curve(model, measured.table, language=subject.voice.language)
    return figure(subject, drawn, name="reliability") + _against_guessing(subject, measured)


def _against_guessing(subject: Subject, measured: Measured) -> str:
    """How much more probable the model holds what happened than guessing does."""
    model, say = subject.model, subject.say
    outputs, codes = model.outputs(measured.matrix), measured.targets.astype(np.int64)
    guesses = {say(Message("the model")): (outputs[np.arange(codes.size), codes], outputs.argmax(axis=1) == codes)}
    found = comparison(guesses, codes)
    headings, *lines = comparison_table(found, subject.voice.language)
    title = say(Message("The likelihood against guessing"))
    return (
        f"<h3>{text(title)}</h3>"
        + paragraph(
            say(
                Message(
                    "Of two models the better one gives what happened the larger probability. Guessing gives every row "
                    "the shares of the classes among these rows."
                )
            )
        )
        + table(headings, lines, name=title)
        + "".join(paragraph(_capitalised(say(difference.sentence))) for difference in found.differences)
    )


def _capitalised(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def _maps(subject: Subject, measured: Measured) -> str:
    """The plane of the two most telling columns, at the ideal epoch beside the last one."""
    model, say = subject.model, subject.say
    columns = two_telling_columns(model, measured)
    if columns is None:
        return ""
    models = [("", model)]
    best, last = model.best_epoch, len(model.history)
    if best is not None and best < last and model.checkpoint is not None:
        models = [
            (say(Message("ideal epoch: {best}", best=best)), model),
            (say(Message("last epoch: {last}", last=last)), model.at_last_epoch()),
        ]
    near = rows_near(model, measured, columns)
    brought = measured.table if near is None else some_rows(measured.table, near)
    drawn = decision_maps(models, columns=columns, table=brought, language=subject.voice.language)
    told = Message(
        'Of the columns that make a plane, "{one}" and "{other}" tell the model most: to shuffle them makes its '
        "predictions worst.",
        one=columns[0],
        other=columns[1],
    )
    shown = paragraph(say(told)) if len(model.columns.accounts) > 2 else ""
    if near is not None:
        shown += paragraph(say(Message("The map leaves out the farthest hundredth of the rows at either end of both.")))
    narrow = Narrow(layout=_STACKED if len(models) > 1 else {})
    return shown + figure(subject, drawn, name="map", narrow=narrow, above=34 if len(models) > 1 else 16)


_STACKED = {
    "xaxis.domain": [0, 1],
    "yaxis.domain": [0.56, 1],
    "xaxis2.domain": [0, 1],
    "yaxis2.domain": [0, 0.44],
    "xaxis2.anchor": "y2",
    "yaxis2.anchor": "x2",
    "yaxis2.showticklabels": True,
    "annotations[0].x": 0.5,
    "annotations[1].x": 0.5,
    "annotations[1].y": 0.44,
    "height": 820,
}
"""Two maps above each other."""

"""What the late epochs learned by heart, row by row."""

from __future__ import annotations

from epoca.errors import OptionError
from epoca.messages import Message
from epoca.report.markup import Section, paragraph, table
from epoca.report.measured import Measured
from epoca.report.subject import Subject
from epoca.studies.memorised import Memorised, MemorisedRow, memorised

_MOST_ROWS, _MOST_COLUMNS = 12, 7


def late_epochs(subject: Subject, measured: Measured) -> Section:
    """The rows that the epochs after the ideal one learned by heart, or why they cannot be told."""
    say = subject.say
    body = paragraph(say(_NOT_KNOWN))
    if measured.problem is not None:
        try:
            body = _rows(subject, memorised(subject.model, measured.problem))
        except OptionError as error:  # no rows were held out, or the last epoch was not kept
            body = paragraph(say(error.message))
    return Section(id="by-heart", title=say(Message("What the late epochs learned by heart")), body=body)


_NOT_KNOWN = Message(
    "Which rows the late epochs learned by heart can only be told with the table that the model was trained on."
)


def _rows(subject: Subject, found: Memorised) -> str:
    say = subject.say
    told = paragraph(say(found.sentence), kind="lead")
    shown = found.rows[:_MOST_ROWS]
    if not shown:
        return told
    names = list(shown[0].values)[:_MOST_COLUMNS]
    headings = [
        *map(say, (Message("row"), Message("what happened"), Message("predicted"))),
        *map(say, (Message("training loss"), Message("held-out loss"))),
        *names,
    ]
    columns = len(shown[0].values)
    cut = [Message("The clearest {n} of them:", n=len(shown))] if len(shown) < len(found.rows) else []
    if len(names) < columns:
        cut.append(Message("Of {columns} columns the first {shown} are shown.", columns=columns, shown=len(names)))
    told += paragraph(say(*reversed(cut)))
    name = say(Message("What the late epochs learned by heart"))
    return (
        told + table(headings, [_line(subject, row, names) for row in shown], name=name) + paragraph(say(_HOW_TO_READ))
    )


_HOW_TO_READ = Message(
    "Losses: at the ideal epoch → at the last one, of the members that learned from the row and of those that held it "
    "out. Rows of a file are numbered by its lines."
)


def _line(subject: Subject, row: MemorisedRow, names: list[str]) -> list[str]:
    number = subject.voice.number
    return [
        number(row.row + 1 if row.line is None else row.line),
        _said(subject, row.label),
        _said(subject, row.predicted),
        f"{number(float(f'{row.training_loss:.2g}'))} → {number(float(f'{row.training_loss_last:.2g}'))}",
        f"{number(float(f'{row.held_out_loss:.2g}'))} → {number(float(f'{row.held_out_loss_last:.2g}'))}",
        *(_said(subject, row.values[name]) for name in names),
    ]


def _said(subject: Subject, value: object) -> str:
    """A cell; a text from a file stays as it stands there."""
    if value is None:
        return "–"
    return subject.voice.number(value) if isinstance(value, float) else str(value)

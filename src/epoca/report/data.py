"""What the data was: rows, columns, and what was missing."""

from __future__ import annotations

from epoca.messages import Message
from epoca.report.markup import Section, bullets, folded, paragraph, table
from epoca.report.subject import Subject
from epoca.tables.labels import notes_on
from epoca.tables.values import listed
from epoca.telling import columns_table

_MOST_UNFOLDED = 25
"""Columns of which the table stands open."""


def data(subject: Subject) -> Section:
    """What the model was made from."""
    model, say = subject.model, subject.say
    accounts = model.columns.accounts
    title = say(Message("Columns"))
    headings, lines = columns_table(accounts, subject.voice.language)
    grid = table(headings, lines, name=title)
    body = [
        paragraph(say(*_told(subject))),
        paragraph(say(_missing(subject))) if model.history else "",
        bullets(say(note) for note in _notes(subject)),
        folded(f"{title} ({subject.voice.number(len(accounts))})", grid, is_open=len(accounts) <= _MOST_UNFOLDED),
    ]
    return Section(id="data", title=say(Message("What the data was")), body="".join(body))


def _told(subject: Subject) -> list[Message]:
    model, table_name = subject.model, subject.table_name
    rows, target = model.data.get("rows", {}), model.target
    train, test = int(rows.get("train", 0)), int(rows.get("test", 0))
    what = Message("a number") if subject.is_regression else Message("{n} classes", n=len(target.labels))
    values = {"target": target.column, "what": what}
    told = [Message('To predict: "{target}", {what}.', **values)]
    if train and table_name is not None:
        told = [
            Message(
                '{table}: {rows} rows; to predict: "{target}", {what}.', table=table_name, rows=train + test, **values
            )
        ]
    if target.labels:
        told.append(Message("The classes: {labels}.", labels=listed([str(label) for label in target.labels])))
    if train:
        told.append(
            Message("{train} rows were learned from; {test} were set aside for the test.", train=train, test=test)
        )
    if model.settings.get("early_stopping") and model.history:
        told.append(Message("Each member held out its own share of the rows learned from, to find the ideal epoch."))
    groups, time = model.settings.get("groups"), model.settings.get("time")
    if groups:
        told.append(Message('Rows alike in "{column}" were never split between parts.', column=groups))
    if time:
        told.append(Message('The rows latest by "{column}" are the test rows.', column=time))
    return told


def _missing(subject: Subject) -> Message:
    with_gaps = [account for account in subject.model.columns.accounts if account.missing]
    if not with_gaps:
        return Message("In the rows learned from no value is missing.")
    return Message(
        "In the rows learned from {n} values are missing, in these columns: {columns}.",
        n=sum(account.missing for account in with_gaps),
        columns=listed([account.name for account in with_gaps]),
    )


def _notes(subject: Subject) -> list[Message]:
    target = subject.model.target
    read = () if subject.measured is None else subject.measured.notes
    return [*read, *notes_on(target.column, target.labels)]

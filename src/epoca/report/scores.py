"""The scores, with their uncertainty and the rows behind each."""

from __future__ import annotations

from epoca.messages import Message
from epoca.report.markup import Section, paragraph, table
from epoca.report.subject import Subject
from epoca.telling import never_predicted, score_table, times_scored


def scores(subject: Subject) -> Section | None:
    """What was measured when the training had ended; None if nothing was."""
    found, say = subject.model.scores, subject.say
    if not found:
        return None
    title = say(Message("Scores"))
    headings, lines = score_table(found, subject.voice.language)
    body = table(headings, lines, name=title)
    told = [Message("What follows ± is the standard error over the rows.")]
    if any(score.log_loss_corrected is not None or score.rmse_corrected is not None for score in found.values()):
        told.append(
            Message(
                "The held-out rows chose the epochs, and what some rows choose looks better on these very rows than it "
                "is: the corrected figure leaves that luck out."
            )
        )
    missed = never_predicted(subject.model)
    if missed is not None:
        told.append(missed)
    body += paragraph(say(*told)) + paragraph(say(_test_rows(subject)))
    return Section(id="scores", title=title, body=body)


def _test_rows(subject: Subject) -> Message:
    if "test" not in subject.model.scores:
        return Message("No test rows were set aside, so no score is of rows that were used for no choice.")
    once = Message("The test rows have been scored once, after all choices were made.")
    return times_scored(subject.model) or once

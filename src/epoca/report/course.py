"""How the training went: the ideal epoch, the verdict, and why it stopped."""

from __future__ import annotations

from epoca.errors import OptionError
from epoca.messages import Message
from epoca.plots import learning_curves, replay_chart
from epoca.report.figures import Narrow, figure
from epoca.report.markup import Section, bullets, paragraph
from epoca.report.subject import Subject
from epoca.telling import outcome_of
from epoca.training.replay import replay


def ideal(subject: Subject) -> Section:
    """The ideal epoch, how sure it is, and the curves."""
    model, say = subject.model, subject.say
    told, *spread, _end = outcome_of(model)
    body = paragraph(say(told), kind="lead") + paragraph(say(*spread))
    body += figure(subject, learning_curves(model, language=subject.voice.language), name="curves", above=8)
    return Section(id="ideal", title=say(Message("The ideal epoch")), body=body)


def verdict(subject: Subject) -> Section:
    """Whether the fit is under- or overfitted, the evidence, and what to do."""
    say, found = subject.say, subject.model.verdict
    body = paragraph(say(found.headline), kind="lead") + bullets(map(say, found.reasons))
    body += paragraph(say(Message("What to do: {advice}", advice=found.advice)))
    return Section(id="verdict", title=say(Message("The verdict")), body=body)


def stopping(subject: Subject) -> Section:
    """Why the training ended, and what every other rule would have done."""
    say, title = subject.say, subject.say(Message("Why training stopped"))
    *_before, end = outcome_of(subject.model)
    try:
        found = replay(subject.model.history)
    except OptionError as error:  # nothing was held out
        return Section(
            id="stopping", title=title, body=paragraph(say(end), kind="lead") + paragraph(say(error.message))
        )
    drawn = replay_chart(found, language=subject.voice.language)
    told = len(drawn.data) - 1  # what stands beside the lines, for which a telephone has no room; the table says it too
    narrow = Narrow(
        layout={"margin.r": 14, "font.size": 11, "yaxis2.title.text": ""}, traces={told: {"visible": False}}
    )
    body = paragraph(say(end), kind="lead") + paragraph(say(*found.notes))
    body += figure(subject, drawn, name="rules", narrow=narrow, above=8, shows_numbers=True)
    return Section(id="stopping", title=title, body=body)

"""The first screen: what was predicted, the verdict, the ideal epoch and the honest score, all at once."""

from __future__ import annotations

from epoca.messages import Message
from epoca.report.markup import paragraph, text
from epoca.report.subject import Subject
from epoca.scores import Score
from epoca.telling import share, with_error
from epoca.training.verdict_kind import VerdictKind

_KINDS = {
    VerdictKind.WELL_FITTED: "good",
    VerdictKind.NOTHING_HELD_OUT: "unknown",
    VerdictKind.HELD_OUT_TOO_SMALL: "unknown",
    VerdictKind.TOO_FEW_ROWS: "unknown",
    VerdictKind.MILDLY_OVERFITTED: "mild",
}
"""Which colour goes with a verdict; that of a warning where none is named."""


def title(subject: Subject) -> str:
    """What the page is called."""
    target, table = subject.model.target.column, subject.table_name
    if table is None:
        return subject.say(Message('Predicting "{target}"', target=target))
    return subject.say(Message('Predicting "{target}" from {table}', target=target, table=table))


def opening(subject: Subject) -> str:
    """The first screen."""
    model = subject.model
    found = model.verdict
    if model.history:
        kind, told = _KINDS.get(found.kind, "warning"), (found.headline, found.advice)
    else:
        kind, told = "unknown", (model.stop.sentence, model.stop.remedy)
    facts = [_ideal(subject), _score(subject), _rows(subject)]
    items = "".join(
        f"<div><dt>{text(term)}</dt><dd><strong>{text(figure)}</strong> "
        f'<span class="small">{text(remark)}</span></dd></div>'
        for term, figure, remark in facts
    )
    return (
        f'<div class="opening {kind}"><p class="kicker">{text(subject.say(Message("epoca report")))}</p>'
        f"<h1>{text(title(subject))}</h1>"
        f'<p class="verdict">{text(subject.say(told[0]))}</p>{paragraph(subject.say(told[1]))}'
        f'<dl class="facts">{items}</dl></div>'
    )


def _ideal(subject: Subject) -> tuple[str, str, str]:
    model, voice = subject.model, subject.voice
    term = subject.say(Message("Ideal epoch"))
    best, as_good = model.best_epoch, model.best_epoch_range
    if best is None or as_good is None:
        remark = Message("unknown, since no rows were held out") if model.history else Message("not known here")
        return term, "–", subject.say(remark)
    number = voice.number(best)
    if model.is_open_ended:
        return term, f"≥ {number}", subject.say(Message("the training ended too early to tell"))
    first, last = as_good
    if first == last:
        return term, number, subject.say(Message("of {epochs} trained", epochs=len(model.history)))
    return term, number, subject.say(Message("any from {first} to {last} is as good", first=first, last=last))


def _score(subject: Subject) -> tuple[str, str, str]:
    """The most honest score there is: of rows used for no choice, or else of those that chose the epochs."""
    scores = subject.model.scores
    if "test" in scores:
        score = scores["test"]
        told, rows = (
            subject.say(Message("Score on new rows")),
            Message("{n} test rows, used for no choice", n=score.rows),
        )
    elif "held_out" in scores:
        score = scores["held_out"]
        told = subject.say(Message("Score on held-out rows"))
        rows = Message("{n} rows held out in turn, which also chose the epochs", n=score.rows)
    elif subject.measured is not None:
        score = subject.measured.score(subject.model)
        told, rows = subject.say(Message("Score on the table")), Message("{n} rows", n=score.rows)
    elif "train" in scores:
        score = scores["train"]
        told = subject.say(Message("Score on the rows learned from"))
        rows = Message("{n} rows; it says little of others", n=score.rows)
    else:
        return subject.say(Message("Score")), "–", subject.say(Message("nothing was measured"))
    figure, name = main_figure(subject, score)
    remark = f"{name}; {subject.say(rows)}"
    if "guessing" in scores and ("test" in scores or "held_out" in scores):
        guess = main_figure(subject, scores["guessing"])[0]
        remark = f"{remark}; {subject.say(Message('guessing: {figure}', figure=guess))}"
    return told, figure, remark


def main_figure(subject: Subject, score: Score) -> tuple[str, str]:
    """The figure that says most to most people, and what it is called."""
    language = subject.voice.language
    if score.rmse is not None:
        return with_error(score.rmse, score.rmse_error, language), "RMSE"
    return share(score.accuracy, score.accuracy_error, language), subject.say(Message("accuracy"))


def _rows(subject: Subject) -> tuple[str, str, str]:
    rows = subject.model.data.get("rows", {})
    train, test = int(rows.get("train", 0)), int(rows.get("test", 0))
    term = subject.say(Message("Rows"))
    if not train:
        return term, "–", subject.say(Message("not known here"))
    remark = (
        Message("learned from; {test} set aside for the test", test=test)
        if test
        else Message("learned from; none set aside for the test")
    )
    return term, subject.voice.number(train), subject.say(remark)

"""How to read a report."""

from __future__ import annotations

from epoca.messages import Message
from epoca.report.markup import Section, pairs
from epoca.report.subject import Subject

_ALWAYS = (
    (
        Message("epoch"),
        Message(
            "One pass over all rows that are learned from. After each the network knows its rows better; after too "
            "many it knows them by heart and other rows worse."
        ),
    ),
    (
        Message("held out"),
        Message(
            "Kept from learning, to see how rows are predicted that were not learned from. Each member holds out "
            "another share, so that every row is held out by some and learned from by others."
        ),
    ),
    (
        Message("ideal epoch"),
        Message(
            "The epoch whose mean loss on held-out rows is least: before it the network is underfitted, after it "
            "overfitted. Epochs as good are those that these rows cannot tell from it."
        ),
    ),
    (
        Message("test rows"),
        Message("Set aside before anything else and used for no choice, so that their score is that of new rows."),
    ),
)
_OF_CLASSES = (
    Message("cross-entropy"),
    Message(
        "The mean of −ln(probability given to what happened). 0 would be certain and right every time; smaller is "
        "better, and being sure of what is wrong costs most."
    ),
)
_OF_NUMBERS = (
    Message("RMSE and R²"),
    Message(
        "The root of the mean squared error, in the unit of the target: how far predictions typically are off. R² is "
        "the share of the target's variance that is explained."
    ),
)
_ERROR = (
    Message("± and as good"),
    Message(
        "What follows ± is the standard error: other rows of the same kind would give another number, two times in "
        "three no farther off than that."
    ),
)


def glossary(subject: Subject) -> Section:
    """The words that one must know."""
    words = [*_ALWAYS, _OF_NUMBERS if subject.is_regression else _OF_CLASSES, _ERROR]
    entries = [(subject.say(term), subject.say(said)) for term, said in words]
    return Section(id="words", title=subject.say(Message("How to read this")), body=pairs(entries, kind="words"))

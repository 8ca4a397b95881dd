"""What all verbs say and draw, in the user's language."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

from rich.console import Console, Group
from rich.table import Table as Grid
from rich.text import Text

from epoca.errors import EpocaError
from epoca.locales import Language
from epoca.messages import Message

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from epoca.scores import Score
    from epoca.tables.columns import ColumnAccount
    from epoca.training.history import History

COMPILING = Message("Compiling the kernels, once after installation; this takes some ten seconds …")

_SECONDS_BEFORE_WORD = 1.0

_MOST_COLUMNS = 40
"""Of more columns those that are alike are told of in one line."""

_WIDEST = 1000
"""Columns of the widest screen there is."""

language = Language.of_environment()
out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


def _(text: str) -> str:
    """A text of the sources in the user's language."""
    return language.translate(text)


def tell(message: Message, *, style: str = "") -> None:
    """Print a message in the user's language."""
    out.print(Text(language.say(message), style=style))


def complain(error: EpocaError) -> None:
    """Print the sentence of an error, on stderr."""
    _complain(language.say(error.message))


def complain_of_usage(sentence: str) -> None:
    """Print what is wrong with the words of a command, on stderr."""
    _complain(sentence)
    err.print(Text(_("epoca --help and epoca VERB --help tell what there is."), style="dim"))


def _complain(sentence: str) -> None:
    text = Text(_("Error") + ": ", style="bold red")
    err.print(text.append(sentence, style="not bold default"), soft_wrap=True)


def heading(text: str) -> None:
    """Print a heading with an empty line above it."""
    out.print()
    out.print(Text(text, style="bold"))


def grid(*headings: str, numbers: Iterable[int] = ()) -> Grid:
    """A table to print; the columns in `numbers` are set flush right and never broken."""
    table = Grid(box=None, pad_edge=False, padding=(0, 3, 0, 0), header_style="dim")
    right = set(numbers)
    for place, text in enumerate(headings):
        table.add_column(text, justify="right" if place in right else "left", no_wrap=place in right)
    return table


def columns(accounts: Sequence[ColumnAccount], *, rows: int) -> None:
    """Print what became of every column, as so many training rows show it; of very many those alike in one line."""
    from epoca.telling import columns_table  # which brings numba along, for --help too

    heading(language.say(Message("Columns, by {rows} training rows", rows=rows) if rows else Message("Columns")))
    shown = accounts if len(accounts) <= _MOST_COLUMNS else _folded(accounts)
    headings, lines = columns_table(shown, language)
    table = grid(*headings, numbers=(2, 3))
    for account, cells in zip(shown, lines, strict=True):
        table.add_row(*map(Text, cells), style="" if account.outputs else "yellow")
    out.print(table)


def _folded(accounts: Sequence[ColumnAccount]) -> list[ColumnAccount]:
    """Neighbours alike in all but their names in one account; those left out keep their own."""

    def likeness(account: ColumnAccount) -> tuple[object, ...]:
        is_used = account.outputs > 0
        note = _without_values(account.note) if is_used else account.name
        return account.kind, account.outputs, str(note)

    folded = []
    for _likeness, group in groupby(accounts, likeness):
        first, *others = group
        if others:
            n = 1 + len(others)
            name = Message("{first} … {last} ({n} columns)", first=first.name, last=others[-1].name, n=n)
            is_same = all(other.note == first.note for other in others)
            folded.append(
                replace(
                    first,
                    name=language.say(name),
                    outputs=n * first.outputs,
                    missing=sum(account.missing for account in (first, *others)),
                    note=first.note if is_same else _without_values(first.note),
                )
            )
        else:
            folded.append(first)
    return folded


def _without_values(note: Message) -> Message:
    """What a column's remark has in common with those of others."""
    blank = {name: _without_values(value) if isinstance(value, Message) else "…" for name, value in note.values.items()}
    return Message(note.template, **blank)


def scores_grid(scores: Mapping[str, Score]) -> Grid | Group:
    """Every score with the rows behind it and its standard error; remarks beside, or below on a narrow screen."""
    from epoca.telling import score_table

    headings, lines = score_table(scores, language)
    table = grid(*headings, numbers=range(1, len(headings) - 1))
    for *cells, note in lines:
        table.add_row(*cells, Text(note, style="dim"))
    if out.measure(table, options=out.options.update(max_width=_WIDEST)).maximum <= out.width:
        return table
    narrow = grid(*headings[:-1], numbers=range(1, len(headings) - 1))
    for *cells, _note in lines:
        narrow.add_row(*cells)
    remarks = [Text(f"{cells[0]}: {cells[-1]}.", style="dim") for cells in lines if cells[-1]]
    return Group(narrow, *remarks)


def course_grid(history: History, *, of_numbers: bool, best: int | None) -> Grid:
    """Ten lines of the history, a tenth of the epochs each, and the ideal epoch's."""
    accuracy = history.curve("training_accuracy")
    training, held_out = history.curve("training_loss"), history.curve(history.watches)
    headings = (_("epoch"), _("training loss"), "R²" if of_numbers else _("accuracy"), name_of_watched(history), "")
    table = grid(*headings, numbers=(0, 1, 2, 3))
    last_shown = None
    for epoch in tenths(len(history), also=best):
        loss = training[epoch - 1]
        rose = last_shown is not None and bool(loss > last_shown)
        remarks = [_("the training loss rose")] * rose + [_("ideal epoch")] * (epoch == best)
        table.add_row(
            language.number(epoch),
            language.number(float(loss)),
            (language.number if of_numbers else language.percent)(float(accuracy[epoch - 1])),
            "–" if held_out[epoch - 1] != held_out[epoch - 1] else language.number(float(held_out[epoch - 1])),
            Text(", ".join(remarks), style="yellow" if rose else "green"),
        )
        last_shown = loss
    return table


def name_of_watched(history: History) -> str:
    """What the loss is called by which epochs are chosen."""
    return _("refined loss") if history.is_refined else _("held-out loss")


def tenths(epochs: int, *, also: int | None = None) -> list[int]:
    """The epochs that end a tenth of all, and one more if it is not among them.

    Examples
    --------
    >>> tenths(100)
    [10, 20, 30, 40, 50, 60, 70, 80, 90, 100]
    >>> tenths(4, also=3)
    [1, 2, 3, 4]
    """
    chosen = {max(1, round(epochs * tenth / 10)) for tenth in range(1, 11)}
    return sorted(chosen | ({also} if also else set()))


@contextmanager
def word_if_slow(word: str, *, on: Console, is_wanted: bool = True) -> Iterator[None]:
    """A word on what is going on, if it is not over at once."""

    def speak() -> None:
        on.print(Text(word, style="dim"))

    timer = threading.Timer(_SECONDS_BEFORE_WORD, speak)
    timer.daemon = True
    if is_wanted:
        timer.start()
    try:
        yield
    finally:
        timer.cancel()

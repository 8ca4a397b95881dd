"""What all verbs say and draw, in the user's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
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


def columns_grid(accounts: Sequence[ColumnAccount]) -> Grid:
    """What became of every column."""
    from epoca.telling import columns_table  # which brings numba along, for --help too

    headings, lines = columns_table(accounts, language)
    table = grid(*headings, numbers=(2, 3))
    for account, cells in zip(accounts, lines, strict=True):
        table.add_row(*map(Text, cells), style="" if account.outputs else "yellow")
    return table


def scores_grid(scores: Mapping[str, Score]) -> Grid:
    """Every score with the rows behind it and its standard error."""
    from epoca.telling import score_table

    headings, lines = score_table(scores, language)
    table = grid(*headings, numbers=range(1, len(headings) - 1))
    for *cells, note in lines:
        table.add_row(*cells, Text(note, style="dim"))
    return table


def course_grid(history: History, *, of_numbers: bool, best: int | None) -> Grid:
    """Ten lines of the history, a tenth of the epochs each, and the ideal epoch's."""
    accuracy = history.curve("training_accuracy")
    training, held_out = history.curve("training_loss"), history.curve("held_out_loss")
    headings = (_("epoch"), _("training loss"), "R²" if of_numbers else _("accuracy"), _("held-out loss"), "")
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

"""Which encoding suits a column, judged by its training rows."""

from __future__ import annotations

import re

import numpy as np

from epoca.errors import TableError
from epoca.tables.cells import Cells, Texts
from epoca.tables.encodings.category import CategoryEncoding
from epoca.tables.encodings.date import DateEncoding
from epoca.tables.encodings.encoding import Encoding
from epoca.tables.encodings.left_out import LeftOut, Reason
from epoca.tables.encodings.number import NumberEncoding
from epoca.tables.encodings.presence import PresenceEncoding
from epoca.tables.encodings.words import WordsEncoding
from epoca.tables.encodings.yes_no import TwoNumbersEncoding, TwoTextsEncoding
from epoca.tables.values import quoted
from epoca.types import Numbers

ENOUGH_ROWS = 20
"""Values from which on it is no accident that nearly all of them differ, or nearly all are numbers."""

NEARLY_ALL_NUMBERS = 0.95
NEARLY_ALL_DIFFERENT = 0.9
TOO_MANY_DIFFERENT = 0.5
MIN_COVERED = 0.1
"""Share of the rows that the categories with an output must cover."""

LARGEST_EXACT = 2.0**53
"""Beyond it a float64 cannot tell neighbouring whole numbers apart."""

IDENTIFIER_NAME = re.compile(
    r"(?i:(?:^|[\W_])(?:id|key|uuid|guid)$)"
    r"|[a-z](?:Id|ID)$"
    r"|(?i:^(?:index|nr|no|unnamed: ?\d+|row[ _]?(?:names?|numbers?)?)$)"
)


def choose_encoding(
    cells: Cells, *, scaling: bool, pieces: int = 0, row_numbers: bool = False, weights: Numbers | None = None
) -> tuple[Encoding, int]:
    """The encoding that suits the training cells, and how many of these are missing.

    Parameters
    ----------
    cells : Cells
        The column's training rows.
    scaling : bool
        Whether numbers are to be scaled; those of two values are then a yes or no.
    pieces : int
        Into how many the range of numbers is cut at most.
    row_numbers : bool
        Whether whole numbers that number the rows are to be used all the same.
    weights : ndarray of float64, shape (m,), optional
        How much each row counts where numbers are scaled; elsewhere all count alike.

    Raises
    ------
    TableError
        If nearly all texts are numbers and some are not, a number is infinite, or the type cannot be used.
    """
    is_category = cells.is_dictionary or cells.is_truth
    numbers = None if is_category else cells.numbers_or_none()
    if numbers is not None:
        encoding = _of_numbers(cells, numbers, row_numbers, scaling=scaling, pieces=pieces, weights=weights)
        return encoding, int(np.isnan(numbers).sum())
    form = None if is_category else cells.date_form()
    if form is not None:
        seconds = cells.seconds(form)
        missing = np.isnan(seconds)
        single = _of_single_value(seconds[~missing], bool(missing.any()))
        encoding = single or DateEncoding.fit(seconds, form=form, scaling=scaling, pieces=pieces, weights=weights)
        return encoding, int(missing.sum())
    if cells.is_text and not is_category:
        _refuse_nearly_numbers(cells)
    texts = cells.texts()
    return _of_texts(texts), int((texts.codes < 0).sum())


def _of_single_value(present: Numbers, has_missing: bool) -> Encoding | None:
    """What becomes of a column without two different values; None if it has them."""
    if len(present) == 0:
        return LeftOut(reason=Reason.ALL_MISSING)
    if present.min() < present.max():
        return None
    return PresenceEncoding() if has_missing else LeftOut(reason=Reason.ONE_VALUE)


def _of_numbers(
    cells: Cells, numbers: Numbers, row_numbers: bool, *, scaling: bool, pieces: int, weights: Numbers | None
) -> Encoding:
    missing = np.isnan(numbers)
    present = numbers[~missing]
    single = _of_single_value(present, bool(missing.any()))
    if single is not None:
        return single
    low, high = float(present.min()), float(present.max())
    if scaling and bool(((present == low) | (present == high)).all()):
        return TwoNumbersEncoding(low=low, high=high, flag=bool(missing.any()))
    reason = _identifier(cells, numbers, present)
    if reason is None or (row_numbers and reason is Reason.ROW_NUMBERS):
        return NumberEncoding.fit(numbers, scaling=scaling, pieces=pieces, weights=weights)
    return LeftOut(reason=reason)


def _identifier(cells: Cells, numbers: Numbers, present: Numbers) -> Reason | None:
    """Why the numbers tell rows apart instead of describing them; None if they describe."""
    if not bool((present == np.floor(present)).all()):
        return None
    if max(-float(present.min()), float(present.max())) > LARGEST_EXACT:
        return Reason.LONG_NUMBERS if _is_written_whole(cells, numbers) else None
    if len(present) < ENOUGH_ROWS:
        return None
    rows = np.arange(len(numbers)) if cells.rows is None else cells.rows
    if len(present) == len(numbers) and any(np.ptp(numbers + step * rows) == 0 for step in (-1, 1)):
        return Reason.ROW_NUMBERS
    if IDENTIFIER_NAME.search(cells.name) and len(np.unique(present)) == len(present):
        return Reason.NUMBERED
    return None


def _is_written_whole(cells: Cells, numbers: Numbers) -> bool:
    """Whether the largest number is typed or written as a whole one, in digits that somebody might have meant."""
    if not cells.is_text:
        return str(cells.arrow.type).startswith(("int", "uint"))
    largest = int(np.nanargmax(np.abs(numbers)))
    return re.fullmatch(r"[+-]?\d{16,39}", cells.cleaned[largest].as_py()) is not None


def _of_texts(texts: Texts) -> Encoding:
    distinct = len(texts.distinct)
    present = int((texts.codes >= 0).sum())
    has_missing = present < len(texts.codes)
    if distinct == 0:
        return LeftOut(reason=Reason.ALL_MISSING)
    if distinct == 1:
        return PresenceEncoding() if has_missing else LeftOut(reason=Reason.ONE_VALUE)
    if distinct == 2:
        low, high = sorted(texts.distinct.to_pylist())
        return TwoTextsEncoding(low=low, high=high, flag=has_missing)
    if present >= ENOUGH_ROWS and distinct > TOO_MANY_DIFFERENT * present:
        return _of_many_texts(texts)
    encoding = CategoryEncoding.fit(texts)
    covered = int(np.sort(texts.counts)[::-1][: len(encoding.categories)].sum())
    return encoding if covered > MIN_COVERED * present else _of_many_texts(texts)


def _of_many_texts(texts: Texts) -> Encoding:
    """What becomes of texts that are too varied to be categories: the words they share, or nothing."""
    encoding = WordsEncoding.fit(texts)
    if encoding.words:
        return encoding
    distinct, present = len(texts.distinct), int(texts.counts.sum())
    is_name = present >= ENOUGH_ROWS and distinct > NEARLY_ALL_DIFFERENT * present
    return LeftOut(reason=Reason.ALL_DIFFERENT if is_name else Reason.TOO_VARIED, distinct=distinct)


def _refuse_nearly_numbers(cells: Cells) -> None:
    n_numbers, n_present = cells.count_numbers()
    if n_present >= ENOUGH_ROWS and n_numbers >= NEARLY_ALL_NUMBERS * n_present:
        cell = cells.first_non_number()
        raise TableError(
            "{value} is no number, but {numbers} of the column's {n} values are; "
            "correct it, or leave the cell empty if the value is missing.",
            **cells.place(cell),
            value=quoted(cells.cleaned[cell].as_py()),
            numbers=n_numbers,
            n=n_present,
        )

"""Texts that are too varied to be categories, by the words they share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from epoca.messages import Message
from epoca.tables.arrays import arrow_texts, integers_of
from epoca.tables.cells import Cells, Texts
from epoca.tables.encodings import untrusted
from epoca.tables.encodings.category import frequent
from epoca.tables.encodings.encoding import ColumnKind, missing_name
from epoca.tables.values import MISSING_SPELLINGS
from epoca.types import Matrix

MAX_WORDS = 64
"""Words that have an output."""

MIN_ROWS = 10
"""Training rows in which a word must stand to have one, and rows in which it must not."""


@final
@dataclass(frozen=True, kw_only=True)
class WordsEncoding:
    """A text becomes a 1 in the output of every word that it holds; words are what stands between blanks.

    Parameters
    ----------
    words : tuple of str
        Those with an output, the one in the most training rows first, then by name.
    flag : bool
        Whether a further output says that the text is missing.

    Examples
    --------
    >>> encoding = WordsEncoding(words=("ford", "diesel"), flag=False)
    >>> [str(name) for name in encoding.outputs("name")]
    ['name with ford', 'name with diesel']
    """

    words: tuple[str, ...]
    flag: bool

    @classmethod
    def fit(cls, texts: Texts) -> WordsEncoding:
        """Fit to the training rows' texts; `words` is empty if none is in enough rows."""
        place, word, known = _words(texts.distinct)
        counts = np.bincount(word, texts.counts[place], minlength=len(known)).astype(np.int64)
        present = int(texts.counts.sum())
        is_word = integers_of(pc.is_in(known, value_set=arrow_texts(MISSING_SPELLINGS))) == 0
        is_enough = (counts >= MIN_ROWS) & (counts <= present - MIN_ROWS) & is_word
        words = frequent(known, counts, is_enough, most=MAX_WORDS)
        return cls(words=words, flag=bool((texts.codes < 0).any()))

    @property
    def kind(self) -> ColumnKind:
        """A text."""
        return ColumnKind.TEXT

    def outputs(self, column: str) -> list[str | Message]:
        """The words, and whether the text is missing."""
        with_words = [Message("{column} with {word}", column=column, word=word) for word in self.words]
        return [*with_words, *([missing_name(column)] if self.flag else [])]

    def write(self, cells: Cells, out: Matrix) -> None:
        """Write the ones.

        Raises
        ------
        TableError
            If the column holds values that are no texts.
        """
        texts = cells.texts()
        place, word, known = _words(texts.distinct)
        output = integers_of(pc.index_in(known, value_set=arrow_texts(self.words)))[word]
        held = np.zeros((len(texts.distinct) + 1, out.shape[1]), out.dtype)  # the last is missing
        held[place[output >= 0], output[output >= 0]] = 1
        held[-1, len(self.words) :] = 1
        out[:] = held[texts.codes]

    def note(self) -> Message:
        """How many words have an output."""
        return Message("Texts; {n} words with an input each.", n=len(self.words))

    def to_json(self) -> dict[str, object]:
        """The fields as JSON values."""
        return {"words": list(self.words), "flag": self.flag}

    @classmethod
    def from_json(cls, data: object) -> WordsEncoding:
        """Inverse of `to_json`; ValueError, KeyError or TypeError for anything else."""
        fields = untrusted.mapping(data)
        words = untrusted.texts(fields["words"])
        if not words:
            raise ValueError("no words")
        return cls(words=words, flag=untrusted.typed(fields["flag"], bool))


def _words(texts: pa.Array) -> tuple[NDArray[np.int64], NDArray[np.int64], pa.Array]:
    """Which text holds which word, each pair once, and the different words."""
    split = pc.utf8_split_whitespace(texts)
    words = pc.list_flatten(split).dictionary_encode()
    place, word = integers_of(pc.list_parent_indices(split)), integers_of(words.indices)
    n = max(len(words.dictionary), 1)
    pairs = np.unique(place * n + word)
    return pairs // n, pairs % n, words.dictionary

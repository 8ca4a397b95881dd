"""The errors that epoca raises for what a user can mend.

::

    EpocaError
    ├── TableError      a table, or what stands in it, cannot be used (also a ValueError)
    ├── OptionError     an argument or option has a value that makes no sense (also a ValueError)
    │   └── TooFewRowsError  rows are to be held out, and there are too few
    ├── ModelFileError  a model file is damaged, foreign or from a newer epoca (also a ValueError)
    ├── TrainingError   a training gave nothing that could be kept
    └── FileError       a file cannot be written (also an OSError)

Each is one sentence that says where, what, what was expected and how to mend it. The impossible is an `assert`.
"""

from __future__ import annotations

from epoca.messages import Message


class EpocaError(Exception):
    """Something a user can mend; ``message`` is its sentence, to be said in any language.

    Parameters
    ----------
    template : str
        English template of the sentence, see `epoca.messages.Message`.
    **values
        The values of its names.
    """

    def __init__(self, template: str, /, **values: object) -> None:
        self.message = Message(template, **values)
        super().__init__(template, values)

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.message)

    def __str__(self) -> str:
        return str(self.message)


class TableError(EpocaError, ValueError):
    """A table cannot be used; the sentence begins with the place that is to blame.

    Parameters
    ----------
    template : str
        English template of the sentence after the place.
    file : str
        The table's name as the user knows it.
    line : int, optional
        Physical line, counted from 1, on which the record to blame starts.
    column : str, optional
        The column to blame.
    **values
        The values of the template's names.

    Examples
    --------
    >>> print(TableError("{value} is no number.", file="a.csv", line=3, column="age", value="'x'"))
    a.csv, line 3, column "age": 'x' is no number.
    """

    def __init__(
        self, template: str, /, *, file: str, line: int | None = None, column: str | None = None, **values: object
    ) -> None:
        if line is not None and column is not None:
            place = Message('{file}, line {line}, column "{column}"', file=file, line=str(line), column=column)
        elif line is not None:
            place = Message("{file}, line {line}", file=file, line=str(line))
        elif column is not None:
            place = Message('{file}, column "{column}"', file=file, column=column)
        else:
            place = Message("{file}", file=file)
        super().__init__("{place}: {sentence}", place=place, sentence=Message(template, **values))


class OptionError(EpocaError, ValueError):
    """An argument or option has a value that makes no sense, or two of them contradict each other."""


class TooFewRowsError(OptionError):
    """Rows are to be held out, and there are too few for that."""


class ModelFileError(EpocaError, ValueError):
    """A model file is damaged, foreign, or of a newer format."""


class TrainingError(EpocaError):
    """A training gave nothing that could be kept."""


class FileError(EpocaError, OSError):
    """A file cannot be written."""


def _rebuild(kind: type[EpocaError], message: Message) -> EpocaError:
    error = kind.__new__(kind)
    EpocaError.__init__(error, message.template, **message.values)
    return error

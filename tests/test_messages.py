from __future__ import annotations

import pickle

from epoca.errors import FileError, TableError
from epoca.messages import Message


def test_messages_inside_messages_are_said_too() -> None:
    inner = Message("{n} rows", n=1234)
    assert str(Message("{what} in {file}", what=inner, file="a")) == "1,234 rows in a"


def test_numbers_are_written_by_the_language() -> None:
    assert Message("{x}", x=0.5).say(str, lambda value: f"<{value}>") == "<0.5>"


def test_truth_values_are_no_numbers() -> None:
    assert str(Message("{x}", x=True)) == "True"


def test_a_table_error_begins_with_its_place() -> None:
    error = TableError("Bad.", file="a.csv", line=1234, column="b")
    assert str(error) == 'a.csv, line 1234, column "b": Bad.'
    assert str(TableError("Bad.", file="a.csv", column="b")) == 'a.csv, column "b": Bad.'
    assert str(TableError("Bad.", file="a.csv", line=2)) == "a.csv, line 2: Bad."
    assert str(TableError("Bad.", file="a.csv")) == "a.csv: Bad."


def test_errors_travel_between_processes() -> None:
    for error in (TableError("Bad {x}.", file="a.csv", line=2, x=3), FileError("{file} bad.", file="b")):
        assert str(pickle.loads(pickle.dumps(error))) == str(error)

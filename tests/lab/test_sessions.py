"""How many sessions there are, and which of them goes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from epoca.errors import OptionError
from epoca.lab import sessions as module
from epoca.lab.sessions import Opening, Sessions


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sessions]:
    """Of which there may be two."""
    monkeypatch.setattr(module, "MOST", 2)
    with closing(Sessions(Opening(), workers=1)) as sessions:
        yield sessions


def test_while_pages_look_at_all_of_them_or_are_about_to_there_is_no_room_for_another(few: Sessions) -> None:
    first, _second = (few.open("", language="en") for _time in range(2))
    again = few.open(first.name, language="en")
    assert again is first
    few.leave(first)  # of two pages one
    with pytest.raises(OptionError, match=r"^There are 2 sessions at this lab already; close one of them first\.$"):
        few.open("", language="en")


def test_of_too_many_the_one_that_was_left_first_goes(few: Sessions) -> None:
    first, second = (few.open("", language="en") for _time in range(2))
    for left in (first, second):
        few.leave(left)
    assert few.open(first.name, language="en") is first  # who comes back has not left
    third = few.open("", language="en")
    assert few.get(first.name) is first
    assert few.get(third.name) is third
    with pytest.raises(OptionError, match=r"^This session is over; load the page again\.$"):
        few.get(second.name)


def test_one_that_was_left_long_ago_goes(few: Sessions, monkeypatch: pytest.MonkeyPatch) -> None:
    first = few.open("", language="en")
    few.leave(first)
    monkeypatch.setattr(module, "FORGOTTEN", 0.0)
    few.open("", language="en")
    with pytest.raises(OptionError, match=r"^This session is over"):
        few.get(first.name)

"""How many sessions there are, and which of them goes."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from epoca.errors import OptionError
from epoca.lab import sessions as module
from epoca.lab.session import Session
from epoca.lab.sessions import Opening, Sessions
from tests.lab.probing import PATIENCE


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


def test_nobody_waits_for_the_end_of_a_session_that_goes(few: Sessions, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = (few.open("", language="en") for _time in range(2))
    few.leave(first)
    is_closing, may_close = threading.Event(), threading.Event()
    close = Session.close

    def close_late(session: Session) -> None:
        is_closing.set()
        may_close.wait(PATIENCE)
        close(session)

    monkeypatch.setattr(Session, "close", close_late)
    with ThreadPoolExecutor(2) as pool:
        third = pool.submit(few.open, "", language="en")
        assert is_closing.wait(PATIENCE)
        leaving = pool.submit(few.leave, second)
        try:
            leaving.result(timeout=1)
        finally:
            may_close.set()
        assert few.get(third.result().name) is third.result()

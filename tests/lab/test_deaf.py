"""Who goes on asking and takes none of the answers (family 26): each blocks itself alone, and not for ever."""

from __future__ import annotations

import socket
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from epoca.lab.house import Limits
from tests.lab.deaf import PING, page, visitor
from tests.lab.made import until
from tests.lab.probing import PATIENCE, At, answered, running


@pytest.fixture(scope="module")
def short() -> Iterator[At]:
    """A lab that waits for nobody."""
    with running(sys.executable, "-m", "tests.lab.short_lab") as at:
        yield at
    assert not [line for line in at.errors if "Traceback" in line or "ERROR" in line]


def n_files(at: At) -> int:
    """How many files and sockets the lab has open."""
    return len(list(Path(f"/proc/{at.process.pid}/fd").iterdir()))


def is_cut(opened: socket.socket, *, seconds: float = PATIENCE) -> bool:
    """Whether the lab breaks the connection off meanwhile; nothing is read, so it must be asked again and again."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        time.sleep(0.05)
        try:
            opened.sendall(PING)
        except ConnectionError:
            return True
    return False


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="where the system does not tell what is open")
@pytest.mark.parametrize("make", [page, visitor])
def test_who_takes_no_answer_is_cut_off(short: At, make: Callable[[At], socket.socket]) -> None:
    before = n_files(short)
    with make(short) as opened:
        opened.settimeout(1)
        assert is_cut(opened)
        until(lambda: n_files(short) <= before)


@pytest.mark.parametrize("make", [page, visitor])
def test_no_other_page_waits_until_who_takes_no_answer_is_cut_off(lab: At, make: Callable[[At], socket.socket]) -> None:
    with lab.tab(session=lab.session) as tab, make(lab) as opened:
        for _time in range(20):
            answered(tab, type="ask", what="row", row=0)
        assert not is_cut(opened, seconds=0.2)


def test_who_asks_without_end_fills_no_memory(short: At) -> None:
    with page(short, pings=0) as opened, pytest.raises(ConnectionError):
        opened.sendall(PING * 2_000_000)


def test_one_that_reads_slowly_but_does_is_waited_for(short: At) -> None:
    with page(short) as opened:
        end = time.monotonic() + 3
        while time.monotonic() < end:
            time.sleep(0.05)
            assert opened.recv(50_000)


def test_the_lab_ends_in_time_though_a_page_does_not_hear_of_it() -> None:
    with running() as at, page(at), visitor(at):
        time.sleep(0.3)
        began = time.monotonic()
        assert at.end() == 0
        assert time.monotonic() - began < Limits().unread_seconds / 2  # nor waits until it is cut off
    assert at.errors == []

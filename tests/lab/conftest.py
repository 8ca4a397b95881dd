from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.lab.browser import Seen, chromium, window
from tests.lab.probing import At, running


@pytest.fixture(scope="session")
def lab() -> Iterator[At]:
    """The real command, started once; whatever it is asked, it writes down no failure of ours and leaves no file."""
    with running() as at:
        yield at
        assert at.process.poll() is None, at.errors
        assert at.left_behind() == []
        assert at.end() == 0
    assert not [line for line in at.errors if "Traceback" in line or "ERROR" in line]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def seen(browser: Browser, lab: At) -> Iterator[Seen]:
    """A window in English that must complain of nothing, and ask nobody else for anything."""
    with window(browser, lab) as seen:
        yield seen


@pytest.fixture
def visto(browser: Browser, lab: At) -> Iterator[Seen]:
    """The same in Portuguese."""
    with window(browser, lab, locale="pt-BR") as visto:
        yield visto

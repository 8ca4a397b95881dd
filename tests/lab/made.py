"""What tests of the lab need."""

from __future__ import annotations

import json
import struct
import time
from collections.abc import Callable
from typing import Any

from epoca.lab.choices import Choices
from epoca.lab.session import Session
from epoca.lab.sources import Brought, suited
from epoca.model import Model
from tests.lab.probing import PATIENCE

QUICK = {"rows": 80, "hidden": [3], "members": 3, "epochs": 12, "stopping": "patience(4)", "learning_rate": 0.02}


def session(*, opened: Model | None = None, brought: dict[str, Brought] | None = None, **changes: Any) -> Session:
    """A session that works only when it is asked to."""
    choices = suited(Choices(), {}).changed({**QUICK, "speed": 0})
    made = Session("s", choices=choices, brought=brought or {}, model=opened, wake=lambda _session: None)
    made.begin()
    made.do("pause", {})
    if changes:
        made.change(changes)
        made.do("pause", {})
    settle(made)
    return made


def settle(of: Session) -> None:
    """Let it say what it has put off."""
    of.turn(0.0)


def to_the_end(of: Session) -> Session:
    """Let it play until its run has ended."""
    of.do("play", {})
    while of.turn(0.05) is not None:
        pass
    assert of.board["status"] == "ended"
    return of


def drawn(of: Session, *, have: int = 0) -> tuple[dict[str, Any], bytes]:
    """The header of a frame, and its planes."""
    return unpacked(of.frame(have=have, serial=of.board["serial"])[0])


def unpacked(content: bytes) -> tuple[dict[str, Any], bytes]:
    (length,) = struct.unpack("<I", content[:4])
    return json.loads(content[4 : 4 + length]), content[4 + length :]


def until(is_so: Callable[[], bool]) -> None:
    """Wait until something is so."""
    end = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < end, "it never came to be so"
        time.sleep(0.005)

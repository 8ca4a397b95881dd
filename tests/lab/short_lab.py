"""A lab that waits for nobody, and whose files cannot be made."""

from __future__ import annotations

from typing import Any

from epoca.lab.house import Limits
from epoca.lab.server import Lab
from epoca.lab.sessions import Opening, Sessions


def fail(*_arguments: Any) -> Any:
    raise RuntimeError("/home/somebody/secret")


if __name__ == "__main__":
    sessions = Sessions(Opening(), workers=1)
    sessions.file = fail  # type: ignore[method-assign]
    lab = Lab(sessions, port=0, limits=Limits(headers_seconds=0.4, body_seconds=0.4, unread_seconds=1))
    print(lab.address, flush=True)
    lab.run()

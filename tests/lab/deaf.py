"""Those who ask and take none of the answers."""

from __future__ import annotations

import json
import socket

from tests.lab.asking import OURS, raw, upgrade
from tests.lab.probing import At

PING = b"\x89\xfd" + b"\x00" * 4 + b"x" * 125
"""Whose answer is as long as it is itself."""


def text(**message: object) -> bytes:
    """A message as a page sends it, masked with zeros."""
    content = json.dumps(message).encode()
    return b"\x81\xfe" + len(content).to_bytes(2, "big") + b"\x00" * 4 + content


def deaf(at: At) -> socket.socket:
    """A connection of somebody who has little room for what comes."""
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    made.connect(("127.0.0.1", at.port))
    made.settimeout(10)
    return made


def page(at: At, *, session: str = "", pings: int = 64_000) -> socket.socket:
    """A page that takes part in a session, and then takes nothing any more: not one of many small answers."""
    made = deaf(at)
    made.sendall(at.filled(upgrade(OURS)))
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        head += made.recv(1)
    made.sendall(text(type="hello", protocol=1, session=session or at.session, language="en"))
    made.sendall(PING * pings)
    made.sendall(text(type="ask", what="likelihood", id=1))
    return made


def visitor(at: At) -> socket.socket:
    """Somebody who asks for one file again and again."""
    made = deaf(at)
    made.sendall(at.filled(raw("GET /page/style.css HTTP/1.1", "Connection: keep-alive")) * 1000)
    return made

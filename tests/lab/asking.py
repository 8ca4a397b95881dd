"""Requests as bytes, and what is looked at in every answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple, cast
from urllib.parse import quote

from websockets.exceptions import ConnectionClosed

from epoca.lab.house import House
from epoca.lab.routes import routes
from epoca.lab.sessions import Sessions
from tests.lab.probing import PATIENCE, Answer, At

COOKIE = "Cookie: epoca-lab-<P>=<T>"
KEY = "X-Epoca-Token: <T>"
OURS = "Origin: http://127.0.0.1:<P>"
EVIL = "Origin: http://evil.example"
TABLE = b"a,b\n" + b"".join(b"%d,%d\n" % (i, i % 2) for i in range(20))
GUARDED: tuple[str, ...] = ("content-security-policy", "x-content-type-options", "referrer-policy", "cache-control")
GUARDED += ("cross-origin-resource-policy", "cross-origin-opener-policy")


class Case(NamedTuple):
    """A request, and what may be answered."""

    family: int
    name: str
    request: bytes
    expected: tuple[int, ...]
    """Statuses; 0 is a connection closed without a word."""
    more: Callable[[], Iterable[bytes]] = tuple
    """What is sent behind it."""
    holds: bytes = b""
    """What the answer must hold."""


def raw(
    line: str = "GET / HTTP/1.1",
    *headers: str,
    host: str | None = "127.0.0.1:<P>",
    cookie: bool = True,
    body: bytes = b"",
) -> bytes:
    """A request as it goes over the wire; that of somebody whom the lab knows, unless told otherwise."""
    hosts = [] if host is None else [f"Host: {host}"]
    lines = [line, *hosts, *[COOKIE] * cookie, *headers]
    lines += [] if any(header.startswith("Connection") for header in headers) else ["Connection: close"]
    lines += [f"Content-Length: {len(body)}"] if body else []
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def upgrade(*headers: str, host: str = "127.0.0.1:<P>", cookie: bool = True) -> bytes:
    """The beginning of a WebSocket."""
    asked = ("Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13")
    key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
    return raw("GET /wire HTTP/1.1", *asked, key, *headers, host=host, cookie=cookie)


def upload(body: bytes = TABLE, *headers: str, name: str = "table.csv", session: str = "<S>") -> bytes:
    """A table that a page of ours brings."""
    kind = ("Content-Type: application/octet-stream", f"X-Name: {quote(name)}")
    return raw(f"POST /tables?session={session} HTTP/1.1", OURS, KEY, *kind, *headers, body=body)


class Talk(NamedTuple):
    """What a page says over its WebSocket (family 25), and how the lab ends that."""

    name: str
    messages: list[str | bytes]
    code: int


def talk(at: At, what: Talk) -> int:
    """Say it, and listen until the lab closes; the code with which it does."""
    with at.tab(greets=False) as tab:
        try:
            for message in what.messages:
                tab.send(message.replace("<S>", at.session) if isinstance(message, str) else message)
            while True:
                tab.recv(timeout=PATIENCE)
        except ConnectionClosed:
            return tab.close_code or 0


METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "QUERY")


def known_routes() -> list[str]:
    """The paths of all routes, each with values that are in order."""
    values = {"name": "main.js", "language": "pt_BR", "session": "<S>", "kind": "table"}
    return [route.path.format(**values) for route in routes(cast(Sessions, None), House.at(1))]


def strangers(path: str, method: str) -> list[bytes]:
    """What those send who have no token, or have it elsewhere than in our cookie."""
    told = (
        (),
        (OURS,),
        (OURS, "Cookie: epoca-lab-<P>=wrong"),
        (OURS, KEY),
        (OURS, "Cookie: epoca=<T>"),
        ("Authorization: <T>",),
    )
    return [raw(f"{method} {path} HTTP/1.1", *more, cookie=False) for more in told]


def faults(case: Case, answer: Answer) -> list[str]:
    """What is wrong with an answer; nothing if nothing is."""
    found = [] if answer.status in case.expected else [f"answered {answer.status}, not {case.expected}"]
    if case.holds not in answer.body:
        found.append(f"does not hold {case.holds!r}")
    found += [f"has {name}" for name in answer.headers if name.startswith("access-control")]
    is_bare = answer.status in {0, 101, 400} or b"Upgrade: websocket" in case.request
    found += [f"lacks {name}" for name in GUARDED if not is_bare and name not in answer.headers]
    if answer.status not in {200, 303} and (b"epoca-token" in answer.raw or b"set-cookie" in answer.raw.lower()):
        found.append("tells the token")
    if any(secret in answer.raw for secret in (b"Traceback", b"/epoca-lab-", b"site-packages", b'File "', b"root:")):
        found.append("tells what is inside")
    return found

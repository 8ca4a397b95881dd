"""Who may speak to the lab: one layer outside of everything, which refuses by default.

Whoever runs code as the user is trusted. What is not: any page that is open in the same browser, which may send
requests here or, by a name that it has bound to this machine, pass for one of ours; other users of the machine; the
network. So of every request and every WebSocket are asked, before anything looks at it: the Host that we are, word for
word; an Origin that is ours; and a token that only the printed address holds. What browsers say of where a request
comes from is told in the Fetch standard ("Origin") and in Fetch Metadata ("Sec-Fetch-Site"); why a WebSocket's Origin
must be looked at, in RFC 6455, section 10.2.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import final
from urllib.parse import parse_qs

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from epoca.lab.house import House, Limits

TOKEN_HEADER = "x-epoca-token"
"""What a page sends with whatever is not a GET; no other page may send it without asking first."""

_LINGER, _PAUSE = 1.0, 0.1
"""Seconds for which the rest of a refused body is thrown away, and at most between its parts: if the connection were
closed at once, the client would see no answer."""

_STRANGER = """\
<!doctype html><html lang="en"><meta charset="utf-8"><title>epoca lab</title>
<p>Open the address that <code>epoca lab</code> printed; it ends in a token that lets you in.</p>
<p lang="pt-BR">Abra o endereço que <code>epoca lab</code> mostrou; ele termina com a chave que deixa você entrar.</p>
"""


class _RefusalError(Exception):
    """A request that is not let in."""

    def __init__(self, status: int, body: str = "") -> None:
        super().__init__(status)
        self.status, self.body = status, body


@final
class Guard:
    """The layer around an application.

    Parameters
    ----------
    app : ASGI application
        What is guarded.
    house : House
        Who we are.
    limits : Limits
        How much may come.
    uploads : set of str
        The paths to which bodies of the size of an upload may be sent.
    """

    def __init__(self, app: ASGIApp, house: House, *, limits: Limits, uploads: frozenset[str]) -> None:
        self._app = app
        self._house = house
        self._limits = limits
        self._uploads = uploads

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or refuse it."""
        if scope["type"] == "websocket":
            await self._socket(scope, receive, send)
        elif scope["type"] == "http":
            await self._request(scope, receive, send)

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            headers = self._measured(scope)
            self._ask_for_place(headers, needs_origin=True)
            self._ask_whether_ours(headers)
            self._ask_for_token(headers)
        except _RefusalError:
            await receive()
            await send({"type": "websocket.close", "code": 1008})  # before it is accepted, which makes it a bare 403
            return
        await self._app(scope, receive, send)

    async def _request(self, scope: Scope, receive: Receive, send: Send) -> None:
        exchange = _Exchange(receive, send, self._house, self._limits)
        try:
            headers = self._measured(scope)
            is_visit = scope["method"] == "GET" and scope["path"] == "/"
            self._ask_for_place(headers, needs_origin=False)
            if not is_visit:
                self._ask_whether_ours(headers)
            if scope["method"] not in {"GET", "POST"}:
                raise _RefusalError(405)
            if is_visit and self._is_invited(scope):
                if await self._let_in(headers, exchange):
                    return
            else:
                self._ask_for_token(headers, is_visit=is_visit)
            self._ask_for_body(scope, headers, exchange)
            await self._app(scope, exchange.receive, exchange.send)
        except _RefusalError as refusal:
            exchange.refusal = refusal
        except Exception:  # the application answers its own, and writes them down
            if not (exchange.has_begun or exchange.refusal):
                raise
        if exchange.refusal is not None:
            await exchange.refuse(exchange.refusal)

    def _measured(self, scope: Scope) -> dict[str, list[str]]:
        """Every value of every header, if all of them are not too long; what parses them measures parts only."""
        size = len(scope.get("raw_path", b"")) + len(scope["query_string"])
        found: dict[str, list[str]] = {}
        for name, value in scope["headers"]:
            size += len(name) + len(value) + 4
            found.setdefault(name.decode("latin-1").lower(), []).append(value.decode("latin-1"))
        if size > self._limits.headers_bytes:
            raise _RefusalError(431)
        return found

    def _ask_for_place(self, headers: Mapping[str, list[str]], *, needs_origin: bool) -> None:
        """That it means us, and comes from one of our pages if from any."""
        hosts, origins = headers.get("host", []), headers.get("origin", [])
        if len(hosts) != 1 or not self._house.is_host(hosts[0]):
            raise _RefusalError(403)
        if len(origins) > 1 or (needs_origin and not origins):
            raise _RefusalError(403)
        if origins and not self._house.is_origin(origins[0]):
            raise _RefusalError(403)

    def _ask_whether_ours(self, headers: Mapping[str, list[str]]) -> None:
        """That the browser does not say it was another page's doing."""
        if not _is_ours(headers):
            raise _RefusalError(403)

    def _is_invited(self, scope: Scope) -> bool:
        """Whether the address opened holds the token."""
        try:
            given = parse_qs(scope["query_string"].decode("ascii"), max_num_fields=8).get("t", [])
        except ValueError:
            return False
        return len(given) == 1 and self._house.is_token(given[0])

    async def _let_in(self, headers: Mapping[str, list[str]], exchange: _Exchange) -> bool:
        """Exchange the token of the address for a cookie, and send the page to where there is none in its address.

        Browsers keep a strict cookie back on a way that began at another page, such as a chat in which a teacher wrote
        the address. There the page itself is the answer, and takes the token out of its address.

        Returns
        -------
        bool
            Whether this was answered.
        """
        cookie = f"{self._house.cookie}={self._house.token}; HttpOnly; SameSite=Strict; Path=/"
        exchange.more_headers.append((b"set-cookie", cookie.encode()))
        if not _is_ours(headers):
            return False
        location = [(b"location", b"/"), (b"content-length", b"0")]
        await exchange.send({"type": "http.response.start", "status": 303, "headers": location})
        await exchange.send({"type": "http.response.body", "body": b""})
        return True

    def _ask_for_token(self, headers: Mapping[str, list[str]], *, is_visit: bool = False) -> None:
        """That the page was let in before."""
        if not self._house.is_known(headers.get("cookie", [])):
            raise _RefusalError(403, _STRANGER if is_visit else "")

    def _ask_for_body(self, scope: Scope, headers: Mapping[str, list[str]], exchange: _Exchange) -> None:
        """That whoever sends a body may, and that it does not say that it is too long."""
        length = _one(headers, "content-length")
        if scope["method"] == "GET":
            if length not in (None, "0") or "transfer-encoding" in headers:
                raise _RefusalError(400)
            return
        if not self._house.is_token(_one(headers, TOKEN_HEADER) or ""):
            raise _RefusalError(403)
        if scope["path"] in self._uploads:
            exchange.most = self._limits.upload_bytes
        if length is not None and int(length) > exchange.most:  # digits, or it would not have been parsed
            raise _RefusalError(413)


@final
class _Exchange:
    """A request and its answer: of the one no more comes in than may, to the other every header is added."""

    def __init__(self, receive: Receive, send: Send, house: House, limits: Limits) -> None:
        self._receive, self._send = receive, send
        self._house, self._limits = house, limits
        self.most = limits.body_bytes
        self.more_headers: list[tuple[bytes, bytes]] = []
        self.refusal: _RefusalError | None = None
        self.has_begun = False
        self._count = 0
        self._is_read = False

    async def receive(self) -> Message:
        """The next part of the body; of one that is refused, that there is nobody any more."""
        try:
            async with asyncio.timeout(self._limits.body_seconds):
                message = await self._receive()
        except TimeoutError:
            return self._cut(408)
        self._count += len(message.get("body", b""))
        self._is_read = not message.get("more_body", False)
        return self._cut(413) if self._count > self.most else message

    def _cut(self, status: int) -> Message:
        self.refusal = _RefusalError(status)
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        """Pass on a part of the answer, unless another is given in its place."""
        if self.refusal is not None and not self.has_begun:
            return
        if message["type"] == "http.response.start":
            self.has_begun = True
            own = self._house.headers
            names = {name for name, _value in own}
            given = [(name, value) for name, value in message["headers"] if name.lower() not in names]
            message = {**message, "headers": [*given, *own, *self.more_headers]}
        await self._send(message)

    async def refuse(self, refusal: _RefusalError) -> None:
        """Answer that it is not let in, if nothing was answered yet."""
        if self.has_begun:
            return
        body = refusal.body.encode()
        headers = [
            (b"content-type", b"text/html; charset=utf-8"),
            (b"content-length", str(len(body)).encode()),
            (b"connection", b"close"),
            *self._house.headers,
        ]
        await self._send({"type": "http.response.start", "status": refusal.status, "headers": headers})
        await self._send({"type": "http.response.body", "body": body, "more_body": True})
        if refusal.status != 408:
            with suppress(TimeoutError):
                async with asyncio.timeout(_LINGER):
                    await self._throw_away()
        await self._send({"type": "http.response.body", "body": b""})

    async def _throw_away(self) -> None:
        while not self._is_read:
            async with asyncio.timeout(_PAUSE):
                message = await self._receive()
            self._is_read = not message.get("more_body", False)


def _is_ours(headers: Mapping[str, list[str]]) -> bool:
    """Whether the browser says that the user or a page of ours asks; an old one says nothing."""
    return _one(headers, "sec-fetch-site") in (None, "same-origin", "none")


def _one(headers: Mapping[str, list[str]], name: str) -> str | None:
    """The value of a header that may be there once."""
    values = headers.get(name, [])
    if len(values) > 1:
        raise _RefusalError(400)
    return values[0] if values else None

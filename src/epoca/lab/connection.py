"""One connection of the server: for how long it may be silent or deaf, and how many there may be."""

from __future__ import annotations

import asyncio
import logging
from typing import Any, final

import h11
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from epoca.lab.house import House, Limits

_SPARE = 200
"""Connections that are told that the server is busy; beyond them they are cut, before the system has no more."""

logger = logging.getLogger(__name__)


class Listened(asyncio.Protocol):
    """A connection that is cut if for long the other side takes nothing of what is sent to it.

    To close it would not do, for that waits until all is taken.
    """

    loop: asyncio.AbstractEventLoop
    transport: asyncio.Transport
    limits: Limits
    _watch: asyncio.TimerHandle | None = None

    @property
    def is_unread(self) -> bool:
        """Whether something is sent that the other side has not taken."""
        return self._watch is not None

    def pause_writing(self) -> None:
        """Begin to watch whether it is taken."""
        super().pause_writing()
        self._watch_on()

    def resume_writing(self) -> None:
        """All is taken."""
        self._stop_watching()
        super().resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        """Watch no more."""
        self._stop_watching()
        super().connection_lost(exc)

    def _watch_on(self) -> None:
        left = self.transport.get_write_buffer_size()
        self._watch = self.loop.call_later(self.limits.unread_seconds, self._look, left)

    def _stop_watching(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None

    def _look(self, left: int) -> None:
        if self.transport.get_write_buffer_size() < left:
            self._watch_on()
        else:
            self.transport.abort()


@final
class Socket(Listened, WebSocketsSansIOProtocol):
    """A page's WebSocket."""

    def __init__(self, *arguments: Any, limits: Limits, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.limits = limits

    def data_received(self, data: bytes) -> None:
        """Take in what came, and cut off who asks on and on for answers that he does not take."""
        super().data_received(data)
        if self.transport.get_write_buffer_size() > self.limits.unread_bytes:
            self.transport.abort()

    def handle_parser_exception(self) -> None:
        """Send a page away."""
        close = self.conn.close_sent
        logger.warning("a page was sent away: %s", close and close.reason)
        super().handle_parser_exception()


@final
class Connection(Listened, H11Protocol):
    """A connection that is closed if a request does not come in time, and told so if there are too many.

    Those that came before go on being answered: a page that is open does not suffer from a flood of new ones.
    """

    def __init__(self, *arguments: Any, limits: Limits, house: House, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.limits = limits
        self._busy = _busy(house)
        self._is_late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Count it, and begin to wait."""
        super().connection_made(transport)
        transport.set_write_buffer_limits(high=0)  # so that what is not taken is known, and nothing is put behind it
        if len(self.connections) > self.limits.connections + _SPARE:
            transport.abort()
        elif len(self.connections) > self.limits.connections:
            self.app = self._busy
        self._wait_or_not()

    def data_received(self, data: bytes) -> None:
        """Take in what came; a few bytes now and then do not put the end off."""
        super().data_received(data)
        self._wait_or_not()

    def on_response_complete(self) -> None:
        """Wait for the next request."""
        super().on_response_complete()
        self._wait_or_not()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._stop_waiting()
        super().connection_lost(exc)

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        """Leave it to the WebSocket, which has deadlines of its own."""
        self._stop_waiting()
        super().handle_websocket_upgrade(event)

    def _should_upgrade(self) -> bool:
        is_possible = self.scope["method"] == "GET" and self.app is not self._busy and not self.is_unread
        return is_possible and super()._should_upgrade()

    def _wait_or_not(self) -> None:
        """Of a request that is being answered, the guard counts the seconds."""
        is_answered = self.cycle is None or self.cycle.response_complete
        is_handed_over = self.transport.get_protocol() is not self
        is_waiting = is_answered and not is_handed_over and not self.transport.is_closing()
        if not is_waiting:
            self._stop_waiting()
        elif self._is_late is None:
            self._is_late = self.loop.call_later(self.limits.headers_seconds, self._close)

    def _stop_waiting(self) -> None:
        if self._is_late is not None:
            self._is_late.cancel()
            self._is_late = None

    def _close(self) -> None:
        self._is_late = None
        self.transport.close()


def _busy(house: House) -> ASGIApp:
    """What connections beyond the limit are told."""
    body = b"busy"
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
        *house.headers,
    ]

    async def answer(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 503, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return answer

"""The server of the lab: its sockets, its deadlines, and how it comes to its end."""

from __future__ import annotations

import asyncio
import os
import socket
from contextlib import suppress
from functools import partial
from typing import cast, final

import uvicorn

from epoca.errors import OptionError
from epoca.lab.connection import Connection, Listened, Socket
from epoca.lab.house import House, Limits
from epoca.lab.routes import application
from epoca.lab.sessions import Sessions
from epoca.lab.wire import MOST_BYTES

TRIED = 50
"""Ports tried one after the other where the first is taken."""

_LIMITS = Limits()

_GRACE = 2
"""Seconds that are waited for pages at the end."""

_FILES = 1024
"""That may be open at a time: connections, and what the program itself has open."""


class _Server(uvicorn.Server):
    """A server whose pages are told before it goes."""

    def __init__(self, config: uvicorn.Config, sessions: Sessions) -> None:
        super().__init__(config)
        self._sessions = sessions

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._sessions.send_away()
        with suppress(TimeoutError):
            async with asyncio.timeout(_GRACE):
                await self._pages_gone()
        for connection in list(self.server_state.connections):
            is_deaf = isinstance(connection, Listened) and connection.is_unread
            if is_deaf or isinstance(connection, Socket):  # which was asked to go, and uvicorn may not ask it again
                connection.transport.abort()
        await asyncio.sleep(0)  # until they are lost
        await super().shutdown(sockets)

    async def _pages_gone(self) -> None:
        while self._sessions.n_pages:
            await asyncio.sleep(0.02)


@final
class Lab:
    """A server of the lab that has its place, and is about to run.

    Parameters
    ----------
    sessions : Sessions
        What it serves.
    port : int
        Its port; 0 takes any that is free.
    is_shared : bool
        Whether others on the network may come.
    limits : Limits
        How much may come, and how slowly.

    Attributes
    ----------
    house : House
        Who it is.
    is_moved : bool
        Whether the port that was asked for was taken by somebody else.

    Raises
    ------
    OptionError
        If there is no free port.
    """

    def __init__(self, sessions: Sessions, *, port: int, is_shared: bool = False, limits: Limits = _LIMITS) -> None:
        self._sessions = sessions
        self._limits = limits
        self._sockets = _bound(port, is_shared=is_shared)
        own_port = int(self._sockets[0].getsockname()[1])
        self.is_moved = port not in (0, own_port)
        self.network_address = _network_address() if is_shared else None
        others = [] if self.network_address is None else [self.network_address]
        self.house = House.at(own_port, others=others)

    @property
    def address(self) -> str:
        """What to open."""
        return f"http://127.0.0.1:{self.house.port}/?t={self.house.token}"

    @property
    def shared_address(self) -> str | None:
        """What others on the network are to open; None where they may not come."""
        if self.network_address is None:
            return None
        return f"http://{self.network_address}:{self.house.port}/?t={self.house.token}"

    def run(self) -> None:
        """Serve until Ctrl-C; pages that come before are waited on then."""
        _allow_files(_FILES)
        config = uvicorn.Config(
            application(self._sessions, self.house, limits=self._limits),
            http=cast(type[Connection], partial(Connection, limits=self._limits, house=self.house)),
            ws=cast(type[Socket], partial(Socket, limits=self._limits)),
            ws_max_size=MOST_BYTES,
            ws_per_message_deflate=False,
            ws_ping_interval=20.0,
            ws_ping_timeout=40.0,
            h11_max_incomplete_event_size=self._limits.headers_bytes,
            timeout_graceful_shutdown=1,
            proxy_headers=False,
            server_header=False,
            access_log=False,
            log_level="warning",
            lifespan="off",
        )
        server = _Server(config, self._sessions)
        try:
            asyncio.run(server.serve(sockets=self._sockets))
        except KeyboardInterrupt:  # which uvicorn passes on when it has ended
            pass
        finally:
            self._sessions.close()


def _bound(port: int, *, is_shared: bool) -> list[socket.socket]:
    """Listening sockets at the port, or at the next that is free."""
    last = min(port + TRIED - 1, 65_535)
    for tried in [0] if port == 0 else range(port, last + 1):
        with suppress(OSError):
            return _listening(tried, is_shared=is_shared)
    raise OptionError("No port from {port} to {last} is free; name another: --port N.", port=str(port), last=str(last))


def _listening(port: int, *, is_shared: bool) -> list[socket.socket]:
    """At this machine's own addresses of both families, or at all of them."""
    first = _socket(socket.AF_INET, "0.0.0.0" if is_shared else "127.0.0.1", port)
    found = [first]
    with suppress(OSError):  # a machine without IPv6
        found.append(_socket(socket.AF_INET6, "::1", int(first.getsockname()[1])))
    return found


def _socket(family: socket.AddressFamily, host: str, port: int) -> socket.socket:
    made = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # said, or asyncio leaves Nagle to wait
    try:
        if family == socket.AF_INET6:
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        if os.name == "posix":  # else a port is taken for a minute after the lab that had it; elsewhere it means more
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((host, port))
        made.listen(128)
    except OSError:
        made.close()
        raise
    return made


def _network_address() -> str | None:
    """By which others on the network find this machine."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, suppress(OSError):
        probe.connect(("192.0.2.1", 9))  # sends nothing; asks which way packets would go
        address = str(probe.getsockname()[0])
        return None if address.startswith("127.") else address
    return None


def _allow_files(n: int) -> None:
    """Have the system let this process open so many files; some let it have 256, fewer than a class needs."""
    try:
        import resource
    except ImportError:  # Windows, which counts them otherwise
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = n if hard == resource.RLIM_INFINITY else min(n, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))

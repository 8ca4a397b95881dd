"""Who the server is, what lets a page in, and how much of anything it takes."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import final


@final
@dataclass(frozen=True, kw_only=True)
class Limits:
    """How much may come from outside, and how slowly.

    Parameters
    ----------
    headers_seconds : float
        Within which a request's line and headers must have come.
    body_seconds : float
        For which a body may stand still.
    unread_seconds : float
        For which nothing of what is sent may be taken.
    headers_bytes : int
        Of a request's line and headers together.
    body_bytes : int
        Of a body that is no upload.
    upload_bytes : int
        Of a table that is brought.
    unread_bytes : int
        Of what waits to be taken while more is asked for; no answer of ours is as long.
    connections : int
        At a time; to more it is said that the server is busy.
    """

    headers_seconds: float = 10.0
    body_seconds: float = 60.0
    unread_seconds: float = 60.0
    headers_bytes: int = 16 * 1024
    body_bytes: int = 64 * 1024
    upload_bytes: int = 200 * 1024 * 1024
    unread_bytes: int = 32 * 1024 * 1024
    connections: int = 400


@final
@dataclass(frozen=True, kw_only=True)
class House:
    """What the guard knows of the server.

    Parameters
    ----------
    hosts : frozenset of str
        The hosts that it is, each with its port, in small letters.
    port : int
        Its port, which the cookie's name bears, since all ports of a machine share their cookies.
    token : str
        What lets a page in.
    """

    hosts: frozenset[str]
    port: int
    token: str

    @classmethod
    def at(cls, port: int, *, others: Iterable[str] = ()) -> House:
        """A server of this machine at a port, and at other addresses of it, with a new token."""
        names = ["127.0.0.1", "localhost", "[::1]", *others]
        hosts = frozenset(f"{name}:{port}".lower() for name in names)
        return cls(hosts=hosts, port=port, token=secrets.token_urlsafe(24))

    @property
    def cookie(self) -> str:
        """The name of its cookie."""
        return f"epoca-lab-{self.port}"

    @cached_property
    def headers(self) -> list[tuple[bytes, bytes]]:
        """What every answer says to the browser, whatever it answers."""
        sockets = " ".join(f"ws://{host}" for host in sorted(self.hosts) if "[" not in host)  # no source, says CSP
        policy = (
            f"default-src 'self'; connect-src 'self' {sockets}; img-src 'self' data: blob:; object-src 'none'; "
            "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        )
        return [
            (b"content-security-policy", policy.encode()),
            (b"x-content-type-options", b"nosniff"),
            (b"referrer-policy", b"no-referrer"),
            (b"cache-control", b"no-store"),
            (b"cross-origin-resource-policy", b"same-origin"),
            (b"cross-origin-opener-policy", b"same-origin"),
        ]

    def is_host(self, host: str) -> bool:
        """Whether this is one of its hosts, to the letter."""
        return host.lower() in self.hosts

    def is_origin(self, origin: str) -> bool:
        """Whether this is the origin of one of its pages."""
        return origin.startswith("http://") and self.is_host(origin.removeprefix("http://"))

    def is_token(self, given: str) -> bool:
        """Whether this is its token, in a time that tells nothing of it."""
        return secrets.compare_digest(given.encode("utf-8", "replace"), self.token.encode())

    def is_known(self, cookies: Iterable[str]) -> bool:
        """Whether one of the cookies is ours.

        All servers of a machine get each other's cookies, so others may stand here, in whatever form.

        Examples
        --------
        >>> house = House.at(8765)
        >>> house.is_known([f'theirs={{"a": 1}}; epoca-lab-8765={house.token}'])
        True
        """
        words = (word.strip().partition("=") for cookie in cookies for word in cookie.split(";"))
        return any(name == self.cookie and self.is_token(value) for name, _sign, value in words)

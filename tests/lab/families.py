"""The requests that a lab must not fall for, by families, and what it is to answer; a benchmark walks them, too.

Families 1 to 16 are here: who asks, and for whom. What is asked is in burdens.py.

In a request, <P> is the lab's port, <T> its token and <S> a session of it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from tests.lab.asking import COOKIE, EVIL, KEY, OURS, TABLE, Case, raw, upgrade, upload
from tests.lab.burdens import contents, floods, paths


def hosts() -> Iterator[Case]:
    """Families 1 to 7: who is meant."""
    for target in ("/", "/?t=<T>", "/page/main.js", "/words/pt_BR.json", "/files/<S>/table"):
        yield Case(1, f"evil host {target}", raw(f"GET {target} HTTP/1.1", host="evil.example:<P>"), (403,))
    yield Case(1, "evil host, upload", upload().replace(b"Host: 127.0.0.1", b"Host: evil.example"), (403,))
    for host in ("127.0.0.1.evil.example", "localhost.evil.example", "10.evil.example", "evil.example#127.0.0.1"):
        yield Case(2, host, raw(host=f"{host}:<P>"), (400, 403))
        yield Case(2, f"{host} alone", raw(host=host), (400, 403))
    strange = ["0.0.0.0", "127.1", "2130706433", "0x7f.0.0.1", "localhost.", "user@127.0.0.1", "[::]", "::1", " "]
    strange += ["[::ffff:127.0.0.1]", "127.0.0.1:<P>@evil.example", "xn--localhost", "127.0.0.2"]
    strange += ["127.0.0.1,localhost"]
    for host in strange:
        yield Case(3, host, raw(host=f"{host}:<P>"), (400, 403))
    ports = ["127.0.0.1:1", "127.0.0.1", "localhost:80", "127.0.0.1:<P>0", "127.0.0.1:0<P>", "127.0.0.1:<P>/"]
    ports += ["localhost:"]
    for host in ports:
        yield Case(3, host, raw(host=host), (400, 403))
    yield Case(4, "no host", raw(host=None), (400, 403))
    yield Case(4, "no host, HTTP/1.0", raw("GET / HTTP/1.0", host=None), (400, 403))
    yield Case(4, "empty host", raw(host=""), (400, 403))
    for one, other in itertools.permutations(("127.0.0.1:<P>", "evil.example:<P>")):
        yield Case(4, f"two hosts, first {one}", raw("GET / HTTP/1.1", f"Host: {other}", host=one), (400, 403))
    yield Case(4, "a host twice", raw("GET / HTTP/1.1", "Host: 127.0.0.1:<P>"), (400, 403))
    for host in ("LOCALHOST:<P>", "localhost:<P>", "[::1]:<P>", "127.0.0.1:<P>"):
        yield Case(5, host, raw(host=host), (200,), holds=b"<title>epoca lab</title>")
    addresses = [
        "http://evil.example/",
        "http://127.0.0.1:<P>/",
        "//evil.example/",
        "https://evil.example/page/main.js",
    ]
    for target in addresses:
        yield Case(6, f"whole address {target}", raw(f"GET {target} HTTP/1.1"), (400, 403, 404))
    yield Case(
        6, "whole address, equal host", raw("GET http://evil.example/ HTTP/1.1", host="evil.example"), (400, 403)
    )
    yield Case(6, "authority", raw("CONNECT evil.example:80 HTTP/1.1"), (400, 403, 405))
    for header in ("X-Forwarded-Host: {}", "Forwarded: host={}", "X-Forwarded-For: {}", "X-Real-IP: {}", "X-Host: {}"):
        evil, good = header.format("evil.example"), header.format("127.0.0.1:<P>")
        yield Case(7, f"{evil}, known", raw("GET / HTTP/1.1", evil), (200,))
        yield Case(7, f"{good}, evil host", raw("GET / HTTP/1.1", good, host="evil.example"), (403,))
        yield Case(
            7, f"{good}, unknown", raw("GET / HTTP/1.1", good, cookie=False), (403,), holds=b"epoca lab</code> printed"
        )


def sockets() -> Iterator[Case]:
    """Families 8 to 11: who may open a WebSocket."""
    yield Case(8, "control: ours", upgrade(OURS), (101,))
    yield Case(8, "control: ours by name", upgrade("Origin: http://localhost:<P>", host="localhost:<P>"), (101,))
    yield Case(8, "evil origin", upgrade(EVIL), (403,))
    strange = ["null", "http://127.0.0.1:<P>.evil.example", "http://localhost:1", "https://127.0.0.1:<P>", "file://"]
    strange += ["", "http://127.0.0.1", "127.0.0.1:<P>", "HTTP://127.0.0.1:<P>", "http://127.0.0.1:<P>/"]
    strange += ["ws://127.0.0.1:<P>", "http://a@127.0.0.1:<P>"]
    for origin in strange:
        yield Case(9, f"origin {origin}", upgrade(f"Origin: {origin}"), (403,))
    yield Case(9, "two origins", upgrade(OURS, EVIL), (400, 403))
    yield Case(10, "no origin", upgrade(), (403,))
    yield Case(10, "no token", upgrade(OURS, cookie=False), (403,))
    yield Case(10, "token in the address alone", upgrade(OURS, cookie=False).replace(b"/wire", b"/wire?t=<T>"), (403,))
    yield Case(10, "token in a header alone", upgrade(OURS, KEY, cookie=False), (403,))
    yield Case(10, "wrong token", upgrade(OURS, "Cookie: epoca-lab-<P>=<T>x", cookie=False), (403,))
    yield Case(10, "cookie of another port", upgrade(OURS, "Cookie: epoca-lab-1=<T>", cookie=False), (403,))
    for site in ("cross-site", "same-site"):
        yield Case(10, f"ours, {site}", upgrade(OURS, f"Sec-Fetch-Site: {site}"), (403,))
    yield Case(11, "rebound", upgrade("Origin: http://evil.example:<P>", host="evil.example:<P>"), (403,))
    yield Case(11, "rebound, no token", upgrade(EVIL, host="evil.example", cookie=False), (403,))
    yield Case(11, "another path", upgrade(OURS).replace(b"/wire", b"/page/main.js"), (403, 404))
    yield Case(11, "not a GET", upgrade(OURS).replace(b"GET", b"POST"), (400, 403, 405))


def forgeries() -> Iterator[Case]:
    """Families 12 to 16: what other pages can have a browser send."""
    post = "POST /tables?session=<S> HTTP/1.1"
    form = "application/x-www-form-urlencoded"
    for kind in ("text/plain", form, "multipart/form-data; boundary=x", "application/json"):
        body = b'{"what": "play"}'
        yield Case(12, f"{kind}, evil", raw(post, EVIL, f"Content-Type: {kind}", body=body), (403,))
        yield Case(12, f"{kind}, no origin", raw(post, f"Content-Type: {kind}", body=body), (403,))
        yield Case(12, f"{kind}, ours", raw(post, OURS, KEY, f"Content-Type: {kind}", body=body), (415,))
    good = upload()
    for origin in ("null", "http://evil.example", "https://127.0.0.1:<P>", "http://127.0.0.1:<P>.evil.example"):
        yield Case(13, f"origin {origin}", good.replace(OURS.encode(), f"Origin: {origin}".encode()), (403,))
    yield Case(13, "no cookie", good.replace(COOKIE.encode(), b"A: b"), (403,))
    yield Case(13, "no header", good.replace(KEY.encode(), b"A: b"), (403,))
    yield Case(13, "neither", good.replace(KEY.encode(), b"A: b").replace(COOKIE.encode(), b"A: b"), (403,))
    yield Case(13, "no origin, no header", good.replace(OURS.encode(), b"A: b").replace(KEY.encode(), b"A: b"), (403,))
    yield Case(13, "wrong header", good.replace(b"Token: <T>", b"Token: x<T>"), (403,))
    yield Case(13, "two headers", upload(TABLE, KEY), (400, 403))
    for site in ("cross-site", "same-site", "Cross-Site", "same-origin, cross-site", ""):
        yield Case(13, f"site {site!r}", upload(TABLE, f"Sec-Fetch-Site: {site}"), (403,))
    yield Case(13, "control: ours", upload(TABLE, "Sec-Fetch-Site: same-origin"), (200,), holds=b'{"id":"t')
    for target in ("/", "/tables?session=<S>", "/files/<S>/model", "/wire", "*"):
        asked = ("Access-Control-Request-Method: POST", "Access-Control-Request-Headers: x-epoca-token")
        for origin in (EVIL, OURS, "Origin: null"):
            yield Case(14, f"{target}, {origin}", raw(f"OPTIONS {target} HTTP/1.1", origin, *asked), (400, 403, 405))
        private = "Access-Control-Request-Private-Network: true"
        yield Case(14, f"{target}, private", raw(f"OPTIONS {target} HTTP/1.1", EVIL, *asked, private), (400, 403, 405))
    for method in ("DELETE", "PUT", "PATCH", "TRACE", "HEAD", "get", "FOO", "PROPFIND"):
        for target in ("/", "/page/main.js", "/words/pt_BR.json", "/tables?session=<S>", "/files/<S>/table", "/wire"):
            yield Case(15, f"{method} {target}", raw(f"{method} {target} HTTP/1.1", OURS, KEY), (400, 403, 405))
    for target in ("/files/<S>/table", "/files/<S>/runs", "/words/pt_BR.json", "/page/main.js", "/page/index.html"):
        for site, kind in itertools.product(("cross-site", "same-site"), ("script", "image", "empty")):
            told = (f"Sec-Fetch-Site: {site}", "Sec-Fetch-Mode: no-cors", f"Sec-Fetch-Dest: {kind}")
            yield Case(16, f"{target} as {kind}, {site}", raw(f"GET {target} HTTP/1.1", *told), (403,))
    yield Case(
        16, "control: data", raw("GET /files/<S>/table HTTP/1.1", "Sec-Fetch-Site: same-origin"), (200,), holds=b"x1"
    )


def cases() -> list[Case]:
    """All of them."""
    groups = (hosts, sockets, forgeries, paths, floods, contents)
    return [case for group in groups for case in group()]

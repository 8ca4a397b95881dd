"""What is asked by those who were let in, and would harm: families 17 to 22, 25, 32 and 33 of the requests."""

from __future__ import annotations

import io
import itertools
import zipfile
from collections.abc import Callable, Iterator
from functools import partial

from tests.lab.asking import COOKIE, KEY, OURS, TABLE, Case, Talk, raw, upload
from tests.lab.bombs import BOMBS

ESCAPES = ["../guard.py", "%2e%2e/guard.py", "%252e%252e/guard.py", "..%2fguard.py", "..%5cguard.py"]
ESCAPES += ["%5c%5chost%5cshare", "C:%5cWindows%5cwin.ini", "//etc/passwd", "%2fetc%2fpasswd", "a%00b"]
ESCAPES += ["main.js%00.html", "main.js/", ".", "..", "", "./main.js", "main%2ejs/..", "MAIN.JS", "main.js%20"]
ESCAPES += ["~root", "file:///etc/passwd", "%c0%ae%c0%ae/guard.py", "a" * 10_000]
NAMES = ["../../x.csv", "..\\..\\x.csv", "/etc/cron.d/x.csv", "CON", "NUL.csv", "x" * 300 + ".csv", "a\x00b.csv", ""]
NAMES += [".", "<img onerror=alert(1)>.csv", "a\r\nSet-Cookie: x=1.csv", "\u202evsc.exe", "..", "table.csv.exe"]
NAMES += ["~/x.csv", "ação.csv", "%2e%2e%2f.csv"]


def paths() -> Iterator[Case]:
    """Families 17 to 19: names that would be paths."""
    for escape in ESCAPES:
        yield Case(17, f"/page/{escape[:30]}", raw(f"GET /page/{escape} HTTP/1.1"), (400, 404))
        yield Case(17, f"/words/{escape[:30]}", raw(f"GET /words/{escape} HTTP/1.1"), (400, 404))
    yield Case(17, "NUL as it is", raw("GET /page/\x00 HTTP/1.1"), (400,))
    yield Case(17, "control", raw("GET /page/main.js HTTP/1.1"), (200,), holds=b"// @ts-check")
    for escape in (*ESCAPES, "..%2f..%2fetc%2fpasswd", "<S>x", "A", "a-b"):
        yield Case(18, f"session {escape[:30]}", raw(f"GET /files/{escape}/table HTTP/1.1"), (400, 404))
        yield Case(18, f"kind {escape[:30]}", raw(f"GET /files/<S>/{escape} HTTP/1.1"), (400, 404))
        yield Case(18, f"upload to {escape[:30]}", upload(session=escape), (400, 404))
    for name in NAMES:
        yield Case(19, f"named {name[:30]!r}", upload(name=name), (200,), holds=b'{"id":"t')
    yield Case(19, "named by bytes", upload().replace(b"X-Name: table.csv", b"X-Name: \xff%ff%.csv"), (200,))
    yield Case(19, "named twice", upload(TABLE, "X-Name: ../x"), (200,))


def chunks(n: int) -> Iterator[bytes]:
    """So many MB in pieces."""
    part = b"%x\r\n" % (1 << 20) + b"1" * (1 << 20) + b"\r\n"
    yield from itertools.repeat(part, n)
    yield b"0\r\n\r\n"


def floods() -> Iterator[Case]:
    """Families 20 to 22: too much of something."""
    chunked = upload(b"", "Transfer-Encoding: chunked")
    yield Case(20, "300 MB said", upload(b"", f"Content-Length: {300 << 20}"), (413,))
    said = upload(b"", f"Content-Length: {300 << 20}")
    yield Case(20, "300 MB said and sent", said, (413,), lambda: [b"1" * (1 << 20)] * 300)
    yield Case(20, "300 MB in chunks", chunked, (413,), lambda: chunks(300))
    yield Case(20, "2^63 said", upload(b"", f"Content-Length: {2**63}"), (400, 413))
    yield Case(20, "5000 digits said", upload(b"", "Content-Length: " + "9" * 5000), (400, 413))
    yield Case(20, "less than nothing said", upload(b"", "Content-Length: -1"), (400,))
    both = upload(b"", "Content-Length: 5", "Transfer-Encoding: chunked")
    yield Case(20, "said and chunked", both, (400, 413), lambda: chunks(201))
    yield Case(20, "expecting to be asked", upload(b"", f"Content-Length: {300 << 20}", "Expect: 100-continue"), (413,))
    yield Case(20, "to where there is no upload", raw("POST / HTTP/1.1", OURS, KEY, body=b"1" * 70_000), (413,))
    yield Case(20, "in chunks, unknown", chunked.replace(COOKIE.encode(), b"A: b"), (403,), lambda: chunks(3))
    yield Case(20, "a GET with a body", raw("GET / HTTP/1.1", body=b"1" * 10), (400,))
    yield Case(20, "a GET in chunks", raw("GET / HTTP/1.1", "Transfer-Encoding: chunked"), (400,), lambda: chunks(1))
    for name, bomb in BOMBS.items():
        sent = upload(b"", "Transfer-Encoding: chunked", name=name)
        yield Case(21, name, sent, (422,), partial(chunked_body, bomb), holds=b"sentence")
    parts = b"".join(b'--x\r\nContent-Disposition: form-data; name="%d"\r\n\r\n1\r\n' % i for i in range(1000))
    form = upload(parts + b"--x--\r\n").replace(b"application/octet-stream", b"multipart/form-data; boundary=x")
    yield Case(22, "1000 form parts", form, (415,))
    nested = upload(b"[" * 100_000).replace(b"application/octet-stream", b"application/json")
    yield Case(22, "JSON nested 100,000 times", nested, (415,))
    yield Case(22, "JSON nested 100,000 times, a table", upload(b"[" * 100_000), (422,))
    yield Case(22, "a header of 70 KB", raw("GET / HTTP/1.1", f"X: {'a' * 70_000}"), (400, 431))
    yield Case(22, "70 KB of headers", raw("GET / HTTP/1.1", *["X: y"] * 10_000), (400, 431))
    yield Case(22, "a cookie of 20 KB", raw("GET / HTTP/1.1", f"Cookie: {'a;' * 10_000}"), (400, 431))
    yield Case(22, "an address of 70 KB", raw(f"GET /{'a' * 70_000} HTTP/1.1"), (400, 431))
    yield Case(22, "a query of 12 KB", raw(f"GET /?{'t=1&' * 3000} HTTP/1.1", cookie=False), (403,))
    ranges = ",".join(f"{i}-{i + 1}" for i in range(1000))
    ranged = raw("GET /page/main.js HTTP/1.1", f"Range: bytes={ranges}")
    yield Case(22, "a range of 1000 parts", ranged, (200,), holds=b"// @ts-check")
    yield Case(22, "no HTTP", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 10 + b"\r\n\r\n", (400,))
    yield Case(22, "HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", (400, 403))
    other = raw("GET / HTTP/1.1", "Connection: Upgrade, HTTP2-Settings, close", "Upgrade: h2c")
    yield Case(22, "another protocol", other, (200,))


def chunked_body(make: Callable[[], bytes]) -> list[bytes]:
    body = make()
    return [b"%x\r\n" % len(body), body, b"\r\n0\r\n\r\n"]


def contents() -> Iterator[Case]:
    """Families 32 and 33: what tables say, and what no table is."""
    cells = '<script>alert(1)</script>,javascript:alert(1),"=cmd(""calc"")",\u202eevil,"<img src=x onerror=alert(1)>"\n'
    rows = cells + "".join(f"<b>{i % 2}</b>,javascript:{i},=1+{i},\u202e{i},&amp;{i}\n" for i in range(12))
    yield Case(32, "hostile cells", upload(rows.encode(), name="<script>.csv"), (200,), holds=b'{"id":"t')
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("archive/data.pkl", b"\x80\x02cos\nsystem\n")
    pickle = b"\x80\x04\x95\x1f\x00\x00\x00\x00\x00\x00\x00\x8c\x05posix\x94\x8c\x06system\x94\x93\x94."
    header = b'{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}'.ljust(64)
    safetensors = len(header).to_bytes(8, "little") + header + b"\x00" * 4
    foreign = {"model.pt": archive.getvalue(), "model.keras": archive.getvalue(), "model.pkl": pickle}
    foreign |= {"model.h5": b"\x89HDF\r\n\x1a\n" + b"\x00" * 64, "model.safetensors": safetensors}
    for name, body in foreign.items():
        yield Case(33, name, upload(body, name=name), (422,), holds=b"sentence")
        yield Case(33, f"{name} as a table", upload(body, name="table.csv"), (422,), holds=b"sentence")
        yield Case(33, f"{name} as Parquet", upload(body, name="table.parquet"), (422,), holds=b"sentence")


HELLO = '{"type": "hello", "protocol": 1, "session": "<S>", "language": "en"}'
TALKS = [
    Talk("binary", [b"\x00\x01"], 1003),
    Talk("1 MB", ["x" * (1 << 20)], 1009),
    Talk("1 MB of bytes", [b"x" * (1 << 20)], 1009),
    Talk("70 KB", ["x" * 70_000], 1009),
    Talk("bad JSON", ["{"], 1007),
    Talk("nested JSON", ["[" * 60_000], 1007),
    Talk("no object", ["[]"], 1003),
    Talk("unknown type at first", ['{"type": "sing"}'], 1003),
    Talk("1000 messages", [HELLO, *['{"type": "frame"}'] * 1000], 1008),
    Talk("unknown type, then no type", [HELLO, '{"type": "sing", "id": 1}', "{}"], 1003),
]

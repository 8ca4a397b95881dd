"""How long a lab lets one wait at most: ``python -m tests.lab.watch PORT TOKEN``, until stdin ends."""

from __future__ import annotations

import select
import socket
import sys
import time


def main(port: int, token: str) -> None:
    """Print "ready", and at last the longest wait in ms, which is no shorter than the event loop ever stood still."""
    request = (
        f"GET /page/icon.svg HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: epoca-lab-{port}={token}\r\n\r\n".encode()
    )
    longest = 0.0
    with socket.create_connection(("127.0.0.1", port)) as opened:
        print("ready", flush=True)
        while not select.select([sys.stdin], [], [], 0.002)[0]:
            began = time.perf_counter()
            opened.sendall(request)
            while not opened.recv(1 << 16).endswith(b"</svg>\n"):
                pass
            longest = max(longest, time.perf_counter() - began)
    print(1000 * longest)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])

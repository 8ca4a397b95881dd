"""A lab's own process, and what speaks to its sockets as no polite client would."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple, cast

from websockets.sync.client import ClientConnection, connect

ROOT = Path(__file__).parents[2]

PATIENCE = 60.0
"""Seconds for which a test waits for what must come; a busy machine is no fault of ours."""


class Answer(NamedTuple):
    """What came back until the connection was closed."""

    status: int
    """0 where nothing came."""
    headers: dict[str, str]
    body: bytes
    raw: bytes


class At:
    """A lab that runs, and one session of it that stands still."""

    def __init__(self, process: subprocess.Popen[str], address: str, folder: Path) -> None:
        self.process = process
        self.folder = folder
        """In which it keeps what is only for a while."""
        port, self.token = address.removeprefix("http://127.0.0.1:").split("/?t=")
        self.port = int(port)
        self.session = ""
        self.errors: list[str] = []

    def filled(self, template: bytes) -> bytes:
        """A request for this very lab: its port for <P>, its token for <T>, its session for <S>."""
        for mark, value in ((b"<P>", str(self.port)), (b"<T>", self.token), (b"<S>", self.session)):
            template = template.replace(mark, value.encode())
        return template

    def opened(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)

    def ask(self, template: bytes, more: Iterable[bytes] = ()) -> Answer:
        """Send a request, and then more, as far as it is taken; read until the connection is closed."""
        with self.opened() as opened:
            sender = threading.Thread(target=_send, args=(opened, [self.filled(template), *more]))
            sender.start()
            answer = read(opened)
            opened.close()
            sender.join()
        return answer

    @contextmanager
    def tab(self, *, session: str = "", greets: bool = True) -> Iterator[ClientConnection]:
        """A page's WebSocket."""
        origin = f"http://127.0.0.1:{self.port}"
        headers = {"Cookie": f"epoca-lab-{self.port}={self.token}"}
        address = f"ws://127.0.0.1:{self.port}/wire"
        with connect(
            address, additional_headers=headers, origin=cast(Any, origin), max_size=None, compression=None
        ) as opened:
            if greets:
                opened.send(json.dumps({"type": "hello", "protocol": 1, "session": session, "language": "en"}))
            yield opened

    def new_session(self) -> str:
        """Begin a session and let it rest."""
        with self.tab() as tab:
            hello = json.loads(tab.recv(timeout=PATIENCE))
            answered(tab, type="do", what="pause")
        return str(hello["session"])

    def left_behind(self) -> list[str]:
        """What lies where it keeps what is only for a while."""
        return sorted(entry.name for entry in self.folder.iterdir())

    def end(self) -> int:
        """Press Ctrl-C."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=PATIENCE)


def answered(tab: ClientConnection, **message: Any) -> dict[str, Any]:
    """Say something as a page, and read on until that is answered."""
    tab.send(json.dumps({**message, "id": 1}))
    while isinstance(found := tab.recv(timeout=PATIENCE), bytes) or json.loads(found).get("id") != 1:
        pass
    return cast(dict[str, Any], json.loads(found))


def _send(opened: socket.socket, parts: Iterable[bytes]) -> None:
    try:
        for part in parts:
            opened.sendall(part)
    except OSError:  # it did not want to hear more
        return


def read(opened: socket.socket) -> Answer:
    """All that comes until the connection is closed."""
    raw = b""
    try:
        while part := opened.recv(1 << 16):
            raw += part
            if raw.startswith(b"HTTP/1.1 101"):
                break
    except ConnectionError:
        pass
    head, _gap, body = raw.partition(b"\r\n\r\n")
    line, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value for name, _colon, value in (line.partition(": ") for line in lines)}
    return Answer(int(line.split()[1]) if line else 0, headers, body, raw)


def free_port() -> int:
    """A port that nobody is at, of those that the system gives to nobody by itself."""
    while True:
        port = random.randrange(10_000, 30_000)
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port


@contextmanager
def running(*command: str, session: bool = True) -> Iterator[At]:
    """A lab's process, by default `epoca lab` itself, until it is no longer needed."""
    words = command or (sys.executable, "-m", "epoca", "lab", "--no-browser", "--port", "0")
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(
            words,
            cwd=ROOT,
            env={**os.environ, "TMPDIR": folder, "EPOCA_LANG": "en"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        assert process.stderr is not None
        at = At(process, process.stdout.readline().strip(), Path(folder))
        reader = threading.Thread(target=at.errors.extend, args=(process.stderr,))
        reader.start()
        try:
            at.session = at.new_session() if session else ""
            yield at
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
            reader.join()
            process.stdout.close()
            process.stderr.close()


@contextmanager
def watched(at: At) -> Iterator[list[float]]:
    """Ask for a small answer again and again, from a process of its own; in the end the longest wait in ms is known."""
    command = [sys.executable, "-m", "tests.lab.watch", str(at.port), at.token]
    found: list[float] = []
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        yield found
        found.append(float(process.communicate("")[0]))

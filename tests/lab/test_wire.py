"""The protocol between page and session, over a real socket; who may speak at all is tested in test_guard.py."""

from __future__ import annotations

import json
import logging
import math
import random
import threading
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from typing import Any

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from epoca.errors import EpocaError, OptionError
from epoca.lab import wire
from epoca.lab.session import Session
from epoca.lab.sessions import Opening, Sessions
from epoca.lab.wire import PROTOCOL, converse
from tests.lab.made import session, settle, unpacked, until
from tests.lab.probing import PATIENCE
from tests.made import threads_left


class Server:
    """A server of sessions alone, in a thread."""

    def __init__(self) -> None:
        self.sessions = Sessions(Opening(), workers=2)

        async def talk(socket: WebSocket) -> None:
            await converse(socket, self.sessions)

        app = Starlette(routes=[WebSocketRoute("/wire", talk)])
        settings = uvicorn.Config(app, port=0, log_level="error", ws="websockets-sansio", ws_per_message_deflate=False)
        self._server = uvicorn.Server(settings)
        self._thread = threading.Thread(target=self._server.run)
        self._thread.start()
        until(lambda: self._server.started)

    @property
    def address(self) -> str:
        port = self._server.servers[0].sockets[0].getsockname()[1]
        return f"ws://127.0.0.1:{port}/wire"

    def close(self) -> None:
        self._server.should_exit = True
        self._thread.join()
        self.sessions.close()


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    made = Server()
    yield made
    made.close()


class Page:
    """A page as far as the protocol goes."""

    def __init__(self, server: Server, *, session: str = "", language: str = "en") -> None:
        self._open = ExitStack()
        self.socket: ClientConnection = self._open.enter_context(
            connect(server.address, max_size=None, compression=None)
        )
        self.send(type="hello", protocol=PROTOCOL, session=session, language=language)
        hello = self.text()
        assert hello["type"] == "hello"
        self.session: str = hello["session"]
        self.state: dict[str, Any] = hello["state"]
        self._count = 0

    def __enter__(self) -> Page:
        return self

    def __exit__(self, *_error: object) -> None:
        self._open.close()

    def is_silent(self) -> bool:
        """Whether no frame comes for half a second."""
        try:
            while isinstance(self.socket.recv(timeout=0.5), str):
                pass
        except TimeoutError:
            return True
        return False

    def closed(self) -> int:
        """Read on until the server closes the socket; the code with which it does."""
        with suppress(ConnectionClosed):
            while True:
                self.socket.recv(timeout=PATIENCE)
        assert self.socket.close_code is not None
        return self.socket.close_code

    def send(self, **message: Any) -> None:
        self.socket.send(json.dumps(message))

    def text(self) -> dict[str, Any]:
        """The next message that is no frame; states are taken in by the way."""
        while True:
            message = self.socket.recv(timeout=PATIENCE)
            if isinstance(message, str):
                found: dict[str, Any] = json.loads(message)
                if found["type"] == "state":
                    self.state |= found["state"]
                return found

    def answered(self, **message: Any) -> dict[str, Any]:
        """What comes back for a message."""
        self._count += 1
        self.send(id=self._count, **message)
        while (found := self.text()).get("id") != self._count:
            pass
        return found

    def frame(self, *, have: int = 0) -> tuple[dict[str, Any], bytes]:
        self.send(type="frame", have=have, serial=self.state["serial"])
        while True:
            message = self.socket.recv(timeout=PATIENCE)
            if isinstance(message, bytes):
                return unpacked(message)
            self.state |= json.loads(message).get("state", {})


def test_it_opens_with_moons_that_are_being_learned(server: Server) -> None:
    with Page(server) as page:
        header, planes = page.frame()
        assert page.state["table"] == "moons"
        assert page.state["status"] == "playing"
        assert len(planes) > 20_000
        while header["epoch"] < 3:
            header, _planes = page.frame(have=header["epoch"])
        assert len(header["curves"]["held_out"]) == header["epoch"] - header["first"]


def test_frames_are_sent_when_asked_for_and_when_there_is_something_new(server: Server) -> None:
    with Page(server) as page:
        page.answered(type="do", what="pause")
        page.frame()
        page.send(type="frame", have=0, serial=page.state["serial"])
        assert page.is_silent()
        page.send(type="do", what="step", of="epoch")
        while isinstance(page.socket.recv(timeout=PATIENCE), str):
            pass


def test_a_pause_is_answered_while_it_learns_as_fast_as_it_can(server: Server) -> None:
    with Page(server) as page:
        page.answered(
            type="change", changes={"speed": 0, "table": "digits", "hidden": [64, 64], "epochs": 10_000, "stopping": ""}
        )
        board = server.sessions.get(page.session).board
        for _time in range(5):
            page.answered(type="do", what="play")
            page.frame()
            assert page.answered(type="do", what="pause")["type"] == "done"
            assert board["status"] == "paused"


def test_a_page_that_comes_again_finds_its_session_going_on(server: Server) -> None:
    with Page(server) as page:
        page.answered(type="change", changes={"speed": 100, "epochs": 10_000, "stopping": ""})
        header, _planes = page.frame()
        seen = header["curves"]["training"]
    until(lambda: server.sessions.get(page.session).board["epoch"] > len(seen) + 10)
    with Page(server, session=page.session) as again:
        assert again.session == page.session
        header, _planes = again.frame(have=len(seen))
        assert header["serial"] == again.state["serial"]
        assert header["first"] == len(seen)
        assert header["epoch"] > len(seen) + 10
        assert len(header["curves"]["training"]) == header["epoch"] - len(seen)
        whole, _planes = again.frame(have=0)
        assert whole["curves"]["training"][: len(seen)] == seen


def test_disconnects_lose_and_double_no_epoch(server: Server) -> None:
    """200 of them, in mid-training (the figure L4)."""
    name, curve = "", []
    for _time in range(200):
        with Page(server, session=name) as page:
            name = page.session
            if not curve:
                page.answered(type="change", changes={"speed": 0, "epochs": 10_000, "stopping": "", "members": 2})
            header, _planes = page.frame(have=len(curve))
            assert header["first"] == len(curve)
            curve += header["curves"]["training"]
    assert len(curve) == header["epoch"]
    with Page(server, session=name) as page:
        page.answered(type="do", what="pause")
        header, _planes = page.frame(have=0)
    assert header["curves"]["training"][: len(curve)] == curve


def test_two_pages_of_one_session_see_one_run(server: Server) -> None:
    with Page(server) as one, Page(server, session=one.session) as other:
        one.answered(type="do", what="pause")
        one.answered(type="do", what="restart")
        one.answered(type="do", what="step", of="epoch")
        header, _planes = other.frame()
        assert header["epoch"] == 1
        other.answered(type="do", what="play")
        one.answered(type="do", what="play")
        until(lambda: one.frame()[0]["epoch"] > 3)
        assert one.frame()[0]["serial"] == other.frame()[0]["serial"]


def test_an_answer_carries_the_number_of_its_question(server: Server) -> None:
    with Page(server, language="pt_BR") as page:
        assert page.answered(type="ask", what="row", row=3)["answer"]["row"] == 3
        refused = page.answered(type="ask", what="row", row=-1)
        assert refused == {"type": "refused", "id": 2, "sentence": "Não existe a linha -1; há 400."}
        refused = page.answered(type="sing")
        assert refused["sentence"] == "O laboratório não entende esta mensagem."


@pytest.mark.parametrize(
    ("message", "code"),
    [
        (b"\x00\x01", 1003),
        ("{", 1007),
        ("[" * 20_000, 1007),
        ('{"type": NaN}', 1007),
        ('{"type": "ask", "what": "row", "values": {"x1": 1e999}}', 1007),
        ('{"type": "ask", "what": "row", "values": {"x1": 1' + "0" * 400 + "}}", 1007),
        ('{"type": "ask", "what": "\\ud800"}', 1007),
        ("[]", 1003),
        ('{"type": 3}', 1003),
        ('{"type": "frame", "have": "x"}', 1003),
        ('{"type": "do", "what": "play", "id": []}', 1003),
        ("x" * 65_537, 1009),
    ],
)
def test_what_is_not_of_the_protocol_ends_the_conversation(server: Server, message: str | bytes, code: int) -> None:
    with Page(server) as page:
        page.socket.send(message)
        assert page.closed() == code
    with Page(server, session=page.session) as again:  # the session is none the worse
        assert again.frame()[0]["status"] == "playing"


@pytest.mark.parametrize(
    "first",
    [
        {"type": "do", "what": "play"},
        {"type": "hello", "protocol": 1, "session": 3, "language": "en"},
        {"type": "hello", "protocol": 1, "session": "", "language": "fr"},
    ],
)
def test_the_first_message_must_be_a_hello(server: Server, first: dict[str, Any]) -> None:
    with connect(server.address) as socket:
        socket.send(json.dumps(first))
        with pytest.raises(ConnectionClosed) as closed:
            socket.recv(timeout=PATIENCE)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1003


def test_a_page_of_another_version_is_told_so(server: Server) -> None:
    with connect(server.address) as socket:
        socket.send(json.dumps({"type": "hello", "protocol": 0, "session": "", "language": "en"}))
        refused = json.loads(socket.recv(timeout=PATIENCE))
        assert refused["sentence"] == "The page is of another version; load it again."


def test_a_frame_that_cannot_be_drawn_yet_is_drawn_once_it_can_however_often_it_was_asked_for(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_asked_again, draw = threading.Event(), Session.frame

    def fail(*_arguments: object, **_more: object) -> None:
        is_asked_again.wait(PATIENCE)
        raise OptionError("There is nothing to draw.")

    with Page(server) as page:
        page.answered(type="do", what="pause")
        monkeypatch.setattr(Session, "frame", fail)
        for _time in range(3):
            page.send(type="frame", have=0, serial=page.state["serial"])
        page.answered(type="ask", what="record")
        is_asked_again.set()
        assert page.is_silent()
        monkeypatch.setattr(Session, "frame", draw)
        page.send(type="do", what="step", of="epoch")
        while isinstance(page.socket.recv(timeout=PATIENCE), str):
            pass


def test_what_is_no_number_in_an_answer_is_said_as_null(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    told = {"losses": [1.5, math.nan, (math.inf, 3)], "best": {"loss": -math.inf, "name": "x", "is_open": True}}
    monkeypatch.setattr(Session, "ask", lambda *_arguments: told)
    with Page(server) as page:
        answer = page.answered(type="ask", what="row", row=0)["answer"]
    assert answer == {"losses": [1.5, None, [None, 3]], "best": {"loss": None, "name": "x", "is_open": True}}


@pytest.mark.parametrize("fault", [RuntimeError, RecursionError, ValueError])
def test_a_fault_of_ours_is_written_down(
    server: Server, fault: type[Exception], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_arguments: object) -> None:
        raise fault("a fault of ours")

    monkeypatch.setattr(Session, "do", fail)
    monkeypatch.setattr(logging.getLogger("uvicorn"), "propagate", True)
    with Page(server) as page:
        page.send(type="do", what="play")
        page.closed()
    assert "a fault of ours" in caplog.text


def test_too_many_messages_end_the_conversation(server: Server) -> None:
    with Page(server) as page:
        for _time in range(wire.MOST_A_SECOND + 2):
            page.send(type="frame", have=0, serial=0)
        assert page.closed() == 1008


def test_ten_thousand_strange_messages_harm_nothing() -> None:
    of = session(rows=24, members=1, epochs=3)
    chance = random.Random(6)
    refused = 0
    for _time in range(10_000):
        message = _mutated(chance, chance.choice(_MESSAGES))
        if not isinstance(message.get("type"), str):
            continue
        try:
            answer = wire._carried_out(of, message)
        except EpocaError:
            refused += 1
            continue
        json.dumps(answer, allow_nan=False)
    assert refused > 2000
    of.change({"table": "moons", "rows": 40, "model": "network", "hidden": [2], "left_out": [], "target": "label"})
    of.do("pause", {})
    settle(of)
    of.do("step", {"of": "epoch"})
    assert of.board["problem_sentence"] == ""
    assert of.board["epoch"] == 1


_MESSAGES: list[dict[str, Any]] = [
    {"type": "change", "changes": {"rows": 30}},
    {"type": "change", "changes": {"hidden": [3, 2]}},
    {"type": "change", "changes": {"axes": ["x1", "x2"]}},
    {"type": "change", "changes": {"held": {"x1": 0.5}}},
    {"type": "change", "changes": {"learning_rate": 0.1}},
    {"type": "change", "changes": {"language": "pt_BR", "speed": 5}},
    {"type": "do", "what": "play"},
    {"type": "do", "what": "pause"},
    {"type": "do", "what": "step", "of": "sample"},
    {"type": "do", "what": "step", "of": "epoch"},
    {"type": "do", "what": "back"},
    {"type": "do", "what": "view", "epoch": 1},
    {"type": "do", "what": "set_weight", "index": 2, "value": 0.5},
    {"type": "do", "what": "freeze", "index": 2, "is_frozen": True},
    {"type": "do", "what": "undo"},
    {"type": "do", "what": "go_on", "epochs": 3},
    {"type": "do", "what": "add_point", "x": 0.1, "y": 0.2, "code": 1},
    {"type": "do", "what": "move_point", "row": 1, "x": 0.1, "y": 0.2},
    {"type": "do", "what": "remove_point", "row": 1},
    {"type": "do", "what": "pin"},
    {"type": "do", "what": "unpin", "run": 1},
    {"type": "do", "what": "experiment"},
    {
        "type": "do",
        "what": "replay",
        "record": {"choices": {"epochs": 3}, "edits": [], "events": [], "fingerprint": "", "epoch": 1, "step": 0},
    },
    {"type": "ask", "what": "row", "row": 3},
    {"type": "ask", "what": "row", "values": {"x1": 0.5}},
    {"type": "ask", "what": "speech"},
    {"type": "ask", "what": "likelihood"},
    {"type": "ask", "what": "record"},
]

_STRANGE: list[Any] = [
    *(
        None,
        True,
        False,
        0,
        -1,
        1,
        2**63,
        -(10**30),
        1e308,
        1e-320,
        0.5,
        "",
        "x",
        "x1",
        "moons",
        "kept",
        "\x00",
        "ß" * 50,
    ),
    *([], [[]], {}, {"x1": []}, ["x1"], [0], "../../etc/passwd", "__class__", "=1+1"),
]


def _mutated(chance: random.Random, value: Any) -> Any:
    """A message of which something may be another thing."""
    if isinstance(value, dict):
        changed = {key: _mutated(chance, part) for key, part in value.items() if chance.random() > 0.03}
        if chance.random() < 0.05:
            changed[str(chance.choice(_STRANGE))] = chance.choice(_STRANGE)
        return changed
    if isinstance(value, list):
        more = [chance.choice(_STRANGE)] if chance.random() < 0.05 else []
        return [_mutated(chance, part) for part in value] + more
    return chance.choice(_STRANGE) if chance.random() < 0.12 else value


def test_sessions_come_to_an_end_with_the_server() -> None:
    before = threading.enumerate()
    own = Server()
    with Page(own) as page:
        page.frame()
    own.close()
    assert threads_left(besides=before) == []


def test_nothing_is_left_of_pages_that_came_and_went(server: Server) -> None:
    with Page(server) as page:
        name = page.session
    for _time in range(100):
        with Page(server, session=name):
            pass
    until(lambda: server.sessions.n_pages == 0)

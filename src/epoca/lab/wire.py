"""The protocol: messages in, messages out; ``docs/lab.md`` tells it."""

from __future__ import annotations

import asyncio
import json
import logging
import math
import time
from collections.abc import Mapping
from functools import partial
from typing import Any, final

from starlette.websockets import WebSocket, WebSocketDisconnect

from epoca.errors import EpocaError, OptionError
from epoca.lab.reading import is_whole
from epoca.lab.session import Session
from epoca.lab.sessions import Sessions
from epoca.locales import Language
from epoca.messages import Message

PROTOCOL = 1
"""Raised whenever an older page could not read the messages rightly."""

MOST_BYTES = 65_536
"""Of a message."""

MOST_A_SECOND = 300
"""Messages; more are those of a page gone wild."""

NEXT_FRAME = 0.025
"""Seconds from frame to frame at least: more than forty a second nobody sees."""

NEXT_STATE = 0.04
"""Seconds from one message of the state to the next at least; what changes meanwhile comes together."""

GOING_AWAY, NOT_OF_THE_PROTOCOL, TOO_MANY = 1001, 1003, 1008
"""Why a socket is closed, as RFC 6455 counts."""

logger = logging.getLogger(__name__)


async def converse(socket: WebSocket, sessions: Sessions) -> None:
    """Talk with a page until it goes.

    Parameters
    ----------
    socket : WebSocket
        Not yet accepted; whoever may speak was looked at before.
    sessions : Sessions
        Of which the page takes part in one.
    """
    await socket.accept()
    try:
        first = await _received(socket)
        session = await _greeted(socket, first, sessions)
    except WebSocketDisconnect:
        return
    except _RefusedError as refused:
        await _close(socket, refused)
        return
    await _Conversation(socket, session, sessions).run()


class _RefusedError(Exception):
    """What came is not of the protocol."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason


async def _close(socket: WebSocket, refused: _RefusedError) -> None:
    if refused.code != GOING_AWAY:
        logger.warning("a page was sent away: %s", refused.reason)
    try:
        await socket.close(refused.code, refused.reason)
    except (RuntimeError, WebSocketDisconnect):  # it has gone meanwhile
        return


async def _received(socket: WebSocket) -> dict[str, Any]:
    """The next message."""
    message = await socket.receive()
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message.get("code", 1005))
    text = message.get("text")
    if text is None:
        raise _RefusedError(NOT_OF_THE_PROTOCOL, "binary messages are not understood")
    if len(text) > MOST_BYTES:
        raise _RefusedError(1009, "the message is too long")
    try:
        found = json.loads(text, parse_int=_whole)
        json.dumps(found, allow_nan=False, ensure_ascii=False).encode()  # nothing that could not be said back
    except (ValueError, RecursionError):
        raise _RefusedError(1007, "the message is no JSON") from None
    if not isinstance(found, dict) or not isinstance(found.get("type"), str):
        raise _RefusedError(NOT_OF_THE_PROTOCOL, "the message has no type")
    return found


def _whole(digits: str) -> int | float:
    """A whole number; infinity where no float is as large."""
    return int(digits) if math.isfinite(float(digits)) else math.inf


async def _send(socket: WebSocket, content: str | bytes) -> None:
    """Send one message of text or bytes."""
    try:
        await (socket.send_text(content) if isinstance(content, str) else socket.send_bytes(content))
    except RuntimeError:  # that is what is raised where the socket was closed meanwhile
        raise WebSocketDisconnect from None


def _text(message: Mapping[str, Any]) -> str:
    return json.dumps(_plain(message), allow_nan=False)


def _plain(value: Any) -> Any:
    """A value as JSON has it; what is no finite number becomes None."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {key: _plain(part) for key, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, list | tuple) else value


async def _greeted(socket: WebSocket, first: Mapping[str, Any], sessions: Sessions) -> Session:
    """The session that a page takes part in by its first message."""
    name, code = first.get("session", ""), first.get("language")
    if first["type"] != "hello" or not isinstance(name, str) or code not in ("en", "pt_BR"):
        raise _RefusedError(NOT_OF_THE_PROTOCOL, "the first message must be a hello")
    language = Language(code)
    if first.get("protocol") != PROTOCOL:
        sentence = language.say(Message("The page is of another version; load it again."))
        await _send(socket, _text(_refusal(None, sentence)))
        raise _RefusedError(NOT_OF_THE_PROTOCOL, "another version of the protocol")
    try:
        return await asyncio.to_thread(sessions.open, name[:40], language=code)
    except EpocaError as error:
        await _send(socket, _text(_refusal(None, language.say(error.message))))
        raise _RefusedError(TOO_MANY, "no session") from None


def _refusal(number: object, sentence: str) -> dict[str, Any]:
    """Why a message, by its number, is not followed."""
    return {"type": "refused", "id": number, "sentence": sentence}


@final
class _Conversation:
    """One page and its session.

    Three tasks: one reads messages and carries them out in order, one sends what changed of the state, one sends a
    frame whenever the page has asked for one and there is something new to draw.
    """

    def __init__(self, socket: WebSocket, session: Session, sessions: Sessions) -> None:
        self._socket = socket
        self._session = session
        self._sessions = sessions
        self._changed, self._new_to_draw = asyncio.Event(), asyncio.Event()
        self._asked: tuple[int, int] | None = None
        self._known = 0
        self._sending = asyncio.Lock()

    async def run(self) -> None:
        """Talk until the page goes."""
        loop, session = asyncio.get_running_loop(), self._session

        def wake() -> None:
            self._changed.set()
            self._new_to_draw.set()

        def tell() -> None:  # called by threads that train
            loop.call_soon_threadsafe(wake)

        session.board.listen(tell)
        try:
            state, self._known = session.board.since(0)
            hello = {"type": "hello", "protocol": PROTOCOL, "session": session.name, "state": state}
            await self._send(_text(hello))
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(work) for work in (self._states(), self._frames())]
                await self._messages()
                for task in tasks:
                    task.cancel()
        except* WebSocketDisconnect:
            pass
        except* _RefusedError as refusals:
            refusal = refusals.exceptions[0]
            assert isinstance(refusal, _RefusedError)
            await _close(self._socket, refusal)
        finally:
            session.board.forget(tell)
            self._sessions.leave(session)

    async def _send(self, content: str | bytes) -> None:
        async with self._sending:
            await _send(self._socket, content)

    async def _messages(self) -> None:
        """Carry out what the page asks for, one after the other."""
        began, count = time.monotonic(), 0
        while True:
            try:
                message = await _received(self._socket)
            except WebSocketDisconnect:
                return
            if time.monotonic() - began > 1:
                began, count = time.monotonic(), 0
            count += 1
            if count > MOST_A_SECOND:
                raise _RefusedError(TOO_MANY, "too many messages")
            await self._follow(message)

    async def _follow(self, message: Mapping[str, Any]) -> None:
        number = message.get("id")
        if not (number is None or isinstance(number, int | str)):
            raise _RefusedError(NOT_OF_THE_PROTOCOL, "an id is a number or a text")
        if message["type"] == "frame":
            self._ask_for_frame(message)
            return
        text = await asyncio.to_thread(_followed, self._session, message)
        if text is not None:
            await self._send(text)

    def _ask_for_frame(self, message: Mapping[str, Any]) -> None:
        have, serial = message.get("have", 0), message.get("serial", 0)
        if not (is_whole(have) and is_whole(serial)):
            raise _RefusedError(NOT_OF_THE_PROTOCOL, "a frame is asked for with two whole numbers")
        self._asked = (have, serial)
        self._new_to_draw.set()

    async def _states(self) -> None:
        """Send what changed of the state, whenever something did."""
        while True:
            await self._changed.wait()
            self._changed.clear()
            if self._sessions.is_ending:
                raise _RefusedError(GOING_AWAY, "the lab has ended")
            state, self._known = self._session.board.since(self._known)
            if state:
                await self._send(_text({"type": "state", "state": state}))
                await asyncio.sleep(NEXT_STATE)

    async def _frames(self) -> None:
        """Send a frame for each that is asked for, when there is something new."""
        draw = partial(asyncio.get_running_loop().run_in_executor, self._sessions.drawing)
        drawn, sent = -1, -math.inf
        while True:
            while self._asked is None or self._session.board.drawn == drawn:
                self._new_to_draw.clear()
                await self._new_to_draw.wait()
            await asyncio.sleep(max(0.0, sent + NEXT_FRAME - time.monotonic()))
            (have, serial), self._asked = self._asked, None
            drawn = self._session.board.drawn
            try:
                content, drawn = await draw(partial(self._session.frame, have=have, serial=serial))
            except OptionError:  # nothing to draw; there may be later
                self._asked = self._asked or (have, serial)
                continue
            sent = time.monotonic()
            await self._send(content)


def _followed(session: Session, message: Mapping[str, Any]) -> str | None:
    """Do what a message says; what is said back, if anything is."""
    number = message.get("id")
    try:
        answer = _carried_out(session, message)
    except EpocaError as error:
        return _text(_refusal(number, session.language.say(error.message)))
    if answer is not None:
        return _text({"type": "answer", "id": number, "answer": answer})
    return None if number is None else _text({"type": "done", "id": number})


def _carried_out(session: Session, message: Mapping[str, Any]) -> dict[str, Any] | None:
    """Do what a message says; the answer, if it asks for one."""
    kind = message["type"]
    if kind == "change" and isinstance(message.get("changes"), dict):
        session.change(message["changes"])
        return None
    what = message.get("what")
    if kind in {"do", "ask"} and isinstance(what, str):
        if kind == "do":
            session.do(what, message)
            return None
        return session.ask(what, message)
    raise OptionError("The lab does not understand this message.")

"""What the server answers: the page, its words, tables brought to it, files to save, and the wire."""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
import shutil
import tempfile
from contextlib import suppress
from importlib import resources
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, unquote

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from epoca.errors import EpocaError, FileError
from epoca.lab.guard import Guard
from epoca.lab.house import House, Limits
from epoca.lab.page_words import words_of_page
from epoca.lab.sessions import Sessions
from epoca.lab.weighing import refuse_too_large
from epoca.lab.wire import converse
from epoca.locales import Language

UPLOADS = frozenset({"/tables"})
"""Paths that take more than a few words."""

_ENDINGS = (".csv.gz", ".csv.zst", ".csv", ".tsv", ".txt", ".parquet", ".arrow", ".feather")
"""Of tables that are brought; what a file is called otherwise, we do not ask."""

_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}

_OUR_FAULT = 1011
"""Why a socket is closed, as RFC 6455 counts."""

_NAME = re.compile(r"[a-z0-9]{1,32}")

logger = logging.getLogger(__name__)


def application(sessions: Sessions, house: House, *, limits: Limits) -> Guard:
    """The whole application, the guard outside.

    Parameters
    ----------
    sessions : Sessions
        What pages talk with.
    house : House
        Who we are.
    limits : Limits
        How much may come.
    """
    app = Starlette(routes=routes(sessions, house), exception_handlers={Exception: _failed})
    app.router.redirect_slashes = False
    return Guard(app, house, limits=limits, uploads=UPLOADS)


def routes(sessions: Sessions, house: House) -> list[Route | WebSocketRoute]:
    """Everything that the lab answers to, once the guard has let it in."""
    files = page_files()
    index = files["index.html"].content.replace(
        b'<meta name="epoca-token" content="">', f'<meta name="epoca-token" content="{house.token}">'.encode()
    )

    async def page(_request: Request) -> Response:
        return Response(index, media_type="text/html")

    async def part(request: Request) -> Response:
        # Looked up among the files that there were at the start, so that no path is ever opened.
        found = files.get(request.path_params["name"])
        if found is None:
            raise HTTPException(404)
        return Response(found.content, media_type=found.media_type)

    async def words(request: Request) -> Response:
        code = request.path_params["language"]
        if code not in ("en", "pt_BR"):
            raise HTTPException(404)
        return JSONResponse(await asyncio.to_thread(words_of_page, Language(code)))

    async def tables(request: Request) -> Response:
        return await _brought(request, sessions)

    async def file(request: Request) -> Response:
        session, kind = request.path_params["session"], request.path_params["kind"]
        if not (_NAME.fullmatch(session) and _NAME.fullmatch(kind)):
            raise HTTPException(404)
        try:
            name, content, media = await asyncio.to_thread(sessions.file, session, kind)
        except EpocaError as error:
            return _refused(sessions.language_of(session), error, status=404)
        return Response(content, media_type=media, headers={"content-disposition": _attached(name)})

    async def wire(socket: WebSocket) -> None:
        try:
            await converse(socket, sessions)
        except Exception as error:  # of ours; the page comes again by itself
            _written_down(error)
            with suppress(RuntimeError):
                await socket.close(_OUR_FAULT)

    return [
        Route("/", page, methods=["GET"]),
        Route("/page/{name}", part, methods=["GET"]),
        Route("/words/{language}.json", words, methods=["GET"]),
        Route("/tables", tables, methods=["POST"]),
        Route("/files/{session}/{kind}", file, methods=["GET"]),
        WebSocketRoute("/wire", wire),
    ]


class PageFile(NamedTuple):
    """A file of the page."""

    content: bytes
    media_type: str


def page_files() -> dict[str, PageFile]:
    """The page's files by name."""
    folder = resources.files("epoca.lab").joinpath("page")
    return {
        file.name: PageFile(file.read_bytes(), _TYPES[Path(file.name).suffix])
        for file in folder.iterdir()
        if Path(file.name).suffix in _TYPES
    }


async def _brought(request: Request, sessions: Sessions) -> Response:
    """Take a table in: into a file of ours, and from there into a session."""
    session = request.query_params.get("session", "")
    if request.headers.get("content-type") != "application/octet-stream":
        raise HTTPException(415)
    if not _NAME.fullmatch(session):
        raise HTTPException(404)
    try:
        sessions.get(session)
    except EpocaError as error:
        return _refused(sessions.language_of(session), error, status=404)
    name = unquote(request.headers.get("x-name", ""))[:200] or "table.csv"
    ending = next((ending for ending in _ENDINGS if name.lower().endswith(ending)), ".csv")
    folder = await asyncio.to_thread(tempfile.mkdtemp, prefix="epoca-lab-")
    file = Path(folder) / f"table{ending}"
    try:
        await _kept(request, file)
        number = await asyncio.to_thread(_read, sessions, session, name=name, file=file)
    except ClientDisconnect:
        return Response(status_code=400)  # to nobody
    except EpocaError as error:
        return _refused(sessions.language_of(session), error, status=422, known_as=(str(file), name))
    finally:
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
    return JSONResponse({"id": number})


async def _kept(request: Request, file: Path) -> None:
    """Write a request's body to a file."""
    try:
        with file.open("wb") as out:
            async for chunk in request.stream():
                await asyncio.to_thread(out.write, chunk)
    except OSError as error:
        raise FileError("The table cannot be kept for reading: {reason}.", reason=error.strerror) from error


def _read(sessions: Sessions, session: str, *, name: str, file: Path) -> str:
    refuse_too_large(file)
    return sessions.bring(session, name=name, file=file)


def _refused(
    language: Language, error: EpocaError, *, status: int, known_as: tuple[str, str] | None = None
) -> JSONResponse:
    """A sentence, in which a file of ours bears the name that the user knows."""
    sentence = language.say(error.message)
    if known_as is not None:
        sentence = sentence.replace(*known_as)
    return JSONResponse({"sentence": sentence}, status_code=status)


def _attached(name: str) -> str:
    plain = re.sub(r"[^A-Za-z0-9._-]", "_", name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"


async def _failed(_request: Request, error: Exception) -> Response:
    """What went wrong is our business; the page learns under which number we wrote it down."""
    return JSONResponse({"error": _written_down(error)}, status_code=500)


def _written_down(error: Exception) -> str:
    number = secrets.token_hex(4)
    logger.error("error %s", number, exc_info=error)
    return number

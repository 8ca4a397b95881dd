"""The command `epoca lab` and its sockets: where it is found, who else may come, how it ends."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection

from epoca.commands.lab import _opening
from epoca.lab.house import House, Limits
from epoca.lab.sessions import Opening
from epoca.model import Model
from epoca.model_file import save
from tests.conftest import Epoca
from tests.lab.asking import GUARDED, raw, upload
from tests.lab.made import until
from tests.lab.probing import PATIENCE, At, answered, free_port, read, running

COMMAND = (sys.executable, "-m", "epoca", "lab", "--no-browser")


def test_nobody_is_waited_for_longer_than_is_said() -> None:
    assert Limits() == Limits(headers_seconds=10, body_seconds=60, body_bytes=65_536, upload_bytes=200 << 20)


def test_every_start_has_a_token_of_its_own_that_cannot_be_guessed() -> None:
    tokens = {House.at(1).token for _time in range(100)}
    assert len(tokens) == 100
    assert min(map(len, tokens)) >= 128 / 6


# --- Where it is found ------------------------------------------------------------------------------------------------


def closed(tab: ClientConnection) -> int | None:
    """Read on until the lab closes; the code with which it does."""
    with suppress(ConnectionClosed):
        while True:
            tab.recv(timeout=PATIENCE)
    return tab.close_code


def test_it_comes_again_where_it_was_and_beside_another_where_that_is_taken() -> None:
    """Also families 28 and 34: three pages are told that it ends, and not with a port that nobody may have."""
    port = free_port()
    with running(*COMMAND, "--port", str(port)) as at, ExitStack() as tabs:
        assert at.port == port
        with running(*COMMAND, "--port", str(port), session=False) as beside:
            assert beside.port in range(port + 1, port + 50)
            assert beside.process.stdout is not None
            assert beside.process.stdout.readline() == f"Port {port} is taken, so the lab is at {beside.port}.\n"
        opened = [tabs.enter_context(at.tab()) for _tab in range(3)]
        for tab in opened:
            assert json.loads(tab.recv(timeout=PATIENCE))["state"]["status"] in {"playing", "loading"}
        assert at.end() == 0
        assert [closed(tab) for tab in opened] == [1001] * 3
        assert at.left_behind() == []
    assert at.errors == []
    with running(*COMMAND, "--port", str(port), session=False) as again:
        assert again.port == port


def test_it_is_on_this_machine_alone_unless_shared(lab: At) -> None:
    own = Path("/proc/net/tcp")
    if not own.exists():
        pytest.skip("where the system does not tell who listens")
    listening = [line.split()[1] for line in own.read_text("ascii").splitlines()[1:] if line.split()[3] == "0A"]
    assert [place for place in listening if place.endswith(f":{lab.port:04X}")] == [f"0100007F:{lab.port:04X}"]


def test_shared_it_is_told_what_that_means_and_answers_to_its_address_there() -> None:
    with running(*COMMAND, "--port", "0", "--share", session=False) as at:
        assert at.process.stdout is not None
        second = at.process.stdout.readline()
        if second.startswith("This machine is on no network"):
            return
        address, token = second.strip().removeprefix("http://").split("/?t=")
        assert token == at.token
        assert "Nothing is encrypted" in " ".join(at.process.stdout.readline().strip() for _line in range(4))
        name, port = address.split(":")
        with socket.create_connection((name, int(port)), timeout=PATIENCE) as opened:
            opened.sendall(at.filled(raw(f"GET /?t={token} HTTP/1.1", host=address, cookie=False)))
            assert read(opened).status == 303
        assert at.ask(raw(host=f"evil.example:{port}")).status == 403
        assert at.ask(raw(host=f"0.0.0.0:{port}")).status == 403


# --- What it refuses to open ------------------------------------------------------------------------------------------


def test_what_cannot_be_opened_is_told_in_a_sentence(epoca: Epoca) -> None:
    (epoca.folder / "broken.csv").write_text("a,b\n1,2\n3\n")
    (epoca.folder / "table.csv").write_text("a,b\n1,2\n3,4\n")
    (epoca.folder / "model.safetensors").write_bytes(b"no model")
    told = {
        ("nothing.csv",): "nothing.csv: There is no such file.",
        ("table.csv", "--target", "c"): 'There is no column "c"',
        ("--target", "y"): "A column to predict needs a table",
        ("model.safetensors",): "model.safetensors is no model file of epoca",
        ("--port", "70000"): "A port is a number from 0 to 65,535, not 70000.",
    }
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda words: epoca.refuses("lab", *words, "--no-browser"), told))
    assert [sentence for sentence, start in zip(found, told.values(), strict=True) if start not in sentence] == []
    assert epoca.refuses("lab", "broken.csv", "--no-browser", lang="pt_BR").startswith("broken.csv, linha 3: ")


def test_what_can_be_opened_is_a_sample_a_table_or_a_model(tmp_path: Path, penguins_model: Model) -> None:
    (tmp_path / "table.csv").write_text("a,b\n1,2\n3,4\n")
    save(penguins_model, tmp_path / "model.safetensors")
    assert _opening(None, target=None, encoding=None) == Opening()
    opened = _opening(tmp_path / "table.csv", target=None, encoding=None)
    assert opened.table is not None
    assert opened.target is None
    opened = _opening(tmp_path / "model.safetensors", target=None, encoding=None)
    assert opened.model is not None
    assert opened.table is None


def test_the_web_is_far_from_whoever_does_not_open_the_lab() -> None:
    program = (
        "import sys; import epoca; from epoca.commands import app; "
        "sys.exit(bool({'starlette', 'uvicorn', 'websockets', 'h11'} & set(sys.modules)))"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


# --- Many at once (families 24 and 29) --------------------------------------------------------------------------------


def test_a_flood_of_connections_harms_nobody_who_is_there(lab: At) -> None:
    with ExitStack() as stack:
        tab = stack.enter_context(lab.tab(session=lab.session))
        there = stack.enter_context(lab.opened())
        there.sendall(lab.filled(raw("GET /page/icon.svg HTTP/1.1", "Connection: keep-alive")))
        answer = b""
        while not answer.endswith(b"</svg>\n"):
            answer += there.recv(1 << 16)
        for _connection in range(500):
            stack.enter_context(lab.opened())
        busy = [lab.ask(raw()) for _time in range(3)]
        assert {answer.status for answer in busy} == {503}
        assert [name for name in GUARDED if name not in busy[0].headers] == []
        there.sendall(lab.filled(raw("GET /page/icon.svg HTTP/1.1")))
        assert read(there).status == 200
        for _connection in range(300):  # which are cut at once, before the system has no more
            stack.enter_context(lab.opened())
        assert answered(tab, type="ask", what="row", row=0)["type"] == "answer"
    until(lambda: lab.ask(raw()).status == 200)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="where the system does not tell what is open")
def test_nothing_is_left_of_a_thousand_tabs(lab: At) -> None:
    def state() -> tuple[int, int, float]:
        of = Path(f"/proc/{lab.process.pid}")
        pages = int((of / "statm").read_text("ascii").split()[1])
        return (
            len(list((of / "fd").iterdir())),
            len(list((of / "task").iterdir())),
            pages * os.sysconf("SC_PAGE_SIZE") / 1e6,
        )

    def come_and_go(times: int) -> None:
        for _time in range(times):
            with lab.tab(session=lab.session) as tab:
                tab.recv(timeout=PATIENCE)

    come_and_go(50)
    files, threads, memory = state()
    come_and_go(1000)
    until(lambda: state()[0] <= files + 2)
    _files, threads_then, memory_then = state()
    assert threads_then <= threads + 2
    assert memory_then < memory + 20


def test_others_are_answered_while_a_table_is_read(lab: At) -> None:
    """Family 22: what is slow is done elsewhere. How long anybody waits at most a benchmark tells."""
    table = b"a,b,c,d\n" + b"1.5,2.5,3.5,4.5\n" * 3_000_000
    answers = []
    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(lab.ask, upload(table, session=lab.new_session()))
        until(lambda: any(file.stat().st_size == len(table) for file in lab.folder.rglob("*.csv")))
        while not reading.done():
            answers.append(lab.ask(raw("GET /page/icon.svg HTTP/1.1")).status)
    assert reading.result().status == 200
    assert len(answers) > 10
    assert {*answers} == {200}

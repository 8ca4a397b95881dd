"""What the lab gives to a page of ours, and what it says where something cannot be done."""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from epoca.lab.routes import page_files
from tests.lab.asking import COOKIE, GUARDED, KEY, OURS, TABLE, raw, upload
from tests.lab.bombs import BOMBS
from tests.lab.made import until
from tests.lab.probing import PATIENCE, At, answered, read, running

TYPES = {"js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8", "html": "text/html; charset=utf-8"}
TYPES |= {"svg": "image/svg+xml"}


@pytest.fixture(scope="module")
def short() -> Iterator[At]:
    """A lab that waits for nobody, and whose files cannot be made."""
    with running(sys.executable, "-m", "tests.lab.short_lab") as at:
        yield at


# --- The page ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(page_files()))
def test_every_file_of_the_page_comes_with_its_type(lab: At, name: str) -> None:
    answer = lab.ask(raw(f"GET /page/{name} HTTP/1.1"))
    assert answer.status == 200
    assert answer.headers["content-type"] == TYPES[name.rpartition(".")[2]]
    assert answer.body == page_files()[name].content


def test_the_page_asks_for_nothing_that_is_not_there(lab: At) -> None:
    index = lab.ask(raw()).body.decode()
    scripts = [content.content.decode() for name, content in page_files().items() if name.endswith(".js")]
    asked = set(re.findall(r'(?:src|href)="(/[^"]*)"', index))
    asked |= {f"/page/{name}" for script in scripts for name in re.findall(r'from "\./([^"]+)"', script)}
    assert len(asked) > 20
    assert [path for path in asked if lab.ask(raw(f"GET {path} HTTP/1.1")).status != 200] == []


def test_the_page_is_of_text_alone_that_no_policy_forbids() -> None:
    index = page_files()["index.html"].content.decode()
    assert not re.search(r"<script(?![^>]*src=)|\son\w+=|\sstyle=|https?://", index)
    scripts = "".join(file.content.decode() for name, file in page_files().items() if name.endswith(".js"))
    assert not re.search(r"\.innerHTML|\.outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", scripts)


# --- Tables -----------------------------------------------------------------------------------------------------------


def test_a_table_is_brought_and_can_be_chosen(lab: At) -> None:
    session = lab.new_session()
    number = json.loads(lab.ask(upload(session=session, name="ação.csv")).body)["id"]
    with lab.tab(session=session) as tab:
        state = json.loads(tab.recv(timeout=PATIENCE))["state"]
        assert state["tables"] == [{"id": number, "name": "ação.csv"}]
        assert answered(tab, type="change", changes={"table": number, "target": "b"})["type"] == "done"
    saved = lab.ask(raw(f"GET /files/{session}/table HTTP/1.1"))
    assert saved.body.split() == TABLE.split()
    assert saved.headers["content-type"] == "text/csv; charset=utf-8"
    named = "attachment; filename=\"a__o.csv\"; filename*=UTF-8''a%C3%A7%C3%A3o.csv"
    assert saved.headers["content-disposition"] == named


def test_whatever_stands_in_a_table_comes_as_text(lab: At) -> None:
    """Family 32: none of it is ever part of a page, for all of it is in JSON, and the files of a session are saved."""
    session = lab.new_session()
    strange = [
        "<script>alert(1)</script>",
        "javascript:alert(1)",
        '=cmd("calc")',
        "\u202eevil",
        "<img src=x onerror=a>",
    ]
    quoted = ['"' + text.replace('"', '""') + '"' for text in strange]
    rows = [",".join([quoted[i % 2], *map(str, range(i, i + 4))]) for i in range(24)]
    brought = lab.ask(upload("\n".join([",".join(quoted), *rows]).encode(), session=session, name=strange[4]))
    assert brought.headers["content-type"] == "application/json"
    with lab.tab(session=session) as tab:
        state = json.loads(tab.recv(timeout=PATIENCE))["state"]
        assert state["tables"] == [{"id": json.loads(brought.body)["id"], "name": strange[4]}]
        tab.send(json.dumps({"type": "change", "changes": {"table": state["tables"][0]["id"], "target": strange[0]}}))
        while state["labels"] != strange[:2] or state["table_columns"] != strange:
            message = tab.recv(timeout=PATIENCE)
            state |= json.loads(message).get("state", {}) if isinstance(message, str) else {}
    saved = lab.ask(raw(f"GET /files/{session}/table HTTP/1.1"))
    assert saved.headers["content-disposition"].startswith("attachment; ")
    assert set(GUARDED) < set(saved.headers)


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="where the system does not tell the peak")
@pytest.mark.parametrize("name", BOMBS)
def test_a_table_that_would_burst_is_refused_and_takes_no_room(lab: At, name: str) -> None:
    """Family 21."""

    def memory(which: str) -> float:
        told = Path(f"/proc/{lab.process.pid}/status").read_text("ascii")
        return int(re.findall(rf"{which}:\s+(\d+) kB", told)[0]) / 1e3

    request = upload(BOMBS[name](), name=name)
    Path(f"/proc/{lab.process.pid}/clear_refs").write_text("5", "ascii")  # the peak is that from now on
    before = memory("VmRSS")
    answer = lab.ask(request)
    assert memory("VmHWM") < before + 150
    assert answer.status == 422
    is_told = re.search(r"\d[\d,]+", json.loads(answer.body)["sentence"])
    assert is_told or name in {"nested.csv.gz", "list.parquet"}, answer.body


def test_what_is_wrong_with_a_table_is_said_under_its_own_name_in_the_language_of_the_session(lab: At) -> None:
    session = lab.new_session()
    broken = upload(b"a,b\n1,2\n3\n", session=session, name="meu.csv")
    answer = lab.ask(broken)
    assert answer.status == 422
    assert json.loads(answer.body)["sentence"].startswith("meu.csv, line 3: ")
    with lab.tab(session=session) as tab:
        answered(tab, type="change", changes={"language": "pt_BR"})
    assert json.loads(lab.ask(broken).body)["sentence"].startswith("meu.csv, linha 3: ")


def test_a_table_for_no_session_is_not_even_read(lab: At) -> None:
    answer = lab.ask(upload(session="nobody"))
    assert answer.status == 404
    assert json.loads(answer.body) == {"sentence": "This session is over; load the page again."}


def test_a_page_that_goes_in_the_middle_of_a_table_leaves_nothing_behind(lab: At) -> None:
    with lab.opened() as opened:
        opened.sendall(lab.filled(upload(b"", "Content-Length: 1000")) + b"a,b\n")
        until(lambda: lab.left_behind() != [])
    until(lambda: lab.left_behind() == [])


def test_files_that_a_session_does_not_have(lab: At) -> None:
    answer = lab.ask(raw("GET /files/<S>/secret HTTP/1.1"))
    assert answer.status == 404
    assert json.loads(answer.body) == {"sentence": 'The lab cannot save "secret".'}
    assert lab.ask(raw("GET /files/nobody/table HTTP/1.1")).status == 404


# --- What goes wrong on our side (family 31) --------------------------------------------------------------------------


def test_a_failure_of_ours_is_told_by_a_number_and_the_next_request_works(short: At) -> None:
    kept = COOKIE.encode()
    with short.opened() as opened:
        opened.sendall(short.filled(raw("GET /files/<S>/table HTTP/1.1", "Connection: keep-alive")))
        first = b""
        while not first.endswith(b"}"):
            first += opened.recv(1 << 16)
        opened.sendall(short.filled(raw("GET /page/icon.svg HTTP/1.1")))
        assert read(opened).status == 200
    assert first.startswith(b"HTTP/1.1 500 ")
    number = json.loads(first.partition(b"\r\n\r\n")[2])["error"]
    assert re.fullmatch("[0-9a-f]{8}", number)
    assert b"secret" not in first
    assert kept not in first
    until(lambda: any("RuntimeError" in line for line in short.errors))
    assert [line for line in short.errors if line.startswith("error ")] == [f"error {number}\n"]
    assert sum("Traceback" in line for line in short.errors) == 1


# --- Slow clients (family 23) -----------------------------------------------------------------------------------------

BEGINNINGS = {
    "nothing": b"",
    "half a line": b"GET / HT",
    "half the headers": raw()[:40],
    "half a body": upload(b"", "Content-Length: 1000") + b"a,b\n",
    "half a chunk": upload(b"", "Transfer-Encoding: chunked") + b"ff\r\na,b\n",
    "half a body of a GET": raw("GET / HTTP/1.1", "Content-Length: 1000") + b"a",
    "half a body to nowhere": raw("POST /nothing HTTP/1.1", OURS, KEY, "Connection: keep-alive", "Content-Length: 99")
    + b"a",
    "an answer, then nothing": raw("GET /page/icon.svg HTTP/1.1", "Connection: keep-alive"),
    "an answer, then half a line": raw("GET /page/icon.svg HTTP/1.1", "Connection: keep-alive") + b"GET",
}


def is_closed(at: At, beginning: bytes, *, drips: bool, seconds: float) -> bool:
    """Whether the lab closes the connection meanwhile though nothing, or but a byte now and then, follows."""
    end = time.monotonic() + seconds
    with at.opened() as opened:
        opened.sendall(at.filled(beginning))
        opened.settimeout(0.1)
        while time.monotonic() < end:
            try:
                if drips:
                    opened.sendall(b"a")
                if opened.recv(1 << 16) == b"":
                    return True
            except TimeoutError:
                continue
            except ConnectionError:
                return True
    return False


@pytest.mark.parametrize("drips", [False, True], ids=["stands still", "drips"])
def test_who_does_not_finish_is_not_waited_for(short: At, drips: bool) -> None:
    flowing = {"half a body", "half a chunk"} if drips else set()  # as long as a body goes on coming it is taken
    with ThreadPoolExecutor(len(BEGINNINGS)) as pool:
        asked = {
            name: pool.submit(is_closed, short, beginning, drips=drips, seconds=2.5 if name in flowing else PATIENCE)
            for name, beginning in BEGINNINGS.items()
        }
    assert {name for name, answer in asked.items() if not answer.result()} == flowing
    until(lambda: short.left_behind() == [])

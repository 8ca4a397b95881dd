"""Whom the lab lets in, asked of the real command over raw sockets; the families are those of the threat model."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import cast
from urllib.parse import quote, unquote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.routing import Route

from epoca.lab.house import House
from epoca.lab.routes import page_files, routes
from epoca.lab.sessions import Sessions
from tests.lab.asking import (
    METHODS,
    OURS,
    TABLE,
    Case,
    Talk,
    faults,
    known_routes,
    raw,
    strangers,
    talk,
    upgrade,
    upload,
)
from tests.lab.burdens import TALKS
from tests.lab.families import cases
from tests.lab.made import until
from tests.lab.probing import PATIENCE, At

CASES = cases()
OFTEN = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.parametrize("case", CASES, ids=[f"{case.family}: {case.name}" for case in CASES])
def test_every_request_gets_the_answer_that_is_expected(lab: At, case: Case) -> None:
    assert faults(case, lab.ask(case.request, case.more())) == []
    assert lab.left_behind() == []


@pytest.mark.parametrize("what", TALKS, ids=[what.name for what in TALKS])
def test_what_a_page_must_not_say_ends_its_conversation(lab: At, what: Talk) -> None:
    before = len(lab.errors)
    assert talk(lab, what) == what.code
    until(lambda: len(lab.errors) > before)
    time.sleep(0.05)
    assert [line.startswith("a page was sent away: ") for line in lab.errors[before:]] == [True]
    with lab.tab(session=lab.session) as tab:  # the session is none the worse
        assert lab.session in str(tab.recv(timeout=PATIENCE))


# --- Every route without a token --------------------------------------------------------------------------------------


def test_every_route_is_known() -> None:
    found = routes(cast(Sessions, None), House.at(1))
    assert len(known_routes()) == len(found) > 5
    methods = {method for route in found if isinstance(route, Route) for method in route.methods or ()}
    assert methods == {"GET", "HEAD", "POST"} < set(METHODS)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("path", known_routes())
def test_every_route_refuses_every_method_without_a_token(lab: At, path: str, method: str) -> None:
    assert [lab.ask(request).status for request in strangers(path, method)] == [
        403 if method in {"GET", "POST"} else 405
    ] * 6


@pytest.mark.parametrize("path", known_routes())
def test_every_route_refuses_a_socket_without_a_token(lab: At, path: str) -> None:
    assert lab.ask(upgrade(OURS, cookie=False).replace(b"/wire", path.encode())).status == 403


# --- The first visit --------------------------------------------------------------------------------------------------


def test_the_printed_address_is_exchanged_for_a_cookie_and_left(lab: At) -> None:
    answer = lab.ask(raw("GET /?t=<T> HTTP/1.1", "Sec-Fetch-Site: none", cookie=False))
    assert answer.status == 303
    assert answer.headers["location"] == "/"
    cookie, *settings = answer.headers["set-cookie"].split("; ")
    assert set(settings) == {"HttpOnly", "SameSite=Strict", "Path=/"}
    assert cookie == lab.filled(b"epoca-lab-<P>=<T>").decode()
    page = lab.ask(raw("GET / HTTP/1.1", f"Cookie: {cookie}", cookie=False))
    assert lab.filled(b'<meta name="epoca-token" content="<T>">') in page.body


def test_whoever_follows_a_link_to_the_address_is_let_in_at_once(lab: At) -> None:
    """Browsers would keep the strict cookie back on the way from there."""
    answer = lab.ask(raw("GET /?t=<T> HTTP/1.1", "Sec-Fetch-Site: cross-site", cookie=False))
    assert answer.status == 200
    assert "set-cookie" in answer.headers
    assert b"epoca-token" in answer.body


@pytest.mark.parametrize("query", ["", "?t=", "?t=<T>x", "?t=<T>&t=<T>", "?T=<T>", "?t=%00", "?t=%ff", "?t[]=<T>"])
def test_a_visit_without_the_token_is_told_what_to_open(lab: At, query: str) -> None:
    answer = lab.ask(raw(f"GET /{query} HTTP/1.1", cookie=False))
    assert answer.status == 403
    assert "Open the address that" in answer.body.decode()
    assert "Abra o endereço que" in answer.body.decode()
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("other", ['a={"b": 1}; ', "a=b c; ", "=; ;; ", "epoca-lab-<P>=old; ", "ação=é; "])
def test_cookies_of_other_servers_of_this_machine_lock_nobody_out(lab: At, other: str) -> None:
    assert lab.ask(raw("GET / HTTP/1.1", f"Cookie: {other}epoca-lab-<P>=<T>", cookie=False)).status == 200


def test_the_policy_lets_nothing_in_from_elsewhere(lab: At) -> None:
    policy = lab.ask(raw()).headers["content-security-policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'self'"
    assert {rules[name] for name in ("frame-ancestors", "base-uri", "form-action", "object-src")} == {"'none'"}
    assert rules["connect-src"].split() == ["'self'", f"ws://127.0.0.1:{lab.port}", f"ws://localhost:{lab.port}"]
    assert "unsafe" not in policy


# --- Names that would be paths, many of them --------------------------------------------------------------------------

PIECES = st.sampled_from(
    ["..", ".", "/", "\\", "%2e", "%2f", "%5c", "%00", "%25", "main.js", "etc", "passwd", "~", ":", "a"]
)
ANY = st.lists(PIECES | st.text(max_size=4).map(quote), max_size=8).map("".join)


@OFTEN
@given(name=ANY)
def test_whatever_is_asked_of_the_page_is_one_of_its_files_or_nothing(lab: At, name: str) -> None:
    answer = lab.ask(raw(f"GET /page/{name.replace(' ', '%20')} HTTP/1.1"))
    known = page_files().get(unquote(name.split("?")[0].split("#")[0]))
    if answer.status == 200:
        assert known is not None
        assert answer.body == known.content
    else:
        assert answer.status in {400, 404}
        assert known is None


@OFTEN
@given(session=ANY, kind=ANY)
def test_whatever_file_of_a_session_is_asked_for_none_is_given(lab: At, session: str, kind: str) -> None:
    answer = lab.ask(raw(f"GET /files/{session}/{kind} HTTP/1.1"))
    assert answer.status in {400, 404}
    if not re.fullmatch("[a-z0-9]{1,32}", session):
        assert b"sentence" not in answer.body, "a session was looked for"


@OFTEN
@given(name=st.text(max_size=40) | ANY)
def test_however_a_table_is_named_it_is_kept_under_a_name_of_ours(lab: At, name: str) -> None:
    beside = sorted(Path().iterdir())
    answer = lab.ask(upload(TABLE, name=name.encode("utf-8", "surrogatepass").decode("utf-8", "replace")))
    # Whoever says that it is Parquet is taken at his word, and told that it is none.
    is_told = name.lower().rstrip().endswith((".parquet", ".arrow", ".feather", ".ipc"))
    assert answer.status == (422 if is_told else 200)
    assert lab.left_behind() == []
    assert sorted(Path().iterdir()) == beside

"""The page as HTML: whole, alone, safe, and to be used by keyboard and ear."""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
import re

import pyarrow as pa
import pytest

from epoca.model import Model
from epoca.report import report
from epoca.report.markup import table, text
from epoca.settings import Settings
from epoca.tables.samples import sample
from epoca.tables.table import Table
from tests.plots.conftest import trained
from tests.report.conftest import ENGLISH, PORTUGUESE, Page

HOSTILE = "</script><img src=x onerror=alert(1)>"


def test_it_is_well_formed(page: Page) -> None:
    assert page.faults == []
    ids = [attributes["id"] for _tag, attributes in page.tags if "id" in attributes]
    assert len(ids) == len({*ids})
    assert not [one for one in ids if re.search(r"\s", one)]


def test_headings_come_in_order(page: Page) -> None:
    levels = [level for level, _words in page.headings]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    assert all(words.strip() for _level, words in page.headings)


def test_nothing_is_fetched(page: Page) -> None:
    addresses = [
        attributes[name]
        for _tag, attributes in page.tags
        for name in ("src", "href", "srcset", "action", "data")
        if name in attributes
    ]
    assert addresses
    ids = {attributes.get("id") for _tag, attributes in page.tags}
    assert all(address == "data:," or address.removeprefix("#") in ids for address in addresses)


def test_only_its_own_two_scripts_may_run(page: Page) -> None:
    own = [words for attributes, words in page.scripts if "type" not in attributes]
    hashes = {base64.b64encode(hashlib.sha256(words.encode()).digest()).decode() for words in own}
    policy = next(meta["content"] for meta in page.of("meta") if meta.get("http-equiv") == "Content-Security-Policy")
    assert len(own) == 2
    assert {*re.findall(r"'sha256-([^']+)'", policy)} == hashes
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy.split("style-src")[0]
    assert not [name for _tag, attributes in page.tags for name in attributes if name.startswith("on")]


def test_every_figure_is_said_in_words_too(page: Page) -> None:
    assert page.plots == [f"{name}-plot" for name in ("network", "curves", "rules", "confusion", "reliability", "map")]
    for plot in page.plots:
        attributes = next(found for found in page.of("div") if found.get("id") == plot)
        assert attributes["role"] == "img"
        assert len(attributes["aria-label"]) > 20
    data = {attributes["id"]: words for attributes, words in page.scripts if attributes.get("type")}
    assert {f"{plot}-data" for plot in page.plots} | {"looks"} == {*data}
    assert all(json.loads(data[f"{plot}-data"])["data"] for plot in page.plots)
    assert page.text.count("The numbers of this figure") == len(page.plots)


def test_keyboards_and_readers_find_their_way(page: Page) -> None:
    assert page.of("html") == [{"lang": "en"}]
    assert page.tags[[tag for tag, _ in page.tags].index("body") + 1] == ("a", {"class": "skip", "href": "#main"})
    for landmark in ("header", "nav", "main", "footer"):
        assert len(page.of(landmark)) == 1
    assert all("tabindex" in found and found["aria-label"] for found in page.of("pre"))
    scrolling = [found for found in page.of("div") if found.get("class", "").startswith("scroll")]
    assert all(found["tabindex"] == "0" and found["aria-label"] for found in scrolling)
    assert all(found["scope"] in {"row", "col"} for found in page.of("th"))
    assert page.of("noscript")


def test_it_speaks_portuguese(penguins_model: Model) -> None:
    page = Page(report(penguins_model, language=PORTUGUESE))
    assert page.of("html") == [{"lang": "pt-BR"}]
    assert PORTUGUESE.say(penguins_model.verdict.headline) in page.text
    assert "275" in page.text
    score = penguins_model.scores["test"]
    assert score.accuracy is not None
    assert PORTUGUESE.percent(score.accuracy) in page.text
    figure = next(json.loads(words) for attributes, words in page.scripts if attributes.get("id") == "curves-plot-data")
    assert figure["layout"]["separators"] == ",."


@pytest.fixture(scope="module")
def hostile() -> Page:
    n = 40
    cells = {
        "<script>alert(1)</script>": [float(i % 7) for i in range(n)],
        'it\'s "quoted" & <b>': [float(i % 5) for i in range(n)],
        "turned\u202eend\u2066": [["<i>", "'\"&", HOSTILE][i % 3] for i in range(n)],
        HOSTILE: [["<b>yes</b>", HOSTILE][i % 2] for i in range(n)],
    }
    brought = Table(name="<i>a</i>.csv", arrow=pa.table(cells))
    model = trained(brought, HOSTILE, Settings(hidden=(4,), members=2, epochs=4, seed=1))
    return Page(report(model, brought, language=ENGLISH))


def test_names_are_never_markup(hostile: Page) -> None:
    assert hostile.faults == []
    assert not {"img", "b", "i"} & {tag for tag, _attributes in hostile.tags}
    assert len([words for attributes, words in hostile.scripts if "type" not in attributes]) == 2
    for attributes, words in hostile.scripts:
        if "type" in attributes:
            json.loads(words)
    assert HOSTILE in hostile.text
    assert "<script>alert(1)</script>" in hostile.text
    assert 'it\'s "quoted" & <b>' in hostile.text


def test_names_do_not_turn_what_stands_after_them(hostile: Page) -> None:
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", hostile.words)
    assert "turned\ufffdend\ufffd" in hostile.text
    assert text("שלום\u200f") == "שלום\u200f"


def test_columns_of_numbers_stand_flush_right() -> None:
    assert table(["a", "b", "c", "d"], [["1", "−2.5 ± 0.1", "–", "x" * 31]], name="t").count(' class="n"') == 4
    assert table(["a", ""], [], name="t").count("<td></td>") == 1


def test_the_page_is_alike_every_time(penguins_model: Model, page_html: str) -> None:
    assert report(penguins_model, sample("penguins"), language=ENGLISH) == page_html

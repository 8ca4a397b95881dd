"""The page in a browser: what a person sees and does."""

from __future__ import annotations

import io
import json
import re
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from tests.lab.browser import NEEDS_BROWSER, Seen, window
from tests.lab.probing import At

pytestmark = NEEDS_BROWSER

NOTHING_RUNS_OUT = "document.documentElement.scrollWidth <= window.innerWidth"

QUICK = "speed=0&epochs=40&members=3&rows=120"


# --- The first screen -------------------------------------------------------------------------------------------------


def test_it_learns_as_soon_as_it_is_opened(seen: Seen) -> None:
    seen.open()
    seen.until(lambda: seen.header["epoch"] > 0)
    expect(seen.at("button", "Pause")).to_be_visible()
    expect(seen.at("button", "Moons")).to_have_attribute("aria-pressed", "true")


def test_the_token_does_not_stay_in_the_address(seen: Seen) -> None:
    seen.open()
    seen.until(lambda: "t=" not in urlsplit(seen.page.url).query)


@pytest.mark.parametrize("size", [(1366, 768), (1920, 1080)])
def test_network_and_result_are_seen_together_without_scrolling(seen: Seen, size: tuple[int, int]) -> None:
    seen.page.set_viewport_size({"width": size[0], "height": size[1]})
    seen.open()
    for what in (seen.page.get_by_role("application"), seen.at("button", "hidden layer 2, neuron 4")):
        expect(what).to_be_in_viewport(ratio=1)
    seen.until(lambda: seen.page.evaluate(NOTHING_RUNS_OUT))


@pytest.mark.parametrize("size", [(768, 1024), (390, 844)])
def test_nothing_runs_out_of_a_small_screen(seen: Seen, size: tuple[int, int]) -> None:
    seen.page.set_viewport_size({"width": size[0], "height": size[1]})
    seen.open(QUICK).ended()
    seen.until(lambda: seen.page.evaluate(NOTHING_RUNS_OUT))
    expect(seen.page.get_by_role("application")).to_be_in_viewport()
    expect(seen.at("button", "Go on")).to_be_in_viewport()


# --- Training ---------------------------------------------------------------------------------------------------------


def test_a_seed_gives_the_same_numbers_again(seen: Seen) -> None:
    seen.open(QUICK).ended()
    first = seen.state["verdict"], seen.state["ideal"]
    loss = seen.page.get_by_text(re.compile("^loss on rows not seen")).locator("..")
    told = loss.inner_text()
    seen.anew(lambda: seen.press("Same start")).press("Play").ended()
    assert (seen.state["verdict"], seen.state["ideal"]) == first
    expect(loss).to_have_text(told, use_inner_text=True)
    seen.press("New start")
    seen.until(lambda: seen.state["seed"] == 1)
    expect(seen.at("textbox", "Seed")).to_have_value("1")


def test_pause_and_steps(seen: Seen) -> None:
    seen.open("speed=5&rows=120").paused()
    expect(seen.at("button", "Play")).to_be_visible()
    epoch = seen.state["epoch"]
    seen.press("epoch")
    seen.until(lambda: seen.state["epoch"] == epoch + 1)
    seen.press("batch")
    seen.until(lambda: seen.state["step"] == 1)
    seen.press("One epoch back")
    seen.until(lambda: seen.state["viewed"] == epoch + 1)
    seen.press("One epoch back")
    seen.until(lambda: seen.state["viewed"] == epoch)


def test_the_ideal_epoch_has_a_flag_and_a_range(seen: Seen) -> None:
    seen.open(QUICK).ended()
    best = seen.state["ideal"]["best"]
    expect(seen.page.get_by_role("img").filter(has_text=f"ideal epoch: {best}")).to_be_visible()
    told = seen.page.get_by_role("region", name="What it shows")
    expect(told).to_contain_text(re.compile(rf"Ideal epoch( so far)?: {best}"))
    expect(told).to_contain_text(seen.state["verdict"]["headline"])
    table = seen.page.get_by_role("table", name="Loss by epoch").get_by_role("rowheader")
    expect(table.first).to_have_text("1")
    expect(table.last).to_have_text(str(seen.state["epoch"]))


def test_the_handle_takes_everything_back_to_a_past_epoch(seen: Seen) -> None:
    seen.open(QUICK).ended()
    weights = seen.header["weights"]
    handle = seen.at("slider", "epoch looked at")
    handle.focus()
    handle.press("Home")
    seen.until(lambda: seen.header["shown"] == 0)
    assert seen.header["weights"] != weights
    handle.press("ArrowRight")
    seen.until(lambda: seen.header["shown"] == 1)
    expect(handle).to_have_attribute("aria-valuenow", "1")
    seen.at("button", "Newest").click()
    seen.until(lambda: seen.header["shown"] in (seen.state["epoch"], "kept"))


def test_a_reload_resumes_the_same_run(seen: Seen) -> None:
    seen.open("speed=20&epochs=2000&stopping=&rows=120")
    seen.until(lambda: seen.state["epoch"] > 5)
    serial, epoch = seen.state["serial"], seen.state["epoch"]
    seen.page.reload()
    seen.until(lambda: bool(seen.lab("frames")))
    assert seen.state["serial"] == serial
    assert seen.state["epoch"] >= epoch
    seen.press("Pause")


def test_the_learning_rate_changes_without_a_new_start(seen: Seen) -> None:
    seen.open("speed=20&rows=120&epochs=2000&stopping=")
    seen.until(lambda: seen.state["epoch"] > 3)
    serial = seen.state["serial"]
    field = seen.at("textbox", "Learning rate")
    field.fill("0.05")
    field.press("Enter")
    seen.until(lambda: seen.state["learning_rate"] == 0.05)
    epoch = seen.state["epoch"]
    seen.until(lambda: seen.state["epoch"] > epoch + 1)
    assert (seen.state["learning_rate"], seen.state["serial"]) == (0.05, serial)


def test_layers_and_neurons_are_added_and_removed(seen: Seen) -> None:
    seen.open("speed=5&rows=120")
    seen.press("One layer more")
    seen.until(lambda: len(seen.header["weights"]) == 4)
    seen.at("group", "Layer 1").get_by_role("button", name="One neuron more").click()
    expect(seen.at("button", "hidden layer 1, neuron 5")).to_be_attached()
    seen.press("One layer less")
    seen.until(lambda: len(seen.header["weights"]) == 3)


def test_a_choice_that_cannot_be_is_refused_in_a_sentence(seen: Seen) -> None:
    seen.open("speed=5&rows=120")
    field = seen.at("textbox", "Seed")
    field.fill("-3")
    field.press("Enter")
    expect(seen.page.get_by_text("Seed must be a whole number from 0 to 1,000,000,000, not -3.").first).to_be_visible()
    expect(field).to_have_value("0")


# --- The path from neuron to network ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "words"),
    [("Perceptron", {"Come closer!", "I am fine."}), ("Neuron", {"Come closer!", "Move away from me!"})],
)
def test_the_point_speaks_by_the_rule_of_each(seen: Seen, rule: str, words: set[str]) -> None:
    seen.open("rows=120&speed=5").paused()
    seen.anew(lambda: seen.choose(rule))
    bubble = (
        seen.page.get_by_text(re.compile("^(Come closer!|Move away from me!|I am fine\\.)")).filter(visible=True).first
    )
    heard = set()
    for _step in range(15):
        seen.press("row")
        heard.add(bubble.first.inner_text().split("\n")[0])  # the last one has gone when the button is pressed
    assert heard == words


def test_many_classes_have_letters_and_shapes(seen: Seen) -> None:
    seen.open("table=blobs&classes=5&model=neuron&speed=0&epochs=30&rows=150&members=2").ended()
    legend = seen.page.get_by_role("region", name="The result").get_by_role("listitem")
    for i, letter in enumerate("ABCDE"):
        expect(legend.nth(i)).to_have_text(re.compile(f"^{letter}"))
    table = seen.tab("Right and wrong").get_by_role("table").first
    expect(table.get_by_role("row")).to_have_count(6)


# --- The map ----------------------------------------------------------------------------------------------------------


def test_the_map_has_the_colours_of_its_classes(seen: Seen) -> None:
    seen.open(QUICK).ended()
    plot = seen.page.get_by_role("application").screenshot()
    picture = Image.open(io.BytesIO(plot)).convert("RGB")

    def colour(x: float, y: float) -> tuple[int, ...]:
        return tuple(picture.getpixel((round(picture.width * x), round(picture.height * y))))

    upper, lower = colour(0.05, 0.05), colour(0.6, 0.95)
    assert upper != lower
    assert (upper[2] > upper[0]) != (lower[2] > lower[0]), "one is blue, the other orange"


def test_points_are_added_and_removed_by_keyboard(seen: Seen) -> None:
    seen.open("speed=5&rows=120").paused()
    seen.choose("Add 1")
    plot = seen.page.get_by_role("application")
    plot.focus()
    plot.press("ArrowUp")
    plot.press("Enter")
    seen.until(lambda: len(seen.state["points"]["x"]) == 121)
    seen.choose("Pick")
    plot.focus()
    plot.press("Enter")
    plot.press("Delete")
    seen.until(lambda: len(seen.state["points"]["x"]) == 120)


# --- Numbers ----------------------------------------------------------------------------------------------------------


def test_a_row_and_a_neuron_show_their_numbers(seen: Seen) -> None:
    seen.open(QUICK).ended()
    plot = seen.page.get_by_role("application")
    plot.focus()
    plot.press("ArrowUp")
    plot.press("Enter")
    panel = seen.tab("One row")
    expect(panel).to_contain_text("x1")
    neuron = seen.at("button", "hidden layer 1, neuron 1")
    neuron.focus()
    seen.page.keyboard.press("Enter")
    expect(panel).to_contain_text("tanh")


def test_a_weight_is_edited_frozen_and_undone_by_keyboard(seen: Seen) -> None:
    seen.open("speed=5&rows=120").paused()
    neuron = seen.page.get_by_role("button", name=re.compile("^hidden layer 1, neuron 2"))
    neuron.focus()
    seen.page.keyboard.press("w")
    seen.page.keyboard.press("Enter")
    field = seen.page.get_by_role("dialog").get_by_role("spinbutton")
    before = seen.header["weights"][0]
    field.fill("2.5")
    field.press("Enter")
    seen.until(lambda: 2.5 in seen.header["weights"][0])
    seen.until(lambda: seen.state["edits"] == 1)
    seen.page.keyboard.press("Escape")
    seen.page.locator("body").click(position={"x": 5, "y": 400})
    seen.page.keyboard.press("u")
    seen.until(lambda: seen.header["weights"][0] == before)


# --- Tables of one's own ----------------------------------------------------------------------------------------------

BRAZILIAN = "nota;cidade;idade;passou\n" + "".join(
    f"{i % 11},5;{('São Paulo', 'Rio', 'Belém')[i % 3]};{18 + i % 30};{'sim' if i % 11 > 4 else 'não'}\n"
    for i in range(120)
)


def test_a_brazilian_spreadsheet_is_brought_and_learned(visto: Seen, tmp_path: Path) -> None:
    place = tmp_path / "notas.csv"
    place.write_bytes(BRAZILIAN.encode("latin-1"))
    visto.open("speed=0&epochs=20&members=2")
    visto.page.locator("input[type=file]").first.set_input_files(place)
    visto.until(lambda: "passou" in visto.state["table_columns"])
    if not visto.state["target"]:
        visto.page.get_by_role("combobox", name=re.compile("[Pp]rever|[Aa]lvo")).first.select_option("passou")
    visto.until(lambda: visto.state["labels"] == ["não", "sim"])
    assert (visto.state["target"], visto.state["problem_sentence"]) == ("passou", "")
    visto.ended()
    columns = visto.tab("Colunas")
    expect(columns).to_contain_text("cidade")
    expect(columns).to_contain_text("mediana")


def test_what_is_no_table_is_refused_in_a_sentence(seen: Seen, tmp_path: Path) -> None:
    place = tmp_path / "picture.parquet"
    place.write_bytes(b"\x89PNG\r\n" * 50)
    seen.open("speed=5&rows=120")
    seen.page.locator("input[type=file]").first.set_input_files(place)
    expect(seen.page.get_by_text("picture.parquet").first).to_be_visible()
    assert seen.state["table"] == "moons"
    seen.complaints = [text for text in seen.complaints if "422" not in text]  # the browser notes any such answer


def test_cells_that_look_like_markup_are_shown_as_text(seen: Seen, tmp_path: Path) -> None:
    place = tmp_path / "x.csv"
    rows = "".join(f"{i},<img src=x onerror=alert({i % 2})>,{'<b>yes</b>' if i % 3 else '=cmd()'}\n" for i in range(60))
    place.write_text("a,<script>alert(1)</script>,y\n" + rows, "utf-8")
    seen.open("speed=0&epochs=5&members=2")
    seen.page.locator("input[type=file]").first.set_input_files(place)
    seen.until(lambda: seen.state["table"] != "moons")
    if seen.state["target"] != "y":
        seen.page.get_by_role("combobox", name=re.compile("predict", re.I)).first.select_option("y")
    seen.until(lambda: seen.state["target"] == "y")
    expect(seen.page.get_by_text("<b>yes</b>").first).to_be_attached()
    assert seen.page.evaluate("document.querySelectorAll('#data b, #map b, main img[src=x], main script').length") == 0


# --- Taking it along --------------------------------------------------------------------------------------------------


def test_the_command_the_link_and_the_record_tell_the_run(seen: Seen, tmp_path: Path) -> None:
    seen.open(QUICK + "&hidden=3").ended()
    panel = seen.tab("Take it along")
    command = seen.state["recipe"]["command"]
    expect(panel).to_contain_text(command.splitlines()[-1])
    assert b"epoca" in seen.saved(panel.get_by_role("link", name=re.compile("model")))[:2000]
    record = json.loads(seen.saved(panel.get_by_role("button", name=re.compile("^Save the record"))))
    assert record["choices"]["hidden"] == [3]
    seen.until(lambda: "seed=" in seen.page.url)
    ideal, address = seen.state["ideal"], seen.page.url
    seen.page.evaluate("sessionStorage.clear()")
    seen.page.goto("about:blank")
    seen.page.goto(address)
    seen.until(lambda: bool(seen.lab("frames")))
    seen.ended()
    assert seen.state["ideal"] == ideal


def test_a_link_hides_what_a_lesson_does_not_need(seen: Seen) -> None:
    seen.open("hide=data,learner&rows=120&speed=5")
    expect(seen.page.get_by_role("region", name="Data")).to_be_hidden()
    expect(seen.at("button", "Pause")).to_be_visible()


# --- Everyone can use it ----------------------------------------------------------------------------------------------


def test_the_language_changes_while_it_learns(seen: Seen) -> None:
    seen.open("speed=20&rows=120&epochs=2000&stopping=")
    serial = seen.state["serial"]
    seen.choose("PT")
    expect(seen.at("button", "Pausar")).to_be_visible()
    expect(seen.page.locator("html")).to_have_attribute("lang", "pt-BR")
    expect(seen.page.get_by_text(re.compile(r"0,\d{3,4}")).first).to_be_visible()
    english = {"Training", "Held out", "Data", "Play", "Pause", "Loss", "Members", "Batch", "Speed", "Noise"}
    seen.until(lambda: not english & {*seen.page.locator("body").inner_text().split("\n")})
    assert seen.state["serial"] == serial


def test_a_whole_session_by_keyboard_alone_in_portuguese(visto: Seen) -> None:
    visto.open("speed=5&rows=120&epochs=30&members=3")
    keyboard = visto.page.keyboard

    def tab_to(name: str) -> None:
        for _press in range(140):
            if visto.page.evaluate(NAME_OF_FOCUS) == name:
                return
            keyboard.press("Tab")
        raise AssertionError(f"{name} is not reached by Tab")

    tab_to("Pausar")
    keyboard.press("Enter")
    visto.until(lambda: visto.lab("status") == "paused")
    epoch = visto.state["epoch"]
    tab_to("época")
    keyboard.press("Enter")
    visto.until(lambda: visto.state["epoch"] == epoch + 1)
    tab_to("Círculos")
    visto.anew(lambda: keyboard.press("Enter"))
    assert visto.state["table"] == "circles"
    tab_to("Um neurônio a mais")
    visto.anew(lambda: keyboard.press("Enter"))
    assert visto.state["hidden"][0] == 5
    keyboard.press("Escape")
    tab_to("Velocidade")
    keyboard.press("End")
    visto.until(lambda: visto.state["speed"] == 0)
    visto.page.evaluate("document.activeElement.blur()")
    keyboard.press(" ")
    visto.ended()
    tab_to("época observada")
    keyboard.press("Home")
    visto.until(lambda: visto.header["shown"] == 0)
    tab_to("Acertos e erros")
    for _press in range(5):
        keyboard.press("ArrowRight")
    expect(visto.page.get_by_role("tabpanel").filter(visible=True)).to_contain_text("epoca fit circles.csv")


NAME_OF_FOCUS = """() => {
  const at = document.activeElement;
  const labelled = at.getAttribute("aria-labelledby");
  const label = at.labels?.[0]?.textContent;
  return (at.getAttribute("aria-label") ?? (labelled && document.getElementById(labelled)?.textContent) ?? label
    ?? at.textContent ?? "").trim();
}"""


def test_shortcuts_can_be_switched_off(seen: Seen) -> None:
    seen.open("speed=5&rows=120")
    seen.page.evaluate("document.activeElement.blur()")
    seen.page.keyboard.press(" ")
    seen.until(lambda: seen.lab("status") == "paused")
    seen.press("Help")
    switch = seen.page.get_by_role("dialog").get_by_role("checkbox")
    switch.uncheck()
    seen.page.keyboard.press("Escape")
    seen.page.evaluate("document.activeElement.blur()")
    seen.page.keyboard.press(" ")
    seen.page.wait_for_timeout(200)
    assert seen.lab("status") == "paused"


FAULTS, CONTRAST = ((Path(__file__).parent / name).read_text("utf-8") for name in ("faults.js", "contrast.js"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("locale", ["en-US", "pt-BR"])
def test_names_roles_order_and_contrast(browser: Browser, lab: At, locale: str, scheme: str) -> None:
    with window(browser, lab, locale=locale, color_scheme=scheme) as seen:
        seen.open(QUICK).ended()
        names = seen.page.get_by_role("tab").all_inner_texts()
        for name in names:
            seen.tab(name)
            assert seen.page.evaluate(FAULTS) == [], name
            assert seen.page.evaluate(CONTRAST) == [], name


def test_the_focus_goes_from_top_to_bottom_and_is_seen(seen: Seen) -> None:
    seen.open(QUICK).ended()
    seen.page.evaluate("document.activeElement.blur()")
    regions = []
    for _press in range(120):
        seen.page.keyboard.press("Tab")
        where = seen.page.evaluate(
            "(() => { const at = document.activeElement; const part = at.closest('header, #bar, section');"
            " const style = getComputedStyle(at);"
            " return [part?.id ?? '', at.matches(':focus-visible')]; })()"
        )
        if not where[0]:
            continue
        assert where[1], "the focus is not seen"
        if not regions or regions[-1] != where[0]:
            regions.append(where[0])
    assert regions[: len(set(regions))] == [*dict.fromkeys(regions)], "the focus jumps to and fro"
    assert {"top", "bar", "data", "learner", "result", "more"} <= set(regions)


def test_what_happens_is_told_politely_and_seldom(seen: Seen) -> None:
    seen.page.add_init_script(
        "window.said = []; document.addEventListener('DOMContentLoaded', () => new MutationObserver("
        "() => said.push(performance.now())).observe(document.getElementById('live'), {childList: true}))"
    )
    seen.open("speed=100&rows=120&epochs=60&stopping=&members=2").ended()
    expect(seen.page.locator("#live[aria-live=polite]")).to_contain_text("60")
    seen.anew(lambda: seen.press("Same start")).press("Play").ended()
    seen.until(lambda: len(seen.page.evaluate("said")) > 1)
    expect(seen.page.locator("#live")).to_contain_text("60")
    times = seen.page.evaluate("said")
    assert min(later - earlier for earlier, later in pairwise(times)) > 1000


def test_who_wants_less_motion_gets_less(browser: Browser, lab: At) -> None:
    with window(browser, lab, reduced_motion="reduce") as seen:
        seen.open("rows=120&speed=5")
        moving = "document.getAnimations().filter((one) => one.playState === 'running').length"
        assert seen.page.evaluate(moving) == 0

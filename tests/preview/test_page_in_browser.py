"""The preview in a browser: exact cards, filters, keys, addresses, and no card that acts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from hipdeck.commands.build import build
from hipdeck.commands.preview import preview
from hipdeck.diagnostics import errors
from hipdeck.preview.page import render_page, write_page
from hipdeck.render.cards import render_card
from hipdeck.render.note_types import note_types
from tests import decks, hostile
from tests.browser import Reviewer, Visit, violations
from tests.conftest import NOW
from tests.render.test_cards import HARD

Open = Callable[..., Visit]
ALL_DRAWN = "() => Array.from(document.querySelectorAll('.item')).every((one) => one.item.drawn)"


@pytest.fixture(scope="module")
def deck(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a deck of two sections, one with tags and a picture, and its preview in 'output'."""
    folder = tmp_path_factory.mktemp("deck")
    tagged = [decks.question(1, tags=["bones"]), decks.choice(2, kind="mistake"), decks.cloze(3, kind="cue")]
    decks.write(folder / "cards", {"hard": HARD, "tagged/more": tagged})
    assert errors(preview(folder / "cards", folder / "output", NOW).checked.diagnostics) == []
    return folder


@pytest.fixture
def opened(browser: Browser, deck: Path) -> Iterator[Open]:
    """Opens the preview from the disk, and looks at what went wrong in it."""
    visits: list[Visit] = []

    def open_(address: str = "", page: Path | None = None, **options: object) -> Visit:
        page = page or deck / "output" / "preview" / "index.html"
        visits.append(Visit(browser, page.as_uri() + address, **{"color_scheme": "light", **options}))
        return visits[-1]

    yield open_
    for one in visits:
        one.close()
    assert [problem for one in visits for problem in one.problems] == []


def shown(visit: Visit) -> list[str]:
    """The addresses of the cards that the filters let through."""
    addresses: list[str] = visit.page.evaluate(
        "() => Array.from(document.querySelectorAll('.item:not([hidden])'), (one) => one.id)"
    )
    return addresses


def current(visit: Visit) -> str:
    """The address of the card that the keys act on."""
    return visit.page.locator(".item.current").get_attribute("id") or ""


LAID_OUT = """(root) => {
  const origin = root.getBoundingClientRect();
  return Array.from(root.querySelectorAll("article, article *"), (one) => {
    const box = one.getBoundingClientRect();
    const style = getComputedStyle(one);
    const place = [box.left - origin.left, box.top - origin.top, box.width, box.height];
    return [one.tagName, place.map((number) => number.toFixed(1)).join(" "),
            Array.from(style).filter((name) => !/^--|-locale$/.test(name))
              .map((name) => name + ": " + style.getPropertyValue(name))];
  });
}"""


SAMPLE = {"reverse", "picture", "cloze", "rtl"}


@pytest.mark.parametrize(
    ("mode", "every"),
    [
        ("night", False),
        pytest.param("light", True, marks=pytest.mark.slow),
        pytest.param("night", True, marks=pytest.mark.slow),
    ],
)
def test_cards_look_as_in_anki(browser: Browser, opened: Open, deck: Path, mode: str, every: bool) -> None:
    visit = opened(viewport={"width": 420, "height": 900}, color_scheme="dark" if mode == "night" else "light")
    checked = build(deck / "cards", deck / "output", NOW).checked
    types = note_types(checked.deck.id, checked.deck.name)
    reviewer = Reviewer(browser, types["question"].css, checked.pictures)
    reviewer.page.set_viewport_size({"width": 360, "height": 900})
    reviewer.night = mode == "night"
    for fields in checked.fields:
        if not every and fields.note.id not in SAMPLE:
            continue
        if fields.role == "question" and fields.values[3]:
            continue  # choices come in an order of their own
        card = render_card(types[fields.role], fields.values, fields.ordinals[0])
        item = visit.page.locator(f"[id='{fields.note.id}']")
        for side in card:
            item.scroll_into_view_if_needed()
            root = item.locator(".card")
            root.locator("article").first.wait_for()
            visit.until(
                "(id) => Array.from(document.getElementById(id).item.root.querySelectorAll('img')).every((one) => "
                "one.complete && one.naturalWidth)",
                fields.note.id,
            )
            reviewer.show(side)
            assert reviewer.whole()
            ours, theirs = root.evaluate(LAID_OUT), reviewer.page.locator("body").evaluate(LAID_OUT)
            assert len(ours) >= 3
            for (*box, style), (*other_box, other_style) in zip(ours, theirs, strict=True):
                assert (box, set(style) ^ set(other_style)) == (other_box, set()), fields.note.id
            item.get_by_role("button").click()
    reviewer.close()


def test_the_filters_leave_the_cards_that_they_name(opened: Open) -> None:
    visit = opened()
    page = visit.page
    all_ = shown(visit)
    assert {note["id"] for note in HARD} <= set(all_)
    count = page.get_by_role("status")
    expect(count).to_have_text(f"{len(all_)} cards")
    page.get_by_label("Section").select_option("tagged/more")
    assert shown(visit) == ["q1", "m2", "c3", "c3:c2"]
    expect(count).to_have_text(f"4 of {len(all_)} cards")
    assert page.get_by_role("heading", name="hard").is_hidden()
    page.get_by_label("Kind").select_option("cue")
    assert shown(visit) == ["c3", "c3:c2"]
    page.get_by_label("Kind").select_option("")
    page.locator("[name=tag]").select_option("bones")
    assert shown(visit) == ["q1"]
    page.keyboard.press("Escape")
    page.get_by_label("Text").fill("QUESTION 1?")
    assert shown(visit) == ["q1"]
    page.get_by_label("Text").fill('<i> & "é"')
    assert shown(visit) == ["cloze-marks", "cloze-marks:c2"]
    page.get_by_label("Text").fill("hard.yaml:6")
    assert shown(visit) == ["choices"]
    page.get_by_label("Text").fill("nothing of the kind")
    assert shown(visit) == []
    page.get_by_label("Text").press("Escape")
    assert shown(visit) == all_


def test_the_preview_works_by_keyboard_alone(opened: Open) -> None:
    visit = opened()
    press = visit.page.keyboard.press
    order = shown(visit)
    press("j")
    assert current(visit) == order[0]
    press("ArrowRight")
    press("j")
    press("k")
    assert current(visit) == order[1] == "reverse"
    item = visit.page.locator("[id='reverse']")
    assert item.locator(".answer").count() == 0
    press("Space")
    expect(item.locator(".answer")).to_have_text("Ischial tuberosity")
    press("Space")
    assert item.locator(".answer").count() == 0
    press("/")
    visit.page.keyboard.type("worse 2")
    press("Enter")
    assert (current(visit), shown(visit)) == ("m2", ["m2"])
    press("Space")
    expect(visit.page.locator("[id='m2'] .right")).to_have_text("right 2")
    press("Space")
    press("Tab")  # the card's address
    press("Tab")
    press("Space")
    assert visit.page.locator("[id='m2'] input:checked").count() == 1
    press("n")
    assert visit.page.locator("[id='m2'] .nightMode").count() == 1
    press("p")
    width = visit.page.locator("[id='m2'] .card").bounding_box()
    assert width is not None
    assert width["width"] > 1000
    press("a")
    assert visit.page.locator("[id='m2'] .answered").count() == 1
    press("Escape")
    assert shown(visit) == order


def test_tap_turns_a_card_or_picks_a_choice(opened: Open) -> None:
    visit = opened("#m2")
    item = visit.page.locator("[id='m2']")
    item.locator("label", has_text="wrong 2").click()
    assert item.locator(".answered").count() == 0
    order = item.locator("li").all_inner_texts()
    item.locator(".prompt").click()
    assert item.locator("li").all_inner_texts() == order
    assert item.locator(".answered .chosen").all_inner_texts() == ["wrong 2"]
    item.get_by_role("button", name="Show question").click()
    assert item.locator(".answered, .chosen").count() == 0


def test_each_card_has_an_address_that_leads_to_it(opened: Open) -> None:
    visit = opened("#c3:c2")
    assert current(visit) == "c3:c2"
    expect(visit.page.locator("[id='c3:c2'] .card")).to_be_in_viewport()
    visit.page.get_by_label("Kind").select_option("mistake")
    visit.page.evaluate("location.hash = '#deep:c3'")
    visit.until("() => document.querySelector('.item.current').id === 'deep:c3'")
    expect(visit.page.locator("[id='deep:c3'] .card")).to_be_in_viewport()
    link = visit.page.locator("[id='deep:c3'] > header")
    visit.page.wait_for_timeout(100)
    box, bar = link.bounding_box(), visit.page.locator(".bar").bounding_box()
    assert box is not None
    assert bar is not None
    assert box["y"] >= bar["y"] + bar["height"], "the card's address lies behind the bar"


def test_reloaded_page_looks_as_before(opened: Open) -> None:
    visit = opened()
    visit.page.get_by_label("Section").select_option("hard")
    visit.page.get_by_label("Text").fill("e")
    visit.page.get_by_label("Text").press("Enter")
    for key in ("n", "j", "j", "Space"):
        visit.page.keyboard.press(key)
    before = shown(visit), current(visit)
    visit.page.reload()
    assert (shown(visit), current(visit)) == before
    item = visit.page.locator(f"[id='{before[1]}']")
    expect(item.get_by_role("button")).to_have_text("Show question")
    expect(item.locator(".nightMode")).to_have_count(1)


def test_only_what_is_near_the_screen_is_drawn(opened: Open) -> None:
    visit = opened(viewport={"width": 400, "height": 400})
    visit.until("() => document.getElementById('plain').item.drawn")
    drawn = visit.page.evaluate("Array.from(document.querySelectorAll('.item')).filter((one) => one.item.drawn).length")
    assert 0 < drawn < len(shown(visit))


def test_what_is_wrong_is_shown_at_the_card_and_on_top(opened: Open, tmp_path: Path) -> None:
    wrong = decks.question(1, why="See ![a bridge](media/none.svg)")
    decks.write(tmp_path / "cards", {"section": [wrong, {"id": "x", "question": "What <b>?"}, decks.question(2)]})
    made = preview(tmp_path / "cards", tmp_path / "output", NOW)
    visit = opened(page=made.page)
    at_card = visit.page.locator("[id='q1'] .diagnostics li")
    expect(at_card).to_contain_text("error: there is no picture 'media/none.svg' [media-missing]")
    expect(visit.page.locator("main > .diagnostics li")).to_have_count(1)
    expect(visit.page.locator("main > .diagnostics li")).to_contain_text("section.yaml:5:5")
    visit.page.get_by_label("With errors or warnings").check()
    assert shown(visit) == ["q1"]
    assert violations(visit.page) == []


@pytest.mark.parametrize("mode", ["light", pytest.param("night", marks=pytest.mark.slow)])
def test_axe_finds_nothing_in_the_preview(opened: Open, mode: str) -> None:
    visit = opened(color_scheme="dark" if mode == "night" else "light", viewport={"width": 1280, "height": 20_000})
    visit.until(ALL_DRAWN)
    if mode == "night":
        assert violations(visit.page) == []
    visit.page.keyboard.press("a")
    assert violations(visit.page) == []


def tried(visit: Visit) -> None:
    """Look at every side of every card, and press what can be pressed."""
    page = visit.page
    for _ in range(2):
        visit.until(ALL_DRAWN)
        page.evaluate(
            """() => {
                 for (const item of document.querySelectorAll(".item"))
                   for (const one of item.item.root.querySelectorAll("a, button, summary, form")) one.click();
               }"""
        )
        page.keyboard.press("a")
    page.wait_for_timeout(300)
    assert page.title() != hostile.MARK
    assert page.locator(".item").count() == page.locator(".item:not([hidden])").count() > 10


def test_a_hostile_card_file_does_nothing_in_the_preview(opened: Open, tmp_path: Path) -> None:
    notes = [
        {"id": f"n{number}", "question": f"{number} {text}", "answer": text, "why": text}
        for number, text in enumerate(hostile.TEXTS)
    ]
    notes += [{"id": f"c{number}", "cloze": f"{{{{c1::{text}}}}}"} for number, text in enumerate(hostile.HTML)]
    notes += [decks.question(1, tags=[hostile.HTML[1]]), {"id": "wrong", "question": "Q", hostile.HTML[1]: "A"}]
    decks.write(tmp_path / "cards", {"section": notes}, name="</title><script>alert(1)</script>")
    made = preview(tmp_path / "cards", tmp_path / "output", NOW)
    assert len(made.checked.fields) == len(notes) - 1
    assert any(hostile.HTML[1] in one.message for one in made.checked.diagnostics)
    visit = opened(page=made.page, viewport={"width": 1280, "height": 40_000})
    tried(visit)
    assert visit.page.title() == "</title><script>alert(1)</script>"


@pytest.mark.parametrize("wall", ["script", "policy"])
def test_foreign_html_does_nothing_in_the_preview(opened: Open, tmp_path: Path, wall: str) -> None:
    """Each wall alone: the page's script, which lets known elements through; and the policy, where that fails."""
    decks.write(tmp_path / "cards", {"section": [decks.question(number) for number in range(len(hostile.HTML))]})
    checked = preview(tmp_path / "cards", tmp_path / "output", NOW).checked
    fields = [
        one._replace(values=(one.note.id, "Q", text, *one.values[3:]))
        for one, text in zip(checked.fields, hostile.HTML, strict=True)
    ]
    text = render_page(checked.deck, fields, [])
    if wall == "script":
        start = text.index("<meta http-equiv")
        text = text[:start] + text[text.index(">", start) + 1 :]
    write_page(text, tmp_path / "page" / "index.html")
    visit = opened(page=tmp_path / "page" / "index.html", viewport={"width": 1280, "height": 20_000})
    if wall == "policy":
        visit.until(ALL_DRAWN)
        visit.page.evaluate(
            """() => {
                 const deck = JSON.parse(document.querySelector("script").textContent);
                 for (const card of deck.cards) document.getElementById(card.address).item.body.innerHTML = card.back;
               }"""
        )
        visit.page.wait_for_timeout(300)
        # The policy says what it has refused.
        refused = [one for one in visit.problems if "Content Security Policy" in one]
        assert len(refused) > 10
        visit.problems[:] = [one for one in visit.problems if one not in refused]
        assert visit.page.title() != hostile.MARK
    else:
        tried(visit)
        visit.page.keyboard.press("a")
        inner = visit.page.evaluate(
            "Array.from(document.querySelectorAll('.item'), (one) => one.item.body.innerHTML).join('').toLowerCase()"
        )
        assert inner.count("<article") > len(hostile.HTML)
        for sign in ("script", "style", "onerror", "onload", "hostile", "file:", "iframe", "<form"):
            assert sign not in inner


@pytest.mark.parametrize("address", ["#%", "#%E0%A4%A", "#nothing"])
def test_an_address_of_no_card_does_nothing(opened: Open, address: str) -> None:
    visit = opened(address)
    visit.page.keyboard.press("j")
    assert current(visit)

"""The cards in a browser, as Anki's backend renders them: readable, whole, quiet, and harmless."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from hipdeck.commands.build import build
from hipdeck.commands.shared.building import Built
from hipdeck.deck.notes import KINDS
from hipdeck.render.cards import Card
from hipdeck.render.note_types import note_types
from tests import decks, hostile
from tests.browser import MODES, SCREENS, Reviewer, violations
from tests.conftest import NOW
from tests.render.test_cards import HARD, rendered_by_anki

SMALLEST = 12  # pixels
PAGE_RULES = ("page-has-heading-one",)
"""Rules about the page around a card, which is Anki's."""


def reviewer_of(browser: Browser, built: Built) -> Reviewer:
    """A reviewer for the cards of a deck, with the screen of a desktop."""
    deck = built.checked.deck
    return Reviewer(browser, note_types(deck.id, deck.name)["question"].css, built.checked.pictures)


def look_at(reviewer: Reviewer, cards: dict[tuple[str, int], Card]) -> None:
    """Look at both sides of each card."""
    for (note, ordinal), card in cards.items():
        for name, side in card._asdict().items():
            reviewer.show(side)
            where = f"{note}, card {ordinal + 1}, {name}"
            assert reviewer.whole(), where
            assert reviewer.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), where
            assert reviewer.problems == [], where


@pytest.mark.slow
@pytest.mark.parametrize(("screen", "mode"), list(product(SCREENS, MODES)))
def test_every_card_of_the_shipped_deck_is_whole_and_quiet(
    browser: Browser, shipped: Built, tmp_path: Path, screen: str, mode: str
) -> None:
    cards = rendered_by_anki(shipped.package, tmp_path)
    assert len(cards) > 200
    reviewer = reviewer_of(browser, shipped)
    reviewer.resize(screen)
    reviewer.night = mode == "night"
    look_at(reviewer, cards)
    reviewer.close()


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """A deck with a note of each form and kind, and with everything that Markdown makes."""
    folder = tmp_path_factory.mktemp("samples")
    notes = []
    for number, kind in enumerate(KINDS):
        more = {"kind": kind, "why": "Because of `x`, [see](https://example.org)."}
        notes += [
            decks.question(number, reverse=True, **more),
            decks.choice(number, **more),
            decks.cloze(number, picture=number, **more),
        ]
    decks.write(folder / "cards", {"samples": notes, "hard": HARD})
    built = build(folder / "cards", folder / "output", NOW)
    assert built.written, built.checked.diagnostics
    return built


@pytest.fixture(scope="module")
def sample_cards(samples: Built, tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, int], Card]:
    """The cards of that deck, as Anki renders them."""
    return rendered_by_anki(samples.package, tmp_path_factory.mktemp("student"))


@pytest.fixture
def reviewer(browser: Browser, samples: Built) -> Iterator[Reviewer]:
    """A reviewer on a phone's screen."""
    opened = reviewer_of(browser, samples)
    opened.resize("phone")
    yield opened
    opened.close()
    assert opened.problems == []


def test_a_sample_of_each_form_is_whole_and_quiet(
    reviewer: Reviewer, sample_cards: dict[tuple[str, int], Card]
) -> None:
    look_at(reviewer, sample_cards)


QUICK = {"q0", "m0", "c0"}


@pytest.mark.parametrize(
    ("mode", "every"),
    [
        ("light", False),
        ("night", False),
        pytest.param("light", True, marks=pytest.mark.slow),
        pytest.param("night", True, marks=pytest.mark.slow),
    ],
)
def test_axe_finds_nothing_in_a_card_of_each_form_and_kind(
    reviewer: Reviewer, sample_cards: dict[tuple[str, int], Card], mode: str, every: bool
) -> None:
    reviewer.night = mode == "night"
    for (note, _), card in sample_cards.items():
        if not every and note not in QUICK:
            continue
        reviewer.show(card.front)
        for choice in reviewer.page.locator("label").all()[:1]:
            choice.click()
        assert violations(reviewer.page, *PAGE_RULES) == [], note
        reviewer.show(card.back)
        assert violations(reviewer.page, *PAGE_RULES) == [], note


def test_each_kind_has_its_own_word_color_and_shape(
    reviewer: Reviewer, sample_cards: dict[tuple[str, int], Card]
) -> None:
    looks = set()
    for number, kind in enumerate(KINDS):
        reviewer.show(sample_cards[f"q{number}", 0].front)
        header = reviewer.page.locator(".kind")
        assert header.inner_text() == kind.upper()
        style = "getComputedStyle(header, '::before')"
        looks.add(tuple(header.evaluate(f"(header) => [{style}.backgroundColor, {style}.clipPath]")))
    assert len({color for color, _ in looks}) == len({shape for _, shape in looks}) == 3


@pytest.mark.parametrize(
    ("mode", "colors"),
    [("light", ["rgb(255, 255, 255)", "rgb(28, 36, 48)"]), ("night", ["rgb(22, 25, 30)", "rgb(233, 237, 242)"])],
)
def test_a_card_has_its_own_paper_and_ink_by_day_and_night(
    reviewer: Reviewer, sample_cards: dict[tuple[str, int], Card], mode: str, colors: list[str]
) -> None:
    reviewer.night = mode == "night"
    reviewer.show(sample_cards["q0", 0].front)
    body = reviewer.page.locator("body")
    style = "getComputedStyle(body)"
    assert body.evaluate(f"(body) => [{style}.backgroundColor, {style}.color]") == colors
    assert body.evaluate(f"(body) => {style}.margin") == "0px"


def test_a_card_grows_with_the_students_font_size(
    reviewer: Reviewer, sample_cards: dict[tuple[str, int], Card]
) -> None:
    reviewer.show(sample_cards["m0", 0].back)
    size = "(part) => parseFloat(getComputedStyle(part).fontSize)"
    sizes = f"""() => Array.from(document.querySelectorAll("#qa *"), {size})"""
    before = reviewer.page.evaluate(sizes)
    reviewer.page.evaluate("document.documentElement.style.fontSize = '200%'")
    after = reviewer.page.evaluate(sizes)
    assert after == [2 * size for size in before]
    assert min(before) >= SMALLEST
    assert reviewer.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_question_does_not_move_when_the_answer_comes(
    reviewer: Reviewer, sample_cards: dict[tuple[str, int], Card]
) -> None:
    for ordinal in (0, 1):
        places = []
        for side in sample_cards["q0", ordinal]:
            reviewer.show(side)
            places.append([reviewer.page.locator(name).bounding_box() for name in (".kind", ".prompt")])
        assert places[0] == places[1]


def test_a_cards_style_asks_for_nothing_from_elsewhere() -> None:
    css = note_types("a-deck", "A deck")["question"].css
    assert re.findall(r"url\(|@import|@font-face|https?:", css) == []


def test_a_hostile_card_file_does_nothing_in_anki(browser: Browser, tmp_path: Path) -> None:
    notes: list[decks.Note] = [
        {"id": f"n{number}", "question": f"{number} {text}", "answer": text, "why": text}
        for number, text in enumerate(hostile.TEXTS)
    ]
    notes += [{"id": f"c{number}", "cloze": f"{{{{c1::{text}}}}}"} for number, text in enumerate(hostile.HTML)]
    notes += [
        {"id": f"m{number}", "question": f"Choose {text}", "choices": [text, "b"], "answer": "b"}
        for number, text in enumerate(hostile.HTML)
    ]
    decks.write(tmp_path / "cards", {"section": notes}, name="<img src=x>")
    built = build(tmp_path / "cards", tmp_path / "output", NOW)
    assert built.written, built.checked.diagnostics
    cards = rendered_by_anki(built.package, tmp_path)
    assert len(cards) == len(notes)
    reviewer = reviewer_of(browser, built)
    look_at(reviewer, cards)
    assert reviewer.page.title() == "A card"
    reviewer.close()
    tags = set(re.findall(r"<([^/\s>]+)", "".join(side for card in cards.values() for side in card)))
    assert tags == {"article", "header", "section", "div", "footer", "span", "ul", "li", "cite", "script"}

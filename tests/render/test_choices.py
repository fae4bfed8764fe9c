"""Multiple choice in a browser: a fresh order at each review, the same on both sides, and no hint of what is right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from hipdeck.commands.shared.checking import check
from hipdeck.render.cards import Card, render_card
from hipdeck.render.note_types import note_types
from tests import decks
from tests.browser import Reviewer
from tests.conftest import NOW

WRONG = ["two", "*three*", "four"]
NO_STORAGE = "Object.defineProperty(window, 'sessionStorage', {get() { throw new Error('no storage') }})"

Open = Callable[..., Reviewer]


@pytest.fixture(scope="module")
def css() -> str:
    return note_types("bridges", "Bridges")["question"].css


@pytest.fixture(scope="module")
def cards(tmp_path_factory: pytest.TempPathFactory) -> list[Card]:
    """Two multiple choice cards with four choices each; 'one' is right."""
    folder = tmp_path_factory.mktemp("choices")
    notes = [
        {"id": f"m{number}", "question": f"Which of {number}?", "choices": ["one", *WRONG], "answer": "one"}
        for number in (1, 2)
    ]
    decks.write(folder / "cards", {"section": notes})
    checked = check(folder / "cards", NOW)
    assert not checked.diagnostics
    return [render_card(note_types("bridges", "Bridges")["question"], fields.values, 0) for fields in checked.fields]


@pytest.fixture
def opened(browser: Browser, css: str) -> Iterator[Open]:
    """Opens reviewers; afterwards it closes them, and none may have had a problem."""
    reviewers: list[Reviewer] = []

    def open_(**options: object) -> Reviewer:
        reviewers.append(Reviewer(browser, css, **options))  # type: ignore[arg-type]
        return reviewers[-1]

    yield open_
    for reviewer in reviewers:
        reviewer.close()
    assert [problem for reviewer in reviewers for problem in reviewer.problems] == []


def shown(reviewer: Reviewer) -> list[str]:
    """The choices in the order on the screen."""
    return [text.strip() for text in reviewer.page.locator(".choices li").all_inner_texts()]


def chosen(reviewer: Reviewer) -> list[str]:
    """The choices that are marked as the student's."""
    return [text.strip() for text in reviewer.page.locator(".choices .chosen").all_inner_texts()]


@pytest.mark.parametrize(
    ("reloads", "reviews"),
    [
        pytest.param(False, 20, id="one-page"),
        pytest.param(True, 10, id="page-for-each-side"),
        pytest.param(False, 100, id="one-page-100", marks=pytest.mark.slow),
        pytest.param(True, 100, id="page-for-each-side-100", marks=pytest.mark.slow),
    ],
)
def test_the_back_keeps_the_order_and_the_choice_of_the_front(
    opened: Open, cards: list[Card], reloads: bool, reviews: int
) -> None:
    reviewer = opened(reloads=reloads)
    orders = set()
    for review in range(reviews):
        card = cards[review % 2]
        reviewer.show(card.front)
        order = shown(reviewer)
        tapped = [order[review % 4]] if review % 5 else []
        for text in tapped:
            reviewer.page.locator(".choices li", has_text=text).click()
        assert chosen(reviewer) == tapped
        reviewer.show(card.back)
        assert shown(reviewer) == order
        assert chosen(reviewer) == tapped
        assert reviewer.page.locator(".choices .right").all_inner_texts() == ["one"]
        orders.add(tuple(order))
    assert len(orders) > 3


def test_every_order_is_as_likely_as_any_other(opened: Open, cards: list[Card]) -> None:
    reviewer = opened()
    reviewer.show(cards[0].front)
    html = cards[0].front.split("<script>")[0]
    drawn = reviewer.page.evaluate(
        """(html) => Array.from({length: 4800}, () => {
             document.getElementById("qa").innerHTML = html;
             hipdeckChoices(document);
             return Array.from(document.querySelectorAll(".choices li"), (item) => item.textContent).join();
           })""",
        html,
    )
    counts = Counter(drawn)
    assert len(counts) == 24
    chi_square = sum((count - 200) ** 2 / 200 for count in counts.values())
    # With 23 degrees of freedom a fair shuffle exceeds 100 once in some ten thousand million runs.
    assert chi_square < 100, counts


def test_without_script_the_order_is_fixed(opened: Open, cards: list[Card]) -> None:
    reviewer = opened(reloads=True, java_script_enabled=False)
    orders = set()
    for side in (cards[0].front, cards[0].back) * 3:
        reviewer.show(side)
        orders.add(tuple(shown(reviewer)))
    assert len(orders) == 1
    assert chosen(reviewer) == []


def test_without_storage_the_order_is_fixed(opened: Open, cards: list[Card]) -> None:
    reviewer = opened(reloads=True)
    reviewer.page.add_init_script(NO_STORAGE)
    orders = set()
    for side in (cards[0].front, cards[0].back) * 5:
        reviewer.show(side)
        orders.add(tuple(shown(reviewer)))
    assert len(orders) == 1
    assert reviewer.page.locator("input").count() == 0


@pytest.mark.parametrize("state", ["{}", "null", "[", '{"order":[0,1,2],"chosen":0}', '{"order":[0,1,2,2],"chosen":0}'])
def test_the_state_of_other_choices_is_not_used(opened: Open, cards: list[Card], state: str) -> None:
    reviewer = opened(reloads=True)
    reviewer.show(cards[0].front)
    reviewer.page.evaluate("(state) => sessionStorage.setItem('hipdeck m1', state)", state)
    reviewer.show(cards[0].back)
    assert sorted(shown(reviewer)) == ["four", "one", "three", "two"]
    assert chosen(reviewer) == []


def test_the_front_shows_no_difference_between_right_and_wrong(opened: Open, cards: list[Card]) -> None:
    reviewer = opened(reloads=True, java_script_enabled=False)
    front = cards[0].front
    pictures = []
    for html in (front, front.replace(' class="right"', "")):
        reviewer.show(html)
        pictures.append(reviewer.page.screenshot())
    assert front.count(' class="right"') == 1
    assert pictures[0] == pictures[1]
    live = opened()
    looks = []
    for text in ("one", "two"):
        live.show(cards[0].front)
        item = live.page.locator(".choices li", has_text=text)
        item.click()
        looks.append(
            item.evaluate(
                "(item) => JSON.stringify(Array.from(getComputedStyle(item), "
                "(name) => [name, getComputedStyle(item)[name]]).filter(([name]) => "
                "!/inline|width|origin/.test(name)))"
            )
        )
    assert looks[0] == looks[1]


def test_choices_are_reached_and_chosen_by_the_keyboard(opened: Open, cards: list[Card]) -> None:
    reviewer = opened()
    reviewer.show(cards[0].front)
    order = shown(reviewer)
    group = reviewer.page.get_by_role("radiogroup", name="Which of 1?")
    assert group.get_by_role("radio").count() == 4
    reviewer.page.keyboard.press("Tab")
    reviewer.page.keyboard.press("Space")
    assert chosen(reviewer) == order[:1]
    reviewer.page.keyboard.press("ArrowDown")
    reviewer.page.keyboard.press("ArrowDown")
    assert chosen(reviewer) == order[2:3]
    assert group.get_by_role("radio", checked=True).count() == 1
    reviewer.show(cards[0].back)
    assert chosen(reviewer) == order[2:3]


def test_nothing_moves_when_the_answer_comes(opened: Open, cards: list[Card], tmp_path: Path) -> None:
    reviewer = opened()
    reviewer.resize("phone")
    boxes = []
    for side in cards[0]:
        reviewer.show(side)
        places = reviewer.page.locator(".kind, .prompt, .choices li")
        boxes.append([places.nth(number).bounding_box() for number in range(places.count())])
    assert len(boxes[0]) == 6
    assert boxes[0] == boxes[1]

"""The pictures of the README, made from the shipped deck: `python -m tests.pictures` writes them to docs/pictures/."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from playwright.sync_api import Browser

from hipdeck.commands.checking import Checked, check
from hipdeck.commands.preview import preview
from hipdeck.render.cards import Card, render
from hipdeck.render.note_types import note_types
from tests.browser import MODES, Reviewer, Visit, chromium
from tests.conftest import NOW, ROOT

PICTURES = ROOT / "docs" / "pictures"
QUESTION = "glute-bridge-finish"
CHOICES, TAPPED = "glute-bridge-arch", "Push the hips higher still"
SECTION, TEXT = "exercises/glute-bridge", "the top of a glute bridge"
# The same order of choices in every picture.
NO_CHANCE = "Math.random = () => 0.3"


def card_of(checked: Checked, note_id: str) -> Card:
    """The first card of a note."""
    types = note_types(checked.deck.id, checked.deck.name)
    fields = next(one for one in checked.fields if one.note.id == note_id)
    return render(types[fields.role], fields.values, fields.ordinals[0])


def of_cards(browser: Browser, checked: Checked, mode: str) -> None:
    """A question, its answer, and a multiple choice that was answered, on a phone."""
    css = note_types(checked.deck.id, checked.deck.name)["question"].css
    size = {"width": 360, "height": 640}
    reviewer = Reviewer(browser, css, checked.pictures, viewport=size, device_scale_factor=1.5)
    reviewer.page.add_init_script(NO_CHANCE)
    reviewer.night = mode == "night"

    def save(name: str) -> None:
        assert reviewer.whole()
        reviewer.page.screenshot(path=PICTURES / f"{name}-{mode}.png")

    question, choices = card_of(checked, QUESTION), card_of(checked, CHOICES)
    reviewer.show(question.front)
    save("question")
    reviewer.show(question.back)
    save("answer")
    reviewer.show(choices.front)
    reviewer.page.get_by_text(TAPPED).click()
    reviewer.show(choices.back)
    save("choices")
    reviewer.close()


def of_preview(browser: Browser, page: Path, mode: str) -> None:
    """The preview of some cards of one section, two of them answered."""
    scheme = "dark" if mode == "night" else "light"
    visit = Visit(browser, page.as_uri(), color_scheme=scheme, viewport={"width": 1190, "height": 800})
    visit.page.evaluate(NO_CHANCE)
    visit.page.get_by_label("Section").select_option(SECTION)
    visit.page.get_by_label("Text").fill(TEXT)
    visit.page.locator(f"[id='{CHOICES}']").get_by_text(TAPPED).click()
    for note in (QUESTION, CHOICES):
        visit.page.locator(f"[id='{note}']").get_by_role("button").click()
    visit.page.evaluate("scrollTo(0, 0)")
    visit.page.wait_for_timeout(500)
    visit.page.screenshot(path=PICTURES / f"preview-{mode}.png")
    visit.close()


if __name__ == "__main__":
    os.chdir(ROOT)  # the preview names the files as an author would see them
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as output, chromium() as running:
        looked_through = check(Path("cards"), NOW)
        made = preview(Path("cards"), Path(output), NOW).page
        for one in MODES:
            of_cards(running, looked_through, one)
            of_preview(running, made, one)

"""The README's pictures, taken of the shipped deck: `python -m tests.pictures` writes them to docs/pictures/."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from playwright.sync_api import Browser

from hipdeck.commands.preview import preview
from hipdeck.commands.shared.checking import Checked, check
from hipdeck.render.cards import Card, render_card
from hipdeck.render.note_types import note_types
from tests.browser import MODES, Reviewer, Visit, chromium
from tests.conftest import NOW, ROOT

PICTURES = ROOT / "docs" / "pictures"
QUESTION = "glute-bridge-finish"
CHOICES, TAPPED = "glute-bridge-arch", "Push the hips higher still"
SECTION, TEXT = "exercises/glute-bridge", "the top of a glute bridge"
# Keeps the order of choices the same in every picture.
FIXED_ORDER = "Math.random = () => 0.3"


def first_card(checked: Checked, note_id: str) -> Card:
    """The first card of a note."""
    types = note_types(checked.deck.id, checked.deck.name)
    fields = next(fields for fields in checked.fields if fields.note.id == note_id)
    return render_card(types[fields.role], fields.values, fields.ordinals[0])


def take_cards(browser: Browser, checked: Checked, mode: str) -> None:
    """Take pictures of a question, its answer, and an answered multiple choice, on a phone."""
    css = note_types(checked.deck.id, checked.deck.name)["question"].css
    size = {"width": 360, "height": 640}
    reviewer = Reviewer(browser, css, checked.pictures, viewport=size, device_scale_factor=1.5)
    reviewer.page.add_init_script(FIXED_ORDER)
    reviewer.night = mode == "night"

    def save(name: str) -> None:
        assert reviewer.whole()
        reviewer.page.screenshot(path=PICTURES / f"{name}-{mode}.png")

    question, choices = first_card(checked, QUESTION), first_card(checked, CHOICES)
    reviewer.show(question.front)
    save("question")
    reviewer.show(question.back)
    save("answer")
    reviewer.show(choices.front)
    reviewer.page.get_by_text(TAPPED).click()
    reviewer.show(choices.back)
    save("choices")
    reviewer.close()


def take_preview(browser: Browser, page: Path, mode: str) -> None:
    """Take a picture of the preview: some cards of one section, two of them answered."""
    scheme = "dark" if mode == "night" else "light"
    visit = Visit(browser, page.as_uri(), color_scheme=scheme, viewport={"width": 1190, "height": 800})
    visit.page.evaluate(FIXED_ORDER)
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
        shipped = check(Path("cards"), NOW)
        preview_page = preview(Path("cards"), Path(output), NOW).page
        for light in MODES:
            take_cards(running, shipped, light)
            take_preview(running, preview_page, light)

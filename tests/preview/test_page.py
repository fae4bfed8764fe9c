"""The preview: what is on the page, and where the diagnostics stand."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from hipdeck.commands.preview import preview
from hipdeck.commands.shared.building import Built
from tests import cases, decks
from tests.conftest import NOW, ROOT
from tests.render.test_cards import HARD, rendered_by_us


class Scripts(HTMLParser):
    """The scripts of a page as a browser takes them apart: type and text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self.policy = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "script":
            self.found.append((dict(attrs).get("type") or "", ""))
        if tag == "meta" and ("http-equiv", "Content-Security-Policy") in attrs:
            self.policy = dict(attrs)["content"] or ""

    def handle_data(self, data: str) -> None:
        if self.found and self.lasttag == "script" and not self.found[-1][1]:
            self.found[-1] = (self.found[-1][0], data)


def data(page: str) -> dict[str, Any]:
    """What the page knows of the deck."""
    scripts = Scripts(page).found
    assert [kind for kind, _ in scripts] == ["application/json", ""]
    loaded: dict[str, Any] = json.loads(scripts[0][1])
    return loaded


def previewed(files: dict[str, str], folder: Path) -> dict[str, Any]:
    """What the preview of a case's files knows."""
    cases.write({"deck.yaml": cases.DECK, **files}, folder / "cards")
    return data(preview(folder / "cards", folder / "output", NOW).page.read_text(encoding="utf-8"))


SECTION = """\
section: Bridges
source: guide
tags: [basics]
notes:
  - id: first
    question: Which?
    answer: This.
    reverse: true
  - id: second
    kind: cue
    cloze: The {{c1::one}} and the {{c3::three}}.
"""


def test_cards_have_addresses_places_and_filters(tmp_path: Path) -> None:
    found = previewed({"section.yaml": SECTION}, tmp_path)
    path = (tmp_path / "cards" / "section.yaml").as_posix()
    keys = ("address", "place", "kind", "section", "tags", "diagnostics")
    assert [[card[key] for key in keys] for card in found["cards"]] == [
        ["first", f"{path}:5", "fact", 0, ["basics"], []],
        ["first:reversed", f"{path}:5", "fact", 0, ["basics"], []],
        ["second", f"{path}:9", "cue", 0, ["basics"], []],
        ["second:c3", f"{path}:9", "cue", 0, ["basics"], []],
    ]
    assert found["sections"] == [{"path": "section", "title": "Bridges"}]
    assert (found["tags"], found["kinds"], found["diagnostics"]) == (["basics"], ["fact", "cue", "mistake"], [])


BROKEN = """\
section: Bridges
titel: x
notes:
  - id: pictureless
    question: Which?
    answer: This. ![a picture](media/none.svg)
  - id: misspelt
    question: Which one?
    anwser: This.
  - id: same
    question: Which other?
    answer: This.
  - id: same
    source: guide
    question: Which third?
    answer: This.
"""


def test_diagnostics_are_at_their_card_or_on_top(tmp_path: Path) -> None:
    found = previewed({"section.yaml": BROKEN}, tmp_path)
    at_cards = [
        (
            card["address"],
            [(one["severity"], one["code"], one["place"].split(":", 1)[1]) for one in card["diagnostics"]],
        )
        for card in found["cards"]
    ]
    assert at_cards == [
        ("pictureless", [("error", "media-missing", "6:32")]),
        ("same", [("warning", "missing-source", "10:9")]),
        ("same:again", [("error", "duplicate-id", "13:9")]),
    ]
    assert [(one["code"], one["place"].split(":", 1)[1]) for one in found["diagnostics"]] == [
        ("unknown-key", "2:1"),
        ("unknown-key", "9:5"),
    ]


def test_unreadable_deck_makes_a_page_of_errors(tmp_path: Path) -> None:
    found = previewed({"deck.yaml": "deck: [", "section.yaml": "section: x\nnotes: {"}, tmp_path)
    assert found["cards"] == []
    assert {one["code"] for one in found["diagnostics"]} == {"yaml"}


def test_page_is_written_despite_errors(tmp_path: Path) -> None:
    cases.write({"deck.yaml": cases.DECK, "section.yaml": SECTION}, tmp_path / "cards")
    page = tmp_path / "output" / "preview" / "index.html"
    clean = cases.hipdeck("preview", cwd=tmp_path)
    assert clean == (0, "output/preview/index.html: 4 cards, no errors in 2 files\n", "")
    first = page.read_text(encoding="utf-8")
    cases.write({"section.yaml": SECTION.replace("answer: This.", "answer: ''")}, tmp_path / "cards")
    wrong = cases.hipdeck("preview", "-q", cwd=tmp_path)
    assert (wrong.code, wrong.stdout) == (1, "")
    assert wrong.stderr.endswith("1 error in 1 file\n")
    assert page.read_text(encoding="utf-8") != first
    assert list(page.parent.iterdir()) == [page]
    missing = cases.hipdeck("preview", "nowhere", cwd=tmp_path)
    assert (missing.code, missing.stderr.split("\n")[0]) == (2, "error: there is no folder 'nowhere'")


def test_unwritable_output_is_reported(tmp_path: Path) -> None:
    cases.write({"deck.yaml": cases.DECK, "section.yaml": SECTION}, tmp_path / "cards")
    (tmp_path / "output").write_text("a file")
    result = cases.hipdeck("preview", cwd=tmp_path)
    assert result.code == 2
    assert "error: cannot write output/preview/index.html" in result.stderr


def test_page_holds_rendered_cards_without_scripts(tmp_path: Path) -> None:
    decks.write(tmp_path / "cards", {"section": HARD})
    made = preview(tmp_path / "cards", tmp_path / "output", NOW)
    found = data(made.page.read_text(encoding="utf-8"))
    script = re.compile(r"<script>.*?</script>", re.DOTALL)
    expected = [[script.sub("", side) for side in card] for card in rendered_by_us(made.checked).values()]
    assert [[card["front"], card["back"]] for card in found["cards"]] == expected


def test_page_holds_the_pictures(shipped: Built) -> None:
    found = data(preview(ROOT / "cards", shipped.package.parent, NOW).page.read_text(encoding="utf-8"))
    assert found["pictures"]
    assert set(found["pictures"]) == {one.name for one in shipped.checked.pictures}
    for picture in shipped.checked.pictures:
        head, content = found["pictures"][picture.name].split(",")
        assert head == "data:image/svg+xml;base64"
        assert base64.b64decode(content) == picture.path.read_bytes()


@pytest.mark.parametrize("version", ["", "1"])
def test_policy_allows_only_the_pages_own_script_and_style(tmp_path: Path, version: str) -> None:
    decks.write(tmp_path / "cards", {"section": [decks.question(1)]})
    page = preview(tmp_path / "cards", tmp_path / "output", NOW).html(version)
    parsed = Scripts(page)
    style = re.findall(r"<style>(.*?)</style>", page, flags=re.DOTALL)[0]

    def hashed(text: str) -> str:
        return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"

    assert parsed.policy.split("; ") == [
        "default-src 'none'",
        f"script-src {hashed(parsed.found[1][1])}",
        f"style-src {hashed(style)}",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
        *(["connect-src 'self'"] if version else []),
    ]


def page_of(notes: list[dict[str, Any]], folder: Path) -> dict[str, Any]:
    """What the page of a deck with one section knows."""
    decks.write(folder / "cards", {"section": notes})
    return data(preview(folder / "cards", folder / "output", NOW).page.read_text(encoding="utf-8"))


def test_a_page_that_would_be_too_large_says_how_many_cards_it_leaves_out(tmp_path: Path) -> None:
    gaps = " ".join(f"{{{{c{number}::gap}}}}" for number in range(1, 301))
    notes = [{"id": f"n{number}", "cloze": f"{number} {gaps}"} for number in range(4)]
    page = page_of(notes, tmp_path)
    assert 0 < len(page["cards"]) < 1_200
    assert len(page["cards"]) + page["left_out"] == 1_200
    assert page_of(notes[:1], tmp_path)["left_out"] == 0


def test_many_notes_with_one_id_have_addresses_of_their_own(tmp_path: Path) -> None:
    page = page_of([decks.question(1)] * 4, tmp_path)
    assert [card["address"] for card in page["cards"]] == ["q1", "q1:again", "q1:again2", "q1:again3"]


def test_notes_without_an_id_are_shown(tmp_path: Path) -> None:
    page = page_of([{"question": "Which?", "answer": "This."}, {"question": "Who?", "answer": "She."}], tmp_path)
    assert ["Which?" in page["cards"][0]["front"], "Who?" in page["cards"][1]["front"]] == [True, True]
    assert len({card["address"] for card in page["cards"]}) == 2
    assert page["cards"][0]["diagnostics"][0]["code"] == "missing-id"

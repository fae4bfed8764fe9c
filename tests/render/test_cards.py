"""Promise 10, the preview shows what Anki shows: the HTML of every card is Anki's own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from anki.collection import Collection
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hipdeck.commands.build import build
from hipdeck.commands.shared.building import Built
from hipdeck.commands.shared.checking import Checked
from hipdeck.render.cards import Card, render_card
from hipdeck.render.cloze import parse_clozes, spread
from hipdeck.render.note_types import Field, NoteType, Template, note_types
from tests import anki, decks
from tests.conftest import NOW

STYLE = re.compile(r"\A<style>.*?</style>", re.DOTALL)
HARD: list[decks.Note] = [
    {"id": "plain", "question": "Which?", "answer": "This."},
    {"id": "reverse", "question": "Sit bone?", "answer": "Ischial tuberosity", "reverse": True, "why": "A *name*."},
    {"id": "choices", "question": "Which of these?", "choices": ["**One**", "a & b", "<i>"], "answer": "a & b"},
    {"id": "text", "question": "</script><b>{{Answer}} &lt;", "answer": "{{FrontSide}} {{#Why}} [sound:x.mp3]"},
    {"id": "marks", "question": "Is `</script>` text?", "answer": "[latex]x[/latex] [[type:Answer]]", "kind": "cue"},
    {"id": "math", "question": r"What is \(x^2\)?", "answer": r"\[\frac{1}{2}\] and \(a < b\)", "reverse": True},
    {"id": "rtl", "question": "מהי עצם הירך?", "answer": "עצם **ארוכה**", "reverse": True, "kind": "mistake"},
    {"id": "lists", "question": "Which two?", "answer": "1. one\n2. two\n\n| a | b |\n| - | - |\n| 1 | 2 |\n"},
    {"id": "picture", "question": "What is it?", "answer": "A bridge.", "picture": 1},
    {"id": "cloze", "cloze": "The {{c1::hamstrings}} and the {{c2::glutes::muscle}} extend.", "why": "They do."},
    {"id": "nested", "cloze": "{{c1::the {{c2::hip::joint}} extends}} {{c2::again}}"},
    {"id": "deep", "cloze": "{{c3::a {{c1::b {{c2::c::h2}} d::h1}} e::h3}}"},
    {"id": "several", "cloze": "{{c1,3::x}} and {{c2,1::y::hint}} but {{c12::z}}"},
    {"id": "cloze-math", "cloze": r"\({{c1::\frac{1}{\sqrt{2}}}} + {{c2::b::h}}\) and {{c1::\(y\)}}"},
    {"id": "cloze-marks", "cloze": "{{c1::**strong** <i> & \"é\" '`code`'}} </script> \\\\( {{c2::עצם}}"},
    {"id": "cloze-list", "cloze": "- {{c1::one}}\n- {{c2::two\n\n"[:-2] + "}}\n\n{{c3::three}}", "kind": "mistake"},
]


@pytest.fixture(scope="module")
def hard(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """A deck of notes that are hard to render."""
    folder = tmp_path_factory.mktemp("hard")
    decks.write(folder / "cards", {"section": HARD})
    built = build(folder / "cards", folder / "output", NOW)
    assert built.written, built.checked.diagnostics
    return built


def rendered_by_anki(package: Path, folder: Path) -> dict[tuple[str, int], Card]:
    """Every card of a package as Anki renders it, without the style sheet, by note id and ordinal."""
    with anki.collection(folder) as col:
        anki.imported(col, package)
        cards = [col.get_card(number) for number in col.find_cards("")]
        return {
            (card.note()["Id"], card.ord): Card(STYLE.sub("", card.question()), STYLE.sub("", card.answer()))
            for card in cards
        }


def rendered_by_us(checked: Checked) -> dict[tuple[str, int], Card]:
    """Every card of a deck as `render_card` has it."""
    types = note_types(checked.deck.id, checked.deck.name)
    return {
        (fields.note.id, ordinal): render_card(types[fields.role], fields.values, ordinal)
        for fields in checked.fields
        for ordinal in fields.ordinals
    }


def test_every_shipped_card_is_rendered_as_anki_renders_it(shipped: Built, tmp_path: Path) -> None:
    expected = rendered_by_anki(shipped.package, tmp_path)
    assert len(expected) == shipped.checked.cards
    assert rendered_by_us(shipped.checked) == expected


def test_every_hard_card_is_rendered_as_anki_renders_it(hard: Built, tmp_path: Path) -> None:
    expected = rendered_by_anki(hard.package, tmp_path)
    assert {note for note, _ in expected} == {note["id"] for note in HARD}
    assert rendered_by_us(hard.checked) == expected


@pytest.fixture(scope="module")
def col(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collection]:
    with anki.collection(tmp_path_factory.mktemp("rendering")) as opened:
        yield opened


PIECES = [
    "{{c1::",
    "{{c2::",
    "{{c3::",
    "{{c1,3::",
    "}}",
    "::",
    "a",
    "é ",
    "{",
    ":",
    "\\(",
    "\\)",
    "\\[",
    "\\]",
    "<b>",
    '"',
]


@settings(max_examples=400)
@example(["{{c1::", "a", "::", "h", "{{c2::", "b", "}}", "c", "::", "}}"])
@example(["{{c1::", "a", "\\(", "}}", "\\)", "<b>"])
@example(["{{c1,3::", "a", "::", "b", "{{c2::", "c", "}}", "}}"])
@example(["\\(", "{{c1::", "a", "}}", "\\]", "<b>"])
@given(pieces=st.lists(st.sampled_from(PIECES), min_size=1, max_size=14))
def test_any_sound_cloze_is_rendered_as_anki_renders_it(col: Collection, pieces: list[str]) -> None:
    if parse_clozes("".join(pieces))[1]:
        return
    text = spread("".join(pieces))
    kind = col.models.by_name("Cloze")
    assert kind is not None
    note = col.new_note(kind)
    note["Text"] = text
    col.add_note(note, col.decks.id("Default") or 1)  # type: ignore[arg-type]
    template = Template("Cloze", 0, "{{cloze:Text}}", "{{cloze:Text}}")
    ours = NoteType("cloze", 0, "Cloze", True, (Field("Text", 0),), (template,), "")
    cards = [col.get_card(number) for number in note.card_ids()]
    assert cards
    for card in cards:
        shown = Card(*(STYLE.sub("", side).replace("<br>\n", "") for side in (card.question(), card.answer())))
        assert render_card(ours, (text,), card.ord) == shown


CLOZE = NoteType(
    "cloze", 0, "C", True, (Field("Text", 0),), (Template("C", 0, "{{cloze:Text}}", "{{cloze:Text}}"),), ""
)


def test_a_number_that_no_cloze_can_have_is_text() -> None:
    front = render_card(CLOZE, ("{{c1::a}} {{c" + "1" * 5000 + "::x}}",), 0).front
    assert front.endswith("::x}}")


def test_a_text_with_an_open_cloze_shows_as_it_is() -> None:
    text = "{{c1::a}} is {{c2::never closed"
    assert render_card(CLOZE, (text,), 0) == Card(text, text)


@pytest.mark.parametrize("value", ["", " \n", "<br>", "<div></div>", "<BR /> ", "a", "<b></b>", "&nbsp;", "0"])
def test_a_conditional_takes_for_empty_what_anki_does(col: Collection, value: str) -> None:
    front, back = (
        "{{Front}} {{#Back}}yes{{^Front}}never{{/Front}}{{/Back}}{{^Back}}no{{/Back}}",
        "{{FrontSide}}|{{Back}}",
    )
    kind = col.models.new(f"Conditional {value!r}")
    for name in ("Front", "Back"):
        col.models.add_field(kind, col.models.new_field(name))
    template = col.models.new_template("Card")
    template["qfmt"], template["afmt"] = front, back
    col.models.add_template(kind, template)
    col.models.add(kind)
    saved = col.models.by_name(kind["name"])
    assert saved is not None
    note = col.new_note(saved)
    note["Front"], note["Back"] = "x", value
    col.add_note(note, col.decks.id("Default") or 1)  # type: ignore[arg-type]
    card = note.cards()[0]
    fields = (Field("Front", 0), Field("Back", 0))
    ours = NoteType("question", 0, "Conditional", False, fields, (Template("Card", 0, front, back),), "")
    shown = Card(STYLE.sub("", card.question()), STYLE.sub("", card.answer()))
    assert render_card(ours, ("x", value), 0) == shown

"""A note's fields: which values, cards, tags and pictures a note gets, and what is wrong with its texts."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hipdeck.commands.build import build
from hipdeck.deck.loader import load
from hipdeck.deck.notes import Citation, Deck, Note, Section, Source
from hipdeck.diagnostics import Diagnostic
from hipdeck.render.fields import _VISIBLE, Fields, _is_visible, render_note
from hipdeck.render.media import Media
from hipdeck.render.note_types import note_types
from tests import anki, cases, decks

CHOICES = ["The heel", "The heels", "The toes", "heels"]
GUIDE = Source("A guide", "Ann", "1999", "https://a.example")


def read(folder: Path, *notes: decks.Note) -> tuple[Deck, Media]:
    decks.write(folder, {"section": [{"id": f"n{number}", **note} for number, note in enumerate(notes)]})
    return load(folder).deck, Media(folder)


def rendered(folder: Path, **note: Any) -> tuple[dict[str, str], Fields, list[Diagnostic]]:
    """The values of a note's fields by name, all of its fields, and what is wrong with it."""
    deck, media = read(folder, note)
    fields, diagnostics = render_note(deck.notes[0], deck, media.find)
    names = [field.name for field in note_types(deck.id, deck.name)[fields.role].fields]
    return dict(zip(names, fields.values, strict=True)), fields, diagnostics


def codes(diagnostics: list[Diagnostic]) -> list[str]:
    return [diagnostic.code for diagnostic in diagnostics]


@pytest.mark.parametrize("text", ["Plain", "**Bold**", "Ünicode"])
def test_a_question_fills_the_fields_of_its_type(text: str, tmp_path: Path) -> None:
    html = text.replace("**Bold**", "<strong>Bold</strong>")
    values, fields, diagnostics = rendered(tmp_path, question=f"{text} q?", answer=f"{text} a", why=f"{text} w")
    assert values == {
        "Id": "n0",
        "Question": f"{html} q?",
        "Answer": f"{html} a",
        "Choices": "",
        "Why": f"{html} w",
        "Source": "<cite>A guide</cite>",
        "Section": "section",
        "Kind": "fact",
        "Reverse": "",
        "Extra 1": "",
        "Extra 2": "",
        "Extra 3": "",
    }
    assert fields.ordinals == (0,)
    assert fields.tags == ["bridges::kind::fact", "bridges::section"]
    assert diagnostics == []


@pytest.mark.parametrize("answer", ["Plain", "**Bold**"])
def test_a_reverse_makes_a_second_card(answer: str, tmp_path: Path) -> None:
    values, fields, _ = rendered(tmp_path, question="Q?", answer=answer, reverse="true", kind="cue", tags=["a", "a::b"])
    assert (values["Reverse"], values["Kind"], fields.ordinals) == ("yes", "cue", (0, 1))
    assert fields.tags == ["bridges::a", "bridges::a::b", "bridges::kind::cue", "bridges::section"]


def test_a_note_has_the_tags_of_its_file_and_its_own_each_once(tmp_path: Path) -> None:
    section = "section: A\nsource: guide\ntags: [one, two]\nnotes:\n"
    section += "  - {id: a, question: How?, answer: So., tags: [three, two, three]}\n"
    section += "  - {id: b, question: What?, answer: So.}\n"
    cases.write({"deck.yaml": cases.DECK, "section.yaml": section}, tmp_path)
    deck = load(tmp_path).deck
    tags = [tuple(tag.removeprefix("bridges::") for tag in note.tags) for note in deck.notes]
    assert tags == [("one", "two", "three"), ("one", "two")]
    fields, _ = render_note(deck.notes[0], deck, Media(tmp_path).find)
    assert fields.tags == [
        "bridges::kind::fact",
        "bridges::one",
        "bridges::section",
        "bridges::three",
        "bridges::two",
    ]


def test_a_cloze_note_fills_the_fields_of_its_type(tmp_path: Path) -> None:
    values, fields, diagnostics = rendered(
        tmp_path, cloze="{{c2,4::Hip}} *and* {{c1::knee}}", why="*W*", kind="mistake"
    )
    assert values == {
        "Id": "n0",
        "Text": "{{c2::{{c4::Hip}}}} <em>and</em> {{c1::knee}}",
        "Why": "<em>W</em>",
        "Source": "<cite>A guide</cite>",
        "Section": "section",
        "Kind": "mistake",
        "Extra 1": "",
        "Extra 2": "",
        "Extra 3": "",
    }
    assert fields.ordinals == (0, 1, 3)
    assert fields.tags == ["bridges::kind::mistake", "bridges::section"]
    assert diagnostics == []


def test_a_hint_of_a_cloze_that_anki_would_play_is_kept_apart(tmp_path: Path) -> None:
    assert rendered(tmp_path, cloze="{{c1::Hip::sound:x}} is")[0]["Text"] == "{{c1::Hip:: sound:x}} is"


@pytest.mark.parametrize("answer", CHOICES)
def test_only_the_choice_that_equals_the_answer_is_right(answer: str, tmp_path: Path) -> None:
    values, *_ = rendered(tmp_path, question="Which?", choices=CHOICES, answer=answer)
    assert re.findall(r'<li class="right">(.*?)</li>', values["Choices"]) == [answer]
    assert sorted(re.findall(r"<li.*?>(.*?)</li>", values["Choices"])) == sorted(CHOICES)
    assert re.fullmatch(r'<ul class="choices">(<li( class="right")?>[^<]*</li>){4}</ul>', values["Choices"])
    assert values["Answer"] == answer


def order(folder: Path, id_: str, choices: list[str]) -> list[str]:
    values, *_ = rendered(folder, id=id_, question="Which?", choices=choices, answer="**The toes**")
    return re.findall(r"<li.*?>(.*?)</li>", values["Choices"])


def test_the_order_of_choices_depends_on_the_note_alone(tmp_path: Path) -> None:
    choices = ["**The toes**", "The heel", "The edge", "The palm"]
    orders = {id_: order(tmp_path, id_, choices) for id_ in "abcdefgh"}
    assert orders == {id_: order(tmp_path, id_, choices[::-1]) for id_ in "abcdefgh"}
    assert len({tuple(shown) for shown in orders.values()}) > 4
    # Students have this order already, and see it if their Anki doesn't run the card's script.
    assert orders["a"] == ["The edge", "The heel", "<strong>The toes</strong>", "The palm"]


@pytest.mark.parametrize(
    ("source", "locator", "expected"),
    [
        (GUIDE, "p. 3", 'Ann, <a href="https://a.example"><cite>A guide</cite></a>, 1999, p. 3'),
        (Source("A <guide>"), "", "<cite>A &lt;guide&gt;</cite>"),
        (
            Source("A", url='https://a.example/?a=[1]&b="'),
            "",
            '<a href="https://a.example/?a=&#91;1]&amp;b=&quot;"><cite>A</cite></a>',
        ),
        (Source("A", year="2001"), "[p]", "<cite>A</cite>, 2001, &#91;p]"),
    ],
    ids=["all", "title", "address", "year"],
)
def test_a_source_is_cited_with_what_it_has(source: Source, locator: str, expected: str) -> None:
    section = Section("a", "A [section]", None)  # type: ignore[arg-type]  # nothing asks for a place
    note = Note("n", "question", section, 0, "fact", "Q?", "A.", citation=Citation("guide", locator))
    deck = Deck("deck", "Deck", None, sources={"guide": source}, sections=(section,), notes=(note,))
    values = render_note(note, deck, Media(Path("nowhere")).find)[0].values
    assert values[5] == expected
    assert values[6] == "A &#91;section]"


@pytest.mark.parametrize("citation", [None, Citation("unknown", "p. 3")])
def test_a_note_without_a_known_source_cites_nothing(citation: Citation | None) -> None:
    section = Section("a", "A", None)  # type: ignore[arg-type]
    note = Note("n", "question", section, 0, "fact", "Q?", "A.", citation=citation)
    for sources in ({"guide": GUIDE}, None):
        deck = Deck("deck", "Deck", None, sources=sources, sections=(section,), notes=(note,))
        assert render_note(note, deck, Media(Path("nowhere")).find)[0].values[5] == ""


def test_a_sound_in_the_address_of_a_source_is_not_played(tmp_path: Path) -> None:
    deck = cases.DECK.replace("A guide to bridges", "A guide, url: 'https://a.example/[sound:x.mp3]'")
    section = "section: A\nsource: guide\nnotes:\n  - {id: one, question: How?, answer: So.}\n"
    cases.write({"deck.yaml": deck, "section.yaml": section}, tmp_path / "cards")
    built = build(tmp_path / "cards", tmp_path / "output", 1)
    assert built.written, built.checked.diagnostics
    with anki.collection(tmp_path) as col:
        anki.imported(col, built.package)
        card = col.get_card(col.find_cards("")[0])
        assert "https://a.example/&#91;sound:x.mp3]" in anki.fields(col, "one")["Source"]
        assert (card.question_av_tags(), card.answer_av_tags()) == ([], [])


PICTURE = "![a bridge](media/n0.svg)"


@pytest.mark.parametrize("note", [{"question": f"{PICTURE}?", "answer": PICTURE}, {"cloze": f"{{{{c1::{PICTURE}}}}}"}])
def test_the_pictures_of_all_texts_are_listed_once(note: decks.Note, tmp_path: Path) -> None:
    _, fields, diagnostics = rendered(tmp_path, **note, picture=1)
    assert [picture.path.name for picture in fields.pictures] == ["n0.svg"]
    assert diagnostics == []


@pytest.mark.parametrize("key", ["question", "answer", "why", "choices", "cloze"])
@pytest.mark.parametrize(
    ("text", "code"),
    [("\u200b", "no-card"), ("See ![a](media/none.svg)", "media-missing"), ("[](http://a)", "no-card")],
)
def test_every_text_is_checked_and_found_in_its_file(key: str, text: str, code: str, tmp_path: Path) -> None:
    note: decks.Note = {"question": "Which?", "answer": "This", "why": "So"}
    if key == "cloze":
        note = {"cloze": text}
    elif key == "choices":
        note["choices"] = ["This", text]
    else:
        note[key] = text
    _, fields, diagnostics = rendered(tmp_path, **note)
    expected = [code, "no-card"] if key == "cloze" else [code]  # a text without a cloze makes no card
    assert sorted(codes(diagnostics)) == sorted(expected)
    assert fields.pictures == ()
    place = diagnostics[0].place
    line = (tmp_path / "section.yaml").read_text(encoding="utf-8").split("\n")[place.line - 1]
    needle = "media/none.svg" if code == "media-missing" else f'"{text}"'
    assert line[place.column - 1 :].startswith(needle)


@pytest.mark.parametrize(
    ("cloze", "expected"),
    [
        ("{{c1::open", ["cloze-marks"]),
        ("*a {{c1::b* c}}", ["cloze-crosses"]),
        ("{{c1::a}} [b](https://a.example/{{c2::c}})", ["cloze-marks"]),
        ("nothing *hidden*", ["no-card"]),
    ],
)
def test_what_is_wrong_with_a_cloze_is_said(cloze: str, expected: list[str], tmp_path: Path) -> None:
    _, _, diagnostics = rendered(tmp_path, cloze=cloze)
    assert codes(diagnostics) == expected


def test_a_broken_cloze_text_is_not_spread(tmp_path: Path) -> None:
    values, _, diagnostics = rendered(tmp_path, cloze="{{c1,2::a}} {{c0::b}}")
    assert codes(diagnostics) == ["cloze-number"]
    assert values["Text"] == "{{c1,2::a}} {{c0::b}}"


@given(st.text(st.sampled_from('aB 0(-\\`*_[]<>&\n"ü\u00ad'), max_size=6))
@example("\u3164")
def test_a_quick_look_sees_what_the_pattern_sees(text: str) -> None:
    assert _is_visible(text) == bool(_VISIBLE.search(text))


@pytest.mark.parametrize(
    ("html", "visible"),
    [
        ("a", True),
        ("<img src='x' alt=''>", True),
        ("<p>\u200b.</p>", True),
        ("<b>a</b>", True),
        ("", False),
        ("<b></b>", False),
        ("\u00ad\u200d \ufeff", False),
        ("<p title='a'>\u2060</p>", False),
    ],
)
def test_only_pictures_and_characters_outside_tags_are_visible(html: str, visible: bool) -> None:
    assert _is_visible(html) == visible

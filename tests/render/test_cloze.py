"""Clozes make the cards that Anki makes of them, and what would go wrong is reported."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from anki.collection import Collection
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hipdeck.render.cloze import gaps, ordinals, parse_clozes, space_braces, spread
from hipdeck.render.cloze_html import silence_hints
from tests import anki

PIECES = ["{{c1::", "{{c2::", "{{c3,1::", "{{c12::", "}}", "::", "a", "b ", "{", "}", ":", "1", ",", "c", "\n", "&lt;"]


@pytest.fixture(scope="module")
def col(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collection]:
    with anki.collection(tmp_path_factory.mktemp("cloze")) as opened:
        yield opened


def cards_in_anki(col: Collection, text: str) -> dict[int, tuple[str, str]]:
    """The cards that Anki makes of a cloze text: the visible text of front and back, by ordinal."""
    kind = col.models.by_name("Cloze")
    assert kind is not None
    note = col.new_note(kind)
    note["Text"] = text
    col.add_note(note, col.decks.id("Default") or 1)  # type: ignore[arg-type]
    cards = [col.get_card(number) for number in note.card_ids()]
    return {card.ord: (anki.visible(card.question()), anki.visible(card.answer())) for card in cards}


@settings(max_examples=300)
@example(["{{c1::", "a", "}}"])
@example(["{{c1::", "{{c2::", "a", "}}", "}}"])
@example(["{{c3,1::", "a", "::", "b ", "}}"])
@example(["{{c1::", "\n", "a", "}}"])
@given(pieces=st.lists(st.sampled_from(PIECES), min_size=1, max_size=14))
def test_a_text_without_problems_makes_the_cards_that_anki_makes(col: Collection, pieces: list[str]) -> None:
    text = "".join(pieces)
    clozes, problems = parse_clozes(text)
    if problems:
        return
    cards = cards_in_anki(col, spread(text))
    assert sorted(cards) == ordinals(clozes)
    assert all("[" in front for front, _ in cards.values())


@pytest.mark.skipif(anki.VERSION < (26, 5), reason="Anki before 26.05 takes a cloze of several numbers for plain text")
@settings(max_examples=200)
@example(["{{c1,3::", "a", "::", "b", "}}"])
@example(["{{c2::", "x", "{{c1,3,4::", "a", "::", "b", "}}", "y", "::", "h", "}}"])
@given(pieces=st.lists(st.sampled_from([*PIECES, "{{c1,3::", "{{c4,2,5::"]), min_size=3, max_size=14))
def test_spreading_clozes_keeps_every_card_as_it_was(col: Collection, pieces: list[str]) -> None:
    text = "".join(pieces)
    if parse_clozes(text)[1]:
        return
    spread_out = spread(text)
    assert not re.search(r"\{\{c\d+,", spread_out)
    assert cards_in_anki(col, spread_out) == cards_in_anki(col, text)


@pytest.mark.parametrize(
    ("typed", "spaced"),
    [
        (r"{{c1::\(\frac{1}{\sqrt{2}}\)}}", r"{{c1::\(\frac{1}{\sqrt{2} }\)}}"),
        (r"\({{c1::\frac{1}{\sqrt{2}}}}\)", r"\({{c1::\frac{1}{\sqrt{2} } }}\)"),
        (r"\({{c1::x}}\)", r"\({{c1::x}}\)"),
        (r"\({{c1::{x}}}\)", r"\({{c1::{x} }}\)"),
        (r"\({{c1::x::a hint}} a::b\)", r"\({{c1::x::a hint}} a: :b\)"),
        (r"\({{c1:::x}}\)", r"\({{c1:::x}}\)"),
        (r"{{c1::\[a::b\]::a hint}}", r"{{c1::\[a: :b\]::a hint}}"),
        (r"\(x^{{n}}\)", r"\(x^{ {n} }\)"),
        ("{{c1::a}} f{{x}}", "{{c1::a}} f{{x}}"),
    ],
    ids=[
        "math-in-cloze",
        "cloze-in-math",
        "plain",
        "group",
        "hint-in-math",
        "colon-first",
        "colons",
        "braces",
        "no-math",
    ],
)
def test_braces_of_mathematics_are_kept_apart_from_clozes(typed: str, spaced: str) -> None:
    assert space_braces(typed) == spaced


def test_a_number_that_a_cloze_has_twice_counts_once() -> None:
    assert spread("{{c1,3,1::x::hint}}") == "{{c1::{{c3::x::hint}}::hint}}"


def test_mathematics_within_a_cloze_is_whole_in_anki(col: Collection) -> None:
    cards = cards_in_anki(col, space_braces(r"A {{c1::\(\frac{1}{\sqrt{2}}\)}} of {{c2::b}}"))
    assert cards == {
        0: ("A [...] of b", r"A \(\frac{1}{\sqrt{2} }\) of b"),
        1: (r"A \(\frac{1}{\sqrt{2} }\) of [...]", r"A \(\frac{1}{\sqrt{2} }\) of b"),
    }


def test_clozes_nest_as_deep_as_every_anki_reads_them(col: Collection) -> None:
    for depth, codes in ((3, []), (4, ["cloze-marks"])):
        text = "".join(f"{{{{c{number}::{number} " for number in range(1, depth + 1)) + "}}" * depth
        clozes, problems = parse_clozes(text)
        assert [problem.code for problem in problems] == codes
        assert len(ordinals(clozes)) == (0 if codes else 3)
        if not codes:
            assert len(cards_in_anki(col, text)) == 3


def test_a_number_that_is_too_large_for_anything_makes_no_card() -> None:
    assert [problem.code for problem in parse_clozes("{{c" + "1" * 5000 + "::x}}")[1]] == ["cloze-number"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("no cloze", "no cloze"),
        ("The {{c1::first}} of {{c2::two::hint}}.", "The […] of […]."),
        ("{{c1::outer {{c2::inner}} end}} {{c1,3::x}}", "[…] […]"),
        ("a }} that closes nothing", "a }} that closes nothing"),
    ],
)
def test_gaps_reveal_nothing_of_what_is_hidden(text: str, shown: str) -> None:
    assert gaps(text) == shown


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("std::$x is {{c1::a}}", "std::$x is {{c1::a}}"),
        ("{{c1::a::sound:x}}", "{{c1::a:: sound:x}}"),
        ("{{c1::a::b::sound:x}}", "{{c1::a::b::sound:x}}"),
        ("{{c1::a {{c2::b::$}} c::/latex}} ::sound:x", "{{c1::a {{c2::b:: $}} c:: /latex}} ::sound:x"),
        ("{{c1::a::hint}} b::anki:tts", "{{c1::a::hint}} b::anki:tts"),
    ],
)
def test_a_space_silences_hints_and_nothing_else(typed: str, stored: str) -> None:
    assert silence_hints(typed) == stored

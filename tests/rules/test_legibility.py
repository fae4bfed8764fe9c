"""Rules about texts that show something else than was meant: a stranger's text takes time in proportion to its length.

What they find is in the cases `notation.case`, `emphasis.case` and so on. No time is asserted; whatever takes the
square of the length takes minutes here.
"""

from __future__ import annotations

import pytest

from hipdeck.deck.slugs import note_slug
from hipdeck.render.masks import without_code
from hipdeck.rules import emphasis, notations, odd_characters
from hipdeck.source.document import parse

LONG = 200_000


def repeated(piece: str) -> str:
    return "a " + piece * (LONG // len(piece))


@pytest.mark.parametrize(
    "piece",
    [
        "[",
        "![[",
        "){=",
        "0",
        "^a",
        "a~",
        "~~",
        "==",
        "<",
        "&",
        "&#1",
        "[](&)",
        "[latex]",
        "<anki-mathjax>",
        r"\\(",
        "`a",
    ],
)
def test_notations_are_looked_for_in_one_pass(piece: str) -> None:
    text = repeated(piece)
    assert all(needle in text for needle, _, _ in notations.find(text))


@pytest.mark.parametrize("piece", ["*_", "**x*_x_", "*/a* ", "a*b*", "**a ", "1*1*", "a"])
def test_emphasis_is_looked_for_in_one_pass(piece: str) -> None:
    for needle, _, _ in emphasis.find(repeated(piece) + " **end", cloze=False):
        assert needle.startswith("*")


@pytest.mark.parametrize(
    ("piece", "end"),
    [("a\u00ad", "b"), ("\u200ea", "\u05d0"), ("中\u200b", "中"), ("Ã©", "")],
    ids=["soft-hyphens", "directions", "joiners", "garbled"],
)
def test_odd_characters_are_looked_for_in_one_pass(piece: str, end: str) -> None:
    found = [needle for needle, _, _ in odd_characters.find(repeated(piece) + end)]
    assert found == ([repeated(piece)[2:]] if piece == "Ã©" else [])


def test_the_word_around_an_invisible_character_is_looked_for_in_one_pass() -> None:
    (invisible,) = odd_characters.find(repeated("a") + "-b\u200bc")
    assert (invisible.needle, invisible.hint) == ("\u200b", "delete it, or type the word again: bc")


@pytest.mark.parametrize("piece", ["~", "`", "``` ", "    a\n", "\\"])
def test_code_is_masked_in_one_pass(piece: str) -> None:
    assert len(without_code(repeated(piece))) == len(repeated(piece))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The {{c1::hip::a joint}} and {{c2,3::a {{c4::thigh::b}} c::d}}.", "hip-thigh-c"),
        ("a::b {{c1::c}} d::e}} f", "b-c-d-f"),
    ],
)
def test_hints_of_clozes_are_no_part_of_an_id(text: str, expected: str) -> None:
    assert note_slug(text) == expected


@pytest.mark.parametrize("piece", [r"\\", r"\n", r"c:\\x ", r"\nu ", "\\t!c:\\\\"])
def test_escapes_are_looked_through_in_one_pass(piece: str) -> None:
    document, problems = parse("a.yaml", f'a: "{repeated(piece)}"\n'.encode())
    assert document
    assert all(problem.code == "escape" for problem in problems)

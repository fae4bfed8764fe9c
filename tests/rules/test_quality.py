"""Rules about one note at a time: where each begins to warn."""

from __future__ import annotations

from pathlib import Path

import pytest

from hipdeck.deck.loader import load
from hipdeck.rules import catalog, quality
from hipdeck.rules.findings import ActiveNotes
from tests import decks
from tests.rules.warned import warned


def answers(*texts: str) -> list[decks.Note]:
    return [{"question": f"What is {number}?", "answer": text} for number, text in enumerate(texts)]


def questions(*texts: str, **more: object) -> list[decks.Note]:
    return [{"question": text, "answer": "The hip.", **more} for text in texts]


def clozes(*texts: str) -> list[decks.Note]:
    return [{"cloze": text} for text in texts]


def words(count: int) -> str:
    return " ".join(f"word{number}" for number in range(count))


def test_the_words_of_each_card_are_counted_without_listing_them() -> None:
    # With a list for each of a thousand numbers, one text took a second.
    assert quality._words_by_card("The {{c1::glute max::a}} and {{c2,3::the hip}} of {{c1::x}}") == {
        "1": (3, 7, 3),
        "2": (2, 8, 5),
        "3": (2, 8, 5),
    }


@pytest.mark.parametrize(
    "answer",
    [words(41), "\n".join([words(7)] * 6), f"a{' ' * 60}{words(40)}"],
    ids=["words", "lines", "spaces"],
)
def test_more_than_forty_words_are_a_long_answer(answer: str, tmp_path: Path) -> None:
    assert warned(tmp_path, "long-answer", *answers(answer)) == ["n0"]


@pytest.mark.parametrize(
    "answer",
    [
        words(40),
        f"a{' ' * 60}b",
        f"{words(39)} ![a b c](media/bridge.svg)",
        f"{words(39)} [a](https://example.org)",
        "\n".join(f"- {words(8)}" for _ in range(6)),
    ],
    ids=["words", "spaces", "picture", "link", "list"],
)
def test_pictures_and_addresses_are_not_counted_as_words(answer: str, tmp_path: Path) -> None:
    assert warned(tmp_path, "long-answer", *answers(answer)) == []


LISTS = [
    "a, b, c, d, e, f",
    "a, b, c, d, e and f",
    "a, b, c, d, e, and f",
    "a; b; c; d; e or f",
    "They are the big muscles of the whole leg: a, b, c, d, e, f",
    "a, b, c, d, e, four words at most",
    "\n".join(f"- {words(9)}" for _ in range(6)),
    "\n".join(f"{number}. {words(9)}" for number in range(6)),
    "\n".join(f"• {words(9)}" for _ in range(6)),
    "\n".join(words(6) for _ in range(6)),
    "\n\n".join("line" for _ in range(6)),
]


@pytest.mark.parametrize("answer", LISTS)
def test_six_entries_are_a_long_list(answer: str, tmp_path: Path) -> None:
    assert warned(tmp_path, "long-list", *answers(answer)) == ["n0"]


@pytest.mark.parametrize(
    "answer",
    [
        "a, b, c, d, e",
        "a, b, c, d and e",
        "1,000 a, b, c, d, e",
        "1,000,000,000,000",
        "a;b;c;d;e;f",
        "a, b, c, d, e, these words are five now",
        "\n".join(f"- {words(9)}" for _ in range(5)),
        "\n".join(words(7) for _ in range(6)),
        "\n".join(["x = 1", *["line"] * 5]),
        "\n".join(["call(x)", *["line"] * 5]),
        "\n".join(["line"] * 5),
    ],
)
def test_five_entries_and_code_are_not_a_long_list(answer: str, tmp_path: Path) -> None:
    assert warned(tmp_path, "long-list", *answers(answer)) == []


def test_a_long_list_says_how_long_it_is(tmp_path: Path) -> None:
    decks.write(tmp_path, {"section": [{"id": "a", **answers("a, b, c, d, e, f and g")[0]}]})
    finding = next(iter(catalog.WAIVABLE["long-list"](ActiveNotes(load(tmp_path).deck.notes))))
    assert finding.message == "the answer lists 7 things; more than 5 are hard to recall together"


@pytest.mark.parametrize(
    "question",
    ["Gluteus maximus", "insert (sorted array)", "Hip extension", "![what is it?](media/bridge.svg)", "Whatever, hips"],
)
def test_a_bare_term_is_no_question(question: str, tmp_path: Path) -> None:
    assert warned(tmp_path, "no-question", *questions(question)) == ["n0"]
    assert warned(tmp_path, "no-question", *questions(question, choices=["The hip.", "b"])) == ["n0"]


@pytest.mark.parametrize(
    "question",
    [
        "Gluteus maximus?",
        'Why "rest"? (short)',
        "The hip extends __ with the knee",
        "Draw the hip.",
        "Complete: the hip…",
        "Tell what moves",
        "Name two extensors",
        "First, name two extensors",
        "Hip: name its extensors",
        "Take the square root of 2",
        "Origin of the gluteus maximus",
        "Three words before of the hip",
        "2^16",
        "H",
    ],
)
def test_tasks_and_formulas_are_questions_too(question: str, tmp_path: Path) -> None:
    assert warned(tmp_path, "no-question", *questions(question)) == []


def test_a_pair_of_terms_with_a_reverse_needs_no_question(tmp_path: Path) -> None:
    assert warned(tmp_path, "no-question", *questions("Gluteus maximus", reverse="true")) == []


@pytest.mark.parametrize(
    "cloze",
    [
        "The {{c1::gluteus maximus extends}}.",
        "Hips {{c1::extend by these muscles}}.",
        "{{c2::Hips}} and {{c1::all of the big muscles here}}.",
        "{{c1::All of the knee}} {{c1::and all of the hip}} bend.",
        "The {{c1::gluteus maximus::a muscle of the hip}}",
        "{{c1::a b c d}} extraordinarily",
    ],
)
def test_a_cloze_that_leaves_too_little_hides_too_much(cloze: str, tmp_path: Path) -> None:
    assert warned(tmp_path, "cloze-too-much", *clozes(cloze)) == ["n0"]


@pytest.mark.parametrize(
    "cloze",
    [
        "The {{c1::gluteus}} extends.",
        "Hips {{c1::extend quickly}}.",
        "{{c1::Gluteus maximus}} and {{c2::hamstrings}}",
        f"{{{{c1::{words(12)}}}}} {words(13)}",
    ],
)
def test_a_cloze_that_leaves_a_third_of_its_words_passes(cloze: str, tmp_path: Path) -> None:
    assert warned(tmp_path, "cloze-too-much", *clozes(cloze)) == []


def test_a_source_of_the_file_is_the_source_of_its_notes(tmp_path: Path) -> None:
    assert warned(tmp_path, "missing-source", decks.question(1)) == []
    section = tmp_path / "section.yaml"
    section.write_text(section.read_text(encoding="utf-8").replace("source: guide\n", ""), encoding="utf-8")
    note = load(tmp_path).deck.notes[0]
    assert len(list(catalog.WAIVABLE["missing-source"](ActiveNotes([note])))) == 1

"""Rules about one note at a time: where each begins to warn."""

from __future__ import annotations

from pathlib import Path

import pytest

from hipdeck.deck.loader import load
from hipdeck.rules import catalog
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
        rf"{words(40)} \(x = a + b\) and \[y = c \cdot d + e \cdot f\]".replace("and ", ""),
        f"{words(40)} → – = •",
        f"{words(40)}\n```\nreturn the sum of both\n```",
    ],
    ids=["words", "spaces", "picture", "link", "list", "formulas", "signs", "code"],
)
def test_pictures_formulas_and_code_are_not_counted_as_words(answer: str, tmp_path: Path) -> None:
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
    "\n".join(["These six:", *["- a"] * 3, "  which goes on", "also here", *["- b"] * 3]),
    "\n".join(["For it:", *["- a"] * 4, "", "**Against it**", "", *["- b"] * 5]),
    "\n".join(["- First:", *["  - a"] * 6]),
    "\n".join(["| muscle | joint |", "| --- | --- |", *["| glutes | hip |"] * 6]),
    "\n".join(rf"- \(x_{number}\) is a part" for number in range(6)),
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
        "\n".join(["For it:", *["- a"] * 4, "Against it:", *["- b"] * 4]),
        "\n".join(["- a"] * 3 + ["", "By steps", "", *["1. b"] * 3]),
        "\n".join(["- one", "  - a", "  - b", "- two", "", "  - a", "  - b", "- three", "  - a", "  - b"]),
        "\n".join([*["- a"] * 5, "- ![a bridge](media/bridge.svg)"]),
        "\n".join(["| muscle | joint |", "|---|:-:|", *["| glutes | hip |"] * 4]),
        "\n".join([r"\(a = b\)"] * 6),
        "Run `list(a, b, c, d, e, f)`",
        r"\(a, b, c, d, e, f\)",
        "Lean back. Then check the feet, knees, hips, back, shoulders, neck",
        "Muscles such as the glutes, quadriceps, calves, lats, biceps, triceps",
        "Curls, rows, dips, lunges, squats, presses, etc.",
    ],
)
def test_what_is_not_one_long_list_passes(answer: str, tmp_path: Path) -> None:
    assert warned(tmp_path, "long-list", *answers(answer)) == []


def test_a_long_list_says_how_long_it_is(tmp_path: Path) -> None:
    decks.write(tmp_path, {"section": [{"id": "a", **answers("a, b, c, d, e, f and g")[0]}]})
    finding = next(iter(catalog.WAIVABLE["long-list"](ActiveNotes(load(tmp_path).deck.notes))))
    assert finding.message == "the answer lists 7 things; more than 5 are hard to recall together"


@pytest.mark.parametrize(
    "question",
    [
        "Gluteus maximus",
        "insert (sorted array)",
        "Hip extension",
        "Squat (front, heavy)",
        "Romanian deadlift, loaded",
        "![what is it?](media/bridge.svg)",
        "**Gluteus maximus**",
    ],
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
        "Name two extensors",
        "Gluteus maximus: origin",
        "Glutes – origin",
        "Glutes - origin",
        "Gluteus maximus → origin",
        "Squat vs lunge",
        "Origin of the hamstrings",
        "Muscles between two ribs",
        "ROM stands for",
        "The widest muscle there is",
        "The muscle most often torn in sprints",
        "A client leans too far forward in every single squat",
        "Glutes",
        "ROM",
        "2^16",
        "12 34",
        r"\(F_x\) component",
        "H",
    ],
)
def test_tasks_relations_and_single_words_are_questions_too(question: str, tmp_path: Path) -> None:
    assert warned(tmp_path, "no-question", *questions(question)) == []


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("It extends the hip strongly", ["n0"]),
        ("It extends the hip very strongly", []),
        (r"\(F = ma\)", []),
        (r"Mass times \(a\)", []),
        ("![the hip](media/hip.svg)", []),
    ],
)
def test_a_term_with_its_definition_passes(answer: str, expected: list[str], tmp_path: Path) -> None:
    note = {"question": "Gluteus maximus", "answer": answer}
    assert warned(tmp_path, "no-question", note) == expected


def test_a_pair_of_terms_with_a_reverse_needs_no_question(tmp_path: Path) -> None:
    assert warned(tmp_path, "no-question", *questions("Gluteus maximus", reverse="true")) == []


@pytest.mark.parametrize(
    "cloze",
    [
        "The {{c1::gluteus maximus extends}}.",
        "{{c1::Hips extend}}",
        "{{c1::All of the knee}} {{c1::and all of the hip}}",
        "The {{c2::a}} {{c1::gluteus maximus}}",
        r"\({{c1::F = ma}}\)",
        "「{{c1::股関節}}」。",
    ],
)
def test_a_cloze_that_leaves_nothing_hides_too_much(cloze: str, tmp_path: Path) -> None:
    assert warned(tmp_path, "cloze-too-much", *clozes(cloze)) == ["n0"]


@pytest.mark.parametrize(
    "cloze",
    [
        "The {{c1::gluteus}} extends.",
        "Hips {{c1::extend by these muscles}}.",
        "{{c1::Gluteus maximus}} and {{c2::hamstrings}}",
        "{{c1::Apex}} – {{c2::the highest point that a lifter can reach in the whole of a movement}}",
        "{{c1::a b c d}} extraordinarily",
        "The {{c1::gluteus maximus::a muscle of the hip}}",
        r"\(F =\) {{c1::\(ma\)}}",
        r"\(F = {{c1::ma}}\)",
        "![the hip from behind](media/hip.svg) {{c1::Gluteus maximus}}",
        f"{{{{c1::{words(12)}}}}} {words(13)}",
    ],
)
def test_a_cloze_that_leaves_a_word_a_formula_or_a_hint_passes(cloze: str, tmp_path: Path) -> None:
    assert warned(tmp_path, "cloze-too-much", *clozes(cloze)) == []


def test_a_source_of_the_file_is_the_source_of_its_notes(tmp_path: Path) -> None:
    assert warned(tmp_path, "missing-source", decks.question(1)) == []
    section = tmp_path / "section.yaml"
    section.write_text(section.read_text(encoding="utf-8").replace("source: guide\n", ""), encoding="utf-8")
    note = load(tmp_path).deck.notes[0]
    assert len(list(catalog.WAIVABLE["missing-source"](ActiveNotes([note])))) == 1

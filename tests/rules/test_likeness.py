"""Rules that look for things that are alike: two questions, two tags."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hipdeck.deck.loader import load
from hipdeck.deck.notes import Note, Section
from hipdeck.rules import catalog
from hipdeck.rules.findings import ActiveNotes, Finding
from hipdeck.rules.likeness import _alike, _asked, _gist
from hipdeck.rules.words import EMPTY_WORDS
from tests import decks
from tests.rules.warned import warned

HEADINGS = st.lists(
    st.tuples(
        st.sampled_from(["question", "cloze"]),
        st.lists(st.sampled_from(["squat", "lunge", "Squat", "the", "what", "2", "+", "?"]), min_size=1, max_size=4),
    ),
    max_size=12,
)


@given(HEADINGS)
def test_notes_that_ask_alike_meet_without_comparing_all(headings: list[tuple[Any, list[str]]]) -> None:
    section = Section("a", "A", None)  # type: ignore[arg-type]  # nothing asks for a place
    notes = []
    for index, (form, heading) in enumerate(headings):
        text = {form: " ".join(heading)}
        notes.append(Note(str(index), form, section, index, "fact", **text))  # type: ignore[arg-type]
    keys: tuple[Callable[[Note], str], ...] = (
        lambda note: _asked(note) or note.heading,
        lambda note: _gist(note, EMPTY_WORDS),
    )
    for key in keys:
        first: dict[str, Note] = {}
        pairs = [(note, other) for note in notes if (other := first.setdefault(key(note), note)) is not note]
        expected = [(note.id, other.id) for note, other in pairs if key(note)]
        assert [(note.id, other.id) for note, other in _alike(ActiveNotes(notes), key)] == expected


def pairs(*questions: str, answer: str = "") -> list[decks.Note]:
    return [{"question": text, "answer": answer or f"Answer {number}"} for number, text in enumerate(questions)]


@pytest.mark.parametrize(
    "second", ["Which muscle extends the hip?", "which muscle, extends (the) hip", "**Which** muscle extends the hip?"]
)
def test_a_question_is_the_same_in_other_signs(second: str, tmp_path: Path) -> None:
    assert warned(tmp_path, "duplicate-question", *pairs("Which muscle extends the hip?", second)) == ["n1"]
    assert warned(tmp_path, "similar-question", *pairs("Which muscle extends the hip?", second)) == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("What does `(1 + 2) * 3` print?", "What does `1 + (2 * 3)` print?"),
        (r"Read aloud: \(\Gamma\)", r"Read aloud: \(\gamma\)"),
        ("「猫」は何ですか。", "猫は何ですか。"),
    ],
)
def test_every_sign_counts_in_code_formulas_and_japanese(first: str, second: str, tmp_path: Path) -> None:
    assert warned(tmp_path, "duplicate-question", *pairs(first, second)) == []
    assert warned(tmp_path, "duplicate-question", *pairs(first, f" {first}")) == ["n1"]


def test_clozes_are_compared_with_the_first_like_them(tmp_path: Path) -> None:
    cloze = {"cloze": "The {{c1::hip}} extends."}
    assert warned(tmp_path, "duplicate-question", cloze, cloze, cloze) == ["n1", "n2"]
    assert warned(tmp_path, "similar-question", cloze, {"cloze": "Extends {{c1::hip}} the."}) == []


def test_questions_of_nothing_but_signs_are_compared_as_typed(tmp_path: Path) -> None:
    assert warned(tmp_path, "duplicate-question", *pairs("?!", "?", "?!")) == ["n2"]


def test_the_same_note_twice_is_not_a_duplicate_question(tmp_path: Path) -> None:
    # It's an error of its own, `duplicate-id`.
    assert warned(tmp_path, "duplicate-question", *[{"id": "a", **note} for note in pairs("Which?", "Which?")]) == []


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("What is a squat over a lunge?", "What is a lunge over a squat?", ["n1"]),
        ("Which muscle extends the hip?", "What muscle does extend the hip?", []),
        ("Which muscle extends a hip?", "What muscle extends the hip?", ["n1"]),
        ("What is 2^3 of 1?", "What is 1 of 2^3?", ["n1"]),
        ("What is a + b?", "What is b + a?", []),
        ("What is the?", "The what is?", []),
        ("What does `a b` do?", "What does `b a` do?", []),
        (r"What is \(a b\)?", r"What is \(b a\)?", []),
    ],
)
def test_questions_with_the_same_words_are_similar(
    first: str, second: str, expected: list[str], tmp_path: Path
) -> None:
    assert warned(tmp_path, "similar-question", *pairs(first, second)) == expected
    assert warned(tmp_path, "duplicate-question", *pairs(first, second)) == []


def findings(folder: Path, code: str) -> list[Finding]:
    return list(catalog.WAIVABLE[code](ActiveNotes(load(folder).deck.notes)))


def test_similar_questions_with_one_answer_are_said_to_be_the_same(tmp_path: Path) -> None:
    for answer, message in (("Hip.", "asks the same thing in other words"), ("", "asks for another answer")):
        notes = pairs("Which muscle extends a hip?", "What muscle extends the hip?", answer=answer)
        decks.write(tmp_path, {"section": [{"id": f"n{number}", **note} for number, note in enumerate(notes)]})
        assert message in findings(tmp_path, "similar-question")[0].message


def tagged(folder: Path, *notes: list[str], section_tags: str = "[]") -> list[tuple[str, int]]:
    """The tags that look misspelled in notes with these tags: the message's tag, and the line of its place."""
    written: list[decks.Note] = [
        {**decks.question(number), **({"tags": tags} if tags else {})} for number, tags in enumerate(notes)
    ]
    decks.write(folder, {"section": written})
    file = folder / "section.yaml"
    if section_tags != "[]":
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace("notes:", f"tags: {section_tags}\nnotes:"), encoding="utf-8")
    return [(finding.message.split("'")[1], finding.place.line) for finding in findings(folder, "misspelt-tag")]


@pytest.mark.parametrize(
    ("slip", "usual"),
    [
        ("tool::kettelbell", "tool::kettlebell"),
        ("tool::ketlebell", "tool::kettlebell"),
        ("tool::kettllebell", "tool::kettlebell"),
        ("tool::kettlebxll", "tool::kettlebell"),
        ("tool::kettebell", "tool::kettlebell"),
        ("tool::kettlzebell", "tool::kettlebell"),
        ("muscle", "muscles"),
        ("tools", "tool"),
        ("glutte", "glute"),
        ("gltue", "glute"),
        ("stratch", "stretch"),
        (f"{'a' * 30}xb{'c' * 28}", f"{'a' * 30}yb{'c' * 28}"),
        ("kettelbell::light", "kettlebell::light"),
        ("chapterr-vii", "chapter-vii"),
    ],
)
def test_a_slip_of_a_letter_is_found(slip: str, usual: str, tmp_path: Path) -> None:
    assert tagged(tmp_path, [usual], [slip], [usual]) == [(slip.removesuffix("::light"), 5)]


@pytest.mark.parametrize(
    ("tag", "usual"),
    [
        ("tree", "trie"),
        ("week-1", "week-2"),
        ("exercise-1", "exercise-2"),
        ("abductor", "adductors"),
        ("xettlebell", "kettlebell"),
        ("kettlebelx", "kettlebell"),
        ("hip-xip", "hip-hip"),
        ("glxte", "glute"),
        ("gluet", "glute-"),
        ("fit", "fits"),
        ("a::kettelbell", "b::kettlebell"),
        ("coast", "coat"),
        ("gltu", "glut"),
        ("muscxe", "muscle"),
        ("chapter-viii", "chapter-vii"),
        ("re-III", "re-II"),
        (f"{'a' * 30}xb{'c' * 29}", f"{'a' * 30}yb{'c' * 29}"),
    ],
)
def test_tags_that_may_both_be_meant_pass(tag: str, usual: str, tmp_path: Path) -> None:
    assert tagged(tmp_path, [usual], [tag], [usual]) == []


def test_a_tag_used_more_than_half_as_often_is_no_slip(tmp_path: Path) -> None:
    assert tagged(tmp_path, ["kettlebell"], ["kettelbell"]) == []
    assert tagged(tmp_path, *[["kettlebell"]] * 3, *[["kettelbell"]] * 2) == []
    assert tagged(tmp_path, *[["kettlebell"]] * 4, *[["kettelbell"]] * 2) == [("kettelbell", 8)]


def test_a_tag_above_the_notes_counts_once(tmp_path: Path) -> None:
    own = [["kettelbell"], [], []]
    assert tagged(tmp_path, *own, section_tags="[kettlebell]") == []
    assert tagged(tmp_path, [], ["x", "kettlebell"], ["kettlebell"], section_tags="[kettelbell]") == [("kettelbell", 3)]


def test_a_slip_is_placed_at_the_tag_of_its_note(tmp_path: Path) -> None:
    notes = [{**decks.question(0), "tags": ["kettelbell-set", "kettelbell::a"]}]
    notes += [{**decks.question(number), "tags": ["kettlebell"]} for number in (1, 2)]
    decks.write(tmp_path, {"section": notes})
    place = findings(tmp_path, "misspelt-tag")[0].place
    line = (tmp_path / "section.yaml").read_text(encoding="utf-8").split("\n")[place.line - 1]
    assert line[place.column - 1 :].startswith('"kettelbell::a"')

"""Rules about what can be answered without knowing it: where each begins to warn."""

from __future__ import annotations

from pathlib import Path

import pytest

from hipdeck.deck.loader import load
from hipdeck.rules import catalog
from hipdeck.rules.findings import ActiveNotes
from tests import decks
from tests.rules.warned import warned


def pair(question: str, answer: str, **more: object) -> decks.Note:
    return {"question": question, "answer": answer, **more}


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("The hip is a joint.", "Yes."),
        ("The hip is a joint.", "true"),
        ("The hip is a joint.", "No, two"),
        ("The hip is a joint.", "False - it is two"),
        ("Is the hip a joint?", "It is."),
        ("*Does* the hip extend?", "Certainly"),
        ("Has the hip\na joint?", "It has one."),
        ("Was the hip a joint?", "It was."),
    ],
)
def test_a_question_for_yes_or_no_is_found(question: str, answer: str, tmp_path: Path) -> None:
    notes = [pair(question.replace("*", ""), answer)]
    assert warned(tmp_path, "yes-no", *notes) == ["n0"]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("What does the light say?", "No."),
        ("The hip is a joint.", "Nobody knows"),
        ("The hip is a joint.", "Yes sir"),
        ("Is the hip a hinge or a ball?", "A ball."),
        ("Can you name the joint?", "The hip."),
        ("Is it known which joint extends?", "The hip."),
        ("Is it? Name the joint.", "The hip."),
        ("Extends the hip?", "So it does."),
        ("Was ist das größte Gelenk?", "Die Hüfte."),
        ("Was an der Hüfte ist beweglich?", "Der Kopf."),
    ],
)
def test_other_answers_are_not_yes_or_no(question: str, answer: str, tmp_path: Path) -> None:
    assert warned(tmp_path, "yes-no", pair(question, answer)) == []


def test_choices_may_be_answered_with_yes(tmp_path: Path) -> None:
    assert warned(tmp_path, "yes-no", pair("Is it a joint?", "Yes", choices=["Yes", "No", "Nobody knows"])) == []


LONG = "extension " * 8  # 80 characters


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("In which joint does hip extension take place?", "The hip"),
        ("What does an interpreter do?", "Interpretation"),
        ("Which is the half-kneeling stretch?", "Half-kneeling"),
        ("What is extension?", f"{LONG.strip()}s"),
        ("Hip flexors do what?", "Flexors"),
    ],
)
def test_an_answer_in_the_words_of_its_question_is_found(question: str, answer: str, tmp_path: Path) -> None:
    assert warned(tmp_path, "answer-in-question", pair(question, answer)) == ["n0"]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Which joint does the gluteus extend?", "The hip"),
        ("Is it a hinge or a pivot joint?", "A hinge"),
        ("How many of 12 sets?", "12"),
        ("Where is it?", "It"),
        ("Which hip extends?", "Hip and knee"),
        ("What is of the?", "The"),
        ("What is extension?", f"{LONG}s"),
        ("What is a hippo?", "Hip"),
        ("Which [joint](https://hinge.example)?", "Hinge"),
        ("Which country's capital is Kuwait City?", "Kuwait"),
        ("Which is heavier (a bar, a plate, or a clip)?", "A bar"),
        (r"Write \(\alpha\) in TeX", "alpha"),
        ("What prints the squat?", "```\nsquat\n```"),
        ("Which pattern is half-kneeling?", "Half-kneeling-lunge"),
    ],
)
def test_numbers_and_small_words_give_nothing_away(question: str, answer: str, tmp_path: Path) -> None:
    assert warned(tmp_path, "answer-in-question", pair(question, answer)) == []


@pytest.mark.parametrize(
    "cloze",
    [
        "The {{c1::hip}} extends the hip.",
        "{{c1::Hip extension}} is extension of the hip.",
        "{{c1::one}} {{c2::knee}} or knees, and knee",
        "The {{c1::hip::joint}} and its hip joint",
        "{{c1::Extension}} moves back. Every squat ends in extension.",
        "A {{c1::hip hinge}} is a hinge of the hip.",
        "{{c1::Isolation}} is {{c2::training in isolation}}",
        r"The {{c1::hip}} moves by \(\frac{a}{b}\) if the hip is free.",
    ],
)
def test_a_gap_that_the_text_repeats_is_found(cloze: str, tmp_path: Path) -> None:
    assert warned(tmp_path, "answer-in-question", {"cloze": cloze}) == ["n0"]


@pytest.mark.parametrize(
    "cloze",
    [
        "The {{c1::hip}} extends the knee and the knee.",
        "{{c1::Hip extension}} is of the hip.",
        "The hip {{c1::extends the hip}}",
        "{{c1::hip and hip}} joint",
        "The hip is {{c1::mobile::mobile or stable}}, the knee {{c2::stable::mobile or stable}}",
        "{{c1::Normal}} comes first. {{c1::Normal}} means outermost.",
        "A {{c1::probability space}} has parts:\nthe sample space,\nthe probability measure",
        "It's {{c1::semi-stable}} if the joint is sub-stable.",
        r"\(alpha\) and {{c1::alpha}}",
        "The {{c1::the}} hip of the",
    ],
)
def test_a_gap_that_only_the_gap_fills_passes(cloze: str, tmp_path: Path) -> None:
    assert warned(tmp_path, "answer-in-question", {"cloze": cloze}) == []


def test_only_the_first_gap_that_is_repeated_is_named(tmp_path: Path) -> None:
    decks.write(tmp_path, {"section": [{"id": "a", "cloze": "{{c1::knee}} {{c2::hip}} {{c3::foot}} hip foot"}]})
    findings = list(catalog.WAIVABLE["answer-in-question"](ActiveNotes(load(tmp_path).deck.notes)))
    assert [finding.message for finding in findings] == [
        "'hip' is hidden, but the text around it gives it away",
    ]


TAIL = " ".join(f"word{number}" for number in range(39))


@pytest.mark.parametrize(
    "cloze",
    [
        "{{c1::The}} hip extends.",
        "The hip {{c1::of}} a {{c2::knee}}.",
        f"{{{{c1::hip}}}} is {TAIL}",
        f"{{{{c1::hip}}}} {{{{c2::and knee}}}} {TAIL} {TAIL}",
    ],
)
def test_a_gap_of_the_or_of_a_word_in_fifty_is_too_little(cloze: str, tmp_path: Path) -> None:
    assert warned(tmp_path, "cloze-too-little", {"cloze": cloze}) == ["n0"]


@pytest.mark.parametrize(
    "cloze",
    [
        "The hip {{c1::extends}}.",
        "The hip {{c1::of the a of}} knee.",
        f"{{{{c1::hip}}}} {TAIL}",
        f"{{{{c1::hip and knee}}}} {TAIL} {' '.join(TAIL.split()[:18])}",  # 3 of 60
        "{{c1::joint::the}} extends",
        r"{{c1::\(a\)}} is the longest axis",
        rf"{{{{c1::hip}}}} {TAIL} \(a + b + c + d\)",
        f"{{{{c1::hip}}}} {TAIL} ![a b c d e](media/hip.svg)",
    ],
)
def test_a_word_of_a_sentence_is_enough(cloze: str, tmp_path: Path) -> None:
    assert warned(tmp_path, "cloze-too-little", {"cloze": cloze}) == []


def test_two_choices_are_few_and_three_are_not(tmp_path: Path) -> None:
    notes = [pair("Which?", "Heels", choices=["Heels", "Toes", "Edges"][:count]) for count in (2, 3)]
    assert warned(tmp_path, "few-choices", *notes, pair("Which?", "Heels")) == ["n0"]


@pytest.mark.parametrize(
    ("right", "others", "expected"),
    [
        (31, [20, 10], ["n0"]),
        (33, [22, 10], []),
        (34, [22, 10], ["n0"]),
        (31, [10, 21], []),
        (19, [9, 8], []),
        (16, [5, 5], ["n0"]),
        (15, [5, 5], []),
    ],
)
def test_a_right_choice_that_is_much_longer_is_found(
    right: int, others: list[int], expected: list[str], tmp_path: Path
) -> None:
    choices = [letter * length for letter, length in zip("abc", [right, *others], strict=True)]
    note = pair("Which?", choices[0], choices=choices)
    assert warned(tmp_path, "telling-length", note, pair("Which?", "x" * 50)) == expected

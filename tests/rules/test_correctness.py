"""Rules about what can't be right: where each begins, and where it points."""

from __future__ import annotations

from pathlib import Path

import pytest

from hipdeck.deck.loader import load
from hipdeck.diagnostics import Diagnostic
from hipdeck.rules import catalog, correctness
from tests import cases


def check(folder: Path, section: str = "", files: dict[str, str] | None = None, deck: str = "") -> list[Diagnostic]:
    """What the rules say about a deck: one section, or several files."""
    cases.write({"deck.yaml": deck or cases.DECK, **(files or {"section.yaml": section})}, folder)
    loaded = load(folder)
    assert loaded.diagnostics == []
    return catalog.check(loaded.deck)


def codes(diagnostics: list[Diagnostic]) -> list[tuple[str, int, int]]:
    """Code, line and column of diagnostics."""
    return [(diagnostic.code, diagnostic.place.line, diagnostic.place.column) for diagnostic in diagnostics]


HEAD = "section: A\nsource: guide\nnotes:\n"
NOTE = "  - {id: a, question: How?, answer: So.}\n"


def test_each_further_note_with_an_id_is_told_of_the_first(tmp_path: Path) -> None:
    section = HEAD + "".join(NOTE.replace("How", how) for how in ("How far", "How high", "How long"))
    diagnostics = check(tmp_path, section)
    assert codes(diagnostics) == [("duplicate-id", 5, 10), ("duplicate-id", 6, 10)]
    assert [diagnostic.message for diagnostic in diagnostics] == [
        f"the id 'a' is already in use at {tmp_path / 'section.yaml'}:4:10"
    ] * 2


@pytest.mark.parametrize(
    ("answer", "choices", "expected"),
    [
        ("Heels", "[Heels, Toes, Edges]", []),
        ("Heels", "[Heels, heels, Toes]", []),
        ("Heel", "[Heels, Toes, Edges]", [("answer-not-a-choice", "did you mean 'Heels'?")]),
        ("Palms", "[Heels, Toes, Edges]", [("answer-not-a-choice", "copy one of the choices exactly")]),
        ("Heels", "[Heels, Toes, Heels]", [("duplicate-choice", "delete one, or change it")]),
    ],
)
def test_the_answer_must_be_one_of_the_choices(
    answer: str, choices: str, expected: list[tuple[str, str]], tmp_path: Path
) -> None:
    section = f"{HEAD}  - id: a\n    question: Which?\n    answer: {answer}\n    choices: {choices}\n"
    assert [(diagnostic.code, diagnostic.hint) for diagnostic in check(tmp_path, section)] == expected


def test_an_unknown_source_is_named_where_it_is_written(tmp_path: Path) -> None:
    own = "  - {id: b, question: How far?, answer: So., source: gray}\n"
    section = HEAD.replace("guide", "guid p. 3") + NOTE + own + own.replace("b,", "c,").replace("far", "long")
    section += NOTE.replace("a,", "d,").replace("How", "How high")
    assert codes(check(tmp_path, section)) == [
        ("unknown-source", 2, 9),
        ("unknown-source", 5, 54),
        ("unknown-source", 6, 55),
    ]


def test_a_source_of_the_file_that_no_note_takes_is_not_looked_at(tmp_path: Path) -> None:
    section = HEAD.replace("guide", "gray") + NOTE.replace("So.", "So., source: guide")
    assert check(tmp_path, section) == []


def test_sources_are_not_looked_up_when_deck_yaml_has_errors(tmp_path: Path) -> None:
    cases.write({"deck.yaml": "deck: [\n", "section.yaml": HEAD + NOTE}, tmp_path)
    deck = load(tmp_path).deck
    assert deck.sources is None
    assert [diagnostic.code for diagnostic in catalog.check(deck)] == []


@pytest.mark.parametrize("key", ["question", "answer", "why", "choices"])
def test_a_cloze_outside_of_cloze_is_a_warning(key: str, tmp_path: Path) -> None:
    note = {"id": "a", "question": "How?", "answer": "So.", "why": "Since."}
    if key == "choices":
        note |= {"choices": "[So., 'How {{c1,2::hides}}', Thus.]"}
    else:
        note[key] = "'How {{c1,2::hides}}'"
    section = f"{HEAD}  - " + "\n    ".join(f"{name}: {value}" for name, value in note.items()) + "\n"
    (diagnostic,) = check(tmp_path, section)
    assert (diagnostic.severity, diagnostic.code) == ("warning", "misplaced-cloze")
    line = section.split("\n")[diagnostic.place.line - 1]
    assert line[diagnostic.place.column - 1 :].startswith("{{c1,2::")


@pytest.mark.parametrize("text", ["`{{c1::x}}`", "{{c1:x}}", "{{cx::x}}", "{c1::x}"])
def test_code_and_other_braces_are_not_misplaced_clozes(text: str, tmp_path: Path) -> None:
    assert check(tmp_path, HEAD + NOTE.replace("So.", f"'{text}'")) == []


@pytest.mark.parametrize(
    ("retired", "expected"), [("True", ["no-reason"]), ("no", ["no-reason"]), ("the study was withdrawn", [])]
)
def test_a_retired_note_needs_a_reason(retired: str, expected: list[str], tmp_path: Path) -> None:
    section = HEAD + NOTE.replace("So.", f"So., retired: {retired}")
    assert [diagnostic.code for diagnostic in check(tmp_path, section)] == expected


def test_every_part_of_a_tag_has_one_spelling_in_the_whole_deck(tmp_path: Path) -> None:
    section = HEAD
    for note, tags in enumerate(
        ["Tool::band", "Tool::Band", "tool::mat", "Tool::mat", "Tool::band", "SECTION", "tool::band"]
    ):
        section += NOTE.replace("a,", f"n{note},").replace("How", f"How {note}").replace("So.", f"So., tags: [{tags}]")
    diagnostics = check(tmp_path, section)
    assert [(diagnostic.place.line, diagnostic.message) for diagnostic in diagnostics] == [
        (5, "the tags 'bridges::Tool::band' and 'bridges::Tool::Band' differ only in capital letters"),
        (6, "the tags 'bridges::Tool' and 'bridges::tool' differ only in capital letters"),
        (9, "the tags 'bridges::section' and 'bridges::SECTION' differ only in capital letters"),
        (10, "the tags 'bridges::Tool' and 'bridges::tool' differ only in capital letters"),
    ]


def test_two_files_with_one_tag_and_an_empty_part_are_errors(tmp_path: Path) -> None:
    files = {f"{name}.yaml": HEAD + NOTE.replace("a,", f"n{number},").replace("How", f"How {number}")
             for number, name in enumerate(["hip bridge", "hip-bridge", "x::::y"])}  # fmt: skip
    deck = cases.DECK.replace("[section]", "['hip bridge', 'hip-bridge', 'x::::y']")
    diagnostics = check(tmp_path, files=files, deck=deck)
    assert [(Path(diagnostic.place.path).name, diagnostic.code) for diagnostic in diagnostics] == [
        ("hip-bridge.yaml", "section-tag"),
        ("x::::y.yaml", "bad-tag"),
    ]


def test_a_source_counts_as_used_in_a_note_or_above_all_notes(tmp_path: Path) -> None:
    deck = cases.DECK.replace("sections", "  gray: {title: Gray}\n  open: {title: Open}\nsections")
    section = HEAD + NOTE.replace("So.", "So., source: gray p. 2") + NOTE.replace("a,", "b,")
    cases.write({"deck.yaml": deck, "section.yaml": section}, tmp_path)
    loaded = load(tmp_path)
    diagnostics = list(correctness.unused_sources(loaded.deck))
    assert codes(diagnostics) == [("unused-source", 6, 3)]
    assert diagnostics[0].severity == "warning"

"""Promise 8, does no harm: what a stranger's file can make hipdeck do is bounded, and the file hears of the bound.

Each of these files took minutes or gigabytes. No time is asserted: what keeps it short is, where there is a choice.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from hipdeck.deck.loader import load
from hipdeck.diagnostics import MOST_MISTAKES, Diagnostic, Place, error
from tests import cases

HEAD = "section: Bridge\nsource: guide\n"
NOTE = HEAD + "notes:\n  - id: one\n    question: How?\n    answer: So.\n"


def found(folder: Path, section: str) -> list[Diagnostic]:
    cases.write({"deck.yaml": cases.DECK, "section.yaml": section}, folder)
    return load(folder).diagnostics


@pytest.mark.parametrize(
    ("section", "code", "line"),
    [
        (HEAD + "notes:\n" + "  - a\n" * 300, "wrong-type", 4),
        (NOTE + "    choices:\n" + "      - ''\n" * 300, "empty", 8),
        (NOTE + "    tags:\n" + "      - '::'\n" * 300, "bad-tag", 8),
        (NOTE + "    tags:\n" + "      - !a b\n" * 300, "yaml-feature", 8),
        (NOTE + "    tags:\n" + "      - a # b\n" * 300, "comment", 8),
        (HEAD + "tags:\n" + "  - []\n" * 300 + "notes: [a]\n", "wrong-type", 4),
    ],
    ids=["notes", "empty", "bad-tag", "yaml-feature", "comment", "head"],
)
def test_two_hundred_mistakes_of_a_file_are_named_and_then_where_the_others_are(
    section: str, code: str, line: int, tmp_path: Path
) -> None:
    *named, last = found(tmp_path, section)
    assert [(one.code, one.place.line) for one in named] == [(code, line + index) for index in range(MOST_MISTAKES)]
    rest = section.count("\n") - last.place.line + 1
    assert (last.code, last.place.line) == ("too-many", line + MOST_MISTAKES)
    assert last.message == f"this file has more than 200 mistakes; not all in the {rest} lines from here on are named"


def test_a_file_with_two_hundred_mistakes_hears_of_them_alone(tmp_path: Path) -> None:
    problems = found(tmp_path, HEAD + "notes:\n" + "  - a\n" * MOST_MISTAKES)
    assert [one.code for one in problems] == ["wrong-type"] * MOST_MISTAKES


def test_mistakes_of_a_deck_yaml_are_bounded_too(tmp_path: Path) -> None:
    cases.write({"deck.yaml": cases.DECK + "x: y\n" + "".join(f"k{n}: v\n" for n in range(300))}, tmp_path)
    codes = [one.code for one in load(tmp_path).diagnostics]
    assert codes == ["unknown-key"] * MOST_MISTAKES + ["too-many"]


@pytest.mark.parametrize(
    "values", ["a," * 300_000, "[]," * 150_000, "{a: b}," * 100_000], ids=["texts", "lists", "maps"]
)
def test_a_file_of_more_values_than_a_deck_needs_is_not_read_to_its_end(values: str, tmp_path: Path) -> None:
    (problem,) = found(tmp_path, HEAD + f"notes: [{values}]\n")
    assert (problem.code, problem.place.line) == ("too-large", 3)
    assert problem.message == "this file holds too much; hipdeck has not read what is left of this line"


def test_a_file_of_twenty_thousand_notes_is_read(tmp_path: Path) -> None:
    notes = "".join(f"  - {{id: n{n}, question: q, answer: a}}\n" for n in range(20_000))
    cases.write({"deck.yaml": cases.DECK, "section.yaml": HEAD + "notes:\n" + notes}, tmp_path)
    loaded = load(tmp_path)
    assert (len(loaded.deck.notes), loaded.diagnostics) == (20_000, [])


@pytest.mark.parametrize(
    "nested", ["[" * 60_000, "{a: " * 20_000, "\n  " + "? " * 30_000], ids=["lists", "maps", "keys"]
)
def test_what_is_nested_too_deep_ends_the_reading(nested: str, tmp_path: Path) -> None:
    # It is not closed either, which hipdeck would have to say if it had read on.
    assert [one.code for one in found(tmp_path, HEAD + f"notes: {nested}\n")][-1] == "nesting"


def test_two_equal_choices_among_very_many_are_found(tmp_path: Path) -> None:
    from hipdeck.rules import catalog

    choices = ", ".join(map(str, range(60_000)))
    note = f"  - {{id: one, question: Which?, choices: [{choices}, 7], answer: 1}}\n"
    cases.write({"deck.yaml": cases.DECK, "section.yaml": HEAD + f"notes:\n{note}"}, tmp_path)
    problems = [one for one in catalog.check(load(tmp_path).deck) if one.severity == "error"]
    column = note.index("59999, 7") + 8
    hint = "delete one, or change it"
    place = Place(str(tmp_path / "section.yaml"), 4, column, 1)
    assert problems == [error("duplicate-choice", place, "the choice '7' appears twice", hint)]

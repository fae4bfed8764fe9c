"""The name that a word was probably meant to be, and how much is compared to find it."""

from __future__ import annotations

import difflib
from typing import Any

import pytest

from hipdeck.diagnostics import MOST_MISTAKES
from hipdeck.names import LONGEST, MOST_LISTED, Names, did_you_mean, near_miss, suggestion

MANY = [f"section-{number}" for number in range(1000)]


@pytest.mark.parametrize(
    ("word", "near"),
    [("tga", "tag"), ("Tag", "tag"), ("kimd", "kind"), ("anser", "answer"), ("why", "why"), ("zzz", ""), ("", "")],
)
def test_a_misspelled_word_is_recognized(word: str, near: str) -> None:
    assert near_miss(word, ["id", "question", "answer", "why", "tag", "kind", "retired"]) == near


def test_a_word_among_many_names_is_recognized() -> None:
    assert did_you_mean("secton-417", [*MANY, "", "x" * 1000]) == "did you mean 'section-417'?"


def test_the_number_of_names_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[str] = []
    ratio = difflib.SequenceMatcher.ratio

    def count(matcher: Any) -> float:
        compared.append(matcher.a)
        return ratio(matcher)

    monkeypatch.setattr(difflib.SequenceMatcher, "ratio", count)
    assert near_miss("sectoin-417", MANY) == "section-417"
    assert 0 < len(set(compared)) <= 4


def test_only_the_first_words_are_looked_up() -> None:
    names = Names(MANY)
    near = [names.near_miss(f"secton-{number}") for number in range(MOST_MISTAKES + 1)]
    assert near == [f"section-{number}" for number in range(MOST_MISTAKES)] + [""]


def test_long_words_are_not_compared() -> None:
    name = "a" * (LONGEST - 1)
    assert near_miss(f"{name}b", [name]) == name
    assert near_miss(f"{name}bc", [name]) == ""
    assert near_miss(f"{name}b", [f"{name}bc"]) == ""


def test_a_hint_lists_what_there_is_up_to_a_limit() -> None:
    assert suggestion("zzz", ["fact", "cue"]) == "write one of: fact, cue"
    assert suggestion("zzz", []) == ""
    assert suggestion("zzz", MANY) == f"write one of: {', '.join(MANY[:MOST_LISTED])}, …"


def test_a_hint_lists_long_names_only_as_far_as_it_stays_short() -> None:
    names = [f"{'n' * 80}{index}" for index in range(10)]
    assert suggestion("zzz", names) == f"write one of: {', '.join(names[:6])}, …"
    assert suggestion("zzz", ["n" * 600]) == f"write one of: {'n' * 600}"

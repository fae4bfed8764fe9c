"""Colons that belong to a cloze's text: real Anki hides, shows, and finds the whole text."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from anki.collection import Collection

from hipdeck.diagnostics import Problem
from hipdeck.render.cloze_hints import looks_like_code, settle_hints
from hipdeck.render.markup import is_plain, to_html
from tests import anki
from tests.render.test_cloze import cards_in_anki


@pytest.fixture(scope="module")
def col(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collection]:
    with anki.collection(tmp_path_factory.mktemp("hints")) as opened:
        yield opened


def stored(text: str) -> tuple[str, list[Problem]]:
    """A cloze text as its note's field, and what is wrong with it."""
    rendered, problems = (text, []) if is_plain(text) else to_html(text, lambda source: Problem("x", source), True)
    settled, unclear = settle_hints(rendered)
    return settled, problems + unclear


@pytest.mark.parametrize(
    ("typed", "shown", "hint"),
    [
        ("{{c1::std::vector}}", "std::vector", "..."),
        ("{{c1::std::vector::a container}}", "std::vector", "a container"),
        ("{{c1::Hip::extend()::what it calls}}", "Hip::extend()", "what it calls"),
        ("{{c1::`std::vector`}}", "std::vector", "..."),
        ("{{c1::`a::b::c`::a hint}}", "a::b::c", "a hint"),
        ("{{c1::*std*::hint}}", "std", "hint"),
        (r"{{c1::fe80\::1}}", "fe80::1", "..."),
        (r"{{c1::a\::b\::c::hint}}", "a::b::c", "hint"),
        ("{{c1::femur::bone}}", "femur", "bone"),
        (r"{{c1::\(a::b\)}}", r"\(a: :b\)", "..."),
        (r"{{c1::\(\text{a::b}\)}}", r"\(\text{a::b}\)", "..."),
        (r"{{c1::\(\text{a::b}\)::hint}}", r"\(\text{a::b}\)", "hint"),
    ],
)
def test_a_cloze_hides_and_shows_all_of_its_text(col: Collection, typed: str, shown: str, hint: str) -> None:
    field, problems = stored(f"A {typed} b::c")
    assert problems == []
    assert cards_in_anki(col, field) == {0: (f"A [{hint}] b::c", f"A {shown} b::c")}


def test_colons_within_the_words_of_a_formula_reach_mathjax_as_typed(col: Collection) -> None:
    field, problems = stored(r"Now \({{c1::\text{a::b}::hint}} + \text{c::d}\)")
    assert problems == []
    assert cards_in_anki(col, field) == {
        0: (r"Now \([hint] + \text{c::d}\)", r"Now \(\text{a::b} + \text{c::d}\)"),
    }


def test_a_student_finds_the_text_as_it_was_typed(col: Collection) -> None:
    before = set(col.find_notes(r"std\:\:deque"))
    cards_in_anki(col, stored("A {{c1::std::deque}} and {{c2::`std::list`}}.")[0])
    for typed in (r"std\:\:deque", r"std\:\:list"):
        assert len(set(col.find_notes(typed)) - before) == 1


def test_a_backslash_before_a_colon_stays_in_code_and_shows_nowhere_else() -> None:
    assert stored(r"{{c1::a\: b}} `c\:\:d` [e\:f](https://example.org/\:)")[0] == (
        r'{{c1::a: b}} <code>c\:\:d</code> <a href="https://example.org/:">e:f</a>'
    )


@pytest.mark.parametrize(
    "typed", ["{{c1::a::b::c}}", "{{c1::femur::std::vector}}", "{{c1::a::b c::d}}", "{{c1::std :: a::b}}"]
)
def test_several_colons_that_could_each_begin_the_hint_are_an_error_with_a_way_to_write_them(typed: str) -> None:
    (problem,) = stored(typed)[1]
    assert problem.code == "cloze-marks"
    corrected = re.findall(r"\{\{.*\}\}", problem.hint)[0]
    assert stored(corrected)[1] == []
    assert anki.visible(stored(corrected)[0]) == typed


@pytest.mark.parametrize(
    ("hidden", "hint", "code"),
    [
        ("Foo", "bar()", True),
        ("fe80", "1", True),
        ("HashMap", "new", True),
        ("femur", "bone", False),
        ("three", "number", False),
        ("sit bone", "f(x)", False),
        ("std", "vector", False),
        ("dead", "add", False),
        ("$5", "price_tag", False),
    ],
)
def test_a_hint_that_looks_like_the_end_of_a_name(hidden: str, hint: str, code: bool) -> None:
    assert looks_like_code(hidden, hint) is code

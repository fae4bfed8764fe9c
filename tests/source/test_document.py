"""A document knows where each of its keys and values is written."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from hipdeck.diagnostics import Key, Place
from hipdeck.source.document import Document, parse

# What YAML is made of, so that many of the texts are YAML, and some of it is what hipdeck refuses.
SCRAPS = [
    *("a: ", "b: ", "- ", "? ", "\n", "\n  ", "\n    ", "\n- ", "\n  - ", "\na: ", "\nb: ", "\n  c: "),
    *("word", "two words", "1", "12,5", "[1, 2]", "[a, b]", "[1,000 steps]", "[k: v]", "{a: b}", "{{c1::x}}", "{a}"),
    *('"quoted"', "'single'", '"\\x07"', '"\\n"', "|\n   block", ">\n   folded", "&anchor x", "*alias", "!tag x"),
    *(" # comment", "#no", "# yes\n", "<<: ", "---\n", "...\n", "no", "12:30", "ünïcode", "\t", ": ", ","),
]


def parsed(text: str) -> Document:
    document, _ = parse("a.yaml", text.encode())
    assert document
    return document


def marks(node: yaml.Node, path: tuple[Key, ...] = ()) -> Iterator[tuple[tuple[Key, ...], yaml.Mark, yaml.Mark | None]]:
    """Where PyYAML's composer sees each value (by the path to it) and its key."""
    yield path, node.start_mark, None
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            for inner, start, at_key in marks(value, (*path, key.value)):
                yield inner, start, key.start_mark if inner == (*path, key.value) else at_key
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            yield from marks(value, (*path, index))


@given(st.lists(st.sampled_from(SCRAPS), max_size=12).map("".join))
@example("a:\n  - b: c\n    d:\n      - e\n      - f: g\nh: i\n")
@example("a: [b, {c: d}, [e]]\nf: g\n")
@example("a: |\n  b\n  c\nd: e\n")
@example("a: 'b'\r\nc: d\re: f\n")
@example("ü: ünï\nb: [ö, a]\n")
def test_values_and_places_are_those_that_yaml_reads(text: str) -> None:
    document, problems = parse("a.yaml", text.encode())
    if document is None or problems:
        return
    composed = yaml.compose(text, Loader=yaml.CSafeLoader)
    assert composed
    assert document.value == yaml.load(text, Loader=yaml.CBaseLoader)
    for path, start, key in marks(composed):
        place = document.at(*path)
        if place.line <= text.count("\n"):  # libyaml puts what isn't there below the last line
            assert (place.line, place.column) == (start.line + 1, start.column + 1)
        if key:
            assert document.key_at(*path)[1:] == (key.line + 1, key.column + 1, max(1, len(str(path[-1]))))


@pytest.mark.parametrize("compress", [False, True])
def test_places_stay_the_same_once_the_value_is_forgotten(compress: bool) -> None:
    for text in ("a:\n  - b: c\n  - d: e\n", "a:\n  - b: |\n      c\n  - d: [e, f]\n"):
        document = parsed(text)
        before = document.at("a", 1, "d"), document.find("e", "a", 1, "d"), document.key_at("a", 1, "d")
        document.forget(compress)
        assert document.value is None
        again = document.at("a", 1, "d"), document.find("e", "a", 1, "d"), document.key_at("a", 1, "d")
        assert again == before


def test_a_part_of_a_text_is_found_on_its_own_line() -> None:
    document = parsed('a: |\n  one two\n  three\nb: "one\\ttwo"\n')
    assert document.find("three", "a") == Place("a.yaml", 3, 3, 5)
    assert document.find("two", "a") == Place("a.yaml", 2, 7, 3)
    assert document.find("\t", "b") == document.at("b") == Place("a.yaml", 4, 4, 10), "it's written as an escape"


def test_the_place_of_what_is_not_there_is_that_of_what_is_around_it() -> None:
    document = parsed("a:\n  b: c\n  d: [e]\n")
    assert document.at("a", "x", "y") == document.at("a") == Place("a.yaml", 2, 3)
    assert document.at("a", "d", 7) == document.at("a", "d") == Place("a.yaml", 3, 6)
    assert document.find("c", "a") == document.at("a"), "a mapping isn't a text"


def test_of_two_equal_keys_the_first_counts_and_places_stay_right() -> None:
    document, problems = parse("a.yaml", b"a: [b, c]\na: {d: e}\nf: g\n")
    assert document
    assert [problem.code for problem in problems] == ["duplicate-key"]
    assert document.value == {"a": ["b", "c"], "f": "g"}
    assert document.at("f") == Place("a.yaml", 3, 4)

"""The line reader, the one shortcut past YAML's events, reads what they say or leaves the file to them."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hipdeck.source import line_reader, reader
from tests.conftest import ROOT

DECKS = [ROOT / "cards", ROOT / "hipdeck" / "starter" / "files" / "cards"]


def read_thoroughly(text: str) -> Any:
    """What the reader of all YAML reads; it must have nothing to say."""
    reading = reader.read("deck.yaml", text)
    assert (reading.problems, reading.comments, reading.refused) == ([], [], set())
    return reading.value


# Lines of card files, and lines that are nearly such.
STARTS = ["", "  ", "    ", "      ", "- ", "  - ", "    - ", "   ", " - ", "  -", "-  ", "# ", "  # "]
KEYS = ["section", "notes", "id", "why", "tags", "y", "a-b", "x2"]
MARKS = [": ", ":", ":  ", "", " : "]
VALUES = [
    *("words", "two words", "no", "12:30", "a#b", "ünïcode", '"quoted: text # here"', "'single'"),
    *("[a::b, The 2 toes]", "[2 sets, 3 sets]", "{a: b}", '{a: 2nd b, c: "d: e, f}"}'),
]
STRANGE = [
    *("1.10", "a: b", "a:", "a #b", "a ", "", "|", ">", '"a\\n"', "'it''s'", '"'),
    *("&a b", "*a", "!a b", "- a", "<<", "---", "%a", "a\tb", "a\t# b", "a:\tb", "a\t", "a\r"),
    *("[a,b]", "[1, 2]", "[1,000 a, b]", "[a: b]", "[a, ]", "[a", "[]"),
    *("{a: b, a: c}", "{a: 1,000}", "{a: b c: d}", "{}"),
]
LINES = st.builds("".join, st.tuples(*map(st.sampled_from, (STARTS, [*KEYS, ""], MARKS, VALUES + STRANGE))))


@st.composite
def files(draw: st.DrawFn) -> str:
    """A file in the usual form, of which some lines may be others, stand elsewhere, or be missing."""
    lines: list[str] = []

    def write(start: str, depth: int) -> None:
        """A mapping, its first line behind `start`."""
        for key in draw(st.lists(st.sampled_from(KEYS), min_size=1, max_size=3, unique=True)):
            form = draw(st.sampled_from(["value", "value", "mapping", "list", "notes"])) if depth < 3 else "value"
            inner = " " * (len(start) + draw(st.integers(form == "mapping", 3)))
            if form == "value":
                lines.append(f"{start}{key}: {draw(st.sampled_from(VALUES))}")
            else:
                lines.append(f"{start}{key}:")
            if form == "mapping":
                write(inner, depth + 1)
            elif form == "list":
                entries = draw(st.lists(st.sampled_from(VALUES[:8]), min_size=1, max_size=2))
                lines.extend(f"{inner}- {entry}" for entry in entries)
            elif form == "notes":
                for _ in range(draw(st.integers(1, 2))):
                    write(f"{inner}- ", depth + 1)
            start = " " * len(start)

    write("", 0)
    for _ in range(draw(st.integers(0, 2))):
        place = draw(st.integers(0, len(lines) - 1))
        line = draw(
            st.one_of(LINES, st.sampled_from(["", "  # comment", lines[place][1:], f" {lines[place]}", lines[place]]))
        )
        lines[place : place + draw(st.integers(0, 1))] = [line]
    return "\n".join(lines)


@settings(max_examples=500)
@given(files())
@example("section: a\nnotes:\n- id: b\n  why: c\n")
@example("section: a\nnotes:\n  - id: b\n    id: c\n")
@example("section: a\nnotes:\n  - id: b\n  - id: c\n   - id: d\n")
@example("section: a\nnotes:\n  - id: b\nwhy: c\n")
@example("a:\n  - b\nc: d\n  - e\n")
@example("a:\n- b\n- c: d\n  e:\n  - f\n  - g\n")
@example("a:\n  b: c\n  b: d\n")
@example("a: {b: c, b: d}\n")
@example("a: {b: c, b: d}\n  e: f\n")
@example("a: b\r\nc: d\r\n")
@example("a: b\t# c\n")
@example("a: b\n- c: d\n")
@example("a:\n  - b\n  c: d\n")
@example("# a\n")
@example("a:\n")
@example("a:\nb: c\n")
@example("a:\n  - b\n    c\n")
@example("a:\n - b: c\n   d: e\n")
@example("a:\n" * 20)
@example("".join(f"{'  ' * depth}a:\n" for depth in range(20)) + " " * 40 + "a: b")
@example(f"{'a' * 2000}: b\n")
def test_the_line_reader_reads_what_yaml_reads(text: str) -> None:
    value = line_reader.read(text)
    if value is not None:
        assert read_thoroughly(text) == value


def test_the_line_reader_keeps_to_the_limit_of_events() -> None:
    # Of one character at least is each event, but those that begin and end the file.
    assert line_reader.MOST_CHARACTERS <= reader.MOST_EVENTS
    text = "a:\n" + "- b\n" * (line_reader.MOST_CHARACTERS // 4 - 1)
    assert line_reader.read(text) is not None
    assert line_reader.read(f"{text}- c\n") is None


def test_the_line_reader_reads_every_short_value_as_yaml_does() -> None:
    read = 0
    for signs in itertools.product("a0 :#-?'\"[]{},&*!|>%@`.~=<\\_\u00fc\u00a0", repeat=3):
        text = "".join(signs)
        for file in (f"a: {text}\n", f"a:\n  - {text}\n", f"a: [{text}]\n", f"a: {{b: {text}}}\n"):
            value = line_reader.read(file)
            if value is not None:
                assert read_thoroughly(file) == value
                read += 1
    assert read > 5000


@pytest.mark.parametrize("deck", DECKS, ids=["shipped", "starter"])
def test_the_line_reader_reads_the_files_of_real_decks(deck: Path) -> None:
    files = list(deck.rglob("*.yaml"))
    assert files
    assert [path for path in files if line_reader.read(path.read_text(encoding="utf-8")) is None] == []

"""Promise 8, does no harm: what a stranger's file can make hipdeck do is bounded, and the file hears of the bound.

Each of these files took minutes or gigabytes. No time is asserted: what keeps it short is, where there is a choice.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from hipdeck.commands.shared.checking import check
from hipdeck.deck.loader import load
from hipdeck.diagnostics import MOST_MISTAKES, Diagnostic, Key, Place
from hipdeck.source import comments, scalars
from hipdeck.source.characters import LINE_BREAK, decode, line_start
from hipdeck.source.document import Document, parse
from tests import cases

HEAD = "section: Bridge\nsource: guide\n"
NOTE = HEAD + "notes:\n  - id: one\n    question: How?\n    answer: So.\n"


def note(number: int) -> str:
    return f"id: n{number}, question: Which is number {number}?, answer: a"


def found(folder: Path, section: str) -> list[Diagnostic]:
    cases.write({"deck.yaml": cases.DECK, "section.yaml": section}, folder)
    return load(folder).diagnostics


@pytest.mark.parametrize(
    ("section", "code", "line"),
    [
        (HEAD + "notes:\n" + "  - a\n" * 300, "wrong-type", 4),
        (HEAD + "notes:\n" + "".join(f"  - {{id: n{n}, question: '', answer: a}}\n" for n in range(300)), "empty", 4),
        (HEAD + "notes:\n" + "".join(f"  - {{{note(n)}, tags: ['::']}}\n" for n in range(300)), "bad-tag", 4),
        (NOTE + "    tags:\n" + "      - !a b\n" * 300, "yaml-feature", 8),
        (NOTE + "    tags:\n" + "      - a # b\n" * 300, "comment", 8),
        (HEAD + "".join(f"k{n}: a\n" for n in range(300)) + "notes: [a]\n", "unknown-key", 3),
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


@pytest.mark.parametrize("text", ["# c\n      a", "a\n      # c"], ids=["before", "after"])
def test_a_comment_is_placed_without_a_look_at_the_whole_file(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_through = 0

    class Counted:
        def findall(self, text: str, start: int, end: int) -> list[str]:
            nonlocal looked_through
            looked_through += max(0, end - start)
            return LINE_BREAK.findall(text, start, end)

    monkeypatch.setattr(comments, "LINE_BREAK", Counted())
    section = HEAD + "notes:\n" + "".join(f"  - id: n{n}\n    question: Q?\n    answer: {text}\n" for n in range(100))
    places = [(one.code, one.place.line, one.place.column) for one in found(tmp_path, section)]
    line, column = (6, 13) if text.startswith("#") else (7, 7)
    assert places == [("comment", line + 4 * n, column) for n in range(100)]
    assert looked_through <= len(section)


@pytest.mark.parametrize("text", ["", "a", "a\n", "a\nb", "a\r\nb", "a\rb\nc", "a\nb\rc", "\n\n", "\r\r\n"])
def test_a_line_starts_after_the_last_line_break(text: str) -> None:
    for offset in range(len(text) + 1):
        starts = [one.end() for one in LINE_BREAK.finditer(text) if one.end() <= offset]
        if text[offset - 1 : offset + 1] != "\r\n":  # nothing begins within a line break
            assert line_start(text, offset) == (starts[-1] if starts else 0)


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
    assert problem.message == "this file holds too much; hipdeck didn't read the rest of this line"


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


def test_unknown_keys_are_explained_one_by_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Each takes time in proportion to their number: for the near miss, and for the place.
    explained: list[Key] = []
    key_at = Document.key_at

    def count(document: Document, *path: Key) -> Place:
        explained.append(path[-1])
        return key_at(document, *path)

    monkeypatch.setattr(Document, "key_at", count)
    keys = "".join(f"k{n}: a\n" for n in range(2_000))
    assert found(tmp_path, HEAD + keys + "notes: [a]\n")[-1].code == "too-many"
    assert len(explained) == MOST_MISTAKES + 1


@pytest.mark.parametrize("before", ["", "é" * 17, "a\n" * 40])
def test_a_letter_has_up_to_thirty_marks(before: str) -> None:
    text = before + "e" + "\u0301\u0323" * 15
    assert decode("a.yaml", (text + "o" + "\u0301" * 30).encode())[1] == []
    _, (problem,) = decode("a.yaml", f"{text}\u0301 a".encode())
    assert (problem.code, problem.message) == ("limit", "a letter has more than 30 accents or other marks")
    assert (problem.place.line, problem.place.column) == ((41, 2) if "\n" in before else (1, len(before) + 2))


def test_directives_are_refused_before_they_are_read(tmp_path: Path) -> None:
    directives = "".join(f"%TAG !a{n}! b\n" for n in range(1_000))
    for text, line in ((f"# a\n\n{directives}---\n{NOTE}", 3), (f"{NOTE}...\n{directives}---\na: b\n", 8)):
        (problem,) = found(tmp_path, text)
        assert (problem.code, problem.place.line) == ("yaml-feature", line)
        assert problem.message == "a line that starts with '%' is a YAML directive"


@pytest.mark.parametrize(("line_break", "line"), [("\n", 3), ("\r", 3), ("\r\n", 3)])
@pytest.mark.parametrize(("sign", "code"), [(b"\xff", "encoding"), (b"\x00", "control-character")])
def test_every_line_break_counts(line_break: str, line: int, sign: bytes, code: str) -> None:
    _, (problem,) = parse("a.yaml", f"a: b{line_break}c: d{line_break}ef".encode() + sign)
    assert (problem.code, problem.place) == (code, Place("a.yaml", line, 3))


def test_places_below_a_long_list_are_worked_out_once(tmp_path: Path) -> None:
    # Counting the list again for each of the warnings took half a minute.
    notes = "".join(f"  - {{id: n{n}, question: Which?, answer: a}}\n" for n in range(15_000))
    section = f"section: S\ntags: [{', '.join(f't{n}' for n in range(20_000))}]\nnotes:\n{notes}"
    cases.write({"deck.yaml": cases.DECK, "section.yaml": section}, tmp_path)
    checked = check(tmp_path, 1_800_000_000)
    places = {one.place.line for one in checked.diagnostics if one.code == "duplicate-question"}
    assert places == set(range(5, 15_004))


def test_a_long_path_in_double_quotes_is_read_once() -> None:
    # A pattern that could share out the backslashes in many ways took years for this.
    raw = '"C:' + r"\\a" * 20_000 + '!"'
    assert list(scalars._escapes(raw, 0)) == []
    assert [wrong.code for wrong in scalars._escapes('"C:' + r"\temp" * 20_000 + '!"', 0)] == ["escape"]

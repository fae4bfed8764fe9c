"""The lock: what cannot be trusted is named, nothing is overwritten, and whatever is written is read again."""

from __future__ import annotations

import json
import stat
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from hipdeck import disk
from hipdeck.cli import cli
from hipdeck.commands.build import build
from hipdeck.commands.release import release
from hipdeck.diagnostics import MOST_MISTAKES
from hipdeck.editions.lock import Lock, LockedEdition, LockedNote, LockedType
from hipdeck.editions.lock_reader import parse_lock, read_lock
from hipdeck.editions.lock_writer import write_lock
from tests import cases, decks

FIRST = 1_750_000_000
DAY = 86_400


@pytest.fixture
def released(tmp_path: Path) -> Path:
    """A folder with a deck whose first edition was released."""
    decks.write(tmp_path / "cards", {"one": [decks.question(1), decks.cloze(2)]})
    release(tmp_path / "cards", tmp_path / "output", FIRST)
    return tmp_path


times = st.integers(1, 2**33)
words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)
notes = st.builds(
    LockedNote,
    id=words,
    guid=st.from_regex(r"[A-Za-z0-9_-]{16}", fullmatch=True),
    content=words,
    fields=words,
    heading=words,
    added=times,
    modified=times,
    clozes=st.dictionaries(st.integers(1, 500).map(str), words, max_size=3),
    dropped=st.dictionaries(st.integers(1, 500).map(str), words, max_size=3),
    reverse=st.booleans(),
    retired=words | st.just(""),
    line=st.just(0),
)
editions = st.builds(LockedEdition, number=st.integers(1, 999), released=times, hipdeck=words)
types = st.builds(LockedType, role=words, content=words, schema=words, modified=times)


@given(
    words,
    words,
    words,
    times,
    st.lists(types, max_size=3),
    st.lists(notes, max_size=5, unique_by=lambda one: one.guid),
    st.sets(editions, max_size=3),
)
def test_a_lock_is_read_as_it_was_written(
    deck_id: str,
    name: str,
    content: str,
    modified: int,
    some_types: list[LockedType],
    some_notes: list[LockedNote],
    some_editions: set[LockedEdition],
) -> None:
    written = Lock(
        deck_id,
        name,
        content,
        modified,
        {one.role: one for one in some_types},
        {one.id: one for one in some_notes},
        tuple(sorted(some_editions)),
        "some times",
    )

    with tempfile.TemporaryDirectory() as folder:
        cards = Path(folder)
        (cards / "deck.yaml").touch()
        with disk.replacing("") as drafts:
            write_lock(cards, written, drafts)
        found, problems = read_lock(cards)
        assert not found.is_merged
        notes = {id_: note._replace(line=0) for id_, note in found.notes.items()}
        assert (replace(found, notes=notes, times="some times"), problems) == (written, [])
        assert sorted(path.name for path in cards.iterdir()) == ["deck.lock", "deck.yaml"]


def test_of_two_lines_for_one_note_the_newer_counts_wherever_it_stands(released: Path) -> None:
    path = released / "cards" / "deck.lock"
    lines = path.read_text().splitlines()
    old = next(line for line in lines if '"q1"' in line)
    newer = json.dumps({**json.loads(old), "content": "other", "modified": FIRST + 5})
    for order in ([*lines, newer], [newer, *lines]):
        path.write_text("\n".join(order) + "\n")
        found, problems = read_lock(released / "cards")
        assert problems == []
        assert (found.notes["q1"].content, found.notes["q1"].modified) == ("other", FIRST + 5)


def test_of_two_notes_of_one_second_neither_is_what_all_students_have(released: Path) -> None:
    path = released / "cards" / "deck.lock"
    lines = path.read_text().splitlines()
    old = next(line for line in lines if '"q1"' in line)
    same = json.dumps({**json.loads(old), "content": "with other white space"})
    other = json.dumps({**json.loads(old), "content": "other", "fields": "other"})
    for line, updated in [(same, []), (other, ["q1"])]:
        path.write_text("\n".join([*lines, line]) + "\n")
        assert build(released / "cards", released / "output", FIRST + DAY).checked.plan.changed == updated


DAMAGED = "cards/deck.lock:1:1: error: this line of the lock is damaged [lock-damaged]"


def line_of(**more: object) -> str:
    """A line of the lock for a note that isn't in the deck."""
    value = {"id": "x", "guid": "a" * 16, "content": "c", "fields": "f", "heading": "h", "added": FIRST}
    value["modified"] = FIRST
    return json.dumps({**value, **more})


UNTRUSTED = {
    "conflict": ("<<<<<<< HEAD", "cards/deck.lock:1:1: error: a merge conflict was left in the lock [lock-conflict]"),
    "newer": (
        '{"deck": "bridges", "format": 3}',
        "cards/deck.lock:1:1: error: a newer hipdeck wrote this lock [lock-newer]",
    ),
    "cut-off": ('{"deck": "bri', DAMAGED),
    "two-in-a-line": (line_of() + line_of(), DAMAGED),
    "year-3000000": (line_of(modified=10**14), DAMAGED),
    "before-1970": (line_of(added=-1), DAMAGED),
    "in-1970": (line_of(added=0), DAMAGED),
    "time-true": (line_of(added=True), DAMAGED),
    "time-text": (line_of(modified="1750000000"), DAMAGED),
    "id": (line_of(id=5), DAMAGED),
    "content": (line_of(content=5), DAMAGED),
    "fields": (line_of(fields=5), DAMAGED),
    "heading": (line_of(heading=None), DAMAGED),
    "dropped": (line_of(dropped={"1": 5}), DAMAGED),
    "edition": ('{"edition": "1", "released": 1750000000, "hipdeck": "0.1.0"}', DAMAGED),
    "edition-0": ('{"edition": 0, "released": 1750000000, "hipdeck": "0.1.0"}', DAMAGED),
    "edition-time": ('{"edition": 1, "released": -1, "hipdeck": "0.1.0"}', DAMAGED),
    "edition-hipdeck": ('{"edition": 1, "released": 1750000000, "hipdeck": 0.1}', DAMAGED),
    "edition-keys": ('{"edition": 1}', DAMAGED),
    "guid": (line_of(guid="\ud800"), DAMAGED),
    "guid-short": (line_of(guid="a" * 15), DAMAGED),
    "guid-signs": (line_of(guid="é" * 16), DAMAGED),
    "clozes": (line_of(clozes={"1": 5}), DAMAGED),
    "clozes-list": (line_of(clozes=["1"]), DAMAGED),
    "retired": (line_of(retired=5), DAMAGED),
    "reverse": (line_of(reverse="x"), DAMAGED),
    "keys-missing": ('{"id": "q1"}', DAMAGED),
    "keys-missing-wrong-type": ('{"id": "q1", "modified": "x"}', DAMAGED),
    "type": ('{"type": "question", "content": 5, "schema": "s", "modified": 1750000000}', DAMAGED),
    "type-time": ('{"type": "question", "content": "c", "schema": "s", "modified": 0}', DAMAGED),
    "deck": ('{"deck": "d", "format": 1, "name": 5, "content": "c", "modified": 1750000000}', DAMAGED),
    "deck-format": ('{"deck": "d", "format": "1", "name": "D", "content": "c", "modified": 1750000000}', DAMAGED),
    "deck-format-0": ('{"deck": "d", "format": 0, "name": "D", "content": "c", "modified": 1750000000}', DAMAGED),
    "deck-time": ('{"deck": "d", "format": 1, "name": "D", "content": "c", "modified": -1}', DAMAGED),
    "a-list": ("[]", DAMAGED),
    "a-text": ('"id"', DAMAGED),
    "deep": ("[" * 100_000, DAMAGED),
    "no-text": ("\xff\xfe\x00", DAMAGED),
}


@pytest.mark.parametrize(("line", "expected"), UNTRUSTED.values(), ids=UNTRUSTED)
@pytest.mark.parametrize("command", ["build", "release", "check"])
def test_a_lock_that_cannot_be_trusted_is_named_and_nothing_is_written(
    command: str, line: str, expected: str, released: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = released / "cards" / "deck.lock"
    path.write_text(line + "\n" + path.read_text(), encoding="latin-1")
    package = released / "output" / "bridges.apkg"
    before = path.read_bytes(), package.read_bytes()
    monkeypatch.chdir(released)
    result = CliRunner().invoke(cli, [command])
    assert isinstance(result.exception, SystemExit), "anything else is a traceback"
    assert (result.exit_code, result.stderr.splitlines()[0]) == (1, expected)
    assert "  hint: " in result.stderr
    assert (path.read_bytes(), package.read_bytes()) == before


def test_damaged_lines_are_named_until_there_are_too_many() -> None:
    *named, last = parse_lock(b"x\n" * 1_000, "deck.lock")[1]
    assert [(one.code, one.place.line) for one in named] == [("lock-damaged", n) for n in range(1, MOST_MISTAKES + 1)]
    assert (last.code, last.place.line) == ("too-many", MOST_MISTAKES + 1)
    assert last.message == "this lock has more than 200 damaged lines"


def test_of_two_notes_with_one_guid_the_newer_line_counts(released: Path) -> None:
    path = released / "cards" / "deck.lock"
    lines = path.read_text().splitlines()
    old = json.loads(next(line for line in lines if '"q1"' in line))
    renamed = json.dumps({**old, "id": "renamed", "modified": FIRST + 5})
    path.write_text("\n".join([*lines, renamed]) + "\n")
    assert sorted(read_lock(released / "cards")[0].notes) == ["c2", "renamed"]


def test_a_lock_without_its_first_line_is_damaged(released: Path) -> None:
    path = released / "cards" / "deck.lock"
    path.write_text("\n".join(path.read_text().splitlines()[1:]))
    (problem,) = read_lock(released / "cards")[1]
    assert problem.code == "lock-damaged"
    assert problem.hint == f"bring it back from version control: git checkout -- {path.as_posix()}"


def test_a_package_of_another_deck_is_not_overwritten(released: Path) -> None:
    package = released / "output" / "bridges.apkg"
    decks.write(released / "other", {"one": [decks.question(1)]}, deck_id="other")
    other = build(released / "other", released / "elsewhere", FIRST).package.read_bytes()
    package.write_bytes(other)
    for command in ("build", "release"):
        result = cases.hipdeck(command, cwd=released)
        assert result == (
            2,
            "",
            "error: output/bridges.apkg is the package of another deck, and would be overwritten\n"
            "  hint: move it away, or choose another folder with -o\n",
        )
    assert package.read_bytes() == other
    package.write_bytes(b"holiday pictures")
    result = cases.hipdeck("build", cwd=released)
    assert result.code == 2
    assert "isn't a package of this deck, and would be overwritten" in result.stderr
    assert package.read_bytes() == b"holiday pictures"


def test_build_locked_names_everything_that_is_unreleased(released: Path) -> None:
    decks.write(
        released / "cards", {"one": [decks.question(1, why="New."), decks.cloze(2, retired="x"), decks.choice(3)]}
    )
    before = (released / "output" / "bridges.apkg").read_bytes()
    result = cases.hipdeck("build", "--locked", cwd=released)
    assert result.code == 1
    assert [line for line in result.stderr.splitlines() if "unreleased" in line] == [
        "cards/one.yaml:4:12: error: note 'q1' is changed since edition 1 of 2025-06-15 [unreleased]",
        "cards/one.yaml:5:12: error: note 'c2' is retired since edition 1 of 2025-06-15 [unreleased]",
        "cards/one.yaml:6:12: error: note 'm3' is new since edition 1 of 2025-06-15 [unreleased]",
    ]
    assert (released / "output" / "bridges.apkg").read_bytes() == before
    (released / "cards" / "deck.lock").unlink()
    result = cases.hipdeck("build", "--locked", cwd=released)
    assert "cards/deck.yaml:1:7: error: no edition of this deck has been released yet [unreleased]" in result.stderr


def test_build_never_touches_the_sources(released: Path) -> None:
    decks.write(released / "cards", {"one": [decks.question(1, why="New."), decks.cloze(2)]})
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in (released / "cards").rglob("*.*")}
    assert build(released / "cards", released / "output", FIRST + 10).written
    assert {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in (released / "cards").rglob("*.*")} == before


def test_the_lock_may_be_read_by_all_who_may_read_the_cards(released: Path) -> None:
    modes = [stat.S_IMODE((released / "cards" / name).stat().st_mode) for name in ("deck.lock", "deck.yaml")]
    assert modes[0] == modes[1]


def test_release_says_what_it_did_and_that_the_lock_is_to_be_committed(tmp_path: Path) -> None:
    decks.write(tmp_path / "cards", {"one": [decks.question(1), decks.cloze(2)]})
    first = cases.hipdeck("release", cwd=tmp_path)
    assert first.code == 0
    assert first.stdout.splitlines()[-1] == "cards/deck.lock: commit this file; the next release is compared with it"
    again = cases.hipdeck("release", cwd=tmp_path)
    assert again.code == 0
    assert again.stdout.splitlines()[0].startswith("nothing has changed since edition 1 of 2")
    assert len(again.stdout.splitlines()) == 2

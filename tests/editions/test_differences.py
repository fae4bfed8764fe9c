"""hipdeck diff: what it says an import would do is what the import does."""

from __future__ import annotations

import json
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from io import BytesIO
from pathlib import Path

import pytest

from hipdeck.commands.build import build
from hipdeck.commands.diff import diff
from hipdeck.commands.release import release
from tests import anki, cases, decks

FIRST = 1_750_000_000


@pytest.fixture
def edited(tmp_path: Path) -> Path:
    """A folder with the package of a first edition, and a deck that was edited since."""
    deck = [decks.question(1), decks.question(2), decks.cloze(3), decks.question(4), decks.question(5), decks.choice(6)]
    decks.write(tmp_path / "cards", {"one": deck})
    release(tmp_path / "cards", tmp_path / "output", FIRST).package.rename(tmp_path / "old.apkg")
    deck[0] |= {"answer": "Answer **one** & more.", "tags": ["extra"]}
    deck[2] |= {"cloze": "The {{c1::first 3}} and a {{c2::second 3}}."}
    deck[3] |= {"retired": "a doubt"}
    deck[4:5] = [decks.question(9)]
    decks.write(tmp_path / "cards", {"one": deck})
    return tmp_path


def test_text_shows_every_note_that_differs_word_by_word(edited: Path) -> None:
    result = cases.hipdeck("diff", "old.apkg", cwd=edited)
    assert result.code == 0
    assert result.stdout == (
        "new: q9 (one) Question 9?\n"
        "changed: q1 (one) Question 1?\n"
        "  Answer: Answer [-1-]{+one & more+}.\n"
        "  tag in: bridges::extra\n"
        f"  tag in: {month(result.stdout)}\n"
        "changed: c3 (one) The […] and a […].\n"
        "  Text: The {{c1::first 3}} and [-the-]{+a+} {{c2::second 3}}.\n"
        f"  tag in: {month(result.stdout)}\n"
        "retired: q4 (one) Question 4?\n"
        "  because: a doubt\n"
        "gone: q5 (one) Question 5?\n"
        "changed: a student's own edits and tags on these notes are lost; all progress stays\n"
        "retired: students who have these notes keep them\n"
        "gone: students who have these notes keep them\n"
        "1 new, 2 changed, 1 retired, 1 gone, 2 unchanged\n"
    )
    # The guard for the note that is gone is said beside it.
    assert "cards/deck.lock:10:1: warning: note 'q5' of the last edition is gone [gone]" in result.stderr


def month(text: str) -> str:
    return next(line.split(": ")[1] for line in text.splitlines() if "::updated::" in line)


def test_markdown_is_an_announcement(edited: Path) -> None:
    result = cases.hipdeck("diff", "old.apkg", "--format", "markdown", cwd=edited)
    assert result.stdout == (
        "## New\n"
        "\n"
        "- Question 9? (`q9`)\n"
        "\n"
        "## Changed\n"
        "\n"
        "A student's own edits and tags on these notes are lost; all progress stays.\n"
        "\n"
        "- Question 1? (`q1`)\n"
        "  - Answer: Answer ~~1~~**one & more**.\n"
        "- The \\[…\\] and a \\[…\\]. (`c3`)\n"
        "  - Text: The {{c1::first 3}} and ~~the~~**a** {{c2::second 3}}.\n"
        "\n"
        "## Retired\n"
        "\n"
        "Students who have these notes keep them.\n"
        "\n"
        "- Question 4? (`q4`): a doubt\n"
        "\n"
        "## Gone\n"
        "\n"
        "Students who have these notes keep them.\n"
        "\n"
        "- Question 5? (`q5`)\n"
        "\n"
        "1 new, 2 changed, 1 retired, 1 gone, 2 unchanged.\n"
    )


def test_json_is_for_programs(edited: Path) -> None:
    value = json.loads(cases.hipdeck("diff", "old.apkg", "--format", "json", cwd=edited).stdout)
    assert {what: [note["id"] for note in notes] for what, notes in value.items() if what != "unchanged"} == {
        "new": ["q9"],
        "changed": ["q1", "c3"],
        "not_delivered": [],
        "conflicting": [],
        "retired": ["q4"],
        "gone": ["q5"],
    }
    assert value["unchanged"] == 2
    assert value["changed"][0]["fields"] == {"Answer": {"before": "Answer 1.", "after": "Answer one & more."}}
    assert [note["loses_own_edits"] for note in [*value["changed"], *value["retired"]]] == [True, True, False]


def test_what_diff_says_is_what_anki_does(edited: Path) -> None:
    with anki.collection(edited) as col:
        anki.imported(col, edited / "old.apkg")
        now = decks.next_second()
        _, difference = diff(edited / "old.apkg", edited / "cards", now)
        assert difference is not None
        built = release(edited / "cards", edited / "output", now, accepted=["gone:q5"])
        assert anki.imported(col, built.package) == {
            "new": len(difference.new),
            "updated": len(difference.changed),
            "duplicate": difference.unchanged,
            "conflicting": 0,
        }
    # Against the package of the same edition there is nothing to say.
    _, nothing = diff(built.package, edited / "cards", now + 1)
    assert nothing is not None
    assert (nothing.new, nothing.changed, nothing.retired, nothing.gone) == ([], [], [], [])
    assert nothing.unchanged == 5


def test_a_note_that_differs_without_a_newer_time_is_not_delivered(edited: Path) -> None:
    with anki.collection(edited) as col:
        draft = build(edited / "cards", edited / "output", FIRST + 20).package
        anki.imported(col, draft)
        # An edition that is older than the draft.
        deck = edited / "cards" / "one.yaml"
        deck.write_text(deck.read_text().replace("more", "less"))
        _, difference = diff(draft, edited / "cards", FIRST + 10, ["gone:q5"])
        assert difference is not None
        assert [change.id for change in difference.held_back] == ["q1"]
        built = release(edited / "cards", edited / "output", FIRST + 10, accepted=["gone:q5"])
        assert anki.imported(col, built.package) == {"new": 0, "updated": 0, "duplicate": 5, "conflicting": 0}


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("nowhere.apkg", None, "error: can't read nowhere.apkg: No such file or directory"),
        ("text.apkg", b"cards", "error: text.apkg isn't a package that hipdeck wrote"),
        ("empty.apkg", b"PK\x05\x06" + b"\0" * 18, "error: empty.apkg isn't a package that hipdeck wrote"),
    ],
)
def test_a_file_that_is_no_package_gets_one_clear_line(
    name: str, content: bytes | None, message: str, edited: Path
) -> None:
    if content is not None:
        (edited / name).write_bytes(content)
    result = cases.hipdeck("diff", name, cwd=edited)
    assert (result.code, result.stdout) == (2, "")
    assert result.stderr == f"{message}\n  hint: name a package that `hipdeck build` or `hipdeck release` wrote\n"


def repacked(package: Path, *statements: str, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A package whose collection was changed by SQL."""
    with zipfile.ZipFile(package) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    path = package.with_name("changed.anki2")
    path.write_bytes(entries["collection.anki2"])
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)
    made = BytesIO()
    with zipfile.ZipFile(made, "w", compression) as archive:
        for name, content in {**entries, "collection.anki2": path.read_bytes()}.items():
            archive.writestr(name, content)
    return made.getvalue()


def overwritten(content: bytes, *, at: int, by: bytes) -> bytes:
    return content[:at] + by + content[at + len(by) :]


def in_headers(content: bytes, offset: int, value: int) -> bytes:
    """A zip file with two bytes of the first entry's headers changed, by their offset in the first of them."""
    directory = content.index(b"PK\x01\x02")
    changed = overwritten(content, at=offset, by=value.to_bytes(2, "little"))
    return overwritten(changed, at=directory + offset + 2, by=value.to_bytes(2, "little"))


ENDLESS = """CREATE VIEW notes AS
    WITH RECURSIVE numbers(number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM numbers)
    SELECT hex(number) AS guid, mid, mod, tags, flds FROM numbers, (SELECT * FROM own LIMIT 1)"""
DAMAGED: dict[str, Callable[[Path], bytes]] = {
    "overwritten": lambda old: overwritten(old.read_bytes(), at=400, by=b"\xff" * 20),
    "cut": lambda old: old.read_bytes()[:-200],
    "encrypted": lambda old: in_headers(old.read_bytes(), 6, 1),
    "compressed in another way": lambda old: in_headers(old.read_bytes(), 8, 97),
    "bzip2 that is none": lambda old: in_headers(old.read_bytes(), 8, zipfile.ZIP_BZIP2),
    "lzma that is none": lambda old: in_headers(old.read_bytes(), 8, zipfile.ZIP_LZMA),
    "deep json": lambda old: repacked(old, f"UPDATE col SET models = '{'[' * 200_000}'"),
    "no models": lambda old: repacked(old, "UPDATE col SET models = '[]'"),
    "a time that is none": lambda old: repacked(old, "UPDATE notes SET mod = 'abc'"),
    "fields that are none": lambda old: repacked(old, "UPDATE notes SET flds = x'00'"),
    "a note twice": lambda old: repacked(old, "UPDATE notes SET guid = 'x'"),
    "a view without end": lambda old: repacked(old, "ALTER TABLE notes RENAME TO own", ENDLESS),
    "a computed column": lambda old: repacked(
        old, "ALTER TABLE notes RENAME flds TO own", "ALTER TABLE notes ADD flds TEXT AS (own || '')"
    ),
}


NOTES_ALONE = {"a time that is none", "fields that are none", "a note twice"}
"""What leaves the note types whole, by which a package is known for the deck's own; a release makes it good again."""


@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_package_is_none_and_is_not_overwritten(name: str, edited: Path) -> None:
    damaged = edited / "output" / "bridges.apkg"
    damaged.write_bytes(content := DAMAGED[name](edited / "old.apkg"))
    accept = ("--accept", "gone:q5")
    assert cases.hipdeck("diff", "output/bridges.apkg", cwd=edited) == (
        2,
        "",
        "error: output/bridges.apkg isn't a package that hipdeck wrote\n"
        "  hint: name a package that `hipdeck build` or `hipdeck release` wrote\n",
    )
    built = cases.hipdeck("release", *accept, cwd=edited)
    if name in NOTES_ALONE:
        assert built.code == 0
        assert cases.hipdeck("diff", "output/bridges.apkg", cwd=edited).code == 0
        return
    assert (built.code, built.stdout) == (2, "")
    assert built.stderr == (
        "error: output/bridges.apkg isn't a package of this deck, and would be overwritten\n"
        "  hint: move it away, or choose another folder with -o\n"
    )
    assert damaged.read_bytes() == content


@pytest.mark.parametrize("format_", ["text", "markdown", "json"])
def test_the_text_of_a_package_cannot_steer_the_terminal(format_: str, edited: Path) -> None:
    steering = "'\x1b[2J' || char(155) || char(8238)"
    content = repacked(edited / "old.apkg", f"UPDATE notes SET flds = replace(flds, 'Question', {steering})")
    (edited / "old.apkg").write_bytes(content)
    shown = cases.hipdeck("diff", "old.apkg", "--format", format_, cwd=edited).stdout
    assert len(shown) > 100
    assert not {"\x1b", "\x9b", "\u202e"} & {*shown}
    assert ("\\u001b" if format_ == "json" else "<U+001B>") in shown

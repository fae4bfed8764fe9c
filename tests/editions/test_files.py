"""The files of drafts and editions: each has its own, and a student can say which edition they have."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests import anki, decks
from tests.editions.stories import Author, student


def names(author: Author) -> list[str]:
    """The files in the author's output folder."""
    output = author.folder / "output"
    return sorted(path.relative_to(output).as_posix() for path in output.rglob("*") if path.is_file())


def test_drafts_and_editions_do_not_share_a_file(tmp_path: Path) -> None:
    author = Author(tmp_path)
    author.write({"one": [decks.question(1), decks.question(2)]})
    built = author.hipdeck("build")
    assert "output/bridges-draft.apkg: 2 notes, 2 cards, 0 pictures, " in built.stdout
    assert names(author) == ["bridges-draft.apkg"]
    author.release()
    first = [
        "bridges-release-notes.md",
        "bridges.apkg",
        "editions/bridges-1-release-notes.md",
        "editions/bridges-1.apkg",
    ]
    assert names(author) == first
    edition = author.package.read_bytes()
    author.replace("Answer 1.", "Another.")
    author.hipdeck("build")
    assert names(author) == ["bridges-draft.apkg", *first]
    assert author.package.read_bytes() == edition
    assert author.hipdeck("diff", "output/editions/bridges-1.apkg", "-q").stdout == "1 changed, 1 unchanged\n"
    author.release()
    second = ["editions/bridges-2-release-notes.md", "editions/bridges-2.apkg"]
    assert names(author) == [*first, *second]
    editions = tmp_path / "output" / "editions"
    assert (editions / "bridges-1.apkg").read_bytes() == edition
    assert (editions / "bridges-2.apkg").read_bytes() == author.package.read_bytes()
    for number in (1, 2):
        notes = (editions / f"bridges-{number}-release-notes.md").read_text(encoding="utf-8")
        assert notes.startswith(f"# Bridges, edition {number} of ")
    assert (tmp_path / "output" / "bridges-release-notes.md").read_text(encoding="utf-8") == notes


def test_a_build_without_changes_is_the_edition(tmp_path: Path) -> None:
    author = Author(tmp_path)
    author.write({"one": [decks.question(1)]})
    author.release()
    edition = author.package.read_bytes()
    built = author.hipdeck("build", "-o", "elsewhere")
    assert "elsewhere/bridges.apkg: edition 1 of " in built.stdout
    assert (tmp_path / "elsewhere" / "bridges.apkg").read_bytes() == edition
    # A clone has no output: releasing nothing makes what the release made.
    author.release("-o", "clone")
    assert (tmp_path / "clone" / "editions" / "bridges-1.apkg").read_bytes() == edition


def test_a_description_ends_with_the_edition(tmp_path: Path) -> None:
    author = Author(tmp_path)
    author.write({"one": [decks.question(1)]})
    author.replace("deck: Bridges", "deck: Bridges\ndescription: All about bridges.", "deck.yaml")
    author.hipdeck("build")
    with student(tmp_path) as anna:

        def description() -> str:
            deck = anna.col.decks.by_name("Bridges")
            assert deck
            return anki.visible(deck["desc"])

        anna.imports(author, tmp_path / "output" / "bridges-draft.apkg")
        assert description() == "All about bridges. Draft"
        for number, text in enumerate(["Another.", "Yet another."], start=1):
            author.replace("answer", "answer")
            author.release()
            line = next(line for line in author.lock.read_text().splitlines() if f'"edition": {number}' in line)
            with zipfile.ZipFile(author.package) as package:
                assert json.loads(package.comment) == {"deck": "bridges", **json.loads(line)}
            anna.imports(author)
            assert description().startswith(f"All about bridges. Edition {number}, 20")
            author.replace("Answer 1." if number == 1 else "Another.", text)


def test_a_deck_without_a_description_gets_none(tmp_path: Path) -> None:
    author = Author(tmp_path)
    author.write({"one": [decks.question(1)]})
    author.release()
    with student(tmp_path) as anna:
        anna.imports(author)
        deck = anna.col.decks.by_name("Bridges")
        assert deck
        assert deck["desc"] == ""


KILLED = """
import os, signal
from pathlib import Path
from hipdeck.__main__ import main

move = Path.replace
def replace(draft, target):
    if target.name == "deck.lock":
        os.kill(os.getpid(), signal.SIGKILL)
    return move(draft, target)

Path.replace = replace
main()
"""


@pytest.mark.parametrize("is_kept", [True, False], ids=["kept", "not-kept"])
def test_release_notes_of_an_edition_that_was_never_made_do_not_stay(is_kept: bool, tmp_path: Path) -> None:
    author = Author(tmp_path)
    author.write({"one": [decks.question(1)]})
    author.release()
    notes = tmp_path / "output" / "bridges-release-notes.md"
    first = notes.read_text(encoding="utf-8")
    author.replace("Answer 1.", "Another.")
    killed = subprocess.run([sys.executable, "-c", KILLED, "release"], cwd=tmp_path, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert notes.read_text(encoding="utf-8").startswith("# Bridges, edition 2 of ")
    author.replace("Another.", "Answer 1.")
    if not is_kept:
        (tmp_path / "output" / "editions" / "bridges-1-release-notes.md").unlink()
    assert "nothing has changed since edition 1 of" in author.release()
    assert not is_kept or notes.read_text(encoding="utf-8") == first
    assert notes.exists() == is_kept


def test_what_an_author_adds_to_the_last_release_notes_stays(tmp_path: Path) -> None:
    author = Author(tmp_path)
    author.write({"one": [decks.question(1)]})
    author.release()
    notes = tmp_path / "output" / "bridges-release-notes.md"
    edited = notes.read_text(encoding="utf-8") + "\nEnjoy!\n"
    notes.write_text(edited, encoding="utf-8")
    author.release()
    assert notes.read_text(encoding="utf-8") == edited

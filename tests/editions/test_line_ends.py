"""The same bytes on Windows: git checks SVGs out with other line ends there, and no note is re-dated for it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests import cases, decks
from tests.editions.stories import Author, git, student

FORMAT_1 = {
    b"\n": ("1078670638466c23f5e385e6", "c154758b009c87ef1e5df6f7"),
    b"\r\n": ("dab84f3bb6d62dda6fdb7b61", "ecb6b27b9a93159712b1d1ad"),
}
"""The hashes of the notes with pictures in a lock of the first format, by the pictures' line ends."""


@pytest.fixture
def author(tmp_path: Path) -> Author:
    """An author with a repository, who has released and committed an edition with pictures."""
    author = Author(tmp_path / "author")
    author.write({"one": [decks.question(1, picture="a"), decks.cloze(2, picture="b"), decks.question(3)]})
    author.init()
    author.publish()
    return author


def clone_on_windows(author: Author, tmp_path: Path) -> Author:
    """A clone as git makes it on Windows."""
    git(tmp_path, "clone", "-q", "-c", "core.autocrlf=true", str(author.folder), "windows")
    clone = Author(tmp_path / "windows")
    for path in ("media/q1.svg", "one.yaml", "deck.lock"):
        assert b"\r\n" in (clone.cards / path).read_bytes()
    return clone


def test_a_checkout_with_crlf_makes_the_same_edition(author: Author, tmp_path: Path) -> None:
    windows = clone_on_windows(author, tmp_path)
    result = windows.hipdeck("build", "--locked")
    assert result.code == 0, result.stderr
    assert windows.package.read_bytes() == author.package.read_bytes()
    with student(tmp_path) as anna:
        anna.imports(author)
        anna.edits(author, "q1")
        windows.replace("Question 3?", "Question three?")
        windows.release()
        assert anna.imports(windows) == {"new": 0, "updated": 1, "duplicate": 2, "conflicting": 0}
        assert anna.owns("q1")


@pytest.mark.parametrize("ends", [b"\n", b"\r\n"], ids=["lf", "crlf"])
def test_a_lock_of_the_first_format_matches_with_either_line_end(ends: bytes, author: Author, tmp_path: Path) -> None:
    shutil.rmtree(author.folder / ".git")
    hashes = FORMAT_1[ends]
    lines = [json.loads(line) for line in author.lock.read_text(encoding="utf-8").splitlines()]
    for line in lines:
        if "format" in line:
            line["format"] = 1
        if line.get("id") in ("q1", "c2"):
            line["content"] = hashes[line["id"] == "c2"]
    old = [
        {key: line[key] for key in line if key not in ("times", "fields", "heading")}
        for line in lines
        if "edition" not in line
    ]
    author.lock.write_text("".join(json.dumps(line) + "\n" for line in old), encoding="utf-8")
    for picture in (author.cards / "media").iterdir():
        picture.write_bytes(picture.read_bytes().replace(b"\n", ends))
    with student(tmp_path) as anna:
        anna.imports(author)
        assert author.release().startswith("nothing has changed since edition 1 of ")
        assert anna.imports(author)["updated"] == 0


def test_a_new_deck_keeps_lf_on_windows(tmp_path: Path) -> None:
    assert cases.hipdeck("new", "deck", cwd=tmp_path).code == 0
    git(tmp_path / "deck", "init", "-q")
    git(tmp_path / "deck", "add", ".")
    git(tmp_path / "deck", "commit", "-qm", "Start")
    git(tmp_path, "clone", "-q", "-c", "core.autocrlf=true", "deck", "windows")
    files = [path for path in (tmp_path / "windows").rglob("*") if path.is_file() and ".git" not in path.parts]
    assert len(files) > 5
    assert [path for path in files if b"\r\n" in path.read_bytes()] == []

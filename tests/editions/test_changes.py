"""A change is what a student sees: what is only written or made differently re-dates no note."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from hipdeck.cli import cli
from hipdeck.editions.hashes import hash_clozes_as_typed
from hipdeck.render import fields
from tests import decks
from tests.editions.stories import Author, student

LISTED = "Three:\n\n- one\n- two  \n- three\n\n| a | b |\n|---|---|\n| 1 | 2 |"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("two  \\n", "two\\n"),
        ("- one\\n- two  \\n- three", "* one\\n* two  \\n* three"),
        ("| a | b |\\n|---|---|", "|  a  |  b  |\\n| --- | --- |"),
        ('"Band"', '"band"'),
    ],
    ids=["trailing-blanks", "bullets", "table", "tag-case"],
)
def test_a_text_that_looks_the_same_is_no_change(before: str, after: str, tmp_path: Path) -> None:
    author = Author(tmp_path)
    author.write({"one": [decks.question(1, answer=LISTED, tags=["Band"]), decks.question(2)]})
    author.release()
    with student(tmp_path) as anna:
        anna.imports(author)
        anna.edits(author, "q1")
        author.replace(before, after)
        assert author.hipdeck("build", "--locked").code == 0

        printed = author.release()

        assert re.match(r"nothing has changed since edition 1 of \S+\n", printed)
        assert "1 note (q1): written differently, but students see no difference" in printed
        assert anna.imports(author)["updated"] == 0
        assert anna.owns("q1")
        # It's said once: the lock has the note's hash as it's written now.
        assert "q1" not in author.release()
        author.replace("Answer 2.", "Another.")
        author.release()
        assert anna.imports(author)["updated"] == 1
        assert anna.owns("q1")


def test_a_note_that_this_hipdeck_makes_differently_keeps_its_old_form(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    author = Author(tmp_path)
    author.write({"one": [decks.question(1), decks.question(2)]})
    author.release()
    with student(tmp_path) as anna:
        anna.imports(author)
        anna.edits(author, "q1")
        monkeypatch.setattr(fields, "_cite", lambda citation, source: f"See <i>{source.title}</i>")
        monkeypatch.chdir(tmp_path)

        printed = CliRunner().invoke(cli, ["release"]).stdout

        assert printed.startswith("nothing has changed since edition 1 of ")
        assert (
            "2 notes (q1, q2): made differently by this hipdeck; "
            "students keep the old form, and --reissue ID delivers the new\n"
        ) in printed
        assert anna.imports(author)["updated"] == 0
        assert anna.owns("q1")
        assert anna.fields("q2")["Source"] == "<cite>A guide</cite>"
        CliRunner().invoke(cli, ["release", "--reissue", "q2"], catch_exceptions=False)
        assert anna.imports(author)["updated"] == 1
        assert anna.fields("q2")["Source"] == "See <i>A guide</i>"
        assert anna.owns("q1")


def as_format_1(lock: Path, clozes: str) -> list[dict[str, Any]]:
    """Turn a lock into one of the first format, in which its cloze notes have this text; the lines that it had."""
    lines = [json.loads(line) for line in lock.read_text(encoding="utf-8").splitlines()]
    old = [{key: line[key] for key in line if key not in ("times", "fields", "heading")} for line in lines]
    for line in old:
        if "format" in line:
            line["format"] = 1
        if "clozes" in line:
            line["clozes"] = hash_clozes_as_typed(clozes)
    lock.write_text("".join(json.dumps(line) + "\n" for line in old if "edition" not in line), encoding="utf-8")
    return lines


def test_a_lock_of_the_first_format_is_edition_1_and_is_written_anew_without_a_new_date(tmp_path: Path) -> None:
    author = Author(tmp_path)
    author.write({"one": [decks.question(1), decks.cloze(2), decks.question(3, retired="a doubt")]})
    author.release()
    lines = as_format_1(author.lock, decks.cloze(2)["cloze"])
    times = [line["modified"] for line in lines if "modified" in line]
    with student(tmp_path) as anna:
        anna.imports(author)
        anna.edits(author, "q1")
        shutil.rmtree(tmp_path / "output")  # packages of that time said nothing of their editions
        assert author.hipdeck("build", "--locked").code == 0
        printed = author.release()
        assert printed.startswith("nothing has changed since edition 1 of ")
        assert printed.endswith("cards/deck.lock: commit this file; the next release is compared with it\n")
        assert anna.imports(author)["updated"] == 0
    upgraded = [json.loads(line) for line in author.lock.read_text(encoding="utf-8").splitlines()]
    edition = {"edition": 1, "released": max(times), "hipdeck": ""}
    assert upgraded == [edition if "edition" in line else line for line in lines]


def test_a_lock_of_the_first_format_still_guards_clozes(tmp_path: Path) -> None:
    author = Author(tmp_path)
    author.write({"one": [decks.cloze(2)]})
    author.release()
    as_format_1(author.lock, decks.cloze(2)["cloze"])
    author.replace("{{c1::first 2}} and the {{c2::second 2}}", "{{c2::first 2}} and the {{c1::second 2}}")
    assert "the progress of card c1 moves to another text" in author.refused()

"""A lock that goes back is noticed, in a real git, and whatever happened, students get what the author released."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from pathlib import Path

import pytest

from tests import cases, decks
from tests.editions.releases import a_deck
from tests.editions.stories import Author, Student, git, student


@pytest.fixture
def author(tmp_path: Path) -> Author:
    """An author with a repository, who has released and committed edition 1."""
    author = Author(tmp_path / "author")
    author.write(a_deck())
    author.init()
    author.publish("Edition 1")
    return author


def editions(author: Author) -> list[int]:
    """The numbers of the lock's editions."""
    lines = [json.loads(line) for line in author.lock.read_text(encoding="utf-8").splitlines()]
    return [line["edition"] for line in lines if "edition" in line]


def assert_up_to_date(author: Author, students: list[Student], tmp_path: Path) -> None:
    """Each student has, after an import of the last edition, what somebody has who only imported that.

    Notes that the student has edited aside.
    """
    with student(tmp_path, f"fresh-{len(list(tmp_path.iterdir()))}") as fresh:
        fresh.imports(author)
        for one in students:
            one.imports(author)
            for number in fresh.col.find_notes(""):
                id_ = fresh.col.get_note(number)["Id"]
                assert one.owns(id_) or {**one.fields(id_)} == {**fresh.fields(id_)}


def test_after_a_revert_everybody_gets_the_old_text(author: Author, tmp_path: Path) -> None:
    with student(tmp_path, "one") as first, student(tmp_path, "both") as both:
        first.imports(author)
        both.imports(author)
        first.edits(author, "q3")
        author.replace("Answer 1.", "Wrong.")
        author.publish("Edition 2")
        both.imports(author)
        assert both.fields("q1")["Answer"] == "Wrong."
        git(author.folder, "revert", "--no-edit", "HEAD")
        assert editions(author) == [1]

        result = author.hipdeck("release")

        assert result.code == 0
        assert result.stderr.startswith("the lock had gone back and lacked edition 2 of 20")
        assert "; put back from commit " in result.stderr
        assert editions(author) == [1, 2, 3]
        assert_up_to_date(author, [first, both], tmp_path)
        assert both.fields("q1")["Answer"] == "Answer 1."
        assert first.owns("q3")


def test_an_edition_that_is_not_the_last_is_undone_too(author: Author, tmp_path: Path) -> None:
    with student(tmp_path) as anna:
        author.write({"one": [decks.question(number) for number in range(1, 7)]})
        author.publish("Edition 2", "--accept", "gone:c2", "--accept", "gone:m4", "--accept", "lost-reverse:q3")
        author.replace("Answer 1.", "Wrong.")
        author.publish("Edition 3")
        anna.imports(author)
        author.replace("Answer 5.", "Better.")
        author.publish("Edition 4")
        # The lines of the editions conflict, and a union keeps them; the note's line goes back.
        git(author.folder, "revert", "--no-edit", "HEAD~1")
        assert {*editions(author)} == {1, 2, 3, 4}
        result = author.hipdeck("release")
        assert result.code == 0, result.stderr
        assert "the lock had lost lines of notes; put back from commit " in result.stderr
        assert_up_to_date(author, [anna], tmp_path)
        assert anna.fields("q1")["Answer"] == "Answer 1."


def test_a_lock_checked_out_before_its_commit_is_put_back_from_the_package(author: Author, tmp_path: Path) -> None:
    with student(tmp_path) as anna:
        anna.imports(author)
        author.replace("Answer 1.", "Better.")
        author.release()
        anna.imports(author)
        anna.edits(author, "q1")
        git(author.folder, "checkout", "--", "cards/deck.lock")
        author.replace("Question 3?", "Question three?")
        result = author.hipdeck("release")
        assert result.code == 0, result.stderr
        assert "lacked edition 2 of 20" in result.stderr
        assert "put back from output/editions/bridges-2.apkg" in result.stderr
        assert editions(author) == [1, 2, 3]
        assert anna.imports(author) == {"new": 0, "updated": 1, "duplicate": 3, "conflicting": 0}
        assert anna.owns("q1")
        assert anna.fields("q3")["Question"] == "Question three?"


def test_a_merge_that_takes_the_lock_of_one_side_loses_nothing(author: Author, tmp_path: Path) -> None:
    with student(tmp_path, "ours") as ours, student(tmp_path, "theirs") as theirs:
        git(author.folder, "checkout", "-qb", "theirs")
        author.replace("Answer 3.", "Theirs.")
        author.publish("Theirs")
        theirs.imports(author)
        git(author.folder, "checkout", "-q", "main")
        author.replace("Question 1?", "Ours?")
        author.publish("Ours")
        ours.imports(author)
        ours.edits(author, "m4")
        git(author.folder, "merge", "-q", "-X", "theirs", "--no-commit", "theirs")
        git(author.folder, "checkout", "theirs", "--", "cards/deck.lock")
        git(author.folder, "commit", "-qm", "Merge")
        result = author.hipdeck("release")
        assert result.code == 0, result.stderr
        assert "the lock had gone back and lacked edition 3 of 20" in result.stderr
        assert editions(author) == [1, 2, 3, 4]
        assert_up_to_date(author, [ours, theirs], tmp_path)
        assert ours.fields("q3")["Answer"] == "Theirs."
        assert theirs.fields("q1")["Question"] == "Ours?"
        assert ours.owns("m4")


def test_branches_that_both_released_are_one_edition_again_after_a_merge(author: Author, tmp_path: Path) -> None:
    with student(tmp_path, "ours") as ours, student(tmp_path, "theirs") as theirs:
        git(author.folder, "checkout", "-qb", "theirs")
        author.replace("Answer 3.", "Theirs.")
        author.publish("Theirs")
        theirs.imports(author)
        git(author.folder, "checkout", "-q", "main")
        author.replace("Question 1?", "Ours?")
        assert "gone back" not in author.publish("Ours")
        ours.imports(author)
        git(author.folder, "merge", "-q", "--no-edit", "theirs")
        locked = author.hipdeck("build", "--locked")
        assert locked.code == 1
        assert "branches were merged since edition 3 of 20" in locked.stderr
        result = author.hipdeck("release")
        assert (result.code, result.stderr) == (0, "")
        assert editions(author) == [1, 2, 3, 4]
        assert author.hipdeck("build", "--locked").code == 0
        assert_up_to_date(author, [ours, theirs], tmp_path)


def test_a_copy_that_is_behind_says_how_to_catch_up(author: Author, tmp_path: Path) -> None:
    clone = Author(tmp_path / "clone")
    git(tmp_path, "clone", "-q", str(author.folder), "clone")
    author.replace("Answer 1.", "Better.")
    author.publish("Edition 2")
    git(clone.folder, "fetch", "-q")
    clone.replace("Answer 3.", "Another.")
    refused = clone.refused()
    assert refused.startswith("cards/deck.lock:1:1: error: commit ")
    assert " has edition 2 of 20" in refused
    assert "which isn't in this copy [lock-behind]\n" in refused
    assert "  hint: get it first: git pull\n" in refused
    git(clone.folder, "commit", "-qam", "Another")
    git(clone.folder, "pull", "-q", "--no-rebase", "--no-edit")
    clone.release()
    assert editions(clone) == [1, 2, 3]


def test_on_a_detached_head_it_names_the_branch_to_go_to(author: Author) -> None:
    author.replace("Answer 1.", "Better.")
    author.publish("Edition 2")
    git(author.folder, "checkout", "-q", "HEAD~1")
    author.replace("Answer 3.", "Another.")
    assert "  hint: go to a branch that has it: git switch main\n" in author.refused()


@pytest.mark.parametrize("has_output", [True, False])
def test_a_lost_lock_is_an_error_with_the_command_that_brings_it_back(has_output: bool, author: Author) -> None:
    author.lock.unlink()
    author.commit("Tidy up")
    if not has_output:
        shutil.rmtree(author.folder / "output")
    refused = author.refused()
    commit = git(author.folder, "rev-parse", "--short=10", "HEAD~1").strip()
    command = f"git checkout {commit} -- cards/deck.lock"
    assert refused == (
        f"cards/deck.lock:1:1: error: the lock of this deck is missing, but commit {commit} is an edition of it "
        "[lock-lost]\n"
        f"  hint: bring it back: {command}; or start anew, with all notes updated at once: --accept first:bridges\n"
        f"1 error in 1 file; {'output/bridges.apkg is unchanged' if has_output else 'no package was written'}\n"
    )
    git(author.folder, *command.split()[1:])
    assert author.release().startswith("nothing has changed since edition 1 of ")


def test_without_git_the_last_package_takes_the_place_of_a_lost_lock(tmp_path: Path) -> None:
    author = Author(tmp_path / "author")
    author.write(a_deck())
    author.release()
    author.replace("Answer 1.", "Better.")
    author.release()
    with student(tmp_path) as anna:
        anna.imports(author)
        anna.edits(author, "q1")
        author.lock.unlink()
        refused = author.refused()
        assert "but output/editions/bridges-2.apkg is an edition of it [lock-lost]" in refused
        assert "bring it back: hipdeck release --from output/editions/bridges-2.apkg; or" in refused
        author.replace("Question 3?", "Question three?")
        result = author.hipdeck("release", "--from", "output/editions/bridges-2.apkg")
        assert result.code == 0, result.stderr
        assert "It can't say which notes were retired, nor which ids and cloze numbers were given up" in result.stderr
        assert editions(author) == [1, 2, 3]
        assert anna.imports(author) == {"new": 0, "updated": 1, "duplicate": 3, "conflicting": 0}
        assert anna.owns("q1")
        assert author.release().startswith("nothing has changed since edition 3 of ")


def test_a_lost_lock_still_guards_clozes_by_the_package(tmp_path: Path) -> None:
    author = Author(tmp_path)
    author.write(a_deck())
    author.release()
    author.lock.unlink()
    author.replace("{{c1::first 2}} and the {{c2::second 2}}", "{{c2::first 2}} and the {{c1::second 2}}")
    assert "the progress of card c1 moves to another text" in author.refused("--from", "output/bridges.apkg")


def test_a_draft_or_a_stranger_package_takes_no_place_of_a_lock(tmp_path: Path) -> None:
    author = Author(tmp_path)
    author.write(a_deck())
    author.hipdeck("build")
    assert author.refused("--from", "output/bridges-draft.apkg") == (
        "error: output/bridges-draft.apkg is a draft, which no student has\n"
        "  hint: name the package of the last edition: they are in output/editions\n"
    )
    decks.write(tmp_path / "other", {"one": [decks.question(1)]}, deck_id="other")
    cases.hipdeck("release", "other", "-o", "others", cwd=tmp_path)
    assert author.refused("--from", "others/other.apkg") == (
        "error: others/other.apkg is a package of another deck\n"
        "  hint: name a package of this deck, such as its last edition's\n"
    )
    (tmp_path / "text.apkg").write_text("cards")
    assert author.refused("--from", "text.apkg").startswith("error: text.apkg isn't a package that hipdeck wrote\n")
    assert not author.lock.exists()


def test_starting_anew_updates_all_and_stays_so(author: Author, tmp_path: Path) -> None:
    with student(tmp_path) as anna:
        anna.imports(author)
        author.lock.unlink()
        author.replace('"id": "q1"', '"id": "q5"')
        author.release("--accept", "first:bridges")
        assert editions(author) == [1, 2]
        author.commit("Anew")
        assert anna.imports(author) == {"new": 1, "updated": 3, "duplicate": 0, "conflicting": 0}
        # What was before isn't put back later.
        result = author.hipdeck("release")
        assert (result.code, result.stderr) == (0, "")
        assert result.stdout.startswith("nothing has changed since edition 2 of ")
        assert "nothing-to-accept" in author.refused("--accept", "first:bridges")


def test_git_runs_nothing_that_a_repository_configures(author: Author, tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {tmp_path / 'sprung'}\n")
    trap.chmod(0o755)
    command = trap.as_posix()
    for key in ("core.fsmonitor", "core.pager", "diff.external", "core.editor", "diff.x.textconv", "filter.x.smudge"):
        git(author.folder, "config", key, command)
    for key in ("filter.x.clean", "filter.x.process", "core.sshCommand", "credential.helper", "gpg.program"):
        git(author.folder, "config", key, command)
    git(author.folder, "config", "log.showSignature", "true")
    hooks = author.folder / ".git" / "hooks"
    hooks.mkdir(exist_ok=True)
    for name in ("post-checkout", "post-index-change", "pre-commit", "reference-transaction"):
        shutil.copy(trap, hooks / name)
    attributes = author.folder / ".gitattributes"
    attributes.write_text("* filter=x diff=x\n")
    before = sorted((path.as_posix(), path.stat().st_mtime_ns) for path in (author.folder / ".git").rglob("*"))
    author.lock.unlink()
    assert "git checkout" in author.refused()
    assert sorted((path.as_posix(), path.stat().st_mtime_ns) for path in (author.folder / ".git").rglob("*")) == before
    assert not (tmp_path / "sprung").exists()
    # The trap itself works.
    with contextlib.suppress(AssertionError):
        git(author.folder, "status")
    assert (tmp_path / "sprung").exists()


@pytest.mark.parametrize("case", ["no-git", "no-repository", "no-commit", "not-trusted", "broken", "shallow", "hook"])
def test_without_a_history_there_is_no_check(case: str, author: Author, tmp_path: Path) -> None:
    settings: dict[str, str] = {}
    if case == "no-git":
        settings["PATH"] = ""
    elif case == "no-repository":
        shutil.rmtree(author.folder / ".git")
    elif case == "no-commit":
        shutil.rmtree(author.folder / ".git")
        git(author.folder, "init", "-q")
    elif case == "not-trusted":
        if not hasattr(os, "chown") or os.getuid():
            pytest.skip("only root can give a repository to somebody else")
        for path in [author.folder, author.folder / ".git"]:
            os.chown(path, 12345, 12345)
    elif case == "broken":
        (author.folder / ".git" / "HEAD").write_text("nonsense")
    elif case == "shallow":
        git(tmp_path, "clone", "-q", "--depth=1", author.folder.as_uri(), "shallow")
        author = Author(tmp_path / "shallow")
    elif case == "hook":  # which has git's own variables
        settings |= {"GIT_DIR": str(tmp_path / "elsewhere"), "GIT_INDEX_FILE": "index"}
    author.replace("Answer 1.", "Better.")
    result = cases.hipdeck("release", cwd=author.folder, **settings)
    assert (result.code, result.stderr) == (0, "")
    assert editions(author) == [1, 2]


def test_a_deck_in_a_folder_of_a_larger_repository(tmp_path: Path) -> None:
    author = Author(tmp_path / "repository" / "decks with [signs]" / "bridges")
    author.write(a_deck())
    repository = tmp_path / "repository"
    git(repository, "init", "-q")
    author.release()
    git(repository, "add", ".")
    git(repository, "commit", "-qm", "Edition 1")
    author.replace("Answer 1.", "Wrong.")
    author.release()
    git(repository, "add", ".")
    git(repository, "commit", "-qm", "Edition 2")
    git(repository, "revert", "--no-edit", "HEAD")
    shutil.rmtree(author.folder / "output", ignore_errors=True)
    result = author.hipdeck("release")
    assert "put back from commit" in result.stderr
    assert editions(author) == [1, 2, 3]

"""Random histories of two clones, one of them with CRLF: after each release, every student has what was released.

A history is made of edits that students see and edits that they don't, releases, reverts, merges, old locks that come
back, and locks that are lost. The clones have their own output folders, and meet in a repository that both push to.
"""

from __future__ import annotations

import contextlib
import json
import random
import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from anki.collection import Collection

from hipdeck.commands.release import release
from hipdeck.commands.shared.building import Built
from hipdeck.diagnostics import errors
from hipdeck.package.reader import read
from tests import anki, decks
from tests.editions.stories import git, tell

FIRST = 1_750_000_000
HOUR = 3_600
Shown = dict[str, tuple[Any, ...]]
"""What students see of each note, by its GUID: fields, and tags without capitals."""


class Clone:
    """A clone of the deck's repository. Each note has a file of its own, so that branches merge."""

    def __init__(self, history: History, name: str, *settings: str) -> None:
        self.history, self.chance = history, history.chance
        self.folder = history.folder / name
        self.cards, self.output = self.folder / "cards", self.folder / "output"
        self.known = history.pushed.copy()
        """The editions that came before the next one here: this clone's own, and those that it got from the other."""
        self.committed = self.known.copy()
        git(history.folder, "clone", "-q", *settings, "origin.git", name)

    def notes(self) -> list[Path]:
        return sorted((self.cards / "notes").glob("*.yaml"))

    def write(self, path: Path, note: dict[str, Any]) -> None:
        text = f"section: Notes\nsource: guide\nnotes:\n  - {json.dumps(note)}\n"
        path.write_text(text, encoding="utf-8", newline="\n")

    def change(self, change: Callable[[dict[str, Any]], None]) -> None:
        path = self.chance.choice(self.notes())
        note = json.loads(path.read_text(encoding="utf-8").split("  - ", 1)[1])
        change(note)
        self.write(path, note)
        if self.chance.random() < 0.3:  # otherwise it's part of the next commit, which may be an edition
            self.commit()

    def commit(self) -> None:
        git(self.folder, "add", ".")
        if git(self.folder, "status", "--porcelain"):
            git(self.folder, "commit", "-qm", "Edit")

    def edit(self) -> None:
        self.change(lambda note: note.update(why=f"Because of {self.history.mark()}."))

    def edit_unseen(self) -> None:
        def change(note: dict[str, Any]) -> None:
            if self.chance.random() < 0.5:
                note["answer"] = note["answer"].translate({ord("*"): "-", ord("-"): "*"})
            else:
                note["tags"] = [tag.swapcase() for tag in note["tags"]]

        self.change(change)

    def draw(self) -> None:
        picture = self.chance.choice(sorted((self.cards / "media").iterdir()))
        picture.write_text(decks.svg(self.history.mark()), newline="\n")

    def add(self) -> None:
        number = self.history.mark()
        self.write(self.cards / "notes" / f"q{number}.yaml", a_note(number))

    def retire(self) -> None:
        if len(self.notes()) > 2:
            self.change(lambda note: note.update(retired="a doubt"))

    def bring_back(self) -> None:
        self.change(lambda note: note.pop("retired", None))

    def delete(self) -> None:
        if len(self.notes()) > 3:
            self.chance.choice(self.notes()[1:]).unlink()

    def sync(self) -> None:
        """Get what the other has pushed, and push; the lock of a merge is sometimes that of one side."""
        self.commit()
        git(self.folder, "fetch", "-q")
        self.merge(self.chance.choice(["ours", "theirs"]))
        if self.chance.random() < 0.2:
            parents = git(self.folder, "log", "-1", "--format=%P").split()
            self.restore_lock(self.chance.choice(parents))
            self.commit()
        git(self.folder, "push", "-q", "origin", "HEAD:main")
        self.history.pushed |= self.committed

    def merge(self, side: str) -> None:
        """Merge what was pushed; a file that one side has deleted and the other changed stays."""
        self.known |= self.history.pushed
        try:
            git(self.folder, "merge", "-q", "--no-edit", "-X", side, "-X", "no-renames", "origin/main")
        except AssertionError:
            git(self.folder, "add", "-A")
            git(self.folder, "commit", "-qm", "Merge")

    def revert(self) -> None:
        """Undo a commit, which may be an edition but not the first; a conflict is left alone."""
        self.commit()
        if int(git(self.folder, "rev-list", "--count", "HEAD")) < 4:
            return
        try:
            git(self.folder, "revert", "--no-edit", f"HEAD~{self.chance.randrange(2)}")
        except AssertionError:
            git(self.folder, "reset", "-q", "--hard")

    def restore_lock(self, commit: str = "") -> None:
        """The lock of an old commit comes back, if that commit has one."""
        commits = git(self.folder, "log", "--format=%H", "-4", "--", "cards/deck.lock").split()
        if commits:
            with contextlib.suppress(AssertionError):
                git(self.folder, "checkout", commit or self.chance.choice(commits), "--", "cards/deck.lock")

    def regret(self) -> None:
        """Release something, commit it, and undo that commit."""
        self.edit()
        self.release(commits=True)
        git(self.folder, "revert", "--no-edit", "HEAD")

    def forget(self) -> None:
        """Release something, and take the lock of the last commit back."""
        self.commit()
        self.edit()
        self.release(commits=False)
        self.restore_lock("HEAD")
        self.edit()

    def lose_lock(self) -> None:
        (self.cards / "deck.lock").unlink(missing_ok=True)

    def release(self, commits: bool | None = None) -> None:
        """Release, doing what the errors say; the lock isn't always committed."""
        built = self.try_to_release()
        if not built.written:
            built = self.do_as_told(built)
        assert built.written, built.checked.diagnostics
        before = self.known.copy()
        self.known.add(len(self.history.editions))
        if commits or (commits is None and self.chance.random() < 0.85):
            self.commit()
            self.committed = self.known.copy()
        self.history.released(built.package, before)

    def try_to_release(self, accepted: frozenset[str] = frozenset(), package: Path | None = None) -> Built:
        self.history.now += HOUR
        return release(self.cards, self.output, self.history.now, accepted, (), package)

    def do_as_told(self, built: Built) -> Built:
        accepted: set[str] = set()
        package = None
        for _ in range(4):
            for problem in errors(built.checked.diagnostics):
                if problem.code == "lock-behind":
                    self.commit()
                    self.merge("ours")
                elif problem.code == "lock-lost":
                    commit = re.search(r"git checkout (\w+) -- ", problem.hint)
                    if commit and self.chance.random() < 0.5:
                        git(self.folder, "checkout", commit[1], "--", "cards/deck.lock")
                    else:
                        package = next(iter(sorted(self.output.glob("bridges.apkg"))), None)
                        if not package:
                            assert commit
                            git(self.folder, "checkout", commit[1], "--", "cards/deck.lock")
                else:
                    key = re.search(r"--accept (\S+)$", problem.hint)
                    assert key, problem
                    accepted.add(key[1])
            built = self.try_to_release(frozenset(accepted), package)
            if built.written:
                break
            accepted -= {p.message.split()[1] for p in built.checked.diagnostics if p.code == "nothing-to-accept"}
        return built


OPERATIONS: list[tuple[Callable[[Clone], None], int]] = [
    (Clone.edit, 5),
    (Clone.edit_unseen, 3),
    (Clone.draw, 1),
    (Clone.add, 2),
    (Clone.retire, 1),
    (Clone.bring_back, 1),
    (Clone.delete, 1),
    (Clone.release, 6),
    (Clone.sync, 3),
    (Clone.revert, 3),
    (Clone.restore_lock, 1),
    (Clone.lose_lock, 1),
    (Clone.regret, 1),
    (Clone.forget, 1),
]


class StudentOfEdition:
    """Somebody who has imported one edition, studied a card, and edited a note."""

    def __init__(self, history: History, package: Path, number: int, known: set[int]) -> None:
        self.known = known
        """The editions that came before this one."""
        self.home = history.folder / f"student{number}"
        self.home.mkdir()
        with anki.collection(self.home) as col:
            anki.imported(col, package)
            notes = list(col.find_notes(""))
            note = col.get_note(history.chance.choice(notes))
            note["Why"] += " My own words."
            note.tags.append("mine")
            col.update_note(note)
            deck = col.decks.by_name("Bridges")
            assert deck
            col.decks.select(deck["id"])
            card = col.sched.getCard()
            assert card
            col.sched.answerCard(card, 3)
            self.edited = note.guid
            self.progress = progress(col)
            anki.age(col, history.now)

    def imports(self, package: Path, home: Path) -> tuple[Shown, bool]:
        """Import an edition into a copy; what they see then, and whether their own words are still there."""
        home.mkdir()
        shutil.copy(self.home / "collection.anki2", home)
        with anki.collection(home) as col:
            counts = anki.imported(col, package)
            assert counts["conflicting"] == 0
            after = progress(col)
            assert {id_: after[0].get(id_) for id_ in self.progress[0]} == self.progress[0]
            assert after[1] == self.progress[1]
            seen = shown(col)
            fields = seen[self.edited][0]
            return seen, any("My own words." in text for text in fields) and "mine" in seen[self.edited][1]


def progress(col: Collection) -> tuple[dict[int, Any], list[Any]]:
    """What Anki knows of each card that isn't new, and the review log."""
    return {row[0]: tuple(row) for row in anki.rows(col, "cards") if row[6]}, anki.rows(col, "revlog")


def shown(col: Collection) -> Shown:
    notes = [col.get_note(number) for number in col.find_notes("")]
    return {note.guid: (tuple(note.fields), tuple(sorted(tag.casefold() for tag in note.tags))) for note in notes}


def packaged(package: Path) -> Shown:
    """What an edition shows, without the tags that say when."""
    return {
        guid: (
            tuple(note.fields.values()),
            tuple(sorted(tag.casefold() for tag in note.tags if "::updated::" not in tag)),
        )
        for guid, note in read(package).notes.items()
    }


class History:
    """Two clones, and the students of each edition."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder, self.chance = folder, random.Random(seed)
        self.now = FIRST
        self.marks = 100
        self.steps: list[str] = []
        self.pushed: set[int] = set()
        self.editions: list[Shown] = []
        self.students: list[StudentOfEdition] = []
        git(folder, "init", "-q", "--bare", "-b", "main", "origin.git")
        start = Clone(self, "lf")
        git(start.folder, "checkout", "-q", "-b", "main")
        (start.cards / "notes").mkdir(parents=True)
        (start.cards / "media").mkdir()
        (start.cards / "deck.yaml").write_text(
            "deck: Bridges\nid: bridges\nsources: {guide: {title: A guide}}\nsections: [notes]\n", newline="\n"
        )
        (start.folder / ".gitattributes").write_text("deck.lock merge=union\n")
        (start.folder / ".gitignore").write_text("/output/\n")
        for number in range(1, 6):
            start.write(start.cards / "notes" / f"q{number}.yaml", a_note(number, picture=number < 3))
            if number < 3:
                (start.cards / "media" / f"q{number}.svg").write_text(decks.svg(number), newline="\n")
        start.commit()
        start.release()
        start.commit()
        git(start.folder, "push", "-q", "-u", "origin", "main")
        self.pushed = {0}
        start.committed = {0}
        self.clones = [start, Clone(self, "crlf", "-c", "core.autocrlf=true")]

    def mark(self) -> int:
        self.marks += 1
        return self.marks

    def run(self, steps: int) -> None:
        operations, weights = zip(*OPERATIONS, strict=True)
        for operation in self.chance.choices(operations, weights, k=steps):
            clone = self.chance.choice(self.clones)
            self.steps.append(f"{clone.folder.name} {operation.__name__}")
            operation(clone)
        for clone in self.clones:
            self.steps.append(f"{clone.folder.name} commit, sync, release")
            clone.commit()
            clone.sync()
            clone.release()

    def released(self, package: Path, known: set[int]) -> None:
        """Let students of some earlier editions import a new one, and compare them with somebody who has only that.

        `known` are the editions that came before.
        """
        number = len(self.editions)
        edition = packaged(package)
        with zipfile.ZipFile(package) as archive:
            pictures = [archive.read(name) for name in archive.namelist() if name.isdigit()]
        assert not any(b"\r" in picture for picture in pictures)
        self.editions.append(edition)
        home = self.folder / f"fresh{number}"
        home.mkdir()
        with anki.collection(home) as col:
            assert anki.imported(col, package)["new"] == len(edition)
            fresh = shown(col)
        for earlier in {*sorted(known)[-1:], *self.chance.sample(sorted(known), min(len(known), 1))}:
            student = self.students[earlier]
            seen, owns = student.imports(package, self.folder / f"{number}-{earlier}")
            assert {guid: seen[guid] for guid in fresh if guid != student.edited} == {
                guid: note for guid, note in fresh.items() if guid != student.edited
            }
            others = [self.editions[index] for index in range(number + 1) if index not in student.known]
            own = self.editions[earlier][student.edited]
            if all(other.get(student.edited, own) == own for other in others):
                assert owns, f"the edit of a student of edition {earlier} is lost"
            elif student.edited in fresh and not owns:
                assert seen[student.edited] == fresh[student.edited]
        self.students.append(StudentOfEdition(self, package, number, known))


def a_note(number: int, picture: bool = False) -> dict[str, Any]:
    why = f"See ![a picture](media/q{number}.svg)" if picture else "So."
    return {
        **decks.question(number, answer=f"All of:\n\n- answer {number}\n- another\n", why=why),
        "tags": [f"Band-{number}"],
    }


@pytest.mark.parametrize(
    "seeds",
    [range(4), *(pytest.param(range(seed, seed + 60), marks=pytest.mark.slow) for seed in range(4, 304, 60))],
    ids=lambda seeds: f"{seeds[0]}-{seeds[-1]}",
)
def test_students_of_any_edition_have_what_was_released_last(seeds: range, tmp_path: Path) -> None:
    tell(seeds, tmp_path, History, lambda history: history.run(7))

"""Stories of an author and students, told with the hipdeck command, a real git and the real Anki."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol, TypeVar

from anki.collection import Collection

from hipdeck.editions.lock_reader import read_lock
from tests import anki, cases, decks
from tests.editions.releases import Deck


def git(folder: Path, *arguments: str, **settings: str) -> str:
    """Run git as nobody in particular; what it printed. `settings` are environment variables."""
    nobody = {f"GIT_{role}_{what}": "a" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    alone = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    done = subprocess.run(
        ["git", *arguments],
        cwd=folder,
        env={**os.environ, **nobody, **alone, **settings},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


class RandomStory(Protocol):
    """A story that chance tells: `steps` are what has happened in it so far."""

    steps: list[str]


_Story = TypeVar("_Story", bound=RandomStory)


def tell(
    seeds: Iterable[int], folder: Path, begin: Callable[[Path, int], _Story], go: Callable[[_Story], None]
) -> None:
    """Tell a random story for each seed, in a folder of its own. One that fails names its seed and its steps."""
    for seed in seeds:
        home = folder / str(seed)
        home.mkdir()
        story = begin(home, seed)
        try:
            go(story)
        except BaseException as problem:
            problem.add_note("\n".join([f"seed {seed}", *story.steps])) if hasattr(problem, "add_note") else None
            raise
        shutil.rmtree(home)


class Author:
    """An author's folder: the deck in `cards`, and what hipdeck makes of it in `output`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.cards = folder / "cards"
        self.lock = self.cards / "deck.lock"
        self.package = folder / "output" / "bridges.apkg"

    def write(self, deck: Deck) -> None:
        """Write the deck's files."""
        decks.write(self.cards, deck)

    def replace(self, before: str, after: str, file: str = "one.yaml") -> None:
        """Replace some text in a file of the deck."""
        path = self.cards / file
        text = path.read_text(encoding="utf-8")
        assert before in text
        path.write_text(text.replace(before, after), encoding="utf-8")

    def hipdeck(self, *arguments: str) -> cases.Result:
        """Run hipdeck in the author's folder."""
        return cases.hipdeck(*arguments, cwd=self.folder)

    def release(self, *options: str) -> str:
        """Release, which must succeed; what it printed."""
        result = self.hipdeck("release", *options)
        assert result.code == 0, result.stderr
        return result.stdout

    def refused(self, *options: str) -> str:
        """Release, which must fail; the errors."""
        result = self.hipdeck("release", *options)
        assert result.code, result.stdout
        return result.stderr

    def init(self, attributes: str = "deck.lock merge=union\n") -> None:
        """Make the folder a git repository."""
        git(self.folder, "init", "-q", "-b", "main")
        (self.folder / ".gitattributes").write_text(attributes)
        (self.folder / ".gitignore").write_text("/output/\n*.anki2*\n*.media*\n/student*/\n")
        self.commit("Start")

    def commit(self, message: str) -> None:
        """Commit all that has changed."""
        git(self.folder, "add", ".")
        git(self.folder, "commit", "-qm", message)

    def publish(self, message: str = "Edition", *options: str) -> str:
        """Release, and commit the cards and the lock; what hipdeck printed."""
        printed = self.release(*options)
        self.commit(message)
        return printed


class Student:
    """Somebody who imports editions."""

    def __init__(self, col: Collection) -> None:
        self.col = col

    def imports(self, author: Author, package: Path | None = None, merge_notetypes: bool = False) -> dict[str, int]:
        """Import an author's newest package, or a certain one; the counts of notes."""
        # Editions made within a second of each other are dated ahead, and nobody imports one before it's made.
        time.sleep(max(0, read_lock(author.cards)[0].newest - time.time()))
        counts = anki.imported(self.col, package or author.package, merge_notetypes)
        self.rest(author)
        return counts

    def rest(self, author: Author) -> None:
        """Let some time pass: what was done so far was done before the next edition."""
        anki.age(self.col, read_lock(author.cards)[0].newest)

    def edits(self, author: Author, note_id: str) -> None:
        """Add a sentence to a note, and a tag."""
        note = self.col.get_note(self.col.find_notes(f"Id:{note_id}")[0])
        # Editions made within a second of each other are dated ahead, and nobody edits a card before they get it.
        time.sleep(max(0, note.mod + 1 - time.time()))
        note["Why"] += " My own words."
        note.tags.append("mine")
        self.col.update_note(note)
        self.rest(author)

    def tags(self, author: Author, note_id: str, tag: str) -> None:
        """Add a tag to a note, after an edition that wasn't imported yet."""
        time.sleep(max(0, read_lock(author.cards)[0].newest + 1 - time.time()))
        note = self.col.get_note(self.col.find_notes(f"Id:{note_id}")[0])
        note.tags.append(tag)
        self.col.update_note(note)

    def owns(self, note_id: str) -> bool:
        """Whether the student's own sentence and tag are still in a note."""
        note = self.col.get_note(self.col.find_notes(f"Id:{note_id}")[0])
        return note["Why"].endswith("My own words.") and "mine" in note.tags

    def fields(self, note_id: str) -> Mapping[str, str]:
        """A note's fields by name."""
        return anki.fields(self.col, note_id)


@contextmanager
def student(folder: Path, name: str = "student") -> Iterator[Student]:
    """A student with an empty collection in a folder of their own."""
    home = folder / name
    home.mkdir()
    with anki.collection(home) as col:
        yield Student(col)

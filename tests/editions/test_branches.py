"""Branches that each change notes merge their locks without a conflict, in a real git."""

from __future__ import annotations

from pathlib import Path

import pytest

from hipdeck.commands.build import build
from hipdeck.commands.release import release
from hipdeck.editions.lock_reader import read_lock
from tests import anki, decks
from tests.conftest import ROOT
from tests.editions.stories import git

FIRST = 1_750_000_000
DAY = 86_400


def commit(folder: Path, deck: dict[str, list[decks.Note]]) -> None:
    decks.write(folder / "cards", deck)
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "Edit")


def released(folder: Path, now: int) -> None:
    built = release(folder / "cards", folder / "output", now)
    assert built.written, built.checked.diagnostics
    git(folder, "commit", "-qam", "Release")


def a_deck(ours: int, theirs: int) -> dict[str, list[decks.Note]]:
    """A deck in edition `ours` of one author's file and `theirs` of another's.

    The notes of the two stand beside each other in the lock, and the new ones among them.
    """

    def section(first: int, edition: int) -> list[decks.Note]:
        notes = [decks.question(number, why=f"Of {edition}.") for number in range(first, 19, 2)]
        if edition > 1:
            notes += [decks.question(number) for number in range(100 + first, 116, 2)]
            notes[1]["retired"] = "no longer needed"
        return notes

    return {"ours": section(10, ours), "theirs": section(11, theirs)}


@pytest.mark.parametrize("who", ["nobody", "ours", "theirs", "both"])
def test_branches_that_change_adjacent_notes_merge_their_locks(who: str, tmp_path: Path) -> None:
    folder = tmp_path / "repository"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "ours")
    (folder / ".gitattributes").write_text((ROOT / ".gitattributes").read_text())
    (folder / ".gitignore").write_text("/output/\n")
    commit(folder, a_deck(1, 1))
    release(folder / "cards", tmp_path / "first", FIRST)
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "First edition")
    git(folder, "checkout", "-qb", "theirs")
    commit(folder, a_deck(1, 2))
    if who in ("theirs", "both"):
        released(folder, FIRST + DAY)
    git(folder, "checkout", "-q", "ours")
    commit(folder, a_deck(2, 1))
    if who in ("ours", "both"):
        released(folder, FIRST + 2 * DAY)

    git(folder, "merge", "-q", "--no-edit", "theirs")

    assert git(folder, "status", "--porcelain") == ""
    cards = folder / "cards"
    last = release(cards, folder / "output", FIRST + 3 * DAY)
    assert last.written, last.checked.diagnostics
    made = last.checked.plan
    # The order of the notes of both branches is one that neither has released.
    assert made.rearranged
    assert bool(made.new or made.changed or made.retired) == (who != "both")
    locked = build(cards, tmp_path / "locked", FIRST + 4 * DAY, locked=True)
    assert locked.written, locked.checked.diagnostics
    assert locked.package.read_bytes() == last.package.read_bytes()
    lock, problems = read_lock(cards)
    assert problems == []
    times = {"ours": FIRST + (2 if who in ("ours", "both") else 3) * DAY}
    times["theirs"] = FIRST + (1 if who in ("theirs", "both") else 3) * DAY
    assert {id_: note.modified for id_, note in lock.notes.items()} == {
        note["id"]: times[path] for path, notes in a_deck(2, 2).items() for note in notes
    }
    assert {id_ for id_, note in lock.notes.items() if note.retired} == {"q12", "q13"}
    with anki.collection(tmp_path) as col:
        anki.imported(col, tmp_path / "first" / "bridges.apkg")
        counts = anki.imported(col, last.package)
        assert counts == {"new": 6, "updated": 7, "duplicate": 0, "conflicting": 0}

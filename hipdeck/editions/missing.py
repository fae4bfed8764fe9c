"""The notes of the last edition that the deck no longer has, or has under another note's id."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from hipdeck.editions import guards
from hipdeck.editions.changes import Edition, NoteChange
from hipdeck.editions.guards import Guard
from hipdeck.editions.lock import LockedNote


def find_missing(
    unmatched: Iterable[LockedNote], changes: Collection[NoteChange], renamed: Collection[str], edition: Edition
) -> list[NoteChange]:
    """What becomes of the notes that the deck doesn't have any more.

    `unmatched` are the lines of the last lock that the next one doesn't have as they are, `changes` what becomes of the
    deck's notes, and `renamed` the ids that they had before.
    """
    notes = {note.id: note for note in edition.deck.notes}
    new = {line.content: line.id for line in _lines(changes, "new")}
    missing = []
    for old in unmatched:
        if old.id in notes or old.id in renamed:
            continue
        if old.retired:
            missing.append(NoteChange(old.id, "same", old))
            continue
        twin = new.get(old.content)
        guard = guards.renamed_note(old.id, notes[twin]) if twin else guards.gone_note(old, edition.path, bool(new))
        line = old._replace(modified=edition.now, retired="gone") if guard.key in edition.accepted else old
        missing.append(NoteChange(old.id, "gone", line, [guard], f"Id:{old.id}"))
    return missing


def find_swapped(unmatched: Iterable[LockedNote], changes: Collection[NoteChange], edition: Edition) -> list[Guard]:
    """A guard for each changed note that has the content of another note of the last edition.

    `unmatched` and `changes` are as `find_missing` takes them.
    """
    notes = {note.id: note for note in edition.deck.notes}
    changed = {line.content: line for line in _lines(changes, "changed")}
    contents = {change.id: change.line.content for change in changes if change.line}
    swapped = []
    for old in unmatched:
        new = changed.get(old.content)
        if old.retired or not new or new.guid == old.guid:
            continue
        # Not where the other note still says the same.
        if contents.get(old.id) != old.content:
            swapped.append(guards.swapped_note(notes[new.id], old.id))
    return swapped


def _lines(changes: Iterable[NoteChange], what: str) -> list[LockedNote]:
    return [change.line for change in changes if change.line and change.what == what]

"""Notes that have a new id: `was` names the one that they had in the last edition."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from hipdeck.deck.notes import Deck, Note
from hipdeck.diagnostics import Diagnostic, error
from hipdeck.editions.lock import Lock
from hipdeck.names import Names
from hipdeck.render.note_types import guid


def find_renames(lock: Lock, deck: Deck, path: str) -> tuple[dict[str, str], list[Diagnostic]]:
    """Follow each `was` of a deck into the lock of its last edition.

    Returns the old ids of notes by their new ones, and an error for each `was` that leads nowhere. `path` is the lock's
    as messages name it.
    """
    notes = [note for note in deck.notes if note.was]
    if not notes:
        return {}, []
    ids = {note.id for note in deck.notes}
    renamed: dict[str, str] = {}
    problems = []
    missing = [line for id_, line in lock.notes.items() if id_ not in ids]
    released = Names(line.id for line in missing)
    by_guid = {line.guid: line.id for line in missing if not line.retired}
    for note in notes:
        problem = _problem(note, lock, ids, renamed, path)
        if not problem and note.was not in lock.notes and note.id not in lock.notes:
            # A GUID is made from the first id that a note had.
            problem = _unknown(note.was, by_guid.get(guid(deck.id, note.was), ""), released)
        if problem:
            problems.append(error("was", note.at("was"), *problem))
        elif note.was in lock.notes:
            renamed[note.was] = note.id
        # Otherwise an edition has renamed it already.
    return {new: old for old, new in renamed.items()}, problems


def _problem(
    note: Note, lock: Lock, ids: Collection[str], renamed: Mapping[str, str], path: str
) -> tuple[str, str] | None:
    """Why a `was` can't be followed, and what to do. `renamed` has the new ids of other notes by their old ones."""
    hint = "delete 'was'"
    if note.was == note.id:
        return "this is the note's own id", hint
    if note.was in ids:
        return f"'{note.was}' is still the id of another note", "delete that note, or this 'was'"
    if note.was in renamed:
        return f"note '{renamed[note.was]}' was '{note.was}' too, and only one can have its progress", hint
    if note.was in lock.notes and note.id in lock.notes:
        message = f"students already have '{note.id}', and it can't have the progress of '{note.was}' as well"
        return message, f"delete 'was', and keep '{note.was}' as a note with `retired: reason`"
    if not lock.deck_id:
        message = f"there is no {path}, so hipdeck can't know whether students have a note '{note.was}'"
        return message, f"if students have an edition, restore the lock: git checkout -- {path}"
    return None


def _unknown(was: str, current: str, released: Names) -> tuple[str, str]:
    """What's wrong with a `was` that the last edition doesn't have, and what to do.

    `current` is what that edition calls the note, if it's known; `released` are the ids that no note has any more.
    """
    message = f"the last edition has no note '{was}'"
    if current:
        return f"{message}: an earlier one renamed it to '{current}'", f"write was: {current}"
    hint = "write the id that the note has in the last edition; if it's in none, delete 'was'"
    return message, released.did_you_mean(was) or hint

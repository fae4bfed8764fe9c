"""Notes that have a new id: `was` names the one that they had in the last edition."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from hipdeck.deck.notes import Deck, Note
from hipdeck.diagnostics import Diagnostic, error
from hipdeck.editions.lock import Lock
from hipdeck.names import Names


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
    released = Names(id_ for id_ in lock.notes if id_ not in ids)
    for note in notes:
        if problem := _problem(note, lock, ids, renamed, released, path):
            problems.append(error("was", note.at("was"), *problem))
        elif note.was in lock.notes:
            renamed[note.was] = note.id
        # Otherwise an edition has renamed it already.
    return {new: old for old, new in renamed.items()}, problems


def _problem(
    note: Note, lock: Lock, ids: Collection[str], renamed: Mapping[str, str], released: Names, path: str
) -> tuple[str, str] | None:
    """Why a `was` can't be followed, and what to do.

    `renamed` has the new ids of other notes by their old ones, and `released` are the ids that no note has any more.
    """
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
    if note.was in lock.notes or note.id in lock.notes:
        return None
    if not lock.deck_id:
        message = f"there is no {path}, so hipdeck can't know whether students have a note '{note.was}'"
        return message, f"if students have an edition, restore the lock: git checkout -- {path}"
    hint = "delete 'was': a note that was never released can change its id"
    return f"no edition has a note '{note.was}'", released.did_you_mean(note.was) or hint

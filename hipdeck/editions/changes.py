"""What has changed in the notes since the last edition, and the lines that the lock gets for them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

from hipdeck.deck.notes import Deck, Note
from hipdeck.editions import guards
from hipdeck.editions.guards import Guard
from hipdeck.editions.hashes import hash_clozes, hash_note
from hipdeck.editions.lock import Lock, LockedNote
from hipdeck.render.fields import Fields
from hipdeck.render.note_types import NoteType, guid


class Edition(NamedTuple):
    """The edition that is planned.

    `now` is its time in seconds since 1970. `accepted` are the keys of guards that may pass, `path` is the lock's, as
    messages name it, and `guids` are all that notes had so far.
    """

    deck: Deck
    types: Mapping[str, NoteType]
    now: int
    accepted: frozenset[str]
    path: str
    guids: frozenset[str]


class NoteChange(NamedTuple):
    """What becomes of a note that isn't as the last edition has it: 'same' if that makes no difference to students.

    `line` is its line in the next lock, and `spent` the line of an old note that it replaces. `search` finds in Anki
    what students keep though no edition has it any more.
    """

    id: str
    what: Literal["new", "changed", "retired", "gone", "same"]
    line: LockedNote | None = None
    guards: Sequence[Guard] = ()
    search: str = ""
    spent: LockedNote | None = None


def compare_notes(
    notes: Iterable[Fields], lock: Lock, renames: Mapping[str, str], reissued: Collection[str], edition: Edition
) -> tuple[dict[str, LockedNote], list[NoteChange]]:
    """Compare the notes of a deck with the lock of its last edition.

    `renames` has the old ids of notes by their new ones. Returns the lines of the notes that are as the last edition
    has them, by id, and what becomes of the others.
    """
    lines: dict[str, LockedNote] = {}
    changes = []
    for fields in notes:
        note = fields.note
        former = renames.get(note.id)
        old = lock.notes.get(former or note.id)
        content = hash_note(fields, edition.deck)
        if old and old.content == content and not (former or old.retired or note.retired or note.id in reissued):
            # What is as the last edition has it raises no guard either.
            lines[note.id] = old
        else:
            changes.append(_compare_note(note, old, content, edition))
    return lines, changes


def _compare_note(note: Note, old: LockedNote | None, content: str, edition: Edition) -> NoteChange:
    """Compare a note of the deck with its line in the lock, if it has one. `content` is the note's hash."""
    if note.retired:
        return _retire(note, old, edition.now)
    if old is None:
        new = _line(note, content, _new_guid(note.id, edition), edition.now, edition.now)
        return NoteChange(note.id, "new", new)
    new = _line(note, content, old.guid, old.added, edition.now)
    form = guards.changed_form(note, old, new)
    if form and form.key in edition.accepted:
        return _replace(old, new, form, edition)
    if form:
        return NoteChange(note.id, "changed", new, [form])
    lost_cloze = guards.lost_cloze(note, old.clozes, new.clozes)
    moved_cloze = None if lost_cloze else guards.moved_cloze(note, old.clozes, new.clozes)
    lost_reverse = guards.lost_reverse(note, old)
    raised = [guard for guard in (lost_cloze, moved_cloze, lost_reverse) if guard]
    return NoteChange(note.id, "changed", new, raised)


def _line(note: Note, content: str, guid: str, added: int, modified: int) -> LockedNote:
    clozes = hash_clozes(note.cloze) if note.form == "cloze" else {}
    return LockedNote(note.id, guid, content, added, modified, clozes, note.reverse)


def _retire(note: Note, old: LockedNote | None, now: int) -> NoteChange:
    if old is None:  # No student needs it: it may go without a word.
        return NoteChange(note.id, "same")
    if old.retired:
        return NoteChange(note.id, "same", old._replace(id=note.id))
    # The rest of the line stays as students have the note, in case it comes back.
    line = old._replace(id=note.id, modified=now, retired=note.retired)
    return NoteChange(note.id, "retired", line, search=f"Id:{old.id}")


def _replace(old: LockedNote, new: LockedNote, form: Guard, edition: Edition) -> NoteChange:
    """Students keep the old note as it is, and get the new one beside it."""
    line = new._replace(guid=_new_guid(f"{new.id}:{new.role}", edition), added=edition.now)
    spent = old._replace(id=f"{old.id}:{old.guid}", modified=edition.now, retired=f"was a {old.role}")
    search = f'(Id:{old.id} "note:{edition.types[old.role].name}")'
    return NoteChange(new.id, "new", line, [form], search, spent)


def _new_guid(seed: str, edition: Edition) -> str:
    """A GUID that no note of any edition has: an id that was given up may belong to another note now."""
    while (value := guid(edition.deck.id, seed)) in edition.guids:
        seed += "\0"
    return value

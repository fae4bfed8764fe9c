"""What has changed in the notes since the last edition, and the lines that the lock gets for them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

from hipdeck.deck.notes import Deck, Note
from hipdeck.editions import guards
from hipdeck.editions.guards import Guard
from hipdeck.editions.hashes import hash_clozes, hash_clozes_as_typed, hash_content, hash_fields, hash_heading
from hipdeck.editions.lock import NO_CLOZES, Lock, LockedNote
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
    """What becomes of a note that isn't as the last edition has it.

    'same' is one that makes no difference to students; so is 'reworded', which is written differently and looks the
    same. `line` is its line in the next lock, and `spent` the line of an old note that it replaces. `search` finds in
    Anki what students keep though no edition has it any more.
    """

    id: str
    what: Literal["new", "changed", "retired", "gone", "same", "reworded"]
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
        content = hash_content(fields, edition.deck)
        if old and fields.pictures and not old.fields and old.content == _content_with_crlf(fields, edition.deck):
            old = old._replace(content=content)
        may_be_same = old and not (former or old.retired or note.retired or note.id in reissued)
        if old and may_be_same and old.fields and old.content == content:
            # What is written as the last edition has it raises no guard either.
            lines[note.id] = old
            continue
        shown = hash_fields(fields.values, fields.tags)
        if old and may_be_same and (content == old.content or shown == old.fields):
            changes.append(_unchanged(fields, old, content, shown))
            continue
        changes.append(_compare_note(fields, old, content, shown, edition))
    return lines, changes


def find_restyled(notes: Iterable[Fields], lines: Mapping[str, LockedNote]) -> dict[str, LockedNote]:
    """The notes that are written as their lines in the lock have it and look different, since hipdeck does.

    Returns a line for each, by id, with the hashes of how it's made now.
    """
    restyled = {}
    for fields in notes:
        line = lines[fields.note.id]
        shown = hash_fields(fields.values, fields.tags)
        if shown != line.fields:
            new = _line(fields, line.content, shown, line.guid, line.added, line.modified)
            restyled[line.id] = new._replace(dropped=line.dropped, line=line.line)
    return restyled


def _content_with_crlf(fields: Fields, deck: Deck) -> str:
    """The hash of what the author wrote as a lock of format 1 may have it, which took SVGs as git checked them out."""
    pictures = tuple(picture._replace(sha256=picture.sha256_with_crlf()) for picture in fields.pictures)
    return hash_content(fields._replace(pictures=pictures), deck)


def _unchanged(fields: Fields, old: LockedNote, content: str, shown: str) -> NoteChange:
    """A note that students needn't get again, with a line in the next lock that has its hashes as they are now."""
    # If one of its hashes wasn't known, the lock is an old one, or was lost.
    what: Literal["same", "reworded"] = "reworded" if old.fields and old.content else "same"
    line = _line(fields, content, shown, old.guid, old.added, old.modified)
    return NoteChange(fields.note.id, what, line._replace(dropped=old.dropped, line=old.line))


def _compare_note(fields: Fields, old: LockedNote | None, content: str, shown: str, edition: Edition) -> NoteChange:
    """Compare a note of the deck with its line in the lock, if it has one. `content` and `shown` are its hashes."""
    note = fields.note
    if note.retired:
        return _retire(note, old, edition.now)
    if old is None:
        new = _line(fields, content, shown, _new_guid(note.id, edition), edition.now, edition.now)
        return NoteChange(note.id, "new", new)
    new = _line(fields, content, shown, old.guid, old.added, edition.now)
    form = guards.changed_form(note, old, new)
    if form and form.key in edition.accepted:
        return _replace(old, new, form, edition)
    if form:
        return NoteChange(note.id, "changed", new, [form])
    clozes = new.clozes if old.fields or not new.clozes else hash_clozes_as_typed(note.cloze)
    dropped = {**old.dropped, **old.clozes}
    new = new._replace(dropped={number: text for number, text in dropped.items() if number not in clozes} or NO_CLOZES)
    lost_cloze = guards.lost_cloze(note, old.clozes, clozes)
    moved_cloze = None if lost_cloze else guards.moved_cloze(note, old.clozes, clozes)
    lost_reverse = guards.lost_reverse(note, old)
    reused = guards.reused_note(note, old, new, clozes)
    raised = [guard for guard in (lost_cloze, moved_cloze, lost_reverse, reused) if guard]
    return NoteChange(note.id, "changed", new, raised)


def _line(fields: Fields, content: str, shown: str, guid: str, added: int, modified: int) -> LockedNote:
    note = fields.note
    clozes = hash_clozes(fields.values) if note.form == "cloze" else NO_CLOZES
    heading = hash_heading(fields.values)
    return LockedNote(note.id, guid, content, shown, heading, added, modified, clozes, reverse=note.reverse)


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

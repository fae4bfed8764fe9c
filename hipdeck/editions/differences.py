"""What importing a deck would change for a student who has an earlier package of it.

If Anki already has a note, it replaces all of it, fields and tags, when the package's modification time is newer.
Otherwise it leaves the note alone, as it does if the note has another note type
(rslib/src/import_export/package/apkg/import/notes.rs).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from hipdeck.editions.field_changes import MOST_PAIRS, FieldChange, change_field
from hipdeck.editions.hashes import hash_schema
from hipdeck.package.contents import Contents, PackagedNote
from hipdeck.package.reader import ReadNote, ReadPackage, text_of
from hipdeck.render.cloze import gaps

_MOST_PAIRS_OF_ALL = 10_000_000


@dataclass(frozen=True)
class NoteChange:
    """What would happen to one note.

    `reason` is why it was retired. `is_back` is whether the package doesn't have it, though editions before that did;
    what it said there isn't known.
    """

    id: str
    section: str
    heading: str
    fields: Sequence[FieldChange] = ()
    tags_out: Sequence[str] = ()
    tags_in: Sequence[str] = ()
    reason: str = ""
    is_back: bool = False


@dataclass(frozen=True)
class Difference:
    """What would happen to all notes.

    Those in `held_back` differ, but aren't newer, so Anki leaves them alone; those in `conflicting` have another note
    type, and it leaves them alone too.
    """

    new: Sequence[NoteChange]
    changed: Sequence[NoteChange]
    held_back: Sequence[NoteChange]
    conflicting: Sequence[NoteChange]
    retired: Sequence[NoteChange]
    gone: Sequence[NoteChange]
    unchanged: int

    @property
    def most_pairs(self) -> int:
        """How many pairs of words may be compared in each changed text; the fewer, the more texts there are."""
        texts = sum(len(field.texts) for change in [*self.changed, *self.held_back] for field in change.fields)
        return min(MOST_PAIRS, _MOST_PAIRS_OF_ALL // max(1, texts))


def compare(old: ReadPackage, contents: Contents, retired: Mapping[str, str]) -> Difference:
    """Compare the package that a student has with what would be imported.

    `retired` has the reasons why notes were retired, by their GUIDs.
    """
    new, changed, held_back, conflicting, unchanged = [], [], [], [], 0
    types = {type_.note_type.role: type_.note_type for type_ in contents.types}
    old_types = {type_.note_type.id: hash_schema(type_.note_type) for type_ in old.types}
    schemas = {role: (type_.id, hash_schema(type_)) for role, type_ in types.items()}
    names = {role: [field.name for field in type_.fields] for role, type_ in types.items()}
    released = _released(old)
    for note in contents.notes:
        role = note.fields.role
        fields = dict(zip(names[role], note.fields.values, strict=True))
        before = old.notes.get(note.guid)
        if before is None:
            if note.added <= released:
                changed.append(replace(_change(note), is_back=True))
            else:
                new.append(_compare(note, fields))
        elif schemas[role] != (before.type_id, old_types[before.type_id]):
            conflicting.append(_change(note))
        elif note.modified > before.modified:
            changed.append(_compare(note, fields, before))
        elif fields != before.fields or set(note.tags) != set(before.tags):
            held_back.append(_compare(note, fields, before))
        else:
            unchanged += 1
    guids = {note.guid for note in contents.notes}
    missing = {guid: _missing(note, retired.get(guid, "")) for guid, note in old.notes.items() if guid not in guids}
    return Difference(
        new,
        changed,
        held_back,
        conflicting,
        [change for guid, change in missing.items() if guid in retired],
        [change for guid, change in missing.items() if guid not in retired],
        unchanged,
    )


def _released(package: ReadPackage) -> int:
    """When a package was released, in seconds since 1970; of a draft, the time of its newest note.

    An older note that it doesn't have was retired before, so it's in the collection of whoever had an earlier edition.
    """
    released = package.label.get("released")
    return released if type(released) is int else max((note.modified for note in package.notes.values()), default=0)


def _change(packaged: PackagedNote) -> NoteChange:
    note = packaged.fields.note
    return NoteChange(note.id, note.section.path, _heading(note.heading))


def _compare(packaged: PackagedNote, fields: Mapping[str, str], old: ReadNote | None = None) -> NoteChange:
    """What changes in a note of the deck, with its new fields by name; `old` is the note as the student has it."""
    before, tags_before = (old.fields, set(old.tags)) if old else ({}, set())
    tags = set(packaged.tags)
    changes = [change_field(name, before.get(name, ""), fields[name], packaged.fields.note) for name in fields]
    return replace(
        _change(packaged),
        fields=[change for change in changes if change.before != change.after],
        tags_out=sorted(tags_before - tags),
        tags_in=sorted(tags - tags_before),
    )


def _missing(old: ReadNote, reason: str) -> NoteChange:
    """A note that isn't in the deck any more; `reason` is why it was retired, if it was."""
    fields = old.fields
    heading = _heading(text_of(fields.get("Question") or fields.get("Text", "")))
    return NoteChange(fields.get("Id", ""), fields.get("Section", ""), heading, reason=" ".join(reason.split()))


def _heading(text: str) -> str:
    """A question or a cloze on one line, without what it hides."""
    return re.sub(r"\s+", " ", gaps(text)).strip()

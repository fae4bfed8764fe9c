"""What importing a deck would change for a student who has an earlier package of it.

If Anki already has a note, it replaces all of it, fields and tags, when the package's modification time is newer.
Otherwise it leaves the note alone (rslib/src/import_export/package/apkg/import/notes.rs).
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from hipdeck.deck.texts import common_beginning
from hipdeck.package.contents import Contents, PackagedNote
from hipdeck.package.reader import ReadNote, ReadPackage, text_of
from hipdeck.render.cloze import gaps

Op = Literal["same", "out", "in"]
MOST_PAIRS = 250**2
"""Limit for the number of old words of a field times that of new words: comparing takes time that grows with it."""
_MOST_PAIRS_OF_ALL = 10_000_000


@dataclass(frozen=True)
class FieldChange:
    """A field whose text changes, with its text before and after."""

    name: str
    before: str
    after: str

    def words(self, most_pairs: int = MOST_PAIRS) -> Iterator[tuple[Op, str]]:
        """The change word by word: which words stay, which go, and which are new.

        Texts that are too long to compare go and come as a whole between the first and the last word that differ:
        those whose old words times their new ones are more than `most_pairs`.
        """
        old, new = (re.findall(r"\s+|\w+|[^\w\s]", text) for text in (self.before, self.after))
        start = common_beginning(old, new)
        end = common_beginning(old[start:][::-1], new[start:][::-1])
        inner_old, inner_new = old[start : len(old) - end], new[start : len(new) - end]
        yield from _words("same", old[:start])
        if len(inner_old) * len(inner_new) > most_pairs:
            opcodes = [("replace", 0, len(inner_old), 0, len(inner_new))]
        else:
            opcodes = list(difflib.SequenceMatcher(None, inner_old, inner_new, False).get_opcodes())
        for op, old_start, old_end, new_start, new_end in opcodes:
            yield from _words("same" if op == "equal" else "out", inner_old[old_start:old_end])
            if op != "equal":
                yield from _words("in", inner_new[new_start:new_end])
        yield from _words("same", old[len(old) - end :])


@dataclass(frozen=True)
class NoteChange:
    """What would happen to one note. `reason` is why it was retired."""

    id: str
    section: str
    heading: str
    fields: Sequence[FieldChange] = ()
    tags_out: Sequence[str] = ()
    tags_in: Sequence[str] = ()
    reason: str = ""


@dataclass(frozen=True)
class Difference:
    """What would happen to all notes. Those in `held_back` differ, but aren't newer, so Anki leaves them alone."""

    new: Sequence[NoteChange]
    changed: Sequence[NoteChange]
    held_back: Sequence[NoteChange]
    retired: Sequence[NoteChange]
    gone: Sequence[NoteChange]
    unchanged: int

    @property
    def most_pairs(self) -> int:
        """How many pairs of words may be compared in each changed field; the fewer, the more fields there are."""
        fields = sum(len(change.fields) for change in [*self.changed, *self.held_back])
        return min(MOST_PAIRS, _MOST_PAIRS_OF_ALL // max(1, fields))


def compare(old: ReadPackage, contents: Contents, retired: Mapping[str, str]) -> Difference:
    """Compare the package that a student has with what would be imported.

    `retired` has the reasons why notes were retired, by their GUIDs.
    """
    new, changed, held_back, unchanged = [], [], [], 0
    names = {type_.note_type.role: [field.name for field in type_.note_type.fields] for type_ in contents.types}
    for note in contents.notes:
        fields = dict(zip(names[note.fields.role], note.fields.values, strict=True))
        before = old.notes.get(note.guid)
        if before is None:
            new.append(_change(note, fields, None))
        elif note.modified > before.modified:
            changed.append(_change(note, fields, before))
        elif fields != before.fields or set(note.tags) != set(before.tags):
            held_back.append(_change(note, fields, before))
        else:
            unchanged += 1
    guids = {note.guid for note in contents.notes}
    missing = {guid: _missing(note, retired.get(guid, "")) for guid, note in old.notes.items() if guid not in guids}
    return Difference(
        new,
        changed,
        held_back,
        [change for guid, change in missing.items() if guid in retired],
        [change for guid, change in missing.items() if guid not in retired],
        unchanged,
    )


def _words(op: Op, words: Sequence[str]) -> Iterator[tuple[Op, str]]:
    if words:
        yield op, "".join(words)


def _change(packaged: PackagedNote, fields: Mapping[str, str], old: ReadNote | None) -> NoteChange:
    """What happens to a note of the deck, with its new fields by name; `old` is the note as the student has it."""
    note = packaged.fields.note
    old_fields, old_tags = (old.fields, set(old.tags)) if old else ({}, set())
    names = dict.fromkeys([*old_fields, *fields])
    changes = [FieldChange(name, text_of(old_fields.get(name, "")), text_of(fields.get(name, ""))) for name in names]
    return NoteChange(
        note.id,
        note.section.path,
        _heading(note.heading),
        [change for change in changes if change.before != change.after],
        sorted(old_tags - set(packaged.tags)),
        sorted(set(packaged.tags) - old_tags),
    )


def _missing(old: ReadNote, reason: str) -> NoteChange:
    """A note that isn't in the deck any more; `reason` is why it was retired, if it was."""
    fields = old.fields
    heading = _heading(text_of(fields.get("Question") or fields.get("Text", "")))
    return NoteChange(fields.get("Id", ""), fields.get("Section", ""), heading, reason=" ".join(reason.split()))


def _heading(text: str) -> str:
    """A question or a cloze on one line, without what it hides."""
    return re.sub(r"\s+", " ", gaps(text)).strip()

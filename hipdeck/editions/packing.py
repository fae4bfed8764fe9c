"""What goes into the package of an edition: the deck's notes, with the GUIDs and times that the lock has for them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from functools import cache

from hipdeck.deck.notes import Deck
from hipdeck.editions.dates import day, month
from hipdeck.editions.lock import Lock, LockedNote
from hipdeck.editions.lock_writer import edition_line
from hipdeck.package.contents import Contents, PackagedNote, PackagedType
from hipdeck.render.fields import Fields
from hipdeck.render.media import Picture
from hipdeck.render.note_types import note_types


def pack(deck: Deck, notes: Sequence[Fields], lock: Lock, draft: bool) -> Contents:
    """The contents of the package of the last edition in a lock, or of a draft.

    `notes` are those that it holds, in study order. `lock` has a line for each of them and for each note type. The
    deck's description ends with what it is, so that a student can say which edition they have.
    """
    types = note_types(deck.id, deck.name, deck.language)
    edition = None if draft else lock.last
    name = f"Edition {edition.number}, {day(edition.released)}" if edition else "Draft"
    line = edition_line(edition) if edition else {"draft": True}
    return Contents(
        deck_id=deck.id,
        deck_name=deck.name,
        description=f"{deck.description}\n\n{name}" if deck.description else "",
        types=[PackagedType(types[role], lock.types[role].modified) for role in sorted(types)],
        notes=[_pack_note(fields, deck.id, lock.notes[fields.note.id]) for fields in notes],
        pictures=used_pictures(notes),
        label=json.dumps({"deck": deck.id, **line}),
    )


def used_pictures(notes: Iterable[Fields]) -> list[Picture]:
    """The pictures that some notes use, each once, sorted by the name that they have in the package."""
    pictures = {picture.name: picture for fields in notes for picture in fields.pictures}
    return [pictures[name] for name in sorted(pictures)]


def _pack_note(fields: Fields, deck_id: str, locked: LockedNote) -> PackagedNote:
    tags = fields.tags
    if locked.modified != locked.added:
        tags = [*tags, _updated_tag(deck_id, locked.modified)]
    return PackagedNote(fields, locked.guid, tags, locked.added, locked.modified)


@cache
def _updated_tag(deck_id: str, modified: int) -> str:
    """The tag of a note that has changed since students first got it: it names the month of its last change."""
    return f"{deck_id}::updated::{month(modified)}"

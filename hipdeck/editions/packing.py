"""What goes into the package of an edition: the deck's notes, with the GUIDs and times that the lock has for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

from hipdeck.deck.notes import Deck
from hipdeck.editions.dates import month
from hipdeck.editions.lock import Lock, LockedNote
from hipdeck.package.contents import Contents, PackagedNote, PackagedType
from hipdeck.render.fields import Fields
from hipdeck.render.media import Picture
from hipdeck.render.note_types import note_types


def pack(deck: Deck, notes: Sequence[Fields], lock: Lock) -> Contents:
    """The contents of an edition's package.

    `notes` are those that it holds, in study order. `lock` has a line for each of them and for each note type.
    """
    types = note_types(deck.id, deck.name, deck.language)
    return Contents(
        deck_id=deck.id,
        deck_name=deck.name,
        description=deck.description,
        types=[PackagedType(types[role], lock.types[role].modified) for role in sorted(types)],
        notes=[_pack_note(fields, deck.id, lock.notes[fields.note.id]) for fields in notes],
        pictures=used_pictures(notes),
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

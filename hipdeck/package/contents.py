"""What goes into a package, as plain records: building them loads no library."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from hipdeck.render.fields import Fields
    from hipdeck.render.media import Picture
    from hipdeck.render.note_types import NoteType

COLLECTION = "collection.anki2"
"""The name of a package's entry for the collection, an sqlite database."""


class PackagedNote(NamedTuple):
    """A note with its GUID, all its tags, and its times in seconds since 1970 (UTC)."""

    fields: Fields
    guid: str
    tags: Sequence[str]
    added: int
    modified: int


class PackagedType(NamedTuple):
    """A note type and the time of its last change, in seconds since 1970 (UTC)."""

    note_type: NoteType
    modified: int


class Contents(NamedTuple):
    """All that goes into a package, the notes in study order. The description is plain text.

    `label` says which edition it is, for hipdeck alone: it's the comment of the zip file, which Anki doesn't read.
    """

    deck_id: str
    deck_name: str
    description: str
    types: Sequence[PackagedType]
    notes: Sequence[PackagedNote]
    pictures: Sequence[Picture]
    label: str = ""

"""The lock: what the editions of a deck have given to students, and when.

`deck.lock` stands next to `deck.yaml` and belongs in version control. Only `hipdeck release` writes it. It's in the
JSON Lines format, with a line for the deck, each edition, each note type, and each note, so that branches merge line by
line (`merge=union` in `.gitattributes`): of two lines for one thing, the newer counts, and all editions' lines do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from types import MappingProxyType
from typing import NamedTuple

from hipdeck.editions.dates import day

NAME = "deck.lock"
FORMAT = 2
"""The first format had no lines for editions, and no hashes of what cards show."""

NO_CLOZES: Mapping[str, str] = MappingProxyType({})


class LockedNote(NamedTuple):
    """A note as students have it. `added` and `modified` are seconds since 1970, UTC; `line` is its line in the lock.

    `content` is a hash of what the author wrote, `fields` of the fields and tags that it made; one that isn't known is
    empty. `heading` and `clozes` have hashes of words: the question's, and for each card number those that it hides.
    `dropped` has the same for card numbers that the note doesn't use any more. `retired` is the reason why the note is
    no longer in the deck, or nothing.
    """

    id: str
    guid: str
    content: str
    fields: str
    heading: str
    added: int
    modified: int
    clozes: Mapping[str, str] = NO_CLOZES
    dropped: Mapping[str, str] = NO_CLOZES
    reverse: bool = False
    retired: str = ""
    line: int = 0

    @property
    def role(self) -> str:
        """The role of its note type: 'cloze' or 'question'."""
        return "cloze" if self.clozes else "question"


class LockedType(NamedTuple):
    """A note type as students have it: a hash of all of it, one of its schema, and the time of its last change."""

    role: str
    content: str
    schema: str
    modified: int


class LockedEdition(NamedTuple):
    """An edition: its number, its time in seconds since 1970, UTC, and the version of hipdeck that made it.

    Branches can make editions of the same number. The version is empty if it isn't known.
    """

    number: int
    released: int
    hipdeck: str

    @property
    def label(self) -> str:
        """The edition as messages name it: 'edition 4 of 2026-11-25'."""
        return f"edition {self.number} of {day(self.released)}"


@dataclass(frozen=True)
class Lock:
    """What the editions so far have given to students. Before the first one, the deck's id is empty.

    `content` is a hash of the deck's description and study order; `modified` is the time of the deck's own line, which
    each edition writes anew. `times` is a hash of the notes' times, as the last edition left them; the one that's
    written is always a new one. `editions` are sorted.
    """

    deck_id: str = ""
    deck_name: str = ""
    content: str = ""
    modified: int = 0
    types: Mapping[str, LockedType] = field(default_factory=dict)
    notes: Mapping[str, LockedNote] = field(default_factory=dict)
    editions: tuple[LockedEdition, ...] = ()
    times: str = ""
    format: int = FORMAT

    @cached_property
    def newest(self) -> int:
        """The newest time in the lock, in seconds since 1970; 0 before the first edition."""
        times = [note.modified for note in self.notes.values()] + [type_.modified for type_ in self.types.values()]
        return max([self.modified, *times, *(edition.released for edition in self.editions)])

    @property
    def last(self) -> LockedEdition | None:
        """The last edition."""
        return self.editions[-1] if self.editions else None

    @cached_property
    def is_merged(self) -> bool:
        """Whether the lines of several branches were put together since: no edition has all of them."""
        return self.times not in ("", hash_times(self.notes.values()))


def hash_times(notes: Iterable[LockedNote]) -> str:
    """A hash of which notes there are, and when each was last changed."""
    return sha256("\n".join(sorted(f"{note.id} {note.modified}" for note in notes)).encode()).hexdigest()[:24]

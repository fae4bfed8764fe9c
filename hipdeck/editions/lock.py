"""The lock: what the editions of a deck have given to students, and when.

`deck.lock` stands next to `deck.yaml` and belongs in version control. Only `hipdeck release` writes it. It's in the
JSON Lines format, with a line for the deck, each note type, and each note, so that branches merge line by line
(`merge=union` in `.gitattributes`): of two lines for one thing, the newer counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import NamedTuple

NAME = "deck.lock"
FORMAT = 1

NO_CLOZES: Mapping[str, str] = MappingProxyType({})


class LockedNote(NamedTuple):
    """A note as students have it. `added` and `modified` are seconds since 1970, UTC; `line` is its line in the lock.

    `content` is a hash of what the author wrote, `clozes` has a hash of the hidden text for each card number, and
    `retired` is the reason why the note is no longer in the deck, or nothing.
    """

    id: str
    guid: str
    content: str
    added: int
    modified: int
    clozes: Mapping[str, str] = NO_CLOZES
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


@dataclass(frozen=True)
class Lock:
    """What the editions so far have given to students. Before the first one, the deck's id is empty.

    `content` is a hash of the deck's description and study order; `modified` is when the deck's own line last changed.
    """

    deck_id: str = ""
    deck_name: str = ""
    content: str = ""
    modified: int = 0
    types: Mapping[str, LockedType] = field(default_factory=dict)
    notes: Mapping[str, LockedNote] = field(default_factory=dict)

    @cached_property
    def newest(self) -> int:
        """The time of the last edition that changed anything, in seconds since 1970; 0 before the first one."""
        times = [note.modified for note in self.notes.values()] + [type_.modified for type_ in self.types.values()]
        return max([self.modified, *times])

"""The deck as its author means it: sections and notes, with defaults filled in and tags spelt out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from types import MappingProxyType
from typing import Literal, NamedTuple

from hipdeck.diagnostics import Place
from hipdeck.source.document import Document

KINDS = ("fact", "cue", "mistake")
RESERVED = ("kind", "updated")
"""Tags below the deck's own that hipdeck gives; no section and no author's tag may begin with them."""

EMPTY_WORDS = frozenset(
    ("a", "an", "the", "is", "are", "was", "were", "be", "do", "does", "did", "should", "s", "of", "what", "which")
)
"""Words that say nothing of what a text is about."""
NOTHING_ALLOWED: Mapping[str, str] = MappingProxyType({})

Form = Literal["question", "choices", "cloze"]

_PICTURE = re.compile(r"!\[[^\[\]]*\]\([^()]*\)|(?<=\])\([^()]*\)")  # and the address of a link
_SPACES = re.compile(r"\s+")
# Hyphens stay, and so do the signs that tell "2^3" from "2+3".
_ASCII = bytes(range(256)).lower().translate(bytes.maketrans(b".,;:!?\"'()[]{}*`\\", b" " * 17))
_PUNCTUATION = str.maketrans(dict.fromkeys(".,;:!?\"'()[]{}*`\\’“”„«»…–—", " "))


class Source(NamedTuple):
    """Where facts come from."""

    title: str
    author: str = ""
    year: str = ""
    url: str = ""


class Citation(NamedTuple):
    """A source's id, and the place in it (which may be empty)."""

    source: str
    locator: str


class Section(NamedTuple):
    """One YAML file. `path` is its path below the deck's folder, without the ending: `exercises/glute-bridge`."""

    path: str
    title: str
    document: Document
    kind: str = "fact"
    tags: tuple[str, ...] = ()
    citation: Citation | None = None


class Note(NamedTuple):
    """One note: its texts as typed (in NFC), with the section's defaults filled in.

    `tags` are the author's alone, in full ('hip-extensors::equipment::band'). A text that its form lacks is empty.
    """

    id: str
    form: Form
    section: Section
    index: int  # type: ignore[assignment]  # the name of a method that tuples have
    kind: str
    question: str = ""
    answer: str = ""
    choices: tuple[str, ...] = ()
    cloze: str = ""
    why: str = ""
    citation: Citation | None = None
    tags: tuple[str, ...] = ()
    reverse: bool = False
    allow: Mapping[str, str] = NOTHING_ALLOWED
    retired: str = ""
    """Why the note is in no edition any more; empty while it is."""
    was: str = ""
    """The id that the note had in earlier editions, where it had another."""

    @property
    def heading(self) -> str:
        """The text that stands for the note: its question or its cloze."""
        return self.cloze or self.question

    def at(self, *keys: str | int) -> Place:
        """The place of a value of this note in its file; without keys, of its id."""
        return self.section.document.at("notes", self.index, *(keys or ("id",)))

    def find(self, needle: str, *keys: str | int) -> Place:
        """The place of a part of one of this note's texts in its file."""
        return self.section.document.find(needle, "notes", self.index, *keys)

    def key_at(self, key: str) -> Place:
        """The place of one of this note's keys in its file."""
        return self.section.document.key_at("notes", self.index, key)


@dataclass(frozen=True)
class Deck:
    """The whole deck, its notes in study order. Where deck.yaml has errors it has no document, and sources of None."""

    id: str
    name: str
    document: Document | None
    description: str = ""
    sources: Mapping[str, Source] | None = field(default_factory=dict)
    sections: tuple[Section, ...] = ()
    notes: tuple[Note, ...] = ()

    def tags(self, note: Note) -> list[str]:
        """All tags of a note as Anki stores them: its section's, its kind's and its author's, each once, sorted."""
        return sorted({*_given_tags(self.id, note.section.path, note.kind), *note.tags})

    @cached_property
    def gists(self) -> tuple[int, ...]:
        """A hash of the words of each note's question or cloze, in whatever order and less the empty ones.

        In the order of `notes`. Where two notes differ in it, they do not ask the same.
        """
        return tuple([hash(frozenset(words(note.heading)) - EMPTY_WORDS) for note in self.notes])

    def section_tag(self, section: Section) -> str:
        """The tag of a section: the deck's id and the section's path."""
        return _section_tag(self.id, section.path)


def words(text: str) -> list[str]:
    """The words of a text, without capital letters and punctuation."""
    if text.isascii():
        # The same, but bytes are translated several times as fast, and this reads every question.
        return text.encode().translate(_ASCII).decode().split()
    return text.casefold().translate(_PUNCTUATION).split()


def prose(text: str) -> str:
    """A text without its pictures and the addresses of its links."""
    return _PICTURE.sub("", text) if "](" in text else text


def _section_tag(deck_id: str, path: str) -> str:
    return full_tag(deck_id, path.replace("/", "::"))


@cache
def _given_tags(deck_id: str, path: str, kind: str) -> tuple[str, str]:
    """The tags that hipdeck gives to each note of a kind in a section."""
    return _section_tag(deck_id, path), f"{deck_id}::kind::{kind}"


@cache
def full_tag(deck_id: str, tag: str) -> str:
    """A tag below the deck's own, as Anki keeps it: in NFC, with a hyphen for each run of white space."""
    parts = [_SPACES.sub("-", part.strip()) for part in unicodedata.normalize("NFC", tag).split("::")]
    return "::".join([deck_id, *parts])

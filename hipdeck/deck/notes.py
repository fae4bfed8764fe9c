"""The deck as its author means it: sections and notes, with defaults filled in and tags written in full."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import Literal, NamedTuple

from hipdeck.diagnostics import Place
from hipdeck.source.document import Document

KINDS = ("fact", "cue", "mistake")
RESERVED = ("kind", "updated")
"""The first parts of tags that hipdeck itself gives to notes; no section and no author's tag may begin with them."""

NOTHING_ALLOWED: Mapping[str, str] = MappingProxyType({})

Form = Literal["question", "choices", "cloze"]

_SPACES = re.compile(r"\s+")


class Source(NamedTuple):
    """Where facts come from."""

    title: str
    author: str = ""
    year: str = ""
    url: str = ""


class Citation(NamedTuple):
    """A source's id and the place in that source, which may be empty."""

    source: str
    locator: str


class Section(NamedTuple):
    """One YAML file. `path` is its path in the deck's folder, without the ending: `exercises/glute-bridge`.

    `kind`, `tags` and `citation` are the defaults of its notes, and `allow` waives warnings about any of them.
    """

    path: str
    title: str
    document: Document
    kind: str = "fact"
    tags: tuple[str, ...] = ()
    citation: Citation | None = None
    allow: Mapping[str, str] = NOTHING_ALLOWED

    def at(self, *keys: str | int) -> Place:
        """The place of a value in the section's file; without keys, the beginning of the file."""
        return self.document.at(*keys)


class Note(NamedTuple):
    """One note: its texts as typed (in NFC), with the section's defaults filled in.

    A text that its form doesn't have is empty. `index` is the note's position in its file, from 0.
    """

    id: str
    form: Form
    section: Section
    index: int  # type: ignore[assignment]  # a tuple has a method of this name
    kind: str
    question: str = ""
    answer: str = ""
    choices: tuple[str, ...] = ()
    cloze: str = ""
    why: str = ""
    citation: Citation | None = None
    own_source: bool = False
    """Whether the citation is written in the note itself, not above the notes of its file."""
    tags: tuple[str, ...] = ()
    """The author's tags in full, the section's first, each once: 'hip-extensors::equipment::band'."""
    own_tags: tuple[str, ...] = ()
    """The tags written in the note itself, in full, in the order of its file."""
    reverse: bool = False
    allow: Mapping[str, str] = NOTHING_ALLOWED
    retired: str = ""
    """Why the note is no longer in the deck; empty while it is."""
    was: str = ""
    """The id that the note had in earlier editions, if it had another."""

    @property
    def heading(self) -> str:
        """The text that stands for the note: its question or its cloze."""
        return self.cloze or self.question

    def at(self, *keys: str | int) -> Place:
        """The place of one of this note's values in its file; without keys, of its id."""
        return self.section.document.at("notes", self.index, *(keys or ("id",)))

    def find(self, needle: str, *keys: str | int) -> Place:
        """The place of a part of one of this note's texts in its file."""
        return self.section.document.find(needle, "notes", self.index, *keys)

    def key_at(self, *keys: str | int) -> Place:
        """The place of one of this note's keys in its file."""
        return self.section.document.key_at("notes", self.index, *keys)

    def heading_place(self) -> Place:
        """The place of the note's question or cloze."""
        return self.at("cloze" if self.form == "cloze" else "question")

    def source_place(self) -> Place:
        """Where the note's source is written: in the note, or above the notes of its file."""
        return self.at("source") if self.own_source else self.section.at("source")

    def tag_place(self, tag: str) -> Place:
        """Where a tag, or the first one below it, is written: in the note, or above the notes of its file.

        `tag` is in full.
        """
        for place_of, tags in ((self.at, self.own_tags), (self.section.at, self.section.tags)):
            for index, written in enumerate(tags):
                if f"{written}::".startswith(f"{tag}::"):
                    return place_of("tags", index)
        return self.at()


@dataclass(frozen=True)
class Deck:
    """The whole deck, its notes in study order. If deck.yaml has errors, `document` and `sources` are None.

    `language` is a BCP 47 tag, or empty if deck.yaml names none, which means English. `allow` waives warnings about any
    note.
    """

    id: str
    name: str
    document: Document | None
    description: str = ""
    sources: Mapping[str, Source] | None = field(default_factory=dict)
    sections: tuple[Section, ...] = ()
    notes: tuple[Note, ...] = ()
    language: str = ""
    allow: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_english(self) -> bool:
        """Whether the deck is in English, of whatever country. If deck.yaml has errors, it may be in any language."""
        return self.document is not None and self.language.partition("-")[0].lower() in ("", "en")

    def tags(self, note: Note) -> list[str]:
        """All tags of a note as Anki stores them: its section's, its kind's and its author's, each once, sorted."""
        return sorted({*_automatic_tags(self.id, note.section.path, note.kind), *note.tags})

    def section_tag(self, section: Section) -> str:
        """The tag of a section: the deck's id and the section's path."""
        return _section_tag(self.id, section.path)


def _section_tag(deck_id: str, path: str) -> str:
    return full_tag(deck_id, path.replace("/", "::"))


@cache
def _automatic_tags(deck_id: str, path: str, kind: str) -> tuple[str, str]:
    """The tags that hipdeck gives to every note of a kind in a section."""
    return _section_tag(deck_id, path), f"{deck_id}::kind::{kind}"


@cache
def full_tag(deck_id: str, tag: str) -> str:
    """A tag in full, below the deck's own, as Anki keeps it: in NFC, with a hyphen for each run of white space."""
    parts = [_SPACES.sub("-", part.strip()) for part in unicodedata.normalize("NFC", tag).split("::")]
    return "::".join([deck_id, *parts])

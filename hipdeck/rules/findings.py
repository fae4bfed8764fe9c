"""What a rule for good cards takes and returns.

A finding becomes a warning that its note can waive: `allow: {code: reason}`. The finding doesn't know its rule's code;
`catalog` gives each rule its code.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from types import MappingProxyType
from typing import NamedTuple

from hipdeck.deck.notes import Note
from hipdeck.diagnostics import Key, Place
from hipdeck.render.media import Picture
from hipdeck.rules.words import EMPTY_WORDS, words

_MARKS = b"\\<&$~\t^={\n[]*_"
# Strong text as most of it is written: between spaces or punctuation, with words at both its ends.
_STRONG = re.compile(r"\*\*(?<![\w*/\\]\*\*)(\w(?:[^*_`\\\n\0]*\w)?)\*\*(?![\w*/])")


class ActiveNotes(tuple[Note, ...]):
    """The notes of a deck that aren't retired, in study order."""

    pictures: Mapping[str, Iterable[Picture]] = MappingProxyType({})
    """The pictures of each note that has some, by the note's id."""

    empty_words: frozenset[str]
    """Words of the deck's language that don't tell what a text is about, as far as they are known."""

    def __new__(cls, notes: Iterable[Note], is_english: bool = True) -> ActiveNotes:
        """The notes of a deck, and whether the deck is in English."""
        self = super().__new__(cls, notes)
        self.empty_words = EMPTY_WORDS if is_english else frozenset()
        return self

    @cached_property
    def gists(self) -> tuple[int, ...]:
        """For each note, a hash of the words of its question or cloze, in any order and without the empty ones.

        Two notes with different gists don't ask the same thing.
        """
        empty_words = self.empty_words
        return tuple([hash(frozenset(words(note.heading)) - empty_words) for note in self])

    @cached_property
    def marked(self) -> tuple[tuple[Note, str], ...]:
        """The notes with a sign that means something in some notation, or with a character beyond ASCII.

        Each comes with all its texts in one, so that a single search looks through them; NULs stand between them. The
        stars of ordinary strong text are left out.
        """
        # One after the other: the texts of a large deck take 50 MB.
        joined = ("\0".join((note.question, note.answer, note.cloze, note.why, *note.choices)) for note in self)
        stripped = (_STRONG.sub(r"\1", text) if "**" in text else text for text in joined)
        pairs = zip(self, stripped, strict=True)
        return tuple([pair for pair in pairs if _is_marked(pair[1])])


class Finding(NamedTuple):
    """A note that a rule warns about, the place in its file, what is wrong, and what to do."""

    note: Note
    place: Place
    message: str
    hint: str


def _is_marked(text: str) -> bool:
    # Looking through bytes is several times as fast, and this reads every text.
    return not text.isascii() or len(text.encode().translate(None, _MARKS)) < len(text)


def texts(note: Note) -> Iterator[tuple[tuple[Key, ...], str]]:
    """A note's texts that its cards show, each with the keys that lead to it in the note."""
    for key in ("question", "answer", "cloze", "why"):
        if text := getattr(note, key):
            yield (key,), text
    for index, choice in enumerate(note.choices):
        yield ("choices", index), choice


Rule = Callable[[ActiveNotes], Iterable[Finding]]
"""A rule for good cards. Its docstring is its manual, and docs/rules.md prints it."""

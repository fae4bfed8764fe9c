"""What the author wrote, as hashes: by them the lock knows what has changed since the last edition.

None of them covers the HTML that is made of it, so that a better renderer re-dates nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

from hipdeck.deck.notes import Deck, Source
from hipdeck.render.cloze import parse_clozes
from hipdeck.render.fields import Fields
from hipdeck.render.note_types import NoteType

_NO_SOURCE = Source("")


def of_note(one: Fields, deck: Deck) -> str:
    """A note: its form, texts, source, kind, section title and tags, and the bytes of its pictures; not its id."""
    note = one.note
    citation = note.citation
    source = (deck.sources or {}).get(citation.source, _NO_SOURCE) if citation else _NO_SOURCE
    # The lists end with an empty text, which none of them holds.
    return _hash(
        (
            *(note.form, note.question, note.answer, note.cloze, note.why),
            *(citation.locator if citation else "", *source),
            *(note.kind, note.section.title, "reverse" if note.reverse else ""),
            *(*[picture.sha256 for picture in one.pictures], ""),
            *(*sorted(note.choices), ""),
            *one.tags,
        )
    )


def of_clozes(one: Fields) -> dict[str, str]:
    """The card numbers of a cloze note, each with a hash of the text that its card hides."""
    texts: dict[str, list[str]] = {}
    for cloze in parse_clozes(one.note.cloze)[0]:
        for number in cloze.numbers:
            texts.setdefault(str(number), []).append(cloze.inner.split("::")[0])
    return {number: _hash(texts[number])[:8] for number in sorted(texts, key=int)}


def of_deck(deck: Deck, order: Iterable[str]) -> str:
    """What belongs to no note: the description, and the order of study."""
    return _hash([deck.description, *order])


def of_schema(note_type: NoteType) -> str:
    """Which fields and templates a note type has, in which order: what may never change."""
    return _hash([*(str(one.id) for one in note_type.fields), "", *(str(one.id) for one in note_type.templates)])


def of_type(note_type: NoteType) -> str:
    """All that students see of a note type: its names, its templates and its style sheet."""
    sides = [text for one in note_type.templates for text in (one.name, one.front, one.back)]
    return _hash([note_type.name, *(one.name for one in note_type.fields), "", *sides, note_type.css])


def _hash(texts: Iterable[str]) -> str:
    # No text holds a NUL: the source files are looked through for it.
    return sha256("\0".join(texts).encode()).hexdigest()[:24]

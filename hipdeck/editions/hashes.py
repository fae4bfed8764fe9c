"""Hashes of what the author wrote: the lock keeps them, to see what has changed since the last edition.

None of them covers the HTML made from it, so a better renderer re-dates no note.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

from hipdeck.deck.notes import Deck, Source
from hipdeck.render.cloze import parse_clozes
from hipdeck.render.fields import Fields
from hipdeck.render.note_types import NoteType

_NO_SOURCE = Source("")


def hash_note(fields: Fields, deck: Deck) -> str:
    """A note: its form, texts, source, kind, section title, tags, and the bytes of its pictures; not its id."""
    note = fields.note
    citation = note.citation
    source = (deck.sources or {}).get(citation.source, _NO_SOURCE) if citation else _NO_SOURCE
    # The lists end with an empty text, which none of them holds.
    return _hash(
        (
            *(note.form, note.question, note.answer, note.cloze, note.why),
            *(citation.locator if citation else "", *source),
            *(note.kind, note.section.title, "reverse" if note.reverse else ""),
            *(*[picture.sha256 for picture in fields.pictures], ""),
            *(*sorted(note.choices), ""),
            *fields.tags,
        )
    )


def hash_clozes(cloze: str) -> dict[str, str]:
    """The card numbers of a cloze, each with a hash of the text that its card hides."""
    texts: dict[str, list[str]] = {}
    for gap in parse_clozes(cloze)[0]:
        for number in gap.numbers:
            texts.setdefault(str(number), []).append(gap.inner.split("::")[0])
    return {number: _hash(texts[number])[:8] for number in sorted(texts, key=int)}


def hash_deck(deck: Deck) -> str:
    """What belongs to no note: the deck's description, and the study order."""
    return _hash([deck.description, *(note.id for note in deck.notes if not note.retired)])


def hash_schema(note_type: NoteType) -> str:
    """The fields and templates of a note type and their order, which may never change."""
    ids = [*(str(field.id) for field in note_type.fields), "", *(str(template.id) for template in note_type.templates)]
    return _hash(ids)


def hash_type(note_type: NoteType) -> str:
    """All that students see of a note type: its names, templates and style sheet."""
    sides = [text for template in note_type.templates for text in (template.name, template.front, template.back)]
    return _hash([note_type.name, *(field.name for field in note_type.fields), "", *sides, note_type.css])


def _hash(texts: Iterable[str]) -> str:
    # No text holds a NUL: source files that do are refused.
    return sha256("\0".join(texts).encode()).hexdigest()[:24]

"""Hashes that the lock keeps, to see what has changed since the last edition.

Of each note there are two: of what the author wrote, and of the fields that came of it. Only a note for which both
differ has changed. So neither does white space that nobody sees change a note, nor a better renderer.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from hashlib import sha256

from hipdeck.deck.notes import Deck, Source
from hipdeck.render.cloze import GAP, parse_clozes
from hipdeck.render.fields import Fields
from hipdeck.render.note_types import NoteType

_NO_SOURCE = Source("")
_PICTURE = re.compile(r'<img src="([^"<>]*)"[^<>]*>')
_EMPHASIS = re.compile(r"</?(?:strong|em|del|code|a|span|wbr)\b[^<>]*>")
_TAG = re.compile(r"<[^<>]*>")
_WORD = re.compile(r"\w+")


def hash_content(fields: Fields, deck: Deck) -> str:
    """What the author wrote: form, texts, source, kind, section title, tags, and the bytes of pictures; not the id."""
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


def hash_fields(values: Sequence[str], tags: Iterable[str]) -> str:
    """What students see: field values in the order of the note type, and tags.

    Anki doesn't tell apart tags that differ only in capital letters.
    """
    return _hash((*values, _fold_tags(tuple(tags))))


@lru_cache(1000)  # notes next to each other share their tags; those of a large deck would take 30 MB
def _fold_tags(tags: tuple[str, ...]) -> str:
    return " ".join(sorted(tag.casefold() for tag in tags))


def hash_heading(values: Sequence[str]) -> str:
    """The words of a note's question or cloze, from its field values: what tells it from another note."""
    return _hash_words(_without_clozes(values[1]))


def hash_clozes(values: Sequence[str]) -> dict[str, str]:
    """The card numbers of a cloze note, each with a hash of the words that its card hides.

    They come from its field values. Emphasis, capitals and punctuation make no difference.
    """
    texts: dict[str, list[str]] = {}
    for gap in parse_clozes(values[1])[0]:
        for number in gap.numbers:
            texts.setdefault(str(number), []).append(_without_clozes(gap.inner).split("::")[0])
    return {number: _hash_words("\n".join(texts[number])) for number in sorted(texts, key=int)}


def hash_clozes_as_typed(cloze: str) -> dict[str, str]:
    """The card numbers of a cloze, each with a hash of the text that its card hides: as locks of format 1 have it."""
    texts: dict[str, list[str]] = {}
    for gap in parse_clozes(cloze)[0]:
        for number in gap.numbers:
            texts.setdefault(str(number), []).append(gap.inner.split("::")[0])
    return {number: _hash(texts[number])[:8] for number in sorted(texts, key=int)}


def _without_clozes(text: str) -> str:
    """HTML with the hidden text in place of each cloze, the inner ones first."""
    while (inner := GAP.sub(r"\2", text)) != text:
        text = inner
    return text


def _hash_words(text: str) -> str:
    """A hash of the words in some HTML, a picture being a word; without any, of its signs."""
    text = html.unescape(_TAG.sub(" ", _EMPHASIS.sub("", _PICTURE.sub(r" \1 ", text))))
    return _hash(_WORD.findall(text.casefold()) or text.split())[:8]


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

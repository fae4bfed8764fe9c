"""What students' collections keep of a deck forever: GUIDs, ids, note types, fields and card templates.

Anki matches what it imports with what it has by these values. Changing one forks the collection of every student who
has the deck, so everything here is final; `tests/frozen/note_types.json` pins it. Spare fields leave room for more.
Only the text of the templates and the style sheet may change; `template_files` reads those.
"""

from __future__ import annotations

import base64
import hashlib
from typing import NamedTuple

from hipdeck.render.template_files import template_file

_FIRST_ID = 1_000_000_000_000
_IDS = 600_000_000_000
_SPARE = ("Extra 1", "Extra 2", "Extra 3")


class Template(NamedTuple):
    """A card template: its name, and the HTML of both sides in Anki's template language."""

    name: str
    id: int
    front: str
    back: str


class Field(NamedTuple):
    """A field: its name, and the id by which Anki 23.10 and later recognizes it after it was renamed."""

    name: str
    id: int


class NoteType(NamedTuple):
    """A note type of one deck. `sort_field` is the index of the field that Anki's browser shows and sorts by."""

    role: str
    id: int
    name: str
    cloze: bool
    fields: tuple[Field, ...]
    templates: tuple[Template, ...]
    css: str
    sort_field: int = 1


def guid(deck_id: str, note_id: str) -> str:
    """A note's GUID: 16 characters that depend on the deck's id and the note's id, and on nothing else."""
    digest = hashlib.sha256(f"hipdeck\0{deck_id}\0{note_id}".encode()).digest()
    return base64.urlsafe_b64encode(digest)[:16].decode()


def stable_id(deck_id: str, role: str) -> int:
    """The id of a deck, or of one of its note types, fields or templates: 13 digits like Anki's own, in the past."""
    digest = hashlib.sha256(f"hipdeck\0{deck_id}\0{role}".encode()).digest()
    return _FIRST_ID + int.from_bytes(digest[:8], "big") % _IDS


def note_types(deck_id: str, deck_name: str, language: str = "") -> dict[str, NoteType]:
    """The two note types of a deck, by role: 'question' and 'cloze'.

    `language` is the BCP 47 tag of the author's texts, if it's known: by it, a screen reader finds the right voice, and
    a browser the right form of a Chinese or Japanese character.
    """
    question = ("Id", "Question", "Answer", "Choices", "Why", "Source", "Section", "Kind", "Reverse", *_SPARE)
    cloze = ("Id", "Text", "Why", "Source", "Section", "Kind", *_SPARE)
    return {
        "question": _note_type(deck_id, deck_name, "question", question, ("Question", "Reverse"), language),
        "cloze": _note_type(deck_id, deck_name, "cloze", cloze, ("Cloze",), language),
    }


def _note_type(
    deck_id: str, deck_name: str, role: str, fields: tuple[str, ...], templates: tuple[str, ...], language: str
) -> NoteType:
    return NoteType(
        role=role,
        id=stable_id(deck_id, f"note type {role}"),
        name=f"{deck_name} ({role})",
        cloze=role == "cloze",
        fields=tuple(Field(name, stable_id(deck_id, f"field {role} {name}")) for name in fields),
        templates=tuple(
            Template(
                name,
                stable_id(deck_id, f"template {role} {name}"),
                _in_language(template_file(f"{name.lower()}-front.html"), language),
                _in_language(template_file(f"{name.lower()}-back.html"), language),
            )
            for name in templates
        ),
        css=template_file("card.css"),
    )


def _in_language(template: str, language: str) -> str:
    """A template that names the language of each of the author's texts, which it marks by their direction."""
    return template.replace(' dir="auto"', f' dir="auto" lang="{language}"') if language else template

"""A deck as one HTML page: every card as Anki shows it, with what is wrong beside it.

A card cannot act in the page: a policy allows no script and no style but the page's own and no request at all, and the
page's script lets through only the elements that Markdown and the card templates make.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from hipdeck import disk
from hipdeck.deck.notes import KINDS, Deck, Note, Section
from hipdeck.diagnostics import Diagnostic, HipdeckError, printable
from hipdeck.render.cards import render
from hipdeck.render.fields import Fields
from hipdeck.render.media import Picture
from hipdeck.render.note_types import note_types, with_choices

_Key = tuple[str, int]  # a note's section and its index there

_PLACEHOLDER = re.compile(r"\{\{(\w+)\}\}")
_SCRIPT = re.compile(r"<script>.*?</script>", re.DOTALL)
_TYPES = {
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
}


def page(deck: Deck, fields: Sequence[Fields], diagnostics: Sequence[Diagnostic], version: str = "") -> str:
    """The whole page, which needs no other file.

    A page with a version loads itself again when its server tells of another one. Raises HipdeckError where a picture
    is gone since it was checked.
    """
    by_note, others = _by_note(deck, fields, diagnostics)
    types = note_types(deck.id, deck.name)
    data: dict[str, Any] = {
        "css": types["question"].css,
        "kinds": KINDS,
        "tags": sorted({_short(deck, tag) for one in fields for tag in one.note.tags}),
        "sections": [{"path": section.path, "title": section.title} for section in deck.sections],
        "cards": _cards(deck, fields, by_note),
        "pictures": _pictures(picture for one in fields for picture in one.pictures),
        "diagnostics": [_told(one) for one in others],
        "version": version,
    }
    style, script = _file("page.css"), _file("page.js")
    policy = {
        "default-src": "'none'",
        "script-src": _hash(script),
        "style-src": _hash(style),
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
        **({"connect-src": "'self'"} if version else {}),
    }
    parts = {
        "policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "title": html.escape(deck.name or "Preview"),
        "style": style,
        "script": script,
        "data": _json(data),
    }
    return _PLACEHOLDER.sub(lambda found: parts[found[1]], _file("page.html"))


def write(text: str, path: Path) -> None:
    """Write a page; whatever happens, the file is the old page or the new one.

    Raises HipdeckError where the folder or the file cannot be written.
    """
    hint = "check that you may write to the folder and that the disk has room; -o names another"
    with disk.replacing(hint) as drafts:
        drafts.draft(path).write_text(text, encoding="utf-8", newline="\n")


def _cards(deck: Deck, fields: Sequence[Fields], by_note: dict[_Key, list[Diagnostic]]) -> list[dict[str, Any]]:
    types = note_types(deck.id, deck.name)
    sections = {section.path: number for number, section in enumerate(deck.sections)}
    cards = []
    taken: set[str] = set()
    for one in fields:
        note, place = one.note, one.note.at()
        told = [_told(found) for found in by_note.get(_key(note), [])]
        for ordinal in one.ordinals:
            card = render(types[one.role], one.values, ordinal)
            cards.append(
                {
                    "address": _address(one, ordinal, taken),
                    "section": sections[note.section.path],
                    "kind": note.kind,
                    "tags": [_short(deck, tag) for tag in note.tags],
                    "place": printable(f"{place.path}:{place.line}"),
                    # The page runs the script of the choices itself.
                    "front": _SCRIPT.sub("", card.front),
                    "back": _SCRIPT.sub("", card.back),
                    "diagnostics": told,
                }
            )
    return cards


def _address(fields: Fields, ordinal: int, taken: set[str]) -> str:
    """The card's own: the note's id, and what tells the card from the note's first. An id holds no colon."""
    address = fields.note.id
    if ordinal != fields.ordinals[0]:
        address += f":c{ordinal + 1}" if fields.role == "cloze" else ":reversed"
    while address in taken:  # an id that is in use twice is an error, and both notes are shown
        address += ":again"
    taken.add(address)
    return address


def _by_note(
    deck: Deck, fields: Sequence[Fields], diagnostics: Sequence[Diagnostic]
) -> tuple[dict[_Key, list[Diagnostic]], list[Diagnostic]]:
    """The diagnostics of each note that is shown, and all others."""
    shown = {_key(one.note) for one in fields if one.ordinals}
    files = {section.document.path: (section.path, _starts(section)) for section in deck.sections}
    by_note: dict[_Key, list[Diagnostic]] = {}
    others = []
    for one in diagnostics:
        path, starts = files.get(one.place.path, ("", []))
        key = path, bisect_right(starts, (one.place.line, one.place.column)) - 1
        if key in shown:
            by_note.setdefault(key, []).append(one)
        else:
            others.append(one)
    return by_note, others


def _key(note: Note) -> _Key:
    return note.section.path, note.index


def _starts(section: Section) -> list[tuple[int, int]]:
    """Where each note of a section file begins, shown or not."""
    document = section.document
    places = [document.at("notes", index) for index in range(len(document.value["notes"]))]
    return [(place.line, place.column) for place in places]


def _short(deck: Deck, tag: str) -> str:
    return tag.removeprefix(f"{deck.id}::")


def _told(one: Diagnostic) -> dict[str, str]:
    place = f"{one.place.path}:{one.place.line}:{one.place.column}"
    told = {"severity": one.severity, "code": one.code, "message": one.message, "hint": one.hint}
    return {key: printable(value) for key, value in {**told, "consequence": one.consequence, "place": place}.items()}


def _pictures(pictures: Iterable[Picture]) -> dict[str, str]:
    """Each picture's content as an address, by its name in the package."""
    found = {}
    for picture in dict.fromkeys(pictures):
        try:
            content = base64.b64encode(picture.path.read_bytes()).decode()
        except OSError as problem:  # it was there a moment ago
            raise HipdeckError(f"cannot read {picture.path}: {problem.strerror or problem}", "try again") from None
        found[picture.name] = f"data:{_TYPES[picture.path.suffix.lower()]};base64,{content}"
    return found


def _json(data: Any) -> str:
    """JSON that ends no script element, whatever the cards say."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def _file(name: str) -> str:
    return with_choices(Path(__file__).with_name(name).read_text(encoding="utf-8"))


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"

"""What the page knows of a deck: its cards, pictures and diagnostics, as values that become JSON."""

from __future__ import annotations

import base64
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from hipdeck.console import printable
from hipdeck.deck.notes import KINDS, Deck, Note
from hipdeck.diagnostics import Diagnostic, HipdeckError, Place
from hipdeck.render.cards import render_card
from hipdeck.render.fields import Fields
from hipdeck.render.media import Picture
from hipdeck.render.note_types import note_types

_Key = tuple[str, int]  # a note's section and its index there

LARGEST_PAGE = 20_000_000
"""Characters of all cards on the page; what comes after them is left out, and the page says so."""
_SCRIPT = re.compile(r"<script>.*?</script>", re.DOTALL)
_MEDIA_TYPES = {
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
}


def page_data(deck: Deck, notes: Sequence[Fields], diagnostics: Sequence[Diagnostic], version: str) -> dict[str, Any]:
    """All that the page shows. Raises HipdeckError if a picture has vanished since it was checked."""
    by_note, others = _by_note(notes, diagnostics)
    cards = list(_cards(deck, notes, by_note))
    return {
        "css": note_types(deck.id, deck.name)["question"].css,
        "kinds": KINDS,
        "tags": sorted({_short(deck, tag) for fields in notes for tag in fields.note.tags}),
        "sections": [{"path": section.path, "title": section.title} for section in deck.sections],
        "cards": cards,
        "left_out": sum(len(fields.ordinals) for fields in notes) - len(cards),
        "pictures": _pictures(picture for fields in notes for picture in fields.pictures),
        "diagnostics": [_diagnostic(diagnostic) for diagnostic in others],
        "version": version,
    }


def _cards(deck: Deck, notes: Sequence[Fields], by_note: dict[_Key, list[Diagnostic]]) -> Iterator[dict[str, Any]]:
    """The cards in study order, as many as fit on the page."""
    types = note_types(deck.id, deck.name, deck.language)
    sections = {section.path: number for number, section in enumerate(deck.sections)}
    addresses: Counter[str] = Counter()
    size = 0
    for fields in notes:
        note = fields.note
        place = note.at()
        of_note = {
            "section": sections[note.section.path],
            "kind": note.kind,
            "tags": [_short(deck, tag) for tag in note.tags],
            "place": printable(f"{place.path}:{place.line}"),
            "diagnostics": [_diagnostic(diagnostic) for diagnostic in by_note.get(_key(note), [])],
        }
        size_of_note = len(str(of_note))
        for ordinal in fields.ordinals:
            card = render_card(types[fields.role], fields.values, ordinal)
            # The page runs the script of the choices itself.
            sides = {"front": _SCRIPT.sub("", card.front), "back": _SCRIPT.sub("", card.back)}
            size += size_of_note + len(card.front) + len(card.back)
            if size > LARGEST_PAGE:
                return
            yield {"address": _address(fields, ordinal, addresses), **of_note, **sides}


def _address(fields: Fields, ordinal: int, addresses: Counter[str]) -> str:
    """A card's address: the note's id, and for its further cards what tells them from the first. An id has no colon."""
    address = fields.note.id
    if ordinal != fields.ordinals[0]:
        address += f":c{ordinal + 1}" if fields.role == "cloze" else ":reversed"
    addresses[address] += 1
    times = addresses[address]  # an id that's used twice is an error, and both notes are shown
    return address if times == 1 else f"{address}:again{times - 1 if times > 2 else ''}"


def _key(note: Note) -> _Key:
    return note.section.path, note.index


class _Span(NamedTuple):
    """Where a note begins in its file and where the next one does, as line and column; the last one has no end."""

    start: tuple[int, int]
    end: tuple[int, int] | None
    key: _Key


def _by_note(
    notes: Sequence[Fields], diagnostics: Sequence[Diagnostic]
) -> tuple[dict[_Key, list[Diagnostic]], list[Diagnostic]]:
    """The diagnostics of each note that has cards, and all others."""
    spans: dict[str, list[_Span]] = {diagnostic.place.path: [] for diagnostic in diagnostics}
    for fields in notes:
        path = fields.note.section.document.path
        if fields.ordinals and path in spans:
            spans[path].append(_span(fields.note))
    by_note: dict[_Key, list[Diagnostic]] = {}
    others = []
    for diagnostic in diagnostics:
        span = _span_around(diagnostic.place, spans[diagnostic.place.path])
        if span:
            by_note.setdefault(span.key, []).append(diagnostic)
        else:
            others.append(diagnostic)
    return by_note, others


def _span(note: Note) -> _Span:
    document = note.section.document
    start = document.at("notes", note.index)
    # After the last note, this is the place of the list itself, which comes before all notes.
    end = document.at("notes", note.index + 1)
    return _Span(_position(start), _position(end) if end > start else None, _key(note))


def _span_around(place: Place, spans: Sequence[_Span]) -> _Span | None:
    """The span that a place is in, out of those of its file in their order."""
    position = _position(place)
    index = bisect_right(spans, position, key=lambda span: span.start) - 1
    if index < 0 or ((end := spans[index].end) and position >= end):
        return None
    return spans[index]


def _position(place: Place) -> tuple[int, int]:
    return place.line, place.column


def _short(deck: Deck, tag: str) -> str:
    return tag.removeprefix(f"{deck.id}::")


def _diagnostic(diagnostic: Diagnostic) -> dict[str, str]:
    place = diagnostic.place
    values = {
        "severity": diagnostic.severity,
        "code": diagnostic.code,
        "message": diagnostic.message,
        "hint": diagnostic.hint,
        "consequence": diagnostic.consequence,
        "place": f"{place.path}:{place.line}:{place.column}",
    }
    return {key: printable(value) for key, value in values.items()}


def _pictures(pictures: Iterable[Picture]) -> dict[str, str]:
    """Each picture's content as a data address, by its name in the package."""
    addresses = {}
    for picture in dict.fromkeys(pictures):
        try:
            content = base64.b64encode(picture.read()).decode()
        except OSError as problem:  # it was there a moment ago
            raise HipdeckError(f"cannot read {picture.path}: {problem.strerror or problem}", "try again") from None
        addresses[picture.name] = f"data:{_MEDIA_TYPES[picture.path.suffix.lower()]};base64,{content}"
    return addresses

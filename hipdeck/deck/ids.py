"""Ids for the notes that have none, made from their questions and put into the files without touching another byte."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, count, islice
from pathlib import Path
from typing import Any, NamedTuple

from hipdeck import disk
from hipdeck.deck.deck_file import missing_deck_file
from hipdeck.deck.documents import first_mistakes, parse_document
from hipdeck.deck.explanations import MISSING_ID
from hipdeck.deck.forms import has_key
from hipdeck.deck.slugs import note_slug
from hipdeck.deck.validation import validate, validate_note
from hipdeck.diagnostics import MOST_MISTAKES, Diagnostic, Place, error, in_order
from hipdeck.source import folder
from hipdeck.source.characters import LINE_BREAK
from hipdeck.source.document import Document

_BOM = "\ufeff"
# Words that some version of YAML reads as something other than text.
_NO_TEXT = re.compile(r"true|false|null|yes|no|on|off|y|n|\d+e\d+")
_ID = re.compile(rb"\b(?:id|was)[\"']?:[ \t]*[\"']?([a-z0-9-]+)")
_SPACE = re.compile(r"[ \t\r\n]*")


@dataclass(frozen=True)
class Change:
    """A file that gets ids: its text before and after, with every line end and byte order mark as it was; the ids.

    `edits` are the lines of the text before, counted from 0, that are written anew, each with how many lines are added.
    """

    path: str
    before: str
    after: str
    ids: Sequence[str]
    edits: Mapping[int, int]


@dataclass(frozen=True)
class NewIds:
    """The files that change, and what's wrong with notes that can't get an id. `files` is how many were read."""

    changes: Sequence[Change]
    diagnostics: Sequence[Diagnostic]
    files: int


class _Insertion(NamedTuple):
    """A text, and where it goes: an offset in characters, not counting a byte order mark."""

    offset: int
    text: str


def make_ids(cards: Path, spent: Collection[str] = ()) -> NewIds:
    """Make ids for all notes of a folder that have none; nothing is written yet.

    `spent` are ids that notes of earlier editions have: students' progress belongs to them. The same folder gets the
    same ids. A note that's written wrongly gets an error instead of an id, and so does a file that YAML reads otherwise
    than its author meant. Raises HipdeckError if there is no folder.
    """
    folder.require(cards)
    if not folder.is_there(cards / folder.DECK):
        return NewIds([], [missing_deck_file(cards)], 0)
    files, problems = folder.section_files(cards)
    documents = []
    taken = _Taken(spent)
    for relative in files.values():
        data, document_problems = folder.read(cards, relative)
        if data is not None:
            document, document_problems = parse_document(folder.shown(cards, relative), data)
            if document and not document_problems:
                documents.append((document, data.decode()))
            taken.ids.update(_ids(document) if document else _ids_in_text(data))
        problems += document_problems
    changes = []
    for document, before in documents:
        ids, id_problems = _new_ids(document, taken)
        problems += first_mistakes(document, id_problems)
        if ids:
            after, edits = _with_ids(before, document, ids)
            changes.append(Change(document.path, before, after, [*ids.values()], edits))
    return NewIds(changes, in_order(problems), len(files))


def write(changes: Iterable[Change]) -> None:
    """Write the changed files, all of them or none, with the permissions that they have.

    Raises HipdeckError if one can't be written.
    """
    with disk.replacing("check that you may write to the deck's folder and that the disk has room") as drafts:
        for change in changes:
            path = Path(change.path)
            drafts.draft(path).write_bytes(change.after.encode())
            if not os.access(path, os.W_OK):
                raise PermissionError(None, "it is write-protected")


def _notes(document: Document) -> dict[int, dict[str, Any]]:
    """The notes of a section by their indexes; whatever isn't a mapping is left out."""
    value = document.value
    notes = value.get("notes") if isinstance(value, dict) else None
    return {index: entry for index, entry in enumerate(notes or ()) if isinstance(entry, dict)}


def _ids(document: Document) -> set[str]:
    """Every id that a note has, or had in earlier editions."""
    entries = _notes(document).values()
    return {entry[key] for entry in entries for key in ("was", "id") if isinstance(entry.get(key), str)}


def _ids_in_text(data: bytes) -> set[str]:
    """Whatever may be an id in a file that can't be read, so that no other note gets it in the meantime."""
    return {word.decode() for word in _ID.findall(data)}


def _new_ids(document: Document, taken: _Taken) -> tuple[dict[int, str], list[Diagnostic]]:
    """Ids for the notes of a document, by their index, which are added to `taken`; and errors, as many as are named."""
    notes = _notes(document)
    problems = _problems_outside(document, notes)
    ids: dict[int, str] = {}
    for index, entry in notes.items():
        text = next((entry[key] for key in ("question", "cloze") if _is_filled(entry.get(key))), "")
        if entry.get("id") == "" or ("id" not in entry and (not text or has_key(entry, "id"))):
            if len(problems) <= MOST_MISTAKES:
                problems += _problems_of(document, index, entry, text)
        elif "id" not in entry:
            ids[index] = taken.free(note_slug(text))
    return ids, problems


def _is_filled(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


class _Taken:
    """The ids that notes have, had, or are given."""

    def __init__(self, spent: Iterable[str]) -> None:
        self.ids = set(spent)
        self.numbers: dict[str, Iterator[int]] = {}

    def free(self, slug: str) -> str:
        """The slug, or if another note has it, with a number; without a word, just a number. It's taken from now on."""
        id_ = slug
        if not slug or slug in self.ids:
            # Where the last one stopped: thousands of notes may ask the same thing.
            numbers = self.numbers.setdefault(slug, count(2 if slug else 1))
            id_ = next(id_ for number in numbers if (id_ := f"{slug or 'note'}-{number}") not in self.ids)
        self.ids.add(id_)
        return id_


def _problems_outside(document: Document, notes: Collection[int]) -> list[Diagnostic]:
    """What's wrong with the shape of a section that has no list of notes, or with the entries that aren't notes."""
    value = document.value
    shape = validate(document, "section")
    if isinstance(value, dict) and isinstance(value.get("notes"), list):
        others = (index for index in range(len(value["notes"])) if index not in notes)
        shape = chain.from_iterable(validate_note(document, index) for index in others)
    return [one.diagnostic for one in islice(shape, MOST_MISTAKES + 1)]


def _problems_of(document: Document, index: int, entry: Mapping[str, Any], text: str) -> list[Diagnostic]:
    """What's wrong with a note that can't get an id; `text` is what it would be made from."""
    shape = list(islice(validate_note(document, index), MOST_MISTAKES + 1))
    if "id" in entry:
        return [one.diagnostic for one in shape if one.path[2:] == ("id",)]
    problems = [one.diagnostic for one in shape if one.diagnostic.code != MISSING_ID]
    return problems if problems or text else [_no_words(document.at("notes", index))]


def _no_words(place: Place) -> Diagnostic:
    message = "this note has neither a question nor a cloze to make an id from"
    return error("no-words", place, message, "write its question first")


def _with_ids(text: str, document: Document, ids: Mapping[int, str]) -> tuple[str, dict[int, int]]:
    """The text of a file with an id put into each note that gets one, and the edits that `Change` holds."""
    mark = _BOM if text.startswith(_BOM) else ""
    body = text.removeprefix(_BOM)
    parts, end, line = [mark], 0, 0
    edits: dict[int, int] = {}
    for index, id_ in ids.items():
        for offset, inserted in _insertions(body, document, index, id_):
            line += len(LINE_BREAK.findall(body, end, offset))
            edits[line] = edits.get(line, 0) + len(LINE_BREAK.findall(inserted))
            parts += [body[end:offset], inserted]
            end = offset
    return "".join([*parts, body[end:]]), edits


def _first_in_braces(body: str, start: int, pair: str) -> _Insertion:
    """What makes a pair the first one in braces; `start` is the offset after the opening one."""
    end = _SPACE.match(body, start).end()  # type: ignore[union-attr]  # it matches nothing, too
    if body[end] == "#":  # a comment before the first key
        return _Insertion(start, f"{pair}, " if end == start else f"{pair},")
    *_, line_break = ["", *LINE_BREAK.findall(body, start, end)]
    indent = body[max(start, body.rfind("\n", start, end) + 1, body.rfind("\r", start, end) + 1) : end]
    return _Insertion(end, f"{pair},{line_break or ' '}{indent if line_break else ''}")


def _insertions(body: str, document: Document, index: int, id_: str) -> list[_Insertion]:
    """What a note gets: a line before its first key, or, inside braces, an entry before the first."""
    path = ("notes", index)
    start = document.offset(*path)
    first_key = document.key_offset(*path, next(iter(document.value["notes"][index])))
    value = f'"{id_}"' if _NO_TEXT.fullmatch(id_) else id_
    # A note that's written as JSON stays JSON.
    pair = f'"id": "{id_}"' if body[first_key] == '"' else f"id: {value}"
    unbraced_end = document.unbraced_end(*path)
    if unbraced_end is not None:
        return [_Insertion(start, f"{{{pair}, "), _Insertion(unbraced_end, "}")]
    if body[start] == "{":
        return [_first_in_braces(body, start + 1, pair)]
    ending = LINE_BREAK.search(body, start) or LINE_BREAK.search(body)
    newline = ending[0] if ending else "\n"
    return [_Insertion(start, f"id: {value}{newline}{' ' * (document.at(*path).column - 1)}")]

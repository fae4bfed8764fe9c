"""Ids for the notes that have none, made of their questions and put into the files without touching another byte."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from hipdeck import disk
from hipdeck.deck.loader import no_deck, understand
from hipdeck.deck.slugs import note_slug
from hipdeck.deck.validation import Finding, means, validate
from hipdeck.diagnostics import Diagnostic, Place, error, in_order
from hipdeck.source import folder
from hipdeck.source.characters import LINE_BREAK
from hipdeck.source.document import Document

_BOM = "\ufeff"
# Words that YAML, in one of its versions, takes for something other than text.
_NO_TEXT = re.compile(r"true|false|null|yes|no|on|off|y|n|\d+e\d+")
_TO_FIRST_KEY = re.compile(r"[ \t]*(?:(?:[ \t]*(?P<break>\r\n?|\n))+(?P<indent>[ \t]*))?(?![\s#])")
"""The space between a brace and the first key; a comment there is no such space."""


@dataclass(frozen=True)
class Change:
    """A file that gets ids: its text before and after, both with every line end and mark as it is; and the ids."""

    path: str
    before: str
    after: str
    ids: Sequence[str]


@dataclass(frozen=True)
class Given:
    """What giving ids comes to: the files that change, or, in their place, the errors that are in the way."""

    changes: Sequence[Change]
    diagnostics: Sequence[Diagnostic]
    files: int


class _Insertion(NamedTuple):
    offset: int
    text: str


def give(cards: Path) -> Given:
    """Ids for all notes of a folder that have none; nothing is written yet.

    The same folder gives the same ids. Where one id cannot be given, or a file is not what its author meant it to be,
    there are errors and no change. Raises HipdeckError where there is no folder.
    """
    folder.require(cards)
    if not (cards / folder.DECK).exists():
        return Given([], [no_deck(cards)], 0)
    found, problems = folder.section_files(cards)
    documents = []
    for relative in found.values():
        data, document_problems = folder.read(cards, relative)
        problems += document_problems
        if data is None:
            continue
        document, document_problems = understand(folder.shown(cards, relative), data)
        problems += document_problems
        if document:
            documents.append((document, data.decode()))
    taken = {id_: place for document, _ in documents for id_, place in _ids(document)}
    changes = []
    for document, before in documents:
        given, given_problems = _new_ids(document, taken)
        problems += given_problems
        if given and not problems:
            changes.append(Change(document.path, before, _with_ids(before, document, given), [*given.values()]))
    return Given([] if problems else changes, in_order(problems), len(found))


def write(changes: Iterable[Change]) -> None:
    """Write the changed files, all of them or none, with the permissions that they have.

    Raises HipdeckError if one can't be written.
    """
    with disk.replacing("check that you may write to the deck's folder and that the disk has room") as drafts:
        for change in changes:
            # Through a link, so that the link stays one.
            path = Path(change.path).resolve()
            drafts.draft(path).write_bytes(change.after.encode())
            if not os.access(path, os.W_OK):
                raise PermissionError(None, "it is write-protected")


def _notes(document: Document) -> list[tuple[int, dict[str, Any]]]:
    """The notes of a section and their indexes; what is no mapping is left out."""
    value = document.value
    notes = value.get("notes") if isinstance(value, dict) else None
    return [(index, entry) for index, entry in enumerate(notes or ()) if isinstance(entry, dict)]


def _ids(document: Document) -> list[tuple[str, Place]]:
    """Every id that a note has, or had in earlier editions."""
    return [
        (entry[key], document.at("notes", index, key))
        for index, entry in _notes(document)
        for key in ("was", "id")
        if isinstance(entry.get(key), str)
    ]


def _new_ids(document: Document, taken: dict[str, Place]) -> tuple[dict[int, str], list[Diagnostic]]:
    """Ids for the notes of a document, by their index; `taken` grows by them."""
    notes = dict(_notes(document))
    listed = isinstance(document.value, dict) and isinstance(document.value.get("notes"), list)
    findings: dict[int, list[Finding]] = {}
    problems: list[Diagnostic] = []
    for finding in validate(document, "section"):
        index = finding.path[1] if finding.path[:1] == ("notes",) and len(finding.path) > 1 else None
        if index in notes:
            if finding.diagnostic.code != "missing-key":
                findings.setdefault(int(index or 0), []).append(finding)
        elif index is not None or not listed:
            # What is no note, or no list of notes, cannot be said to have all its ids.
            problems.append(finding.diagnostic)
    given: dict[int, str] = {}
    for index, entry in notes.items():
        own = findings.get(index, [])
        key = next((key for key in ("question", "cloze") if isinstance(entry.get(key), str) and entry[key].strip()), "")
        id_ = note_slug(entry[key]) if key else ""
        if "id" in entry:
            problems += [one.diagnostic for one in own if one.path[2:] == ("id",) and one.diagnostic.code == "empty"]
        elif means(entry, "id") or (own and not key):
            problems += [one.diagnostic for one in own]
        elif not id_:
            problems.append(_no_words(document, index, key))
        elif id_ in taken:
            problems.append(_taken(document.at("notes", index), id_, taken[id_]))
        else:
            given[index] = id_
            taken[id_] = document.at("notes", index)
    return given, problems


def _no_words(document: Document, index: int, key: str) -> Diagnostic:
    if not key:
        message = "this note has neither a question nor a cloze to make an id of"
        return error("no-words", document.at("notes", index), message, "write its question first")
    message = f"no word of this {key} can stand in an id"
    hint = "write one yourself, of lower-case letters from a to z and digits: id: …"
    return error("no-words", document.at("notes", index, key), message, hint)


def _taken(place: Place, id_: str, other: Place) -> Diagnostic:
    message = f"the id of this note would be '{id_}', which the note at {other.path}:{other.line} has"
    hint = "ask more exactly, or give one of the two an id of your own: id: …"
    return error("id-taken", place, message, hint)


def _with_ids(text: str, document: Document, given: dict[int, str]) -> str:
    """The text of a file with an id put into each note that gets one."""
    mark = _BOM if text.startswith(_BOM) else ""
    body = text.removeprefix(_BOM)
    lines = [0, *(found.end() for found in LINE_BREAK.finditer(body))]
    insertions: list[_Insertion] = []
    for index, id_ in given.items():
        insertions += _insertions(body, lines, document, index, id_)
    parts, done = [mark], 0
    for offset, inserted in insertions:
        parts += [body[done:offset], inserted]
        done = offset
    return "".join([*parts, body[done:]])


def _insertions(body: str, lines: list[int], document: Document, index: int, id_: str) -> list[_Insertion]:
    """What a note's file gets: a line before the first key, or, within braces, an entry before the first."""

    def offset(place: Place) -> int:
        return lines[place.line - 1] + place.column - 1

    path = ("notes", index)
    place = document.at(*path)
    start = offset(place)
    first_key = offset(document.key_at(*path, next(iter(document.value["notes"][index]))))
    value = f'"{id_}"' if _NO_TEXT.fullmatch(id_) else id_
    # A note that is written as JSON stays JSON.
    pair = f'"id": "{id_}"' if body[first_key] == '"' else f"id: {value}"
    if path in document.unbraced:
        return [_Insertion(start, f"{{{pair}, "), _Insertion(offset(document.unbraced[path]), "}")]
    if body[start] == "{":
        space = _TO_FIRST_KEY.match(body, start + 1)
        if not space:
            return [_Insertion(start + 1, f"{pair}, " if body[start + 1] == "#" else f"{pair},")]
        return [_Insertion(space.end(), f"{pair},{space['break'] or ' '}{space['indent'] or ''}")]
    ending = LINE_BREAK.search(body, start) or LINE_BREAK.search(body)
    newline = ending[0] if ending else "\n"
    return [_Insertion(start, f"id: {value}{newline}{' ' * (place.column - 1)}")]

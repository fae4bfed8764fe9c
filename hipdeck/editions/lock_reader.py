"""Reads a lock, and names every line that can't be trusted."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from operator import itemgetter
from pathlib import Path
from typing import Any

from hipdeck.diagnostics import Diagnostic, Place, error
from hipdeck.editions.lock import FORMAT, NAME, NO_CLOZES, Lock, LockedNote, LockedType
from hipdeck.source import folder

LARGEST = 512 * 2**20
"""Bytes of the largest lock that is read; a note takes some 200."""

LATEST = 253_402_300_799
"""The last second of the year 9999."""

_CONFLICT_MARKERS = ("<<<<<<<", "=======", ">>>>>>>", "|||||||")

_decode = json.JSONDecoder().raw_decode
_is_guid = re.compile(r"[\w-]{16}", re.ASCII).fullmatch
_deck_values = itemgetter("deck", "format", "name", "content", "modified")
_type_values = itemgetter("type", "content", "schema", "modified")
_note_values = itemgetter("id", "guid", "content", "added", "modified")

_Line = Lock | LockedType | LockedNote


class _NewerFormatError(Exception):
    """The lock has a format that this hipdeck doesn't know."""


class _Lines:
    """The lines of a lock by what they're about. Of two lines for one thing, the newer counts."""

    def __init__(self) -> None:
        self.deck: dict[str, Lock] = {}
        self.types: dict[str, LockedType] = {}
        self.notes: dict[str, LockedNote] = {}

    def add(self, line: _Line) -> None:
        """Add a line, unless there's a newer one for the same thing."""
        if isinstance(line, LockedNote):
            _keep_newer(self.notes, line.id, line)
        elif isinstance(line, LockedType):
            _keep_newer(self.types, line.role, line)
        else:
            _keep_newer(self.deck, "", line)


def read_lock(cards: Path) -> tuple[Lock, list[Diagnostic]]:
    """Read the lock of a deck's folder.

    Returns the lock, empty if there is none yet, and an error for each line that can't be trusted; with errors, the
    lock is empty too.
    """
    if not folder.is_there(cards / NAME):
        return Lock(), []
    data, problems = folder.read(cards, NAME, LARGEST)
    if data is None:
        return Lock(), problems
    path = folder.shown(cards, NAME)
    lines, problems = _read_lines(data, path)
    if not problems and not lines.deck:
        problems = [_damaged(path, 1)]
    if problems:
        return Lock(), problems
    return replace(lines.deck[""], types=lines.types, notes=_one_per_guid(lines.notes)), []


def _read_lines(data: bytes, path: str) -> tuple[_Lines, list[Diagnostic]]:
    """The lines of a lock, and the errors in them. `path` is the lock's, as messages name it."""
    lines = _Lines()
    problems = []
    for number, text in _numbered(data):
        if text.startswith(_CONFLICT_MARKERS):
            hint = "delete the lines that git put in, keep all others: of two lines for one note the newer counts"
            return lines, [error("lock-conflict", Place(path, number), "a merge conflict was left in the lock", hint)]
        try:
            # Faster by a third than `json.loads`, which looks for white space around each line once more.
            value, end = _decode(text)
            if end != len(text):
                raise ValueError
            lines.add(_parse_line(value, number))
        except _NewerFormatError:
            hint = "update hipdeck: pip install --upgrade hipdeck"
            return lines, [error("lock-newer", Place(path, number), "a newer hipdeck wrote this lock", hint)]
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            problems.append(_damaged(path, number))
    return lines, problems


def _numbered(data: bytes) -> Iterator[tuple[int, str]]:
    """The lines that aren't empty, with their numbers: one by one, since the lock of a large deck has some 20 MB."""
    for number, line in enumerate(io.TextIOWrapper(io.BytesIO(data), "utf-8", "replace", newline="\n"), 1):
        text = line.strip(" \t\r\n")
        if text:
            yield number, text


def _keep_newer(lines: dict[str, Any], name: str, line: _Line) -> None:
    first = lines.setdefault(name, line)
    # If both are of the same second, it doesn't matter which one counts, as long as it's the same everywhere.
    if first is not line and _rank(line) > _rank(first):
        lines[name] = line


def _rank(line: _Line) -> tuple[int, str]:
    return line.modified, repr(line._replace(line=0) if isinstance(line, LockedNote) else line)


def _one_per_guid(notes: dict[str, LockedNote]) -> dict[str, LockedNote]:
    """One note for each GUID: if one branch has renamed a note that another has kept, the newer line counts."""
    if len({note.guid for note in notes.values()}) == len(notes):
        return notes
    by_guid = {note.guid: note for note in sorted(notes.values(), key=lambda note: (note.modified, note.id))}
    return {id_: note for id_, note in notes.items() if by_guid[note.guid] is note}


def _damaged(path: str, number: int) -> Diagnostic:
    hint = f"bring it back from version control: git checkout -- {path}"
    return error("lock-damaged", Place(path, number), "this line of the lock is damaged", hint)


def _parse_line(value: dict[str, Any], number: int) -> _Line:
    """A line of the lock, from its value and its number.

    Raises ValueError, KeyError, TypeError or AttributeError if the value isn't such a line, and _NewerFormatError for a
    later format.
    """
    if "id" in value:
        return _parse_note(value, number)
    if "type" in value:
        return _parse_type(value)
    return _parse_deck(value)


def _parse_deck(value: dict[str, Any]) -> Lock:
    if type(value.get("format")) is int and value["format"] > FORMAT:
        raise _NewerFormatError
    deck_id, format_, name, content, modified = _deck_values(value)
    if not (type(deck_id) is type(name) is type(content) is str and _is_time(modified)):
        raise ValueError
    if type(format_) is not int or format_ < 1:
        raise ValueError
    return Lock(deck_id, name, content, modified)


def _parse_type(value: dict[str, Any]) -> LockedType:
    role, content, schema, modified = _type_values(value)
    if not (type(role) is type(content) is type(schema) is str and _is_time(modified)):
        raise ValueError
    return LockedType(role, content, schema, modified)


def _parse_note(value: dict[str, Any], number: int) -> LockedNote:
    id_, guid, content, added, modified = _note_values(value)
    if not (type(id_) is type(guid) is type(content) is str and _is_guid(guid)):
        raise ValueError
    # Spelled out: there is a line for each note, and a call takes as long as both comparisons.
    if not (type(added) is type(modified) is int and 0 < added <= LATEST and 0 < modified <= LATEST):
        raise ValueError
    if len(value) == 5:  # as most are
        return LockedNote(id_, guid, content, added, modified, NO_CLOZES, False, "", number)
    clozes, reverse, retired = value.get("clozes", NO_CLOZES), value.get("reverse", False), value.get("retired", "")
    if not (type(reverse) is bool and type(retired) is str and all(type(text) is str for text in clozes.values())):
        raise ValueError
    return LockedNote(id_, guid, content, added, modified, clozes, reverse, retired, number)


def _is_time(value: object) -> bool:
    return type(value) is int and 0 < value <= LATEST

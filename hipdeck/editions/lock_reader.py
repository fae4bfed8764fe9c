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

from hipdeck.diagnostics import MOST_MISTAKES, Diagnostic, Place, error
from hipdeck.editions.lock import FORMAT, NAME, NO_CLOZES, Lock, LockedEdition, LockedNote, LockedType
from hipdeck.source import folder

LARGEST = 512 * 2**20
"""Bytes of the largest lock that is read; a note takes some 200."""

LATEST = 253_402_300_799
"""The last second of the year 9999."""

_MOST_EDITIONS = 1_000_000

_CONFLICT_MARKERS = ("<<<<<<<", "=======", ">>>>>>>", "|||||||")

_decode = json.JSONDecoder().raw_decode
_is_guid = re.compile(r"[\w-]{16}", re.ASCII).fullmatch
_deck_values = itemgetter("deck", "format", "name", "content", "modified")
_type_values = itemgetter("type", "content", "schema", "modified")
_edition_values = itemgetter("edition", "released", "hipdeck")
_note_values = itemgetter("id", "guid", "content", "fields", "heading", "added", "modified")

_Line = Lock | LockedType | LockedNote


class _NewerFormatError(Exception):
    """The lock has a format that this hipdeck doesn't know."""


class _Lines:
    """The lines of a lock by what they're about. Of two lines for one thing, the newer counts."""

    def __init__(self) -> None:
        self.decks: dict[str, Lock] = {}
        self.types: dict[str, LockedType] = {}
        self.notes: dict[str, LockedNote] = {}
        self.editions: set[LockedEdition] = set()
        self.times: dict[int, int] = {}
        """Each time that notes have, once: an edition gives thousands of them the same."""

    def add(self, value: dict[str, Any], number: int) -> None:
        """Add the line with this value and number, unless there's a newer one for the same thing.

        Raises ValueError, KeyError, TypeError or AttributeError if the value isn't such a line, and _NewerFormatError
        for a later format.
        """
        if "id" in value:
            note = _parse_note(value, number, self.times)
            if self.notes.setdefault(note.id, note) is not note:
                self.notes[note.id] = newer_note(self.notes[note.id], note)
        elif "edition" in value:
            self.editions.add(parse_edition(value))
        elif "type" in value:
            type_ = _parse_type(value)
            self.types[type_.role] = max(self.types.get(type_.role, type_), type_, key=_rank)
        else:
            deck = _parse_deck(value)
            self.decks[""] = max(self.decks.get("", deck), deck, key=_rank)

    def lock(self) -> Lock:
        """The lock that the lines make. There must be a line for the deck."""
        lock = replace(self.decks[""], types=self.types, notes=one_per_guid(self.notes))
        if lock.format == 1 and not self.editions:
            # The first format didn't count editions.
            self.editions.add(LockedEdition(1, lock.newest, ""))
        return replace(lock, editions=tuple(sorted(self.editions)))


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
    return parse_lock(data, folder.shown(cards, NAME))


def parse_lock(data: bytes, path: str) -> tuple[Lock, list[Diagnostic]]:
    """Read a lock's bytes, with the same results as `read_lock`. `path` is the lock's, as messages name it."""
    lines = _Lines()
    problems = []
    for number, text in _numbered(data):
        if text.startswith(_CONFLICT_MARKERS):
            hint = "delete the lines that git put in, keep all others: of two lines for one note the newer counts"
            problem = error("lock-conflict", Place(path, number), "a merge conflict was left in the lock", hint)
            return Lock(), [problem]
        try:
            # Faster by a third than `json.loads`, which looks for white space around each line once more.
            value, end = _decode(text)
            if end != len(text):
                raise ValueError
            lines.add(value, number)
        except _NewerFormatError:
            hint = "update hipdeck: pip install --upgrade hipdeck"
            return Lock(), [error("lock-newer", Place(path, number), "a newer hipdeck wrote this lock", hint)]
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            problems.append(_damaged(path, number))
            if len(problems) > MOST_MISTAKES:
                message = f"this lock has more than {MOST_MISTAKES} damaged lines"
                problems[-1] = error("too-many", Place(path, number), message, problems[0].hint)
                break
    if not problems and not lines.decks:
        problems = [_damaged(path, 1)]
    return (Lock(), problems) if problems else (lines.lock(), [])


def _numbered(data: bytes) -> Iterator[tuple[int, str]]:
    """The lines that aren't empty, with their numbers: one by one, since the lock of a large deck has some 20 MB."""
    for number, line in enumerate(io.TextIOWrapper(io.BytesIO(data), "utf-8", "replace", newline="\n"), 1):
        text = line.strip(" \t\r\n")
        if text:
            yield number, text


def newer_note(first: LockedNote, second: LockedNote) -> LockedNote:
    """The line that counts, of two for one note.

    If both have one time and differ in what students see, there are two notes of that time: the hashes of the line
    that's returned match neither, so the next edition gives the note a new time.
    """
    if first.modified != second.modified:
        return max(first, second, key=_rank)
    newer = max(first, second, key=lambda note: (bool(note.content), _rank(note)))
    # What students see decides and, if a lock doesn't know it, what the author wrote.
    hashes = [(first.fields, second.fields), (first.content, second.content)]
    known = next((pair for pair in hashes if all(pair)), ("", ""))
    return newer if known[0] == known[1] else newer._replace(content="", fields="")


def _rank(line: _Line) -> tuple[int, str]:
    # If two lines are of one second, it doesn't matter which one counts, as long as it's the same everywhere.
    return line.modified, repr(line._replace(line=0) if isinstance(line, LockedNote) else line)


def one_per_guid(notes: dict[str, LockedNote]) -> dict[str, LockedNote]:
    """One note for each GUID: if one branch has renamed a note that another has kept, the newer line counts."""
    if len({note.guid for note in notes.values()}) == len(notes):
        return notes
    by_guid = {note.guid: note for note in sorted(notes.values(), key=lambda note: (note.modified, note.id))}
    return {id_: note for id_, note in notes.items() if by_guid[note.guid] is note}


def _damaged(path: str, number: int) -> Diagnostic:
    hint = f"bring it back from version control: git checkout -- {path}"
    return error("lock-damaged", Place(path, number), "this line of the lock is damaged", hint)


def _parse_deck(value: dict[str, Any]) -> Lock:
    if type(value.get("format")) is int and value["format"] > FORMAT:
        raise _NewerFormatError
    deck_id, format_, name, content, modified = _deck_values(value)
    times = value.get("times", "")
    if not (type(deck_id) is type(name) is type(content) is type(times) is str and _is_time(modified)):
        raise ValueError
    if type(format_) is not int or format_ < 1:
        raise ValueError
    return Lock(deck_id, name, content, modified, times=times, format=format_)


def parse_edition(value: dict[str, Any]) -> LockedEdition:
    """The edition that a line tells of. Raises ValueError or KeyError if it's no such line."""
    number, released, version = _edition_values(value)
    if not (type(number) is int and 0 < number < _MOST_EDITIONS and _is_time(released) and type(version) is str):
        raise ValueError
    return LockedEdition(number, released, version)


def _parse_type(value: dict[str, Any]) -> LockedType:
    role, content, schema, modified = _type_values(value)
    if not (type(role) is type(content) is type(schema) is str and _is_time(modified)):
        raise ValueError
    return LockedType(role, content, schema, modified)


def _parse_note(value: dict[str, Any], number: int, times: dict[int, int]) -> LockedNote:
    if "fields" not in value:  # of the first format, which hashed clozes in another way
        value = {**value, "fields": "", "heading": ""}
    id_, guid, content, fields, heading, added, modified = _note_values(value)
    if not (type(id_) is type(guid) is type(content) is type(fields) is type(heading) is str and _is_guid(guid)):
        raise ValueError
    # Spelled out: there is a line for each note, and a call takes as long as both comparisons.
    if not (type(added) is type(modified) is int and 0 < added <= LATEST and 0 < modified <= LATEST):
        raise ValueError
    added, modified = times.setdefault(added, added), times.setdefault(modified, modified)
    line = LockedNote(id_, guid, content, fields, heading, added, modified, NO_CLOZES, NO_CLOZES, False, "", number)
    return line if len(value) == 7 else _with_details(line, value)  # most have nothing more to say


def _with_details(line: LockedNote, value: dict[str, Any]) -> LockedNote:
    """The line of a note with what only some notes have."""
    clozes, dropped = value.get("clozes", NO_CLOZES), value.get("dropped", NO_CLOZES)
    reverse, retired = value.get("reverse", False), value.get("retired", "")
    if not (type(reverse) is bool and type(retired) is str):
        raise ValueError
    if not all(type(text) is str for text in (*clozes.values(), *dropped.values())):
        raise ValueError
    return line._replace(clozes=clozes, dropped=dropped, reverse=reverse, retired=retired)


def _is_time(value: object) -> bool:
    return type(value) is int and 0 < value <= LATEST

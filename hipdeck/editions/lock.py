"""The lock: what the editions of a deck have given to students, and when.

`deck.lock` is next to `deck.yaml`, only `hipdeck release` writes it, and it belongs in version control. It is JSON
Lines, with a line for the deck, each note type and each note, so that branches merge line by line (`merge=union` in
`.gitattributes`): of two lines for one thing, the newer counts.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from operator import itemgetter
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from hipdeck import disk
from hipdeck.diagnostics import Diagnostic, Place, error
from hipdeck.source import folder

NAME = "deck.lock"
FORMAT = 1
LARGEST = 512 * 2**20
"""Bytes of the largest lock that is read; a note takes some 200."""

LATEST = 253_402_300_799
"""The last second of the year 9999."""

NO_CLOZES: Mapping[str, str] = MappingProxyType({})

_MARKERS = ("<<<<<<<", "=======", ">>>>>>>", "|||||||")


class LockedNote(NamedTuple):
    """A note as students have it. `added` and `modified` are seconds since 1970, UTC; `line` is its line in the lock.

    `content` is a hash of what the author wrote, `clozes` has a hash of the hidden text for each card number, and
    `retired` is the reason why it is in no edition any more, or nothing.
    """

    id: str
    guid: str
    content: str
    added: int
    modified: int
    clozes: Mapping[str, str] = NO_CLOZES
    reverse: bool = False
    retired: str = ""
    line: int = 0

    @property
    def role(self) -> str:
        """The role of its note type: 'cloze' or 'question'."""
        return "cloze" if self.clozes else "question"


class LockedType(NamedTuple):
    """A note type as students have it: a hash of all of it, one of its schema, and the time of its last change."""

    role: str
    content: str
    schema: str
    modified: int


@dataclass(frozen=True)
class Lock:
    """What the editions so far have given to students. Before the first one, the deck's id is empty.

    `content` is a hash of the deck's description and study order; `modified` is when the deck's own line last changed.
    """

    deck_id: str = ""
    deck_name: str = ""
    content: str = ""
    modified: int = 0
    types: Mapping[str, LockedType] = field(default_factory=dict)
    notes: Mapping[str, LockedNote] = field(default_factory=dict)

    @cached_property
    def newest(self) -> int:
        """The time of the last edition that changed anything, in seconds since 1970; 0 before the first one."""
        times = [note.modified for note in self.notes.values()] + [type_.modified for type_ in self.types.values()]
        return max([self.modified, *times])


def read(cards: Path) -> tuple[Lock, list[Diagnostic]]:
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
    newest, problems = _parse(data, path)
    if not problems and not newest[Lock]:
        problems = [_damaged(path, 1)]
    if problems:
        return Lock(), problems
    return replace(newest[Lock][""], types=newest[LockedType], notes=_apart(newest[LockedNote])), []


def _parse(data: bytes, path: str) -> tuple[dict[type, dict[str, Any]], list[Diagnostic]]:
    """The newest line for each deck, note type and note, by its class and name; and the errors."""
    newest: dict[type, dict[str, Any]] = {Lock: {}, LockedType: {}, LockedNote: {}}
    problems = []
    # Line by line: the lock of a large deck has some 20 MB.
    for number, text in enumerate(io.TextIOWrapper(io.BytesIO(data), "utf-8", "replace", newline="\n"), 1):
        text = text.strip(" \t\r\n")
        if not text:
            continue
        if text.startswith(_MARKERS):
            hint = "delete the lines that git put in, keep all others: of two lines for one note the newer counts"
            return newest, [error("lock-conflict", Place(path, number), "a merge conflict was left in the lock", hint)]
        try:
            # Faster by a third than `json.loads`, which looks for white space around each line once more.
            value, end = _decode(text)
            if end != len(text):
                raise ValueError
            name, line = _parse_line(value, number)
        except _NewerError:
            hint = "update hipdeck: pip install --upgrade hipdeck"
            return newest, [error("lock-newer", Place(path, number), "a newer hipdeck wrote this lock", hint)]
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            problems.append(_damaged(path, number))
            continue
        first = newest[type(line)].setdefault(name, line)
        # Of two lines of one second the choice only has to be the same everywhere.
        if first is not line and _rank(line) > _rank(first):
            newest[type(line)][name] = line
    return newest, problems


def _apart(notes: dict[str, LockedNote]) -> dict[str, LockedNote]:
    """The notes with a GUID each: where a branch has renamed a note that another has kept, the newer line counts."""
    if len({note.guid for note in notes.values()}) == len(notes):
        return notes
    by_guid = {note.guid: note for note in sorted(notes.values(), key=lambda note: (note.modified, note.id))}
    return {id_: note for id_, note in notes.items() if by_guid[note.guid] is note}


def write(cards: Path, lock: Lock) -> None:
    """Write the lock, whole or not at all. Raises HipdeckError where the folder cannot be written."""
    hint = "check that you may write to the deck's folder and that the disk has room, then release again"
    with disk.replacing(hint) as drafts:
        draft = drafts.draft(cards / NAME, like=cards / folder.DECK)
        with draft.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(f"{line}\n" for line in _lines(lock))


def _rank(line: Any) -> tuple[int, str]:
    return line.modified, repr(line._replace(line=0) if isinstance(line, LockedNote) else line)


def _damaged(path: str, number: int) -> Diagnostic:
    hint = f"bring it back from version control: git checkout -- {path}"
    return error("lock-damaged", Place(path, number), "this line of the lock is damaged", hint)


_is_guid = re.compile(r"[\w-]{16}", re.ASCII).fullmatch
_decode = json.JSONDecoder().raw_decode
_deck_values = itemgetter("deck", "format", "name", "content", "modified")
_type_values = itemgetter("type", "content", "schema", "modified")
_note_values = itemgetter("id", "guid", "content", "added", "modified")


class _NewerError(Exception):
    """The lock is of a format that this hipdeck doesn't know."""


def _parse_line(value: dict[str, Any], number: int) -> tuple[str, Lock | LockedType | LockedNote]:
    """The name of what a line of the lock is about, and what the line says of it.

    Raises ValueError, KeyError, TypeError or AttributeError for a value that isn't such a line, and _NewerError for a
    later format.
    """
    if "id" in value:
        note = _parse_note(value, number)
        return note.id, note
    if "type" in value:
        role, content, schema, modified = _type_values(value)
        if not (type(role) is type(content) is type(schema) is str and _is_time(modified)):
            raise ValueError
        return role, LockedType(role, content, schema, modified)
    if type(value.get("format")) is int and value["format"] > FORMAT:
        raise _NewerError
    deck_id, format_, name, content, modified = _deck_values(value)
    if not (type(deck_id) is type(name) is type(content) is str and _is_time(modified)):
        raise ValueError
    if type(format_) is not int or format_ < 1:
        raise ValueError
    return "", Lock(deck_id, name, content, modified)


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


def _lines(lock: Lock) -> Iterable[str]:
    dump = json.JSONEncoder(ensure_ascii=False, separators=(", ", ": ")).encode
    yield dump(
        {
            "deck": lock.deck_id,
            "format": FORMAT,
            "name": lock.deck_name,
            "content": lock.content,
            "modified": lock.modified,
        }
    )
    for role, type_ in sorted(lock.types.items()):
        yield dump({"type": role, "content": type_.content, "schema": type_.schema, "modified": type_.modified})
    for _, note in sorted(lock.notes.items()):
        value: dict[str, Any] = {
            "id": note.id,
            "guid": note.guid,
            "content": note.content,
            "added": note.added,
            "modified": note.modified,
        }
        if note.clozes:
            value["clozes"] = dict(note.clozes)
        if note.reverse:
            value["reverse"] = True
        if note.retired:
            value["retired"] = note.retired
        yield dump(value)

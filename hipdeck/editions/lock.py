"""The lock: what the editions of a deck have given to students, and when.

`deck.lock` stands beside `deck.yaml`, is written by `hipdeck release` alone, and belongs into version control. It is
JSON Lines, a line for the deck, each note type and each note, so that branches merge line by line (`merge=union` in
`.gitattributes`): of two lines for one thing the newer counts.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
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


class LockedType(NamedTuple):
    """A note type as students have it: hashes of all of it and of its schema alone, and the time of its last change."""

    role: str
    content: str
    schema: str
    modified: int


@dataclass(frozen=True)
class Lock:
    """What the editions so far have given to students. Where there was none, the deck's id is empty.

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
        """The time of the last edition that changed anything, in seconds since 1970; 0 where there was none."""
        times = [note.modified for note in self.notes.values()] + [type_.modified for type_ in self.types.values()]
        return max([self.modified, *times])


def read(cards: Path) -> tuple[Lock, list[Diagnostic]]:
    """The lock of a deck's folder, empty where there is none yet; an error for each line that cannot be trusted."""
    if not (cards / NAME).exists() and not (cards / NAME).is_symlink():
        return Lock(), []
    data, problems = folder.read(cards, NAME, LARGEST)
    if data is None:
        return Lock(), problems
    path = folder.shown(cards, NAME)
    newest: dict[type, dict[str, Any]] = {kind: {} for kind in _SHAPES}
    # Line by line: the lock of a large deck has some 20 MB.
    for number, raw in enumerate(io.BytesIO(data), 1):
        text = raw.decode("utf-8", "replace")
        if text.isspace():
            continue
        if text.startswith(_MARKERS):
            hint = "delete the lines that git put in, keep all others: of two lines for one note the newer counts"
            return Lock(), [error("lock-conflict", Place(path, number), "a merge conflict was left in the lock", hint)]
        try:
            name, line = _usual(text, number) or _line(_decode(text), number)
        except _NewerError:
            hint = "update hipdeck: pip install --upgrade hipdeck"
            return Lock(), [error("lock-newer", Place(path, number), "a newer hipdeck wrote this lock", hint)]
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            problems.append(_damaged(path, number))
            continue
        first = newest[type(line)].setdefault(name, line)
        # Of two lines of one second the choice only has to be the same everywhere.
        if first is not line and _rank(line) > _rank(first):
            newest[type(line)][name] = line
    if not problems and not newest[Lock]:
        problems.append(_damaged(path, 1))
    if problems:
        return Lock(), problems
    return replace(newest[Lock][""], types=newest[LockedType], notes=_apart(newest[LockedNote])), []


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


_Line = Lock | LockedType | LockedNote

_SHAPES: dict[type, dict[str, type]] = {
    Lock: {"deck": str, "format": int, "name": str, "content": str, "modified": int},
    LockedType: {"type": str, "content": str, "schema": str, "modified": int},
    LockedNote: {"id": str, "guid": str, "content": str, "added": int, "modified": int},
}
_GUID = re.compile(r"[\w-]{16}", re.ASCII)
# A note's line as it is written where the note has no cloze, no reverse and is not retired.
_USUAL = re.compile(
    r'\{"id": "([^"\\\x00-\x1f]+)", "guid": "([\w-]{16})", "content": "([0-9a-f]+)",'
    r' "added": ([1-9][0-9]{0,10}), "modified": ([1-9][0-9]{0,10})\}\n',
    re.ASCII,
)
_decode = json.JSONDecoder().decode


class _NewerError(Exception):
    """The lock is of a format that this hipdeck does not know."""


def _usual(text: str, number: int) -> tuple[str, LockedNote] | None:
    """What the usual line of a note holds, as `_line` has it of the line's JSON, in a third of the time."""
    found = _USUAL.fullmatch(text)
    if not found:
        return None
    id_, guid, content, added, modified = found.groups()
    return id_, LockedNote(id_, guid, content, int(added), int(modified), NO_CLOZES, False, "", number)


def _line(value: dict[str, Any], number: int) -> tuple[str, _Line]:
    """What a line of the lock holds, and the name of what it is about.

    Raises ValueError or KeyError for other lines, and _NewerError for one of a later format.
    """
    if type(value.get("format")) is int and value["format"] > FORMAT:
        raise _NewerError
    kind = LockedNote if "id" in value else LockedType if "type" in value else Lock
    for key, type_ in _SHAPES[kind].items():
        if type(value[key]) is not type_:
            raise ValueError
        if type_ is int and not 0 < value[key] <= LATEST:
            raise ValueError
    if kind is Lock:
        return "", Lock(value["deck"], value["name"], value["content"], value["modified"])
    if kind is LockedType:
        return value["type"], LockedType(value["type"], value["content"], value["schema"], value["modified"])
    clozes = value.get("clozes", NO_CLOZES)
    if not all(type(hash_) is str for hash_ in clozes.values()):
        raise ValueError
    reverse, retired = value.get("reverse", False), value.get("retired", "")
    if type(reverse) is not bool or type(retired) is not str or not _GUID.fullmatch(value["guid"]):
        raise ValueError
    times = value["added"], value["modified"]
    note = LockedNote(value["id"], value["guid"], value["content"], *times, clozes, reverse, retired, number)
    return note.id, note


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

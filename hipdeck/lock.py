"""The lock: what the editions of a deck have given to students, and when.

`deck.lock` stands beside `deck.yaml`, is written by `hipdeck release` alone, and belongs into version control. It is
JSON Lines, a line for the deck, each note type and each note, so that branches merge line by line (`merge=union` in
`.gitattributes`): of two lines for one thing the newer counts.
"""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hipdeck import folder
from hipdeck.diagnostics import Diagnostic, HipdeckError, Place, error

NAME = "deck.lock"
FORMAT = 1
LARGEST = 512 * 2**20
"""Bytes of the largest lock that is read; a note takes some 200."""

_MARKERS = ("<<<<<<<", "=======", ">>>>>>>", "|||||||")


@dataclass(frozen=True)
class LockedNote:
    """A note as students have it. `added` and `modified` are seconds since 1970, UTC; `line` is its line in the lock.

    `content` is a hash of what the author wrote, `clozes` has a hash of the hidden text for each card number, and
    `retired` is the reason why it is in no edition any more, or nothing.
    """

    id: str
    guid: str
    content: str
    added: int
    modified: int
    clozes: Mapping[str, str] = field(default_factory=dict)
    reverse: bool = False
    retired: str = ""
    line: int = field(default=0, compare=False)


@dataclass(frozen=True)
class LockedType:
    """A note type as students have it: hashes of all of it and of its schema alone, and the time of its last change."""

    role: str
    content: str
    schema: str
    modified: int


@dataclass(frozen=True)
class Lock:
    """What the editions so far have given to students. Where there was none, the deck's id is empty."""

    deck_id: str = ""
    deck_name: str = ""
    modified: int = 0
    types: Mapping[str, LockedType] = field(default_factory=dict)
    notes: Mapping[str, LockedNote] = field(default_factory=dict)

    @property
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
    lines: list[tuple[int, dict[str, Any]]] = []
    for number, raw in enumerate(data.decode("utf-8", "replace").split("\n"), 1):
        if not raw.strip():
            continue
        if raw.startswith(_MARKERS):
            hint = "delete the lines that git put in, keep all others: of two lines for one note the newer counts"
            return Lock(), [error("lock-conflict", Place(path, number), "a merge conflict was left in the lock", hint)]
        try:
            value = json.loads(raw)
            if isinstance(value, dict) and type(value.get("format")) is int and value["format"] > FORMAT:
                hint = "update hipdeck: pip install --upgrade hipdeck"
                return Lock(), [error("lock-newer", Place(path, number), "a newer hipdeck wrote this lock", hint)]
            lines.append((number, _shaped(value)))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            problems.append(_damaged(path, number))
    if not problems and not any("deck" in value for _, value in lines):
        problems.append(_damaged(path, 1))
    return (Lock(), problems) if problems else (_assembled(lines), [])


def write(cards: Path, lock: Lock) -> None:
    """Write the lock, whole or not at all. Raises HipdeckError where the folder cannot be written."""
    path = cards / NAME
    temporary = None
    try:
        folder.clear_up(cards)
        handle, name = tempfile.mkstemp(dir=cards, prefix=folder.TEMPORARY)
        temporary = Path(name)
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.writelines(f"{line}\n" for line in _lines(lock))
            file.flush()
            os.fsync(file.fileno())
        # A temporary file is its owner's alone; the lock is for all who may read the cards.
        temporary.chmod((path if path.exists() else cards / folder.DECK).stat().st_mode & 0o777)
        temporary.replace(path)
    except OSError as problem:
        if temporary:
            with contextlib.suppress(OSError):
                temporary.unlink()
        hint = "check that you may write to the deck's folder and that the disk has room, then release again"
        raise HipdeckError(f"cannot write {path}: {problem.strerror or problem}", hint) from None


def _damaged(path: str, number: int) -> Diagnostic:
    hint = "bring it back from version control: git checkout -- deck.lock"
    return error("lock-damaged", Place(path, number), "this line of the lock is damaged", hint)


_SHAPES: dict[str, dict[str, type]] = {
    "deck": {"deck": str, "format": int, "name": str, "modified": int},
    "type": {"type": str, "content": str, "schema": str, "modified": int},
    "id": {"id": str, "guid": str, "content": str, "added": int, "modified": int},
}


def _kind(value: dict[str, Any]) -> str:
    """Which kind of line it is; nothing where it is none."""
    return next((kind for kind in _SHAPES if kind in value), "")


def _shaped(value: dict[str, Any]) -> dict[str, Any]:
    """The value of a line, if it has the keys and types of one; raises ValueError or KeyError otherwise."""
    shape = _SHAPES[_kind(value)]
    if not all(type(value[key]) is type_ for key, type_ in shape.items()):
        raise ValueError
    if not all(type(part) is str for part in value.get("clozes", {}).values()):
        raise ValueError
    return value


def _assembled(lines: Iterable[tuple[int, dict[str, Any]]]) -> Lock:
    newest: dict[tuple[str, str], tuple[int, str, int, dict[str, Any]]] = {}
    for number, value in lines:
        kind = _kind(value)
        # Of two lines of one second the choice only has to be the same everywhere.
        entry = (value["modified"], json.dumps(value, sort_keys=True), number, value)
        key = (kind, value[kind] if kind != "deck" else "")
        newest[key] = max(newest.get(key, entry), entry, key=lambda one: one[:2])
    deck = newest["deck", ""][3]
    return Lock(
        deck["deck"],
        deck["name"],
        deck["modified"],
        {
            name: LockedType(name, value["content"], value["schema"], value["modified"])
            for (kind, name), (*_, value) in newest.items()
            if kind == "type"
        },
        {
            name: LockedNote(
                name,
                value["guid"],
                value["content"],
                value["added"],
                value["modified"],
                value.get("clozes", {}),
                value.get("reverse", False),
                value.get("retired", ""),
                number,
            )
            for (kind, name), (_, _, number, value) in newest.items()
            if kind == "id"
        },
    )


def _lines(lock: Lock) -> Iterable[str]:
    dump = json.JSONEncoder(ensure_ascii=False, separators=(", ", ": ")).encode
    yield dump({"deck": lock.deck_id, "format": FORMAT, "name": lock.deck_name, "modified": lock.modified})
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

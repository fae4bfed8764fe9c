"""Writes the lock."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hipdeck import disk
from hipdeck.editions.lock import FORMAT, NAME, Lock, LockedEdition, LockedNote, hash_times
from hipdeck.source import folder


def write_lock(cards: Path, lock: Lock, drafts: disk.Drafts) -> None:
    """Write the lock of a deck's folder, as a draft of `disk.replacing`. Raises OSError if it can't be written."""
    draft = drafts.draft(cards / NAME, like=cards / folder.DECK)
    encode = json.JSONEncoder(ensure_ascii=False, separators=(", ", ": ")).encode
    with draft.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{encode(line)}\n" for line in _lines(lock))


def _lines(lock: Lock) -> Iterator[dict[str, Any]]:
    """The lines of a lock: the deck's, then those of the editions, note types and notes, each sorted."""
    yield {
        "deck": lock.deck_id,
        "format": FORMAT,
        "name": lock.deck_name,
        "content": lock.content,
        "modified": lock.modified,
        "times": hash_times(lock.notes.values()),
    }
    for edition in lock.editions:
        yield edition_line(edition)
    for role, type_ in sorted(lock.types.items()):
        yield {"type": role, "content": type_.content, "schema": type_.schema, "modified": type_.modified}
    for _, note in sorted(lock.notes.items()):
        yield _note_line(note)


def edition_line(edition: LockedEdition) -> dict[str, Any]:
    """The line of an edition, which its package carries too."""
    return {"edition": edition.number, "released": edition.released, "hipdeck": edition.hipdeck}


def _note_line(note: LockedNote) -> dict[str, Any]:
    line: dict[str, Any] = {
        "id": note.id,
        "guid": note.guid,
        "content": note.content,
        "fields": note.fields,
        "heading": note.heading,
        "added": note.added,
        "modified": note.modified,
    }
    if note.clozes:
        line["clozes"] = dict(note.clozes)
    if note.dropped:
        line["dropped"] = dict(note.dropped)
    if note.reverse:
        line["reverse"] = True
    if note.retired:
        line["retired"] = note.retired
    return line

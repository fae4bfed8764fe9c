"""What an edition's package says of that edition: in place of a lock that is lost, or that lacks a line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from hipdeck.diagnostics import HipdeckError
from hipdeck.editions.hashes import hash_clozes, hash_fields, hash_heading, hash_schema, hash_type
from hipdeck.editions.lock import NO_CLOZES, Lock, LockedEdition, LockedNote, LockedType
from hipdeck.editions.lock_reader import parse_edition
from hipdeck.package.reader import ReadNote, ReadPackage, read, read_label
from hipdeck.render.note_types import stable_id


def kept_editions(output: Path, deck_id: str) -> dict[LockedEdition, Path]:
    """The editions of a deck whose packages are in an output folder."""
    paths = sorted((output / "editions").glob(f"{deck_id}-*.apkg"))
    labels = [(path, read_label(path)) for path in paths]
    return {edition: path for path, label in labels if label.get("deck") == deck_id for edition in _editions_of(label)}


def read_edition(output: Path, deck_id: str, edition: LockedEdition) -> ReadPackage | None:
    """The package of an edition, if it's in an output folder and can be read."""
    path = kept_editions(output, deck_id).get(edition)
    try:
        return read(path) if path else None
    except HipdeckError:
        return None


def require_own(package: ReadPackage, path: Path, *deck_ids: str) -> None:
    """Raise HipdeckError unless the package is one of a deck that has, or had, one of these ids. `path` is its file."""
    types = {type_.note_type.id for type_ in package.types}
    # A package without a label is by an older hipdeck.
    ids = [deck_id for deck_id in deck_ids if package.label.get("deck", deck_id) == deck_id]
    if not any(types.intersection(_type_ids(deck_id).values()) for deck_id in ids):
        raise HipdeckError(
            f"{path} is a package of another deck", "name a package of this deck, such as its last edition's"
        )


def lock_from_package(path: Path, deck_id: str) -> Lock:
    """The lock as far as an edition's package tells it.

    It can't tell which notes were retired, what they were, and which cloze numbers were dropped. Raises HipdeckError
    if the file isn't a package of this deck, or is one of a draft.
    """
    package = read(path)
    require_own(package, path, deck_id)
    types = {type_.note_type.id: type_ for type_ in package.types}
    own = {role: types.get(type_id) for role, type_id in _type_ids(deck_id).items()}
    if package.label.get("draft"):
        hint = "name the package of the last edition: they are in output/editions"
        raise HipdeckError(f"{path} is a draft, which no student has", hint)
    locked = [_locked(note, deck_id) for note in package.notes.values()]
    newest = max([1, *(note.modified for note in locked)])
    return Lock(
        deck_id,
        package.decks.get(stable_id(deck_id, "deck"), ""),
        "",
        newest,
        {
            role: LockedType(role, hash_type(type_.note_type), hash_schema(type_.note_type), max(1, type_.modified))
            for role, type_ in own.items()
            if type_
        },
        {note.id: note for note in locked},
        tuple(_editions_of(package.label)) or (LockedEdition(1, newest, ""),),
    )


def _type_ids(deck_id: str) -> dict[str, int]:
    """The ids of a deck's note types by their roles."""
    return {role: stable_id(deck_id, f"note type {role}") for role in ("question", "cloze")}


def _editions_of(label: Mapping[str, Any]) -> Iterator[LockedEdition]:
    """The edition that a label names, if it does."""
    try:
        yield parse_edition(dict(label))
    except (ValueError, KeyError, TypeError):
        return


def _locked(note: ReadNote, deck_id: str) -> LockedNote:
    """A note of a package as a lock has it. What its author wrote isn't known; the fields that came of it are."""
    updated = f"{deck_id}::updated::"
    values = list(note.fields.values())
    return LockedNote(
        note.fields["Id"],
        note.guid,
        "",
        hash_fields(values, [tag for tag in note.tags if not tag.startswith(updated)]),
        hash_heading(values),
        # The tag is what tells a note that has changed from one that hasn't.
        min(note.added, note.modified - 1) if any(tag.startswith(updated) for tag in note.tags) else note.modified,
        note.modified,
        hash_clozes(values) if "Text" in note.fields else NO_CLOZES,
        reverse=bool(note.fields.get("Reverse")),
    )

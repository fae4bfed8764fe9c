"""Building: from a checked deck to its package."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from hipdeck.commands.checking import Checked
from hipdeck.diagnostics import HipdeckError, errors
from hipdeck.editions.plan import updated_tag, utc
from hipdeck.render.note_types import note_types

if TYPE_CHECKING:
    from hipdeck.package.writer import Contents


class Built(NamedTuple):
    """What came of a build. If no package was written, the diagnostics say why."""

    checked: Checked
    package: Path
    written: bool
    size: int = 0
    """Bytes of the package."""
    release_notes: str = ""


def write_package(checked: Checked, output: Path, now: int) -> Built:
    """Write the package of a deck into a folder, unless the deck has errors.

    `now` is the present in seconds since 1970. Raises HipdeckError if the clock stands before the last edition, the
    file in the package's place is another deck's, or the package can't be written.
    """
    package = output / f"{checked.deck.id}.apkg"
    if errors(checked.diagnostics):
        return Built(checked, package, written=False)
    if checked.plan.is_draft and now <= checked.last_edition:
        times = [f"{utc(time):%Y-%m-%d %H:%M:%S}" for time in (now, checked.last_edition)]
        message = f"the clock says {times[0]} (UTC), but the last edition is from {times[1]}"
        raise HipdeckError(message, "wait a second if the two are the same; otherwise set the clock")
    # Imported late: genanki takes longer to import than a small deck to check.
    from hipdeck.package.reader import refuse_foreign
    from hipdeck.package.writer import write

    contents = package_contents(checked)
    refuse_foreign(package, contents)
    return Built(checked, package, written=True, size=write(contents, package))


def package_contents(checked: Checked) -> Contents:
    """What goes into the package: every note with the times that the lock has for it, or would have."""
    from hipdeck.package.writer import Contents, PackagedNote, PackagedType

    deck, next_lock = checked.deck, checked.plan.lock
    types = note_types(deck.id, deck.name)
    notes = []
    for fields in checked.fields:
        locked = next_lock.notes[fields.note.id]
        tags = [*fields.tags, *updated_tag(deck, locked)]
        notes.append(PackagedNote(fields, locked.guid, tags, locked.added, locked.modified))
    return Contents(
        deck_id=deck.id,
        deck_name=deck.name,
        description=deck.description,
        types=[PackagedType(types[role], next_lock.types[role].modified) for role in sorted(types)],
        notes=notes,
        pictures=checked.pictures,
    )

"""Building: from a checked deck to its package, and to all files of an edition."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from hipdeck import disk
from hipdeck.commands.shared.checking import Checked
from hipdeck.diagnostics import errors
from hipdeck.editions.packing import pack
from hipdeck.package.contents import Contents

if TYPE_CHECKING:
    from hipdeck.editions.differences import Difference

MOST_SHOWN = 1000
"""Changed notes of which release notes show the texts before and after; nobody reads more."""

_HINT = "check that the folder exists, that you may write to it and that the disk has room; -o names another"


class Built(NamedTuple):
    """What came of a build. If no package was written, the diagnostics say why."""

    checked: Checked
    package: Path
    written: bool
    size: int = 0
    """Bytes of the package."""
    release_notes: str = ""
    shows_changes: bool = True
    """Whether the release notes show the texts before and after of notes that changed, if any did."""


def write_package(checked: Checked, output: Path) -> Built:
    """Write the package of a deck into a folder, unless the deck has errors.

    What has changed since the last edition makes it a draft, under a name of its own. Raises HipdeckError if the file
    in the package's place is another deck's, or the package can't be written.
    """
    path, draft = output / f"{checked.deck.id}.apkg", output / f"{checked.deck.id}-draft.apkg"
    if errors(checked.diagnostics):
        return Built(checked, draft if draft.exists() else path, written=False)
    is_draft = checked.plan.has_changes
    contents = _contents(checked, draft if is_draft else path, is_draft)
    with disk.replacing(_HINT) as drafts:
        size = _write(contents, drafts.draft(draft if is_draft else path))
    return Built(checked, draft if is_draft else path, written=True, size=size)


def write_edition(checked: Checked, cards: Path, output: Path, message: str = "") -> Built:
    """Write the edition that a plan leads to: package, release notes and lock. Not if the deck has errors.

    `message` is for the release notes.

    All files are written, or none. `output/editions` gets copies of package and notes that no later edition replaces;
    they come last, so that whatever is there has a line in the lock. Notes that a killed release left, of an edition
    that has none, give way to the last edition's. Raises HipdeckError as `write_package` does.
    """
    # Imported late: a build needs none of them.
    import shutil

    from hipdeck.editions.lock_writer import write_lock
    from hipdeck.editions.release_notes import Release, is_of_later_edition, release_notes

    plan, deck = checked.plan, checked.deck
    path = output / f"{deck.id}.apkg"
    if errors(checked.diagnostics) or not plan.lock.last:
        return Built(checked, path, written=False)
    contents = _contents(checked, path, is_draft=False)
    copy = output / "editions" / f"{deck.id}-{plan.lock.last.number}.apkg"
    difference = _difference(checked, contents, output)
    parts = Release(plan, checked.last, deck, checked.fields, difference, message)
    notes = release_notes(parts) if plan.has_changes else ""
    path_of_notes, copy_of_notes = (name.with_name(f"{name.stem}-release-notes.md") for name in (path, copy))
    hint = "check that you may write to that folder and that the disk has room, then release again"
    with disk.replacing(hint) as drafts:
        # Notes of an edition that was never made: the last one's take their place.
        stale = not notes and is_of_later_edition(path_of_notes, plan.lock.last)
        package = drafts.draft(path)
        size = _write(contents, package)
        if notes:
            _write_text(notes, path_of_notes, drafts)
        elif stale and copy_of_notes.is_file():
            shutil.copyfile(copy_of_notes, drafts.draft(path_of_notes))
        if plan.lock != checked.stored:
            write_lock(cards, plan.lock, drafts)
        if plan.has_changes or not copy.exists():
            shutil.copyfile(package, drafts.draft(copy))
        if notes:
            _write_text(notes, copy_of_notes, drafts)
    if stale and not copy_of_notes.is_file():
        path_of_notes.unlink()
    (output / f"{deck.id}-draft.apkg").unlink(missing_ok=True)
    return Built(
        checked, path, written=True, size=size, release_notes=notes, shows_changes=bool(difference or not plan.changed)
    )


def _difference(checked: Checked, contents: Contents, output: Path) -> Difference | None:
    """What has changed since the edition before, if its package is in the output folder and few notes have changed."""
    from hipdeck.editions.differences import compare
    from hipdeck.editions.packages import read_edition

    before = checked.last.last
    if not before or not (checked.plan.changed or checked.plan.retired) or len(checked.plan.changed) > MOST_SHOWN:
        return None
    package = read_edition(output, checked.deck.id, before)
    return compare(package, contents, {}) if package else None


def _contents(checked: Checked, path: Path, is_draft: bool) -> Contents:
    """What goes into the package at a path, unless there's something else."""
    # Imported late, as the writer is below: genanki takes longer to import than a small deck to check.
    from hipdeck.package.reader import refuse_foreign

    contents = pack(checked.deck, checked.fields, checked.plan.lock, is_draft)
    refuse_foreign(path, contents)
    return contents


def _write(contents: Contents, path: Path) -> int:
    from hipdeck.package.writer import write

    return write(contents, path)


def _write_text(text: str, path: Path, drafts: disk.Drafts) -> None:
    drafts.draft(path).write_text(text, encoding="utf-8", newline="\n")

"""Drives the real Anki without a screen: what does a student's collection make of a package?"""

from __future__ import annotations

import html
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from anki.buildinfo import version
from anki.collection import Collection, ImportAnkiPackageRequest

VERSION = tuple(int(part) for part in version.split(".")[:2])
"""The year and month of this Anki."""

COUNTS = ("new", "updated", "duplicate", "conflicting")


@contextmanager
def collection(folder: Path) -> Iterator[Collection]:
    """An empty collection in a folder. Its day ends in 12 hours, so no test runs into the next one."""
    col = Collection(str(folder / "collection.anki2"))
    col.set_config("rollover", (time.localtime().tm_hour + 12) % 24)
    try:
        yield col
    finally:
        col.close()


def imported(col: Collection, package: Path, merge_notetypes: bool = False) -> dict[str, int]:
    """Import a package as `import_log` does; how many notes were new, updated, duplicate, and conflicting."""
    log = import_log(col, package, merge_notetypes)
    return {name: len(getattr(log, name)) for name in COUNTS}


def import_log(col: Collection, package: Path, merge_notetypes: bool = False) -> Any:
    """Import a package with Anki's own default options, or with *Merge note types* besides.

    Returns Anki's log, which has a list of notes for each of `COUNTS`.
    """
    options = col._backend.get_import_anki_package_presets()
    options.merge_notetypes = merge_notetypes
    log = col.import_anki_package(ImportAnkiPackageRequest(package_path=str(package), options=options)).log
    # Anki's Python library caches note types and keeps the old ones after an import.
    col.models._clear_cache()
    return log


def age(col: Collection, to: int) -> None:
    """Backdate everything in a collection that's newer than a time long past, in seconds since 1970, to that time.

    Anki stamps a student's edits with the current second; before 25.02, it also does this to notes that an import
    updates. The next edition must be newer, and a test would have to wait for the next second.
    """
    assert col.db is not None
    col.db.execute("update notes set mod = ? where mod > ?", to, to)
    col.db.execute("update notetypes set mtime_secs = ? where mtime_secs > ?", to, to)
    # Anki's backend caches note types.
    col.close()
    col.reopen()


def fields(col: Collection, note_id: str) -> dict[str, str]:
    """The fields of the note with this Id, by name."""
    notes = [col.get_note(number) for number in col.find_notes(f"Id:{note_id}")]
    assert len(notes) == 1, f"{len(notes)} notes have the Id {note_id}"
    return dict(notes[0].items())


def rows(col: Collection, table: str) -> list[Any]:
    """All rows of one of the collection's tables."""
    assert col.db is not None
    return col.db.all(f"select * from {table} order by id")


def checked(col: Collection) -> tuple[list[Any], str]:
    """What Anki's own checks report: empty cards, and the lines of Check Database except its closing one."""
    before = rows(col, "notes"), rows(col, "cards")
    report, sound = col.fix_integrity()
    assert sound, report
    assert before == (rows(col, "notes"), rows(col, "cards")), "Check Database changed something"
    return list(col.get_empty_cards().notes), report.replace("Database rebuilt and optimized.", "").strip()


def visible(text: str) -> str:
    """The text of some HTML as a browser shows it, with each run of white space as one space."""
    text = re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL)
    text = re.sub(r"<br ?/?>|</p>", "\n", text)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", "", text))).strip()

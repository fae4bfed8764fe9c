"""Building: from a checked deck to its package."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from hipdeck.commands.shared.checking import Checked
from hipdeck.diagnostics import errors
from hipdeck.editions.packing import pack


class Built(NamedTuple):
    """What came of a build. If no package was written, the diagnostics say why."""

    checked: Checked
    package: Path
    written: bool
    size: int = 0
    """Bytes of the package."""
    release_notes: str = ""


def write_package(checked: Checked, output: Path) -> Built:
    """Write the package of a deck into a folder, unless the deck has errors.

    Raises HipdeckError if the file in the package's place is another deck's, or the package can't be written.
    """
    package = output / f"{checked.deck.id}.apkg"
    if errors(checked.diagnostics):
        return Built(checked, package, written=False)
    # Imported late: genanki takes longer to import than a small deck to check.
    from hipdeck.package.reader import refuse_foreign
    from hipdeck.package.writer import write

    contents = pack(checked.deck, checked.fields, checked.plan.lock)
    refuse_foreign(package, contents)
    return Built(checked, package, written=True, size=write(contents, package))

"""Which notes a rule warns about, without the rest of a check."""

from __future__ import annotations

from pathlib import Path

from hipdeck.deck.loader import load
from hipdeck.rules import catalog
from hipdeck.rules.findings import ActiveNotes
from tests import decks


def warned(folder: Path, code: str, *notes: decks.Note) -> list[str]:
    """The ids of the notes that a rule for good cards warns about; notes without an id get n0, n1 and so on."""
    decks.write(folder, {"section": [{"id": f"n{index}", **note} for index, note in enumerate(notes)]})
    loaded = load(folder)
    assert loaded.diagnostics == []
    return [finding.note.id for finding in catalog.WAIVABLE[code](ActiveNotes(loaded.deck.notes))]

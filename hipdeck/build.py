"""The pipeline: one function a command. Each takes what it needs, the clock among it, and prints nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from hipdeck import checks
from hipdeck.diagnostics import Diagnostic, as_errors, errors, in_order
from hipdeck.documents import load
from hipdeck.fields import Fields, render
from hipdeck.media import Media, Picture
from hipdeck.note_types import guid, note_types
from hipdeck.notes import KINDS, Deck


@dataclass(frozen=True)
class Checked:
    """A deck that was looked through: its notes' fields, the pictures they use, and what was found."""

    deck: Deck
    fields: Sequence[Fields]
    pictures: Sequence[Picture]
    diagnostics: Sequence[Diagnostic]
    files: int
    """How many YAML files were read."""


@dataclass(frozen=True)
class Row:
    """A line of the summary: a section, its notes and cards, and its notes by kind."""

    section: str
    notes: int
    cards: int
    kinds: dict[str, int]


@dataclass(frozen=True)
class Built:
    """What a build came to. Without a path nothing was written, and the diagnostics say why. `size` is in bytes."""

    checked: Checked
    package: Path
    written: bool
    size: int = 0

    @property
    def rows(self) -> list[Row]:
        """The summary: a line for each section in study order."""
        return _rows(self.checked)


def check(cards: Path, strict: bool = False) -> Checked:
    """Look through a deck's folder: every error and warning of all its files. `strict` makes warnings errors.

    Raises HipdeckError where there is no such folder.
    """
    deck, problems, files = load(cards)
    fields: list[Fields] = []
    media = Media(cards)
    for note in deck.notes:
        rendered, found = render(note, deck, media.find)
        fields.append(rendered)
        problems += found
    problems += checks.check(deck)
    problems += media.clashes()
    if not errors(problems):
        # Otherwise what is wrong elsewhere may be the reason why a file is not used.
        problems += media.unused()
    problems = in_order(as_errors(problems) if strict else problems)
    return Checked(deck, fields, media.pictures, problems, files)


def build(cards: Path, output: Path, now: int, strict: bool = False) -> Built:
    """Compile a deck's folder into `output/<deck id>.apkg`; where it has an error, write nothing.

    `now` is the time of the build in seconds since 1970. Raises HipdeckError where the folder is missing or the output
    cannot be written.
    """
    checked = check(cards, strict)
    deck = checked.deck
    package = output / f"{deck.id}.apkg"
    if errors(checked.diagnostics):
        return Built(checked, package, written=False)
    # Imported late: genanki takes longer to import than a small deck to check.
    from hipdeck.package import Contents, PackagedNote, PackagedType, write

    types = note_types(deck.id, deck.name)
    contents = Contents(
        deck_id=deck.id,
        deck_name=deck.name,
        description=deck.description,
        types=[PackagedType(types[role], now) for role in sorted(types)],
        notes=[
            PackagedNote(fields, guid(deck.id, fields.note.id), deck.tags(fields.note), now, now)
            for fields in checked.fields
        ],
        pictures=checked.pictures,
    )
    size = write(contents, package)
    return Built(checked, package, written=True, size=size)


def _rows(checked: Checked) -> list[Row]:
    by_section: dict[str, list[Fields]] = {}
    for fields in checked.fields:
        by_section.setdefault(fields.note.section.path, []).append(fields)
    return [
        Row(
            section,
            len(members),
            sum(len(fields.ordinals) for fields in members),
            {kind: Counter(fields.note.kind for fields in members)[kind] for kind in KINDS},
        )
        for section, members in by_section.items()
    ]

"""Checking a deck: from its folder to the notes' fields, the plan of the next edition, and every problem."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from hipdeck.deck.loader import load
from hipdeck.deck.notes import Deck
from hipdeck.diagnostics import Diagnostic, as_errors, errors, in_order
from hipdeck.editions.lock import Lock
from hipdeck.editions.lock_reader import read_lock
from hipdeck.editions.packing import used_pictures
from hipdeck.editions.plan import Plan, plan
from hipdeck.render.fields import Fields, render_note
from hipdeck.render.media import Media, Picture
from hipdeck.render.note_types import note_types
from hipdeck.rules import catalog, correctness

if TYPE_CHECKING:
    from hipdeck.editions.recovery import Recovery


class Checked(NamedTuple):
    """A deck that was checked."""

    deck: Deck
    fields: Sequence[Fields]
    """The fields of all notes but the retired ones."""
    plan: Plan
    """What has changed since the last edition. If there are errors, only the lock of that edition."""
    last: Lock
    """The lock of the last edition."""
    stored: Lock
    """The lock as its file has it: lines that it had lost aren't put back."""
    diagnostics: Sequence[Diagnostic]
    files: int
    """How many YAML files were read."""
    notices: Sequence[str] = ()
    """What was done to a lock that had lost lines."""

    @property
    def cards(self) -> int:
        """How many cards the notes have."""
        return sum(len(fields.ordinals) for fields in self.fields)

    @property
    def pictures(self) -> list[Picture]:
        """The pictures that the notes use, each once, sorted by their names in the package."""
        return used_pictures(self.fields)


def check(
    cards: Path,
    now: int,
    strict: bool = False,
    accepted: Collection[str] = (),
    reissued: Collection[str] = (),
    recover: Callable[[Lock, Deck], Recovery] | None = None,
) -> Checked:
    """Check a deck's folder, and find every error and warning in all its files.

    `now` is the present in seconds since 1970. `strict` turns warnings into errors. `accepted` and `reissued` are what
    `release` takes; `recover` puts back what the lock has lost. Raises HipdeckError if there is no such folder.
    """
    deck, problems, files = load(cards)
    media = Media(cards)
    all_fields, render_problems = _render(deck, media)
    problems += render_problems
    pictures = {fields.note.id: fields.pictures for fields in all_fields if fields.pictures}
    problems += catalog.check(deck, pictures, is_whole=not errors(problems))
    problems += media.clashes()
    stored, lock_problems = read_lock(cards)
    problems += lock_problems
    recovery = recover(stored, deck) if recover and not errors(problems) else None
    if recovery:
        problems += recovery.problems
        accepted = {*accepted} - recovery.accepted
    last = recovery.lock if recovery else stored
    next_plan = Plan(last)
    if not errors(problems):
        # With an error elsewhere, that may be the reason why a file or source isn't used, or a note is gone.
        problems += media.unused()
        problems += correctness.unused_sources(deck)
        types = note_types(deck.id, deck.name, deck.language)
        highest = recovery.highest if recovery else 0
        next_plan = plan(last, deck, all_fields, types, cards, now, accepted, reissued, highest)
        problems += [*(guard.diagnostic for guard in next_plan.guards), *next_plan.problems]
    else:
        # Imported late: most checks find no error.
        from hipdeck.rules.holding_back import hold_back

        problems = hold_back(problems, deck)
    problems = in_order(as_errors(problems) if strict else problems)
    active = [fields for fields in all_fields if not fields.note.retired]
    return Checked(deck, active, next_plan, last, stored, problems, files, recovery.notices if recovery else ())


def _render(deck: Deck, media: Media) -> tuple[list[Fields], list[Diagnostic]]:
    """The fields of all notes of a deck, and what's wrong with their texts and pictures."""
    all_fields: list[Fields] = []
    problems: list[Diagnostic] = []
    for note in deck.notes:
        fields, note_problems = render_note(note, deck, media.find)
        all_fields.append(fields)
        problems += note_problems
    return all_fields, problems

"""The next edition: what has changed since the last one, what that would do to students, and the lock as it would be.

A student's Anki takes a note from a package if the package's modification time is newer
(rslib/src/import_export/package/apkg/import/notes.rs). So a note keeps its time until its author changes what students
see, and everything here follows from comparing the deck with the hashes in the lock.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from hipdeck import __version__
from hipdeck.deck.notes import Deck
from hipdeck.diagnostics import Diagnostic, Place, error
from hipdeck.editions import guards
from hipdeck.editions.changes import Edition, NoteChange, compare_notes, find_restyled
from hipdeck.editions.dates import edition_time
from hipdeck.editions.guards import Guard
from hipdeck.editions.hashes import hash_deck, hash_schema, hash_type
from hipdeck.editions.lock import NAME, Lock, LockedEdition, LockedNote, LockedType
from hipdeck.editions.missing import find_missing, find_swapped
from hipdeck.editions.renames import find_renames
from hipdeck.names import did_you_mean
from hipdeck.render.fields import Fields
from hipdeck.render.note_types import NoteType
from hipdeck.source import folder


class Plan(NamedTuple):
    """What the next edition would be. Ids in study order; `lock` is the lock as it would then be."""

    lock: Lock
    new: Sequence[str] = ()
    changed: Sequence[str] = ()
    retired: Sequence[str] = ()
    gone: Sequence[str] = ()
    reworded: Sequence[str] = ()
    """Notes that are written differently than in the last edition, and look the same."""
    restyled: Sequence[str] = ()
    """Notes that are written as in the last edition, and look different: this hipdeck makes them differently.

    Known after `restyle`.
    """
    types: Sequence[str] = ()
    leftovers: Sequence[str] = ()
    """Searches for Anki's Browse window, each for a note that students keep though no edition has it any more."""
    rearranged: bool = False
    """Whether the study order or the deck's name, id or description has changed."""
    merged: bool = False
    """Whether branches were merged since the last edition, and no edition has what all of them have."""
    guards: Sequence[Guard] = ()
    release_guards: Sequence[Guard] = ()
    """Guards about the moment of the release, not about the deck."""
    problems: Sequence[Diagnostic] = ()

    @property
    def has_changes(self) -> bool:
        """Whether anything has changed since the last edition."""
        notes = self.new or self.changed or self.retired or self.gone
        return bool(notes or self.types or self.rearranged or self.merged)


def plan(
    lock: Lock,
    deck: Deck,
    notes: Sequence[Fields],
    types: Mapping[str, NoteType],
    cards: Path,
    now: int,
    accepted: Collection[str] = (),
    reissued: Collection[str] = (),
    highest: int = 0,
) -> Plan:
    """Compare a deck with the lock of its last edition.

    `notes` are all of the deck's, and `cards` is its folder. New and changed notes get the time `now`, in seconds since
    1970, or a second after the newest in the lock. `accepted` are the keys ('code:id') of guards that may pass, and
    `reissued` the ids of notes that get a new time without a change. `highest` is the highest number of an edition, if
    others than the lock's are known.
    """
    path = folder.shown(cards, NAME)
    at_release = [*filter(None, (guards.clock_behind(lock, deck, now, path), guards.older_hipdeck(lock, path)))]
    now = edition_time(now, lock.newest)
    lock, deck_guards = _compare_deck(lock, deck, path, accepted)
    locked_types, type_guards = _compare_types(lock, deck, types, path, now)
    renames, problems = find_renames(lock, deck, path)
    edition = Edition(deck, types, now, frozenset(accepted), path, frozenset(note.guid for note in lock.notes.values()))
    lines, changes = compare_notes(notes, lock, renames, frozenset(reissued), edition)
    unmatched = [old for id_, old in lock.notes.items() if id_ not in lines]
    swapped = find_swapped(unmatched, changes, edition)
    changes += find_missing(unmatched, changes, frozenset(renames.values()), edition)
    lines.update((line.id, line) for change in changes for line in (change.line, change.spent) if line)
    raised = [*deck_guards, *type_guards, *(guard for change in changes for guard in change.guards), *swapped]
    raised += filter(None, [guards.many_changes(lock, deck, len(_ids(changes, "changed")), path)])
    problems += _check_accepted(accepted, {guard.key for guard in [*raised, *at_release]}, path)
    problems += _check_reissued(reissued, lock, lines, path)
    content = hash_deck(deck)
    next_plan = Plan(
        lock=Lock(deck.id, deck.name, content, lock.modified, locked_types, lines, lock.editions, lock.times),
        **{what: _ids(changes, what) for what in ("new", "changed", "retired", "gone", "reworded")},
        types=[role for role, locked in locked_types.items() if locked is not lock.types.get(role)],
        leftovers=[change.search for change in changes if change.search],
        rearranged=(deck.id, deck.name, content) != (lock.deck_id, lock.deck_name, lock.content),
        merged=lock.is_merged,
        guards=[guard for guard in raised if guard.key not in accepted],
        release_guards=[guard for guard in at_release if guard.key not in accepted],
        problems=problems,
    )
    return next_plan._replace(lock=_next_lock(next_plan, now, highest))


def restyle(next_plan: Plan, notes: Sequence[Fields]) -> Plan:
    """A plan with the notes that this hipdeck makes differently, and their hashes in its lock.

    `notes` are those of the deck that aren't retired. This is for releases: no student gets anything else by it.
    """
    lock = next_plan.lock
    lines = find_restyled(notes, lock.notes)
    return next_plan._replace(lock=replace(lock, notes={**lock.notes, **lines}), restyled=list(lines))


def _next_lock(next_plan: Plan, now: int, highest: int) -> Lock:
    """The lock of a plan, with a line for the edition if there's one to make. `highest` is as `plan` takes it."""
    lock = next_plan.lock
    if not next_plan.has_changes:
        return lock
    number = max(highest, lock.last.number if lock.last else 0) + 1
    editions = (*lock.editions, LockedEdition(number, now, __version__))
    return replace(lock, modified=now, editions=editions)


def _ids(changes: Iterable[NoteChange], what: str) -> list[str]:
    return [change.id for change in changes if change.what == what]


def _compare_deck(lock: Lock, deck: Deck, path: str, accepted: Collection[str]) -> tuple[Lock, list[Guard]]:
    """The lock that the deck is compared with, and the guards for the deck's id and name."""
    raised = []
    if guard := guards.changed_deck_id(lock, deck, path):
        raised.append(guard)
        if guard.key in accepted:
            lock = Lock()  # Another id is another deck: nothing of the old one carries over.
    if guard := guards.renamed_deck(lock, deck, path):
        raised.append(guard)
    return lock, raised


def _compare_types(
    lock: Lock, deck: Deck, types: Mapping[str, NoteType], path: str, now: int
) -> tuple[dict[str, LockedType], list[Guard]]:
    """The note types as the next lock has them, by role, and a guard for each that has other fields or templates."""
    lines = {}
    raised = []
    for role, note_type in types.items():
        schema, content = hash_schema(note_type), hash_type(note_type)
        # Another deck has other note types: its guard says so already.
        old = lock.types.get(role) if lock.deck_id == deck.id else None
        if old and old.schema != schema:
            raised.append(guards.changed_note_type(note_type, path))
        same = old and (old.content, old.schema) == (content, schema)
        lines[role] = old if old and same else LockedType(role, content, schema, now)
    return lines, raised


def _check_accepted(accepted: Collection[str], raised: Collection[str], path: str) -> list[Diagnostic]:
    """An error for each `--accept` that names no guard."""
    return [
        error("nothing-to-accept", Place(path), f"--accept {key} matches nothing", _hint_for(key, raised))
        for key in sorted(accepted)
        if key not in raised
    ]


def _check_reissued(
    reissued: Collection[str], lock: Lock, lines: Mapping[str, LockedNote], path: str
) -> list[Diagnostic]:
    """An error for each `--reissue` that names no note that students have."""
    if not reissued:
        return []
    active = {id_: line for id_, line in lines.items() if not line.retired and id_ in lock.notes}
    return [
        error("nothing-to-reissue", Place(path), f"--reissue {id_} matches no released note", _hint_for(id_, active))
        for id_ in sorted({*reissued} - active.keys())
    ]


def _hint_for(value: str, known: Collection[str]) -> str:
    return did_you_mean(value, known) or "leave the option out"

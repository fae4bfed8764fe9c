"""Editions: what has changed since the last one, what that would do to students, and the lock of the next.

A student's Anki takes a note from a package when the package's modification time is the newer one
(rslib/src/import_export/package/apkg/import/notes.rs). So a note keeps its time until its author changes it, and
everything here follows from comparing what the author wrote with the hashes in the lock.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from functools import cache
from pathlib import Path

from hipdeck import folder
from hipdeck.cloze import clozes
from hipdeck.diagnostics import Diagnostic, Place, error, suggestion, warning
from hipdeck.fields import Fields
from hipdeck.lock import NAME, Lock, LockedNote, LockedType
from hipdeck.note_types import NoteType, guid
from hipdeck.notes import Deck, Note


@dataclass(frozen=True)
class Guard:
    """A change that would hurt students. `--accept code:id` lets it pass."""

    code: str
    id: str
    diagnostic: Diagnostic


@dataclass(frozen=True)
class Plan:
    """What the next edition would be. Ids in study order; `lock` is the lock as it would then stand."""

    lock: Lock
    new: Sequence[str] = ()
    changed: Sequence[str] = ()
    retired: Sequence[str] = ()
    gone: Sequence[str] = ()
    types: Sequence[str] = ()
    guards: Sequence[Guard] = ()
    problems: Sequence[Diagnostic] = field(default_factory=list)

    @property
    def is_draft(self) -> bool:
        """Whether anything has changed since the last edition."""
        return bool(self.new or self.changed or self.retired or self.gone or self.types)


def plan(
    lock: Lock,
    deck: Deck,
    fields: Sequence[Fields],
    types: Mapping[str, NoteType],
    cards: Path,
    now: int,
    accepted: Collection[str] = (),
    reissued: Collection[str] = (),
) -> Plan:
    """Compare a deck with the lock of its last edition.

    `now` is the time that new and changed notes get, in seconds since 1970; `accepted` holds 'code:id' of guards that
    may pass, and `reissued` the ids of notes that get a new time though nothing of them has changed.
    """
    made = _Plan(lock, deck, cards, now, set(accepted), set(reissued))
    made.compare_deck(types)
    for one in fields:
        made.compare(one)
    made.miss()
    return made.finished()


def content(one: Fields, deck: Deck) -> str:
    """A hash of what the author wrote for a note: not of its HTML, so that a better renderer re-dates nothing."""
    note = one.note
    citation = note.citation
    source = deck.sources.get(citation.source) if citation and deck.sources else None
    written = [
        note.form,
        [note.question, note.answer, sorted(note.choices), note.cloze, note.why],
        [citation.locator if citation else "", *(source or ())],
        [note.kind, note.section.title, deck.tags(note), note.reverse],
        [picture.sha256 for picture in one.pictures],
    ]
    return _hash(written)


def hidden(one: Fields) -> dict[str, str]:
    """The card numbers of a cloze note, each with a hash of the text that its card hides."""
    texts: dict[str, list[str]] = {}
    for cloze in clozes(one.note.cloze)[0]:
        for number in cloze.numbers:
            texts.setdefault(str(number), []).append(cloze.inner.split("::")[0])
    return {number: _hash(texts[number])[:8] for number in sorted(texts, key=int)}


def utc(seconds: int) -> datetime:
    """A time of the lock as a date and time, in UTC wherever hipdeck runs."""
    return datetime.fromtimestamp(seconds, tz=timezone.utc)


def updated_tag(deck: Deck, note: LockedNote) -> list[str]:
    """The tag of a note that has changed since students first got it: the month of its last change, in UTC."""
    if note.modified == note.added:
        return []
    return [f"{deck.id}::updated::{_month(note.modified)}"]


@cache
def _month(seconds: int) -> str:
    return f"{utc(seconds):%Y-%m}"


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def _hash(value: object) -> str:
    return hashlib.sha256(_encode(value).encode("utf-8", "surrogatepass")).hexdigest()[:24]


class _Plan:
    """The comparison at work: it goes through the deck once and fills in the next lock."""

    def __init__(self, lock: Lock, deck: Deck, cards: Path, now: int, accepted: set[str], reissued: set[str]) -> None:
        self.old = lock
        self.deck = deck
        self.now = now
        self.accepted = accepted
        self.reissued = reissued
        self.path = folder.shown(cards, NAME)
        self.notes: dict[str, LockedNote] = {}
        self.types: dict[str, LockedType] = {}
        self.lists: dict[str, list[str]] = {"new": [], "changed": [], "retired": [], "gone": [], "types": []}
        self.guards: list[Guard] = []
        self.problems: list[Diagnostic] = []
        self.used: set[str] = set()
        self.by_id = {note.id: note for note in deck.notes}
        self.renamed: dict[str, Note] = {}
        self.guids = {note.guid for note in lock.notes.values()}

    def guard(self, code: str, id_: str, place: Place, message: str, consequence: str, hint: str) -> bool:
        """Raise a guard unless it is accepted; whether it is."""
        key = f"{code}:{id_}"
        self.used.add(key)
        if key in self.accepted:
            return True
        hint = f"{hint}, or release with --accept {key}"
        self.guards.append(Guard(code, id_, warning(code, place, message, hint, consequence)))
        return False

    def compare_deck(self, types: Mapping[str, NoteType]) -> None:
        """The deck's own line and the note types."""
        old, deck = self.old, self.deck
        place = deck.document.at if deck.document else lambda *_: Place(self.path)
        if old.deck_id and old.deck_id != deck.id:
            message = f"the deck's id was '{old.deck_id}' in the last edition"
            consequence = "students get every note a second time, without their progress"
            if self.guard("deck-id", deck.id, place("id"), message, consequence, f"write id: {old.deck_id}"):
                # Another id is another deck: nothing of the old one carries over.
                self.old = old = Lock()
                self.guids.clear()
        if old.deck_id and old.deck_name != deck.name:
            message = f"the deck was called '{old.deck_name}' in the last edition"
            consequence = "students get new notes in a second deck; the cards they have stay in the first"
            self.guard("deck-renamed", deck.id, place("deck"), message, consequence, f"write deck: {old.deck_name}")
        for role, note_type in types.items():
            # The order of fields and templates is theirs for ever; ids, so that a name may change.
            schema = _hash([[one.id for one in note_type.fields], [one.id for one in note_type.templates]])
            sides = [[one.name, one.front, one.back] for one in note_type.templates]
            whole = _hash([note_type.name, [one.name for one in note_type.fields], sides, note_type.css])
            known = old.types.get(role)
            if known and known.schema != schema:
                message = f"the note type '{note_type.name}' has other fields or templates than in the last edition"
                consequence = "no note that students have is updated any more; they get a second note type"
                self.guard("note-type", role, Place(self.path), message, consequence, "use the hipdeck of that edition")
            same = known and (known.content, known.schema) == (whole, schema)
            if not same:
                self.lists["types"].append(role)
            self.types[role] = LockedType(role, whole, schema, known.modified if same and known else self.now)

    def compare(self, one: Fields) -> None:
        """One note of the deck."""
        note = one.note
        known, renamed = self._known(note)
        written = content(one, self.deck)
        as_released = known and known.content == written and not (renamed or known.retired or note.retired)
        if known and as_released and note.id not in self.reissued:
            # What is as the last edition has it raises no guard either.
            self.notes[note.id] = known
            return
        found = LockedNote(
            note.id,
            known.guid if known else self._new_guid(note.id),
            written,
            known.added if known else self.now,
            self.now,
            hidden(one) if note.form == "cloze" else {},
            note.reverse,
            note.retired,
        )
        if note.retired:
            # A retired note that no student has needs no line: it may go without a word.
            if known and known.retired:
                self.notes[note.id] = replace(known, id=note.id)
            elif known:
                self.lists["retired"].append(note.id)
                self.notes[note.id] = replace(found, content=known.content)
        elif known is None:
            self.lists["new"].append(note.id)
            self.notes[note.id] = found
        else:
            self.lists["changed"].append(note.id)
            self.notes[note.id] = self._guarded(note, known, found)

    def _known(self, note: Note) -> tuple[LockedNote | None, bool]:
        """The note's line in the lock, by its id or by the one it had before; and whether that was another id."""
        known = self.old.notes.get(note.id)
        if not note.was:
            return known, False
        place = note.at("was")
        other = self.renamed.setdefault(note.was, note)
        if note.was in self.by_id:
            message = f"'{note.was}' is still the id of another note"
            self.problems.append(error("was", place, message, "delete that note, or this 'was'"))
        elif other is not note:
            message = f"note '{other.id}' was '{note.was}' too, and only one note can have its progress"
            self.problems.append(error("was", place, message, "delete 'was' from one of the two"))
        elif known is None and note.was not in self.old.notes:
            message = f"no edition has a note '{note.was}'"
            released = [name for name in self.old.notes if name not in self.by_id]
            near = suggestion(note.was, released[:500])
            hint = near if near.startswith("did") else "delete 'was': a note that was never released can change its id"
            self.problems.append(error("was", place, message, hint))
        elif known is None:
            return self.old.notes[note.was], True
        return known, False

    def _new_guid(self, note_id: str) -> str:
        """The GUID of a note that is new: not that of another note which once had its id and kept its progress."""
        while (found := guid(self.deck.id, note_id)) in self.guids:
            note_id += "\0"
        return found

    def _guarded(self, note: Note, known: LockedNote, found: LockedNote) -> LockedNote:
        """The note's next line, with what its changes would do to students who have it."""
        if bool(known.clozes) != bool(found.clozes):
            consequence = "Anki cannot turn the one into the other: the note is not updated, and its progress is stuck"
            message = f"note '{note.id}' was {'a cloze' if known.clozes else 'a question'} in the last edition"
            if self.guard("form", note.id, note.at(), message, consequence, "retire it and write a note with a new id"):
                # Students keep the old note as it is, and get this one beside it.
                form = "cloze" if found.clozes else "question"
                return replace(found, guid=guid(self.deck.id, f"{note.id}\0{form}"), added=self.now)
            return found
        if known.clozes:
            self._guard_clozes(note, known.clozes, found.clozes)
        if known.reverse and not found.reverse:
            message = f"note '{note.id}' had a reverse card in the last edition"
            consequence = "students keep the reverse card, and it is empty"
            self.guard("lost-reverse", note.id, note.at(), message, consequence, "write reverse: true")
        return found

    def _guard_clozes(self, note: Note, old: Mapping[str, str], new: Mapping[str, str]) -> None:
        lost = [number for number in old if number not in new]
        moved = [
            number
            for number, text in old.items()
            if number in new and new[number] != text and (text in new.values() or new[number] in old.values())
        ]
        if lost:
            message = f"note '{note.id}' has lost the cloze c{lost[0]} of the last edition"
            consequence = "students keep its card, and it is empty"
            hint = f"keep a cloze c{lost[0]}"
        elif moved:
            message = f"the clozes of note '{note.id}' are numbered otherwise than in the last edition"
            consequence = f"the progress of card c{moved[0]} moves to another text"
            hint = "give each text its old number, and new ones higher numbers"
        else:
            return
        self.guard("clozes", note.id, note.at("cloze"), message, consequence, hint)

    def miss(self) -> None:
        """The notes of the lock that the deck does not have any more."""
        fresh = {self.notes[id_].content: id_ for id_ in self.lists["new"]}
        for id_, known in self.old.notes.items():
            if id_ in self.by_id or id_ in self.renamed:
                continue
            if known.retired:
                self.notes[id_] = known
                continue
            place = Place(self.path, known.line)
            twin = fresh.get(known.content)
            if twin:
                message = f"note '{id_}' of the last edition looks renamed to '{twin}'"
                consequence = "students get it a second time, without their progress"
                accepted = self.guard("renamed", id_, place, message, consequence, f"add 'was: {id_}' to '{twin}'")
            else:
                message = f"note '{id_}' of the last edition is gone"
                consequence = "students who have it keep it, and it never changes again"
                hint = "restore it, mark it `retired: reason`"
                if self.lists["new"]:
                    hint += f", add 'was: {id_}' where it has a new id"
                accepted = self.guard("gone", id_, place, message, consequence, hint)
            self.lists["gone"].append(id_)
            self.notes[id_] = replace(known, modified=self.now, retired="gone") if accepted else known

    def finished(self) -> Plan:
        """The plan; an error for each `--accept` or `--reissue` that meets nothing."""
        deck_changed = (self.old.deck_id, self.old.deck_name) != (self.deck.id, self.deck.name)
        modified = self.now if deck_changed else self.old.modified
        lock = Lock(self.deck.id, self.deck.name, modified, self.types, self.notes)
        for key in sorted(self.accepted - self.used):
            message = f"there is nothing for --accept {key}"
            self.problems.append(error("nothing-to-accept", Place(self.path), message, _instead(key, self.used)))
        active = [id_ for id_, note in self.notes.items() if not note.retired and id_ in self.old.notes]
        for id_ in sorted(self.reissued - set(active)):
            message = f"there is no released note for --reissue {id_}"
            self.problems.append(error("nothing-to-reissue", Place(self.path), message, _instead(id_, active)))
        return Plan(lock, **self.lists, guards=self.guards, problems=self.problems)


def _instead(value: str, known: Collection[str]) -> str:
    near = suggestion(value, list(known)[:500])
    return near if near.startswith("did") else "leave the option out"

"""Editions: what has changed since the last one, what that would do to students, and the lock of the next.

A student's Anki takes a note from a package when the package's modification time is the newer one
(rslib/src/import_export/package/apkg/import/notes.rs). So a note keeps its time until its author changes it, and
everything here follows from comparing what the author wrote with the hashes in the lock.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from hipdeck.deck.notes import Deck, Note
from hipdeck.diagnostics import Diagnostic, Place, error, suggestion, warning
from hipdeck.editions import content
from hipdeck.editions.lock import NAME, Lock, LockedNote, LockedType
from hipdeck.render.fields import Fields
from hipdeck.render.note_types import NoteType, guid
from hipdeck.source import folder


class Guard(NamedTuple):
    """A change that would hurt students. `--accept code:id` lets it pass."""

    code: str
    id: str
    diagnostic: Diagnostic


class Plan(NamedTuple):
    """What the next edition would be. Ids in study order; `lock` is the lock as it would then stand."""

    lock: Lock
    new: Sequence[str] = ()
    changed: Sequence[str] = ()
    retired: Sequence[str] = ()
    gone: Sequence[str] = ()
    types: Sequence[str] = ()
    left: Sequence[str] = ()
    """Searches for Anki's Browse window, each for a note that students keep and no edition has any more."""
    rearranged: bool = False
    """Whether the study order or the deck's name, id or description has changed."""
    guards: Sequence[Guard] = ()
    problems: Sequence[Diagnostic] = ()

    @property
    def is_draft(self) -> bool:
        """Whether anything has changed since the last edition."""
        return bool(self.new or self.changed or self.retired or self.gone or self.types or self.rearranged)


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
        self.lists: dict[str, list[str]] = {
            "new": [],
            "changed": [],
            "retired": [],
            "gone": [],
            "types": [],
            "left": [],
        }
        self.type_names: dict[bool, str] = {}
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
        self.type_names = {one.cloze: one.name for one in types.values()}
        for role, note_type in types.items():
            schema, whole = content.of_schema(note_type), content.of_type(note_type)
            # Another deck has other note types: that is said already.
            known = old.types.get(role) if old.deck_id == deck.id else None
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
        written = content.of_note(one, self.deck)
        as_released = known and known.content == written and not (renamed or known.retired or note.retired)
        if known and as_released and note.id not in self.reissued:
            # What is as the last edition has it raises no guard either.
            self.notes[note.id] = known
        elif note.retired:
            # A retired note that no student has needs no line: it may go without a word.
            if known and known.retired:
                self.notes[note.id] = known._replace(id=note.id)
            elif known:
                self.lists["retired"].append(note.id)
                self.lists["left"].append(f"Id:{known.id}")
                # The rest of the line stays as students have the note, should it ever come back.
                self.notes[note.id] = known._replace(id=note.id, modified=self.now, retired=note.retired)
        elif known is None:
            self.lists["new"].append(note.id)
            self.notes[note.id] = self._line(one, written, self._new_guid(note.id), self.now)
        else:
            self._changed(one, known, self._line(one, written, known.guid, known.added))

    def _line(self, one: Fields, written: str, guid: str, added: int) -> LockedNote:
        note = one.note
        hidden = content.of_clozes(one) if note.form == "cloze" else {}
        return LockedNote(note.id, guid, written, added, self.now, hidden, note.reverse)

    def _known(self, note: Note) -> tuple[LockedNote | None, bool]:
        """The note's line in the lock, by its id or by the one it had before; and whether that was another id."""
        known = self.old.notes.get(note.id)
        if not note.was:
            return known, False
        before = self.old.notes.get(note.was)
        place, hint = note.at("was"), "delete 'was'"
        if note.was == note.id:
            message = "this is the note's own id"
        elif note.was in self.by_id:
            message, hint = f"'{note.was}' is still the id of another note", "delete that note, or this 'was'"
        elif note.was in self.renamed:
            message = f"note '{self.renamed[note.was].id}' was '{note.was}' too, and only one can have its progress"
        elif before and known:
            message = f"students have '{note.id}' already, and it cannot have the progress of '{note.was}' as well"
            hint = f"delete 'was', and keep '{note.was}' as a note with `retired: reason`"
        elif before:
            self.renamed[note.was] = note
            return before, True
        elif known:
            # An edition has made the change of name already.
            return known, False
        elif not self.old.deck_id:
            message = f"there is no {self.path}, so that nobody knows whether students have a note '{note.was}'"
            hint = f"bring the lock back where an edition was handed out: git checkout -- {self.path}"
        else:
            message = f"no edition has a note '{note.was}'"
            released = [name for name in self.old.notes if name not in self.by_id]
            near = suggestion(note.was, released[:500])
            hint = near if near.startswith("did") else "delete 'was': a note that was never released can change its id"
        self.problems.append(error("was", place, message, hint))
        return known, False

    def _new_guid(self, seed: str) -> str:
        """A GUID that no note of any edition has: an id that was given up may belong to another note now."""
        while (found := guid(self.deck.id, seed)) in self.guids:
            seed += "\0"
        self.guids.add(found)
        return found

    def _changed(self, one: Fields, known: LockedNote, found: LockedNote) -> None:
        """A note that students have in another state, with what its change would do to them."""
        note = one.note
        if bool(known.clozes) != bool(found.clozes):
            old, new = ("cloze", "question") if known.clozes else ("question", "cloze")
            consequence = "Anki cannot turn the one into the other: the note is not updated, and its progress is stuck"
            message = f"note '{note.id}' was a {old} in the last edition"
            if self.guard("form", note.id, note.at(), message, consequence, "retire it and write a note with a new id"):
                # Students keep the old note as it is, and get this one beside it.
                self.lists["new"].append(note.id)
                self.lists["left"].append(f'(Id:{known.id} "note:{self.type_names[bool(known.clozes)]}")')
                spent = f"{known.id}:{known.guid}"
                self.notes[spent] = known._replace(id=spent, modified=self.now, retired=f"was a {old}")
                self.notes[note.id] = found._replace(guid=self._new_guid(f"{note.id}:{new}"), added=self.now)
                return
        elif known.clozes:
            self._guard_clozes(note, known.clozes, found.clozes)
        if known.reverse and not found.reverse and not found.clozes:
            message = f"note '{note.id}' had a reverse card in the last edition"
            consequence = "students keep the reverse card, and it is empty"
            self.guard("lost-reverse", note.id, note.at(), message, consequence, "write reverse: true")
        self.lists["changed"].append(note.id)
        self.notes[note.id] = found

    def _guard_clozes(self, note: Note, old: Mapping[str, str], new: Mapping[str, str]) -> None:
        lost = [number for number in old if number not in new]
        # A text that stays where it was has not moved, though another number may have had the same one.
        before = {text for number, text in old.items() if new.get(number) != text}
        after = {text for number, text in new.items() if old.get(number) != text}
        moved = [number for number in old if number in new and new[number] != old[number] and before & after]
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
        """The notes of the lock that the deck does not have any more, or has under another note's id."""
        fresh = {self.notes[id_].content: id_ for id_ in self.lists["new"]}
        taken = {self.notes[id_].content: id_ for id_ in self.lists["changed"]}
        for id_, known in self.old.notes.items():
            if self.notes.get(id_) is known:
                continue  # it is as the last edition has it
            in_deck = id_ in self.by_id or id_ in self.renamed
            if known.retired:
                if not in_deck:
                    self.notes[id_] = known
                continue
            other = taken.get(known.content)
            stays = id_ in self.notes and self.notes[id_].content == known.content
            if other and not stays and known.guid != self.notes[other].guid:
                self._swapped(other, id_)
            if in_deck:
                continue
            place = Place(self.path, known.line)
            twin = fresh.get(known.content)
            if twin:
                message = f"note '{id_}' of the last edition looks renamed to '{twin}'"
                consequence = "students get it a second time, without their progress"
                place = self.by_id[twin].at()
                accepted = self.guard("renamed", id_, place, message, consequence, f"add 'was: {id_}' to '{twin}'")
            else:
                message = f"note '{id_}' of the last edition is gone"
                consequence = "students who have it keep it, and it never changes again"
                hint = "restore it, mark it `retired: reason`"
                if self.lists["new"]:
                    hint += f", add 'was: {id_}' where it has a new id"
                accepted = self.guard("gone", id_, place, message, consequence, hint)
            self.lists["gone"].append(id_)
            self.lists["left"].append(f"Id:{id_}")
            self.notes[id_] = known._replace(modified=self.now, retired="gone") if accepted else known

    def _swapped(self, id_: str, other: str) -> None:
        message = f"note '{id_}' is now what note '{other}' was in the last edition"
        consequence = f"students get the text of '{other}' with their progress on '{id_}'"
        hint = f"give the text its old id, '{other}'"
        self.guard("swapped", id_, self.by_id[id_].at(), message, consequence, hint)

    def finished(self) -> Plan:
        """The plan; an error for each `--accept` or `--reissue` that meets nothing."""
        order = [note.id for note in self.deck.notes if not note.retired]
        lock = Lock(self.deck.id, self.deck.name, content.of_deck(self.deck, order), self.old.modified)
        rearranged = lock != replace(self.old, types={}, notes={})
        modified = self.now if rearranged else self.old.modified
        lock = replace(lock, modified=modified, types=self.types, notes=self.notes)
        for key in sorted(self.accepted - self.used):
            message = f"there is nothing for --accept {key}"
            self.problems.append(error("nothing-to-accept", Place(self.path), message, _instead(key, self.used)))
        if self.reissued:
            active = [id_ for id_, note in self.notes.items() if not note.retired and id_ in self.old.notes]
            for id_ in sorted(self.reissued - set(active)):
                message = f"there is no released note for --reissue {id_}"
                self.problems.append(error("nothing-to-reissue", Place(self.path), message, _instead(id_, active)))
        return Plan(lock, **self.lists, rearranged=rearranged, guards=self.guards, problems=self.problems)


def _instead(value: str, known: Collection[str]) -> str:
    near = suggestion(value, list(known)[:500])
    return near if near.startswith("did") else "leave the option out"

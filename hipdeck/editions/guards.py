"""Guards: changes that would hurt students who have the last edition.

Each function returns a guard if its change has been made, with what it means for students and the way out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from hipdeck.deck.notes import Deck, Note
from hipdeck.diagnostics import Diagnostic, Place, warning
from hipdeck.editions.dates import utc
from hipdeck.editions.lock import Lock, LockedNote
from hipdeck.render.note_types import NoteType

DAY = 86_400
"""Seconds."""


class Guard(NamedTuple):
    """A change that would hurt students. `--accept code:id` lets it pass."""

    code: str
    id: str
    place: Place
    message: str
    consequence: str
    hint: str

    @property
    def key(self) -> str:
        """What `--accept` names it by."""
        return f"{self.code}:{self.id}"

    @property
    def diagnostic(self) -> Diagnostic:
        """The guard as a warning."""
        hint = f"{self.hint}, or release with --accept {self.key}"
        return warning(self.code, self.place, self.message, hint, self.consequence)


def changed_deck_id(lock: Lock, deck: Deck, path: str) -> Guard | None:
    """The deck has another id. `path` is the lock's, as messages name it."""
    if lock.deck_id in ("", deck.id):
        return None
    message = f"the deck's id was '{lock.deck_id}' in the last edition"
    consequence = "students get every note a second time, without their progress"
    return Guard("deck-id", deck.id, _place(deck, "id", path), message, consequence, f"write id: {lock.deck_id}")


def renamed_deck(lock: Lock, deck: Deck, path: str) -> Guard | None:
    """The deck has another name. `path` is the lock's, as messages name it."""
    if not lock.deck_id or lock.deck_name == deck.name:
        return None
    message = f"the deck was called '{lock.deck_name}' in the last edition"
    consequence = "students get new notes in a second deck; the cards they have stay in the first"
    place = _place(deck, "deck", path)
    return Guard("deck-renamed", deck.id, place, message, consequence, f"write deck: {lock.deck_name}")


def clock_behind(lock: Lock, deck: Deck, now: int, path: str) -> Guard | None:
    """The clock is over a day behind the last edition. `now` is what it says, `path` is the lock's in messages."""
    if lock.newest - now <= DAY:
        return None
    clock, last = (f"{utc(time):%Y-%m-%d %H:%M}" for time in (now, lock.newest))
    message = f"the clock says {clock} (UTC), but the last edition is from {last}"
    consequence = "if the edition is dated in the future too, Anki may skip what comes after it until then"
    hint = "set the clock if it's wrong; if it was ahead before, date the edition a second after the last"
    return Guard("clock", deck.id, _place(deck, "deck", path), message, consequence, hint)


def changed_note_type(note_type: NoteType, path: str) -> Guard:
    """A note type has other fields or templates. `path` is the lock's, as messages name it."""
    message = f"the note type '{note_type.name}' has different fields or templates than in the last edition"
    consequence = "the notes that students have can't be updated any more; they get a second note type"
    hint = "use the version of hipdeck that made that edition"
    return Guard("note-type", note_type.role, Place(path), message, consequence, hint)


def changed_form(note: Note, old: LockedNote, new: LockedNote) -> Guard | None:
    """A question has become a cloze, or a cloze a question."""
    if old.role == new.role:
        return None
    message = f"note '{note.id}' was a {old.role} in the last edition"
    consequence = "Anki can't turn one into the other: the note isn't updated, and its progress is stuck"
    hint = "retire it and write a note with a new id"
    return Guard("form", note.id, note.at(), message, consequence, hint)


def lost_cloze(note: Note, old: Mapping[str, str], new: Mapping[str, str]) -> Guard | None:
    """A cloze number is gone. `old` and `new` are the hashes of the hidden texts by card number."""
    lost = next((number for number in old if number not in new), None)
    if lost is None:
        return None
    message = f"note '{note.id}' has lost cloze c{lost} of the last edition"
    consequence = "students keep its card, but it's empty"
    return Guard("clozes", note.id, note.at("cloze"), message, consequence, f"keep a cloze c{lost}")


def moved_cloze(note: Note, old: Mapping[str, str], new: Mapping[str, str]) -> Guard | None:
    """A text has another cloze number. `old` and `new` are the hashes of the hidden texts by card number."""
    # A text that stays where it was hasn't moved, though another number may have, or have had, the same one.
    after = {text for number, text in new.items() if old.get(number) != text}
    moved = next((number for number, text in old.items() if new[number] != text and text in after), None)
    if moved is None:
        return None
    message = f"the clozes of note '{note.id}' are numbered differently than in the last edition"
    consequence = f"the progress of card c{moved} moves to another text"
    hint = "give each text its old number, and new texts higher numbers"
    return Guard("clozes", note.id, note.at("cloze"), message, consequence, hint)


def lost_reverse(note: Note, old: LockedNote) -> Guard | None:
    """A question had a reverse card."""
    if note.reverse or not old.reverse:
        return None
    message = f"note '{note.id}' had a reverse card in the last edition"
    consequence = "students keep the reverse card, but it's empty"
    return Guard("lost-reverse", note.id, note.at(), message, consequence, "write reverse: true")


def swapped_note(note: Note, other: str) -> Guard:
    """A note has the content that another one had, by whose old id it goes."""
    message = f"note '{note.id}' is now what note '{other}' was in the last edition"
    consequence = f"students get the text of '{other}' with their progress on '{note.id}'"
    return Guard("swapped", note.id, note.at(), message, consequence, f"give the text its old id, '{other}'")


def renamed_note(old: str, note: Note) -> Guard:
    """A note is gone, and a new one has its content."""
    message = f"note '{old}' of the last edition seems to be called '{note.id}' now"
    consequence = "students get it a second time, without their progress"
    return Guard("renamed", old, note.at(), message, consequence, f"add 'was: {old}' to '{note.id}'")


def gone_note(old: LockedNote, path: str, is_any_new: bool) -> Guard:
    """A note is gone. `path` is the lock's, as messages name it; `is_any_new` is whether the deck has new notes."""
    message = f"note '{old.id}' of the last edition is gone"
    consequence = "students who have it keep it, and it never changes again"
    hint = "restore it, mark it with `retired: reason`"
    if is_any_new:
        hint += f", add 'was: {old.id}' if it has a new id"
    return Guard("gone", old.id, Place(path, old.line), message, consequence, hint)


def _place(deck: Deck, key: str, path: str) -> Place:
    return deck.document.at(key) if deck.document else Place(path)

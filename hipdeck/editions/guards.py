"""Guards: changes that would hurt students who have the last edition.

Each function returns a guard if its change has been made, with what it means for students and the way out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from hipdeck import __version__
from hipdeck.deck.notes import Deck, Note
from hipdeck.diagnostics import Diagnostic, Place, warning
from hipdeck.editions.dates import utc
from hipdeck.editions.lock import Lock, LockedNote
from hipdeck.render.note_types import NoteType

DAY = 86_400
"""Seconds."""

FEWEST_FOR_MANY = 20
"""Notes that students must have before it's worth a word that most of them change."""


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
    """The deck has another name, not only other capital letters. `path` is the lock's, as messages name it."""
    if not lock.deck_id or lock.deck_name.lower() == deck.name.lower():
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


def older_hipdeck(lock: Lock, path: str) -> Guard | None:
    """This hipdeck is older than the one that made the last edition. `path` is the lock's, as messages name it."""
    version = lock.last.hipdeck if lock.last else ""
    if _numbers(version) <= _numbers(__version__):
        return None
    message = f"hipdeck {version} made the last edition, and this is hipdeck {__version__}"
    consequence = "students may get cards that look as they did before"
    hint = "update hipdeck: pip install --upgrade hipdeck"
    return Guard("hipdeck", version, Place(path), message, consequence, hint)


def many_changes(lock: Lock, deck: Deck, changed: int, path: str) -> Guard | None:
    """Most of the notes that students have would be updated at once. `path` is the lock's, as messages name it."""
    notes = sum(not note.retired for note in lock.notes.values())
    if notes < FEWEST_FOR_MANY or changed * 2 <= notes:
        return None
    message = f"{changed:,} of the {notes:,} notes that students have would be updated at once"
    consequence = "students lose their own edits and tags on all of them"
    hint = "if it comes from a change to the title of a source or section, or to its tags, undo that"
    return Guard("many", deck.id, _place(deck, "deck", path), message, consequence, hint)


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


def reused_note(note: Note, old: LockedNote, new: LockedNote, clozes: Mapping[str, str]) -> Guard | None:
    """A note that was given up has its id back, with another text; or a cloze number that was given up has another.

    `clozes` has the hashes of the hidden texts by card number, as the line of the old note has them.
    """
    if old.retired:
        before, after = {old.content, old.fields, old.heading}, {new.content, new.fields, new.heading}
        if not (before & after) - {""} and not {*old.clozes.values()} & {*clozes.values()}:
            message = f"note '{note.id}' was given up in an earlier edition, and now has another text"
            consequence = "students who still have it get the new text with the progress of the old one"
            return Guard("reused", note.id, note.at(), message, consequence, "give the new note an id of its own")
    reused = next((number for number, text in old.dropped.items() if clozes.get(number, text) != text), None)
    if reused is None:
        return None
    message = f"cloze c{reused} of note '{note.id}' was given up in an earlier edition, and now hides another text"
    consequence = "students get the new gap with the progress of the old one"
    return Guard("reused", note.id, note.at("cloze"), message, consequence, "use a number that the note never had")


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
    hint = f"restore it, retire it with `- {{id: {old.id}, retired: reason}}`"
    if is_any_new:
        hint += f", add 'was: {old.id}' if it has a new id"
    return Guard("gone", old.id, Place(path, old.line), message, consequence, hint)


def _numbers(version: str) -> list[int]:
    """The numbers of a version, to compare it by."""
    return [int(number) for number in re.findall(r"\d+", version)]


def _place(deck: Deck, key: str, path: str) -> Place:
    return deck.document.at(key) if deck.document else Place(path)

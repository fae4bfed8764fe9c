"""Rules for good cards that look for things that are alike: two questions, two tags.

Alike things meet in a bucket, under a key that both have, so that nothing is compared with everything.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator

from hipdeck.deck.notes import Note
from hipdeck.deck.texts import common_beginning
from hipdeck.rules.findings import ActiveNotes, Finding
from hipdeck.rules.words import words

LONGEST_NAME = 60
"""Letters of a tag's last part; nobody mistypes one letter of a longer word."""

_SIGNS = frozenset("+-/^=<>&|~%×÷·")
_ROMAN = frozenset("ivxlcIVXLC")


def duplicate_question(notes: ActiveNotes) -> Iterator[Finding]:
    """Two notes that ask the same thing.

    Why: students answer twice, and if the answers differ, they don't know which of the two is wanted.
    Fails: "Which muscle extends the hip?" in two notes.
    Passes: a question that names what it asks about.
    From: Wozniak's eleventh rule, combat interference.
    """
    for note, other in _alike(notes, lambda note: _asked(note) or note.heading):
        if other.id != note.id:
            message = f"note '{other.id}' at {_where(other)} asks the same thing"
            yield Finding(note, note.heading_place(), message, "delete one, or make the questions more specific")


def similar_question(notes: ActiveNotes) -> Iterator[Finding]:
    """Two questions with the same words, in another order or with other small words.

    Why: students see one and recall the other, and neither is ever learned.
    Fails: "What is an advantage of a squat over a lunge?" and "What is an advantage of a lunge over a squat?"
    Passes: questions that begin with what they ask about: "Squat rather than lunge: what is gained?"
    From: Wozniak's eleventh rule, combat interference.
    """
    for note, other in _alike(notes, lambda note: _gist(note, notes.empty_words)):
        if _asked(other) != _asked(note):
            if words(other.answer) == words(note.answer):
                message = f"note '{other.id}' at {_where(other)} asks the same thing in other words"
                yield Finding(note, note.heading_place(), message, "delete one of the two notes")
            else:
                message = f"note '{other.id}' at {_where(other)} asks for another answer with the same words"
                hint = "reword one, so that its first words tell the two apart"
                yield Finding(note, note.heading_place(), message, hint)


def misspelt_tag(notes: ActiveNotes) -> Iterator[Finding]:
    """A tag that looks like a misspelling of another tag, which is used at least twice as often.

    Why: students who study by tag miss the notes with the misspelled one.
    Fails: `equipment::kettelbell` in one file, `equipment::kettlebell` in two others; `muscle::hamstring` next to
        `muscle::hamstrings`.
    Passes: one spelling for all. What counts as a slip is a plural s, a doubled letter, or two letters exchanged; in a
        tag of seven letters or more, also any other letter except the first and the last of a word. So `tree` can stand
        next to `trie`, `week-1` next to `week-2`, and `part-II` next to `part-III`.
    From: Anki's browser, which lists a misspelled tag next to the right one. The first note with the tag can waive the
        warning.
    """
    uses, first = _count_tags(notes)
    for tag, other in _one_letter_apart(uses):
        message = f"the tag '{_short(tag)}' looks like a misspelling of '{_short(other)}'"
        yield Finding(first[tag], first[tag].tag_place(tag), message, "spell it the same way")


def _alike(notes: ActiveNotes, key: Callable[[Note], str]) -> Iterator[tuple[Note, Note]]:
    """Each note with the same key as an earlier one, and the first note with that key. Notes with an empty key pass.

    Two notes with the same key must have the same gist, too: keys are only worked out for notes that share a gist.
    """
    first_of_gist: dict[int, Note] = {}
    first_of_key: dict[str, Note] = {}
    for note, gist in zip(notes, notes.gists, strict=True):
        earlier = first_of_gist.setdefault(gist, note)
        if earlier is note:
            continue
        first_of_key.setdefault(key(earlier), earlier)
        other = first_of_key.setdefault(key(note), note)
        if key(note) and other is not note:
            yield note, other


def _asked(note: Note) -> str:
    """The words of a question or cloze; all of it if every sign counts."""
    heading = note.heading
    return " ".join(heading.split() if _is_exact(heading) else words(heading))


def _gist(note: Note, empty_words: Collection[str]) -> str:
    """The words that tell what a question is about, sorted; nothing for a cloze."""
    question = note.question
    gist = [word for word in words(question) if word not in empty_words]
    # The order matters in a formula and in code, and a question of nothing but small words has only those.
    return " ".join(sorted(gist)) if gist and _SIGNS.isdisjoint(gist) and not _is_exact(question) else question


def _is_exact(text: str) -> bool:
    """Whether every sign of a text counts: it has code or formulas, or Chinese or Japanese writing."""
    if "`" in text or "\\(" in text or "\\[" in text:
        return True
    return not text.isascii() and any("\u3005" <= sign <= "\u9fff" for sign in text)


def _where(note: Note) -> str:
    place = note.at()
    return f"{place.path}:{place.line}"


def _count_tags(notes: ActiveNotes) -> tuple[Counter[str], dict[str, Note]]:
    """How often each tag, and each tag around it, is written, and the first note that has it."""
    written: Counter[str] = Counter()
    writer: dict[str, Note] = {}
    inherited: set[tuple[str, str]] = set()
    for note in notes:
        for tag in note.tags:
            if tag in note.section.tags:
                # It's written only once, above the notes.
                if (note.section.path, tag) in inherited:
                    continue
                inherited.add((note.section.path, tag))
            written[tag] += 1
            writer.setdefault(tag, note)
    uses: Counter[str] = Counter()
    first: dict[str, Note] = {}
    for tag, number in written.items():
        parts = tag.split("::")
        for end in range(2, len(parts) + 1):
            name = "::".join(parts[:end])
            uses[name] += number
            first.setdefault(name, writer[tag])
    return uses, first


def _one_letter_apart(uses: Counter[str]) -> Iterator[tuple[str, str]]:
    """Each tag that looks misspelled, and the tag that it was probably meant to be.

    Two words that are one letter apart (added, left out, changed, or two exchanged) become the same if a letter is left
    out of both, or of one.
    """
    buckets: dict[int, list[str]] = {}  # by hash, since a deck may have a million of these texts
    for tag in uses:
        parent, _, name = tag.rpartition("::")
        if 3 < len(name) <= LONGEST_NAME:
            for index in range(len(name)):
                buckets.setdefault(hash(f"{parent}::{name[:index]}{name[index + 1 :]}"), []).append(tag)
            buckets.setdefault(hash(tag), []).append(tag)
    misspelled = {}
    for bucket in buckets.values():
        usual = max(bucket, key=lambda tag: uses[tag])
        for tag in bucket:
            if uses[usual] >= 2 * uses[tag] and _looks_misspelled(tag, usual):
                misspelled[tag] = usual
    yield from misspelled.items()


def _looks_misspelled(tag: str, usual: str) -> bool:
    """Whether two tags differ by a slip or a plural. Short words that differ in a letter are words: tree and trie."""
    start = common_beginning(tag, usual)
    end = common_beginning(tag[start:][::-1], usual[start:][::-1])
    wrong, right = tag[start : len(tag) - end], usual[start : len(usual) - end]
    shorter = min(len(tag), len(usual)) - len(tag.rpartition("::")[0]) - len("::")
    if not (wrong + right).isalpha() or not tag[start - 1].isalpha():
        return False
    if _ROMAN.issuperset(_word_around(tag, start)):
        return False
    if {wrong, right} == {"", "s"} and not end:
        return True
    doubled = not (wrong and right) and tag[start - 1] == wrong + right
    exchanged = len(wrong) == 2 and wrong == right[::-1]
    one_letter = len(wrong + right) == 1 or len(wrong) == len(right) == 1
    return (shorter >= 5 and (doubled or exchanged)) or (shorter >= 7 and one_letter and end > 0)


def _word_around(text: str, place: int) -> str:
    """The letters before and after a place in a text."""
    before = next((index for index in range(place, 0, -1) if not text[index - 1].isalpha()), 0)
    after = next((index for index in range(place, len(text)) if not text[index].isalpha()), len(text))
    return text[before:after]


def _short(tag: str) -> str:
    """A tag as its author wrote it, without the deck's own part."""
    return tag.partition("::")[2]

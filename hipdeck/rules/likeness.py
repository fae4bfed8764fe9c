"""Rules of good cards that look for what is alike: two questions, two tags.

Alike things meet in a bucket, by a key that both have; nothing is compared with everything.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from hipdeck.deck.notes import EMPTY_WORDS, Deck, Note, full_tag, words
from hipdeck.diagnostics import Place
from hipdeck.rules.findings import Finding

LONGEST_NAME = 60
"""Letters of a tag that is looked at: a word of so many is no slip of the pen."""

_SIGNS = frozenset("+-/^=<>&|~%×÷·")


def duplicate_question(deck: Deck) -> Iterator[Finding]:
    """Two notes that ask the same thing.

    Why: students are asked twice, and where the answers differ they do not know which of the two is wanted.
    Fails: "Which muscle extends the hip?" in two notes.
    Passes: a question that names what it asks about.
    From: Wozniak's eleventh rule, combat interference.
    """
    for note, other in _alike(deck, lambda one: _asked(one) or one.heading):
        if other.id != note.id:
            message = f"note '{other.id}' at {_where(other)} asks the same"
            yield Finding(note, _heading(note), message, "delete one, or ask more exactly")


def similar_question(deck: Deck) -> Iterator[Finding]:
    """Two questions of the same words, in another order or with other small words.

    Why: the student sees one and recalls the other, and each keeps the other from being learnt.
    Fails: "What is an advantage of a squat over a lunge?" and "What is an advantage of a lunge over a squat?"
    Passes: questions that begin with what they ask about: "Squat rather than lunge: what is gained?"
    From: Wozniak's eleventh rule, combat interference.
    """
    for note, other in _alike(deck, _gist):
        if _asked(other) != _asked(note):
            if words(other.answer) == words(note.answer):
                message = f"note '{other.id}' at {_where(other)} asks the same in other words"
                yield Finding(note, _heading(note), message, "delete one of the two")
            else:
                message = f"note '{other.id}' at {_where(other)} asks with the same words for another answer"
                hint = "word one of them otherwise, so that its first words tell which it is"
                yield Finding(note, _heading(note), message, hint)


def misspelt_tag(deck: Deck) -> Iterator[Finding]:
    """A tag that looks like a misspelling of another, which stands at least twice as often.

    Why: students who study by tag miss the notes that carry the misspelt one.
    Fails: `equipment::kettelbell` in one file, `equipment::kettlebell` in two others; `muscle::hamstring` beside
        `muscle::hamstrings`.
    Passes: one spelling for all. A slip is a plural s, a letter doubled or two exchanged; in a tag of seven letters or
        more any one letter that is not the first of a word or the last. So `tree` may stand beside `trie`, and
        `week-1` beside `week-2`.
    From: Anki's browser, where a misspelt tag stands beside the right one. The first note that has it can waive it.
    """
    written: Counter[str] = Counter()
    writer: dict[str, Note] = {}
    inherited: set[tuple[str, str]] = set()
    for note in deck.notes:
        for tag in note.tags:
            if tag in note.section.tags:
                # Written once, above the notes.
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
    for tag, other in _one_letter_apart(uses):
        message = f"the tag '{_short(tag)}' looks like '{_short(other)}' misspelt"
        yield Finding(first[tag], _tag_place(deck, first[tag], tag), message, "write it like the other")


def _alike(deck: Deck, key: Callable[[Note], str]) -> Iterator[tuple[Note, Note]]:
    """Each note that has the key of an earlier one, and the first that has it; an empty key is none.

    A key must follow from the words that `Deck.gists` hashes: it is made of those notes alone that meet there.
    """
    first: dict[int, Note] = {}
    keys: dict[str, Note] = {}
    for note, gist in zip(deck.notes, deck.gists, strict=True):
        met = first.setdefault(gist, note)
        if met is note:
            continue
        for one in (met, note):
            other = keys.setdefault(key(one), one)
        if key(note) and other is not note:
            yield note, other


def _asked(note: Note) -> str:
    """The words of a question or cloze."""
    return " ".join(words(note.heading))


def _gist(note: Note) -> str:
    """The words of a question that say what it is about, in an order of their own; nothing of a cloze."""
    gist = [word for word in words(note.question) if word not in EMPTY_WORDS]
    # A formula keeps its order, and what has no other words is nothing but its small ones.
    return " ".join(sorted(gist)) if gist and _SIGNS.isdisjoint(gist) else note.question


def _heading(note: Note) -> Place:
    return note.at("cloze" if note.form == "cloze" else "question")


def _where(note: Note) -> str:
    place = note.at()
    return f"{place.path}:{place.line}"


def _one_letter_apart(uses: Counter[str]) -> Iterator[tuple[str, str]]:
    """Each tag that looks misspelt, and the tag that it was meant to be.

    Two words that are one letter apart (added, left out, changed, or two exchanged) become the same when a letter is
    left out of each, or of one.
    """
    buckets: dict[str, list[str]] = {}
    for tag in uses:
        parent, _, name = tag.rpartition("::")
        if 3 < len(name) <= LONGEST_NAME:
            for index in range(len(name)):
                buckets.setdefault(f"{parent}::{name[:index]}{name[index + 1 :]}", []).append(tag)
            buckets.setdefault(tag, []).append(tag)
    found = {}
    for bucket in buckets.values():
        usual = max(bucket, key=lambda tag: uses[tag])
        for tag in bucket:
            if uses[usual] >= 2 * uses[tag] and _looks_misspelt(tag, usual):
                found[tag] = usual
    yield from found.items()


def _looks_misspelt(tag: str, usual: str) -> bool:
    """Whether the two differ by a slip or a plural. Short words that differ in a letter are words: tree and trie."""
    start = _shared(tag, usual)
    end = _shared(tag[start:][::-1], usual[start:][::-1])
    wrong, right = tag[start : len(tag) - end], usual[start : len(usual) - end]
    shorter = min(len(tag), len(usual)) - len(tag.rpartition("::")[0]) - len("::")
    if not (wrong + right).isalpha() or not tag[start - 1].isalpha():
        return False
    if {wrong, right} == {"", "s"} and not end:
        return True
    doubled = not (wrong and right) and tag[start - 1] == wrong + right
    exchanged = len(wrong) == 2 and wrong == right[::-1]
    one = len(wrong + right) == 1 or len(wrong) == len(right) == 1
    return (shorter >= 5 and (doubled or exchanged)) or (shorter >= 7 and one and end > 0)


def _shared(left: str, right: str) -> int:
    """How many letters both begin with."""
    pairs = enumerate(zip(left, right, strict=False))
    return next((index for index, (one, other) in pairs if one != other), min(len(left), len(right)))


def _short(tag: str) -> str:
    """A tag as its author wrote it, without the deck's own before it."""
    return tag.partition("::")[2]


def _tag_place(deck: Deck, note: Note, tag: str) -> Place:
    """Where a tag, or the beginning of one, is written: in the note, or above the notes of its file."""
    document = note.section.document
    own = document.value["notes"][note.index].get("tags", [])
    for path, tags in ((("notes", note.index, "tags"), own), (("tags",), document.value.get("tags", []))):
        for index, written in enumerate(tags):
            if f"{full_tag(deck.id, written)}::".startswith(f"{tag}::"):
                return document.at(*path, index)
    return note.at()

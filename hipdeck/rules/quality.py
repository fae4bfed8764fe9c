"""Rules for good cards that look at one note at a time: is it clear what is asked, and can it be recalled?

They see only the text, so they stay silent if they would often be wrong. Rules that need to know words know English
ones: a deck in another language gets fewer warnings, not wrong ones.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from hipdeck.render.cloze import GAP
from hipdeck.render.markup import prose
from hipdeck.rules.findings import ActiveNotes, Finding
from hipdeck.rules.words import EMPTY_WORDS, words

LONGEST_ANSWER = 40
"""Words that an answer may have."""
LONGEST_LIST = 5
"""Entries that an answer may list."""
LONGEST_LINE = 6
"""Words of a line that may be an entry of a list."""
LONGEST_ENTRY = 4
"""Words between two commas that may be an entry of a list."""

_BULLET = re.compile(r"^[ \t]*(?:[-*+•–]|[0-9]+[.)])\s", re.MULTILINE)
_CODE = re.compile(r"[;{}=`]|\w\(")
_COMMA = re.compile(r"[,;]\s+(?:and\s|or\s)?")
_AND = re.compile(r"\s(?:and|or)\s")
_ASKS = re.compile(
    r"""
      [?？؟]                                        # a question
    | [.:!…。：]\W{0,3}$ | __                       # an instruction, a sentence to complete
    | \b(?:what|which|who|whom|whose|when|where|why|how)\b
    | (?:^|[.:,]\s)\W?(?:name|list|give|describe|explain|define|state|write|draw|complete|compare|calculate|compute
                         |translate|implement|given|using|tell|show|sketch|prove|solve)\b
    | (?:^|:\s)\W?(?:[\w-]+\s){1,2}(?:the|an?|this|that|these|those|each|all|your)\b  # "take the square root of 2"
    | ^\W?(?:[\w-]+\s){1,3}of\s                     # "origin of the hamstrings"
    """,
    re.IGNORECASE | re.VERBOSE,
)
_LETTERS = re.compile(r"[^\W\d_]{2}")


def long_answer(notes: ActiveNotes) -> Iterator[Finding]:
    """An answer of more than 40 words.

    Why: students who recall half of it can't tell whether they were right, and the whole answer comes back for the sake
        of the other half.
    Fails: "What is a hip thrust?", answered by a paragraph on its setup, its movement and its muscles.
    Passes: a note for each of these; or an answer of the few words that the question asks for, and the rest in `why`.
    From: Wozniak's fourth rule, the minimum information principle.
    """
    for note in notes:
        if note.answer.count(" ") + note.answer.count("\n") >= LONGEST_ANSWER:
            count = len(prose(note.answer).split())
            if count > LONGEST_ANSWER and _count_entries(note.answer) <= LONGEST_LIST:
                message = f"the answer has {count} words; more than {LONGEST_ANSWER} are hard to recall and to judge"
                hint = "keep what the question asks for, and move the rest to 'why' or to other notes"
                yield Finding(note, note.at("answer"), message, hint)


def long_list(notes: ActiveNotes) -> Iterator[Finding]:
    """An answer that lists more than five things.

    Why: one entry doesn't lead to the next; students always forget one, and then all of them come back.
    Fails: "Which muscles cross the hip?", answered by the names of eight.
    Passes: "Which two muscles flex the hip?"; a question for each entry; a cloze with a gap for each.
    From: Wozniak's ninth and tenth rules, avoid sets and avoid enumerations.
    """
    for note in notes:
        count = _count_entries(note.answer)
        if count > LONGEST_LIST:
            message = f"the answer lists {count} things; more than {LONGEST_LIST} are hard to recall together"
            hint = "ask for each of them, or write a cloze with a gap for each"
            yield Finding(note, note.at("answer"), message, hint)


def no_question(notes: ActiveNotes) -> Iterator[Finding]:
    """A question that asks nothing.

    Why: students have to guess what is wanted, and years later nobody remembers what it was.
    Fails: "Gluteus maximus"; "insert (sorted array)", answered by "O(n)".
    Passes: "What does the gluteus maximus do at the hip?"; "Origin of the gluteus maximus"; "2^16"; "Draw the hip."
    From: Wozniak's twelfth rule: the wording must lead to one answer. A note with `reverse` is a pair of terms, and
        passes.
    """
    for note in notes:
        question = note.question
        if not question or question[-1] == "?" or note.reverse:
            continue
        question = prose(question)
        if not _ASKS.search(question) and (_LETTERS.search(question) or not question.strip()):
            hint = "say what the student should answer: what, which, where, how many"
            yield Finding(note, note.at("question"), "this doesn't say what it asks for", hint)


def cloze_too_much(notes: ActiveNotes) -> Iterator[Finding]:
    """A cloze card that hides nearly all of its text.

    Why: the rest of the text doesn't say what is asked.
    Fails: "The {{c1::gluteus maximus extends the hip}}."
    Passes: "The {{c1::gluteus maximus}} extends the hip."
    From: Wozniak's fifth rule: a cloze is a sentence with a part left out, and the rest of it is the question.
    """
    for note in notes:
        # Most clozes leave so much text that nothing needs counting.
        if note.form != "cloze" or 2 * len(GAP.sub("", note.cloze)) > max(len(note.cloze), 60):
            continue
        for number, (hidden, shown, telling) in _words_by_card(note.cloze).items():
            if hidden > 2 * shown or not telling:
                message = f"card {number} hides {hidden} of its {hidden + shown} words"
                hint = "hide the one thing to recall, and leave enough to say what is asked"
                yield Finding(note, note.at("cloze"), message, hint)
                break


def missing_source(notes: ActiveNotes) -> Iterator[Finding]:
    """A note without a source, in a deck that declares sources.

    Why: whoever doubts a card must be able to look it up, and whoever revises the deck must know where to look.
    Fails: a note without `source`, in a file without one.
    Passes: `source: openstax section 11.6`, in the note or above the notes of its file; a deck without `sources`.
    From: Wozniak's eighteenth rule, provide sources.
    """
    for note in notes:
        if not note.citation:
            hint = "add 'source: …' to the note or to its file"
            yield Finding(note, note.at(), f"note '{note.id}' has no source", hint)


def _count_entries(answer: str) -> int:
    """How many things an answer lists: as bullets, on short lines, or between commas; 0 if it isn't a list."""
    if answer.count("\n") >= LONGEST_LIST:
        bullets = len(_BULLET.findall(answer))
        if bullets > LONGEST_LIST:
            return bullets
        lines = [line for line in answer.split("\n") if line.strip()]
        short = all(len(line.split()) <= LONGEST_LINE and not _CODE.search(line) for line in lines)
        return len(lines) if short else 0
    if answer.count(",") + answer.count(";") < LONGEST_LIST - 1:
        return 0
    # The first entry may have a lead-in ("They are the …"), and there may be no comma between the last two.
    _first, *others = _COMMA.split(answer)
    others += _AND.split(others.pop()) if others else ()
    return 1 + len(others) if all(len(other.split()) <= LONGEST_ENTRY for other in others) else 0


class _Words(NamedTuple):
    """How many words a card hides, how many it shows, and how many of those say what a text is about."""

    hidden: int
    shown: int
    telling: int


def _words_by_card(cloze: str) -> dict[str, _Words]:
    """The words of each card of a cloze text, by card number."""
    hidden: Counter[str] = Counter()
    telling: Counter[str] = Counter()
    for numbers, text, _ in GAP.findall(cloze):
        own = words(text)
        for number in numbers.split(","):
            hidden[number] += len(own)
            telling[number] += _count_telling(own)
    around = words(GAP.sub(" ", cloze))
    # Each card shows the text around all gaps, and the gaps of the other cards.
    shown, all_telling = len(around) + hidden.total(), _count_telling(around) + telling.total()
    return {number: _Words(hidden[number], shown - hidden[number], all_telling - telling[number]) for number in hidden}


def _count_telling(texts: list[str]) -> int:
    return sum(word not in EMPTY_WORDS for word in texts)

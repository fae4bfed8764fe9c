"""Rules of good cards that look at one note at a time: is it clear what is asked, and can it be recalled?

They see the text alone, so they say nothing where they would often be wrong. Where a rule must know words it knows
English ones: a deck in another language gets fewer warnings, not wrong ones.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from hipdeck.deck.notes import EMPTY_WORDS, Deck, prose, words
from hipdeck.render.cloze import GAP
from hipdeck.rules.findings import Finding

LONGEST_ANSWER = 40
"""Words that an answer may have."""
LONGEST_LIST = 5
"""Entries that an answer may list."""

_BULLET = re.compile(r"^[ \t]*(?:[-*+•–]|[0-9]+[.)])\s", re.MULTILINE)
_CODE = re.compile(r"[;{}=`]|\w\(")
_COMMA = re.compile(r"[,;]\s+(?:and\s|or\s)?")
_ASKS = re.compile(
    r"""
      [?？؟]                                        # a question
    | [.:!…。：]\W{0,3}$ | __                       # an instruction, a sentence to be completed
    | \b(?:what|which|who|whom|whose|when|where|why|how)\b
    | (?:^|[.:,]\s)\W?(?:name|list|give|describe|explain|define|state|write|draw|complete|compare|calculate|compute
                         |translate|implement|given|using|tell|show|sketch|prove|solve)\b
    | (?:^|:\s)\W?(?:[\w-]+\s){1,2}(?:the|an?|this|that|these|those|each|all|your)\b  # "take the square root of 2"
    | ^\W?(?:[\w-]+\s){1,3}of\s                     # "origin of the hamstrings"
    """,
    re.IGNORECASE | re.VERBOSE,
)
_LETTERS = re.compile(r"[^\W\d_]{2}")


def long_answer(deck: Deck) -> Iterator[Finding]:
    """An answer of more than 40 words.

    Why: who recalls half of it cannot say whether that was right, and all of it is asked again for the sake of a part.
    Fails: "What is a hip thrust?", answered by a paragraph on its set-up, its movement and its muscles.
    Passes: a note for each of these; or the few words that are asked for as the answer, and the rest in `why`.
    From: Wozniak's fourth rule, the minimum information principle.
    """
    for note in deck.notes:
        if note.answer.count(" ") + note.answer.count("\n") >= LONGEST_ANSWER:
            count = len(prose(note.answer).split())
            if count > LONGEST_ANSWER and _entries(note.answer) <= LONGEST_LIST:
                message = f"the answer has {count} words; more than {LONGEST_ANSWER} are hard to recall and to judge"
                hint = "keep the words that are asked for, and move the rest to 'why' or to notes of their own"
                yield Finding(note, note.at("answer"), message, hint)


def long_list(deck: Deck) -> Iterator[Finding]:
    """An answer that lists more than five things.

    Why: the entries do not help to recall one another; one is always forgotten, and all are asked again.
    Fails: "Which muscles cross the hip?", answered by the names of eight.
    Passes: "Which two muscles flex the hip?"; a question for each entry; a cloze with a gap for each.
    From: Wozniak's ninth and tenth rules, avoid sets and avoid enumerations.
    """
    for note in deck.notes:
        count = _entries(note.answer)
        if count > LONGEST_LIST:
            message = f"the answer lists {count} things; more than {LONGEST_LIST} are hard to recall together"
            hint = "ask for each of them, or write a cloze with a gap for each"
            yield Finding(note, note.at("answer"), message, hint)


def no_question(deck: Deck) -> Iterator[Finding]:
    """A question that asks nothing.

    Why: the student must guess what is wanted, and years later nobody remembers what it was.
    Fails: "Gluteus maximus"; "insert (sorted array)", answered by "O(n)".
    Passes: "What does the gluteus maximus do at the hip?"; "Origin of the gluteus maximus"; "2^16"; "Draw the hip."
    From: Wozniak's twelfth rule: the wording must lead to one answer. A note with `reverse` is a pair of terms, and
        passes.
    """
    for note in deck.notes:
        question = note.question
        if not question or question[-1] == "?" or note.reverse:
            continue
        question = prose(question)
        if not _ASKS.search(question) and (_LETTERS.search(question) or not question.strip()):
            hint = "say what the student is to answer: what, which, where, how many"
            yield Finding(note, note.at("question"), "this does not say what is asked", hint)


def cloze_too_much(deck: Deck) -> Iterator[Finding]:
    """A cloze card that hides nearly all of its text.

    Why: what is left shown does not say what is asked.
    Fails: "The {{c1::gluteus maximus extends the hip}}."
    Passes: "The {{c1::gluteus maximus}} extends the hip."
    From: Wozniak's fifth rule: a cloze is a sentence with a part left out, and the rest of it is the question.
    """
    for note in deck.notes:
        # Most show so much that no word need be counted.
        if note.form != "cloze" or 2 * len(GAP.sub("", note.cloze)) > max(len(note.cloze), 60):
            continue
        for number, (hidden, shown) in _cards(note.cloze).items():
            if len(hidden) > 2 * len(shown) or all(word in EMPTY_WORDS for word in shown):
                message = f"card {number} hides {len(hidden)} of its {len(hidden) + len(shown)} words"
                hint = "hide the one thing to recall, and leave enough to say what is asked"
                yield Finding(note, note.at("cloze"), message, hint)
                break


def missing_source(deck: Deck) -> Iterator[Finding]:
    """A note that names no source.

    Why: who doubts a card must be able to look it up, and who revises the deck must know what to look into.
    Fails: a note without `source`, in a file without one.
    Passes: `source: openstax section 11.6`, in the note or above the notes of its file.
    From: Wozniak's eighteenth rule, provide sources.
    """
    for note in deck.notes:
        if not note.citation:
            hint = "add 'source: …' to the note or to its file"
            yield Finding(note, note.at(), f"note '{note.id}' names no source", hint)


def _entries(answer: str) -> int:
    """How many things an answer lists: the entries of a list, short lines, or what commas divide; 0 for other texts."""
    if answer.count("\n") >= LONGEST_LIST:
        bullets = len(_BULLET.findall(answer))
        if bullets > LONGEST_LIST:
            return bullets
        lines = [line for line in answer.split("\n") if line.strip()]
        short = all(len(line.split()) <= 6 and not _CODE.search(line) for line in lines)
        return len(lines) if short else 0
    if answer.count(",") + answer.count(";") < LONGEST_LIST - 1:
        return 0
    # What comes first may lead in ("They are the …"), and the last two may have no comma between them.
    _first, *others = _COMMA.split(answer)
    others += re.split(r"\s(?:and|or)\s", others.pop())
    return 1 + len(others) if all(len(other.split()) <= 4 for other in others) else 0


def _cards(cloze: str) -> dict[str, tuple[list[str], list[str]]]:
    """The words that each card of a cloze text hides and shows, by card number."""
    hidden: dict[str, list[str]] = defaultdict(list)
    for numbers, text, _ in GAP.findall(cloze):
        for number in numbers.split(","):
            hidden[number] += words(text)
    shown = words(GAP.sub(" ", cloze))
    return {
        number: (own, shown + [word for other, theirs in hidden.items() if other != number for word in theirs])
        for number, own in hidden.items()
    }

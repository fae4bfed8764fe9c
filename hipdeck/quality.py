"""Rules of good cards that look at one note at a time.

They see the text alone, so they say nothing where they would often be wrong. Where a rule must know words it knows
English ones: a deck in another language gets fewer warnings, not wrong ones.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from hipdeck.findings import Finding
from hipdeck.notes import EMPTY_WORDS, Deck, words

LONGEST_ANSWER = 40
"""Words that an answer may have."""
LONGEST_LIST = 5
"""Entries that an answer may list."""
FEWEST_CHOICES = 3
LONGEST_CLOZE = 40
"""Words of a cloze text from which a small gap is too small."""

_PICTURE = re.compile(r"!\[[^\]]*\]\([^)]*\)|(?<=\])\([^)]*\)")  # and the address of a link
_BULLET = re.compile(r"^\s*(?:[-*+•–]|[0-9]+[.)])\s", re.MULTILINE)
_CODE = re.compile(r"[;{}=`]|\w\(")
_COMMA = re.compile(r"[,;]\s+(?:and\s|or\s)?")
_YES_NO = re.compile(r"(?:yes|no|true|false)\s*(?:[.,;:!(–—\n]|- |$)", re.IGNORECASE)
_OPEN = re.compile(r"\W*(?:what|which|who|whose|why|how)\b", re.IGNORECASE)
_POLAR = re.compile(
    r"\W*(?:is|are|was|were|do|does|did|can|could|will|would|should|has|have|had|must)\s"
    r"(?!you\s)(?!.*\b(?:or|what|which|who|where|when|why|how)\b)[^?]*\?\W*$",
    re.IGNORECASE | re.DOTALL,
)
_ASKS = re.compile(
    r"""
      [?？؟]                                        # a question
    | [.:!…。：]\W*$ | __                           # an instruction, a sentence to be completed
    | \b(?:what|which|who|whom|whose|when|where|why|how)\b
    | (?:^|[.:,]\s)\W*(?:name|list|give|describe|explain|define|state|write|draw|complete|compare|calculate|compute
                         |translate|implement|given|using|tell|show|sketch|prove|solve)\b
    | (?:^|:\s)\W*(?:[\w-]+\s){1,2}(?:the|an?|this|that|these|those|each|all|your)\b  # "take the square root of 2"
    | ^\W*(?:[\w-]+\s){1,3}of\s                     # "origin of the hamstrings"
    """,
    re.IGNORECASE | re.VERBOSE,
)
_SMALL_WORDS = EMPTY_WORDS | {
    "and",
    "but",
    "for",
    "from",
    "into",
    "its",
    "per",
    "than",
    "that",
    "their",
    "this",
    "with",
}
_LETTERS = re.compile(r"[^\W\d_]{2}")
_GAP = re.compile(r"\{\{c([0-9,]+)::(.*?)(?:::(.*?))?\}\}", re.DOTALL)


def long_answer(deck: Deck) -> Iterator[Finding]:
    """An answer of more than 40 words.

    Why: who recalls half of it cannot say whether that was right, and all of it is asked again for the sake of a part.
    Fails: "What is a hip thrust?", answered by a paragraph on its set-up, its movement and its muscles.
    Passes: a note for each of these; or the few words that are asked for as the answer, and the rest in `why`.
    From: Wozniak's fourth rule, the minimum information principle.
    """
    for note in deck.notes:
        if note.answer.count(" ") + note.answer.count("\n") >= LONGEST_ANSWER:
            count = len(_prose(note.answer).split())
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


def yes_no(deck: Deck) -> Iterator[Finding]:
    """A question that is answered by yes or no, or by true or false.

    Why: every second guess is right, and what is learnt is the answer's first word and not its reason.
    Fails: "Does the short head of the biceps femoris extend the hip?"
    Passes: "Which head of the biceps femoris does not extend the hip?"
    From: tests of knowledge in school, where such items tell least; Wozniak's fourth rule asks for what is to be known.
    """
    for note in deck.notes:
        if note.form == "question" and (
            (_YES_NO.match(note.answer) and not _OPEN.match(note.question)) or _POLAR.match(note.question)
        ):
            hint = "ask for the thing itself: which, what, how many, why"
            yield Finding(note, note.at("question"), "yes or no answers this, so every second guess is right", hint)


def answer_in_question(deck: Deck) -> Iterator[Finding]:
    """A question whose words give the answer away.

    Why: the student reads the answer off the card and learns nothing, but is told that it was right.
    Fails: "In which joint does hip extension take place?", answered by "The hip".
    Passes: "Which joint does the gluteus maximus extend?" Alternatives, "a hinge joint or a pivot joint", pass too.
    From: the craft of test questions; a card that can be answered without the knowledge does not test it.
    """
    for note in deck.notes:
        if note.form == "cloze":
            for gap in _GAP.finditer(note.cloze):
                shown = f"{note.cloze[: gap.start()]} {gap[3] or ''} {note.cloze[gap.end() :]}"
                if _gives_away(shown, gap[2]):
                    message = f"'{gap[2]}' is hidden, but the text around it gives it away"
                    yield Finding(note, note.find(gap[0], "cloze"), message, "say the rest in other words")
                    break
        elif len(note.answer) < 80 and " or " not in note.question and _gives_away(note.question, note.answer):
            yield Finding(
                note, note.at("question"), "the words of the question give the answer away", "ask in other words"
            )


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
        question = _prose(question)
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
        if note.form != "cloze" or 2 * len(_GAP.sub("", note.cloze)) > max(len(note.cloze), 60):
            continue
        for number, (hidden, shown) in _cards(note.cloze).items():
            if len(hidden) > 2 * len(shown) or all(word in EMPTY_WORDS for word in shown):
                message = f"card {number} hides {len(hidden)} of its {len(hidden) + len(shown)} words"
                hint = "hide the one thing to recall, and leave enough to say what is asked"
                yield Finding(note, note.at("cloze"), message, hint)
                break


def cloze_too_little(deck: Deck) -> Iterator[Finding]:
    """A cloze that hides nearly nothing: a word such as "the", or less than a twentieth of more than 40 words.

    Why: a gap that grammar fills tests no knowledge; a paragraph is read again and again for the sake of a word.
    Fails: "{{c1::The}} gluteus maximus extends the hip."
    Passes: "The gluteus maximus {{c1::extends}} the hip."
    From: Wozniak's fourth and fifth rules.
    """
    for note in deck.notes:
        if note.form != "cloze":
            continue
        gaps = [gap[1] for gap in _GAP.findall(note.cloze)]
        empty = next((gap for gap in gaps if len(gap) < 10 and EMPTY_WORDS.issuperset(words(gap))), "")
        if empty:
            message = f"'{empty}' is hidden, which nobody has to know"
            yield Finding(note, note.find(f"::{empty}", "cloze"), message, "hide the word that carries the fact")
        elif note.cloze.count(" ") >= LONGEST_CLOZE:
            hidden = len(" ".join(gaps).split())
            total = len(_GAP.sub(r"\2", note.cloze).split())
            if total > LONGEST_CLOZE and 20 * hidden < total:
                message = f"the text has {total} words and hides {hidden} of them"
                yield Finding(note, note.at("cloze"), message, "cut it to the sentence that holds the gap")


def telling_length(deck: Deck) -> Iterator[Finding]:
    """A choice of which the right one is half as long again as every other.

    Why: authors word the right choice with care; students learn to take the longest.
    Fails: `choices: [The toes, The arms, "The heels, with the whole foot on the floor"]`
    Passes: `choices: [The toes, The arms, The heels]`, with the rest in `why`.
    From: the craft of test questions: choices must not differ in what is not asked.
    """
    for note in deck.notes:
        if note.form == "choices":
            right = len(note.answer)
            longest = max((len(choice) for choice in note.choices if choice != note.answer), default=right)
            if right > 1.5 * longest and right - longest > 10:
                message = "the right choice is much longer than the others, which gives it away"
                hint = "shorten it and move the rest to 'why', or say as much in the others"
                yield Finding(note, note.at("answer"), message, hint)


def few_choices(deck: Deck) -> Iterator[Finding]:
    """A choice between two.

    Why: every second guess is right.
    Fails: `choices: [The heels, The toes]`
    Passes: `choices: [The heels, The toes, The outer edges]`; or no choices at all, which asks for more.
    From: the craft of test questions, which takes three or more choices where three can be thought of.
    """
    for note in deck.notes:
        if note.form == "choices" and len(note.choices) < FEWEST_CHOICES:
            hint = "add another that a student might believe, or ask without choices"
            yield Finding(note, note.at("choices"), "with two choices every second guess is right", hint)


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


_STEM = 6
"""Letters by which a word is known in all its forms: interpret, interpreter."""


def _prose(text: str) -> str:
    """A text without its pictures and the addresses of its links."""
    return _PICTURE.sub("", text) if "](" in text else text


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


def _gives_away(text: str, answer: str) -> bool:
    """Whether a text holds all words of an answer, in any of their forms. Numbers and short words give nothing away."""
    folded = _prose(text).casefold()
    telling = []
    for word in words(answer):
        if word not in _SMALL_WORDS:
            # Nearly always the first word settles it.
            if len(word) < 3 or not word.replace("-", "").isalpha() or word[:_STEM] not in folded:
                return False
            telling.append(word[:_STEM])
    beginnings = {word[:_STEM] for word in words(folded) if word not in _SMALL_WORDS}
    return bool(telling) and beginnings.issuperset(telling)


def _cards(cloze: str) -> dict[str, tuple[list[str], list[str]]]:
    """The words that each card of a cloze text hides and shows. None for a text whose clozes nest."""
    gaps = _GAP.findall(cloze)
    if not gaps or any("{{c" in hidden for _, hidden, _ in gaps):
        return {}
    hidden: dict[str, list[str]] = defaultdict(list)
    for numbers, text, _ in gaps:
        for number in numbers.split(","):
            hidden[number] += words(text)
    shown = list(words(_GAP.sub(" ", cloze)))
    return {
        number: (own, shown + [word for other, theirs in hidden.items() if other != number for word in theirs])
        for number, own in hidden.items()
    }

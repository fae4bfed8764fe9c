"""Rules of good cards that find what can be answered without knowing it: by guessing, or from the card itself."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from hipdeck.deck.notes import EMPTY_WORDS, Deck, prose, words
from hipdeck.render.cloze import GAP
from hipdeck.rules.findings import Finding

FEWEST_CHOICES = 3
LONGEST_CLOZE = 40
"""Words of a cloze text; in a longer one a small gap is too small."""
LONGEST_GIVEN = 80
"""Characters of an answer that a question may give away; no question tells all of a longer one."""

_YES_NO = re.compile(r"(?:yes|no|true|false)\s*(?:[.,;:!(–—\n]|- |$)", re.IGNORECASE)
_OPEN = re.compile(r"\W*(?:what|which|who|whose|why|how)\b", re.IGNORECASE)
_POLAR = re.compile(
    r"\W*(?:is|are|was|were|do|does|did|can|could|will|would|should|has|have|had|must)\s"
    r"(?!you\s)(?!.*\b(?:or|what|which|who|where|when|why|how)\b)[^?]*\?\W*$",
    re.IGNORECASE | re.DOTALL,
)
_SMALL_WORDS = EMPTY_WORDS.union(
    ("and", "but", "for", "from", "into", "its", "per", "than", "that", "their", "this", "with")
)
_STEM = 6
"""Letters by which a word is known in all its forms: interpret, interpreter."""


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
            stems = _stems(note.cloze)
            if len(set(stems)) == len(stems):
                continue  # as usual: no word stands twice
            counts = Counter(stems)
            for gap in GAP.finditer(note.cloze):
                hidden = Counter(_telling(gap[2], gap[2]))
                if hidden and all(counts[stem] > hidden[stem] for stem in hidden):
                    message = f"'{gap[2]}' is hidden, but the text around it gives it away"
                    yield Finding(note, note.find(gap[0], "cloze"), message, "say the rest in other words")
                    break
        elif len(note.answer) <= LONGEST_GIVEN and " or " not in note.question:
            telling = _telling(note.answer, note.question)
            if telling and set(telling) <= set(_stems(note.question)):
                message = "the words of the question give the answer away"
                yield Finding(note, note.at("question"), message, "ask in other words")


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
        gaps = [gap[1] for gap in GAP.findall(note.cloze)]
        empty = next((gap for gap in gaps if len(gap) < 10 and EMPTY_WORDS.issuperset(words(gap))), "")
        if empty:
            message = f"'{empty}' is hidden, which nobody has to know"
            yield Finding(note, note.find(f"::{empty}", "cloze"), message, "hide the word that carries the fact")
        elif note.cloze.count(" ") >= LONGEST_CLOZE:
            hidden = len(" ".join(gaps).split())
            total = len(GAP.sub(r"\2", note.cloze).split())
            if total > LONGEST_CLOZE and 20 * hidden < total:
                message = f"the text has {total} words and hides {hidden} of them"
                yield Finding(note, note.at("cloze"), message, "cut it to the sentence that holds the gap")


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


def _telling(answer: str, text: str) -> list[str]:
    """The stems of an answer's words, where each is in the text, and none a number or too short to be given away."""
    folded = text.casefold()
    telling = []
    for word in words(answer):
        if word not in _SMALL_WORDS:
            # Nearly always the first word settles it.
            if len(word) < 3 or word[:_STEM] not in folded or not word.replace("-", "").isalpha():
                return []
            telling.append(word[:_STEM])
    return telling


def _stems(text: str) -> list[str]:
    return [word[:_STEM] for word in words(prose(text)) if word not in _SMALL_WORDS]

"""Rules for good cards that find what can be answered without knowing it: by guessing, or from the card itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hipdeck.deck.notes import Note
from hipdeck.render.cloze import GAP
from hipdeck.rules.findings import ActiveNotes, Finding
from hipdeck.rules.words import SMALL_WORDS, count_words, plain, words

FEWEST_CHOICES = 3
LONGEST_CLOZE = 40
"""Words of a cloze text; in a longer one, a gap of a word or two is too small."""
LONGEST_HINTED = 80
"""Characters of an answer that a question could give away; no question says all of a longer one."""

_YES_NO = re.compile(r"(?:yes|no|true|false)\s*(?:[.,;:!(–—\n]|- |$)", re.IGNORECASE)
_OPEN = re.compile(r"\W*(?:what|which|who|whose|why|how)\b", re.IGNORECASE)
_POLAR = re.compile(
    # "Was" is German for "what".
    r"\W*(?:is|are|was(?=\s(?:the|a|it|this|that|there|he|she)\b)|were|do|does|did|can|could|will|would|should|has|have|had|must)\s"
    r"(?!you\s)(?!.*\b(?:or|what|which|who|where|when|why|how)\b)[^?]*\?\W*$",
    re.IGNORECASE | re.DOTALL,
)
_NAMES = re.compile(r"\([^()]*\)|(?<!^)\b[A-Z][\w-]*")
"""What a question names: alternatives in brackets, and names. Kuwait has a capital that is called after it."""
_STEM = 6
"""Letters by which a word is recognized in all its forms: interpret, interpreter."""


def yes_no(notes: ActiveNotes) -> Iterator[Finding]:
    """A question that can be answered with yes or no, or with true or false.

    Why: every second guess is right, and students learn the answer's first word instead of its reason.
    Fails: "Does the short head of the biceps femoris extend the hip?"
    Passes: "Which head of the biceps femoris does not extend the hip?"
    From: school tests, where such questions show least of what students know; Wozniak's fourth rule.
    """
    for note in notes:
        if note.form == "question" and (
            (_YES_NO.match(note.answer) and not _OPEN.match(note.question)) or _POLAR.match(note.question)
        ):
            message = "this can be answered with yes or no, so every second guess is right"
            hint = "ask for the thing itself: which, what, how many, why"
            yield Finding(note, note.at("question"), message, hint)


def answer_in_question(notes: ActiveNotes) -> Iterator[Finding]:
    """A question whose words give the answer away.

    Why: students read the answer off the card and learn nothing, but Anki counts it as recalled.
    Fails: "In which joint does hip extension take place?", answered by "The hip".
    Passes: "Which joint does the gluteus maximus extend?" Alternatives pass, such as "a hinge joint or a pivot joint",
        and so do names, as in "Which country's capital is Kuwait City?", and a cloze's hint.
    From: the craft of test questions: a card that can be answered without the knowledge doesn't test it.
    """
    for note in notes:
        if note.form == "cloze":
            yield from _repeated_gap(note)
        elif len(note.answer) <= LONGEST_HINTED and " or " not in note.question and "```" not in note.answer:
            stems = _telling_stems(note.answer, note.question)
            if stems and stems <= set(_stems(_NAMES.sub(" ", plain(note.question)))):
                message = "the words of the question give the answer away"
                yield Finding(note, note.at("question"), message, "reword the question")


def _repeated_gap(note: Note) -> Iterator[Finding]:
    """The first gap of a cloze note whose text its card also shows."""
    stems = _stems(note.cloze)
    if len(set(stems)) == len(stems):
        return  # as usual: no word appears twice
    # Imported late: in many decks, no cloze gets here.
    from hipdeck.rules.gaps import repeated_gaps

    for gap in repeated_gaps(plain(note.cloze), _stems):
        if _telling_stems(gap[2], gap[2]):
            message = f"'{gap[2]}' is hidden, but the text around it gives it away"
            yield Finding(note, note.find(gap[0], "cloze"), message, "reword the rest of the text")
            return


def cloze_too_little(notes: ActiveNotes) -> Iterator[Finding]:
    """A cloze that hides next to nothing: a word such as "the", or less than a twentieth of more than 40 words.

    Why: a gap that grammar fills doesn't test knowledge, and nobody should reread a paragraph for the sake of a word.
    Fails: "{{c1::The}} gluteus maximus extends the hip."
    Passes: "The gluteus maximus {{c1::extends}} the hip."
    From: Wozniak's fourth and fifth rules.
    """
    for note in notes:
        if note.form != "cloze":
            continue
        text = plain(note.cloze)
        gaps = [gap[1] for gap in GAP.findall(text)]
        empty = next((gap for gap in gaps if len(gap) < 10 and notes.empty_words.issuperset(words(gap))), "")
        if empty:
            message = f"'{empty}' is hidden, but nobody has to know it"
            yield Finding(note, note.find(f"::{empty}", "cloze"), message, "hide the word that carries the fact")
        elif gaps and note.cloze.count(" ") >= LONGEST_CLOZE:
            hidden = len(" ".join(gaps).split())
            total = count_words(GAP.sub(r"\2", text))
            if total > LONGEST_CLOZE and 20 * hidden < total:
                message = f"the text has {total} words and hides {hidden} of them"
                yield Finding(note, note.at("cloze"), message, "shorten it to the sentence with the gap")


def few_choices(notes: ActiveNotes) -> Iterator[Finding]:
    """A multiple choice between only two.

    Why: every second guess is right.
    Fails: `choices: [The heels, The toes]`
    Passes: `choices: [The heels, The toes, The outer edges]`; or no choices at all, which asks for more.
    From: the craft of test questions: offer three or more choices if you can think of three.
    """
    for note in notes:
        if note.form == "choices" and len(note.choices) < FEWEST_CHOICES:
            hint = "add another that a student might believe, or ask without choices"
            yield Finding(note, note.at("choices"), "with two choices, every second guess is right", hint)


def telling_length(notes: ActiveNotes) -> Iterator[Finding]:
    """A multiple choice whose right choice is over 50% longer than all the others.

    Why: authors word the right choice with care, and students learn to pick the longest.
    Fails: `choices: [The toes, The arms, "The heels, with the whole foot on the floor"]`
    Passes: `choices: [The toes, The arms, The heels]`, with the rest in `why`.
    From: the craft of test questions: choices should differ only in what is asked.
    """
    for note in notes:
        if note.form == "choices":
            right = len(note.answer)
            longest = max((len(choice) for choice in note.choices if choice != note.answer), default=right)
            if right > 1.5 * longest and right - longest > 10:
                message = "the right choice is much longer than the others, which gives it away"
                hint = "shorten it and move the rest to 'why', or make the others as long"
                yield Finding(note, note.at("answer"), message, hint)


def _telling_stems(answer: str, text: str) -> set[str]:
    """The stems of an answer's words, or none if a word isn't in the text, is a number, or is too short to matter."""
    folded = text.casefold()
    stems: set[str] = set()
    for word in words(answer):
        if word not in SMALL_WORDS:
            # Nearly always the first word settles it.
            if len(word) < 3 or word[:_STEM] not in folded or not word.replace("-", "").isalpha():
                return set()
            stems.update(_word_stems(word))
    return stems


def _stems(text: str) -> list[str]:
    return [stem for word in words(text) if word not in SMALL_WORDS for stem in _word_stems(word)]


def _word_stems(word: str) -> list[str]:
    return [part[:_STEM] for part in word.split("-") if part]

"""Rules for good cards that look at one note at a time: is it clear what is asked, and can it be recalled?

They see only the text, so they stay silent if they would often be wrong. Rules that need to know words know English
ones: a deck in another language gets fewer warnings, not wrong ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from hipdeck.console import plural
from hipdeck.render.cloze import GAP
from hipdeck.rules.findings import ActiveNotes, Finding
from hipdeck.rules.words import FORMULA, count_words, plain, words

LONGEST_ANSWER = 40
"""Words that an answer may have."""
LONGEST_LIST = 5
"""Entries that an answer may list."""
WORDS_OF_A_TERM = 3
"""Words, those in brackets not counted, of a question that may be no more than a term."""
LONGEST_REPLY = 5
"""Words of an answer that doesn't say what was asked, either; a longer one defines the term."""
LONGEST_TERM = 120
"""Characters of such a question, the path of a picture included."""
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_RELATIONS = frozenset(
    (
        *("what", "which", "who", "whom", "whose", "when", "where", "why", "how", "vs", "is", "are", "means", "and"),
        *("or", "of", "in", "on", "for", "to", "from", "by", "with", "at", "as", "per", "between", "after", "before"),
        *("during", "than", "-"),
    )
)
"""Words that say what is asked about a term."""
_TASKS = frozenset(
    (
        *("name", "list", "give", "describe", "explain", "define", "state", "write", "draw", "complete", "compare"),
        *("calculate", "compute", "translate", "implement", "tell", "show", "sketch", "prove", "solve", "convert"),
        *("simplify", "factor", "spell", "label", "identify"),
    )
)
_SIGNS = frozenset("?？؟:…。=→↔—–/&+")
_LETTERS = re.compile(r"[^\W\d_]{2}")


def long_answer(notes: ActiveNotes) -> Iterator[Finding]:
    """An answer of more than 40 words, apart from formulas and blocks of code.

    Why: students who recall half of it can't tell whether they were right, and the whole answer comes back for the sake
        of the other half.
    Fails: "What is a hip thrust?", answered by a paragraph on its setup, its movement and its muscles.
    Passes: a note for each of these; or an answer of the few words that the question asks for, and the rest in `why`.
    From: Wozniak's fourth rule, the minimum information principle.
    """
    for note in notes:
        if note.answer.count(" ") + note.answer.count("\n") >= LONGEST_ANSWER:
            count = count_words(plain(note.answer))
            if count > LONGEST_ANSWER and _count_entries(note.answer) <= LONGEST_LIST:
                message = f"the answer has {count} words; more than {LONGEST_ANSWER} are hard to recall and to judge"
                hint = "keep what the question asks for, and move the rest to 'why' or to other notes"
                yield Finding(note, note.at("answer"), message, hint)


def long_list(notes: ActiveNotes) -> Iterator[Finding]:
    """An answer that lists more than five things, or more than eight in several lists.

    Why: one entry doesn't lead to the next; students always forget one, and then all of them come back.
    Fails: "Which muscles cross the hip?", answered by the names of eight.
    Passes: "Which two muscles flex the hip?"; a question for each entry; a cloze with a gap for each. What stands above
        a list inside a list counts as its heading, and the first row of a table too.
    From: Wozniak's ninth and tenth rules, avoid sets and avoid enumerations.
    """
    for note in notes:
        count = _count_entries(note.answer)
        if count > LONGEST_LIST:
            message = f"the answer lists {count} things; more than {LONGEST_LIST} are hard to recall together"
            hint = "ask for each of them, or write a cloze with a gap for each"
            yield Finding(note, note.at("answer"), message, hint)


def no_question(notes: ActiveNotes) -> Iterator[Finding]:
    """A question that is no more than a term.

    Why: students have to guess what is wanted, and years later nobody remembers what it was.
    Fails: "Gluteus maximus"; "insert (sorted array)", answered by "O(n)".
    Passes: "What does the gluteus maximus do at the hip?"; "Origin of the gluteus maximus"; "Gluteus maximus: origin";
        "Draw the hip."; "2^16"; a single word, which may ask for its translation; a term with its definition.
    From: Wozniak's twelfth rule: the wording must lead to one answer. A note with `reverse` is a pair of terms, and
        passes.
    """
    for note in notes:
        question = note.question
        if not question or question[-1] == "?" or note.reverse or len(question) > LONGEST_TERM:
            continue
        question, answer = plain(question), plain(note.answer)
        if _is_bare(question) and 0 < count_words(answer) <= LONGEST_REPLY and FORMULA not in answer:
            hint = "say what the student should answer: what, which, where, how many"
            yield Finding(note, note.at("question"), "this doesn't say what it asks for", hint)


def cloze_too_much(notes: ActiveNotes) -> Iterator[Finding]:
    """A cloze card that hides all of its text, or all but small words.

    Why: nothing says what is asked.
    Fails: "The {{c1::gluteus maximus extends the hip}}."
    Passes: "The {{c1::gluteus maximus}} extends the hip."; a term and its definition, if a card shows one of the two.
    From: Wozniak's fifth rule: a cloze is a sentence with a part left out, and the rest of it is the question.
    """
    for note in notes:
        # A picture or a block of code shows enough, and so do most clozes without any.
        if note.form != "cloze" or "![" in note.cloze or "```" in note.cloze or len(GAP.sub("", note.cloze)) > 60:
            continue
        # Imported late, as are all modules that few decks need.
        from hipdeck.rules.gaps import cards_without_question

        for card, hidden in cards_without_question(plain(note.cloze), notes.empty_words).items():
            message = f"card {card} hides {plural(hidden, 'word')} and shows nothing that says what is asked"
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
    """How many things an answer lists, if it can be more than it should."""
    if answer.count("\n") < LONGEST_LIST and answer.count(",") + answer.count(";") < LONGEST_LIST - 1:
        return 0
    # Imported late: in many decks, no answer is so long.
    from hipdeck.rules.lists import count_entries

    return count_entries(answer)


def _is_bare(question: str) -> bool:
    """Whether a question is a picture without a word, or a term of two or three words, not counting those in brackets.

    One word may be there to be translated, or an abbreviation, or what a formula stands for.
    """
    if not question.strip():
        return True
    term = _BRACKETS.sub(" ", question)
    if len(question.split()) < 2 or len(term.split()) > WORDS_OF_A_TERM or not _LETTERS.search(term):
        return False
    terms = words(question)
    asks = terms[0] in _TASKS or question.endswith((".", "!")) or "__" in question or FORMULA in question
    return not asks and _RELATIONS.isdisjoint(terms) and _SIGNS.isdisjoint(question)

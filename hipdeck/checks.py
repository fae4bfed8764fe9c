"""The rules that a deck is checked by: each a function from the deck to diagnostics, and a line in `RULES`.

A rule's docstring is its manual. A warning that a note means to have is waived in the note: `allow: {code: reason}`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from hipdeck.diagnostics import Diagnostic, error, suggestion, warning
from hipdeck.notes import Deck, Note


class Finding(NamedTuple):
    """A warning about one note, which that note may waive."""

    note: Note
    diagnostic: Diagnostic


Rule = Callable[[Deck], Iterable[Diagnostic | Finding]]


def check(deck: Deck) -> list[Diagnostic]:
    """What all rules find in a deck, less what its notes allow."""
    found: list[Diagnostic] = []
    used: set[tuple[str, str]] = set()
    for rule in RULES:
        for one in rule(deck):
            if isinstance(one, Finding):
                code = one.diagnostic.code
                if code in one.note.allow:
                    used.add((one.note.id, code))
                    continue
                one = one.diagnostic
            found.append(one)
    return found + list(_unneeded(deck, used))


def duplicate_ids(deck: Deck) -> Iterator[Diagnostic]:
    """Two notes with one id: students would get only one of them.

    Fails: `- id: glute-bridge` in two notes. Passes: an id of its own for each note.
    From: Anki's importer, which knows a note by its GUID, and the GUID follows from the id.
    """
    first: dict[str, Note] = {}
    for note in deck.notes:
        other = first.setdefault(note.id, note)
        if other is not note:
            where = other.at()
            message = f"the id '{note.id}' is already in use at {where.path}:{where.line}:{where.column}"
            yield error("duplicate-id", note.at(), message, "give one of the two notes another id")


def answer_among_choices(deck: Deck) -> Iterator[Diagnostic]:
    """A choice whose answer is none of the choices, or that offers one twice.

    Fails: `choices: [Heels, Toes]` with `answer: Heel`. Passes: `answer: Heels`.
    From: the card, which marks the choice that equals the answer.
    """
    for note in deck.notes:
        if note.form != "choices":
            continue
        if note.answer not in note.choices:
            near = suggestion(note.answer, note.choices)
            hint = near if near.startswith("did") else "write one of the choices, letter for letter"
            yield error("answer-not-a-choice", note.at("answer"), "the answer is none of the choices", hint)
        for index, choice in enumerate(note.choices):
            if choice in note.choices[:index]:
                message = f"the choice '{choice}' stands twice"
                yield error("duplicate-choice", note.at("choices", index), message, "delete one, or change it")


def known_sources(deck: Deck) -> Iterator[Diagnostic]:
    """A source that deck.yaml does not list.

    Fails: `source: gray p. 12` without a source 'gray' in deck.yaml. Passes: `source: gray p. 12` with one.
    From: the card's foot, which shows the source's title.
    """
    reported = set()
    sources = deck.sources
    for note in deck.notes if sources is not None else ():
        citation = note.citation
        if citation and citation.source not in (sources or ()):
            own = "source" in note.section.document.value["notes"][note.index]
            place = note.at("source") if own else note.section.document.at("source")
            if place not in reported:
                reported.add(place)
                hint = suggestion(citation.source, sources or ()) or "list it under 'sources:' in deck.yaml"
                yield error("unknown-source", place, f"unknown source '{citation.source}'", hint)


def tag_spelling(deck: Deck) -> Iterator[Diagnostic]:
    """Two tags that differ in capital letters alone.

    Fails: `equipment::Band` in one note and `equipment::band` in another. Passes: one spelling for both.
    From: Anki, which folds such tags into the one that it met first.
    """
    spelling: dict[str, str] = {}
    for note in deck.notes:
        for tag in (deck.section_tag(note.section), *note.tags):
            parts = tag.split("::")
            for length in range(2, len(parts) + 1):
                part = "::".join(parts[:length])
                other = spelling.setdefault(part.casefold(), part)
                if other != part:
                    message = f"the tags '{other}' and '{part}' differ in capital letters alone"
                    yield error("tag-case", note.at(), message, "write both alike; to Anki they are one tag")
                    break


def section_tags(deck: Deck) -> Iterator[Diagnostic]:
    """Two section files that get the same tag.

    Fails: 'glute bridge.yaml' beside 'glute-bridge.yaml'. Passes: names that differ in more than spaces.
    From: Anki's tags, which hold no space.
    """
    first: dict[str, str] = {}
    for section in deck.sections:
        tag = deck.section_tag(section)
        other = first.setdefault(tag, section.document.path)
        if other != section.document.path:
            message = f"this section and {other} both get the tag '{tag}'"
            yield error("section-tag", section.document.at(), message, "rename one of the two files")


def duplicate_questions(deck: Deck) -> Iterator[Finding]:
    """Two notes that ask the same thing.

    Fails: "Which muscle extends the hip?" in two notes. Passes: a question that names what it asks about.
    From: students, who are asked twice, and do not know which of two answers is wanted.
    """
    first: dict[str, Note] = {}
    for note in deck.notes:
        asked = re.sub(r"\W+", " ", note.heading.casefold()).strip() or note.heading
        other = first.setdefault(asked, note)
        if other is not note and other.id != note.id:
            where = other.at()
            message = f"note '{other.id}' at {where.path}:{where.line} asks the same"
            place = note.at("cloze" if note.form == "cloze" else "question")
            yield Finding(note, warning("duplicate-question", place, message, "delete one, or ask more exactly"))


def missing_sources(deck: Deck) -> Iterator[Finding]:
    """A note that names no source.

    Fails: a note without `source`, in a file without one. Passes: `source: openstax section 11.6`.
    From: the trust of those who study the deck: every fact can be looked up.
    """
    for note in deck.notes:
        if not note.citation:
            hint = "add 'source: …' to the note or to its file"
            yield Finding(note, warning("missing-source", note.at(), f"note '{note.id}' names no source", hint))


RULES: list[Rule] = [
    duplicate_ids,
    answer_among_choices,
    known_sources,
    tag_spelling,
    section_tags,
    duplicate_questions,
    missing_sources,
]

WAIVABLE = ("duplicate-question", "missing-source")


def _unneeded(deck: Deck, used: set[tuple[str, str]]) -> Iterator[Diagnostic]:
    for note in deck.notes:
        for code in note.allow:
            if code not in WAIVABLE:
                place = note.section.document.key_at("notes", note.index, "allow", code)
                yield error("unknown-rule", place, f"no rule '{code}' can be allowed", suggestion(code, WAIVABLE))
            elif (note.id, code) not in used:
                place = note.section.document.key_at("notes", note.index, "allow", code)
                yield warning("unneeded-allow", place, f"the note does not need '{code}' allowed", "delete it")

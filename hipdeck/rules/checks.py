"""The rules that a deck is checked by: each a function from the deck to what it finds, and a line in a table.

`RULES` are about what cannot be right: two notes with one id. `WAIVABLE` are about good cards; a warning of theirs that
a note means to have is waived in the note: `allow: {code: reason}`. A rule's docstring is its manual.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from hipdeck.deck.notes import Deck, Note
from hipdeck.diagnostics import Diagnostic, error, suggestion, warning
from hipdeck.rules import giveaways, likeness, quality
from hipdeck.rules.findings import Rule

_CLOZE = re.compile(r"\{\{c[0-9]+(?:,[0-9]+)*::")
_CODE = re.compile(r"`[^`]*`")


def check(deck: Deck) -> list[Diagnostic]:
    """What all rules find in a deck, less what its notes allow."""
    found = [one for rule in RULES for one in rule(deck)]
    # A retired note is in no edition any more, and the one that replaces it may well ask the same.
    active = replace(deck, notes=tuple(note for note in deck.notes if not note.retired))
    needed = set()
    for code, rule in WAIVABLE.items():
        for note, place, message, hint in rule(active):
            if code in note.allow:
                needed.add((note.id, code))
            else:
                found.append(warning(code, place, message, hint))
    return found + list(_unneeded(deck, needed))


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
        first: dict[str, int] = {}
        for index, choice in enumerate(note.choices):
            if first.setdefault(choice, index) != index:
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
    known: set[str] = set()
    section_tag = {section.path: deck.section_tag(section) for section in deck.sections}
    for note in deck.notes:
        for tag in (section_tag[note.section.path], *note.tags):
            if tag in known:
                continue
            parts = tag.split("::")
            for length in range(2, len(parts) + 1):
                part = "::".join(parts[:length])
                other = spelling.setdefault(part.casefold(), part)
                if other != part:
                    message = f"the tags '{other}' and '{part}' differ in capital letters alone"
                    yield error("tag-case", note.at(), message, "write both alike; to Anki they are one tag")
                    break
            else:
                known.add(tag)


def misplaced_clozes(deck: Deck) -> Iterator[Diagnostic]:
    """A cloze in a question, an answer, a choice or a why.

    Fails: `question: The {{c1::deltoid}} lifts the arm`. Passes: the same behind `cloze:`; braces in `code`.
    From: Anki, which makes gaps in the cloze note type alone. Elsewhere the braces show, so that this is a warning.
    """
    for note in deck.notes:
        if "{{c" not in note.question + note.answer + note.why and not any("{{c" in choice for choice in note.choices):
            continue
        texts: list[tuple[tuple[str | int, ...], str]]
        texts = [(("question",), note.question), (("answer",), note.answer), (("why",), note.why)]
        texts += [(("choices", index), choice) for index, choice in enumerate(note.choices)]
        for keys, text in texts:
            if "{{c" in text and (found := _CLOZE.search(_CODE.sub("", text))):
                message = f"'{found[0]}' makes a gap only in 'cloze'"
                hint = "write 'cloze: …' in place of question and answer, or put the braces in `code`"
                yield warning("misplaced-cloze", note.find(found[0], *keys), message, hint)


def retired_reasons(deck: Deck) -> Iterator[Diagnostic]:
    """A retired note without a reason.

    Fails: `retired: true`. Passes: `retired: the study that it rests on was withdrawn`.
    From: the release notes, which tell students the reason.
    """
    for note in deck.notes:
        if note.retired.casefold() in ("true", "false", "yes", "no"):
            message = f"'{note.retired}' is no reason, and students read it in the release notes"
            hint = "write why the note is no longer in the deck; delete 'retired' where it is"
            yield error("no-reason", note.at("retired"), message, hint)


def section_tags(deck: Deck) -> Iterator[Diagnostic]:
    """Two section files that get the same tag, or one that gets none that Anki keeps.

    Fails: 'glute bridge.yaml' beside 'glute-bridge.yaml', or 'glute::::bridge.yaml'. Passes: names that differ in more
    than spaces.
    From: Anki's tags, which hold no space and no empty part.
    """
    first: dict[str, str] = {}
    for section in deck.sections:
        tag = deck.section_tag(section)
        if not all(tag.split("::")):
            message = f"this section would get the tag '{tag}', and Anki fills its empty part"
            yield error("bad-tag", section.document.at(), message, "rename the file")
        other = first.setdefault(tag, section.document.path)
        if other != section.document.path:
            message = f"this section and {other} both get the tag '{tag}'"
            yield error("section-tag", section.document.at(), message, "rename one of the two files")


def unused_sources(deck: Deck) -> Iterator[Diagnostic]:
    """A source that no note names.

    Why: a list of sources that were not used says more than is true.
    Fails: a source 'gray' in deck.yaml that no `source:` begins with.
    Passes: `source: gray p. 12` in any note or file.
    From: Wozniak's eighteenth rule, provide sources: a source belongs to what came from it.
    """
    used = {note.citation.source for note in deck.notes if note.citation}
    for source in deck.sources or ():
        if source not in used and deck.document:
            hint = "name it in the notes that it is the source of, or delete it"
            place = deck.document.key_at("sources", source)
            yield warning("unused-source", place, f"no note names the source '{source}'", hint)


RULES = (
    duplicate_ids,
    answer_among_choices,
    known_sources,
    misplaced_clozes,
    retired_reasons,
    tag_spelling,
    section_tags,
)

WAIVABLE: dict[str, Rule] = {
    "long-answer": quality.long_answer,
    "long-list": quality.long_list,
    "yes-no": giveaways.yes_no,
    "answer-in-question": giveaways.answer_in_question,
    "no-question": quality.no_question,
    "duplicate-question": likeness.duplicate_question,
    "similar-question": likeness.similar_question,
    "cloze-too-much": quality.cloze_too_much,
    "cloze-too-little": giveaways.cloze_too_little,
    "few-choices": giveaways.few_choices,
    "telling-length": giveaways.telling_length,
    "misspelt-tag": likeness.misspelt_tag,
    "missing-source": quality.missing_source,
}
"""The rules of good cards by code. A note can allow what each of them warns of."""


def _unneeded(deck: Deck, needed: set[tuple[str, str]]) -> Iterator[Diagnostic]:
    for note in deck.notes:
        for code in note.allow:
            if code not in WAIVABLE:
                place = note.section.document.key_at("notes", note.index, "allow", code)
                yield error("unknown-rule", place, f"no rule '{code}' can be allowed", suggestion(code, WAIVABLE))
            elif (note.id, code) not in needed and not note.retired:
                place = note.section.document.key_at("notes", note.index, "allow", code)
                yield warning("unneeded-allow", place, f"the note does not need '{code}' allowed", "delete it")

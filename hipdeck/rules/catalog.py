"""All rules. To add one, write it in one of the modules imported here and enter it in one of the two tables below.

`CORRECTNESS` is about what can't be right, such as two notes with one id. `WAIVABLE` is about good cards: a note can
waive its warnings with `allow: {code: reason}`, and a section or the deck those of all its notes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType

from hipdeck.deck.notes import Deck, Note
from hipdeck.diagnostics import Diagnostic, Place, error, warning
from hipdeck.names import Names
from hipdeck.render.media import Picture
from hipdeck.rules import correctness, giveaways, legibility, likeness, quality
from hipdeck.rules.findings import ActiveNotes, Rule

CORRECTNESS: tuple[Callable[[Deck], Iterable[Diagnostic]], ...] = (
    correctness.duplicate_ids,
    correctness.answer_among_choices,
    correctness.known_sources,
    correctness.misplaced_clozes,
    correctness.retired_reasons,
    correctness.tag_spelling,
    correctness.invisible_characters,
    correctness.section_tags,
)
"""The rules about what can't be right. Each makes its own diagnostics."""

WAIVABLE: dict[str, Rule] = {
    "notation": legibility.notation,
    "emphasis": legibility.emphasis,
    "odd-character": legibility.odd_character,
    "cloze-hint": legibility.cloze_hint,
    "large-picture": legibility.large_picture,
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
"""The rules for good cards by the code of their warnings."""


ENGLISH = frozenset(("yes-no", "answer-in-question", "no-question"))
"""The rules that know English words. Decks in other languages don't get them."""

_NO_PICTURES: Mapping[str, Iterable[Picture]] = MappingProxyType({})


def check(
    deck: Deck, pictures: Mapping[str, Iterable[Picture]] = _NO_PICTURES, is_whole: bool = True
) -> list[Diagnostic]:
    """Everything that the rules say about a deck, except the warnings that are waived.

    `pictures` has those of each note, by the note's id. `is_whole` says that no note was left out for an error;
    otherwise nobody can tell which waivers are unneeded.
    """
    diagnostics = [diagnostic for rule in CORRECTNESS for diagnostic in rule(deck)]
    # No edition has a retired note any more, and the note that replaces it may well ask the same thing.
    notes = ActiveNotes((note for note in deck.notes if not note.retired), deck.is_english)
    notes.pictures = pictures
    waived: list[tuple[Note, str]] = []
    for code, rule in _rules_for(deck):
        for note, place, message, hint in rule(notes):
            if code in note.allow or code in note.section.allow or code in deck.allow:
                waived.append((note, code))
            else:
                diagnostics.append(warning(code, place, message, hint))
    return [*diagnostics, *_check_waivers(deck, waived, is_whole)]


def _rules_for(deck: Deck) -> Iterator[tuple[str, Rule]]:
    """The rules for good cards that suit a deck, with their codes."""
    for code, rule in WAIVABLE.items():
        if (deck.is_english or code not in ENGLISH) and (deck.sources or code != "missing-source"):
            yield code, rule


def _check_waivers(deck: Deck, waived: list[tuple[Note, str]], is_whole: bool) -> Iterator[Diagnostic]:
    """A diagnostic for each entry of `allow` that names no rule, or a rule that doesn't warn about its notes."""
    names = Names(WAIVABLE)
    if deck.document:
        needed = {code for _, code in waived}
        yield from _check_allow(deck.allow, needed, is_whole, "deck", deck.document.key_at, names)
    in_sections = {(note.section.path, code) for note, code in waived}
    for section in deck.sections:
        needed = {code for code in section.allow if (section.path, code) in in_sections}
        yield from _check_allow(section.allow, needed, is_whole, "section", section.document.key_at, names)
    in_notes = {(note.id, code) for note, code in waived}
    for note in deck.notes:
        if note.allow:
            needed = {code for code in note.allow if note.retired or (note.id, code) in in_notes}
            yield from _check_allow(note.allow, needed, is_whole, "note", note.key_at, names)


def _check_allow(
    allow: Mapping[str, str], needed: set[str], is_whole: bool, owner: str, key_at: Callable[..., Place], rules: Names
) -> Iterator[Diagnostic]:
    """A diagnostic for each entry of one `allow` that names no rule, or that isn't needed."""
    for code in allow:
        if code not in WAIVABLE:
            message = f"there's no rule '{code}' to allow"
            yield error("unknown-rule", key_at("allow", code), message, rules.suggestion(code))
        elif is_whole and code not in needed:
            message = f"this {owner} doesn't need to allow '{code}'"
            yield warning("unneeded-allow", key_at("allow", code), message, "delete it")

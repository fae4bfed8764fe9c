"""All rules. To add one, write it in one of the modules imported here and enter it in one of the two tables below.

`CORRECTNESS` is about what can't be right, such as two notes with one id. `WAIVABLE` is about good cards: a note can
waive its warnings with `allow: {code: reason}`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType

from hipdeck.deck.notes import Deck
from hipdeck.diagnostics import Diagnostic, error, suggestion, warning
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


def check(deck: Deck, pictures: Mapping[str, Iterable[Picture]] = MappingProxyType({})) -> list[Diagnostic]:
    """Everything that the rules say about a deck, except the warnings that its notes waive.

    `pictures` has those of each note, by the note's id.
    """
    diagnostics = [diagnostic for rule in CORRECTNESS for diagnostic in rule(deck)]
    # No edition has a retired note any more, and the note that replaces it may well ask the same thing.
    notes = ActiveNotes(note for note in deck.notes if not note.retired)
    notes.pictures = pictures
    waived = set()
    for code, rule in WAIVABLE.items():
        for note, place, message, hint in rule(notes):
            if code in note.allow:
                waived.add((note.id, code))
            else:
                diagnostics.append(warning(code, place, message, hint))
    return [*diagnostics, *_check_waivers(deck, waived)]


def _check_waivers(deck: Deck, waived: set[tuple[str, str]]) -> Iterator[Diagnostic]:
    """A diagnostic for each entry of `allow` that names no rule, or a rule that doesn't warn about its note."""
    for note in deck.notes:
        for code in note.allow:
            if code not in WAIVABLE:
                hint = suggestion(code, WAIVABLE)
                yield error("unknown-rule", note.key_at("allow", code), f"there's no rule '{code}' to allow", hint)
            elif (note.id, code) not in waived and not note.retired:
                message = f"this note doesn't need to allow '{code}'"
                yield warning("unneeded-allow", note.key_at("allow", code), message, "delete it")

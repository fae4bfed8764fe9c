"""Turns a folder's files into a deck."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from hipdeck.deck.deck_file import read_deck_file, study_order
from hipdeck.deck.notes import Deck, Note, Section
from hipdeck.deck.section_file import read_section_file
from hipdeck.diagnostics import Diagnostic
from hipdeck.source import folder

MANY_FILES = 500
"""With more section files than this, their texts are kept compressed: that takes time, and otherwise little memory."""


class Loaded(NamedTuple):
    """A folder's deck, every error in the shape of its files, and how many YAML files those are."""

    deck: Deck
    diagnostics: list[Diagnostic]
    files: int


def load(cards: Path) -> Loaded:
    """The deck in a folder.

    Notes that have an error in their shape are left out of it. The section files are looked through even if deck.yaml
    can't be understood. Raises HipdeckError if there is no folder.
    """
    folder.require(cards)
    files, problems = folder.section_files(cards)
    deck, entries, deck_problems = read_deck_file(cards)
    order, order_problems = study_order(deck, entries, files, cards)
    problems += deck_problems + order_problems
    sections: list[Section] = []
    notes: list[Note] = []
    for path in order:
        section, members, section_problems = read_section_file(
            cards, path, files[path], deck.id, len(files) > MANY_FILES
        )
        problems += section_problems
        notes += members
        if section:
            sections.append(section)
    deck = replace(deck, sections=tuple(sections), notes=tuple(notes))
    return Loaded(deck, problems, len(files) + folder.is_there(cards / folder.DECK))

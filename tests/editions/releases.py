"""A deck with a note of each form, released edition by edition."""

from __future__ import annotations

from pathlib import Path

from hipdeck.commands.release import release
from hipdeck.commands.shared.building import Built
from tests import decks

FIRST = 1_750_000_000
DAY = 86_400
Deck = dict[str, list[decks.Note]]


def a_deck() -> Deck:
    """A question, a cloze, a question with a reverse card and a choice."""
    return {"one": [decks.question(1), decks.cloze(2), decks.question(3, reverse="true"), decks.choice(4)]}


def edition(folder: Path, deck: Deck, number: int, *accepted: str) -> Built:
    """Release an edition of a deck, a day after the one before it."""
    decks.write(folder / "cards", deck)
    return release(folder / "cards", folder / "output", FIRST + number * DAY, accepted=accepted)


def problems(built: Built) -> list[tuple[str, str]]:
    """The codes and messages of a deck's diagnostics."""
    return [(one.code, one.message) for one in built.checked.diagnostics]

"""The deck's name: a student's Anki finds the deck by it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import decks
from tests.editions.stories import Author, student


@pytest.mark.parametrize(
    ("before", "after", "is_same"),
    [("Bridges", "BRIDGES", True), ("Äpfel und Brücken", "äpfel und brücken", True), ("ﬃ", "ffi", False)],
)
def test_other_capital_letters_make_no_second_deck(before: str, after: str, is_same: bool, tmp_path: Path) -> None:
    author = Author(tmp_path)
    decks.write(author.cards, {"one": [decks.question(1)]}, name=before)
    author.release()
    with student(tmp_path) as reader:
        reader.imports(author)
        decks.write(author.cards, {"one": [decks.question(1), decks.question(2)]}, name=after)
        if is_same:
            assert author.hipdeck("check").stderr == ""
            author.release()
        else:
            assert "[deck-renamed]" in author.refused()
            author.release("--accept", "deck-renamed:bridges")
        assert reader.imports(author)["new"] == 1
        others = [deck.name for deck in reader.col.decks.all_names_and_ids() if deck.name != "Default"]
        assert others == ([before] if is_same else [after, before])

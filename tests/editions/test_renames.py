"""`was`: a note with a new id keeps its progress, and each `was` that can't be followed says why."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from hipdeck.commands.release import release
from hipdeck.commands.shared.checking import check
from tests import decks
from tests.editions.releases import FIRST, a_deck, edition, problems
from tests.editions.stories import Author, student


@pytest.mark.parametrize(
    ("was", "message", "hint"),
    [
        ("q3", "'q3' is still the id of another note", "delete that note, or this 'was'"),
        (
            "q33",
            "the last edition has no note 'q33'",
            "write the id that the note has in the last edition; if it's in none, delete 'was'",
        ),
    ],
)
def test_was_names_a_note_that_an_edition_had(was: str, message: str, hint: str, tmp_path: Path) -> None:
    deck = a_deck()
    decks.write(tmp_path / "cards", deck)
    release(tmp_path / "cards", tmp_path / "output", FIRST)
    deck["one"].append(decks.question(9, was=was))
    decks.write(tmp_path / "cards", deck)
    diagnostics = check(tmp_path / "cards", FIRST + 10).diagnostics
    assert [(one.code, one.message, one.hint) for one in diagnostics] == [("was", message, hint)]


def test_was_is_the_id_in_the_last_edition_not_in_an_earlier_one(tmp_path: Path) -> None:
    author = Author(tmp_path)
    author.write({"one": [decks.question(1), decks.question(2)]})
    author.release()
    with student(tmp_path) as reader:
        reader.imports(author)
        author.replace('"id": "q1"', '"id": "bridge", "was": "q1"')
        author.release()
        author.replace('"id": "bridge"', '"id": "hip-bridge"')
        refused = author.refused()
        message = "error: the last edition has no note 'q1': an earlier one renamed it to 'bridge' [was]"
        assert f"cards/one.yaml:4:33: {message}\n" in refused
        assert "  hint: write was: bridge\n" in refused
        author.replace('"was": "q1"', '"was": "bridge"')
        author.release()
        assert reader.imports(author) == {"new": 0, "updated": 1, "duplicate": 1, "conflicting": 0}


def test_only_one_note_can_have_been_another(tmp_path: Path) -> None:
    deck = a_deck()
    decks.write(tmp_path / "cards", deck)
    release(tmp_path / "cards", tmp_path / "output", FIRST)
    deck["one"] = [decks.question(8, was="q1"), decks.question(9, was="q1"), *deck["one"][1:]]
    decks.write(tmp_path / "cards", deck)
    assert [(one.code, one.message) for one in check(tmp_path / "cards", FIRST + 10).diagnostics] == [
        ("was", "note 'q8' was 'q1' too, and only one can have its progress")
    ]


@pytest.mark.parametrize("before", ["released", "retired", "gone"])
def test_a_note_that_students_have_cannot_be_another_as_well(before: str, tmp_path: Path) -> None:
    deck = {"one": [decks.question(1), decks.question(2)]}
    assert edition(tmp_path, deck, 0).written
    if before == "retired":
        deck["one"][1]["retired"] = "a doubt"
        assert edition(tmp_path, deck, 1).written
    elif before == "gone":
        del deck["one"][1]
        assert edition(tmp_path, deck, 1, "gone:q2").written
    deck["one"] = [decks.question(2, was="q1")]
    assert ("was", "students already have 'q2', and it can't have the progress of 'q1' as well") in problems(
        edition(tmp_path, deck, 2)
    )


def test_was_naming_the_note_itself_is_told(tmp_path: Path) -> None:
    deck = {"one": [decks.question(1, was="q1")]}
    assert problems(edition(tmp_path, deck, 0)) == [("was", "this is the note's own id")]


def test_was_without_a_lock_asks_for_the_lock(tmp_path: Path) -> None:
    deck = {"one": [decks.question(1)]}
    assert edition(tmp_path, deck, 0).written
    deck["one"][0] |= {"id": "q2", "was": "q1"}
    (tmp_path / "cards" / "deck.lock").unlink()
    shutil.rmtree(tmp_path / "output")
    refused = edition(tmp_path, deck, 1)
    lock = (tmp_path / "cards" / "deck.lock").as_posix()
    assert problems(refused) == [
        ("was", f"there is no {lock}, so hipdeck can't know whether students have a note 'q1'")
    ]
    assert refused.checked.diagnostics[0].hint.endswith(f"git checkout -- {lock}")

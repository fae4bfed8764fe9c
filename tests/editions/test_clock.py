"""Clocks that are wrong: no time goes back, and no day is lost to a clock that was ahead once."""

from __future__ import annotations

from pathlib import Path

import pytest

from hipdeck.commands.build import build
from hipdeck.commands.release import release
from hipdeck.diagnostics import HipdeckError
from hipdeck.editions.lock_reader import read_lock
from tests import anki, decks
from tests.editions.releases import DAY, FIRST, problems


@pytest.fixture
def released(tmp_path: Path) -> Path:
    """A folder with a deck whose first edition was released, and that was edited since."""
    decks.write(tmp_path / "cards", {"one": [decks.question(1), decks.cloze(2)]})
    release(tmp_path / "cards", tmp_path / "output", FIRST)
    decks.write(tmp_path / "cards", {"one": [decks.question(1, why="New."), decks.cloze(2)]})
    return tmp_path


@pytest.mark.parametrize("late", [0, 1, DAY])
def test_if_the_clock_is_behind_the_edition_is_dated_a_second_after_the_last(late: int, released: Path) -> None:
    with anki.collection(released) as col:
        anki.imported(col, released / "output" / "bridges.apkg")
        anki.age(col, FIRST)
        second = release(released / "cards", released / "output", FIRST - late)
        assert second.written, problems(second)
        assert anki.imported(col, second.package)["updated"] == 1
    lock, _ = read_lock(released / "cards")
    assert lock.notes["q1"].modified == lock.newest == FIRST + 1
    assert lock.last
    assert lock.last.released == FIRST + 1


def test_a_clock_that_is_over_a_day_behind_needs_a_word(released: Path) -> None:
    lock = (released / "cards" / "deck.lock").read_bytes()
    refused = release(released / "cards", released / "output", FIRST - DAY - 1)
    assert problems(refused) == [
        ("clock", "the clock says 2025-06-14 15:06 (UTC), but the last edition is from 2025-06-15 15:06")
    ]
    assert (released / "cards" / "deck.lock").read_bytes() == lock
    built = build(released / "cards", released / "output", FIRST - DAY - 1, strict=True)
    assert built.written, problems(built)
    accepted = release(released / "cards", released / "output", FIRST - DAY - 1, accepted=["clock:bridges"])
    assert accepted.written, problems(accepted)
    assert read_lock(released / "cards")[0].newest == FIRST + 1
    # If nothing has changed, nothing gets a time, and the clock doesn't matter.
    assert release(released / "cards", released / "output", FIRST - DAY - 1).written


def test_a_clock_before_2020_makes_drafts_and_no_edition(tmp_path: Path) -> None:
    decks.write(tmp_path / "cards", {"one": [decks.question(1)]})
    with pytest.raises(HipdeckError, match=r"the clock says 1970-01-01"):
        release(tmp_path / "cards", tmp_path / "output", 0)
    assert not (tmp_path / "cards" / "deck.lock").exists()
    draft = build(tmp_path / "cards", tmp_path / "output", 0)
    assert draft.written
    with anki.collection(tmp_path) as col:
        assert anki.imported(col, draft.package)["new"] == 1
        assert anki.checked(col) == ([], "")

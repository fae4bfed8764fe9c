"""What belongs to an edition besides changed notes, and which notes can be reissued."""

from __future__ import annotations

from pathlib import Path

import pytest

from hipdeck.commands.build import build
from hipdeck.commands.release import release
from tests import anki, decks
from tests.editions.releases import DAY, FIRST, a_deck, edition, problems


@pytest.mark.parametrize("what", ["order", "description"])
def test_the_order_and_the_description_belong_to_the_edition(what: str, tmp_path: Path) -> None:
    deck = {"one": [decks.question(1), decks.question(2)]}
    first = edition(tmp_path, deck, 0)
    before = first.package.read_bytes()
    if what == "order":
        deck["one"].reverse()
        decks.write(tmp_path / "cards", deck)
    else:
        source = tmp_path / "cards" / "deck.yaml"
        source.write_text(source.read_text() + "description: New.\n")
    refused = build(tmp_path / "cards", tmp_path / "output", FIRST + 10, locked=True)
    assert [code for code, _ in problems(refused)] == ["unreleased"]
    assert first.package.read_bytes() == before
    with anki.collection(tmp_path) as col:
        anki.imported(col, first.package)
        second = release(tmp_path / "cards", tmp_path / "output", FIRST + 10)
        assert anki.imported(col, second.package)["updated"] == 0
    assert build(tmp_path / "cards", tmp_path / "output", FIRST + 20, locked=True).written


def test_only_a_note_that_students_have_is_reissued(tmp_path: Path) -> None:
    deck = a_deck()
    deck["one"].append(decks.question(9))
    decks.write(tmp_path / "cards", deck)
    release(tmp_path / "cards", tmp_path / "output", FIRST)
    deck["one"][4]["retired"] = "a doubt"
    decks.write(tmp_path / "cards", deck)
    release(tmp_path / "cards", tmp_path / "output", FIRST + 10)
    refused = release(tmp_path / "cards", tmp_path / "output", FIRST + 20, reissued=["q9", "q11"])
    assert not refused.written
    assert [(one.code, one.hint) for one in refused.checked.diagnostics] == [
        ("nothing-to-reissue", "did you mean 'q1'?"),
        ("nothing-to-reissue", "leave the option out"),
    ]


def test_a_deck_of_another_id_starts_anew(tmp_path: Path) -> None:
    deck = a_deck()
    deck["one"][0]["retired"] = "a doubt"
    assert edition(tmp_path, a_deck(), 0).written
    assert edition(tmp_path, deck, 1).written
    decks.write(tmp_path / "cards", deck, name="Others", deck_id="others")
    both = release(tmp_path / "cards", tmp_path / "output", FIRST + 2 * DAY)
    assert [code for code, _ in problems(both)] == ["deck-renamed", "deck-id"]
    assert both.checked.plan.types == ["question", "cloze"]
    built = release(tmp_path / "cards", tmp_path / "output", FIRST + 2 * DAY, accepted=["deck-id:others"])
    assert built.written, problems(built)
    plan = built.checked.plan
    assert (plan.new, plan.gone, plan.types) == (["c2", "q3", "m4"], [], ["question", "cloze"])
    assert {note.added for note in plan.lock.notes.values()} == {FIRST + 2 * DAY}
    assert "q1" not in plan.lock.notes


def test_what_stays_keeps_its_times_and_what_changes_gets_the_editions(tmp_path: Path) -> None:
    deck = a_deck()
    assert edition(tmp_path, deck, 0).written
    deck["one"][0]["answer"] = "Another."
    deck["one"][3]["retired"] = "a doubt"
    deck["one"].append(decks.question(5))
    plan = edition(tmp_path, deck, 1).checked.plan
    assert (plan.new, plan.changed, plan.retired, plan.rearranged) == (["q5"], ["q1"], ["m4"], True)
    assert {id_: (note.added, note.modified) for id_, note in plan.lock.notes.items()} == {
        "q1": (FIRST, FIRST + DAY),
        "c2": (FIRST, FIRST),
        "q3": (FIRST, FIRST),
        "m4": (FIRST, FIRST + DAY),
        "q5": (FIRST + DAY, FIRST + DAY),
    }
    assert {type_.modified for type_ in plan.lock.types.values()} == {FIRST}
    assert plan.lock.modified == FIRST + DAY
    deck["one"][0]["answer"] = "Yet another."
    plan = edition(tmp_path, deck, 2).checked.plan
    assert (plan.rearranged, plan.lock.modified) == (False, FIRST + 2 * DAY)
    # In the file or not, a retired note is retired once.
    del deck["one"][3]
    plan = edition(tmp_path, deck, 3).checked.plan
    assert (plan.has_changes, plan.lock.notes["m4"].retired) == (False, "a doubt")


def test_a_retired_note_that_nobody_has_is_in_no_lock(tmp_path: Path) -> None:
    plan = edition(tmp_path, {"one": [decks.question(1), decks.question(2, retired="a doubt")]}, 0).checked.plan
    assert (plan.new, plan.retired, [*plan.lock.notes]) == (["q1"], [], ["q1"])


def test_an_option_that_matches_nothing_is_an_error_with_the_near_miss(tmp_path: Path) -> None:
    deck = {"one": [decks.question(1), decks.question(2)]}
    assert edition(tmp_path, deck, 0).written
    del deck["one"][0]
    refused = edition(tmp_path, deck, 1, "gone:q11", "swapped:xyz")
    assert [(one.code, one.message, one.hint) for one in refused.checked.diagnostics][:2] == [
        ("nothing-to-accept", "--accept gone:q11 matches nothing", "did you mean 'gone:q1'?"),
        ("nothing-to-accept", "--accept swapped:xyz matches nothing", "leave the option out"),
    ]

"""Release notes: what students read of an edition."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from hipdeck.commands.release import release
from hipdeck.deck.notes import Deck, Note, Section
from hipdeck.editions.lock import Lock, LockedNote
from hipdeck.editions.plan import Plan
from hipdeck.editions.release_notes import browse_search, release_notes
from hipdeck.source.document import Document
from tests import anki, decks
from tests.editions.releases import FIRST, a_deck, edition


def test_release_notes_show_what_a_stranger_wrote_as_text(tmp_path: Path) -> None:
    deck = {"one": [decks.question(1), {"id": "q2", "question": "Is `<b>` &lt; *it*?", "answer": "So."}]}
    assert edition(tmp_path, deck, 0).written
    deck["one"][0]["retired"] = "<img src=x onerror=alert(1)>\n\n# A heading"
    deck["one"][1]["why"] = "New."
    notes = edition(tmp_path, deck, 1).release_notes
    assert "(`q1`): \\<img src=x onerror=alert(1)\\> \\# A heading\n" in notes
    assert "- Is `\\<b>` \\&lt; *it*? (`q2`)\n" in notes


def test_release_notes_replace_a_link_and_do_not_follow_it(tmp_path: Path) -> None:
    victim = tmp_path / "victim.md"
    victim.write_text("precious")
    (tmp_path / "output").mkdir()
    (tmp_path / "output" / "bridges-release-notes.md").symlink_to(victim)
    assert edition(tmp_path, {"one": [decks.question(1)]}, 0).written
    assert victim.read_text() == "precious"
    assert (tmp_path / "output" / "bridges-release-notes.md").read_text().startswith("# Bridges, edition 1 of ")


def test_a_retired_note_enters_the_release_notes_with_its_reason_and_a_search(tmp_path: Path) -> None:
    deck = a_deck()
    decks.write(tmp_path / "cards", deck)
    release(tmp_path / "cards", tmp_path / "output", FIRST)
    deck["one"][0]["retired"] = "the study was withdrawn"
    deck["one"][3]["answer"] = "worse 4"
    deck["one"].append(decks.question(9))
    del deck["one"][2]
    decks.write(tmp_path / "cards", deck)
    built = release(tmp_path / "cards", tmp_path / "output", FIRST + 86_400, accepted=["gone:q3"])
    assert built.release_notes == (tmp_path / "output" / "bridges-release-notes.md").read_text(encoding="utf-8")
    assert built.release_notes == (
        "# Bridges, edition 2 of 2025-06-16\n"
        "\n"
        "Notes: 1 new, 1 changed, 1 retired.\n"
        "\n"
        "## New\n"
        "\n"
        "### one\n"
        "\n"
        "- Question 9? (`q9`)\n"
        "\n"
        "## Changed\n"
        "\n"
        "### one\n"
        "\n"
        "- Which of 4? (`m4`)\n"
        "\n"
        "## Retired\n"
        "\n"
        "### one\n"
        "\n"
        "- Question 1? (`q1`): the study was withdrawn\n"
        "\n"
        "## What is left behind\n"
        "\n"
        "Importing doesn't remove retired notes. To find their cards in Anki, search for this in Browse:\n"
        "\n"
        '    "tag:bridges::*" (Id:q1 OR Id:q3)\n'
        "\n"
        "Then suspend them. (If you delete a note, its history is lost for good.)\n"
    )


def test_the_search_finds_a_retired_note_by_the_id_that_students_have(tmp_path: Path) -> None:
    deck = {"one": [decks.question(1), decks.question(2)]}
    with anki.collection(tmp_path) as col:
        anki.imported(col, edition(tmp_path, deck, 0).package)
        deck["one"][0] |= {"id": "q3", "was": "q1", "retired": "a doubt"}
        second = edition(tmp_path, deck, 1)
        search = browse_search(second.checked.deck, second.checked.plan.leftovers)
        assert [col.get_note(one)["Id"] for one in col.find_notes(search)] == ["q1"]


def test_the_ids_are_gone_through_once_however_many_sections_there_are() -> None:
    class Counted(list[str]):
        rounds = 0

        def __iter__(self) -> Iterator[str]:
            Counted.rounds += 1
            return super().__iter__()

    sections = [Section(f"s{number}", f"Section {number}", Document("a.yaml", "", {})) for number in range(50)]
    notes = tuple(
        Note(f"n{number}", "question", section, 0, "fact", question="Why?") for number, section in enumerate(sections)
    )
    deck = Deck("d", "D", None, sections=tuple(sections), notes=notes)
    changed = Counted(note.id for note in notes)
    text = release_notes(
        Plan(Lock("d", "D", notes={"other": LockedNote("o", "", "", "", "", 1, 1)}), changed=changed), deck
    )
    assert text.count("### Section") == 50
    assert Counted.rounds <= 2

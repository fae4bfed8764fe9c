"""Release notes: what students read of an edition."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from hipdeck.commands.release import release
from hipdeck.deck.notes import Deck, Note, Section
from hipdeck.editions.lock import Lock, LockedNote
from hipdeck.editions.plan import Plan
from hipdeck.editions.release_notes import Release, browse_search, release_notes
from hipdeck.source.document import Document
from tests import anki, decks
from tests.editions.releases import FIRST, a_deck, edition
from tests.editions.stories import Author, student


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
        "## How to import it\n"
        "\n"
        "Open `bridges.apkg` in Anki. It goes over the deck that you have: don't delete that, and your progress stays. "
        "On the notes under *Changed*, your own edits and tags are replaced; on all others they stay. If you've "
        "skipped an edition, read its release notes too: they say which notes were retired.\n"
        "\n"
        "In the import window, leave *Merge note types* and the other switches off, and both *Update* settings on *If "
        "newer*. Anki starts that way, but remembers what you chose last.\n"
        "\n"
        "## New\n"
        "\n"
        "### one\n"
        "\n"
        "- Question 9? (`q9`)\n"
        "\n"
        "## Changed\n"
        "\n"
        "~~Struck-through~~ text is gone, and **bold** text is new. To find these notes in Anki, search for this in "
        "Browse:\n"
        "\n"
        "    tag:bridges::updated::2025-06\n"
        "\n"
        "### one\n"
        "\n"
        "- Which of 4? (`m4`)\n"
        "  - Answer: ~~right~~**worse** 4\n"
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
        "Then suspend them. If you delete them, your progress on them is lost for good.\n"
        "\n"
        "## If Anki leaves notes out\n"
        "\n"
        'If Anki reports notes that "were not imported, because their note type has changed", then you\'ve added or '
        "removed fields or card templates. Import the file again with *Merge note types* switched on. If you've added "
        "some, do the same with every later edition.\n"
    )


def test_a_retired_note_whose_text_is_gone_is_told_by_its_question(tmp_path: Path) -> None:
    author = Author(tmp_path)
    author.write(a_deck())
    author.release()
    deck = a_deck()
    deck["one"][0] = {"id": "q1", "retired": "too easy"}
    author.write(deck)
    assert "- `q1`: too easy\n  - It asked: Question 1?\n" in author.release()


def test_the_search_finds_a_retired_note_by_the_id_that_students_have(tmp_path: Path) -> None:
    deck = {"one": [decks.question(1), decks.question(2)]}
    with anki.collection(tmp_path) as col:
        anki.imported(col, edition(tmp_path, deck, 0).package)
        deck["one"][0] |= {"id": "q3", "was": "q1", "retired": "a doubt"}
        second = edition(tmp_path, deck, 1)
        search = browse_search(second.checked.deck, second.checked.plan.leftovers)
        assert [col.get_note(one)["Id"] for one in col.find_notes(search)] == ["q1"]


def test_release_notes_show_each_changed_note_before_and_after_and_name_its_new_cards(tmp_path: Path) -> None:
    author = Author(tmp_path)
    deck = a_deck()
    author.write(deck)
    author.release()
    deck["one"][0] |= {"answer": "Answer *one*.", "reverse": "true", "tags": ["joint::hip"]}
    deck["one"][1]["cloze"] += " And a {{c3::third}}."
    author.write(deck)
    printed = author.release("--message", "Thanks to *Ada*.\n\nShe found two.")
    assert "\n\nThanks to *Ada*.\n\nShe found two.\n\nNotes: 2 changed.\n" in printed
    assert (
        "- Question 1? (`q1`)\n"
        "  - New: a card that asks the other way round\n"
        "  - Answer: Answer ~~1~~**one**.\n"
        "  - Tags: **bridges::joint::hip**\n"
        "- The […] and the […]. And a […]. (`c2`)\n"
        "  - New: a card for the text hidden as c3\n"
        "  - Text: The {{c1::first 2}} and the {{c2::second 2}}. **And a {{c3::third}}.**\n"
    ) in printed.replace("\\{", "{").replace("\\}", "}")
    with student(tmp_path) as reader:
        editions = tmp_path / "output" / "editions"
        reader.imports(author, editions / "bridges-1.apkg")
        before = reader.col.card_count()
        assert reader.imports(author)["updated"] == 2
        assert reader.col.card_count() == before + 2


def test_release_notes_without_the_edition_before_say_less_and_release_says_why(tmp_path: Path) -> None:
    author = Author(tmp_path)
    author.write(a_deck())
    author.release()
    shutil.rmtree(tmp_path / "output")
    author.replace("Answer 1.", "Another.")
    printed = author.release()
    assert "- Question 1? (`q1`)\n" in printed
    assert "Another" not in printed
    reason = r"since edition 1 of \S+ isn't in output.editions\n"
    assert re.search(f"the release notes don't show what has changed in each note, {reason}", printed)


def test_the_first_release_notes_have_the_counts_of_the_deck(tmp_path: Path) -> None:
    author = Author(tmp_path)
    author.write(a_deck() | {"two": [decks.question(9)]})
    printed = author.release()
    assert "The first edition: 5 notes, 7 cards.\n" in printed
    assert "## Sections\n\n- one: 4 notes\n- two: 1 note\n" in printed
    with student(tmp_path) as reader:
        reader.imports(author)
        assert (reader.col.note_count(), reader.col.card_count()) == (5, 7)


def test_a_message_for_an_edition_that_is_not_made_is_not_lost_in_silence(tmp_path: Path) -> None:
    author = Author(tmp_path)
    author.write(a_deck())
    author.release()
    assert "; the message is not used\n" in author.release("--message", "Hello.")
    author.replace("Answer 1.", "Another.")
    if os.name == "posix":
        assert "no characters in UTF-8" in author.refused("--message", os.fsdecode(b"caf\xe9"))


def test_what_anki_says_of_notes_whose_type_a_student_changed_is_what_release_notes_say(tmp_path: Path) -> None:
    author = Author(tmp_path)
    author.write(a_deck())
    author.release()
    author.replace("Answer 1.", "Another.")
    with student(tmp_path) as reader:
        said = reader.col.tr.importing_conflicting_notes_skipped(count=2)
    quoted = re.search(r'"(.*)", then', author.release())
    assert quoted
    assert quoted[1] in said


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
    lock = Lock("d", "D", notes={note.id: LockedNote(note.id, note.id, "", "", "", 1, 1) for note in notes})
    text = release_notes(Release(Plan(lock, changed=changed), lock, deck, ()))
    assert text.count("### Section") == 50
    assert Counted.rounds <= 3

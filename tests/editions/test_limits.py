"""The honest limits: what docs/updating.md and docs/students.md say that no package can do."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from anki.import_export_pb2 import ImportAnkiPackageUpdateCondition

from hipdeck.editions.lock_reader import read_lock
from tests import anki, decks
from tests.editions.releases import a_deck
from tests.editions.stories import Author, Student, student


def test_another_order_reaches_those_who_import_afresh_and_moves_no_card_of_others(
    author: Author, reader: Student
) -> None:
    deck = a_deck()
    deck["one"].reverse()
    deck["one"].insert(1, decks.question(9))
    author.write(deck)
    author.release()
    assert reader.imports(author)["new"] == 1
    assert order(reader) == ["q1", "c2", "q9", "q3", "m4"]
    with student(author.folder, "student-2") as newcomer:
        newcomer.imports(author)
        assert order(newcomer) == ["m4", "q9", "q3", "c2", "q1"]


def order(reader: Student) -> list[str]:
    """The notes in the order in which a student meets them as new."""
    cards = [reader.col.get_card(card) for card in reader.col.find_cards("is:new")]
    return list(dict.fromkeys(card.note()["Id"] for card in sorted(cards, key=lambda card: (card.due, card.id))))


@pytest.mark.parametrize("what", ["field", "template"])
def test_a_note_type_that_a_student_extends_takes_updates_only_when_merged(
    what: str, author: Author, reader: Student
) -> None:
    extend(reader, what)
    reader.rest(author)
    deck = a_deck() | {"two": [decks.question(9)]}
    deck["one"][0]["answer"] = "Another."
    author.write(deck)
    author.release()
    assert reader.imports(author) == {"new": 1, "updated": 0, "duplicate": 1, "conflicting": 3}
    types = [type_["name"] for type_ in reader.col.models.all()]
    assert "Bridges (question)+" in types

    assert reader.imports(author, merge_notetypes=True)["conflicting"] == 0
    types = [type_["name"] for type_ in reader.col.models.all()]
    assert "Bridges (question)" in types
    assert "Bridges (question)+" not in types
    assert reader.fields("q1")["Answer"] == "Another."
    if what == "field":
        assert (reader.fields("q1")["Mine"], reader.fields("q3")["Mine"]) == ("", "my own")

    # That holds for one import.
    author.replace("Answer 3.", "Yet another.")
    author.release()
    assert reader.imports(author) == {"new": 0, "updated": 0, "duplicate": 1, "conflicting": 4}
    assert reader.imports(author, merge_notetypes=True)["conflicting"] == 0
    assert reader.fields("q3")["Answer"] == "Yet another."


def extend(reader: Student, what: str) -> None:
    """Add a field or a card template to the note type of questions."""
    models = reader.col.models
    type_ = next(type_ for type_ in models.all() if "Bridges" in type_["name"] and type_["type"] == 0)
    if what == "field":
        models.add_field(type_, models.new_field("Mine"))
    else:
        template = models.new_template("Mine") | {"qfmt": "{{Answer}}", "afmt": "{{Question}}"}
        models.add_template(type_, template)
    models.update_dict(type_)
    for number in reader.col.find_notes("Id:q1 OR Id:q3") if what == "field" else ():
        note = reader.col.get_note(number)
        note["Mine"] = "my own"
        reader.col.update_note(note)


def test_a_field_that_a_student_removes_comes_back_empty_by_merging_once(author: Author, reader: Student) -> None:
    author.replace('"answer": "Answer 1."', '"answer": "Answer 1.", "why": "Because."')
    author.replace('"answer": "Answer 3."', '"answer": "Answer 3.", "why": "Because."')
    author.release()
    reader.imports(author)
    models = reader.col.models
    type_ = next(type_ for type_ in models.all() if "Bridges" in type_["name"] and type_["type"] == 0)
    models.remove_field(type_, next(field for field in type_["flds"] if field["name"] == "Why"))
    models.update_dict(type_)
    reader.rest(author)
    author.replace("Answer 1.", "Another.")
    author.release()
    assert reader.imports(author)["conflicting"] == 3
    # Merging touches the student's notes, so what has changed meanwhile doesn't arrive.
    assert reader.imports(author, merge_notetypes=True) == {"new": 0, "updated": 0, "duplicate": 4, "conflicting": 0}
    assert (reader.fields("q1")["Answer"], reader.fields("q1")["Why"]) == ("Answer 1.", "")
    author.replace("Another.", "Yet another.")
    author.release()
    assert reader.imports(author)["updated"] == 1
    assert (reader.fields("q1")["Answer"], reader.fields("q1")["Why"]) == ("Yet another.", "Because.")
    assert reader.fields("q3")["Why"] == ""


@pytest.mark.parametrize("tag", ["leech", "marked"])
def test_a_leech_or_marked_note_misses_the_correction_made_before(tag: str, author: Author, reader: Student) -> None:
    author.replace("Answer 1.", "Corrected.")
    author.release()
    reader.tags(author, "q1", tag)
    assert anki.imported(reader.col, author.package)["updated"] == 0
    assert reader.fields("q1")["Answer"] == "Answer 1."


@pytest.mark.parametrize("form", ["reverse", "cloze"])
def test_a_card_that_an_edition_adds_to_a_touched_note_is_empty(form: str, author: Author, reader: Student) -> None:
    deck = a_deck()
    if form == "reverse":
        deck["one"][0]["reverse"] = "true"
    else:
        deck["one"][1]["cloze"] += " And a {{c3::third}}."
    author.write(deck)
    author.release()
    touched = "q1" if form == "reverse" else "c2"
    reader.tags(author, touched, "mine")
    note = reader.col.get_note(reader.col.find_notes(f"Id:{touched}")[0])
    before = len(note.cards())
    assert anki.imported(reader.col, author.package)["updated"] == 0
    assert len(note.cards()) == before + 1
    (empty,) = reader.col.get_empty_cards().notes
    assert (empty.note_id, len(empty.card_ids), empty.will_delete_note) == (note.id, 1, False)
    reader.rest(author)
    author.release("--reissue", touched)
    assert reader.imports(author)["updated"] == 1
    assert not reader.col.get_empty_cards().notes


def test_a_field_that_a_student_renames_does_no_harm(author: Author, reader: Student) -> None:
    models = reader.col.models
    type_ = next(type_ for type_ in models.all() if "Bridges" in type_["name"] and type_["type"] == 0)
    models.rename_field(type_, next(field for field in type_["flds"] if field["name"] == "Answer"), "Back")
    models.update_dict(type_)
    reader.rest(author)
    author.replace("Answer 1.", "Another.")
    author.release()
    assert reader.imports(author)["updated"] == 1
    assert reader.fields("q1")["Back"] == "Another."


def test_an_older_package_takes_nothing_back(author: Author, reader: Student) -> None:
    author.replace("Answer 1.", "Another.")
    author.release()
    reader.imports(author)
    older = author.folder / "output" / "editions" / "bridges-1.apkg"
    assert reader.imports(author, older)["updated"] == 0
    assert reader.fields("q1")["Answer"] == "Another."


def test_new_cards_go_to_the_deck_with_the_original_name(author: Author, reader: Student) -> None:
    col = reader.col
    deck = col.decks.by_name("Bridges")
    assert deck is not None
    col.decks.rename(deck["id"], "Exam::Hips")
    old = {*col.find_cards('deck:"Exam::Hips"')}
    edited = a_deck()
    edited["one"][0]["reverse"] = "true"
    edited["one"].append(decks.question(9))
    author.write(edited)
    author.release()
    assert reader.imports(author) == {"new": 1, "updated": 1, "duplicate": 3, "conflicting": 0}
    places = {card.id: col.decks.name(card.did) for card in map(col.get_card, col.find_cards(""))}
    assert {places[card] for card in old} == {"Exam::Hips"}
    assert [name for card, name in places.items() if card not in old] == ["Bridges", "Bridges"]


def test_a_description_that_is_removed_stays(author: Author, reader: Student) -> None:
    path = author.cards / "deck.yaml"
    without = path.read_text(encoding="utf-8")
    path.write_text(without + "description: All about bridges\n", encoding="utf-8")
    author.release()
    reader.imports(author)
    assert "All about bridges" in description(reader)
    path.write_text(without, encoding="utf-8")
    author.release()
    reader.imports(author)
    assert "All about bridges" in description(reader)


def description(reader: Student) -> str:
    """The deck's description as a student has it."""
    deck = reader.col.decks.by_name("Bridges")
    assert deck is not None
    return str(deck["desc"])


def test_two_decks_with_one_id_overwrite_each_other_and_with_two_ids_do_not(
    author: Author, reader: Student, tmp_path: Path
) -> None:
    (tmp_path / "copy").mkdir()
    copy = Author(tmp_path / "copy")
    decks.write(copy.cards, {"one": [decks.question(1, answer="Of the copy.")]}, name="Copy")
    time.sleep(1)  # so that it's dated after the other one's
    copy.release()
    reader.imports(copy)
    assert reader.fields("q1")["Answer"] == "Of the copy."
    copy.lock.unlink()
    decks.write(copy.cards, {"one": [decks.question(1, answer="By itself.")]}, name="Copy", deck_id="copied")
    copy.package = copy.folder / "output" / "copied.apkg"
    copy.release()
    assert reader.imports(copy) == {"new": 1, "updated": 0, "duplicate": 0, "conflicting": 0}
    numbers = reader.col.find_notes("Id:q1")
    assert sorted(reader.col.get_note(number)["Answer"] for number in numbers) == ["By itself.", "Of the copy."]


def test_the_import_settings_that_students_are_told_are_ankis_own(author: Author, reader: Student) -> None:
    options = reader.col._backend.get_import_anki_package_presets()
    # Anki 23.10 has no setting for presets.
    on = (options.with_scheduling, getattr(options, "with_deck_configs", False), options.merge_notetypes)
    assert on == (False, False, False)
    if_newer = ImportAnkiPackageUpdateCondition.IMPORT_ANKI_PACKAGE_UPDATE_CONDITION_IF_NEWER
    assert (options.update_notes, options.update_notetypes) == (if_newer, if_newer)
    reader.imports(author, merge_notetypes=True)
    assert reader.col._backend.get_import_anki_package_presets().merge_notetypes  # it remembers


def test_of_two_editions_made_before_an_import_old_ankis_skip_the_second(author: Author, reader: Student) -> None:
    author.replace("Answer 1.", "Another.")
    author.release()
    author.replace("Another.", "Yet another.")
    author.release()
    time.sleep(max(0, read_lock(author.cards)[0].newest + 1 - time.time()))
    editions = author.folder / "output" / "editions"
    assert anki.imported(reader.col, editions / "bridges-2.apkg")["updated"] == 1
    skipped = anki.VERSION < (25, 2)
    assert anki.imported(reader.col, editions / "bridges-3.apkg")["updated"] == (0 if skipped else 1)
    assert reader.fields("q1")["Answer"] == ("Another." if skipped else "Yet another.")


def test_what_students_delete_comes_back_as_new_and_what_they_suspend_stays(author: Author, reader: Student) -> None:
    col = reader.col
    col.remove_notes(col.find_notes("Id:q1"))
    col.sched.suspend_cards(col.find_cards("Id:c2"))
    col.set_user_flag_for_cards(3, col.find_cards("Id:c2"))
    author.replace('"id": "c2"', '"id": "c2", "why": "New."')
    author.replace('"id": "q3"', '"id": "q3", "retired": "a doubt"')
    author.release()
    assert reader.imports(author) == {"new": 1, "updated": 1, "duplicate": 1, "conflicting": 0}
    assert [card.queue for card in map(col.get_card, col.find_cards("Id:q1"))] == [0]
    assert {(card.queue, card.user_flag()) for card in map(col.get_card, col.find_cards("Id:c2"))} == {(-1, 3)}
    assert reader.fields("c2")["Why"] == "New."
    assert reader.fields("q3")["Answer"] == "Answer 3."
    assert [col.get_note(number)["Id"] for number in col.find_notes("tag:*::updated::*")] == ["c2"]

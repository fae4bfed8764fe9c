"""Promise 1, imports clean: the shipped deck in the real Anki."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from anki.collection import Collection

from hipdeck.commands.shared.building import Built
from hipdeck.commands.shared.summary import section_rows
from tests import anki


@pytest.fixture(scope="module")
def student(shipped: Built, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collection]:
    """A student's collection that the shipped deck was imported into."""
    with anki.collection(tmp_path_factory.mktemp("student")) as col:
        assert anki.imported(col, shipped.package) == {
            "new": len(shipped.checked.fields),
            "updated": 0,
            "duplicate": 0,
            "conflicting": 0,
        }
        yield col


def test_the_collection_holds_the_notes_and_cards_that_build_counted(student: Collection, shipped: Built) -> None:
    assert student.note_count() == sum(row.notes for row in section_rows(shipped.checked))
    assert student.card_count() == sum(row.cards for row in section_rows(shipped.checked))
    for row in section_rows(shipped.checked):
        tag = "hip-extensors::" + row.section.replace("/", "::")
        assert len(student.find_notes(f'"tag:{tag}"')) == row.notes
        assert len(student.find_cards(f'"tag:{tag}"')) == row.cards
        kinds = {kind: len(student.find_notes(f'"tag:{tag}" tag:hip-extensors::kind::{kind}')) for kind in row.kinds}
        assert kinds == row.kinds


def test_every_note_carries_one_section_tag_and_one_kind_tag(student: Collection, shipped: Built) -> None:
    sections = {"hip-extensors::" + row.section.replace("/", "::") for row in section_rows(shipped.checked)}
    for number in student.find_notes(""):
        tags = student.get_note(number).tags
        assert len(sections & set(tags)) == 1, tags
        assert len([tag for tag in tags if tag.startswith("hip-extensors::kind::")]) == 1, tags
        assert all(tag.startswith("hip-extensors::") for tag in tags), tags


def test_check_database_finds_nothing_and_no_card_is_empty(student: Collection) -> None:
    assert anki.checked(student) == ([], "")


def test_no_media_is_missing_or_unused(student: Collection, shipped: Built) -> None:
    report = student.media.check()
    assert (list(report.missing), list(report.unused)) == ([], [])
    names = sorted(path.name for path in Path(student.media.dir()).iterdir())
    assert names == [picture.name for picture in shipped.checked.pictures]
    assert names, "the shipped deck has pictures"


def test_a_second_import_adds_and_updates_nothing(student: Collection, shipped: Built) -> None:
    before = anki.rows(student, "notes"), anki.rows(student, "cards")
    counts = anki.imported(student, shipped.package)
    assert counts == {"new": 0, "updated": 0, "duplicate": len(shipped.checked.fields), "conflicting": 0}
    assert (anki.rows(student, "notes"), anki.rows(student, "cards")) == before


def test_every_card_shows_its_question_in_front_and_its_answer_behind(student: Collection, shipped: Built) -> None:
    notes = {fields.note.id: fields.note for fields in shipped.checked.fields}
    seen: Counter[str] = Counter()
    for number in student.find_cards(""):
        card = student.get_card(number)
        values = dict(card.note().items())
        note = notes[values["Id"]]
        front, back = anki.visible(card.question()), anki.visible(card.answer())
        for part in (values["Why"], values["Section"], values["Id"], values["Source"]):
            assert anki.visible(part) in back
        assert note.kind in front
        seen[note.form] += 1
        if note.form == "cloze":
            hidden = anki.visible(" ".join(re.findall(r'class="cloze"[^>]*>(.*?)</span>', card.answer())))
            assert hidden
            assert hidden not in front
            assert "[...]" in front or re.search(r"\[[^\]]+\]", front)
            assert "{{" not in front + back
            continue
        question, answer = anki.visible(values["Question"]), anki.visible(values["Answer"])
        asked, told = (question, answer) if card.ord == 0 else (answer, question)
        assert asked in front
        assert told in back
        if note.form == "choices":
            assert all(anki.visible(choice) in front for choice in note.choices)
            right = re.findall(r'<li class="right">(.*?)</li>', card.answer())
            assert [anki.visible(one) for one in right] == [answer]
        else:
            assert told not in front.replace(asked, "")
    assert set(seen) == {"question", "choices", "cloze"}
    assert sum(seen.values()) == student.card_count()


def test_new_cards_come_in_study_order_and_the_scheduler_answers_them(student: Collection, shipped: Built) -> None:
    deck = student.decks.id_for_name("Hip Extensors")
    assert deck is not None
    student.decks.select(deck)
    first = [fields.note.id for fields in shipped.checked.fields[:3]]
    shown = []
    for rating in (1, 3, 4):
        card = student.sched.getCard()
        assert card is not None
        shown.append(card.note()["Id"])
        student.sched.answerCard(card, rating)
        assert student.get_card(card.id).reps == 1
    assert shown == first


def test_ids_of_notes_and_cards_are_unique_and_not_in_the_future(student: Collection, shipped: Built) -> None:
    from tests.conftest import NOW

    for table in ("notes", "cards"):
        numbers = [row[0] for row in anki.rows(student, table)]
        assert len(set(numbers)) == len(numbers)
        assert max(numbers) <= NOW * 1000
        assert min(numbers) > 1_700_000_000_000

"""Stories of an author who asks `hipdeck diff` first, and of students whose Anki then does what it said."""

from __future__ import annotations

import json
import zipfile
from typing import Any

import pytest

from hipdeck.render.note_types import stable_id
from tests import decks
from tests.editions.releases import a_deck
from tests.editions.stories import Author, Student, git, student
from tests.editions.test_differences import repacked

EDITS_LOST = "changed: a student's own edits and tags on these notes are lost; all progress stays\n"
FIRST = "output/editions/bridges-1.apkg"


def diff(author: Author, *arguments: str) -> str:
    """What diff prints, which must succeed."""
    result = author.hipdeck("diff", *arguments)
    assert result.code == 0, result.stderr
    return result.stdout


def ids(author: Author, *arguments: str) -> dict[str, Any]:
    """The ids of the notes by what diff says of them, and how many are unchanged; nothing of what there's none of."""
    value = json.loads(diff(author, *arguments, "--format", "json"))
    return {
        what: [note["id"] for note in notes] if isinstance(notes, list) else notes
        for what, notes in value.items()
        if notes
    }


def test_a_question_that_becomes_a_cloze_is_conflicting_and_new_when_accepted(author: Author, reader: Student) -> None:
    deck = a_deck()
    deck["one"][0] = decks.cloze(1, id="q1")
    author.write(deck)
    assert diff(author, FIRST) == (
        "conflicting: q1 (one) The […] and the […].\n"
        "conflicting: Anki reports these notes as conflicting and leaves them as they are: "
        "they have another note type\n"
        "1 conflicting, 3 unchanged\n"
    )
    assert author.hipdeck("build").code == 0
    draft = author.package.with_name("bridges-draft.apkg")
    assert reader.imports(author, draft) == {"new": 0, "updated": 0, "duplicate": 3, "conflicting": 1}

    accept = ("--accept", "form:q1")
    assert ids(author, FIRST, *accept) == {"new": ["q1"], "retired": ["q1"], "unchanged": 3}
    author.release(*accept)
    assert reader.imports(author) == {"new": 1, "updated": 0, "duplicate": 3, "conflicting": 0}


def test_a_note_that_comes_back_is_changed_for_who_had_it(author: Author, reader: Student) -> None:
    author.replace('"answer": "Answer 1."', '"answer": "Answer 1.", "retired": "a doubt"')
    author.release()
    reader.imports(author)
    with student(author.folder, "newcomer") as newcomer:
        newcomer.imports(author)
        author.replace(', "retired": "a doubt"', "")
        second = "output/editions/bridges-2.apkg"
        assert diff(author, second) == (
            "changed: q1 (one) Question 1?\n"
            "  it isn't in this package, but was in an earlier edition: for students who never had that, it's new\n"
            f"{EDITS_LOST}"
            "1 changed, 3 unchanged\n"
        )
        author.release()
        assert reader.imports(author) == {"new": 0, "updated": 1, "duplicate": 3, "conflicting": 0}
        assert newcomer.imports(author) == {"new": 1, "updated": 0, "duplicate": 3, "conflicting": 0}


@pytest.mark.parametrize(
    ("what", "counts"),
    [
        ("id", "3 conflicting, 1 unchanged"),
        ("name", "1 changed, 3 not delivered, 0 unchanged"),
    ],
)
def test_notes_of_a_type_whose_fields_are_others_are_conflicting(what: str, counts: str, author: Author) -> None:
    before = {"id": str(stable_id("bridges", "field question Extra 3")), "name": '"Extra 3"'}[what]
    after = {"id": "1234567890123", "name": '"Spare"'}[what]
    old = author.folder / "old.apkg"
    old.write_bytes(repacked(author.folder / FIRST, f"UPDATE col SET models = replace(models, '{before}', '{after}')"))
    author.replace("Answer 1.", "Another.")
    assert diff(author, "old.apkg", "-q") == f"{counts}\n"
    author.release()
    with student(author.folder) as reader:
        reader.imports(author, old)
        expected = {"id": {"duplicate": 1, "conflicting": 3}, "name": {"updated": 1, "duplicate": 3}}[what]
        assert {what: count for what, count in reader.imports(author).items() if count} == expected


@pytest.mark.parametrize("has_label", [True, False])
def test_a_package_of_another_deck_is_an_error(has_label: bool, author: Author) -> None:
    other = Author(author.folder / "other")
    decks.write(other.cards, {"one": [decks.question(1)]}, name="Other", deck_id="other")
    other.release()
    package = other.package.with_name("other.apkg")
    if not has_label:
        with zipfile.ZipFile(package, "a") as archive:
            archive.comment = b""
    result = author.hipdeck("diff", "other/output/other.apkg")
    assert (result.code, result.stdout) == (2, "")
    assert result.stderr == (
        "error: other/output/other.apkg is a package of another deck\n"
        "  hint: name a package of this deck, such as its last edition's\n"
    )


def test_a_package_of_the_deck_without_a_label_is_its_own(author: Author) -> None:
    with zipfile.ZipFile(author.folder / FIRST, "a") as archive:
        archive.comment = b""
    assert diff(author, FIRST) == "4 unchanged\n"


def test_a_changed_deck_id_is_compared_with_what_students_have(author: Author, reader: Student) -> None:
    author.replace("id: bridges", "id: passes", "deck.yaml")
    assert diff(author, FIRST, "-q") == "4 conflicting, 0 unchanged\n"
    accept = ("--accept", "deck-id:passes")
    assert diff(author, FIRST, *accept, "-q") == "4 new, 4 gone, 0 unchanged\n"
    author.release(*accept)
    author.package = author.package.with_name("passes.apkg")
    assert reader.imports(author) == {"new": 4, "updated": 0, "duplicate": 0, "conflicting": 0}


def test_accept_and_reissue_mean_what_they_mean_to_release(author: Author, reader: Student) -> None:
    for option, value in (("--accept", "gone:q1"), ("--reissue", "q77")):
        result = author.hipdeck("diff", FIRST, option, value)
        assert (result.code, result.stdout) == (1, "")
        assert result.stderr.splitlines()[0] == author.refused(option, value).splitlines()[0]
    reissue = ("--reissue", "q3")
    assert ids(author, FIRST, *reissue) == {"changed": ["q3"], "unchanged": 3}
    author.release(*reissue)
    assert reader.imports(author) == {"new": 0, "updated": 1, "duplicate": 3, "conflicting": 0}


def test_choices_are_shown_as_their_author_has_them_and_an_id_is_one_word(author: Author) -> None:
    deck = a_deck()
    deck["one"][3] |= {"choices": ["a new wrong one", "wrong and more 4", "right 4"], "was": "m4", "id": "m4-b"}
    deck["one"][3]["why"] = "- one\n- two"
    author.write(deck)
    shown = diff(author, FIRST)
    tag = next(line for line in shown.splitlines() if "updated" in line)
    assert shown == (
        "changed: m4-b (one) Which of 4?\n"
        "  Id: [-m4-]{+m4-b+}\n"
        "  Choices:\n"
        "    {+a new wrong one+}\n"
        "    wrong {+and more +}4\n"
        "    right 4\n"
        "    [-worse 4-]\n"
        "  Why: {+one\n"
        "    two+}\n"
        f"{tag}\n"
        f"{EDITS_LOST}"
        "1 changed, 3 unchanged\n"
    )


def test_diff_knows_the_lines_that_a_lock_has_lost(author: Author, reader: Student) -> None:
    author.init()
    author.replace("Answer 1.", "Another.")
    author.release()
    reader.imports(author)
    git(author.folder, "checkout", "HEAD", "--", "cards/deck.lock")
    # Without what release puts back, the time of the note would be that of the second edition or before.
    second = "output/editions/bridges-2.apkg"
    lock = author.lock.read_bytes()
    assert diff(author, second) == "4 unchanged\n"
    author.replace("Another.", "Yet another.")
    assert ids(author, second) == {"changed": ["q1"], "unchanged": 3}
    assert author.lock.read_bytes() == lock
    author.release()
    assert reader.imports(author) == {"new": 0, "updated": 1, "duplicate": 3, "conflicting": 0}

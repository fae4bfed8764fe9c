"""Promises 2 and 3, touches only what changed and never duplicates: editions in the real Anki.

Each edition is built after the last import, as docs/updating.md asks for Anki before 25.02.
"""

from __future__ import annotations

import copy
import random
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from anki.collection import Collection
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from hipdeck.commands.build import build
from hipdeck.commands.release import release
from hipdeck.commands.shared.building import Built
from hipdeck.editions.release_notes import browse_search
from hipdeck.render import note_types, template_files
from tests import anki, decks
from tests.conftest import ROOT

EDITS = ["question", "answer", "tags", "why", "choices", "picture", "move", "reorder", "retire", "new"]
FIRST = 1_750_000_000
DAY = 86_400


def a_deck() -> dict[str, list[decks.Note]]:
    return {
        "one": [decks.question(1), decks.choice(2), decks.cloze(3), decks.question(4, picture="old"), decks.choice(5)],
        "two": [decks.question(6, tags=["own"]), decks.cloze(7, picture="old"), decks.question(8, reverse="true")],
    }


def edition(number: int, *students: Collection) -> int:
    """The time of an edition, a day after the one before it; what students did so far, they did in between."""
    time = FIRST + number * DAY
    for student in students:
        anki.age(student, time - 1)
    return time


def find(deck: dict[str, list[decks.Note]], index: int) -> tuple[str, decks.Note]:
    """The note of a deck at an index that counts through its sections, and its section."""
    flat = [(path, note) for path, notes in deck.items() for note in notes]
    return flat[index % len(flat)]


def edit(deck: dict[str, list[decks.Note]], what: str, index: int, mark: object) -> None:
    """Make one edit, if it can be made to the note at the index."""
    path, note = find(deck, index)
    if note.get("retired"):
        return
    if what == "question":
        key = "cloze" if "cloze" in note else "question"
        note[key] = f"({mark}) {note[key]}"
    elif what == "answer" and "answer" in note:
        note["answer"] = f"{mark} {note['answer']}"
        if "choices" in note:
            note["choices"][0] = note["answer"]
    elif what == "tags":
        note["tags"] = [*note.get("tags", []), f"tag-{mark}"]
    elif what == "why":
        note["why"] = f"Because of {mark}."
    elif what == "choices" and "choices" in note:
        note["choices"].append(f"another {mark}")
    elif what == "picture":
        note["picture"] = f"picture {mark}"
    elif what == "move":
        deck[path].remove(note)
        deck["two" if path == "one" else "one"].append(note)
    elif what == "reorder":
        deck[path].reverse()
    elif what == "retire":
        note["retired"] = "no longer needed"
    elif what == "new":
        deck[path].insert(0, decks.question(100 + int(str(mark))))


def placed(deck: dict[str, list[decks.Note]]) -> dict[str, tuple[str, decks.Note]]:
    """Each note of a deck, as it is now, with the section that it stands in."""
    return {note["id"]: (path, copy.deepcopy(note)) for path, notes in deck.items() for note in notes}


def study(col: Collection, chance: random.Random, cards: int = 6) -> None:
    """Study with the real scheduler, then suspend, flag and move cards."""
    decks_by_name = {deck.name: deck.id for deck in col.decks.all_names_and_ids()}
    name = next(name for name in decks_by_name if name not in ("Default", "Mine"))
    col.decks.select(decks_by_name[name])  # type: ignore[arg-type]
    for _ in range(cards):
        card = col.sched.getCard()
        if card is None:
            break
        col.sched.answerCard(card, chance.choice([1, 2, 3, 4]))
    every = list(col.find_cards(""))
    col.sched.suspend_cards(chance.sample(every, 2))
    col.set_user_flag_for_cards(chance.randint(1, 4), chance.sample(every, 2))
    mine = col.decks.id("Mine")
    assert mine is not None
    col.set_deck(chance.sample(every, 2), mine)
    # The newest Anki's Check Database now and then finds fault with its own reviews, without any import ("Added last
    # review time"). What it finds after this is not theirs.
    col.fix_integrity()


def touch(col: Collection, chance: random.Random) -> None:
    """Edit fields, add tags and mark notes, as a student does."""
    for number in chance.sample(list(col.find_notes("")), 3):
        note = col.get_note(number)
        note["Why"] += " My own words."
        note.tags += ["mine", *chance.choice([["marked"], []])]
        col.update_note(note)


def notes_by_id(col: Collection) -> dict[str, tuple[Any, ...]]:
    """Every row of the notes table, whole, by the note's Id field."""
    return {row[6].split("\x1f")[0]: tuple(row) for row in anki.rows(col, "notes")}


def author_owned(col: Collection) -> dict[str, tuple[Any, ...]]:
    """What an author gives of each note: GUID, note type, the deck's tags, fields."""
    owned = {}
    for number in col.find_notes(""):
        note = col.get_note(number)
        tags = sorted(tag for tag in note.tags if "::" in tag)
        owned[note["Id"]] = (note.guid, note.mid, tags, note.fields)
    return owned


@pytest.mark.parametrize("examples", [12, pytest.param(150, marks=pytest.mark.slow)])
def test_an_import_touches_exactly_what_the_author_changed(
    examples: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    edits = st.lists(st.tuples(st.sampled_from(EDITS), st.integers(0, 20)), max_size=8)

    @settings(max_examples=examples, suppress_health_check=list(HealthCheck), phases=[Phase.generate, Phase.shrink])
    @given(made=edits, seed=st.integers(0, 2**16))
    def story(made: list[tuple[str, int]], seed: int) -> None:
        chance = random.Random(seed)
        folder = tmp_path_factory.mktemp("story")
        deck = a_deck()
        decks.write(folder / "cards", deck)
        first = release(folder / "cards", folder, FIRST)
        with anki.collection(folder) as col:
            assert anki.imported(col, first.package)["new"] == 8
            study(col, chance)
            touch(col, chance)
            old = placed(deck)
            for mark, (what, index) in enumerate(made):
                edit(deck, what, index, mark)
            edited = placed(deck)
            retired = {id_ for id_, (_, note) in edited.items() if "retired" in note}
            # A note that is new and then retired never reaches anybody; one that is moved there and back is unchanged.
            new = set(edited) - set(old) - retired
            changed = {id_ for id_ in old if edited[id_] != old[id_]} - retired
            decks.write(folder / "cards", deck)
            now = edition(1, col)
            notes, cards, reviews = notes_by_id(col), anki.rows(col, "cards"), anki.rows(col, "revlog")
            second = release(folder / "cards", folder, now)
            assert second.written, second.checked.diagnostics

            counts = anki.imported(col, second.package)

            present = len(set(edited) - retired)
            assert counts == {
                "new": len(new),
                "updated": len(changed),
                "duplicate": present - len(new) - len(changed),
                "conflicting": 0,
            }
            assert col.note_count() == 8 + len(new)
            after = notes_by_id(col)
            assert {id_ for id_, row in notes.items() if after[id_] != row} == changed
            assert set(after) - set(notes) == new
            rows = {row[0]: row for row in anki.rows(col, "cards")}
            assert [rows[row[0]] for row in cards] == cards
            assert anki.rows(col, "revlog") == reviews
            assert anki.checked(col) == ([], "")
            report = col.media.check()
            assert list(report.missing) == []

    story()


class Shipped:
    """A copy of the shipped deck that is edited note by note."""

    def __init__(self, folder: Path) -> None:
        self.cards = folder / "cards"
        shutil.copytree(ROOT / "cards", self.cards)
        (self.cards / "deck.lock").unlink(missing_ok=True)
        self.files = {
            path: yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
            for path in sorted(self.cards.rglob("*.yaml"))
            if path.name != "deck.yaml"
        }

    def edit(self, chance: random.Random, edition: int) -> None:
        """Some edits of each kind to notes that are not retired, and a note more."""
        notes = [note for value in self.files.values() for note in value["notes"] if "retired" not in note]
        for note in chance.sample(notes, 12):
            key = chance.choice(["why", "question" if "question" in note else "cloze", "tags"])
            if key == "tags":
                note["tags"] = [*note.get("tags", []), f"edition-{edition}"]
            else:
                note[key] = f"{note.get(key, 'Because.')} (edition {edition})"
        for note in chance.sample(notes, 2):
            note["retired"] = f"edition {edition}"
        section = chance.choice(list(self.files.values()))
        section["notes"].insert(
            0, {"id": f"new-{edition}", "question": f"What is new in {edition}?", "answer": "This."}
        )
        title = chance.choice(list(self.files.values()))
        if edition == 5:
            title["section"] += " (revised)"
        self.write()

    def write(self) -> None:
        """Write the files, every text in quotes."""
        for path, value in self.files.items():
            text = yaml.safe_dump(copy.deepcopy(value), default_style='"', allow_unicode=True, sort_keys=False)
            path.write_text(re.sub(r'"reverse": "(\w+)"', r'"reverse": \1', text), encoding="utf-8")


def test_ten_editions_of_the_shipped_deck_end_as_a_fresh_import_of_the_tenth(tmp_path: Path) -> None:
    chance = random.Random(10)
    deck = Shipped(tmp_path)
    built = release(deck.cards, tmp_path / "output", FIRST)
    (tmp_path / "student").mkdir()
    (tmp_path / "fresh").mkdir()
    with anki.collection(tmp_path / "student") as student, anki.collection(tmp_path / "fresh") as fresh:
        anki.imported(student, built.package)
        reviews = 0
        for number in range(2, 11):
            study(student, chance, cards=10)
            for one in chance.sample(list(student.find_notes("")), 5):
                note = student.get_note(one)
                note.tags.append("mine")
                student.update_note(note)
            before = anki.rows(student, "cards"), anki.rows(student, "revlog")
            deck.edit(chance, number)
            built = release(deck.cards, tmp_path / "output", edition(number, student))
            assert built.written, built.checked.diagnostics
            counts = anki.imported(student, built.package)
            assert (counts["new"], counts["conflicting"]) == (1, 0)
            assert counts["updated"] == len(built.checked.plan.changed)
            rows = {row[0]: row for row in anki.rows(student, "cards")}
            assert ([rows[row[0]] for row in before[0]], anki.rows(student, "revlog")) == before
            reviews = len(before[1])
        assert reviews >= 40
        assert anki.checked(student) == ([], "")
        anki.imported(fresh, built.package)
        ours, theirs = author_owned(student), author_owned(fresh)
        assert {id_: ours[id_] for id_ in theirs} == theirs
        left = set(ours) - set(theirs)
        assert len(left) == 18
        assert set(student.find_notes(browse_search(built.checked.deck, [f"Id:{id_}" for id_ in sorted(left)]))) == {
            number for number in student.find_notes("") if student.get_note(number)["Id"] in left
        }
        for type_ in fresh.models.all():
            if fresh.models.use_count(type_):
                same = student.models.get(type_["id"])
                assert same is not None
                sides = [[template["qfmt"], template["afmt"]] for template in type_["tmpls"]]
                assert same["css"] == type_["css"]
                assert [[template["qfmt"], template["afmt"]] for template in same["tmpls"]] == sides


def released(folder: Path, deck: dict[str, list[decks.Note]], now: int) -> Built:
    decks.write(folder / "cards", deck)
    built = release(folder / "cards", folder / "output", now)
    assert built.written, built.checked.diagnostics
    return built


def test_a_release_without_edits_is_the_same_package_and_updates_nothing(tmp_path: Path) -> None:
    first = released(tmp_path, a_deck(), FIRST)
    before = first.package.read_bytes()
    lock = (tmp_path / "cards" / "deck.lock").read_bytes()
    with anki.collection(tmp_path) as col:
        anki.imported(col, first.package)
        again = released(tmp_path, a_deck(), FIRST + 1000)
        assert again.package.read_bytes() == before
        assert (tmp_path / "cards" / "deck.lock").read_bytes() == lock
        assert (
            build(tmp_path / "cards", tmp_path / "elsewhere", FIRST + 2000, locked=True).package.read_bytes() == before
        )
        assert anki.imported(col, again.package) == {"new": 0, "updated": 0, "duplicate": 8, "conflicting": 0}


def test_the_authors_new_css_reaches_students_and_without_it_their_own_survives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deck = a_deck()
    first = released(tmp_path, deck, FIRST)
    with anki.collection(tmp_path) as col:
        anki.imported(col, first.package)

        def css() -> list[str]:
            return [type_["css"] for type_ in col.models.all() if "Bridges" in type_["name"]]

        for type_ in col.models.all():
            if "Bridges" in type_["name"]:
                type_["css"] += ".card { color: pink }"
                col.models.update_dict(type_)
        deck["one"][0]["answer"] = "Another."
        second = released(tmp_path, deck, edition(1, col))
        assert anki.imported(col, second.package)["updated"] == 1
        assert all(".card { color: pink }" in one for one in css())

        original = template_files.template_file
        monkeypatch.setattr(
            note_types, "template_file", lambda name: original(name) + ("/* new */" if "css" in name else "")
        )
        third = released(tmp_path, deck, edition(2, col))
        assert third.checked.plan.types == ["question", "cloze"]
        assert anki.imported(col, third.package)["updated"] == 0
        assert all(one.endswith("/* new */") and "pink" not in one for one in css())


def test_a_language_reaches_students_on_the_cards_that_they_have_and_touches_no_note(tmp_path: Path) -> None:
    first = released(tmp_path, a_deck(), FIRST)
    with anki.collection(tmp_path) as col:
        anki.imported(col, first.package)
        assert not any("lang=" in col.get_card(card).answer() for card in col.find_cards(""))
        path = tmp_path / "cards" / "deck.yaml"
        path.write_text(path.read_text(encoding="utf-8") + "language: pt-BR\n", encoding="utf-8")
        second = release(tmp_path / "cards", tmp_path / "output", edition(1, col))
        assert second.checked.plan.types == ["question", "cloze"]
        assert anki.imported(col, second.package) == {"new": 0, "updated": 0, "duplicate": 8, "conflicting": 0}
        assert all(' lang="pt-BR">' in col.get_card(card).question() for card in col.find_cards(""))


def test_a_changed_note_is_tagged_with_the_month_of_its_change(tmp_path: Path) -> None:
    deck = a_deck()
    released(tmp_path, deck, FIRST)
    deck["one"][0]["answer"] = "Another."
    second = released(tmp_path, deck, FIRST + 40 * DAY)
    with anki.collection(tmp_path) as col:
        anki.imported(col, second.package)
        assert [col.get_note(one)["Id"] for one in col.find_notes("tag:bridges::updated::2025-07")] == ["q1"]
        assert len(col.find_notes("tag:bridges::updated::*")) == 1


def test_a_reissued_note_reaches_a_student_whose_own_touch_hid_its_correction(tmp_path: Path) -> None:
    deck = a_deck()
    first = released(tmp_path, deck, FIRST)
    with anki.collection(tmp_path) as col:
        anki.imported(col, first.package)
        deck["one"][0]["answer"] = "Corrected."
        corrected = released(tmp_path, deck, edition(1))
        note = col.get_note(col.find_notes("Id:q1")[0])
        note.tags.append("mine")
        col.update_note(note)
        assert anki.imported(col, corrected.package)["updated"] == 0
        assert anki.fields(col, "q1")["Answer"] == "Answer 1."
        again = release(tmp_path / "cards", tmp_path / "output", decks.next_second(), reissued=["q1"])
        assert again.checked.plan.changed == ["q1"]
        assert anki.imported(col, again.package)["updated"] == 1
        assert anki.fields(col, "q1")["Answer"] == "Corrected."


def test_a_note_with_a_new_id_keeps_its_progress_by_was(tmp_path: Path) -> None:
    deck = a_deck()
    first = released(tmp_path, deck, FIRST)
    with anki.collection(tmp_path) as col:
        anki.imported(col, first.package)
        deck["one"][0] |= {"id": "better-name", "was": "q1"}
        second = released(tmp_path, deck, edition(1, col))
        assert anki.imported(col, second.package) == {"new": 0, "updated": 1, "duplicate": 7, "conflicting": 0}
        assert anki.fields(col, "better-name")["Question"] == "Question 1?"
        # The 'was' may stay or go afterwards.
        third = released(tmp_path, deck, edition(2, col))
        assert not third.checked.plan.has_changes
        del deck["one"][0]["was"]
        fourth = released(tmp_path, deck, edition(3, col))
        assert not fourth.checked.plan.has_changes
        assert anki.imported(col, fourth.package) == {"new": 0, "updated": 0, "duplicate": 8, "conflicting": 0}


def test_a_retired_note_that_comes_back_is_the_same_note(tmp_path: Path) -> None:
    deck = a_deck()
    first = released(tmp_path, deck, FIRST)
    with anki.collection(tmp_path) as col:
        anki.imported(col, first.package)
        deck["one"][0]["retired"] = "a doubt"
        assert anki.imported(col, released(tmp_path, deck, edition(1, col)).package)["duplicate"] == 7
        del deck["one"][0]["retired"]
        back = released(tmp_path, deck, edition(2, col))
        assert anki.imported(col, back.package) == {"new": 0, "updated": 1, "duplicate": 7, "conflicting": 0}
        assert col.note_count() == 8


def test_a_deck_that_has_lost_its_lock_still_adds_no_note_twice(tmp_path: Path) -> None:
    deck = a_deck()
    first = released(tmp_path, deck, FIRST)
    with anki.collection(tmp_path) as col:
        anki.imported(col, first.package)
        for index in range(8):
            edit(deck, "question", index, "rewritten")
        (tmp_path / "cards" / "deck.lock").unlink()
        decks.write(tmp_path / "cards", deck)
        again = release(tmp_path / "cards", tmp_path / "output", edition(1, col), accepted=["first:bridges"])
        assert anki.imported(col, again.package) == {"new": 0, "updated": 8, "duplicate": 0, "conflicting": 0}
        assert col.note_count() == 8

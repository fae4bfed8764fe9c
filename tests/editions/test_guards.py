"""Promise 9, warns before students are hurt: guards name a consequence, and only a way out silences them."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from hipdeck.commands.build import build
from hipdeck.commands.release import release
from hipdeck.commands.shared.building import Built
from hipdeck.commands.shared.checking import check
from hipdeck.diagnostics import Place
from hipdeck.editions.release_notes import browse_search
from hipdeck.render import note_types
from tests import anki, decks
from tests.editions.releases import DAY, FIRST, Deck, a_deck, edition, problems


def note(deck: Deck, index: int) -> decks.Note:
    return deck["one"][index]


def rename(deck: Deck) -> None:
    note(deck, 0)["id"] = "new-name"


def lose_a_cloze(deck: Deck) -> None:
    note(deck, 1)["cloze"] = "The {{c1::first 2}} and the second 2."


def swap_the_clozes(deck: Deck) -> None:
    note(deck, 1)["cloze"] = "The {{c2::first 2}} and the {{c1::second 2}}."


def lose_the_reverse(deck: Deck) -> None:
    del note(deck, 2)["reverse"]


def make_it_a_cloze(deck: Deck) -> None:
    deck["one"][0] = {"id": "q1", "cloze": "The first question has an {{c1::answer}} of its own."}


def make_it_a_question(deck: Deck) -> None:
    deck["one"][1] = {"id": "c2", "question": "Which?", "answer": "This."}


def vanish(deck: Deck) -> None:
    del deck["one"][0]


class Case(NamedTuple):
    """A guard: the edit that raises it, what is said of it, and the edit that is the way out."""

    code: str
    id: str
    edit: Callable[[Deck], Any]
    message: str
    consequence: str
    way_out: Callable[[Deck], Any] | None


CASES = [
    Case(
        "gone",
        "q1",
        vanish,
        "note 'q1' of the last edition is gone",
        "students who have it keep it, and it never changes again",
        lambda deck: deck["one"].insert(0, decks.question(1, retired="a doubt")),
    ),
    Case(
        "renamed",
        "q1",
        rename,
        "note 'q1' of the last edition seems to be called 'new-name' now",
        "students get it a second time, without their progress",
        lambda deck: note(deck, 0).update(was="q1"),
    ),
    Case(
        "clozes",
        "c2",
        lose_a_cloze,
        "note 'c2' has lost cloze c2 of the last edition",
        "students keep its card, but it's empty",
        lambda deck: note(deck, 1).update(cloze="The {{c1::first 2}} and {{c2::others}}."),
    ),
    Case(
        "clozes",
        "c2",
        swap_the_clozes,
        "the clozes of note 'c2' are numbered differently than in the last edition",
        "the progress of card c1 moves to another text",
        lambda deck: note(deck, 1).update(cloze="The {{c2::second 2}} and the {{c1::first 2}}."),
    ),
    Case(
        "lost-reverse",
        "q3",
        lose_the_reverse,
        "note 'q3' had a reverse card in the last edition",
        "students keep the reverse card, but it's empty",
        lambda deck: note(deck, 2).update(reverse="true"),
    ),
    Case(
        "form",
        "q1",
        make_it_a_cloze,
        "note 'q1' was a question in the last edition",
        "Anki can't turn one into the other: the note isn't updated, and its progress is stuck",
        lambda deck: deck["one"].__setitem__(
            slice(0, 1), [decks.question(1, retired="a cloze now"), note(deck, 0) | {"id": "q1-cloze"}]
        ),
    ),
    Case(
        "form",
        "c2",
        make_it_a_question,
        "note 'c2' was a cloze in the last edition",
        "Anki can't turn one into the other: the note isn't updated, and its progress is stuck",
        lambda deck: deck["one"].__setitem__(
            slice(1, 2), [decks.cloze(2, retired="a question now"), note(deck, 1) | {"id": "c2-question"}]
        ),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.code}-{case.id}-{case.edit.__name__}")
def test_a_guard_fires_and_only_its_way_out_silences_it(case: Case, tmp_path: Path) -> None:
    cards, output = tmp_path / "cards", tmp_path / "output"
    deck = a_deck()
    decks.write(cards, deck)
    first = release(cards, output, FIRST)
    before = first.package.read_bytes(), (cards / "deck.lock").read_bytes()
    case.edit(deck)
    decks.write(cards, deck)

    checked = check(cards, FIRST + 10)
    raised = [one for one in checked.diagnostics if one.code == case.code]
    assert [(one.severity, one.message, one.consequence) for one in raised] == [
        ("warning", case.message, case.consequence)
    ]
    key = f"{case.code}:{case.id}"
    assert raised[0].hint.endswith(f", or release with --accept {key}")

    refused = release(cards, output, FIRST + 10)
    assert not refused.written
    assert [(one.severity, one.code) for one in refused.checked.diagnostics] == [("error", case.code)]
    other = release(cards, output, FIRST + 10, accepted=["gone:another"])
    assert [one.code for one in other.checked.diagnostics] == ["nothing-to-accept", case.code]
    assert (first.package.read_bytes(), (cards / "deck.lock").read_bytes()) == before

    with_way_out = copy.deepcopy(deck)
    assert case.way_out
    case.way_out(with_way_out)
    decks.write(cards, with_way_out)
    assert check(cards, FIRST + 10).diagnostics == []
    decks.write(cards, deck)

    accepted = release(cards, output, FIRST + 10, accepted=[key])
    assert accepted.written
    assert accepted.checked.diagnostics == []
    after = release(cards, output, FIRST + 20)
    assert (after.checked.diagnostics, after.checked.plan.has_changes) == ([], False)


@pytest.mark.parametrize(
    ("code", "line", "other", "consequence", "updated"),
    [
        (
            "deck-renamed",
            "deck: Bridges",
            "deck: Better bridges",
            "students get new notes in a second deck; the cards they have stay in the first",
            0,
        ),
        (
            "deck-id",
            "id: bridges",
            "id: other",
            "students get every note a second time, without their progress",
            4,
        ),
    ],
)
def test_a_deck_keeps_its_name_and_its_id(
    code: str, line: str, other: str, consequence: str, updated: int, tmp_path: Path
) -> None:
    cards, output = tmp_path / "cards", tmp_path / "output"
    decks.write(cards, a_deck())
    release(cards, output, FIRST)
    source = cards / "deck.yaml"
    source.write_text(source.read_text().replace(line, other))
    refused = release(cards, output, FIRST + 10)
    raised = refused.checked.diagnostics
    assert [(one.severity, one.code, one.consequence) for one in raised] == [("error", code, consequence)]
    assert f"write {line}, or release with --accept {code}:" in raised[0].hint
    id_ = raised[0].hint.rsplit(":", 1)[1]
    accepted = release(cards, output, FIRST + 10, accepted=[f"{code}:{id_}"])
    assert accepted.written, accepted.checked.diagnostics
    assert len(accepted.checked.plan.new) == updated
    after = release(cards, output, FIRST + 20)
    assert (after.checked.diagnostics, after.checked.plan.has_changes) == ([], False)


def test_a_note_type_that_drifts_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cards, output = tmp_path / "cards", tmp_path / "output"
    decks.write(cards, a_deck())
    release(cards, output, FIRST)
    monkeypatch.setattr(note_types, "_SPARE", ("Extra 1", "Extra 2"))
    refused = release(cards, output, FIRST + 10)
    assert [(one.severity, one.code, one.consequence) for one in refused.checked.diagnostics] == [
        ("error", "note-type", "the notes that students have can't be updated any more; they get a second note type")
    ] * 2
    assert release(cards, output, FIRST + 10, accepted=["note-type:question", "note-type:cloze"]).written


def test_a_note_whose_form_was_accepted_comes_as_another_note(tmp_path: Path) -> None:
    cards, output = tmp_path / "cards", tmp_path / "output"
    deck = a_deck()
    decks.write(cards, deck)
    first = release(cards, output, FIRST)
    with anki.collection(tmp_path) as col:
        anki.imported(col, first.package)
        make_it_a_cloze(deck)
        decks.write(cards, deck)
        second = release(cards, output, decks.next_second(), accepted=["form:q1"])
        assert anki.imported(col, second.package) == {"new": 1, "updated": 0, "duplicate": 3, "conflicting": 0}
        assert len(col.find_notes("Id:q1")) == 2


def test_a_draft_note_is_renamed_and_deleted_without_a_word(tmp_path: Path) -> None:
    cards, output = tmp_path / "cards", tmp_path / "output"
    deck = a_deck()
    decks.write(cards, deck)
    release(cards, output, FIRST)
    deck["one"] += [decks.question(8), decks.cloze(9)]
    decks.write(cards, deck)
    assert build(cards, output, FIRST + 10).checked.plan.new == ["q8", "c9"]
    deck["one"][4]["id"] = "q8-renamed"
    decks.write(cards, deck)
    assert check(cards, FIRST + 10).diagnostics == []
    deck["one"] = deck["one"][:4]
    decks.write(cards, deck)
    checked = check(cards, FIRST + 10)
    assert (checked.diagnostics, checked.plan.has_changes) == ([], False)


def test_ids_that_were_exchanged_are_noticed(tmp_path: Path) -> None:
    deck = {"one": [decks.question(1), decks.question(2)]}
    assert edition(tmp_path, deck, 0).written
    deck["one"][0]["id"], deck["one"][1]["id"] = "q2", "q1"
    refused = edition(tmp_path, deck, 1)
    assert problems(refused) == [
        ("swapped", "note 'q2' is now what note 'q1' was in the last edition"),
        ("swapped", "note 'q1' is now what note 'q2' was in the last edition"),
    ]
    assert refused.checked.diagnostics[0].consequence == "students get the text of 'q1' with their progress on 'q2'"
    assert edition(tmp_path, deck, 1, "swapped:q1", "swapped:q2").written


def test_a_note_that_is_written_like_one_that_stays_is_no_exchange(tmp_path: Path) -> None:
    deck = {"one": [decks.question(1), decks.question(2)]}
    assert edition(tmp_path, deck, 0).written
    deck["one"][0] = {**decks.question(2, allow={"duplicate-question": "on purpose"}), "id": "q1"}
    assert edition(tmp_path, deck, 1).written


@pytest.mark.parametrize(
    ("after", "code"),
    [
        ({"cloze": "The {{c2::first 2}} and the {{c1::second 2}}."}, "clozes"),
        ({"cloze": "The {{c1::first 2}} and the second 2."}, "clozes"),
        ({"question": "Which?", "answer": "This."}, "form"),
    ],
)
def test_a_note_that_is_edited_while_retired_is_compared_with_what_students_have(
    after: decks.Note, code: str, tmp_path: Path
) -> None:
    deck = {"one": [decks.question(1), decks.cloze(2)]}
    assert edition(tmp_path, deck, 0).written
    deck["one"][1] = {"id": "c2", "retired": "a doubt", **after}
    assert edition(tmp_path, deck, 1).written
    del deck["one"][1]["retired"]
    assert [code for code, _ in problems(edition(tmp_path, deck, 2))] == [code]


def test_an_old_form_keeps_its_guid_whatever_becomes_of_its_id(tmp_path: Path) -> None:
    deck = {"one": [decks.question(1), decks.question(2)]}
    with anki.collection(tmp_path) as col:
        anki.imported(col, edition(tmp_path, deck, 0).package)
        make_it_a_cloze(deck)
        second = edition(tmp_path, deck, 1, "form:q1")
        assert (second.checked.plan.new, second.checked.plan.changed) == (["q1"], [])
        anki.imported(col, second.package)
        assert len(col.find_notes(browse_search(second.checked.deck, second.checked.plan.leftovers))) == 1
        deck["one"][0] |= {"id": "q3", "was": "q1"}
        deck["one"].append({"id": "q1", "question": "What else?", "answer": "Something else."})
        # The name is given up first, and to be had again afterwards.
        assert [code for code, _ in problems(edition(tmp_path, deck, 2))] == ["was", "form"]
        new = deck["one"].pop()
        anki.imported(col, edition(tmp_path, deck, 2).package)
        del deck["one"][0]["was"]
        deck["one"].append(new)
        last = edition(tmp_path, deck, 3)
        assert anki.imported(col, last.package) == {"new": 1, "updated": 0, "duplicate": 2, "conflicting": 0}


TAIL = "of the other side of the whole body while the leg is lifted"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (["hip", "hip"], ["hip", "knee"]),
        (["hip", "knee"], ["hip", "foot", "hip"]),
        (["hip", "knee"], ["hip", "foot"]),
    ],
    ids=["another-had-it", "another-gets-it", "edited"],
)
def test_a_cloze_text_that_stays_where_it_was_has_not_moved(
    before: list[str], after: list[str], tmp_path: Path
) -> None:
    assert edition(tmp_path, {"one": [a_cloze(before)]}, 0).written
    second = edition(tmp_path, {"one": [a_cloze(after)]}, 1)
    assert second.written, problems(second)


def a_cloze(texts: list[str]) -> decks.Note:
    gaps = [f"the {{{{c{number}::{text}}}}}" for number, text in enumerate(texts, 1)]
    return {"id": "c", "cloze": f"Watch {', '.join(gaps)} {TAIL}."}


def test_the_guard_for_moved_clozes_names_a_card_whose_text_has_moved(tmp_path: Path) -> None:
    assert edition(tmp_path, {"one": [a_cloze(["hip", "knee", "foot"])]}, 0).written
    refused = edition(tmp_path, {"one": [a_cloze(["toes", "foot", "knee"])]}, 1)
    assert [(one.code, one.consequence) for one in refused.checked.diagnostics] == [
        ("clozes", "the progress of card c2 moves to another text")
    ]


def test_a_reverse_question_that_becomes_a_cloze_raises_one_guard(tmp_path: Path) -> None:
    assert edition(tmp_path, {"one": [decks.question(1, reverse="true")]}, 0).written
    refused = edition(tmp_path, {"one": [{**decks.cloze(2), "id": "q1"}]}, 1)
    assert problems(refused) == [("form", "note 'q1' was a question in the last edition")]
    assert refused.checked.plan.changed == ["q1"]


def test_all_guards_of_a_note_are_raised_at_once(tmp_path: Path) -> None:
    deck = {"one": [decks.question(1, reverse="true"), decks.question(2)]}
    assert edition(tmp_path, deck, 0).written
    refused = edition(tmp_path, {"one": [{**decks.question(2), "id": "q1"}]}, 1)
    assert [code for code, _ in problems(refused)] == ["gone", "lost-reverse", "swapped"]


def test_a_note_that_says_the_same_as_a_reissued_one_is_no_exchange(tmp_path: Path) -> None:
    deck = {"one": [decks.question(1), decks.question(2)]}
    assert edition(tmp_path, deck, 0).written
    deck["one"][0] = {**decks.question(2, allow={"duplicate-question": "on purpose"}), "id": "q1"}
    decks.write(tmp_path / "cards", deck)
    second = release(tmp_path / "cards", tmp_path / "output", FIRST + DAY, reissued=["q2"])
    assert second.written, problems(second)
    assert second.checked.plan.changed == ["q1", "q2"]


def test_the_content_of_a_retired_note_may_go_to_another(tmp_path: Path) -> None:
    deck = {"one": [decks.question(1), decks.question(2)]}
    assert edition(tmp_path, deck, 0).written
    deck["one"][1]["retired"] = "a doubt"
    assert edition(tmp_path, deck, 1).written
    third = edition(tmp_path, {"one": [{**decks.question(2), "id": "q1"}]}, 2)
    assert third.written, problems(third)
    assert (third.checked.plan.gone, third.checked.plan.leftovers) == ([], [])


@pytest.mark.parametrize("is_any_new", [False, True])
def test_a_gone_note_may_have_a_new_id_only_if_the_deck_has_new_notes(is_any_new: bool, tmp_path: Path) -> None:
    assert edition(tmp_path, {"one": [decks.question(1), decks.question(2)]}, 0).written
    refused = edition(tmp_path, {"one": [decks.question(2), *([decks.question(3)] if is_any_new else [])]}, 1)
    (problem,) = refused.checked.diagnostics
    assert problem.place == Place((tmp_path / "cards" / "deck.lock").as_posix(), 5)
    assert problem.hint == (
        "restore it, retire it with `- {id: q1, retired: reason}`, "
        + ("add 'was: q1' if it has a new id, " if is_any_new else "")
        + "or release with --accept gone:q1"
    )


def test_an_id_that_a_note_has_given_up_can_go_to_another_note(tmp_path: Path) -> None:
    cards, output = tmp_path / "cards", tmp_path / "output"
    deck = a_deck()
    decks.write(cards, deck)
    first = release(cards, output, FIRST)
    with anki.collection(tmp_path) as col:
        anki.imported(col, first.package)
        note(deck, 0).update(id="better-name", was="q1")
        decks.write(cards, deck)
        anki.imported(col, release(cards, output, decks.next_second()).package)
        del note(deck, 0)["was"]
        deck["one"].append({"id": "q1", "question": "Another?", "answer": "Another."})
        decks.write(cards, deck)
        third = release(cards, output, decks.next_second())
        assert anki.imported(col, third.package) == {"new": 1, "updated": 0, "duplicate": 4, "conflicting": 0}
        assert anki.fields(col, "q1")["Question"] == "Another?"
        assert anki.fields(col, "better-name")["Question"] == "Question 1?"
    assert not release(cards, output, decks.next_second()).checked.plan.has_changes


@pytest.mark.parametrize("how", ["retired", "gone"])
def test_an_id_that_was_given_up_is_not_used_again(how: str, tmp_path: Path) -> None:
    deck = {"one": [decks.question(1), decks.question(2)]}
    assert edition(tmp_path, deck, 0).written
    given_up = deck["one"].pop(0)
    if how == "retired":
        deck["one"].append({"id": "q1", "retired": "a doubt"})
    assert edition(tmp_path, deck, 1, *(["gone:q1"] if how == "gone" else [])).written
    deck["one"] = [decks.question(2), {"id": "q1", "question": "What else?", "answer": "This one."}]
    refused = edition(tmp_path, deck, 2)
    assert problems(refused) == [("reused", "note 'q1' was given up in an earlier edition, and now has another text")]
    (problem,) = refused.checked.diagnostics
    assert problem.consequence == "students who still have it get the new text with the progress of the old one"
    assert problem.hint == "give the new note an id of its own, or release with --accept reused:q1"
    deck["one"][1] = {**given_up, "answer": "Answer 1, corrected."}
    back = edition(tmp_path, deck, 2)
    assert back.written, problems(back)
    deck["one"][1] = {"id": "q1", "question": "What else?", "answer": "This one."}
    assert edition(tmp_path, deck, 3).written


def test_a_reused_id_can_be_accepted(tmp_path: Path) -> None:
    deck = {"one": [decks.question(1), decks.question(2)]}
    assert edition(tmp_path, deck, 0).written
    deck["one"][0] = {"id": "q1", "retired": "a doubt"}
    assert edition(tmp_path, deck, 1).written
    deck["one"][0] = {"id": "q1", "question": "What else?", "answer": "This one."}
    assert edition(tmp_path, deck, 2, "reused:q1").written
    assert edition(tmp_path, deck, 3).checked.diagnostics == []


def test_a_cloze_number_that_was_dropped_is_not_used_for_another_text(tmp_path: Path) -> None:
    def release_with(cloze: str, number: int, *accepted: str) -> Built:
        return edition(tmp_path, {"one": [{"id": "c", "cloze": cloze}]}, number, *accepted)

    assert release_with("The {{c1::hip}} and the {{c2::knee}} of the leg.", 0).written
    assert release_with("The {{c1::hip}} and the knee of the leg.", 1, "clozes:c").written
    refused = release_with("The {{c1::hip}} and the knee of the {{c2::leg}}.", 2)
    assert problems(refused) == [
        ("reused", "cloze c2 of note 'c' was given up in an earlier edition, and now hides another text")
    ]
    assert refused.checked.diagnostics[0].consequence == "students get the new gap with the progress of the old one"
    assert release_with("The {{c1::hip}} and the knee of the {{c3::leg}}.", 2).written
    # It's remembered however many editions there are, and the old text may come back.
    assert problems(release_with("The {{c1::hip}} and the {{c2::knees}} of the {{c3::leg}}.", 3))
    assert release_with("The {{c1::hip}} and the {{c2::knee}} of the {{c3::leg}}.", 3).written
    assert release_with("The {{c1::hip}} and the {{c2::knees}} of the {{c3::leg}}.", 4).written
    assert release_with("The {{c1::hip}} and the knees of the {{c3::leg}}.", 5, "clozes:c").written
    assert release_with("The {{c1::hip}} and the {{c2::knees or so}} of the {{c3::leg}}.", 6, "reused:c").written


@pytest.mark.parametrize(
    "after",
    [
        "The {{c2::**first** 2}} and the {{c1::Second 2}}.",
        "The {{c2::First 2!}} and the {{c1::'second' 2}}.",
        "The {{c2::*first* 2::hint}} and the {{c1::second, 2}}.",
        "{{c3::The {{c2::first 2}}}} and the {{c1::second 2}}.",
    ],
    ids=["emphasis", "punctuation", "hint", "nested"],
)
def test_clozes_are_compared_by_their_plain_words(after: str, tmp_path: Path) -> None:
    assert edition(tmp_path, {"one": [decks.cloze(2)]}, 0).written
    refused = edition(tmp_path, {"one": [{"id": "c2", "cloze": after}]}, 1)
    assert problems(refused) == [
        ("clozes", "the clozes of note 'c2' are numbered differently than in the last edition")
    ]


def test_a_note_is_retired_without_its_text(tmp_path: Path) -> None:
    deck = a_deck()
    first = edition(tmp_path, deck, 0)
    with anki.collection(tmp_path) as col:
        anki.imported(col, first.package)
        deck["one"][0] = {"id": "q1", "retired": "a **doubt**"}
        deck["one"][1] = {"id": "c2", "retired": "another", "why": "Where *it* was."}
        second = edition(tmp_path, deck, 1)
        assert second.written, problems(second)
        assert second.checked.diagnostics == []
        retired = second.release_notes.partition("## Retired\n\n### one\n\n")[2].splitlines()
        assert [retired[0], retired[2]] == ["- `q1`: a \\*\\*doubt\\*\\*", "- `c2`: another"]
        assert anki.imported(col, second.package) == {"new": 0, "updated": 0, "duplicate": 2, "conflicting": 0}
        deck["one"][0], deck["one"][1] = decks.question(1), decks.cloze(2)
        third = edition(tmp_path, deck, 2)
        assert third.written, problems(third)

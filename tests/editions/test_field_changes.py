"""How diff shows what changes in a field."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import hipdeck
from hipdeck.deck.notes import Note, Section
from hipdeck.editions.differences import Difference, NoteChange
from hipdeck.editions.field_changes import MOST_CHOICES, MOST_PAIRS, FieldChange, Op, change_field
from hipdeck.render.fields import shuffled
from hipdeck.source.document import Document


def words(before: str, after: str, most_pairs: int = MOST_PAIRS) -> list[tuple[Op, str]]:
    (text,) = FieldChange("Answer", [(before, after)]).words(most_pairs)
    return text


def test_long_texts_are_compared_word_by_word_only_where_they_begin_and_end_alike() -> None:
    before, after = "It is " + "a b " * 300 + "the end", "It is " + "b a " * 300 + "the end"
    assert words(before, after) == [
        ("same", "It is "),
        ("out", ("a b " * 300).strip()),
        ("in", ("b a " * 300).strip()),
        ("same", " the end"),
    ]


def test_the_more_texts_change_the_fewer_words_of_each_are_compared() -> None:
    before, after = "a b c d", "b a d c"
    assert len(words(before, after, 49)) > 2
    assert words(before, after, 48) == [("out", before), ("in", after)]

    def most_pairs(texts: int) -> int:
        change = NoteChange("a", "s", "?", [FieldChange("Answer", [(before, after)] * 2)] * (texts // 2))
        return Difference([], [change], [], [], [], [], 0).most_pairs

    assert most_pairs(0) == most_pairs(160) == MOST_PAIRS
    assert most_pairs(10_000) == 1_000


@given(*[st.lists(st.sampled_from(["a", "b", " ", ".", "\n"]), max_size=20).map("".join)] * 2)
def test_the_words_of_a_change_make_up_both_texts(before: str, after: str) -> None:
    changed = words(before, after)
    assert "".join(text for op, text in changed if op != "in") == before
    assert "".join(text for op, text in changed if op != "out") == after
    assert all(text for _, text in changed)


def test_an_id_is_one_word() -> None:
    change = FieldChange("Id", [("glute-bridge-start", "glute-bridge-finish")])
    assert change.words() == [[("out", "glute-bridge-start"), ("in", "glute-bridge-finish")]]


@pytest.mark.parametrize(
    ("old", "new", "texts"),
    [
        (["b", "a", "c"], ["a", "b", "c"], [("a", "a"), ("b", "b"), ("c", "c")]),
        (
            ["the heel", "the toes"],
            ["toes", "heels", "the heel"],
            [("the toes", "toes"), ("", "heels"), ("the heel",) * 2],
        ),
        (["the heel", "ears"], ["the heels", "eyes"], [("the heel", "the heels"), ("", "eyes"), ("ears", "")]),
        ([], ["a", "b"], [("", "a"), ("", "b")]),
        (["a", "b"], [], [("a", ""), ("b", "")]),
        (["<ul>\n<li>a</li>\n<li>b</li>\n</ul>", "c"], ["c"], [("c", "c"), ("a b", "")]),
    ],
    ids=["another order", "words left out", "no word in common", "new", "gone", "lists"],
)
def test_choices_are_in_the_order_of_their_author_beside_those_that_they_replace(
    old: list[str], new: list[str], texts: list[tuple[str, str]]
) -> None:
    note = Note("q", "choices", Section("one", "One", Document("", "", {})), 0, "fact", choices=tuple(new))
    change = change_field("Choices", listed(old), listed([new[index] for index in shuffled(note)]), note)
    assert change.texts == texts


def test_no_more_choices_are_compared_than_a_note_may_have() -> None:
    schema = Path(hipdeck.__file__).with_name("deck") / "schema" / "section.json"
    section = json.loads(schema.read_text("utf-8"))
    assert section["$defs"]["note"]["properties"]["choices"]["maxItems"] == MOST_CHOICES
    note = Note("q", "choices", Section("one", "One", Document("", "", {})), 0, "fact", choices=("a", "b"))
    old = [*map(str, range(MOST_CHOICES - 1)), "a", "b"]
    texts = change_field("Choices", listed(old), listed([note.choices[index] for index in shuffled(note)]), note).texts
    assert [*texts[:2], texts[-1]] == [("a", "a"), ("", "b"), ("b", "")]


def listed(choices: list[str]) -> str:
    """The field of some choices as a package has it, the first being right."""
    items = [f"<li{' class=right' if not index else ''}>{text}</li>" for index, text in enumerate(choices)]
    return f'<ul class="choices">{"".join(items)}</ul>' if choices else ""

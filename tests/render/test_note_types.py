"""What students' collections keep forever doesn't change: GUIDs, ids, note types, fields, card templates."""

from __future__ import annotations

import json
import re

from hypothesis import given
from hypothesis import strategies as st

from hipdeck.render.note_types import NoteType, guid, note_types, stable_id
from tests.conftest import ROOT

FROZEN = ROOT / "tests" / "frozen" / "note_types.json"


def schema(note_type: NoteType) -> dict[str, object]:
    """What Anki compares when it imports a note type that a student already has."""
    return {
        "id": note_type.id,
        "name": note_type.name,
        "cloze": note_type.cloze,
        "sort field": note_type.fields[note_type.sort_field].name,
        "fields": [[field.name, field.id] for field in note_type.fields],
        "templates": [[template.name, template.id] for template in note_type.templates],
    }


def test_the_note_types_are_the_ones_that_students_have() -> None:
    types = note_types("hip-extensors", "Hip Extensors")
    now = {
        "deck": stable_id("hip-extensors", "deck"),
        "guid of note glute-bridge-finish": guid("hip-extensors", "glute-bridge-finish"),
        "note types": [schema(types[role]) for role in sorted(types)],
    }
    assert now == json.loads(FROZEN.read_text(encoding="utf-8"))


def test_the_first_field_is_the_id_and_no_two_ids_are_equal() -> None:
    types = note_types("a-deck", "A deck").values()
    assert [note_type.fields[0].name for note_type in types] == ["Id", "Id"]
    ids = [stable_id("a-deck", "deck")]
    for note_type in types:
        ids += [note_type.id, *(field.id for field in note_type.fields)]
        ids += [template.id for template in note_type.templates]
    assert len(set(ids)) == len(ids)


@given(deck=st.text(max_size=20), role=st.text(max_size=20))
def test_an_id_has_the_13_digits_of_ankis_own_and_lies_in_the_past(deck: str, role: str) -> None:
    assert 1_000_000_000_000 <= stable_id(deck, role) < 1_600_000_000_000


@given(st.text(max_size=20), st.text(max_size=20))
def test_a_guid_is_16_characters_that_need_no_quoting(deck: str, note: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9_-]{16}", guid(deck, note))


def test_a_language_is_that_of_each_of_the_authors_texts_and_of_nothing_else() -> None:
    without, with_language = note_types("a-deck", "A deck"), note_types("a-deck", "A deck", "de")
    for role, note_type in with_language.items():
        for template, plain in zip(note_type.templates, without[role].templates, strict=True):
            for side, plain_side in ((template.front, plain.front), (template.back, plain.back)):
                assert (
                    side.count(' lang="de"') == side.count(' dir="auto" lang="de"') == plain_side.count(' dir="auto"')
                )
                assert side.replace(' lang="de"', "") == plain_side


def test_every_reference_in_a_template_is_a_field() -> None:
    for note_type in note_types("a-deck", "A deck").values():
        names = {field.name for field in note_type.fields} | {"FrontSide"}
        for template in note_type.templates:
            for side in (template.front, template.back):
                assert set(re.findall(r"\{\{[#/^]?(?:cloze:)?([^}]+)\}\}", side)) <= names

"""The quick ways through the pipeline come out where the thorough ones do."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
from copy import copy
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from hipdeck import lock, yaml_lines
from hipdeck.characters import UNPRINTABLE
from hipdeck.diagnostics import HipdeckError, Place
from hipdeck.fields import _SHOWS, _shows
from hipdeck.likeness import _alike, _asked, _gist
from hipdeck.markup import _SIGN, _render, _shielded, _unshielded, is_plain
from hipdeck.notes import Deck, Note, Section
from hipdeck.shapes import compiled
from hipdeck.validation import SCHEMAS, _is_full, schema_text
from hipdeck.yaml_plain import UnusualError, plain
from hipdeck.yaml_reader import Reader
from hipdeck.yaml_source import Document, parse
from tests.conftest import NOW, ROOT

DECKS = [ROOT / "cards", ROOT / "hipdeck" / "starter" / "cards"]

# What YAML is made of, so that a good part of the texts is YAML, and a part of that something that hipdeck refuses.
SCRAPS = [
    *("a: ", "b: ", "- ", "? ", "\n", "\n  ", "\n    ", "\n- ", "\n  - ", "\na: ", "\nb: ", "\n  c: "),
    *("word", "two words", "1", "12,5", "[1, 2]", "[a, b]", "[1,000 steps]", "[k: v]", "{a: b}", "{{c1::x}}", "{a}"),
    *('"quoted"', "'single'", '"\\x07"', '"\\n"', "|\n   block", ">\n   folded", "&anchor x", "*alias", "!tag x"),
    *(" # comment", "#no", "# yes\n", "<<: ", "---\n", "...\n", "no", "12:30", "ünïcode", "\t", ": ", ","),
]


@given(st.lists(st.sampled_from(SCRAPS), max_size=12).map("".join))
@example("a: [1,2]\n")
@example("a: 1\na: 2\n")
@example("a: " + "[" * 20 + "]" * 20)
@example("a: b # c\n")
@example("<<: b\n")
@example("a: &b c\n")
@example("a: !b c\n")
@example("&b a: c\n")
@example("a: b\n---\na: c\n")
@example('a: "\\x07"\n')
def test_what_is_read_without_places_is_read_the_same_with_them_and_nothing_is_said_of_it(text: str) -> None:
    try:
        value = plain(text)
    except (UnusualError, yaml.MarkedYAMLError):
        return
    assert read_with_places(text) == value


def read_with_places(text: str) -> Any:
    """What the thorough reader reads; it must have nothing to say."""
    reader = Reader("deck.yaml", text)
    reader.read()
    assert reader.root
    assert (reader.problems, reader.comments, reader.refused) == ([], [], set())
    return reader.root[0]


# Lines of section files, and lines that are nearly such.
STARTS = ["", "  - ", "    ", "  - ", "    ", "- ", "  ", "      ", "  -", "# ", "  # "]
KEYS = ["section: ", "notes:", "id: ", "why: ", "tags: ", "y: ", "a-b: ", "why:", "why:  ", "", "? "]
VALUES = [
    *("words", "two words", "no", "12:30", "1.10", "a:b", "a: b", "a:", "a #b", "a#b", "a ", "ünïcode", "", "|", ">"),
    *('"quoted: text # here"', '"a\\n"', "'single'", "'it''s'", '"', "&a b", "*a", "!a b", "- a", "<<", "---", "%a"),
    *("[a, b]", "[a::b, c-d]", "[The heels, The toes]", "[a,b]", "[1, 2]", "[a: b]", "[a, ]", "[a", "{a: b}", "a\tb"),
]
LINES = st.builds("".join, st.tuples(*map(st.sampled_from, (STARTS, KEYS, VALUES))))
FILES = st.builds(
    lambda section, notes: "\n".join([*section, "notes:", *notes]),
    st.lists(LINES, max_size=2),
    st.lists(LINES, min_size=1, max_size=5),
)


@given(FILES)
@example("section: a\nnotes:\n- id: b\n  why: c\n")
@example("section: a\nnotes:\n  - id: b\n    id: c\n")
@example("section: a\nnotes:\n  - id: b\n  - id: c\n   - id: d\n")
@example("section: a\nnotes:\n  - id: b\nwhy: c\n")
@example(f"{'a' * 2000}: b\nnotes:\n  - id: c\n")
def test_what_is_read_line_by_line_is_what_yaml_reads(text: str) -> None:
    value = yaml_lines.read(text)
    if value is not None:
        assert read_with_places(text) == value


def test_every_short_value_that_is_read_line_by_line_is_what_yaml_reads() -> None:
    read = 0
    for signs in itertools.product("a0 :#-?'\"[]{},&*!|>%@`.~=<\\_\u00fc\u00a0", repeat=3):
        text = f"section: {''.join(signs)}\nnotes:\n  - id: b\n"
        value = yaml_lines.read(text)
        if value is not None:
            assert read_with_places(text) == value
            read += 1
    assert read > 1000


@pytest.mark.parametrize("deck", DECKS, ids=["shipped", "starter"])
def test_the_section_files_of_real_decks_are_read_line_by_line(deck: Path) -> None:
    files = [path for path in deck.rglob("*.yaml") if path.name != "deck.yaml"]
    assert files
    assert [path for path in files if yaml_lines.read(path.read_text(encoding="utf-8")) is None] == []


SHAPES = {name: json.loads(schema_text(name)) for name in SCHEMAS}
WORDS = st.sampled_from(["word", "a-b", "A", "", " ", "fact", "a\n", "x" * 81, "true"])
INNER = st.recursive(
    st.one_of(WORDS, st.booleans()),
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(WORDS, inner, max_size=2)),
    max_leaves=3,
)


def near(schema: dict[str, Any], whole: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values that fit a schema, and values that nearly do."""
    schema = {**whole["$defs"].get(schema.get("$ref", "").rpartition("/")[2], {}), **schema}
    if "properties" in schema:
        fitting = {key: near(inner, whole) for key, inner in schema["properties"].items()}
        required = {key: fitting.pop(key) for key in schema.get("required", ())}
        value = st.fixed_dictionaries(required, optional=fitting)
        return st.one_of(
            value,
            value,
            value,
            st.builds(lambda one, more: {**one, **more}, value, st.dictionaries(WORDS, INNER, max_size=1)),
        )
    if schema.get("type") == "object":
        return st.dictionaries(WORDS, near(schema["additionalProperties"], whole), max_size=2)
    if schema.get("type") == "array":
        return st.lists(near(schema["items"], whole), max_size=3)
    usual = st.sampled_from(["word", "a-b"]) if "enum" not in schema else st.sampled_from(schema["enum"])
    return st.one_of(st.booleans() if schema.get("type") == "boolean" else usual, usual, INNER)


@pytest.mark.parametrize("name", SCHEMAS)
@given(data=st.data())
def test_what_surely_fits_a_schema_is_valid_and_nothing_in_it_is_empty(name: str, data: st.DataObject) -> None:
    schema = SHAPES[name]
    value = data.draw(near(schema, schema))
    if compiled(schema, schema["$defs"])(value):
        assert jsonschema_rs.validator_for(schema).is_valid(value)
        assert _is_full(value)


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "string", "format": "date"},
        {"type": "array", "items": {}},
        {"type": "array", "items": {"type": "string"}, "maxItems": 1},
        {"type": "object", "minProperties": 1},
        {"type": "string", "enum": ["a"], "minLength": 1},
        {"type": "null"},
        {},
    ],
)
def test_of_a_keyword_that_is_not_known_nothing_is_sure(schema: dict[str, Any]) -> None:
    for value in ("a", ["a"], {"a": "b"}, True):
        assert not compiled(schema, {})(value)


def test_a_deck_in_order_is_built_without_loading_what_only_mistakes_need(tmp_path: Path) -> None:
    loaded = "print([name for name in ('jsonschema_rs', 'difflib', 'asyncio.tasks') if name in sys.modules])"
    build = f"from hipdeck.build import build; build(Path({str(DECKS[1])!r}), Path({str(tmp_path)!r}), {NOW})"
    code = f"import sys; from pathlib import Path; {build}; {loaded}; import asyncio; asyncio.run(asyncio.sleep(0))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("[]\n", "")


@given(st.text(st.sampled_from('ab 0\\`*_[]<>&\n"ü\u00ad'), max_size=6))
def test_a_quick_look_at_a_text_finds_what_a_pattern_finds(text: str) -> None:
    assert is_plain(text) == (not _SIGN.search(text))
    assert _shows(text) == bool(_SHOWS.search(text))


LOCKED = st.builds(
    lock.LockedNote,
    id=st.text(st.sampled_from('ab-"\\\n ü'), min_size=1, max_size=5),
    guid=st.text(st.sampled_from("aZ0_-é"), min_size=15, max_size=17),
    content=st.sampled_from(["0123456789abcdef01234567", "", "x", "\\"]),
    added=st.integers(-1, lock.LATEST + 1),
    modified=st.integers(0, 2_000_000_000),
    clozes=st.sampled_from([{}, {"1": "abc"}]),
    reverse=st.booleans(),
    retired=st.sampled_from(["", "gone"]),
)


@given(LOCKED, st.sampled_from(["", " ", "x"]))
def test_a_usual_line_of_the_lock_is_read_as_its_json_is(note: lock.LockedNote, more: str) -> None:
    *_, text = lock._lines(lock.Lock("deck", "Deck", "0", 1, {}, {note.id: note}))
    usual = lock._usual(f"{more}{text}\n", 7)
    if usual:
        assert usual == lock._line(json.loads(text), 7)
        assert usual[1] == note._replace(line=7)
    else:
        plain_line = not (note.clozes or note.reverse or note.retired or more)
        assert not (
            plain_line and note.id.isalpha() and len(note.guid) == 16 and note.guid.isascii() and note.added > 0
        )


NOTES = st.lists(
    st.tuples(
        st.sampled_from(["question", "cloze"]),
        st.lists(st.sampled_from(["squat", "lunge", "Squat", "the", "what", "2", "+", "?"]), min_size=1, max_size=4),
    ),
    max_size=12,
)


@given(NOTES)
def test_notes_that_ask_alike_meet_without_comparing_all(written: list[tuple[Any, list[str]]]) -> None:
    section = Section("a", "A", Document("a.yaml", b"", {}))
    notes = []
    for index, (form, words) in enumerate(written):
        key = "question" if form == "question" else "cloze"
        notes.append(Note(str(index), form, section, index, "fact", **{key: " ".join(words)}))  # type: ignore[arg-type]
    for key_of in (lambda note: _asked(note) or note.heading, _gist):
        first: dict[str, Note] = {}
        pairs = [(note, other) for note in notes if (other := first.setdefault(key_of(note), note)) is not note]
        expected = [(note.id, other.id) for note, other in pairs if key_of(note)]
        found = [(note.id, other.id) for note, other in _alike(Deck("d", "D", None, notes=tuple(notes)), key_of)]
        assert found == expected


TEXT = st.text(st.one_of(st.sampled_from("ab1.-+#>|~:;!\"'(){}=/ "), st.characters(codec="utf-8"))).map(str.strip)


@given(TEXT.filter(lambda text: text and not UNPRINTABLE.search(text) and is_plain(text)))
@example("1. first")
@example("# no heading")
@example("https://example.org and ~~this~~ | that")
def test_a_plain_text_is_what_the_renderer_makes_of_it(text: str) -> None:
    assert _unshielded(_render(_shielded(text))) == text.replace('"', "&quot;")


def test_a_file_that_changes_between_reading_and_reporting_is_no_guess_at_a_place(tmp_path: Path) -> None:
    file = tmp_path / "deck.yaml"
    file.write_bytes(b"a:\n  b: c\n")
    document = parse(str(file), file.read_bytes())[0]
    assert document
    document.let_go()
    again = copy(document)
    assert (document.value, document.at("a", "b")) == ({"a": {"b": "c"}}, Place(str(file), 2, 6, 1))
    file.write_bytes(b"a:\n\n  b: c\n")
    with pytest.raises(HipdeckError, match="has changed while it was read"):
        again.at("a", "b")
    file.unlink()
    with pytest.raises(HipdeckError, match="has changed while it was read"):
        again.at("a", "b")

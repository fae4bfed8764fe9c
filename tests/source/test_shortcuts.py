"""The quick ways through the pipeline come out where the thorough ones do."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
from copy import copy, deepcopy
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hipdeck.deck.notes import _PUNCTUATION, Deck, Note, Section, words
from hipdeck.deck.shapes import compiled
from hipdeck.deck.validation import SCHEMAS, _is_full, schema_text
from hipdeck.diagnostics import HipdeckError, Place
from hipdeck.editions import lock
from hipdeck.render.fields import _SHOWS, _shows
from hipdeck.render.markup import _SIGN, _render, _shielded, _unshielded, is_plain
from hipdeck.rules.likeness import _alike, _asked, _gist
from hipdeck.source import events as yaml_events
from hipdeck.source import line_reader as yaml_lines
from hipdeck.source.characters import UNPRINTABLE
from hipdeck.source.document import Document, parse
from hipdeck.source.plain import UnusualError, plain
from hipdeck.source.reader import Reader
from tests.conftest import ROOT

DECKS = [ROOT / "cards", ROOT / "hipdeck" / "starter" / "files" / "cards"]

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


# Lines of card files, and lines that are nearly such.
STARTS = ["", "  ", "    ", "      ", "- ", "  - ", "    - ", "   ", " - ", "  -", "-  ", "# ", "  # "]
KEYS = ["section", "notes", "id", "why", "tags", "y", "a-b", "x2"]
MARKS = [": ", ":", ":  ", "", " : "]
VALUES = [
    *("words", "two words", "no", "12:30", "a#b", "ünïcode", '"quoted: text # here"', "'single'"),
    *("[a::b, The 2 toes]", "[2 sets, 3 sets]", "{a: b}", '{a: 2nd b, c: "d: e, f}"}'),
]
STRANGE = [
    *("1.10", "a: b", "a:", "a #b", "a ", "", "|", ">", '"a\\n"', "'it''s'", '"'),
    *("&a b", "*a", "!a b", "- a", "<<", "---", "%a", "a\tb", "a\t# b", "a:\tb", "a\t", "a\r"),
    *("[a,b]", "[1, 2]", "[1,000 a, b]", "[a: b]", "[a, ]", "[a", "[]"),
    *("{a: b, a: c}", "{a: 1,000}", "{a: b c: d}", "{}"),
]
LINES = st.builds("".join, st.tuples(*map(st.sampled_from, (STARTS, [*KEYS, ""], MARKS, VALUES + STRANGE))))


@st.composite
def files(draw: st.DrawFn) -> str:
    """A file in the usual form, of which some lines may be others, stand elsewhere, or be missing."""
    lines: list[str] = []

    def write(start: str, depth: int) -> None:
        """A mapping, its first line behind `start`."""
        for key in draw(st.lists(st.sampled_from(KEYS), min_size=1, max_size=3, unique=True)):
            form = draw(st.sampled_from(["value", "value", "mapping", "list", "notes"])) if depth < 3 else "value"
            inner = " " * (len(start) + draw(st.integers(form == "mapping", 3)))
            if form == "value":
                lines.append(f"{start}{key}: {draw(st.sampled_from(VALUES))}")
            else:
                lines.append(f"{start}{key}:")
            if form == "mapping":
                write(inner, depth + 1)
            elif form == "list":
                entries = draw(st.lists(st.sampled_from(VALUES[:8]), min_size=1, max_size=2))
                lines.extend(f"{inner}- {entry}" for entry in entries)
            elif form == "notes":
                for _ in range(draw(st.integers(1, 2))):
                    write(f"{inner}- ", depth + 1)
            start = " " * len(start)

    write("", 0)
    for _ in range(draw(st.integers(0, 2))):
        place = draw(st.integers(0, len(lines) - 1))
        line = draw(
            st.one_of(LINES, st.sampled_from(["", "  # comment", lines[place][1:], f" {lines[place]}", lines[place]]))
        )
        lines[place : place + draw(st.integers(0, 1))] = [line]
    return "\n".join(lines)


@settings(max_examples=500)
@given(files())
@example("section: a\nnotes:\n- id: b\n  why: c\n")
@example("section: a\nnotes:\n  - id: b\n    id: c\n")
@example("section: a\nnotes:\n  - id: b\n  - id: c\n   - id: d\n")
@example("section: a\nnotes:\n  - id: b\nwhy: c\n")
@example("a:\n  - b\nc: d\n  - e\n")
@example("a:\n- b\n- c: d\n  e:\n  - f\n  - g\n")
@example("a:\n  b: c\n  b: d\n")
@example("a: {b: c, b: d}\n")
@example("a: {b: c, b: d}\n  e: f\n")
@example("a: b\r\nc: d\r\n")
@example("a: b\t# c\n")
@example("a: b\n- c: d\n")
@example("a:\n  - b\n  c: d\n")
@example("# a\n")
@example("a:\n")
@example("a:\nb: c\n")
@example("a:\n  - b\n    c\n")
@example("a:\n - b: c\n   d: e\n")
@example("a:\n" * 20)
@example("".join(f"{'  ' * depth}a:\n" for depth in range(20)) + " " * 40 + "a: b")
@example(f"{'a' * 2000}: b\n")
def test_what_is_read_line_by_line_is_what_yaml_reads(text: str) -> None:
    value = yaml_lines.read(text)
    if value is not None:
        assert read_with_places(text) == value


def test_no_file_that_is_read_line_by_line_holds_more_than_is_read_of_one() -> None:
    # Of one character at least is each event, but those that begin and end the file.
    assert yaml_lines.MOST_CHARACTERS <= yaml_events.MOST_EVENTS
    text = "a:\n" + "- b\n" * (yaml_lines.MOST_CHARACTERS // 4 - 1)
    assert yaml_lines.read(text) is not None
    assert yaml_lines.read(f"{text}- c\n") is None


def test_every_short_value_that_is_read_line_by_line_is_what_yaml_reads() -> None:
    read = 0
    for signs in itertools.product("a0 :#-?'\"[]{},&*!|>%@`.~=<\\_\u00fc\u00a0", repeat=3):
        text = "".join(signs)
        for file in (f"a: {text}\n", f"a:\n  - {text}\n", f"a: [{text}]\n", f"a: {{b: {text}}}\n"):
            value = yaml_lines.read(file)
            if value is not None:
                assert read_with_places(file) == value
                read += 1
    assert read > 5000


@pytest.mark.parametrize("deck", DECKS, ids=["shipped", "starter"])
def test_the_files_of_real_decks_are_read_line_by_line(deck: Path) -> None:
    files = list(deck.rglob("*.yaml"))
    assert files
    assert [path for path in files if yaml_lines.read(path.read_text(encoding="utf-8")) is None] == []


SHAPES = {name: json.loads(schema_text(name)) for name in SCHEMAS}
OTHERS = [
    *("word", "a-b", "A", "", " ", "fact", "a\n", "x" * 80, "x" * 81, True),
    *([], ["a"], ["a", "b"], ["a", ""], {}, {"a": "b"}, {"": "b"}, {"a": ""}, {"a": {"title": "b"}}, {"a": {"b": "c"}}),
]


def fitting(schema: dict[str, Any], whole: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values that fit a schema."""
    schema = {**whole["$defs"].get(schema.get("$ref", "").rpartition("/")[2], {}), **schema}
    if "properties" in schema:
        inner = {key: fitting(one, whole) for key, one in schema["properties"].items()}
        required = {key: inner.pop(key) for key in schema.get("required", ())}
        return st.fixed_dictionaries(required, optional=inner)
    if schema.get("type") == "object":
        return st.dictionaries(
            st.sampled_from(["a", "b-2"]), fitting(schema["additionalProperties"], whole), min_size=1
        )
    if schema.get("type") == "array":
        return st.lists(fitting(schema["items"], whole), min_size=schema.get("minItems", 1), max_size=3)
    return st.booleans() if schema.get("type") == "boolean" else st.sampled_from(schema.get("enum", ["word", "a-b"]))


def places(value: Any) -> list[tuple[Any, Any]]:
    """Each mapping and list in a value, with each key or index of it."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place for key, inner in pairs for place in [(value, key), *places(inner)]]


@pytest.mark.parametrize("name", SCHEMAS)
@settings(max_examples=30)
@given(data=st.data())
def test_what_surely_fits_a_schema_is_valid_and_nothing_in_it_is_empty(name: str, data: st.DataObject) -> None:
    schema = SHAPES[name]
    fits, valid = compiled(schema, schema["$defs"]), jsonschema_rs.validator_for(schema).is_valid
    value = data.draw(fitting(schema, schema))
    assert fits(value)
    for number in range(len(places(value))):
        for other in OTHERS:
            for change in ("replace", "rename", "delete"):
                changed = deepcopy(value)
                holder, key = places(changed)[number]
                was = holder.pop(key)
                if change == "replace" and isinstance(holder, list):
                    holder.append(other)
                elif change == "replace":
                    holder[key] = other
                elif change == "rename" and isinstance(holder, dict) and isinstance(other, str):
                    holder[other] = was
                assert not fits(changed) or (valid(changed) and _is_full(changed))


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


LOADED = "print([name for name in ('jsonschema_rs', 'difflib', 'asyncio.tasks', 'yaml.loader') if name in sys.modules])"


def run(code: str) -> str:
    """What a program prints."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return done.stdout


def test_a_deck_in_order_is_built_without_loading_what_only_mistakes_need(tmp_path: Path) -> None:
    arguments = ["hipdeck", "build", "--quiet", str(DECKS[1]), f"--output={tmp_path}"]
    after = f"{LOADED}; import asyncio, yaml; asyncio.run(asyncio.sleep(0)); print(yaml.safe_load('a: b'))"
    start = f"import sys; sys.argv = {arguments}; from hipdeck.__main__ import main"
    code = f"{start}\ntry: main()\nexcept SystemExit: {after}"
    assert run(code) == "[]\n{'a': 'b'}\n"
    assert list(tmp_path.glob("*.apkg"))


def test_a_program_that_imports_hipdeck_gets_its_own_modules_as_ever() -> None:
    same = "asyncio.AbstractEventLoop is asyncio.events.AbstractEventLoop, yaml.YAMLError is yaml.error.YAMLError"
    assert run(f"import sys, hipdeck.package, asyncio.events, yaml.error; print(({same}))") == "(True, True)\n"


@given(st.text(st.sampled_from('aB 0(-\\`*_[]<>&\n"ü\u00ad'), max_size=6))
@example("\u3164")
def test_a_quick_look_at_a_text_finds_what_a_pattern_finds(text: str) -> None:
    assert is_plain(text) == (not _SIGN.search(text))
    assert _shows(text) == bool(_SHOWS.search(text))
    assert words(text) == text.casefold().translate(_PUNCTUATION).split()


LOCKED = st.builds(
    lock.LockedNote,
    id=st.sampled_from(["a-b", 'a"b', "a\\b", "a\nb", "ü"]),
    guid=st.sampled_from(
        ["aZ0_-aZ0_-aZ0_-a", "aZ0_-aZ0_-aZ0_-a", "aZ0_-aZ0_-aZ0_-", "aZ0_-aZ0_-aZ0_-aa", "éZ0_-aZ0_-aZ0_-a"]
    ),
    content=st.sampled_from(["0123456789abcdef01234567", "", "x"]),
    added=st.one_of(st.integers(1, 2_000_000_000), st.integers(-1, lock.LATEST + 1)),
    modified=st.integers(1, 2_000_000_000),
    clozes=st.sampled_from([{}, {}, {"1": "abc"}]),
    reverse=st.sampled_from([False, False, True]),
    retired=st.sampled_from(["", "", "gone"]),
)


@given(LOCKED)
def test_a_usual_line_of_the_lock_is_read_as_its_json_is(note: lock.LockedNote) -> None:
    *_, text = lock._lines(lock.Lock("deck", "Deck", "0", 1, {}, {note.id: note}))
    if usual := lock._usual(f"{text}\n", 7):
        assert usual == lock._line(json.loads(text), 7) == (note.id, note._replace(line=7))


USUAL_LINE = '{"id": "a", "guid": "aaaaaaaaaaaaaaaa", "content": "0a", "added": 1, "modified": 2}\n'


@pytest.mark.parametrize(
    ("old", "new"),
    [
        *(('"a"', '"a\tb"'), ('"0a"', '""'), ("}\n", "}")),
        *(("1,", "01,"), ("1,", "0,"), ("2}", "02}"), ("2}", "9" * 13 + "}")),
    ],
)
def test_a_line_that_is_not_quite_usual_is_left_to_json(old: str, new: str) -> None:
    assert lock._usual(USUAL_LINE, 1)
    assert lock._usual(USUAL_LINE.replace(old, new), 1) is None


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
    for index, (form, heading) in enumerate(written):
        key = "question" if form == "question" else "cloze"
        notes.append(Note(str(index), form, section, index, "fact", **{key: " ".join(heading)}))  # type: ignore[arg-type]
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

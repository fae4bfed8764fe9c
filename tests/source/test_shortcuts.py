"""The quick ways through the pipeline come out where the thorough ones do."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hipdeck.deck.notes import _PUNCTUATION, Deck, Note, Section, words
from hipdeck.editions import lock
from hipdeck.render.fields import _SHOWS, _shows
from hipdeck.render.markup import _SIGN, _render, _shielded, _unshielded, is_plain
from hipdeck.rules.likeness import _alike, _asked, _gist
from hipdeck.source.characters import UNPRINTABLE
from hipdeck.source.document import Document
from tests.conftest import ROOT

DECKS = [ROOT / "cards", ROOT / "hipdeck" / "starter" / "files" / "cards"]

LOADED = "print([name for name in ('difflib', 'asyncio.tasks', 'yaml.loader') if name in sys.modules])"


def run(code: str) -> str:
    """What a program prints."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return done.stdout


def test_a_deck_in_order_is_built_without_loading_what_only_mistakes_need(tmp_path: Path) -> None:
    arguments = ["hipdeck", "build", "--quiet", str(DECKS[1]), f"--output={tmp_path}"]
    after = f"{LOADED}; import asyncio, yaml; asyncio.run(asyncio.sleep(0)); print(yaml.safe_load('a: b'))"
    code = f"import sys; sys.argv = {arguments}; from hipdeck.cli import main\ntry: main()\nexcept SystemExit: {after}"
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
    section = Section("a", "A", Document("a.yaml", "", {}))
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

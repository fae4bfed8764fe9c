"""The quick ways through the pipeline come out where the thorough ones do."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hipdeck.editions import lock
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
    start = f"import sys; sys.argv = {arguments}; from hipdeck.__main__ import main"
    code = f"{start}\ntry: main()\nexcept SystemExit: {after}"
    assert run(code) == "[]\n{'a': 'b'}\n"
    assert list(tmp_path.glob("*.apkg"))


def test_a_program_that_imports_hipdeck_gets_its_own_modules_as_ever() -> None:
    same = "asyncio.AbstractEventLoop is asyncio.events.AbstractEventLoop, yaml.YAMLError is yaml.error.YAMLError"
    assert run(f"import sys, hipdeck.package, asyncio.events, yaml.error; print(({same}))") == "(True, True)\n"


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

"""The quick ways through the pipeline come out where the thorough ones do."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

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

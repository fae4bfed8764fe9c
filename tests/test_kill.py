"""Promise 7, survives interruption: killed at any moment, the package is the old one or the new one, whole."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hipdeck.build import build
from tests import cases

SECTION = "section: Bridge {0}\nsource: guide\nnotes:\n" + "".join(
    f"  - id: n{number}\n    question: Question {number} of edition {{0}}?\n    answer: So.\n" for number in range(300)
)
BUILD = "from pathlib import Path; from hipdeck.build import build; build(Path('cards'), Path('output'), {})"
FIRST = 1_700_000_000


def write(folder: Path, edition: int) -> None:
    cases.write({"deck.yaml": cases.DECK, "section.yaml": SECTION.format(edition)}, folder / "cards")


@pytest.mark.slow
def test_a_build_that_is_killed_leaves_the_old_package_or_the_new_one(tmp_path: Path) -> None:
    write(tmp_path, 0)
    package = build(tmp_path / "cards", tmp_path / "output", FIRST).package
    whole = {package.read_bytes()}
    # How long a build takes here, so that the kills fall on all of it.
    started = time.monotonic()
    subprocess.run([sys.executable, "-c", BUILD.format(FIRST)], cwd=tmp_path, check=True)
    longest = (time.monotonic() - started) * 1.1
    chance = random.Random(7)
    survived = 0
    for edition in range(1, 60):
        write(tmp_path, edition)
        expected = build(tmp_path / "cards", tmp_path / "expected", FIRST + edition).package.read_bytes()
        process = subprocess.Popen([sys.executable, "-c", BUILD.format(FIRST + edition)], cwd=tmp_path)
        time.sleep(chance.uniform(0, longest))
        process.kill()
        process.wait()
        now = package.read_bytes()
        assert now in whole | {expected}
        survived += now == expected
        whole = {now}
    assert 0 < survived < 59, "the kills fell only before, or only after, the package was moved into place"
    # What was left behind goes as soon as no build can be at work in it any more.
    for left in (tmp_path / "output").glob(".hipdeck-*"):
        os.utime(left, (FIRST, FIRST))
    build(tmp_path / "cards", tmp_path / "output", FIRST)
    assert [path.name for path in (tmp_path / "output").iterdir()] == ["bridges.apkg"]

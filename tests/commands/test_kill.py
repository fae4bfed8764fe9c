"""Promise 7, survives interruption: killed at any moment, package and lock are the old ones or the new ones, whole."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import IO

import pytest

from hipdeck.commands.build import build
from hipdeck.commands.release import release
from hipdeck.editions.lock_reader import read_lock
from tests import cases

SECTION = "section: Bridge\nsource: guide\nnotes:\n" + "".join(
    f"  - id: n{number}\n    question: Question {number} of edition {'{0}' if number < 100 else 1}?\n    answer: So.\n"
    for number in range(300)
)
BUILD = "from pathlib import Path; from hipdeck.commands.build import build; build(Path('cards'), Path('output'), {})"
# A process that forks one that releases, for each time it is told; so a release begins at once, with all imported.
RELEASES = """
import os, sys
from pathlib import Path
from hipdeck.package import writer as package
from hipdeck.commands.release import release
from hipdeck.editions.lock_reader import read_lock
for now in iter(sys.stdin.readline, ""):
    pid = os.fork()
    if not pid:
        release(Path("cards"), Path("output"), int(now))
        os._exit(0)
    print(pid, flush=True)
    sys.stdin.readline()
    print(os.waitpid(pid, 0)[1], flush=True)
"""
FIRST = 1_700_000_000
RUNS = 200


def write(folder: Path, edition: int) -> None:
    cases.write({"deck.yaml": cases.DECK, "section.yaml": SECTION.format(edition)}, folder / "cards")


@pytest.mark.slow
def test_killed_build_leaves_the_old_or_the_new_package(tmp_path: Path) -> None:
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
    assert [path.name for path in (tmp_path / "output").iterdir()] == ["bridges-draft.apkg"]


class Releases:
    """Processes that release, each killed after a while."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", RELEASES], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def killed(self, now: int, seconds: float) -> bool:
        """Release, and kill that after some seconds; whether it was still at work. It has ended when this returns."""
        pid = int(self.told(f"{now}\n"))
        time.sleep(seconds)
        # Until it is waited for, its number is nobody else's.
        os.kill(pid, signal.SIGKILL)
        return os.WIFSIGNALED(int(self.told("\n")))

    def took(self, now: int) -> float:
        """Release undisturbed; the seconds it took."""
        started = time.monotonic()
        self.told(f"{now}\n")
        assert self.told("\n") == "0\n"
        return time.monotonic() - started

    def told(self, line: str) -> str:
        """Write a line to the process and read one from it."""
        streams: tuple[IO[str] | None, IO[str] | None] = (self.process.stdin, self.process.stdout)
        assert streams[0]
        assert streams[1]
        streams[0].write(line)
        streams[0].flush()
        return streams[1].readline()


@pytest.mark.slow
def test_killed_release_leaves_whole_files_and_the_next_completes(tmp_path: Path) -> None:
    cards, output = tmp_path / "cards", tmp_path / "output"
    package, lock = output / "bridges.apkg", cards / "deck.lock"
    write(tmp_path, 0)
    releases = Releases(tmp_path)
    longest = releases.took(FIRST)
    chance = random.Random(11)
    seen: Counter[str] = Counter()
    for edition in range(1, RUNS + 1):
        old = package.read_bytes(), lock.read_bytes()
        now = FIRST + edition * 100
        write(tmp_path, edition)
        shutil.rmtree(tmp_path / "expected", ignore_errors=True)
        shutil.copytree(cards, tmp_path / "expected" / "cards")
        new_package = release(tmp_path / "expected" / "cards", tmp_path / "expected", now).package.read_bytes()
        new = new_package, (tmp_path / "expected" / "cards" / "deck.lock").read_bytes()

        killed = releases.killed(now, chance.uniform(0, longest))

        # The machine's speed varies: about a quarter of the releases shall get to their end.
        longest *= 1.02 if killed else 0.95
        # The fourth, an old package and a new lock, would tell students that they have what nobody gave them.
        states = {old: "before", (new[0], old[1]): "between", new: "after"}
        found = package.read_bytes(), lock.read_bytes()
        assert found in states
        state = states[found]
        assert killed or state == "after"
        seen[state] += 1

        again = release(cards, output, now + 1)
        assert again.written
        if state == "after":
            assert (package.read_bytes(), lock.read_bytes()) == new
        else:
            assert again.release_notes
            assert read_lock(cards)[0].newest == now + 1
        assert build(cards, tmp_path / "expected", now + 2, locked=True).package.read_bytes() == package.read_bytes()
    releases.process.communicate()
    assert seen["before"] > RUNS // 10, seen
    assert seen["after"] > RUNS // 10, seen
    for left in [*output.glob(".hipdeck-*"), *cards.glob(".hipdeck-*")]:
        os.utime(left, (FIRST, FIRST))
    write(tmp_path, RUNS + 1)
    release(cards, output, FIRST + (RUNS + 1) * 100)
    assert sorted(path.name for path in output.iterdir()) == ["bridges-release-notes.md", "bridges.apkg", "editions"]
    kept = {f"bridges-{number}{end}" for number in range(1, 9) for end in (".apkg", "-release-notes.md")}
    assert kept <= {path.name for path in (output / "editions").iterdir()}
    assert sorted(path.name for path in cards.iterdir()) == ["deck.lock", "deck.yaml", "section.yaml"]

"""Promise 4, same input, same package: whatever the machine, the folder, the Python and the sqlite."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from hipdeck.commands.release import release
from tests import decks, floors, matrix
from tests.package.test_package import entries

FIRST = 1_750_000_000
SECOND = FIRST + 40 * 86_400

# Makes the second edition of a deck, and builds it once more as it then stands, in an environment of its own. What a
# folder lists comes in an order that the seed decides, as it does from one file system to another.
DRIVER = """
import json, os, random, sys, zlib
options = json.loads(sys.argv[1])
if options.get("sqlite"):
    sys.modules["sqlite3"] = __import__(options["sqlite"])
import sqlite3
os.umask(options["umask"])
scan, order = os.scandir, random.Random(options["order"])

class Scan(list):
    def __enter__(self):
        return self
    def __exit__(self, *_):
        pass
    def __next__(self):
        if not self:
            raise StopIteration
        return self.pop()
    def __iter__(self):
        return self
    close = list.clear

def shuffled(path="."):
    with scan(path) as found:
        listed = Scan(found)
    order.shuffle(listed)
    return listed

os.scandir = shuffled
from pathlib import Path
from hipdeck.commands.build import build
from hipdeck.commands.release import release
cards = Path(options["cards"])
first = release(cards, Path("released"), options["now"])
assert first.release_notes, first.checked.diagnostics
again = build(cards, Path("built"), options["now"] + 1000, locked=True)
assert again.written, again.checked.diagnostics
print(json.dumps({"sqlite": sqlite3.sqlite_version, "zlib": zlib.ZLIB_RUNTIME_VERSION}))
"""


class Made(NamedTuple):
    """What a run made: packages by whether it released or built them, lock, release notes; and what it ran on."""

    packages: list[Path]
    lock: bytes
    release_notes: bytes
    sqlite: str
    zlib: str


def a_deck(edition: int) -> dict[str, list[decks.Note]]:
    """A deck with something of everything, in two editions."""
    return {
        "über": [decks.question(1), decks.choice(2, picture="a"), decks.question(3, tags=["b", "a", "Ü"])],
        "exercises/one": [decks.cloze(4), decks.question(5, why=f"Of {edition}.", reverse="true")],
        "exercises/two": [decks.cloze(6, picture=edition), decks.choice(7), decks.question(8, picture="c")],
        "zz": [decks.question(number) for number in range(9, 9 + 20 * edition)],
    }


def write(cards: Path, edition: int) -> None:
    """Write the deck; one of its sections is a folder, whose files come in an order that hipdeck gives them."""
    decks.write(cards, a_deck(edition))
    text = (cards / "deck.yaml").read_text(encoding="utf-8")
    listed = "sections: [über, exercises, zz]\n"
    (cards / "deck.yaml").write_text(text[: text.index("sections:")] + listed, encoding="utf-8")


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sources of the second edition, with the lock of the first."""
    folder = tmp_path_factory.mktemp("sources")
    write(folder / "cards", 1)
    assert release(folder / "cards", folder / "output", FIRST).written
    write(folder / "cards", 2)
    return folder / "cards"


def checked_out(sources: Path, cards: Path, chance: random.Random) -> None:
    """Copy the sources in some order and with other times, as a version control would."""
    files = sorted(path for path in sources.rglob("*") if path.is_file())
    chance.shuffle(files)
    for path in files:
        copy = cards / path.relative_to(sources)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
        time = chance.randrange(FIRST, 2 * FIRST)
        os.utime(copy, (time, time))


def made(
    sources: Path, folder: Path, seed: int, python: str = sys.executable, sqlite: str = "", **environment: str
) -> Made:
    """Make the second edition in a process of its own, from a copy of the sources in a folder."""
    chance = random.Random(seed)
    checked_out(sources, folder / "cards", chance)
    cards = "cards" if seed % 2 else str(folder / "cards")
    options = {"cards": cards, "now": SECOND, "umask": chance.choice([0o22, 0o77, 0o2]), "order": seed}
    done = subprocess.run(
        [python, "-W", "error", "-c", DRIVER, json.dumps({**options, "sqlite": sqlite})],
        cwd=folder,
        env={**os.environ, "PYTHONHASHSEED": str(seed), **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    packages = [folder / name / "bridges.apkg" for name in ("released", "built")]
    notes = folder / "released" / "bridges-release-notes.md"
    found = json.loads(done.stdout)
    lock = (folder / "cards" / "deck.lock").read_bytes()
    return Made(packages, lock, notes.read_bytes(), found["sqlite"], found["zlib"])


def assert_same(runs: Mapping[str, Made]) -> None:
    """Every run has made the same entries, lock and release notes; and with one zlib the very same file."""
    name, first = next(iter(runs.items()))
    expected = entries(first.packages[0])
    sums: dict[str, set[str]] = {}
    for other, run in runs.items():
        for package in run.packages:
            found = entries(package)
            assert list(found) == list(expected), f"{other} has other entries than {name}"
            for entry, content in expected.items():
                assert found[entry] == content, f"{entry} of {other} differs from that of {name}"
            sums.setdefault(run.zlib, set()).add(hashlib.sha256(package.read_bytes()).hexdigest())
        assert run.lock == first.lock, f"the lock of {other} differs from that of {name}"
        assert run.release_notes == first.release_notes, f"the release notes of {other} differ from those of {name}"
    assert {zlib: len(found) for zlib, found in sums.items()} == dict.fromkeys(sums, 1)


def test_an_edition_is_the_same_in_any_folder_locale_time_zone_and_order_of_files(
    sources: Path, tmp_path: Path
) -> None:
    environments: dict[str, dict[str, str]] = {
        "plain": {},
        "kiritimati": {"TZ": "Pacific/Kiritimati", "LC_ALL": "C"},
        "a folder": {"TZ": "America/Los_Angeles", "LC_ALL": "C.UTF-8", "HOME": "/nonexistent"},
        "optimized": {
            "TZ": "Asia/Kolkata",
            "LANG": "de_DE.UTF-8",
            "PYTHONOPTIMIZE": "2",
            "PYTHONIOENCODING": "latin-1",
        },
    }
    runs = {}
    for seed, (name, environment) in enumerate(environments.items()):
        (tmp_path / name).mkdir()
        runs[name] = made(sources, tmp_path / name, seed, **environment)
    assert_same(runs)


@pytest.mark.slow
def test_an_edition_is_the_same_on_every_python_and_sqlite(sources: Path, tmp_path: Path) -> None:
    found = floors.interpreters()
    runs = {}
    for seed, (version, python) in enumerate(found.items()):
        modules = {"sqlite3": "", "pysqlite3": "pysqlite3"}
        requirements = ["-e", "."]
        try:
            installed = matrix.environment(f"python-{version}", *requirements, "pysqlite3-binary", python=python)
        except subprocess.CalledProcessError:
            # No second sqlite for this Python.
            installed = matrix.environment(f"python-{version}", *requirements, python=python)
            del modules["pysqlite3"]
        for module, option in modules.items():
            folder = tmp_path / f"{version}-{module}"
            folder.mkdir()
            runs[folder.name] = made(sources, folder, seed, str(installed), option)
    several = len(found) >= 2 and len({run.sqlite for run in runs.values()}) >= 2
    if not several and "CI" not in os.environ:
        pytest.skip(f"one Python or one sqlite alone was found: {', '.join(runs) or 'none'}")
    assert several, runs
    assert_same(runs)

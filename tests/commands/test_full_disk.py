"""Promise 7, survives interruption: on a full disk package and lock stay whole, and one line says what to do."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from hipdeck.commands.build import build
from hipdeck.commands.release import release
from hipdeck.diagnostics import HipdeckError
from tests import cases, decks

FIRST = 1_750_000_000
SECOND = FIRST + 86_400
PAGE = 4096
NAMES = {"build": "bridges-draft.apkg", "release": "bridges.apkg"}


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of two megabytes."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = shutil.which("mount")
    done = mount and subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(place)], capture_output=True, text=True, check=False
    )
    if not done or done.returncode:
        pytest.skip(f"a small disk can be mounted by root alone: {done.stderr.strip() if done else 'no mount'}")
    try:
        yield place
    finally:
        subprocess.run(["umount", str(place)], check=True)


def fill(disk: Path, free: int) -> None:
    """Leave so many bytes free on a disk."""
    status = os.statvfs(disk)
    (disk / "filler").write_bytes(bytes(status.f_bavail * status.f_frsize - free))
    status = os.statvfs(disk)
    assert status.f_bavail * status.f_frsize == free


def a_deck(edition: int) -> dict[str, list[decks.Note]]:
    old = [decks.question(number, picture="old") for number in range(20)]
    return {"one": old + [decks.question(20 + n, why=f"Of {edition}.", picture=edition) for n in range(20 * edition)]}


@pytest.fixture
def prepared(tmp_path: Path) -> Path:
    """A folder with the first edition of a deck, and the sources of the second."""
    folder = tmp_path / "prepared"
    decks.write(folder / "cards", a_deck(1))
    assert release(folder / "cards", folder / "output", FIRST).written
    decks.write(folder / "cards", a_deck(2))
    return folder


def outcome(folder: Path) -> tuple[bytes, bytes]:
    """The package and the lock; there is no temporary file beside them."""
    assert list(folder.rglob(".hipdeck-*")) == []
    return (folder / "output" / "bridges.apkg").read_bytes(), (folder / "cards" / "deck.lock").read_bytes()


def test_release_on_a_full_disk_keeps_package_and_lock(prepared: Path, disk: Path, tmp_path: Path) -> None:
    old = outcome(prepared)
    shutil.copytree(prepared, tmp_path / "expected")
    release(tmp_path / "expected" / "cards", tmp_path / "expected" / "output", SECOND)
    folder = disk / "deck"
    failed = 0
    for free in range(0, 2**20, PAGE):
        shutil.rmtree(folder, ignore_errors=True)
        (disk / "filler").unlink(missing_ok=True)
        shutil.copytree(prepared, folder)
        fill(disk, free)
        try:
            release(folder / "cards", folder / "output", SECOND)
        except HipdeckError:
            assert outcome(folder) == old
            failed += 1
        else:
            break
    assert outcome(folder) == outcome(tmp_path / "expected")
    assert failed > 20


def test_release_completes_once_the_lock_has_room(prepared: Path, disk: Path, tmp_path: Path) -> None:
    _, old = outcome(prepared)
    shutil.move(prepared / "cards", disk)
    (prepared / "cards").symlink_to(disk / "cards")
    fill(disk, PAGE)
    result = cases.hipdeck("release", "-q", cwd=prepared)
    assert (result.code, result.stdout) == (2, "")
    assert result.stderr == (
        f"error: cannot write {Path('cards', 'deck.lock')}: No space left on device\n"
        "  hint: check that you may write to that folder and that the disk has room, then release again\n"
    )
    assert outcome(prepared)[1] == old
    (disk / "filler").unlink()
    assert release(prepared / "cards", prepared / "output", SECOND).release_notes
    package, lock = outcome(prepared)
    assert lock != old
    assert build(prepared / "cards", tmp_path, SECOND + 1, locked=True).package.read_bytes() == package


@pytest.mark.parametrize("command", ["build", "release"])
@pytest.mark.parametrize("free", [0, 10, 20])
def test_full_disk_is_one_line_and_a_hint(command: str, free: int, prepared: Path, disk: Path) -> None:
    folder = disk / "deck"
    shutil.copytree(prepared, folder)
    old = outcome(folder)
    fill(disk, free * PAGE)
    assert_no_room(cases.hipdeck(command, "-q", cwd=folder), "cannot write", NAMES[command])
    assert outcome(folder) == old


@pytest.mark.parametrize("command", ["build", "release"])
@pytest.mark.parametrize("largest", [1, 15])
def test_file_size_limit_is_one_line_and_a_hint(command: str, largest: int, prepared: Path) -> None:
    def limited() -> cases.Result:
        limit = largest * PAGE
        done = subprocess.run(
            [sys.executable, "-m", "hipdeck", command, "-q"],
            cwd=prepared,
            capture_output=True,
            text=True,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
            check=False,
        )
        return cases.Result(done.returncode, done.stdout, done.stderr)

    old = outcome(prepared)
    name = NAMES[command]
    package = prepared / "output" / name
    if command == "build":
        shutil.copy(prepared / "output" / "bridges.apkg", package)
    # The old package is unpacked and looked into before it is written over.
    assert_no_room(limited(), "can't read", name)
    assert outcome(prepared) == old
    package.unlink()
    assert_no_room(limited(), "cannot write", name)
    assert list(prepared.rglob(".hipdeck-*")) == []
    assert not package.exists()
    assert (prepared / "cards" / "deck.lock").read_bytes() == old[1]


def assert_no_room(result: cases.Result, what: str, name: str) -> None:
    """A command has failed for want of room with one line and a hint."""
    assert (result.code, result.stdout) == (2, "")
    error, hint = result.stderr.splitlines()
    message, _, reason = error.rpartition(": ")
    assert message == f"error: {what} {Path('output', name)}"
    assert reason in ("No space left on device", "File too large", "disk I/O error", "database or disk is full")
    assert "the disk has room" in hint

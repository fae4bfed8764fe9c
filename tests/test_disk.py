"""Files are written whole or not at all, all of a run's files together."""

from __future__ import annotations

import os
import stat
import time
from pathlib import Path

import pytest

from hipdeck import disk
from hipdeck.diagnostics import HipdeckError

HINT = "make room"


def write(*targets: Path) -> None:
    with disk.replacing(HINT) as drafts:
        for target in targets:
            drafts.draft(target).write_text("new")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def test_files_change_only_when_the_block_ends(tmp_path: Path) -> None:
    (tmp_path / "old").write_text("old")
    with disk.replacing(HINT) as drafts:
        for name in ("old", "folder/new"):
            draft = drafts.draft(tmp_path / name)
            draft.write_text("new")
            draft.with_name("scratch").write_text("scratch")
        assert (tmp_path / "old").read_text() == "old"
        assert not (tmp_path / "folder" / "new").exists()
    assert names(tmp_path) == ["folder", "folder/new", "old"]
    assert (tmp_path / "old").read_text() == (tmp_path / "folder" / "new").read_text() == "new"


def test_no_file_changes_if_one_cannot_be_written(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).write_text("old")
    with pytest.raises(HipdeckError) as failure:
        write(tmp_path / "a", tmp_path / "b" / "c")
    assert failure.value.message == f"cannot write {tmp_path / 'b' / 'c'}: File exists"
    assert failure.value.hint == HINT
    assert (tmp_path / "a").read_text() == "old"
    assert names(tmp_path) == ["a", "b"]


def fail(problem: BaseException, *targets: Path) -> None:
    with disk.replacing(HINT) as drafts:
        for target in targets:
            drafts.draft(target).write_text("new")
        raise problem


def test_a_full_disk_names_the_file_that_was_being_written(tmp_path: Path) -> None:
    with pytest.raises(HipdeckError) as failure:
        fail(OSError(28, "No space left on device"), tmp_path / "a", tmp_path / "b")
    assert failure.value.message == f"cannot write {tmp_path / 'b'}: No space left on device"
    assert names(tmp_path) == []


def test_no_file_changes_if_the_block_raises(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old")
    with pytest.raises(KeyboardInterrupt):
        fail(KeyboardInterrupt(), tmp_path / "a")
    assert names(tmp_path) == ["a"]
    assert (tmp_path / "a").read_text() == "old"


def test_every_draft_is_on_the_disk_before_a_file_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    synced, replace = os.fsync, Path.replace

    def fsync(handle: int) -> None:
        calls.append("fsync")
        synced(handle)

    def move(self: Path, target: Path) -> Path:
        calls.append("replace")
        return replace(self, target)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(Path, "replace", move)
    write(tmp_path / "a", tmp_path / "b")
    assert calls == ["fsync", "fsync", "replace", "replace"]


def test_a_file_keeps_its_permissions(tmp_path: Path) -> None:
    (tmp_path / "a").touch(0o600)
    (tmp_path / "model").touch()
    with disk.replacing(HINT) as drafts:
        drafts.draft(tmp_path / "a", like=tmp_path / "model").write_text("new")
    assert mode(tmp_path / "a") == 0o600


def test_a_new_file_gets_usual_permissions_or_those_of_its_model(tmp_path: Path) -> None:
    (tmp_path / "plain").touch()
    (tmp_path / "model").touch()
    (tmp_path / "model").chmod(0o750)
    with disk.replacing(HINT) as drafts:
        drafts.draft(tmp_path / "usual").write_text("new")
        drafts.draft(tmp_path / "alike", like=tmp_path / "model").write_text("new")
    assert mode(tmp_path / "usual") == mode(tmp_path / "plain")
    assert mode(tmp_path / "alike") == 0o640


def test_a_link_is_replaced_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "victim").write_text("old")
    (tmp_path / "a").symlink_to("victim")
    write(tmp_path / "a")
    assert not (tmp_path / "a").is_symlink()
    assert [(tmp_path / name).read_text() for name in ("a", "victim")] == ["new", "old"]


def test_what_killed_runs_left_is_cleared_after_an_hour(tmp_path: Path) -> None:
    for name in (".hipdeck-old", ".hipdeck-young", ".other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "draft").touch()
    an_hour_ago = time.time() - 3601
    for name in (".hipdeck-old", ".other"):
        os.utime(tmp_path / name, (an_hour_ago, an_hour_ago))
    write(tmp_path / "a")
    assert sorted(path.name for path in tmp_path.iterdir()) == [".hipdeck-young", ".other", "a"]

"""The locks in a repository's history. git only reads here: nothing that a repository configures can run.

No hook, pager, filter, text conversion or file system monitor takes part in these commands, and a repository that has
only a part of its history doesn't fetch the rest. If there's no git, no repository or none that git trusts, no lock is
known.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Collection, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from hipdeck.editions.lock import NAME, LockedEdition
from hipdeck.editions.lock_reader import LARGEST, parse_edition

MOST_COMMITS = 50
"""The newest commits of a lock that are looked at."""

_SETTINGS = ("core.fsmonitor=false", f"core.hooksPath={os.devnull}", "safe.bareRepository=explicit")
_ENVIRONMENT = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
_FROM_A_HOOK = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR", "GIT_NAMESPACE")


class CommittedLock(NamedTuple):
    """A deck's lock as a commit has it: git's name for its contents, and its editions, which format 1 doesn't name."""

    commit: str
    blob: str
    editions: frozenset[LockedEdition]


class Repository:
    """The repository that a deck's folder is in, if there is one."""

    def __init__(self, cards: Path) -> None:
        self._cards = cards
        prefix = self._git("rev-parse", "--show-prefix")
        self._prefix = None if prefix is None else os.fsdecode(prefix).removesuffix("\n")

    def locks(self, deck_id: str, *revisions: str) -> list[CommittedLock]:
        """The deck's lock in the newest commits that changed it, the newest first; of the same contents, the first.

        `revisions` say from where to look back.
        """
        if not revisions or self._prefix is None or "\n" in self._prefix:
            return []
        # Otherwise history that a merge has left out would be left out here, too.
        limit = f"--max-count={MOST_COMMITS}"
        commits = self._lines("rev-list", "--full-history", limit, *revisions, "--", NAME)
        names = "".join(f"{commit}:{self._prefix}{NAME}\n" for commit in commits)
        objects = self._lines("cat-file", "--batch-check=%(objecttype) %(objectsize) %(objectname)", text=names)
        blobs: dict[str, str] = {}
        for commit, line in zip(commits, objects, strict=False):
            type_, size, name = [*line.split(" ", 2), "", ""][:3]
            if type_ == "blob" and size.isdigit() and int(size) <= LARGEST:
                blobs.setdefault(name, commit)
        # One by one: there may be 50, each of some megabytes.
        heads = map(_heads, self._blobs(blobs))
        return [
            CommittedLock(commit[:10], name, editions)
            for (name, commit), (id_, editions) in zip(blobs.items(), heads, strict=False)
            if id_ == deck_id
        ]

    def read(self, lock: CommittedLock) -> bytes:
        """The contents of a lock; none if git can't read them any more."""
        return next(self._blobs([lock.blob]), b"")

    def elsewhere(self) -> list[str]:
        """What this copy should follow and doesn't have: commits of its branch's upstream or, on no branch, of all."""
        followed = ["--all"]
        if self.is_on_branch():
            followed = self._lines("rev-parse", "--verify", "-q", "@{upstream}")
        return [*followed, "^HEAD"] if followed else []

    def is_on_branch(self) -> bool:
        """Whether a branch is checked out."""
        return bool(self._lines("symbolic-ref", "-q", "HEAD"))

    def branch_with(self, commit: str) -> str:
        """A branch that has a commit; empty if none has."""
        form = "--format=%(refname:short)"
        return next(iter(self._lines("for-each-ref", "--count=1", form, f"--contains={commit}", "refs/heads")), "")

    def _blobs(self, names: Collection[str]) -> Iterator[bytes]:
        """The contents of blobs, one by one."""
        process = self._start("cat-file", "--batch") if names else None
        if not process or not process.stdin or not process.stdout:
            return
        with process:
            process.stdin.write("".join(f"{name}\n" for name in names).encode())
            process.stdin.close()
            for header in process.stdout:
                size = int(header.split()[2])
                yield process.stdout.read(size)
                process.stdout.read(1)

    def _lines(self, *arguments: str, text: str = "") -> list[str]:
        output = self._git(*arguments, text=text)
        return os.fsdecode(output or b"").splitlines()

    def _git(self, *arguments: str, text: str = "") -> bytes | None:
        """What git prints; None if there's no git, or it fails."""
        process = self._start(*arguments)
        if not process:
            return None
        output, _ = process.communicate(os.fsencode(text))
        return None if process.returncode else output

    def _start(self, *arguments: str) -> subprocess.Popen[bytes] | None:
        environment = {key: value for key, value in os.environ.items() if key not in _FROM_A_HOOK}
        settings = [part for setting in _SETTINGS for part in ("-c", setting)]
        program = _find_git()
        if not program:
            return None
        try:
            return subprocess.Popen(  # noqa: S603 - a fixed program, and arguments of our own
                [program, "--no-pager", "--literal-pathspecs", *settings, *arguments],
                cwd=self._cards,
                env=environment | _ENVIRONMENT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        except OSError:
            return None


@cache
def _find_git() -> str | None:
    """The path of git. What lies in the current folder isn't it: that may be a stranger's."""
    folders = [path for path in os.environ.get("PATH", "").split(os.pathsep) if Path(path).is_absolute()]
    path = shutil.which("git", path=os.pathsep.join(folders))
    return path if path and Path(path).is_absolute() else None


def _starts(data: bytes) -> Iterator[int]:
    """Where the lines of the deck and of editions begin. Looking for them is ten times as fast as a pattern."""
    for head in (b'{"deck": ', b'{"edition": '):
        start = data.find(head)
        while start >= 0:
            if start == 0 or data[start - 1] == 10:
                yield start
            start = data.find(head, start + 1)


def _heads(data: bytes) -> tuple[str, frozenset[LockedEdition]]:
    """The deck's id and the editions of a lock, without reading the rest; a line that's damaged counts for nothing."""
    deck_id = ""
    editions = set()
    for start in _starts(data):
        try:
            value = json.loads(data[start : data.find(b"\n", start)])
            if "deck" in value:
                deck_id = str(value["deck"])
            else:
                editions.add(parse_edition(value))
        except (ValueError, KeyError, TypeError):
            continue
    return deck_id, frozenset(editions)

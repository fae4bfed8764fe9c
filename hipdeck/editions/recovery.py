"""Makes good a lock that has lost lines: after `git revert`, `git checkout`, a merge that took one side, or deletion.

Each edition has a line in the lock, and lines are only ever added. So a lock has gone back if an older commit of it, or
a package in the output folder, knows an edition that it doesn't, or if its notes' times aren't those of an edition.
Nothing is asked of the author then: the lines that are missing are put back, as a merge would, and the next edition is
newer than everything that any student has.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from hipdeck.diagnostics import Diagnostic, Place, error
from hipdeck.editions.git import CommittedLock, Repository
from hipdeck.editions.lock import NAME, Lock, LockedEdition, hash_times
from hipdeck.editions.lock_reader import newer_note, one_per_guid, parse_lock
from hipdeck.editions.packages import kept_editions, lock_from_package
from hipdeck.source import folder


class Recovery(NamedTuple):
    """A lock that has all lines, what was done to it, and what only the author can do."""

    lock: Lock
    notices: list[str]
    problems: list[Diagnostic]
    highest: int = 0
    """The highest number that any edition has."""
    accepted: frozenset[str] = frozenset()
    """The keys of `--accept` that were needed."""


def recover(
    lock: Lock, deck_id: str, cards: Path, output: Path, accepted: Collection[str], package: Path | None = None
) -> Recovery:
    """Put back the lines that a lock has lost.

    `package` is that of the last edition, to take in place of a lock that was lost. Raises HipdeckError if it's none.
    """
    notices: list[str] = []
    floor = 0
    if package:
        source = lock_from_package(package, deck_id)
        lock = merge([lock, source]) if lock.deck_id else source
        floor = max(edition.released for edition in source.editions)
        notices.append(
            f"taken from {package}: what students have of {source.editions[-1].label}. It can't say which notes were "
            "retired, nor which ids and cloze numbers were given up: don't use an old one for something new"
        )
    if lock.deck_id not in ("", deck_id):
        return Recovery(lock, notices, [])  # another deck, which has a guard of its own
    repository = Repository(cards)
    commits = repository.locks(deck_id, "HEAD")
    packages = kept_editions(output, deck_id)
    known = frozenset(packages).union(*(commit.editions for commit in commits))
    highest = max((edition.number for edition in known), default=0)
    first = f"first:{deck_id}"
    if not lock.deck_id and (commits or packages):
        if first not in accepted:
            return Recovery(lock, notices, [_lost(cards, deck_id, commits, packages)])
        # Their lines stay, so that nothing of them is put back later.
        lock = replace(lock, editions=tuple(sorted(known)))
        return Recovery(lock, notices, [], highest, frozenset({first}))
    lock, more = _from_commits(lock, commits, repository)
    notices += more
    elsewhere = repository.locks(deck_id, *repository.elsewhere()) if lock.deck_id else []
    if behind := next((commit for commit in elsewhere if commit.editions - {*lock.editions}), None):
        return Recovery(lock, notices, [_behind(cards, repository, behind, lock)])
    lost = packages.keys() - {*lock.editions}
    if lost and lock.deck_id:
        # What another branch has released is that branch's.
        lost -= frozenset().union(*(commit.editions for commit in repository.locks(deck_id, "--all", "^HEAD")))
        lock, more = _from_packages(lock, {edition: packages[edition] for edition in lost}, floor)
        notices += more
    return Recovery(lock, notices, [], max(highest, lock.last.number if lock.last else 0))


def merge(locks: Iterable[Lock]) -> Lock:
    """The lock with the lines of several: of two lines for one thing, the newer counts."""
    first, *others = locks
    for other in others:
        notes = dict(first.notes)
        for id_, note in other.notes.items():
            notes[id_] = newer_note(notes[id_], note._replace(line=1)) if id_ in notes else note._replace(line=1)
        types = dict(first.types)
        for role, type_ in other.types.items():
            types[role] = max(types.get(role, type_), type_, key=lambda line: (line.modified, line))
        newer = max(first, other, key=lambda lock: (lock.modified, lock.content))
        editions = tuple(sorted({*first.editions, *other.editions}))
        first = replace(newer, types=types, notes=one_per_guid(notes), editions=editions)
    return first


def _from_commits(lock: Lock, commits: Iterable[CommittedLock], repository: Repository) -> tuple[Lock, list[str]]:
    """The lock with what commits know and it doesn't, and what was put back.

    If no edition left the lock as it is, any commit may know newer lines of notes: undoing an edition that isn't the
    last one takes back those, and a union merge keeps the editions' lines.
    """
    notices = []
    is_merged = lock.is_merged
    for commit in commits:
        missing = commit.editions - {*lock.editions}
        if not lock.deck_id or not (missing or is_merged):
            continue
        other, problems = parse_lock(repository.read(commit), NAME)
        if problems:
            continue
        merged = merge([lock, other])
        if missing:
            notices.append(_put_back(missing, f"commit {commit.commit}"))
        elif hash_times(merged.notes.values()) != hash_times(lock.notes.values()):
            notices.append(f"the lock had lost lines of notes; put back from commit {commit.commit}")
        lock = merged
    return lock, notices


def _from_packages(lock: Lock, packages: dict[LockedEdition, Path], floor: int) -> tuple[Lock, list[str]]:
    """The lock with what packages know and it doesn't, and what was put back.

    The newest package has the notes; what the others have besides may have been retired since. Nothing is taken from
    packages that aren't newer than `floor`.
    """
    if not packages:
        return lock, []
    newest = max(packages, key=lambda edition: (edition.released, edition))
    notices = []
    if newest.released > floor:
        lock = merge([lock, lock_from_package(packages[newest], lock.deck_id)])
        notices.append(_put_back({newest}, str(packages[newest])))
    return replace(lock, editions=tuple(sorted({*lock.editions, *packages}))), notices


def _put_back(editions: Iterable[LockedEdition], source: str) -> str:
    names = " and ".join(edition.label for edition in sorted(editions))
    return f"the lock had gone back and lacked {names}; put back from {source}"


def _lost(cards: Path, deck_id: str, commits: list[CommittedLock], packages: dict[LockedEdition, Path]) -> Diagnostic:
    path = folder.shown(cards, NAME)
    if commits:
        source, command = f"commit {commits[0].commit}", f"git checkout {commits[0].commit} -- {path}"
    else:
        newest = packages[max(packages, key=lambda edition: (edition.released, edition))]
        source, command = f"{newest}", f"hipdeck release --from {newest}"
    message = f"the lock of this deck is missing, but {source} is an edition of it"
    hint = f"bring it back: {command}; or start anew, with all notes updated at once: --accept first:{deck_id}"
    return error("lock-lost", Place(path), message, hint)


def _behind(cards: Path, repository: Repository, commit: CommittedLock, lock: Lock) -> Diagnostic:
    newest = max(commit.editions - {*lock.editions})
    branch = repository.branch_with(commit.commit)
    hint = "get it first: git pull"
    if not repository.is_on_branch():
        hint = f"go to a branch that has it: git switch {branch}" if branch else "go to a branch that has it"
    message = f"commit {commit.commit} has {newest.label}, which isn't in this copy"
    return error("lock-behind", Place(folder.shown(cards, NAME)), message, hint)

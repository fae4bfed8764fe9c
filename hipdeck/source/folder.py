"""The deck's folder: which section files it holds, and their bytes. Nothing outside of it is ever read."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from hipdeck.diagnostics import Diagnostic, HipdeckError, Place, error
from hipdeck.source.characters import UNPRINTABLE

DECK = "deck.yaml"
MEDIA = "media"
LARGEST_TEXT = 8 * 2**20
"""Bytes of the largest YAML file that is read."""


def require(cards: Path) -> None:
    """Raise HipdeckError where this is not the folder of a deck; the hint names the one that was probably meant."""
    if not cards.exists():
        hint = "name the folder that holds your deck.yaml, or make a deck: hipdeck new my-deck"
        if (cards.parent / DECK).exists():
            hint = f"your deck.yaml is in '{cards.parent}': name that folder"
            if cards.parent == Path():
                hint = "your deck.yaml is in this very folder: go one folder up (cd ..)"
        raise HipdeckError(f"there is no folder '{cards}'", hint)
    if not cards.is_dir():
        holder = next((folder for folder in cards.parents if (folder / DECK).exists()), None)
        hint = (
            f"name the folder of the whole deck: '{holder}'" if holder else "name the folder that holds your deck.yaml"
        )
        raise HipdeckError(f"'{cards}' is a file, not a folder", hint)
    inner = [] if (cards / DECK).exists() else sorted(cards.glob(f"*/{DECK}"))
    if inner:
        raise HipdeckError(
            f"there is no deck.yaml in '{cards}'", f"there is one in '{inner[0].parent}': name that folder"
        )


def shown(cards: Path, relative: str) -> str:
    """A file's path as messages name it: the folder as it was given, and the path below it."""
    return (cards / relative).as_posix()


def _leads_out(cards: Path, relative: str) -> bool:
    """Whether a symbolic link below the folder takes a path out of it."""
    path = str(cards)
    for step in relative.split("/"):
        path = os.path.join(path, step)  # noqa: PTH118 - a Path takes ten times as long, and this is asked of every file
        if step == ".." or os.path.islink(path):  # noqa: PTH114
            # Not Path.resolve, which raises where links lead round in a circle.
            return not Path(os.path.realpath(cards / relative)).is_relative_to(cards.resolve())
    return False


def section_files(cards: Path) -> tuple[dict[str, str], list[Diagnostic]]:
    """The section files below the folder: their section path ('exercises/glute-bridge') to their relative path.

    Hidden files, other endings and the media folder are not sections. What would be left out in silence is an error: a
    '.yml' file, a link to a folder, a folder that cannot be read, be it one of the media folder.
    """
    found: dict[str, str] = {}
    problems: list[Diagnostic] = []

    def unreadable(problem: OSError) -> None:
        problems.append(_unreadable(Place(Path(problem.filename).as_posix()), "folder", problem))

    for folder, folders, files in os.walk(cards, onerror=unreadable):
        below = Path(folder).relative_to(cards)
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in folders:
            if os.path.islink(Path(folder, name)):  # noqa: PTH114 - the other one raises where a path is too long
                place = Place(shown(cards, (below / name).as_posix()))
                problems.append(error("link", place, "this folder is a symbolic link", "move its files here"))
        for name in sorted(files) if below.parts[:1] != (MEDIA,) else ():
            relative = (below / name).as_posix()
            ending = Path(name).suffix
            stem = relative.removesuffix(ending)
            if name.startswith(".") or relative == DECK:
                continue
            if ending == ".yaml" and (sign := UNPRINTABLE.search(relative)):
                message = f"the name of this file holds {_named(sign[0])}, which no tag can hold"
                problems.append(error("file-name", Place(shown(cards, relative)), message, "rename it"))
            elif ending == ".yaml":
                found[stem] = relative
            elif ending.lower() in (".yaml", ".yml"):
                hint = f"rename it to '{Path(stem).name}.yaml'"
                problems.append(error("file-ending", Place(shown(cards, relative)), f"'{name}' is not read", hint))
    return dict(sorted(found.items(), key=lambda item: item[0].split("/"))), problems


def _named(character: str) -> str:
    # What is no UTF-8 in a name, Python shows as one of these.
    return "a byte that is not UTF-8" if "\udc80" <= character <= "\udcff" else f"the character U+{ord(character):04X}"


def _unreadable(place: Place, what: str, problem: OSError) -> Diagnostic:
    reason = (problem.strerror or str(problem)).lower()
    return error("unreadable", place, f"this {what} cannot be read: {reason}", "check its permissions")


def read(cards: Path, relative: str, largest: int = LARGEST_TEXT) -> tuple[bytes | None, list[Diagnostic]]:
    """A file's bytes, or the one error that keeps it from being read. `largest` is in bytes."""
    path = cards / relative
    place = Place(shown(cards, relative))
    if _leads_out(cards, relative):
        return None, [error("link", place, "this file is a link to a place outside the deck's folder", "copy it here")]
    try:
        # A pipe or a device would be waited for, or read, for ever.
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            return None, [error("unreadable", place, "this is not a file", "put a file in its place")]
        if status.st_size > largest:
            size = f"{status.st_size / 2**20:,.0f} MB"
            hint = f"make it smaller; at most {largest // 2**20} MB are read"
            return None, [error("too-large", place, f"this file has {size}", hint)]
        return path.read_bytes(), []
    except OSError as problem:
        return None, [_unreadable(place, "file", problem)]

"""The deck's folder: which section files it holds, and their bytes. Nothing outside it is ever read."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable
from pathlib import Path

from hipdeck.diagnostics import Diagnostic, HipdeckError, Place, error
from hipdeck.source.characters import UNPRINTABLE

DECK = "deck.yaml"
MEDIA = "media"
LARGEST_TEXT = 8 * 2**20
"""Bytes of the largest YAML file that is read."""

# What may be in a text but not in a name, which messages show on one line.
_WHITE_SPACE = re.compile(r"[\t\r\n]")
DEEPEST_FOLDER = 16
"""Folders inside one another that are looked into."""


_DOCUMENTS = (".txt", ".rtf", ".doc", ".docx", ".odt", ".pages")
_DECK = re.compile(r"deck\.(?:ya?ml(?:\.\w+)?|txt)", re.IGNORECASE)
_SECTION = re.compile(rb"^notes:[ \t]*(?:#.*)?\r?\n[ \t]*(?:#.*\r?\n[ \t]*)*- ", re.MULTILINE)


def require(cards: Path) -> None:
    """Raise HipdeckError if this isn't a deck's folder; the hint names the folder that was probably meant."""
    if not is_there(cards):
        hint = "name the folder that holds your deck.yaml, or make a deck: hipdeck new my-deck"
        if is_there(cards.parent / DECK):
            hint = f"your deck.yaml is in '{cards.parent}': name that folder"
            if cards.parent == Path():
                hint = "your deck.yaml is in this very folder: go one folder up (cd ..)"
        raise HipdeckError(f"there is no folder '{cards}'", hint)
    if not cards.is_dir():
        holder = next((folder for folder in cards.parents if is_there(folder / DECK)), None)
        hint = (
            f"name the folder of the whole deck: '{holder}'" if holder else "name the folder that holds your deck.yaml"
        )
        raise HipdeckError(f"'{cards}' is a file, not a folder", hint)
    inner = [] if is_there(cards / DECK) else sorted(cards.glob(f"*/{DECK}"))
    if inner:
        raise HipdeckError(
            f"there is no deck.yaml in '{cards}'", f"there is one in '{inner[0].parent}': name that folder"
        )


def shown(cards: Path, relative: str) -> str:
    """A file's path as messages show it: the folder as it was named, and the path below it; short if that's above."""
    path = (cards / relative).as_posix()
    return os.path.relpath(path).replace(os.sep, "/") if path.startswith("../") else path


def _is_linked(cards: Path, relative: str) -> bool:
    """Whether a path below the folder leads over a symbolic link."""
    path = str(cards)
    for step in relative.split("/"):
        path = os.path.join(path, step)  # noqa: PTH118 - a Path takes ten times as long, and this is asked of every file
        if os.path.islink(path):  # noqa: PTH114
            return True
    return False


def is_there(path: Path) -> bool:
    """Whether something is at a path, even if nobody may look at it: reading it says why."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return True


def section_files(cards: Path) -> tuple[dict[str, str], list[Diagnostic]]:
    """The section files below the folder: their section path ('exercises/glute-bridge') to their relative path.

    Hidden files, files with other endings and the media folder aren't sections. What would be left out in silence is an
    error: a '.yml' file, which is looked through all the same, or whatever `files_below` reports (media folders
    included).
    """
    sections: dict[str, str] = {}
    files, problems = files_below(cards)
    deck = DECK if is_there(cards / DECK) else misnamed_deck(files)
    for relative in files:
        if relative == deck or relative.startswith(f"{MEDIA}/"):
            continue
        if problem := _name_problem(cards, relative):
            problems.append(problem)
        if relative.endswith(".yaml") and not problem:
            sections[relative.removesuffix(".yaml")] = relative
        elif problem and problem.code == "file-ending":
            right = Path(relative).with_name(f"{_meant_stem(cards, Path(relative))}.yaml").as_posix()
            if right.lower() != DECK and right not in files:
                sections.setdefault(right.removesuffix(".yaml"), relative)
    return dict(sorted(sections.items(), key=lambda item: item[0].split("/"))), problems


def misnamed_deck(files: Iterable[str]) -> str:
    """The file, of those in a folder without a deck.yaml, that was surely meant to be it; nothing if there's none."""
    return next(filter(_DECK.fullmatch, files), "")


def files_below(cards: Path, top: str = "") -> tuple[list[str], list[Diagnostic]]:
    """The files in a folder and all folders in it, by their paths below `cards`, except hidden ones.

    `top` is the folder's own path below `cards`. A link to a folder isn't followed; it's an error, and so is a folder
    that can't be read, or one in more than `DEEPEST_FOLDER` others.
    """
    files: list[str] = []
    problems: list[Diagnostic] = []
    folders = [top]
    while folders:
        folder = folders.pop()
        place = Place(shown(cards, folder))
        if folder.count("/") >= DEEPEST_FOLDER:
            hint = f"move its files up; hipdeck looks into at most {DEEPEST_FOLDER} folders inside one another"
            problems.append(error("nesting", place, "this folder is nested too deeply", hint))
            continue
        if folder and os.path.islink(cards / folder):  # noqa: PTH114 - the other one may raise
            problems.append(error("link", place, "this folder is a symbolic link", "move its files here"))
            continue
        try:
            with os.scandir(cards / folder) as entries:
                for entry in sorted(entries, key=lambda entry: entry.name):
                    relative = f"{folder}/{entry.name}" if folder else entry.name
                    if not entry.name.startswith("."):
                        (folders if _is_folder(entry) else files).append(relative)
        except OSError as problem:
            problems.append(_unreadable(place, "folder", problem))
    return sorted(files, key=_listed_order), problems


def _listed_order(relative: str) -> list[tuple[bool, str]]:
    """Files before folders, each by name."""
    *folders, name = relative.split("/")
    return [*((True, folder) for folder in folders), (False, name)]


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself, say; reading it as a file says what's wrong
        return False


def _name_problem(cards: Path, relative: str) -> Diagnostic | None:
    """The error in a file's name that keeps it from being a section, if its author surely meant it to be one."""
    path, place = Path(relative), Place(shown(cards, relative))
    if path.suffix == ".yaml" and not _DECK.fullmatch(relative):
        sign = UNPRINTABLE.search(relative) or _WHITE_SPACE.search(relative)
        if not sign:
            return None
        # Python shows bytes of a name that aren't UTF-8 as these.
        is_byte = "\udc80" <= sign[0] <= "\udcff"
        character = "a byte that is not UTF-8" if is_byte else f"the character U+{ord(sign[0]):04X}"
        return error("file-name", place, f"the name of this file holds {character}, which no tag can hold", "rename it")
    stem = _meant_stem(cards, path)
    if not stem:
        return None
    name = DECK if _DECK.fullmatch(relative) else f"{stem}.yaml"
    is_free = path.name.lower() == name.lower() or not is_there(cards / path.with_name(name))
    hint = f"rename it to '{name}'" if is_free else f"move what it holds into '{name}', and delete it"
    return error("file-ending", place, f"'{path.name}' is not read", hint)


def _meant_stem(cards: Path, path: Path) -> str:
    """The name without its ending that a file surely meant as a section would have; nothing for all other files."""
    ending = path.suffix.lower()
    if ending in (".yaml", ".yml"):
        return path.stem
    if ending not in _DOCUMENTS:
        return ""
    inner = Path(path.stem)
    if inner.suffix.lower() in (".yaml", ".yml"):
        return inner.stem
    if ending == ".txt" and (read_ := read(cards, path.as_posix())[0]) and _SECTION.search(read_):
        return path.stem
    return ""


def _unreadable(place: Place, what: str, problem: OSError) -> Diagnostic:
    reason = (problem.strerror or str(problem)).lower()
    return error("unreadable", place, f"this {what} can't be read: {reason}", "check its permissions")


def read(cards: Path, relative: str, largest: int = LARGEST_TEXT) -> tuple[bytes | None, list[Diagnostic]]:
    """A file's bytes, or the one error that keeps it from being read. `largest` is in bytes.

    A symbolic link is refused wherever it leads: thousands of them could name one large file.
    """
    path = cards / relative
    place = Place(shown(cards, relative))
    if _is_linked(cards, relative):
        hint = "put a copy of the file in its place"
        if not os.path.exists(path):  # noqa: PTH110 - the other one may raise
            hint = "it leads nowhere: put the file itself in its place, or delete the link"
        return None, [error("link", place, "this file is a symbolic link", hint)]
    try:
        # Reading a pipe or a device might never end.
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            return None, [error("unreadable", place, "this isn't a regular file", "put a file in its place")]
        if status.st_size > largest:
            size = f"{status.st_size / 2**20:,.0f} MB"
            hint = f"make it smaller; hipdeck reads at most {largest // 2**20} MB"
            return None, [error("too-large", place, f"this file has {size}", hint)]
        return path.read_bytes(), []
    except OSError as problem:
        return None, [_unreadable(place, "file", problem)]

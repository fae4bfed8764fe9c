"""Pictures: from the path in a card to the name in the package.

The name in the package contains a hash of the picture's content. Anki never replaces a media file that it already has
under a name, so a changed picture only reaches students under a new name.
"""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from pathlib import Path
from typing import NamedTuple

from hipdeck.diagnostics import Diagnostic, Place, Problem, at, warning
from hipdeck.names import Names
from hipdeck.source import folder

LARGEST = 20 * 2**20
"""The size in bytes of the largest picture that is packaged."""

# What each kind of file begins with; SVG is read as XML instead.
_SIGNATURES = {
    ".svg": (),
    ".png": (b"\x89PNG\r\n\x1a\n",),
    ".jpg": (b"\xff\xd8\xff",),
    ".jpeg": (b"\xff\xd8\xff",),
    ".gif": (b"GIF87a", b"GIF89a"),
    ".webp": (b"RIFF",),
}
_LONGEST_STEM = 80  # bytes in UTF-8; Anki shortens names of more than 120


class Picture(NamedTuple):
    """A file in the media folder: its name in the package, its path on disk, and the SHA-256 of its bytes."""

    name: str
    path: Path
    sha256: str


class Media:
    """The media folder of a deck. It remembers which of its files were asked for."""

    def __init__(self, cards: Path) -> None:
        self.cards = cards
        # By their paths in NFC, as cards name them. What keeps a file from being listed is said by `section_files`.
        files, _ = folder.files_below(cards, folder.MEDIA)
        self._files = {unicodedata.normalize("NFC", name): name for name in files}
        self._folded = {name.casefold(): name for name in reversed(self._files)}
        self._names = Names(self._files)
        self._pictures: dict[str, Picture | Problem] = {}
        self._contents: dict[str, str | Problem] = {}

    def find(self, source: str) -> Picture | Problem:
        """The picture for a path as it is written in a card ('media/bridge.svg'), or what is wrong with it."""
        if source not in self._pictures:
            self._pictures[source] = self._find(unicodedata.normalize("NFC", source))
        return self._pictures[source]

    def unused(self) -> list[Diagnostic]:
        """A warning for each file in the media folder that no note uses."""
        used = {picture.path for picture in self._pictures.values() if isinstance(picture, Picture)}
        hint = "use it in a note as ![what it shows]({}), or delete it"
        return [
            warning("unused-media", Place(folder.shown(self.cards, name)), "no note uses this file", hint.format(name))
            for name in self._files.values()
            if self.cards / name not in used
        ]

    def clashes(self) -> list[Diagnostic]:
        """An error for each picture with the same file name as one in another folder."""
        first: dict[str, str] = {}
        problems = []
        for name in self._files.values():
            base = Path(name).name.casefold()
            if first.setdefault(base, name) != name:
                message = f"'{first[base]}' has the same file name"
                problem = Problem("media-clash", message, "rename one of the two; Anki keeps all media in one folder")
                problems.append(at(Place(folder.shown(self.cards, name)), problem))
        return problems

    def _find(self, source: str) -> Picture | Problem:
        path = os.path.normpath(source).replace(os.sep, "/")
        if problem := _check_inside(source, path):
            return problem
        if path in self._files:
            return self._read(self._files[path], source)
        other = self._folded.get(path.casefold())
        if other:
            message = f"the picture is called '{other}', with different capital letters"
            return Problem("media-case", message, f"write {other}; capital letters matter to Anki", source)
        hint = self._names.did_you_mean(path) or "check the name, or add the file"
        return Problem("media-missing", f"there is no picture '{source}'", hint, source)

    def _read(self, relative: str, source: str) -> Picture | Problem:
        """A picture whose file is read and checked; `relative` is its path in the deck's folder."""
        path = self.cards / relative
        ending = path.suffix.lower()
        if ending not in _SIGNATURES:
            message = f"'{source}' isn't a kind of picture that every Anki can show"
            return Problem("picture-type", message, f"use one of {', '.join(_SIGNATURES)}", source)
        # Once for each file: `media/a.svg` can be written in any number of ways, such as `media/./a.svg`.
        if relative not in self._contents:
            self._contents[relative] = self._check(relative, ending)
        content = self._contents[relative]
        if isinstance(content, Problem):
            return content._replace(message=f"the picture '{source}': {content.message}", needle=source)
        return Picture(f"{_stem(path)}-{content[:12]}{ending}", path, content)

    def _check(self, relative: str, ending: str) -> str | Problem:
        """The SHA-256 of a file's bytes, or what keeps it from being packaged."""
        data, problems = folder.read(self.cards, relative, LARGEST)
        if data is None:
            return Problem(problems[0].code, problems[0].message, problems[0].hint)
        return _check_content(ending, data) or hashlib.sha256(data).hexdigest()


def _check_inside(source: str, path: str) -> Problem | None:
    """A problem if a picture isn't in the media folder; `path` is `source` without its detours."""
    if re.match(r"[a-z][a-z0-9+.-]+:|//", source, re.IGNORECASE):
        hint = "copy it into the media folder; students study offline"
        return Problem("media-outside", f"the picture '{source}' isn't in the deck's folder", hint, source)
    if not path.startswith(f"{folder.MEDIA}/") or "\\" in source:
        hint = f"put it into '{folder.MEDIA}' next to deck.yaml and write {folder.MEDIA}/{Path(source).name}"
        return Problem("media-outside", f"the picture '{source}' isn't in the media folder", hint, source)
    return None


def _check_content(ending: str, data: bytes) -> Problem | None:
    """A problem if the bytes of a picture aren't what its ending says, or aren't safe."""
    if ending == ".svg":
        from hipdeck.render import svg

        return svg.check(data)
    if not data.startswith(_SIGNATURES[ending]) or (ending == ".webp" and data[8:12] != b"WEBP"):
        message = f"this isn't a {ending} file, despite its name"
        return Problem("picture-content", message, "export it again, or correct the ending of its name")
    return None


def _stem(path: Path) -> str:
    """A file's name that Anki keeps: only word characters, no underscore at the start (Anki never replaces those)."""
    words = re.sub(r"[^\w]+", "-", unicodedata.normalize("NFC", path.stem)).strip("-_")
    return words.encode()[:_LONGEST_STEM].decode(errors="ignore") or "picture"

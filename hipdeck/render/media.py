"""Pictures: from the path in a card to the name in the package.

The packaged name carries a hash of the content. Anki never replaces a media file that it already has under a name, so
that a changed picture reaches students only under a new one.
"""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from pathlib import Path
from typing import NamedTuple

from hipdeck.diagnostics import Diagnostic, Place, Problem, at, suggestion, warning
from hipdeck.source import folder

LARGEST = 20 * 2**20
"""Bytes of the largest picture that is packaged."""

# What each kind of file begins with; an SVG is read as XML instead.
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
    """A file of the media folder: its name in the package, its path on disk, and the SHA-256 of its bytes."""

    name: str
    path: Path
    sha256: str


class Media:
    """The media folder of a deck. It remembers which of its files were asked for."""

    def __init__(self, cards: Path) -> None:
        self.cards = cards
        self._files = _listing(cards)
        self._known: dict[str, Picture | Problem] = {}

    def find(self, source: str) -> Picture | Problem:
        """The picture for a path as a card gives it ('media/bridge.svg'), or what is wrong with it."""
        if source not in self._known:
            self._known[source] = self._find(unicodedata.normalize("NFC", source))
        return self._known[source]

    def unused(self) -> list[Diagnostic]:
        """A warning for each file of the media folder that no note uses."""
        used = {one.path for one in self._known.values() if isinstance(one, Picture)}
        hint = "use it in a note as ![what it shows](" + "{}), or delete it"
        return [
            warning("unused-media", Place(folder.shown(self.cards, name)), "no note uses this file", hint.format(name))
            for name in self._files.values()
            if self.cards / name not in used
        ]

    def clashes(self) -> list[Diagnostic]:
        """An error for each picture whose file name another folder holds too: Anki keeps all media in one folder."""
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
        if re.match(r"[a-z][a-z0-9+.-]+:|//", source, re.IGNORECASE):
            hint = "copy it into the media folder; students study without a network"
            return Problem("media-outside", f"the picture '{source}' is not in the deck's folder", hint, source)
        normal = os.path.normpath(source).replace(os.sep, "/")
        if not normal.startswith(f"{folder.MEDIA}/") or "\\" in source:
            hint = f"put it into '{folder.MEDIA}' beside deck.yaml and write {folder.MEDIA}/{Path(source).name}"
            return Problem("media-outside", f"the picture '{source}' is not in the media folder", hint, source)
        if normal not in self._files:
            other = next((name for name in self._files if name.casefold() == normal.casefold()), None)
            if other:
                message = f"the picture is called '{other}', with other capital letters"
                return Problem("media-case", message, f"write {other}; Anki tells capital letters apart", source)
            near = suggestion(normal, self._files) if self._files else ""
            hint = near if near.startswith("did") else "check the name, or add the file"
            return Problem("media-missing", f"there is no picture '{source}'", hint, source)
        return self._checked(self._files[normal], source)

    def _checked(self, relative: str, source: str) -> Picture | Problem:
        path = self.cards / relative
        ending = path.suffix.lower()
        if ending not in _SIGNATURES:
            message = f"'{source}' is not a kind of picture that Anki shows everywhere"
            return Problem("picture-type", message, f"take one of {', '.join(_SIGNATURES)}", source)
        data, problems = folder.read(self.cards, relative, LARGEST)
        if data is None:
            return Problem(problems[0].code, f"the picture '{source}': {problems[0].message}", problems[0].hint, source)
        problem = None
        if ending == ".svg":
            from hipdeck.render import svg

            problem = svg.check(data)
        elif not data.startswith(_SIGNATURES[ending]) or (ending == ".webp" and data[8:12] != b"WEBP"):
            message = f"this is not a {ending} file, whatever its name says"
            problem = Problem("picture-content", message, "export it again, or correct its ending")
        if problem:
            return Problem(problem.code, f"the picture '{source}': {problem.message}", problem.hint, source)
        sha256 = hashlib.sha256(data).hexdigest()
        return Picture(f"{_stem(path)}-{sha256[:12]}{ending}", path, sha256)


def _listing(cards: Path) -> dict[str, str]:
    """The files below the media folder: relative path in NFC to relative path on disk. Hidden files are no media."""
    found = {}
    for where, folders, names in os.walk(cards / folder.MEDIA):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith("."):
                relative = (Path(where) / name).relative_to(cards).as_posix()
                found[unicodedata.normalize("NFC", relative)] = relative
    return found


def _stem(path: Path) -> str:
    """A file's name as Anki leaves it: word characters, no leading underscore (such a file is never replaced)."""
    words = re.sub(r"[^\w]+", "-", unicodedata.normalize("NFC", path.stem)).strip("-_")
    return words.encode()[:_LONGEST_STEM].decode(errors="ignore") or "picture"

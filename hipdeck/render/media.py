"""Pictures: from the path in a card to the name in the package.

The name in the package contains a hash of the picture's content. Anki never replaces a media file that it already has
under a name, so a changed picture only reaches students under a new name.
"""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from functools import cached_property
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
_SOUNDS = (".mp3", ".m4a", ".wav", ".ogg", ".oga", ".opus", ".flac", ".aac", ".mp4", ".m4v", ".mov", ".webm", ".avi")
_ALIKE = str.maketrans({**dict.fromkeys("‘’ʼ´`", "'"), **dict.fromkeys("‐‑–—−", "-"), "\u00a0": " "})
_LONGEST_STEM = 80  # bytes in UTF-8; Anki shortens names of more than 120


class Picture(NamedTuple):
    """A file in the media folder: its name in the package, its path on disk, and the SHA-256 of its bytes.

    Lines of an SVG end in LF here, whatever git has made of them in this copy.
    """

    name: str
    path: Path
    sha256: str

    def read(self) -> bytes:
        """The bytes that go into the package. Raises OSError if the file can't be read."""
        data = self.path.read_bytes()
        return _with_lf(data) if self.name.endswith(".svg") else data

    def sha256_with_crlf(self) -> str:
        """The SHA-256 of the picture as git checks it out for Windows. Raises OSError if the file can't be read."""
        data = self.read()
        return hashlib.sha256(data.replace(b"\n", b"\r\n") if self.name.endswith(".svg") else data).hexdigest()


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
        return [
            warning("unused-media", Place(folder.shown(self.cards, name)), "no note uses this file", _use(name))
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
        if problem := self._check_inside(source, path):
            return problem
        if path in self._files:
            return self._read(self._files[path], source)
        other = self._folded.get(path.casefold())
        if other:
            message = f"the picture is called '{other}', with different capital letters"
            return Problem("media-case", message, f"write {other}; capital letters matter to Anki", source)
        hint = self._look_alike(path) or self._names.did_you_mean(path) or "check the name, or add the file"
        return Problem("media-missing", f"there is no picture '{source}'", hint, source)

    def _check_inside(self, source: str, path: str) -> Problem | None:
        """A problem if a picture isn't in the media folder; `path` is `source` without its detours."""
        if re.match(r"[a-z][a-z0-9+.-]+:|//", source, re.IGNORECASE):
            name = readable_name(re.split(r"[?#]", source)[0].rsplit("/", 1)[-1])
            right = name if name.lower().endswith(tuple(_SIGNATURES)) else "….png"
            hint = f"copy it into the media folder, and write {folder.MEDIA}/{right}; students study offline"
            return Problem("media-outside", f"the picture '{source}' isn't in the deck's folder", hint, source)
        if path.startswith(f"{folder.MEDIA}/") and "\\" not in source:
            return None
        right = source.replace("\\", "/")
        if right in self._files:
            return Problem("media-outside", f"a card's path has no backslashes: '{source}'", f"write {right}", source)
        right = f"{folder.MEDIA}/{readable_name(right.rsplit('/', 1)[-1])}"
        hint = f"copy it into '{folder.MEDIA}' next to deck.yaml, and write {right}"
        if right in self._files:
            hint = f"write {right}"
        return Problem("media-outside", f"the picture '{source}' isn't in the media folder", hint, source)

    @cached_property
    def _alike(self) -> dict[str, str]:
        """The files by their names with one sign for all that look alike."""
        return {name.translate(_ALIKE): name for name in self._files}

    def _look_alike(self, path: str) -> str:
        """A hint if a file's name differs from a path only in signs that look alike, such as apostrophes."""
        name = self._alike.get(path.translate(_ALIKE))
        if not name:
            return ""
        theirs, ours = next(pair for pair in zip(name, path, strict=True) if pair[0] != pair[1])
        hint = f"the file's name has '{theirs}' (U+{ord(theirs):04X}) where the card has '{ours}' (U+{ord(ours):04X})"
        right = f"{folder.MEDIA}/{readable_name(name.removeprefix(f'{folder.MEDIA}/'))}"
        return f"{hint}: rename the file to {right.rsplit('/', 1)[-1]}, and write {right}"

    def _read(self, relative: str, source: str) -> Picture | Problem:
        """A picture whose file is read and checked; `relative` is its path in the deck's folder."""
        path = self.cards / relative
        ending = path.suffix.lower()
        if ending not in _SIGNATURES:
            return _wrong_type(source, ending)
        # Once for each file: `media/a.svg` can be written in any number of ways, such as `media/./a.svg`.
        if relative not in self._contents:
            self._contents[relative] = self._check(relative)
        content = self._contents[relative]
        if isinstance(content, Problem):
            return content._replace(message=f"the picture '{source}': {content.message}", needle=source)
        return Picture(f"{_stem(path)}-{content[:12]}{ending}", path, content)

    def _check(self, relative: str) -> str | Problem:
        """The SHA-256 of a file's bytes, or what keeps it from being packaged."""
        data, problems = folder.read(self.cards, relative, LARGEST)
        if data is None:
            return Problem(problems[0].code, problems[0].message, problems[0].hint)
        content = _with_lf(data) if relative.lower().endswith(".svg") else data
        return _check_content(self.cards / relative, data) or hashlib.sha256(content).hexdigest()


def _with_lf(data: bytes) -> bytes:
    return data.replace(b"\r\n", b"\n")


def _use(name: str) -> str:
    """What to do with a file that no note uses."""
    path = Path(name)
    if path.suffix.lower() not in _SIGNATURES:
        return "delete it, or move it out of the media folder; cards hold only pictures"
    right = path.with_name(readable_name(path.name)).as_posix()
    renamed = f"rename it to {Path(right).name}, and " if right != name else ""
    return f"{renamed}use it in a note as ![what it shows]({right}), or delete it"


def readable_name(name: str) -> str:
    """A file's name without what Markdown doesn't read in a path: spaces, brackets, and quotation marks."""
    return re.sub(r"[^\w.-]+", "-", name).strip("-")


def _wrong_type(source: str, ending: str) -> Problem:
    if ending in _SOUNDS:
        message = f"'{source}' is a sound or a film, and cards hold only pictures"
        return Problem("picture-type", message, "delete it; link to a web page if students should hear it", source)
    message = f"'{source}' isn't a kind of picture that every Anki can show"
    return Problem("picture-type", message, f"export it as one of {', '.join(_SIGNATURES)}", source)


def _check_content(path: Path, data: bytes) -> Problem | None:
    """A problem if the bytes of a picture aren't what its ending says, or aren't safe."""
    ending = path.suffix.lower()
    if ending == ".svg":
        from hipdeck.render import svg

        return svg.check(data)
    if _is_type(ending, data):
        return None
    right = next((other for other in _SIGNATURES if other != ".svg" and _is_type(other, data)), "")
    if right:
        name = f"{path.stem}{right}"
        hint = f"rename the file to {name}, and write that name in the card"
        return Problem("picture-content", f"this is a {right} file, despite its name", hint)
    return Problem("picture-content", f"this isn't a {ending} file, despite its name", "export it again")


def _is_type(ending: str, data: bytes) -> bool:
    return data.startswith(_SIGNATURES[ending]) and (ending != ".webp" or data[8:12] == b"WEBP")


def _stem(path: Path) -> str:
    """A file's name that Anki keeps: only word characters, no underscore at the start (Anki never replaces those)."""
    words = re.sub(r"[^\w]+", "-", unicodedata.normalize("NFC", path.stem)).strip("-_")
    return words.encode()[:_LONGEST_STEM].decode(errors="ignore") or "picture"

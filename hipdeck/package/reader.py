"""A package as it was written: its notes by GUID, with their fields, tags and times."""

from __future__ import annotations

import html
import json
import re
import sqlite3
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from hipdeck.diagnostics import HipdeckError
from hipdeck.package.contents import COLLECTION, Contents

LARGEST = 2**28
"""Bytes of the largest collection that is unpacked; 10,000 notes take about 10 MB."""
_CHUNK = 1 << 20
_Seen = TypeVar("_Seen")


# What the libraries raise where a file is damaged, or is none of hipdeck's. RuntimeError is of zipfile (an encrypted
# entry, a compression that it does not know) and of json (values that are nested too deep).
_DAMAGE = (
    *(zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, sqlite3.Error),
    *(KeyError, ValueError, TypeError, AttributeError),
)


class _ForeignError(HipdeckError):
    """A file is not a package that hipdeck wrote."""


class ReadNote(NamedTuple):
    """A note of a package: its fields by name, its tags, and its modification time in seconds since 1970."""

    guid: str
    type_id: int
    fields: Mapping[str, str]
    tags: tuple[str, ...]
    modified: int


class ReadPackage(NamedTuple):
    """A package: the ids of its note types, and its notes by GUID."""

    type_ids: frozenset[int]
    notes: Mapping[str, ReadNote]


def read(path: Path) -> ReadPackage:
    """Read a package that hipdeck wrote. Raises HipdeckError where the file is none, or cannot be read."""
    return _opened(path, _read)


def refuse_foreign(path: Path, contents: Contents) -> None:
    """Raise HipdeckError where a package would be written over one of another deck, or over some other file.

    Where it cannot be read at all, HipdeckError says why.
    """
    if not path.is_file():
        return
    hint = "move it away, or choose another folder with -o"
    try:
        known = _opened(path, _type_ids, _CHUNK)
    except _ForeignError:
        raise HipdeckError(f"{path} is not a package of this deck, and would be overwritten", hint) from None
    if not known & {type_.note_type.id for type_ in contents.types}:
        raise HipdeckError(f"{path} is the package of another deck, and would be overwritten", hint)


def text_of(field: str) -> str:
    """A field's HTML as the text that it shows, a picture as its name."""
    pictures = re.sub(r'<img src="([^"<>]*)"[^<>]*>', r"[\1]", field)
    lines = re.sub(r"<br ?/?>|</p>|</li>|</tr>", "\n", pictures)
    return html.unescape(re.sub(r"<[^<>]*>", "", lines)).strip()


def _opened(path: Path, look: Callable[[sqlite3.Connection], _Seen], most: int = LARGEST) -> _Seen:
    """What `look` sees in a package's collection, of which the first `most` bytes are unpacked.

    The note types stand at the start of what hipdeck writes, and the notes of a large deck take long to unpack.
    """
    hint = "name a package that `hipdeck build` or `hipdeck release` wrote"
    try:
        with tempfile.TemporaryDirectory() as workplace:
            database = Path(workplace, COLLECTION)
            _unpack(path, database, most)
            with closing(sqlite3.connect(f"file:{database.as_posix()}?mode=ro", uri=True)) as connection:
                return look(connection)
    except OSError as problem:
        if path.is_file():
            hint = "check that you may read it, and that the disk has room for temporary files"
        raise HipdeckError(f"cannot read {path}: {problem.strerror or problem}", hint) from None
    except _DAMAGE:
        raise _ForeignError(f"{path} is not a package that hipdeck wrote", hint) from None


def _unpack(path: Path, target: Path, most: int) -> None:
    with zipfile.ZipFile(path) as archive:
        entry = archive.getinfo(COLLECTION)
        # hipdeck stores or deflates; the other compressions raise errors of their own.
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise zipfile.BadZipFile
        size = 0
        with archive.open(entry) as source, target.open("wb") as database:
            while size < most and (chunk := source.read(_CHUNK)):
                size += len(chunk)
                if size > LARGEST:
                    raise zipfile.BadZipFile
                database.write(chunk)
            # sqlite takes no file for a database that is shorter than its head says.
            database.truncate(max(size, min(entry.file_size, LARGEST)))


def _note_types(connection: sqlite3.Connection) -> dict[int, Any]:
    if not all(_is_plain(connection, table) for table in ("col", "notes")):
        raise ValueError
    (models,) = connection.execute("SELECT models FROM col").fetchone()
    return {int(id_): model for id_, model in json.loads(models).items()}


def _type_ids(connection: sqlite3.Connection) -> frozenset[int]:
    return frozenset(_note_types(connection))


def _read(connection: sqlite3.Connection) -> ReadPackage:
    names = {id_: [field["name"] for field in model["flds"]] for id_, model in _note_types(connection).items()}
    notes = {}
    for row in connection.execute("SELECT guid, mid, mod, tags, flds FROM notes"):
        if tuple(map(type, row)) != (str, int, int, str, str):
            raise ValueError
        guid, type_id, modified, tags, values = row
        if guid in notes:  # and so on without end, where a table's pages lead back to one another
            raise ValueError
        fields = dict(zip(names[type_id], values.split("\x1f"), strict=True))
        notes[guid] = ReadNote(guid, type_id, fields, tuple(tags.split()), modified)
    return ReadPackage(frozenset(names), notes)


def _is_plain(connection: sqlite3.Connection, name: str) -> bool:
    """Whether a table holds its rows itself: a view, or a column that is computed, could go on for ever."""
    pages = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ? AND type = 'table'", (name,))
    computed = connection.execute("SELECT 1 FROM pragma_table_xinfo(?) WHERE hidden", (name,))
    return any(page for (page,) in pages) and not computed.fetchall()

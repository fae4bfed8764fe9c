"""A package as it was written: its notes by GUID, with their fields, tags and times.

A package may come from a stranger: what's read of it is bounded, in bytes, notes and steps of sqlite.
"""

from __future__ import annotations

import html
import json
import re
import sqlite3
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from hipdeck.diagnostics import HipdeckError
from hipdeck.package.contents import COLLECTION, Contents, PackagedType
from hipdeck.render.note_types import Field, NoteType, Template

LARGEST = 2**28
"""Bytes of the largest collection that is unpacked; 10,000 notes take about 10 MB."""
MOST_NOTES = 100_000
MOST_FIELDS = 100
"""Fields of a note type."""
LONGEST_FIELDS = 1_000_000
"""Characters that all fields of a note may have, and its tags."""

_SMALL = 2**24
_MOST_INFLATED = 20
"""How many times as large as its package a collection above `_SMALL` bytes may be; text takes some five times."""
_MOST_STEPS = 1_000
_STEPS = 100_000
"""sqlite's instructions, after which it's asked whether it has done enough."""
_CHUNK = 1 << 20
_LARGEST_PAGE = 2**15  # bytes that a page of sqlite has at most, but for a size that hipdeck doesn't use
_Seen = TypeVar("_Seen")

# What the libraries raise if a file is damaged or isn't hipdeck's. RuntimeError comes from zipfile (an encrypted entry,
# an unknown compression) and from json (values that are nested too deeply).
_DAMAGE = (
    *(zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, sqlite3.Error),
    *(KeyError, ValueError, TypeError, AttributeError, MemoryError),
)


class _ForeignError(HipdeckError):
    """A file isn't a package that hipdeck wrote."""


class ReadNote(NamedTuple):
    """A note of a package: the id of its note type, the names of its fields, its fields and tags as Anki stores them,
    and its times in seconds since 1970.

    They're taken apart only when asked for: a package can hold a hundred thousand notes that the deck doesn't have.
    """

    guid: str
    type_id: int
    names: Sequence[str]
    stored_fields: str
    stored_tags: str
    added: int
    modified: int

    @property
    def fields(self) -> dict[str, str]:
        """The fields by name."""
        return dict(zip(self.names, self.stored_fields.split("\x1f"), strict=True))

    @property
    def tags(self) -> list[str]:
        """The tags."""
        return self.stored_tags.split()


class ReadPackage(NamedTuple):
    """A package: its notes by GUID, its note types, its decks' names by their ids, and its label."""

    notes: Mapping[str, ReadNote]
    types: Sequence[PackagedType]
    decks: Mapping[int, str]
    label: Mapping[str, Any]


def read(path: Path) -> ReadPackage:
    """Read a package that hipdeck wrote. Raises HipdeckError if the file isn't one, or can't be read."""
    return _look_into(path, _read)._replace(label=read_label(path))


def read_label(path: Path) -> dict[str, Any]:
    """What a package says of itself: the deck's id, and its edition or that it's a draft. Empty if it says nothing."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return {}
        with zipfile.ZipFile(path) as archive:
            label = json.loads(archive.comment)
    except (OSError, *_DAMAGE):
        return {}
    return label if isinstance(label, dict) else {}


def refuse_foreign(path: Path, contents: Contents) -> None:
    """Raise HipdeckError if a package would be written over another deck's, or over some other file.

    If the file can't be read at all, HipdeckError says why.
    """
    if not path.is_file():
        return
    hint = "move it away, or choose another folder with -o"
    try:
        type_ids = _look_into(path, _type_ids, _CHUNK)
    except _ForeignError:
        raise HipdeckError(f"{path} isn't a package of this deck, and would be overwritten", hint) from None
    if not type_ids & {type_.note_type.id for type_ in contents.types}:
        raise HipdeckError(f"{path} is the package of another deck, and would be overwritten", hint)


def text_of(field: str) -> str:
    """A field's HTML as the text that it shows, a picture as its name."""
    pictures = re.sub(r'<img src="([^"<>]*)"[^<>]*>', r"[\1]", field)
    lines = re.sub(r"<br ?/?>|</p>|</li>|</tr>", "\n", pictures)
    return html.unescape(re.sub(r"<[^<>]*>", "", lines)).strip()


def _look_into(path: Path, look: Callable[[sqlite3.Connection], _Seen], most: int = LARGEST) -> _Seen:
    """What `look` sees in a package's collection, of which the first `most` bytes are unpacked.

    The note types come first in what hipdeck writes, and the notes of a large deck take long to unpack.
    """
    hint = "name a package that `hipdeck build` or `hipdeck release` wrote"
    try:
        if path.exists() and not stat.S_ISREG(path.stat().st_mode):
            raise _ForeignError(f"{path} isn't a regular file", hint)  # reading a pipe or a device might never end
        with tempfile.TemporaryDirectory() as workplace:
            database = Path(workplace, COLLECTION).resolve()
            _unpack(path, database, most)
            with database.open("rb") as file:
                if not _has_small_schema(file.read(_LARGEST_PAGE)):
                    raise ValueError
            # As a URI, in which a path's signs are escaped.
            with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
                steps = count()
                connection.set_progress_handler(lambda: next(steps) > _MOST_STEPS, _STEPS)
                return look(connection)
    except OSError as problem:
        if path.is_file():
            hint = "check that you may read it, and that the disk has room for temporary files"
        raise HipdeckError(f"can't read {path}: {problem.strerror or problem}", hint) from None
    except _DAMAGE:
        raise _ForeignError(f"{path} isn't a package that hipdeck wrote", hint) from None


def _unpack(path: Path, target: Path, most: int) -> None:
    largest = min(LARGEST, max(_SMALL, _MOST_INFLATED * path.stat().st_size))
    with zipfile.ZipFile(path) as archive:
        entry = archive.getinfo(COLLECTION)
        # hipdeck stores or deflates; the other compressions raise errors of their own.
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise zipfile.BadZipFile
        size = 0
        with archive.open(entry) as source, target.open("wb") as database:
            while size < most and (chunk := source.read(_CHUNK)):
                size += len(chunk)
                if size > largest:
                    raise zipfile.BadZipFile
                database.write(chunk)
            # sqlite refuses a file that's shorter than its header says.
            database.truncate(max(size, min(entry.file_size, largest)))


def _has_small_schema(start: bytes) -> bool:
    """Whether the schema of an sqlite database fits on its first page, which is at the start of the file.

    sqlite reads all of it, before it counts any steps (https://www.sqlite.org/fileformat.html#b_tree_pages).
    """
    page = start[: int.from_bytes(start[16:18], "big")]
    leaf, cells = page[100:101] == b"\x0d", int.from_bytes(page[103:105], "big")
    offsets = [int.from_bytes(page[108 + 2 * cell : 110 + 2 * cell], "big") for cell in range(cells)]
    # The size of a row comes first, seven bits in a byte; a row of more than 16 kB has a third byte, and is too long.
    return leaf and not any(all(byte & 0x80 for byte in page[offset : offset + 2]) for offset in offsets)


def _note_types(connection: sqlite3.Connection) -> dict[int, Any]:
    if not all(_is_plain(connection, table) for table in ("col", "notes")):
        raise ValueError
    (models,) = connection.execute("SELECT models FROM col").fetchone()
    if len(models) > LONGEST_FIELDS:
        raise ValueError
    return {int(id_): model for id_, model in json.loads(models).items()}


def _type_ids(connection: sqlite3.Connection) -> frozenset[int]:
    return frozenset(_note_types(connection))


def _read(connection: sqlite3.Connection) -> ReadPackage:
    types = _note_types(connection)
    names = {id_: [field["name"] for field in model["flds"]] for id_, model in types.items()}
    notes: dict[str, ReadNote] = {}
    if any(len(of_type) > MOST_FIELDS for of_type in names.values()):
        raise ValueError
    for guid, type_id, modified, tags, fields, number in _rows(connection):
        # Twice the same, and so on without end, is what a table has whose pages lead back to one another.
        if guid in notes or len(notes) == MOST_NOTES or fields.count("\x1f") != len(names[type_id]) - 1:
            raise ValueError
        # Numbers count down from the time in milliseconds.
        notes[guid] = ReadNote(guid, type_id, names[type_id], fields, tags, -(-number // 1000), modified)
    query = f"SELECT decks FROM col WHERE length(decks) <= {LONGEST_FIELDS}"  # noqa: S608 (a number of ours)
    (decks,) = connection.execute(query).fetchone()
    names_of_decks = {int(id_): str(deck["name"]) for id_, deck in json.loads(decks).items()}
    return ReadPackage(notes, [_note_type(id_, model) for id_, model in types.items()], names_of_decks, {})


def _note_type(id_: int, model: dict[str, Any]) -> PackagedType:
    is_cloze = model.get("type") == 1
    fields = tuple(Field(str(field["name"]), field.get("id", 0)) for field in model["flds"])
    templates = tuple(
        Template(str(side["name"]), side.get("id", 0), str(side["qfmt"]), str(side["afmt"])) for side in model["tmpls"]
    )
    role, css = "cloze" if is_cloze else "question", str(model.get("css", ""))
    note_type = NoteType(role, id_, str(model["name"]), is_cloze, fields, templates, css)
    return PackagedType(note_type, int(model.get("mod", 0)))


def _rows(connection: sqlite3.Connection) -> Iterator[tuple[str, int, int, str, str, int]]:
    """The notes' rows. Raises ValueError for one that isn't as Anki has it, or is larger than any note.

    It also raises one if all rows together are larger than the file: then several share one place in it.
    """
    ((room,),) = connection.execute("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
    query = "SELECT guid, mid, mod, tags, flds, id, length(flds) + length(tags) + length(guid) FROM notes"
    for *row, length in connection.execute(query):
        room -= length
        if room < 0 or length > LONGEST_FIELDS or tuple(map(type, row)) != (str, int, int, str, str, int):
            raise ValueError
        yield tuple(row)


def _is_plain(connection: sqlite3.Connection, name: str) -> bool:
    """Whether a table holds its rows itself: a view, or a column that is computed, could go on for ever."""
    pages = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ? AND type = 'table'", (name,))
    computed = connection.execute("SELECT 1 FROM pragma_table_xinfo(?) WHERE hidden", (name,))
    return any(page for (page,) in pages) and not computed.fetchall()

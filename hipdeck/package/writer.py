"""Notes to a package: the `.apkg` that Anki imports.

genanki writes the collection's tables, the deck and the note types; the rows of notes and cards are written here, in
bulk, since genanki gives all notes one time and finds cards by rules that are not Anki's.

The same edition gives the same entries, byte for byte: times come from the caller, and what sqlite and zip would add of
their own (versions, free pages, the clock) is set to fixed values.
"""

from __future__ import annotations

import html
import io
import itertools
import json
import os
import shutil
import sqlite3
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, BinaryIO

import genanki

from hipdeck.package.contents import COLLECTION, Contents, PackagedType
from hipdeck.render.note_types import stable_id

# Of zlib: level 6 takes four times as long for packages that are an eighth smaller (docs/performance.md).
_LEVEL = 2
_UNIX = 3
_CHUNK = 1 << 20
# Offset and bytes of what a sqlite file says of its history and of the sqlite that wrote it
# (https://www.sqlite.org/fileformat.html, "File change counter", "Schema cookie", "Version-valid-for", "Write library
# version").
_HEADER = tuple((offset, value.to_bytes(4, "big")) for offset, value in ((24, 1), (40, 13), (92, 1), (96, 3_040_000)))


def write(contents: Contents, path: Path) -> int:
    """Write a package and return its size in bytes.

    `path` is a draft of `disk.replacing`: files beside it are scratch. Raises OSError if it can't be written.
    """
    database = path.with_name(COLLECTION)
    try:
        _write_database(contents, database)
    except sqlite3.OperationalError as problem:
        raise OSError(str(problem)) from None
    _write_zip(contents, database, path)
    return path.stat().st_size


def _write_database(contents: Contents, path: Path) -> None:
    deck_id = stable_id(contents.deck_id, "deck")
    # Anki takes a description for HTML.
    description = html.escape(contents.description, quote=False).replace("\n", "<br>")
    deck = _Deck(deck_id, contents.deck_name, description)
    deck.types = contents.types
    # Nobody but this process sees the file, and a broken one is thrown away: no journal.
    with closing(sqlite3.connect(path.with_name("rows"), isolation_level=None)) as connection:
        for pragma in ("page_size=4096", "journal_mode=OFF", "synchronous=OFF", "secure_delete=ON"):
            connection.execute(f"PRAGMA {pragma}")
        cursor = connection.cursor()
        genanki.Package(deck).write_to_db(cursor, 0, itertools.count())
        connection.execute("BEGIN")
        indexes = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql NOTNULL"
        ).fetchall()
        for name, _ in indexes:
            connection.execute(f"DROP INDEX {name}")
        note_ids = _numbers([note.added for note in contents.notes])
        _insert_notes(connection, contents, note_ids)
        _insert_cards(connection, contents, note_ids, deck_id)
        # An index over rows that are there already takes half the time of one that grows with them.
        for _, sql in indexes:
            connection.execute(sql)
        connection.execute("COMMIT")
        # What comes out depends on the rows alone, not on the way in which they came.
        # The path as bytes: not every name is text.
        connection.execute("VACUUM INTO CAST(? AS TEXT)", (os.fsencode(path),))
    with path.open("r+b") as file:
        for offset, value in _HEADER:
            file.seek(offset)
            file.write(value)


def _insert_notes(connection: sqlite3.Connection, contents: Contents, ids: Sequence[int]) -> None:
    types = {type_.note_type.role: (type_.note_type.id, type_.note_type.sort_field) for type_ in contents.types}

    def rows() -> Iterator[tuple[Any, ...]]:
        for number, (fields, guid, tags, _, modified) in zip(ids, contents.notes, strict=True):
            type_id, sort_field = types[fields.role]
            values = fields.values
            yield number, guid, type_id, modified, f" {' '.join(tags)} ", "\x1f".join(values), values[sort_field]

    # id, guid, mid, mod, usn, tags, flds, sfld, csum, flags, data; Anki computes csum anew when it imports.
    connection.executemany("INSERT INTO notes VALUES (?, ?, ?, ?, -1, ?, ?, ?, 0, 0, '')", rows())


def _insert_cards(connection: sqlite3.Connection, contents: Contents, note_ids: Sequence[int], deck_id: int) -> None:
    card_ids = iter(_numbers([note.added for note in contents.notes for _ in note.fields.ordinals]))

    def rows() -> Iterator[tuple[int, ...]]:
        # A new card's `due` is its place among the new cards; the cards of one note share theirs, as in Anki.
        for due, (note_id, note) in enumerate(zip(note_ids, contents.notes, strict=True), start=1):
            for ordinal in note.fields.ordinals:
                yield next(card_ids), note_id, deck_id, ordinal, note.modified, due

    # id, nid, did, ord, mod, usn, type, queue, due, ivl, factor, reps, lapses, left, odue, odid, flags, data
    connection.executemany("INSERT INTO cards VALUES (?, ?, ?, ?, ?, -1, 0, 0, ?, 0, 0, 0, 0, 0, 0, 0, 0, '')", rows())


def _numbers(added: Sequence[int]) -> list[int]:
    """Unique numbers from times of adding, in the order given: milliseconds, as Anki's own.

    They count down from each time, so that none lies in the future, and depend on nothing but the times and the order.
    """
    # The newest first; of one time the last first, since a sort leaves equals in their order even in reverse.
    order = sorted(range(len(added) - 1, -1, -1), key=added.__getitem__, reverse=True)
    numbers = [0] * len(added)
    number = None
    for index in order:
        number = added[index] * 1000 if number is None else min(added[index] * 1000, number - 1)
        numbers[index] = number
    return numbers


class _Deck(genanki.Deck):  # type: ignore[misc]
    """A deck that writes itself and its note types, each with a time of its own."""

    types: Sequence[PackagedType] = ()

    def write_to_db(self, cursor: Any, timestamp: float, id_gen: Any) -> None:
        for type_ in self.types:
            self.add_model(_Model(type_))
        super().write_to_db(cursor, timestamp, id_gen)


class _Model(genanki.Model):  # type: ignore[misc]
    """genanki's note type, made from ours; its time is its own, not the package's."""

    def __init__(self, packaged: PackagedType) -> None:
        note_type = packaged.note_type
        super().__init__(
            note_type.id,
            note_type.name,
            fields=[{"name": field.name, "id": field.id} for field in note_type.fields],
            templates=[
                {"name": one.name, "id": one.id, "qfmt": one.front, "afmt": one.back} for one in note_type.templates
            ],
            css=note_type.css,
            model_type=genanki.Model.CLOZE if note_type.cloze else genanki.Model.FRONT_BACK,
            sort_field_index=note_type.sort_field,
        )
        self.modified = packaged.modified

    # genanki's own rule, without the wrapper that would load asyncio to ask whether it is a coroutine.
    _req = property(genanki.Model._req.func)

    def to_json(self, timestamp: float, deck_id: int) -> dict[str, Any]:
        described: dict[str, Any] = super().to_json(self.modified, deck_id)
        return described


def _write_zip(contents: Contents, database: Path, path: Path) -> None:
    names = {str(number): picture.name for number, picture in enumerate(contents.pictures)}
    media = io.BytesIO(json.dumps(names, ensure_ascii=False).encode())
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
        with database.open("rb") as data:
            _add(archive, COLLECTION, data)
        _add(archive, "media", media)
        for number, picture in enumerate(contents.pictures):
            _add(archive, str(number), io.BytesIO(picture.read()))
        archive.comment = contents.label.encode()
        for entry in archive.infolist():
            entry.create_system, entry.external_attr = _UNIX, 0o644 << 16


def _add(archive: zipfile.ZipFile, name: str, data: BinaryIO) -> None:
    size = data.seek(0, os.SEEK_END)
    data.seek(0)
    # An entry that is opened by its name is dated 1980, whatever the clock says.
    with archive.open(name, "w", force_zip64=size > zipfile.ZIP64_LIMIT // 2) as target:
        shutil.copyfileobj(data, target, _CHUNK)

"""What a stranger's package can make `diff` do is bounded."""

from __future__ import annotations

import os
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from hipdeck.diagnostics import HipdeckError
from hipdeck.package.reader import LONGEST_FIELDS, MOST_FIELDS, read
from tests import cases, decks


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A package of two notes, beside its deck."""
    decks.write(tmp_path / "cards", {"section": [decks.question(1), decks.question(2)]})
    assert cases.hipdeck("release", cwd=tmp_path).code == 0
    return tmp_path / "output" / "bridges.apkg"


def change(package: Path, *statements: str) -> None:
    """Run SQL in a package's collection."""
    with zipfile.ZipFile(package) as archive:
        archive.extract("collection.anki2", package.parent)
    database = package.parent / "collection.anki2"
    with closing(sqlite3.connect(database)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()
    with zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(database, "collection.anki2")
    database.unlink()


MANY = "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < {}) "
COLUMNS = "mid, mod, usn, tags, flds, sfld, csum, flags, data"


@pytest.mark.parametrize(
    "statements",
    [
        [f"UPDATE notes SET flds = flds || hex(zeroblob({LONGEST_FIELDS}))"],
        [f"UPDATE notes SET tags = hex(zeroblob({LONGEST_FIELDS}))"],
        ["UPDATE notes SET flds = replace(hex(zeroblob(400000)), '00', char(31))"],
        ["UPDATE notes SET flds = replace(flds, char(31), char(31) || char(31))"],
        [f"UPDATE col SET models = models || hex(zeroblob({LONGEST_FIELDS}))"],
        [
            f"{MANY.format(MOST_FIELDS + 1)} UPDATE col SET models = json_object('1', json_object('flds', "
            "json((SELECT json_group_array(json_object('name', n)) FROM c))))",
            "DELETE FROM notes",
        ],
        [
            f"INSERT INTO notes SELECT n, 'g' || n, {COLUMNS} FROM (SELECT * FROM notes LIMIT 1), "
            f"({MANY.format(260_000)} SELECT n FROM c)"
        ],
        [
            f"CREATE VIEW more AS {MANY.format(10**12)} SELECT n FROM c",
            "ALTER TABLE notes RENAME TO old",
            f"CREATE VIEW notes AS SELECT n AS id, 'g' AS guid, {COLUMNS} FROM old, more",
        ],
        [f"CREATE TABLE t{number} (x)" for number in range(100)],
        [f"CREATE TABLE t (x CHECK (x IN ({','.join('1' * 10_000)})))"],
    ],
    ids=[
        "field",
        "tags",
        "separators",
        "one-separator",
        "note-types",
        "fields",
        "notes",
        "endless-view",
        "tables",
        "sql",
    ],
)
def test_a_package_with_too_much_of_something_is_refused(statements: list[str], package: Path) -> None:
    change(package, *statements)
    with pytest.raises(HipdeckError, match="isn't a package that hipdeck wrote"):
        read(package)


def test_a_package_that_inflates_beyond_measure_is_refused(package: Path) -> None:
    change(package, "CREATE TABLE filler (x)", "INSERT INTO filler VALUES (zeroblob(100000000))")
    assert package.stat().st_size < 1_000_000
    with pytest.raises(HipdeckError, match="isn't a package that hipdeck wrote"):
        read(package)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_or_device_is_not_read(tmp_path: Path) -> None:
    decks.write(tmp_path / "cards", {"section": [decks.question(1)]})
    os.mkfifo(tmp_path / "pipe")
    for name in ("pipe", "/dev/zero"):
        result = cases.hipdeck("diff", name, cwd=tmp_path)
        assert (result.code, result.stdout) == (2, "")
        assert result.stderr.startswith(f"error: {name} isn't a regular file\n")


def test_names_of_folders_are_not_read_as_anything_else(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    temporary = package.parent / "what?mode=memory#a%20b"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr("tempfile.tempdir", None)
    assert len(read(package).notes) == 2
    assert cases.hipdeck("diff", "output/bridges.apkg", cwd=package.parent.parent).code == 0


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
@pytest.mark.parametrize("name", [b"out\xffput", b"a?b#c%d", b"tab\there"])
def test_an_output_folder_may_have_any_name(name: bytes, package: Path) -> None:
    folder = package.parent.parent
    try:
        (folder / os.fsdecode(name)).mkdir()
    except OSError:
        pytest.skip("this file system has no such names")
    for command in ("build", "build", "preview", "release"):
        result = cases.hipdeck(command, "-o", os.fsdecode(name), cwd=folder)
        assert result.code == 0, result.stderr
        assert "\t" not in result.stdout
    assert (folder / os.fsdecode(name) / "bridges.apkg").exists()

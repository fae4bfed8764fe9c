"""Extract the rows of a package, for `limit.py`: `rows.py PACKAGE FOLDER`."""

import marshal
import sqlite3
import sys
import tempfile
import zipfile
from pathlib import Path

package, folder = sys.argv[1:]
with tempfile.TemporaryDirectory() as place, zipfile.ZipFile(package) as archive:
    connection = sqlite3.connect(archive.extract("collection.anki2", place))
    query = "SELECT sql FROM sqlite_master WHERE type = ? AND name NOT LIKE 'sqlite%'"
    tables, indexes = ([sql for (sql,) in connection.execute(query, (kind,))] for kind in ("table", "index"))
    contents = {}
    for table in ("col", "notes", "cards"):
        members = connection.execute(f"SELECT * FROM {table}").fetchall()
        contents[table] = (len(members[0]), members)
    connection.close()
Path(folder, "rows").write_bytes(marshal.dumps((tables, indexes, contents)))

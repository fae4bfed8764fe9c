"""The limit: write the rows of an existing package through sqlite and zlib. `limit.py FOLDER PACKAGE`.

FOLDER contains the rows that `rows.py` extracted. No text is parsed and nothing is checked.
"""

import marshal
import sqlite3
import sys
import tempfile
import zipfile
from pathlib import Path

folder, package = sys.argv[1:]
tables, indexes, contents = marshal.loads(Path(folder, "rows").read_bytes())
with tempfile.TemporaryDirectory() as place:
    database = Path(place, "collection.anki2")
    connection = sqlite3.connect(database, isolation_level=None)
    connection.execute("PRAGMA journal_mode=OFF")
    connection.execute("PRAGMA synchronous=OFF")
    for sql in tables:
        connection.execute(sql)
    connection.execute("BEGIN")
    for table, (width, members) in contents.items():
        connection.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * width)})", members)
    for sql in indexes:
        connection.execute(sql)
    connection.execute("COMMIT")
    connection.close()
    with zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(database, "collection.anki2")
        archive.writestr("media", "{}")

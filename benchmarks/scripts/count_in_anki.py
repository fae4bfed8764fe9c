"""Print how many notes the real Anki imports from a package into an empty collection: `count_in_anki.py PACKAGE`."""

import sys
import tempfile
from pathlib import Path

from anki.collection import Collection, ImportAnkiPackageRequest

with tempfile.TemporaryDirectory() as folder:
    collection = Collection(str(Path(folder, "collection.anki2")))
    collection.import_anki_package(ImportAnkiPackageRequest(package_path=sys.argv[1]))
    print(collection.note_count())
    collection.close()

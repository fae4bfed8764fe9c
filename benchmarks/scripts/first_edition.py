"""Release a deck as if it were some years ago: `first_edition.py CARDS OUTPUT`."""

import sys
from pathlib import Path

from hipdeck.commands.release import release

AT = 1_700_000_000  # seconds since 1970

cards, output = sys.argv[1:]
built = release(Path(cards), Path(output), AT)
sys.exit(0 if built.written else f"not released: {built.checked.diagnostics[:1]}")

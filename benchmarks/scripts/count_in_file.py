"""Print how many notes a CrowdAnki export contains: `count_in_file.py DECK.JSON`."""

import json
import sys
from pathlib import Path

print(len(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))["notes"]))

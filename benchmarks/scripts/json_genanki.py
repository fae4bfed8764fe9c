"""The script that a user would write, from JSON and without a YAML library: `json_genanki.py CARDS PACKAGE`."""

import json
import sys
from pathlib import Path

import genanki

cards, package = sys.argv[1:]
model = genanki.Model(
    1607392319,
    "Benchmark",
    fields=[{"name": name} for name in ("Id", "Question", "Answer", "Why")],
    templates=[{"name": "Card", "qfmt": "{{Question}}", "afmt": "{{FrontSide}}<hr>{{Answer}}<br>{{Why}}"}],
)
deck = genanki.Deck(2059400110, "Benchmark")
for path in sorted(Path(cards).glob("*/*.json")):
    for note in json.loads(path.read_text(encoding="utf-8"))["notes"]:
        fields = [note["id"], note["question"], note["answer"], note["why"]]
        deck.add_note(genanki.Note(model, fields, tags=note["tags"], guid=genanki.guid_for(note["id"])))
genanki.Package(deck).write_to_file(package)

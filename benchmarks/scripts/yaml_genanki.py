"""The script that a user would write: YAML and genanki. `yaml_genanki.py safe_load|CSafeLoader CARDS PACKAGE`."""

import sys
from pathlib import Path

import genanki
import yaml

loader, cards, package = sys.argv[1:]
model = genanki.Model(
    1607392319,
    "Benchmark",
    fields=[{"name": name} for name in ("Id", "Question", "Answer", "Why")],
    templates=[{"name": "Card", "qfmt": "{{Question}}", "afmt": "{{FrontSide}}<hr>{{Answer}}<br>{{Why}}"}],
)
deck = genanki.Deck(2059400110, "Benchmark")
for path in sorted(Path(cards).glob("*/*.yaml")):
    text = path.read_text(encoding="utf-8")
    section = yaml.safe_load(text) if loader == "safe_load" else yaml.load(text, yaml.CSafeLoader)
    for note in section["notes"]:
        fields = [note["id"], note["question"], note["answer"], note["why"]]
        deck.add_note(genanki.Note(model, fields, tags=note["tags"], guid=genanki.guid_for(note["id"])))
genanki.Package(deck).write_to_file(package)

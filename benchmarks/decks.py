"""Decks to measure with: the same notes every time, in the format of each contender.

A note has a question of about 80 characters, an answer of 120, a why of 100, and three tags of two levels. One field in
ten contains Markdown. A file holds 50 notes. The second edition has a different answer in every tenth note.
"""

from __future__ import annotations

import csv
import json
import random
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

NOTES_PER_FILE = 50
FILES_PER_FOLDER = 20
TITLE = "Benchmark"

_SENTENCE = (
    "the hip extends while a knee bends and an athlete keeps each heel on its line because glutes drive the pelvis "
    "under load before hamstrings or adductors take over from deep rotators so that every repetition ends as tall "
    "as it began with ribs low neck long feet flat and breath steady through range control tempo balance and force"
)
WORDS = _SENTENCE.split()
FACETS = ("equipment", "level", "joint")


class Note(NamedTuple):
    """A question/answer pair of the deck. `section` is the path of its file without the extension."""

    id: str
    section: str
    question: str
    answer: str
    why: str
    tags: list[str]


def notes(count: int, edition: int = 2) -> Iterator[Note]:
    """The notes of a deck of `count` notes, in study order."""
    for number in range(count):
        # Each note has its own generator, so an edition that changes one note leaves the others as they are.
        chance = random.Random(number)
        file = number // NOTES_PER_FILE
        tags = [f"{facet}::{WORDS[int(chance.random() * len(WORDS))]}" for facet in FACETS]
        question = f"{_text(chance, 68)} in case {number}?"
        answer, why = f"{_text(chance, 119)}.", f"{_text(chance, 99)}."
        if edition == 2 and number % 10 == 0:
            answer = f"{_text(chance, 119)}."
        section = f"part-{file // FILES_PER_FOLDER:03}/section-{file:04}"
        yield Note(f"note-{number:06}", section, question, answer, why, tags)


def _text(chance: random.Random, length: int) -> str:
    """Words of about `length` characters together; one text in ten has a bold word."""
    words: list[str] = []
    size = 0
    # Only random() gives the same numbers in every version of Python.
    while size < length - 4:
        words.append(WORDS[int(chance.random() * len(WORDS))])
        size += len(words[-1]) + 1
    words[0] = words[0].capitalize()
    if chance.random() < 0.1:
        words[2] = f"**{words[2]}**"
    return " ".join(words)


def _files(count: int, edition: int = 2) -> Iterator[tuple[str, list[Note]]]:
    """Each file's section path and notes."""
    all_notes = notes(count, edition)
    while members := list(islice(all_notes, NOTES_PER_FILE)):
        yield members[0].section, members


def write_cards(folder: Path, count: int, edition: int = 2) -> None:
    """Write the deck as a folder of YAML, for hipdeck and for the scripts that read the same files."""
    folders: dict[str, None] = {}
    for section, members in _files(count, edition):
        folders[section.split("/")[0]] = None
        lines = [f"section: {section.split('/')[1]}", "source: guide", "notes:"]
        for note in members:
            lines += [
                f"  - id: {note.id}",
                f"    question: {note.question}",
                f"    answer: {note.answer}",
                f"    why: {note.why}",
                f"    tags: [{', '.join(note.tags)}]",
            ]
        _write(folder / f"{section}.yaml", lines)
    deck = [f"deck: {TITLE}", "id: benchmark", "sources:", "  guide: {title: The guide}", "sections:"]
    _write(folder / "deck.yaml", deck + [f"  - {name}" for name in folders])


def write_json(folder: Path, count: int) -> None:
    """Write the deck as a folder of JSON files with the same keys."""
    for section, members in _files(count):
        values = [{key: value for key, value in note._asdict().items() if key != "section"} for note in members]
        _write(folder / f"{section}.json", [json.dumps({"section": section, "notes": values}, indent=1)])


def write_ankdown(folder: Path, count: int) -> None:
    """Write the deck as ankdown's Markdown: '%' separates a card's front, back, and tags."""
    for section, members in _files(count):
        cards = [f"{note.question}\n%\n{note.answer}\n\n{note.why}\n%\n{', '.join(note.tags)}" for note in members]
        _write(folder / TITLE / f"{section}.md", ["\n---\n".join(cards)])


def write_ankcompiler(folder: Path, count: int) -> None:
    """Write the deck as AnkCompiler's Markdown: a block per note, and footnotes for its uid and tags."""
    for section, members in _files(count):
        lines = ["---", f"deck: {TITLE}", "---", ""]
        for note in members:
            lines += ["---", "", "", f"{note.question} ::: {note.answer} {note.why}", "", "", "---", ""]
            lines += [f"[^uid]: {note.id[5:]:>010}", *(f"[^tag]: {tag}" for tag in note.tags), ""]
        _write(folder / f"{section}.md", lines)


def write_anki_yaml_tool(folder: Path, count: int) -> None:
    """Write the deck as anki-yaml-tool's single YAML file."""
    lines = [
        "config:",
        f"  name: {TITLE}",
        f"  deck-name: {TITLE}",
        "  fields: [Question, Answer, Why]",
        "  templates:",
        "    - {name: Card, qfmt: '{{Question}}', afmt: '{{FrontSide}}<hr id=answer>{{Answer}}<br>{{Why}}'}",
        "data:",
    ]
    for note in notes(count):
        lines += [f"  - question: {note.question}", f"    answer: {note.answer}", f"    why: {note.why}"]
        lines += [f"    tags: [{', '.join(note.tags)}]", f"    id: {note.id}"]
    _write(folder / "deck.yaml", lines)


def write_brain_brew(folder: Path, count: int) -> None:
    """Write the deck as brain-brew's table, with the recipe that turns it into a CrowdAnki export."""
    _write(folder / "header.yaml", [f"name: {TITLE}", "crowdanki_uuid: 6d0f3a52-3a5d-4c5e-9d0e-0d6a3c1f8e11"])
    _write(folder / "card.html", ["{{Question}}", "", "--", "", "{{FrontSide}}<hr id=answer>{{Answer}}<br>{{Why}}"])
    _write(folder / "card.css", [".card { font-size: 20px }"])
    _write(
        folder / "model.yaml",
        [
            f"name: {TITLE}",
            "id: 6d0f3a52-3a5d-4c5e-9d0e-0d6a3c1f8e12",
            f"css_file: {folder}/card.css",
            "fields: [{name: Question}, {name: Answer}, {name: Why}]",
            "templates:",
            f"  - {{name: Card, html_file: {folder}/card.html}}",
        ],
    )
    _write(
        folder / "recipe.yaml",
        [
            "- build_parts:",
            f"  - note_model_from_yaml_part: {{part_id: {TITLE}, file: {folder}/model.yaml}}",
            f"  - headers_from_yaml_part: {{part_id: header, file: {folder}/header.yaml}}",
            "  - notes_from_csvs:",
            "      part_id: notes",
            "      note_model_mappings:",
            f"        - note_models: [{TITLE}]",
            "          columns_to_fields: {guid: guid, tags: tags, question: Question, answer: Answer, why: Why}",
            f"      file_mappings: [{{file: {folder}/notes.csv, note_model: {TITLE}}}]",
            "- generate_crowd_anki:",
            f"    folder: {folder.parent}/output/brain-brew",
            "    headers: header",
            "    notes: {part_id: notes}",
            f"    note_models: {{parts: [{{part_id: {TITLE}}}]}}",
        ],
    )
    with (folder / "notes.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(("guid", "question", "answer", "why", "tags"))
        for note in notes(count):
            table.writerow((note.id, note.question, note.answer, note.why, ", ".join(note.tags)))


def _write(path: Path, lines: list[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


WRITERS = (write_cards, write_json, write_ankdown, write_ankcompiler, write_anki_yaml_tool, write_brain_brew)

if __name__ == "__main__":
    # This runs in its own process: its peak memory would count as that of the processes that are measured.
    name, folder, *numbers = sys.argv[1:]
    write = next(writer for writer in WRITERS if writer.__name__ == name)
    write(Path(folder), *map(int, numbers))

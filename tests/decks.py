"""Decks that tests write and edit. Notes are plain dicts, written as YAML with all text in quotes."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

Note = dict[str, Any]


def svg(mark: object) -> str:
    """A picture. Different marks make different pictures."""
    return f"<svg xmlns='http://www.w3.org/2000/svg' width='10' height='10'><title>{mark}</title></svg>\n"


def write(folder: Path, files: dict[str, list[Note]], name: str = "Bridges", deck_id: str = "bridges") -> None:
    """Write a deck. `files` has each section's notes by its path.

    A note's key 'picture' is the mark of a picture that its `why` shows.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for old in [*folder.rglob("*.yaml"), *folder.glob("media/*")]:
        old.unlink()
    lines = [f"deck: {name}", f"id: {deck_id}", "sources:", "  guide: {title: A guide}", f"sections: {[*files]}"]
    (folder / "deck.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    for path, notes in files.items():
        entries = []
        for note in notes:
            values = {key: value for key, value in note.items() if key != "picture"}
            if "picture" in note:
                picture = folder / "media" / f"{note['id']}.svg"
                picture.parent.mkdir(exist_ok=True)
                picture.write_text(svg(note["picture"]))
                values["why"] = f"{values.get('why', 'See')} ![a picture](media/{note['id']}.svg)"
            # JSON is YAML in which all text is quoted.
            entries.append("  - " + json.dumps(values, ensure_ascii=False))
        target = folder / f"{path}.yaml"
        target.parent.mkdir(parents=True, exist_ok=True)
        body = f"section: {path}\nsource: guide\nnotes:\n" + "\n".join(entries) + "\n"
        target.write_text(body, encoding="utf-8")


def question(number: int, **more: Any) -> Note:
    """A note with a question and an answer."""
    return {"id": f"q{number}", "question": f"Question {number}?", "answer": f"Answer {number}.", **more}


def choice(number: int, **more: Any) -> Note:
    """A multiple choice."""
    choices = [f"right {number}", f"wrong {number}", f"worse {number}"]
    return {"id": f"m{number}", "question": f"Which of {number}?", "choices": choices, "answer": choices[0], **more}


def cloze(number: int, **more: Any) -> Note:
    """A cloze that makes two cards."""
    return {"id": f"c{number}", "cloze": f"The {{{{c1::first {number}}}}} and the {{{{c2::second {number}}}}}.", **more}


def next_second() -> int:
    """Wait for the next second to begin, and return it. Everything before it happened in an earlier second."""
    now = int(time.time())
    while int(time.time()) == now:
        time.sleep(0.01)
    return int(time.time())

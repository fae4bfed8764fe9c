"""Guards and release notes about what an edition does to all cards at once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import hipdeck
from hipdeck.commands.release import release
from hipdeck.editions import guards, plan
from hipdeck.render import note_types, template_files
from tests import anki, decks
from tests.editions.releases import DAY, FIRST, edition, problems
from tests.editions.stories import Author


def test_release_notes_name_a_new_design(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deck = {"one": [decks.question(1), decks.cloze(2)]}
    first = edition(tmp_path, deck, 0)
    assert "look different" not in first.release_notes
    original = template_files.template_file
    monkeypatch.setattr(note_types, "template_file", lambda name: original(name) + ("<br>" if "cloze" in name else ""))
    with anki.collection(tmp_path) as col:
        anki.imported(col, first.package)
        second = edition(tmp_path, deck, 1)
        looks = "Cards look different: cloze cards have a new design. It replaces changes you made to theirs yourself."
        assert f"\n\nNotes: none changed.\n\n{looks}\n\n" in second.release_notes
        anki.imported(col, second.package)
        (type_,) = [type_ for type_ in col.models.all() if type_["name"] == "Bridges (cloze)"]
        assert type_["tmpls"][0]["qfmt"].endswith("<br>")
    monkeypatch.setattr(note_types, "template_file", original)
    assert "different: question" not in edition(tmp_path, deck, 2).release_notes


def test_an_older_hipdeck_than_the_last_editions_needs_a_word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    author = Author(tmp_path)
    author.write({"one": [decks.question(1)]})
    author.release()
    lines = [json.loads(line) for line in author.lock.read_text(encoding="utf-8").splitlines()]
    newer = [{**line, "hipdeck": "0.10.0"} if "edition" in line else line for line in lines]
    author.lock.write_text("".join(json.dumps(line) + "\n" for line in newer), encoding="utf-8")
    (tmp_path / "output" / "editions" / "bridges-1.apkg").unlink()
    assert author.release().startswith("nothing has changed")
    author.replace("Answer 1.", "Another.")
    assert author.hipdeck("build", "--strict").code == 0
    refused = author.refused()
    assert (
        f"error: hipdeck 0.10.0 made the last edition, and this is hipdeck {hipdeck.__version__} [hipdeck]\n" in refused
    )
    assert "  hint: update hipdeck: pip install --upgrade hipdeck, or release with --accept hipdeck:0.10.0\n" in refused
    author.release("--accept", "hipdeck:0.10.0")
    author.replace("Another.", "Yet another.")
    author.release()


@pytest.mark.parametrize(("version", "passes"), [("0.9.9", True), ("0.10.0", True), ("0.10.1", False), ("1", False)])
def test_versions_are_compared_by_their_numbers(
    version: str, passes: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan, "__version__", version)
    assert edition(tmp_path, {"one": [decks.question(1)]}, 0).written
    monkeypatch.setattr(guards, "__version__", "0.10.0")
    assert edition(tmp_path, {"one": [decks.question(2), decks.question(1)]}, 1).written == passes


@pytest.mark.parametrize(("notes", "changed", "passes"), [(19, 19, True), (20, 10, True), (20, 11, False)])
def test_most_notes_are_not_updated_at_once_without_a_word(
    notes: int, changed: int, passes: bool, tmp_path: Path
) -> None:
    deck = {"one": [decks.question(number) for number in range(notes + 1)]}
    deck["one"][0]["retired"] = "a doubt"
    assert edition(tmp_path, deck, 0).written
    for note in deck["one"][1 : changed + 1]:
        note["why"] = "New."
    second = edition(tmp_path, deck, 1)
    assert second.written == passes
    if not passes:
        assert problems(second) == [("many", "11 of the 20 notes that students have would be updated at once")]
        assert second.checked.diagnostics[0].consequence == "students lose their own edits and tags on all of them"
        assert edition(tmp_path, deck, 1, "many:bridges").written


def test_a_title_of_a_source_is_in_all_notes(tmp_path: Path) -> None:
    decks.write(tmp_path / "cards", {"one": [decks.question(number) for number in range(20)]})
    assert release(tmp_path / "cards", tmp_path / "output", FIRST).written
    deck = tmp_path / "cards" / "deck.yaml"
    deck.write_text(deck.read_text().replace("A guide", "A guide."))
    refused = release(tmp_path / "cards", tmp_path / "output", FIRST + DAY)
    assert [code for code, _ in problems(refused)] == ["many"]

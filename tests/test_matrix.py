"""Which tests run on every Anki."""

from __future__ import annotations

from pathlib import Path

from tests import matrix


def test_every_story_with_a_student_runs_on_each_anki() -> None:
    stories = [
        str(path)
        for path in sorted((matrix.ROOT / "tests").rglob("test_*.py"))
        if "with student(" in path.read_text("utf-8") and path != Path(__file__)
    ]
    assert len(stories) > 3
    assert not {*stories} - {*matrix.import_tests()}

"""An error in a note comes first: warnings about the same note wait until it's corrected."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from hipdeck.cli import cli
from tests import cases

SECTION = """\
section: Bridge
source: guide
notes:
  - id: first
    question: Does it lift the hips?
    answer: Yes.
  - id: broken
    question: Does it lift the heels?
    answer: No, **never.
    sourc: guide
  - id: wrong-source
    question: Does it bend the knees?
    answer: Yes.
    source: gide
  - id: last
    question: Does it train the glutes?
    answer: Yes.
"""


def lines_with_warnings(section: str, folder: Path) -> list[int]:
    cases.write({"deck.yaml": cases.DECK, "section.yaml": section}, folder)
    result = CliRunner().invoke(cli, ["check", str(folder)])
    warnings = [line for line in result.stderr.splitlines() if ": warning: " in line]
    return [int(line.removeprefix(str(folder)).split(":")[1]) for line in warnings]


def test_only_notes_without_an_error_get_warnings(tmp_path: Path) -> None:
    assert lines_with_warnings(SECTION, tmp_path) == [5, 16]


def test_all_notes_get_their_warnings_once_the_errors_are_corrected(tmp_path: Path) -> None:
    corrected = SECTION.replace("sourc:", "source:").replace("gide", "guide")
    assert lines_with_warnings(corrected, tmp_path) == [5, 8, 9, 12, 16]


def test_thousands_of_notes_with_an_error_are_told_apart_from_the_others(tmp_path: Path) -> None:
    # Asking each note about each warning takes minutes.
    note = "  - id: n{0}\n    question: Does it lift {0} hips?\n    answer: Yes.\n    source: {1}\n"
    notes = "".join(note.format(number, "guide" if number % 5000 == 0 else "gide") for number in range(15_000))
    assert lines_with_warnings(f"section: Bridge\nnotes:\n{notes}", tmp_path) == [4, 20_004, 40_004]

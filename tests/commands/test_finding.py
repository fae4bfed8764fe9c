"""Which deck a command works on, and where it writes, wherever it's called."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import cases

GOOD = "section: Bridge\nsource: guide\nnotes:\n  - id: one\n    question: How?\n    answer: So.\n"


@pytest.mark.parametrize("below", ["", "cards", "cards/exercises", "docs/pages", "output"])
def test_deck_is_found_from_anywhere_below_it(below: str, tmp_path: Path) -> None:
    deck = tmp_path / "hip"
    files = {"deck.yaml": cases.DECK.replace("sections: [section]\n", ""), "exercises/squat.yaml": GOOD}
    cases.write(files, deck / "cards")
    here = deck / below
    here.mkdir(parents=True, exist_ok=True)
    up = "../" * (below.count("/") + bool(below))
    result = cases.hipdeck("build", cwd=here)
    assert (result.code, result.stderr) == (0, "")
    assert f"\n{up}output/bridges" in result.stdout
    assert len([*(deck / "output").glob("*.apkg")]) == 1
    (deck / "cards" / "exercises" / "squat.yaml").write_text(GOOD.replace("answer", "anser"))
    broken = cases.hipdeck("check", cwd=here).stderr.split(":")[0]
    assert (here / broken).resolve() == deck / "cards" / "exercises" / "squat.yaml"


def test_the_nearest_deck_counts_and_a_named_one_is_not_looked_for(tmp_path: Path) -> None:
    for name in ("outer", "outer/cards/inner"):
        cases.write({"deck.yaml": cases.DECK, "section.yaml": GOOD}, tmp_path / name / "cards")
    assert cases.hipdeck("build", cwd=tmp_path / "outer/cards/inner/cards").code == 0
    assert (tmp_path / "outer/cards/inner/output").is_dir()
    assert not (tmp_path / "outer/output").exists()
    nowhere = cases.hipdeck("build", "cards/nowhere", cwd=tmp_path / "outer")
    assert (nowhere.code, nowhere.stdout) == (2, "")


def test_output_stands_beside_a_deck_that_is_named(tmp_path: Path) -> None:
    cases.write({"deck.yaml": cases.DECK, "section.yaml": GOOD}, tmp_path / "decks/hip/cards")
    assert cases.hipdeck("build", "decks/hip/cards", cwd=tmp_path).code == 0
    assert (tmp_path / "decks/hip/output").is_dir()
    assert cases.hipdeck("build", "decks/hip/cards", "-o", "here", cwd=tmp_path).code == 0
    assert (tmp_path / "here").is_dir()

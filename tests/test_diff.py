"""hipdeck diff: what it says an import would do is what the import does."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hipdeck.build import diff, release
from tests import anki, cases, decks

FIRST = 1_750_000_000


@pytest.fixture
def edited(tmp_path: Path) -> Path:
    """A folder with the package of a first edition, and a deck that was edited since."""
    deck = [decks.question(1), decks.question(2), decks.cloze(3), decks.question(4), decks.question(5), decks.choice(6)]
    decks.write(tmp_path / "cards", {"one": deck})
    release(tmp_path / "cards", tmp_path / "output", FIRST).package.rename(tmp_path / "old.apkg")
    deck[0] |= {"answer": "Answer **one** & more.", "tags": ["extra"]}
    deck[2] |= {"cloze": "The {{c1::first 3}} and a {{c2::second 3}}."}
    deck[3] |= {"retired": "a doubt"}
    deck[4:5] = [decks.question(9)]
    decks.write(tmp_path / "cards", {"one": deck})
    return tmp_path


def test_text_shows_every_note_that_differs_word_by_word(edited: Path) -> None:
    result = cases.hipdeck("diff", "old.apkg", cwd=edited)
    assert result.code == 0
    assert result.stdout == (
        "new: q9 (one) Question 9?\n"
        "changed: q1 (one) Question 1?\n"
        "  Answer: Answer [-1-]{+one & more+}.\n"
        "  tag in: bridges::extra\n"
        f"  tag in: {month(result.stdout)}\n"
        "  a student's own edits and tags on a changed note are lost; all progress stays\n"
        "changed: c3 (one) The […] and a […].\n"
        "  Text: The {{c1::first 3}} and [-the-]{+a+} {{c2::second 3}}.\n"
        f"  tag in: {month(result.stdout)}\n"
        "  a student's own edits and tags on a changed note are lost; all progress stays\n"
        "retired: q4 (one) Question 4?\n"
        "  because: a doubt\n"
        "  students who have it keep it\n"
        "gone: q5 (one) Question 5?\n"
        "  students who have it keep it\n"
        "1 new, 2 changed, 1 retired, 1 gone, 2 unchanged\n"
    )
    # The guard for the note that is gone is said beside it.
    assert "cards/deck.lock:9:1: warning: note 'q5' of the last edition is gone [gone]" in result.stderr


def month(text: str) -> str:
    return next(line.split(": ")[1] for line in text.splitlines() if "::updated::" in line)


def test_markdown_is_an_announcement(edited: Path) -> None:
    result = cases.hipdeck("diff", "old.apkg", "--format", "markdown", cwd=edited)
    assert result.stdout == (
        "## New\n"
        "\n"
        "- Question 9? (`q9`)\n"
        "\n"
        "## Changed\n"
        "\n"
        "A student's own edits and tags on a changed note are lost; all progress stays.\n"
        "\n"
        "- Question 1? (`q1`)\n"
        "  - Answer: Answer ~~1~~**one & more**.\n"
        "- The \\[…\\] and a \\[…\\]. (`c3`)\n"
        "  - Text: The {{c1::first 3}} and ~~the~~**a** {{c2::second 3}}.\n"
        "\n"
        "## Retired\n"
        "\n"
        "Students who have it keep it.\n"
        "\n"
        "- Question 4? (`q4`): a doubt\n"
        "\n"
        "## Gone\n"
        "\n"
        "Students who have it keep it.\n"
        "\n"
        "- Question 5? (`q5`)\n"
        "\n"
        "1 new, 2 changed, 1 retired, 1 gone, 2 unchanged.\n"
    )


def test_json_is_for_programs(edited: Path) -> None:
    value = json.loads(cases.hipdeck("diff", "old.apkg", "--format", "json", cwd=edited).stdout)
    assert {what: [note["id"] for note in notes] for what, notes in value.items() if what != "unchanged"} == {
        "new": ["q9"],
        "changed": ["q1", "c3"],
        "not_delivered": [],
        "retired": ["q4"],
        "gone": ["q5"],
    }
    assert value["unchanged"] == 2
    assert value["changed"][0]["fields"] == {"Answer": {"before": "Answer 1.", "after": "Answer one & more."}}
    assert [note["loses_own_edits"] for note in [*value["changed"], *value["retired"]]] == [True, True, False]


def test_what_diff_says_is_what_anki_does(edited: Path) -> None:
    with anki.collection(edited) as col:
        anki.imported(col, edited / "old.apkg")
        now = decks.next_second()
        _, difference = diff(edited / "old.apkg", edited / "cards", now)
        assert difference is not None
        built = release(edited / "cards", edited / "output", now, accepted=["gone:q5"])
        assert anki.imported(col, built.package) == {
            "new": len(difference.new),
            "updated": len(difference.changed),
            "duplicate": difference.unchanged,
            "conflicting": 0,
        }
    # Against the package of the same edition there is nothing to say.
    _, nothing = diff(built.package, edited / "cards", now + 1)
    assert nothing is not None
    assert (nothing.new, nothing.changed, nothing.retired, nothing.gone) == ([], [], [], [])
    assert nothing.unchanged == 5


def test_a_note_that_differs_without_a_newer_time_is_not_delivered(edited: Path) -> None:
    built = release(edited / "cards", edited / "output", FIRST + 10, accepted=["gone:q5"])
    # A lock that was lost and made anew forgets what its notes were.
    (edited / "cards" / "deck.lock").unlink()
    deck = edited / "cards" / "one.yaml"
    deck.write_text(deck.read_text().replace("Question 2?", "Question two?"))
    _, difference = diff(built.package, edited / "cards", FIRST + 5)
    assert difference is not None
    assert [change.id for change in difference.held_back][:1] == ["q1"]
    assert "q2" in [change.id for change in [*difference.held_back, *difference.changed]]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("nowhere.apkg", None, "error: cannot read nowhere.apkg: No such file or directory"),
        ("text.apkg", b"cards", "error: text.apkg is not a package that hipdeck wrote"),
        ("empty.apkg", b"PK\x05\x06" + b"\0" * 18, "error: empty.apkg is not a package that hipdeck wrote"),
    ],
)
def test_a_file_that_is_no_package_gets_one_clear_line(
    name: str, content: bytes | None, message: str, edited: Path
) -> None:
    if content is not None:
        (edited / name).write_bytes(content)
    result = cases.hipdeck("diff", name, cwd=edited)
    assert (result.code, result.stdout) == (2, "")
    assert result.stderr == f"{message}\n  hint: name a package that `hipdeck build` or `hipdeck release` wrote\n"

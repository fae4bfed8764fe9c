"""Giving ids: every note gets one made of its question, and nothing else in any file changes."""

from __future__ import annotations

import difflib
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from hipdeck.cli import cli
from hipdeck.commands.ids import unified_diff
from hipdeck.deck.ids import Change, _Taken, make_ids, write
from hipdeck.deck.slugs import note_slug, slug
from hipdeck.deck.validation import ShapeError, validate_note
from hipdeck.diagnostics import MOST_MISTAKES, HipdeckError
from hipdeck.source.document import Document
from tests import cases, decks


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Which muscle is the primary extensor of the hip?", "muscle-primary-extensor-hip"),
        ("Where does a glute bridge begin?", "where-glute-bridge-begin"),
        ("When does a glute bridge begin?", "when-glute-bridge-begin"),
        (
            "The {{c1::hamstrings::muscle group}} arise from the {{c2::ischial {{c3::tuberosity}}}}.",
            "hamstrings-arise-from-ischial-tuberosity",
        ),
        ("Was größe heißt: Ærø, naïve Łódź?", "grosse-heisst-aero-naive-lodz"),
        ("What's the coach's cue?", "whats-coachs-cue"),
        ("knee—hip", "knee-hip"),
        ("What is ½ of 1,000?", "1-2-1-000"),
        ("**Hip** ![a bridge](media/bridge.svg) [shown](https://example.org)", "hip-shown"),
        ("![flag](media/flag.svg) Which flag is this?", "which-flag-is-this"),
        ("![a bridge](media/bridge.svg)", "a-bridge"),
        ("Hips?", "hips"),
        ("What is the?", "what-is-the"),
        (
            "One two three four five six seven eight nine ten eleven twelve",
            "one-two-three-four-five-six-seven-eight-nine-ten",
        ),
        ("x" * 60, "x" * 50),
        ("std::vector {{c1::holds}} a {{ b", "std-vector-holds-b"),
        ("大殿筋とは", "da-dian-jintoha"),
        ("ひざのリハビリ", "hizanorihabiri"),
        ("Что такое разгибание бедра?", "chto-takoe-razgibanie-bedra"),
        ("ما هو مفصل الورك؟", "m-hw-mfsl-lwrk"),
        ("엉덩이 근육", "eong-deong-i-geun-yug"),
        ("İstanbul’un kası", "istanbulun-kasi"),
        ("Kniegelenk e\u0301tude", "kniegelenk-etude"),
        ("???", ""),
    ],
)
def test_an_id_is_made_of_the_words_that_matter(text: str, expected: str) -> None:
    assert note_slug(text) == expected
    assert len(note_slug(text)) <= 50


class Core(yaml.BaseLoader):
    """A reader of YAML that is not hipdeck's: every scalar as text."""


STYLES: dict[str, str] = {
    # ↓ is where the id goes on a line of its own, with the column of the first key behind it; « where it goes between
    # braces; » is what closes braces that were not there.
    "block": "  - ↓4question: Q\n    answer: A\n",
    "block, not indented": "- ↓2question: Q\n  answer: A\n",
    "block, far from its dash": "-     ↓6question: Q\n      answer: A\n",
    "dash on a line of its own": "-\n  ↓2question: Q\n  answer: A\n",
    "comment behind the dash": "- # why\n  # and how\n\n  ↓2question: 'Q' # c\n  answer: A\n",
    "answer first": "  - ↓4answer: A\n    # c\n    question: Q\n",
    "quoted keys": "- ↓2\"question\": Q\n  'answer' :   A\n",
    "question on the next line": "- ↓2question:\n    Q\n  answer: >-\n    A\n    B\n",
    "explicit keys": "- ↓2? question\n  : Q\n  ? answer\n  : A\n",
    "lists inside": "- ↓2tags: [a,\n    b]\n  question: Q\n  choices:\n  - x\n  - Q\n  answer: x\n",
    "braces": "- {«question: Q, answer: A}\n",
    "braces with space": "- {  «question: Q, answer: A }   # c\n",
    "braces over lines": "- {\n    «⏎4question: Q,\n    answer: A\n  }\n",
    "braces over lines, with a gap": "- {  \n\n\t«⏎tquestion: Q,\n    answer: A}\n",
    "braces, then lines": "- {«question: Q,\n   answer: A}\n",
    "braces with a comment": "- {«c # c\n   question: Q, answer: A}\n",
    "braces with an explicit key": "- { «? question : Q, answer: A}\n",
    "JSON": '- {«j"question":"Q","answer":"A"}\n',
    "JSON over lines": '- {\n  «⏎2j"question": "Q",\n  "answer": "A"\n  }\n',
    "has an id": "- id: has-Q\n  question: Q\n  answer: A\n",
    "has an id at its end": "- question: Q\n  answer: A\n  id: has-Q\n",
    "has an id in braces": "- {question: Q, id: has-Q}\n",
}
"""A note in every style that YAML has for it. Only styles of one indentation can stand in one file."""

FLOW: dict[str, str] = {
    "brackets": "{«question: Q, answer: A}",
    "no braces": "(«question: Q»)",
    "no braces and an explicit key": "(«? question : Q »)",
    "JSON in brackets": '{«j"question": "Q", "answer": "A"}',
    "has an id in brackets": "{id: has-Q, question: Q}",
}


def with_id(note: str, id_: str) -> tuple[str, str]:
    """A note of a style without its id and with it."""
    before, after = note, note
    for mark, inserted in {
        "↓2": f"id: {id_}\n  ",
        "↓4": f"id: {id_}\n    ",
        "↓6": f"id: {id_}\n      ",
        "«⏎4": f"id: {id_},\n    ",
        "«⏎t": f"id: {id_},\n\t",
        "«⏎2j": f'"id": "{id_}",\n  ',
        "«c": f"id: {id_},",
        "(«": f"{{id: {id_}, ",
        "«j": f'"id": "{id_}", ',
        "«": f"id: {id_}, ",
        "»)": "}",
    }.items():
        before, after = before.replace(mark, ""), after.replace(mark, inserted)
    return before, after


def document(styles: list[str], texts: list[str]) -> tuple[str, str, list[str]]:
    """A section file of notes in these styles, before and after; and the ids that it gets."""
    head = "# a comment\nsection: 'S' # c\nsource: guide\n\n"
    in_flow = styles[0] in FLOW.values()
    befores, afters, ids = [], [], []
    for style, text in zip(styles, texts, strict=True):
        before, after = with_id(style, text.lower())
        befores.append(before.replace("Q", text))
        afters.append(after.replace("Q", text))
        ids += [text.lower()] if before != after else []
    if in_flow:
        return f"{head}notes: [{', '.join(befores)}]", f"{head}notes: [{', '.join(afters)}]", ids
    return f"{head}notes:\n{''.join(befores)}\n# end", f"{head}notes:\n{''.join(afters)}\n# end", ids


def parsed(text: str) -> Any:
    return yaml.load(text.replace("\t", " "), Core)


indented = [style for style in STYLES.values() if style.startswith("  ")]
others = [style for style in STYLES.values() if not style.startswith("  ")]
mixtures = st.one_of(
    *(st.lists(st.sampled_from(some), min_size=1, max_size=6) for some in (indented, others, [*FLOW.values()]))
)


def unchanged_but_for_ids(styles: list[str], end: str, start: str, newline: bool) -> None:
    """Whether notes of these styles get their ids, and nothing else in the file changes."""
    before, after, new_ids = document(styles, [f"Word{number}" for number in range(len(styles))])
    expected = parsed(before)
    for number, note in enumerate(expected["notes"]):
        note.setdefault("id", f"word{number}")
    old, new = (
        (start + (text if newline else text.removesuffix("\n# end")).replace("\n", end)).encode()
        for text in (before, after)
    )
    with tempfile.TemporaryDirectory() as name:
        (Path(name) / "deck.yaml").write_text("deck: D\n")
        (Path(name) / "s.yaml").write_bytes(old)
        found = make_ids(Path(name))
    assert found.diagnostics == []
    assert [change.after.encode() for change in found.changes] == ([new] if new_ids else [])
    assert [id_ for change in found.changes for id_ in change.ids] == new_ids
    assert parsed(after) == expected
    for change in found.changes:
        lines, new_lines = (text.removeprefix("\ufeff").splitlines() for text in (change.before, change.after))
        assert patched(lines, [*unified_diff(change)]) == new_lines


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["lf", "crlf", "cr"])
@pytest.mark.parametrize("style", [*STYLES, *FLOW])
def test_a_note_of_any_style_of_yaml_gets_its_id_and_nothing_else_changes(style: str, end: str) -> None:
    unchanged_but_for_ids([{**STYLES, **FLOW}[style]] * 2, end, "", newline=True)


@settings(max_examples=200)
@given(mixtures, st.sampled_from(["\n", "\r\n", "\r"]), st.sampled_from(["", "\ufeff"]), st.booleans())
def test_nothing_else_changes_in_a_file_of_many_styles(styles: list[str], end: str, start: str, newline: bool) -> None:
    unchanged_but_for_ids(styles, end, start, newline)


SECTION = """\
section: Bridge
source: guide
notes:
  # The start
  - question: How does a glute bridge start?
    answer: On the back.
  - {cloze: "The {{c1::heels}} push.", kind: cue}
"""


def deck(folder: Path, **sections: str) -> Path:
    """A deck of these section files."""
    listed = cases.DECK.replace("[section]", f"[{', '.join(sections)}]")
    cases.write({"deck.yaml": listed, **{f"{name}.yaml": text for name, text in sections.items()}}, folder / "cards")
    return folder / "cards"


def test_a_dry_run_shows_the_change_and_writes_nothing(tmp_path: Path) -> None:
    section = deck(tmp_path, section=SECTION) / "section.yaml"
    assert cases.hipdeck("ids", "--dry-run", cwd=tmp_path) == (
        0,
        "--- cards/section.yaml\n"
        "+++ cards/section.yaml\n"
        "@@ -2,6 +2,7 @@\n"
        " source: guide\n"
        " notes:\n"
        "   # The start\n"
        "-  - question: How does a glute bridge start?\n"
        "+  - id: how-glute-bridge-start\n"
        "+    question: How does a glute bridge start?\n"
        "     answer: On the back.\n"
        '-  - {cloze: "The {{c1::heels}} push.", kind: cue}\n'
        '+  - {id: heels-push, cloze: "The {{c1::heels}} push.", kind: cue}\n'
        "2 notes in 1 file would get an id; nothing was written\n",
        "",
    )
    assert section.read_text() == SECTION


def patched(before: list[str], diff: list[str]) -> list[str]:
    """What a unified diff makes of some lines."""
    after, line = [], 0
    for change in diff[2:]:
        if change.startswith("@@"):
            first, count = re.fullmatch(r"@@ -(\d+)(?:,(\d+))? \+.*", change).groups("1")  # type: ignore[union-attr]
            start = int(first) - (count != "0")
            after += before[line:start]
            line = start
        elif change[0] == "+":
            after.append(change[1:])
        else:
            assert before[line] == change[1:]
            after += before[line : line + 1] if change[0] == " " else []
            line += 1
    return after + before[line:]


def test_a_dry_run_compares_no_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise AssertionError("it takes the square of the number of lines")

    monkeypatch.setattr(difflib.SequenceMatcher, "find_longest_match", fail)
    cards = deck(tmp_path, section=SECTION)
    result = CliRunner().invoke(cli, ["ids", "--dry-run", str(cards)])
    assert result.exit_code == 0, result.output
    assert result.output.count("\n+") == 4


def test_ids_are_given_once_and_the_deck_builds(tmp_path: Path) -> None:
    cards = deck(tmp_path, section=SECTION, other=SECTION.replace("glute ", "").replace("heels", "toes"))
    before = cases.hipdeck("check", cwd=tmp_path)
    assert before.code == 1
    assert before.stderr.count("2 notes of this file have no id; this is the first [missing-id]") == 2
    assert before.stderr.count("hint: run `hipdeck ids`; it gives an id to every note that has none") == 2
    assert cases.hipdeck("ids", cwd=tmp_path) == (
        0,
        "cards/other.yaml: how-bridge-start\n"
        "cards/other.yaml: toes-push\n"
        "cards/section.yaml: how-glute-bridge-start\n"
        "cards/section.yaml: heels-push\n"
        "4 notes in 2 files got an id\n",
        "",
    )
    given = (cards / "section.yaml").read_bytes()
    assert cases.hipdeck("ids", cwd=tmp_path) == (0, "every note has an id\n", "")
    assert cases.hipdeck("build", "--strict", cwd=tmp_path).code == 0
    assert (cards / "section.yaml").read_bytes() == given
    assert sorted(path.name for path in cards.iterdir()) == ["deck.yaml", "other.yaml", "section.yaml"]


NOTES = "section: S\nsource: guide\nnotes:\n"


@pytest.mark.parametrize(
    ("note", "error"),
    [
        (
            "  - answer: A\n",
            "cards/a.yaml:4:5: error: this note has neither a question nor a cloze to make an id from [no-words]\n"
            "  4 |   - answer: A\n"
            "    |     ^\n"
            "  hint: write its question first\n",
        ),
        (
            "  - quesiton: What?\n    answer: A\n",
            "cards/a.yaml:4:5: error: unknown key 'quesiton' [unknown-key]\n"
            "  4 |   - quesiton: What?\n"
            "    |     ^^^^^^^^\n"
            "  hint: did you mean 'question'?\n",
        ),
        (
            "  - ID: hip\n    question: What?\n    answer: A\n",
            "cards/a.yaml:4:5: error: unknown key 'ID' [unknown-key]\n"
            "  4 |   - ID: hip\n"
            "    |     ^^\n"
            "  hint: did you mean 'id'?\n",
        ),
        (
            "  - id:\n    question: What?\n    answer: A\n",
            "cards/a.yaml:4:5: error: 'id' is empty [empty]\n"
            "  4 |   - id:\n"
            "    |     ^^\n"
            "  hint: delete 'id', and run `hipdeck ids`; it gives the note one\n",
        ),
        (
            "  - just text\n",
            "cards/a.yaml:4:5: error: an entry of 'notes' takes keys and values, not text [wrong-type]\n"
            "  4 |   - just text\n"
            "    |     ^^^^^^^^^\n"
            "  hint: write its keys after the '- ', each on a line of its own: question: …\n",
        ),
        (
            "  question: What?\n",
            "cards/a.yaml:4:3: error: 'notes' takes a list, not keys and values [wrong-type]\n"
            "  4 |   question: What?\n"
            "    |   ^\n"
            "  hint: start each note with '- ' before its first key\n",
        ),
        (
            "  - question: [a\n    answer: A\n",
            "cards/a.yaml:4:15: error: a text that starts with '[' needs quotes [yaml]\n"
            "  4 |   - question: [a\n"
            "    |               ^\n"
            '  hint: put the text in quotes: question: "…"\n',
        ),
        (
            "  - question: What is the #1 muscle?\n    answer: A\n",
            "cards/a.yaml:4:27: error: YAML reads this as a comment, so 'question' ends here [comment]\n"
            "  4 |   - question: What is the #1 muscle?\n"
            "    |                           ^^^^^^^^^^\n"
            "  hint: if the '#' is part of the text, put the text in quotes; move a comment to a line above the key\n",
        ),
    ],
    ids=[
        *("no-question", "question-misspelt", "id-misspelt", "empty-id", "no-note", "no-list", "not-yaml"),
        "text-lost",
    ],
)
def test_a_note_that_cannot_get_an_id_is_named_and_the_others_get_theirs(note: str, error: str, tmp_path: Path) -> None:
    cards = deck(tmp_path, a=NOTES + note, b=f"{NOTES}  - question: Fine\n    answer: A\n")
    code, stdout, stderr = cases.hipdeck("ids", cwd=tmp_path)
    assert (code, stdout) == (1, "cards/b.yaml: fine\n1 note in 1 file got an id\n")
    assert stderr == f"{error}1 error in 1 file; what is named above got no id\n"
    assert (cards / "a.yaml").read_text(encoding="utf-8") == NOTES + note
    assert "  - id: fine\n" in (cards / "b.yaml").read_text(encoding="utf-8")


QUESTION = "  - question: Hip joint\n    answer: A\n"


@pytest.mark.parametrize(
    "other",
    [
        "  - id: hip-joint\n    question: Q\n    answer: A\n",
        QUESTION,
        "  - {was: hip-joint, id: x, question: Q, answer: A}\n",
        "  - id: hip-joint\n    question: [never closed\n",
        '  - {"id": "hip-joint", "question": [never closed\n',
        "  - question: Lost [\n    was:   'hip-joint'\n   answer: outdented\n",
    ],
    ids=["an-id", "another-new-one", "an-old-id", "in-a-broken-file", "in-broken-json", "old-in-a-broken-file"],
)
def test_an_id_that_another_note_has_gets_a_number(other: str, tmp_path: Path) -> None:
    cards = deck(tmp_path, a=NOTES + other, b=NOTES + QUESTION + QUESTION)
    cases.hipdeck("ids", cwd=tmp_path)
    text = (cards / "b.yaml").read_text(encoding="utf-8")
    assert text.count("  - id: hip-joint-2\n") == text.count("  - id: hip-joint-3\n") == 1


def test_a_question_without_a_word_gets_a_number(tmp_path: Path) -> None:
    cards = deck(tmp_path, section=NOTES + "  - {question: '???', answer: A}\n  - {question: '—', answer: A}\n")
    assert cases.hipdeck("ids", cwd=tmp_path).code == 0
    text = (cards / "section.yaml").read_text(encoding="utf-8")
    assert text.count("{id: note-1, ") == text.count("{id: note-2, ") == 1


def test_a_mistake_that_is_no_matter_of_ids_does_not_keep_a_note_from_its_id(tmp_path: Path) -> None:
    deck(tmp_path, section=SECTION.replace("answer", "anser"))
    assert cases.hipdeck("ids", cwd=tmp_path).code == 0


def test_a_folder_that_holds_no_deck_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "cards").mkdir()
    (tmp_path / "cards" / "section.yaml").write_text(SECTION)
    result = cases.hipdeck("ids", cwd=tmp_path)
    assert result.code == 1
    assert result.stderr.startswith("cards/deck.yaml:1:1: error: there is no deck.yaml in this folder [no-deck]\n")
    assert (tmp_path / "cards" / "section.yaml").read_text() == SECTION


def test_an_id_is_looked_for_only_at_the_start_of_a_text() -> None:
    # Unicode's composing takes the square of the number of marks.
    assert note_slug(f"{'?' * 998}ab cd") == "ab"
    assert slug(f"{'?' * 998}ab cd") == "ab"


@pytest.mark.parametrize(
    ("note", "code"),
    [("answer: a", "no-words"), ("idd: a", "unknown-key")],
)
def test_mistakes_are_looked_for_until_there_are_too_many(
    note: str, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    validated: list[int] = []

    def count(document: Document, index: int) -> Iterator[ShapeError]:
        validated.append(index)
        return validate_note(document, index)

    monkeypatch.setattr("hipdeck.deck.ids.validate_note", count)
    section = "section: S\nnotes:\n" + f"  - {{{note}}}\n" * (2 * MOST_MISTAKES)
    found = make_ids(deck(tmp_path, section=section))
    assert [one.code for one in found.diagnostics] == [code] * MOST_MISTAKES + ["too-many"]
    assert len(validated) == MOST_MISTAKES + 1


def test_ids_are_numbered_from_where_the_last_one_stopped(tmp_path: Path) -> None:
    class Counted(set[str]):
        asked = 0

        def __contains__(self, id_: object) -> bool:
            self.asked += 1
            return super().__contains__(id_)

    taken = _Taken(())
    taken.ids = Counted(["a-3"])
    assert [taken.free("a") for _ in range(4)] == ["a", "a-2", "a-4", "a-5"]
    assert [taken.free("") for _ in range(2)] == ["note-1", "note-2"]
    # The slug, and then its next number.
    assert taken.ids.asked == 4 + 4 + 2


def test_permissions_stay(tmp_path: Path) -> None:
    section = deck(tmp_path, section=SECTION) / "section.yaml"
    section.chmod(0o640)
    assert cases.hipdeck("ids", cwd=tmp_path).code == 0
    assert "id: heels-push" in section.read_text()
    assert section.stat().st_mode & 0o777 == 0o640


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a folder that not even root may write to")
def test_a_file_that_cannot_be_written_changes_no_other(tmp_path: Path) -> None:
    cards = deck(tmp_path, section=SECTION)
    changes = [
        Change(str(cards / "section.yaml"), SECTION, "changed", [], {}),
        Change("/proc/version", "", "changed", [], {}),
    ]
    with pytest.raises(HipdeckError, match="cannot write /proc/version: "):
        write(changes)
    assert [path.name for path in sorted(cards.iterdir())] == ["deck.yaml", "section.yaml"]
    assert (cards / "section.yaml").read_text() == SECTION


def test_an_id_of_an_earlier_edition_is_given_to_no_new_note(tmp_path: Path) -> None:
    decks.write(tmp_path / "cards", {"one": [{"id": "hip", "question": "Hip?", "answer": "So."}, decks.question(2)]})
    assert cases.hipdeck("release", cwd=tmp_path).code == 0
    decks.write(tmp_path / "cards", {"one": [{"question": "Hip?", "answer": "So."}, decks.question(2)]})
    assert cases.hipdeck("ids", cwd=tmp_path) == (0, "cards/one.yaml: hip-2\n1 note in 1 file got an id\n", "")
    (tmp_path / "cards" / "deck.lock").write_text("{}\n")
    damaged = cases.hipdeck("ids", cwd=tmp_path)
    assert (damaged.code, damaged.stderr.splitlines()[-1]) == (1, "1 error in 1 file; no file was changed")

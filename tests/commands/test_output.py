"""What hipdeck prints commands nobody: no terminal, and no workflow on GitHub."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from hipdeck.console import bold, harmless
from tests import cases, decks

ATTACK = "::error::x ##[group]y"
COMMANDS = ["check", "build", "release", "preview", "ids", "new deck", "schema", "diff old.apkg"]


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("a\n::warning::b", "a\n<U+003A>:warning::b"),
        ("  ::stop-commands::x", "  <U+003A>:stop-commands::x"),
        ("a ::b::", "a ::b::"),
        ("std::vector", "std::vector"),
        ("a ##[error]b ##[c]", "a ##<U+005B>error]b ##<U+005B>c]"),
        ("# [a](b)", "# [a](b)"),
        ("a\r::b\tc", "a<U+000D>::b<U+0009>c"),
        ("\x1b[2J", "<U+001B>[2J"),
        ("\u202ea", "<U+202E>a"),
    ],
)
def test_lines_that_would_command_something_show_a_code_point(typed: str, printed: str) -> None:
    assert harmless(typed) == printed
    assert harmless(bold("x")) == bold("x")


@pytest.fixture
def hostile_deck(tmp_path: Path) -> Path:
    """A deck whose texts are commands, released once and then changed."""
    texts = {"question": f"{ATTACK}\n{ATTACK}", "answer": f"{ATTACK}\n{ATTACK} old", "why": f"a\n{ATTACK}"}
    decks.write(
        tmp_path / "cards", {"section": [{"id": "one", **texts}, decks.question(2)]}, name=ATTACK[:0] + "Bridges"
    )
    assert cases.hipdeck("release", cwd=tmp_path).code == 0
    (tmp_path / "output" / "bridges.apkg").rename(tmp_path / "old.apkg")
    decks.next_second()
    changed = {**texts, "answer": f"{ATTACK}\n{ATTACK} new"}
    new = {"question": f"New {ATTACK}\n{ATTACK}", "answer": ATTACK, "retired": ATTACK}
    decks.write(tmp_path / "cards", {"section": [{"id": "one", **changed}, {"id": "q2", **new}]})
    return tmp_path


@pytest.mark.parametrize(
    "command",
    ["check", "check --format json", "build", "release", "preview"]
    + [f"diff old.apkg --format {form}" for form in ("text", "markdown", "json")],
)
def test_no_command_prints_a_workflow_command_from_a_card(command: str, hostile_deck: Path) -> None:
    result = cases.hipdeck(*command.split(), cwd=hostile_deck)
    assert result.code == 0, result.stderr
    for line in (result.stdout + result.stderr).splitlines():
        assert not line.lstrip().startswith("::")
        assert "##[" not in line
    if "json" in command:
        assert json.loads(result.stdout) is not None


def test_ids_prints_no_workflow_command(tmp_path: Path) -> None:
    section = f"section: A\nnotes:\n  - question: |\n      {ATTACK}\n\n      ::error::z\n    answer: b\n"
    cases.write({"deck.yaml": cases.DECK, "section.yaml": section}, tmp_path / "cards")
    result = cases.hipdeck("ids", "--dry-run", cwd=tmp_path)
    assert result.code == 0
    assert ATTACK.split(" ")[0][1:] in result.stdout
    assert not [line for line in result.stdout.splitlines() if line.lstrip().startswith("::") or "##[" in line]


def test_an_error_for_github_is_one_line_that_names_what_was_typed(tmp_path: Path) -> None:
    section = f'section: A\nnotes:\n  - id: a\n    question: b\n    answer: c\n    "x\\n{ATTACK}": d\n'
    cases.write({"deck.yaml": cases.DECK, "section.yaml": section}, tmp_path / "cards")
    result = cases.hipdeck("check", "--format", "github", cwd=tmp_path)
    commands = [line for line in result.stdout.splitlines() if line]
    assert all(line.startswith(("::error file=", "::warning file=")) for line in commands)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
@pytest.mark.parametrize("command", ["check", "build", "preview", "schema", "new deck"])
def test_an_output_that_takes_nothing_is_an_error(command: str, tmp_path: Path) -> None:
    decks.write(tmp_path / "cards", {"section": [decks.question(1)]})
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "hipdeck", *command.split()],
            cwd=tmp_path,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            # As for most people, Python writes its output when it ends, too.
            env={name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"},
        )
    assert done.returncode == 2
    assert done.stderr.splitlines()[0].endswith("can't print: No space left on device")
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps a folder that somebody is in")
@pytest.mark.parametrize("command", COMMANDS)
def test_a_folder_that_was_deleted_under_you_is_an_error(command: str, tmp_path: Path) -> None:
    script = f"rm -r {tmp_path}/gone; exec {sys.executable} -m hipdeck {command}"
    (tmp_path / "gone").mkdir()
    done = subprocess.run(["sh", "-c", script], cwd=tmp_path / "gone", capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "error: the folder you're in no longer exists\n  hint: go to another one: cd ~\n"

"""The commands: near misses, formats for programs, and the schema."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from hipdeck import __version__
from hipdeck.cli import COMMANDS, cli
from hipdeck.commands.shared.formats import to_github
from hipdeck.diagnostics import Place, error, warning
from tests import cases
from tests.conftest import ROOT


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["biuld"], r"Error: No such command 'biuld'\. Did you mean 'build'\?"),
        (["id"], r"Error: No such command 'id'\. Did you mean 'ids'\?"),
        # click's own words: older versions write neither these quotes nor the full stop.
        (["build", "--lokced"], r"Error: No such option:? '?--lokced'?\.? Did you mean '?--locked'?\?"),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_misspelled_command_or_option_gets_a_suggestion(arguments: list[str], expected: str, tmp_path: Path) -> None:
    code, output, errors = cases.hipdeck(*arguments, cwd=tmp_path)
    usage, _, _, problem = errors.splitlines()
    assert (code, output) == (2, "")
    assert usage.startswith("Usage: hipdeck ")
    assert re.fullmatch(expected, problem)


LONG = "x" * 300


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", LONG),
        ("build", "cards", "-o", LONG),
        ("diff", LONG),
        ("new", LONG),
        ("schema", "-o", LONG),
    ],
    ids=" ".join,
)
def test_impossible_path_is_a_usage_error(arguments: tuple[str, ...], tmp_path: Path) -> None:
    result = cases.hipdeck(*arguments, cwd=tmp_path)
    assert (result.code, result.stdout) == (2, "")
    assert result.stderr.endswith(f"{LONG}': File name too long\n")
    assert result.stderr.startswith("Usage: hipdeck ")
    assert list(tmp_path.iterdir()) == []


def test_unknown_command_lists_all_commands(tmp_path: Path) -> None:
    result = cases.hipdeck("xyzzy", cwd=tmp_path)
    assert result.code == 2
    assert result.stderr.endswith("\nError: No such command 'xyzzy'. Write one of: " + ", ".join(COMMANDS) + "\n")


@pytest.mark.parametrize("name", COMMANDS)
def test_command_list_holds_the_first_line_of_each_help(name: str) -> None:
    command = cli.get_command(click.Context(cli), name)
    assert command
    assert command.name == name
    assert (command.help or "").split("\n")[0] == COMMANDS[name]


def test_version_is_the_packages(tmp_path: Path) -> None:
    assert cases.hipdeck("--version", cwd=tmp_path) == (0, f"hipdeck {__version__}\n", "")


def test_github_format_escapes_its_values() -> None:
    found = [
        error("yaml", Place("a,b:c.yaml", 3, 5, 2), "100% of\nthis: a, b", "write\r\nso"),
        warning("gone", Place("cards/deck.lock", 7), "gone", "restore it", "students keep it"),
    ]
    assert to_github(found) == (
        "::error file=a%2Cb%3Ac.yaml,line=3,col=5,endColumn=7,title=yaml::100%25 of%0Athis: a, b%0Awrite%0D%0Aso\n"
        "::warning file=cards/deck.lock,line=7,col=1,endColumn=2,title=gone::gone%0Astudents keep it%0Arestore it"
    )


def test_github_format_goes_to_standard_output(tmp_path: Path) -> None:
    case = cases.read(cases.CASES / "unknown-key.case")
    cases.write(case.files, tmp_path / "cards")
    result = cases.hipdeck("check", "--format", "github", cwd=tmp_path)
    assert result.code == 1
    assert result.stdout.startswith("::error file=cards/section.yaml,line=")
    assert len(result.stdout.splitlines()) == case.expected.count(": error: ")
    assert result.stderr == case.expected.splitlines(keepends=True)[-1]


def test_github_format_of_a_clean_deck_is_empty(tmp_path: Path) -> None:
    assert cases.hipdeck("check", str(ROOT / "cards"), "--format", "github", "-q", cwd=tmp_path) == (0, "", "")


@pytest.mark.parametrize(
    ("arguments", "name"), [([], "section"), (["section"], "section"), (["deck"], "deck")], ids=["", "section", "deck"]
)
def test_schema_is_printed_as_shipped(arguments: list[str], name: str, tmp_path: Path) -> None:
    result = cases.hipdeck("schema", *arguments, cwd=tmp_path)
    assert (result.code, result.stderr) == (0, "")
    assert result.stdout == (ROOT / "hipdeck" / "deck" / "schema" / f"{name}.json").read_text(encoding="utf-8")
    assert json.loads(result.stdout)["title"] == f"hipdeck {name}"


def test_schema_files_are_written_for_editors(tmp_path: Path) -> None:
    (tmp_path / "cards" / ".schema").mkdir(parents=True)
    (tmp_path / "cards" / ".schema" / "deck.json").write_text("of an earlier hipdeck")
    result = cases.hipdeck("schema", "-o", "cards/.schema", cwd=tmp_path)
    assert result == (0, "cards/.schema: deck.json, section.json\n", "")
    for name in ("deck", "section"):
        written = (tmp_path / "cards" / ".schema" / f"{name}.json").read_bytes()
        assert written == (ROOT / "hipdeck" / "deck" / "schema" / f"{name}.json").read_bytes()


MISTAKES = """\
section: Bridge
source: guide
notes:
  - {id: one, question: How?, answer: So., anser: x}
  - {id: two, question: Is it so?, answer: 'Yes.'}
"""
RED, GREEN, YELLOW, CYAN, BOLD, PLAIN = (f"\x1b[{code}m" for code in (31, 32, 33, 36, 1, 0))
GOOD = "section: Bridge\nsource: guide\nnotes:\n  - id: one\n    question: How?\n    answer: So.\n"


def on_a_terminal(*arguments: str, cwd: Path, **environment: str) -> str:
    """What the hipdeck command prints where standard output and error are a terminal."""
    pty = pytest.importorskip("pty", reason="this system has no pseudoterminals")
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "hipdeck", *arguments]
    env = {**{key: value for key, value in os.environ.items() if key != "NO_COLOR"}, **environment}
    with subprocess.Popen(command, cwd=cwd, stdout=theirs, stderr=theirs, env=env):
        os.close(theirs)
        shown = b""
        try:
            while part := os.read(ours, 65536):
                shown += part
        except OSError:  # how Linux says that the other end is closed
            pass
        os.close(ours)
    return shown.decode().replace("\r\n", "\n")


def test_terminal_shows_errors_red_and_warnings_yellow(tmp_path: Path) -> None:
    cases.write({"deck.yaml": cases.DECK, "section.yaml": MISTAKES}, tmp_path / "cards")
    shown = on_a_terminal("check", cwd=tmp_path)
    assert f"{BOLD}cards/section.yaml:4:44:{PLAIN} {RED}error:{PLAIN} unknown key 'anser' [unknown-key]\n" in shown
    assert f"{BOLD}cards/section.yaml:5:25:{PLAIN} {YELLOW}warning:{PLAIN} this can be answered with yes or no" in shown
    assert f"{CYAN}^^^^^{PLAIN}" in shown
    assert f"  {CYAN}hint:{PLAIN} delete it, or move its text to 'answer', which is here too" in shown
    failed = on_a_terminal("check", "nowhere", cwd=tmp_path)
    assert failed.startswith(f"{RED}error:{PLAIN} there is no folder 'nowhere'\n  {CYAN}hint:{PLAIN} ")


def test_terminal_shows_success_green(tmp_path: Path) -> None:
    cases.write({"deck.yaml": cases.DECK, "section.yaml": GOOD}, tmp_path / "cards")
    assert on_a_terminal("check", cwd=tmp_path) == f"{GREEN}1 note: no errors in 2 files{PLAIN}\n"
    assert f"{GREEN}output/bridges" in on_a_terminal("build", cwd=tmp_path)


def repeated(count: int) -> str:
    """A section with as many notes that ask for a yes or no."""
    notes = [
        f"  - {{id: n{n}, question: Is {word} so?, answer: 'Yes.'}}\n"
        for n, word in enumerate(f"{chr(97 + n // 26)}{chr(97 + n % 26)}{n}" for n in range(count))
    ]
    return "section: S\nsource: guide\nnotes:\n" + "".join(notes)


@pytest.mark.parametrize("command", ["build", "preview"])
def test_every_command_prints_twenty_warnings_of_a_code(command: str, tmp_path: Path) -> None:
    cases.write({"deck.yaml": cases.DECK, "section.yaml": repeated(25)}, tmp_path / "cards")
    result = cases.hipdeck(command, cwd=tmp_path)
    assert result.code == 0
    assert result.stderr.count("[yes-no]") == 20
    assert result.stderr.splitlines()[-1] == "5 more warnings: `hipdeck check -v` shows all"


def test_check_prints_twenty_warnings_of_a_code_and_counts_all(tmp_path: Path) -> None:
    section = repeated(25).replace("answer", "anser", 1)
    cases.write({"deck.yaml": cases.DECK, "section.yaml": section}, tmp_path / "cards")
    result = cases.hipdeck("check", cwd=tmp_path)
    assert result.stderr.count("[yes-no]") == 20
    *_, more, count = result.stderr.splitlines()
    assert more == "4 more warnings: `hipdeck check -v` shows all"
    assert count == "1 error and 24 warnings in 1 file: 24 yes-no, 1 unknown-key"
    verbose = cases.hipdeck("check", "-v", cwd=tmp_path)
    assert verbose.stderr.count("[yes-no]") == 24
    assert "more warning" not in verbose.stderr
    for option in ("--format=json", "--format=github"):
        assert cases.hipdeck("check", option, cwd=tmp_path).stdout.count("yes-no") >= 24
    strict = cases.hipdeck("check", "--strict", cwd=tmp_path)
    assert strict.stderr.count("[yes-no]") == 24


@pytest.mark.parametrize("value", ["gone", "gone:", ":x", ""])
def test_accept_says_what_form_it_takes(value: str, tmp_path: Path) -> None:
    result = cases.hipdeck("release", "--accept", value, cwd=tmp_path)
    assert result.code == 2
    assert (
        "write the error's code and the id that it names, for example --accept gone:hamstring-origin" in result.stderr
    )


@pytest.mark.parametrize("arguments", [["check"], ["check", "nowhere"]], ids=" ".join)
def test_no_color_if_unwanted_or_without_a_terminal(arguments: list[str], tmp_path: Path) -> None:
    cases.write({"deck.yaml": cases.DECK, "section.yaml": MISTAKES}, tmp_path / "cards")
    piped = cases.hipdeck(*arguments, cwd=tmp_path).stderr
    assert "error:" in piped
    assert "\x1b" not in piped
    assert on_a_terminal(*arguments, cwd=tmp_path, NO_COLOR="1") == piped


def test_unencodable_output_does_not_fail(tmp_path: Path) -> None:
    cases.write({"deck.yaml": cases.DECK.replace("Bridges", "A \u2192 B")}, tmp_path / "cards")
    section = MISTAKES.replace(", anser: x", "").replace("How?", "How \u2192?").replace("Bridge", "\u2192")
    cases.write({"section.yaml": section}, tmp_path / "cards")
    result = cases.hipdeck("release", cwd=tmp_path, PYTHONIOENCODING="cp1252")
    assert result.code == 0
    assert result.stdout.startswith("# A \\u2192 B, edition 1 of ")
    assert (tmp_path / "cards" / "deck.lock").exists()


def test_quiet_diff_prints_only_counts(tmp_path: Path) -> None:
    cases.write({"deck.yaml": cases.DECK, "section.yaml": MISTAKES.replace(", anser: x", "")}, tmp_path / "cards")
    cases.hipdeck("release", cwd=tmp_path)
    result = cases.hipdeck("diff", "output/bridges.apkg", "-q", cwd=tmp_path)
    assert (result.code, result.stdout) == (0, "2 unchanged\n")


def test_quiet_schema_prints_nothing(tmp_path: Path) -> None:
    assert cases.hipdeck("schema", "-o", "schemas", "-q", cwd=tmp_path) == (0, "", "")
    assert len([*(tmp_path / "schemas").iterdir()]) == 2

"""Promise 5, drops nothing silently: each bad input gets exactly its diagnostics, and the old package stays."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from hipdeck.cli import cli
from tests import cases

ALL = {path.stem: cases.read(path) for path in sorted(cases.CASES.glob("*.case"))}


@pytest.mark.parametrize("name", ALL)
def test_a_case_gets_exactly_its_diagnostics(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case = ALL[name]
    cases.write(case.files, tmp_path / "cards")
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(cli, ["check", "-v"])
    assert result.stderr == case.expected
    assert result.exit_code == (1 if case.fails else 0)


@pytest.mark.parametrize("name", [name for name, case in ALL.items() if case.fails])
def test_an_error_leaves_the_old_package_untouched(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cases.write(ALL[name].files, tmp_path / "cards")
    package = tmp_path / "output" / "bridges-draft.apkg"
    package.parent.mkdir()
    package.write_bytes(b"the edition before")
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(cli, ["build"])
    assert isinstance(result.exception, SystemExit), "anything else is a traceback"
    assert result.exit_code == 1
    assert package.read_bytes() == b"the edition before"
    assert [entry.name for entry in package.parent.iterdir()] == ["bridges-draft.apkg"]


@pytest.mark.parametrize("name", [name for name, case in ALL.items() if not case.fails])
def test_a_warning_fails_only_a_strict_run(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cases.write(ALL[name].files, tmp_path / "cards")
    monkeypatch.chdir(tmp_path)
    assert CliRunner().invoke(cli, ["build"]).exit_code == 0
    strict = CliRunner().invoke(cli, ["build", "--strict"])
    assert strict.exit_code == (1 if ALL[name].expected else 0)
    assert ": warning: " not in strict.stderr


GOOD = "section: Bridge\nsource: guide\nnotes:\n  - id: one\n    question: How?\n    answer: So.\n"


def deck(folder: Path, section: bytes = GOOD.encode()) -> None:
    cases.write({"deck.yaml": cases.DECK}, folder / "cards")
    (folder / "cards" / "section.yaml").write_bytes(section)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"section: Br\xfccke\n", "cards/section.yaml:1:12: error: this file is not UTF-8 [encoding]"),
        ("section: Bridge\n".encode("utf-16"), "cards/section.yaml:1:1: error: this file is UTF-16 [encoding]"),
        (b"a: b\n\x00", "cards/section.yaml:2:1: error: a card can't hold the character U+0000"),
        (b"", "cards/section.yaml:1:1: error: this file is empty [empty-file]"),
    ],
    ids=["latin-1", "utf-16", "nul", "empty"],
)
def test_file_that_is_not_text_gets_one_line(content: bytes, expected: str, tmp_path: Path) -> None:
    deck(tmp_path, content)
    result = cases.hipdeck("check", cwd=tmp_path)
    assert result.code == 1
    assert result.stderr.startswith(expected)
    assert "\n1 error in 1 file: 1 " in result.stderr


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("guide", "'guide' # a comment").replace("\n", "\r"),
        lambda text: "\ufeff" + text,
        lambda text: text.rstrip("\n"),
    ],
    ids=["crlf", "cr", "byte-order-mark", "no-newline-at-the-end"],
)
def test_line_ends_and_byte_order_mark_change_nothing(change: Callable[[str], str], tmp_path: Path) -> None:
    deck(tmp_path, change(GOOD).encode())
    assert cases.hipdeck("check", cwd=tmp_path) == (0, "1 note: no errors in 2 files\n", "")


def test_missing_deck_yaml_is_reported_with_the_sections_errors(tmp_path: Path) -> None:
    deck(tmp_path, GOOD.replace("kind", "").replace("answer", "anser").encode())
    (tmp_path / "cards" / "deck.yaml").unlink()
    result = cases.hipdeck("check", cwd=tmp_path)
    assert result.code == 1
    assert result.stderr == (
        "cards/deck.yaml:1:1: error: there is no deck.yaml in this folder [no-deck]\n"
        "  hint: write one that begins with the deck's name and its id: deck: …, and below it id: …\n"
        "cards/section.yaml:6:5: error: unknown key 'anser' [unknown-key]\n"
        "  6 |     anser: So.\n"
        "    |     ^^^^^\n"
        "  hint: did you mean 'answer'?\n"
        "2 errors in 2 files: 1 no-deck, 1 unknown-key\n"
    )


@pytest.mark.parametrize("name", ["deck.yml", "DECK.YML", "deck.txt", "deck.yaml.txt"])
def test_a_deck_file_of_another_name_is_to_be_renamed(name: str, tmp_path: Path) -> None:
    deck(tmp_path, GOOD.encode())
    cards = tmp_path / "cards"
    (cards / "deck.yaml").rename(cards / name)
    assert cases.hipdeck("check", cwd=tmp_path).stderr == (
        "cards/deck.yaml:1:1: error: there is no deck.yaml in this folder [no-deck]\n"
        f"  hint: rename '{name}' to 'deck.yaml'\n"
        "1 error in 1 file: 1 no-deck\n"
    )
    (cards / name).rename(cards / "deck.yaml")
    assert cases.hipdeck("check", cwd=tmp_path).code == 0


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (
            ("nowhere",),
            "error: there is no folder 'nowhere'\n"
            "  hint: name the folder that holds your deck.yaml, or make a deck: hipdeck new my-deck\n",
        ),
        (
            ("cards/cards",),
            "error: there is no folder 'cards/cards'\n  hint: your deck.yaml is in 'cards': name that folder\n",
        ),
        (
            (".",),
            "error: there is no deck.yaml in '.'\n  hint: there is one in 'cards': name that folder\n",
        ),
        (
            ("cards/section.yaml",),
            "error: 'cards/section.yaml' is a file, not a folder\n  hint: name the folder of the whole deck: 'cards'\n",
        ),
        (
            ("cards", "-o", "cards/deck.yaml"),
            "error: cannot write cards/deck.yaml/bridges-draft.apkg: File exists\n  hint: check that the "
            "folder exists, that you may write to it and that the disk has room; -o names another\n",
        ),
        (
            ("cards", "-o", "/proc/nowhere"),
            "error: cannot write /proc/nowhere/bridges-draft.apkg: No such file or directory\n  hint: check that the "
            "folder exists, that you may write to it and that the disk has room; -o names another\n",
        ),
    ],
    ids=["no-folder", "within-the-deck", "around-the-deck", "a-file", "output-is-a-file", "output-cannot-be-made"],
)
def test_environment_errors_exit_with_2(arguments: tuple[str, ...], expected: str, tmp_path: Path) -> None:
    deck(tmp_path)
    assert cases.hipdeck("build", *arguments, cwd=tmp_path) == (2, "", expected)


def test_failed_build_leaves_no_temporary_files(tmp_path: Path) -> None:
    deck(tmp_path)
    (tmp_path / "output" / "bridges-draft.apkg").mkdir(parents=True)
    result = cases.hipdeck("build", cwd=tmp_path)
    assert result.code == 2
    assert "cannot write output/bridges-draft.apkg" in result.stderr
    assert [entry.name for entry in (tmp_path / "output").iterdir()] == ["bridges-draft.apkg"]


def test_links_are_refused_wherever_they_lead(tmp_path: Path) -> None:
    deck(tmp_path)
    secret = tmp_path / "secret.svg"
    secret.write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    (tmp_path / "elsewhere").mkdir()
    cards = tmp_path / "cards"
    (cards / "media").mkdir()
    (cards / "media" / "secret.svg").symlink_to(secret)
    (cards / "linked.yaml").symlink_to(tmp_path / "cards2.yaml")
    (tmp_path / "cards2.yaml").write_text("password: 123\n")
    (cards / "twice.yaml").symlink_to("section.yaml")
    (cards / "more").symlink_to(tmp_path / "elsewhere")
    (cards / "section.yaml").write_text(GOOD + "    why: See ![a secret](media/secret.svg).\n")
    result = cases.hipdeck("check", cwd=tmp_path)
    assert result.code == 1
    assert "123" not in result.stderr
    for line in (
        "cards/linked.yaml:1:1: error: this file is a symbolic link [link]",
        "cards/twice.yaml:1:1: error: this file is a symbolic link [link]",
        "cards/more:1:1: error: this folder is a symbolic link [link]",
        "cards/section.yaml:7:26: error: the picture 'media/secret.svg': this file is a symbolic link [link]",
    ):
        assert line in result.stderr.splitlines()


def test_a_media_folder_that_is_a_link_is_not_looked_into(tmp_path: Path) -> None:
    deck(tmp_path, GOOD.encode() + b"    why: See ![a](media/secret-nam.svg).\n")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "secret-name.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    (tmp_path / "cards" / "media").symlink_to(tmp_path / "elsewhere")
    result = cases.hipdeck("check", cwd=tmp_path)
    assert "cards/media:1:1: error: this folder is a symbolic link [link]" in result.stderr.splitlines()
    assert "secret-name" not in result.stderr


@pytest.mark.parametrize("target", ["nowhere.lock", "deck.lock"])
def test_a_lock_that_is_a_link_to_nothing_is_told_so(target: str, tmp_path: Path) -> None:
    deck(tmp_path)
    (tmp_path / "cards" / "deck.lock").symlink_to(target)
    assert cases.hipdeck("release", cwd=tmp_path).stderr == (
        "cards/deck.lock:1:1: error: this file is a symbolic link [link]\n"
        "  hint: it leads nowhere: put the file itself in its place, or delete the link\n"
        "1 error in 1 file; no package was written\n"
    )


def test_circular_links_are_errors(tmp_path: Path) -> None:
    deck(tmp_path, (GOOD + "    why: See ![a ring](media/ring.svg).\n").encode())
    (tmp_path / "cards" / "media").mkdir()
    for name in ("loop.yaml", "media/ring.svg"):
        (tmp_path / "cards" / name).symlink_to(Path(name).name)
    lines = cases.hipdeck("check", cwd=tmp_path).stderr.splitlines()
    for line in (
        "cards/loop.yaml:1:1: error: this file is a symbolic link [link]",
        "cards/section.yaml:7:24: error: the picture 'media/ring.svg': this file is a symbolic link [link]",
    ):
        assert line in lines


@pytest.mark.parametrize("where", ["exercises", "media"])
def test_folders_are_looked_into_up_to_a_depth(where: str, tmp_path: Path) -> None:
    deck(tmp_path)
    (tmp_path / "cards" / where / Path(*["d"] * 900)).mkdir(parents=True)
    assert cases.hipdeck("check", cwd=tmp_path) == (
        1,
        "",
        f"cards/{where}{'/d' * 16}:1:1: error: this folder is nested too deeply [nesting]\n"
        "  hint: move its files up; hipdeck looks into at most 16 folders inside one another\n"
        "1 error in 1 file: 1 nesting\n",
    )


# Root may do everything, unless it gives that up.
POWERLESS = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] if hasattr(os, "geteuid") and not os.geteuid() else []


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have other permissions")
@pytest.mark.parametrize("command", ["check", "build", "release", "preview", "ids"])
def test_a_folder_that_may_be_listed_but_not_searched_is_an_error(command: str, tmp_path: Path) -> None:
    deck(tmp_path)
    (tmp_path / "cards").chmod(0o600)
    done = subprocess.run(
        [*POWERLESS, sys.executable, "-m", "hipdeck", command], cwd=tmp_path, capture_output=True, text=True
    )
    (tmp_path / "cards").chmod(0o700)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    line = "cards/section.yaml:1:1: error: this file can't be read: permission denied [unreadable]"
    assert line in done.stderr.splitlines()


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
@pytest.mark.parametrize(
    ("name", "holds"), [(b"\xff.yaml", "a byte that is not UTF-8"), (b"a\x07.yaml", "the character U+0007")]
)
def test_file_name_that_cannot_be_a_tag_is_an_error(name: bytes, holds: str, tmp_path: Path) -> None:
    deck(tmp_path)
    (tmp_path / "cards" / os.fsdecode(name)).write_text(GOOD)
    result = cases.hipdeck("check", cwd=tmp_path)
    assert result.code == 1
    assert f"error: the name of this file holds {holds}, which no tag can hold [file-name]\n" in result.stderr
    assert result.stderr.endswith("\n  hint: rename it\n1 error in 1 file: 1 file-name\n")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    deck(tmp_path)
    (tmp_path / "cards" / "section.yaml").unlink()
    os.mkfifo(tmp_path / "cards" / "section.yaml")
    result = cases.hipdeck("check", cwd=tmp_path)
    assert result.stderr.startswith("cards/section.yaml:1:1: error: this isn't a regular file [unreadable]\n")


def test_a_message_cannot_steer_the_terminal(tmp_path: Path) -> None:
    deck(tmp_path, (GOOD + "    \u202ekind: x\n    tags: ['\u200fx::']\n").encode())
    result = cases.hipdeck("check", cwd=tmp_path)
    assert "\u202e" not in result.stderr
    assert "unknown key '<U+202E>kind'" in result.stderr


def test_picture_bytes_are_not_printed_as_source(tmp_path: Path) -> None:
    deck(tmp_path)
    (tmp_path / "cards" / "media").mkdir()
    (tmp_path / "cards" / "media" / "x.png").write_bytes(b"\x89PNG secret bytes")
    result = cases.hipdeck("check", cwd=tmp_path)
    assert "cards/media/x.png:1:1: warning: no note uses this file [unused-media]" in result.stderr
    assert "secret" not in result.stderr

"""A new deck builds, is clean, and its workflow and hooks run commands that exist."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from hipdeck.cli import cli
from tests import anki, cases
from tests.conftest import ROOT

FILES = [
    *(".gitattributes", ".github/workflows/deck.yml", ".gitignore", ".pre-commit-config.yaml"),
    *("cards/.schema/deck.json", "cards/.schema/section.json", "cards/deck.yaml", "cards/exercises/squat.yaml"),
    *("cards/knee.yaml", "cards/media/squat.svg"),
]


@pytest.fixture
def new(tmp_path: Path) -> Path:
    """A new deck, of a folder name with signs that YAML and shells care about."""
    assert cases.hipdeck("new", "it's a: knee #1_deck", cwd=tmp_path).code == 0
    return tmp_path / "it's a: knee #1_deck"


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_a_new_deck_says_what_to_do_next(tmp_path: Path) -> None:
    assert cases.hipdeck("new", "knee basics", cwd=tmp_path) == (
        0,
        "knee basics: the new deck 'Knee Basics', with a few example notes\n"
        "  cd 'knee basics'\n"
        "  hipdeck build   makes output/knee-basics-draft.apkg; import it into Anki\n"
        "  hipdeck ids     gives an id to each note that you add to the files in cards/\n"
        "  hipdeck check   looks for mistakes\n",
        "",
    )
    assert files(tmp_path / "knee basics") == FILES


def test_new_deck_builds_cleanly_and_imports(new: Path, tmp_path: Path) -> None:
    result = cases.hipdeck("build", "--strict", cwd=new)
    assert (result.code, result.stderr) == (0, "")
    assert "output/its-a-knee-1-deck-draft.apkg: 6 notes, 8 cards, 1 picture" in result.stdout
    with anki.collection(tmp_path) as col:
        anki.imported(col, new / "output" / "its-a-knee-1-deck-draft.apkg")
        assert col.decks.by_name("It's A Knee #1 Deck") is not None
        assert col.card_count() == 8
    assert not [path for path in files(new) if "first" in (new / path).read_text(errors="ignore").lower()]


def test_note_added_to_a_new_deck_gets_an_id(new: Path) -> None:
    with (new / "cards" / "knee.yaml").open("a") as section:
        section.write("  - question: What bends the knee?\n    answer: The hamstrings.\n")
    assert cases.hipdeck("ids", cwd=new).stdout == "cards/knee.yaml: bends-knee\n1 note in 1 file got an id\n"
    assert cases.hipdeck("check", "--strict", cwd=new).stdout == "7 notes: no errors in 3 files\n"


def test_new_works_in_a_git_repository_and_the_current_folder(tmp_path: Path) -> None:
    folder = tmp_path / "bridges"
    (folder / ".git").mkdir(parents=True)
    assert cases.hipdeck("new", ".", "-q", cwd=folder) == (0, "", "")
    assert files(folder) == FILES


@pytest.mark.parametrize(
    ("there", "name", "expected"),
    [
        (
            {"deck/cards/deck.yaml": "mine", "deck/.gitignore": "mine"},
            "deck",
            "error: 'deck' is not empty; a new deck would overwrite .gitignore, cards/deck.yaml\n"
            "  hint: name a folder that is empty or doesn't exist yet\n",
        ),
        (
            {"deck/thesis.txt": "mine"},
            "deck",
            "error: 'deck' is not empty\n  hint: name a folder that is empty or doesn't exist yet\n",
        ),
        (
            {"deck": "mine"},
            "deck",
            "error: 'deck' is a file, not a folder\n  hint: name a folder that is empty or doesn't exist yet\n",
        ),
        (
            {},
            "…",
            "error: no id for the deck can be made from '…'\n"
            "  hint: use letters or digits in the folder's name; you can change the deck's name in deck.yaml later\n",
        ),
        (
            {},
            "/proc/deck",
            "error: cannot write /proc/deck/.gitattributes: No such file or directory\n"
            "  hint: check that you may write there and that the disk has room\n",
        ),
    ],
    ids=["files-of-a-deck", "other-files", "a-file", "no-letter", "cannot-be-written"],
)
def test_unusable_folder_is_left_alone(there: dict[str, str], name: str, expected: str, tmp_path: Path) -> None:
    cases.write(there, tmp_path)
    assert cases.hipdeck("new", name, cwd=tmp_path) == (2, "", expected)
    assert files(tmp_path) == sorted(there)


def hooks(path: Path) -> list[dict[str, Any]]:
    loaded = yaml.safe_load(path.read_text(encoding="utf-8"))
    return loaded if isinstance(loaded, list) else [hook for repo in loaded["repos"] for hook in repo["hooks"]]


def commands() -> list[str]:
    """Every hipdeck command in the workflow of a new deck, its hooks, and the hooks that hipdeck offers."""
    workflow = yaml.safe_load((ROOT / "hipdeck/starter/files/.github/workflows/deck.yml").read_text(encoding="utf-8"))
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    found = [step["run"] for step in steps if "run" in step]
    for path in (ROOT / ".pre-commit-hooks.yaml", ROOT / "hipdeck/starter/files/.pre-commit-config.yaml"):
        found += [hook["entry"] for hook in hooks(path)]
    return [command for command in found if command.startswith("hipdeck")]


def test_workflow_and_hook_commands_work(new: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert sorted(set(commands())) == [
        *("hipdeck build --locked", "hipdeck check", "hipdeck check --format github", "hipdeck ids")
    ]
    monkeypatch.chdir(new)
    released = CliRunner().invoke(cli, ["release"])
    assert released.exit_code == 0
    for command in commands():
        assert CliRunner().invoke(cli, shlex.split(command)[1:]).exit_code == 0, command


def git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=An Author", "-c", "user.email=author@example.org"]
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


def pre_commit(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return subprocess.run(
        [sys.executable, "-m", "pre_commit", *arguments, "--all-files"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PATH": path, "PRE_COMMIT_HOME": str(folder / ".git" / "pre-commit")},
    )


@pytest.mark.slow
@pytest.mark.parametrize("offered", [False, True], ids=["of-a-new-deck", "that-hipdeck-offers"])
def test_the_hooks_run_before_a_commit(offered: bool, new: Path) -> None:
    git(new, "init")
    git(new, "add", "-A")
    call = ["try-repo", str(ROOT)] if offered else ["run"]
    assert pre_commit(new, *call).returncode == 0
    section = new / "cards" / "knee.yaml"
    section.write_text(section.read_text() + "  - question: What bends the knee?\n    anwser: The hamstrings.\n")
    git(new, "add", "-A")
    result = pre_commit(new, *call)
    assert result.returncode == 1
    assert "files were modified by this hook" in result.stdout
    assert "cards/knee.yaml: bends-knee" in result.stdout
    assert "hint: did you mean 'answer'?" in result.stdout


@pytest.mark.slow
def test_wheel_holds_all_starter_files(tmp_path: Path) -> None:
    # A copy, since an older build beside the sources would lend its files.
    source = tmp_path / "source"
    shutil.copytree(ROOT / "hipdeck", source / "hipdeck")
    for name in ("setup.cfg", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    pip = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", str(tmp_path)]
    subprocess.run([*pip, str(source)], check=True)
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        packed = {name.removeprefix("hipdeck/starter/files/") for name in wheel.namelist() if "/starter/files/" in name}
    assert packed == {path for path in FILES if ".schema" not in path}

"""In an editor: the language server that VS Code and others use for YAML completes, explains and checks cards."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import cases
from tests.conftest import ROOT
from tests.lsp import Editor, editor

pytestmark = pytest.mark.slow

SERVER = "yaml-language-server@1.25.0"


@pytest.fixture(scope="module")
def server(request: pytest.FixtureRequest) -> list[str]:
    """The command that starts the language server; npm installs it once."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if not (npm and node):
        if os.environ.get("CI"):
            pytest.fail("npm is missing; .ci/run installs it")
        pytest.skip("npm is missing, which installs the YAML language server")
    folder = request.config.cache.mkdir(SERVER)
    main = folder / "node_modules" / "yaml-language-server" / "bin" / "yaml-language-server"
    if not main.exists():
        options = ["--no-audit", "--no-fund", "--ignore-scripts", "--prefix", str(folder)]
        subprocess.run([npm, "install", *options, SERVER], check=True, capture_output=True)
    return [node, str(main), "--stdio"]


@pytest.fixture(params=["a-clone", "a-new-deck"])
def cards(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The folder of a deck whose files name their schema."""
    if request.param == "a-clone":
        return ROOT / "cards"
    assert cases.hipdeck("new", "deck", cwd=tmp_path).code == 0
    return tmp_path / "deck" / "cards"


@pytest.fixture
def opened(server: list[str], cards: Path) -> Iterator[Editor]:
    """An editor with the deck's folder open."""
    with editor(server, cards.parent) as started:
        yield started


def section(cards: Path, text: str) -> tuple[Path, str]:
    """A section file of the deck as an editor has it open: the line that names the schema is one of the deck's own."""
    path = sorted(path for path in cards.rglob("*.yaml") if path.name != "deck.yaml" and path.parent != cards)[0]
    return path, path.read_text(encoding="utf-8").split("\n")[0] + "\n" + text


def test_an_editor_offers_the_keys_of_a_note(opened: Editor, cards: Path) -> None:
    path, text = section(cards, "section: Squat\nnotes:\n  - id: squat\n    \n")
    opened.open(path, text)
    offered = opened.complete(path, 4, 4)
    assert {"question", "answer", "kind", "cloze", "choices", "why"} <= set(offered)
    assert "id" not in offered


def test_an_editor_offers_the_three_kinds(opened: Editor, cards: Path) -> None:
    path, text = section(cards, "section: Squat\nkind: \nnotes:\n  - id: squat\n    kind: \n")
    opened.open(path, text)
    assert opened.complete(path, 2, 6) == ["fact", "cue", "mistake"]
    assert opened.complete(path, 5, 10) == ["fact", "cue", "mistake"]


def test_an_editor_explains_a_key(opened: Editor, cards: Path) -> None:
    path, text = section(cards, "section: Squat\nnotes:\n  - id: squat\n    why: So.\n")
    opened.open(path, text)
    shown = opened.hover(path, 4, 5)
    assert "The reason behind the answer, shown below it." in shown
    assert "Hips short of the line miss full extension." in shown


def test_an_editor_underlines_a_misspelt_key_and_nothing_else(opened: Editor, cards: Path) -> None:
    path, text = section(cards, "section: Squat\nnotes:\n  - id: squat\n    question: 12:30?\n    anwser: 1.10\n")
    opened.open(path, text)
    (found,) = opened.diagnostics(path)
    assert found["range"] == {"start": {"line": 5, "character": 4}, "end": {"line": 5, "character": 10}}
    assert found["message"] == "Property anwser is not allowed."


def test_an_editor_finds_nothing_wrong_with_the_deck(opened: Editor, cards: Path) -> None:
    for path in sorted(cards.rglob("*.yaml")):
        opened.open(path, path.read_text(encoding="utf-8"))
        assert opened.diagnostics(path) == [], path


def test_an_editor_offers_the_keys_of_the_deck(opened: Editor, cards: Path) -> None:
    path = cards / "deck.yaml"
    opened.open(path, path.read_text(encoding="utf-8").split("\n")[0] + "\ndeck: D\n\n")
    assert {"id", "sections", "sources", "license", "description"} <= set(opened.complete(path, 2, 0))

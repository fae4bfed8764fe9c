"""The documentation is true: examples build, help texts match, codes are listed, console blocks show real output."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from hipdeck.cli import cli
from hipdeck.rules import catalog
from tests import cases, helptext, rulespage
from tests.conftest import ROOT

DOCS = ROOT / "docs"
SVG = "<svg xmlns='http://www.w3.org/2000/svg' width='10' height='10'/>\n"
CALLS = {"error", "warning", "Problem", "refuse", "Guard", "Misreading"}


def blocks(path: Path, language: str) -> list[str]:
    """The fenced blocks of one language in a Markdown file."""
    return re.findall(rf"^```{language}\n(.*?)^```$", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)


def test_the_examples_of_the_format_make_a_deck_without_a_warning(tmp_path: Path) -> None:
    files = {block.split("\n")[0].removeprefix("# "): block for block in blocks(DOCS / "format.md", "yaml")}
    assert sorted(files) == ["anatomy.yaml", "deck.yaml", "exercises/glute-bridge.yaml"]
    cases.write({**files, "media/bridge.svg": SVG}, tmp_path / "cards")
    result = cases.hipdeck("build", "--strict", cwd=tmp_path)
    assert (result.code, result.stderr) == (0, "")
    assert "5 notes, 6 cards, 1 picture" in result.stdout


@pytest.mark.parametrize("command", helptext.NAMES)
def test_the_help_in_the_docs_is_the_help(command: str) -> None:
    assert helptext.block(command) in helptext.PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize("command", helptext.NAMES)
def test_every_command_has_examples_and_takes_both_help_options(command: str) -> None:
    arguments = [command] if command else []
    short, long = (CliRunner().invoke(cli, [*arguments, option]).output for option in ("-h", "--help"))
    assert short == long
    assert "Examples:" in short


def codes_in_the_source() -> set[str]:
    """Every string that's used as a diagnostic's code."""
    codes = set()
    for path in (ROOT / "hipdeck").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                position = 3 if name == "refuse" else 0
                if name in CALLS and len(node.args) > position and isinstance(node.args[position], ast.Constant):
                    codes.add(str(node.args[position].value))  # type: ignore[attr-defined]
    return codes | {"yaml-feature", *catalog.WAIVABLE}


def test_every_code_is_listed_and_every_listed_code_exists() -> None:
    listed = re.findall(r"^\| `([a-z-]+)`", (DOCS / "errors.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert len(listed) == len(set(listed))
    assert set(listed) == codes_in_the_source()


def test_the_warnings_with_a_star_are_those_that_a_note_can_waive() -> None:
    starred = re.findall(r"^\| `([a-z-]+)` \*", (DOCS / "errors.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert starred == list(catalog.WAIVABLE)


def test_the_manual_of_the_rules_is_their_docstrings() -> None:
    assert rulespage.PAGE.read_text(encoding="utf-8").endswith(rulespage.rules())


@pytest.mark.parametrize("code", catalog.WAIVABLE)
def test_every_rule_of_good_cards_says_why_and_when_it_fails_and_passes(code: str) -> None:
    first, labelled = rulespage.parts(catalog.WAIVABLE[code])
    assert first.endswith(".")
    assert tuple(labelled) == rulespage.LABELS


def test_every_code_is_seen_in_a_test() -> None:
    tests = ROOT / "tests"
    text = "".join(path.read_text(encoding="utf-8") for path in [*tests.rglob("*.py"), *tests.glob("cases/*.case")])
    assert [code for code in sorted(codes_in_the_source()) if f"[{code}]" not in text and f'"{code}"' not in text] == []


def run_console(block: str, folder: Path) -> tuple[str, Path]:
    """Run the commands of a console block. Returns it with their real output, and the folder that its `cd` leads to."""
    output = ""
    for line in block.splitlines():
        if line.startswith("$ "):
            output += f"{line}\n"
            program, *arguments = line.removeprefix("$ ").split()
            if program == "cd":
                folder /= arguments[0]
            else:
                result = cases.hipdeck(*arguments, cwd=folder)
                output += result.stdout + result.stderr
    return output, folder


def test_the_terminal_text_of_the_readme_is_what_hipdeck_prints(tmp_path: Path) -> None:
    readme = ROOT / "README.md"
    start, broken, fixed = blocks(readme, "console")
    output, folder = run_console(start, tmp_path)
    assert output == start
    section = folder / "cards" / "knee.yaml"
    with section.open("a", encoding="utf-8") as file:
        file.write(blocks(readme, "yaml")[1])
    assert run_console(broken, folder)[0] == broken
    text = section.read_text(encoding="utf-8")
    for wrong, right in (("openstack", "openstax"), ("anwser", "answer"), ("femur},", "femur}},")):
        assert text.count(wrong) == 1
        text = text.replace(wrong, right)
    section.write_text(text, encoding="utf-8")
    # The size of a package depends on the machine's zlib.
    sizes = [re.sub(r"\d+ kB", "some kB", text) for text in (run_console(fixed, folder)[0], fixed)]
    assert sizes[0] == sizes[1]


def test_the_card_of_the_readme_builds(tmp_path: Path) -> None:
    card = blocks(ROOT / "README.md", "yaml")[0]
    deck = cases.DECK.replace("section]", "exercises]")
    cases.write({"deck.yaml": deck, "exercises/glute-bridge.yaml": card}, tmp_path / "cards")
    assert cases.hipdeck("check", "--strict", cwd=tmp_path) == (0, "2 notes: no errors in 2 files\n", "")


def test_the_schema_files_describe_every_key_with_an_example() -> None:
    def properties(schema: object) -> list[tuple[str, dict[str, object]]]:
        if isinstance(schema, list):
            return [key for inner in schema for key in properties(inner)]
        if not isinstance(schema, dict):
            return []
        own = [(key, value) for key, value in schema.get("properties", {}).items()]
        return own + [key for inner in schema.values() for key in properties(inner)]

    for name in ("deck", "section"):
        schema = json.loads((ROOT / "hipdeck" / "deck" / "schema" / f"{name}.json").read_text(encoding="utf-8"))
        keys = properties(schema)
        assert len(keys) > 5
        for key, value in keys:
            target = str(value.get("$ref", "")).rsplit("/", 1)[-1]
            described = {**schema["$defs"].get(target, {}), **value}
            assert described.get("description"), key
            if key != "title":
                assert described.get("examples"), key


def test_links_between_the_pages_lead_somewhere() -> None:
    for page in [*ROOT.glob("*.md"), *DOCS.glob("*.md")]:
        text = re.sub(r"```.*?```|`[^`]*`", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
        for target in re.findall(r"\]\(([^)#]+)\)|src=\"([^\"]+)\"", text):
            link = "".join(target)
            if not link.startswith("http"):
                assert (page.parent / link).exists(), f"{page.name}: {link}"


def test_every_folder_and_module_at_the_top_has_its_job_in_contributing() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    folders = {f"{path.parent.name}/" for path in (ROOT / "hipdeck").glob("*/__init__.py")}
    modules = {path.stem for path in (ROOT / "hipdeck").glob("[a-z]*.py")}
    table = re.findall(r"^\| (`.*?`) \|", text, flags=re.MULTILINE)
    assert folders | modules == {name for cell in table for name in re.findall(r"`([\w/]+)`", cell)}

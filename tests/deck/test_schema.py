"""The schema says to every editor what hipdeck says: a validator that hipdeck does not use agrees with it."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from hipdeck.commands.shared.checking import check
from tests import cases
from tests.conftest import NOW, ROOT

SCHEMAS = ROOT / "hipdeck" / "deck" / "schema"
VALIDATORS = {
    name: jsonschema.Draft202012Validator(json.loads((SCHEMAS / f"{name}.json").read_text(encoding="utf-8")))
    for name in ("deck", "section")
}
OF_THE_SCHEMA = {
    *(
        "unknown-key",
        "missing-key",
        "missing-id",
        "wrong-type",
        "unknown-kind",
        "bad-id",
        "too-few",
        "no-notes",
        "empty",
        "limit",
    ),
    "bad-language",
}
NOT_YAML = {"yaml", "yaml-feature", "control-character", "encoding", "nesting"}

ALONE: dict[str, tuple[Counter[str], Counter[str]]] = {
    # What the schema alone says, and what hipdeck alone says.
    # A misspelt key is one mistake to hipdeck; to the schema it is also a key that is missing.
    "deck-bad-values": (Counter({"missing-key": 1}), Counter()),
    "deck-source-text": (Counter({"missing-key": 1}), Counter()),
    "keys-of-other-tools": (Counter({"missing-key": 1}), Counter()),
    # A comment in the place of a text is said to be one.
    "comment-instead-of-tag": (Counter({"empty": 1}), Counter()),
    "comment-instead-of-text": (Counter({"empty": 1}), Counter()),
    # Text below a `|` that isn't indented has one error, whatever keys YAML sees in it.
    "text-below-not-indented": (Counter({"unknown-key": 2}), Counter({"empty": 1})),
    # A file with nothing in it has an error of its own.
    "empty-file": (Counter({"empty": 1}), Counter()),
    "only-comments": (Counter({"empty": 1}), Counter()),
    # Stands beside the schema: that a text is not empty, and that a note has exactly one form.
    "empty-values": (Counter(), Counter({"empty": 3})),
    "missing-keys": (Counter(), Counter({"missing-key": 5})),
    "note-keys-not-indented": (Counter({"unknown-key": 1}), Counter({"missing-key": 1})),
}


class Core(yaml.SafeLoader):
    """YAML as editors read it, by the core schema of YAML 1.2: `no` and 2024-01-01 are text, 1.10 is a number."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - PyYAML declares it so


for tag, pattern in {
    "null": r"~|null|Null|NULL|",
    "bool": r"true|True|TRUE|false|False|FALSE",
    "int": r"[-+]?[0-9]+",
    "float": r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?",
}.items():
    Core.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"(?:{pattern})$"), None)


def codes(problem: jsonschema.ValidationError) -> list[str]:
    """The codes that hipdeck has for what the validator found."""
    keyword = str(problem.validator)
    if problem.instance is None:
        return ["empty"]
    if keyword == "additionalProperties":
        assert isinstance(problem.instance, dict)
        return ["unknown-key" for key in problem.instance if key not in problem.schema["properties"]]  # type: ignore[index]
    if keyword in ("maxItems", "maxProperties") or (keyword == "maxLength" and problem.path[-1] not in ("id", "was")):
        return ["limit"]
    if keyword == "minItems":
        return ["too-few" if problem.path[-1] == "choices" else "no-notes"]
    if keyword == "required" and problem.path and problem.path[0] == "notes":
        return ["missing-id"]
    if keyword == "pattern" and problem.path[-1] == "language":
        return ["bad-language"]
    return [{"required": "missing-key", "type": "wrong-type", "enum": "unknown-kind"}.get(keyword, "bad-id")]


def found(path: Path) -> Counter[str]:
    """What the validator finds in a file, as codes."""
    value = yaml.load(path.read_text(encoding="utf-8"), Core)
    problems = VALIDATORS["deck" if path.name == "deck.yaml" else "section"].iter_errors(value)
    return Counter(code for problem in problems for code in codes(problem))


@pytest.mark.parametrize("path", sorted(cases.CASES.glob("*.case")), ids=lambda path: path.stem)
def test_a_validator_agrees_with_hipdeck(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    case = cases.read(path)
    cases.write(case.files, Path("cards"))
    diagnostics = check(Path("cards"), NOW).diagnostics
    theirs: Counter[str] = Counter()
    ours: Counter[str] = Counter()
    for name in case.files:
        here = [one.code for one in diagnostics if one.place.path == f"cards/{name}"]
        if name.endswith(".yaml") and not NOT_YAML & {*here}:
            theirs += found(Path("cards", name))
            ours += Counter(code for code in here if code in OF_THE_SCHEMA)
    assert (theirs - ours, ours - theirs) == ALONE.get(path.stem, (Counter(), Counter()))


OWN = [*(ROOT / "cards").rglob("*.yaml"), *(ROOT / "hipdeck" / "starter").rglob("cards/**/*.yaml")]


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_file_that_ships_is_valid_and_names_its_schema(path: Path) -> None:
    assert found(path) == Counter()
    schema = path.read_text(encoding="utf-8").split("\n")[0].removeprefix("# yaml-language-server: $schema=")
    name = "deck.json" if path.name == "deck.yaml" else "section.json"
    # `hipdeck new` writes the folder of a new deck's schemas.
    folder = (
        SCHEMAS if path.is_relative_to(ROOT / "cards") else ROOT / "hipdeck" / "starter" / "files" / "cards" / ".schema"
    )
    assert (path.parent / schema).resolve() == folder / name

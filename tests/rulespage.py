"""The rules of good cards, printed from their docstrings: `python -m tests.rulespage` writes them to docs/rules.md."""

from __future__ import annotations

import inspect
import re

from hipdeck.rules import catalog
from hipdeck.rules.findings import Rule
from tests.conftest import ROOT

PAGE = ROOT / "docs" / "rules.md"
HEADING = "## The rules\n"
LABELS = ("Why", "Fails", "Passes", "From")


def parts(rule: Rule) -> tuple[str, dict[str, str]]:
    """A rule's docstring: its first line, and the text after each label."""
    first, _, rest = (inspect.getdoc(rule) or "").partition("\n\n")
    labelled = re.findall(r"^(\w+): (.*(?:\n .*)*)", rest, flags=re.MULTILINE)
    return first, {label: re.sub(r"\s+", " ", text) for label, text in labelled}


def rules() -> str:
    """The part of the page that's written from the docstrings."""
    blocks = [HEADING]
    for code, rule in catalog.WAIVABLE.items():
        first, labelled = parts(rule)
        lines = [f"- **{label}:** {text}" for label, text in labelled.items()]
        blocks.append(f"### `{code}`\n\n{first}\n\n" + "\n".join(lines) + "\n")
    return "\n".join(blocks)


if __name__ == "__main__":
    text = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(text[: text.index(HEADING)] + rules(), encoding="utf-8")

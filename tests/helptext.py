"""The help of every command as docs/commands.md shows it; `python -m tests.helptext` writes it there."""

from __future__ import annotations

import re

from click.testing import CliRunner

from hipdeck.cli import COMMANDS, cli
from tests.conftest import ROOT

PAGE = ROOT / "docs" / "commands.md"
NAMES = ["", *COMMANDS]


def block(command: str) -> str:
    """A command's heading and its help, as wide as a common terminal."""
    arguments = [command] if command else []
    shown = CliRunner().invoke(cli, [*arguments, "--help"], prog_name="hipdeck", terminal_width=78).output
    return f"{f'## hipdeck {command}'.strip()}\n\n```\n{shown}```\n"


if __name__ == "__main__":
    text = PAGE.read_text(encoding="utf-8")
    blocks = "\n".join(block(command) for command in NAMES)
    PAGE.write_text(re.sub(r"## hipdeck\n.*(?=\n## (?!hipdeck))", lambda _: blocks, text, flags=re.DOTALL), "utf-8")

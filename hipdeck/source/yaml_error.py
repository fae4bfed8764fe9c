"""A syntax error as libyaml has it, and what an author is told about it."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from hipdeck.diagnostics import Place

KEY = re.compile(r"^\s*(?:- +)*(?P<key>[\w-]+)\s*:(?:\s+(?P<value>.*))?$")
ITEM = re.compile(r"^\s*- +(?P<value>\S.*)$")
BLOCK = re.compile(r"[|>][-+0-9]*\s*(#.*)?")


class Explanation(NamedTuple):
    """Where the mistake is, what's wrong there, and what to do about it."""

    place: Place
    message: str
    hint: str


class YamlError(NamedTuple):
    """A syntax error: libyaml's problem, the file's lines, and where libyaml stopped (row and column from 0).

    `last` is the last scalar event that was read whole, or None.
    """

    path: str
    lines: list[str]
    row: int
    column: int
    problem: Any
    last: Any

    @property
    def line(self) -> str:
        """The line where libyaml stopped."""
        return self.line_at(self.row)

    def line_at(self, row: int) -> str:
        """The line of a row; nothing if there's no such row."""
        return self.lines[row] if 0 <= row < len(self.lines) else ""

    def place(self, row: int, column: int, length: int = 1) -> Place:
        """The place of a row and a column, which count from 0."""
        return Place(self.path, row + 1, column + 1, length)

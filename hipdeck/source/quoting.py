"""Hints on how to put a text in quotes."""

from __future__ import annotations

import re

_CURLY = re.compile(r"[“„”«‘‚’](?P<inner>[^“„”«»‘‚]*)[”“»’‘]")
LONGEST_QUOTE = 60
"""Characters of a text that a hint repeats."""


def quote(text: str, before: str = "") -> str:
    """The hint that puts a text in quotes: straight ones, and single ones if backslashes are in it.

    `before` is what stands before the text on its line.
    """
    if curly := _CURLY.fullmatch(text.strip()):
        return f"write straight quotation marks: {before}{quoted(curly['inner'])}"
    if "\\" in text:
        return f"put the text in single quotes: {before}{quoted(text)}"
    return f'put the text in quotes: {before}"…"'


def quoted(text: str) -> str:
    """A text in the quotes that suit it; dots in its place if it's too long for a hint."""
    text = text.strip()
    is_single = "\\" in text or '"' in text
    if len(text) > LONGEST_QUOTE:
        text = "…"
    return "'" + text.replace("'", "''") + "'" if is_single else f'"{text}"'

"""Hints on how to put a text in quotes."""

from __future__ import annotations

import re

_CURLY = re.compile(r"[“„”«‘‚’](?P<inner>[^“„”«»‘‚]*)[”“»’‘]")
_CLOSING = "\"'”“’‘»«"
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


def close_quote(text: str) -> str:
    """The hint that closes a quotation mark; `text` is the rest of the line that it begins."""
    mark, inner = text[:1], text[1:].strip()
    if inner[-1:] and inner[-1] in _CLOSING and inner[-1] != mark:
        shown = quoted(inner[:-1])
        return f"the text ends with {inner[-1]}, which doesn't close it: write straight quotation marks: {shown}"
    if mark == "'" and inner and "'" not in inner:
        return f"close it at the end of the text; if it's an apostrophe, put the text in quotes: {quoted(text)}"
    return "close it at the end of the text; inside the text, write \\\" or, in single quotes, ''"

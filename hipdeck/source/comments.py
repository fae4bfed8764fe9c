"""Comments that end a text without quotes: YAML takes `#` after a space, or at the start of a line, for a comment."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from hipdeck.diagnostics import Key, Place
from hipdeck.source.characters import LINE_BREAK, line_start

_SAME_LINE = re.compile(r"[ \t]*(#[^\r\n]*)")
_LINE_BELOW = re.compile(r"[ \t]*(?:\r\n?|\n)(?P<indent>[ \t]+)(#[^\r\n]*)")

MAY_FOLLOW = re.compile(r"^( *)(- )?\S(?:[^\n]*[^\s:])? *\n\1(?(2)  ) +#", re.MULTILINE)
"""A comment line that's indented further than the key of the line above, which has a value."""


# What may stand between a text and the word before it.
_BETWEEN = re.compile(r"#[^\r\n]*|[^#\s]")
_HEADER = re.compile(r"[|>][-+0-9]*[ \t]+(#[^\r\n]*)")


class Comment(NamedTuple):
    """A `#` comment after a value without quotes, or before a value: the text ends before it, or begins after it."""

    path: tuple[Key, ...]
    place: Place
    is_before: bool = False


def find(path: str, text: str, event: Any, steps: tuple[Key, ...]) -> Comment | None:
    """The comment that ends a plain scalar of a file's text, if there is one.

    It stands on the same line, or on the next one, indented further than the text's key, as if it went on with the
    text. `steps` lead to the scalar, and `event` is PyYAML's.
    """
    end = event.end_mark
    if comment := _SAME_LINE.match(text, end.index):
        column = end.column + 1 + comment.start(1) - end.index
        return Comment(steps, Place(path, end.line + 1, column, len(comment[1].rstrip())))
    comment = _LINE_BELOW.match(text, end.index) if event.value else None
    if comment and len(comment["indent"]) > _key_column(text, event.start_mark.index):
        return Comment(steps, Place(path, end.line + 2, len(comment["indent"]) + 1, len(comment[2].rstrip())))
    return None


def find_before(path: str, text: str, event: Any, steps: tuple[Key, ...], end: int) -> Comment | None:
    """The comment between a scalar and its key or dash, or after its `|`, if there is one.

    The comment is on the line of the key, or on one that's indented further. The scalar before this one ends at `end`.
    """
    if event.style in ("|", ">"):
        header = _HEADER.match(text, event.start_mark.index)
        return _at(path, text, header.span(1), event, steps) if header else None
    sign, comment = 0, None
    for piece in _BETWEEN.finditer(text, end, event.start_mark.index):
        if piece[0][0] != "#":
            sign, comment = piece.start(), None
        else:
            comment = comment or piece
    if not comment or text[sign] not in ":-":
        return None
    before = _at(path, text, comment.span(), event, steps)
    return before if before.place.column - 1 > _key_column(text, sign) else None


def _at(path: str, text: str, span: tuple[int, int], event: Any, steps: tuple[Key, ...]) -> Comment:
    """A comment before a scalar, or on its first line. Lines are counted from the scalar, not from the top."""
    start = event.start_mark
    line = start.line + 1 - len(LINE_BREAK.findall(text, span[0], start.index))
    column = span[0] - line_start(text, span[0]) + 1
    return Comment(steps, Place(path, line, column, len(text[slice(*span)].rstrip())), True)


def _key_column(text: str, offset: int) -> int:
    """The column, from 0, of the first word on the line where a text begins."""
    line = text[line_start(text, offset) : offset + 1]
    return len(line) - len(line.lstrip(" -"))

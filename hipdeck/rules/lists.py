"""How many things an answer lists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from hipdeck.rules.words import FORMULA, plain

LONGEST_LISTS = 8
"""Entries that an answer may list in several lists, such as advantages and drawbacks."""
_FEWEST_LINES = 5
"""Line ends of an answer that may have a list of its own; in a shorter one, commas make the list."""
_LONGEST_LINE = 6
"""Words of a line that may be an entry of a list."""
_LONGEST_ENTRY = 4
"""Words between two commas that may be an entry of a list."""

_BULLET = re.compile(r"([ \t]*)(?:[-*+•–]|[0-9]+[.)])\s")
_ROW = re.compile(r"\s*\|")
_RULE = re.compile(r"\s*\|[-|:\s]+$")
"""The line below the head of a table."""
_HEADING = re.compile(r"\s*(?:\*\*|#)")
_NO_ENTRY = re.compile(rf"[;{{}}=`{FORMULA}]|\w\(")
"""A sign of code or mathematics, whose lines aren't entries."""
_CODE = re.compile(r"`[^`]*`")
_COMMA = re.compile(r"[,;]\s+(?:and\s|or\s)?")
_AND = re.compile(r"\s(?:and|or)\s")
_SENTENCE = re.compile(r"[.!?]\s|\n")
_EXAMPLES = re.compile(r"\b(?:such as|e\.g\.|etc)\b|…|\.\.\.")
"""Signs of examples, which nobody has to recall all of."""


def count_entries(answer: str) -> int:
    """How many things an answer lists: as bullets or rows, on short lines, or between commas; 0 if it isn't a list.

    Several lists, or those inside a list, count as their longest, unless they are long together.
    """
    if answer.count("\n") >= _FEWEST_LINES:
        lines = plain(answer).split("\n")
        if lengths := [*_lengths(lines)]:
            together = sum(lengths)
            return together if together > LONGEST_LISTS else max(lengths)
        lines = [line for line in lines if line.strip()]
        short = all(len(line.split()) <= _LONGEST_LINE and not _NO_ENTRY.search(line) for line in lines)
        return len(lines) if short else 0
    # The first entry may have a lead-in ("They are the …"), and there may be no comma between the last two.
    first, *others = _COMMA.split(_CODE.sub("`", plain(answer)))
    if _SENTENCE.search(first) or _EXAMPLES.search(answer):
        return 0
    others += _AND.split(others.pop()) if others else ()
    return 1 + len(others) if all(len(other.split()) <= _LONGEST_ENTRY for other in others) else 0


def _lengths(lines: list[str]) -> Iterator[int]:
    """The number of entries of each list and table among the lines of a text."""
    for kind, group in groupby(_kinds(lines), key=lambda item: item[0]):
        members = [line for _, line in group]
        if kind == "entry":
            yield len(members)
        elif kind == "row":
            yield len(members) - 1 - next((index for index, line in enumerate(members) if _RULE.match(line)), -1)


def _kinds(lines: list[str]) -> Iterator[tuple[str, str]]:
    """The lines of a text and what they are: the entry of a list, the row of a table, or what comes between these.

    Empty lines are left out, the further lines of an entry, and an entry that held only a picture.
    """
    bullets = [_BULLET.match(line) for line in lines]
    kind = ""
    for index, (line, bullet) in enumerate(zip(lines, bullets, strict=True)):
        leads = line.rstrip("*_ ").endswith(":") or bool(_HEADING.match(line))
        goes_on = kind == "entry" and not leads and (line[:1] == " " or bool(lines[index - 1]))
        if bullet and line[bullet.end() :].strip():
            below = next(filter(None, bullets[index + 1 : index + 3]), bullet)
            kind = "heading" if leads or _depth(below) > _depth(bullet) else "entry"
        elif _ROW.match(line):
            kind = "row"
        elif bullet or goes_on or not line.strip():
            continue
        else:
            kind = "text"
        yield kind, line


def _depth(bullet: re.Match[str]) -> int:
    return len(bullet[1].expandtabs(4))

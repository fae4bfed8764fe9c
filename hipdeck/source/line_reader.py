"""A file in its usual form, read line by line: what YAML reads in it, in a quarter of the time.

The usual form is mappings and lists by indentation, with values on one line: plain words, words in quotes, or a few
words in brackets or braces. Such lines can be read only one way. Any other file is left to libyaml, which is loaded
only then. `tests/source/test_line_reader.py` checks that both readers agree.
"""

from __future__ import annotations

import re
from typing import Any

from hipdeck.source.comments import MAY_FOLLOW

MOST_CHARACTERS = 250_000
"""Characters of the largest file that is read this way; such a file can't hold more events than the reader takes."""

_DEEPEST = 8  # levels of nesting; what goes further is for the reader that refuses it
_KEY = r"[A-Za-z][A-Za-z0-9_-]{0,63}"
# A text that begins with a letter or a digit. To YAML a colon before a space or at the end of the line makes a key, a
# hash after a space a comment, and spaces at the end aren't part of the text.
_PLAIN = r"[^\W_][^:#\n]*(?:(?::(?!\ |\n|\Z)|(?<!\ )\#)[^:#\n]*)*(?<!\ )"
_WORDS = r"[^\W_][\w-]*(?:(?:\ |::)[\w-]+)*"  # or a tag
_PAIR = rf'{_KEY}:\ (?:{_WORDS}|"[^"\\\n]+")'
_START = r"(\ *-\ |\ *)"  # the indentation, with the dash of a list's entry
_LINE = re.compile(
    rf"""
    {_START} ({_KEY}):\  (?: ({_PLAIN}) | "([^"\\\n]+)" | '([^'\n]+)' | \[({_WORDS}(?:,\ {_WORDS})*)\] ) \n
    | \ *(?:\#.*)? \n                  # an empty line, or a comment
    | (.+) \n                          # anything else
    """,
    re.VERBOSE,
)
_OTHER = re.compile(
    rf"""
    {_START} (?: ({_KEY}): (?:\ \{{({_PAIR}(?:,\ {_PAIR})*)\}})?   # a key of what stands below it, or between braces
    | ({_PLAIN}) | "([^"\\\n]+)" )                               # an entry of a list
    """,
    re.VERBOSE,
)
_PAIRS = re.compile(rf"({_KEY}):\ (?:({_WORDS})|\"([^\"\\\n]+)\")", re.VERBOSE)


def read(text: str) -> dict[str, Any] | None:
    """The value of a file, or None where it is not in the usual form."""
    if _is_unusual(text):
        return None
    top: dict[str, Any] = {}
    inside: list[tuple[int, Any]] = [(0, top)]  # the mappings and lists around a line, each with its column
    mapping, indent, waiting = top, "", ""
    for start, key, plain, double, single, entries, other in _LINE.findall(f"{text}\n"):
        if key:
            value = plain or double or single or entries.split(", ")
        elif other:
            match = _OTHER.fullmatch(other)
            if not match:
                return None
            start, key, pairs, plain, double = match.groups("")
            value = plain or double or _mapping(pairs)
            if value is None:
                return None
        else:
            continue
        if start != indent or waiting or not key:
            holder = _holder(inside, start, mapping, waiting)
            waiting = ""
            if type(holder) is list:
                if not key:
                    holder.append(value)
                    indent = "-"  # that of no line
                    continue
                entry: dict[str, Any] = {}
                holder.append(entry)
                inside.append((len(start), entry))
                holder = entry
            if holder is None or not key:
                return None
            mapping, indent = holder, " " * len(start)
        if key in mapping:
            return None
        mapping[key] = value
        waiting = "" if value else key
    return top if top and not waiting else None


def _is_unusual(text: str) -> bool:
    """Whether something in a file may mean more than its lines do one by one."""
    # A tab can stand for a space in some places, and a carriage return for a line break.
    if "\t" in text or "\r" in text or len(text) > MOST_CHARACTERS:
        return True
    # A comment may be meant to go on with the text above it.
    return " #" in text and bool(MAY_FOLLOW.search(text))


def _holder(inside: list[tuple[int, Any]], start: str, mapping: dict[str, Any], waiting: str) -> Any:
    """The mapping or list that a line goes on with, by its indentation; None where it goes on with none.

    `waiting` is the key whose value begins on this line, or nothing.
    """
    is_entry = start[-2:] == "- "
    column = len(start) - 2 if is_entry else len(start)
    if waiting:
        # The entries of a list may stand right below its key; a mapping must stand further in.
        if column < inside[-1][0] + (not is_entry) or len(inside) > _DEEPEST:
            return None
        mapping[waiting] = [] if is_entry else {}
        inside.append((column, mapping[waiting]))
    else:
        while inside[-1][0] > column or (inside[-1][0] == column and type(inside[-1][1]) is list and not is_entry):
            inside.pop()
    at, holder = inside[-1]
    return holder if at == column and (type(holder) is list) == is_entry else None


def _mapping(text: str) -> dict[str, str] | None:
    """What stands between braces; None where a key is there twice."""
    pairs = _PAIRS.findall(text)
    mapping = {key: plain or quoted for key, plain, quoted in pairs}
    return mapping if len(mapping) == len(pairs) else None

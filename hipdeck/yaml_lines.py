"""A section file in its usual form, read line by line: what YAML reads in it, in a quarter of the time.

Usual are a key and its value on each line, and for a value plain words, words in quotes or a list of words in brackets.
What such a line means depends on no other, so that there is nothing to be read in two ways. Of any other file nothing
is said here; libyaml reads it. `tests/test_shortcuts.py` holds the two readings together.
"""

from __future__ import annotations

import re
from typing import Any

from hipdeck.yaml_events import MOST_EVENTS

# A text that begins with a letter or a digit. To YAML a colon before a space or at the end of the line makes a key, a
# hash behind a space a comment, and spaces at the end are none of the text.
_PLAIN = r"[^\W_][^:#\n]*(?:(?::(?![\ \n])|(?<!\ )\#)[^:#\n]*)*(?<!\ )"
# What stands in a list: words that begin with a letter, and tags.
_WORDS = r"[A-Za-z][\w-]*(?:(?:\ |::)[A-Za-z][\w-]*)*"
_LINE = re.compile(
    rf"""
    (\ *-\ |\ *) ([A-Za-z]{{1,64}}) :\    # the indentation, with a note's dash, and the key
    (?: ({_PLAIN}) | "([^"\\\n]+)" | '([^'\n]+)' | \[ ({_WORDS} (?:,\ {_WORDS})*) \] ) \n
    | \ * (?:\#.*)? \n                    # an empty line, or a comment
    | (.+) \n                             # anything else
    """,
    re.VERBOSE,
)


def read(text: str) -> dict[str, Any] | None:
    """The value of a section file, or None where it is not in the usual form."""
    # A tab can stand for a space in some places, and a carriage return for a line break; and what may hold more than is
    # read of one file is for the reader that counts.
    if "\t" in text or "\r" in text or len(text) > MOST_EVENTS:
        return None
    section: dict[str, Any] = {}
    notes: list[dict[str, Any]] = []
    entry, indent, dash = section, "", ""
    for start, key, plain, double, single, words, other in _LINE.findall(f"{text}\n"):
        if key:
            if start != indent:
                # Only a note can begin here, and behind the first all dashes stand in one column.
                if "notes" not in section or start[-2:] != "- " or (notes and start != dash):
                    return None
                dash, indent, entry = start, " " * len(start), {}
                notes.append(entry)
            if key in entry:
                return None
            entry[key] = plain or double or single or words.split(", ")
        elif other:
            if other != "notes:" or "notes" in section:
                return None
            section["notes"], indent = notes, "-"
    return section if notes else None

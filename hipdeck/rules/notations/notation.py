"""A notation that isn't hipdeck's."""

from __future__ import annotations

import re
from typing import NamedTuple

SHOW_IT = "; to show the sign itself, put it in `code`"
"""The end of a hint: what to do if the notation is what the card is about."""


class Notation(NamedTuple):
    """A stretch of a text that isn't hipdeck's notation: what is wrong, and what to write instead."""

    needle: str
    message: str
    hint: str


def shown(text: str, match: re.Match[str]) -> str:
    """What matches, as far as a message can show it: the beginning of its first line."""
    stretch = text[match.start() : match.end()].strip()
    return stretch.split("\n")[0][:40]

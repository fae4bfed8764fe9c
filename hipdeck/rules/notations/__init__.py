"""Notations of other tools, which a card shows as they were typed, and what to write instead.

Loaded only if a deck has a text with a sign that may mean something elsewhere. Code and escaped signs are left alone:
there, the author wants the sign itself.
"""

from __future__ import annotations

from collections.abc import Iterator

from hipdeck.render.masks import without_code
from hipdeck.rules.notations import signs, tags, tex
from hipdeck.rules.notations.notation import Notation


def find(text: str) -> Iterator[Notation]:
    """The notations of other tools in a text, the first of each kind."""
    masked = without_code(text)
    mathematics, masked = tex.find_delimited(text, masked)
    yield from mathematics
    yield from signs.find(text, masked)
    yield from tags.find(text, masked)
    yield from tex.find(text, masked)

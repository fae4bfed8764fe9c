"""What a rule of good cards says about a note.

A finding is a warning that the note may waive: `allow: {code: reason}`. The rule's code is not here: `checks.WAIVABLE`
is the one place that gives each rule its code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from hipdeck.deck.notes import Deck, Note
from hipdeck.diagnostics import Place


class Finding(NamedTuple):
    """A note that a rule has something to say about, where in its file, what is wrong, and what to do."""

    note: Note
    place: Place
    message: str
    hint: str


Rule = Callable[[Deck], Iterable[Finding]]
"""A rule of good cards. Its docstring is its manual, and becomes its part of docs/rules.md."""

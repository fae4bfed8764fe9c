"""PyYAML's parse events, from the C parser: the only part of PyYAML that hipdeck uses."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from itertools import islice
from typing import Any

import yaml
from yaml import MarkedYAMLError
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from hipdeck.diagnostics import HipdeckError
from hipdeck.source.characters import UNPRINTABLE

__all__ = [
    "AliasEvent",
    "DocumentStartEvent",
    "MappingEndEvent",
    "MappingStartEvent",
    "MarkedYAMLError",
    "NodeEvent",
    "ScalarEvent",
    "SequenceEndEvent",
    "SequenceStartEvent",
    "StreamEndEvent",
    "events",
]

CParser: Any = getattr(yaml, "cyaml", None) and yaml.cyaml.CParser  # type: ignore[attr-defined]

UNPRINTABLE_ESCAPE = re.compile(f"\r|{UNPRINTABLE.pattern}")
"""What no escape may write. Of line breaks Anki and Markdown do not agree on this one."""
DEEPEST = 16
"""Levels of nesting that are read; a card file needs five."""
MOST_EVENTS = 250_000
"""Keys, values and ends of lists that are read of one file: some 20,000 notes."""


def events(text: str) -> Callable[[], Any]:
    """A function that gives the next event of a file.

    It raises StopIteration where there are more than `MOST_EVENTS`, and MarkedYAMLError where the file is not YAML.
    """
    if CParser is None:
        raise HipdeckError("this PyYAML was built without libyaml", "install its wheel: pip install PyYAML")
    next_event: Callable[[], Any] = CParser(text).get_event
    # Counting costs a tenth of the reading, and a text hardly holds more events than characters.
    return partial(next, islice(iter(next_event, None), MOST_EVENTS)) if len(text) > MOST_EVENTS else next_event

"""The values of a YAML file of which there is nothing to say: far quicker than reading it with its places."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

from hipdeck.source.events import (
    DEEPEST,
    UNPRINTABLE_ESCAPE,
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
    events,
)


class UnusualError(Exception):
    """A file holds something that is refused, or may be."""


def plain(text: str) -> Any:
    """The value of a file; raises UnusualError where there may be something to say of it.

    Raises what `events` does as well.
    """
    # The start of a comment that may stand behind a value.
    if " #" in text or "\t#" in text:
        raise UnusualError
    next_event = events(text)
    next_event()  # the stream's start
    if type(next_event()) is not DocumentStartEvent:
        raise UnusualError
    value = _plain_value(next_event(), next_event, 0)
    next_event()  # the document's end
    if type(next_event()) is not StreamEndEvent:
        raise UnusualError
    return value


def _plain_value(event: Any, next_event: Callable[[], Any], depth: int) -> Any:
    kind = type(event)
    if kind is AliasEvent or event.anchor or event.tag or depth > DEEPEST:
        raise UnusualError
    if kind is ScalarEvent:
        if event.style == '"' and UNPRINTABLE_ESCAPE.search(event.value):
            raise UnusualError
        return event.value
    if kind is SequenceStartEvent:
        values: list[Any] = []
        while type(inner := next_event()) is not SequenceEndEvent:
            values.append(_plain_value(inner, next_event, depth + 1))
        if event.flow_style and any(_doubtful(*pair) for pair in pairwise(values)):
            raise UnusualError
        return values
    pairs: dict[str, Any] = {}
    while type(key := next_event()) is ScalarEvent:
        name = key.value
        if name in pairs or name == "<<" or key.anchor or key.tag:
            raise UnusualError
        pairs[name] = _plain_value(next_event(), next_event, depth + 1)
    if type(key) is not MappingEndEvent:
        raise UnusualError
    return pairs


def _doubtful(before: Any, behind: Any) -> bool:
    """Whether two entries of a list may be one number that YAML split at its comma."""
    return str(before)[-1:].isdigit() and str(behind)[:1].isdigit()

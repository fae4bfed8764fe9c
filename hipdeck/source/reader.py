"""YAML to values with places: one pass over the events of PyYAML's C parser.

Every scalar is the text that was typed: `no` stays `no` and `1.10` stays `1.10`. The YAML that a card needs is small.
The rest of the language (anchors, aliases, tags, merge keys, several documents) is refused: each of its signs is far
more often a text that needs quotes.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable
from functools import partial
from itertools import islice
from typing import Any, NamedTuple

import yaml
from yaml import MarkedYAMLError
from yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from hipdeck.diagnostics import Diagnostic, HipdeckError, Key, Place, error
from hipdeck.source import comments
from hipdeck.source.characters import LINE_BREAK
from hipdeck.source.refusals import EnoughError, Refusals
from hipdeck.source.spans import inner_indexes
from hipdeck.source.syntax import explain

DEEPEST = 16
"""Levels of nesting that are read; a card file needs five."""
MOST_EVENTS = 250_000
"""Keys, values and ends of lists that are read from one file: some 20,000 notes."""

_CParser: Any = getattr(yaml, "cyaml", None) and yaml.cyaml.CParser  # type: ignore[attr-defined]


class Reading(NamedTuple):
    """What one pass over a file gives.

    `value` is None if the file can't be read to its end. Values that are refused are in it as empty texts, and
    `refused` holds the keys and indexes that lead to them. `spans` has two offsets for each node (see `spans`).
    `unbraced` holds the mappings of one pair in a flow list without braces, as in `[key: text]`, and the offset where
    each ends.
    """

    value: Any
    spans: array[int]
    comments: list[comments.Comment]
    refused: set[tuple[Key, ...]]
    unbraced: dict[tuple[Key, ...], int]
    problems: list[Diagnostic]


def read(path: str, text: str) -> Reading:
    """Read a file's text; every error in how it's written is in `problems`."""
    reader = _Reader(path, text)
    value, problems = None, reader.refusals.problems
    try:
        value = reader.read_document()
    except EnoughError:
        pass
    except MarkedYAMLError as problem:
        # The only problem that's named: anything else may be a consequence of it.
        place, message, hint = explain(problem, path, LINE_BREAK.split(text), reader.last)
        problems = [error("yaml", place, message, hint)]
    return Reading(value, reader.spans, reader.comments, reader.refusals.refused, reader.unbraced, problems)


def _events(text: str) -> Callable[[], Any]:
    """A function that returns the next event of a file.

    It raises StopIteration if there are more than `MOST_EVENTS`, and MarkedYAMLError if the file isn't YAML.
    """
    if _CParser is None:
        raise HipdeckError("this PyYAML was built without libyaml", "install its wheel: pip install PyYAML")
    next_event: Callable[[], Any] = _CParser(text).get_event
    # Counting costs a tenth of the reading, and a text hardly holds more events than characters.
    return partial(next, islice(iter(next_event, None), MOST_EVENTS)) if len(text) > MOST_EVENTS else next_event


class _Reader:
    """The pass over the events; `steps` are the keys and indexes that lead to the node being read."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        self.spans: array[int] = array("I")
        self.comments: list[comments.Comment] = []
        self.unbraced: dict[tuple[Key, ...], int] = {}
        self.steps: list[Key] = []
        self.refusals = Refusals(path, text, self.steps)
        self.last: Any = None
        self.next_event = _events(text)
        self.may_hold_comments = "#" in text

    def read_document(self) -> Any:
        try:
            return self._read_document()
        except StopIteration:
            line = self.last.start_mark.line + 1 if self.last else 1
            self.refusals.refuse_rest(line)
        except MarkedYAMLError as problem:
            # libyaml 0.2.6 and later scan ahead and stop at a depth of their own, before the last event is handed out.
            if "nesting depth" not in (problem.problem or ""):
                raise
            self.refusals.refuse_nesting(problem.problem_mark)

    def _read_document(self) -> Any:
        value = None
        self.refusals.refuse_directives()
        self.next_event()
        while type(event := self.next_event()) is not StreamEndEvent:
            if type(event) is DocumentStartEvent:
                if value is not None:
                    hint = "move its notes into the first document, or into a file of their own"
                    self.refusals.refuse(event, "a second YAML document starts here ('---')", hint)
                    break
                value = self._node(self.next_event())
            elif type(event) is DocumentEndEvent:
                self.refusals.refuse_directives(event.end_mark)
        if value is None:
            hint = "write a card, or delete the file"
            self.refusals.report(error("empty-file", Place(self.path), "this file is empty", hint))
        return value

    def _node(self, event: Any) -> Any:
        kind = type(event)
        if kind is ScalarEvent:
            return self._scalar(event)
        if kind is AliasEvent:
            self.refusals.refuse_alias(event)
            return self._nothing(event)
        if event.tag or event.anchor:
            self.refusals.refuse_properties(event)
        if len(self.steps) > DEEPEST:
            self.refusals.refuse_nesting(event.start_mark)
        return self._mapping(event) if kind is MappingStartEvent else self._sequence(event)

    def _scalar(self, event: Any) -> str:
        start, end, text = event.start_mark, event.end_mark, event.value
        before, self.last = self.last, event
        self.spans.extend((start.index, end.index))
        if event.tag or event.anchor:
            self.refusals.refuse_properties(event)
        if self.may_hold_comments:
            self._find_comments(event, before)
        escapes = event.style == '"' and "\\" in self.text[start.index : end.index]
        if escapes or (start.line != end.line and event.style != "|"):
            self.refusals.check_scalar(event)
        return str(text)

    def _find_comments(self, event: Any, before: Any) -> None:
        """Note the comments before and after a scalar; `before` is the scalar before it."""
        steps, end = tuple(self.steps), before.end_mark.index if before else 0
        if event.value and (comment := comments.find_before(self.path, self.text, event, steps, end)):
            self.comments.append(comment)
        elif not event.style and (comment := comments.find(self.path, self.text, event, steps)):
            self.comments.append(comment)
            if not event.value:
                self.refusals.refused.add(comment.path)

    def _sequence(self, event: Any) -> list[Any]:
        in_flow = event.flow_style
        self._nothing(event)
        values: list[Any] = []
        while isinstance(event := self.next_event(), NodeEvent):
            self.steps.append(len(values))
            values.append(self._node(event))
            self.steps.pop()
            if in_flow and isinstance(event, ScalarEvent) and not event.style:
                self.refusals.check_comma(event)
        return values

    def _mapping(self, event: Any) -> Any:
        opening = event
        first = len(self.spans)
        self._nothing(event)
        values: dict[str, Any] = {}
        is_cloze = False
        while isinstance(event := self.next_event(), NodeEvent):
            before = len(self.spans)
            # YAML reads {{c1::bone}} as a mapping within a mapping.
            is_cloze = is_cloze or (type(event) is not ScalarEvent and self._starts("{{", opening))
            key = self._key(event, is_cloze)
            self.steps.append(key)
            inner = self.next_event()
            # The merge key has said what to do.
            value = self._nothing(inner) if key == "<<" and type(inner) is AliasEvent else self._node(inner)
            self.steps.pop()
            if key not in values:
                values[key] = value
            else:
                if not is_cloze:
                    offset = self.spans[2 * inner_indexes(values, first // 2)[list(values).index(key)]]
                    self.refusals.refuse_second(event.start_mark, key, offset)
                del self.spans[before:]
        if is_cloze:
            del self.spans[first:]
            self.refusals.refuse_cloze(opening, event)
            return self._nothing(opening)
        if opening.flow_style and not self._starts("{", opening):
            self.unbraced[tuple(self.steps)] = event.end_mark.index
        return values

    def _starts(self, sign: str, event: Any) -> bool:
        return self.text.startswith(sign, event.start_mark.index)

    def _key(self, event: Any, is_cloze: bool) -> str:
        if not isinstance(event, ScalarEvent):
            if not is_cloze:
                self.refusals.refuse(event, "a key must be a word", "write 'key: text'")
            self._nothing(event)
            self._skip(event)
            return ""
        if event.tag or event.anchor:
            self.refusals.refuse_properties(event)
        self.last = event
        start: Any = event.start_mark
        end: Any = event.end_mark
        self.spans.extend((start.index, end.index))
        if event.value == "<<":
            self.refusals.refuse(event, "'<<' is a YAML merge key", "write the keys out in each note")
        return str(event.value)

    def _nothing(self, event: Any) -> str:
        """The span of a node that has no text of its own."""
        self.spans.extend((event.start_mark.index, event.start_mark.index))
        return ""

    def _skip(self, event: Any) -> None:
        """Read past a node that is refused."""
        depth = 1 if isinstance(event, (MappingStartEvent, SequenceStartEvent)) else 0
        while depth:
            event = self.next_event()
            if isinstance(event, (MappingStartEvent, SequenceStartEvent)):
                depth += 1
                if depth > DEEPEST:
                    self.refusals.refuse_nesting(event.start_mark)
            elif not isinstance(event, NodeEvent):
                depth -= 1

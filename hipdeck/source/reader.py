"""A YAML file's values with the place of each, and everything that is said of how it is written."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple, NoReturn

from hipdeck.diagnostics import MOST_MISTAKES, Diagnostic, Key, Place, error
from hipdeck.source.characters import unprintable
from hipdeck.source.events import (
    DEEPEST,
    UNPRINTABLE_ESCAPE,
    AliasEvent,
    DocumentStartEvent,
    MappingStartEvent,
    MarkedYAMLError,
    NodeEvent,
    ScalarEvent,
    SequenceStartEvent,
    StreamEndEvent,
    events,
)

QUOTES = "put the text in quotes"
_COMMENT = re.compile(r"[ \t]*(#[^\r\n]*)")


class Comment(NamedTuple):
    """A `#` comment behind a value that stands without quotes: the text ends before it."""

    path: tuple[Key, ...]
    place: Place


class Extent(NamedTuple):
    """Where a text begins and ends in its file, in characters, and its length on its first line."""

    start: int
    end: int
    length: int


class EnoughError(Exception):
    """A file is not worth reading any further; what was said of it last says why."""


def too_many(text: str, place: Place) -> Diagnostic:
    """The error that says that more mistakes than can be named begin at a place of a file's text."""
    message = f"this file has more than {MOST_MISTAKES} mistakes; not all in {_rest(text, place.line)} are named"
    return error("too-many", place, message, "mend the first ones; others may follow from them")


def _rest(text: str, line: int) -> str:
    left = len(text.splitlines()) + 1 - line
    return f"the {left:,} lines from here on" if left > 1 else "what is left of this line"


class Reader:
    """Parse events to values.

    Places are kept beside the values as (line, column, inner), counted from 0: inner is the extent of a scalar, the
    list of a sequence's places, or a mapping's {key: ((line, column), places of its value)}.
    """

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        self.root: tuple[Any, Any] | None = None
        self.comments: list[Comment] = []
        self.problems: list[Diagnostic] = []
        self.refused: set[tuple[Key, ...]] = set()
        self.unbraced: dict[tuple[Key, ...], Place] = {}
        self.last: Any = None

    def read(self) -> None:
        """Read the file. Raises EnoughError where it is not read to its end, and MarkedYAMLError."""
        next_event = events(self.text)
        try:
            self._read(next_event)
        except StopIteration:
            line = self.last.start_mark.line + 1 if self.last else 1
            message = f"this file holds too much; hipdeck has not read {_rest(self.text, line)}"
            hint = "split it into several section files; some 20,000 notes are read of one"
            self._report(error("too-large", Place(self.path, line), message, hint))
            raise EnoughError from None
        except MarkedYAMLError as problem:
            # libyaml 0.2.6 and later scan ahead and stop at a depth of their own, before the last event is handed out.
            if "nesting depth" not in (problem.problem or ""):
                raise
            self._refuse_nesting(problem.problem_mark)

    def _read(self, next_event: Callable[[], Any]) -> None:
        next_event()
        while type(event := next_event()) is not StreamEndEvent:
            if type(event) is DocumentStartEvent:
                if self.root is not None:
                    hint = "put its notes into this one, or into a file of their own"
                    self._refuse(event, (), "a second YAML document starts here ('---')", hint)
                    return
                self.root = self._node(next_event, next_event(), ())

    def _node(self, next_event: Callable[[], Any], event: Any, path: tuple[Key, ...]) -> tuple[Any, Any]:
        kind = type(event)
        if kind is ScalarEvent:
            return self._scalar(event, path)
        if kind is AliasEvent:
            self._refuse(event, path, f"'*{event.anchor}' is a YAML alias, not text", QUOTES)
            return "", (event.start_mark.line, event.start_mark.column, None)
        if event.tag or event.anchor:
            self._refuse_properties(event, path)
        if len(path) > DEEPEST:
            self._refuse_nesting(event.start_mark)
        if kind is MappingStartEvent:
            return self._mapping(next_event, event, path)
        return self._sequence(next_event, event, path)

    def _scalar(self, event: Any, path: tuple[Key, ...]) -> tuple[str, Any]:
        start, end, text = event.start_mark, event.end_mark, event.value
        self.last = event
        if event.tag or event.anchor:
            self._refuse_properties(event, path)
        if not event.style:
            if text and (comment := _COMMENT.match(self.text, end.index)):
                column = end.column + 1 + comment.start(1) - end.index
                self.comments.append(Comment(path, Place(self.path, end.line + 1, column, len(comment[1].rstrip()))))
        elif event.style == '"' and (found := UNPRINTABLE_ESCAPE.search(text)):
            message = unprintable(found[0])
            self._refuse(event, path, message, "delete the escape for it", "control-character")
        length = end.column - start.column if end.line == start.line else 1
        return text, (start.line, start.column, Extent(start.index, end.index, length))

    def _sequence(self, next_event: Callable[[], Any], event: Any, path: tuple[Key, ...]) -> tuple[list[Any], Any]:
        start, in_flow = event.start_mark, event.flow_style
        values: list[Any] = []
        places: list[Any] = []
        while True:
            event = next_event()
            if not isinstance(event, NodeEvent):
                return values, (start.line, start.column, places)
            value, place = self._node(next_event, event, (*path, len(values)))
            values.append(value)
            places.append(place)
            if in_flow and type(event) is ScalarEvent and not event.style:
                self._check_number(event, path)

    def _mapping(self, next_event: Callable[[], Any], event: Any, path: tuple[Key, ...]) -> tuple[Any, Any]:
        start, in_flow = event.start_mark, event.flow_style
        values: dict[str, Any] = {}
        places: dict[str, Any] = {}
        cloze = False
        while True:
            event = next_event()
            if not isinstance(event, NodeEvent):
                break
            mark: Any = event.start_mark
            if type(event) is ScalarEvent:
                if event.tag or event.anchor:
                    self._refuse_properties(event, path)
                key = event.value
                self.last = event
            else:
                cloze = cloze or self.text.startswith("{{", start.index)
                if not cloze:
                    self._refuse(event, path, "a key must be a word", "write 'key: text'")
                self._skip(next_event, event)
                key = ""
            if key == "<<":
                self._refuse(event, path, "'<<' is a YAML merge key", "write the keys out in each note")
            value, place = self._node(next_event, next_event(), (*path, key))
            if key in values and not cloze:
                first = places[key][0][0] + 1
                message = f"the key '{key}' stands twice here; the first is on line {first}"
                hint = "delete one of the two; where a second note starts here, put '- ' before its first key"
                place = Place(self.path, mark.line + 1, mark.column + 1, len(key))
                self._report(error("duplicate-key", place, message, hint))
            else:
                values[key] = value
                places[key] = ((mark.line, mark.column), place)
        if cloze:
            # YAML reads {{c1::bone}} as a mapping within a mapping; to a card it is the text it looks like.
            message = "a text that starts with '{{' needs quotes"
            place = Place(self.path, start.line + 1, start.column + 1, event.end_mark.index - start.index)
            self._report(error("yaml", place, message, 'put the text in quotes: "{{c1::…}} …"'))
            self.refused.add(path)
            return "", (start.line, start.column, None)
        if in_flow and self.text[start.index] != "{":
            self.unbraced[path] = Place(self.path, event.end_mark.line + 1, event.end_mark.column + 1)
        return values, (start.line, start.column, places)

    def _skip(self, next_event: Callable[[], Any], event: Any) -> tuple[str, Any]:
        """Read past a node that is refused."""
        mark = event.start_mark
        depth = 1 if isinstance(event, (MappingStartEvent, SequenceStartEvent)) else 0
        while depth:
            event = next_event()
            if isinstance(event, (MappingStartEvent, SequenceStartEvent)):
                depth += 1
                if depth > DEEPEST:
                    self._refuse_nesting(event.start_mark)
            elif not isinstance(event, NodeEvent):
                depth -= 1
        return "", (mark.line, mark.column, None)

    def _check_number(self, event: Any, path: tuple[Key, ...]) -> None:
        """`[1,000 steps, 2]` is three entries in YAML, and the author meant two."""
        end = event.end_mark.index
        if event.value[-1:].isdigit() and self.text[end : end + 1] == "," and self.text[end + 1 : end + 2].isdigit():
            message = "YAML splits the list at this comma"
            hint = "put an entry with a comma in quotes, or a space behind a comma that is meant to split"
            place = Place(self.path, event.end_mark.line + 1, event.end_mark.column + 1)
            self._report(error("comma-in-number", place, message, hint))
            self.refused.add(path)

    def _report(self, problem: Diagnostic) -> None:
        if len(self.problems) == MOST_MISTAKES:
            self.problems.append(too_many(self.text, problem.place))
            raise EnoughError
        self.problems.append(problem)

    def _refuse_nesting(self, mark: Any) -> NoReturn:
        """Refuse the rest of the file too: libyaml takes ever longer for each level."""
        place = Place(self.path, mark.line + 1, mark.column + 1)
        self._report(error("nesting", place, "this is nested too deep for a card file", "write one text"))
        raise EnoughError from None

    def _refuse_properties(self, event: Any, path: tuple[Key, ...]) -> None:
        if event.anchor:
            self._refuse(event, path, f"'&{event.anchor}' is a YAML anchor, not text", QUOTES)
        else:
            self._refuse(event, path, "a text that starts with '!' is a YAML tag, not text", QUOTES)

    def _refuse(self, event: Any, path: tuple[Key, ...], message: str, hint: str, code: str = "yaml-feature") -> None:
        mark = event.start_mark
        self._report(error(code, Place(self.path, mark.line + 1, mark.column + 1), message, hint))
        if path:
            self.refused.add(path)

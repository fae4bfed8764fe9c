"""Text to located values: a YAML file as dicts, lists and strings, with the place of every key and value.

Every scalar is the text that was typed: `no` stays `no` and `1.10` stays `1.10`. The YAML that a card needs is small,
and the rest of the language (anchors, aliases, tags, merge keys, several documents) is refused, since each of its signs
is far more often a text that wanted quotes.

Two readers do this. `_plain` takes the values alone, and gives up on a file in which anything could be said. `_Reader`
knows places and says it; it reads such files, and others again when one of their places is asked for.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable
from functools import cached_property, partial
from itertools import islice, pairwise
from pathlib import Path
from typing import Any, NamedTuple

import yaml
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

from hipdeck.diagnostics import Diagnostic, HipdeckError, Place, error

CParser: Any = getattr(yaml, "cyaml", None) and yaml.cyaml.CParser  # type: ignore[attr-defined]

Key = str | int

DEEPEST = 16
"""Levels of nesting that are read; a card file needs five."""
MOST_EVENTS = 250_000
"""Keys, values and ends of lists that are read of one file: some 20,000 notes."""
MOST_MISTAKES = 200
"""Mistakes of one file that are named; nobody reads more, and a file that is none at all could have a million."""

QUOTES = "put the text in quotes"

# Control characters, what YAML 1.1 takes for a line break but no editor does, and what Unicode calls no character:
# Anki drops or misreads some, and the renderer marks its places with the last (U+FDD0 to U+FDEF).
UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff]"
)


# A line break that was written as an escape reaches the card, and Anki and Markdown do not agree on this one.
_UNPRINTABLE_ESCAPE = re.compile(f"\r|{UNPRINTABLE.pattern}")

LINE_BREAK = re.compile("\r\n?|\n")
"""What ends a line; no more than this passes UNPRINTABLE, so that YAML, an editor and hipdeck count alike."""
_COMMENT = re.compile(r"[ \t]*(#[^\r\n]*)")
_PRINTABLE = bytes(range(0x20, 0x7F)) + b"\t\n\r"


class Comment(NamedTuple):
    """A `#` comment behind a value that stands without quotes: the text ends before it."""

    path: tuple[Key, ...]
    place: Place


class _Extent(NamedTuple):
    """Where a text begins and ends in its file, in characters, and its length on its first line."""

    start: int
    end: int
    length: int


class Document:
    """A YAML file's value, and where each part of it stands; `reader` knows the places where one has read them."""

    def __init__(self, path: str, data: bytes, value: Any, reader: _Reader | None = None) -> None:
        self.path = path
        self.comments: list[Comment] = []
        self.refused: set[tuple[Key, ...]] = set()
        """The keys and indexes that lead to values that were refused: what is said of them elsewhere is no news."""
        self._data: bytes | None = data
        self._value = value
        self._hash = 0
        if reader:
            self._reader = reader

    @property
    def value(self) -> Any:
        """The file's value: dicts, lists and texts."""
        return self._reader.root[0] if self._value is None and self._reader.root else self._value

    @property
    def unbraced(self) -> dict[tuple[Key, ...], Place]:
        """Mappings of one pair that stand in a flow list without braces, as in `[key: text]`, and where each ends."""
        return self._reader.unbraced

    def let_go(self) -> None:
        """Keep nothing of the file in memory; it is read again where something is asked of it."""
        self._hash = hash(self._data)
        self._data = self._value = None
        self.__dict__.pop("_reader", None)

    @cached_property
    def _reader(self) -> _Reader:
        """What knows the places, reading the file again: a large deck has far more than anything is ever said of."""
        reader = _Reader(self.path, decode(self.path, self._again())[0] or "")
        reader.read()
        return reader

    @property
    def _places(self) -> Any:
        return self._reader.root[1] if self._reader.root else (0, 0, 1)

    def _again(self) -> bytes:
        if self._data is not None:
            return self._data
        with contextlib.suppress(OSError):
            data = Path(self.path).read_bytes()
            if hash(data) == self._hash:
                return data
        raise HipdeckError(f"{self.path} has changed while it was read", "run the command again")

    def _under(self, path: tuple[Key, ...]) -> Any:
        """What is known of the value under these keys and indexes, or of the nearest value around it."""
        places = self._places
        for step in path:
            if type(places[2]) is dict and step in places[2]:
                places = places[2][step][1]
            elif type(places[2]) is list and isinstance(step, int) and step < len(places[2]):
                places = places[2][step]
            else:
                break
        return places

    def at(self, *path: Key) -> Place:
        """The place of the value under these keys and indexes, or of the nearest value around it."""
        line, column, inner = self._under(path)
        return Place(self.path, line + 1, column + 1, inner.length if type(inner) is _Extent else 1)

    def find(self, needle: str, *path: Key) -> Place:
        """The first place of a part of the text under these keys; the text's own where it does not hold it so."""
        start = self.at(*path)
        extent = self._under(path)[2]
        text = self._reader.text
        found = text.find(needle, extent.start, extent.end) if type(extent) is _Extent else -1
        if found < 0:
            return start
        breaks = list(LINE_BREAK.finditer(text, extent.start, found))
        column = found - breaks[-1].end() + 1 if breaks else start.column + found - extent.start
        return Place(self.path, start.line + len(breaks), column, len(needle))

    def too_many(self, place: Place) -> Diagnostic:
        """The error that says that more mistakes than can be named begin at a place."""
        return _too_many(self._reader.text, place)

    def key_at(self, *path: Key) -> Place:
        """The place of a key: of the last step, in the mapping that the steps before it lead to."""
        places = self._places
        for step in path[:-1]:
            places = places[2][step][1] if type(places[2]) is dict else places[2][step]
        line, column = places[2][path[-1]][0]
        return Place(self.path, line + 1, column + 1, len(str(path[-1])))


def decode(path: str, data: bytes) -> tuple[str | None, list[Diagnostic]]:
    """A file's bytes as text, without a byte order mark; one error where they are not UTF-8."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        before = data[: problem.start].decode("utf-8", "replace")
        name = "UTF-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "not UTF-8"
        place = Place(path, before.count("\n") + 1, len(before) - before.rfind("\n"))
        return None, [error("encoding", place, f"this file is {name}", "save it as UTF-8 in your editor")]
    # Most files are ASCII, of which a table tells the same in a tenth of the time.
    plain = data.isascii() and not data.translate(None, _PRINTABLE)
    found = None if plain else UNPRINTABLE.search(text)
    if found:
        start = found.start()
        place = Place(path, text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start))
        hint = "delete it; most come along when text is pasted"
        return None, [error("control-character", place, _unprintable(found[0]), hint)]
    return text, []


def parse(path: str, data: bytes) -> tuple[Document | None, list[Diagnostic]]:
    """A YAML file's bytes as a located value.

    Returns the document and every error found in it; refused values are in the document as empty texts. There is no
    document where the file is not YAML, and then the first syntax error is the only one: what follows it in the file
    cannot be told apart from its consequences.
    """
    text, problems = decode(path, data)
    if text is None:
        return None, problems
    with contextlib.suppress(_UnusualError, StopIteration, yaml.MarkedYAMLError):
        return Document(path, data, _plain(text)), []
    reader = _Reader(path, text)
    try:
        reader.read()
    except yaml.MarkedYAMLError as problem:
        from hipdeck.yaml_errors import explain

        place, message, hint = explain(problem, path, LINE_BREAK.split(text), reader.last)
        return None, [error("yaml", place, message, hint)]
    except _EnoughError:
        return None, reader.problems
    if reader.root is None:
        return None, [error("empty-file", Place(path), "this file is empty", "write a card, or delete the file")]
    document = Document(path, data, reader.root[0], reader)
    document.comments, document.refused = reader.comments, reader.refused
    return document, reader.problems


def _too_many(text: str, place: Place) -> Diagnostic:
    message = f"this file has more than {MOST_MISTAKES} mistakes; not all in {_rest(text, place.line)} are named"
    return error("too-many", place, message, "mend the first ones; others may follow from them")


def _rest(text: str, line: int) -> str:
    left = len(text.splitlines()) + 1 - line
    return f"the {left:,} lines from here on" if left > 1 else "what is left of this line"


def _unprintable(character: str) -> str:
    return f"the character U+{ord(character):04X} cannot stand in a card: it shows nothing, and Anki would change it"


class _UnusualError(Exception):
    """A file holds something that is refused, or may be."""


class _EnoughError(Exception):
    """A file is not worth reading any further; what was said of it last says why."""


def _plain(text: str) -> Any:
    """The value of a file of which there is nothing to say; raises _UnusualError where there may be something."""
    # The start of a comment that may stand behind a value.
    if " #" in text or "\t#" in text:
        raise _UnusualError
    next_event = _events(text)
    next_event()  # the stream's start
    if type(next_event()) is not DocumentStartEvent:
        raise _UnusualError
    value = _plain_value(next_event(), next_event, 0)
    next_event()  # the document's end
    if type(next_event()) is not StreamEndEvent:
        raise _UnusualError
    return value


def _plain_value(event: Any, next_event: Callable[[], Any], depth: int) -> Any:
    kind = type(event)
    if kind is AliasEvent or event.anchor or event.tag or depth > DEEPEST:
        raise _UnusualError
    if kind is ScalarEvent:
        if event.style == '"' and _UNPRINTABLE_ESCAPE.search(event.value):
            raise _UnusualError
        return event.value
    if kind is SequenceStartEvent:
        values: list[Any] = []
        while type(inner := next_event()) is not SequenceEndEvent:
            values.append(_plain_value(inner, next_event, depth + 1))
        if event.flow_style and any(_doubtful(*pair) for pair in pairwise(values)):
            raise _UnusualError
        return values
    pairs: dict[str, Any] = {}
    while type(key := next_event()) is ScalarEvent:
        name = key.value
        if name in pairs or name == "<<" or key.anchor or key.tag:
            raise _UnusualError
        pairs[name] = _plain_value(next_event(), next_event, depth + 1)
    if type(key) is not MappingEndEvent:
        raise _UnusualError
    return pairs


def _doubtful(before: Any, behind: Any) -> bool:
    """Whether two entries of a list may be one number that YAML split at its comma."""
    return str(before)[-1:].isdigit() and str(behind)[:1].isdigit()


def _events(text: str) -> Callable[[], Any]:
    """A function that gives the next event of a file; it raises StopIteration where there are too many."""
    if CParser is None:
        raise HipdeckError("this PyYAML was built without libyaml", "install its wheel: pip install PyYAML")
    return partial(next, islice(iter(CParser(text).get_event, None), MOST_EVENTS))


class _Reader:
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
        next_event = _events(self.text)
        try:
            self._read(next_event)
        except StopIteration:
            line = self.last.start_mark.line + 1 if self.last else 1
            message = f"this file holds too much; hipdeck has not read {_rest(self.text, line)}"
            hint = "split it into several section files; some 20,000 notes are read of one"
            self._report(error("too-large", Place(self.path, line), message, hint))
            raise _EnoughError from None

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
            self._refuse_nesting(event)
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
        elif event.style == '"' and (found := _UNPRINTABLE_ESCAPE.search(text)):
            message = _unprintable(found[0])
            self._refuse(event, path, message, "delete the escape for it", "control-character")
        length = end.column - start.column if end.line == start.line else 1
        return text, (start.line, start.column, _Extent(start.index, end.index, length))

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
                    self._refuse_nesting(event)
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
            self.problems.append(_too_many(self.text, problem.place))
            raise _EnoughError
        self.problems.append(problem)

    def _refuse_nesting(self, event: Any) -> None:
        """Refuse the rest of the file too: libyaml takes ever longer for each level."""
        self._refuse(event, (), "this is nested too deep for a card file", "write one text", "nesting")
        raise _EnoughError

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

"""Text to located values: a YAML file as dicts, lists and strings, with the place of every key and value.

Every scalar is the text that was typed: `no` stays `no` and `1.10` stays `1.10`. The YAML that a card needs is small,
and the rest of the language (anchors, aliases, tags, merge keys, several documents) is refused, since each of its signs
is far more often a text that wanted quotes.

Three readers do this. `yaml_lines` reads files in their usual form, `yaml_plain` the values of others, and both give up
on a file in which anything could be said. `yaml_reader` knows places and says it; it reads such files, and others again
when one of their places is asked for.
"""

from __future__ import annotations

import contextlib
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hipdeck.diagnostics import Diagnostic, HipdeckError, Key, Place, error
from hipdeck.source import line_reader as yaml_lines
from hipdeck.source.characters import LINE_BREAK, decode

if TYPE_CHECKING:
    from hipdeck.source.reader import Comment, Reader


class Document:
    """A YAML file's value, and where each part of it stands; `reader` knows the places where one has read them."""

    def __init__(self, path: str, data: bytes, value: Any, reader: Reader | None = None) -> None:
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
    def _reader(self) -> Reader:
        """What knows the places, reading the file again: a large deck has far more than anything is ever said of."""
        from hipdeck.source.reader import Reader

        reader = Reader(self.path, decode(self.path, self._again())[0] or "")
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
        return Place(self.path, line + 1, column + 1, _extent(inner)[2])

    def find(self, needle: str, *path: Key) -> Place:
        """The first place of a part of the text under these keys; the text's own where it does not hold it so."""
        start = self.at(*path)
        first, end, _ = _extent(self._under(path)[2])
        text = self._reader.text
        found = text.find(needle, first, end)
        if found < 0:
            return start
        breaks = list(LINE_BREAK.finditer(text, first, found))
        column = found - breaks[-1].end() + 1 if breaks else start.column + found - first
        return Place(self.path, start.line + len(breaks), column, len(needle))

    def too_many(self, place: Place) -> Diagnostic:
        """The error that says that more mistakes than can be named begin at a place."""
        from hipdeck.source.reader import too_many

        return too_many(self._reader.text, place)

    def key_at(self, *path: Key) -> Place:
        """The place of a key: of the last step, in the mapping that the steps before it lead to."""
        places = self._places
        for step in path[:-1]:
            places = places[2][step][1] if type(places[2]) is dict else places[2][step]
        line, column = places[2][path[-1]][0]
        return Place(self.path, line + 1, column + 1, len(str(path[-1])))


def _extent(inner: Any) -> tuple[int, int, int]:
    """Where a text begins and ends in its file, and its length on its first line; nowhere, where it is no text."""
    return inner if isinstance(inner, tuple) else (0, 0, 1)


def parse(path: str, data: bytes) -> tuple[Document | None, list[Diagnostic]]:
    """A YAML file's bytes as a located value.

    Returns the document and every error found in it; refused values are in the document as empty texts. There is no
    document where the file is not YAML, and then the first syntax error is the only one: what follows it in the file
    cannot be told apart from its consequences.
    """
    text, problems = decode(path, data)
    if text is None:
        return None, problems
    if (usual := yaml_lines.read(text)) is not None:
        return Document(path, data, usual), []
    return _parse(path, data, text)


def _parse(path: str, data: bytes, text: str) -> tuple[Document | None, list[Diagnostic]]:
    # Imported late: most files are in their usual form, and PyYAML takes a tenth of a small build to load.
    from hipdeck.source.events import MarkedYAMLError
    from hipdeck.source.plain import UnusualError, plain
    from hipdeck.source.reader import EnoughError, Reader

    with contextlib.suppress(UnusualError, StopIteration, MarkedYAMLError):
        return Document(path, data, plain(text)), []
    reader = Reader(path, text)
    try:
        reader.read()
    except MarkedYAMLError as problem:
        from hipdeck.source.syntax import explain

        place, message, hint = explain(problem, path, LINE_BREAK.split(text), reader.last)
        return None, [error("yaml", place, message, hint)]
    except EnoughError:
        return None, reader.problems
    if reader.root is None:
        return None, [error("empty-file", Place(path), "this file is empty", "write a card, or delete the file")]
    document = Document(path, data, reader.root[0], reader)
    document.comments, document.refused = reader.comments, reader.refused
    return document, reader.problems

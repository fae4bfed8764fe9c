"""A YAML file as dicts, lists and texts, and the place of every key and value in it."""

from __future__ import annotations

import zlib
from bisect import bisect_right
from functools import cached_property
from typing import TYPE_CHECKING, Any

from hipdeck.diagnostics import Diagnostic, Key, Place
from hipdeck.source import line_reader
from hipdeck.source.characters import LINE_BREAK, decode
from hipdeck.source.spans import inner_indexes

if TYPE_CHECKING:
    from hipdeck.source.comments import Comment
    from hipdeck.source.reader import Reading


class Document:
    """A file's value, and the places of its parts.

    Places are worked out when they are asked for, and then the text is read again if it has to be: most files are never
    complained about.
    """

    def __init__(self, path: str, text: str, value: Any, reading: Reading | None = None) -> None:
        self.path = path
        self.value = value
        self.comments: list[Comment] = reading.comments if reading else []
        self.refused: set[tuple[Key, ...]] = reading.refused if reading else set()
        """The keys and indexes that lead to refused values; other errors about these would be no news."""
        self._text = text
        self._packed = b""
        if reading:
            self._reading = reading

    def forget(self, compress: bool) -> None:
        """Drop the value, and keep only the text in memory; compressed if the deck has many files."""
        self.value = None
        self.__dict__.pop("_reading", None)
        if compress:
            self._packed = zlib.compress(self._text.encode(), 1)
            del self._text

    @cached_property
    def _text(self) -> str:
        return zlib.decompress(self._packed).decode()

    @cached_property
    def _reading(self) -> Reading:
        # Imported late: files in their usual form don't need PyYAML, which takes a tenth of a small build to load.
        from hipdeck.source.reader import read

        return read(self.path, self._text)

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(line_break.end() for line_break in LINE_BREAK.finditer(self._text))]

    @cached_property
    def _inner(self) -> dict[int, list[int]]:
        """For a list or mapping, by its index among the nodes: where its entries are, or its keys.

        Worked out once for each, since what comes before an entry may be long.
        """
        return {}

    def at(self, *path: Key) -> Place:
        """The place of the value under these keys and indexes, or of the nearest value around it."""
        value, index = self._find(path)
        start, end = self._span(index)
        is_text = isinstance(value, str) and not LINE_BREAK.search(self._text, start, end)
        return self._place(start, end - start if is_text else 1)

    def find(self, needle: str, *path: Key) -> Place:
        """The first place of a part of the text under these keys; the text's own if it isn't written like that."""
        value, index = self._find(path)
        start, end = self._span(index)
        offset = self._text.find(needle, start, end) if isinstance(value, str) else -1
        return self.at(*path) if offset < 0 else self._place(offset, len(needle))

    def key_at(self, *path: Key) -> Place:
        """The place of a key: of the last step, in the mapping that the steps before it lead to."""
        return self._place(self.key_offset(*path), len(str(path[-1])))

    def offset(self, *path: Key) -> int:
        """Where the value under these keys and indexes starts, in characters from the start of the file."""
        return self._span(self._find(path)[1])[0]

    def is_block(self, *path: Key) -> bool:
        """Whether the text under these keys begins with `|` or `>`."""
        return self._text[self.offset(*path)][:1] in ("|", ">")

    def key_offset(self, *path: Key) -> int:
        """Where a key starts, in characters from the start of the file."""
        mapping, index = self._find(path[:-1])
        return self._span(self._key_index(mapping, index, str(path[-1])))[0]

    def unbraced_end(self, *path: Key) -> int | None:
        """The offset just past a mapping of one pair that is written without braces, as in `[key: text]`.

        None for every other value.
        """
        return self._reading.unbraced.get(path)

    def too_many(self, place: Place) -> Diagnostic:
        """The error that says that more mistakes than can be named begin at a place."""
        from hipdeck.source.refusals import too_many

        return too_many(self._text, place)

    def _find(self, path: tuple[Key, ...]) -> tuple[Any, int]:
        """The value under these keys and indexes, or the nearest value around it, and its index among the nodes."""
        value, index = self._reading.value, 0
        for step in path:
            if isinstance(value, dict) and step in value:
                index = self._key_index(value, index, str(step)) + 1
                value = value[step]
            elif isinstance(value, list) and isinstance(step, int) and step < len(value):
                index = self._inner_of(value, index)[step]
                value = value[step]
            else:
                break
        return value, index

    def _key_index(self, mapping: dict[str, Any], index: int, key: str) -> int:
        """The index of a mapping's key; `index` is the mapping's own. The value comes right after it."""
        return self._inner_of(mapping, index)[list(mapping).index(key)]

    def _inner_of(self, value: Any, index: int) -> list[int]:
        if index not in self._inner:
            self._inner[index] = inner_indexes(value, index)
        return self._inner[index]

    def _span(self, index: int) -> tuple[int, int]:
        spans = self._reading.spans
        return (spans[2 * index], spans[2 * index + 1]) if spans else (0, 0)

    def _place(self, offset: int, length: int) -> Place:
        line = bisect_right(self._line_starts, offset)
        return Place(self.path, line, offset - self._line_starts[line - 1] + 1, max(1, length))


def parse(path: str, data: bytes) -> tuple[Document | None, list[Diagnostic]]:
    """A YAML file's bytes as a document, and every error in how it's written.

    There is no document if the file isn't YAML. Then the first syntax error is the only one: later errors may only be
    knock-on effects.
    """
    text, problems = decode(path, data)
    if text is None:
        return None, problems
    value = line_reader.read(text)
    if value is not None:
        return Document(path, text, value), []
    from hipdeck.source.reader import read

    reading = read(path, text)
    if reading.value is None:
        return None, reading.problems
    return Document(path, text, reading.value, reading), reading.problems

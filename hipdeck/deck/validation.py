"""A document against its schema: everything that's wrong with its shape.

The JSON Schema files that ship with hipdeck decide. Two things they say badly are checked here and in `forms`: that
nothing is empty, and that a note has exactly one form.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from hipdeck.deck.explanations import Path, empty, explain, last_key
from hipdeck.deck.schemas import filled_validator, part_validators, validator
from hipdeck.diagnostics import Diagnostic
from hipdeck.source.document import Document

# A list that is written as empty is meant to be; a key with nothing after it isn't.
_MAY_BE_EMPTY = ("tags", "allow")


class ShapeError(NamedTuple):
    """An error, and the keys and indexes that lead to what's wrong."""

    path: Path
    diagnostic: Diagnostic


def validate(document: Document, name: str) -> Iterator[ShapeError]:
    """Everything that's wrong with the shape of a document, by the schema of that name ('deck' or 'section').

    The notes come one by one, after all else, so that a caller may stop when it has seen enough.
    """
    value = document.value
    if filled_validator(name).is_valid(value):
        return
    entries = value.get("notes") if name == "section" and isinstance(value, dict) else None
    if not isinstance(entries, list) or not entries:
        yield from _errors(document, name, value, (), validator(name))
        return
    head, _ = part_validators()
    yield from _errors(document, name, {**value, "notes": ["any"]}, (), head)
    for index in range(len(entries)):
        yield from validate_note(document, index)


def validate_note(document: Document, index: int) -> Iterator[ShapeError]:
    """What's wrong with the shape of one note of a section."""
    _, note = part_validators()
    yield from _errors(document, "section", document.value["notes"][index], ("notes", index), note)


def _errors(document: Document, name: str, value: Any, path: Path, validator: Any) -> Iterator[ShapeError]:
    """What's wrong with the value that a path leads to."""
    reported = set()
    for problem in validator.iter_errors(value):
        inner = (*path, *problem.instance_path)
        for diagnostic in explain(document, name, inner, problem):
            reported.add(inner)
            if not _follows(inner, document):
                yield ShapeError(inner, diagnostic)
    for shape_error in _empty(document, value, path):
        if shape_error.path not in reported and not _follows(shape_error.path, document):
            yield shape_error


def _empty(document: Document, value: Any, path: Path) -> Iterator[ShapeError]:
    """An error for each text, list or mapping in a value that has nothing in it."""
    if isinstance(value, str) and value.strip():
        return
    if value and not isinstance(value, str):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _empty(document, inner, (*path, key))
    elif value == "" or last_key(path) not in _MAY_BE_EMPTY:
        yield ShapeError(path, empty(document, path))


def _follows(path: Path, document: Document) -> bool:
    """Whether an error only follows from a value that was refused: it's about that value, or one in it."""
    return bool(document.refused) and any(path[:length] in document.refused for length in range(1, len(path) + 1))

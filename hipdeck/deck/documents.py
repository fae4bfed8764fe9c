"""The deck's files as documents, and how many of a file's mistakes are named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path

from hipdeck.diagnostics import MOST_MISTAKES, Diagnostic, error
from hipdeck.source import folder
from hipdeck.source.document import Document, parse

_WORDS = {"id", "kind", "reverse", "was", "sections"}
"""Keys whose values never hold a `#`: a comment next to one cuts off no text."""


def read_document(cards: Path, relative: str) -> tuple[Document | None, list[Diagnostic]]:
    """A file below the folder as a document, and everything that's wrong with how it's written."""
    data, problems = folder.read(cards, relative)
    return (None, problems) if data is None else parse_document(folder.shown(cards, relative), data)


def parse_document(path: str, data: bytes) -> tuple[Document | None, list[Diagnostic]]:
    """A YAML file's bytes as a document, and every place where YAML reads something other than what was meant."""
    document, problems = parse(path, data)
    if document is None:
        return None, problems
    return document, first_mistakes(document, chain(problems, _cut_off(document)))


def first_mistakes(document: Document, problems: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The problems of a file that are named: if there are too many, the last one says so instead.

    The others are never asked for, so that an iterator needn't work them out.
    """
    first = list(islice(problems, MOST_MISTAKES + 1))
    if len(first) > MOST_MISTAKES:
        first[-1] = document.too_many(first[-1].place)
    return first


def _cut_off(document: Document) -> Iterator[Diagnostic]:
    """An error for each comment that cuts off a text."""
    for keys, place, is_before in document.comments:
        name = next((key for key in reversed(keys) if isinstance(key, str)), "")
        if keys in document.refused:
            message = f"YAML reads this as a comment, so '{name}' is empty"
            hint = "put a text that starts with '#' in quotes; move a comment to a line above the key"
            if name == "tags":
                hint = "write the tag without '#'"
            yield error("comment", place, message, hint)
        elif name in _WORDS:
            continue
        elif is_before:
            message = f"YAML reads this as a comment, so '{name}' begins after it"
            hint = "if the '#' is part of the text, write only '|' after the key, and the whole text on the lines below"
            if name == "tags":
                hint = "write the tag without '#'"
            yield error("comment", place, message, f"{hint}; move a comment to a line above the key")
        else:
            message = f"YAML reads this as a comment, so '{name}' ends here"
            hint = "if the '#' is part of the text, put the text in quotes; move a comment to a line above the key"
            yield error("comment", place, message, hint)

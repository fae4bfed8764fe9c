"""What a schema finds wrong, in words that an author understands."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from itertools import islice
from typing import Any

from hipdeck.deck.schemas import BOOLEANS, known_keys
from hipdeck.diagnostics import MOST_MISTAKES, Diagnostic, Key, Place, error
from hipdeck.names import Names, near_miss, suggestion
from hipdeck.source.document import Document

Path = tuple[Key, ...]

MISSING_ID = "missing-id"
"""The code of the one error that `hipdeck ids` puts right."""

_IDS = ("id", "was")
_NOTHING_LISTED = {"notes": "write a note below it, or delete the file", "sections": "name a section file"}
_REQUIRED = {
    **dict.fromkeys(("question", "answer", "cloze"), "text"),
    **dict.fromkeys(("deck", "section", "title"), "title"),
}
_WANTED = {"string": "text", "array": "a list", "object": "keys and values", "boolean": "true or false"}
_SYNONYMS = {
    **dict.fromkeys(("q", "front", "ask", "prompt"), "question"),
    **dict.fromkeys(("a", "back", "solution"), "answer"),
    **dict.fromkeys(("options", "alternatives"), "choices"),
    **dict.fromkeys(("because", "reason", "explanation", "extra", "note"), "why"),
    **dict.fromkeys(("text", "gap"), "cloze"),
    **dict.fromkeys(("title", "name", "heading"), "section"),
    **dict.fromkeys(("cards", "questions"), "notes"),
    "type": "kind",
}
"""What other tools call hipdeck's keys, in lower case."""


def explain(document: Document, name: str, path: Path, problem: Any) -> Iterable[Diagnostic]:
    """A schema's error as diagnostics: at the key if a key is wrong, otherwise at the value.

    `name` is the schema's, `path` leads to the value, and `problem` is the error as jsonschema-rs has it. There are
    none if something else already says it.
    """
    kind, value = problem.kind, problem.instance
    if kind.name == "additionalProperties":
        # One by one: a caller that has seen enough of them asks for no more.
        unindented = {*_unindented(document, path), *_note_keys_below(name, path, kind.unexpected)}
        return (_unknown_key(document, name, path, key, value) for key in kind.unexpected if key not in unindented)
    if kind.name == "required":
        if kind.property in meant_keys(value, known_keys(name, path)):
            return []
        return [_missing_key(document, path, kind.property)]
    if kind.name == "minItems":
        return [_too_few(document, path, len(value))]
    if value == "" and path:
        return []  # an empty text, which `validation` reports
    if kind.name == "type":
        return [_wrong_type(document, name, path, value, next(type_ for type_ in _WANTED if type_ in kind.types))]
    if kind.name == "enum" and kind.options == BOOLEANS:
        return [_wrong_type(document, name, path, value, "boolean")]
    if kind.name == "enum":
        hint = suggestion(str(value), kind.options)
        return [error("unknown-kind", document.at(*path), f"unknown kind '{value}'", hint)]
    if kind.name in ("maxItems", "maxProperties") or (kind.name == "maxLength" and last_key(path) not in _IDS):
        return [_too_much(document, path, value, kind.limit)]
    if kind.name == "propertyNames":
        key = kind.error.instance
        return [_bad_id(document.key_at(*path, key), key)] if key else []
    if path == ("language",):
        return [_bad_language(document.at(*path), value, kind.pattern)]
    return [_bad_id(document.at(*path), value)]


def empty(document: Document, path: Path) -> Diagnostic:
    """The error that the text, list or mapping at a path has nothing in it."""
    is_entry = bool(path) and isinstance(path[-1], int)
    what = f"an entry of '{last_key(path)}'" if is_entry else f"'{last_key(path)}'"
    place = document.at(*path) if is_entry or not path else document.key_at(*path)
    name = last_key(path)
    hint = "write something there, or delete it"
    if name in _REQUIRED and not is_entry:
        hint = (
            f"write the {_REQUIRED[name]} after '{name}: ', or below '{name}: |', each line indented more than the key"
        )
    if path[:1] == ("notes",) and path[2:] == ("id",):
        hint = "delete 'id', and run `hipdeck ids`; it gives the note one"
    below = next((key for key, above in _unindented(document, path[:-1]).items() if above == name), "")
    if below:
        hint = f"indent each of its lines by {place.column + 1} spaces"
        return error("empty", document.key_at(*path[:-1], below), f"the text below '{name}: |' isn't indented", hint)
    if path in (("notes",), ("sections",)):
        hint = _NOTHING_LISTED[str(path[0])]
    return error("empty", place, f"{what} is empty", hint)


def _unindented(document: Document, path: Path) -> dict[str, str]:
    """The keys of a note that must be text below a `|` which isn't indented, each with the key of that `|`.

    If the path leads to something else, there are none.
    """
    entry: dict[str, Any] = (_note_at(document, path) if len(path) == 2 else None) or {}
    known, above = known_keys("section", ("notes",)), ""
    unindented = {}
    for key in entry:
        if key in known:
            above = key if entry[key] == "" and document.is_block(*path, key) else ""
        elif above:
            unindented[key] = above
    return unindented


def _note_keys_below(name: str, path: Path, unexpected: list[str]) -> list[str]:
    """The keys of a note that aren't indented, without the first, whose error is about all of them."""
    return [key for key in unexpected if not path and key in known_keys(name, ("notes",))][1:]


def last_key(path: Path) -> str:
    """The last key of a path, past any indexes; nothing if there's none."""
    return next((key for key in reversed(path) if isinstance(key, str)), "")


def meant_keys(entry: dict[str, Any], known: Collection[str]) -> dict[str, str]:
    """The known keys that a mapping's unknown keys were probably meant to be: one misspelling is one error.

    Of very many unknown keys, only the first are looked at.
    """
    if all(key in known for key in entry):
        return {}
    missing = [key for key in known if key not in entry]
    unknown = islice((key for key in entry if key not in known), MOST_MISTAKES)
    return {_intended_key(key, missing): key for key in unknown}


def _unknown_key(document: Document, name: str, path: Path, key: str, entry: Any) -> Diagnostic:
    known = known_keys(name, path)
    intended = _intended_key(key, [name for name in known if name not in entry]) or _intended_key(key, known)
    from hipdeck.deck.advice import instead_of_key

    hint = instead_of_key(key, entry[key]) if path[:1] == ("notes",) else ""
    if intended and intended in entry:
        hint = hint or f"delete it, or move its text to '{intended}', which is here too"
    hint = hint or (f"did you mean '{intended}'?" if intended else Names(known).choice)
    if not path and key in known_keys(name, ("notes",)):
        hint = f"'{key}' belongs to a note: indent it, and the keys below it, like the note's first key after its '- '"
    return error("unknown-key", document.key_at(*path, key), f"unknown key '{key}'", hint)


def _intended_key(key: str, known: Collection[str]) -> str:
    """The known key that a key was probably meant to be, or nothing."""
    synonym = _SYNONYMS.get(key.lower(), "")
    if synonym == "section" and synonym not in known:
        synonym = "deck"
    return synonym if synonym in known else near_miss(key, known)


def _missing_key(document: Document, path: Path, key: str) -> Diagnostic:
    if key == "id" and path:
        return missing_ids(document.at(*path), 1)
    owner = f"source '{path[-1]}'" if path else "the file"
    example = "…"
    if key == "id":
        from hipdeck.deck.slugs import slug

        example = slug(str(document.value.get("deck", ""))) or "my-deck"
    return error("missing-key", document.at(*path), f"{owner} has no '{key}'", f"add '{key}: {example}'")


def missing_ids(place: Place, count: int) -> Diagnostic:
    """The error that as many notes of a file have no id; `place` is the first one's."""
    what = "this note has no id" if count == 1 else f"{count:,} notes of this file have no id; this is the first"
    return error("missing-id", place, what, "run `hipdeck ids`; it gives an id to every note that has none")


def _too_few(document: Document, path: Path, count: int) -> Diagnostic:
    name = last_key(path)
    if name == "choices":
        hint = "add wrong answers that a student could believe"
        return error("too-few", document.at(*path), f"'choices' has {count}, and a choice needs two or more", hint)
    return error("no-notes", document.key_at(*path), f"'{name}' is empty", _NOTHING_LISTED[name])


def _too_much(document: Document, path: Path, value: Any, limit: int) -> Diagnostic:
    is_entry = bool(path) and isinstance(path[-1], int)
    what = f"an entry of '{last_key(path)}'" if is_entry else f"'{last_key(path)}'"
    parts, hint = ("characters", "shorten it, or split it up") if isinstance(value, str) else ("entries", "delete some")
    message = f"{what} has {len(value):,} {parts}; the limit is {limit:,}"
    return error("limit", document.at(*path), message, hint)


def _wrong_type(document: Document, name: str, path: Path, value: Any, wanted: str) -> Diagnostic:
    is_entry = bool(path) and isinstance(path[-1], int)
    what = f"{'an entry of ' if is_entry else ''}'{last_key(path)}'" if path else "the file"
    written = "a list" if isinstance(value, list) else "keys and values" if isinstance(value, dict) else "text"
    from hipdeck.deck.advice import how_to_begin, how_to_write

    hint = how_to_write(wanted, value, last_key(path), _note_at(document, path)) if path else how_to_begin(name, value)
    return error("wrong-type", document.at(*path), f"{what} takes {_WANTED[wanted]}, not {written}", hint)


def _note_at(document: Document, path: Path) -> Any:
    """The note that a path leads into, or None if it leads elsewhere."""
    if path[:1] != ("notes",) or len(path) < 2 or not isinstance(path[1], int):
        return None
    return document.value["notes"][path[1]]


def _bad_language(place: Place, value: str, pattern: str) -> Diagnostic:
    tag = value.replace("_", "-")
    hint = f"write '{tag}'" if re.search(pattern, tag) else "write its code, such as 'en', 'de', or 'pt-BR'"
    return error("bad-language", place, f"'{value}' isn't the code of a language", hint)


def _bad_id(place: Place, value: Any) -> Diagnostic:
    from hipdeck.deck.slugs import slug

    hint = "use lowercase letters and digits, words joined by hyphens, at most 80 characters"
    hint += f": {slug(str(value))}" if slug(str(value)) else ""
    return error("bad-id", place, f"'{value}' can't be an id", hint)

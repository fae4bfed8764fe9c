"""A document against its schema: what is wrong with its shape, in the author's words.

The JSON Schema files that ship with hipdeck validate. Two things stand beside them, since a schema says them badly:
that a text is not empty, and that a note has exactly one form. `shapes` passes what is surely in order; the validator
is loaded for all else.
"""

from __future__ import annotations

import json
import pathlib
from collections.abc import Collection, Iterable, Iterator
from functools import cache
from typing import Any, NamedTuple

from hipdeck.deck.notes import KINDS, Form
from hipdeck.deck.shapes import Fits, compiled
from hipdeck.diagnostics import Diagnostic, Key, error, near_miss, suggestion
from hipdeck.source.document import Document

Path = tuple[Key, ...]

SCHEMAS = ("deck", "section")

FORMS: dict[frozenset[str], Form] = {
    frozenset({"question", "answer"}): "question",
    frozenset({"question", "choices", "answer"}): "choices",
    frozenset({"cloze"}): "cloze",
}
FORM_KEYS = ("question", "choices", "answer", "cloze")
_FORM_KEYS = frozenset(FORM_KEYS)

_WANTED = {"string": "text", "array": "a list", "object": "keys and values", "boolean": "true or false"}
_NOTHING_LISTED = {"notes": "write a note below it, or delete the file", "sections": "name a section file"}
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


class Finding(NamedTuple):
    """An error, and the keys and indexes that lead to what is wrong."""

    path: Path
    diagnostic: Diagnostic


def schema_text(name: str) -> str:
    """The text of a schema file that ships with hipdeck: 'deck' or 'section'."""
    return pathlib.Path(__file__).with_name("schema").joinpath(f"{name}.json").read_text(encoding="utf-8")


def validate(document: Document, name: str) -> Iterator[Finding]:
    """Everything that is wrong with the shape of a document, by the schema of that name ('deck' or 'section').

    The notes come one by one, after all else, so that a caller may stop when it has seen enough.
    """
    value = document.value
    if _fits(name)(value):
        return
    schema = _schema(name)
    entries = value.get("notes") if name == "section" and isinstance(value, dict) else None
    if not isinstance(entries, list) or not entries:
        yield from _findings(document, value, (), _whole_validator(name), schema)
        return
    head, note = _part_validators()
    yield from _findings(document, {**value, "notes": [True]}, (), head, schema)
    for index, entry in enumerate(entries):
        yield from _findings(document, entry, ("notes", index), note, schema)


def _findings(document: Document, value: Any, path: Path, validator: Any, schema: dict[str, Any]) -> Iterator[Finding]:
    """What is wrong with the value that a path leads to."""
    reported = set()
    if not validator.is_valid(value):
        for problem in validator.iter_errors(value):
            inner = (*path, *problem.instance_path)
            for one in _explain(document, inner, problem, schema):
                reported.add(inner)
                if not _follows(inner, document):
                    yield Finding(inner, one)
    if not _is_full(value):
        for finding in _empty(document, value, path):
            if finding.path not in reported and not _follows(finding.path, document):
                yield finding


def form_of(document: Document, index: int, entry: dict[str, Any]) -> tuple[Form | None, list[Diagnostic]]:
    """The form of a note: which of question, choices, answer and cloze it has must make exactly one."""
    form = _usual_form(tuple(entry))
    if form:
        return form, []
    known = _note_keys()
    written = {key: key for key in FORM_KEYS if key in entry}
    if not known.keys() >= entry.keys():
        written |= {key: typed for key, typed in _meant(entry, known).items() if key in _FORM_KEYS}
    keys = frozenset(written)
    form = FORMS.get(keys)
    if form:
        if "reverse" in entry and form != "question":
            place = document.key_at("notes", index, "reverse")
            hint = "delete 'reverse'; a choice or a cloze has no way back"
            return None, [error("reverse", place, "'reverse' goes with a question and an answer alone", hint)]
        return form, []
    place = document.at("notes", index)
    if "cloze" in keys:
        others = " and ".join(f"'{key}'" for key in FORM_KEYS if key in keys - {"cloze"})
        place = document.key_at("notes", index, written["cloze"])
        hint = f"delete 'cloze' or {others}, or make two notes of it"
        return None, [error("two-forms", place, f"a note cannot have both 'cloze' and {others}", hint)]
    if not keys:
        hint = "write a 'question' and an 'answer', or a 'cloze'"
        return None, [error("missing-key", place, "note has neither a 'question' nor a 'cloze'", hint)]
    missing = [key for key in ("question", "answer") if key not in keys]
    return None, [error("missing-key", place, f"note has no '{key}'", f"add '{key}: …'") for key in missing]


def means(entry: dict[str, Any], key: str) -> bool:
    """Whether a note has a key, or one that was probably meant to be it."""
    return key in entry or key in _meant(entry, _note_keys())


@cache
def _schema(name: str) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads(schema_text(name))
    return schema


@cache
def _fits(name: str) -> Fits:
    schema = _schema(name)
    return compiled(schema, schema["$defs"])


@cache
def _whole_validator(name: str) -> Any:
    return _validator(_schema(name))


@cache
def _part_validators() -> tuple[Any, Any]:
    """Validators of a section without its notes, and of one note.

    The library makes every error of a value before it gives the first: a note at a time, they are never many.
    """
    schema = _schema("section")
    parts = dict(schema["properties"]["notes"])
    note = {**parts.pop("items"), "$defs": schema["$defs"]}
    head = {**schema, "properties": {**schema["properties"], "notes": parts}}
    return _validator(head), _validator(note)


def _validator(schema: dict[str, Any]) -> Any:
    # Imported late: most decks are in order, and to load it takes a sixth of the time that a small one needs.
    import jsonschema_rs

    return jsonschema_rs.validator_for(schema)


def _explain(document: Document, path: Path, problem: Any, schema: dict[str, Any]) -> Iterable[Diagnostic]:
    """A schema's finding as errors: at the key where a key is wrong, at the value otherwise."""
    kind, value, place = problem.kind, problem.instance, document.at(*path)
    name = _name(path)
    if kind.name == "additionalProperties":
        return (
            error("unknown-key", document.key_at(*path, key), f"unknown key '{key}'", _known_key(key, path, schema))
            for key in kind.unexpected
        )
    if kind.name == "required" and kind.property in _meant(value, _known_keys(schema, path)):
        return []
    if kind.name == "required":
        hint = f"add '{kind.property}: …'"
        if kind.property == "id" and path:
            hint = "run `hipdeck ids`; it gives an id to every note that has none"
        return [error("missing-key", place, f"{_owner(path)} has no '{kind.property}'", hint)]
    if kind.name == "type":
        if value == "" and path:
            return []  # an empty text, which `_empty` reports
        wanted = next(type_ for type_ in _WANTED if type_ in kind.types)
        given = "a list" if isinstance(value, list) else "keys and values" if isinstance(value, dict) else "text"
        entry = "an entry of " if path and isinstance(path[-1], int) else ""
        what = f"{entry}'{name}'" if path else "the file"
        hint = _how(wanted, value, path, schema)
        return [error("wrong-type", place, f"{what} takes {_WANTED[wanted]}, not {given}", hint)]
    if kind.name == "enum":
        return [error("unknown-kind", place, f"unknown kind '{value}'", suggestion(str(value), KINDS))] if value else []
    if kind.name == "minItems":
        if name == "choices":
            hint = "add wrong answers that a student could believe"
            return [error("too-few", place, f"'choices' has {len(value)}, and a choice needs two or more", hint)]
        return [error("no-notes", document.key_at(*path), f"'{name}' is empty", _NOTHING_LISTED[name])]
    if kind.name == "propertyNames":
        value = kind.error.instance
        place = document.key_at(*path, value)
    if value == "":
        return []
    from hipdeck.deck.slugs import slug

    hint = "take lower-case letters and digits, words joined by hyphens, at most 80 characters"
    hint += f": {slug(str(value))}" if slug(str(value)) else ""
    return [error("bad-id", place, f"'{value}' cannot be an id", hint)]


def _is_full(value: Any) -> bool:
    """Whether a value is a mapping or a list, and nothing in it is empty."""
    if type(value) is not dict and type(value) is not list:
        return False
    for inner in value.values() if type(value) is dict else value:
        if type(inner) is str:
            if not inner or inner.isspace():
                return False
        elif type(inner) is not bool and (not inner or not _is_full(inner)):
            return False
    return True


def _empty(document: Document, value: Any, path: Path) -> list[Finding]:
    """An error for each text, list or mapping in a value that has nothing in it."""
    if isinstance(value, dict) and value:
        pairs = [((*path, key), inner) for key, inner in value.items()]
    elif isinstance(value, list) and value:
        pairs = [((*path, index), inner) for index, inner in enumerate(value)]
    elif isinstance(value, bool) or (isinstance(value, str) and value.strip()) or _name(path) in ("tags", "allow"):
        return []
    else:
        in_list = bool(path) and isinstance(path[-1], int)
        what = f"an entry of '{_name(path)}'" if in_list else f"'{_name(path)}'"
        place = document.at(*path) if in_list or not path else document.key_at(*path)
        hint = "write something there, or delete it"
        if path[:1] == ("notes",) and path[2:] == ("id",):
            hint = "delete 'id', and run `hipdeck ids`; it gives the note one"
        if path in (("notes",), ("sections",)):
            hint = _NOTHING_LISTED[str(path[0])]
        return [Finding(path, error("empty", place, f"{what} is empty", hint))]
    found = []
    for inner_path, inner in pairs:
        if type(inner) is not str or not inner or inner.isspace():
            found += _empty(document, inner, inner_path)
    return found


def _how(wanted: str, value: Any, path: Path, schema: dict[str, Any]) -> str:
    """What to write where a value of another type is wanted."""
    name = _name(path)
    if not path:
        first = schema["required"][0]
        return f"begin it with '{first}: …', and write the other keys below, each at the start of its line"
    if wanted == "string" and isinstance(value, list):
        return "write one text: in quotes where it starts with '[', or behind 'key: |' where it has several lines"
    if wanted == "string":
        return "write one text; put it in quotes where it starts with '{' or holds a colon and a space"
    if wanted == "boolean":
        return "write true or false"
    if wanted == "object":
        if name == "allow":
            return "write the rule and your reason: allow: {yes-no: clients ask it so}"
        if name == "notes":
            return "write its keys behind the '- ', each on a line of its own: question: …"
        return (
            "write an id and a title for each: guide: {title: …}"
            if name == "sources"
            else f"write {name}: {{title: …}}"
        )
    if name == "notes":
        return "start each note with '- ' before its first key"
    return f"write {name}: [one, another], or start each entry on a line of its own with '- '"


def _known_key(key: str, path: Path, schema: dict[str, Any]) -> str:
    """A hint that names the key that was probably meant, or where this one belongs."""
    if not path and key in _known_keys(schema, ("notes",)):
        return f"'{key}' belongs to a note: indent it as far as the note's other keys, behind its '- '"
    known = _known_keys(schema, path)
    return suggestion(_intended(key, known) or key, known)


def _intended(key: str, known: Collection[str]) -> str:
    """The known key that a key was probably meant to be, or nothing."""
    synonym = _SYNONYMS.get(key.lower(), "")
    if synonym == "section" and synonym not in known:
        synonym = "deck"
    return synonym if synonym in known else near_miss(key, known)


def _meant(value: dict[str, Any], known: Collection[str]) -> dict[str, str]:
    """The known keys that the unknown keys of a mapping were probably meant to be: one misspelling is one error."""
    missing = [name for name in known if name not in value]
    return {_intended(key, missing): key for key in value if key not in known}


def _follows(path: Path, document: Document) -> bool:
    """Whether a finding only follows from a value that was refused: it is that value, or lies within it."""
    return bool(document.refused) and any(path[:length] in document.refused for length in range(1, len(path) + 1))


def _name(path: Path) -> str:
    return next((key for key in reversed(path) if isinstance(key, str)), "")


def _owner(path: Path) -> str:
    if not path:
        return "the file"
    return "note" if path[0] == "notes" else f"source '{path[-1]}'"


@cache
def _usual_form(keys: tuple[str, ...]) -> Form | None:
    """The form of a note with these keys, where all is well with them."""
    usual = _note_keys().keys() >= set(keys)
    form = FORMS.get(_FORM_KEYS.intersection(keys)) if usual else None
    return None if "reverse" in keys and form != "question" else form


@cache
def _note_keys() -> dict[str, None]:
    """The keys of a note, in the order of the schema."""
    return dict.fromkeys(_known_keys(_schema("section"), ("notes",)))


def _known_keys(schema: dict[str, Any], path: Path) -> list[str]:
    if path[:1] == ("notes",):
        return list(schema["$defs"].get("note", {}).get("properties", ()))
    if path[:1] == ("sources",):
        return list(schema["properties"]["sources"]["additionalProperties"]["properties"])
    return list(schema["properties"])

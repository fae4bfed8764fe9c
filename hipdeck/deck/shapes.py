"""Whether a value surely has the shape that a schema asks for, told without a validator.

Nearly every file of a deck is in order, and to load the validator takes a sixth of the time that a small deck needs. So
the schema is made into a function that knows the few keywords that hipdeck's schemas use. It says yes only where the
validator would, and nothing in the value is empty; where it says no, the validator decides, and finds the words for
what is wrong. `tests/source/test_shortcuts.py` holds the two together.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

Fits = Callable[[Any], bool]
Schema = Mapping[str, Any]

# What a schema says to people and editors alone, or to nobody but the one that holds it.
_ANNOTATIONS = frozenset(("$schema", "$defs", "title", "description", "examples"))


def compiled(schema: Schema, definitions: Mapping[str, Schema]) -> Fits:
    """A function that tells whether a value surely fits a schema and holds nothing empty.

    `definitions` are the schemas that a `$ref` names. Of a keyword that it does not know it is never sure.
    """
    if "$ref" in schema:
        named = definitions[schema["$ref"].removeprefix("#/$defs/")]
        return compiled({**named, **{key: value for key, value in schema.items() if key != "$ref"}}, definitions)
    rules = {key: value for key, value in schema.items() if key not in _ANNOTATIONS}
    types = rules.pop("type", "string" if "enum" in rules else "")
    if types == "object":
        fits = _mapping(rules, definitions)
    elif types == "array":
        fits = _list(rules, definitions)
    elif types == "boolean":
        fits = _is_boolean
    elif "string" in types:
        fits = _string(rules)
    else:
        return _unsure
    return _unsure if rules else fits


def _mapping(rules: dict[str, Any], definitions: Mapping[str, Schema]) -> Fits:
    required = frozenset(rules.pop("required", ()))
    known = {key: compiled(schema, definitions) for key, schema in rules.pop("properties", {}).items()}
    more = rules.pop("additionalProperties", False)
    other = compiled(more, definitions) if more else _unsure
    names = rules.pop("propertyNames", None)
    named = compiled(names, definitions) if names else None

    def fits(value: Any) -> bool:
        if type(value) is not dict or not value or not value.keys() >= required:
            return False
        for key, inner in value.items():
            if not known.get(key, other)(inner):
                return False
        return not named or all(map(named, value))

    return fits


def _list(rules: dict[str, Any], definitions: Mapping[str, Schema]) -> Fits:
    least = max(1, rules.pop("minItems", 1))
    each = compiled(rules.pop("items", {}), definitions)

    def fits(value: Any) -> bool:
        return type(value) is list and len(value) >= least and all(map(each, value))

    return fits


def _string(rules: dict[str, Any]) -> Fits:
    allowed = frozenset(rules.pop("enum", ()))
    if allowed:
        return lambda value: type(value) is str and value in allowed
    pattern = re.compile(rules.pop("pattern", ""))
    if not pattern.pattern:
        return _is_text
    longest = rules.pop("maxLength", 0)
    # Not `search`: Python's `$` also stands before a line break at the end.
    return lambda value: type(value) is str and 0 < len(value) <= longest and bool(pattern.fullmatch(value))


def _is_text(value: Any) -> bool:
    return type(value) is str and bool(value) and not value.isspace()


def _is_boolean(value: Any) -> bool:
    return type(value) is bool


def _unsure(_: Any) -> bool:
    return False

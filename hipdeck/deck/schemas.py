"""The JSON Schema files that ship with hipdeck, and the validators made of them.

To hipdeck every value of a file is a text, a list or a mapping: `reverse: true` holds the text 'true'. So the schemas
that editors use are turned into schemas for texts here.
"""

from __future__ import annotations

import json
import pathlib
from functools import cache
from typing import Any

import jsonschema_rs

from hipdeck.diagnostics import Key

Schema = dict[str, Any]

SCHEMAS = ("deck", "section")
BOOLEANS = ["true", "false"]


def schema_text(name: str) -> str:
    """The text of a schema file that ships with hipdeck: 'deck' or 'section'."""
    return pathlib.Path(__file__).with_name("schema").joinpath(f"{name}.json").read_text(encoding="utf-8")


@cache
def schema(name: str) -> Schema:
    """The schema of a document whose values are texts: 'deck' or 'section'."""
    texts: Schema = _change(json.loads(schema_text(name)), _as_text)
    return texts


@cache
def filled_validator(name: str) -> Any:
    """A validator that passes documents that fit their schema and in which nothing is empty."""
    return jsonschema_rs.validator_for(_change(schema(name), _as_filled))


@cache
def validator(name: str) -> Any:
    """The validator of a whole document."""
    return jsonschema_rs.validator_for(schema(name))


@cache
def part_validators() -> tuple[Any, Any]:
    """Validators of a section without its notes, and of one note.

    The library works out every error of a value before it returns the first; those of one note are never many.
    """
    section = schema("section")
    notes = dict(section["properties"]["notes"])
    note = {**notes.pop("items"), "$defs": section["$defs"]}
    head = {**section, "properties": {**section["properties"], "notes": notes}}
    return jsonschema_rs.validator_for(head), jsonschema_rs.validator_for(note)


def known_keys(name: str, path: tuple[Key, ...] = ()) -> list[str]:
    """The keys that a mapping of a document may have, in the order of the schema."""
    top = schema(name)
    if path[:1] == ("notes",):
        return list(top["$defs"].get("note", {}).get("properties", ()))
    if path[:1] == ("sources",):
        return list(top["properties"]["sources"]["additionalProperties"]["properties"])
    return list(top["properties"])


def _change(value: Any, change: Any) -> Any:
    """A schema with a change made to each schema in it."""
    if isinstance(value, dict):
        return change({key: _change(inner, change) for key, inner in value.items()})
    return [_change(inner, change) for inner in value] if isinstance(value, list) else value


def _as_text(schema: Schema) -> Schema:
    return {"enum": BOOLEANS} if schema.get("type") == "boolean" else schema


def _as_filled(schema: Schema) -> Schema:
    types = schema.get("type")
    if types == "array":
        return {**schema, "minItems": max(1, schema.get("minItems", 1))}
    if types == "object":
        return {**schema, "minProperties": 1}
    return {"pattern": r"\S", **schema} if isinstance(types, list) else schema

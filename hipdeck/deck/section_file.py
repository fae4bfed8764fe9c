"""A section file: its title, what its notes have in common, and the notes."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from hipdeck.deck.documents import first_mistakes, read_document
from hipdeck.deck.explanations import MISSING_ID, missing_ids
from hipdeck.deck.forms import form_of
from hipdeck.deck.notes import NOTHING_ALLOWED, RESERVED, Citation, Form, Note, Section, full_tag
from hipdeck.deck.texts import normalize, normalize_reasons
from hipdeck.deck.validation import ShapeError, validate
from hipdeck.diagnostics import MOST_MISTAKES, Diagnostic, Key, Place, Problem, at, error
from hipdeck.source.document import Document

DEEPEST_TAG = 20
"""Parts of a tag; Anki shows each inside the one before it."""


class SectionFile(NamedTuple):
    """What a section file holds. Notes with an error in their shape are left out.

    There is no section if the file can't be understood.
    """

    section: Section | None
    notes: list[Note]
    problems: list[Diagnostic]


def read_section_file(cards: Path, path: str, relative: str, deck_id: str, compress: bool) -> SectionFile:
    """The section with a path ('exercises/glute-bridge'), from the file with a relative path below the folder.

    `compress` is for decks so large that the texts of their files would take much memory.
    """
    document, problems = read_document(cards, relative)
    if document is None:
        return SectionFile(None, [], problems)
    problems += _path_problems(document, path)
    shape, id_problems = _shape_errors(document)
    problems += [*id_problems, *(shape_error.diagnostic for shape_error in shape)]
    value = document.value
    if len(problems) > MOST_MISTAKES or not isinstance(value, dict) or not isinstance(value.get("notes"), list):
        return SectionFile(None, [], first_mistakes(document, problems))
    broken = {shape_error.path for shape_error in shape} | document.refused
    head = {key: inner for key, inner in value.items() if not any(path[:1] == (key,) for path in broken)}
    if tag_problems := _tag_problems(document, head.get("tags", [])):
        problems += tag_problems
        del head["tags"]
    section = _section(document, path, head, deck_id)
    notes, note_problems = _notes(section, value["notes"], broken, deck_id, MOST_MISTAKES - len(problems))
    problems = first_mistakes(document, problems + note_problems)
    document.forget(compress)
    return SectionFile(section, notes, problems)


def _shape_errors(document: Document) -> tuple[list[ShapeError], list[Diagnostic]]:
    """The errors in the shape of a file, not many more than are named, and one error for all notes without an id."""
    shape: list[ShapeError] = []
    nameless: list[Place] = []
    for shape_error in validate(document, "section"):
        if shape_error.diagnostic.code == MISSING_ID:
            nameless.append(shape_error.diagnostic.place)
        else:
            shape.append(shape_error)
            if len(shape) > MOST_MISTAKES:
                break
    return shape, [missing_ids(nameless[0], len(nameless))] if nameless else []


def _path_problems(document: Document, path: str) -> list[Diagnostic]:
    first = path.split("/")[0]
    if first.casefold() not in RESERVED:
        return []
    hint = f"rename it; '{first}' names tags that hipdeck adds itself"
    return [error("reserved-name", Place(document.path), f"a section can't be called '{first}'", hint)]


def _section(document: Document, path: str, head: dict[str, Any], deck_id: str) -> Section:
    return Section(
        path,
        normalize(head.get("section", "")),
        document,
        head.get("kind", "fact"),
        tuple(full_tag(deck_id, tag) for tag in head.get("tags", [])),
        _citation(head.get("source", "")),
        normalize_reasons(head.get("allow", {})),
    )


def _notes(
    section: Section, entries: list[Any], broken: Collection[tuple[Key, ...]], deck_id: str, most: int
) -> tuple[list[Note], list[Diagnostic]]:
    """The notes that have no error in their shape, and further errors, not many more than `most`.

    `broken` holds the paths of values that were complained about.
    """
    document = section.document
    broken_notes = {path[1] for path in broken if path[:1] == ("notes",) and len(path) > 1}
    refused = {path[1] for path in document.refused if path[:1] == ("notes",) and len(path) == 2}
    notes: list[Note] = []
    problems: list[Diagnostic] = []
    for index, entry in enumerate(entries):
        if len(problems) > most:
            break
        if not isinstance(entry, dict) or index in refused:
            continue
        form, form_problems = form_of(document, index, entry)
        if "tags" in entry and index not in broken_notes:
            form_problems += _tag_problems(document, entry["tags"], "notes", index)
        problems += form_problems
        if form and not form_problems and index not in broken_notes:
            notes.append(_note(section, index, entry, form, deck_id))
    return notes, problems


def _note(section: Section, index: int, entry: dict[str, Any], form: Form, deck_id: str) -> Note:
    get = entry.get
    own_tags = tuple([full_tag(deck_id, tag) for tag in entry["tags"]]) if "tags" in entry else ()
    own_source = "source" in entry
    # By position and not by name, which would take twice as long, and a large deck has many notes.
    return Note(
        # Without an id there's an error, but the preview shows the note all the same. No id has a colon.
        entry["id"] if "id" in entry else f"{section.path}:{index + 1}",
        form,
        section,
        index,
        get("kind", section.kind),
        normalize(get("question", "")),
        normalize(get("answer", "")),
        tuple([normalize(choice) for choice in entry["choices"]]) if "choices" in entry else (),
        normalize(get("cloze", "")),
        normalize(get("why", "")),
        _citation(entry["source"]) if own_source else section.citation,
        own_source,
        tuple(dict.fromkeys((*section.tags, *own_tags))) if own_tags else section.tags,
        own_tags,
        get("reverse") == "true",
        normalize_reasons(entry["allow"]) if "allow" in entry else NOTHING_ALLOWED,
        normalize(get("retired", "")),
        get("was", ""),
    )


def _citation(text: str) -> Citation | None:
    if not text:
        return None
    source, _, locator = normalize(text).partition(" ")
    return Citation(source, locator.strip())


def _tag_problems(document: Document, tags: Iterable[str], *path: Key) -> list[Diagnostic]:
    """The errors in a list of tags, which belongs to the mapping at a path."""
    problems = enumerate(map(_tag_problem, tags))
    return [at(document.at(*path, "tags", index), problem) for index, problem in problems if problem]


@cache
def _tag_problem(tag: str) -> Problem | None:
    parts = [part.strip() for part in tag.split("::")]
    if len(parts) > DEEPEST_TAG:
        message = f"this tag has {len(parts):,} parts, and Anki shows each inside the one before it"
        return Problem("bad-tag", message, f"write at most {DEEPEST_TAG}")
    if not all(parts):
        return Problem("bad-tag", f"'{tag}' has an empty part", "write it as outer::inner")
    if parts[0].casefold() in RESERVED:
        return Problem("reserved-name", f"'{parts[0]}' names tags that hipdeck adds itself", "use another word")
    return None

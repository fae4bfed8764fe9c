"""Located values to the deck: the folder's documents, made into sections and notes with their defaults."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from itertools import chain, islice
from pathlib import Path
from typing import Any, NamedTuple

from hipdeck.deck.notes import NOTHING_ALLOWED, RESERVED, Citation, Deck, Form, Note, Section, Source, full_tag
from hipdeck.deck.validation import form_of, validate
from hipdeck.diagnostics import MOST_MISTAKES, Diagnostic, Key, Place, Problem, at, error, suggestion
from hipdeck.source import folder
from hipdeck.source.document import Document, parse

WORDS = {"id", "kind", "reverse", "was"}
"""Keys whose values never hold a `#`: a comment behind one eats no text."""
DEEPEST_TAG = 20
"""Parts of a tag; Anki shows each within the one before it."""


class Loaded(NamedTuple):
    """A folder's deck, every error in the shape of its files, and how many YAML files those are."""

    deck: Deck
    diagnostics: list[Diagnostic]
    files: int


def load(cards: Path) -> Loaded:
    """The deck in a folder.

    Notes that have an error in their shape are left out of it. Where deck.yaml cannot be understood, the deck has no
    name and its sources are not known (None); the section files are looked through all the same. Raises HipdeckError
    where there is no folder.
    """
    folder.require(cards)
    found, problems = folder.section_files(cards)
    deck, deck_problems = _deck(cards)
    problems += deck_problems
    order = list(found)
    if deck.document:
        order, order_problems = _study_order(deck.document, found, cards)
        problems += order_problems
    sections: list[Section] = []
    notes: list[Note] = []
    for path in order:
        section, members, section_problems = _section(cards, path, found[path], deck.id)
        problems += section_problems
        notes += members
        if section:
            sections.append(section)
    deck = replace(deck, sections=tuple(sections), notes=tuple(notes))
    return Loaded(deck, problems, len(found) + (cards / folder.DECK).exists())


def _document(cards: Path, relative: str) -> tuple[Document | None, list[Diagnostic]]:
    data, problems = folder.read(cards, relative)
    return (None, problems) if data is None else understand(folder.shown(cards, relative), data)


def understand(path: str, data: bytes) -> tuple[Document | None, list[Diagnostic]]:
    """A YAML file's bytes as a document, and every place where YAML reads something else than its author meant."""
    document, problems = parse(path, data)
    if document is None:
        return None, problems
    return document, named(document, chain(problems, _comments(document)))


def named(document: Document, problems: Iterable[Diagnostic]) -> list[Diagnostic]:
    """As many of a file's problems as are named; where there are more, the last says so. The others are never made."""
    first = list(islice(problems, MOST_MISTAKES + 1))
    if len(first) > MOST_MISTAKES:
        first[-1] = document.too_many(first[-1].place)
    return first


def _comments(document: Document) -> Iterator[Diagnostic]:
    for keys, place in document.comments:
        name = next((key for key in reversed(keys) if isinstance(key, str)), "")
        if name not in WORDS:
            message = f"YAML takes this for a comment, so '{name}' ends before it"
            hint = "put the text in quotes where the '#' belongs to it; move a comment to a line of its own"
            yield error("comment", place, message, hint)


def no_deck(cards: Path) -> Diagnostic:
    """The error that a folder without a deck.yaml gets."""
    place = Place(folder.shown(cards, folder.DECK))
    hint = "write one: the deck's name, its id, and the order of its sections"
    return error("no-deck", place, "there is no deck.yaml in this folder", hint)


def _deck(cards: Path) -> tuple[Deck, list[Diagnostic]]:
    unknown = Deck("deck", "", None, sources=None)
    if not (cards / folder.DECK).exists():
        return unknown, [no_deck(cards)]
    document, problems = _document(cards, folder.DECK)
    if document is None:
        return unknown, problems
    wrong = named(document, (finding.diagnostic for finding in validate(document, "deck")))
    if wrong or document.refused:
        return unknown, problems + wrong
    value = document.value
    name = _text(value["deck"])
    if "::" in name:
        hint = "leave '::' out; a student can move the deck into any other in Anki"
        problems.append(error("deck-name", document.at("deck"), "a deck's name cannot hold '::'", hint))
    elif (kept := re.sub(r"[\x00-\x1f]", "", name).strip(": ")) != name:
        message = "Anki takes colons at the ends and tabs and line breaks out of a deck's name"
        problems.append(error("deck-name", document.at("deck"), message, f"write '{kept}'"))
    sources = {
        key: Source(**{part: _text(text) for part, text in source.items()})
        for key, source in value.get("sources", {}).items()
    }
    for key, source in sources.items():
        if source.url and not source.url.startswith(("https://", "http://")):
            place = document.at("sources", key, "url")
            problems.append(error("link-target", place, f"'{source.url}' is no web address", "start it with https://"))
    description = _text(value.get("description", ""))
    if description and "license" in value:
        description += f"\n\nLicence: {_text(value['license'])}"
    return Deck(value["id"], name, document, description, sources), problems


def _study_order(document: Document, found: dict[str, str], cards: Path) -> tuple[list[str], list[Diagnostic]]:
    """The section paths in study order; a section that is listed and also in a listed folder keeps its first place."""
    problems = []
    order: dict[str, None] = {}
    listed: set[str] = set()
    below: dict[str, list[str]] = {}
    for path in found:
        steps = _text(path).split("/")
        for depth in range(1, len(steps) + 1):
            below.setdefault("/".join(steps[:depth]), []).append(path)
    for index, entry in enumerate(document.value["sections"]):
        name = _text(entry).strip("/")
        members = below.get(name, [])
        if name in listed:
            place = document.at("sections", index)
            problems.append(error("section-twice", place, f"'{entry}' is listed twice", "delete one of the two"))
        elif not members:
            place = document.at("sections", index)
            known = dict.fromkeys([*found, *sorted(below)])
            hint = suggestion(name.removesuffix(".yaml"), known) or "write it, or delete the entry"
            problems.append(error("no-section", place, f"there is no section '{entry}' in this folder", hint))
        listed.add(name)
        order |= dict.fromkeys(members)
    for path in found:
        if path not in order:
            place = Place(folder.shown(cards, found[path]))
            message = f"section '{path}' is not listed in deck.yaml, so its notes would not be in the deck"
            problems.append(error("unlisted-section", place, message, f"add '{path}' to the sections of deck.yaml"))
    return [*order, *(path for path in found if path not in order)], problems


def _section(
    cards: Path, path: str, relative: str, deck_id: str
) -> tuple[Section | None, list[Note], list[Diagnostic]]:
    document, problems = _document(cards, relative)
    if document is None:
        return None, [], problems
    first = path.split("/")[0]
    if first.casefold() in RESERVED:
        hint = f"rename it; '{first}' names tags that hipdeck gives itself"
        problems.append(error("reserved-name", Place(document.path), f"a section cannot be called '{first}'", hint))
    value = document.value
    _read_booleans(value)
    findings = list(islice(validate(document, "section"), MOST_MISTAKES + 1))
    problems += [finding.diagnostic for finding in findings]
    if len(problems) > MOST_MISTAKES:
        return None, [], named(document, problems)
    if not isinstance(value, dict) or not isinstance(value.get("notes"), list):
        return None, [], problems
    wrong = {finding.path for finding in findings} | document.refused
    broken = {path[0] for path in wrong if path}
    top = {key: inner for key, inner in value.items() if key not in broken}
    tag_problems = _check_tags(document, top.get("tags", []), ())
    if tag_problems:
        problems += tag_problems
        del top["tags"]
    section = Section(
        path,
        _text(top.get("section", "")),
        document,
        top.get("kind", "fact"),
        tuple(full_tag(deck_id, tag) for tag in top.get("tags", [])),
        _citation(top.get("source", "")),
        len(value["notes"]),
    )
    broken_notes = {path[1] for path in wrong if path[:1] == ("notes",) and len(path) > 1}
    refused = {path[1] for path in document.refused if path[:1] == ("notes",) and len(path) == 2}
    notes = []
    for index, entry in enumerate(value["notes"]):
        if len(problems) > MOST_MISTAKES:
            break
        if not isinstance(entry, dict) or index in refused:
            continue
        form, form_problems = form_of(document, index, entry)
        if "tags" in entry and index not in broken_notes:
            form_problems += _check_tags(document, entry["tags"], ("notes", index))
        problems += form_problems
        if form and not form_problems and index not in broken_notes:
            notes.append(_note(section, index, entry, form, deck_id))
    problems = named(document, problems)
    document.let_go()
    return section, notes, problems


def _note(section: Section, index: int, entry: dict[str, Any], form: Form, deck_id: str) -> Note:
    get = entry.get
    own_tags = tuple([full_tag(deck_id, tag) for tag in entry["tags"]]) if "tags" in entry else ()
    own_source = "source" in entry
    allow = {rule: _text(reason) for rule, reason in entry["allow"].items()} if "allow" in entry else NOTHING_ALLOWED
    # By place and not by name, which would take twice as long, and a large deck has many.
    return Note(
        entry["id"],
        form,
        section,
        index,
        get("kind", section.kind),
        _text(get("question", "")),
        _text(get("answer", "")),
        tuple([_text(choice) for choice in entry["choices"]]) if "choices" in entry else (),
        _text(get("cloze", "")),
        _text(get("why", "")),
        _citation(entry["source"]) if own_source else section.citation,
        own_source,
        tuple(dict.fromkeys((*section.tags, *own_tags))) if own_tags else section.tags,
        own_tags,
        get("reverse", False),
        allow,
        _text(get("retired", "")),
        get("was", ""),
    )


def _read_booleans(value: Any) -> None:
    """Turn the text of each note's `reverse` into the boolean that the schema asks for."""
    if isinstance(value, dict) and isinstance(value.get("notes"), list):
        for entry in value["notes"]:
            if isinstance(entry, dict) and entry.get("reverse") in ("true", "false"):
                entry["reverse"] = entry["reverse"] == "true"


def _check_tags(document: Document, tags: list[str], path: tuple[Key, ...]) -> list[Diagnostic]:
    found = enumerate(map(_tag_problem, tags))
    return [at(document.at(*path, "tags", index), problem) for index, problem in found if problem]


@cache
def _tag_problem(tag: str) -> Problem | None:
    parts = [part.strip() for part in tag.split("::")]
    if len(parts) > DEEPEST_TAG:
        message = f"this tag has {len(parts):,} parts, and Anki shows each within the one before it"
        return Problem("bad-tag", message, f"write at most {DEEPEST_TAG}")
    if not all(parts):
        return Problem("bad-tag", f"'{tag}' has an empty part", "write it as outer::inner")
    if parts[0].casefold() in RESERVED:
        return Problem("reserved-name", f"'{parts[0]}' names tags that hipdeck gives itself", "use another word")
    return None


def _citation(text: str) -> Citation | None:
    if not text:
        return None
    source, _, locator = _text(text).partition(" ")
    return Citation(source, locator.strip())


def _text(text: str) -> str:
    # Anki stores NFC (its `normalize_note_text`), so what it would change is changed here. ASCII is NFC.
    return (text if text.isascii() else unicodedata.normalize("NFC", text)).strip()

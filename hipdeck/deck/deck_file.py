"""deck.yaml: the deck's name, id, description and sources, and the order of its sections."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from hipdeck.deck.documents import first_mistakes, read_document
from hipdeck.deck.notes import Deck, Source
from hipdeck.deck.texts import normalize, normalize_reasons
from hipdeck.deck.validation import validate
from hipdeck.diagnostics import MOST_MISTAKES, Diagnostic, Place, error
from hipdeck.names import Names
from hipdeck.source import folder
from hipdeck.source.document import Document

_ENDING = re.compile(r"(?:\.ya?ml)?(?:\.txt)?$", re.IGNORECASE)


def read_deck_file(cards: Path) -> tuple[Deck, list[str] | None, list[Diagnostic]]:
    """The deck without its sections and notes, the entries of `sections` if it has any, and the errors in deck.yaml.

    If deck.yaml can't be understood, the deck has no name and no document, and its sources and language aren't known.
    """
    unknown = Deck("deck", "", None, sources=None)
    if not folder.is_there(cards / folder.DECK):
        return unknown, None, [missing_deck_file(cards)]
    document, problems = read_document(cards, folder.DECK)
    if document is None:
        return unknown, None, problems
    shape = first_mistakes(document, (shape_error.diagnostic for shape_error in validate(document, "deck")))
    if shape or document.refused:
        return unknown, None, problems + shape
    value = document.value
    name = normalize(value["deck"])
    sources = {
        key: Source(**{part: normalize(text) for part, text in source.items()})
        for key, source in value.get("sources", {}).items()
    }
    problems += [*_name_problems(document, name), *_address_problems(document, sources)]
    deck = Deck(
        value["id"],
        name,
        document,
        _description(value),
        sources,
        language=value.get("language", ""),
        allow=normalize_reasons(value.get("allow", {})),
    )
    entries = [normalize(entry) for entry in value["sections"]] if "sections" in value else None
    return deck, entries, problems


def missing_deck_file(cards: Path) -> Diagnostic:
    """The error that a folder without a deck.yaml gets."""
    place = Place(folder.shown(cards, folder.DECK))
    hint = "write one that begins with the deck's name and its id: deck: …, and below it id: …"
    if other := folder.misnamed_deck(folder.files_below(cards)[0]):
        hint = f"rename '{other}' to '{folder.DECK}'"
    return error("no-deck", place, "there is no deck.yaml in this folder", hint)


def study_order(
    deck: Deck, entries: list[str] | None, files: Mapping[str, str], cards: Path
) -> tuple[list[str], list[Diagnostic]]:
    """The section paths in study order, and what's wrong with the entries of `sections`.

    An entry is a section or a folder of sections; a section that is in both keeps its first place. Without entries, the
    order is that of the paths. `files` maps the section paths to their files.
    """
    if not deck.document:
        return list(files), []
    if entries is None:
        return list(files), [] if files else [_no_section_file(deck.document)]
    problems: list[Diagnostic] = []
    order: dict[str, None] = {}
    listed: set[str] = set()
    below = _members(files)
    listed_rightly = {entry.strip("/") for entry in entries}
    names = Names([path for path in dict.fromkeys([*files, *sorted(below)]) if path not in listed_rightly])
    for index, entry in enumerate(entries):
        if len(problems) > MOST_MISTAKES:
            break
        name = entry.strip("/")
        if name in listed:
            place = deck.document.at("sections", index)
            problems.append(error("section-twice", place, f"'{entry}' is listed twice", "delete one of the two"))
        elif name not in below:
            place = deck.document.at("sections", index)
            name = _ENDING.sub("", name)
            near = names.near_miss(name)
            hint = f"did you mean '{near}'?" if near else names.choice or "add the file, or delete the entry"
            problems.append(error("no-section", place, f"there is no section '{entry}' in this folder", hint))
            name = near or name  # so that it's listed, though not as it should be
        listed.add(name)
        order |= dict.fromkeys(below.get(name, ()))
    problems = first_mistakes(deck.document, problems)
    unlisted = [path for path in files if path not in order]
    for path in unlisted:
        place = Place(folder.shown(cards, files[path]))
        message = f"section '{path}' is not listed in deck.yaml, so its notes would not be in the deck"
        hint = f"add '{path}' to the sections of deck.yaml, or delete `sections` there: then every file belongs"
        problems.append(error("unlisted-section", place, message, hint))
    return [*order, *unlisted], problems


def _no_section_file(document: Document) -> Diagnostic:
    hint = "write a file with notes, such as 'anatomy.yaml', and put it beside deck.yaml"
    return error("no-section", Place(document.path), "there is no section file in this folder", hint)


def _members(files: Mapping[str, str]) -> dict[str, list[str]]:
    """The sections that each path stands for: a section's for itself, a folder's for all sections in it."""
    members: dict[str, list[str]] = {}
    for path in files:
        steps = normalize(path).split("/")
        for depth in range(1, len(steps) + 1):
            members.setdefault("/".join(steps[:depth]), []).append(path)
    return members


def _name_problems(document: Document, name: str) -> Iterator[Diagnostic]:
    if "::" in name:
        hint = "leave '::' out; a student can move the deck into any other in Anki"
        yield error("deck-name", document.at("deck"), "a deck's name can't hold '::'", hint)
    elif (in_anki := re.sub(r"[\x00-\x1f]", "", name).strip(": ")) != name:
        message = "Anki removes colons at the ends, tabs and line breaks from a deck's name"
        yield error("deck-name", document.at("deck"), message, f"write '{in_anki}'")


def _address_problems(document: Document, sources: Mapping[str, Source]) -> Iterator[Diagnostic]:
    for key, source in sources.items():
        if source.url and not source.url.startswith(("https://", "http://")):
            place = document.at("sources", key, "url")
            yield error("link-target", place, f"'{source.url}' isn't a web address", "start it with https://")


def _description(value: dict[str, Any]) -> str:
    description = normalize(value.get("description", ""))
    if description and "license" in value:
        description += f"\n\nLicence: {normalize(value['license'])}"
    return description

"""What an edition brings, for students: Markdown that a coach can hand out with the package."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from hipdeck.console import plural
from hipdeck.deck.notes import Deck, Note
from hipdeck.editions.dates import month
from hipdeck.editions.difference_formats import describe_fields
from hipdeck.editions.differences import Difference, NoteChange
from hipdeck.editions.lock import Lock, LockedEdition, LockedNote
from hipdeck.editions.plan import Plan
from hipdeck.render.cloze import gaps
from hipdeck.render.fields import Fields
from hipdeck.render.markup import as_markdown, prose

_TITLE = re.compile(r"# .*, edition (\d{1,9}) of [\d-]+$", re.MULTILINE)

_SETTINGS = (
    "In the import window, leave *Merge note types* and the other switches off, and both *Update* settings on "
    "*If newer*. Anki starts that way, but remembers what you chose last."
)
_FIRST = "Open `{package}` in Anki. Later editions are imported the same way, over this one: your progress stays."
_LATER = (
    "Open `{package}` in Anki. It goes over the deck that you have: don't delete that, and your progress stays."
    "{changed} If you've skipped an edition, read its release notes too: they say which notes were retired."
)
_CHANGED = " On the notes under *Changed*, your own edits and tags are replaced; on all others they stay."
_CONFLICTING = (
    'If Anki reports notes that "were not imported, because their note type has changed", then you\'ve added or '
    "removed fields or card templates. Import the file again with *Merge note types* switched on. If you've added "
    "some, do the same with every later edition."
)
_SHOWN = (
    "~~Struck-through~~ text is gone, and **bold** text is new. To find these notes in Anki, search for this in Browse:"
)


class Release(NamedTuple):
    """What release notes are made of.

    `last` is the lock of the edition before. `notes` are those of the deck that aren't retired. `difference` is to the
    package of the edition before, if that's there. `message` is what the author says, as Markdown.
    """

    plan: Plan
    last: Lock
    deck: Deck
    notes: Sequence[Fields]
    difference: Difference | None = None
    message: str = ""


def release_notes(release: Release) -> str:
    """How to import an edition, and its new, changed and retired notes by section, as Markdown."""
    plan, deck = release.plan, release.deck
    last_edition = plan.lock.last
    title = f"# {_inline(deck.name)}, {last_edition.label if last_edition else 'draft'}"
    lines = [title, *_paragraph(release.message.strip())]
    lines += _first_edition(release) if len(plan.new) == len(plan.lock.notes) else _later_edition(release)
    return "\n".join(lines) + "\n"


def is_of_later_edition(path: Path, last: LockedEdition) -> bool:
    """Whether a file has the release notes of an edition after the last: one that was never made.

    Raises OSError if the file can't be read.
    """
    if not path.is_file():
        return False
    title = _TITLE.match(path.read_text(encoding="utf-8", errors="replace"))
    return title is not None and int(title[1]) > last.number


def browse_search(deck: Deck, searches: Sequence[str]) -> str:
    """Combine searches into one for Anki's Browse window: it finds what any of them finds in the deck."""
    return f'"tag:{deck.id}::*" ({" OR ".join(searches)})'


def _first_edition(release: Release) -> list[str]:
    """Nothing is there to compare it with: its sections, and how many notes they have."""
    cards = sum(len(fields.ordinals) for fields in release.notes)
    sections = _sections(fields.note for fields in release.notes)
    return [
        *_paragraph(f"The first edition: {plural(len(release.notes), 'note')}, {plural(cards, 'card')}."),
        *_heading("How to import it"),
        *_paragraph(_FIRST.format(package=f"{release.deck.id}.apkg")),
        *_paragraph(_SETTINGS),
        *_heading("Sections"),
        "",
        *(f"- {_inline(notes[0].section.title)}: {plural(len(notes), 'note')}" for notes in sections),
    ]


def _later_edition(release: Release) -> list[str]:
    plan, deck = release.plan, release.deck
    lists = {"new": plan.new, "changed": plan.changed, "retired": plan.retired}
    counts = [f"{len(ids)} {name}" for name, ids in lists.items() if ids]
    lines = [
        *_paragraph(f"Notes: {', '.join(counts) or 'none changed'}."),
        *_paragraph(_looks(plan.types)),
        *_heading("How to import it"),
        *_paragraph(_LATER.format(package=f"{deck.id}.apkg", changed=_CHANGED if plan.changed else "")),
        *_paragraph(_SETTINGS),
    ]
    notes = {note.id: note for note in deck.notes}
    new, changed, retired = ([notes[id_] for id_ in ids] for ids in lists.values())
    lines += [*_heading("New"), *_notes_by_section(new, {})] if new else []
    if changed:
        search = f"tag:{deck.id}::updated::{month(plan.lock.modified)}"
        lines += [*_heading("Changed"), *_paragraph(_SHOWN), *_paragraph(f"    {search}")]
        lines += _notes_by_section(changed, _changes(release))
    lines += [*_heading("Retired"), *_notes_by_section(retired, _questions(release, retired))] if retired else []
    lines += _leftovers(browse_search(deck, plan.leftovers)) if plan.leftovers else []
    return [*lines, *_heading("If Anki leaves notes out"), *_paragraph(_CONFLICTING)]


def _changes(release: Release) -> dict[str, list[str]]:
    """What has changed in each note, by id: its new cards, and its fields before and after."""
    plan, difference = release.plan, release.difference
    before = {note.guid: note for note in release.last.notes.values()}
    changes = {id_: _new_cards(before.get(plan.lock.notes[id_].guid), plan.lock.notes[id_]) for id_ in plan.changed}
    if difference:
        for change in difference.changed:
            if change.id in changes:
                # A reverse card is named already.
                fields = [field for field in change.fields if field.name != "Reverse"]
                changes[change.id] += describe_fields(fields, difference.most_pairs) + _tags(change, release.deck)
    return changes


def _questions(release: Release, retired: Iterable[Note]) -> dict[str, list[str]]:
    """What the retired notes asked whose text is gone from the deck, by id."""
    gone = release.difference.gone if release.difference else ()
    headings = {change.id: _inline(change.heading) for change in gone}
    without = [note.id for note in retired if not note.heading and note.id in headings]
    return {id_: [f"  - It asked: {headings[id_]}"] for id_ in without}


def _new_cards(old: LockedNote | None, new: LockedNote) -> list[str]:
    """The cards that a note has beside those that students have of it."""
    if not old:
        return []
    numbers = [number for number in new.clozes if number not in old.clozes]
    what = ["a card that asks the other way round"] if new.reverse and not old.reverse else []
    what += [f"a card for the text hidden as {', '.join(f'c{number}' for number in numbers)}"] if numbers else []
    return [f"  - New: {text}" for text in what]


def _tags(change: NoteChange, deck: Deck) -> list[str]:
    updated = f"{deck.id}::updated::"
    tags = [f"~~{as_markdown(tag)}~~" for tag in change.tags_out if not tag.startswith(updated)]
    tags += [f"**{as_markdown(tag)}**" for tag in change.tags_in if not tag.startswith(updated)]
    return [f"  - Tags: {' '.join(tags)}"] if tags else []


def _notes_by_section(notes: Iterable[Note], details: Mapping[str, Collection[str]]) -> Iterator[str]:
    for members in _sections(notes):
        yield from ("", f"### {_inline(members[0].section.title)}", "")
        for note in members:
            yield _line(note)
            yield from details.get(note.id, ())


def _sections(notes: Iterable[Note]) -> Collection[list[Note]]:
    """The notes of each section, in the order in which the first of them come."""
    sections: dict[str, list[Note]] = {}
    for note in notes:
        sections.setdefault(note.section.path, []).append(note)
    return sections.values()


def _looks(types: Iterable[str]) -> str:
    names = " and ".join(f"{role} cards" for role in sorted(types, reverse=True))
    text = f"Cards look different: {names} have a new design. It replaces changes you made to theirs yourself."
    return text if names else ""


def _leftovers(search: str) -> list[str]:
    return [
        *_heading("What is left behind"),
        *_paragraph("Importing doesn't remove retired notes. To find their cards in Anki, search for this in Browse:"),
        *_paragraph(f"    {search}"),
        *_paragraph("Then suspend them. If you delete them, your progress on them is lost for good."),
    ]


def _line(note: Note) -> str:
    # Students read this: what a cloze hides stays hidden.
    text = gaps(prose(note.heading))
    # The rest is Markdown already, except for what would be HTML outside of a card.
    text = re.sub(r"(<|&(?=#?\w+;))", r"\\\1", " ".join(text.split()))
    reason = f": {_inline(note.retired)}" if note.retired else ""
    return f"- {text} (`{note.id}`){reason}" if text else f"- `{note.id}`{reason}"


def _heading(text: str) -> list[str]:
    return ["", f"## {text}"]


def _paragraph(text: str) -> list[str]:
    return ["", text] if text else []


def _inline(text: str) -> str:
    return as_markdown(" ".join(text.split()))

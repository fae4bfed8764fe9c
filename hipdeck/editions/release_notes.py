"""What an edition brings, for students: Markdown that a coach can hand out with the package."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from hipdeck.deck.notes import Deck, Note
from hipdeck.editions.lock import LockedEdition
from hipdeck.editions.plan import Plan
from hipdeck.render.cloze import gaps
from hipdeck.render.markup import as_markdown, prose

_TITLE = re.compile(r"# .*, edition (\d{1,9}) of [\d-]+$", re.MULTILINE)


def release_notes(plan: Plan, deck: Deck) -> str:
    """The new, changed and retired notes of a planned edition by section, as Markdown.

    A first edition lists only its sections: there is nothing to compare it with.
    """
    notes = {note.id: note for note in deck.notes}
    first = len(plan.new) == len(plan.lock.notes)
    lists = {"New": plan.new, "Changed": plan.changed, "Retired": plan.retired}
    counts = [f"{len(ids)} {name.lower()}" for name, ids in lists.items() if ids]
    edition = plan.lock.last
    title = f"# {_inline(deck.name)}, {edition.label if edition else 'draft'}"
    lines = [title, "", f"Notes: {', '.join(counts) or 'none changed'}."]
    for name, ids in lists.items():
        if ids:
            lines += ["", f"## {name}"]
            lines += _sections(deck) if first else _notes_by_section([notes[id_] for id_ in ids])
    if plan.types and not first:
        lines += _looks(plan.types)
    if plan.leftovers:
        lines += _leftovers(browse_search(deck, plan.leftovers))
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


def _sections(deck: Deck) -> list[str]:
    return ["", *(f"- {_inline(section.title)}" for section in deck.sections)]


def _notes_by_section(notes: Iterable[Note]) -> Iterator[str]:
    sections: dict[str, list[Note]] = {}
    for note in notes:
        sections.setdefault(note.section.path, []).append(note)
    for members in sections.values():
        yield from ("", f"### {_inline(members[0].section.title)}", "")
        yield from map(_line, members)


def _looks(types: Iterable[str]) -> list[str]:
    names = " and ".join(f"{role} cards" for role in sorted(types, reverse=True))
    return ["", f"Cards look different: {names} have a new design. It replaces changes you made to theirs yourself."]


def _leftovers(search: str) -> list[str]:
    return [
        "",
        "## What is left behind",
        "",
        "Importing doesn't remove retired notes. To find their cards in Anki, search for this in Browse:",
        "",
        f"    {search}",
        "",
        "Then suspend them. (If you delete a note, its history is lost for good.)",
    ]


def _line(note: Note) -> str:
    # Students read this: what a cloze hides stays hidden.
    text = gaps(prose(note.heading))
    # The rest is Markdown already, except for what would be HTML outside of a card.
    text = re.sub(r"(<|&(?=#?\w+;))", r"\\\1", " ".join(text.split()))
    reason = f": {_inline(note.retired)}" if note.retired else ""
    return f"- {text} (`{note.id}`){reason}" if text else f"- `{note.id}`{reason}"


def _inline(text: str) -> str:
    return as_markdown(" ".join(text.split()))

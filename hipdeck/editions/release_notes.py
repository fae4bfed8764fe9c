"""What an edition brings, told to students: Markdown that a coach can hand out beside the package."""

from __future__ import annotations

import re
from collections.abc import Sequence

from hipdeck.deck.notes import Deck, Note, prose
from hipdeck.editions.dates import day
from hipdeck.editions.plan import Plan
from hipdeck.render.cloze import gaps
from hipdeck.render.markup import as_markdown


def release_notes(made: Plan, deck: Deck, now: int) -> str:
    """What is new, changed and retired, by section, in Markdown that a coach can hand to students."""
    by_id = {note.id: note for note in deck.notes}
    # A first edition is told by its sections; there is nothing to compare it with.
    first = len(made.new) == len(made.lock.notes)
    lists = {"New": made.new, "Changed": made.changed, "Retired": made.retired}
    counts = [f"{len(ids)} {name.lower()}" for name, ids in lists.items() if ids]
    lines = [
        f"# {_inline(deck.name)}, edition of {day(now)}",
        "",
        f"Notes: {', '.join(counts) or 'none changed'}.",
    ]
    for what, ids in lists.items():
        if not ids:
            continue
        lines += ["", f"## {what}"]
        if first:
            lines += ["", *(f"- {_inline(section.title)}" for section in deck.sections)]
            continue
        titles = dict.fromkeys((by_id[id_].section.path, by_id[id_].section.title) for id_ in ids)
        for path, title in titles:
            lines += ["", f"### {_inline(title)}", ""]
            lines += [_line(by_id[id_]) for id_ in ids if by_id[id_].section.path == path]
    if made.left:
        lines += [
            "",
            "## What is left behind",
            "",
            "Importing does not remove a retired note. To find its cards in Anki, search in Browse for",
            "",
            f"    {browse_search(deck, made.left)}",
            "",
            "and suspend them. (A note that is deleted loses its history for good.)",
        ]
    return "\n".join(lines) + "\n"


def browse_search(deck: Deck, searches: Sequence[str]) -> str:
    """The search that finds what any of some searches finds in a deck, in Anki's Browse window."""
    return f'"tag:{deck.id}::*" ({" OR ".join(searches)})'


def _line(note: Note) -> str:
    # What a cloze hides is not told here; students read these notes.
    text = gaps(prose(note.heading))
    # The rest is Markdown as it is, but for what only a card takes for text.
    text = re.sub(r"(<|&(?=#?\w+;))", r"\\\1", " ".join(text.split()))
    reason = f": {_inline(note.retired)}" if note.retired else ""
    return f"- {text} (`{note.id}`){reason}"


def _inline(text: str) -> str:
    return as_markdown(" ".join(text.split()))

"""What `build` and `release` say at the end: what is in the package, and what has changed since the last edition."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from hipdeck.commands.shared.building import MOST_SHOWN, Built
from hipdeck.commands.shared.checking import Checked
from hipdeck.console import plural, success
from hipdeck.deck.notes import KINDS
from hipdeck.editions.plan import Plan
from hipdeck.render.fields import Fields

_MOST_NAMED = 10


class Row(NamedTuple):
    """A line of the table: a section, its notes and cards, and its notes by kind."""

    section: str
    notes: int
    cards: int
    kinds: dict[str, int]


def section_rows(checked: Checked) -> list[Row]:
    """A row for each section that has notes, in study order."""
    by_section: dict[str, list[Fields]] = {}
    for fields in checked.fields:
        by_section.setdefault(fields.note.section.path, []).append(fields)
    rows = []
    for section, members in by_section.items():
        kinds = Counter(fields.note.kind for fields in members)
        cards = sum(len(fields.ordinals) for fields in members)
        rows.append(Row(section, len(members), cards, {kind: kinds[kind] for kind in KINDS}))
    return rows


def table(rows: Sequence[Row]) -> str:
    """The rows and their sums as columns: the section, then numbers, right-aligned."""
    numbers = [[row.notes, row.cards, *row.kinds.values()] for row in rows]
    sums = [sum(column) for column in zip(*numbers, strict=True)]
    cells = [
        ["section", "notes", "cards", *KINDS],
        *([row.section, *map(str, line)] for row, line in zip(rows, numbers, strict=True)),
        ["", *map(str, sums)],
    ]
    first, *others = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return "\n".join(
        "  ".join([line[0].ljust(first), *(cell.rjust(width) for cell, width in zip(line[1:], others, strict=True))])
        for line in cells
    )


def describe_package(built: Built) -> str:
    """The package that was written, and what is in it."""
    checked = built.checked
    edition = checked.plan.lock.last
    parts = [
        *([edition.label] if edition and not built.package.stem.endswith("-draft") else []),
        plural(len(checked.fields), "note"),
        plural(checked.cards, "card"),
        plural(len(checked.pictures), "picture"),
        f"{max(1, round(built.size / 1000)):,} kB",
    ]
    return success(f"{built.package}: {', '.join(parts)}")


def describe_unseen(built: Built, output: Path) -> str:
    """Why the release notes don't show what has changed in each note."""
    before, changed = built.checked.last.last, built.checked.plan.changed
    missing = f"{before.label if before else 'the edition before'} isn't in {output / 'editions'}"
    reason = f"{len(changed):,} have changed" if len(changed) > MOST_SHOWN else missing
    return f"the release notes don't show what has changed in each note, since {reason}"


def describe_likeness(plan: Plan) -> list[str]:
    """What was written or made differently since the last edition and is no change to students, in a line each."""
    lines = []
    if plan.reworded:
        notes = _listed(plan.reworded)
        lines.append(
            f"{notes}: written differently, but students see no difference (white space, or a tag's capital letters); "
            "they stay as they are"
        )
    if plan.restyled:
        notes = _listed(plan.restyled)
        lines.append(
            f"{notes}: made differently by this hipdeck; students keep the old form, and --reissue ID delivers the new"
        )
    return lines


def _listed(ids: Sequence[str]) -> str:
    """How many notes there are, and the ids of the first ones."""
    first = ", ".join(ids[:_MOST_NAMED])
    return f"{plural(len(ids), 'note')} ({first}{', …' if len(ids) > _MOST_NAMED else ''})"


def describe_draft(checked: Checked) -> str:
    """What has changed since the last edition, in one line."""
    plan = checked.plan
    if not checked.last.last:
        return "no edition has been released yet"
    changes = {"new": plan.new, "changed": plan.changed, "retired": plan.retired, "gone": plan.gone}
    parts = [f"{len(ids)} {what}" for what, ids in changes.items() if ids]
    if plan.types:
        parts.append(plural(len(plan.types), "note type"))
    if plan.rearranged and not parts:
        parts.append("another study order or description")
    if plan.merged and not parts:
        parts.append("merged branches")
    *others, last = parts
    listed = f"{', '.join(others)} and {last}" if others else last
    return f"{listed} since {checked.last.last.label}"

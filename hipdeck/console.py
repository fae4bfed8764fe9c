"""Texts for the terminal: what was found, what was made, and how many of each.

Colours are ANSI codes, which click leaves out where the output is no terminal; with NO_COLOR there are none.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from hipdeck.diagnostics import Diagnostic, HipdeckError, Place, Severity, errors, printable

if TYPE_CHECKING:
    from hipdeck.commands.steps import Built, Checked, Row
    from hipdeck.deck.ids import Change

EXCERPT = 100
"""Characters of a source line that an excerpt shows at most."""

_BOLD = 1
_COLOURS: dict[Severity, int] = {"error": 31, "warning": 33}  # red and yellow


def report(diagnostics: Iterable[Diagnostic]) -> str:
    """Diagnostics for a terminal: place, severity, message and code; the source line with a mark; the hint."""
    sources: dict[str, list[str]] = {}
    blocks = []
    for one in diagnostics:
        path, line, column, _ = one.place
        lines = []
        if path not in sources:
            sources[path] = _lines(path) if path.endswith(".yaml") else []
        if line <= len(sources[path]):
            lines += _excerpt(one.place, sources[path][line - 1])
        if one.consequence:
            lines.append(f"  {one.consequence}")
        if one.hint:
            lines.append(f"  hint: {one.hint}")
        where = _styled(printable(f"{path}:{line}:{column}:"), _BOLD)
        head = f"{where} {_severity(one.severity)} {printable(one.message)} [{one.code}]"
        blocks.append("\n".join([head, *map(printable, lines)]))
    return "\n".join(blocks)


def failure(problem: HipdeckError) -> str:
    """What keeps hipdeck from working, and what to do about it."""
    lines = [f"{_severity('error')} {printable(problem.message)}"]
    if problem.hint:
        lines.append(printable(f"  hint: {problem.hint}"))
    return "\n".join(lines)


def count(diagnostics: Sequence[Diagnostic], files: int) -> str:
    """How many errors and warnings there are, in how many files."""
    wrong = len(errors(diagnostics))
    warnings = len(diagnostics) - wrong
    parts = [plural(wrong, "error")] if wrong or not warnings else []
    if warnings:
        parts.append(plural(warnings, "warning"))
    text = " and ".join(parts) if wrong or warnings else "no errors"
    return f"{text} in {plural(files, 'file')}"


def plural(number: int, noun: str) -> str:
    """A number and what it counts."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def table(rows: Sequence[Row]) -> str:
    """The summary as columns: the section, then numbers, right-aligned."""
    from hipdeck.deck.notes import KINDS

    lines = [[row.notes, row.cards, *row.kinds.values()] for row in rows]
    total = [sum(column) for column in zip(*lines, strict=True)]
    cells = [
        ["section", "notes", "cards", *KINDS],
        *([row.section, *map(str, line)] for row, line in zip(rows, lines, strict=True)),
        ["", *map(str, total)],
    ]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if column else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        for line in cells
    )


def summary(built: Built) -> str:
    """The package that was written, and what is in it."""
    rows = built.rows
    parts = [
        plural(sum(row.notes for row in rows), "note"),
        plural(sum(row.cards for row in rows), "card"),
        plural(len(built.checked.pictures), "picture"),
        f"{max(1, round(built.size / 1000)):,} kB",
    ]
    return f"{built.package}: {', '.join(parts)}"


def draft(checked: Checked) -> str:
    """What has changed since the last edition, in one line."""
    from hipdeck.editions.dates import day

    made = checked.plan
    if not checked.last_edition:
        return "no edition was released yet"
    counts = {
        "new": made.new,
        "changed": made.changed,
        "retired": made.retired,
        "gone": made.gone,
    }
    parts = [f"{len(ids)} {what}" for what, ids in counts.items() if ids]
    if made.types:
        parts.append(plural(len(made.types), "note type"))
    if made.rearranged and not parts:
        parts.append("another study order or description")
    listed = " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
    return f"{listed} since the edition of {day(checked.last_edition)}"


def difference(change: Change) -> list[str]:
    """What changes in a file, as a unified diff."""
    import difflib

    before, after = (text.removeprefix("\ufeff").splitlines() for text in (change.before, change.after))
    return list(difflib.unified_diff(before, after, change.path, change.path, lineterm=""))


def _severity(severity: Severity) -> str:
    return _styled(f"{severity}:", _COLOURS[severity])


def _styled(text: str, code: int) -> str:
    return text if os.environ.get("NO_COLOR") else f"\x1b[{code}m{text}\x1b[0m"


def _lines(path: str) -> list[str]:
    from pathlib import Path

    from hipdeck.source.folder import LARGEST_TEXT

    source = Path(path)
    try:
        # A link may lead out of the deck's folder, and a pipe would be waited for.
        if source.is_symlink() or not source.is_file() or source.stat().st_size > LARGEST_TEXT:
            return []
        # Not str.splitlines: it breaks lines where neither YAML nor an editor does.
        return source.read_text(encoding="utf-8-sig", errors="replace").split("\n")
    except OSError:
        return []


def _excerpt(place: Place, source: str) -> list[str]:
    start = max(0, place.column - 1 - EXCERPT // 2) if len(source) > EXCERPT else 0
    shown = source[start : start + EXCERPT].replace("\t", " ")
    if not shown.strip():
        return []
    before = shown[: place.column - 1 - start]
    marked = shown[len(before) : len(before) + max(1, place.length)]
    margin = len(str(place.line))
    return [
        f"  {place.line} | {shown}",
        f"  {' ' * margin} | {' ' * _width(before)}{'^' * max(1, _width(marked))}",
    ]


def _width(text: str) -> int:
    """Terminal columns: wide characters take two, combining marks none."""
    import unicodedata

    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in printable(text)
    )

"""The output formats of errors and warnings: for people, for programs, and for GitHub.

A format is a function from diagnostics to text, and a line in `FORMATS`. That's all `hipdeck check` needs to offer it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from hipdeck.console import accent, bold, json_text, label, plural, printable
from hipdeck.diagnostics import Diagnostic, Place, errors
from hipdeck.source.folder import LARGEST_TEXT

MOST_WARNINGS = 20
"""Warnings of one code that a command prints; whoever has more of them wants the count first."""

EXCERPT = 100
"""The most characters of a source line that an excerpt shows."""


def to_text(diagnostics: Iterable[Diagnostic]) -> str:
    """A block for each diagnostic: place, severity, message, and code; the source line with a mark; the hint."""
    sources: dict[str, list[str]] = {}
    blocks = []
    for diagnostic in diagnostics:
        path, line, column, _ = diagnostic.place
        if path not in sources:
            sources[path] = _source_lines(path)
        lines = []
        if line <= len(sources[path]):
            lines += _excerpt(diagnostic.place, sources[path][line - 1])
        if diagnostic.consequence:
            lines.append(f"  {printable(diagnostic.consequence)}")
        if diagnostic.hint:
            lines.append(f"  {accent('hint:')} {printable(diagnostic.hint)}")
        place = bold(printable(f"{path}:{line}:{column}:"))
        head = f"{place} {label(diagnostic.severity)} {printable(diagnostic.message)} [{diagnostic.code}]"
        blocks.append("\n".join([head, *lines]))
    return "\n".join(blocks)


def to_json(diagnostics: Iterable[Diagnostic]) -> str:
    """A JSON array with an object for each diagnostic.

    Its keys are path, line, column, severity, code, message, consequence, and hint.
    """
    rows = [
        {
            "path": diagnostic.place.path,
            "line": diagnostic.place.line,
            "column": diagnostic.place.column,
            "severity": diagnostic.severity,
            "code": diagnostic.code,
            "message": diagnostic.message,
            "consequence": diagnostic.consequence,
            "hint": diagnostic.hint,
        }
        for diagnostic in diagnostics
    ]
    return json_text(rows)


def to_github(diagnostics: Iterable[Diagnostic]) -> str:
    """A workflow command for each diagnostic, which GitHub shows beside the changed lines of a pull request."""
    lines = []
    for diagnostic in diagnostics:
        path, line, column, length = diagnostic.place
        properties = {
            "file": path,
            "line": line,
            "col": column,
            "endColumn": column + length,
            "title": diagnostic.code,
        }
        listed = ",".join(f"{name}={_escaped(str(value), ':,')}" for name, value in properties.items())
        parts = (diagnostic.message, diagnostic.consequence, diagnostic.hint)
        message = "\n".join(part for part in parts if part)
        lines.append(f"::{diagnostic.severity} {listed}::{_escaped(message)}")
    return "\n".join(lines)


class Format(NamedTuple):
    """A function from diagnostics to text, and how that text is printed."""

    write: Callable[[Iterable[Diagnostic]], str]
    on_standard_error: bool = False
    with_count: bool = True
    """Whether the number of errors and warnings comes after it."""
    is_raw: bool = False
    """Whether it's printed as it is, because it commands a workflow on purpose."""
    is_complete: bool = True
    """Whether it always holds all diagnostics, however many warnings there are of one code."""


FORMATS = {
    "text": Format(to_text, on_standard_error=True, is_complete=False),
    "json": Format(to_json, with_count=False),
    "github": Format(to_github, is_raw=True),
}
"""The values of `hipdeck check --format`."""


def count_problems(diagnostics: Sequence[Diagnostic], files: int) -> str:
    """The number of errors and warnings, and of the files that have some, or else of the files that were read."""
    if not diagnostics:
        return f"no errors in {plural(files, 'file')}"
    wrong = len(errors(diagnostics))
    warnings = len(diagnostics) - wrong
    parts = [plural(wrong, "error")] if wrong else []
    if warnings:
        parts.append(plural(warnings, "warning"))
    paths = {diagnostic.place.path for diagnostic in diagnostics}
    return f"{' and '.join(parts)} in {plural(len(paths), 'file')}"


def count_codes(diagnostics: Iterable[Diagnostic]) -> str:
    """How many diagnostics of each code there are, the most frequent first."""
    codes = Counter(diagnostic.code for diagnostic in diagnostics)
    return ", ".join(f"{count:,} {code}" for code, count in sorted(codes.items(), key=lambda item: (-item[1], item[0])))


def first_warnings(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """All errors, and of the warnings the first MOST_WARNINGS of each code."""
    shown: Counter[str] = Counter()
    first = []
    for diagnostic in diagnostics:
        shown[diagnostic.code] += diagnostic.severity == "warning"
        if diagnostic.severity == "error" or shown[diagnostic.code] <= MOST_WARNINGS:
            first.append(diagnostic)
    return first


def _escaped(text: str, signs: str = "") -> str:
    """A text for a workflow command: what would end it, or one of its values, becomes a percent sign and a number."""
    return "".join(f"%{ord(c):02X}" if c in "%\r\n" or c in signs else c for c in text)


def _source_lines(path: str) -> list[str]:
    """The lines of a card file, to quote from; none if it can't be read."""
    if not path.endswith(".yaml"):
        return []
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
    """The part of a source line around a place, and a line that marks the place."""
    start = max(0, place.column - 1 - EXCERPT // 2) if len(source) > EXCERPT else 0
    shown = source[start : start + EXCERPT].replace("\t", " ")
    if not shown.strip():
        return []
    before = shown[: place.column - 1 - start]
    marked = shown[len(before) : len(before) + max(1, place.length)]
    margin = len(str(place.line))
    return [
        f"  {place.line} | {printable(shown)}",
        f"  {' ' * margin} | {' ' * _width(before)}{accent('^' * max(1, _width(marked)))}",
    ]


def _width(text: str) -> int:
    """Terminal columns: wide characters take two, combining marks none."""
    if text.isascii() and text.isprintable():
        return len(text)
    import unicodedata

    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in printable(text)
    )

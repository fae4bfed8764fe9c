"""What hipdeck tells an author: a place, a code, what is wrong, and what to do next.

A mistake in a card file is a returned `Diagnostic`, never an exception. `HipdeckError` is for the environment: a folder
that is not there, a disk that is full. Anything else that is raised is a bug.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

Severity = Literal["error", "warning"]
Key = str | int
"""A step to a value of a file: the key of a mapping, or the index of a list."""

MOST_MISTAKES = 200
"""Mistakes of one file that are named; nobody reads more, and a file that is none at all could have a million."""


class HipdeckError(Exception):
    """The environment keeps hipdeck from working; `hint` says what to do about it."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class Place(NamedTuple):
    """Where something stands in a source file. `line` and `column` count from 1, in characters; so does `length`."""

    path: str
    line: int = 1
    column: int = 1
    length: int = 1


class Problem(NamedTuple):
    """What is wrong with a text, said by something that does not know where the text stands."""

    code: str
    message: str
    hint: str = ""
    needle: str = ""
    """The part of the text that is wrong, where it is only a part."""


class Diagnostic(NamedTuple):
    """One thing to tell the author."""

    severity: Severity
    code: str
    place: Place
    message: str
    hint: str = ""
    consequence: str = ""
    """What it would mean for students, where it would mean something for them."""


def error(code: str, place: Place, message: str, hint: str = "") -> Diagnostic:
    """A diagnostic that keeps a package from being written."""
    return Diagnostic("error", code, place, message, hint)


def warning(code: str, place: Place, message: str, hint: str = "", consequence: str = "") -> Diagnostic:
    """A diagnostic that a package can be written in spite of."""
    return Diagnostic("warning", code, place, message, hint, consequence)


def at(place: Place, problem: Problem) -> Diagnostic:
    """The error that a problem is, once its place is known."""
    return error(problem.code, place, problem.message, problem.hint)


def errors(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The errors alone."""
    return [diagnostic for diagnostic in diagnostics if diagnostic.severity == "error"]


def as_errors(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The same diagnostics, every warning made an error (`--strict`)."""
    return [diagnostic._replace(severity="error") for diagnostic in diagnostics]


def in_order(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Each diagnostic once, by file, line and column."""
    return sorted(dict.fromkeys(diagnostics), key=lambda diagnostic: (diagnostic.place, diagnostic.code))


def suggestion(word: str, known: Iterable[str]) -> str:
    """A hint that names the near miss, or all there is to choose from."""
    names = list(known)
    near = near_miss(word, names)
    if near:
        return f"did you mean '{near}'?"
    return "write one of: " + ", ".join(names) if names else ""


def near_miss(word: str, known: Iterable[str]) -> str:
    """The known name that a word was probably meant to be, or nothing."""
    # Imported late: it is asked for where something is wrong.
    import difflib

    folded = {name.casefold(): name for name in known}
    near = difflib.get_close_matches(word.casefold(), list(folded), n=1, cutoff=0.6)
    return folded[near[0]] if near else ""


def to_json(diagnostics: Iterable[Diagnostic]) -> str:
    """A JSON array with an object a diagnostic: path, line, column, severity, code, message, consequence and hint."""
    rows = [
        {
            "path": one.place.path,
            "line": one.place.line,
            "column": one.place.column,
            "severity": one.severity,
            "code": one.code,
            "message": one.message,
            "consequence": one.consequence,
            "hint": one.hint,
        }
        for one in diagnostics
    ]
    return json_text(rows)


def json_text(value: object) -> str:
    """A value as JSON that people can read; what would steer a terminal is escaped."""
    import json

    text = json.dumps(value, ensure_ascii=False, indent=2)
    return "".join(c if c.isprintable() or c == "\n" else json.dumps(c)[1:-1] for c in text)


def to_github(diagnostics: Iterable[Diagnostic]) -> str:
    """Workflow commands, a line a diagnostic, which GitHub shows beside the changed lines of a pull request."""
    lines = []
    for one in diagnostics:
        path, line, column, length = one.place
        where = {"file": path, "line": line, "col": column, "endColumn": column + length, "title": one.code}
        values = ",".join(f"{key}={_escaped(str(value), ':,')}" for key, value in where.items())
        said = "\n".join(part for part in (one.message, one.consequence, one.hint) if part)
        lines.append(f"::{one.severity} {values}::{_escaped(said)}")
    return "\n".join(lines)


def _escaped(text: str, signs: str = "") -> str:
    """A text for a workflow command: what would end it, or one of its values, as a percent sign and a number."""
    return "".join(f"%{ord(c):02X}" if c in "%\r\n" or c in signs else c for c in text)


def printable(text: str) -> str:
    """The text without what would steer a terminal: a control character shows as its code point."""
    return "".join(c if c.isprintable() else f"<U+{ord(c):04X}>" for c in text)

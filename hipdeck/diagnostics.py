"""What hipdeck tells an author: a place, a code, what is wrong, and what to do next.

A mistake in a card file is a returned `Diagnostic`, never an exception. `HipdeckError` is for the environment: a
missing folder, a full disk. Anything else that is raised is a bug.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

Severity = Literal["error", "warning"]
Key = str | int
"""A step to a value of a file: the key of a mapping, or the index of a list."""

MOST_MISTAKES = 200
"""The most mistakes that are named in a file; nobody reads more, and a file of something else could have a million."""


class HipdeckError(Exception):
    """The environment keeps hipdeck from working; `hint` says what to do about it."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class Place(NamedTuple):
    """Where something is in a source file. `line` and `column` count from 1; columns and `length` are characters."""

    path: str
    line: int = 1
    column: int = 1
    length: int = 1


class Problem(NamedTuple):
    """What is wrong with a text, found by code that doesn't know where the text is."""

    code: str
    message: str
    hint: str = ""
    needle: str = ""
    """The part of the text that is wrong, if it's only a part."""


class Diagnostic(NamedTuple):
    """One thing to tell the author."""

    severity: Severity
    code: str
    place: Place
    message: str
    hint: str = ""
    consequence: str = ""
    """What it would mean for students, if anything."""


def error(code: str, place: Place, message: str, hint: str = "") -> Diagnostic:
    """A diagnostic that keeps a package from being written."""
    return Diagnostic("error", code, place, message, hint)


def warning(code: str, place: Place, message: str, hint: str = "", consequence: str = "") -> Diagnostic:
    """A diagnostic that doesn't keep a package from being written."""
    return Diagnostic("warning", code, place, message, hint, consequence)


def at(place: Place, problem: Problem) -> Diagnostic:
    """A problem as an error, now that its place is known."""
    return error(problem.code, place, problem.message, problem.hint)


def errors(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Only the errors."""
    return [diagnostic for diagnostic in diagnostics if diagnostic.severity == "error"]


def as_errors(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The same diagnostics, with every warning turned into an error (`--strict`)."""
    return [diagnostic._replace(severity="error") for diagnostic in diagnostics]


def in_order(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Each diagnostic once, sorted by file, line, and column."""
    return sorted(dict.fromkeys(diagnostics), key=lambda diagnostic: (diagnostic.place, diagnostic.code))

"""Text for the terminal: nothing in it can steer the terminal, and colors say what is an error and what a warning.

Colors are ANSI codes, which click leaves out if the output isn't a terminal; with NO_COLOR there are none.
"""

from __future__ import annotations

import os

from hipdeck.diagnostics import HipdeckError, Severity

_BOLD = 1
_COLORS: dict[Severity, int] = {"error": 31, "warning": 33}  # red and yellow


def printable(text: str) -> str:
    """The text without what would steer a terminal: a control character shows as its code point."""
    return "".join(c if c.isprintable() else f"<U+{ord(c):04X}>" for c in text)


def json_text(value: object) -> str:
    """A value as JSON that people can read; what would steer a terminal is escaped."""
    import json

    text = json.dumps(value, ensure_ascii=False, indent=2)
    return "".join(c if c.isprintable() or c == "\n" else json.dumps(c)[1:-1] for c in text)


def plural(number: int, noun: str) -> str:
    """A number and what it counts."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def bold(text: str) -> str:
    """The text in bold."""
    return _styled(text, _BOLD)


def label(severity: Severity) -> str:
    """`error:` or `warning:`, in its color."""
    return _styled(f"{severity}:", _COLORS[severity])


def failure(problem: HipdeckError) -> str:
    """What keeps hipdeck from working, and what to do about it."""
    lines = [f"{label('error')} {printable(problem.message)}"]
    if problem.hint:
        lines.append(printable(f"  hint: {problem.hint}"))
    return "\n".join(lines)


def _styled(text: str, code: int) -> str:
    return text if os.environ.get("NO_COLOR") else f"\x1b[{code}m{text}\x1b[0m"

"""Text for the terminal: nothing in it can steer the terminal, and colors say what is an error and what a warning.

Colors are ANSI codes, which click leaves out if the output isn't a terminal; with NO_COLOR there are none.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable

from hipdeck.diagnostics import HipdeckError, Severity


class _Characters(dict[int, str]):
    """What is printed for each character, by its number: what `escape` makes of those that would steer a terminal.

    `others` don't, nor do printable ones.

    For str.translate, which takes a tenth of the time and memory that looking at each character in Python does.
    """

    def __init__(self, escape: Callable[[str], str], others: str = "") -> None:
        super().__init__({ord(c): c for c in others})
        self.escape = escape

    def __missing__(self, number: int) -> str:
        character = chr(number)
        self[number] = character if character.isprintable() else self.escape(character)
        return self[number]


_BOLD = 1
_GREEN = 32
_CYAN = 36
_OWN_STYLES = re.compile("(\x1b\\[(?:0|1|31|32|33|36)m)")
# GitHub's runner takes a line that begins with `::`, and `##[` anywhere, as a command of the workflow
# (actions/runner, ActionCommand.cs).
_COMMAND = re.compile(r"^([^\S\n]*):(?=:)|(?<=##)\[", re.MULTILINE)
_TERMINAL = _Characters(lambda c: f"<U+{ord(c):04X}>")
_TERMINAL_LINES = _Characters(_TERMINAL.escape, "\n")
_COLORS: dict[Severity, int] = {"error": 31, "warning": 33}  # red and yellow


def printable(text: str) -> str:
    """The text without what would steer a terminal: a control character shows as its code point."""
    return text if text.isprintable() else text.translate(_TERMINAL)


def printable_lines(text: str) -> str:
    """Several lines of text without what would steer a terminal."""
    return text.translate(_TERMINAL_LINES)


def harmless(text: str) -> str:
    """Lines of output as they may be printed: nothing in them steers a terminal or commands a workflow on GitHub."""
    parts = _OWN_STYLES.split(text)
    lines = "".join(part if index % 2 else printable_lines(part) for index, part in enumerate(parts))
    return _COMMAND.sub(_code_point, lines)


def _code_point(sign: re.Match[str]) -> str:
    return f"{sign[1] or ''}<U+{ord(sign[0][-1]):04X}>"


def json_text(value: object) -> str:
    """A value as JSON that people can read; what would steer a terminal is escaped."""
    import io
    import json

    # Not json.dumps, which gathers a piece for each key, value and comma first.
    text = io.StringIO()
    json.dump(value, text, ensure_ascii=False, indent=2)
    # Nothing but a text holds `##[`, which is a command to GitHub's runner.
    lines = text.getvalue().replace("##[", "##\\u005b")
    return lines.translate(_Characters(lambda c: json.dumps(c)[1:-1], "\n"))


def plural(number: int, noun: str) -> str:
    """A number and what it counts."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def bold(text: str) -> str:
    """The text in bold."""
    return _styled(text, _BOLD)


def success(text: str) -> str:
    """The line that says that all is well, in green."""
    return _styled(text, _GREEN)


def accent(text: str) -> str:
    """What leads the eye to a place or to what to do next: carets, and the word before a hint."""
    return _styled(text, _CYAN)


def label(severity: Severity) -> str:
    """`error:` or `warning:`, in its color."""
    return _styled(f"{severity}:", _COLORS[severity])


def failure(problem: HipdeckError) -> str:
    """What keeps hipdeck from working, and what to do about it."""
    hint = f"\n  {accent('hint:')} {printable(problem.hint)}" if problem.hint else ""
    return f"{label('error')} {printable(problem.message)}{hint}"


def _styled(text: str, code: int) -> str:
    return text if os.environ.get("NO_COLOR") else f"\x1b[{code}m{text}\x1b[0m"

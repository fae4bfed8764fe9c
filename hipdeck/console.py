"""Text for the terminal: nothing in it can steer the terminal, and colors say what is an error and what a warning.

Colors are ANSI codes, which click leaves out if the output isn't a terminal; with NO_COLOR there are none.
"""

from __future__ import annotations

import os
import re

from hipdeck.diagnostics import HipdeckError, Severity

_BOLD = 1
_GREEN = 32
_CYAN = 36
_OWN_STYLES = re.compile("(\x1b\\[(?:0|1|31|32|33|36)m)")
# GitHub's runner takes a line that begins with `::`, and `##[` anywhere, as a command of the workflow
# (actions/runner, ActionCommand.cs).
_COMMAND = re.compile(r"^(\s*):(?=:)|(?<=##)\[")
_COLORS: dict[Severity, int] = {"error": 31, "warning": 33}  # red and yellow


def printable(text: str) -> str:
    """The text without what would steer a terminal: a control character shows as its code point."""
    return "".join(c if c.isprintable() else f"<U+{ord(c):04X}>" for c in text)


def harmless(text: str) -> str:
    """Lines of output as they may be printed: nothing in them steers a terminal or commands a workflow on GitHub."""
    return "\n".join(_COMMAND.sub(_code_point, _printable_line(line)) for line in text.split("\n"))


def _printable_line(line: str) -> str:
    """The line with hipdeck's own styles, and nothing else that isn't text."""
    if line.isprintable():
        return line
    return "".join(part if index % 2 else printable(part) for index, part in enumerate(_OWN_STYLES.split(line)))


def _code_point(sign: re.Match[str]) -> str:
    return f"{sign[1] or ''}<U+{ord(sign[0][-1]):04X}>"


def json_text(value: object) -> str:
    """A value as JSON that people can read; what would steer a terminal is escaped."""
    import json

    # Nothing but a text holds `##[`, which is a command to GitHub's runner.
    text = json.dumps(value, ensure_ascii=False, indent=2).replace("##[", "##\\u005b")
    return "".join(c if c.isprintable() or c == "\n" else json.dumps(c)[1:-1] for c in text)


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

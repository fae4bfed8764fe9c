"""libyaml's syntax errors in the author's words.

libyaml says what its grammar wanted ("did not find expected key"); an author wants to know what to type. Most broken
card files hold a good text that only lacks quotes, so each explanation looks at the line itself to find that text.
"""

from __future__ import annotations

import re
from typing import Any

from hipdeck.diagnostics import Place

_KEY = re.compile(r"^\s*(?:- +)*(?P<key>[\w-]+)\s*:(?:\s+(?P<value>.*))?$")
_MISSING_SPACE = re.compile(r"^\s*(?:- +)?([a-z]+):\S")
_ITEM = re.compile(r"^\s*- +(?P<value>\S.*)$")
_BLOCK = re.compile(r"[|>][-+0-9]*\s*(#.*)?")
_CLOSED_FLOW = re.compile(r"\[[^\]]*\]\s*[^\s#]|\{[^}]*\}\s*[^\s#]")
_NO_SPACE = re.compile(r"^\s*(?P<dash>-)[A-Za-z]\w*:(\s|$)")
_OTHER_BULLET = re.compile(r"^\s*(?P<sign>[*+\u2022\u2023\u2012-\u2015]) *\w+:(\s|$)")
_NO_COLON = "there is no 'key: ' on this line"
_STARTS = {"`": "a backtick"}


def explain(problem: Any, path: str, lines: list[str], last: Any) -> tuple[Place, str, str]:
    """The place, the message and the hint for a syntax error.

    `problem` is PyYAML's MarkedYAMLError, `lines` the file, `last` the last scalar event that was read whole, or None.
    """
    mark = problem.problem_mark or problem.context_mark
    row, column = mark.line, mark.column
    line = lines[row] if row < len(lines) else ""
    start = problem.context_mark

    def place(row: int, column: int, length: int = 1) -> Place:
        return Place(path, row + 1, column + 1, length)

    if "\t" in line[: len(line) - len(line.lstrip())]:
        return place(row, line.index("\t")), "a tab indents this line", "indent with spaces; YAML takes no tabs"

    dash = _broken_dash(lines, row, place)
    if dash:
        return dash

    if line[column : column + 1] == "\t":
        return place(row, column), "a tab stands where YAML takes only spaces", "write a space in its place"

    if problem.context == "while scanning a quoted scalar":
        return (
            place(start.line, start.column),
            "the quotation mark that opens here is never closed",
            "close it at the end of the text; within the text write \\\" or, in single quotes, ''",
        )

    if "escape character" in problem.problem or "hexdecimal" in problem.problem:
        hint = "write the text in single quotes, or the backslash twice"
        return place(row, column - 1, 2), "in double quotes a backslash starts an escape, and this is none", hint

    if problem.context in ("while parsing a flow sequence", "while parsing a flow mapping"):
        sign = "[" if problem.context.endswith("sequence") else "{"
        if _starts_value(lines[start.line], start.column):
            closed = "]" if sign == "[" else "}"
            hint = f"close it with '{closed}', or put the text in quotes where '{sign}' belongs to it"
        else:
            hint = "put each entry that holds a sign such as ':', '[' or '{' in quotes"
        return place(start.line, start.column), f"the '{sign}' that opens here is never closed", hint

    explained = _unquoted_start(lines, row, start)
    if explained:
        row, column, sign, key = explained
        message = f"a text that starts with {sign} needs quotes"
        return place(row, column), message, f'put the text in quotes: {key}"…"'

    if last is not None and last.style in ("'", '"') and last.end_mark.line == row and last.end_mark.column <= column:
        end = last.end_mark
        if not lines[row][end.column : column].strip():
            message = "the text goes on behind its closing quotation mark"
            if last.start_mark.line != row:
                message += f"; the opening one is on line {last.start_mark.line + 1}"
            hint = "put quotes around the whole text; within it write \\\" or, in single quotes, ''"
            return place(row, column), message, hint

    if problem.problem == "mapping values are not allowed in this context":
        return _stray_colon(lines, row, column, place)

    if row and lines[row - 1].lstrip().startswith("#") and last is not None and not last.style:
        message = "a comment stands in the middle of a text"
        return place(row - 1, lines[row - 1].index("#")), message, "move the comment above the text's key"

    if problem.problem == "could not find expected ':'":
        broken = lines[start.line]
        if _MISSING_SPACE.match(broken):
            return _missing_space(lines, start.line, place)
        hint = "write 'key: text'; to go on with the text above, indent this line more than its key"
        return place(start.line, start.column, len(broken.strip())), _NO_COLON, hint

    if "expected '-' indicator" in problem.problem or "expected key" in problem.problem:
        hint = "give a note's keys the same indentation, and start each note with '- '"
        return place(row, column), "this line does not line up with the ones above it", hint

    hint = "compare the line with those around it; put a text with unusual signs in quotes"
    return place(row, column), f"this is not YAML: {problem.problem}", hint


def _starts_value(line: str, column: int) -> bool:
    return line[:column].rstrip().endswith((":", "-"))


def _unquoted_start(lines: list[str], row: int, start: Any) -> tuple[int, int, str, str] | None:
    """The value on the line (or where libyaml began to read it) whose first character YAML takes for a sign.

    Returns its row and column, the sign, and what stands before the value ('answer: ', or '- ' in a list).
    """
    for candidate in dict.fromkeys([row, start.line if start else row]):
        line = lines[candidate] if candidate < len(lines) else ""
        pair = _KEY.match(line)
        item = _ITEM.match(line)
        if pair and pair["value"]:
            value, column, before = pair["value"], pair.start("value"), f"{pair['key']}: "
        elif item:
            value, column, before = item["value"], item.start("value"), "- "
        else:
            continue
        if value.startswith("{{"):
            return candidate, column, "'{{'", before
        if value[0] in "@%`*&!}],":
            return candidate, column, _STARTS.get(value[0], f"'{value[0]}'"), before
        if value[0] in "|>" and not _BLOCK.fullmatch(value):
            return candidate, column, f"'{value[0]}'", before
        if value[:2] in ("- ", "? ") or _CLOSED_FLOW.match(value):
            return candidate, column, f"'{value[:2].rstrip()}'" if value[0] in "-?" else f"'{value[0]}'", before
    return None


def _broken_dash(lines: list[str], row: int, place: Any) -> tuple[Place, str, str] | None:
    """A note that starts with a dash without a space, or with a bullet, on this line or the one above."""
    for candidate in (row, row - 1):
        line = lines[candidate] if 0 <= candidate < len(lines) else ""
        found = _NO_SPACE.match(line)
        if found:
            return place(candidate, found.start("dash")), "a space is missing behind the '-'", "write '- ' and the key"
        found = _OTHER_BULLET.match(line)
        if found:
            message = f"a note starts with a plain '- ', not with '{found['sign']}'"
            return place(candidate, found.start("sign")), message, "write '- ' in its place"
    return None


def _missing_space(lines: list[str], row: int, place: Any) -> tuple[Place, str, str]:
    column = lines[row].index(":")
    key = lines[row][:column].lstrip(" -")
    return place(row, column), f"a space is missing behind '{key}:'", f"write '{key}: ' and then the text"


def _stray_colon(lines: list[str], row: int, column: int, place: Any) -> tuple[Place, str, str]:
    line = lines[row]
    found = _KEY.match(line)
    if found and found["value"] is not None and column > found.end("key") and ":" in found["value"]:
        hint = f'put the text in quotes: {found["key"]}: "…"'
        return place(row, column), "a colon and a space within a text need quotes", hint
    if row and _MISSING_SPACE.match(lines[row - 1]):
        return _missing_space(lines, row - 1, place)
    indent = len(line) - len(line.lstrip())
    above = lines[row - 1] if row else ""
    if above.strip() and ":" not in above and len(above) - len(above.lstrip()) >= indent:
        hint = "write 'key: text'; to go on with the text above, indent this line more than its key"
        return place(row - 1, len(above) - len(above.lstrip()), len(above.strip())), _NO_COLON, hint
    hint = "give it the indentation of the keys above; to go on with a text that holds a colon, put the text in quotes"
    return place(row, indent), "this key is indented more than the keys above it", hint

"""libyaml's syntax errors, in words that an author understands.

libyaml says what its grammar wanted ("did not find expected key"); an author wants to know what to type. Most broken
card files hold a good text that only lacks quotes, so each explanation looks at the line itself to find that text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any

from hipdeck.source import layout
from hipdeck.source.quoting import close_quote, quote, quoted
from hipdeck.source.yaml_error import BLOCK, ITEM, KEY, Explanation, YamlError

_MISSING_SPACE = re.compile(r"^\s*(?:- +)?([a-z]+):\S")
_CLOSED_FLOW = re.compile(r"\[[^\]]*\]\s*[^\s#]|\{[^}]*\}\s*[^\s#]")

_TEXTS = ("question", "answer", "why", "cloze", "section", "title", "deck", "description", "source")
_BRACKETS = {"[": "]", "{": "}"}
_INNER_QUOTES = "put quotes around the whole text; inside it, write \\\" or, in single quotes, ''"


def explain(problem: Any, path: str, lines: list[str], last: Any) -> Explanation:
    """Explain a syntax error. `problem` is PyYAML's MarkedYAMLError, `last` the last scalar event, or None."""
    mark = problem.problem_mark or problem.context_mark
    error = YamlError(path, lines, mark.line, mark.column, problem, last)
    for explanation in _EXPLANATIONS:
        if explained := explanation(error):
            return explained
    hint = "compare the line with those around it; put a text with unusual signs in quotes"
    return Explanation(error.place(error.row, error.column), "YAML can't read this line", hint)


def _tab_as_space(error: YamlError) -> Explanation | None:
    if error.line[error.column : error.column + 1] != "\t":
        return None
    place = error.place(error.row, error.column)
    return Explanation(place, "there is a tab where YAML takes only spaces", "write a space instead")


def _open_quote(error: YamlError) -> Explanation | None:
    if error.problem.context != "while scanning a quoted scalar":
        return None
    start = error.problem.context_mark
    place = error.place(start.line, start.column)
    text = error.line_at(start.line)[start.column :].rstrip()
    return Explanation(place, "the quotation mark that opens here is never closed", close_quote(text))


def _escape(error: YamlError) -> Explanation | None:
    if not ("escape character" in error.problem.problem or "hexdecimal" in error.problem.problem):
        return None
    message = "in double quotes a backslash starts an escape, and this isn't one"
    hint = r"write the text in single quotes, or the backslash twice; mathematics also needs \( and \) around it"
    return Explanation(error.place(error.row, error.column - 1, 2), message, hint)


def _open_bracket(error: YamlError) -> Explanation | None:
    if error.problem.context in ("while parsing a flow sequence", "while parsing a flow mapping"):
        start = error.problem.context_mark
        row, column = start.line, start.column
    elif error.problem.problem == "did not find expected node content" and not error.line[error.column :].strip():
        # The file ends right after the bracket, and libyaml stops below its last line.
        row = max((row for row, line in enumerate(error.lines[: error.row + 1]) if line.strip()), default=0)
        column = max(error.line_at(row).rfind("["), error.line_at(row).rfind("{"))
    else:
        return None
    opening = error.line_at(row)[column : column + 1]
    if opening not in _BRACKETS:
        return None
    if hash_ := re.compile(r"(?:(?<=[\s\[{])|(?<=^))#").search(error.line_at(row), column):
        message = f"YAML reads this as a comment, so the '{opening}' before it is never closed"
        hint = "put each entry that holds a '#' in quotes: [\"#FF0000\", \"#00FF00\"]; a tag needs no '#'"
        return Explanation(error.place(row, hash_.start()), message, hint)
    hint = "put each entry that holds a sign such as ':', '[' or '{' in quotes"
    before = error.lines[row][:column].rstrip()
    key = KEY.match(error.line_at(row))
    if key and key["key"] in _TEXTS and before.endswith(":"):
        text = error.line_at(row)[column:].strip()
        return Explanation(
            error.place(row, column),
            f"a text that starts with '{opening}' needs quotes",
            quote(text, f"{key['key']}: "),
        )
    if not before or before.endswith((":", "-")):
        hint = f"close it with '{_BRACKETS[opening]}'; if the '{opening}' is part of the text, put the text in quotes"
    return Explanation(error.place(row, column), f"the '{opening}' that opens here is never closed", hint)


def _unquoted_start(error: YamlError) -> Explanation | None:
    """A value on the line (or where libyaml began to read it) whose first character YAML reads as a sign."""
    start = error.problem.context_mark
    for row in dict.fromkeys([error.row, start.line if start else error.row]):
        pair, item = KEY.match(error.line_at(row)), ITEM.match(error.line_at(row))
        match = pair if pair and pair["value"] else item
        sign = _leading_sign(match["value"]) if match else ""
        if match and sign:
            key = f"{pair['key']}: " if match is pair else "- "
            message = f"a text that starts with {sign} needs quotes"
            place = error.place(row, match.start("value"))
            hint = quote(match["value"], key)
            if unescape(match["value"]) != match["value"]:
                hint = (
                    f"put the text in quotes, and write the character itself: {key}{quoted(unescape(match['value']))}"
                )
            return Explanation(place, message, hint)
    return None


def _leading_sign(value: str) -> str:
    """The sign that a value starts with and YAML doesn't take for text, as messages name it; or nothing."""
    if value.startswith("{{"):
        return "'{{'"
    if value[0] == "`":
        return "a backtick"
    if value[:2] in ("- ", "? "):
        return f"'{value[0]}'"
    is_sign = value[0] in "@%*&!}]," or (value[0] in "|>" and not BLOCK.fullmatch(value)) or _CLOSED_FLOW.match(value)
    return f"'{value[0]}'" if is_sign else ""


def _after_quotes(error: YamlError) -> Explanation | None:
    """A text that continues after its closing quotation mark."""
    last = error.last
    if last is None or last.style not in ("'", '"'):
        return None
    end = last.end_mark
    if end.line != error.row or end.column > error.column or error.line[end.column : error.column].strip():
        return None
    message, hint = "the text continues after its closing quotation mark", _INNER_QUOTES
    if last.start_mark.line != error.row:
        row = last.start_mark.line + 1
        message += f"; the opening one is on line {row}"
        hint = f"if the text on line {row} should end there, close it with {last.style}; or {hint}"
    return Explanation(error.place(error.row, error.column), message, hint)


def _stray_colon(error: YamlError) -> Explanation | None:
    if error.problem.problem != "mapping values are not allowed in this context":
        return None
    row, line = error.row, error.line
    pair = KEY.match(line)
    if pair and pair["value"] is not None and error.column > pair.end("key") and ":" in pair["value"]:
        hint = quote(pair["value"], f"{pair['key']}: ")
        if error.column == len(line.rstrip()) - 1 and ITEM.match(error.line_at(row + 1)):
            hint = f"write '{pair['key']}: |', and the whole text below it, each line indented alike"
        return Explanation(error.place(row, error.column), "a colon and a space in a text need quotes", hint)
    above = error.line_at(row - 1)
    if _MISSING_SPACE.match(above):
        return _missing_space(error, row - 1)
    indent, indent_above = len(line) - len(line.lstrip()), len(above) - len(above.lstrip())
    if above.strip() and ":" not in above and indent_above >= indent:
        return layout.no_key(error, row - 1)
    hint = "indent it like the keys above; to continue a text that holds a colon, put the text in quotes"
    return Explanation(error.place(row, indent), "this key is indented more than the keys above it", hint)


def _comment_inside(error: YamlError) -> Explanation | None:
    above = error.line_at(error.row - 1)
    if not above.lstrip().startswith("#") or error.last is None or error.last.style:
        return None
    place = error.place(error.row - 1, above.index("#"))
    return Explanation(
        place,
        "there is a comment in the middle of a text",
        "move the comment above the text's key, and indent it like the key",
    )


def _no_colon(error: YamlError) -> Explanation | None:
    if error.problem.problem != "could not find expected ':'":
        return None
    start = error.problem.context_mark
    if _MISSING_SPACE.match(error.line_at(start.line)):
        return _missing_space(error, start.line)
    return layout.no_key(error, start.line)


def _missing_space(error: YamlError, row: int) -> Explanation:
    column = error.lines[row].index(":")
    key = error.lines[row][:column].lstrip(" -")
    message = f"a space is missing after '{key}:'"
    return Explanation(error.place(row, column), message, f"write '{key}: ' and then the text")


# In this order: what an earlier one would explain, a later one may get wrong.
_EXPLANATIONS: tuple[Callable[[YamlError], Explanation | None], ...] = (
    layout.tab_indent,
    layout.first_line,
    layout.no_notes,
    layout.left_block,
    layout.broken_dash,
    _tab_as_space,
    _open_quote,
    _escape,
    _open_bracket,
    _unquoted_start,
    _after_quotes,
    _stray_colon,
    _comment_inside,
    _no_colon,
    layout.indentation,
)

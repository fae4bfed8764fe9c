"""Syntax errors that come from how a file's lines are indented and begun."""

from __future__ import annotations

import re

from hipdeck.source.yaml_error import BLOCK, ITEM, KEY, Explanation, YamlError

_NO_SPACE = re.compile(r"^\s*(?P<dash>-)[A-Za-z]\w*:(\s|$)")
_OTHER_BULLET = re.compile(r"^\s*(?P<sign>[*+\u2022\u2023\u2012-\u2015]) *\w+:(\s|$)")
_WIDE_COLON = re.compile(r"^\s*(?:- +)?(?P<key>[a-z]+)\s*(?P<colon>[\uff1a\ufe55\u2236\ua789])")
_RULER = re.compile(r"\s*([-=_~+.\u2013\u2014])(?:\s*\1){2,}\s*")
_COMMENT = re.compile(r"^\s*(?P<sign>//|/\*|<!--|--|;)")
_NO_COLON = "there is no 'key: ' on this line"
_LINE_UP = "write 'key: text'; to continue the text above, indent this line more than its key"


def tab_indent(error: YamlError) -> Explanation | None:
    """A line that is indented with a tab."""
    line = error.line
    if "\t" not in line[: len(line) - len(line.lstrip())]:
        return None
    place = error.place(error.row, line.index("\t"))
    return Explanation(place, "this line is indented with a tab", "indent with spaces; YAML takes no tabs")


def broken_dash(error: YamlError) -> Explanation | None:
    """A note that starts with a dash without a space, or with a bullet, on this line or the one above."""
    for row in (error.row, error.row - 1):
        if match := _NO_SPACE.match(error.line_at(row)):
            place = error.place(row, match.start("dash"))
            return Explanation(place, "a space is missing after the '-'", "write '- ' and the key")
        if match := _OTHER_BULLET.match(error.line_at(row)):
            message = f"a note starts with a plain '- ', not with '{match['sign']}'"
            return Explanation(error.place(row, match.start("sign")), message, "write '- ' instead")
    return None


def left_block(error: YamlError) -> Explanation | None:
    """A text below `key: |` that isn't indented."""
    start = error.problem.context_mark
    for row in dict.fromkeys((start.line if start else error.row, error.row)):
        above = row - 1
        while above >= 0 and not (KEY.match(error.line_at(above)) and error.line_at(above).strip()):
            above -= 1
        key = KEY.match(error.line_at(above)) if above >= 0 else None
        first = next((line for line in range(above + 1, row + 1) if error.line_at(line).strip()), row)
        line = error.line_at(first)
        indent, column = len(line) - len(line.lstrip()), key.start("key") if key else 0
        if key and BLOCK.fullmatch(key["value"] or "") and line.strip() and indent <= column:
            message = f"the text below '{key['key']}: {key['value'][0]}' isn't indented"
            hint = f"indent each of its lines by {column + 2} spaces"
            return Explanation(error.place(first, indent, len(line.strip())), message, hint)
    return None


def first_line(error: YamlError) -> Explanation | None:
    """A file whose first line is indented, and whose next one isn't."""
    row = next((row for row, line in enumerate(error.lines) if line.strip() and not line.lstrip().startswith("#")), 0)
    indent = len(error.line_at(row)) - len(error.line_at(row).lstrip())
    if not indent or error.row <= row or error.line[:1].isspace():
        return None
    place = error.place(row, 0, indent)
    return Explanation(place, "this line begins with a space, and the ones below don't", "delete the space before it")


def no_notes(error: YamlError) -> Explanation | None:
    """The first note of a section file, if no `notes:` stands above it."""
    above = error.lines[: error.row]
    is_head = all(not line.strip() or line[0] not in " -" for line in above)
    if not ITEM.match(error.line) or not is_head or any(line.startswith("notes:") for line in above):
        return None
    if not any(line.startswith("section:") for line in above):
        return None
    column = len(error.line) - len(error.line.lstrip())
    hint = "write 'notes:' above it, on a line of its own that begins without a space"
    return Explanation(error.place(error.row, column), "there is no 'notes:' above the first note", hint)


def indentation(error: YamlError) -> Explanation | None:
    """A line that lines up with none above it, if nothing else explains it."""
    if "expected '-' indicator" not in error.problem.problem and "expected key" not in error.problem.problem:
        return None
    hint = "indent all keys of a note alike, and start each note with '- '"
    return Explanation(error.place(error.row, error.column), "this line doesn't line up with the ones above it", hint)


def no_key(error: YamlError, row: int) -> Explanation:
    """A line that's neither a key with its value nor the rest of a text."""
    line = error.line_at(row)
    place = error.place(row, len(line) - len(line.lstrip()), len(line.strip()))
    if wide := _WIDE_COLON.match(line):
        hint = f"write '{wide['key']}: ' and then the text"
        return Explanation(error.place(row, wide.start("colon")), f"'{wide['colon']}' isn't YAML's colon", hint)
    if _RULER.fullmatch(line):
        return Explanation(place, "YAML has no line like this to separate notes", "delete it, or put '# ' before it")
    if comment := _COMMENT.match(line):
        hint = f"begin a comment with '# ' instead of '{comment['sign']}'"
        return Explanation(place, f"YAML doesn't read '{comment['sign']}' as a comment", hint)
    return Explanation(place, _NO_COLON, _LINE_UP)

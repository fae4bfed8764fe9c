"""Where mathematics stands in a text: between `\\(` and `\\)`, or `\\[` and `\\]`, as MathJax in Anki reads it."""

from __future__ import annotations

import re
from collections.abc import Callable

_ESCAPE = re.compile(r"\\(.)", re.DOTALL)  # taken in pairs, so that in `\\(` it is the backslash that is escaped
_CLOSING = {"(": "\\)", "[": "\\]"}


def replace(text: str, change: Callable[[str], str]) -> str:
    """The text with what `change` makes of each stretch of mathematics, its delimiters included."""
    if "\\(" not in text and "\\[" not in text:
        return text
    out = []
    end = 0
    unclosed = set()  # what is searched for once and not found is not searched for again
    for sign in _ESCAPE.finditer(text):
        start, kind = sign.start(), sign[1]
        if start < end or kind not in _CLOSING or kind in unclosed:
            continue
        closing = text.find(_CLOSING[kind], start + 3)
        if closing < 0:
            unclosed.add(kind)
            continue
        out += [text[end:start], change(text[start : closing + 2])]
        end = closing + 2
    return "".join(out) + text[end:]

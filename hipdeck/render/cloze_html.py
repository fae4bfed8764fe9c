"""Clozes in HTML: keeps Anki from seeing clozes, hints and sounds where the author wrote none."""

from __future__ import annotations

import re

from hipdeck.diagnostics import Problem
from hipdeck.render.cloze import Cloze

_TAG = re.compile(r"<[^>]*>")
_CODE = re.compile(r"<code>.*?</code>", re.DOTALL)
_BRACES = re.compile(r"\{\{(?!\s*[cC]?[0-9]*:)([^{}]*)\}\}")
_BRACKETED = re.compile(r"::(?=/?(?:sound:|anki:|latex|\$))", re.IGNORECASE)
_SIGN = re.compile(r"\{\{c[0-9]+::|\}\}")
_PIECE = re.compile(r"(?P<open>\{\{c[0-9,]+::)|(?P<end>\}\})|(?P<hint>::)|<(?P<slash>/?)(?P<name>[a-z0-9]+)[^>]*>")
_VOID = {"br", "hr", "img", "wbr"}


def check_crossing(clozes: list[Cloze]) -> list[Problem]:
    """An error for the first cloze in HTML that begins or ends in the middle of formatted text."""
    for cloze in clozes:
        if not _balanced(cloze.inner):
            mark = "{{c" + ",".join(map(str, cloze.numbers)) + "::"
            message = f"the cloze '{mark}' begins or ends in the middle of formatted text"
            hint = "put the whole cloze inside the emphasis, list entry or table cell, or all of that inside the cloze"
            return [Problem("cloze-crosses", message, hint, mark)]
    return []


def _balanced(inner: str) -> bool:
    """Whether the hidden text of a cloze, and its hint, each close the tags that they open."""
    tags: list[str] = []
    level = 0
    for piece in _PIECE.finditer(inner):
        if piece["open"] or piece["end"]:
            level += 1 if piece["open"] else -1
        elif piece["hint"]:
            if tags and not level:
                return False
        elif piece["slash"]:
            if not tags or tags.pop() != piece["name"]:
                return False
        elif piece["name"] not in _VOID:
            tags.append(piece["name"])
    return not tags


def escape_marks(rendered: str) -> str:
    """HTML without signs of clozes inside tags, and without braces in code that don't belong to a cloze.

    Anki looks for clozes before it looks at tags; as entities, the signs are only text.
    """
    if "<code>" in rendered:
        rendered = _CODE.sub(lambda code: _BRACES.sub(_entities, code[0]), rendered)
    return _TAG.sub(_entities, rendered)


def _entities(stretch: re.Match[str]) -> str:
    return stretch[0].replace("{{", "&#123;&#123;").replace("}}", "&#125;&#125;").replace("::", "&#58;&#58;")


def silence_hints(text: str) -> str:
    """The text with a space before each hint that Anki's brackets would turn into a sound, speech or LaTeX."""
    if not _BRACKETED.search(text):
        return text
    out: list[str] = []
    end = depth = 0
    for sign in _SIGN.finditer(text):
        stretch = text[end : sign.start()]
        out += [_silence_hint(stretch) if depth else stretch, sign[0]]
        depth = max(0, depth + (-1 if sign[0] == "}}" else 1))
        end = sign.end()
    return "".join(out) + text[end:]


def _silence_hint(stretch: str) -> str:
    """A stretch of text in a cloze: Anki takes what comes after its first `::` for the hint."""
    hidden, mark, hint = stretch.partition("::")
    return f"{hidden}:: {hint}" if _BRACKETED.match(mark + hint) else stretch

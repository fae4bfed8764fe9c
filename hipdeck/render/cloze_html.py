"""A cloze text as HTML: where Anki would look for clozes, hints and sounds in what Markdown made."""

from __future__ import annotations

import re

from hipdeck.diagnostics import Problem
from hipdeck.render.cloze import Cloze

_TAG = re.compile(r"<[^>]*>")
_CODE = re.compile(r"<code>.*?</code>", re.DOTALL)
_BRACES = re.compile(r"\{\{(?!\s*[cC]?[0-9]*:)([^{}]*)\}\}")
_BRACKETED = re.compile(r"::(?=/?(?:sound:|anki:|latex|\$))", re.IGNORECASE)
_PIECE = re.compile(r"(?P<open>\{\{c[0-9,]+::)|(?P<end>\}\})|(?P<hint>::)|<(?P<slash>/?)(?P<name>[a-z0-9]+)[^>]*>")
_VOID = {"br", "hr", "img"}


def crossing(found: list[Cloze]) -> list[Problem]:
    """An error for each cloze in HTML whose marks lie half in and half out of a formatted stretch."""
    for cloze in found:
        if not _balanced(cloze.inner):
            mark = "{{c" + ",".join(map(str, cloze.numbers)) + "::"
            hint = "put all of the cloze within the emphasis, entry or cell, or all of that within the cloze"
            return [Problem("cloze-crosses", f"the cloze '{mark}' begins or ends within formatted text", hint, mark)]
    return []


def _balanced(inner: str) -> bool:
    """Whether what a cloze hides and its hint each close the tags that they open."""
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


def unmarked(rendered: str) -> str:
    """HTML in which no sign of a cloze stands within a tag, nor braces in code that are no cloze's.

    Anki looks for clozes before it looks at tags; as entities the signs are only text.
    """
    if "<code>" in rendered:
        rendered = _CODE.sub(lambda code: _BRACES.sub(_entities, code[0]), rendered)
    return _TAG.sub(_entities, rendered)


def _entities(found: re.Match[str]) -> str:
    return found[0].replace("{{", "&#123;&#123;").replace("}}", "&#125;&#125;").replace("::", "&#58;&#58;")


def quiet(text: str) -> str:
    """The text with a space in front of each hint that would be a sound, speech or LaTeX in the brackets it gets."""
    return _BRACKETED.sub(":: ", text)

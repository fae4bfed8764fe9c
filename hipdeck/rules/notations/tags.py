"""HTML's tags, and what to write instead."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hipdeck.rules.notations.notation import SHOW_IT, Notation, shown

_TAG = re.compile(r"<(?P<slash>/?)(?P<name>[A-Za-z][A-Za-z0-9]*)(?:\s[^<>]*)?/?>")
_ABOUT_HTML = re.compile(r"\b(?:tags?|elements?|html|attributes?)\b", re.IGNORECASE)
_ALONE = {"br", "hr", "img", "wbr", "input", "source"}
_INSTEAD = {
    **dict.fromkeys(("b", "strong"), "write **…** for strong text"),
    **dict.fromkeys(("i", "em"), "write *…* for emphasis"),
    **dict.fromkeys(("br", "p", "div"), "for a new line, write 'key: |', and each line on its own below it"),
    **dict.fromkeys(("ul", "ol", "li"), "write 'key: |', and below it a list, each entry on a line after '- '"),
    **dict.fromkeys(
        ("table", "tr", "td", "th"),
        "write 'key: |', and below it a table: | a | b |, with |---|---| below its first row",
    ),
    **dict.fromkeys(("code", "tt", "kbd", "samp", "pre"), "write `…` for code"),
    **dict.fromkeys(
        ("sub", "sup"), r"write the small signs themselves, as in H₂O and x², or mathematics: \(\ce{H2O}\), \(x^2\)"
    ),
    "img": "write ![what it shows](media/bridge.svg)",
    "a": "write [words](https://…)",
    **dict.fromkeys(
        ("u", "s", "del", "ins", "mark", "font", "span", "small", "big", "center"),
        "write **…** for strong text, or no tags",
    ),
    **dict.fromkeys(
        ("hr", "wbr", "h1", "h2", "h3", "h4", "blockquote", "audio", "video", "source", "iframe"),
        "write it without tags",
    ),
    **dict.fromkeys(
        ("ruby", "rt", "rb", "details", "summary", "dl", "dt", "dd", "script", "style"), "write it without tags"
    ),
}
"""HTML's elements that authors use, and what to write instead."""


def find(text: str, masked: str) -> Iterator[Notation]:
    """The first tag of an HTML element: one that stands alone, or that is closed too. `List<b>` is neither."""
    closed = {tag["name"].lower() for tag in _TAG.finditer(masked) if tag["slash"]}
    about_html = bool(_ABOUT_HTML.search(masked))
    for tag in _TAG.finditer(masked):
        name = tag["name"].lower()
        if name in _INSTEAD and not tag["slash"] and (name in closed or (name in _ALONE and not about_html)):
            message = f"'{shown(text, tag)}' does nothing; the card shows it"
            yield Notation(shown(text, tag), message, _INSTEAD[name] + SHOW_IT)
            return

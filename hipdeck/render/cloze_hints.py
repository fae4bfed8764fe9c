"""Which `::` of a cloze begins its hint, and which belong to its text, as in `std::vector`.

Anki takes what comes after a cloze's first `::` for the hint. So the colons of a `::` that belongs to the text are kept
apart by `<wbr>`, an element without text: they read, copy, and are searched as they were typed.
"""

from __future__ import annotations

import re
from html import unescape
from typing import NamedTuple

from hipdeck.diagnostics import Problem
from hipdeck.render.cloze import BREAK

_PIECE = re.compile(r"(?P<open>\{\{c[0-9,]+::)|(?P<end>\}\})|(?P<colons>::)|<(?P<slash>/?)(?P<name>[a-z0-9]+)[^>]*>")
_CODE = re.compile(r"<code>.*?</code>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")

# Nobody hides one of these words and gives a word right after it as the hint.
_NAMESPACE = re.compile(r"(?:std|boost|crate)\Z")
_CODE_SIGN = re.compile(r"[(){}<>;_=]|[a-z][A-Z]|->")
_NUMBER_GROUP = re.compile(r"[0-9a-f:]+\Z", re.IGNORECASE)


class _Open(NamedTuple):
    """A cloze that is being read: its mark, whether it opens in code, where its text starts, and its plain `::`."""

    mark: str
    in_code: bool
    start: int
    colons: list[int]


def settle_hints(html: str) -> tuple[str, list[Problem]]:
    """A cloze text as HTML, in which only those `::` are left that begin a hint, and an error for each unclear one."""
    texts: list[int] = []
    problems: list[Problem] = []
    in_code = False
    stack: list[_Open] = []
    for piece in _PIECE.finditer(html):
        if piece["open"]:
            stack.append(_Open(piece[0], in_code, piece.end(), []))
        elif piece["name"]:
            in_code = not piece["slash"] if piece["name"] == "code" else in_code
        elif stack and piece["end"]:
            cloze = stack.pop()
            problem, of_text = _sort(html, cloze, piece.start())
            problems += [problem] if problem else []
            texts += of_text
        elif stack and in_code and not stack[-1].in_code:
            texts.append(piece.start())
        elif stack and piece["colons"]:
            stack[-1].colons.append(piece.start())
    for place in sorted(texts, reverse=True):
        html = f"{html[:place]}:{BREAK}:{html[place + 2 :]}"
    return _with_elements(html), problems


def _sort(html: str, cloze: _Open, end: int) -> tuple[Problem | None, list[int]]:
    """Which plain `::` of a cloze belong to its text, or an error if that isn't clear. The last may begin the hint."""
    *before, last = [*cloze.colons] or [0]
    if not last:
        return None, []
    glued = [_is_glued(html, place) for place in cloze.colons]
    is_one_word = all(glued) and _is_one_word(html[last:end])
    if is_one_word and is_namespace(html[cloze.start : cloze.colons[0]]):
        return None, cloze.colons
    if not before or (all(glued[:-1]) and not is_one_word):
        return None, before
    text, _, rest = unescape(_TAG.sub("", html[cloze.start : end])).partition("::")
    typed = f"{cloze.mark}{text}\\::" + rest.replace("::", "\\::") + "}}"
    message = f"this cloze has several '::', and it isn't clear which one begins its hint: '{text}::{rest}'"
    hint = f"write '\\::' for each that belongs to the text: {typed}"
    return Problem("cloze-marks", message, hint, cloze.mark + text), []


def _is_glued(html: str, place: int) -> bool:
    """Whether no white space stands on either side of the colons at a place."""
    return not (html[place - 1 : place].isspace() or html[place + 2 : place + 3].isspace())


def _is_one_word(text: str) -> bool:
    return not any(sign.isspace() for sign in text)


def is_namespace(word: str) -> bool:
    """Whether what stands before a `::` without spaces is surely the first part of a name."""
    return bool(_NAMESPACE.match(word))


def looks_like_code(hidden: str, hint: str) -> bool:
    """Whether a hidden text and its hint may well be one name or address, such as `Foo::bar()` or `fe80::1`."""
    both = f"{hidden}::{hint}"
    if not hint or not _is_one_word(both) or is_namespace(hidden):
        return False
    if _NUMBER_GROUP.match(both):
        return any(sign.isdigit() for sign in both)
    return bool(_CODE_SIGN.search(both)) and bool(re.match(r"[A-Za-z_~]\w*", hidden))


def _with_elements(html: str) -> str:
    """The HTML with `<wbr>` for each stand-in between two colons, and without the others."""
    if BREAK not in html:
        return html
    html = _CODE.sub(lambda code: _break(code[0]), html)
    html = _TAG.sub(lambda tag: tag[0].replace(BREAK, ""), html)
    return _break(html).replace(BREAK, "")


def _break(html: str) -> str:
    return html.replace(f":{BREAK}:", ":<wbr>:")

"""Finds what Markdown drops or doesn't read: its author meant it, but nobody would see it."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator
from itertools import count
from urllib.parse import unquote

from hipdeck.diagnostics import Problem
from hipdeck.render import mathematics
from hipdeck.render.masks import FILL, without_code_alone
from hipdeck.render.media import readable_name
from hipdeck.source import folder

_NO_IMAGE = re.compile(r"!\[[^\[\]]*\]\(([^()]*)\)?")
_TAG = re.compile(r"<[^>]*>")
_CODE = re.compile(r"<code.*?</code>", re.DOTALL)
_ATTRIBUTE = re.compile(r'(?:href|src|alt|title)="([^"]*)"')
_LIST = re.compile(r'<(/?)(ol|ul|li)(?: start="([0-9]+)")?>')
_FENCE = re.compile(r"[ \t>*+.)0-9-]*(?P<mark>```+|~~~+)(?P<rest>[^`\n]*)")
_LANGUAGE = re.compile(r"[\w+#.-]*")
_NUMBER = re.compile(r"^[ \t>*+-]*([0-9]+)[.)](?!\S)", re.MULTILINE)
_WORD = re.compile(r"[^\W_]+")


_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
# Looking beyond the start of another target would take very long in a text of unclosed ones.
_TARGET = re.compile(r"\]\((?:\\.|(?!\]\()[^()\\\n]|\([^()\n]*\))*\)")


def unpaired_delimiters(text: str) -> list[Problem]:
    r"""An error for a `\(` or `\[` that opens a formula without an end, or for the end of a formula that nothing opens.

    Markdown drops the backslash of each. In the address of a link, it may stand.
    """
    text = mathematics.replace(text, lambda formula: FILL * len(formula))
    text = _TARGET.sub(lambda target: FILL * len(target[0]), without_code_alone(text))
    for escape in _ESCAPE.finditer(text):
        sign = escape[1]
        needle = text[escape.start() : escape.start() + 20].split("\n")[0].split(FILL)[0]
        if sign in "([":
            hint = f"close it with '\\{_CLOSING[sign]}'; for a plain bracket, write '{sign}' without the backslash"
            return [Problem("mathematics", f"the formula that '\\{sign}' opens here is never closed", hint, needle)]
        if sign == ")" or (sign == "]" and "[" not in text[: escape.start()]):
            opening = next(key for key, closing in _CLOSING.items() if closing == sign)
            hint = f"write '\\{opening}' before the formula; for a plain bracket, write '{sign}' without the backslash"
            return [Problem("mathematics", f"'\\{sign}' ends a formula that nothing opens", hint, f"\\{sign}")]
    return []


_CLOSING = {"(": ")", "[": "]"}


def unread_pictures(rendered: str) -> list[Problem]:
    """An error for each `![…](…)` that Markdown didn't read as a picture and left as text."""
    text = html.unescape(_TAG.sub("", _CODE.sub("", rendered)))
    problems = []
    for picture in _NO_IMAGE.finditer(text):
        path = picture[1].strip().strip("<>")
        inside = path.startswith(f"{folder.MEDIA}/")
        right = "/".join(map(readable_name, path.split("/") if inside else [folder.MEDIA, path.rsplit("/", 1)[-1]]))
        hint = f"rename the file to {right.rsplit('/', 1)[-1]}, and write {right}: a path has no spaces, '<', or '>'"
        message = f"Markdown doesn't read '{picture[0]}' as a picture"
        problems.append(Problem("picture-path", message, hint, picture[1]))
    return problems


def lost_words(text: str, rendered: str) -> list[Problem]:
    """An error if Markdown drops words: table cells beyond those of the header, say, or the number of a list entry."""
    text, signs = _without_fences(text) if "```" in text or "~~~" in text else (text, [])
    if set(_NUMBER.findall(text)) == {"1"}:
        # An author who numbers every entry 1 leaves the counting to Markdown.
        text = _NUMBER.sub("", text)
    attributes = " ".join(_ATTRIBUTE.findall(rendered))
    parts = [_TAG.sub(" ", rendered), attributes, unquote(attributes) if "%" in attributes else ""]
    shown = html.unescape(" ".join(parts))
    missing = Counter(_WORD.findall(text))
    missing.subtract(_WORD.findall(shown))
    missing.subtract(_numbers(rendered))
    dropped = [word for word, times in missing.items() if times > 0]
    dropped += [] if dropped else [sign for sign in signs if shown.count(sign) < text.count(sign)]
    if not dropped:
        return []
    hint = _how_to_keep(dropped[0], text)
    return [Problem("lost-text", f"Markdown leaves out '{' '.join(dropped[:5])}'", hint, dropped[0])]


def _without_fences(text: str) -> tuple[str, list[str]]:
    """A text without the first lines of its blocks of code, and the signs that such lines hold in place of a language.

    The first line of a block that isn't closed stays: its words are lost.
    """
    lines = text.split("\n")
    signs: list[str] = []
    opening, first = None, 0
    for index, line in enumerate(lines):
        fence = _FENCE.fullmatch(line)
        rest = fence["rest"].strip() if fence else ""
        if fence and not opening:
            opening, first = fence, index
            signs += [rest] if rest and not _WORD.search(rest) else []
        elif fence and opening and not rest and fence["mark"].startswith(opening["mark"]):
            lines[first] = "" if _LANGUAGE.fullmatch(opening["rest"].strip()) else lines[first]
            opening = None
    return "\n".join(lines), signs


def _how_to_keep(word: str, text: str) -> str:
    """What to do about a word that Markdown leaves out. That depends on its line."""
    line = next((line.strip() for line in text.split("\n") if word in line), "")
    if line.startswith(("```", "~~~")):
        return (
            f"write ``` on a line of its own above the code, and one below it; if it isn't code, leave '{line[:3]}' out"
        )
    if "|" in line:
        return "give the table's first row and the line below it as many cells as this row has"
    return f"number a list 1., 2., 3.; if '{word}.' isn't the number of an entry, write {word}\\."


def _numbers(rendered: str) -> Iterator[str]:
    """The numbers that list entries show."""
    lists: list[Iterator[int] | None] = []
    for closing, name, start in _LIST.findall(rendered):
        if closing:
            if name != "li":
                lists.pop()
        elif name == "li":
            if numbers := lists[-1]:
                yield str(next(numbers))
        else:
            lists.append(count(int(start or 1)) if name == "ol" else None)

"""Emphasis that nobody meant, and marks of emphasis that Markdown doesn't read.

Loaded only if a deck has a text with stars or underscores in places that may surprise its author.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from hipdeck.diagnostics import Problem
from hipdeck.render.markup import to_html
from hipdeck.render.masks import FILL, without_code
from hipdeck.rules.notations.notation import Notation

FIRST_WITHOUT_SPACES = "\u0e00"
"""The first character of the scripts from Thai on, many of which set no spaces between words."""

_CODE = re.compile(r"<code.*?</code>|\\\(.*?\\\)|\\\[.*?\\\]", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")

_INNER = "(?:(?!</?(?P=tag)>).)*"  # up to where the same emphasis ends, or begins once more
_INSIDE = re.compile(
    rf"(?<![^\W_])(?P<before>[^\W_]+)<(?P<tag>em|strong)>(?P<inner>{_INNER})</(?P=tag)>(?P<after>[^\W_]+)", re.DOTALL
)
_DIGITS = re.compile(
    rf"[0-9]<(?P<tag>em|strong)>(?P<inner>[0-9]{_INNER})</(?P=tag)>"
    r"|<(?P<end>em|strong)>(?P<last>(?:(?!</?(?P=end)>).)*[0-9])</(?P=end)>[0-9]",
    re.DOTALL,
)
_PATH = re.compile(rf"<(?P<tag>em|strong)>(?P<inner>/{_INNER}|{_INNER}(?<=/))</(?P=tag)>", re.DOTALL)
_COMMENT = re.compile(r"(?<![\w*])/<em>(?P<inner>(?:(?!</?em>).)*)</em>/", re.DOTALL)
_NAME = re.compile(r"<strong>(?P<name>[a-z][a-z0-9]*(?:_[a-z0-9]+)*)</strong>(?P<after>\(|\.py\b)?")

_QUOTED = r"[\"'“”‘’„«»「」『』（）()\[\]《》〈〉【】]"
_UNREAD = re.compile(
    rf"(?<!\*)(?P<stars>\*\*?)(?!\*)(?:(?P<quote>{_QUOTED})(?P<quoted>[^*\n]+?)(?P<end>{_QUOTED})"
    r"|(?P<left>[ ]?)(?P<spaced>[^\s*][^*\n]*?)(?P<right>[ ]?))(?P=stars)(?!\*)"
)
_UNCLOSED = re.compile(r"(?<![\w*/])\*\*(?![\s*/.]|(?!kwargs)\w+(?:[),;:=\]]|$))[^\s*]*")  # in code: node **head

_STAR = "write '\\*' for a star, '×' for times, or put it in `code`"
_NAME_HINT = "put it in `code`: `__{}__`"


def find(text: str, cloze: bool) -> Iterator[Notation]:
    """Where a text's emphasis isn't what its author can have meant; `cloze` is for the text of a cloze note."""
    masked = without_code(text)
    if "*" not in masked and "__" not in masked:
        return
    html = unescape(_CODE.sub(FILL, to_html(text, _no_picture, cloze)[0]).replace("&lt;", FILL))
    yield from _unmeant(text, html)
    yield from _unread(_TAG.sub("", html))


def _no_picture(source: str) -> Problem:
    return Problem("media-missing", source)


def _unmeant(text: str, html: str) -> Iterator[Notation]:
    for match in _INSIDE.finditer(html):
        # Letters within a word are stressed on purpose, a**d**duction, and so are words that no spaces set apart.
        around = match["before"] + match["after"]
        is_short = len(match["before"]) < 3 and len(match["after"]) < 3
        is_meant = FILL in match["inner"] or (match["inner"].isalpha() and not is_short)
        if not is_meant and max(around) < FIRST_WITHOUT_SPACES:
            yield _lost_stars(match)
            return
    if path := _DIGITS.search(html) or _PATH.search(html) or _COMMENT.search(html):
        yield _lost_stars(path)
    for match in _NAME.finditer(html):
        typed = f"__{match['name']}__"
        if typed in text and (match["after"] or match["name"] in _python_names()):
            message = f"Markdown takes '__' for strong text, so '{typed}' shows as '{match['name']}'"
            yield Notation(typed, message, _NAME_HINT.format(match["name"]))
            return


def _lost_stars(match: re.Match[str]) -> Notation:
    groups = match.groupdict()
    inner = _TAG.sub("", groups["inner"] or groups.get("last") or "").split("\n")[0][:30]
    stars = "*" if match[0].count("<em>") else "**"
    message = f"Markdown takes '{stars}' for emphasis here, so '{stars}{inner}{stars}' shows as '{inner}'"
    return Notation(f"{stars}{inner}", message, _STAR)


def _unread(shown: str) -> Iterator[Notation]:
    """Marks that are left in the text that a card shows; the first alone."""
    for match in _UNREAD.finditer(shown):
        stars, before, after = match["stars"], shown[: match.start()][-1:], shown[match.end() :][:1]
        if match["quoted"] and re.search(r"\w", before + after):
            right = f"{match['quote']}{stars}{match['quoted']}{stars}{match['end']}"
        elif (stars == "**" and match["right"] and not match["left"] and not before.isalnum()) or (
            stars == "**" and match["left"] and not match["right"] and not after.isalnum()
        ):
            right = f"{match['left']}{stars}{match['spaced']}{stars}{match['right']}"
        else:
            continue
        yield Notation(match[0], f"Markdown doesn't read '{match[0]}' as emphasis; the stars show", f"write '{right}'")
        return
    if unclosed := _UNCLOSED.search(shown):
        message = f"the stars of '{unclosed[0][:30]}' show: nothing closes them"
        yield Notation(unclosed[0], message, "close strong text with '**'; put stars that belong to the text in `code`")


def _python_names() -> set[str]:
    """Python's names between double underscores, such as `init`, without these."""
    names = {name for type_ in (object, type, int, list, dict, str, float, set, BaseException) for name in dir(type_)}
    names |= {
        *(
            "__main__",
            "__file__",
            "__all__",
            "__slots__",
            "__version__",
            "__enter__",
            "__exit__",
            "__next__",
            "__del__",
        ),
        *("__call__", "__set__", "__await__", "__post_init__", "__annotations__", "__author__", "__path__"),
    }
    return {name.strip("_") for name in names if name.startswith("__")}

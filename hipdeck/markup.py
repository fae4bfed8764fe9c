"""Markdown to safe HTML, for Anki's fields.

Only Markdown formats. What HTML, Anki or YAML would take for its own shows as it was typed: `<hip>`, `&amp;`,
`[sound:x.mp3]`. Mathematics in `\\(…\\)` and `\\[…\\]` is left for MathJax.

The Markdown library sees neither `<` nor `&` nor mathematics: they are exchanged for characters that Unicode reserves
for such use (U+FDD0 to U+FDEF, which no card file may hold) and put back, escaped, afterwards. So every tag in the
library's output is one that Markdown made.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from urllib.parse import quote, unquote

from cmarkgfm.cmark import Options, markdown_to_html, markdown_to_html_with_extensions

from hipdeck.cloze import space_braces
from hipdeck.diagnostics import Problem
from hipdeck.media import Picture

Pictures = Callable[[str], Picture | Problem]
"""Finds the picture for a path as a card gives it."""

_LESS, _AND, _TEXT, _MATH = "\ufdd0", "\ufdd1", "\ufdd2", "\ufdd3"

# In an address the library percent-encodes them.
_QUOTED_LESS, _QUOTED_AND, _QUOTED_TEXT = (quote(sign) for sign in (_LESS, _AND, _TEXT))

_MARKS = re.compile(r"[\\`*_\[\]\n]")
_SIGNS = re.compile(r"[\\`*_\[\]\n<>&]")
_MATHEMATICS = re.compile(r"(?<!\\)(?:\\\\)*(\\\(.+?\\\)|\\\[.+?\\\])", re.DOTALL)
_SHIELDED = re.compile(f"{_MATH}([0-9]+){_MATH}")
_DELIMITER = re.compile(r"\\(?=[()\[\]])")
_IMAGE = re.compile(r'<img src="([^"]*)" alt="([^"]*)"( title="[^"]*")? />')
_LINK = re.compile(r'<a href="([^"]*)"')
_TARGET = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]*)")
_DANGEROUS = re.compile("javascript:|vbscript:|file:|data:", re.IGNORECASE)
_NO_IMAGE = re.compile(r"!\[[^\]]*\]\(([^)]*)\)")
_TAG = re.compile(r"<[^>]*>")
_CODE = re.compile(r"<code.*?</code>", re.DOTALL)
_FENCE = re.compile(r"^\s*(?:```|~~~).*$", re.MULTILINE)
_WORD = re.compile(r"[^\W\d_]\w*")


def is_plain(text: str) -> bool:
    """Whether a text is its own HTML: neither Markdown nor HTML means anything by any of its characters."""
    return not _SIGNS.search(text)


def to_html(text: str, pictures: Pictures, cloze: bool = False) -> tuple[str, list[Problem]]:
    """A text as HTML, and what is wrong with it.

    A text of one line is inline Markdown (emphasis, code, links, pictures), so that `1. first` and `> 90` stay as
    typed; a text of several lines may hold lists and tables too, and its lines stay lines. `cloze` says that the text
    is Anki's cloze text, in whose mathematics TeX's braces must be kept apart from the clozes'.
    """
    if not _MARKS.search(text):
        return html.escape(text, quote=False), []
    if cloze:
        text = space_braces(text)
    shielded, mathematics = _shield(text)
    rendered = _render(shielded)
    problems = []
    if "![" in text:
        problems += _unread_pictures(rendered)
    if "\n" in text:
        problems += _lost(shielded, rendered)
    if "<a" in rendered:
        problems += _links(rendered, shielded)
    if "<img" in rendered:
        rendered, more = _images(rendered, pictures)
        problems += more
    return _unshield(rendered, mathematics), problems


def _shield(text: str) -> tuple[str, list[str]]:
    mathematics: list[str] = []

    def keep(found: re.Match[str]) -> str:
        mathematics.append(found[1])
        before = found[0][: len(found[0]) - len(found[1])]
        return f"{before}{_MATH}{len(mathematics) - 1}{_MATH}"

    if "\\" in text:
        text = _MATHEMATICS.sub(keep, text)
    # `[word]: rest` at the start of a line would be a link definition, which Markdown swallows whole.
    return text.replace("<", _LESS).replace("&", _AND).replace("]:", f"]{_TEXT}:"), mathematics


def _render(text: str) -> str:
    if "\n" in text:
        options = Options.CMARK_OPT_HARDBREAKS
        rendered: str = markdown_to_html_with_extensions(text, options, ["table"])
        return rendered.strip()
    # A first character that means nothing keeps the line a paragraph.
    rendered = markdown_to_html(_TEXT + text, 0)
    return rendered.removeprefix("<p>").removesuffix("</p>\n")


def _unshield(rendered: str, mathematics: list[str]) -> str:
    rendered = rendered.replace(_QUOTED_AND, "&amp;").replace(_QUOTED_LESS, "%3C").replace(_QUOTED_TEXT, "")
    rendered = rendered.replace(_LESS, "&lt;").replace(_AND, "&amp;").replace(_TEXT, "")
    if "\\" in rendered:
        # A backslash and bracket that are left over are text, and must not become MathJax's.
        rendered = _outside_tags(rendered, lambda part: _DELIMITER.sub(r"\\<span></span>", part))
    # Anki looks for [sound:…], [anki:…] and [latex] in the HTML; as an entity the bracket is only text.
    rendered = rendered.replace("[", "&#91;")

    def restore(found: re.Match[str]) -> str:
        math = html.escape(mathematics[int(found[1])], quote=False)
        return math[:2] + math[2:-2].replace("[", "&#91;") + math[-2:]

    return _SHIELDED.sub(restore, rendered) if mathematics else rendered


def _outside_tags(rendered: str, change: Callable[[str], str]) -> str:
    parts = re.split(r"(<[^>]*>)", rendered)
    return "".join(part if index % 2 else change(part) for index, part in enumerate(parts))


def _images(rendered: str, pictures: Pictures) -> tuple[str, list[Problem]]:
    problems = []

    def place(found: re.Match[str]) -> str:
        source, alt = unquote(html.unescape(found[1])).replace(_AND, "&").replace(_LESS, "<"), found[2]
        picture = _angled(source) if source.startswith("<") else pictures(source)
        if isinstance(picture, Problem):
            problems.append(picture)
            return found[0]
        if not alt.strip():
            hint = f"say what it shows: ![…]({source})"
            problems.append(Problem("no-alt", f"the picture '{source}' has no description", hint, source))
        return f'<img src="{html.escape(picture.name)}" alt="{alt}"{found[3] or ""}>'

    return _IMAGE.sub(place, rendered), problems


def _angled(source: str) -> Problem:
    return Problem("picture-path", f"'{source}' is not read as a path", "write it without '<' and '>'", source)


def _links(rendered: str, text: str) -> list[Problem]:
    """An error for each link that leads anywhere but to the web."""
    problems = []
    # The library empties an address that it takes for dangerous; the text still has it.
    dangerous = iter([target for target in _TARGET.findall(text) if _DANGEROUS.match(target)])
    for found in _LINK.finditer(rendered):
        if not found[1].startswith(("https://", "http://")):
            target = unquote(found[1]) or next(dangerous, "")
            hint = "link to an address that starts with https://, or write the brackets as \\[ and \\]"
            problems.append(Problem("link-target", f"a card cannot link to '{target}'", hint, target))
    return problems


def _unread_pictures(rendered: str) -> list[Problem]:
    """An error for each `![…](…)` that Markdown did not take for a picture, and left as text."""
    text = _TAG.sub("", _CODE.sub("", rendered))
    hint = "a picture's path holds no space and no '<': rename the file"
    return [
        Problem("picture-path", f"'{found[0]}' is not read as a picture", hint, found[1])
        for found in _NO_IMAGE.finditer(text)
    ]


def _lost(text: str, rendered: str) -> list[Problem]:
    """An error where Markdown swallows words: a table's cells beyond its head, say."""
    shown = set(_WORD.findall(unquote(html.unescape(rendered))))
    lost = [word for word in _WORD.findall(_FENCE.sub("", text)) if word not in shown]
    if not lost:
        return []
    hint = "give every row of a table as many cells as its head, or write the text on one line"
    return [Problem("lost-text", f"Markdown leaves out '{' '.join(lost[:5])}'", hint, lost[0])]


def as_markdown(text: str) -> str:
    """Plain text as Markdown that shows it so."""
    return re.sub(r"([\\`*_\[\]<>~|#]|&(?=#?\w+;))", r"\\\1", text)

"""Markdown to safe HTML, for Anki's fields.

Only Markdown formats. Everything that would mean something to HTML, Anki or YAML shows as it was typed: `<hip>`,
`&amp;`, `[sound:x.mp3]`. Mathematics in `\\(…\\)` and `\\[…\\]` is left to MathJax.

The Markdown library never sees `<`, `&` or a sign of mathematics. A character that Unicode reserves for such use stands
in for each of them (U+FDD0 to U+FDEF, U+FFFE and U+FFFF, which card files can't hold). Afterwards, the HTML of the sign
takes its stand-in's place, wherever Markdown has put it. So every tag and every attribute was made by Markdown.
"""

from __future__ import annotations

import html
import re
import string
from collections.abc import Callable
from functools import cache, lru_cache
from urllib.parse import quote, unquote

from cmarkgfm.cmark import Options, markdown_to_html, markdown_to_html_with_extensions

from hipdeck.diagnostics import Problem
from hipdeck.render import mathematics
from hipdeck.render.cloze import BREAK, space_braces
from hipdeck.render.cloze_html import escape_marks
from hipdeck.render.media import Picture
from hipdeck.source.folder import MEDIA

FindPicture = Callable[[str], Picture | Problem]
"""Finds the picture for a path as it is written in a card."""

MOST_CELLS = 100
"""Cells of the tables in a text (columns times lines) that it may have even if it has fewer characters."""

_MARKS = re.compile(r"[\\`*_\[\]\n]")
_SIGNS = "\\`*_[]\n<>&"
_SIGN = re.compile(f"[{re.escape(_SIGNS)}]")
_SIGN_BYTES = _SIGNS.encode()

_STAND_INS = {sign: chr(0xFDD0 + index) for index, sign in enumerate(string.punctuation)}
_DISPLAY, _LINE = "\uffff", "\ufffe"  # the bracket of `\[`, and a line end in mathematics
_IN_MATHEMATICS = str.maketrans({**_STAND_INS, "\n": _LINE})
# Anki looks for [sound:…], [anki:…] and [latex] in the HTML; as an entity, the bracket is only text.
_ENTITIES = {"<": "&lt;", ">": "&gt;", "&": "&amp;", '"': "&quot;", "[": "&#91;"}
_HTML = {stand_in: _ENTITIES.get(sign, sign) for sign, stand_in in _STAND_INS.items()}
# Without the space, the bracket of a delimiter and the word after it could make one of Anki's marks.
_HTML |= {_DISPLAY: "[ ", _LINE: "\n"}
_STAND_IN = re.compile(f"[{''.join(_HTML)}]")

# White space to Markdown's emphasis, but not indentation: a text that begins with it is a paragraph.
_SPACE = "\u2003"

_DELIMITERS = re.compile(r"\\[()\[\]]")
_ESCAPE = re.compile(r"\\.", re.DOTALL)
_DELIMITER = re.compile(r"\\(?=[()\[\]])")
_ADDRESS = re.compile(r'(?<=href=")[^"]*|(?<=src=")[^"]*')
_ENCODED = re.compile("%EF%B[0-9A-F]%[0-9A-F]{2}")  # U+FDD0 to U+FDEF, U+FFFE and U+FFFF among others
_IN_ADDRESS = "!#$%&'()*+,-./:;=?@_~"
_IMAGE = re.compile(r'<img src="([^"]*)" alt="([^"]*)"( title="[^"]*")? />')
_LINK = re.compile(r'<a href="([^"]*)"')
_LANGUAGE = re.compile(r'<code class="[^"]*">')
_TABLE = re.compile(r"\||:-|-:")  # the line below a table's header has one of these
_TARGET = re.compile(r"!\[[^\[\]]*\]\([^()]*\)|(?<=\])\([^()]*\)")  # a picture, or the address of a link


def is_plain(text: str) -> bool:
    """Whether a text is its own HTML: none of its characters means anything to Markdown or HTML."""
    if text.isascii():
        # Looking through bytes is several times as fast, and this reads every text.
        return len(text.encode().translate(None, _SIGN_BYTES)) == len(text)
    return not _SIGN.search(text)


def escape(text: str) -> str:
    """A text without Markdown as HTML that shows all of it, and that means nothing to Anki or MathJax."""
    if is_plain(text):
        return text
    return _DELIMITER.sub(r"\\<span></span>", html.escape(text, quote=False)).replace("[", "&#91;")


def to_html(text: str, find_picture: FindPicture, cloze: bool = False) -> tuple[str, list[Problem]]:
    """A text as HTML, and what is wrong with it.

    A text of one line is inline Markdown (emphasis, code, links, pictures), so that `1. first` and `> 90` stay as
    typed. A text of several lines can hold lists and tables too, and keeps its line breaks. `cloze` is for the text of
    a cloze note: it keeps the braces of its mathematics apart from those of its clozes, and clozes out of attributes.
    """
    if not _MARKS.search(text):
        return html.escape(text, quote=False), []
    if "|" in text and "\n" in text and (problem := _check_table(text)):
        return html.escape(text, quote=False), [problem]
    if cloze:
        text = space_braces(text)
    shielded = _shield(text)
    if cloze and "\\:" in shielded:
        # An escaped colon is text, and begins no hint.
        shielded = _ESCAPE.sub(lambda sign: sign[0] + BREAK if sign[0] == "\\:" else sign[0], shielded)
        raw = _run_markdown(shielded).replace(quote(BREAK), "")
    else:
        raw = _run_markdown(shielded)
    rendered = _unshield(raw)
    problems: list[Problem] = []
    if "\n" in text or "![" in text:
        from hipdeck.render.losses import lost_words, unread_pictures

        problems = [*(unread_pictures(rendered) if "![" in text else ()), *lost_words(text, rendered)]
    if _DELIMITERS.search(text):
        from hipdeck.render.losses import unpaired_delimiters

        problems += unpaired_delimiters(text)
    if "\\(" in rendered or "\\[" in rendered:
        # Imported late: most texts have no mathematics.
        from hipdeck.render import tex

        problems += tex.check(rendered, cloze)
    if "<a " in rendered:
        rendered, more = _check_links(rendered)
        problems += more
    if "<img " in rendered:
        rendered, more = _place_pictures(rendered, find_picture)
        problems += more
    return escape_marks(rendered) if cloze else rendered, problems


def _check_table(text: str) -> Problem | None:
    """A problem if a text's tables could have many more cells than were written: Markdown fills up each short row."""
    cells, most = 0, max(MOST_CELLS, len(text))
    for block in text.split("\n\n"):  # an empty line ends a table
        lines = block.split("\n")
        columns = max(line.count("|") for line in lines)
        cells += columns * len(lines)
        if cells > most:
            size = f"{columns:,} columns and {len(lines):,} lines"
            message = f"a table of {size} has too many cells; the limit for a text of this length is {most:,}"
            return Problem("limit", message, "write each row with as many cells as the header, or make it a picture")
    return None


def _shield(text: str) -> str:
    """The text with stand-ins for the signs that the Markdown library mustn't see."""
    text = mathematics.replace(text, _shield_mathematics)
    # `[word]: rest` at the start of a line would be a link definition, which Markdown drops.
    for sign in ("]:", "<", "&"):
        text = text.replace(sign, sign[:-1] + _STAND_INS[sign[-1]])
    return text


def _shield_mathematics(math: str) -> str:
    if math[1] == "(":
        return math.translate(_IN_MATHEMATICS)
    return f"{_STAND_INS[math[0]]}{_DISPLAY}{math[2:].removeprefix(' ').translate(_IN_MATHEMATICS)}"


@lru_cache(10_000)  # `preview --watch` renders the same texts again and again
def _run_markdown(text: str) -> str:
    # "Unsafe" lets raw HTML through, of which there is none without '<', and addresses, which `_check_links` checks.
    options = Options.CMARK_OPT_UNSAFE
    if "\n" not in text:
        inline: str = markdown_to_html(_SPACE + text, options)
        return inline.removeprefix(f"<p>{_SPACE}").removesuffix("</p>\n")
    options |= Options.CMARK_OPT_HARDBREAKS
    if not _TABLE.search(text):
        rendered: str = markdown_to_html(text, options)
    else:  # unlike the other function, this one never frees the memory for what it has read
        rendered = markdown_to_html_with_extensions(text, options, ["table"])
    return _LANGUAGE.sub("<code>", rendered).strip()


def _unshield(rendered: str) -> str:
    """HTML of the Markdown library with the stand-ins replaced by the HTML of their signs."""
    if "%EF%" in rendered:
        rendered = _ADDRESS.sub(lambda address: _unshield_address(address[0]), rendered)
    if "\\" in rendered:
        # A backslash and bracket outside of mathematics are text, and MathJax must not read them as a delimiter.
        rendered = _outside_tags(rendered, lambda part: _DELIMITER.sub(r"\\<span></span>", part))
    rendered = rendered.replace("[", "&#91;")
    return rendered if rendered.isascii() else _STAND_IN.sub(lambda sign: _HTML[sign[0]], rendered)


def _unshield_address(address: str) -> str:
    """An address in which the library has percent-encoded the stand-ins too."""
    return _ENCODED.sub(lambda encoded: _signs_in_addresses().get(encoded[0], encoded[0]), address)


@cache
def _signs_in_addresses() -> dict[str, str]:
    """What takes a stand-in's place in an address, by how the library has encoded it."""
    signs = {quote(stand_in): html.escape(quote(sign, safe=_IN_ADDRESS)) for sign, stand_in in _STAND_INS.items()}
    # Brackets were only escaped there.
    return {**signs, quote(_STAND_INS["\\"]): "", quote(_DISPLAY): "%5B", quote(_LINE): ""}


def _outside_tags(rendered: str, change: Callable[[str], str]) -> str:
    parts = re.split(r"(<[^>]*>)", rendered)
    return "".join(part if index % 2 else change(part) for index, part in enumerate(parts))


def _place_pictures(rendered: str, find_picture: FindPicture) -> tuple[str, list[Problem]]:
    """The HTML with each picture's name in the package, and what is wrong with its pictures."""
    problems = []

    def place(image: re.Match[str]) -> str:
        typed, alt = html.unescape(image[1]), image[2]
        source = unquote(typed)
        picture = _in_angle_brackets(source) if source.startswith("<") else find_picture(source)
        if isinstance(picture, Problem) and typed != source and isinstance(other := find_picture(typed), Picture):
            picture = other  # the '%' is part of the file's name
        if isinstance(picture, Problem):
            problems.append(picture)
            return image[0]
        if not alt.strip():
            hint = f"say what it shows: ![…]({source})"
            problems.append(Problem("no-alt", f"the picture '{source}' has no description", hint, source))
        return f'<img src="{html.escape(picture.name)}" alt="{alt}"{image[3] or ""}>'

    return _IMAGE.sub(place, rendered), problems


def _in_angle_brackets(source: str) -> Problem:
    return Problem("picture-path", f"'{source}' isn't read as a path", "write it without '<' and '>'", source)


def _check_links(rendered: str) -> tuple[str, list[Problem]]:
    """The HTML without links to anything but the web, and an error for each of those."""
    problems = []

    def check(link: re.Match[str]) -> str:
        if link[1].lower().startswith(("https://", "http://")):
            return link[0]
        target = unquote(html.unescape(link[1]))
        hint = "link to an address that starts with https://; if this is no link, put a space between ']' and '('"
        if target.startswith(f"{MEDIA}/"):
            hint = "write '!' before the '[' to show the picture"
        elif target.startswith("www."):
            hint = f"write https://{target}"
        problems.append(Problem("link-target", f"a card can't link to '{target}'", hint, target))
        return '<a href=""'

    return _LINK.sub(check, rendered), problems


def prose(text: str) -> str:
    """A Markdown text without its pictures and without the addresses of its links."""
    return _TARGET.sub("", text) if "](" in text else text


def as_markdown(text: str) -> str:
    """Markdown that shows a plain text as it is."""
    return re.sub(r"([\\`*_\[\]<>~|#]|&(?=#?\w+;))", r"\\\1", text)

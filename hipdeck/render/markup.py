"""Markdown to safe HTML, for Anki's fields.

Only Markdown formats. What HTML, Anki or YAML would take for its own shows as it was typed: `<hip>`, `&amp;`,
`[sound:x.mp3]`. Mathematics in `\\(…\\)` and `\\[…\\]` is left for MathJax.

The Markdown library sees neither `<` nor `&` nor a sign of mathematics: for each there stands a character that Unicode
reserves for such use (U+FDD0 to U+FDEF, U+FFFE and U+FFFF, which no card file may hold). Afterwards each becomes the
HTML of its sign, wherever Markdown has put it. So every tag and every attribute is one that Markdown made.
"""

from __future__ import annotations

import html
import re
import string
from collections.abc import Callable
from urllib.parse import quote, unquote

from cmarkgfm.cmark import Options, markdown_to_html, markdown_to_html_with_extensions

from hipdeck.diagnostics import Problem
from hipdeck.render import mathematics
from hipdeck.render.cloze import space_braces
from hipdeck.render.cloze_html import unmarked
from hipdeck.render.media import Picture

Pictures = Callable[[str], Picture | Problem]
"""Finds the picture for a path as a card gives it."""

_MARKS = re.compile(r"[\\`*_\[\]\n]")
_SIGNS = "\\`*_[]\n<>&"
_SIGN = re.compile(f"[{re.escape(_SIGNS)}]")
_SIGN_BYTES = _SIGNS.encode()

_STAND_INS = {sign: chr(0xFDD0 + index) for index, sign in enumerate(string.punctuation)}
_DISPLAY, _LINE = "\uffff", "\ufffe"  # the bracket of `\[`, and the end of a line within mathematics
_IN_MATHEMATICS = str.maketrans({**_STAND_INS, "\n": _LINE})
# Anki looks for [sound:…], [anki:…] and [latex] in the HTML; as an entity the bracket is only text.
_ENTITIES = {"<": "&lt;", ">": "&gt;", "&": "&amp;", '"': "&quot;", "[": "&#91;"}
_MEANT = {stand_in: _ENTITIES.get(sign, sign) for sign, stand_in in _STAND_INS.items()}
# Without the space the bracket of a delimiter would make one of Anki's marks with the word behind it.
_MEANT |= {_DISPLAY: "[ ", _LINE: "\n"}
_STAND_IN = re.compile(f"[{''.join(_MEANT)}]")

# White space to Markdown's emphasis but no indentation: what begins with it is a paragraph.
_SPACE = "\u2003"

_DELIMITER = re.compile(r"\\(?=[()\[\]])")
_ADDRESS = re.compile(r'(?<=href=")[^"]*|(?<=src=")[^"]*')
_IMAGE = re.compile(r'<img src="([^"]*)" alt="([^"]*)"( title="[^"]*")? />')
_LINK = re.compile(r'<a href="([^"]*)"')
_LANGUAGE = re.compile(r'<code class="[^"]*">')


def is_plain(text: str) -> bool:
    """Whether a text is its own HTML: neither Markdown nor HTML means anything by any of its characters."""
    if text.isascii():
        # The same, but bytes are looked through several times as fast, and this reads every text.
        return len(text.encode().translate(None, _SIGN_BYTES)) == len(text)
    return not _SIGN.search(text)


def escaped(text: str) -> str:
    """A text that is no Markdown as HTML: neither HTML nor Anki nor MathJax means anything by it."""
    if is_plain(text):
        return text
    return _DELIMITER.sub(r"\\<span></span>", html.escape(text, quote=False)).replace("[", "&#91;")


def to_html(text: str, pictures: Pictures, cloze: bool = False) -> tuple[str, list[Problem]]:
    """A text as HTML, and what is wrong with it.

    A text of one line is inline Markdown (emphasis, code, links, pictures), so that `1. first` and `> 90` stay as
    typed; a text of several lines may hold lists and tables too, and its lines stay lines. `cloze` says that the text
    is Anki's cloze text: in its mathematics TeX's braces are kept apart from the clozes', and there are no clozes in
    attributes.
    """
    if not _MARKS.search(text):
        return html.escape(text, quote=False), []
    if cloze:
        text = space_braces(text)
    raw = _render(_shielded(text))
    rendered = _unshielded(raw)
    problems: list[Problem] = []
    if "\n" in text or "![" in text:
        from hipdeck.render.losses import lost, unread_pictures

        problems = [*(unread_pictures(raw) if "![" in text else ()), *lost(text, rendered)]
    if "\\(" in rendered or "\\[" in rendered:
        # Imported late: most texts have no mathematics.
        from hipdeck.render import formulas

        problems += formulas.check(rendered, cloze)
    if "<a " in rendered:
        rendered, more = _links(rendered)
        problems += more
    if "<img " in rendered:
        rendered, more = _images(rendered, pictures)
        problems += more
    return unmarked(rendered) if cloze else rendered, problems


def _shielded(text: str) -> str:
    text = mathematics.replace(text, _set_apart)
    # `[word]: rest` at the start of a line would be a link definition, which Markdown swallows whole.
    for sign in ("]:", "<", "&"):
        text = text.replace(sign, sign[:-1] + _STAND_INS[sign[-1]])
    return text


def _set_apart(math: str) -> str:
    if math[1] == "(":
        return math.translate(_IN_MATHEMATICS)
    return f"{_STAND_INS[math[0]]}{_DISPLAY}{math[2:].removeprefix(' ').translate(_IN_MATHEMATICS)}"


def _render(text: str) -> str:
    # "Unsafe" lets raw HTML pass, of which there is none without '<', and addresses, which `_links` looks through.
    options = Options.CMARK_OPT_UNSAFE
    if "\n" in text:
        options |= Options.CMARK_OPT_HARDBREAKS
        rendered: str = markdown_to_html_with_extensions(text, options, ["table"])
        return _LANGUAGE.sub("<code>", rendered).strip()
    rendered = markdown_to_html(_SPACE + text, options)
    return rendered.removeprefix(f"<p>{_SPACE}").removesuffix("</p>\n")


def _unshielded(rendered: str) -> str:
    if "%EF%" in rendered:
        rendered = _ADDRESS.sub(lambda found: _address(found[0]), rendered)
    if "\\" in rendered:
        # A backslash and bracket that are left over are text, and must not become MathJax's.
        rendered = _outside_tags(rendered, lambda part: _DELIMITER.sub(r"\\<span></span>", part))
    rendered = rendered.replace("[", "&#91;")
    return rendered if rendered.isascii() else _STAND_IN.sub(lambda found: _MEANT[found[0]], rendered)


def _address(address: str) -> str:
    """An address in which the library has percent-encoded the stand-ins too; brackets were only escaped there."""
    address = address.replace(quote(_STAND_INS["\\"]), "").replace(quote(_DISPLAY), "%5B").replace(quote(_LINE), "")
    for sign, stand_in in _STAND_INS.items():
        address = address.replace(quote(stand_in), html.escape(quote(sign, safe="!#$%&'()*+,-./:;=?@_~")))
    return address


def _outside_tags(rendered: str, change: Callable[[str], str]) -> str:
    parts = re.split(r"(<[^>]*>)", rendered)
    return "".join(part if index % 2 else change(part) for index, part in enumerate(parts))


def _images(rendered: str, pictures: Pictures) -> tuple[str, list[Problem]]:
    problems = []

    def place(found: re.Match[str]) -> str:
        source, alt = unquote(html.unescape(found[1])), found[2]
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


def _links(rendered: str) -> tuple[str, list[Problem]]:
    """An error for each link that leads anywhere but to the web; it leads nowhere in the HTML."""
    problems = []

    def place(found: re.Match[str]) -> str:
        if found[1].lower().startswith(("https://", "http://")):
            return found[0]
        target = unquote(html.unescape(found[1]))
        hint = "link to an address that starts with https://, or write the brackets as \\[ and \\]"
        problems.append(Problem("link-target", f"a card cannot link to '{target}'", hint, target))
        return '<a href=""'

    return _LINK.sub(place, rendered), problems


def as_markdown(text: str) -> str:
    """Plain text as Markdown that shows it so."""
    return re.sub(r"([\\`*_\[\]<>~|#]|&(?=#?\w+;))", r"\\\1", text)

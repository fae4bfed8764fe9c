"""From the bytes of an SVG file to what keeps it from a deck.

Anki shows a picture in a browser, and anyone may open the file as a page, where it could run code and load what it
likes. So a file must be one that every XML parser reads alike, and may hold only what is known to be harmless.
"""

from __future__ import annotations

import re
from xml.parsers import expat
from xml.parsers.expat import errors

from hipdeck.diagnostics import Problem
from hipdeck.render.svg.elements import SVG, XLINK, check_element
from hipdeck.render.svg.refusal import Refusal, shorten
from hipdeck.render.svg.size import Size

_PROLOG = rb"(?s)\xef\xbb\xbf|\s+|<\?.*?\?>|<!--.*?-->"
_HARMLESS_DOCTYPE = (
    rb"<!DOCTYPE\s+(?:[\w.-]+:)?svg"
    rb"""(?:\s+(?:SYSTEM|PUBLIC\s+(?:"-//W3C//DTD SVG [^"<>&]*"|'-//W3C//DTD SVG [^'<>&]*'))"""
    rb"""\s+(?:"https?://www\.w3\.org/[^"<>&]*"|'https?://www\.w3\.org/[^'<>&]*'))?\s*>"""
)
_HARMLESS_INSTRUCTIONS = ("adobe-xap-filters", "plantuml", "plantuml-src", "xpacket")
_DOCTYPE = Refusal(
    "it has a DOCTYPE that declares entities or names another file",
    "remove it, or export it as plain SVG (in Illustrator, without Preserve Illustrator Editing Capabilities)",
)
_LINKS = ("href", f"{XLINK} href")
# Encodings in which an ASCII file is the same bytes as in UTF-8.
_LIKE_ASCII = ("ascii", "us-ascii", "iso-8859-1", "iso-8859-15", "latin1", "windows-1252")
_BROKEN = {
    errors.codes[message]: words
    for message, words in {
        errors.XML_ERROR_NO_ELEMENTS: "it ends too early",
        errors.XML_ERROR_UNCLOSED_TOKEN: "it ends too early",
        errors.XML_ERROR_UNCLOSED_CDATA_SECTION: "it ends too early",
        errors.XML_ERROR_TAG_MISMATCH: "an element isn't closed",
        errors.XML_ERROR_DUPLICATE_ATTRIBUTE: "an element has the same attribute twice",
        errors.XML_ERROR_UNBOUND_PREFIX: "it uses a prefix that it doesn't declare, such as 'xlink:'",
        errors.XML_ERROR_UNDEFINED_ENTITY: "it uses an entity that SVG doesn't have, such as '&nbsp;'",
        errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT: "there is something after its end",
    }.items()
}


def check(data: bytes) -> Problem | None:
    """What keeps an SVG file from a deck, or None. `data` is the file."""
    if data.startswith(b"\x1f\x8b"):
        return Problem("picture-content", "this is a compressed SVG file (SVGZ)", "save it as plain SVG")
    try:
        data.decode()
    except UnicodeDecodeError:
        return _encoding_problem("this SVG file isn't in UTF-8")
    if b"\0" in data:  # UTF-16 without a byte order mark, which some parsers guess
        return _encoding_problem("this SVG file isn't in UTF-8")
    try:
        _Reader(data).read()
    except _StopError as error:
        return error.problem
    except expat.ExpatError as error:
        words = _BROKEN.get(error.code, "it isn't well-formed XML")
        return Problem("picture-content", f"this SVG file is broken: {words} (line {error.lineno})", "export it again")
    return None


class _StopError(Exception):
    """Stops the parser with what is wrong."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


class _Reader:
    """Reads a file with expat, and stops at the first thing that isn't known to be harmless."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.size = Size()
        self.depth = 0
        self.style: list[str] | None = None
        # The encoding is forced, so that a declared one changes nothing.
        self.parser = parser = expat.ParserCreate("utf-8", " ")
        parser.buffer_text = True
        parser.XmlDeclHandler = self.declaration
        parser.StartDoctypeDeclHandler = self.doctype
        parser.ProcessingInstructionHandler = self.instruction
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end

    def read(self) -> None:
        """Read the whole file; raises _StopError or ExpatError."""
        self.parser.Parse(self.without_doctype(), True)
        refusal = self.size.measure()
        if refusal:
            raise _StopError(_unsafe(refusal))

    def without_doctype(self) -> bytes:
        """The file with spaces for a harmless DOCTYPE: parsers that see one pass over entities they don't know."""
        if b"<!DOCTYPE" not in self.data:
            return self.data
        position = 0
        prolog = re.compile(_PROLOG)
        while part := prolog.match(self.data, position):
            position = part.end()
        if not self.data.startswith(b"<!DOCTYPE", position):
            return self.data
        doctype = re.compile(_HARMLESS_DOCTYPE).match(self.data, position)
        if doctype is None:
            raise _StopError(_unsafe(_DOCTYPE, self.data.count(b"\n", 0, position) + 1))
        return self.data[:position] + re.sub(rb"[^\n]", b" ", doctype[0]) + self.data[doctype.end() :]

    def stop(self, refusal: Refusal | None) -> None:
        """Stop where the parser is, if there is a reason to."""
        if refusal:
            raise _StopError(_unsafe(refusal, self.parser.CurrentLineNumber))

    def declaration(self, version: str, encoding: str | None, _: int) -> None:
        name = (encoding or "utf-8").lower()
        if name not in ("utf-8", "utf8") and not (name in _LIKE_ASCII and self.data.isascii()):
            raise _StopError(_encoding_problem(f"this SVG file says it's in {shorten(name)}"))
        if version != "1.0":
            message = f"this SVG file says it's XML {shorten(version)}, which browsers read differently"
            raise _StopError(Problem("picture-content", message, "save it as XML 1.0"))

    def doctype(self, *_: object) -> None:
        self.stop(_DOCTYPE)

    def instruction(self, target: str, _: str) -> None:
        if target not in _HARMLESS_INSTRUCTIONS:
            self.stop(Refusal(f"it has a processing instruction, <?{shorten(target)}?>"))

    def start(self, key: str, attributes: dict[str, str]) -> None:
        namespace, _, name = key.rpartition(" ")
        if not self.depth:
            self.check_root(namespace, name)
        if self.style is not None:
            self.stop(Refusal("it has an element in a <style>"))
        self.depth += 1
        self.stop(check_element(namespace, name, attributes))
        uses = [attributes[link] for link in _LINKS if link in attributes] if name == "use" else []
        self.stop(self.size.start(attributes.get("id"), uses))
        if name == "style" and namespace == SVG:
            self.style = []
            self.parser.CharacterDataHandler = self.style.append

    def check_root(self, namespace: str, name: str) -> None:
        if name != "svg" or namespace not in ("", SVG):
            self.stop(Refusal("its root element isn't <svg>", "export the picture again, as plain SVG or as PNG"))
        if not namespace:
            message = "browsers don't show this SVG: its <svg> has no xmlns"
            raise _StopError(Problem("picture-content", message, f'write <svg xmlns="{SVG}" …>'))

    def end(self, _: str) -> None:
        self.depth -= 1
        self.size.end()
        if self.style is not None:
            css, self.style = "".join(self.style), None
            self.parser.CharacterDataHandler = None
            self.check_style(css)

    def check_style(self, css: str) -> None:
        if "(" not in css and "@" not in css:
            return
        # Imported late: many pictures have no styles but plain words.
        from hipdeck.render.svg.style import find_fault

        fault = find_fault(css)
        if fault:
            offset, refusal = fault
            line = self.parser.CurrentLineNumber - css.count("\n", offset)
            raise _StopError(_unsafe(refusal.of("its style sheet"), line))


def _unsafe(refusal: Refusal, line: int = 0) -> Problem:
    """The problem that a refusal is; without a line, the whole picture is meant."""
    place = f" (line {line})" if line else ""
    return Problem("unsafe-svg", f"this SVG isn't safe: {refusal.reason}{place}", refusal.hint)


def _encoding_problem(message: str) -> Problem:
    return Problem("picture-content", message, 'save it as UTF-8, with encoding="UTF-8" in its first line')

"""Whether an SVG picture is only a picture: no script, and nothing that it would fetch from elsewhere."""

from __future__ import annotations

import re
from xml.parsers import expat

from hipdeck.diagnostics import Problem

_FORBIDDEN = {"script", "foreignobject", "iframe", "embed", "object", "audio", "video", "handler", "listener"}
_EMBEDDED = re.compile(r"data:image/(png|jpeg|gif|webp);base64,", re.IGNORECASE)
_STYLE_LINK = re.compile(
    r"@import|image-set\(|(?<![\w-])src\(|expression\("
    r"|url\((?!\s*['\"]?(?:#|data:image/(?:png|jpeg|gif|webp);base64,))",
    re.IGNORECASE,
)
_CSS_ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{1,6})\s?|(.))", re.DOTALL)


def _fetches(css: str) -> bool:
    """Whether a style sheet or a style refers to something outside of the picture."""
    return bool(_STYLE_LINK.search(_CSS_ESCAPE.sub(_escaped, css) if "\\" in css else css))


def _escaped(found: re.Match[str]) -> str:
    """The character that an escape of CSS stands for: a backslash, then its number or the character itself."""
    number = int(found[1], 16) if found[1] else 0
    return chr(number) if 0 < number < 0x110000 else found[2] or ""


class _UnsafeError(Exception):
    """What is wrong with the picture; it stops the parser."""


def check(data: bytes) -> Problem | None:
    """What keeps an SVG file from a deck, or None. `data` is the file."""
    parser = expat.ParserCreate(namespace_separator=" ")
    style: list[bool] = []
    depth = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        local = name.rsplit(" ", 1)[-1].lower()
        if depth == 0 and local != "svg":
            raise _UnsafeError("its root element is not <svg>")
        depth += 1
        style.append(local == "style")
        if local in _FORBIDDEN:
            raise _UnsafeError(f"it holds a <{local}> element")
        for key, value in attributes.items():
            key = key.rsplit(" ", 1)[-1].lower()
            value = value.strip()
            if key.startswith("on"):
                raise _UnsafeError(f"it holds an event handler ('{key}')")
            if "javascript:" in re.sub(r"\s", "", value.lower()):
                raise _UnsafeError(f"its '{key}' holds script")
            if key in ("href", "src", "data") and not value.startswith("#") and not _EMBEDDED.match(value):
                raise _UnsafeError(f"its '{key}' refers to something outside of it")
            if key == "attributename" and value.rsplit(":", 1)[-1].lower() == "href":
                raise _UnsafeError("it changes an address")
            if _fetches(value) and not _EMBEDDED.match(value):
                raise _UnsafeError(f"its '{key}' refers to something outside of it")

    def end(_: str) -> None:
        nonlocal depth
        depth -= 1
        style.pop()

    def text(characters: str) -> None:
        if style and style[-1]:
            styles.append(characters)

    def doctype(*_: object) -> None:
        raise _UnsafeError("it declares a document type or entities")

    def instruction(target: str, _: str) -> None:
        raise _UnsafeError(f"it holds a processing instruction ('{target}')")

    styles: list[str] = []
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = doctype
    parser.ProcessingInstructionHandler = instruction
    try:
        parser.Parse(data, True)
        if _fetches("".join(styles)):
            raise _UnsafeError("its style sheet refers to something outside of it")
    except _UnsafeError as reason:
        return Problem("unsafe-svg", f"this picture is not safe: {reason}", "export it as plain SVG, or as PNG")
    except expat.ExpatError as problem:
        message = f"this is not a whole SVG file: {expat.ErrorString(problem.code)} on its line {problem.lineno}"
        return Problem("picture-content", message, "export it again")
    except (LookupError, ValueError):
        message = "this SVG file is in an encoding that cannot be read"
        return Problem("picture-content", message, "save it as UTF-8")
    return None

"""Whether a style stays within its picture.

A browser takes addresses out of a style in few ways: from `url()` and a few other functions, and from at-rules such as
`@import`. So every function and every at-rule must be one that fetches nothing, and `url()` must name a part of the
picture or hold a picture or font itself. Tokens are those of CSS Syntax Level 3. Anything that one browser could split
differently than another is refused even if it's harmless; editors don't write it.
"""

from __future__ import annotations

import re

from hipdeck.render.svg.refusal import Refusal, refuse_address, shorten

_RULE_NAMES = """
    charset container counter-style font-face font-feature-values keyframes -moz-keyframes -ms-keyframes -o-keyframes
    -webkit-keyframes layer media page property scope starting-style supports"""
_FUNCTION_NAMES = """
    matrix matrix3d perspective rotate rotate3d rotatex rotatey rotatez scale scale3d scalex scaley scalez skew skewx
    skewy translate translate3d translatex translatey translatez
    circle ellipse inset path polygon ray rect xywh
    blur brightness contrast drop-shadow grayscale hue-rotate invert opacity saturate sepia
    color color-mix device-cmyk hsl hsla hwb icc-color lab lch light-dark oklab oklch rgb rgba
    conic-gradient linear-gradient radial-gradient
    repeating-conic-gradient repeating-linear-gradient repeating-radial-gradient
    abs acos asin atan atan2 calc clamp cos env exp hypot log max min mod pow rem round sign sin sqrt tan
    counter counters cubic-bezier fit-content format frames linear local minmax repeat steps tech var
    dir has host is lang layer matches -moz-any not nth-child nth-last-child nth-last-of-type nth-of-type selector
    -webkit-any where"""
_RULES = frozenset(_RULE_NAMES.split())
_FUNCTIONS = frozenset(_FUNCTION_NAMES.split())
_UNCLOSED = {
    "/*": "has a comment that isn't closed",
    '"': "has a quotation mark that isn't closed",
    "'": "has a quotation mark that isn't closed",
}
_MOST_SIGNS = 100_000
_TOO_LONG = Refusal(f"has more than {_MOST_SIGNS:,} signs and addresses", "make it simpler, or export it as PNG")

# Written so that no text matches in two ways: a regular expression that has to try them all takes forever.
_BACKSLASH = r"\\(?:(?:[0-9a-fA-F]{6}|[0-9a-fA-F]{1,5}(?![0-9a-fA-F]))[ \t\n]?|[^\n0-9a-fA-F])"
# Letters, digits, `_`, `-` and all that isn't ASCII, said by what it isn't: Python compiles that twenty times faster.
_LETTERS = r"[^\x00-,./:-@[-^`{-\x7f]"
_NAME = rf"(?:{_LETTERS}+|{_BACKSLASH}{_LETTERS}*)(?:{_BACKSLASH}{_LETTERS}*)*"
_STRING = r""""[^"\\\n]*(?:\\.[^"\\\n]*)*"|'[^'\\\n]*(?:\\.[^'\\\n]*)*'"""
_TOKEN = re.compile(
    # `plain` takes many names and signs at once; most of a style sheet is nothing else.
    rf"""(?P<plain>(?:{_LETTERS}*[ \t\n:;,.{{}}[\]>+*=%!~|&$?)<^`]+){{1,500}})
    |/\*.*?\*/
    |{_STRING}
    |(?P<hash>\#(?:{_NAME})?\(?)
    |(?P<rule>@(?:{_NAME})?)
    |(?P<function>{_NAME}\()
    |{_NAME}
    |(?P<stray>/\*|["'\\])
    |.""",
    re.ASCII | re.DOTALL | re.VERBOSE,
)
_ADDRESS = re.compile(rf"""[ \t\n]*(?:({_STRING})|([^"'()\\ \t\n]+))[ \t\n]*\)""", re.DOTALL)
_ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{1,6})[ \t\n]?|(.))", re.DOTALL)


def find_fault(css: str) -> tuple[int, Refusal] | None:
    """The first thing in a style that isn't known to be harmless, and where it begins; or None.

    `css` is a whole style sheet, or the value of a `style` or presentation attribute.
    """
    css = css.replace("\r\n", "\n").replace("\r", "\n")
    if css.count("\\") > _MOST_SIGNS:
        return 0, _TOO_LONG
    position = 0
    for _ in range(_MOST_SIGNS):
        token = _TOKEN.match(css, position)
        if token is None:
            return None
        position = token.end()
        refusal = None
        if token.lastgroup == "function":
            name = _unescape(token[0][:-1]).lower()
            if name == "url":
                address = _ADDRESS.match(css, position)
                position = address.end() if address else position
                refusal = _check_address(address)
            elif name not in _FUNCTIONS:
                refusal = Refusal(f"uses {shorten(name)}(), which could fetch something")
        elif token.lastgroup not in (None, "plain"):
            refusal = _check_sign(token[0])
        if refusal:
            return token.start(), refusal
    return position, _TOO_LONG


def _check_address(address: re.Match[str] | None) -> Refusal | None:
    """What is wrong with what follows `url(`."""
    if address is None:
        return Refusal("has a url() that can't be read")
    string, bare = address.groups()
    return refuse_address(_unescape(string[1:-1]) if string else bare, fonts=True)


def _check_sign(text: str) -> Refusal | None:
    """What is wrong with an at-rule's name, a hash, or a sign that begins nothing."""
    if text[0] == "@":
        name = text[1:].lower()
        return None if name in _RULES else Refusal(f"has an '@{shorten(name)}' rule, which could fetch something")
    if text[0] == "#" and text[-1] != "(":
        return None
    return Refusal(_UNCLOSED.get(text, f"has '{shorten(text)}', which can't be read"))


def _unescape(text: str) -> str:
    """A name, or the inside of a string, with each escape replaced by the character it stands for."""
    return _ESCAPE.sub(_escaped_character, text) if "\\" in text else text


def _escaped_character(match: re.Match[str]) -> str:
    if match[1] is None:
        return str(match[2])
    number = int(match[1], 16)
    return chr(number) if 0 < number < 0xD800 or 0xDFFF < number < 0x110000 else "\ufffd"

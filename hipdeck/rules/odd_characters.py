"""Characters that nobody typed: invisible ones that came along with pasted text, and text of a wrong encoding.

Loaded only if a deck has a text with such a character.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import takewhile

from hipdeck.rules.notations.notation import Notation

LONG_WORD = 14
"""Letters of a word that a soft hyphen may divide: German has many, and pasted lines break shorter ones."""

_REACH = 4 * LONG_WORD
"""Characters around a soft hyphen that are looked at, for its word."""

INVISIBLE = "\u00ad\u034f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f"
"""Characters without a width, for a set in a pattern."""

_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc]")
_SIGN = re.compile(f"[{INVISIBLE}]")
_LATIN = re.compile("[A-Za-z0-9\u00c0-\u024f\u0370-\u052f\\s.,;:!?()/'\"-]")
_WORD = re.compile("[^\\W\\d_\u00ad]+(?:\u00ad+[^\\W\\d_\u00ad]+)+")
# What UTF-8 becomes if it's read as Windows-1252: a letter and one or more signs, in the place of one character.
_AFTER = bytes(range(0x80, 0xC0)).decode("cp1252", "ignore") + "\x80-\xbf"
_GARBLED = re.compile(
    f"(?:[\u00c2-\u00df](?![‘’“”])[{_AFTER}]|[\u00e0-\u00ef][{_AFTER}]{{2}}|[\u00f0-\u00f4][{_AFTER}]{{3}})+"
)


def find_invisible(text: str) -> Notation | None:
    """The first invisible character of a text that means nothing there."""
    sign = next((sign for sign in _SIGN.finditer(text) if not _has_meaning(text, sign.start())), None)
    return _invisible(text, sign.start()) if sign else None


def find(text: str) -> Iterator[Notation]:
    """The first invisible character of a text that means nothing there, and the first stretch of a wrong encoding."""
    if not any(sign.isalnum() for sign in text):
        return  # nobody sees anything of it, and that's an error
    if invisible := find_invisible(text):
        yield invisible
    for match in _GARBLED.finditer(text):
        if meant := _decoded(match[0]):
            message = f"'{match[0]}' is what '{meant}' looks like if its file was read in a wrong encoding"
            yield Notation(match[0], message, f"write {meant}, here and in the rest of what was pasted with it")
            break


def _has_meaning(text: str, place: int) -> bool:
    """Whether an invisible character does something where it stands."""
    sign, before, after = text[place], text[max(0, place - 1) : place], text[place + 1 : place + 2]
    if sign == "\u00ad":
        start = max(0, place - _REACH)
        return any(
            start + match.start() < place < start + match.end() and len(match[0].replace(sign, "")) >= LONG_WORD
            for match in _WORD.finditer(text[start : place + _REACH])
        )
    if sign in "\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2068\u2069":
        return _has_right_to_left(text)
    if sign in "\u200b\u200c\u200d":
        # Between letters of scripts that join, or that have no spaces; between the parts of an emoji.
        return bool(before and after) and not (_LATIN.match(before) or _LATIN.match(after))
    return False


@lru_cache(1)  # a text may have thousands of marks of direction
def _has_right_to_left(text: str) -> bool:
    return bool(_RIGHT_TO_LEFT.search(text))


def _invisible(text: str, place: int) -> Notation:
    sign = text[place]
    name = unicodedata.name(sign, "").lower()
    # Backward from the sign: looking for the word from the start of a long text would take very long.
    before, after = _first_word(text[:place][::-1])[::-1], _first_word(text[place + 1 :])
    word = before + after
    where = f" in '{word}'" if word else ""
    message = f"there's an invisible character{where}: U+{ord(sign):04X}, a {name}"
    hint = (
        f"delete it, or type the word again: {word}"
        if word
        else "delete it, with the signs on both sides, and type those again"
    )
    return Notation(sign, message, hint)


def _first_word(text: str) -> str:
    """The word that a text begins with, if it begins with one."""
    return "".join(takewhile(lambda sign: sign.isalnum() or sign == "_", text))


def _decoded(garbled: str) -> str:
    """The text that was read in a wrong encoding, or nothing."""
    data = bytearray()
    for sign in garbled:
        try:
            data += sign.encode("cp1252")
        except UnicodeEncodeError:
            data += sign.encode("latin-1", "ignore")
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return ""
    return text if text.isprintable() or "\u00a0" in text else ""

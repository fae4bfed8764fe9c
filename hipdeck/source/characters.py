"""Bytes to text: UTF-8, and no character in it that a card can't show."""

from __future__ import annotations

import re

from hipdeck.diagnostics import Diagnostic, Place, error

# Control characters, what YAML 1.1 reads as a line break but no editor does, and Unicode's noncharacters: Anki drops or
# misreads some, and the renderer marks its places with the last (U+FDD0 to U+FDEF).
UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffd-\uffff]"
)

LINE_BREAK = re.compile("\r\n?|\n")
"""What ends a line. Nothing else that could passes UNPRINTABLE, so YAML, an editor and hipdeck count lines alike."""
MOST_MARKS = 30
"""Combining characters in a row. No language needs more (Unicode Standard Annex #15, Stream-Safe Text Format), and
putting them in order takes the square of their number."""

_PRINTABLE = bytes(range(0x20, 0x7F)) + b"\t\n\r"


# What files of other programs begin with, which are sometimes named like a card file.
_OTHER_FILES = {
    b"{\\rtf": "an RTF file, not plain text",
    b"PK\x03\x04": "a Word, Excel, or ZIP file, not plain text",
    b"\xd0\xcf\x11\xe0": "a Word or Excel file, not plain text",
    b"%PDF-": "a PDF file, not plain text",
    b"<!DOCTYPE html": "a web page, not plain text",
    b"<html": "a web page, not plain text",
}
# Spaces of other kinds before a key or a note's dash; YAML counts none of them as indentation.
_OTHER_INDENT = re.compile(r"^ *[\u00a0\u2000-\u200a\u202f\u205f\u3000][^\S\r\n]*(?=- |[\w-]+:(?:\s|$))", re.MULTILINE)


def line_start(text: str, offset: int) -> int:
    """Where the line begins in which an offset of a text lies. Looks backward, so only through that line if it can."""
    start = text.rfind("\n", 0, offset) + 1
    return max(start, text.rfind("\r", start, offset) + 1)


def decode(path: str, data: bytes) -> tuple[str | None, list[Diagnostic]]:
    """A file's bytes as text, without a byte order mark; one error if they aren't UTF-8."""
    other = next((what for signature, what in _OTHER_FILES.items() if data.startswith(signature)), "")
    if other:
        hint = "copy its text into a new file, and save that as plain text (in TextEdit: Format > Make Plain Text)"
        return None, [error("encoding", Place(path), f"this file is {other}", hint)]
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        before = data[: problem.start].decode("utf-8", "replace")
        name = "UTF-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "not UTF-8"
        hint = "save it as UTF-8 in your editor"
        return None, [error("encoding", _place(path, before), f"this file is {name}", hint)]
    # Most files are ASCII; a lookup table checks those ten times faster.
    is_plain = data.isascii() and not data.translate(None, _PRINTABLE)
    sign = None if is_plain else UNPRINTABLE.search(text)
    if sign:
        place, hint = _place(path, text[: sign.start()]), "delete it; most of these come along when text is pasted"
        if sign[0] == "\ufffd":
            hint = "type the letter again, here and wherever else it was lost"
        return None, [error("control-character", place, unprintable(sign[0]), hint)]
    if indent := None if is_plain else _OTHER_INDENT.search(text):
        code = next(ord(space) for space in indent[0] if space not in " \t")
        message = f"this line is indented with a space that YAML doesn't count: U+{code:04X}"
        hint = "delete what is before the first word of the line, and type the spaces again"
        place = _place(path, text[: indent.start()])._replace(length=len(indent[0]))
        return None, [error("yaml", place, message, hint)]
    marked = None if is_plain else _too_many_marks(text)
    if marked is not None:
        message = f"a letter has more than {MOST_MARKS} accents or other marks"
        return None, [error("limit", _place(path, text[:marked]), message, "delete them")]
    return text, []


def _too_many_marks(text: str) -> int | None:
    """The offset of a letter with more marks than are read, if there is one."""
    import unicodedata

    end = 0
    # A run that's too long can't be between two of these places.
    for offset in range(0, len(text), MOST_MARKS + 1):
        if offset >= end and unicodedata.combining(text[offset]):
            start = end = offset
            while start and unicodedata.combining(text[start - 1]):
                start -= 1
            while end < len(text) and unicodedata.combining(text[end]):
                end += 1
            if end - start > MOST_MARKS:
                return start
    return None


def _place(path: str, before: str) -> Place:
    """The place that comes right after a text."""
    *lines, last = LINE_BREAK.split(before)
    return Place(path, len(lines) + 1, len(last) + 1)


def unprintable(character: str) -> str:
    """What to say about a character that a card can't hold."""
    if character == "\ufffd":
        return "a letter was lost here: U+FFFD stands for what a program couldn't read"
    return f"a card can't hold the character U+{ord(character):04X}: it shows nothing, and Anki would change it"

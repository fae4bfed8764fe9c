"""Rules about texts that show something other than their author meant.

A look at a few signs decides whether a text needs more; what knows about those signs is loaded only then.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from hipdeck.deck.notes import Note
from hipdeck.diagnostics import Key
from hipdeck.render.cloze import GAP
from hipdeck.rules.findings import ActiveNotes, Finding, texts

if TYPE_CHECKING:
    from hipdeck.rules.notations.notation import Notation

LARGEST_PICTURE = 2 * 2**20
"""Bytes of a picture; each student's phone has to load them."""
MOST_PIXELS = 2000
"""Pixels of a picture's longer side; no phone shows more."""


# Each finds at least what its rule finds: few texts have one of these signs where it may mean something. All signs but
# those beyond ASCII are among those that `ActiveNotes.marked` looks for.
_NOTATION = re.compile(
    r"[\\<&$~\t^]|==|\)\{|\n[#=-]|\[\[|\[[a-z/]*\]?[$:]|!\[[^\[\]\n]*\](?!\()|\[/?latex\]|\]:|\]\([^()\n ]+ [^()\n]"
)
_EMPHASIS = re.compile(r"\w\*+\w|\*\*|/\*|\*/|__\w|\*\W[^*]*\*\w")
_ODD = re.compile(
    r"[\u00ad\u034f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f]|[\u00c2-\u00f4][^\x00-\x7f\u00c0-\u00ff]"
)


def notation(notes: ActiveNotes) -> Iterator[Finding]:
    r"""Text in the notation of another tool, which the card shows as it was typed.

    Why: students see `$x^2$`, `<br>`, or `H~2~O` instead of what these stand for.
    Fails: `answer: $x^2$`, `H<sub>2</sub>O`, `[sound:a.mp3]`, a table of tabs, a comment within a text.
    Passes: `answer: \(x^2\)`, `H₂O`; `a < b`, `List<int>`, "$5 and $10"; and everything in `code`.
    From: public decks and complaints by authors who brought cards along from Anki, Obsidian, Pandoc, or LaTeX.
    """
    for note, keys, text in _suspects(notes, _NOTATION):
        if f"\\({text}\\)" in (note.question, note.answer):
            continue  # a card about TeX, which asks for the source of a formula
        from hipdeck.rules import notations

        for mark in notations.find(text):
            yield _finding(note, keys, mark)


def emphasis(notes: ActiveNotes) -> Iterator[Finding]:
    r"""Stars or underscores that Markdown takes for emphasis that nobody meant, or doesn't take for what was meant.

    Why: the card of `2*3*4` shows 234, and that of `**strong **` shows stars.
    Fails: `2*3*4`, `src/**/test/**`, `__init__`, `**strong **text`, `**「腱」**で`, `**never closed`.
    Passes: `2 × 3 × 4`, `2\*3\*4`, "2 * 3 * 4", `**strong** text`, `「**腱**」で`; and everything in `code`.
    From: CommonMark's rules for emphasis, which look at the characters on both sides of a mark.
    """
    for note, keys, text in _suspects(notes, _EMPHASIS):
        from hipdeck.rules.emphasis import find

        for mark in find(text, keys == ("cloze",)):
            yield _finding(note, keys, mark)


def odd_character(notes: ActiveNotes) -> Iterator[Finding]:
    """A character that came along when the text was pasted: one that nobody sees, or letters of a wrong encoding.

    Why: students who search for a word don't find it, and "cafÃ©" isn't a word.
    Fails: "knee" with a zero-width space or a soft hyphen in it; "donâ€™t".
    Passes: joiners in emoji and in Persian or Indic words; a soft hyphen in a long word; marks of direction in Hebrew.
    From: texts that were pasted from web pages and PDF files.
    """
    for note, keys, text in _suspects(notes, _ODD):
        from hipdeck.rules.odd_characters import find

        for needle, message, hint in find(text):
            yield Finding(note, note.find(needle, *keys), message, hint)


def cloze_hint(notes: ActiveNotes) -> Iterator[Finding]:
    r"""A cloze whose hint looks like the second half of a name.

    Why: Anki takes what comes after `::` for the hint, so the card shows half the answer.
    Fails: `{{c1::HashMap::new()}}`, `{{c1::fe80::1}}`.
    Passes: `{{c1::HashMap\::new()}}`, the name in `code`, `{{c1::std::vector}}`, `{{c1::femur::bone}}`.
    From: Anki's cloze notation, and the names of C++, Rust, and IPv6.
    """
    for note in notes:
        if note.form != "cloze" or note.cloze.count("::") == note.cloze.count("{{c"):
            continue
        from hipdeck.render.cloze_hints import looks_like_code

        for gap in GAP.finditer(note.cloze):
            if "`" not in gap[2] and looks_like_code(gap[2], gap[3] or ""):
                message = f"this shows '{gap[3]}' as the hint for '{gap[2]}'"
                hint = f"if the colons belong to the text, write {{{{c{gap[1]}::{gap[2]}\\::{gap[3]}}}}}"
                yield Finding(note, note.find(gap[0], "cloze"), message, hint)


def large_picture(notes: ActiveNotes) -> Iterator[Finding]:
    """A picture of more than 2 MB, or with more than 2,000 pixels on a side.

    Why: every student's phone loads and keeps the whole picture, and shows it on a screen half as wide.
    Fails: a photo just as the camera took it.
    Passes: the same photo, 1,200 pixels wide; any SVG of less than 2 MB.
    From: the screens of phones, and AnkiWeb, which syncs every picture to each of a student's devices.
    """
    for note in notes:
        for picture in notes.pictures.get(note.id, ()):
            size = picture.path.stat().st_size
            width, height = _pixels(picture.path)
            if size > LARGEST_PICTURE or max(width, height) > MOST_PIXELS:
                measures = f"{size / 2**20:.1f} MB" if size > 2**20 else f"{size / 2**10:.0f} kB"
                measures += f" and {width:,} × {height:,} pixels" if width > 0 else ""
                message = f"the picture '{picture.path.name}' has {measures}; each student's phone loads all of it"
                hint = "make it smaller: no phone shows more than some 1,200 pixels across"
                keys = next((keys for keys, text in texts(note) if picture.path.name in text), ())
                yield Finding(note, note.find(picture.path.name, *keys), message, hint)


def _finding(note: Note, keys: tuple[Key, ...], notation: Notation) -> Finding:
    """A finding at the place of a notation; the hint says if what's to be written instead needs quotes in YAML."""
    place, start = note.find(notation.needle, *keys), note.at(*keys)
    begins_text = (place.line, place.column) == (start.line, start.column)
    quotes = "; a text that begins with such a sign needs quotes" if begins_text and "`" in notation.hint else ""
    return Finding(note, place, notation.message, notation.hint + quotes)


def _suspects(notes: ActiveNotes, pattern: re.Pattern[str]) -> Iterator[tuple[Note, tuple[Key, ...], str]]:
    """The texts in which a pattern is found, with their notes and the keys that lead to them there."""
    for note, joined in notes.marked:
        if pattern.search(joined):
            for keys, text in texts(note):
                if pattern.search(text):
                    yield note, keys, text


def _pixels(path: Path) -> tuple[int, int]:
    """A picture's width and height in pixels; less than 1 if it has none, or its file doesn't say."""
    if path.suffix.lower() == ".svg":
        return 0, 0
    # Imported late: most decks have no such pictures.
    import imagesize

    width, height = imagesize.get(path)
    return width, height

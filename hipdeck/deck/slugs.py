"""Texts in any script to slugs: lower-case ASCII words joined by hyphens, as ids are."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 50
"""Characters of a slug that hipdeck makes; you may write longer ones, but nobody wants to type them."""

_READ = 1000  # characters; a word further on wouldn't fit, and Unicode takes the square of their number

# Only words that no question depends on: "where" and "when", "in" and "out", "not" and "more" stay.
_STOP_WORDS = {
    *("a", "an", "the", "this", "that", "these", "those", "it", "its", "what", "which", "and", "so", "of", "to", "at"),
    *("is", "are", "was", "were", "be", "do", "does", "did", "has", "have"),
}
_OPENING = re.compile(r"\{\{c[\d,]+::")
_PICTURE = re.compile(r"!\[([^\[\]]*)\]\([^)]*\)")
_LINK = re.compile(r"\[([^\[\]]*)\]\([^)]*\)")
_CLOZE = "\x00"
"""Stands where a cloze opens; no card file can hold it."""
# The last one is how anyascii writes the Arabic letter ayn.
_APOSTROPHES = str.maketrans("", "", "'’`")
# anyascii begins each Chinese or Korean syllable with a capital letter.
_SYLLABLE = re.compile("(?<=[a-z0-9])(?=[A-Z])")
_FEW = 2
"""With fewer words than this that matter, an id keeps all words: `flag` says too little."""


def slug(text: str) -> str:
    """A slug of all the words of a text, at most LONGEST characters; nothing if it has no letter or digit."""
    return _joined(_words(text))


def note_slug(text: str) -> str:
    """A slug of a question or a cloze, without the marks of clozes and links, and without words that say little.

    What a picture shows counts only where there's nothing else.
    """
    plain = _without_clozes(text[:_READ])
    words = _words(_LINK.sub(r"\1", _PICTURE.sub(" ", plain))) or _words(_PICTURE.sub(r"\1", plain))
    telling = [word for word in words if word not in _STOP_WORDS]
    return _joined(telling if len(telling) >= _FEW else words)


def _without_clozes(text: str) -> str:
    """A text without the marks of its clozes and without their hints."""
    *closed, rest = _OPENING.sub(_CLOZE, text).split("}}")
    for index, piece in enumerate(closed):
        start = max(piece.rfind(sign) for sign in (_CLOZE, "{", "}")) + 1
        closed[index] = piece[:start] + piece[start:].partition("::")[0]
    return "".join([*closed, rest]).replace(_CLOZE, "")


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", text[:_READ]).lower().translate(_APOSTROPHES)
    if not plain.isascii():
        # Imported late: most texts don't need it.
        from anyascii import anyascii

        plain = _SYLLABLE.sub(" ", anyascii(plain).translate(_APOSTROPHES)).lower()
    return re.findall("[a-z0-9]+", plain)


def _joined(words: list[str]) -> str:
    """As many of the words as there's room for; a first word that's too long is cut."""
    joined = words[0][:LONGEST] if words else ""
    for word in words[1:]:
        if len(joined) + 1 + len(word) > LONGEST:
            break
        joined += f"-{word}"
    return joined

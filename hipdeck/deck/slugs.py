"""Texts to slugs: lower-case ASCII words joined by hyphens, as ids are."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 50
"""Characters of a slug that hipdeck makes; you may write longer ones, but nobody wants to type them."""

_READ = 1000

# Only words that no question depends on: "where" and "when", "in" and "out", "not" and "more" stay.
_STOP_WORDS = {
    *("a", "an", "the", "this", "that", "these", "those", "it", "its", "what", "which", "and", "so", "of", "to", "at"),
    *("is", "are", "was", "were", "be", "do", "does", "did", "has", "have"),
}
_CLOZE = re.compile(r"\{\{c[\d,]+::|(?:::[^{}]*)?\}\}")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
# Letters that Unicode doesn't split into a Latin letter and a mark.
_LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "'": "", "’": ""}
)


def slug(text: str) -> str:
    """A slug of all the words of a text, at most LONGEST characters; nothing if it has no Latin letter or digit."""
    return _joined(_words(text))


def note_slug(text: str) -> str:
    """A slug of a question or a cloze, without the marks of clozes and links, and without words that say little."""
    words = _words(_LINK.sub(r"\1", _CLOZE.sub("", text[:_READ])))
    return _joined([word for word in words if word not in _STOP_WORDS] or words)


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text).lower().translate(_LETTERS)
    return re.findall("[a-z0-9]+", "".join(c for c in plain if not unicodedata.combining(c)))


def _joined(words: list[str]) -> str:
    """As many of the words as there's room for; a first word that's too long is cut."""
    joined = words[0][:LONGEST] if words else ""
    for word in words[1:]:
        if len(joined) + 1 + len(word) > LONGEST:
            break
        joined += f"-{word}"
    return joined

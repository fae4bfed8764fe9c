"""The words of a text, as the rules count and compare them."""

from __future__ import annotations

import re

from hipdeck.render import mathematics
from hipdeck.render.markup import prose

EMPTY_WORDS = frozenset(
    ("a", "an", "the", "is", "are", "was", "were", "be", "do", "does", "did", "should", "s", "of", "what", "which")
)
"""Words that don't tell what a text is about."""
SMALL_WORDS = EMPTY_WORDS.union(
    ("and", "but", "for", "from", "into", "its", "per", "than", "that", "their", "this", "with")
)
"""Words that don't give an answer away, either."""

# Hyphens stay, and so do the signs that tell "2^3" from "2+3".
_ASCII = bytes(range(256)).lower().translate(bytes.maketrans(b".,;:!?\"'()[]{}*`\\", b" " * 17))
_PUNCTUATION = str.maketrans(dict.fromkeys(".,;:!?\"'()[]{}*`\\’“”„«»…–—、。，！？；：「」『』（）【】", " "))

FORMULA = "∑"
"""What stands for a formula, or for a part of one: a word that is none."""

_WORD = re.compile(r"\w\S*")
_FENCE = re.compile(r"^```.*?(?:^```|\Z)", re.DOTALL | re.MULTILINE)
_CLOZE_MARK = re.compile(r"(\{\{c[0-9,]+::|\}\}|::)")


def words(text: str) -> list[str]:
    """The words of a text, in lower case and without punctuation."""
    if text.isascii():
        # Translating bytes is several times as fast, and the rules read every question.
        return text.encode().translate(_ASCII).decode().split()
    return text.casefold().translate(_PUNCTUATION).split()


def count_words(text: str) -> int:
    """How many words a text has; dashes, arrows and formulas are none."""
    return len(_WORD.findall(text))


def plain(text: str) -> str:
    """A Markdown text as the rules read it: without pictures, addresses and blocks of code, each formula one sign."""
    if "\\(" in text or "\\[" in text:
        text = mathematics.replace(text, _shorten)
    if "```" in text:
        text = _FENCE.sub("", text)
    return prose(text)


def _shorten(formula: str) -> str:
    """A formula as one sign; one with clozes as these, with a sign for each part of the formula."""
    if "{{c" not in formula:
        return FORMULA
    parts = _CLOZE_MARK.split(formula[2:-2])
    return " ".join(part if _CLOZE_MARK.fullmatch(part) else FORMULA for part in parts if part.strip())

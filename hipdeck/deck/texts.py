"""Texts as notes hold them, and how alike they begin."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence


def normalize(text: str) -> str:
    """A text in NFC, without white space around it.

    Anki stores NFC (its `normalize_note_text`), so what it would change is changed here.
    """
    return (text if text.isascii() else unicodedata.normalize("NFC", text)).strip()


def normalize_reasons(allow: Mapping[str, str]) -> dict[str, str]:
    """What `allow` holds: rules, each with its reason in NFC."""
    return {rule: normalize(reason) for rule, reason in allow.items()}


def common_beginning(left: Sequence[str], right: Sequence[str]) -> int:
    """How many letters two texts, or words two lists of words, have in common at their beginning."""
    pairs = zip(left, right, strict=False)
    return next((index for index, (a, b) in enumerate(pairs) if a != b), min(len(left), len(right)))

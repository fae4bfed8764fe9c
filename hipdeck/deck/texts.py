"""Texts as notes hold them."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping


def normalize(text: str) -> str:
    """A text in NFC, without white space around it.

    Anki stores NFC (its `normalize_note_text`), so what it would change is changed here.
    """
    return (text if text.isascii() else unicodedata.normalize("NFC", text)).strip()


def normalize_reasons(allow: Mapping[str, str]) -> dict[str, str]:
    """What `allow` holds: rules, each with its reason in NFC."""
    return {rule: normalize(reason) for rule, reason in allow.items()}

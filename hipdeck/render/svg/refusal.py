"""What keeps an SVG file from a deck, in the words that an author reads."""

from __future__ import annotations

import re
from typing import NamedTuple

_EMBEDDED_PICTURE = r"(?ai)data:image/(?:png|jpe?g|gif|webp);base64,[\w+/=%\s]*"
_EMBEDDED_FONT = (
    r"(?ai)data:(?:font/[\w-]+|application/(?:x-)?font-[\w-]+|application/octet-stream);(?:charset=[\w-]+;)?base64,"
    r"[\w+/=%\s]*"
)
_LONGEST_QUOTE = 60


class Refusal(NamedTuple):
    """What something does that a picture may not ("refers to …"), and what the author can do."""

    reason: str
    hint: str = "remove it, or export the picture as plain SVG or as PNG"

    def of(self, subject: str) -> Refusal:
        """The same as a sentence about what does it."""
        return self._replace(reason=f"{subject} {self.reason}")


def refuse_address(address: str, *, pictures: bool = True, fonts: bool = False) -> Refusal | None:
    """Why an address isn't harmless, or None: it leads to a part of the picture, or holds a picture or font itself."""
    if address.startswith("#"):
        return None
    if (pictures and re.fullmatch(_EMBEDDED_PICTURE, address)) or (fonts and re.fullmatch(_EMBEDDED_FONT, address)):
        return None
    return Refusal(f"refers to '{shorten(address)}'", "embed what it refers to, or export the picture as PNG")


def shorten(text: str) -> str:
    """A text as a message quotes it."""
    return text if len(text) <= _LONGEST_QUOTE else text[: _LONGEST_QUOTE - 1] + "…"

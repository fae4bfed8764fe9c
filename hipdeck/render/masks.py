"""A text without its code and mathematics, in which marks are looked for."""

from __future__ import annotations

import re

from hipdeck.render import mathematics

FILL = "\x00"
"""Stands in the place of what isn't looked at; no card file can hold it."""
_CODE = re.compile(
    r"^[ >]*(?P<fence>```+|~~~+(?!~))[^`\n]*\n.*?(?:^[ >]*(?P=fence)|\Z)"  # a block between fences
    r"|(?:\A|(?<=\n\n))(?: {4}.*(?:\n|\Z))+"  # or an indented one
    r"|\\[!-/:-@\[-`{-~]"  # an escaped sign
    r"|(?<!`)(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`)",
    re.DOTALL | re.MULTILINE,
)


def without_code(text: str) -> str:
    """A text in which NULs stand for code, escaped signs, and mathematics."""
    masked = mathematics.replace(text, lambda formula: FILL * len(formula)) if "\\" in text else text
    return (
        _CODE.sub(lambda code: FILL * len(code[0]), masked) if "`" in text or "\\" in text or "  " in text else masked
    )


def without_code_alone(text: str) -> str:
    """A text in which NULs stand for code alone."""
    return _CODE.sub(lambda code: code[0] if code[0][0] == "\\" else FILL * len(code[0]), text)

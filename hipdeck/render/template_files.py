"""The files in `templates/`: how cards look and behave. Changing one reaches students with the next edition."""

from __future__ import annotations

from functools import cache
from pathlib import Path

CHOICES = "/* choices.js */"
"""Where a template or a script wants the script of the choices."""


@cache
def template_file(name: str) -> str:
    """The text of a file in `templates/`, with the script of the choices where it belongs."""
    return with_choices(Path(__file__).with_name("templates").joinpath(name).read_text(encoding="utf-8"))


def with_choices(text: str) -> str:
    """A template or script with the script of the choices in place of `/* choices.js */`."""
    return text.replace(CHOICES, template_file("choices.js")) if CHOICES in text else text

"""The name that an author meant, if a misspelled one is one slip from it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache

from hipdeck.render.tex.names import COMMANDS, ENVIRONMENTS


def near_command(word: str) -> str:
    """The command, without its backslash, that a word is one slip from, or nothing."""
    return _near(word, _commands_by_form())


def near_environment(word: str) -> str:
    """The environment that a word is one slip from, or nothing."""
    return _near(word, _environments_by_form())


def _near(word: str, names: Mapping[str, str]) -> str:
    """The name that a word becomes by one slip: a letter too many, too few, another one, or two swapped."""
    for folded in (word, word.lower()):
        for form in (folded, *_shortened(folded)):
            if form in names:
                return names[form]
    return ""


@cache
def _commands_by_form() -> Mapping[str, str]:
    return _by_form(COMMANDS)


@cache
def _environments_by_form() -> Mapping[str, str]:
    return _by_form(ENVIRONMENTS)


def _by_form(names: Collection[str]) -> Mapping[str, str]:
    """Each name by itself and by what is left of it without one letter; of several, the first in the list."""
    forms: dict[str, str] = {}
    for change in (str, str.lower):
        for name in names:
            forms.setdefault(change(name), name)
        for name in names:
            for form in _shortened(change(name)):
                forms.setdefault(form, name)
    return forms


def _shortened(word: str) -> list[str]:
    return [word[:index] + word[index + 1 :] for index in range(len(word))] if 2 < len(word) < 40 else []

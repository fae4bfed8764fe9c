"""Fields to the HTML of a card, as Anki renders it: its template language and its cloze filter.

Mathematics stays as its source; MathJax sets it later. What Anki puts around a card (the style sheet, an error page for
a card that cannot be) is not made here. The rules were found by asking
Anki, and `tests/render/test_cards.py` asks again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from hipdeck.render.note_types import NoteType

_TAG = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_EMPTY = re.compile(r"(?:\s|</?(?:br|div) ?/?>)*", re.IGNORECASE)
# A cloze of several numbers is spread over several; no higher number fits into Anki's 16 bits.
_CLOZE_SIGN = re.compile(r"\{\{c([0-9]{1,5})::|\}\}")
_MATHEMATICS = re.compile(r"(\\[(\[])(.*?)(\\[)\]])", re.DOTALL)
_MARKUP = re.compile(r"<!--.*?-->|<[^>]*>", re.DOTALL)
_NOT_IN_ATTRIBUTE = re.compile(r"[\x00-\x2f\x3a-\x40\x5b-\x60\x7b-\xff]")
_NAMED = {'"': "&quot;", "&": "&amp;", "<": "&lt;", ">": "&gt;"}


class Card(NamedTuple):
    """The HTML of both sides of a card."""

    front: str
    back: str


def render(note_type: NoteType, values: tuple[str, ...], ordinal: int) -> Card:
    """The card with an ordinal (from 0) of a note, whose field values are in the order of its type."""
    fields = {field.name: value for field, value in zip(note_type.fields, values, strict=True)}
    template = note_type.templates[0 if note_type.cloze else ordinal]
    front = _fill(_compiled(template.front), fields, ordinal + 1, True)
    back = _fill(_compiled(template.back), {**fields, "FrontSide": front}, ordinal + 1, False)
    return Card(front, back)


class _Part(NamedTuple):
    """A piece of a template: plain text, a field, or what stands between `{{#Field}}` and `{{/Field}}`."""

    sign: str
    """Empty for text, '=' for a field, 'cloze' for a field through the cloze filter, '#' and '^' for conditionals."""
    text: str
    inner: tuple[_Part, ...] = ()


@cache
def _compiled(template: str) -> tuple[_Part, ...]:
    stack: list[tuple[str, str, list[_Part]]] = [("", "", [])]
    for index, piece in enumerate(_TAG.split(template)):
        if index % 2 == 0:
            stack[-1][2].append(_Part("", piece))
            continue
        sign, name = piece[0], piece[1:]
        if sign in "#^":
            stack.append((sign, name, []))
        elif sign == "/":
            opened, name, inner = stack.pop()
            stack[-1][2].append(_Part(opened, name, tuple(inner)))
        elif piece.startswith("cloze:"):
            stack[-1][2].append(_Part("cloze", piece.removeprefix("cloze:")))
        else:
            stack[-1][2].append(_Part("=", piece))
    return tuple(stack[0][2])


def _fill(parts: tuple[_Part, ...], fields: Mapping[str, str], number: int, front: bool) -> str:
    out = []
    for sign, text, inner in parts:
        if not sign:
            out.append(text)
        elif sign == "=":
            out.append(fields[text])
        elif sign == "cloze":
            out.append(_without_markup_in_mathematics(_cloze(fields[text], number, front)))
        elif bool(_EMPTY.fullmatch(fields[text])) == (sign == "^"):
            out.append(_fill(inner, fields, number, front))
    return "".join(out)


class _Open:
    """A cloze that is being read: its number (None for the text around all), what it shows so far, and its hint."""

    def __init__(self, number: int | None) -> None:
        self.number = number
        self.shown: list[str] = []
        self.hint = "..."

    def add(self, text: str) -> None:
        if self.number is not None:
            text, mark, hint = text.partition("::")
            if mark:
                self.hint = hint
        self.shown.append(text)

    def close(self, number: int, front: bool) -> str:
        shown = "".join(self.shown)
        if number != self.number:
            return f'<span class="cloze-inactive" data-ordinal="{self.number}">{shown}</span>'
        if front:
            hidden = _NOT_IN_ATTRIBUTE.sub(_entity, shown)
            return f'<span class="cloze" data-cloze="{hidden}" data-ordinal="{self.number}">[{self.hint}]</span>'
        return f'<span class="cloze" data-ordinal="{self.number}">{shown}</span>'


def _cloze(text: str, number: int, front: bool) -> str:
    """A cloze text on the card of one number. A text of which a cloze is never closed shows as it stands."""
    open_ = [_Open(None)]
    end = 0
    for sign in _CLOZE_SIGN.finditer(text):
        open_[-1].add(text[end : sign.start()])
        end = sign.end()
        if sign[1]:
            open_.append(_Open(int(sign[1])))
        elif len(open_) > 1:
            closed = open_.pop().close(number, front)
            open_[-1].shown.append(closed)
        else:
            open_[-1].add(sign[0])
    if len(open_) > 1:
        return text
    open_[-1].add(text[end:])
    return "".join(open_[0].shown)


def _entity(found: re.Match[str]) -> str:
    return _NAMED.get(found[0]) or f"&#x{ord(found[0]):02X};"


def _without_markup_in_mathematics(html: str) -> str:
    """MathJax reads text alone, so that the marks of a cloze within a formula go."""
    if "\\" not in html:
        return html
    return _MATHEMATICS.sub(lambda found: found[1] + _MARKUP.sub("", found[2]) + found[3], html)

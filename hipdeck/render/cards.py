"""A note's fields as the HTML of its cards, as Anki renders them: its template language and its cloze filter.

Mathematics stays as its source; MathJax typesets it later. The style sheet and the error pages that Anki adds to cards
are left out. These rules were found by asking Anki, and `tests/render/test_cards.py` asks again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from hipdeck.render.note_types import NoteType

_TAG = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_EMPTY = re.compile(r"(?:\s|</?(?:br|div) ?/?>)*", re.IGNORECASE)
# A cloze of several numbers was spread over several; a number of more digits doesn't fit into Anki's 16 bits.
_CLOZE_SIGN = re.compile(r"\{\{c([0-9]{1,5})::|\}\}")
_MATHEMATICS = re.compile(r"(\\[(\[])(.*?)(\\[)\]])", re.DOTALL)
_MARKUP = re.compile(r"<!--.*?-->|<[^>]*>", re.DOTALL)
_NOT_IN_ATTRIBUTE = re.compile(r"[\x00-\x2f\x3a-\x40\x5b-\x60\x7b-\xff]")
_NAMED_ENTITIES = {'"': "&quot;", "&": "&amp;", "<": "&lt;", ">": "&gt;"}


class Card(NamedTuple):
    """The HTML of both sides of a card."""

    front: str
    back: str


def render_card(note_type: NoteType, values: tuple[str, ...], ordinal: int) -> Card:
    """One card of a note: `values` are its fields in the order of its note type, `ordinal` counts its cards from 0."""
    fields = {field.name: value for field, value in zip(note_type.fields, values, strict=True)}
    template = note_type.templates[0 if note_type.cloze else ordinal]
    front = _fill(_parse_template(template.front), fields, ordinal + 1, True)
    back = _fill(_parse_template(template.back), {**fields, "FrontSide": front}, ordinal + 1, False)
    return Card(front, back)


class _Part(NamedTuple):
    """A piece of a template: plain text, a field, or everything between `{{#Field}}` and `{{/Field}}`."""

    sign: str
    """Empty for text, '=' for a field, 'cloze' for a field through the cloze filter, '#' and '^' for conditionals."""
    text: str
    inner: tuple[_Part, ...] = ()


@cache
def _parse_template(template: str) -> tuple[_Part, ...]:
    stack: list[tuple[str, str, list[_Part]]] = [("", "", [])]
    for index, piece in enumerate(_TAG.split(template)):
        if index % 2 == 0:
            stack[-1][2].append(_Part("", piece))
            continue
        sign, name = piece[0], piece[1:]
        if sign in "#^":
            stack.append((sign, name, []))
        elif sign == "/":
            opening, name, inner = stack.pop()
            stack[-1][2].append(_Part(opening, name, tuple(inner)))
        elif piece.startswith("cloze:"):
            stack[-1][2].append(_Part("cloze", piece.removeprefix("cloze:")))
        else:
            stack[-1][2].append(_Part("=", piece))
    return tuple(stack[0][2])


def _fill(parts: tuple[_Part, ...], fields: Mapping[str, str], number: int, front: bool) -> str:
    """A side of a card; `number` is the card's cloze number, from 1."""
    html = []
    for sign, text, inner in parts:
        if not sign:
            html.append(text)
        elif sign == "=":
            html.append(fields[text])
        elif sign == "cloze":
            html.append(_without_markup_in_mathematics(_render_clozes(fields[text], number, front)))
        elif bool(_EMPTY.fullmatch(fields[text])) == (sign == "^"):
            html.append(_fill(inner, fields, number, front))
    return "".join(html)


class _OpenCloze:
    """A cloze that is being read: its number (None for the text around all clozes), its text so far, and its hint."""

    def __init__(self, number: int | None) -> None:
        self.number = number
        self.texts: list[str] = []
        self.hint = "..."

    def add(self, text: str) -> None:
        if self.number is not None:
            text, mark, hint = text.partition("::")
            if mark:
                self.hint = hint
        self.texts.append(text)

    def close(self, number: int, front: bool) -> str:
        text = "".join(self.texts)
        if number != self.number:
            return f'<span class="cloze-inactive" data-ordinal="{self.number}">{text}</span>'
        if front:
            hidden = _NOT_IN_ATTRIBUTE.sub(_entity, text)
            return f'<span class="cloze" data-cloze="{hidden}" data-ordinal="{self.number}">[{self.hint}]</span>'
        return f'<span class="cloze" data-ordinal="{self.number}">{text}</span>'


def _render_clozes(text: str, number: int, front: bool) -> str:
    """A cloze text on the card with a number. If one of its clozes is never closed, the text shows as it is."""
    stack = [_OpenCloze(None)]
    end = 0
    for sign in _CLOZE_SIGN.finditer(text):
        stack[-1].add(text[end : sign.start()])
        end = sign.end()
        if sign[1]:
            stack.append(_OpenCloze(int(sign[1])))
        elif len(stack) > 1:
            html = stack.pop().close(number, front)
            stack[-1].texts.append(html)
        else:
            stack[-1].add(sign[0])
    if len(stack) > 1:
        return text
    stack[-1].add(text[end:])
    return "".join(stack[0].texts)


def _entity(sign: re.Match[str]) -> str:
    return _NAMED_ENTITIES.get(sign[0]) or f"&#x{ord(sign[0]):02X};"


def _without_markup_in_mathematics(html: str) -> str:
    """HTML whose formulas are free of tags: MathJax reads only text, so Anki drops the marks of clozes in formulas."""
    if "\\" not in html:
        return html
    return _MATHEMATICS.sub(lambda formula: formula[1] + _MARKUP.sub("", formula[2]) + formula[3], html)

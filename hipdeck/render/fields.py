"""A note as Anki stores it: its field values as HTML, and the cards that come of them."""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from hipdeck.deck.notes import Citation, Deck, Note, Source
from hipdeck.diagnostics import Diagnostic, Problem, at
from hipdeck.render.cloze import clozes, misplaced, ordinals, spread
from hipdeck.render.cloze_html import crossing, quiet
from hipdeck.render.markup import Pictures, escaped, is_plain, to_html
from hipdeck.render.media import Picture

# What nobody sees: white space, and what Unicode calls ignorable, such as soft hyphens and zero-width spaces.
_INVISIBLE = (
    r"\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164"
    r"\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
# A picture, or a character outside of tags. Anki asks for less before it makes a card (its `field_is_empty` looks for
# anything but white space, line breaks and <div>s), so what shows here makes one.
_SHOWS = re.compile(rf"<img|(?:^|>)[^<]*[^<{_INVISIBLE}]")
_SPARE = ("", "", "")


class Fields(NamedTuple):
    """A note as Anki stores it: its field values in the order of its note type, the ordinals of its cards (from 0), all
    of its tags, and its pictures.
    """

    note: Note
    role: str
    values: tuple[str, ...]
    ordinals: tuple[int, ...]
    tags: Sequence[str]
    pictures: tuple[Picture, ...] = ()


def render(note: Note, deck: Deck, pictures: Pictures) -> tuple[Fields, list[Diagnostic]]:
    """A note's fields, and every error that shows only in its texts: a missing picture, a cloze that is not closed."""
    texts = note.question + note.answer + note.why
    if note.form == "question" and texts.isascii() and is_plain(texts):
        # As most are: one look at all texts, which stay as they are.
        return _question(note, deck, note.question, note.answer, note.why), []
    problems: list[Diagnostic] = []
    used: dict[Picture, None] = {}

    def find(source: str) -> Picture | Problem:
        picture = pictures(source)
        if isinstance(picture, Picture):
            used[picture] = None
        return picture

    def text(value: str, *keys: str | int, cloze: bool = False) -> str:
        rendered = value
        if is_plain(value):
            if value.isascii():
                return value
        else:
            rendered, found = to_html(value, find, cloze)
            problems.extend(_located(note, problem, *keys) for problem in found)
        if not _shows(rendered):
            hint = "write a text that shows, or delete the key"
            problems.append(at(note.at(*keys), Problem("no-card", f"'{keys[0]}' shows nothing on the card", hint)))
        return rendered

    why = text(note.why, "why")
    if note.form == "cloze":
        rendered = text(note.cloze, "cloze", cloze=True)
        found, wrong = clozes(rendered)
        if rendered is not note.cloze:
            wrong += misplaced(note.cloze, rendered) + crossing(found)
        problems.extend(_located(note, problem, "cloze") for problem in wrong)
        stored = rendered if wrong else quiet(spread(rendered))
        values = (note.id, stored, why, *_foot(note, deck), *_SPARE)
        return Fields(note, "cloze", values, tuple(ordinals(found)), deck.tags(note), tuple(used)), problems
    choices = ""
    if note.form == "choices":
        items = [(choice, text(choice, "choices", index)) for index, choice in enumerate(note.choices)]
        choices = _choices(note, items)
    question, answer = text(note.question, "question"), text(note.answer, "answer")
    return _question(note, deck, question, answer, why, choices, tuple(used)), problems


def _question(
    note: Note,
    deck: Deck,
    question: str,
    answer: str,
    why: str,
    choices: str = "",
    pictures: tuple[Picture, ...] = (),
) -> Fields:
    """A note of the question type, its texts as HTML."""
    foot, reverse = _foot(note, deck), "yes" if note.reverse else ""
    values = (note.id, question, answer, choices, why, *foot, reverse, *_SPARE)
    return Fields(note, "question", values, (0, 1) if note.reverse else (0,), deck.tags(note), pictures)


def _foot(note: Note, deck: Deck) -> tuple[str, str, str]:
    """The fields at a card's foot: source, section and kind."""
    cited = (deck.sources or {}).get(note.citation.source) if note.citation else None
    source = _source(note.citation, cited) if note.citation and cited else ""
    return source, _title(note.section.title), note.kind


def _shows(rendered: str) -> bool:
    """Whether anybody sees something of a text as HTML."""
    first = rendered[:1]
    return (first.isascii() and first.isalnum()) or bool(_SHOWS.search(rendered))


def _located(note: Note, problem: Problem, *keys: str | int) -> Diagnostic:
    return at(note.find(problem.needle, *keys) if problem.needle else note.at(*keys), problem)


def _choices(note: Note, items: list[tuple[str, str]]) -> str:
    """The choices as a list, in an order that follows from the note, so that an author's habits give nothing away."""
    items = sorted(items, key=lambda item: hashlib.sha256(f"{note.id}\0{item[0]}".encode()).digest())
    lines = [
        f'<li class="right">{rendered}</li>' if choice == note.answer else f"<li>{rendered}</li>"
        for choice, rendered in items
    ]
    return f'<ul class="choices">{"".join(lines)}</ul>'


@cache
def _source(citation: Citation, source: Source) -> str:
    """The source line: author, title, year and the place in it, the title linked where there is an address."""
    title = f"<cite>{escaped(source.title)}</cite>"
    if source.url:
        address = html.escape(source.url).replace("[", "&#91;")
        title = f'<a href="{address}">{title}</a>'
    parts = [escaped(part) for part in (source.author, source.year, citation.locator)]
    return ", ".join(part for part in (parts[0], title, *parts[1:]) if part)


_title = cache(escaped)

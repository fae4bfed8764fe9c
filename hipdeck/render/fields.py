"""A note as Anki stores it: its field values as HTML, and which cards they make."""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import NamedTuple

from hipdeck.deck.notes import Citation, Deck, Note, Source
from hipdeck.diagnostics import Diagnostic, Key, Problem, at
from hipdeck.render.cloze import check_misplaced, may_hold_colons, ordinals, parse_clozes, spread
from hipdeck.render.cloze_html import check_crossing, silence_hints
from hipdeck.render.markup import FindPicture, escape, is_plain, to_html
from hipdeck.render.media import Picture

# What nobody sees: white space, and what Unicode calls ignorable, such as soft hyphens and zero-width spaces.
_INVISIBLE = (
    r"\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164"
    r"\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
# A picture, or a character outside of tags. Anki makes a card for less (its `field_is_empty` looks for anything but
# white space, line breaks and <div>s), so whatever is visible by this pattern makes a card.
_VISIBLE = re.compile(rf"<img|(?:^|>)[^<]*[^<{_INVISIBLE}]")
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


def render_note(note: Note, deck: Deck, find_picture: FindPicture) -> tuple[Fields, list[Diagnostic]]:
    """A note's fields, and every error that only its texts can show: a missing picture, a cloze that isn't closed."""
    texts = note.question + note.answer + note.why
    if not note.heading or (note.form == "question" and texts.isascii() and is_plain(texts)):
        # Most notes are like this: one look at all texts together, which stay as they are. A note without a text is
        # retired.
        return _question_fields(note, deck, note.question, note.answer, note.why), []
    renderer = _Renderer(note, find_picture)
    why = renderer.render(note.why, "why")
    if note.form == "cloze":
        fields = _cloze_fields(note, deck, renderer, why)
    else:
        choices = ""
        if note.form == "choices":
            rendered = [renderer.render(choice, "choices", index) for index, choice in enumerate(note.choices)]
            choices = _list_choices(note, rendered)
        question, answer = renderer.render(note.question, "question"), renderer.render(note.answer, "answer")
        fields = _question_fields(note, deck, question, answer, why, choices)
    if renderer.pictures:
        fields = fields._replace(pictures=tuple(renderer.pictures))
    return fields, renderer.diagnostics


class _Renderer:
    """Renders the texts of one note. It collects the pictures that they use, and what is wrong with them."""

    def __init__(self, note: Note, find_picture: FindPicture) -> None:
        self.note = note
        self.pictures: dict[Picture, None] = {}
        self.diagnostics: list[Diagnostic] = []
        self._find_picture = find_picture

    def render(self, text: str, *keys: Key, cloze: bool = False) -> str:
        """One of the note's texts as HTML. `keys` lead to the text in its note; `cloze` is for the cloze text."""
        rendered = text
        if is_plain(text):
            if text.isascii():
                return text
        else:
            rendered, problems = to_html(text, self._use_picture, cloze)
            self.report(problems, *keys)
        if not _is_visible(rendered):
            hint = "write something visible, or delete the key"
            self.report([Problem("no-card", f"'{keys[0]}' shows nothing on the card", hint)], *keys)
        return rendered

    def report(self, problems: Iterable[Problem], *keys: Key) -> None:
        """Add what is wrong with one of the note's texts to the diagnostics."""
        for problem in dict.fromkeys(problems):  # once, if a mark is wrong in a thousand places
            place = self.note.find(problem.needle, *keys) if problem.needle else self.note.at(*keys)
            self.diagnostics.append(at(place, problem))

    def _use_picture(self, source: str) -> Picture | Problem:
        picture = self._find_picture(source)
        if isinstance(picture, Picture):
            self.pictures[picture] = None
        return picture


def _cloze_fields(note: Note, deck: Deck, renderer: _Renderer, why: str) -> Fields:
    """A note of the cloze type; `why` is HTML."""
    text = renderer.render(note.cloze, "cloze", cloze=True)
    unclear: list[Problem] = []
    if may_hold_colons(text):
        # Imported late: few clozes hold more colons than those of their marks.
        from hipdeck.render.cloze_hints import settle_hints

        text, unclear = settle_hints(text)
    clozes, problems = parse_clozes(text)
    problems += unclear
    if text != note.cloze:
        problems += check_misplaced(note.cloze, text) + check_crossing(clozes)
    renderer.report(problems, "cloze")
    stored = text if problems else silence_hints(spread(text))
    values = (note.id, stored, why, *_footer(note, deck), *_SPARE)
    return Fields(note, "cloze", values, tuple(ordinals(clozes)), deck.tags(note))


def _question_fields(note: Note, deck: Deck, question: str, answer: str, why: str, choices: str = "") -> Fields:
    """A note of the question type; its texts are HTML."""
    footer, reverse = _footer(note, deck), "yes" if note.reverse else ""
    values = (note.id, question, answer, choices, why, *footer, reverse, *_SPARE)
    return Fields(note, "question", values, (0, 1) if note.reverse else (0,), deck.tags(note))


def _footer(note: Note, deck: Deck) -> tuple[str, str, str]:
    """The fields in a card's footer: source, section and kind."""
    citation = note.citation
    source = (deck.sources or {}).get(citation.source) if citation else None
    return _cite(citation, source) if citation and source else "", _escape_title(note.section.title), note.kind


def _is_visible(rendered: str) -> bool:
    """Whether anybody sees anything of a text as HTML."""
    first = rendered[:1]
    return (first.isascii() and first.isalnum()) or bool(_VISIBLE.search(rendered))


def shuffled(note: Note) -> list[int]:
    """The indexes of a note's choices as its card lists them: in an order that their author can't influence, so that it
    gives nothing away.
    """

    def rank(index: int) -> bytes:
        return hashlib.sha256(f"{note.id}\0{note.choices[index]}".encode()).digest()

    return sorted(range(len(note.choices)), key=rank)


def _list_choices(note: Note, rendered: Sequence[str]) -> str:
    """The choices as an HTML list."""
    lines = [
        f'<li class="right">{rendered[index]}</li>'
        if note.choices[index] == note.answer
        else f"<li>{rendered[index]}</li>"
        for index in shuffled(note)
    ]
    return f'<ul class="choices">{"".join(lines)}</ul>'


@cache
def _cite(citation: Citation, source: Source) -> str:
    """The source field: author, title, year and the place in the source; the title is a link if it has an address."""
    title = f"<cite>{escape(source.title)}</cite>"
    if source.url:
        address = html.escape(source.url).replace("[", "&#91;")
        title = f'<a href="{address}">{title}</a>'
    parts = [escape(part) for part in (source.author, source.year, citation.locator)]
    return ", ".join(part for part in (parts[0], title, *parts[1:]) if part)


_escape_title = cache(escape)

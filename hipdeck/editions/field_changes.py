"""A field of a note before and after: word by word, and the choices of a multiple choice one by one."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from hipdeck.deck.notes import Note
from hipdeck.deck.texts import common_beginning
from hipdeck.package.reader import text_of
from hipdeck.render.fields import shuffled

Op = Literal["same", "out", "in"]
MOST_PAIRS = 250**2
"""Limit for the number of old words of a text times that of new words: comparing takes time that grows with it."""

MOST_CHOICES = 26
"""Choices that a note may have."""

_WORD = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True)
class FieldChange:
    """A field that changes. `texts` are what it says before and after: one pair, or a pair for each choice.

    A text that is new, or isn't there any more, has an empty one beside it.
    """

    name: str
    texts: Sequence[tuple[str, str]]

    @property
    def before(self) -> str:
        """The whole text before."""
        return "\n".join(before for before, _ in self.texts if before)

    @property
    def after(self) -> str:
        """The whole text after."""
        return "\n".join(after for _, after in self.texts if after)

    def words(self, most_pairs: int = MOST_PAIRS) -> list[list[tuple[Op, str]]]:
        """Each text word by word: which words stay, which go, and which are new.

        An id is one word. Texts that are too long to compare go and come as a whole between the first and the last word
        that differ: those whose old words times their new ones are more than `most_pairs`.
        """
        return [
            [*_words("out", [before]), *_words("in", [after])]
            if self.name == "Id"
            else [*_compare_words(_WORD.findall(before), _WORD.findall(after), most_pairs)]
            for before, after in self.texts
        ]


def change_field(name: str, old: str, new: str, note: Note) -> FieldChange:
    """What changes in a field of a note of the deck; `old` and `new` are its HTML."""
    if name != "Choices":
        return FieldChange(name, [(text_of(old), text_of(new))])
    # A list of choices is in an order by which no author knows it.
    choices = dict(zip(shuffled(note), _choices(new), strict=True))
    return FieldChange(name, _pair(_choices(old), [choices[index] for index in sorted(choices)]))


def _choices(field: str) -> list[str]:
    """The texts of the choices in a field, each on one line.

    If a choice is a list itself, Markdown leaves line ends between its items.
    """
    return [" ".join(text_of(item).split()) for item in re.split(r"</li>(?=<li\b)", field)] if field else []


def _pair(old: Sequence[str], new: Sequence[str]) -> list[tuple[str, str]]:
    """The new texts, each after the old one that it's most like, if there's any with a word of it; then all others."""
    # No note has more choices, but a stranger's package may.
    old_words, new_words = (
        [{*_WORD.findall(text.casefold())} - {" "} for text in texts[:MOST_CHOICES]] for texts in (old, new)
    )
    likenesses = sorted(
        (-likeness, index, before)
        for index, words in enumerate(new_words)
        for before, others in enumerate(old_words)
        if (likeness := len(words & others) / max(1, len(words | others)) + (old[before] == new[index]))
    )
    partners: dict[int, int] = {}
    for _, index, before in likenesses:
        if index not in partners and before not in partners.values():
            partners[index] = before
    pairs = [(old[partners[index]] if index in partners else "", after) for index, after in enumerate(new)]
    return pairs + [(text, "") for before, text in enumerate(old) if before not in partners.values()]


def _compare_words(old: Sequence[str], new: Sequence[str], most_pairs: int) -> Iterator[tuple[Op, str]]:
    start = common_beginning(old, new)
    end = common_beginning(old[start:][::-1], new[start:][::-1])
    inner_old, inner_new = old[start : len(old) - end], new[start : len(new) - end]
    yield from _words("same", old[:start])
    if len(inner_old) * len(inner_new) > most_pairs:
        opcodes = [("replace", 0, len(inner_old), 0, len(inner_new))]
    else:
        opcodes = list(difflib.SequenceMatcher(None, inner_old, inner_new, False).get_opcodes())
    for op, old_start, old_end, new_start, new_end in opcodes:
        yield from _words("same" if op == "equal" else "out", inner_old[old_start:old_end])
        if op != "equal":
            yield from _words("in", inner_new[new_start:new_end])
    yield from _words("same", old[len(old) - end :])


def _words(op: Op, words: Sequence[str]) -> Iterator[tuple[Op, str]]:
    if text := "".join(words):
        yield op, text

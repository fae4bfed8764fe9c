"""What the cards of a cloze text hide and show, as the rules read it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator

from hipdeck.render.cloze import DEEPEST, GAP
from hipdeck.rules.words import words

Gap = re.Match[str]
"""A match of GAP: the numbers, the hidden text, the hint."""

_SENTENCE_END = re.compile(r"[.!?]\s|\n")
_WHOLE = -1
"""The text as a whole, where the number of a sentence is asked for."""


def cards(gap: Gap) -> list[str]:
    """The numbers of the cards that a gap belongs to; Anki refuses more than a few."""
    return gap[1].split(",", DEEPEST)[:DEEPEST]


def cards_without_question(text: str, empty_words: Collection[str]) -> dict[str, int]:
    """The cards that show and hint at nothing but empty words, each with how many words it hides."""
    if any(word not in empty_words for word in words(GAP.sub(" ", text))):
        return {}
    hidden: Counter[str] = Counter()
    telling: Counter[str] = Counter()
    hinted = set()
    all_telling = 0
    for gap in GAP.finditer(text):
        hidden_words = words(gap[2])
        number = sum(word not in empty_words for word in hidden_words)
        all_telling += number
        for card in cards(gap):
            hidden[card] += len(hidden_words)
            telling[card] += number
            if gap[3]:
                hinted.add(card)
    return {card: count for card, count in hidden.items() if telling[card] == all_telling and card not in hinted}


def repeated_gaps(text: str, stems_of: Callable[[str], Collection[str]]) -> Iterator[Gap]:
    """The gaps whose stems all their cards show elsewhere: one anywhere in the text, several in the same sentence.

    `stems_of` gives the stems of a text. What a hint says doesn't count: it may name the alternatives.
    """
    written: Counter[tuple[int, str]] = Counter()
    hidden: dict[str, Counter[tuple[int, str]]] = defaultdict(Counter)
    gaps = []
    for sentence, part, gap in _pieces(text):
        stems = stems_of(part)
        places = [(place, stem) for place in (sentence, _WHOLE) for stem in stems]
        written.update(places)
        if gap:
            gaps.append((gap, sentence, set(stems)))
            for card in cards(gap):
                hidden[card].update(places)
    for gap, sentence, stems in gaps:
        place = sentence if len(stems) > 1 else _WHOLE
        if all(written[place, stem] > hidden[card][place, stem] for stem in stems for card in cards(gap)):
            yield gap


def _pieces(text: str) -> Iterator[tuple[int, str, Gap | None]]:
    """The parts of a text in and between its gaps: the number of the sentence, the text, and the gap if it's in one."""
    start = sentence = 0
    for gap in (*GAP.finditer(text), None):
        first, *others = _SENTENCE_END.split(text[start : gap.start() if gap else len(text)])
        yield sentence, first, None
        for part in others:
            sentence += 1
            yield sentence, part, None
        if gap:
            yield sentence, gap[2], gap
            start = gap.end()

"""Which warnings can wait: an error in a note comes first, and correcting it may well settle its warnings too."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import pairwise

from hipdeck.deck.notes import Deck
from hipdeck.diagnostics import Diagnostic, errors
from hipdeck.rules.catalog import WAIVABLE


def hold_back(problems: Iterable[Diagnostic], deck: Deck) -> list[Diagnostic]:
    """The problems without the warnings of rules for good cards about notes that have an error."""
    problems = list(problems)
    lines: dict[str, set[int]] = defaultdict(set)
    for problem in errors(problems):
        lines[problem.place.path].add(problem.place.line)
    warned = {problem.place.path for problem in problems if problem.code in WAIVABLE} & lines.keys()
    spans = _spans_with_errors(deck, {path: sorted(lines[path]) for path in warned})
    return [problem for problem in problems if problem.code not in WAIVABLE or not _lies_in(spans, problem)]


def _spans_with_errors(deck: Deck, lines: Mapping[str, list[int]]) -> dict[str, list[range]]:
    """The lines of the notes with an error, by file; `lines` are those of the errors."""
    indexes_in: dict[str, list[int]] = defaultdict(list)
    for note in deck.notes:
        indexes_in[note.section.document.path].append(note.index)
    spans: dict[str, list[range]] = {}
    for section in deck.sections:
        path = section.document.path
        if path in lines:
            # A note ends where the next one starts, and that one may be left out of the deck.
            starts = sorted({section.at("notes", index + step).line for index in indexes_in[path] for step in (0, 1)})
            stretches = [range(start, end) for start, end in pairwise([*starts, 2**31])]
            spans[path] = [stretch for stretch in stretches if _holds_one(stretch, lines[path])]
    return spans


def _holds_one(note: range, lines: list[int]) -> bool:
    place = bisect_left(lines, note.start)
    return place < len(lines) and lines[place] < note.stop


def _lies_in(spans: Mapping[str, list[range]], problem: Diagnostic) -> bool:
    notes, line = spans.get(problem.place.path, []), problem.place.line
    place = bisect_right(notes, line, key=lambda note: note.start) - 1  # of the last one that starts before it
    return place >= 0 and line in notes[place]

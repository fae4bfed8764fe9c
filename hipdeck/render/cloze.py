"""Clozes by Anki's rules: which cards a cloze text makes, and what would go wrong in it.

The rules are those of Anki's own parser (rslib/src/cloze.rs): a cloze opens with `{{c`, one or more numbers joined by
commas, and `::`; it ends at the next `}}`; clozes nest; a text of which some cloze is never closed hides nothing.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from hipdeck.diagnostics import Problem
from hipdeck.render import mathematics

HIGHEST = 500
"""Anki makes no card for a higher number."""

DEEPEST = 3
"""Clozes within one another that every Anki reads: 24.11 no more than these, 25.02 eight, 25.09 and later ten."""

GAP = re.compile(r"\{\{c([0-9,]+)::((?:[^{}:]|:(?!:))*)(?:::([^{}]*))?\}\}")
"""A cloze with no brace in it: its numbers, the text it hides, its hint. A quick look; `clozes` has Anki's rules."""

_SIGN = re.compile(r"\{\{c(?P<numbers>[0-9,]+)::|(?P<end>\}\})")
_OPENING = re.compile(r"\{\{c[0-9]+(?:,[0-9]+)*::")
_NUMBERS = re.compile(r"[0-9]+(,[0-9]+)*")
_MISSPELT = re.compile(r"\{\{\s*[cC]?\s*[0-9]*\s*:{0,2}")
_RUN = re.compile(r"[^\s{}<>&]*")  # what stands in a text, in its HTML and in its file alike


class Cloze(NamedTuple):
    """One cloze: its card numbers (from 1) and the text or HTML between its marks, with the hint."""

    numbers: tuple[int, ...]
    inner: str


def clozes(text: str) -> tuple[list[Cloze], list[Problem]]:
    """The clozes of a text, outermost last, and what is wrong with them. Accepts the author's text or its HTML."""
    found: list[Cloze] = []
    problems: list[Problem] = []
    strays: list[Problem] = []
    open_: list[tuple[tuple[int, ...], int, str]] = []
    for sign in _SIGN.finditer(text):
        if not sign["end"]:
            if not _NUMBERS.fullmatch(sign["numbers"]):
                problems.append(_misspelt(sign[0]))
                continue
            numbers = tuple(_number(digits) for digits in sign["numbers"].split(","))
            open_.append((numbers, sign.end(), sign[0]))
            if sum(len(set(one)) for one, _, _ in open_) > DEEPEST:  # of several numbers, `spread` makes several
                message = f"not every Anki reads more than {DEEPEST} clozes within one another"
                return [], [Problem("cloze-marks", message, "make two notes of it", sign[0])]
        elif open_:
            numbers, start, mark = open_.pop()
            inner = text[start : sign.start()]
            found.append(Cloze(numbers, inner))
            if not all(1 <= number <= HIGHEST for number in numbers):
                message = f"'{mark}' makes no card: clozes count from 1 to {HIGHEST}"
                problems.append(Problem("cloze-number", message, "count the first cloze as c1", mark))
            if not inner.split("::")[0].strip():
                hint = "write the text to hide behind the '::'"
                problems.append(Problem("cloze-empty", f"the cloze '{mark}' hides nothing", hint, mark))
        else:
            hint = "Anki ends a cloze at its first '}}'; write '} }' where the braces belong to the text"
            strays.append(Problem("cloze-marks", "this '}}' closes no cloze", hint, "}}"))
    for _, start, mark in open_:
        message = f"the cloze '{mark}' is never closed"
        problems.append(Problem("cloze-marks", message, "close it with '}}'", mark + _run(text, start)))
    problems += [_misspelt(mark[0]) for mark in _MISSPELT.finditer(_SIGN.sub("", text))]
    # What closes nothing closes a misspelt cloze, where there is one.
    problems = problems or strays
    if not found and not problems:
        hint = "write {{c1::…}} around what the student must recall"
        problems.append(Problem("no-card", "this cloze note hides nothing, so it makes no card", hint))
    return found, problems


def _number(digits: str) -> int:
    return int(digits) if len(digits) <= len(str(HIGHEST)) else HIGHEST + 1


def _run(text: str, start: int) -> str:
    run = _RUN.match(text, start)
    return run[0] if run else ""


def _misspelt(mark: str) -> Problem:
    hint = "write {{c1::hidden text}}; braces that belong to the text can stand in `code`"
    return Problem("cloze-marks", f"'{mark}' opens no cloze in Anki", hint, mark)


def ordinals(found: list[Cloze]) -> list[int]:
    """The card ordinals (from 0) that clozes make, each once, in order."""
    return sorted({number - 1 for cloze in found for number in cloze.numbers if 1 <= number <= HIGHEST})


def spread(text: str) -> str:
    """The text with each cloze of several numbers, `{{c1,3::x}}`, as clozes within one another: `{{c1::{{c3::x}}}}`.

    Both make the same cards, but Anki before 26.05 takes the first for plain text. A hint is given to each of them.
    """
    out: list[str] = []
    open_: list[int] = []
    end = 0
    for sign in _SIGN.finditer(text):
        before = text[end : sign.start()]
        end = sign.end()
        out.append(before)
        if not sign["end"]:
            numbers = list(dict.fromkeys(sign["numbers"].split(",")))
            open_.append(len(numbers))
            out += [f"{{{{c{number}::" for number in numbers]
        elif open_:
            _, mark, hint = before.partition("::")
            out.append("}}" + f"{mark}{hint}}}}}" * (open_.pop() - 1))
        else:
            out.append(sign[0])
    return "".join(out) + text[end:]


def gaps(text: str) -> str:
    """The text with a gap, […], for each of its outermost clozes: for a list that is not to tell what they hide."""
    out: list[str] = []
    depth = start = 0
    for sign in _SIGN.finditer(text):
        if not depth:
            out.append(text[start : sign.start()])
            start = sign.start()
        depth += -1 if sign["end"] else 1
        if depth <= 0:
            out.append(sign[0] if depth < 0 else "[…]")
            depth, start = 0, sign.end()
    return "".join(out) + text[start:]


def misplaced(typed: str, rendered: str) -> list[Problem]:
    """An error for the first cloze of an author's text that is none in its HTML: it stood in an attribute, say."""
    shown = [mark[0] for mark in _OPENING.finditer(rendered)]
    for index, mark in enumerate(_OPENING.finditer(typed)):
        if shown[index : index + 1] != [mark[0]]:
            needle = mark[0] + _run(typed, mark.end())
            message = f"the cloze '{mark[0]}' does not stand in the text itself, so it makes no card"
            hint = "put it around the link, or beside the picture: addresses and descriptions hold no clozes"
            return [Problem("cloze-marks", message, hint, needle)]
    return []


def space_braces(text: str) -> str:
    """The text with a space in each `}}`, `{{` and `::` of its mathematics that is TeX's and not a cloze's.

    TeX reads `} }` as it reads `}}`; Anki would end the cloze there. A cloze within the mathematics keeps its marks:
    the braces that are opened within it are counted.
    """
    return mathematics.replace(text, _spaced)


def _spaced(math: str) -> str:
    out: list[str] = [""]
    depths = [0]  # TeX braces that are open: in the mathematics, then in each cloze that is open within it
    place = 0
    while place < len(math):
        opening = _OPENING.match(math, place)
        closing = len(depths) > 1 and depths[-1] == 0 and math.startswith("}}", place)
        hint = len(depths) > 1 and depths[-1] == 0 and math.startswith("::", place)
        mark = opening[0] if opening else "}}" if closing else "::" if hint else ""
        if opening:
            depths.append(0)
        elif closing:
            depths.pop()
        else:
            depths[-1] += {"{": 1, "}": -1}.get(math[place], 0)
        sign = mark or math[place]
        if sign[0] in "{}:" and out[-1][-1:] == sign[0] and out[-1][:3] != "{{c":
            out.append(" ")
        out.append(sign)
        place += len(sign)
    return "".join(out)

"""Clozes by Anki's rules: which cards a cloze text makes, and what would go wrong in it.

The rules are those of Anki's own parser (rslib/src/cloze.rs): a cloze opens with `{{c`, one or more numbers with commas
between them, and `::`; it ends at the next `}}`; clozes nest; a text with a cloze that is never closed hides nothing.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from hipdeck.diagnostics import Problem
from hipdeck.render import mathematics

HIGHEST = 500
"""Anki doesn't make cards for higher numbers."""

DEEPEST = 3
"""How deep clozes can nest in every Anki: 24.11 reads three levels, 25.02 eight, 25.09 and later ten."""

GAP = re.compile(r"\{\{c([0-9,]+)::((?:[^{}:\\]|\\:|\\(?!:)|:(?!:))*)(?:::([^{}]*))?\}\}")
"""A quick look for clozes without braces inside: numbers, hidden text, hint. `parse_clozes` follows all the rules."""

_SIGN = re.compile(r"\{\{c(?P<numbers>[0-9,]+)::|(?P<end>\}\})")
_OPENING = re.compile(r"\{\{c[0-9]+(?:,[0-9]+)*::")
_NUMBERS = re.compile(r"[0-9]+(,[0-9]+)*")
_MISSPELLED = re.compile(r"\{\{\s*[cC]?\s*[0-9]*\s*:{0,2}")
_RUN = re.compile(r"[^\s{}<>&]*")  # this reads the same in a text, in its HTML and in its file
_WORDS_IN_FORMULA = re.compile(r"\\(?:text[a-z]*|[hmf]box|ce|pu)\s*\{[^{}]*\Z")  # where a space would show

BREAK = "\x9f"
"""Stands between two colons of a cloze's text until it becomes a `<wbr>`; no card file can hold it."""


class Cloze(NamedTuple):
    """One cloze: its card numbers (from 1) and the text or HTML between its marks, with the hint."""

    numbers: tuple[int, ...]
    inner: str


def parse_clozes(text: str) -> tuple[list[Cloze], list[Problem]]:
    """The clozes of a text, outermost last, and what is wrong with them. Takes the author's text or its HTML."""
    clozes: list[Cloze] = []
    problems: list[Problem] = []
    strays: list[Problem] = []
    stack: list[tuple[tuple[int, ...], int, str]] = []
    for sign in _SIGN.finditer(text):
        if not sign["end"]:
            if not _NUMBERS.fullmatch(sign["numbers"]):
                problems.append(_misspelled(sign[0]))
                continue
            numbers = tuple(_number(digits) for digits in sign["numbers"].split(","))
            stack.append((numbers, sign.end(), sign[0]))
            if sum(len(set(numbers)) for numbers, _, _ in stack) > DEEPEST:  # `spread` nests the numbers of a cloze
                message = f"not every Anki can read clozes that are nested more than {DEEPEST} deep"
                return [], [Problem("cloze-marks", message, "split it into two notes", sign[0])]
        elif stack:
            numbers, start, mark = stack.pop()
            clozes.append(Cloze(numbers, text[start : sign.start()]))
            problems += _check_cloze(clozes[-1], mark)
        else:
            hint = "Anki ends a cloze at its first '}}'; if the braces belong to the text, write '} }'"
            strays.append(Problem("cloze-marks", "this '}}' doesn't close a cloze", hint, "}}"))
    for _, start, mark in stack:
        message = f"the cloze '{mark}' is never closed"
        problems.append(Problem("cloze-marks", message, "close it with '}}'", mark + _run(text, start)))
    problems += [_misspelled(mark[0]) for mark in _MISSPELLED.finditer(_SIGN.sub("", text))]
    # If a cloze is misspelled, the marks that close nothing are its own.
    problems = problems or strays
    if not clozes and not problems:
        hint = "write {{c1::…}} around what the student must recall"
        problems.append(Problem("no-card", "this cloze note hides nothing, so it makes no card", hint))
    return clozes, problems


def _check_cloze(cloze: Cloze, mark: str) -> list[Problem]:
    """What is wrong with a closed cloze; `mark` opens it."""
    problems = []
    if not all(1 <= number <= HIGHEST for number in cloze.numbers):
        message = f"'{mark}' makes no card: cloze numbers go from 1 to {HIGHEST}"
        problems.append(Problem("cloze-number", message, "number the first cloze c1", mark))
    if not cloze.inner.split("::")[0].strip():
        hint = "write the text to hide after the '::'"
        problems.append(Problem("cloze-empty", f"the cloze '{mark}' hides nothing", hint, mark))
    return problems


def _number(digits: str) -> int:
    return int(digits) if len(digits) <= len(str(HIGHEST)) else HIGHEST + 1


def _run(text: str, start: int) -> str:
    run = _RUN.match(text, start)
    return run[0] if run else ""


def _misspelled(mark: str) -> Problem:
    hint = "write {{c1::hidden text}}, or put braces that belong to the text in `code`"
    return Problem("cloze-marks", f"'{mark}' doesn't open a cloze in Anki", hint, mark)


def ordinals(clozes: list[Cloze]) -> list[int]:
    """The ordinals (from 0) of the cards that clozes make, each once, sorted."""
    return sorted({number - 1 for cloze in clozes for number in cloze.numbers if 1 <= number <= HIGHEST})


def spread(text: str) -> str:
    """The text with each cloze that has several numbers, `{{c1,3::x}}`, as nested clozes: `{{c1::{{c3::x}}}}`.

    Both make the same cards, but Anki before 26.05 takes the first for plain text. Each nested cloze gets the hint.
    """
    pieces: list[str] = []
    stack: list[int] = []
    end = 0
    for sign in _SIGN.finditer(text):
        before = text[end : sign.start()]
        end = sign.end()
        pieces.append(before)
        if not sign["end"]:
            numbers = list(dict.fromkeys(sign["numbers"].split(",")))
            stack.append(len(numbers))
            pieces += [f"{{{{c{number}::" for number in numbers]
        elif stack:
            _, mark, hint = before.partition("::")
            pieces.append("}}" + f"{mark}{hint}}}}}" * (stack.pop() - 1))
        else:
            pieces.append(sign[0])
    return "".join(pieces) + text[end:]


def gaps(text: str) -> str:
    """The text with a gap, […], for each of its outermost clozes, for lists that mustn't reveal what they hide."""
    pieces: list[str] = []
    depth = start = 0
    for sign in _SIGN.finditer(text):
        if not depth:
            pieces.append(text[start : sign.start()])
            start = sign.start()
        depth += -1 if sign["end"] else 1
        if depth <= 0:
            pieces.append(sign[0] if depth < 0 else "[…]")
            depth, start = 0, sign.end()
    return "".join(pieces) + text[start:]


def check_misplaced(typed: str, rendered: str) -> list[Problem]:
    """An error for the first cloze of an author's text that isn't one in its HTML: it is in an attribute, say."""
    shown = [mark[0] for mark in _OPENING.finditer(rendered)]
    for index, mark in enumerate(_OPENING.finditer(typed)):
        if shown[index : index + 1] != [mark[0]]:
            needle = mark[0] + _run(typed, mark.end())
            message = f"the cloze '{mark[0]}' isn't in the text itself, so it makes no card"
            hint = "put it around the link, or next to the picture: addresses and descriptions can't hold clozes"
            return [Problem("cloze-marks", message, hint, needle)]
    return []


def may_hold_colons(text: str) -> bool:
    """Whether a text or its HTML has more pairs of colons than those that open its clozes."""
    return BREAK in text or text.count("::") > text.count("{{c")


def space_braces(text: str) -> str:
    """The text with a space in each `}}`, `{{` and `::` that belongs to its mathematics and not to a cloze.

    TeX reads `} }` like `}}`, but Anki would end the cloze there. A cloze inside the mathematics keeps its marks, which
    is why the braces that are opened inside it are counted. Where a space would show, there is a `BREAK` instead.
    """
    return mathematics.replace(text, _space_braces)


def _space_braces(math: str) -> str:
    pieces: list[str] = [""]
    depths = [0]  # open TeX braces: in the mathematics, then in each cloze that is open inside it
    index = 0
    while index < len(math):
        opening = _OPENING.match(math, index)
        closing = len(depths) > 1 and depths[-1] == 0 and math.startswith("}}", index)
        hint = len(depths) > 1 and depths[-1] == 0 and math.startswith("::", index)
        mark = opening[0] if opening else "}}" if closing else "::" if hint else ""
        if opening:
            depths.append(0)
        elif closing:
            depths.pop()
        else:
            depths[-1] += {"{": 1, "}": -1}.get(math[index], 0)
        sign = mark or math[index]
        if sign[0] in "{}:" and pieces[-1][-1:] == sign[0] and pieces[-1][:3] != "{{c":
            shows = sign[0] == ":" and _WORDS_IN_FORMULA.search(math, 0, index)
            pieces.append(BREAK if shows else " ")
        pieces.append(sign)
        index += len(sign)
    return "".join(pieces)

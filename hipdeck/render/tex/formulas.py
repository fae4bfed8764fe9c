"""Formulas in a field's HTML, as Anki's MathJax finds them on every side of every card."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from itertools import islice

from hipdeck.diagnostics import Problem
from hipdeck.render.tex import arguments, commands

LONGEST = 2000
"""Characters of a formula. MathJax's time grows with their square: 5,000 can take 15 seconds."""

MOST = 50
"""Problems of one text that are looked for; nobody reads more."""

_CODE = re.compile(r"<code>.*?</code>", re.DOTALL)
_TAG = re.compile(r"<(?!br )[^>]*>")  # MathJax reads on across a line break, and across no other tag
_CLOSING = {"\\(": "\\)", "\\[": "\\]"}
_OPENING = re.compile(r"\\[(\[]")
_STEP = re.compile(r"\\.|[{}]", re.DOTALL)
_MARK = re.compile(r"(\{\{c[0-9]+(?:,[0-9]+)*::|\}\})")
_NAME_AT_END = re.compile(r"(?<!\\)(?:\\\\)*\\([A-Za-z]*)\Z")


def check(rendered: str, cloze: bool = False) -> list[Problem]:
    """What is wrong with the formulas of a text as HTML; `cloze` says that it is Anki's cloze text."""
    texts = _TAG.split(_CODE.sub("<code>", rendered).replace("<br />", "\n"))
    problems = (problem for text in texts for problem in _check_text(html.unescape(text), cloze))
    # A problem of several formulas, or of several sides of a card, is named once.
    return [_sharpened(problem, rendered) for problem in dict.fromkeys(islice(problems, MOST))]


def _sharpened(problem: Problem, rendered: str) -> Problem:
    r"""The problem with a needle that doesn't find a longer command first: `\fra{` where there is a `\frac` too."""
    needle = problem.needle
    if needle[-1:].isalpha() and re.search(re.escape(needle) + "[A-Za-z]", rendered):
        longer = re.search(re.escape(needle) + "[^A-Za-z&<]", rendered)
        return problem._replace(needle=longer[0] if longer else needle)
    return problem


def _check_text(text: str, cloze: bool) -> Iterator[Problem]:
    for formula, closed in find(text):
        if not closed:
            message = f"MathJax finds no '{_CLOSING[formula[:2]]}' that ends this formula"
            hint = "close each '{' with '}' before the formula ends; within \\text{…} write $x$, not \\(x\\)"
            yield Problem("mathematics", message, hint, commands.start(formula))
        elif len(formula) > LONGEST:
            message = f"a formula has more than {LONGEST} characters"
            yield Problem("mathematics", message, "make several formulas of it", commands.start(formula))
        else:
            sides = _sides(formula) if cloze and _MARK.search(formula) else (formula,)
            if isinstance(sides, Problem):
                yield sides
            else:
                yield from (problem for side in sides for problem in commands.check(side))
                yield from arguments.check(formula)


def find(text: str) -> Iterator[tuple[str, bool]]:
    r"""Each formula of a text as MathJax finds it, with its delimiters, and True.

    Where MathJax finds no end to one, the last is how it begins, and False; nothing after it is looked at.
    """
    place = 0
    while opening := _OPENING.search(text, place):
        place = _end(text, opening.end(), _CLOSING[opening[0]])
        if not place:
            yield text[opening.start() : opening.end() + 40], False
            return
        yield text[opening.start() : place], True


def _end(text: str, place: int, closing: str) -> int:
    """Where a formula ends that begins at a place: after the first closing delimiter outside of braces, or nowhere."""
    level = 0
    for step in _STEP.finditer(text, place):
        if step[0] == closing and not level:
            return step.end()
        level = max(level + _STEPS.get(step[0], 0), 0)
    return 0


_STEPS = {"{": 1, "}": -1}


def _sides(formula: str) -> tuple[str, str] | Problem:
    """A formula with all of its clozes' texts, and with each hint beside them; or what is wrong with its clozes.

    A side of a card shows a cloze's text or, in brackets, its hint. What meets on a side meets in one of these two.
    """
    shown: list[str] = []
    hinted: list[str] = []
    open_: list[tuple[str, int, int]] = []  # the mark, where its hint goes, and the level of braces before it
    level, last = 0, ""
    for piece in _MARK.split(formula):
        if piece == "}}":
            if not open_ or open_.pop()[2] != level:
                return _crossing(piece)
        elif _MARK.fullmatch(piece):
            open_.append((piece, len(hinted), level))
            hinted.append("[...]")
        elif piece:
            text, sign, hint = piece.partition("::") if open_ else (piece, "", "")
            lowest, net = _levels(text)
            if open_ and (level + lowest < open_[-1][2] or _levels(hint) != (0, 0)):
                return _crossing(open_[-1][0])
            name = _NAME_AT_END.search(last)
            if text and name and (not name[1] or text[0].isalpha()):
                return _cut(name[1])
            level, last = level + net, text or last
            shown.append(text)
            hinted.append(text)
            if sign:
                hinted[open_[-1][1]] = f"[{hint}]"
    return _crossing(open_[-1][0]) if open_ else ("".join(shown), "".join(hinted))


def _levels(text: str) -> tuple[int, int]:
    """The lowest level of braces in a text and the last, from 0."""
    level = lowest = 0
    for step in _STEP.finditer(text):
        level += _STEPS.get(step[0], 0)
        lowest = min(lowest, level)
    return lowest, level


def _crossing(mark: str) -> Problem:
    hint = "put whole commands, and braces in pairs, between the marks of a cloze"
    return Problem("cloze-crosses", f"the cloze mark '{mark}' stands within the braces of a formula", hint, mark)


def _cut(name: str) -> Problem:
    message = f"on the card, the command '\\{name}' goes on across the mark of a cloze"
    return Problem("cloze-crosses", message, f"put a space after '\\{name}'", f"\\{name}")

r"""The arguments that MathJax makes attributes of, which may be plain colors, lengths and small numbers alone.

MathJax writes a color into a style as it stands, gives each length the room it asks for, and counts as far as a number
says. So the commands and environments in `_RULES` may only have the arguments that their pattern allows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from hipdeck.diagnostics import Problem
from hipdeck.render.tex.commands import start

MOST_SPACE = 50
"""What all lengths of a formula may add up to, in em. With more, it could cover what else the page shows."""

UNITS = {"em": 1, "ex": 0.43, "pt": 0.1, "pc": 1.2, "px": 0.0625, "in": 7.2, "cm": 2.85, "mm": 0.285, "mu": 1 / 18}
"""TeX's units in em, for its font of ten points."""

_NUMBER = r"[+-]?(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)"
_LENGTH = re.compile(rf"({_NUMBER})\s*({'|'.join(UNITS)})\b")

_SIZE = rf"\s*{_NUMBER}\s*(?:{'|'.join(UNITS)})\s*"
_SIZE_IN_BRACES = rf"\s*\{{{_SIZE}\}}"
_COLOR = r"\s*(?:[A-Za-z]+|\#[0-9A-Fa-f]{3,8})\s*"
_COLOR_IN_BRACES = rf"\s*\{{{_COLOR}\}}"
_ATTRIBUTE = (
    rf"\s*(?:(?:math)?(?:color|background)\s*=\s*(['\"]?){_COLOR}\1|data-(?:padding|thickness)\s*=\s*(['\"]?){_SIZE}\2)"
)
_DELIMITER = r"\s*(?:\{(?:[^{}\\]|\\[A-Za-z]+|\\[{}|])?\}|\\[A-Za-z]+|\\[{}|]|[^\s{}\\])"
# Nothing that MathJax takes for an option may follow, not even behind the mark of a cloze, whose hint is in brackets.
_NO_OPTION = r"(?!(?:[\s}]|\{\{c[0-9,]*::)*\[|\s*\{\{c[0-9])"


def _optional(pattern: str) -> str:
    return rf"(?:\s*\[{pattern}\]|{_NO_OPTION})"


def _listed(pattern: str) -> str:
    return rf"(?:{pattern})(?:,(?:{pattern}))*"


_RULES = (
    ("color textcolor", rf"(?:\s*\[[A-Za-z]*\])?\s*\{{(?:{_COLOR}|[0-9., ]+)\}}", r"\color{red}, \color[rgb]{1,0.5,0}"),
    ("colorbox", rf"(?:\s*\[[A-Za-z]*\])?\s*\{{(?:{_COLOR}|[0-9., ]+)\}}", r"\colorbox{#ffeeaa}{x}"),
    ("fcolorbox", _COLOR_IN_BRACES * 2, r"\fcolorbox{red}{#ffeeaa}{x}"),
    ("bbox", _optional(_listed(rf"{_SIZE}|{_COLOR}")), r"\bbox[#ffeeaa,3px]{x}"),
    ("cancel bcancel xcancel cancelto", _optional(_ATTRIBUTE), r"\cancel[color=red]{x}"),
    ("enclose", rf"\s*\{{[A-Za-z, ]*\}}{_optional(_ATTRIBUTE)}", r"\enclose{circle}[mathcolor=red]{x}"),
    ("sqrt", r"(?!\s*\{\{c[0-9])", r"\sqrt{x}"),
    ("hspace hskip kern mspace mskip mkern", rf"(?:{_SIZE_IN_BRACES}|{_SIZE})", r"\hspace{1.5em}"),
    ("raise lower moveleft moveright", rf"(?:{_SIZE_IN_BRACES}|{_SIZE})", r"\raise 3pt {x}"),
    ("above minCDarrowwidth minCDarrowheight", rf"(?:{_SIZE_IN_BRACES}|{_SIZE})", r"\above 1pt"),
    ("rule", rf"(?:\s*\[{_SIZE}\])?" + _SIZE_IN_BRACES * 2, r"\rule[2pt]{1em}{.4pt}"),
    ("Rule Space", _SIZE_IN_BRACES * 3, r"\Rule{1em}{.4pt}{0pt}"),
    ("genfrac", _DELIMITER * 2 + rf"\s*\{{(?:{_SIZE})?\}}", r"\genfrac{(}{)}{0pt}{0}{n}{k}"),
    ("framebox mathmakebox", rf"(?:\s*\[{_SIZE}\](?:\s*\[[a-z]\])?|{_NO_OPTION})", r"\framebox[3em][l]{x}"),
    ("uproot leftroot skew", r"\s*(?:\{\s*-?[0-9]{1,2}\s*\}|[0-9])", r"\sqrt[\uproot{2} n]{x}, \skew{3}{\hat}{x}"),
    ("MoveEqLeft", _optional("[0-9]"), r"\MoveEqLeft[2]"),
    ("shoveleft shoveright", _optional(_SIZE), r"\shoveleft[1em]{x}"),
    (
        "\\",
        rf"\*?(?:\[{_SIZE}\]|(?!\[|\}}*\{{\{{c[0-9]|\}}+\[))",
        r"\\[4pt], or with a space before a bracket that isn't a length",
    ),
    ("{array}", _optional("[tbc]") + r"\s*\{[lcr|: ]*\}", r"\begin{array}{r|cl}"),
    ("{alignat} {alignat*}", r"\s*\{[0-9]{1,2}\}", r"\begin{alignat}{2}"),
    ("{alignedat}", _optional("[tbc]") + r"\s*\{[0-9]{1,2}\}", r"\begin{alignedat}{2}"),
    ("{aligned} {gathered} {lgathered} {rgathered}", _optional("[tbc]"), r"\begin{aligned}[t]"),
    ("{multlined}", rf"(?:\s*\[(?:[tbc]|{_SIZE})\]){{1,2}}|{_NO_OPTION}", r"\begin{multlined}[t][20em]"),
    ("{spreadlines}", _SIZE_IN_BRACES, r"\begin{spreadlines}{1em}"),
    ("{subarray} {crampedsubarray}", r"\s*\{[lcr]\}", r"\begin{subarray}{l}"),
    (
        "{matrix*} {pmatrix*} {bmatrix*} {Bmatrix*} {vmatrix*} {Vmatrix*} {smallmatrix*} {psmallmatrix*} "
        "{bsmallmatrix*} {Bsmallmatrix*} {vsmallmatrix*} {Vsmallmatrix*}",
        _optional("[lcr]+"),
        r"\begin{matrix*}[r]",
    ),
)
_PATTERNS = {name: (re.compile(pattern), usage) for names, pattern, usage in _RULES for name in names.split()}

_TOKEN = re.compile(r"\\(?:begin\s*(?P<environment>\{[^{}]*\})|(?P<name>[A-Za-z]+|.))", re.DOTALL)
_MARK_FOLLOWS = re.compile(r"[\s*]*(?:[\[{][^\[\]{}]*)?\}*(?:\{\{c[0-9]|\}\})")


def check(formula: str) -> Iterator[Problem]:
    r"""What is wrong with the arguments in a formula, which may hold the marks of clozes.

    No mark may stand where an argument does, so each side of each card has the arguments that were checked.
    """
    space = 0.0
    for token in _TOKEN.finditer(formula):
        name = token["environment"] or token["name"]
        if name not in _PATTERNS:
            continue
        pattern, usage = _PATTERNS[name]
        if arguments := pattern.match(formula, token.end()):
            space += sum(_in_em(*length) for length in _LENGTH.findall(arguments[0]))
        elif _MARK_FOLLOWS.match(formula, token.end()):
            message = f"MathJax can take the cloze after '{token[0]}' for its argument"
            before = "put {} before the cloze" if name in ("\\", "MoveEqLeft") or name[0] == "{" else ""
            hint = before or f"put the cloze into braces, or the whole command into the cloze: {usage}"
            yield Problem("cloze-crosses", message, hint, token[0])
        else:
            message = f"'{token[0]}' has arguments that hipdeck doesn't know"
            yield Problem("unknown-tex", message, f"write it as in {usage}", token[0])
    if space > MOST_SPACE:
        message = f"the lengths in this formula add up to more than {MOST_SPACE}em"
        hint = "write smaller ones, or make several formulas of it"
        yield Problem("mathematics", message, hint, start(formula))


def _in_em(number: str, unit: str) -> float:
    return abs(float(number.replace(",", "."))) * UNITS[unit]

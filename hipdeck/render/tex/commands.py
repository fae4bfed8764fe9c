r"""What is wrong with the TeX of one formula.

MathJax has commands that run script, fetch, and change what other commands mean on every later card. So a formula may
hold only the commands and environments in `names`, wherever they stand: `\text{…}` and `\ce{…}` can hold
mathematics too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from hipdeck.diagnostics import Problem
from hipdeck.render.tex.names import COMMANDS, ENVIRONMENTS, NESTING, SIGNS
from hipdeck.render.tex.near import near_command, near_environment
from hipdeck.render.tex.refused import REFUSED

DEEPEST = 20
"""Levels of nesting. MathJax makes several boxes of each, and sixty levels crash the page."""

_TOKEN = re.compile(
    r"\\(?:(?P<side>begin|end)(?![A-Za-z])(?:\s*\{(?P<environment>[^{}]*)\})?|(?P<name>[A-Za-z]+)|(?P<sign>.))|[{}&]",
    re.DOTALL,
)
_SIGN = re.compile(r"\\.", re.DOTALL)
_TEXT = re.compile(r"\\(?:text[a-z]*|[hmf]box)\s*\{[^{}]*\}")
_WORD = re.compile(r"[A-Za-z]+")

_REFUSED = {name: (reason, hint) for names, reason, hint in REFUSED for name in names.split()}
_LONG_NAMES = frozenset(name for name in (*COMMANDS, *_REFUSED, "begin", "end") if len(name) > 1)
_NESTING = {name for name, group in COMMANDS.items() if group in NESTING} | {"color"}


def check(formula: str) -> Iterator[Problem]:
    r"""What is wrong with a formula from its `\(` or `\[` to its `\)` or `\]`, without the marks of clozes."""
    open_: list[tuple[str, int]] = [("", 0)]  # what closes a group, and the level around it
    level = 0
    for token in _TOKEN.finditer(formula, 2, len(formula) - 2):
        yield from _check_token(formula, token)
        word = token[0]
        if closing := _closing(token):
            open_.append((closing, level))
            level += 1
        elif word in ("}", "\\right") or token["side"]:
            expected, level = open_.pop()
            if expected != (f"\\end{{{token['environment']}}}" if token["side"] else word):
                what = f"has '{word}' where it needs '{expected}'" if expected else f"opens no '{word}'"
                yield _unmatched(formula, what)
                return
        elif token["name"] in _NESTING:
            level += 1
        elif word in ("&", "\\\\", "\\cr") and open_[-1][0].startswith("\\end"):
            level = open_[-1][1] + 1
        if level > DEEPEST:
            message = f"this formula is nested more than {DEEPEST} levels deep"
            yield Problem("mathematics", message, "make several formulas of it", start(formula))
            return
    if len(open_) > 1:
        yield _unmatched(formula, f"ends without '{open_[-1][0]}'")
    if "%" in formula and "%" in _SIGN.sub("", _TEXT.sub("", formula)):
        message = "TeX leaves out '%' and what follows it on its line"
        yield Problem("mathematics", message, "write '\\%' for a percent sign", "%")


def start(formula: str) -> str:
    """What a formula can be found by in its text: how its first line begins."""
    return formula[2:30].strip().split("\n")[0]


def _closing(token: re.Match[str]) -> str:
    """What closes the group that a token opens, if it opens one."""
    if token["side"] == "begin":
        return f"\\end{{{token['environment']}}}"
    return {"{": "}", "\\left": "\\right"}.get(token[0], "")


def _unmatched(formula: str, what: str) -> Problem:
    hint = "close what is open, the last first: '{' with '}', '\\left' with '\\right', '\\begin{…}' with '\\end{…}'"
    return Problem("mathematics", f"this formula {what}", hint, start(formula))


def _check_token(formula: str, token: re.Match[str]) -> Iterator[Problem]:
    name, sign = token["name"], token["sign"]
    if token["side"] == "begin":
        yield from _check_environment(formula, token)
    elif name in _REFUSED:
        reason, hint = _REFUSED[name]
        yield Problem("unknown-tex", f"a formula can't have '\\{name}': {reason}", hint, f"\\{name}")
    elif name and name not in COMMANDS:
        near = near_command(name)
        hint = f"did you mean '\\{near}'?" if near else "write a word as \\text{…}, a function as \\operatorname{…}"
        yield Problem("unknown-tex", f"hipdeck doesn't know the TeX command '\\{name}'", hint, f"\\{name}")
    elif sign == "\\" and (word := _WORD.match(formula, token.end())) and word[0] in _LONG_NAMES:
        # In some places, such as \ce{…}, MathJax takes the two backslashes apart.
        one = f", or write '\\{word[0]}' for the command" if word[0] not in _REFUSED else ""
        hint = f"put a space between '\\\\' and '{word[0]}' where a row ends{one}"
        yield Problem("unknown-tex", f"'\\\\{word[0]}' looks like the command '\\{word[0]}'", hint, f"\\\\{word[0]}")
    elif sign and sign in "()[]":
        hint = "within \\text{…} write $x$, not \\(x\\); close each '{' before the formula ends"
        yield Problem("mathematics", f"'\\{sign}' stands within a formula", hint, f"\\{sign}")
    elif sign and sign not in SIGNS:
        message = f"hipdeck doesn't know the TeX command '\\{sign}'"
        yield Problem("unknown-tex", message, f"write '{sign}' without the backslash", f"\\{sign}")


def _check_environment(formula: str, token: re.Match[str]) -> Iterator[Problem]:
    environment = token["environment"]
    if environment is None:
        message = "'\\begin' has no environment's name in braces after it"
        yield Problem("unknown-tex", message, "write it as in \\begin{cases}", "\\begin")
    elif environment not in ENVIRONMENTS:
        near = near_environment(environment)
        hint = (
            f"did you mean '{near}'? write it in \\begin and in \\end"
            if near
            else "there are matrix, cases, aligned, array and others"
        )
        message = f"hipdeck doesn't know the TeX environment '{environment}'"
        yield Problem("unknown-tex", message, hint, token[0])

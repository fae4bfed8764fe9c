"""TeX where MathJax in Anki doesn't read it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hipdeck.render.masks import FILL, without_code_alone
from hipdeck.rules.notations.notation import SHOW_IT, Notation, shown

_HINT = r"write mathematics as \(…\), or as \[…\] on a line of its own"
_MATHEMATICS = (
    re.compile(
        r"\[(?P<sign>latex|\${1,2})\](?:(?!\[(?:latex|\$)).)*?\[/(?P=sign)\]|\[/?(?:latex|\${1,2})\]", re.DOTALL
    ),
    re.compile(r"<anki-mathjax\b[^<>]*>(?:(?:(?!<anki-).)*?</anki-mathjax>)?", re.DOTALL),
    re.compile(r"\$\$[^$]+\$\$"),
)
_DOLLARS = re.compile(r"(?<![\w$])\$(?P<inner>[^\s$](?:[^$\n]*[^\s$])?)\$(?![\w$])")
_FORMULA = re.compile(r"[\\^_=+<>{}/]|\w\(|^(?:[^\s,]|, ?)+$")
_INSTEAD = {
    **dict.fromkeys(("textbf", "textsc", "underline"), "write **…** for strong text"),
    **dict.fromkeys(("textit", "emph"), "write *…* for emphasis"),
    "texttt": "write `…` for code",
    **dict.fromkeys(("itemize", "item"), "write 'key: |', and below it a list, each entry on a line after '- '"),
    "enumerate": "write 'key: |', and below it a list, each entry on a line after '1. ', '2. '",
    "tabular": "write 'key: |', and below it a table: | a | b |, with |---|---| below its first row",
}
_ESCAPED_DELIMITERS = re.compile(r"\\\\(?P<open>[(\[]).+?\\\\(?:\)|\])", re.DOTALL)
_ENVIRONMENT = re.compile(r"\\begin\{(?P<name>[A-Za-z*]+)\}")
_COMMAND = re.compile(r"(?<![\w:\\/.])\\(?P<name>[A-Za-z]{2,})(?![A-Za-z\\])")
_FORMULA_WORDS = re.compile(r"\\[(\[]\s*[A-Za-z]{3,}(?:[ ,]+[A-Za-z]{2,})*[ ,]+[A-Za-z]{3,}[.!?]?\s*\\[)\]]")


def find_delimited(text: str, masked: str) -> tuple[list[Notation], str]:
    """Mathematics between signs of other tools, the first of it alone, and `masked` without all of it."""
    notations: list[Notation] = []
    for pattern in (*_MATHEMATICS, _DOLLARS):
        for match in pattern.finditer(masked):
            inner = match["inner"] if pattern is _DOLLARS else ""
            if inner and not _FORMULA.search(inner):
                continue  # money
            needle = shown(text, match)
            hint = f"write mathematics as \\({inner}\\){SHOW_IT}" if inner else _HINT + SHOW_IT
            notations.append(Notation(needle, f"'{needle}' isn't read as mathematics", hint))
            masked = f"{masked[: match.start()]}{FILL * len(match[0])}{masked[match.end() :]}"
    return notations[:1], masked


def find(text: str, masked: str) -> Iterator[Notation]:
    """Mathematics without the delimiters that MathJax in Anki reads, and words in mathematics."""
    if "\\" not in text:
        return
    # Imported late: most decks have no mathematics.
    from hipdeck.render.tex.names import COMMANDS, ENVIRONMENTS

    if words := _FORMULA_WORDS.search(text):
        hint = r"write \text{…} around words in a formula; for brackets, leave the backslashes out"
        yield Notation(shown(text, words), f"mathematics shows '{shown(text, words)}' without its spaces", hint)
    plain = without_code_alone(text)
    # Nothing is closed after the last one that closes, and looking for it from each opening one would take long.
    end = max(plain.rfind("\\\\)"), plain.rfind("\\\\]")) + len("\\\\)")
    if pair := _ESCAPED_DELIMITERS.search(plain, 0, end):
        hint = r"write one backslash: \(…\), \[…\]; only double quotes need two" + SHOW_IT
        yield Notation(shown(text, pair), f"'{shown(text, pair)}' isn't read as mathematics", hint)
        return
    if environment := _ENVIRONMENT.search(masked):
        name = environment["name"]
        hint = _INSTEAD.get(name, _HINT)
        if name in ENVIRONMENTS:
            hint = f"put it between \\[ and \\]: \\[\\begin{{{name}}} … \\end{{{name}}}\\]"
        yield Notation(environment[0], f"'{environment[0]}' isn't read as TeX here", hint + SHOW_IT)
        return
    known = (match for match in _COMMAND.finditer(masked) if match["name"] in _INSTEAD or match["name"] in COMMANDS)
    if command := next(known, None):
        hint = _INSTEAD.get(command["name"]) or f"write mathematics between \\( and \\): \\({command[0]} …\\)"
        yield Notation(command[0], f"'{command[0]}' isn't read as TeX here", hint + SHOW_IT)

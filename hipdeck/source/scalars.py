r"""Texts that YAML reads as something else than was meant: lines that it joins, backslashes that begin an escape.

Loaded only for texts of several lines without a `|`, and for backslashes in double quotes.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from typing import Any, NamedTuple

from hipdeck.source.characters import UNPRINTABLE
from hipdeck.source.quoting import LONGEST_QUOTE

_PAIRS = {"“": "”", "„": "“”", "«": "»", "‘": "’", "「": "」", "(": ")", "`": "`", '"': '"'}
"""The signs that begin and end what belongs together."""

UNPRINTABLE_ESCAPE = re.compile(f"\r|{UNPRINTABLE.pattern}")
"""What no escape may write. Anki and Markdown disagree on whether a carriage return breaks a line."""

_MARKS = {
    "list": re.compile(r"(?:[-*+•‣–—·]|\(?[0-9]{1,3}[.)]|\(?[A-Za-z]\))[ \t]+\S"),
    "table": re.compile(r"\|.*\||[^\t]*\S\t+\S"),
    "code block": re.compile(r"```|~~~"),
}
_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n|\Z)")

# What an escape makes, for those that TeX's commands and paths begin with too.
_ESCAPES = {"n": "a line break", "t": "a tab", "_": "a space that can't break"}
_ESCAPES |= dict.fromkeys("abefrv0NLP", "a character that no card can hold")
_ESCAPE = re.compile(r"\\(?P<sign>.)(?P<rest>[A-Za-z]*)", re.DOTALL)
_TEX = {
    *("nabla", "natural", "neg", "neq", "newline", "nexists", "ngeq", "nleq", "nless", "ngtr", "nmid", "not", "notin"),
    *("nparallel", "nsim", "nsubseteq", "nsupseteq", "nrightarrow", "nleftarrow", "nRightarrow", "nLeftarrow"),
    *("rangle", "rceil", "rfloor", "rho", "right", "rightarrow", "rightleftharpoons", "rm", "rtimes"),
    *("tan", "tanh", "tau", "tbinom", "text", "textbf", "textit", "textrm", "textsf", "texttt", "tfrac", "therefore"),
    # Those that begin with another escape are in doubt only in what to write instead.
    *("alpha", "angle", "approx", "bar", "beta", "boldsymbol", "bullet", "epsilon", "equiv", "eta", "exists", "frac"),
    *("forall", "vec", "varphi", "vee", "Lambda", "Leftarrow", "Leftrightarrow", "Phi", "Pi", "Psi"),
    *("theta", "thickapprox", "tilde", "times", "tiny", "to", "top", "triangle", "triangleleft", "triangleright"),
}
_COMMAND = re.compile(rf"\\(?:{'|'.join(sorted(_TEX))})(?![A-Za-z])(?:\{{[^{{}}]*\}})*")
_SHORT_TEX = {"ne", "ni", "nu"}  # which are words too, of other languages
# Each backslash and what follows it: a pattern that could take two at once tries all ways to share them out.
_PATH = re.compile(r"(?<![A-Za-z])[A-Za-z]:(?:\\[\w .-]*)+|\\\\\\\\[\w.-]+(?:\\[\w .-]*)*")
_FORMULA = re.compile(r"\\\\[(\[]")
_DOLLARS = re.compile(r"\$+([^$]+)\$+")
_MATHEMATICS = re.compile(r"\\\\[(\[]|\$")


class Misreading(NamedTuple):
    """What is wrong with a text: a code, its place as an offset into the file, a message, and a hint."""

    code: str
    offset: int
    length: int
    message: str
    hint: str


def check(text: str, event: Any) -> Iterator[Misreading]:
    """What YAML misreads in a scalar of a file's text; `event` is PyYAML's."""
    style, start, end = event.style, event.start_mark, event.end_mark
    if style == '"':
        yield from _escapes(text[start.index : end.index], start.index)
    if start.line != end.line:
        before = "dash" if text[: start.index].endswith("- ") else "key"
        yield from _joined(text[start.index : end.index], start.index, style, before)


def _escapes(raw: str, offset: int) -> Iterator[Misreading]:
    """The first backslash in double quotes that was meant as a backslash; `raw` has the quotes."""
    in_mathematics = bool(_MATHEMATICS.search(raw))
    # All of them first: a text may have a million escapes.
    paths = deque(path.span() for path in _PATH.finditer(raw))
    for escape in _ESCAPE.finditer(raw):
        sign, word = escape["sign"], escape["sign"] + escape["rest"]
        while paths and paths[0][1] <= escape.start():
            paths.popleft()
        in_path = bool(paths) and paths[0][0] < escape.start()
        if sign not in _ESCAPES or not _is_backslash(word, in_mathematics, in_path):
            continue
        shown = f"\\{word}"
        message = f"in double quotes, YAML reads '\\{sign}' as {_ESCAPES[sign]}, so '{shown}' isn't shown"
        hint = _in_single_quotes(raw, word in _TEX and not in_path and not _FORMULA.search(raw))
        yield Misreading("escape", offset + escape.start(), len(shown), message, hint)
        return


def _in_single_quotes(raw: str, is_tex: bool) -> str:
    """How to write a text in double quotes with single ones; `is_tex` if it has TeX outside of mathematics."""
    text = re.sub(r"\\([\\\"])", r"\1", raw[1:-1]).replace("'", "''")
    hint = "write the text in single quotes"
    if is_tex:
        text = _DOLLARS.sub(r"\(\1\)", text) if "$" in text else _COMMAND.sub(r"\(\g<0>\)", text)
        hint += r", and mathematics between \( and \)"
    return hint if len(text) > LONGEST_QUOTE or "\n" in text else f"{hint}: '{text}'"


def _is_backslash(word: str, in_mathematics: bool, in_path: bool) -> bool:
    """Whether a backslash before a word was meant as one, and not as an escape."""
    if word[0] == "_":
        return True
    if word[0] not in "nrt":
        return len(word) > 1
    return word in _TEX or (word in _SHORT_TEX and in_mathematics) or in_path


def _joined(raw: str, offset: int, style: str, before: str) -> Iterator[Misreading]:
    """The first line of a list, table or code block whose lines YAML joins into one; `before` is its key or dash."""
    lines = [(line.start(), line[0].strip()) for line in _LINE.finditer(raw)]
    indents = [len(line[0]) - len(line[0].lstrip()) for line in _LINE.finditer(raw)]
    first, base = (1, indents[1]) if style == ">" else (0, 0)
    for what, mark in _MARKS.items():
        marked = [bool(mark.match(line.lstrip("\"'"))) for _, line in lines]
        folded = [
            index
            for index in range(first + 1, len(lines))
            if marked[index]
            and lines[index - 1][1]
            and not (style == ">" and max(indents[index - 1 : index + 1]) > base)
        ]
        lead_in = [
            index
            for index in folded
            if marked[index - 1] or lines[index - 1][1].endswith((":", "：")) or what == "code block"
        ]
        if lead_in or len(folded) > 1:
            start, line = lines[(lead_in or folded)[0]]
            column = raw[start:].index(line[0])
            instead = (
                "write '|' instead of '>'"
                if style == ">"
                else f"write '|' after the {before}, and the whole text below it"
            )
            rows = " as | a | b |, with |---|---| below the first" if "\t" in line else " indented alike"
            hint = f"{instead}, each line{rows}; or write the text as one sentence"
            message = f"YAML joins these lines into one, so the card doesn't show this as a {what}"
            yield Misreading("joined-lines", offset + start + column, len(line), message, hint)
            return


def whole_entry(text: str, start: int, end: int) -> str:
    """The entry of a list in brackets that YAML splits at a comma within quotation marks or parentheses.

    `start` and `end` are those of what YAML takes for the entry. Nothing if it's right.
    """
    before = text[start:end]
    for opening, closing in _PAIRS.items():
        ends = 0 if opening == closing else sum(map(before.count, closing))
        is_open = before.count(opening) % 2 if opening == closing else before.count(opening) > ends
        rest = re.compile(rf"[^{opening}\]\r\n]*?[{closing}](?!\w)[^,\]\r\n]*").match(text, end) if is_open else None
        if rest:
            return before + rest[0]
    return ""

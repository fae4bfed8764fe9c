"""Signs that other tools format, and what to write instead."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html.entities import html5
from itertools import islice

from hipdeck.rules.notations.notation import SHOW_IT, Notation, shown

_SUBSCRIPTS = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
_SUPERSCRIPTS = str.maketrans("0123456789+-=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾")

MOST_OF_A_KIND = 10
"""Notations of a kind that are named in a text."""


def find(text: str, masked: str) -> Iterator[Notation]:
    """The first notation of each kind, or each one if they're written differently instead.

    `masked` is the text without its code and mathematics.
    """
    for pattern, message, hint in _NOTATIONS:
        matches = {shown(text, match): match for match in islice(pattern.finditer(masked), MOST_OF_A_KIND)}
        for needle, match in matches.items() if callable(hint) else islice(matches.items(), 1):
            if advice := hint(match) if callable(hint) else hint:
                yield Notation(needle, message.format(needle), advice)


def _lowered(match: re.Match[str]) -> str:
    return _in_small(match[0], "~", _SUBSCRIPTS, r"or as chemistry: \(\ce{…}\)") if not match[0][0].isdigit() else ""


def _raised(match: re.Match[str]) -> str:
    return _in_small(match[0], "^", _SUPERSCRIPTS, "or as mathematics")


def _in_small(word: str, sign: str, digits: dict[int, int], otherwise: str) -> str:
    """How to write a word with small parts between signs: with Unicode's small digits, or as mathematics."""
    parts = word.split(sign)
    parts[1::2] = [part.translate(digits) for part in parts[1::2]]
    if not any(part.isascii() for part in parts[1::2]):
        return f"write {''.join(parts)}, {otherwise.replace('…', word.replace(sign, ''))}" + SHOW_IT
    braces = [f"{'_' if sign == '~' else '^'}{{{part}}}" if index % 2 else part for index, part in enumerate(parts)]
    return f"write \\({''.join(braces)}\\)" + SHOW_IT


def _address(match: re.Match[str]) -> str:
    if match["address"].startswith(("https://", "http://")):
        return f"write %20 for each space in the address: {match['address'].replace(' ', '%20')}" + SHOW_IT
    return "write [words](https://…), without spaces in the address, or put a space between ']' and '('" + SHOW_IT


def _entity(match: re.Match[str]) -> str:
    name = match["name"]
    sign = html5.get(f"{name};") if name[0] != "#" else chr(int(name[2:], 16) if name[1] in "xX" else int(name[1:]))
    if not sign:
        return ""
    return ("write a space" if sign.isspace() else f"write the character itself: {sign}") + SHOW_IT


# Written so that a text is read once: no stretch begins in the middle of another, and none can be shared out between
# two parts of a pattern.
_Hint = str | Callable[[re.Match[str]], str]
_NOTATIONS: tuple[tuple[re.Pattern[str], str, _Hint], ...] = (
    (
        re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL),
        "the comment '{}' shows on the card",
        "put it in a YAML comment above the note: # …",
    ),
    (
        re.compile(r"\[(?:sound|anki):[^\[\]\n]*\]"),
        "'{}' plays nothing; the card shows it",
        "write in words what it says; hipdeck has no sounds" + SHOW_IT,
    ),
    (re.compile(r"!\[\[[^\[\]\n]*\]\]"), "'{}' shows no picture", "write ![what it shows](media/bridge.svg)" + SHOW_IT),
    (
        re.compile(r"(?<!!)\[\[(?=[^\W\d_])[^\[\]\n]+\]\]"),
        "'{}' links to nothing; the brackets show",
        "write the words alone, or [words](https://…)" + SHOW_IT,
    ),
    (
        re.compile(r"(?:^|(?<=\s))!\[[^\[\]\n]+\](?:\[[^\]\n]*\]|(?![(\[:]))", re.MULTILINE),
        "'{}' shows no picture",
        "write the picture's path after its description: ![what it shows](media/bridge.svg)" + SHOW_IT,
    ),
    (
        re.compile(r"^ {0,3}\[[^\]\n]+\]:[ \t]*(?:<?https?://\S+|\S+\.(?:png|jpe?g|gif|svg|webp)\b)", re.MULTILINE),
        "'{}' shows on the card; hipdeck reads no addresses set apart from their links",
        "write the address right after the words: [words](https://…), ![what it shows](media/bridge.svg)" + SHOW_IT,
    ),
    (
        re.compile(r"^ {0,3}\[\^[^\]\n]+\]:[ \t].*", re.MULTILINE),
        "'{}' shows on the card; hipdeck reads no footnotes",
        "put it in 'why'" + SHOW_IT,
    ),
    (
        re.compile(r"(?<=\))\{[^{}\n=.#:]*[=.#:][^{}\n]*\}"),
        "'{}' sets nothing; the card shows it",
        "delete it; pictures fit the screen by themselves",
    ),
    (re.compile(r"(?<![^\W_])(?:[^\W_]+~[^~\s]{1,12}~)+(?!~)[^\W_]*"), "'{}' isn't lowered; the '~' show", _lowered),
    (
        re.compile(r"(?<![^\W_])(?<!\^)(?:[^\W_]+\^(?:[0-9]{1,4}|[0-9]*[+-][0-9]?|[A-Za-z]{1,6})\^)+(?![\w^{\\(])"),
        "'{}' isn't raised; the '^' show",
        _raised,
    ),
    (
        re.compile(r"~~(?=[^\s~])[^~\n]*[^\s~]~~"),
        "'{}' isn't struck out; the '~' show",
        "delete what doesn't hold, or say so in words" + SHOW_IT,
    ),
    (
        re.compile(r"(?<![\w=])==(?=[^\s=])[^=\n]*[^\s=]==(?![\w=])"),
        "'{}' isn't marked; the '=' show",
        "write **…** for strong text" + SHOW_IT,
    ),
    (
        re.compile(r"<(?:https?://|mailto:)[^<>\s]+>"),
        "'{}' isn't a link; the card shows it",
        "write [words](https://…), or the address without '<' and '>'" + SHOW_IT,
    ),
    (
        re.compile(r"(?<![\w\])!])\[[^\[\]\n]+\]\((?P<address><?[^()\[\]\s,\\]+(?: [^()\[\]\n\"',\\]+)+)\)"),
        "'{}' isn't a link; the card shows it",
        _address,
    ),
    (
        re.compile(r"&(?P<name>[A-Za-z][A-Za-z0-9]*|#[0-9]{1,6}|#[xX][0-9A-Fa-f]{1,5});"),
        "the card shows '{}' as it is",
        _entity,
    ),
    (
        re.compile(r"(?<=[a-z.,;:!?)])\\n(?=[A-Z0-9•-]|\s)"),
        "'{}' breaks no line; the card shows it",
        "write 'key: |', and each line on its own below it" + SHOW_IT,
    ),
    (
        re.compile(r"\S(?<!\x00)\t+(?!\x00)\S"),
        "a tab shows as one space",
        "write a table: | a | b |, with |---|---| below its first row" + SHOW_IT,
    ),
    (
        re.compile(r"\n# (?:(?:TODO|FIXME|XXX|NB)\b.*|[a-z].*|[^\n]*\Z)"),
        "'{}' is a heading on the card, not a comment",
        "put a comment above the text's key; for a heading, write ## …, and a text below it",
    ),
    (
        re.compile(r"(?:\A|\n)(?![ \t]*[-*+>|#])[^\S\n]*[^\s\x00][^\n\x00]*\n(?:-{2,}|={2,})[ \t]*(?=\n|\Z)"),
        "the line below '{}' makes a heading of it",
        "put an empty line between the two; for a heading, write ## …",
    ),
)

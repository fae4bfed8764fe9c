"""Markdown to safe HTML, by example."""

from __future__ import annotations

import re
from pathlib import Path
from unittest import mock
from urllib.parse import quote

import cmarkgfm
import pytest
from cmarkgfm.cmark import Options, markdown_to_html_with_extensions
from hypothesis import example, given
from hypothesis import strategies as st

from hipdeck.diagnostics import Problem
from hipdeck.render import markup
from hipdeck.render.losses import lost_words
from hipdeck.render.markup import (
    _SIGN,
    _run_markdown,
    _shield,
    _unshield,
    as_markdown,
    is_plain,
    prose,
    to_html,
)
from hipdeck.render.media import Picture
from hipdeck.source.characters import UNPRINTABLE
from tests import anki
from tests.conftest import ROOT

TEXT = (ROOT / "tests" / "fixtures" / "markup.md").read_text(encoding="utf-8")
TRIPLES = re.findall(r"^(\S[^\n]*)\n\.\n(.*?)\n\.\n(.*?)\n\.$", TEXT, flags=re.MULTILINE | re.DOTALL)


def bridge(source: str) -> Picture | Problem:
    if source == "media/bridge.svg":
        return Picture("bridge-0123456789ab.svg", Path(source), "")
    return Problem("media-missing", f"there is no picture '{source}'")


@pytest.mark.parametrize(("typed", "html"), [triple[1:] for triple in TRIPLES], ids=[triple[0] for triple in TRIPLES])
def test_a_text_becomes_this_html(typed: str, html: str) -> None:
    assert to_html(typed.strip(), bridge) == (html, [])


def test_a_link_that_is_refused_leads_nowhere() -> None:
    assert to_html("[a](javascript:x)", bridge)[0] == '<a href="">a</a>'


def test_a_picture_in_code_is_only_text() -> None:
    assert to_html("Write `![a b](c d)`", bridge) == ("Write <code>!&#91;a b](c d)</code>", [])


def test_every_example_of_the_file_is_read() -> None:
    assert len(TRIPLES) == TEXT.count("\n.\n") / 3 == 38


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("![a](media/other.svg)", "media-missing"),
        ("![](media/bridge.svg)", "no-alt"),
        ("![a](media/a b.svg)", "picture-path"),
        ("![a](<media/bridge.svg>)", "picture-path"),
        ("[a](javascript:alert(1))", "link-target"),
        ("[a](JaVaScRiPt:alert(1))", "link-target"),
        ("[a](data:text/html,x)", "link-target"),
        ("[a](media/bridge.svg)", "link-target"),
        ("[a](//example.org)", "link-target"),
        ("| a |\n| - |\n| b | c |", "lost-text"),
        ("| a |\n| - |\n| b | b |", "lost-text"),
        ("```a b\nc\n```", "lost-text"),
        ("1. one\n3. three", "lost-text"),
        ("![a [b](https://example.org)](media/bridge.svg)", "lost-text"),
    ],
)
def test_what_would_be_lost_or_is_not_safe_is_a_problem(typed: str, code: str) -> None:
    _, problems = to_html(typed, bridge)
    assert [problem.code for problem in problems] == [code]


def test_a_title_or_description_cannot_leave_its_attribute() -> None:
    html, _ = to_html('![" onerror="x" <b> [sound:x.mp3]](media/bridge.svg "\\" onload=\\"y")', bridge)
    assert re.fullmatch(r'<img src="bridge-0123456789ab.svg" alt="[^"<\[]*" title="[^"<\[]*">', html)


@pytest.mark.parametrize("cloze", [False, True])
@pytest.mark.parametrize(
    "piece",
    [
        "\\(x",
        "\\[",
        "\n",
        "[",
        "![",
        "![](",
        "](",
        "`{{ ",
        "{{c1::a}}",
        "{{c1::",
        "}}",
        "*a_",
        "1. ",
        "| a ",
        "<",
        "\\)](",
    ],
)
def test_a_text_of_one_repeated_piece_is_read_quickly(piece: str, cloze: bool) -> None:
    # Anything quadratic would take very long here.
    for end in ("", "\n\nend"):
        text = piece * (200_000 // len(piece)) + end
        html, _ = to_html(text, bridge, cloze)
        assert html.count("end") == (1 if end else 0)


def test_a_table_that_markdown_would_fill_up_is_refused() -> None:
    # Of these 1,000 characters, cmark makes 220,000, and keeps five megabytes in memory.
    row = "|a" * 199
    text = f"{row}\n{'|-' * 199}\n" + "a\n" * 97 + "a"
    html, (problem,) = to_html(text, bridge)
    assert html == text
    assert problem.code == "limit"
    assert problem.message == (
        "a table of 199 columns and 100 lines has too many cells; the limit for a text of this length is 993"
    )
    assert to_html("|a" * 20_001, bridge) == ("|a" * 20_001, [])


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("|a|b|c|\n|-|-|-|\n" + "|d|e|f|\n" * 50, 150),
        ("|a|b|\n|-|-|\n" + "c|d\n" * 500, 1000),
        ("|a|b|c|d|\n|-|-|-|-|\ne\nf\ng", 12),
        ("|a|b|c|d|e|f|\n|-|-|-|-|-|-|\n\n" + "a\n\n" * 200, 0),
        ("a\n||||||||||\nb", 0),
    ],
    ids=["full", "few-signs", "small", "next-to-text", "no-table"],
)
def test_an_ordinary_table_is_not_refused(text: str, cells: int) -> None:
    html, problems = to_html(text.strip(), bridge)
    assert (html.count("<td>"), problems) == (cells, [])


@given(st.lists(st.sampled_from(["|", "|-", "|a", "\\|", "a", "`", "\n", "\n\n", "\n> ", "\n- ", " "]), max_size=100))
def test_a_text_never_makes_more_cells_than_characters(pieces: list[str]) -> None:
    with mock.patch.object(markup, "MOST_CELLS", 0):
        text = "".join(["|a|a|a|\n|-|-|-|", *pieces])
        html, _ = to_html(text, bridge)
    assert html.count("<td>") + html.count("<th>") <= len(text)


def test_a_table_is_read_once_however_often_it_is_rendered(monkeypatch: pytest.MonkeyPatch) -> None:
    # `preview --watch` renders a deck at each save, and the library keeps the memory for each table that it reads.
    texts: list[str] = []

    def read(text: str, options: int, extensions: list[str]) -> str:
        texts.append(text)
        html: str = markdown_to_html_with_extensions(text, options, extensions)
        return html

    monkeypatch.setattr(markup, "markdown_to_html_with_extensions", read)
    _run_markdown.cache_clear()
    for number in (1, 2, 1, 2):
        to_html(f"|a|\n|-|\n|{number}|", bridge)
    to_html("- no\n- table", bridge)
    assert texts == ["|a|\n|-|\n|1|", "|a|\n|-|\n|2|"]


MARKS = ["- ", "1. ", "> ", "```", "    ", "# ", "---", "==", "a", " ", "\\", "*", "[a](b)", "\n"]


@given(st.lists(st.sampled_from(MARKS)))
def test_a_text_without_bars_reads_as_one_that_may_hold_tables(pieces: list[str]) -> None:
    text, options = "".join([*pieces, "\n", "a"]), Options.CMARK_OPT_UNSAFE | Options.CMARK_OPT_HARDBREAKS
    html = markdown_to_html_with_extensions(text, options, ["table"])
    assert _run_markdown(text) == re.sub(r'(?<=<code) class="[^"]*"', "", html).strip()


def test_what_stands_for_signs_in_addresses_is_worked_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    quoted: list[str] = []

    def count(text: str, **more: str) -> str:
        quoted.append(text)
        return quote(text, **more)

    monkeypatch.setattr(markup, "quote", count)
    markup._signs_in_addresses.cache_clear()
    html, _ = to_html("[a](https://b.c/?d&e<f\\\\g) " * 50, bridge)
    assert html.count('href="https://b.c/?d&amp;e%3Cf%5Cg"') == 50
    assert len(quoted) < 100


@pytest.mark.parametrize(
    ("fence", "end", "lost"),
    [
        ("```", "```", False),
        ("```", "", False),
        ("> ~~~~ c++", "> ~~~~", False),
        ("```\t py ", "````", False),
        ("```py", "", True),
        ("```py", "~~~", True),
        ("````py", "```", True),
        ("```[", "```", True),
        ("```a b", "```", True),
        (f"```{' ' * 9_000}a b", "```", True),
    ],
)
def test_only_the_language_of_a_closed_block_may_be_left_out(fence: str, end: str, lost: bool) -> None:
    # With two stretches of spaces that can take each other's place, the last one takes half a second.
    assert bool(lost_words(f"{fence}\nx\n{end}", "<code>x</code>")) == lost


@given(st.text(st.sampled_from('aB 0(-\\`*_[]<>&\n"ü\u00ad'), max_size=6))
def test_a_quick_look_finds_the_signs_that_the_pattern_finds(text: str) -> None:
    assert is_plain(text) == (not _SIGN.search(text))


TEXTS = st.text(st.one_of(st.sampled_from("ab1.-+#>|~:;!\"'(){}=/ "), st.characters(codec="utf-8"))).map(str.strip)


@given(TEXTS.filter(lambda text: text and not UNPRINTABLE.search(text) and is_plain(text)))
@example("1. first")
@example("# no heading")
@example("https://example.org and ~~this~~ | that")
def test_markdown_leaves_a_plain_text_as_it_is(text: str) -> None:
    assert _unshield(_run_markdown(_shield(text))) == text.replace('"', "&quot;")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("See ![a bridge](media/bridge.svg) here", "See  here"),
        ("See [the *guide*](https://a.example/b_c)!", "See [the *guide*]!"),
        ("![a](b) ![c](d)[e](f)", " [e]"),
        ("a](b c", "a](b c"),
        ("f(x)[1] (y)", "f(x)[1] (y)"),
    ],
)
def test_prose_leaves_out_pictures_and_addresses(text: str, expected: str) -> None:
    assert prose(text) == expected


@given(st.text(st.sampled_from("ab \\`*_[]<>~|#&;1.-"), max_size=12).map(str.strip))
@example("&amp; <b> ~~a~~")
def test_a_text_as_markdown_shows_as_it_is(text: str) -> None:
    html = cmarkgfm.github_flavored_markdown_to_html(f"x {as_markdown(text)}")
    assert anki.visible(html) == " ".join(f"x {text}".split())

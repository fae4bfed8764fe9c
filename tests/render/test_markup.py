"""Markdown to safe HTML, by example."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hipdeck.diagnostics import Problem
from hipdeck.render.markup import to_html
from hipdeck.render.media import Picture
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


def test_every_example_of_the_file_is_one() -> None:
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


def test_a_title_and_an_alternative_text_cannot_leave_their_attributes() -> None:
    html, _ = to_html('![" onerror="x" <b> [sound:x.mp3]](media/bridge.svg "\\" onload=\\"y")', bridge)
    assert re.fullmatch(r'<img src="bridge-0123456789ab.svg" alt="[^"<\[]*" title="[^"<\[]*">', html)


@pytest.mark.parametrize("cloze", [False, True])
@pytest.mark.parametrize(
    "piece",
    ["\\(x", "\\[", "\n", "[", "![", "![](", "](", "`{{ ", "{{c1::a}}", "{{c1::", "}}", "*a_", "1. ", "| a ", "<"],
)
def test_a_text_of_one_piece_without_end_is_read_all_the_same(piece: str, cloze: bool) -> None:
    # What takes the square of a text's length would take very long here.
    for end in ("", "\n\nend"):
        text = piece * (200_000 // len(piece)) + end
        html, _ = to_html(text, bridge, cloze)
        assert html.count("end") == (1 if end else 0)

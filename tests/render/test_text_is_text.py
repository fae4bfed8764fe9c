"""Promise 6, text is text: what an author types comes back from Anki as it was typed."""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from hipdeck.commands.build import build
from hipdeck.diagnostics import Problem
from hipdeck.render.markup import to_html
from hipdeck.source.characters import UNPRINTABLE
from tests import anki, cases
from tests.conftest import NOW

TYPED = [
    "no",
    "yes",
    "on",
    "null",
    "12:30",
    "1.10",
    "0o17",
    "0x1F",
    "1e3",
    "007",
    "~",
    "2026-01-02",
    ".5",
    "<hip>",
    "a & b",
    "&amp;",
    "&nbsp;x",
    "x < y > z",
    "a<b>c</b>",
    "1. first",
    "1) first",
    "# 1",
    "+ plus",
    "===",
    "> 90",
    "List<int>",
    "<!-- gone? -->",
    "<script>alert(1)</script>",
    "[sound:x.mp3]",
    "[anki:play:q:0]",
    "[latex]x[/latex]",
    "[$]x[/$]",
    "[[type:Question]]",
    "{{Question}}",
    "{{c1::not here}}",
    "[1]: see there",
    "[x]: y",
    "5 * 3 * 2",
    "snake_case_word",
    "C:\\hip",
    "a\\ b",
    "50 %",
    "100% @ 3x10",
    "| a | b |",
    "https://example.org/a_b_c?x=1&y=2",
    "~~not struck~~",
    "💪🏽 🦵 👩‍🏫",
    "עצם הירך",
    "عضلة الألوية الكبرى",
    "大臀筋",
    "naïve Café",
    "\"quoted\" and 'single'",
    "\\(a<b\\) and \\[ x^2\\]",
    "tab\tstop",
    "-",
    "---",
    "...",
    "?",
    ":",
]
# What Markdown reads and does not show: a backslash before punctuation. It is taken from the typed text.
ESCAPES = re.compile(r"\\([!-/:-@\[-`{-~])")


def no_pictures(source: str) -> Problem:
    return Problem("media-missing", source)


def note(number: int, text: str) -> str:
    """A note with a text as its question, answer and why, quoted as JSON, which is YAML too."""
    quoted = json.dumps(text, ensure_ascii=False)
    return f"  - id: n{number}\n    question: {quoted}\n    answer: {quoted}\n    why: {quoted}\n"


def through_anki(folder: Path, notes: list[str]) -> list[dict[str, str]]:
    """Build notes, import them into the real Anki, and return each one's fields."""
    cases.write({"deck.yaml": cases.DECK}, folder / "cards")
    section = "section: '<&>'\nsource: guide\nnotes:\n" + "".join(notes)
    (folder / "cards" / "section.yaml").write_text(section, encoding="utf-8")
    built = build(folder / "cards", folder / "output", NOW)
    assert built.written, built.checked.diagnostics
    with anki.collection(folder) as col:
        assert anki.imported(col, built.package)["new"] == len(notes)
        assert anki.checked(col) == ([], "")
        return [anki.fields(col, f"n{number}") for number in range(len(notes))]


def test_what_yaml_html_and_anki_would_change_comes_back_as_typed(tmp_path: Path) -> None:
    quoted = through_anki(tmp_path, [note(number, text) for number, text in enumerate(TYPED)])
    for text, values in zip(TYPED, quoted, strict=True):
        expected = re.sub(r"\s+", " ", text)
        for name in ("Question", "Answer", "Why"):
            assert anki.visible(values[name]) == expected
        assert anki.visible(values["Section"]) == "<&>"


PLAIN = [text for text in TYPED if re.fullmatch(r"[\w~.<][^#]*", text) and ": " not in text and "\t" not in text]


def test_a_text_without_quotes_comes_back_as_typed(tmp_path: Path) -> None:
    assert {"no", "12:30", "1.10", "0o17", "~", "2026-01-02", "<hip>", "a & b"} < set(PLAIN)
    written = [
        f"  - id: n{number}\n    question: Q {number}?\n    answer: {text}\n" for number, text in enumerate(PLAIN)
    ]
    values = through_anki(tmp_path, written)
    assert [anki.visible(fields["Answer"]) for fields in values] == PLAIN


def test_no_tag_in_a_field_is_one_that_the_author_typed() -> None:
    for text in TYPED:
        html, _ = to_html(text, no_pictures)
        assert not re.search(r"<(?!/?(em|strong|code|span|a)\b)", html), html
        assert "[sound" not in html
        assert "[anki" not in html


@pytest.mark.parametrize("cloze", [False, True])
@settings(max_examples=400)
@example("\\")
@example("`")
@example("<")
@example("![")
@given(text=st.text(st.characters(codec="utf-8", exclude_characters="*_`[]"), min_size=1, max_size=60))
def test_the_visible_text_of_any_text_is_the_typed_one(cloze: bool, text: str) -> None:
    text = unicodedata.normalize("NFC", UNPRINTABLE.sub("", text).replace("\n", " ").replace("\r", " ")).strip()
    html, problems = to_html(text, no_pictures, cloze and "\\" not in text)
    if re.search(r"\\[()]", text):  # an end of a formula without the other one is an error
        return
    assert problems == []
    assert anki.visible(html) == re.sub(r"\s+", " ", ESCAPES.sub(r"\1", text)).strip()


@settings(max_examples=400)
@given(text=st.text(st.sampled_from("ab *_`[]()!<>&;{}:c1|~#-+.\\\n\"'$^"), min_size=1, max_size=40))
def test_marks_of_any_kind_lose_no_word_and_make_no_tag(text: str) -> None:
    html, problems = to_html(text.strip(), no_pictures)
    tags = "p br em strong code pre a img ul ol li blockquote h1 h2 h3 h4 h5 h6 hr span table thead tbody tr th td"
    assert set(re.findall(r"</?([a-z0-9]+)", html)) <= set(tags.split())
    if not problems and "](" not in text and "```" not in text and "~~~" not in text:
        letters = re.sub(r"[^a-c]", "", text)
        assert re.sub(r"[^a-c]", "", anki.visible(html)) == letters


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="*_`[]\\"), min_size=1, max_size=40)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(TEXT, min_size=20, max_size=40))
def test_any_text_survives_yaml_the_package_and_anki(
    texts: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    texts = [unicodedata.normalize("NFC", UNPRINTABLE.sub("", text)) for text in texts]
    texts = [re.sub(r"\s+", " ", text).strip() or "-" for text in texts]
    values = through_anki(tmp_path_factory.mktemp("texts"), [note(number, text) for number, text in enumerate(texts)])
    assert [anki.visible(fields["Answer"]) for fields in values] == texts

"""Loud or right: a card shows what its author typed, less Markdown's own marks, or a diagnostic names the place."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from hipdeck.commands.shared.checking import check
from hipdeck.diagnostics import Diagnostic
from hipdeck.render.cards import render_card
from hipdeck.render.note_types import note_types
from hipdeck.rules.catalog import WAIVABLE
from tests import anki, cases
from tests.conftest import NOW

WORDS = ["hip", "2*3", "3*4", "The knee", "bends", "two", "3", "x", "it is", "Fersen", "腱", "über"]
MARKS = [
    *("*", "**", "_", "__", "`", "```", "~", "~~", "#", "# ", "- ", "1. ", "> ", "|", "[", "]", "](", ")", "![", "\\"),
    *("$", "$$", "\\(", "\\)", "\\[", "\\]", "\\frac{1}{2}", "\\alpha", "\\begin{align}", "^", "^2^", "~2~", "{", "}"),
    *("<b>", "</b>", "<br>", "<", ">", "&", "&amp;", "&nbsp;", "<!--", "-->", "<sub>2</sub>", "<img src=x>"),
    *("[sound:x.mp3]", "[latex]", "[[hip]]", "==", "{width=5%}", "[1]: https://example.org", "![[a.png]]"),
    *("{{c1::", "}}", "::", "{{c2::a::b}}", "{{c1::std::vector}}", "{{"),
    *(
        ": ",
        " #",
        "'",
        '"',
        "\t",
        "\\n",
        "\\t",
        "%",
        "!",
        "? ",
        ",",
        "@",
        "•",
        "...",
        "---",
        "“",
        "”",
        "\u200b",
        "\u00ad",
    ),
]
SPACES = ["", " ", "  "]
TEXTS = st.lists(
    st.tuples(st.sampled_from([*WORDS, *WORDS, *MARKS]), st.sampled_from(SPACES)), min_size=2, max_size=7
).map(lambda pieces: "".join(piece + space for piece, space in pieces).strip())
BLOCKS = st.lists(TEXTS.filter(bool), min_size=2, max_size=4)
LINES = st.one_of(TEXTS.filter(bool).map(lambda text: [text]), BLOCKS)

STYLES = ("plain", "single", "double", "literal", "folded", "wrapped")
# Markdown's own marks, which a card needn't show: those within a line, and those that begin one.
INLINE = re.compile(r"[\\*_`]|\s")
BLOCK = re.compile(r"[0-9]+[.)]|[-+|#>~=]")
CLOZE = re.compile(
    r"\{\{c[0-9]+::(?P<text>(?:(?!\{\{c|::).)*?)(?:(?P<colons>::)(?P<hint>(?:(?!\{\{c).)*?))?\}\}", re.DOTALL
)
HINTS = (r"\g<text>", r"\g<text>\g<colons>\g<hint>")
PRODUCT = re.compile(r"[0-9]\*[0-9]")
GENEROUS = {"notation", "emphasis", "odd-character", "cloze-hint", "misplaced-cloze"}


def as_yaml(text: str, style: str) -> str:
    """A text after `answer: `, as an author writes it; if that can't hold the text, YAML or hipdeck has to say so."""
    lines = text.split("\n")
    if style == "single":
        return "'" + text.replace("'", "''").replace("\n", "\n\n      ") + "'"
    if style == "double":
        return '"' + text.replace('"', '\\"').replace("\n", "\n\n      ") + '"'
    if style == "literal":
        return "|\n" + "\n".join(f"      {line}" for line in lines)
    if style == "folded":
        return ">\n" + "\n".join(f"      {line}" for line in lines)
    return "\n      ".join(lines)


def said_and_shown(folder: Path, text: str, style: str, key: str) -> tuple[list[Diagnostic], str]:
    """What hipdeck says about a note with a text, and what the back of its card shows of it."""
    other = "" if key == "cloze" else "    question: What is asked here?\n"
    section = f"section: S\nsource: guide\nnotes:\n  - id: n\n{other}    {key}: {as_yaml(text, style)}\n"
    folder.mkdir(exist_ok=True)
    cases.write({"deck.yaml": cases.DECK, "section.yaml": section}, folder)
    checked = check(folder, NOW)
    if not checked.fields:
        return list(checked.diagnostics), ""
    fields = checked.fields[0]
    role = note_types(checked.deck.id, checked.deck.name)[fields.role]
    name = "Answer" if key == "answer" else "Text"
    value = fields.values[[field.name for field in role.fields].index(name)]
    if key == "cloze" and fields.ordinals:
        bare = role.templates[0]._replace(front="{{cloze:Text}}", back="{{cloze:Text}}")
        value = render_card(role._replace(templates=(bare,)), fields.values, fields.ordinals[0]).back
    return list(checked.diagnostics), anki.visible(value)


def letters(text: str, is_block: bool) -> str:
    """A text without Markdown's own marks, and without spaces."""
    return INLINE.sub("", BLOCK.sub("", text) if is_block else text)


def unmarked(text: str, kept: str) -> str:
    """A text without the marks of its clozes; `kept` is what stays of each."""
    inner, count = text, 1
    while count:
        inner, count = CLOZE.subn(kept, inner)
    return inner


def is_loud(diagnostics: list[Diagnostic]) -> bool:
    """Whether something was said that isn't about style alone."""
    return any(diagnostic.severity == "error" or diagnostic.code in GENEROUS for diagnostic in diagnostics)


def is_placed(diagnostics: list[Diagnostic]) -> bool:
    return all(diagnostic.place.line >= 1 and diagnostic.place.column >= 1 for diagnostic in diagnostics)


def keeps_products(text: str, shown: str) -> bool:
    """Whether the stars of `2*3` are still there; those of emphasis needn't be."""
    return "`" in text or "\\" in text or all(product in shown for product in PRODUCT.findall(text))


def as_typed(text: str, style: str) -> str:
    """A text without what the style's own marks would make of it."""
    if style in ("plain", "wrapped"):
        text = text.lstrip("'\"# ")  # which would be YAML's own quotation marks, or a comment after the key
    if style == "double":
        text = re.sub(r"\\+[nt]", "", text)  # escapes that an author means
    return text


@pytest.mark.parametrize("style", STYLES)
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(lines=["2*3*4"])
@example(lines=["x \\neq y"])
@example(lines=["a \\(x^2 b"])
@example(lines=["x < 2*3", "2*3 < x"])
@given(lines=LINES)
def test_an_answer_shows_what_was_typed_or_something_is_said(
    style: str, lines: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    text = as_typed("\n".join(lines), style)
    assume(text.strip())
    diagnostics, shown = said_and_shown(tmp_path_factory.getbasetemp() / "loud-or-right", text, style, "answer")
    assert is_placed(diagnostics)
    if not is_loud(diagnostics):
        is_block = len(lines) > 1
        assert letters(shown, is_block) == letters(text, is_block)
        assert keeps_products(text, shown)


@pytest.mark.parametrize("style", STYLES)
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(before=["The class"], hidden="std::vector", after="holds the bones")
@example(before=["The product is"], hidden="2*3*4", after="")
@example(before=["In 2*3"], hidden="hip", after="*4")
@example(before=["It has *the"], hidden="hip", after="joint*")
@given(before=LINES, hidden=TEXTS.filter(bool), after=TEXTS)
def test_a_cloze_shows_what_was_typed_or_something_is_said(
    style: str, before: list[str], hidden: str, after: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    text = as_typed("\n".join(before) + f" {{{{c1::{hidden}}}}} {after}".rstrip(), style)
    diagnostics, shown = said_and_shown(tmp_path_factory.getbasetemp() / "loud-or-right", text, style, "cloze")
    assert is_placed(diagnostics)
    if not is_loud(diagnostics):
        is_block = len(before) > 1
        # With the hint of each cloze, or without: whether a `::` begins one is for other tests.
        assert letters(shown, is_block) in (letters(unmarked(text, kept), is_block) for kept in HINTS)
        assert keeps_products(text, shown)
        assert "std::vector" not in text or "std::vector" in shown


@pytest.mark.parametrize("key", ["answer", "cloze"])
def test_stars_that_vanish_are_noticed(key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "The product is {{c1::2*3*4}}." if key == "cloze" else "2*3*4"
    diagnostics, shown = said_and_shown(tmp_path / "cards", text, "plain", key)
    assert is_loud(diagnostics)
    assert not keeps_products(text, shown)
    monkeypatch.setitem(WAIVABLE, "emphasis", lambda _: ())
    diagnostics, shown = said_and_shown(tmp_path / "cards", text, "plain", key)
    assert not is_loud(diagnostics), "only the rule is between these stars and a student"
    assert not keeps_products(text, shown)

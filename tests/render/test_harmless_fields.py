"""Promise 8, does no harm: a field's HTML has only known tags and attributes, and is silent."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from anki.collection import Collection
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from hipdeck.commands.build import build
from hipdeck.commands.shared.checking import check
from hipdeck.diagnostics import errors
from hipdeck.render.fields import Fields
from tests import anki, cases, decks, hostile
from tests.conftest import NOW

KNOWN: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("p", "em", "strong", "code", "pre", "blockquote", "cite", "br", "hr"), ()),
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr"), ()),
    "a": ("href", "title"),
    "img": ("src", "alt", "title"),
    "ol": ("start",),
    "ul": ("class",),
    "li": ("class",),
    "th": ("align",),
    "td": ("align",),
    "span": ("class", "data-cloze", "data-ordinal"),
}
"""Every tag that Markdown, hipdeck or Anki's clozes make, with its attributes."""
VOID = ("br", "hr", "img")


class Reader(HTMLParser):
    """Reads HTML as a browser would, and fails at anything but known tags, each closed where it must be."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert {name for name, _ in attrs} <= {*KNOWN.get(tag, ("unknown",))}, (tag, attrs)
        address = dict(attrs).get("href") or ""
        assert not address or address.lower().startswith(("https://", "http://")), address
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        assert tag in VOID

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(decl)

    def handle_pi(self, data: str) -> None:
        raise AssertionError(data)


def read(html: str) -> None:
    """Fail if some HTML isn't what a field may be."""
    assert html.count("<") == html.count(">")
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == []


def every_field(folder: Path, texts: list[str]) -> list[Fields]:
    """The fields of notes with texts in every place; notes with errors are left out."""
    notes: list[decks.Note] = []
    for number, text in enumerate(texts):
        notes += [
            {"id": f"q{number}", "question": text, "answer": text, "why": text, "source": f"guide {text}"},
            {"id": f"m{number}", "question": text, "choices": [text, "other"], "answer": text},
            {"id": f"c{number}", "cloze": f"{{{{c1::x}}}} {text}"},
            {"id": f"d{number}", "cloze": f"{{{{c1::{text}}}}} {text} {{{{c2::y::{text}}}}}"},
        ]
    decks.write(folder / "cards", {"section": notes})
    (folder / "cards" / "media").mkdir(exist_ok=True)
    (folder / "cards" / "media" / "a.svg").write_text(decks.svg("a"))
    checked = check(folder / "cards", NOW)
    section = folder / "cards" / "section.yaml"
    lines = section.read_text(encoding="utf-8").split("\n")
    wrong = {error.place.line for error in errors(checked.diagnostics)}
    first = next(number for number, line in enumerate(lines, 1) if line.startswith("  - "))
    return [fields for fields in checked.fields if fields.note.index + first not in wrong]


@pytest.fixture(scope="module")
def col(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collection]:
    with anki.collection(tmp_path_factory.mktemp("harmless")) as opened:
        yield opened


def look_at_cards(col: Collection, fields: Fields) -> None:
    """Let Anki make the cards of a note's fields, and fail if one of them speaks, plays, runs LaTeX or is broken."""
    cloze = fields.role == "cloze"
    kind = col.models.by_name("Cloze" if cloze else "Basic")
    assert kind is not None
    note = col.new_note(kind)
    # Text, Why and Source, Section; or Id, Question, Answer, Choices, and the rest.
    note.fields[0] = fields.values[1]
    note.fields[1] = "".join(fields.values[2:])
    col.add_note(note, col.decks.id("Default") or 1)  # type: ignore[arg-type]
    for card in note.cards():
        output = card.render_output()
        assert (card.question_av_tags(), card.answer_av_tags()) == ([], []), fields.values
        assert "class=latex" not in card.question() + card.answer(), fields.values
        read(output.question_text)
        read(output.answer_text.replace("<hr id=answer>", ""))


MATHEMATICS = [r"\(", r"\)", r"\[", r"\]", "\\"]
PIECES = [
    *MATHEMATICS,
    *("sound:x.mp3]", "latex]", "/latex]", "anki:tts lang=en_US]", "/anki:tts]", "$]", "/$]", "[sound:x.mp3]", "[$]"),
    *('"', "'", "<", ">", "&", "&quot;", "<b>", "</div>", "<!--", ' onload="x"', "&#91;", "%EF%B7%90", "\u2003"),
    *("*", "**", "_", "`", "```", "~~~", "[", "]", "![", "](media/a.svg)", '](media/a.svg "', '")', "]: z", "x](y)"),
    *(")", "](https://a.example", "](javascript:x)", "](data:text/html,x)"),
    *("\n", "\n\n", "\n- ", "\n1. ", "\n| a | b |\n| - | - |\n| ", " | ", "\n> ", "\n# ", "\n---\n"),
    *("{{c1::", "{{c2::", "{{c3,1::", "}}", "::", "{{", "a", "b ", " ", "1"),
]


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(texts=hostile.TEXTS)
@example(texts=['![\\(" onload="alert(1)\\)](media/a.svg)', '[x](https://a.example "\\(" onmouseover="alert(1)\\)")'])
@example(texts=['```\\(" onmouseover="alert(1)"x="\\)\nx\n```\ny'])
@example(texts=[r"\[sound:http://evil.example/x.mp3]\]", r"\[anki:tts lang=en_US]hello \] \[/anki:tts]\]"])
@example(texts=[r"\[latex]foo \] bar \[/latex]\]", r"\[$]foo \] bar \[/$]\]"])
@example(texts=["sound:x.mp3", "/latex", "latex", "anki:tts lang=en_US", "$", "*a::b*", "![a::b}}](media/a.svg)"])
@example(texts=["{{c1::x::sound:x.mp3}}", "{{c1::x::latex}} foo {{c3::y::/latex}}", r"\({{c3::x::SOUND:x.mp3}}\)"])
@given(texts=st.lists(st.lists(st.sampled_from(PIECES), min_size=1, max_size=12).map("".join), min_size=4, max_size=12))
def test_no_text_makes_a_tag_or_a_sound_of_its_own(
    texts: list[str], col: Collection, tmp_path_factory: pytest.TempPathFactory
) -> None:
    for fields in every_field(tmp_path_factory.mktemp("deck"), [text.strip() or "-" for text in texts]):
        for value in fields.values:
            read(value)
        look_at_cards(col, fields)


def test_titles_and_places_hold_no_mathematics_and_no_sounds(tmp_path: Path) -> None:
    odd = r"\(x\) \[y\] [sound:x.mp3] \[sound:x\] <b> & *c*"
    shown = r"\<span></span>(x\<span></span>) \<span></span>&#91;y\<span></span>] &#91;sound:x.mp3] "
    shown += r"\<span></span>&#91;sound:x\<span></span>] &lt;b&gt; &amp; *c*"
    section = f"section: '{odd}'\nsource: 'guide {odd}'\nnotes:\n  - {{id: one, question: How?, answer: So.}}\n"
    deck = f"deck: Bridges\nid: bridges\nsources: {{guide: {{title: '{odd}', author: '{odd}'}}}}\nsections: [section]\n"
    cases.write({"deck.yaml": deck, "section.yaml": section}, tmp_path / "cards")
    built = build(tmp_path / "cards", tmp_path / "output", NOW)
    assert built.written, built.checked.diagnostics
    with anki.collection(tmp_path) as opened:
        anki.imported(opened, built.package)
        values = anki.fields(opened, "one")
    assert values["Section"] == shown
    assert values["Source"] == f"{shown}, <cite>{shown}</cite>, {shown}"

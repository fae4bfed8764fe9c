"""SVG files: pictures are taken, and what could run, fetch or exhaust is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hipdeck.render import svg
from tests import svg_files
from tests.conftest import ROOT
from tests.svg_files import BY_EDITORS, HARMFUL, HARMLESS, STRANGER, rect, style


def refusal(file: str) -> tuple[str, str]:
    """The code and message for a file."""
    problem = svg.check(file.encode())
    return (problem.code, problem.message) if problem else ("", "")


@pytest.mark.parametrize("name", [*BY_EDITORS, *HARMLESS])
def test_a_picture_is_taken(name: str) -> None:
    assert svg.check({**BY_EDITORS, **HARMLESS}[name].encode()) is None


def test_the_pictures_of_the_shipped_and_the_new_deck_are_taken() -> None:
    files = [*(ROOT / "cards").rglob("*.svg"), *(ROOT / "hipdeck" / "starter").rglob("*.svg")]
    assert len(files) > 6
    assert [svg.check(file.read_bytes()) for file in files] == [None] * len(files)


@pytest.mark.parametrize("name", HARMFUL)
def test_a_file_that_is_more_than_a_picture_is_refused(name: str) -> None:
    code, message = refusal(HARMFUL[name])
    assert code == "unsafe-svg"
    assert message.startswith("this SVG isn't safe: it")


@pytest.mark.parametrize(
    ("file", "message"),
    [
        (
            "<svg xmlns='http://www.w3.org/2000/svg'>\n<g>\n\n<script/></g></svg>",
            "it has a <script> element, which could run code (line 4)",
        ),
        (f"\n\n{HARMFUL['entities']}", "it has a DOCTYPE that declares entities or names another file (line 3)"),
        (rect("\nfill='url(x.svg#a)'"), "its 'fill' refers to 'x.svg#a' (line 1)"),
        (style("\n\nrect { y: url(#a) }\nrect { fill: url(x) }\n\n"), "its style sheet refers to 'x' (line 4)"),
        (
            style("a { }\r\nb { }\r\n@import 'x';"),
            "its style sheet has an '@import' rule, which could fetch something (line 3)",
        ),
        (rect(f"fill='url({'x' * 99})'"), f"its 'fill' refers to '{'x' * 59}…' (line 1)"),
        (HARMFUL["repeats itself"], "it has a <use> that repeats itself"),
        (HARMFUL["deep by uses"], "its elements are nested more than 256 deep, counting what <use> repeats"),
        (HARMFUL["many elements"], "it has more than 50,000 elements, counting what <use> repeats (line 1)"),
        (HARMFUL["many signs"], "its style sheet has more than 100,000 signs and addresses (line 1)"),
        (HARMFUL["many backslashes"], "its style sheet has more than 100,000 signs and addresses (line 1)"),
        (HARMFUL["link"], f"it links to '{STRANGER}' (line 1)"),
    ],
)
def test_a_refusal_says_what_is_wrong_and_in_which_line(file: str, message: str) -> None:
    assert refusal(file) == ("unsafe-svg", f"this SVG isn't safe: {message}")


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("foreignObject", "turn its text into SVG text (in draw.io, turn off Word Wrap and Formatted Text)"),
        ("HTML table", "turn its text into SVG text (in draw.io, turn off Word Wrap and Formatted Text)"),
        ("link", "remove the link"),
        ("entities", "remove it, or export it as plain SVG (in Illustrator, without Preserve Illustrator Editing"),
        ("use", "embed what it refers to, or export the picture as PNG"),
        ("another root", "export the picture again"),
        ("exhausting uses", "make it simpler"),
    ],
)
def test_the_hint_says_how_to_get_a_harmless_picture(name: str, hint: str) -> None:
    problem = svg.check(HARMFUL[name].encode())
    assert problem
    assert problem.hint.startswith(hint)


PICTURE = svg_files.svg("<text>Hüfte</text>")


@pytest.mark.parametrize(
    ("file", "message"),
    [
        (b"\x1f\x8b\x08\x00", "this is a compressed SVG file (SVGZ)"),
        (PICTURE.encode("latin-1"), "this SVG file isn't in UTF-8"),
        (PICTURE.encode("utf-16"), "this SVG file isn't in UTF-8"),
        (PICTURE.encode("utf-32"), "this SVG file isn't in UTF-8"),
        (svg_files.svg("<text>x</text>").encode("utf-16-le"), "this SVG file isn't in UTF-8"),
        (f"<?xml version='1.0' encoding='latin1'?>{PICTURE}".encode(), "this SVG file says it's in latin1"),
        (b"<?xml version='1.0' encoding='utf-7'?><svg/>", "this SVG file says it's in utf-7"),
        (b"<?xml version='1.0' encoding='shift_jis'?><svg/>", "this SVG file says it's in shift_jis"),
        (b"<?xml version='1.0' encoding='foo'?><svg/>", "this SVG file says it's in foo"),
        (b"<?xml version='1.1'?><svg/>", "this SVG file says it's XML 1.1, which browsers read differently"),
        (b"<svg width='1'>\n<g/></svg>", "browsers don't show this SVG: its <svg> has no xmlns"),
        (b"", "this SVG file is broken: it ends too early (line 1)"),
        (b"<svg", "this SVG file is broken: it ends too early (line 1)"),
        (
            b"\n<svg xmlns='http://www.w3.org/2000/svg'><g></svg>",
            "this SVG file is broken: an element isn't closed (line 2)",
        ),
        (
            b"<svg xlink:href='#a'/>",
            "this SVG file is broken: it uses a prefix that it doesn't declare, such as 'xlink:' (line 1)",
        ),
        (
            b"<!DOCTYPE svg><svg xmlns='http://www.w3.org/2000/svg' id='&foo;'/>",
            "this SVG file is broken: it uses an entity that SVG doesn't have, such as '&nbsp;' (line 1)",
        ),
        (f"{PICTURE}\0".encode(), "this SVG file isn't in UTF-8"),
        (f"{PICTURE}\x01".encode(), "this SVG file is broken: it isn't well-formed XML (line 1)"),
        (f"{PICTURE}<svg/>".encode(), "this SVG file is broken: there is something after its end (line 1)"),
    ],
)
def test_a_file_that_parsers_could_read_differently_is_refused(file: bytes, message: str) -> None:
    problem = svg.check(file)
    assert problem
    assert (problem.code, problem.message) == ("picture-content", message)


@pytest.mark.parametrize("encoding", ["UTF-8", "us-ascii", "ISO-8859-1", "windows-1252"])
def test_an_ascii_file_may_say_that_it_is_in_an_encoding_like_ascii(encoding: str) -> None:
    assert svg.check(f"<?xml version='1.0' encoding='{encoding}'?>{svg_files.svg('')}".encode()) is None


PICTURE_START = svg_files.svg("")[: -len("</svg>")]


@pytest.mark.parametrize(
    "unit", ["a", "é ", "\\a", "\\aaaaaaa", "''", "'\\", "/* ", "url( ", "url(#a)", "#a(", ":", "\\'\n"]
)
@pytest.mark.parametrize("times", [90_000, 1_000_000])
def test_a_long_style_sheet_is_looked_through_to_its_end(unit: str, times: int) -> None:
    problem = svg.check(f"{PICTURE_START}<style>@media{{{unit * times}</style></svg>".encode())
    assert problem is None or problem.code == "unsafe-svg"


@pytest.mark.parametrize(
    ("before", "unit", "times", "after"),
    [
        (PICTURE_START, "<g></g>", 750_000, "</svg>"),
        (PICTURE_START, "<!---->", 750_000, "</svg>"),
        ("", "<!---->", 750_000, f"<!DOCTYPE svg>{PICTURE}"),
        ("<!DOCTYPE svg PUBLIC", " ", 5_000_000, PICTURE),
        (PICTURE_START, "<g style='fill: url(#a); mask: url(#a)'/>", 20_000, "</svg>"),
        (PICTURE_START, "<use id='b' href='#b'/>", 20_000, "</svg>"),
        (f"{PICTURE_START}<set attributeName='fill' values='", ";", 500_000, "'/></svg>"),
    ],
)
def test_a_large_file_is_looked_through_to_its_end(before: str, unit: str, times: int, after: str) -> None:
    # A square of its length would take hours.
    problem = svg.check((before + unit * times + after).encode())
    assert problem is None or problem.code == "unsafe-svg"


def test_many_attributes_and_a_chain_of_uses_are_looked_through() -> None:
    attributes = " ".join(f"a{number}='rgb()'" for number in range(50_000))
    uses = [f"<use id='u{number}' href='#u{number - 1}'/>" for number in range(20_000)]
    assert svg.check(svg_files.svg(f"<g {attributes}/>").encode()) is None
    assert refusal(svg_files.svg("".join(uses)))[0] == "unsafe-svg"
    assert refusal(svg_files.svg("".join(reversed(uses))))[0] == "unsafe-svg"


def spelled(text: str, draw: st.DrawFn) -> str:
    """A text of CSS with some of its characters as escapes."""
    spellings = [
        lambda c: c,
        lambda c: c.upper() if c in "url" else c,
        lambda c: f"\\{ord(c):x} ",
        lambda c: f"\\{ord(c):06X}",
        lambda c: c if c in "abcdef" or c.isdigit() else f"\\{c}",
    ]
    return "".join(draw(st.sampled_from(spellings))(c) for c in text)


@st.composite
def addresses(draw: st.DrawFn, address: str) -> str:
    """A `url()` of CSS, in one of the many ways to write it."""
    space = st.sampled_from(["", " ", "\n\t"])
    quote = draw(st.sampled_from("'\""))
    name = (
        draw(st.sampled_from(["url", "u\\72\r\nl", "\\75\n\\52\tL"])) if draw(st.booleans()) else spelled("url", draw)
    )
    return f"{name}({draw(space)}{quote}{spelled(address, draw)}{quote}{draw(space)})"


@st.composite
def pictures(draw: st.DrawFn, address: str) -> str:
    """A picture with an address in a style or an attribute, and harmless things before and after it."""
    before = draw(st.sampled_from(["", "/* ' */", "red", "'\\'/*'", "#a,", "1.", "calc(1px),", "url(#b) ", "var(--x,"]))
    after = draw(st.sampled_from(["", '/* " */', " red", ",'/*'", ")", ";fill:red", "!important"]))
    css = before + draw(addresses(address)) + after
    name = draw(st.sampled_from(["fill", "mask", "cursor", "filter", "marker-end", "background", "--x", "unknown"]))
    if draw(st.booleans()):
        css = f"{name}:{css}"
        head, end = draw(
            st.sampled_from([("<rect style=", "/>"), ("<style>rect{", "}</style>"), ("<style>@media all{a{", "}}")])
        )
    else:
        head, end = draw(
            st.sampled_from([("<rect fill=", "/>"), ("<g mask=", "/>"), ("<set attributeName='fill' to=", "/>")])
        )
    spellings = [lambda c: c, lambda c: f"&#{ord(c)};", lambda c: f"&#x{ord(c):x};"]
    escapes = {"&": "&amp;", "<": "&lt;", '"': "&quot;", "'": "&apos;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}
    text = "".join(escapes.get(c) or draw(st.sampled_from(spellings))(c) for c in css)
    if head.endswith("="):
        return svg_files.svg(f'{head}"{text}"{end}')
    return svg_files.svg(f"{head}{text}{end}" + ("" if end.endswith("</style>") else "</style>"))


@given(pictures("//stranger.test/x.svg#a"))
def test_an_address_elsewhere_is_refused_in_every_notation(file: str) -> None:
    assert refusal(file)[0] == "unsafe-svg"


@given(pictures("#a"))
def test_an_address_within_is_taken_in_every_notation(file: str) -> None:
    assert refusal(file) == ("", "")

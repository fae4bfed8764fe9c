"""SVG files in Chromium: what is taken asks for nothing, opened as a page or shown as a picture."""

from __future__ import annotations

import base64
import re
from collections import defaultdict
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from hipdeck.render import svg
from tests import svg_files
from tests.svg_files import ACTIVE, BY_EDITORS, HARMFUL, HARMLESS, STRANGER, rect, style

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Dialog, Route

HOST = "http://svg.test/"
EXHAUSTING = {"deep", "deep by uses", *(name for name in HARMFUL if name.startswith(("exhausting", "many")))}
"""Files that no browser needs to show here."""


def requests(browser: Browser, files: dict[str, str]) -> dict[str, list[str]]:
    """What Chromium asks for when each file is opened as a page and shown as a picture: name to addresses.

    Requests that a file makes for itself don't count. A dialog counts for the name "".
    """
    asked: dict[str, list[str]] = defaultdict(list)
    names = dict(enumerate(files))
    frames = "".join(f"<iframe src='{number}/x.svg'></iframe><img src='{number}/x.svg'>" for number in names)

    def serve(route: Route) -> None:
        url = route.request.url.partition("#")[0]
        match = re.match(r"https?://(?:svg|stranger)\.test/(\d+)/", url)
        if url == HOST:
            route.fulfill(body=f"<!doctype html>{frames}", content_type="text/html")
        elif match and url == f"{match[0]}x.svg":
            name = names[int(match[1])]
            # Each file gets addresses of its own, so that requests can be told apart.
            body = files[name].replace("stranger.test/", f"stranger.test/{match[1]}/")
            route.fulfill(body=body.encode(), content_type="image/svg+xml")
            if not url.startswith(HOST):
                asked[name].append(url)
        else:
            asked[names[int(match[1])] if match else ""].append(url)
            route.fulfill(status=204)

    def dismiss(dialog: Dialog) -> None:
        asked[""].append(dialog.message)
        dialog.dismiss()

    context = browser.new_context()
    page = context.new_page()
    context.route("**/*", serve)
    page.on("dialog", dismiss)
    page.goto(HOST, timeout=120_000)
    page.wait_for_timeout(300)
    context.close()
    return asked


@pytest.fixture(scope="module")
def opened(browser: Browser) -> dict[str, list[str]]:
    """What the harmless and the harmful files ask for."""
    files = {**BY_EDITORS, **HARMLESS, **HARMFUL}
    return requests(browser, {name: file for name, file in files.items() if name not in EXHAUSTING})


def test_pictures_that_are_taken_ask_for_nothing_in_chromium(opened: dict[str, list[str]]) -> None:
    assert {name: opened[name] for name in ["", *BY_EDITORS, *HARMLESS] if opened[name]} == {}


def test_files_that_act_in_chromium_are_seen_to_act(opened: dict[str, list[str]]) -> None:
    """Otherwise the test above would see nothing."""
    assert [name for name in ACTIVE if not opened[name]] == []


def test_pictures_that_editors_write_are_shown_in_chromium(browser: Browser) -> None:
    page = browser.new_page()
    for file in BY_EDITORS.values():
        page.set_content("<!doctype html><img>")
        source = "data:image/svg+xml;base64," + base64.b64encode(file.encode()).decode()
        shown = (
            "source => { const image = document.images[0]; image.src = source; return image.decode().then(() => true) }"
        )
        assert page.evaluate(shown, source)
    page.close()


PIECES = r"""
url( URL( u\72l( u\72_l( \75rl( u\72\r\nl( u/**/rl( url/**/( src( image-set( -webkit-image-set( image( cross-fade(
0url( 1e3url( -url( --url( #url( @url( éurl( ×url( U+0url( u+?url( 5%url( 1.url( .5url( ' " ' " \ \\n \n \r _ ; } {
: /* */ / ( ) [ ] <!-- --> , ! # @ #a x é A \) \' @import @\69mport @namespace @media @supports(
@font-face{font-family:F;src: fill: mask: filter: background: cursor: --x: var(--x) *{ rect{ svg{ format(
data:image/png;base64, data:image/svg+xml, url(#a) url('#a') x.png NOWHERE NOWHERE 'NOWHERE' "NOWHERE" url(NOWHERE)
url('NOWHERE') //stranger.test/x
"""
ELEMENT_NAMES = "image use rect a set animate style script img link video foreignObject feImage filter g metadata x"
ATTRIBUTE_NAMES = "href src srcset style fill mask filter cursor onload to values from data background attributeName x"


def pieces() -> st.SearchStrategy[str]:
    """CSS put together at random; much of it is still read by a browser."""
    marks = {"_": " ", r"\n": "\n", r"\r": "\r", "NOWHERE": f"{STRANGER}x.svg#a"}
    words = PIECES.split()
    for mark, text in marks.items():
        words = [word.replace(mark, text) for word in words]
    starts = st.sampled_from(["", "fill:", "}*{mask:", "svg{background:", "cursor:", "@media all{"])
    loose = st.lists(st.sampled_from(words), min_size=1, max_size=8)
    address = st.sampled_from(["mask:", "url(", f"{STRANGER}x.svg#a", ")", ";", "url(#/*)", "'*/", "'", "}", "*{"])
    dense = st.lists(address | st.sampled_from(words), min_size=4, max_size=12)
    return st.builds(lambda start, rest: start + "".join(rest), starts, loose | dense)


@st.composite
def documents(draw: st.DrawFn) -> str:
    """An SVG file put together at random from names, elements, attributes and notations of addresses."""
    escapes = {"&": "&amp;", "<": "&lt;", '"': "&quot;", "\n": "&#10;", "\r": "&#13;"}
    css = "".join(escapes.get(c, c) for c in draw(pieces()))
    kind = draw(st.sampled_from(["style", "rule", "attribute", "element"]))
    if kind == "style":
        return style(css)
    if kind == "rule":
        return style(f"* {{ {css}")
    if kind == "attribute":
        name = draw(st.sampled_from(["style", "mask", "filter", "cursor", "marker-start", "clip-path"]))
        return rect(f'{name}="{css}"')
    prefix, element = draw(st.sampled_from(["", "h:", "x:"])), draw(st.sampled_from(ELEMENT_NAMES.split()))
    values = st.sampled_from([f"{STRANGER}x.png", "#a", "x.png", "//stranger.test/", "fill", "href", css])
    attributes = draw(st.dictionaries(st.sampled_from(ATTRIBUTE_NAMES.split()), values, max_size=4))
    text = " ".join(
        f'{draw(st.sampled_from(["", "xlink:", "x:"]))}{name}="{value}"' for name, value in attributes.items()
    )
    return svg_files.svg(
        f"<g xmlns:x='urn:x'><{prefix}{element} {text} width='9' height='9'>{css}</{prefix}{element}></g>"
    )


@pytest.mark.slow
@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(files=st.lists(documents(), min_size=60, max_size=60))
def test_whatever_is_taken_asks_for_nothing_in_chromium(browser: Browser, files: list[str]) -> None:
    taken = {f"{number}: {file}": file for number, file in enumerate(files) if svg.check(file.encode()) is None}
    event(f"{len(taken) // 10}0 or more of 60 are taken")
    assert {name: urls for name, urls in requests(browser, taken).items() if urls} == {}

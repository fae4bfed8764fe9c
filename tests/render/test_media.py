"""Pictures: found by their path, named by their content."""

from __future__ import annotations

from pathlib import Path

import pytest

from hipdeck.diagnostics import Problem
from hipdeck.render.media import LARGEST, Media, Picture

SVG = b"<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink'>%s</svg>"


def media(folder: Path, **files: bytes) -> Media:
    (folder / "media").mkdir()
    for name, content in files.items():
        (folder / "media" / name.replace("_svg", ".svg")).write_bytes(content)
    return Media(folder)


def found(one: Picture | Problem) -> Picture:
    assert isinstance(one, Picture), one
    return one


def test_a_picture_is_named_by_its_content(tmp_path: Path) -> None:
    before = found(media(tmp_path, bridge_svg=SVG % b"").find("media/bridge.svg"))
    (tmp_path / "media" / "bridge.svg").write_bytes(SVG % b"<g/>")
    after = found(Media(tmp_path).find("media/bridge.svg"))
    assert before.name.startswith("bridge-")
    assert after.name.startswith("bridge-")
    assert before.name != after.name


@pytest.mark.parametrize(
    ("name", "packaged"),
    [
        ("_hidden.svg", "hidden-"),
        ("a (copy) 100%.svg", "a-copy-100-"),
        ("Hüfte.svg", "Hüfte-"),
        ("💪.svg", "picture-"),
        ("x" * 120 + ".svg", "x" * 80 + "-"),
        ("大臀筋" * 20 + ".svg", "大臀筋" * 8 + "大臀-"),
    ],
)
def test_the_packaged_name_is_one_that_anki_keeps(name: str, packaged: str, tmp_path: Path) -> None:
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / name).write_bytes(SVG % b"")
    picture = found(Media(tmp_path).find(f"media/{name}"))
    assert picture.name[: -len("0123456789ab.svg")] == packaged
    assert len(picture.name.encode()) <= 120


def test_a_name_in_decomposed_unicode_is_found_by_its_composed_spelling(tmp_path: Path) -> None:
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "Hu\u0308fte.svg").write_bytes(SVG % b"")
    assert found(Media(tmp_path).find("media/H\u00fcfte.svg")).name.startswith("H\u00fcfte-")


def test_a_picture_in_a_folder_below_is_found_by_a_roundabout_path(tmp_path: Path) -> None:
    (tmp_path / "media" / "legs").mkdir(parents=True)
    (tmp_path / "media" / "legs" / "x.svg").write_bytes(SVG % b"")
    assert found(Media(tmp_path).find("media/../media/./legs/x.svg")).name.startswith("x-")


@pytest.mark.parametrize(
    "inside",
    [
        b"<g/>",
        b"<use href='#a'/>",
        b"<rect fill='url(#gradient)'/>",
        b"<image xlink:href='data:image/png;base64,iVBORw0KGgo='/>",
        b"<style>.a { fill: url('#b') }</style>",
        b"<text>javascript: and url(https://example.org) are words here</text>",
        b"<style>.a { background: url('data:image/png;base64,iVBORw0KGgo=') }</style>",
        b"<style>/* made with https://example.org */ .a { font-family: 'Segoe\\ UI' }</style>",
        b"<g id='image(1)' style='fill: url(#a)'/>",
        b"<set attributeName='fill' to='red'/>",
    ],
)
def test_a_harmless_svg_is_taken(inside: bytes, tmp_path: Path) -> None:
    found(media(tmp_path, a_svg=SVG % inside).find("media/a.svg"))


@pytest.mark.parametrize(
    "inside",
    [
        b"<script/>",
        b"<x:script xmlns:x='http://www.w3.org/2000/svg'/>",
        b"<g OnClick='x'/>",
        b"<a href=' java\nscript:x'/>",
        b"<use xlink:href='other.svg#a'/>",
        b"<image href='data:image/svg+xml;base64,PHN2Zy8+'/>",
        b"<set attributeName='href' to='javascript:x'/>",
        b"<g style='background: url(//example.org)'/>",
        b"<style>a { b: URL( &quot;https://example.org&quot; ) }</style>",
        b"<style>@imp<!-- -->ort 'x';</style>",
        b"<style>rect { fill: u\\72l(https://example.org/x) }</style>",
        b"<style>rect { fill: u\\000072 l(https://example.org/x) }</style>",
        b"<style>rect { fill: \\url(https://example.org/x) }</style>",
        b"<style>@\\69mport 'https://example.org';</style>",
        b"<g style=\"background: image-set('https://example.org/x' 1x)\"/>",
        b"<g style=\"background: -webkit-image-set('//example.org/x' 1x)\"/>",
        b"<g style=\"background: src('https://example.org/x')\"/>",
        b"<g fill='u\\72l(https://example.org/x)'/>",
        b"<style>a { b: url('data:image/svg+xml;base64,PHN2Zy8+') }</style>",
        b"<image href='#a'><set attributeName='href' to='https://example.org/x'/></image>",
        b"<image><animate attributeName='xlink:href' values='https://example.org/x'/></image>",
        b"<foreignObject><body xmlns='http://www.w3.org/1999/xhtml'/></foreignObject>",
        b"<iframe xmlns='http://www.w3.org/1999/xhtml'/>",
    ],
)
def test_an_svg_that_is_more_than_a_picture_is_refused(inside: bytes, tmp_path: Path) -> None:
    problem = media(tmp_path, a_svg=SVG % inside).find("media/a.svg")
    assert isinstance(problem, Problem)
    assert problem.code == "unsafe-svg"


@pytest.mark.parametrize("encoding", ["foo", "shift_jis", "utf-7"])
def test_an_svg_in_an_encoding_that_cannot_be_read_is_refused(encoding: str, tmp_path: Path) -> None:
    file = f"<?xml version='1.0' encoding='{encoding}'?>".encode() + SVG % b""
    problem = media(tmp_path, a_svg=file).find("media/a.svg")
    assert isinstance(problem, Problem)
    assert problem.code == "picture-content"


def test_entities_that_would_exhaust_memory_are_refused_unread(tmp_path: Path) -> None:
    lines = "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 20))
    bomb = f"<!DOCTYPE svg [<!ENTITY a0 'aaaaaaaaaa'>{lines}]><svg>&a19;</svg>".encode()
    problem = media(tmp_path, a_svg=bomb).find("media/a.svg")
    assert isinstance(problem, Problem)
    assert problem.code == "unsafe-svg"


def test_a_picture_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "media").mkdir()
    with (tmp_path / "media" / "x.png").open("wb") as file:
        file.truncate(LARGEST + 1)
    problem = Media(tmp_path).find("media/x.png")
    assert isinstance(problem, Problem)
    assert problem.code == "too-large"

"""Pictures: found by their path, named by their content."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hipdeck.diagnostics import Problem
from hipdeck.render.media import LARGEST, Media, Picture
from hipdeck.source import folder

SVG = b"<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink'>%s</svg>"


def media(folder: Path, **files: bytes) -> Media:
    (folder / "media").mkdir()
    for name, content in files.items():
        (folder / "media" / name.replace("_svg", ".svg")).write_bytes(content)
    return Media(folder)


def found(one: Picture | Problem) -> Picture:
    assert isinstance(one, Picture), one
    return one


def test_a_file_is_checked_once_however_its_path_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = media(tmp_path, a_svg=SVG % b"", b_svg=b"<b/>")
    read: list[str] = []
    read_file = folder.read

    def count(cards: Path, relative: str, largest: int) -> Any:
        read.append(relative)
        return read_file(cards, relative, largest)

    monkeypatch.setattr(folder, "read", count)
    good = ["media/a.svg", "media/./a.svg", "media/x/../a.svg"]
    bad = ["media/b.svg", "media/./b.svg", "media/x/../b.svg"]
    assert len({found(files.find(source)) for source in good}) == 1
    problems = [files.find(source) for source in bad]
    assert read == ["media/a.svg", "media/b.svg"]
    # Each problem can be found in its own text.
    assert [problem.needle for problem in problems if isinstance(problem, Problem)] == bad


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


@pytest.mark.parametrize(("inside", "code"), [(b"<script/>", "unsafe-svg"), (b"<g>", "picture-content")])
def test_what_is_wrong_with_an_svg_is_said_of_the_picture(inside: bytes, code: str, tmp_path: Path) -> None:
    problem = media(tmp_path, a_svg=SVG % inside).find("media/a.svg")
    assert isinstance(problem, Problem)
    assert problem.code == code
    assert problem.message.startswith("the picture 'media/a.svg': this SVG ")
    assert problem.needle == "media/a.svg"


def test_a_picture_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "media").mkdir()
    with (tmp_path / "media" / "x.png").open("wb") as file:
        file.truncate(LARGEST + 1)
    problem = Media(tmp_path).find("media/x.png")
    assert isinstance(problem, Problem)
    assert problem.code == "too-large"

"""The media folder: which of its files are pictures, and what is said about the others."""

from __future__ import annotations

from pathlib import Path

import pytest

from hipdeck.diagnostics import Problem
from hipdeck.render.media import Media, Picture
from tests import decks

PNG = b"\x89PNG\r\n\x1a\n"


def media(folder: Path, *names: str, content: bytes = decks.svg("x").encode()) -> Media:
    for name in names:
        path = folder / "media" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return Media(folder)


def problem(result: Picture | Problem) -> Problem:
    assert isinstance(result, Problem), result
    return result


def picture(result: Picture | Problem) -> Picture:
    assert isinstance(result, Picture), result
    return result


@pytest.mark.parametrize(
    ("source", "code", "hint"),
    [
        ("https://example.org/a.svg", "media-outside", "copy it into the media folder"),
        ("//example.org/a.svg", "media-outside", "copy it into the media folder"),
        ("a.svg", "media-outside", "write media/a.svg"),
        ("media/../a.svg", "media-outside", "write media/a"),
        ("media/a\\b.svg", "media-outside", "copy it into"),
        ("media/A.svg", "media-case", "write media/a.svg"),
        ("media/aa.svg", "media-missing", "did you mean 'media/a.svg'?"),
        ("media/something-else.png", "media-missing", "check the name, or add the file"),
        ("media/.hidden.svg", "media-missing", ""),
        ("media/.folder/x.svg", "media-missing", ""),
    ],
)
def test_a_path_that_is_no_picture_says_what_to_do(source: str, code: str, hint: str, tmp_path: Path) -> None:
    wrong = problem(media(tmp_path, "a.svg", ".hidden.svg", ".folder/x.svg").find(source))
    assert (wrong.code, wrong.needle) == (code, source)
    assert wrong.hint.startswith(hint)


def test_a_picture_is_read_once_however_often_it_is_used(tmp_path: Path) -> None:
    folder = media(tmp_path, "a.svg")
    first = folder.find("media/a.svg")
    (tmp_path / "media" / "a.svg").unlink()
    assert picture(folder.find("media/a.svg")) is first


def test_the_files_that_no_note_uses_are_named_and_hidden_ones_are_not(tmp_path: Path) -> None:
    folder = media(tmp_path, "a.svg", "b.svg", "legs/c.svg", ".hidden.svg", ".folder/x.svg")
    folder.find("media/a.svg")
    folder.find("media/none.svg")
    unused = folder.unused()
    assert [Path(warning.place.path).relative_to(tmp_path).as_posix() for warning in unused] == [
        "media/b.svg",
        "media/legs/c.svg",
    ]
    assert unused[0].hint == "use it in a note as ![what it shows](media/b.svg), or delete it"


def test_two_files_of_one_name_in_different_folders_clash(tmp_path: Path) -> None:
    clashes = media(tmp_path, "a.svg", "b.svg", "legs/A.svg").clashes()
    assert [(clash.code, Path(clash.place.path).parent.name) for clash in clashes] == [("media-clash", "legs")]


@pytest.mark.parametrize(
    ("name", "content", "packaged"),
    [
        ("a.PNG", PNG, ".png"),
        ("a.jpeg", b"\xff\xd8\xff\xe0", ".jpeg"),
        ("a.gif", b"GIF89a...", ".gif"),
        ("a.webp", b"RIFF\0\0\0\0WEBPVP8 ", ".webp"),
    ],
)
def test_a_picture_of_each_kind_is_packaged(name: str, content: bytes, packaged: str, tmp_path: Path) -> None:
    packaged_name = picture(media(tmp_path, name, content=content).find(f"media/{name}")).name
    assert packaged_name.startswith("a-")
    assert packaged_name.endswith(packaged)


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.png", b"\xff\xd8\xff"), ("a.webp", b"RIFF\0\0\0\0AVI LIST"), ("a.gif", b""), ("a.svg", PNG)],
)
def test_a_file_that_is_not_what_its_ending_says_is_refused(name: str, content: bytes, tmp_path: Path) -> None:
    assert problem(media(tmp_path, name, content=content).find(f"media/{name}")).code == "picture-content"


def test_a_picture_may_be_larger_than_a_card_file(tmp_path: Path) -> None:
    picture(media(tmp_path, "a.png", content=PNG + b"\0" * 10 * 2**20).find("media/a.png"))


def test_a_path_in_decomposed_unicode_finds_its_picture(tmp_path: Path) -> None:
    assert picture(media(tmp_path, "H\u00fcfte.svg").find("media/Hu\u0308fte.svg"))

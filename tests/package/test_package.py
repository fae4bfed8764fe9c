"""The package: reproducible, tidy, and a student sees what the author made."""

from __future__ import annotations

import json
import os
import sqlite3
import zipfile
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hipdeck.commands.build import build
from hipdeck.commands.shared.building import Built
from hipdeck.package.writer import _numbers
from tests import anki
from tests.conftest import NOW, ROOT


def entries(package: Path) -> dict[str, bytes]:
    """The entries of a package by name."""
    with zipfile.ZipFile(package) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_same_deck_at_the_same_time_gives_the_same_bytes(shipped: Built, tmp_path: Path) -> None:
    umask = os.umask(0o077)
    try:
        again = build(ROOT / "cards", tmp_path / "elsewhere", NOW)
    finally:
        os.umask(umask)
    assert again.package.read_bytes() == shipped.package.read_bytes()


def test_a_package_is_readable_as_its_folder_allows(tmp_path: Path) -> None:
    built = build(ROOT / "cards", tmp_path, NOW)
    plain = tmp_path / "plain"
    plain.touch()
    assert built.package.stat().st_mode == plain.stat().st_mode


def test_the_package_is_deflated_and_holds_the_collection_and_its_media(shipped: Built) -> None:
    with zipfile.ZipFile(shipped.package) as archive:
        assert all(entry.compress_type == zipfile.ZIP_DEFLATED for entry in archive.infolist())
        assert all(entry.date_time == (1980, 1, 1, 0, 0, 0) for entry in archive.infolist())
    content = entries(shipped.package)
    names = json.loads(content["media"])
    assert sorted(content) == sorted(["collection.anki2", "media", *names])
    assert list(names.values()) == [picture.name for picture in shipped.checked.pictures]
    for number, name in names.items():
        picture = next(one for one in shipped.checked.pictures if one.name == name)
        assert content[number] == picture.path.read_bytes()
        assert picture.sha256[:12] in name


def test_the_schema_is_the_one_that_every_anki_reads(shipped: Built, tmp_path: Path) -> None:
    path = tmp_path / "collection.anki2"
    path.write_bytes(entries(shipped.package)["collection.anki2"])
    connection = sqlite3.connect(path)
    assert connection.execute("select ver from col").fetchone() == (11,)
    assert connection.execute("pragma integrity_check").fetchone() == ("ok",)
    assert connection.execute("select min(due), max(due) from cards").fetchone() == (1, len(shipped.checked.fields))
    decks = json.loads(connection.execute("select decks from col").fetchone()[0])
    assert sorted(deck["name"] for deck in decks.values()) == ["Default", "Hip Extensors"]
    connection.close()


def test_no_temporary_file_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr("tempfile.tempdir", None)
    build(ROOT / "cards", tmp_path / "output", NOW)
    assert [path.name for path in (tmp_path / "output").iterdir()] == ["hip-extensors.apkg"]
    assert list(temporary.iterdir()) == []


@given(st.lists(st.integers(1_700_000_000, 1_700_000_100), max_size=50))
@example([1_700_000_000] + [1_700_000_001] * 1000)
def test_numbers_are_unique_and_never_after_their_time(added: list[int]) -> None:
    numbers = _numbers(added)
    assert len(set(numbers)) == len(added)
    assert all(number <= time * 1000 for number, time in zip(numbers, added, strict=True))
    assert all(number > time * 1000 - len(added) * 1000 - 100_000 for number, time in zip(numbers, added, strict=True))


DECK = "deck: Bridges\nid: bridges\ndescription: |\n  For <coaches>\n  & students\nlicense: CC0\nsections: [s]\n"
NOTE = "section: S\nnotes:\n  - id: n\n    question: Q\n    answer: A\n    reverse: {}\n"


@pytest.mark.parametrize(("reverse", "cards"), [("false", 1), ("true", 2)])
def test_reverse_makes_a_second_card_that_asks_back(reverse: str, cards: int, tmp_path: Path) -> None:
    (tmp_path / "cards").mkdir()
    (tmp_path / "cards" / "deck.yaml").write_text(DECK)
    (tmp_path / "cards" / "s.yaml").write_text(NOTE.format(reverse))
    built = build(tmp_path / "cards", tmp_path, NOW)
    with anki.collection(tmp_path) as col:
        anki.imported(col, built.package)
        shown = [
            (anki.visible(card.question()), anki.visible(card.answer()))
            for card in map(col.get_card, col.find_cards("", order="c.ord"))
        ]
    assert len(shown) == cards
    assert shown[0] == ("fact Q", "fact Q A Sn")
    if cards == 2:
        assert shown[1] == ("fact reversed A", "fact reversed A Q Sn")


def test_the_description_shows_as_typed_and_ends_with_the_licence(tmp_path: Path) -> None:
    (tmp_path / "cards").mkdir()
    (tmp_path / "cards" / "deck.yaml").write_text(DECK)
    (tmp_path / "cards" / "s.yaml").write_text(NOTE.format("false"))
    built = build(tmp_path / "cards", tmp_path, NOW)
    with anki.collection(tmp_path) as col:
        anki.imported(col, built.package)
        deck = col.decks.by_name("Bridges")
        assert deck is not None
        assert anki.visible(deck["desc"]) == "For <coaches> & students Licence: CC0 Draft"

"""A new deck: the files of `hipdeck/starter/files`, with the name of the folder that they are put into."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from hipdeck import disk
from hipdeck.deck.schemas import SCHEMAS, schema_text
from hipdeck.deck.slugs import slug
from hipdeck.diagnostics import HipdeckError

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

_NAME = "deck: First Deck"
_ID = "first-deck"


class NewDeck(NamedTuple):
    """A deck that was created: its name, which students see, and its id."""

    name: str
    id: str


def create_deck(folder: Path) -> NewDeck:
    """Write a small deck into a folder that is empty or doesn't exist yet; its name and id come from the folder's name.

    Raises HipdeckError if the folder holds something (a new git repository aside), can't be written, or has a name
    that no id can be made from.
    """
    deck = _name_deck(folder.resolve().name)
    texts = {path: _named(text, deck) for path, text in _starter_files(files("hipdeck.starter") / "files", "")}
    texts |= {f"cards/.schema/{name}.json": schema_text(name) for name in SCHEMAS}
    _require_empty(folder, texts)
    with disk.replacing("check that you may write there and that the disk has room") as drafts:
        for path, text in texts.items():
            drafts.draft(folder / path).write_text(text, encoding="utf-8", newline="\n")
    return deck


def _name_deck(title: str) -> NewDeck:
    words = re.sub(r"[\s_:-]+", " ", "".join(c for c in title if c.isprintable())).split()
    deck = NewDeck(" ".join(word[:1].upper() + word[1:] for word in words), slug(title))
    if not deck.id:
        hint = "use letters or digits in the folder's name; you can change the deck's name in deck.yaml later"
        raise HipdeckError(f"no id for the deck can be made from '{title}'", hint)
    return deck


def _starter_files(folder: Traversable, prefix: str) -> Iterator[tuple[str, str]]:
    """The path and the text of each file below a folder."""
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _starter_files(entry, f"{prefix}{entry.name}/")
        else:
            yield f"{prefix}{entry.name}", entry.read_text(encoding="utf-8")


def _named(text: str, deck: NewDeck) -> str:
    return text.replace(_NAME, f"deck: {json.dumps(deck.name, ensure_ascii=False)}").replace(_ID, deck.id)


def _require_empty(folder: Path, texts: Mapping[str, str]) -> None:
    if not folder.exists():
        return
    hint = "name a folder that is empty or doesn't exist yet"
    if not folder.is_dir():
        raise HipdeckError(f"'{folder}' is a file, not a folder", hint)
    if any(entry.name != ".git" for entry in folder.iterdir()):
        overwritten = sorted(path for path in texts if (folder / path).exists())
        consequence = f"; a new deck would overwrite {', '.join(overwritten)}" if overwritten else ""
        raise HipdeckError(f"'{folder}' is not empty{consequence}", hint)

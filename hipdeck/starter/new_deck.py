"""A new deck: the files of `hipdeck/starter/files`, under the name of the folder they are put into."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from hipdeck import disk
from hipdeck.deck.slugs import slug
from hipdeck.deck.validation import SCHEMAS, schema_text
from hipdeck.diagnostics import HipdeckError

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

_NAME = "deck: First Deck"
_ID = "first-deck"
_SCHEMA = "cards/.schema"


@dataclass(frozen=True)
class NewDeck:
    """A deck that was made: what students will see, and its id."""

    name: str
    id: str


def make(folder: Path) -> NewDeck:
    """Write a small deck into a folder that is empty or not there yet; its name and id are made of the folder's.

    Raises HipdeckError where the folder holds something (a new git repository aside), cannot be written, or has a name
    of which no id can be made.
    """
    title = folder.resolve().name
    words = re.sub(r"[\s_:-]+", " ", "".join(c for c in title if c.isprintable())).split()
    new = NewDeck(" ".join(word[:1].upper() + word[1:] for word in words), slug(title))
    if not new.id:
        hint = "take a folder name of letters from a to z; the deck's name can be changed in deck.yaml"
        raise HipdeckError(f"no id for the deck can be made of '{title}'", hint)
    texts = {path: _named(text, new) for path, text in _starter(files("hipdeck.starter") / "files", "")}
    texts |= {f"{_SCHEMA}/{name}.json": schema_text(name) for name in SCHEMAS}
    _require_empty(folder, texts)
    _write(folder, texts)
    return new


def write_schemas(folder: Path) -> None:
    """Write both schema files into a folder, for editors. Raises HipdeckError where it cannot be written."""
    _write(folder, {f"{name}.json": schema_text(name) for name in SCHEMAS})


def _starter(folder: Traversable, below: str) -> Iterator[tuple[str, str]]:
    """The path and the text of each file of the starter."""
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _starter(entry, f"{below}{entry.name}/")
        else:
            yield f"{below}{entry.name}", entry.read_text(encoding="utf-8")


def _named(text: str, new: NewDeck) -> str:
    return text.replace(_NAME, f"deck: {json.dumps(new.name, ensure_ascii=False)}").replace(_ID, new.id)


def _require_empty(folder: Path, texts: Mapping[str, str]) -> None:
    if not folder.exists():
        return
    hint = "name a folder that is empty, or that does not exist yet"
    if not folder.is_dir():
        raise HipdeckError(f"'{folder}' is a file, not a folder", hint)
    if any(entry.name != ".git" for entry in folder.iterdir()):
        lost = sorted(path for path in texts if (folder / path).exists())
        message = f"; a new deck would overwrite {', '.join(lost)}" if lost else ""
        raise HipdeckError(f"'{folder}' is not empty{message}", hint)


def _write(folder: Path, texts: Mapping[str, str]) -> None:
    with disk.replacing("check that you may write there and that the disk has room") as drafts:
        for path, text in texts.items():
            drafts.draft(folder / path).write_text(text, encoding="utf-8", newline="\n")

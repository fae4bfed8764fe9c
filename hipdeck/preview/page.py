"""A deck as one HTML page: every card as Anki shows it, with what is wrong beside it.

A card can't act in the page: a policy allows no script and no style but the page's own and no request at all, and the
page's script lets through only the elements that Markdown and the card templates make.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hipdeck import disk
from hipdeck.deck.notes import Deck
from hipdeck.diagnostics import Diagnostic
from hipdeck.preview.data import page_data
from hipdeck.render.fields import Fields
from hipdeck.render.note_types import with_choices

_PLACEHOLDER = re.compile(r"\{\{(\w+)\}\}")


def render_page(deck: Deck, notes: Sequence[Fields], diagnostics: Sequence[Diagnostic], version: str = "") -> str:
    """The whole page, which needs no other file.

    A page with a version loads itself again when its server announces another. Raises HipdeckError if a picture has
    vanished since it was checked.
    """
    style, script = _template("page.css"), _template("page.js")
    parts = {
        "policy": _policy(style, script, served=bool(version)),
        "title": html.escape(deck.name or "Preview"),
        "style": style,
        "script": script,
        "data": _json(page_data(deck, notes, diagnostics, version)),
    }
    return _PLACEHOLDER.sub(lambda placeholder: parts[placeholder[1]], _template("page.html"))


def write_page(text: str, path: Path) -> None:
    """Write a page; whatever happens, the file is the old page or the new one.

    Raises HipdeckError if the folder or the file can't be written.
    """
    hint = "check that you may write to the folder and that the disk has room; -o names another"
    with disk.replacing(hint) as drafts:
        drafts.draft(path).write_text(text, encoding="utf-8", newline="\n")


def _policy(style: str, script: str, served: bool) -> str:
    """What the page may do: run its own script and style, and ask its server for changes if it has one."""
    directives = {
        "default-src": "'none'",
        "script-src": _hash(script),
        "style-src": _hash(style),
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
        **({"connect-src": "'self'"} if served else {}),
    }
    return "; ".join(f"{name} {value}" for name, value in directives.items())


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _json(data: Any) -> str:
    """JSON that ends no script element, whatever the cards say."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def _template(name: str) -> str:
    return with_choices(Path(__file__).with_name(name).read_text(encoding="utf-8"))

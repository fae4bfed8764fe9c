"""What to write instead of a key or a value that a file can't have."""

from __future__ import annotations

from typing import Any

from hipdeck.names import MOST_LISTED

_PICTURE = "write it into the question or the answer: ![what it shows](media/bridge.svg)"
_SOUND = "delete it; cards hold no sounds and no films"
_KEYS = {
    **dict.fromkeys(("image", "images", "img", "picture", "pic", "photo", "figure", "media"), _PICTURE),
    **dict.fromkeys(("audio", "sound", "video", "mp3"), _SOUND),
    "hint": "write it into the question; in a cloze, write {{c1::hidden text::hint}}",
    "deck": "delete it; the deck's name is in deck.yaml",
}
_FORMS = {
    **dict.fromkeys(("choice", "choices", "multiple choice", "multiple-choice", "mc", "mcq"), "'choices'"),
    **dict.fromkeys(("basic", "question", "qa", "reversed", "text"), "'question' and 'answer'"),
    **dict.fromkeys(("cloze", "gap"), "'cloze'"),
}
_LONG = ("question", "answer", "cloze", "why", "description")
_SINGLE = ("id", "kind", "source", "was")
_SEPARATORS = (" | ", ";", " / ")
_TRUE = ("yes", "on", "y", "1")


def instead_of_key(key: str, value: Any) -> str:
    """What to do about a key of another tool that a note has; nothing if it has no place of its own in hipdeck."""
    folded = key.casefold()
    form = _FORMS.get(value.casefold()) if folded in ("type", "form") and isinstance(value, str) else None
    if form:
        return f"delete it; a note with {form} needs no type"
    return _KEYS.get(folded, "")


def how_to_begin(name: str, value: Any) -> str:
    """How a file begins that holds something other than keys and values."""
    if isinstance(value, list) and name == "section":
        return "write 'section: …' above the notes, then 'notes:', each at the start of a line of its own"
    return f"begin it with '{name}: …', and write the other keys below, each at the start of its line"


def how_to_write(wanted: str, value: Any, name: str, entry: Any = None) -> str:
    """What to write if the value of a key has the wrong type; `entry` is the note that the key belongs to."""
    if wanted == "string" and isinstance(value, list):
        return _list_as_text(value, name, entry)
    if wanted == "string":
        return "write one text; put it in quotes if it starts with '{' or holds a colon and a space"
    if wanted == "boolean":
        return f"write {name}: true" if str(value).casefold() in _TRUE else f"delete it, or write {name}: true"
    if wanted == "object":
        return {
            "allow": "write the rule and your reason: allow: {yes-no: clients ask it so}",
            "notes": "write its keys after the '- ', each on a line of its own: question: …",
            "sources": "write an id and a title for each: guide: {title: …}",
        }.get(name, f"write {name}: {{title: …}}")
    if name == "notes":
        return "start each note with '- ' before its first key"
    entries = _entries(value) if isinstance(value, str) else []
    if all(part and part.isprintable() and not set(part) & set("[]{}:#\"'") for part in entries) and entries:
        return f"write {name}: [{', '.join(entries)}]"
    return f"write {name}: [one, another], or start each entry on a line of its own with '- '"


def _entries(text: str) -> list[str]:
    """The entries of a list that is written as one text: one, two or (one; two)."""
    if text.startswith("(") and text.endswith(")"):
        text = text[1:-1]
    separator = next((sign for sign in _SEPARATORS if sign in text), ",")
    return [part.strip() for part in text.split(separator)]


def _list_as_text(value: list[Any], name: str, entry: Any) -> str:
    if name == "answer" and isinstance(entry, dict) and "choices" in entry:
        return f"a choice has one right answer: write it alone, as in answer: {next(iter(value), '…')}"
    if name in _SINGLE:
        return f"write only one: {name}: {next(iter(value), '…')}"
    if name not in _LONG:
        return f'write one text: {name}: "{", ".join(map(str, value[:MOST_LISTED]))}"'
    below = f"write '{name}: |', and leave each entry on a line of its own below"
    return f"to show a list, {below}; put a text that starts with '[' in quotes"

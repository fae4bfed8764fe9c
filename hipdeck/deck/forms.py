"""A note's form: it follows from which of question, choices, answer and cloze the note has."""

from __future__ import annotations

from functools import cache
from typing import Any

from hipdeck.deck.explanations import meant_keys
from hipdeck.deck.notes import Form
from hipdeck.deck.schemas import known_keys
from hipdeck.diagnostics import Diagnostic, error
from hipdeck.source.document import Document

_FORMS: dict[frozenset[str], Form] = {
    frozenset({"question", "answer"}): "question",
    frozenset({"question", "choices", "answer"}): "choices",
    frozenset({"cloze"}): "cloze",
}
_KEYS = ("question", "choices", "answer", "cloze")


def form_of(document: Document, index: int, entry: dict[str, Any]) -> tuple[Form | None, list[Diagnostic]]:
    """The form of the note with this index and these keys; errors if they don't make exactly one."""
    form = _usual_form(tuple(entry))
    if form:
        return form, []
    written = {key: key for key in _KEYS if key in entry}
    written |= {
        key: typed for key, typed in meant_keys(entry, known_keys("section", ("notes",))).items() if key in _KEYS
    }
    if not written and "retired" in entry:
        return "question", []  # its text doesn't matter any more
    form = _FORMS.get(frozenset(written))
    if not form:
        return None, _form_errors(document, index, written)
    if "reverse" in entry and form != "question":
        place = document.key_at("notes", index, "reverse")
        hint = "delete 'reverse'; a choice or a cloze can't be asked the other way round"
        return None, [error("reverse", place, "'reverse' only works with a question and an answer", hint)]
    return form, []


def has_key(entry: dict[str, Any], key: str) -> bool:
    """Whether a note has a key, or one that was probably meant to be it."""
    return key in entry or key in meant_keys(entry, known_keys("section", ("notes",)))


def _form_errors(document: Document, index: int, written: dict[str, str]) -> list[Diagnostic]:
    """What's wrong with keys that make no form; `written` maps the keys to how they are spelled in the file."""
    place = document.at("notes", index)
    if "cloze" in written:
        others = " and ".join(f"'{key}'" for key in _KEYS if key in written and key != "cloze")
        place = document.key_at("notes", index, written["cloze"])
        hint = f"delete {others}: the text of a cloze shows what it hides on the back"
        if {"question", "answer"} <= set(written):
            hint = f"delete 'cloze' or {others}, or make two notes of it"
        elif "{{c" not in str(document.value["notes"][index][written["cloze"]]):
            hint = f"write what the card hides into the cloze, as in {{{{c1::hip}}}}, and delete {others}"
        return [error("two-forms", place, f"a note can't have both 'cloze' and {others}", hint)]
    if not written:
        hint = "write a 'question' and an 'answer', or a 'cloze'"
        return [error("missing-key", place, "note has neither a 'question' nor a 'cloze'", hint)]
    missing = [key for key in ("question", "answer") if key not in written]
    return [error("missing-key", place, f"note has no '{key}'", f"add '{key}: …'") for key in missing]


@cache
def _usual_form(keys: tuple[str, ...]) -> Form | None:
    """The form of a note with these keys, if all is well with them."""
    if not set(keys) <= set(known_keys("section", ("notes",))):
        return None
    form = _FORMS.get(frozenset(keys).intersection(_KEYS))
    return None if "reverse" in keys and form != "question" else form

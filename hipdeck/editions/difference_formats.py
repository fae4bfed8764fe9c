"""What an import would change, as text for a terminal, as Markdown for students, and as JSON for programs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from hipdeck.console import json_text, printable_lines
from hipdeck.editions.differences import Difference, NoteChange
from hipdeck.editions.field_changes import FieldChange, Op
from hipdeck.render.markup import as_markdown

_MARKS: dict[Op, str] = {"same": "{}", "out": "[-{}-]", "in": "{{+{}+}}"}
_CONSEQUENCES = {
    "changed": "a student's own edits and tags on these notes are lost; all progress stays",
    "not delivered": "Anki leaves these notes as they are, since their author changed nothing; --reissue delivers one",
    "conflicting": "Anki reports these notes as conflicting and leaves them as they are: they have another note type",
    "retired": "students who have these notes keep them",
    "gone": "students who have these notes keep them",
}
_BACK = "it isn't in this package, but was in an earlier edition: for students who never had that, it's new"


def to_text(difference: Difference) -> str:
    """The difference for a terminal: a paragraph for each note, what that means for students, and a line of counts."""
    most_pairs = difference.most_pairs
    lines = []
    for what, changes in _groups(difference):
        for change in changes:
            lines += _note_text(what, change, most_pairs)
    lines += [f"{what}: {_CONSEQUENCES[what]}" for what, changes in _groups(difference) if changes and what != "new"]
    return _for_terminal("\n".join([*lines, counts(difference)]))


def _note_text(what: str, change: NoteChange, most_pairs: int) -> list[str]:
    lines = [f"{what}: {change.id} ({change.section}) {change.heading}"]
    if what == "new":
        return lines
    for field in change.fields:
        texts = ["".join(_MARKS[op].format(text) for op, text in words) for words in field.words(most_pairs)]
        lines += _field_lines(field.name, texts)
    lines += [f"  tag out: {tag}" for tag in change.tags_out]
    lines += [f"  tag in: {tag}" for tag in change.tags_in]
    lines += [f"  because: {change.reason}"] if change.reason else []
    return [*lines, f"  {_BACK}"] if change.is_back else lines


def to_markdown(difference: Difference) -> str:
    """The difference as an announcement to students: a list for each kind of change, and a line of counts."""
    lines: list[str] = []
    most_pairs = difference.most_pairs
    for what, changes in _groups(difference):
        if changes:
            lines += [f"## {what.capitalize()}", "", *_consequence(what)]
            for change in changes:
                lines += _note_markdown(what, change, most_pairs)
            lines.append("")
    return _for_terminal("\n".join([*lines, f"{counts(difference).capitalize()}."]))


def _consequence(what: str) -> list[str]:
    """What a kind of change means for students, as a paragraph of its own."""
    sentence = _CONSEQUENCES.get(what)
    return [f"{sentence[0].upper()}{sentence[1:]}.", ""] if sentence else []


def _note_markdown(what: str, change: NoteChange, most_pairs: int) -> list[str]:
    reason = f": {as_markdown(change.reason)}" if change.reason else ""
    lines = [f"- {as_markdown(change.heading)} (`{change.id}`){reason}"]
    if what != "new":
        lines += describe_fields(change.fields, most_pairs)
    return [*lines, f"  - {_BACK[0].upper()}{_BACK[1:]}."] if change.is_back else lines


def describe_fields(fields: Iterable[FieldChange], most_pairs: int) -> list[str]:
    """The fields of a note that change, each an item of a Markdown list below the note's own."""
    lines = []
    for field in fields:
        texts = [" ".join("".join(_marked(*word) for word in words).split()) for words in field.words(most_pairs)]
        lines += _field_lines(field.name, texts, "- ")
    return lines


def _field_lines(name: str, texts: Sequence[str], bullet: str = "") -> list[str]:
    """A field's name and text on one line, or each of its texts on a line of its own."""
    first, *others = [f"{name}: {texts[0]}"] if len(texts) == 1 else [f"{name}:", *texts]
    return [f"  {bullet}{first}", *(f"    {bullet}{text}" for text in others)]


def to_json(difference: Difference) -> str:
    """The difference as JSON: a list of notes for each kind of change, and the number of unchanged notes."""
    value: dict[str, object] = {
        what.replace(" ", "_"): [
            {
                "id": change.id,
                "section": change.section,
                "heading": change.heading,
                "fields": {field.name: {"before": field.before, "after": field.after} for field in change.fields},
                "tags_out": list(change.tags_out),
                "tags_in": list(change.tags_in),
                "reason": change.reason,
                "loses_own_edits": what == "changed",
                "is_back": change.is_back,
            }
            for change in changes
        ]
        for what, changes in _groups(difference)
    }
    return json_text({**value, "unchanged": difference.unchanged})


def counts(difference: Difference) -> str:
    """One line that says how many notes are new, changed and so on."""
    parts = [f"{len(changes)} {what}" for what, changes in _groups(difference) if changes]
    return ", ".join([*parts, f"{difference.unchanged} unchanged"])


def _for_terminal(text: str) -> str:
    """The text without anything that could control a terminal: a package may come from a stranger."""
    return printable_lines(text.replace("\t", " "))


def _marked(op: Op, text: str) -> str:
    """A piece of text as Markdown: struck through or bold, with any spaces around it outside the marks."""
    text = as_markdown(text)
    inner = text.strip()
    if op == "same" or not inner:
        return text
    mark = "~~" if op == "out" else "**"
    start = text[: len(text) - len(text.lstrip())]
    return f"{start}{mark}{inner}{mark}{text[len(start) + len(inner) :]}"


def _groups(difference: Difference) -> list[tuple[str, Sequence[NoteChange]]]:
    """The notes by what happens to them, in the order in which they're shown."""
    return [
        ("new", difference.new),
        ("changed", difference.changed),
        ("not delivered", difference.held_back),
        ("conflicting", difference.conflicting),
        ("retired", difference.retired),
        ("gone", difference.gone),
    ]

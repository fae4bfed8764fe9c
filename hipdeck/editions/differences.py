"""What importing a deck would change for a student who has an earlier package of it.

If Anki already has a note, it replaces all of it, fields and tags, when the package's modification time is newer.
Otherwise it leaves the note alone (rslib/src/import_export/package/apkg/import/notes.rs).
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from hipdeck.console import json_text, printable
from hipdeck.package.contents import Contents, PackagedNote
from hipdeck.package.reader import ReadNote, ReadPackage, text_of
from hipdeck.render.cloze import gaps
from hipdeck.render.markup import as_markdown

Op = Literal["same", "out", "in"]
_MOST_PAIRS = 250**2
"""Words before times words after that are compared; the time that it takes grows with the cube of the words."""
LOSS = "a student's own edits and tags on a changed note are lost; all progress stays"


@dataclass(frozen=True)
class FieldChange:
    """A field whose text differs, before and after."""

    name: str
    before: str
    after: str

    def words(self) -> Iterator[tuple[Op, str]]:
        """The change word by word: what stays, what goes out, what comes in.

        Between the first and the last word that differ, long texts are taken whole.
        """
        old, new = (re.findall(r"\s+|\w+|[^\w\s]", text) for text in (self.before, self.after))
        start = _alike(old, new)
        end = _alike(old[start:][::-1], new[start:][::-1])
        inner_old, inner_new = old[start : len(old) - end], new[start : len(new) - end]
        yield from _words("same", old[:start])
        if len(inner_old) * len(inner_new) > _MOST_PAIRS:
            opcodes = [("replace", 0, len(inner_old), 0, len(inner_new))]
        else:
            opcodes = list(difflib.SequenceMatcher(None, inner_old, inner_new, False).get_opcodes())
        for op, old_start, old_end, new_start, new_end in opcodes:
            yield from _words("same" if op == "equal" else "out", inner_old[old_start:old_end])
            if op != "equal":
                yield from _words("in", inner_new[new_start:new_end])
        yield from _words("same", old[len(old) - end :])


@dataclass(frozen=True)
class NoteChange:
    """What would happen to one note. `reason` is why it was retired."""

    id: str
    section: str
    heading: str
    fields: Sequence[FieldChange] = ()
    tags_out: Sequence[str] = ()
    tags_in: Sequence[str] = ()
    reason: str = ""


@dataclass(frozen=True)
class Difference:
    """All that would happen. `held_back` are notes that differ but carry no newer time, so that Anki leaves them."""

    new: Sequence[NoteChange]
    changed: Sequence[NoteChange]
    held_back: Sequence[NoteChange]
    retired: Sequence[NoteChange]
    gone: Sequence[NoteChange]
    unchanged: int


def compare(old: ReadPackage, contents: Contents, retired: Mapping[str, str]) -> Difference:
    """Compare a package that a student has with what would be imported. `retired` maps GUIDs to reasons."""
    new, changed, held_back = [], [], []
    unchanged = 0
    names = {type_.note_type.role: [field.name for field in type_.note_type.fields] for type_ in contents.types}
    for note in contents.notes:
        fields = dict(zip(names[note.fields.role], note.fields.values, strict=True))
        known = old.notes.get(note.guid)
        if known is None:
            new.append(_change(note, fields, None))
        elif note.modified > known.modified:
            changed.append(_change(note, fields, known))
        elif fields != known.fields or set(note.tags) != set(known.tags):
            held_back.append(_change(note, fields, known))
        else:
            unchanged += 1
    present = {note.guid for note in contents.notes}
    left = [(guid, _left(note, retired.get(guid, ""))) for guid, note in old.notes.items() if guid not in present]
    return Difference(
        new,
        changed,
        held_back,
        [change for guid, change in left if guid in retired],
        [change for guid, change in left if guid not in retired],
        unchanged,
    )


def to_text(difference: Difference) -> str:
    """The difference for a terminal, a note a paragraph, and a line of counts."""
    blocks = []
    for what, changes in _groups(difference):
        for change in changes:
            lines = [f"{what}: {change.id} ({change.section}) {change.heading}"]
            if what == "new":
                blocks.append(lines[0])
                continue
            for field in change.fields:
                words = "".join(_MARKS_TEXT[op].format(text) for op, text in field.words())
                lines.append(f"  {field.name}: {words}")
            lines += [f"  tag out: {tag}" for tag in change.tags_out] + [f"  tag in: {tag}" for tag in change.tags_in]
            if change.reason:
                lines.append(f"  because: {change.reason}")
            lines += [f"  {line}" for line in [_MEANING.get(what, "")] if line]
            blocks.append("\n".join(lines))
    blocks.append(counts(difference))
    return _for_terminal("\n".join(blocks))


def to_markdown(difference: Difference) -> str:
    """The difference for an announcement to students."""
    lines = []
    for what, changes in _groups(difference):
        if not changes:
            continue
        lines += [f"## {what.capitalize()}", ""]
        if what in _MEANING:
            lines += [f"{_MEANING[what][0].upper()}{_MEANING[what][1:]}.", ""]
        for change in changes:
            reason = f": {as_markdown(change.reason)}" if change.reason else ""
            lines.append(f"- {as_markdown(change.heading)} (`{change.id}`){reason}")
            if what in ("changed", "not delivered"):
                for field in change.fields:
                    words = "".join(_marked(op, text) for op, text in field.words())
                    lines.append(f"  - {field.name}: {' '.join(words.split())}")
        lines.append("")
    return _for_terminal("\n".join([*lines, f"{counts(difference).capitalize()}."]))


def to_json(difference: Difference) -> str:
    """The difference for programs: lists of notes by what happens to them, and the number that stay as they are."""
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
            }
            for change in changes
        ]
        for what, changes in _groups(difference)
    }
    return json_text({**value, "unchanged": difference.unchanged})


def counts(difference: Difference) -> str:
    """How many notes of each kind there are, in a line."""
    parts = [f"{len(changes)} {what}" for what, changes in _groups(difference) if changes]
    return ", ".join([*parts, f"{difference.unchanged} unchanged"])


_MARKS_TEXT: dict[Op, str] = {"same": "{}", "out": "[-{}-]", "in": "{{+{}+}}"}
_MEANING = {
    "changed": LOSS,
    "not delivered": "Anki leaves these notes as they are, since their author changed nothing; --reissue delivers one",
    "retired": "students who have it keep it",
    "gone": "students who have it keep it",
}


def _for_terminal(text: str) -> str:
    """The lines without what would steer a terminal: a package may be a stranger's."""
    return "\n".join(printable(line.expandtabs()) for line in text.split("\n"))


def _alike(old: Sequence[str], new: Sequence[str]) -> int:
    """How many words two texts begin with alike."""
    pairs = enumerate(zip(old, new, strict=False))
    return next((index for index, (before, after) in pairs if before != after), min(len(old), len(new)))


def _words(op: Op, words: Sequence[str]) -> Iterator[tuple[Op, str]]:
    if words:
        yield op, "".join(words)


def _marked(op: Op, text: str) -> str:
    """A piece of text as Markdown, with its outer spaces outside of the marks."""
    text = as_markdown(text)
    inner = text.strip()
    if op == "same" or not inner:
        return text
    mark = "~~" if op == "out" else "**"
    start = text[: len(text) - len(text.lstrip())]
    return f"{start}{mark}{inner}{mark}{text[len(start) + len(inner) :]}"


def _groups(difference: Difference) -> list[tuple[str, Sequence[NoteChange]]]:
    return [
        ("new", difference.new),
        ("changed", difference.changed),
        ("not delivered", difference.held_back),
        ("retired", difference.retired),
        ("gone", difference.gone),
    ]


def _change(note: PackagedNote, fields: Mapping[str, str], known: ReadNote | None) -> NoteChange:
    own = note.fields.note
    before = known.fields if known else {}
    names = dict.fromkeys([*before, *fields])
    changes = [FieldChange(name, text_of(before.get(name, "")), text_of(fields.get(name, ""))) for name in names]
    old_tags = set(known.tags) if known else set()
    return NoteChange(
        own.id,
        own.section.path,
        _heading(own.heading),
        [change for change in changes if change.before != change.after],
        sorted(old_tags - set(note.tags)),
        sorted(set(note.tags) - old_tags),
    )


def _left(note: ReadNote, reason: str) -> NoteChange:
    text = note.fields.get("Question") or note.fields.get("Text", "")
    heading, reason = _heading(text_of(text)), " ".join(reason.split())
    return NoteChange(note.fields.get("Id", ""), note.fields.get("Section", ""), heading, reason=reason)


def _heading(text: str) -> str:
    return re.sub(r"\s+", " ", gaps(text)).strip()

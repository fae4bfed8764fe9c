"""What a pass over a YAML file complains about: YAML that a card file doesn't use, and too much of anything."""

from __future__ import annotations

import re
from typing import Any, NoReturn

from hipdeck.diagnostics import MOST_MISTAKES, Diagnostic, Key, Place, error
from hipdeck.source.characters import LINE_BREAK, unprintable
from hipdeck.source.quoting import quoted

_DIRECTIVE = re.compile(r"(?:[ \t]*(?:#[^\r\n]*)?(?:\r\n?|\n))*%")
_MAY_SPLIT = re.compile(r"[“„«‘「(`\"]")
_QUOTES = "put the text in quotes"
_STAR = "put the text in quotes; delete the '*' if the card shouldn't show it"
_SECOND = {
    "section": "a file holds one section: move the second one, with its notes, to a file of its own",
    "notes": "delete this line if the notes below belong to the same section; another section needs its own file",
}


class EnoughError(Exception):
    """A file isn't worth reading any further; the last problem says why."""


class Refusals:
    """The problems of a file so far, and the keys and indexes that lead to the values that are refused.

    `steps` are the keys and indexes that lead to the node being read. Marks are PyYAML's, events its parse events.
    """

    def __init__(self, path: str, text: str, steps: list[Key]) -> None:
        self.path = path
        self.text = text
        self.steps = steps
        self.problems: list[Diagnostic] = []
        self.refused: set[tuple[Key, ...]] = set()

    def report(self, problem: Diagnostic) -> None:
        """Add a problem. Raises EnoughError if there are more than can be named."""
        if len(self.problems) == MOST_MISTAKES:
            self.problems.append(too_many(self.text, problem.place))
            raise EnoughError
        self.problems.append(problem)

    def refuse(self, event: Any, message: str, hint: str, code: str = "yaml-feature") -> None:
        """Refuse the value that begins with an event."""
        self.report(error(code, self.place(event.start_mark), message, hint))
        if self.steps:
            self.refused.add(tuple(self.steps))

    def refuse_alias(self, event: Any) -> None:
        """Refuse `*name`."""
        self.refuse(event, f"'*{event.anchor}' is a YAML alias, not text", _STAR)

    def refuse_properties(self, event: Any) -> None:
        """Refuse `&name` or `!name` before a value."""
        if event.anchor:
            self.refuse(event, f"'&{event.anchor}' is a YAML anchor, not text", _QUOTES)
        else:
            self.refuse(event, "a text that starts with '!' is a YAML tag, not text", _QUOTES)

    def refuse_directives(self, mark: Any = None) -> None:
        """Refuse `%TAG` and its like after a mark, or at the start of the file, and the rest of the file.

        That's before libyaml reads them: it compares each `%TAG` with all before it.
        """
        if directive := _DIRECTIVE.match(self.text, mark.index if mark else 0):
            place = Place(self.path, len(LINE_BREAK.findall(self.text, 0, directive.end())) + 1)
            hint = "delete the line; if it's part of a text, indent it more than the text's key"
            self.report(error("yaml-feature", place, "a line that starts with '%' is a YAML directive", hint))
            raise EnoughError

    def refuse_cloze(self, opening: Any, end: Any) -> None:
        """Refuse `{{c1::bone}}` without quotes, from its first event to its last."""
        length = end.end_mark.index - opening.start_mark.index
        message = "a text that starts with '{{' needs quotes"
        place = self.place(opening.start_mark, length)
        self.report(error("yaml", place, message, 'put the text in quotes: "{{c1::…}} …"'))
        self.refused.add(tuple(self.steps))

    def check_scalar(self, event: Any) -> None:
        """Report what YAML misreads in a text with escapes, or in one of several lines that it joins."""
        # Imported late: few texts are like this.
        from hipdeck.source import scalars

        misread = False
        for code, offset, length, message, hint in scalars.check(self.text, event):
            breaks = list(LINE_BREAK.finditer(self.text, 0, offset))
            column = offset - (breaks[-1].end() if breaks else 0)
            self.report(error(code, Place(self.path, len(breaks) + 1, column + 1, length), message, hint))
            misread = misread or code == "escape"
        sign = scalars.UNPRINTABLE_ESCAPE.search(event.value) if event.style == '"' else None
        if misread:
            self.refused.add(tuple(self.steps))
        elif sign:
            self.refuse(event, unprintable(sign[0]), "delete the escape for it", "control-character")

    def check_comma(self, event: Any) -> None:
        """Refuse `[1,000 steps, 2]` and `[f(x, y), z]`, an entry of which is this event: two were meant, not three."""
        end = event.end_mark.index
        if self.text[end : end + 1] != ",":
            return
        hint = ""
        if event.value[-1:].isdigit() and self.text[end + 1 : end + 2].isdigit():
            hint = "put an entry with a comma in quotes; if the comma separates two entries, add a space after it"
        elif _MAY_SPLIT.search(event.value):
            from hipdeck.source.scalars import whole_entry

            entry = whole_entry(self.text, event.start_mark.index, end)
            hint = f"put the whole entry in quotes: {quoted(entry)}" if entry else ""
        if hint:
            problem = error("comma-in-entry", self.place(event.end_mark), "YAML splits the list at this comma", hint)
            self.report(problem)
            self.refused.add(tuple(self.steps))

    def refuse_second(self, mark: Any, key: str, first: int) -> None:
        """Refuse a key that is in its mapping already; `first` is the offset of the first one."""
        line = len(LINE_BREAK.findall(self.text, 0, first)) + 1
        message = f"the key '{key}' is here twice; the first is on line {line}"
        hint = "delete one of the two; if a second note starts here, put '- ' before its first key"
        hint = _SECOND.get(key, hint) if not self.steps else hint
        self.report(error("duplicate-key", self.place(mark, len(key)), message, hint))

    def refuse_nesting(self, mark: Any) -> NoReturn:
        """Refuse the rest of the file too: libyaml takes ever longer for each level."""
        self.report(error("nesting", self.place(mark), "this is nested too deeply for a card file", "write one text"))
        raise EnoughError from None

    def refuse_rest(self, line: int) -> NoReturn:
        """Refuse a file that holds more than is read; `line` is the first that isn't read."""
        message = f"this file holds too much; hipdeck didn't read {_rest(self.text, line)}"
        hint = "split it into several section files; hipdeck reads some 20,000 notes from one"
        self.report(error("too-large", Place(self.path, line), message, hint))
        raise EnoughError from None

    def place(self, mark: Any, length: int = 1) -> Place:
        """The place of a mark."""
        return Place(self.path, mark.line + 1, mark.column + 1, length)


def too_many(text: str, place: Place) -> Diagnostic:
    """The error that says that more mistakes than can be named begin at a place of a file's text."""
    message = f"this file has more than {MOST_MISTAKES} mistakes; not all in {_rest(text, place.line)} are named"
    return error("too-many", place, message, "fix the first ones; others may follow from them")


def _rest(text: str, line: int) -> str:
    lines = len(LINE_BREAK.findall(text)) + (not text.endswith(("\r", "\n")))
    left = lines + 1 - line
    return f"the {left:,} lines from here on" if left > 1 else "the rest of this line"

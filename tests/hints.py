"""Does what a hint says, word for word: for each hint that a program can apply, an edit to the files of a deck."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import PurePosixPath

from hipdeck.diagnostics import Diagnostic

Files = dict[str, str]

_KEY = re.compile(r"\s*(?:- +)?(?:[\w-]+:(?=\s|$))?\s*")


class Draft:
    """The files of a deck, and the place in one of them that a diagnostic names."""

    def __init__(self, files: Files, diagnostic: Diagnostic) -> None:
        self.files = dict(files)
        self.name = diagnostic.place.path.removeprefix("cards/")
        self.row = diagnostic.place.line - 1
        self.start = diagnostic.place.column - 1
        self.end = self.start + diagnostic.place.length
        self.message = diagnostic.message
        self.lines = self.files[self.name].split("\n")

    @property
    def line(self) -> str:
        return self.lines[self.row]

    @property
    def span(self) -> str:
        """What the diagnostic underlines."""
        return self.line[self.start : self.end]

    @property
    def value(self) -> str:
        """What follows the key or the dash of the line."""
        return self.line[_end_of_key(self.line) :]

    def put(self, text: str) -> None:
        """Write a text in the place of what is underlined."""
        self.lines[self.row] = self.line[: self.start] + text + self.line[self.end :]

    def put_value(self, text: str) -> None:
        self.lines[self.row] = self.line[: _end_of_key(self.line)] + text

    def put_line(self, text: str, row: int | None = None) -> None:
        """Write a line above the one with this row."""
        self.lines.insert(self.row if row is None else row, text)

    def rename(self, old: str, new: str) -> None:
        """Rename a file, in whatever folder it is."""
        name = next(name for name in self.files if PurePosixPath(name).name == old)
        self.files[PurePosixPath(name).with_name(new).as_posix()] = self.files.pop(name)

    def saved(self) -> Files:
        if self.name in self.files:
            self.files[self.name] = "\n".join(self.lines)
        return self.files


def apply(files: Files, diagnostic: Diagnostic) -> Files | None:
    """The files of a deck after someone did what a diagnostic's hint says; None if no program can."""
    for pattern, edit in _EDITS:
        if match := re.match(pattern, diagnostic.hint):
            draft = Draft(files, diagnostic)
            edit(draft, *match.groups())
            return draft.saved()
    return None


def _end_of_key(line: str) -> int:
    key = _KEY.match(line)
    return key.end() if key else 0


def _quote(draft: Draft) -> None:
    draft.put_value(f'"{draft.value}"')


def _quote_entry(draft: Draft) -> None:
    if "- " in draft.line:
        dash, entry = draft.line.split("- ", 1)
        draft.lines[draft.row] = f'{dash}- "{entry}"'
    else:
        _quote(draft)


def _quote_all_hashes(draft: Draft) -> None:
    draft.put_value(re.sub(r"#\w+", r'"\g<0>"', draft.value))


def _single_quotes(draft: Draft) -> None:
    bare = draft.value.strip("'\"").replace("'", "''")
    draft.put_value(f"'{bare}'")


def _value(draft: Draft, text: str) -> None:
    draft.put_value(re.sub(r"^(?:[a-z]+: |- )", "", text))


def _whole(draft: Draft, text: str) -> None:
    """Put a text into quotes in a list, of which its first part is underlined up to a comma."""
    bare = text[1:-1].replace("''", "'")
    assert bare in draft.line
    draft.lines[draft.row] = draft.line.replace(bare, text, 1)


def _choice_in_quotes(draft: Draft, text: str) -> None:
    row = next(row for row, line in enumerate(draft.lines) if "choices:" in line)
    assert text[1:-1] in draft.lines[row]
    draft.lines[row] = draft.lines[row].replace(text[1:-1], text, 1)


def _delete(draft: Draft) -> None:
    """Delete a key with its value, the only entry of braces with them, or what is underlined."""
    before, after = draft.line[: draft.start], draft.line[draft.end :]
    if before.strip() in ("", "-") and ":" in draft.line:
        del draft.lines[draft.row]
        if "-" in before:
            draft.lines[draft.row] = before + draft.line.strip()
    elif before.endswith("{"):
        draft.lines[draft.row] = before[:-1].rstrip().removesuffix("allow:")
    elif after.startswith(", "):
        draft.lines[draft.row] = before + after[2:]
    else:
        draft.lines[draft.row] = before.removesuffix(", ") + after


def _close(draft: Draft, sign: str) -> None:
    """Close something at the end of the text that the line ends with."""
    end = re.search(r"""[.]?["']?$""", draft.line)
    assert end
    draft.lines[draft.row] = draft.line[: end.start()] + sign + draft.line[end.start() :]


def _indent(draft: Draft, spaces: str) -> None:
    """Indent a text's lines, up to the next key that a note can have, or the next note."""
    for row in range(draft.row, len(draft.lines)):
        line = draft.lines[row].strip()
        if row > draft.row and re.match(r"(?:why|source|tags|allow|kind):|- id:", line):
            break
        draft.lines[row] = " " * int(spaces) + line if line else ""


def _below(draft: Draft, before: str = "key") -> None:
    """Write `|` after the key of a text, and the text's lines below it, indented alike."""
    top = draft.row
    beginning = r"\s*(?:- )?(?:question|answer|why):" if before == "key" else rf" {{,{draft.start - 1}}}- "
    while not re.match(beginning, draft.lines[top]):
        top -= 1
    key = draft.lines[top][: _end_of_key(draft.lines[top])].rstrip()
    first = draft.lines[top][len(key) :].strip()
    column = len(key) - len(key.lstrip(" -")) if key[-1] == ":" else key.index("-")
    indent = " " * (column + 2)
    rows = range(top + 1, len(draft.lines))
    deeper = re.compile(rf" {{{column + 1}}}|$")
    end = next((row for row in rows if not deeper.match(draft.lines[row])), len(draft.lines))
    below = [first, *draft.lines[top + 1 : end]]
    if first.startswith('"'):
        below = [line.strip().strip('"') for line in below]
    if first[:1] in ("|", ">"):
        del below[0]
    if "#" in first:
        below.insert(0, first.removeprefix("|").strip())
    draft.lines[top:end] = [f"{key} |", *(indent + line.strip() if line.strip() else "" for line in below)]


def _add(draft: Draft, key: str, value: str) -> None:
    """Add a key with a value to what begins at the place: as its last key, so that the first keeps its dash."""
    indent = len(draft.line) - len(draft.line.lstrip(" -"))
    if indent:
        draft.put_line(" " * indent + f"{key}: {value}", draft.row + 1)
    else:
        draft.put_line(f"{key}: {value}", draft.row)


def _rename_and_write(draft: Draft, new: str, path: str = "") -> None:
    old = draft.span.strip("<>").rsplit("/", 1)[-1]
    draft.put(path or draft.span.rsplit("/", 1)[0] + f"/{new}")
    draft.saved()
    names = [PurePosixPath(name).name for name in draft.files]
    draft.rename(old if old in names else next(name for name in names if name.startswith(old[:4])), new)


def _copy_to_media(draft: Draft, path: str) -> None:
    draft.files[path] = "<svg xmlns='http://www.w3.org/2000/svg'/>"
    draft.put(path)


def _rename(draft: Draft, new: str) -> None:
    draft.saved()
    draft.rename(PurePosixPath(draft.name).name, new)


def _address(draft: Draft, address: str) -> None:
    draft.put_value(draft.value.replace(address.replace("%20", " "), address))


def _environment(draft: Draft, name: str) -> None:
    typed = re.search(r"\{(\w+)\}", draft.span)
    assert typed
    draft.put_value(draft.value.replace(f"{{{typed[1]}}}", f"{{{name}}}"))


def _stars(draft: Draft) -> None:
    draft.put(draft.span.replace("*", "\\*"))


def _cloze(draft: Draft, text: str) -> None:
    draft.lines[draft.row] = draft.line[: draft.start] + re.sub(
        r"\{\{.*?\}\}", lambda _: text, draft.line[draft.start :], count=1
    )


def _list_source(draft: Draft, source: str) -> None:
    deck = draft.files["deck.yaml"]
    draft.files["deck.yaml"] = (
        deck.replace("sources:\n", f"sources:\n{source}\n") if "sources:\n" in deck else f"{deck}sources:\n{source}\n"
    )


def _list_section(draft: Draft, section: str) -> None:
    draft.files["deck.yaml"] = re.sub(r"(?m)^(sections: \[.*)\]", rf"\1, {section}]", draft.files["deck.yaml"])


def _all_garbled(draft: Draft) -> None:
    draft.put_value(draft.value.replace("Ã©", "é").replace("â€™", "’"))


def _list_as_text(draft: Draft, text: str) -> None:
    draft.lines[draft.row] = draft.line[: draft.start] + text + draft.line[draft.line.index("]", draft.start) + 1 :]


def _note_keys(draft: Draft) -> None:
    for row in range(draft.row, len(draft.lines)):
        draft.lines[row] = "  " + draft.lines[row] if draft.lines[row] else ""


def _close_above(draft: Draft, row: str, sign: str) -> None:
    draft.lines[int(row) - 1] += sign


def _comment_above_key(draft: Draft) -> None:
    comment = draft.lines.pop(draft.row).strip()
    above = draft.lines[draft.row - 1]
    draft.put_line(" " * (len(above) - len(above.lstrip())) + comment, draft.row - 1)


_Edit = Callable[..., None]
_EDITS: tuple[tuple[str, _Edit], ...] = (
    # Replaces what is underlined, or the value of its key.
    (r"did you mean '(.*)'\?$", Draft.put),
    (r"did you mean '(.*)'\? write it in \\begin and in \\end", _environment),
    (r"write one of: (guide|fact)\b", Draft.put),
    (r"use lowercase letters .*: ([a-z0-9-]+)$", Draft.put),
    (r"write (media/\S+?)(?:; .*)?$", Draft.put),
    (r"write '(pt-BR)'$", Draft.put),
    (r"write ('Bridges')$", Draft.put),
    (r"start it with https://", lambda draft: draft.put(f"https://{draft.span}")),
    (r"write (https://\S+)$", Draft.put),
    (r"write (?:only one|the source's id): (.+)$", _value),
    (r"write one text: year: (.+)$", _list_as_text),
    (r"use another word", lambda draft: draft.put("word")),
    (r"give one of the two notes another id", lambda draft: draft.put("another")),
    (r"spell it the same way", lambda draft: draft.put(_between(draft.message, "misspelling of '", "'"))),
    (r"write it as (outer::inner)", lambda draft, tag: draft.put(f"'{tag}'")),
    (r"the card shuffles the choices; write the right one itself: (.+)$", _value),
    (r"a choice has one right answer: write it alone, as in (.+)$", _value),
    (r"write ((?:reverse|choices|tags): .+)$", _value),
    (r"delete it, or write (reverse: true)$", _value),
    (r"write (?:guide|third): (\{title: .+\})$", Draft.put_value),
    # Quotes.
    (r"put the text in quotes(?:: (?:[a-z]+: |- )\"…\")?$", _quote),
    (r"put the text in quotes, and write the character itself: (.+)$", _value),
    (r"put the text in quotes: \"\{\{c1::…\}\} …\"$", _quote),
    (r"(?:if|put) .*'#'.* in quotes; move a comment", _quote),
    (
        r"put each entry that holds a '#' in quotes",
        _quote_all_hashes,
    ),
    (
        r"put quotes around the whole text; inside it",
        _single_quotes,
    ),
    (r"(?:the text ends with .*: )?write straight quotation marks: (.+)$", _value),
    (r"put the text in quotes; delete the '\*'", _quote),
    (r"write the text in single quotes(?:, .*\\\))?: ('.+')$", Draft.put_value),
    (r"write the text in single quotes", _single_quotes),
    (r"put the whole entry in quotes: (.+)$", _whole),
    (
        r"put an entry with a comma in quotes",
        lambda draft: draft.put_value(draft.value.replace("1,000 steps", '"1,000 steps"')),
    ),
    (r"YAML splits the choices at this comma; put that choice in quotes: (.+)$", _choice_in_quotes),
    (r"write one text; put it in quotes", _quote_entry),
    (r"if the text on line (\d+) should end there, close it with (.);", _close_above),
    # Lines.
    (r"indent each of its lines by (\d+) spaces", _indent),
    (r"write '\|'(?: after the (dash))?(?!.* as \|)", lambda draft, before: _below(draft, before or "key")),
    (r"if the '#' is part of the text, write only '\|'", _below),
    (r"write '\w+: \|', and the whole text below it", _below),
    (r"add '(answer|question|section|id): (.+)'$", _add),
    (r"add '(source): …'", lambda draft, key: _add(draft, key, "guide")),
    (r"write 'notes:' above it", lambda draft: draft.put_line("notes:")),
    (r"move the comment above the text's key", _comment_above_key),
    (r"'\w+' belongs to a note: indent it", _note_keys),
    (r"begin a comment with '# '", lambda draft: draft.put(re.sub("^//", "#", draft.span))),
    (r"delete it, or put '# ' before it", lambda draft: draft.put("")),
    (r"delete the space before it", lambda draft: draft.put("")),
    (r"delete what is before the first word of the line", lambda draft: draft.put(re.sub("\u00a0", " ", draft.span))),
    (r"indent with spaces", lambda draft: draft.put("    " if not draft.start else " ")),
    (r"indent it like the keys above", lambda draft: draft.put_line("    " + draft.lines.pop(draft.row).strip())),
    (r"write '- ' and the key", lambda draft: draft.put("- ")),
    (r"write '- ' instead", lambda draft: draft.put("-")),
    (r"write '\w+: ' and then the text", lambda draft: draft.put(": ")),
    (r"write a space instead", lambda draft: draft.put(" ")),
    # Signs.
    (r"close it with '(.+?)'", _close),
    (r"number the first cloze c1", lambda draft: draft.put(re.sub(r"\d+", "1", draft.span))),
    (r"write '\\::' for each that belongs to the text: (.+)$", _cloze),
    (r"if the colons belong to the text, write (.+)$", Draft.put),
    (r"Anki ends a cloze at its first '\}\}'; .* write '(\} \})'", Draft.put),
    (r"write \{\{c1::hidden text\}\}", lambda draft: draft.put("{{c1::")),
    (r"write '\\\*' for a star", _stars),
    (r"put it in `code`: (`.+`)", lambda draft, code: draft.put_value(f'"{draft.value.replace(draft.span, code)}"')),
    (r"write '(.*\*\*.*)'$", Draft.put),
    (r"close strong text with '\*\*'", lambda draft: draft.put(f"{draft.span}**")),
    (r"write '\\%' for a percent sign", lambda draft: draft.put("\\%")),
    (r"write '(\\[(\[])' before the formula", lambda draft, sign: draft.put_value(sign + draft.value)),
    (r"write mathematics as \\\((.*[^…].*)\\\);", lambda draft, inner: draft.put(f"\\({inner}\\)")),
    (r"write (H₂O|2³),", Draft.put),
    (r"write a space;", lambda draft: draft.put(" ")),
    (r"write %20 for each space in the address: ([^;]+);", _address),
    (
        r"number a list 1., 2., 3.; if .* write (\d+\\\.)$",
        lambda draft, number: draft.put_value(draft.value.replace(f"{draft.span}.", number)),
    ),
    (r"write the character itself: (\S);", Draft.put),
    (r"write é, here and in the rest", _all_garbled),
    (r"delete it, or type the word again", lambda draft: draft.put("")),
    (r"write something visible there", lambda draft: draft.put("x")),
    (r"delete it; most of these come along", lambda draft: draft.put("")),
    (r"delete the escape for it", lambda draft: draft.put_value(re.sub(r"\\(?:x..|r)", "", draft.value))),
    (r"type the letter again", lambda draft: draft.put("é")),
    (
        r"say what it shows: (!\[…\]\(.+\))$",
        lambda draft, text: draft.put_value(re.sub(r"!\[\]\(.*?\)", text, draft.value)),
    ),
    (r"write '!' before the '\['", lambda draft: draft.put_value(draft.value.replace("[", "![", 1))),
    (r"leave '::' out", lambda draft: draft.put(draft.span.replace("::", " "))),
    (r"write the text to hide after the '::'", lambda draft: draft.put(f"{draft.span}hip")),
    (r"write something visible, or delete the key", lambda draft: draft.put_value("hip")),
    (
        r"write \{\{c1::…\}\} around what the student must recall",
        lambda draft: draft.put_value('"{{c1::On}} the back"'),
    ),
    # What goes.
    (r"delete (?:it|'\w+')(?:$|; a|; cards|, or move its)", _delete),
    (r"delete one of the two(?:$|; if a second note)", _delete),
    (r"write the tag without '#'", lambda draft: draft.put(draft.span.removeprefix("#"))),
    # Files.
    (r"rename it to '(.+)'$", _rename),
    (r"rename the file to (\S+), and write (media/[^\s:]+)", _rename_and_write),
    (r".*: rename the file to (\S+), and write (media/[^\s:]+)", _rename_and_write),
    (r"rename the file to (\S+), and write that name in the card", _rename_and_write),
    (r"copy it into 'media' next to deck.yaml, and write (media/\S+\.svg)$", _copy_to_media),
    (r"list it in deck.yaml, .*?'(  [a-z0-9-]+: \{title: …\})'(?:; or .*)?$", _list_source),
    (r"add '(\S+)' to the sections of deck.yaml", _list_section),
)


def _between(text: str, before: str, after: str) -> str:
    return text.split(before, 1)[1].split(after, 1)[0]

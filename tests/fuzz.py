"""Random input against hipdeck: what may come from a stranger must never crash it, nor make it do harm.

`python -m tests.fuzz --minutes N` tries new inputs for so long and prints how many; `tests/test_fuzz.py` tries a fixed
number. A fault is shrunk to its smallest form and printed. Keep it: as a case in `tests/cases`, or as an `@example`.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from contextlib import closing, suppress
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from hipdeck import disk
from hipdeck.commands.build import build
from hipdeck.commands.shared.checking import Checked, check
from hipdeck.commands.shared.formats import FORMATS
from hipdeck.console import harmless
from hipdeck.deck import ids
from hipdeck.diagnostics import HipdeckError, errors
from hipdeck.editions import lock_reader
from hipdeck.editions.difference_formats import to_json, to_markdown, to_text
from hipdeck.editions.differences import compare
from hipdeck.editions.lock import NAME
from hipdeck.editions.lock_writer import write_lock
from hipdeck.editions.packing import pack
from hipdeck.package.reader import read
from hipdeck.preview.page import render_page
from hipdeck.render.cards import render_card
from hipdeck.render.note_types import note_types
from hipdeck.source import line_reader
from hipdeck.source.document import parse
from tests import cases

NOW = 1_800_000_000
CALM = settings(deadline=None, database=None, suppress_health_check=list(HealthCheck), print_blob=False)

YAML = [
    *("a: ", "b: ", "- ", "? ", "\n", "\n  ", "\n    ", "\n- ", "\n  - ", "\na: ", "\nb: ", "\n  c: ", "\r", "\r\n"),
    *("word", "two words", "1", "12,5", "[1, 2]", "[a, b]", "[1,000 steps]", "[k: v]", "{a: b}", "{{c1::x}}", "{a}"),
    *('"quoted"', "'single'", '"\\x07"', '"\\n"', "|\n   block", ">\n   folded", "&anchor x", "*alias", "!tag x"),
    *(
        " # comment",
        "#no",
        "# yes\n",
        "<<: ",
        "---\n",
        "...\n",
        "no",
        "12:30",
        "ünïcode",
        "\t",
        ": ",
        ",",
        "[",
        "{",
        "}",
    ),
]
MARKS = [
    *(
        "{{c1::",
        "{{c2::",
        "{{c1,3::",
        "}}",
        "::",
        "{{",
        "}",
        "\\(",
        "\\)",
        "\\[",
        "\\]",
        "\\frac",
        "\\def",
        "\\href",
        "$",
    ),
    *(
        "*",
        "**",
        "_",
        "`",
        "```\n",
        "[",
        "](",
        ")",
        "![",
        "](media/a.svg)",
        "](https://x.y)",
        "](javascript:x)",
        "<",
        ">",
    ),
    *(
        "&amp;",
        "&",
        "<b>",
        "<script>",
        "<!--",
        "-->",
        "[sound:x.mp3]",
        "[latex]",
        "\n",
        "\n\n",
        "\n- ",
        "\n1. ",
        "\n| ",
    ),
    *(
        " | ",
        "\n|-|-|\n",
        "\n> ",
        "\n# ",
        "~~",
        "---\n",
        "http://x.y",
        "word",
        "two words",
        " ",
        "é",
        "\u200b",
        "\u00ad",
        "大",
    ),
    *("1", "0.5", "'", '"', "\\", "/", "%", "#", "onclick=", "style=", "{", "[anki:tts]", "x^2", "\u202e", "\ufe0f"),
]
TAGS = {
    *(
        "a",
        "article",
        "b",
        "br",
        "cite",
        "code",
        "div",
        "em",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "img",
        "li",
        "ol",
        "p",
    ),
    *("pre", "section", "span", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul", "blockquote", "footer"),
    *("script", "header"),
}
"""Elements that a card may hold; of scripts only the templates' own."""


class Target(NamedTuple):
    """Something to try: where its inputs come from, and what must hold for each."""

    inputs: st.SearchStrategy[Any]
    try_input: Callable[[Any], None]


def texts(scraps: list[str], most: int = 14) -> st.SearchStrategy[str]:
    """Texts made of scraps, with some arbitrary characters."""
    return st.lists(st.one_of(st.sampled_from(scraps), st.characters(codec="utf-8")), max_size=most).map("".join)


def read_yaml(text: str) -> None:
    """hipdeck reads what PyYAML reads, or says something; places lie in the file."""
    document, problems = parse("a.yaml", text.encode("utf-8", "surrogatepass"))
    for problem in problems:
        assert problem.message
        assert problem.place.line >= 1
        assert problem.place.column >= 1
    if document and not problems:
        expected = yaml.load(text, Loader=yaml.CBaseLoader)
        assert document.value == expected
        by_lines = line_reader.read(text)
        assert by_lines is None or by_lines == expected


def read_bytes(data: bytes) -> None:
    """Any bytes are a document or a problem."""
    document, problems = parse("a.yaml", data)
    assert document or problems


NOTES = st.lists(
    st.one_of(
        st.fixed_dictionaries(
            {"question": texts(MARKS), "answer": texts(MARKS)},
            optional={"why": texts(MARKS), "tags": st.lists(texts(MARKS, 3))},
        ),
        st.fixed_dictionaries(
            {"cloze": texts(MARKS)}, optional={"source": texts(MARKS, 3), "retired": texts(MARKS, 3)}
        ),
        st.builds(
            lambda question, choices, index: {
                "question": question,
                "choices": choices,
                "answer": choices[index % len(choices)] if choices else "",
            },
            texts(MARKS),
            st.lists(texts(MARKS, 4), max_size=4),
            st.integers(0, 3),
        ),
    ),
    min_size=1,
    max_size=4,
)


def write_deck(folder: Path, section: str) -> Path:
    """A deck's folder with one section and one picture."""
    picture = "<svg xmlns='http://www.w3.org/2000/svg'/>"
    cases.write({"deck.yaml": cases.DECK, "section.yaml": section, "media/a.svg": picture}, folder / "cards")
    return folder / "cards"


def dump(notes: list[dict[str, Any]], with_ids: bool = True) -> str:
    """A section file with these notes."""
    named = [{"id": f"n{index}", **note} if with_ids else note for index, note in enumerate(notes)]
    return str(yaml.dump({"section": "A", "source": "guide", "notes": named}, allow_unicode=True, sort_keys=False))


def look_at(checked: Checked) -> None:
    """Everything that's said can be printed, and every card that's shown is harmless."""
    for form in FORMATS.values():
        harmless(form.write(checked.diagnostics))
    render_page(checked.deck, checked.fields, checked.diagnostics)
    if errors(checked.diagnostics):
        return
    types = note_types(checked.deck.id, checked.deck.name)
    for fields in checked.fields:
        assert fields.ordinals
        for ordinal in fields.ordinals:
            for side in render_card(types[fields.role], fields.values, ordinal):
                _Tags().feed(side)


class _Tags(HTMLParser):
    """Fails for an element or attribute that no card has."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS, tag
        for name, value in attrs:
            assert not name.startswith("on"), name
            if name in ("href", "src"):
                assert not value or value.startswith(("https://", "http://", "a-")), value


def check_notes(notes: list[dict[str, Any]]) -> None:
    """A deck of any texts is checked, previewed, and built if it has no errors."""
    with tempfile.TemporaryDirectory() as folder:
        cards = write_deck(Path(folder), dump(notes))
        checked = check(cards, NOW)
        look_at(checked)
        if not errors(checked.diagnostics):
            assert build(cards, Path(folder, "output"), NOW).written


def check_section(text: str) -> None:
    """Any text as a section file is checked and previewed."""
    with tempfile.TemporaryDirectory() as folder:
        look_at(check(write_deck(Path(folder), text), NOW))


def give_ids(text: str) -> None:
    """Ids change nothing but what they add, and then every note has one."""
    with tempfile.TemporaryDirectory() as folder:
        cards = write_deck(Path(folder), text)
        for change in ids.make_ids(cards).changes:
            before, after = (yaml.load(text, Loader=yaml.CBaseLoader) for text in (change.before, change.after))
            for note in after["notes"]:
                if isinstance(note, dict) and note.get("id") in change.ids:
                    del note["id"]
            assert after == before
        ids.write(ids.make_ids(cards).changes)
        assert not ids.make_ids(cards).changes


SHAPED = st.tuples(NOTES, st.randoms(use_true_random=False)).map(lambda pair: _misshaped(dump(pair[0], False), pair[1]))


SECTIONS = st.one_of(SHAPED, texts(YAML, 20).map(lambda text: f"section: A\nnotes:\n  - {text}"))


def _misshaped(text: str, chance: random.Random) -> str:
    """A file with a few small faults, or none."""
    for _ in range(chance.choice([0, 0, 1, 2])):
        place = chance.randrange(len(text) + 1)
        text = text[:place] + chance.choice([*YAML, ""]) + text[place + chance.randrange(3) :]
    return text


LOCK_LINES = [
    '{"deck": "bridges", "format": 1, "name": "Bridges", "content": "0a", "modified": 1}\n',
    '{"type": "cloze", "content": "0a", "schema": "0b", "modified": 1}\n',
    '{"id": "a", "guid": "aaaaaaaaaaaaaaaa", "content": "0a", "added": 1, "modified": 2}\n',
    '{"id": "b", "guid": "bbbbbbbbbbbbbbbb", "content": "0a", "added": 1, "modified": 2, "clozes": {"1": "x"}}\n',
]
LOCK_SCRAPS = [
    *LOCK_LINES,
    "<<<<<<< HEAD\n",
    "null\n",
    "[]\n",
    "{}\n",
    '"',
    "0",
    "-1",
    "{",
    "}",
    ":",
    "1e9",
    "\x00",
    "[" * 99,
]


def read_lock(text: str) -> None:
    """Any lock is read or complained about, and what's read is written and read the same."""
    with tempfile.TemporaryDirectory() as folder:
        cards = write_deck(Path(folder), "section: A\n")
        (cards / NAME).write_text(text, encoding="utf-8", errors="surrogatepass", newline="")
        known, problems = lock_reader.read_lock(cards)
        if not problems and known.deck_id:
            with disk.replacing("") as drafts:
                write_lock(cards, known, drafts)
            again, problems = lock_reader.read_lock(cards)
            lines = {id_: note._replace(line=0) for id_, note in known.notes.items()}
            assert not problems
            assert {id_: note._replace(line=0) for id_, note in again.notes.items()} == lines


class _Package:
    """A package to damage, made when it's first needed."""

    data = b""
    checked: Checked | None = None

    def make(self) -> tuple[bytes, Checked]:
        if not self.checked:
            with tempfile.TemporaryDirectory() as folder:
                text = dump([{"question": "Which?", "answer": "That."}, {"cloze": "A {{c1::gap}}."}])
                built = build(write_deck(Path(folder), text), Path(folder), NOW)
                self.data, self.checked = built.package.read_bytes(), built.checked
        return self.data, self.checked


PACKAGE = _Package()


def read_package(chance: random.Random) -> None:
    """Any file is a package or an error."""
    data, checked = PACKAGE.make()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.apkg")
        path.write_bytes(_damaged(data, chance) if chance.random() < 0.4 else _rezipped(data, Path(folder), chance))
        with suppress(HipdeckError):
            difference = compare(read(path), pack(checked.deck, checked.fields, checked.plan.lock, draft=False), {})
            for write in (to_text, to_markdown, to_json):
                harmless(write(difference))


def _damaged(data: bytes, chance: random.Random) -> bytes:
    damaged = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        damaged[chance.randrange(len(damaged))] = chance.randrange(256)
    return bytes(damaged[: chance.choice([len(damaged), chance.randrange(len(damaged))])])


def _rezipped(data: bytes, folder: Path, chance: random.Random) -> bytes:
    """The package with its database changed: by the byte, or by SQL that a stranger could have run."""
    package = folder / "a.zip"
    package.write_bytes(data)
    with zipfile.ZipFile(package) as archive:
        database = archive.read("collection.anki2")
    if chance.random() < 0.5:
        database = _damaged(database, chance)
    else:
        (folder / "a.db").write_bytes(database)
        with closing(sqlite3.connect(folder / "a.db")) as connection, suppress(sqlite3.Error):
            connection.execute(chance.choice(SQL))
            connection.commit()
        database = (folder / "a.db").read_bytes()
    with zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("collection.anki2", database)
    return package.read_bytes()


SQL = [
    "UPDATE notes SET flds = 'a'",
    "UPDATE notes SET flds = x'00ff'",
    "UPDATE notes SET mid = 'x'",
    "UPDATE notes SET mid = 99",
    "UPDATE notes SET guid = ''",
    "UPDATE notes SET guid = 'same'",
    "UPDATE notes SET tags = NULL",
    "UPDATE notes SET mod = 1e400",
    "UPDATE notes SET mod = -9223372036854775808",
    "UPDATE notes SET flds = replace(flds, 'Which', '::error::' || char(10) || '::x')",
    "UPDATE notes SET flds = replace(flds, char(31), char(31) || char(31))",
    "UPDATE col SET models = '{'",
    "UPDATE col SET models = '[]'",
    'UPDATE col SET models = \'{"1": {"flds": 1}}\'',
    "DELETE FROM col",
    "DROP TABLE notes",
    "ALTER TABLE notes RENAME TO other",
    "DELETE FROM notes",
]

TARGETS = {
    "yaml": Target(texts(YAML), read_yaml),
    "bytes": Target(st.binary(max_size=60), read_bytes),
    "notes": Target(NOTES, check_notes),
    "section": Target(
        st.one_of(texts(YAML, 20).map(lambda text: f"section: A\nnotes:\n  - {text}"), SHAPED), check_section
    ),
    "ids": Target(st.one_of(SHAPED, texts(YAML, 20).map(lambda text: f"section: A\nnotes:\n  - {text}")), give_ids),
    "lock": Target(texts(LOCK_SCRAPS, 6), read_lock),
    "package": Target(st.randoms(use_true_random=False), read_package),
}


def run(name: str, examples: int, number: int, count: Counter[str] | None = None) -> None:
    """Try so many inputs of a target; raises what the smallest that fails raises. `number` seeds the inputs."""
    target = TARGETS[name]

    @seed(number)
    @settings(CALM, max_examples=examples, phases=(Phase.generate, Phase.shrink))
    @given(target.inputs)
    def tried(value: Any) -> None:
        if count is not None:
            count[name] += 1
        target.try_input(value)

    tried()


def main() -> int:
    """Try all targets in turn for some minutes; 1 if one of them failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--seed", type=int, default=int(time.time()), help="the first inputs' seed")
    parser.add_argument("--target", choices=TARGETS, action="append", help="only this one; may be repeated")
    arguments = parser.parse_args()
    count: Counter[str] = Counter()
    end = time.monotonic() + 60 * arguments.minutes
    number = arguments.seed
    failed = False
    while time.monotonic() < end and not failed:
        for name in arguments.target or TARGETS:
            try:
                run(name, 200, number, count)
            except Exception:
                import traceback

                traceback.print_exc()
                print(f"target {name}, seed {number}")
                failed = True
        number += 1
    print(", ".join(f"{name} {tried:,}" for name, tried in count.items()), f"(seeds {arguments.seed} to {number - 1})")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
